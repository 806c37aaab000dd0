//! SQLite, and what holds for every database: from the file to the feeds, run after run.

use crate::site::{HEAD, Run, Site, assert_same};
use std::fs;
use std::path::Path;

/// A newspaper whose articles are in a database of these statements, with that in its source.
fn newspaper(statements: &str, source: &str) -> Site {
    let site = Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", source));
    execute(&site, statements);
    site
}

fn execute(site: &Site, statements: &str) {
    rusqlite::Connection::open(site.path("articles.db")).unwrap().execute_batch(statements).unwrap();
}

const ARTICLES: &str = "
    CREATE TABLE articles (id INTEGER PRIMARY KEY, headline TEXT, link TEXT, section TEXT, created_at TEXT, updated_at TEXT);
    INSERT INTO articles VALUES
      (1, 'Tin một', '/1.html', 'Thời sự', '2026-11-20 08:00:00', '2026-11-20 08:00:00'),
      (2, 'Tin hai', '/2.html', 'Xã hội', '2026-11-20 09:00:00', '2026-11-20 09:00:00'),
      (3, 'Tin ba', '/3.html', 'Thời sự', '2026-11-20 10:00:00', '2026-11-20 10:00:00');";

const TABLE: &str = "url = \"sqlite:articles.db\"\ntable = \"articles\"";
const QUERY: &str =
    "url = \"sqlite:articles.db\"\nquery = \"SELECT * FROM articles WHERE updated_at >= :since\"";

/// The files in the spool.
fn spool(site: &Site) -> Vec<String> {
    site.tree_of(".bantin/public.spool").into_keys().filter(|path| path.ends_with(".jsonl")).collect()
}

/// What was changed within a second of a run is not trusted to be seen changing again.
fn settle() {
    std::thread::sleep(std::time::Duration::from_millis(1300));
}

fn rss(site: &Site) -> String {
    site.read("public/thoi-su/rss.xml")
}

#[test]
fn a_table_is_published() {
    let site = newspaper(ARTICLES, TABLE);
    site.run(&["build"]).exits(0).prints(&["3 articles"]);
    assert!(rss(&site).contains("<title>Tin ba</title>"));
    assert!(rss(&site).contains("<pubDate>Fri, 20 Nov 2026 10:00:00 +0700</pubDate>"));
    settle();
    site.run(&["build"]).exits(0);
    let before = site.tree();
    site.run(&["build", "-v"]).exits(0).says(&["nothing has changed"]);
    assert_same(&before, &site.tree());
    execute(
        &site,
        "DELETE FROM articles WHERE id = 3; UPDATE articles SET headline = 'Tin mới' WHERE id = 1",
    );
    site.run(&["build"]).exits(0);
    assert!(rss(&site).contains("Tin mới") && !rss(&site).contains("Tin ba"));
}

#[test]
fn a_query_adds_what_is_new() {
    let site = newspaper(ARTICLES, QUERY);
    site.run(&["build"]).exits(0).prints(&["3 articles"]);
    // The newest row comes every time, and counts once.
    site.run(&["build"]).exits(0);
    settle();
    site.run(&["build"]).exits(0);
    let files = spool(&site);
    site.run(&["build", "-v"]).exits(0).says(&["nothing has changed"]);
    assert_eq!(spool(&site), files);
    execute(
        &site,
        "UPDATE articles SET headline = 'Tin sửa', updated_at = '2026-11-20 11:00:00' WHERE id = 1;
         -- What nobody says has changed is not asked for.
         UPDATE articles SET headline = 'Tin lén' WHERE id = 2;
         INSERT INTO articles VALUES (4, 'Tin bốn', '/4.html', 'Thời sự', '2026-11-20 11:30:00', '2026-11-20 11:30:00');",
    );
    site.run(&["build"]).exits(0).prints(&["4 articles"]);
    assert!(spool(&site).len() > files.len());
    assert!(
        rss(&site).contains("Tin sửa") && rss(&site).contains("Tin bốn") && !rss(&site).contains("Tin một")
    );
    assert!(site.read("public/xa-hoi/rss.xml").contains("Tin hai"));
    // Everything is asked for anew, and lies in one file.
    site.run(&["build", "--force"]).exits(0).prints(&["4 articles"]);
    assert!(site.read("public/xa-hoi/rss.xml").contains("Tin lén"));
    assert_eq!(spool(&site).len(), 1);
}

#[test]
fn a_log_does_not_grow_for_ever() {
    let site = newspaper(ARTICLES, QUERY);
    let mut files = Vec::new();
    for round in 0..40 {
        execute(
            &site,
            &format!(
                "UPDATE articles SET headline = 'Lần {round}', updated_at = '2026-11-20 11:00:{round:02}' WHERE id = 1"
            ),
        );
        site.run(&["build"]).exits(0);
        assert!(rss(&site).contains(&format!("Lần {round}")), "{round}");
        files.push(spool(&site).len());
    }
    let most = *files.iter().max().unwrap();
    assert!(most > 20 && most <= 33, "{files:?}");
    // A thousand rows more than there were in the beginning: everything is asked for anew.
    execute(
        &site,
        "INSERT INTO articles WITH RECURSIVE n (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM n WHERE n < 1500)
         SELECT n, 'Tin ' || n, '/' || n || '.html', 'Thời sự', '2026-11-20 12:00:00', '2026-11-20 12:00:00' FROM n",
    );
    site.run(&["build"]).exits(0);
    site.run(&["build"]).exits(0);
    assert_eq!(spool(&site).len(), 1);
}

#[test]
fn what_came_last_stays_when_the_database_is_away() {
    for source in [TABLE, QUERY] {
        let site = newspaper(ARTICLES, source);
        site.run(&["build"]).exits(0);
        let before = site.tree_of("public");
        let rows: Vec<Vec<u8>> = spool(&site)
            .iter()
            .map(|file| fs::read(site.path(".bantin/public.spool").join(file)).unwrap())
            .collect();
        fs::rename(site.path("articles.db"), site.path("away.db")).unwrap();
        site.run(&["build"]).exits(1).says(&["sqlite:articles.db", "there is no such file"]);
        assert_same(&before, &site.tree_of("public"));
        // A row that cannot be read ends the answer in the middle.
        fs::rename(site.path("away.db"), site.path("articles.db")).unwrap();
        let broken = "DROP TABLE articles;
             CREATE VIEW articles AS SELECT 1 AS id, 'a' AS title, '2026-11-20' AS date, '2026-11-20' AS updated_at
             UNION ALL SELECT 2, abs(-9223372036854775808), '2026-11-20', '2027-11-20'";
        execute(&site, broken);
        site.run(&["build"]).exits(1).says(&["integer overflow"]);
        assert_same(&before, &site.tree_of("public"));
        let after: Vec<Vec<u8>> = spool(&site)
            .iter()
            .map(|file| fs::read(site.path(".bantin/public.spool").join(file)).unwrap())
            .collect();
        assert_eq!(rows, after);
    }
    let site = newspaper(ARTICLES, &TABLE.replace("articles.db", "none.db"));
    site.run(&["build"]).exits(2).says(&["cannot ask sqlite:none.db articles", "there is no such file"]);
}

#[test]
fn embargo_and_withdrawal_hold() {
    let site = newspaper(
        "CREATE TABLE articles (id INTEGER, title TEXT, url TEXT, category TEXT NOT NULL, date TEXT NOT NULL, status TEXT,
           deleted INTEGER);
         INSERT INTO articles VALUES (1, 'Tin một', '/1', 'Thời sự', '2026-11-20 08:00', 'publish', 0),
           (2, 'Tin mai', '/2', 'Thời sự', '2026-11-21 08:00', 'publish', 0),
           (3, 'Tin nháp', '/3', 'Thời sự', '2026-11-20 08:00', 'draft', 0),
           (4, 'Tin rút', '/4', 'Thời sự', '2026-11-20 08:00', 'publish', 1);",
        TABLE,
    );
    site.run(&["build"]).exits(0);
    assert!(rss(&site).contains("Tin một"));
    assert!(["Tin mai", "Tin nháp", "Tin rút"].iter().all(|title| !rss(&site).contains(title)));
    site.run(&["explain", "2"]).exits(0).prints(&["embargo"]);
    // Without asking again: what is under embargo was brought with the rest.
    site.run(&["build", "--offline", "--now", "2026-11-21T09:00:00+07:00"]).exits(0);
    assert!(rss(&site).contains("Tin mai"));
}

#[test]
fn statements_are_printed() {
    let site = newspaper(ARTICLES, TABLE);
    let run = site.run(&["list", "--explain-query"]).exits(0).prints(&[
        "-- source 1: sqlite:articles.db articles",
        "-- an index on",
        "FROM \"articles\" WHERE (\"section\" = 'Thời sự')",
    ]);
    // As the database's own program takes them.
    execute(&site, &format!("BEGIN; {} COMMIT", run.stdout));
    assert!(!site.path(".bantin").exists());
    site.run(&["list", "--explain-query", "--format", "json"]).exits(0).prints(&["\"statements\""]);
    let site = newspaper(ARTICLES, QUERY);
    site.run(&["list", "--explain-query"]).exits(0).prints(&["WHERE updated_at >= :since;"]);
}

#[test]
fn mistakes_are_drawn_at_their_place() {
    for (source, said) in [
        ("url = \"sqlite:articles.db\"", "which rows of the database?"),
        ("url = \"sqlite:\"\ntable = \"a\"", "the URL names no file"),
        (
            "url = \"postgres://a/b?sslmode=often\"\ntable = \"a\"",
            "`sslmode` of the database's URL cannot be `often`",
        ),
        ("url = \"https://a.example/\"\ntable = \"a\"", "no URL of a database"),
        ("url = \"sqlite:a.db\"\ntable = \"a\"\nquery = \"SELECT 1\"", "`table` beside `query`"),
        ("url = [\"sqlite:a.db\", \"sqlite:b.db\"]\ntable = \"a\"", "a database has one `url`"),
        ("path = \"a.jsonl\"\ntable = \"a\"", "`table` says nothing of files"),
        ("url = \"sqlite:a.db\"\ntable = \"a\"\nformat = \"json\"", "`format` says nothing of a database"),
        ("table = \"a\"", "lacks the key"),
    ] {
        newspaper(ARTICLES, source).run(&["build"]).exits(2).says(&[said, "feeds.toml:"]);
    }
}

/// Every file of a folder that holds a text.
fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if fs::read(&path).unwrap().windows(text.len()).any(|some| some == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn passwords_are_nowhere() {
    let secret = "mat/khau bi-mat";
    for (url, variable, value) in [
        ("postgres://bao:${DB_PASSWORD}@127.0.0.1:1/news", "DB_PASSWORD", secret.to_owned()),
        ("mysql://bao:${DB_PASSWORD}@127.0.0.1:1/news", "DB_PASSWORD", secret.to_owned()),
        ("${DATABASE_URL}", "DATABASE_URL", "postgres://bao:mat%2Fkhau%20bi-mat@127.0.0.1:1/news".to_owned()),
        ("${DATABASE_URL}", "DATABASE_URL", "mysql://bao:mat%2Fkhau%20bi-mat@127.0.0.1:1/news".to_owned()),
        (
            "${DATABASE_URL}",
            "DATABASE_URL",
            "postgres://bao:mat%2Fkhau%20bi-mat@127.0.0.1:x/news?a=b".to_owned(),
        ),
        (
            "${DATABASE_URL}",
            "DATABASE_URL",
            "mysql://bao:mat%2Fkhau%20bi-mat@127.0.0.1:x/news?a=b".to_owned(),
        ),
    ] {
        let source = format!("url = \"{url}\"\ntable = \"articles\"");
        let site = newspaper(ARTICLES, &source);
        let run = Run::of(site.command(&["build", "-vv"]).env(variable, &value).output().unwrap()).exits(2);
        let printed = format!("{}{}", run.stdout, run.stderr);
        assert!(printed.contains("cannot ask"), "{printed}");
        for spelt in ["mat/khau", "mat%2Fkhau", "bi-mat"] {
            assert!(!printed.contains(spelt), "{printed}");
            assert_eq!(holding(site.root(), spelt), Vec::<String>::new());
        }
    }
    let site = newspaper(ARTICLES, "url = \"${DATABASE_URL}\"\ntable = \"articles\"");
    let run = Run::of(site.command(&["build"]).env_remove("DATABASE_URL").output().unwrap());
    run.exits(2).says(&["the environment variable DATABASE_URL is not set"]);
    let run = site.command(&["build"]).env("DATABASE_URL", "sqlite:articles.db").output().unwrap();
    Run::of(run).exits(0).prints(&["3 articles"]);
}
