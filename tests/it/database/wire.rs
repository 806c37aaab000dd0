//! A database asked without a newspaper around it: the lines that come.

use bantin::database_url::DatabaseUrl;
use bantin::intake::database::{Brought, DatabaseError, Request, Rows, bring, statements};
use bantin::plan::Feeds;
use bantin::selection::Window;
use bantin::vocabulary::Names;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Asks within so much time; where lines go to is handed in.
pub fn ask(
    url: &str,
    rows: Rows<'_>,
    since: Option<&str>,
    timeout: Duration,
    out: &mut dyn Write,
) -> Result<Brought, DatabaseError> {
    with(url, rows, timeout, |request| bring(request, since, out))
}

fn with<T>(url: &str, rows: Rows<'_>, timeout: Duration, what: impl FnOnce(&Request<'_>) -> T) -> T {
    let address = DatabaseUrl::parse(url, Path::new("/")).unwrap();
    let names = Names::new(&HashMap::new());
    what(&Request {
        address: &address,
        rows,
        timeout,
        names: &names,
        categories: &[],
        date_formats: &[],
        feeds: &Feeds::EveryCategory,
        window: Window { limit: 1, hours: 0, max_size: 64 },
        zone: chrono_tz::Asia::Ho_Chi_Minh,
        day_first: true,
        now: "2026-11-21T00:00:00Z".parse().unwrap(),
    })
}

/// The lines of a query.
pub fn lines(url: &str, rows: Rows<'_>, since: Option<&str>) -> (Brought, Vec<Value>) {
    let mut out = Vec::new();
    let brought = ask(url, rows, since, Duration::from_secs(60), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    (brought, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The ids of the rows of a table that come.
pub fn ids(url: &str, table: &str) -> BTreeSet<i64> {
    let (_, lines) = lines(url, Rows::Table(table), None);
    lines.iter().map(|line| line["id"].as_i64().unwrap()).collect()
}

/// What is said of a failure.
pub fn failure(url: &str, rows: Rows<'_>, timeout: Duration) -> String {
    ask(url, rows, None, timeout, &mut Vec::new()).unwrap_err().to_string()
}

/// The statements that a table is asked with.
pub fn explained(url: &str, table: &str) -> Vec<String> {
    with(url, Rows::Table(table), Duration::from_secs(60), statements).unwrap().1
}
