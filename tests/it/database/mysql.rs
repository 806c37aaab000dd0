//! MariaDB, which speaks MySQL's protocol.

use super::server::{self, Server};
use super::wire::{ask, explained, failure, ids, lines};
use crate::authority::Authority;
use bantin::intake::database::Rows;
use mysql::prelude::Queryable;
use mysql::{Conn, OptsBuilder};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const PASSWORD: &str = "mat-khau-rat-bi-mat";

/// A running server, and how to come in.
struct Mariadb {
    server: Server,
    url: String,
    port: u16,
    /// Who vouches for the server's certificate, which is made out to localhost.
    authority: Authority,
}

fn started() -> Option<Mariadb> {
    let install = server::program(&["mariadb-install-db"]);
    let (Some(install), Some(mariadbd)) = (install, server::program(&["mariadbd"])) else {
        println!("skipped: MariaDB is not installed");
        return None;
    };
    let folder = server::folder();
    let data = folder.path().join("data");
    server::run(
        server::unprivileged(&install)
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .arg(format!("--datadir={}", data.display()))
            .current_dir("/tmp"),
    );
    let socket = folder.path().join("s").to_str().unwrap().to_owned();
    let authority = Authority::new("Toà soạn");
    let (certificate, key) = server::certificate(folder.path(), &authority.identity(&["localhost"]));
    let port = server::free_port();
    let arguments = [
        "--no-defaults".to_owned(),
        format!("--datadir={}", data.display()),
        format!("--socket={socket}"),
        format!("--pid-file={}", folder.path().join("pid").display()),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--port={port}"),
        format!("--ssl-cert={certificate}"),
        format!("--ssl-key={key}"),
        "--character-set-server=utf8mb4".to_owned(),
        "--default-time-zone=+07:00".to_owned(),
    ];
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut server = Server::start(folder, &mariadbd, &arguments);
    server.wait_for(|| try_run(&socket, "SELECT 1").is_ok());
    try_run(&socket, "CREATE DATABASE news; CREATE USER bao@localhost IDENTIFIED BY 'mat-khau-rat-bi-mat'; GRANT SELECT ON news.* TO bao@localhost")
        .unwrap();
    let url = format!("mysql://bao:{PASSWORD}@localhost/news?socket={socket}");
    Some(Mariadb { server, url, port, authority })
}

fn try_run(socket: &str, statements: &str) -> Result<(), mysql::Error> {
    let options = OptsBuilder::new().socket(Some(socket)).user(Some("root")).prefer_socket(false);
    let mut connection = Conn::new(options)?;
    for statement in
        statements.split(";\n").flat_map(|some| some.split("; ")).filter(|one| !one.trim().is_empty())
    {
        connection.query_drop(statement)?;
    }
    Ok(())
}

#[test]
fn mariadb() {
    let Some(mut mariadb) = started() else { return };
    let url = mariadb.url.clone();
    let server = &mut mariadb.server;
    let socket = server.folder.path().join("s").to_str().unwrap().to_owned();
    let run = |statements: &str| try_run(&socket, &format!("USE news; {statements}")).unwrap();
    cells(&url, run);
    what_is_new(&url, run);
    selection(&url, run);
    mistakes(&url);
    tls(&mariadb);
    mariadb.server.kill();
    let said = failure(&url, Rows::Table("articles"), Duration::from_secs(60));
    assert!(said.starts_with("cannot connect to mysql://"), "{said}");
}

/// Encrypted, and by whom the server has to be vouched for.
fn tls(mariadb: &Mariadb) {
    let folder = tempfile::tempdir().unwrap();
    let ca = |name: &str, authority: &Authority| {
        let path = folder.path().join(name);
        std::fs::write(&path, authority.pem()).unwrap();
        format!("ssl-ca={}", path.display())
    };
    let (own, other) = (ca("own.pem", &mariadb.authority), ca("other.pem", &Authority::new("Khác")));
    let url = |host: &str, parameters: &str| {
        format!("mysql://bao:{PASSWORD}@{host}:{}/news?{parameters}", mariadb.port)
    };
    let rows = Rows::Query(
        "SELECT VARIABLE_VALUE AS id FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_version'",
    );
    for (parameters, version) in [
        (format!("ssl-mode=verify_identity&{own}"), "TLSv1.3"),
        (format!("ssl-mode=verify_ca&{own}"), "TLSv1.3"),
        (own.clone(), "TLSv1.3"),
        ("ssl-mode=required".to_owned(), "TLSv1.3"),
        (String::new(), "TLSv1.3"),
        ("ssl-mode=disabled".to_owned(), ""),
    ] {
        let (_, found) = lines(&url("localhost", &parameters), rows, None);
        assert_eq!(found, [json!({"id": version})], "{parameters}");
    }
    // Made out to localhost, which is one name and not the other.
    assert_eq!(lines(&url("127.0.0.1", &format!("ssl-mode=verify_ca&{own}")), rows, None).1.len(), 1);
    let refused =
        |host: &str, parameters: &str| failure(&url(host, parameters), rows, Duration::from_secs(60));
    let said = refused("127.0.0.1", &format!("ssl-mode=verify_identity&{own}"));
    assert!(said.ends_with("the server's certificate is made out to localhost, not to 127.0.0.1"), "{said}");
    for mode in ["verify_identity", "verify_ca", "required"] {
        let said = refused("localhost", &format!("ssl-mode={mode}&{other}"));
        let why = "other.pem vouches for the server's certificate";
        assert!(said.starts_with("cannot connect to mysql://localhost:") && said.ends_with(why), "{said}");
    }
    let said = refused("localhost", "ssl-mode=verify_identity");
    assert!(said.ends_with("`ssl-ca=ca.pem` names one of your own"), "{said}");
    let said = refused("localhost", "ssl-ca=/nowhere/ca.pem");
    assert!(
        said.ends_with("cannot read the certificates in /nowhere/ca.pem: there is no such file"),
        "{said}"
    );
}

fn cells(url: &str, run: impl Fn(&str)) {
    run("CREATE TABLE news.kinds (id bigint unsigned, price decimal(30, 9), share double, nothing text, title text,
           tags json, at timestamp(3) NULL, local datetime, day date, truth tinyint(1), flags bit(3), photo blob,
           year year, kind enum('tin', 'bài'), key_ binary(4), at_ time);
         INSERT INTO news.kinds VALUES (18446744073709551615, 123456789012345678901.123456789, 0.1, NULL,
           'Mưa \"lớn\"\\nở \\\\ Mường La 🌧', '[\"a\", \"b, c\"]', '2026-11-20 17:00:00.5', '2026-11-20 17:00:00', '2026-11-20',
           true, b'101', x'ff00', 2026, 'bài', 'abcd', '08:30:00'),
           (2, NULL, NULL, NULL, '[1]', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    let mut out = Vec::new();
    let rows = Rows::Query("SELECT * FROM kinds ORDER BY id DESC;");
    let brought = ask(url, rows, None, Duration::from_secs(60), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "{\"id\":18446744073709551615,\"price\":123456789012345678901.123456789,\"share\":0.1,\
         \"title\":\"Mưa \\\"lớn\\\"\\nở \\\\ Mường La 🌧\",\"tags\":[\"a\", \"b, c\"],\"at\":\"2026-11-20T10:00:00.500Z\",\
         \"local\":\"2026-11-20 17:00:00\",\"day\":\"2026-11-20\",\"truth\":1,\"flags\":5,\"year\":2026,\"kind\":\"bài\",\
         \"at_\":\"08:30:00\"}"
    );
    assert_eq!(lines.next(), Some("{\"id\":2,\"title\":\"[1]\"}"));
    assert_eq!(brought.remarks.len(), 2, "{:?}", brought.remarks);
}

fn what_is_new(url: &str, run: impl Fn(&str)) {
    run("CREATE TABLE news.changes (id int, updated_at timestamp(6) NOT NULL, number bigint);
         INSERT INTO news.changes VALUES (1, '2026-11-20 17:00:00.000001', 1795000000),
           (2, '2026-11-20 17:00:00.000002', 1795100000), (3, '2030-01-01', 1)");
    let rows = Rows::Query("SELECT id, updated_at FROM changes WHERE updated_at > :since");
    let (first, found) = lines(url, rows, None);
    assert_eq!(found.len(), 3);
    assert_eq!(first.since.as_deref(), Some("2026-11-20 10:00:00.000002"));
    assert_eq!(lines(url, rows, first.since.as_deref()).1.len(), 1, "to the microsecond");
    let number = Rows::Query("SELECT id, number AS since FROM changes WHERE number >= :since");
    let (first, _) = lines(url, number, None);
    assert_eq!(lines(url, number, first.since.as_deref()).1, [json!({"id": 2})]);
}

fn selection(url: &str, run: impl Fn(&str)) {
    for (table, kind) in [("articles", "datetime"), ("stamped", "timestamp")] {
        run(&format!(
            "CREATE TABLE news.{table} (id int PRIMARY KEY, title text, category varchar(50) NOT NULL,
               date_published {kind} NOT NULL, status varchar(20));
             INSERT INTO news.{table} SELECT seq, concat('Tin ', seq), concat('Mục ', seq % 10),
               '2026-11-20 16:00:00' - INTERVAL seq HOUR, 'publish' FROM seq_0_to_999;
             INSERT INTO news.{table} VALUES (2000, 'Nháp', 'Mục 1', '2026-11-20 17:00:00', 'Draft'),
               (2001, 'Mai', 'Mục 1', '2026-12-20 17:00:00', NULL)"
        ));
        let mut wanted: BTreeSet<i64> = (0..660).collect();
        wanted.extend([2000, 2001]);
        assert_eq!(ids(url, table), wanted, "without an index");
        run(&format!("CREATE INDEX i ON news.{table} (category, date_published)"));
        assert_eq!(ids(url, table), wanted, "with one");
        assert!(explained(url, table).last().unwrap().starts_with("SELECT `id`, `title`"));
        assert_eq!(ids(url, &format!("news.{table}")), wanted);
    }
}

fn mistakes(url: &str) {
    let said = |rows| failure(url, rows, Duration::from_secs(60));
    let none = said(Rows::Table("none"));
    assert!(none.starts_with("there is no table `none` in mysql://"), "{none}");
    assert!(none.contains(", which has ") && none.contains("articles"), "{none}");
    assert!(said(Rows::Query("SELECT * FROM none")).ends_with("Table 'news.none' doesn't exist"));
    assert!(
        said(Rows::Query("DELETE FROM articles")).contains("read"),
        "{}",
        said(Rows::Query("DELETE FROM articles"))
    );
    assert!(said(Rows::Query("SELECT id, id FROM articles")).contains("two columns of the name `id`"));
    let begun = Instant::now();
    let said = failure(url, Rows::Query("SELECT sleep(120) AS id"), Duration::from_secs(5));
    assert!(said.ends_with("gave no answer within 5 seconds"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(100));
    let wrong = url.replace(PASSWORD, "mat-khau-sai");
    let said = failure(&wrong, Rows::Table("articles"), Duration::from_secs(60));
    assert!(said.contains("Access denied") && !said.contains("mat-khau"), "{said}");
}
