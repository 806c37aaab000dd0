//! SQLite, asked in the ways in which newsrooms keep articles: what stands in a line, and which rows come.

use super::*;
use crate::plan::FeedPlan;
use crate::selection::Filter;
use crate::text::Text;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use tempfile::TempDir;

struct Newsroom {
    folder: TempDir,
    names: Names,
    feeds: Feeds,
    categories: Vec<Template>,
    window: Window,
    now: DateTime<Utc>,
}

impl Newsroom {
    fn new(statements: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let connection = rusqlite::Connection::open(folder.path().join("a.db")).unwrap();
        connection.execute_batch(statements).unwrap();
        Self {
            folder,
            names: Names::new(&HashMap::new()),
            feeds: Feeds::EveryCategory,
            categories: Vec::new(),
            window: Window { limit: 2, hours: 0, max_size: 640 },
            now: "2026-11-21T00:00:00Z".parse().unwrap(),
        }
    }

    fn with<T>(&self, rows: Rows<'_>, what: impl FnOnce(&Request<'_>) -> T) -> T {
        let address = DatabaseUrl::parse("sqlite:a.db", self.folder.path()).unwrap();
        what(&Request {
            address: &address,
            rows,
            timeout: Duration::from_secs(60),
            names: &self.names,
            categories: &self.categories,
            date_formats: &[],
            feeds: &self.feeds,
            window: self.window,
            zone: chrono_tz::Asia::Ho_Chi_Minh,
            day_first: true,
            now: self.now,
        })
    }

    fn try_bring(&self, rows: Rows<'_>, since: Option<&str>) -> Result<(Brought, Vec<Value>), DatabaseError> {
        let mut out = Vec::new();
        let brought = self.with(rows, |request| bring(request, since, &mut out))?;
        let lines: Vec<Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(brought.rows, lines.len() as u64);
        Ok((brought, lines))
    }

    fn bring(&self, rows: Rows<'_>, since: Option<&str>) -> (Brought, Vec<Value>) {
        self.try_bring(rows, since).unwrap()
    }

    /// The ids of the rows of the table that come.
    fn ids(&self) -> BTreeSet<i64> {
        let (_, lines) = self.bring(Rows::Table("articles"), None);
        lines.iter().map(|line| line["id"].as_i64().unwrap()).collect()
    }

    fn remarks(&self) -> String {
        self.bring(Rows::Table("articles"), None).0.remarks.join("\n")
    }

    fn feeds(&mut self, filters: Vec<Filter>) {
        let feed = |filter| FeedPlan::new(&Text::line("Tin"), filter, self.window);
        self.feeds = Feeds::Listed(filters.into_iter().map(feed).collect());
    }
}

fn of(category: &str) -> Filter {
    Filter { categories: vec![category.to_owned()], ..Filter::default() }
}

/// A thousand articles of ten sections, one an hour, the last at 2026-11-20 16:00 in Hà Nội.
const THOUSAND: &str = "
    CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, category TEXT NOT NULL, date TEXT NOT NULL);
    INSERT INTO articles
    WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 999)
    SELECT n, 'Tin ' || n, 'Mục ' || (n % 10), datetime('2026-11-20 16:00:00', '-' || n || ' hours') FROM n;";

#[test]
fn cells_become_members() {
    let newsroom = Newsroom::new(
        "CREATE TABLE articles (id INTEGER, title TEXT, price NUMERIC, tags, extra JSON, photo BLOB, summary TEXT);
         INSERT INTO articles VALUES
           (9007199254740993, 'Mưa \"lớn\"' || char(10) || 'ở Mường La', 0.1, '[\"a\",
             \"b\"]', '{\"a\":
             1}', x'ff00', NULL),
           (2, '[\"tiêu đề\"]', 1e400, 'a, b', 'no JSON', NULL, '');",
    );
    let (brought, lines) = newsroom.bring(Rows::Query("SELECT * FROM articles ORDER BY rowid;\n"), None);
    assert_eq!(
        lines,
        [
            json!({
                "id": 9007199254740993i64, "title": "Mưa \"lớn\"\nở Mường La", "price": 0.1,
                "tags": ["a", "b"], "extra": {"a": 1}
            }),
            json!({"id": 2, "title": "[\"tiêu đề\"]", "tags": "a, b", "extra": "no JSON", "summary": ""}),
        ]
    );
    assert_eq!(brought.remarks.len(), 1);
    assert!(brought.remarks[0].contains("`photo`"), "{:?}", brought.remarks);
}

#[test]
fn a_query_asks_for_what_is_new() {
    let newsroom = Newsroom::new(
        "CREATE TABLE articles (id INTEGER, updated_at TEXT, date TEXT);
         INSERT INTO articles VALUES (1, '2026-11-20 10:00:00', '2026-11-20'), (2, '2026-11-20 11:00:00', '2026-11-27'),
           (3, '2026-12-24 00:00:00', '2026-11-20');",
    );
    let rows = Rows::Query("SELECT * FROM articles WHERE updated_at > :since");
    let (first, lines) = newsroom.bring(rows, None);
    assert_eq!(lines.len(), 3);
    // What lies in the future is not taken for the newest: all that changes until then would never come.
    assert_eq!(first.since.as_deref(), Some("2026-11-20 11:00:00"));
    let (second, lines) = newsroom.bring(rows, first.since.as_deref());
    assert_eq!(lines.len(), 1);
    assert_eq!(second.since, first.since);

    let newsroom = Newsroom::new(
        "CREATE TABLE articles (id INTEGER, changed INTEGER);
         INSERT INTO articles VALUES (1, 1795000000), (2, 1795100000);",
    );
    let rows = Rows::Query("SELECT id, changed AS since FROM articles WHERE changed > :since");
    let (first, lines) = newsroom.bring(rows, None);
    assert_eq!(lines, [json!({"id": 1}), json!({"id": 2})]);
    assert_eq!(first.since.as_deref(), Some("1795100000"));
    assert_eq!(newsroom.bring(rows, Some("1795000000")).1, [json!({"id": 2})]);
}

#[test]
fn of_every_category_the_newest_come() {
    let mut newsroom = Newsroom::new(THOUSAND);
    newsroom.window = Window { limit: 1, hours: 0, max_size: 64 };
    // 66 of each section, and nothing else: one and the reserve.
    assert_eq!(newsroom.ids(), (0..660).collect());
    for index in ["(category, date)", "(date)", "(category, date, id); CREATE INDEX d ON articles (date)"] {
        let mut indexed = Newsroom::new(&format!("{THOUSAND} CREATE INDEX i ON articles {index};"));
        indexed.window = newsroom.window;
        assert_eq!(indexed.ids(), newsroom.ids(), "{index}");
    }
    assert!(newsroom.remarks().contains("an index on (\"category\", \"date\")"), "{}", newsroom.remarks());
}

#[test]
fn only_what_feeds_take_comes() {
    let mut newsroom = Newsroom::new(THOUSAND);
    newsroom.window = Window { limit: 1, hours: 0, max_size: 64 };
    newsroom.feeds(vec![of("muc-3")]);
    // Of the sections that no feed takes the newest, so that they are known to be there.
    let wanted: BTreeSet<i64> = (0..660).filter(|id| *id < 10 || id % 10 == 3).collect();
    assert_eq!(newsroom.ids(), wanted);
    newsroom.feeds(vec![Filter { not_categories: vec!["muc-3".to_owned()], ..Filter::default() }]);
    let wanted: BTreeSet<i64> = (0..660).filter(|id| *id < 10 || id % 10 != 3).collect();
    assert_eq!(newsroom.ids(), wanted);
    newsroom.feeds(vec![Filter { tags: vec!["mua".to_owned()], ..of("muc-3") }]);
    let wanted: BTreeSet<i64> = (0..1000).filter(|id| *id < 10 || id % 10 == 3).collect();
    assert_eq!(newsroom.ids(), wanted);
    newsroom.feeds(vec![Filter { tags: vec!["mua".to_owned()], ..Filter::default() }]);
    assert_eq!(newsroom.ids().len(), 1000);
    assert!(newsroom.remarks().contains("read whole"), "{}", newsroom.remarks());
}

#[test]
fn a_feed_of_everything_takes_the_newest_of_all() {
    for index in ["", "CREATE INDEX d ON articles (date);", "CREATE INDEX c ON articles (category, date);"] {
        let mut newsroom = Newsroom::new(&format!("{THOUSAND} {index}"));
        newsroom.window = Window { limit: 50, hours: 0, max_size: 64 };
        newsroom.feeds(vec![Filter::default()]);
        let ids = newsroom.ids();
        assert!((0..164).all(|id| ids.contains(&id)), "{index}: {ids:?}");
    }
}

#[test]
fn hours_count_from_the_newest_of_a_category() {
    for index in ["", "CREATE INDEX c ON articles (category, date);"] {
        let mut newsroom = Newsroom::new(&format!("{THOUSAND} {index}"));
        newsroom.window = Window { limit: 1, hours: 800, max_size: 64_000 };
        let ids = newsroom.ids();
        assert!((0..=800).all(|id| ids.contains(&id)), "{index}: {}", ids.len());
        assert!(ids.len() < 900, "{index}: {}", ids.len());
        // No more than a file can hold.
        newsroom.window = Window { limit: 1, hours: 800, max_size: 70 * 64 };
        assert_eq!(newsroom.ids(), (0..700).collect(), "{index}");
    }
}

#[test]
fn what_is_not_public_stands_in_nobodys_place() {
    let of_status = "
        CREATE TABLE articles (id INTEGER, category TEXT, date INTEGER, status TEXT, deleted INTEGER, expires TEXT);
        CREATE INDEX c ON articles (category, date);
        INSERT INTO articles
        WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 999)
        SELECT n, 'Tin', 1795000000 - n * 60,
          CASE n % 5 WHEN 0 THEN 'Draft' WHEN 1 THEN 'publish' END,
          CASE n % 5 WHEN 2 THEN 1 END,
          CASE n % 5 WHEN 3 THEN '2026-11-01 00:00' WHEN 1 THEN '2027-11-01 00:00' END FROM n;
        -- Under embargo, without date, without section.
        INSERT INTO articles VALUES (2000, 'Tin', 1795900000, NULL, NULL, NULL), (2001, 'Tin', NULL, NULL, NULL, NULL),
          (2002, NULL, 1700000000, NULL, NULL, NULL), (2003, '', 1700000000, NULL, NULL, NULL);";
    for statements in [of_status.to_owned(), of_status.replace("CREATE INDEX", "-- ")] {
        let mut newsroom = Newsroom::new(&statements);
        newsroom.window = Window { limit: 1, hours: 0, max_size: 64 };
        // 66 public ones are two of every five.
        let mut wanted: BTreeSet<i64> = (0..=164).collect();
        wanted.extend([2000, 2001, 2002, 2003]);
        assert_eq!(newsroom.ids(), wanted);
        newsroom.feeds(vec![of("tin")]);
        assert_eq!(newsroom.ids(), wanted, "of sections that are none the newest");
    }
}

#[test]
fn rows_without_category_have_that_of_the_source() {
    let statements = THOUSAND.replace("category TEXT NOT NULL, ", "").replace("'Mục ' || (n % 10), ", "");
    let mut newsroom = Newsroom::new(&statements);
    newsroom.window = Window { limit: 1, hours: 0, max_size: 64 };
    newsroom.categories = vec![Template::parse("Thể thao").unwrap()];
    newsroom.feeds(vec![of("the-thao")]);
    assert_eq!(newsroom.ids(), (0..66).collect());
    newsroom.categories = vec![Template::parse("{section}").unwrap()];
    assert_eq!(newsroom.ids().len(), 1000);
}

#[test]
fn a_table_of_another_kind_is_read_whole() {
    for (change, said) in [
        ("CREATE TABLE articles (id INTEGER, title TEXT)", "no column is date_published"),
        ("CREATE TABLE articles (id INTEGER, date TEXT, published TEXT)", "several columns"),
        ("CREATE TABLE articles (id INTEGER, date TEXT, category JSON)", "lists"),
        (
            "CREATE TABLE articles (id INTEGER, date TEXT); INSERT INTO articles VALUES (1, '5/11/2024')",
            "does not sort",
        ),
        (
            "CREATE TABLE articles (id INTEGER, date TEXT, category TEXT);
             INSERT INTO articles VALUES (1, '2024-11-05', '[\"a\"]')",
            "lists",
        ),
    ] {
        let newsroom = Newsroom::new(change);
        let remarks = newsroom.remarks();
        assert!(remarks.contains("read whole") && remarks.contains(said), "{change}: {remarks}");
    }
}

#[test]
fn statements_are_shown_as_they_run() {
    let newsroom = Newsroom::new(&format!("{THOUSAND} CREATE INDEX c ON articles (category, date);"));
    let (_, shown) = newsroom.with(Rows::Table("articles"), statements).unwrap();
    let connection = rusqlite::Connection::open(newsroom.folder.path().join("a.db")).unwrap();
    for statement in &shown {
        let plan: Vec<String> = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {statement}"))
            .unwrap()
            .query_map([], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        // The recursion's own table and the one value of the form are read through; the articles are searched.
        assert!(
            plan.iter().all(|step| !step.contains("SCAN articles") || step.contains("INDEX")),
            "{statement}: {plan:?}"
        );
    }
    let last = shown.last().unwrap();
    assert!(
        last.starts_with("SELECT \"id\", \"title\", \"category\", \"date\" FROM \"articles\" WHERE ("),
        "{last}"
    );
}

#[test]
fn what_goes_wrong_is_said() {
    let newsroom = Newsroom::new(THOUSAND);
    let said = |rows| newsroom.try_bring(rows, None).unwrap_err().to_string();
    assert_eq!(
        said(Rows::Table("article")),
        "there is no table `article` in sqlite:a.db, which has articles"
    );
    assert_eq!(
        said(Rows::Query("SELECT *\nFROM article")),
        "cannot read what the query asks for from sqlite:a.db: no such table: article"
    );
    assert_eq!(
        said(Rows::Query("SELECT *\nFROM articles, WHERE")),
        "cannot read what the query asks for from sqlite:a.db: near \"WHERE\": syntax error (line 2, column 16 of the statement)"
    );
    assert!(said(Rows::Query("DELETE FROM articles")).contains("does not ask for rows"));
    assert!(said(Rows::Query("DELETE FROM articles RETURNING id")).contains("does not ask for rows"));
    assert!(
        said(Rows::Query("SELECT id, title AS id FROM articles")).contains("two columns of the name `id`")
    );
    std::fs::remove_file(newsroom.folder.path().join("a.db")).unwrap();
    assert_eq!(said(Rows::Table("articles")), "cannot connect to sqlite:a.db: there is no such file");
    std::fs::write(newsroom.folder.path().join("a.db"), "no database at all, but text").unwrap();
    assert!(said(Rows::Table("articles")).contains("not a database"), "{}", said(Rows::Table("articles")));
}

#[test]
fn a_statement_without_end_is_stopped() {
    let newsroom = Newsroom::new(THOUSAND);
    let endless =
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT max(n) AS id FROM n";
    let error = newsroom.with(Rows::Query(endless), |request| {
        let request = Request { timeout: Duration::from_millis(200), ..*request };
        bring(&request, None, &mut Vec::new()).unwrap_err().to_string()
    });
    assert_eq!(error, "sqlite:a.db gave no answer within 1 seconds");
}
