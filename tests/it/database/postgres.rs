//! PostgreSQL.

use super::server::{self, Server};
use super::wire::{ask, explained, failure, ids, lines};
use crate::authority::Authority;
use bantin::intake::database::Rows;
use serde_json::json;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;

/// A running server, and how to come in.
struct Postgres {
    server: Server,
    url: String,
    port: u16,
    /// Who vouches for the server's certificate, which is made out to localhost.
    authority: Authority,
}

const PASSWORD: &str = "mat-khau-rat-bi-mat";

fn started() -> Option<Postgres> {
    let (Some(initdb), Some(postgres)) = (server::program(&["initdb"]), server::program(&["postgres"]))
    else {
        println!("skipped: PostgreSQL is not installed");
        return None;
    };
    let folder = server::folder();
    let data = folder.path().join("data");
    let password = folder.path().join("password");
    std::fs::write(&password, PASSWORD).unwrap();
    server::run(
        server::unprivileged(&initdb)
            .arg("-D")
            .arg(&data)
            .args(["-U", "bao", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync", "--pwfile"])
            .arg(&password)
            .current_dir("/tmp"),
    );
    let socket = folder.path().to_str().unwrap().to_owned();
    let authority = Authority::new("Toà soạn");
    let (certificate, key) = server::certificate(folder.path(), &authority.identity(&["localhost"]));
    let port = server::free_port();
    let settings = [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        "fsync=off".to_owned(),
        "ssl=on".to_owned(),
        format!("ssl_cert_file={certificate}"),
        format!("ssl_key_file={key}"),
    ];
    let mut arguments = vec!["-D", data.to_str().unwrap(), "-k", &socket];
    arguments.extend(settings.iter().flat_map(|setting| ["-c", setting]));
    let mut server = Server::start(folder, &postgres, &arguments);
    let url = format!("postgres:///postgres?host={socket}&port={port}&user=bao&password={PASSWORD}");
    server.wait_for(|| try_run(&url, "SELECT 1").is_ok());
    Some(Postgres { server, url, port, authority })
}

fn try_run(url: &str, statements: &str) -> Result<(), tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(statements).await
    })
}

/// A thousand articles of ten sections, one an hour.
const THOUSAND: &str = "
    CREATE TYPE status AS ENUM ('draft', 'published');
    CREATE TABLE articles (id int PRIMARY KEY, title text, category text NOT NULL,
      date_published timestamptz NOT NULL, status status);
    INSERT INTO articles SELECT n, 'Tin ' || n, 'Mục ' || (n % 10), '2026-11-20 16:00+07'::timestamptz - n * interval '1 hour',
      'published' FROM generate_series(0, 999) n;
    INSERT INTO articles VALUES (2000, 'Nháp', 'Mục 1', '2026-11-20 17:00+07', 'draft'),
      (2001, 'Mai', 'Mục 1', '2026-12-20 17:00+07', NULL);";

#[test]
fn postgresql() {
    let Some(mut postgres) = started() else { return };
    let url = postgres.url.clone();
    cells(&url);
    what_is_new(&url);
    selection(&url);
    mistakes(&url);
    tls(&postgres);
    a_million_rows(&url);
    // These two end it.
    silence(&postgres);
    death(&mut postgres);
}

fn cells(url: &str) {
    try_run(
        url,
        "SET timezone = 'Asia/Ho_Chi_Minh';
         CREATE TABLE \"Kinds\" (id bigint, price numeric, share float8, nothing text, title text, tags text[], extra jsonb,
           raw json, at timestamptz, local timestamp, day date, truth boolean, key uuid, photo bytea, label varchar(20));
         INSERT INTO \"Kinds\" VALUES (9007199254740993, 12345678901234567890.123456789, 0.1, NULL, E'Mưa \"lớn\"\\nở \\\\ Mường La',
           ARRAY['a', 'b, c'], '{\"a\": [1, null]}', E'{\"b\":\\n 2}', '2026-11-20 17:00:00.5+07', '2026-11-20 17:00:00',
           '2026-11-20', true, '6f2b8a60-0000-4000-8000-000000000001', '\\xff00', 'Xã hội'),
           (2, 'NaN', 'Infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);",
    )
    .unwrap();
    let mut out = Vec::new();
    let rows = Rows::Query("SELECT * FROM \"Kinds\" ORDER BY id DESC; ");
    let brought = ask(url, rows, None, Duration::from_secs(60), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let mut lines = text.lines();
    // Letter by letter: no digit is lost.
    assert_eq!(
        lines.next().unwrap(),
        "{\"id\":9007199254740993,\"price\":12345678901234567890.123456789,\"share\":0.1,\
         \"title\":\"Mưa \\\"lớn\\\"\\nở \\\\ Mường La\",\"tags\":[\"a\",\"b, c\"],\"extra\":{\"a\": [1, null]},\"raw\":{\"b\":  2},\
         \"at\":\"2026-11-20T10:00:00.5+00:00\",\"local\":\"2026-11-20T17:00:00\",\"day\":\"2026-11-20\",\"truth\":true,\
         \"key\":\"6f2b8a60-0000-4000-8000-000000000001\",\"label\":\"Xã hội\"}"
    );
    assert_eq!(lines.next(), Some("{\"id\":2}"));
    assert_eq!(brought.remarks.len(), 1);
    assert!(brought.remarks[0].contains("`photo`"), "{:?}", brought.remarks);
    // A table is found as it is written, too.
    assert_eq!(ids(url, "Kinds").len(), 2);
    assert_eq!(ids(url, "public.Kinds").len(), 2);
}

fn what_is_new(url: &str) {
    try_run(
        url,
        "CREATE TABLE changes (id int, updated_at timestamptz, number bigint, local timestamp);
         INSERT INTO changes VALUES (1, '2026-11-20 10:00:00.000001+00', 1795000000, '2026-11-20 10:00'),
           (2, '2026-11-20 10:00:00.000002+00', 1795100000, '2026-11-20 11:00'), (3, '2030-01-01', 1, '2026-11-20 12:00');",
    )
    .unwrap();
    let rows = Rows::Query("SELECT id, updated_at FROM changes WHERE updated_at > :since ORDER BY id");
    let (first, found) = lines(url, rows, None);
    assert_eq!(found.len(), 3);
    assert_eq!(first.since.as_deref(), Some("2026-11-20T10:00:00.000002+00:00"));
    assert_eq!(lines(url, rows, first.since.as_deref()).1.len(), 1, "to the microsecond");
    let number = Rows::Query("SELECT id, number AS since FROM changes WHERE number >= :since");
    let (first, _) = lines(url, number, None);
    assert_eq!(first.since.as_deref(), Some("1795100000"));
    assert_eq!(lines(url, number, first.since.as_deref()).1, [json!({"id": 2})]);
    let local = Rows::Query(
        "SELECT id, local AS since FROM changes WHERE local > CAST(:since AS timestamp) - interval '1 hour'",
    );
    let (first, _) = lines(url, local, None);
    assert_eq!(lines(url, local, first.since.as_deref()).1, [json!({"id": 3})]);
}

fn selection(url: &str) {
    try_run(url, THOUSAND).unwrap();
    let mut wanted: std::collections::BTreeSet<i64> = (0..660).collect();
    wanted.extend([2000, 2001]);
    assert_eq!(ids(url, "articles"), wanted, "without an index");
    try_run(url, "CREATE INDEX i ON articles (category, date_published)").unwrap();
    assert_eq!(ids(url, "articles"), wanted, "with one");
    let shown = explained(url, "articles");
    assert!(shown.iter().all(|statement| try_run(url, statement).is_ok()), "{shown:?}");
    try_run(
        url,
        "CREATE VIEW undated AS SELECT id, title, category, CASE WHEN id > 900 THEN NULL ELSE date_published::date END AS date
         FROM articles WHERE id < 1000",
    )
    .unwrap();
    let found = ids(url, "undated");
    assert!((901..1000).chain(0..660).all(|id| found.contains(&id)), "{found:?}");
}

fn mistakes(url: &str) {
    let said = |rows| failure(url, rows, Duration::from_secs(60));
    let none = said(Rows::Table("none"));
    assert!(none.starts_with("there is no table `none` in postgres://"), "{none}");
    assert!(none.ends_with(", which has Kinds, articles, changes, undated"), "{none}");
    assert!(said(Rows::Query("SELECT * FROM none")).ends_with("relation \"none\" does not exist"));
    assert!(said(Rows::Query("DELETE FROM articles RETURNING id")).contains("syntax error"));
    assert!(said(Rows::Query("SELECT id, id FROM articles")).contains("two columns of the name `id`"));
    assert!(said(Rows::Query("SELECT 1 / (id - 500) AS id FROM articles")).ends_with("division by zero"));
    let begun = Instant::now();
    let said = failure(url, Rows::Query("SELECT pg_sleep(120)::text AS id"), Duration::from_secs(5));
    assert!(said.ends_with("gave no answer within 5 seconds"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(100));
    let wrong = url.replace(PASSWORD, "mat-khau-sai");
    let said = failure(&wrong, Rows::Table("articles"), Duration::from_secs(60));
    assert!(said.contains("password authentication failed") && !said.contains("mat-khau"), "{said}");
    let nowhere = "postgres://bao:mat-khau-sai@127.0.0.1:1/news";
    let said = failure(nowhere, Rows::Table("articles"), Duration::from_secs(60));
    assert!(
        said.starts_with("cannot connect to postgres://127.0.0.1/news") && !said.contains("mat-khau"),
        "{said}"
    );
}

/// Encrypted, and by whom the server has to be vouched for.
fn tls(postgres: &Postgres) {
    let folder = tempfile::tempdir().unwrap();
    let ca = |name: &str, authority: &Authority| {
        let path = folder.path().join(name);
        std::fs::write(&path, authority.pem()).unwrap();
        format!("sslrootcert={}", path.display())
    };
    let (own, other) = (ca("own.pem", &postgres.authority), ca("other.pem", &Authority::new("Khác")));
    let url = |host: &str, parameters: &str| {
        format!("postgres://bao:{PASSWORD}@{host}:{}/postgres?{parameters}", postgres.port)
    };
    let rows = Rows::Query("SELECT ssl AS id FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    for (parameters, encrypted) in [
        (format!("sslmode=verify-full&{own}"), true),
        (format!("sslmode=verify-ca&{own}"), true),
        (format!("sslmode=require&{own}"), true),
        ("sslmode=require".to_owned(), true),
        (String::new(), true),
        ("sslmode=disable".to_owned(), false),
    ] {
        let (_, found) = lines(&url("localhost", &parameters), rows, None);
        assert_eq!(found, [json!({"id": encrypted})], "{parameters}");
    }
    // Made out to localhost, which is one name and not the other.
    assert_eq!(lines(&url("127.0.0.1", &format!("sslmode=verify-ca&{own}")), rows, None).1.len(), 1);
    let refused =
        |host: &str, parameters: &str| failure(&url(host, parameters), rows, Duration::from_secs(60));
    let said = refused("127.0.0.1", &format!("sslmode=verify-full&{own}"));
    assert!(said.ends_with("the server's certificate is made out to localhost, not to 127.0.0.1"), "{said}");
    for mode in ["verify-full", "verify-ca", "require"] {
        let said = refused("localhost", &format!("sslmode={mode}&{other}"));
        let why = "other.pem vouches for the server's certificate";
        assert!(said.starts_with("cannot connect to postgres://localhost/") && said.ends_with(why), "{said}");
    }
    let said = refused("localhost", "sslmode=verify-full");
    assert!(said.ends_with("`sslrootcert=ca.pem` names one of your own"), "{said}");
    let said = refused("localhost", "sslmode=verify-full&sslrootcert=/nowhere/ca.pem");
    assert!(
        said.ends_with("cannot read the certificates in /nowhere/ca.pem: there is no such file"),
        "{said}"
    );
}

/// Counts lines, and what the process takes while they come.
#[derive(Default)]
struct Counter {
    lines: usize,
    most: u64,
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or("0");
    line.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or(0)
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.lines += 1;
        if self.lines.is_multiple_of(10_000) {
            self.most = self.most.max(resident());
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Rows come one by one: what is held does not grow with their number.
fn a_million_rows(url: &str) {
    let before = resident();
    let mut counter = Counter::default();
    let rows =
        Rows::Query("SELECT n AS id, repeat('Mưa lớn ', 20) AS title FROM generate_series(1, 1000000) n");
    let brought = ask(url, rows, None, Duration::from_secs(300), &mut counter).unwrap();
    assert_eq!((brought.rows, counter.lines), (1_000_000, 1_000_000));
    // Other tests run beside this one; the rows alone are 200 MB.
    assert!(counter.most < before + 100_000, "{before} KB, then {} KB", counter.most);
}

/// A server that says nothing any more.
fn silence(postgres: &Postgres) {
    let signal = |name: &str| {
        let children = format!("/proc/{0}/task/{0}/children", postgres.server.pid());
        let children = std::fs::read_to_string(children).unwrap_or_default();
        let kill = |pid: &str| Command::new("kill").args([name, pid]).status().unwrap();
        // Those that come and go may be gone by now.
        for child in children.split_whitespace() {
            let _ = kill(child);
        }
        assert!(kill(&postgres.server.pid().to_string()).success());
    };
    signal("-STOP");
    let said = failure(&postgres.url, Rows::Table("articles"), Duration::from_secs(1));
    signal("-CONT");
    assert!(said.contains("it does not answer"), "{said}");
}

/// A server that dies in the middle.
fn death(postgres: &mut Postgres) {
    struct Killer<'a>(&'a mut Server, usize);
    impl Write for Killer<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.1 == 10_000 {
                let children = format!("/proc/{0}/task/{0}/children", self.0.pid());
                let children = std::fs::read_to_string(children).unwrap_or_default();
                self.0.kill();
                let _ = Command::new("kill").arg("-KILL").args(children.split_whitespace()).status();
            }
            self.1 += 1;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let rows =
        Rows::Query("SELECT n AS id, repeat('Mưa lớn ', 20) AS title FROM generate_series(1, 1000000) n");
    let url = postgres.url.clone();
    let mut killer = Killer(&mut postgres.server, 0);
    let error = ask(&url, rows, None, Duration::from_secs(60), &mut killer).unwrap_err();
    assert!(killer.1 < 1_000_000);
    assert!(error.to_string().starts_with("cannot read what the query asks for from postgres://"), "{error}");
}
