//! Tables of articles in files of SQLite, read as a build would read them.

use super::Candidate;
use super::folder::{Folder, extension};
use super::sample::{Record, Sample};
use super::words::are_articles;
use crate::database_url::DatabaseUrl;
use crate::diagnostic::Place;
use crate::intake::database::{Request, Rows, bring};
use crate::plan::Feeds;
use crate::selection::Window;
use crate::sources;
use crate::vocabulary::Names;
use chrono::DateTime;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// What files of SQLite are called.
const EXTENSIONS: [&str; 4] = ["db", "sqlite", "sqlite3", "db3"];

/// With what they begin (<https://www.sqlite.org/fileformat.html#the_database_header>).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// How many folders down, how many files and tables, and how many rows of a table are looked at.
const DEPTH: usize = 2;
const MOST_FILES: usize = 10;
const MOST_TABLES: usize = 200;
const MOST_ROWS: usize = 500;

/// How long a table may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Tables and views that hold articles.
pub fn find(folder: &Folder<'_>) -> Vec<Candidate> {
    let files = folder.below("", DEPTH);
    let databases = files.iter().filter(|file| is_database(folder, file)).take(MOST_FILES);
    databases.flat_map(|file| tables(folder, file)).collect()
}

fn is_database(folder: &Folder<'_>, file: &str) -> bool {
    let mut head = [0; MAGIC.len()];
    EXTENSIONS.contains(&extension(file).to_ascii_lowercase().as_str())
        // What feeds.toml would take for a variable of the environment.
        && !file.contains("${")
        && File::open(folder.path(file)).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
        && head == *MAGIC
}

fn tables(folder: &Folder<'_>, file: &str) -> Vec<Candidate> {
    let schema = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let rows = rows(folder, file, &format!("{schema} LIMIT {MOST_TABLES}"));
    let names = rows.iter().filter_map(|row| row.get("name")?.as_str());
    let of = |name: &str| {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let rows = self::rows(folder, file, &format!("SELECT * FROM {quoted} LIMIT {}", MOST_ROWS + 1));
        let more = rows.len() > MOST_ROWS;
        let place = Place::new(&file.into(), 1, 1);
        let records = rows.into_iter().take(MOST_ROWS).map(|fields| Record { fields, place: place.clone() });
        let sample = Sample { records: records.collect(), more };
        let format = sources::named("jsonl").filter(|_| are_articles(&sample.records, true))?;
        let mut candidate = Candidate::new(format!("sqlite:{file}"), format, 1, sample);
        candidate.table = Some(name.to_owned());
        Some(candidate)
    };
    names.filter_map(of).collect()
}

/// The rows of a statement; none where the database cannot be read, which the build would say.
fn rows(folder: &Folder<'_>, file: &str, statement: &str) -> Vec<sources::Fields> {
    let Ok(address) = DatabaseUrl::parse(&format!("sqlite:{file}"), &absolute(&folder.path(""))) else {
        return Vec::new();
    };
    let request = Request {
        address: &address,
        rows: Rows::Query(statement),
        timeout: TIMEOUT,
        names: &Names::new(&HashMap::new()),
        categories: &[],
        date_formats: &[],
        feeds: &Feeds::EveryCategory,
        window: Window { limit: 1, hours: 0, max_size: 1 },
        zone: chrono_tz::UTC,
        day_first: true,
        // What is newer than it does not matter to a statement that asks for everything.
        now: DateTime::UNIX_EPOCH,
    };
    let mut lines = Vec::new();
    if let Err(error) = bring(&request, None, &mut lines) {
        log::debug!("{error}");
        return Vec::new();
    }
    let lines = lines.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

fn absolute(path: &Path) -> std::path::PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
