//! Articles in databases: SQLite, PostgreSQL, MySQL and MariaDB. Rows are asked for by a query of the newsroom's or by one
//! that is written here, and become lines of JSON, one by one, in constant memory.
//!
//! A run reads in one read-only transaction, so that all rows are of one moment. Columns become fields by their names;
//! NULL is left out, and so are binary columns, with a remark. Numbers keep every digit. A date with a time zone is written
//! as RFC 3339; one without stays without.
//!
//! Knows no feed file and no spool: where lines go to is handed in, and what the newest moment was goes back to whoever
//! asked. No text that leaves this module holds a password.

mod deadline;
mod moment;
mod mysql;
mod placeholder;
mod postgres;
mod reach;
mod row;
mod select;
mod sqlite;
mod tls;

use crate::database_url::{self, DatabaseUrl};
use crate::plan::Feeds;
use crate::selection::Window;
use crate::template::Template;
use crate::vocabulary::Names;
use chrono::{DateTime, Utc};
use deadline::Deadline;
use row::{Lines, Take};
use std::io::{self, Write};
use std::time::Duration;

/// What a database is asked for, and all that decides on it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub address: &'a DatabaseUrl,
    pub rows: Rows<'a>,
    /// After how long a run is given up, from connecting to the last row.
    pub timeout: Duration,
    /// Which columns are which fields.
    pub names: &'a Names,
    /// What categories an article has that states none.
    pub categories: &'a [Template],
    pub date_formats: &'a [String],
    pub feeds: &'a Feeds,
    /// That of the feeds that are not listed.
    pub window: Window,
    /// The zone of dates that name none.
    pub zone: chrono_tz::Tz,
    /// Whether `5/11/2024` is the 5th of November.
    pub day_first: bool,
    /// The moment of the run: what is published later is under embargo.
    pub now: DateTime<Utc>,
}

/// Which rows.
#[derive(Debug, Clone, Copy)]
pub enum Rows<'a> {
    /// Those of a statement, in which `:since` may stand.
    Query(&'a str),
    /// Those of a table or view that feeds can hold.
    Table(&'a str),
}

/// What a run brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brought {
    /// How many rows were written.
    pub rows: u64,
    /// The newest moment that was met, as the database writes it, for the next run; `None` where none was.
    pub since: Option<String>,
    /// What is worth telling: binary columns that were left out, a table that had to be read whole.
    pub remarks: Vec<String>,
}

/// Why rows could not be brought.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("cannot connect to {database}: {reason}")]
    Connect { database: String, reason: String },
    #[error("{database} gave no answer within {seconds} seconds")]
    TookTooLong { database: String, seconds: u64 },
    #[error("cannot read {what} from {database}: {reason}")]
    Read { database: String, what: String, reason: String },
    #[error("there is no table `{table}` in {database}{}", which(.known))]
    NoTable { database: String, table: String, known: Vec<String> },
    #[error("the query gives two columns of the name `{column}`; give one of them another name with AS")]
    TwoColumns { column: String },
    #[error("cannot write the rows of {database}")]
    Write { database: String, source: io::Error },
}

/// What goes wrong on the way, before it is said of which database.
#[derive(Debug)]
enum Fault {
    Connect(String),
    TookTooLong,
    Read(String),
    /// With the names of those that there are.
    NoTable(Vec<String>),
    TwoColumns(String),
    Write(io::Error),
}

impl Fault {
    fn read(error: impl std::fmt::Display) -> Self {
        Self::Read(error.to_string())
    }

    fn of(self, request: &Request<'_>) -> DatabaseError {
        let database = request.address.name().to_owned();
        let what = match request.rows {
            Rows::Query(_) => "what the query asks for".to_owned(),
            Rows::Table(table) => format!("the table `{table}`"),
        };
        let clean = |reason: String| request.address.without_secrets(&reason);
        match self {
            Self::Connect(reason) => DatabaseError::Connect { database, reason: clean(reason) },
            Self::TookTooLong => {
                DatabaseError::TookTooLong { database, seconds: request.timeout.as_secs().max(1) }
            }
            Self::Read(reason) => DatabaseError::Read { database, what, reason: clean(reason) },
            Self::NoTable(known) => match request.rows {
                Rows::Table(table) => DatabaseError::NoTable { database, table: table.to_owned(), known },
                Rows::Query(_) => DatabaseError::Read { database, what, reason: "no such table".to_owned() },
            },
            Self::TwoColumns(column) => DatabaseError::TwoColumns { column },
            Self::Write(source) => DatabaseError::Write { database, source },
        }
    }
}

/// So many tables are named where one is not found.
const NAMED: usize = 12;

/// Which tables there are; nothing where that is not known.
fn which(known: &[String]) -> String {
    let names: Vec<&str> = known.iter().take(NAMED).map(String::as_str).collect();
    let more = if known.len() > NAMED { ", …" } else { "" };
    match names.is_empty() {
        true => String::new(),
        false => format!(", which has {}{more}", names.join(", ")),
    }
}

/// A connection, in a read-only transaction that sees one moment.
trait Session {
    /// What the catalogue says of a table or view.
    fn table(&mut self, name: &str) -> Result<Table, Fault>;
    /// The statement that gives the names of all tables and views that may be read.
    fn tables(&self) -> &'static str;
    /// Hands over the rows of a statement one by one. `:since` is what was given, or a moment before all articles.
    fn rows(&mut self, statement: &str, since: Option<&str>, take: &mut dyn Take) -> Result<(), Fault>;
    /// Whether `DISTINCT` steps from value to value in an index by itself.
    fn steps_through_indexes(&self) -> bool {
        false
    }
    /// A name between the marks that make any name one.
    fn quoted(&self, name: &str) -> String;
    /// A text as it is written in a statement.
    fn text(&self, text: &str) -> String;
}

/// A table or view.
#[derive(Debug, Default)]
struct Table {
    /// As it is written in a statement.
    name: String,
    columns: Vec<Column>,
    /// The columns of each index that holds every row, in their order.
    indexes: Vec<Vec<String>>,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    kind: Kind,
    may_be_null: bool,
}

/// What a column holds, as far as a statement has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Truth,
    /// A date of the database's own, and how it is written.
    Moment(moment::Form),
    /// JSON, an array, or something else that no simple comparison is made with.
    Other,
    /// Bytes, which no field can hold.
    Binary,
}

/// Asks a database for the rows of a request and writes them as JSON Lines. `since` is what the last run gave back
/// ([`Brought::since`]); only a query that names `:since` looks at it.
pub fn bring(
    request: &Request<'_>,
    since: Option<&str>,
    out: &mut dyn Write,
) -> Result<Brought, DatabaseError> {
    let mut bring = || {
        let mut session = open(request)?;
        let mut lines = Lines::new(request, out);
        let mut remarks = Vec::new();
        match request.rows {
            Rows::Query(query) => session.rows(placeholder::without_end(query), since, &mut lines)?,
            Rows::Table(name) => {
                let selection = select::selection(session.as_mut(), name, request)?;
                remarks = selection.remarks;
                for statement in &selection.rows {
                    session.rows(statement, None, &mut lines)?;
                }
            }
        }
        let mut brought = lines.finish();
        brought.remarks.splice(0..0, remarks);
        // Where nothing came, the moment of the last run holds on.
        brought.since = brought.since.or_else(|| since.map(str::to_owned));
        Ok(brought)
    };
    bring().map_err(|fault: Fault| fault.of(request))
}

/// Whether a query asks only for what is new since the last run.
pub fn asks_for_what_is_new(query: &str) -> bool {
    placeholder::has_since(query)
}

/// The statements that bring the rows, in their order, behind what is to be remarked on them. Of a table they depend on
/// what stands in it, and it is asked.
pub fn statements(request: &Request<'_>) -> Result<(Vec<String>, Vec<String>), DatabaseError> {
    let explain = || match request.rows {
        Rows::Query(query) => Ok((Vec::new(), vec![placeholder::without_end(query).to_owned()])),
        Rows::Table(name) => {
            let mut session = open(request)?;
            let selection = select::selection(session.as_mut(), name, request)?;
            Ok((selection.remarks, selection.asked.into_iter().chain(selection.rows).collect()))
        }
    };
    explain().map_err(|fault: Fault| fault.of(request))
}

fn open(request: &Request<'_>) -> Result<Box<dyn Session>, Fault> {
    let deadline = Deadline::after(request.timeout);
    Ok(match request.address.kind() {
        database_url::Kind::Sqlite(path) => Box::new(sqlite::Sqlite::open(path, deadline)?),
        database_url::Kind::Postgres(server) => Box::new(postgres::Postgres::open(server, deadline)?),
        database_url::Kind::Mysql(server) => Box::new(mysql::Mysql::open(server, deadline)?),
    })
}

#[cfg(test)]
mod tests;
