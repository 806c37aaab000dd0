//! The rows of a database, kept as a log: what is new since the last run is one file more, and of records that come again
//! the last one counts. A log that has grown to several times what it began with is begun anew.

use super::database::{self, Brought, DatabaseError, Request};
use super::environment::{Secrets, VariableError};
use super::{Circumstances, Drawer, IntakeError, Kept, Piece, Sheet};
use crate::database_url::{DatabaseUrl, DatabaseUrlError};
use crate::date;
use crate::plan::{Database, Intake, Plan, Rows, SourcePlan};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::io::{self, Write};
use xxhash_rust::xxh3::xxh3_64;

/// What is noted of a file of rows.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    /// The newest moment that was met up to this file, as the database writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// How many rows the file has.
    rows: u64,
    /// The hashes of all rows that came with it: a query with `>=` brings the newest ones every time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<u64>,
}

/// So many rows are known again, and no more.
const KNOWN: usize = 1_000;

/// So many files a log may have before its newer ones are made one.
const MOST_FILES: usize = 32;

/// So many rows may be new before a log is worth beginning anew.
const FEW: u64 = 1_000;

/// Why a database could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    #[error(transparent)]
    Variable(#[from] VariableError),
    #[error(transparent)]
    Url(#[from] DatabaseUrlError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Asks the database for its rows.
pub fn ask(
    database: &Database,
    intake: &Intake,
    drawer: &Drawer,
    source: &SourcePlan,
    plan: &Plan,
    circumstances: Circumstances,
) -> Result<Vec<Piece>, IntakeError> {
    let name = || intake.name().to_owned();
    let fault = |error: RowsError| IntakeError::Rows { name: name(), source: error };
    let url = url(database).map_err(fault)?;
    let request = request(database, &url, intake, source, plan, circumstances);
    let last = match &database.rows {
        Rows::Query(query) if database::asks_for_what_is_new(query) && !circumstances.anew => {
            drawer.last().unwrap_or_default()
        }
        _ => &[],
    };
    let notes: Vec<Note> = last.iter().map(note).collect();
    let log = if is_worn(&notes) { &[] } else { last };
    let newest = notes.last().filter(|_| !log.is_empty());
    let mut sheet = drawer.sheet(intake.max_size)?;
    let mut fresh = Fresh {
        sheet: &mut sheet,
        known: newest.map(|note| note.lines.iter().copied().collect()).unwrap_or_default(),
        met: Vec::new(),
        rows: 0,
    };
    let since = newest.and_then(|note| note.since.as_deref());
    let brought = database::bring(&request, since, &mut fresh).map_err(|error| match error {
        DatabaseError::Write { source, .. } if source.kind() == io::ErrorKind::FileTooLarge => {
            IntakeError::TooMuch { name: name(), limit: intake.max_size }
        }
        error => fault(error.into()),
    })?;
    let Fresh { met, rows, .. } = fresh;
    for remark in &brought.remarks {
        log::info!("{}: {remark}", name());
    }
    if rows == 0 && !log.is_empty() {
        return Ok(log.iter().cloned().map(Piece::Same).collect());
    }
    keep(log, &notes, (sheet, rows, met), brought, drawer, name())
}

/// The log with what came now.
fn keep(
    log: &[Kept],
    notes: &[Note],
    (sheet, rows, lines): (Sheet, u64, Vec<u64>),
    brought: Brought,
    drawer: &Drawer,
    name: String,
) -> Result<Vec<Piece>, IntakeError> {
    let mut new = sheet;
    let mut note = Note { since: brought.since, rows, lines };
    let mut pieces: Vec<Piece> = log.iter().cloned().map(Piece::Same).collect();
    if let [_, newer @ ..] = log
        && log.len() >= MOST_FILES
    {
        // What came later stays behind what came before.
        let mut one = drawer.sheet(u64::MAX)?;
        for kept in newer {
            io::copy(&mut drawer.open_kept(kept)?, &mut one).map_err(|error| drawer.fault(error))?;
        }
        let copied = new.open().and_then(|mut file| io::copy(&mut file, &mut one));
        copied.map_err(|error| drawer.fault(error))?;
        note.rows += notes.iter().skip(1).map(|note| note.rows).sum::<u64>();
        pieces.truncate(1);
        new = one;
    }
    let note = serde_json::to_value(note).unwrap_or_default();
    pieces.push(Piece::New { sheet: new, name, format: "jsonl", note });
    Ok(pieces)
}

/// Whether most of a log is what was replaced since.
fn is_worn(notes: &[Note]) -> bool {
    let Some((first, newer)) = notes.split_first() else { return false };
    newer.iter().map(|note| note.rows).sum::<u64>() > 2 * first.rows + FEW
}

fn note(kept: &Kept) -> Note {
    serde_json::from_value(kept.note.clone()).unwrap_or_default()
}

/// The database's URL, with what stands in the environment.
pub fn url(database: &Database) -> Result<DatabaseUrl, RowsError> {
    let mut secrets = Secrets::default();
    // A variable that holds the URL holds it as it is; a part of one is escaped.
    let url = match database.is_one_variable() {
        true => secrets.header(&database.url)?,
        false => secrets.address(&database.url)?,
    };
    Ok(DatabaseUrl::parse(&url, &database.folder)?)
}

/// What a database is asked for.
pub fn request<'a>(
    database: &'a Database,
    url: &'a DatabaseUrl,
    intake: &'a Intake,
    source: &'a SourcePlan,
    plan: &'a Plan,
    circumstances: Circumstances,
) -> Request<'a> {
    Request {
        address: url,
        rows: match &database.rows {
            Rows::Query(query) => database::Rows::Query(query),
            Rows::Table(table) => database::Rows::Table(table),
        },
        timeout: intake.timeout,
        names: &source.names,
        categories: &source.categories,
        date_formats: &source.date_formats,
        feeds: &plan.feeds,
        window: plan.output.window,
        zone: plan.site.zone,
        day_first: date::day_first(&plan.site.language),
        now: circumstances.now,
    }
}

/// Writes the rows that are not known yet. Each comes whole.
struct Fresh<'a> {
    sheet: &'a mut Sheet,
    known: HashSet<u64>,
    met: Vec<u64>,
    rows: u64,
}

impl Write for Fresh<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let hash = xxh3_64(line);
        if self.met.len() < KNOWN {
            self.met.push(hash);
        }
        if !self.known.contains(&hash) {
            self.sheet.write_all(line)?;
            self.rows += 1;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sheet.flush()
    }
}
