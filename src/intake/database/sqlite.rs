//! SQLite: a file that is read in place, by the library that comes with the program.
//!
//! Specification: [SQLite's C interface](https://www.sqlite.org/c3ref/intro.html) by rusqlite.

use super::deadline::Deadline;
use super::placeholder;
use super::row::{Cell, Take};
use super::{Column, Fault, Kind, Session, Table};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) struct Sqlite {
    connection: Connection,
    deadline: Deadline,
}

/// After how many steps of its machine SQLite is asked to look at the clock.
const STEPS: i32 = 10_000;

impl Sqlite {
    pub(super) fn open(path: &Path, deadline: Deadline) -> Result<Self, Fault> {
        if !path.is_file() {
            return Err(Fault::Connect("there is no such file".to_owned()));
        }
        let open = || -> Result<Connection, rusqlite::Error> {
            let mut connection = Connection::open_with_flags(
                path,
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?;
            connection.busy_timeout(deadline.connecting())?;
            connection.progress_handler(STEPS, Some(move || deadline.has_passed()))?;
            // Everything is read as it is at the first statement.
            connection.execute_batch("PRAGMA query_only = ON; BEGIN")?;
            connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
            Ok(connection)
        };
        let connection = open().map_err(|error| match fault(&error) {
            Fault::Read(reason) => Fault::Connect(reason),
            other => other,
        })?;
        Ok(Self { connection, deadline })
    }

    fn pragma(&self, statement: &str, table: &str) -> Result<Vec<Vec<String>>, Fault> {
        let read = || -> Result<Vec<Vec<String>>, rusqlite::Error> {
            let mut statement = self.connection.prepare(statement)?;
            let width = statement.column_count();
            let rows =
                statement.query_map([table], |row| (0..width).map(|index| row.get(index)).collect())?;
            rows.collect()
        };
        read().map_err(|error| fault(&error))
    }
}

fn fault(error: &rusqlite::Error) -> Fault {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::OperationInterrupted => {
            Fault::TookTooLong
        }
        // The statement itself is not repeated, only what is wrong with it and where.
        rusqlite::Error::SqlInputError { msg, offset, sql, .. } => {
            let before = usize::try_from(*offset).ok().and_then(|offset| sql.get(..offset));
            Fault::Read(match before {
                Some(before) if *offset >= 0 => {
                    let line = before.matches('\n').count() + 1;
                    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
                    format!("{msg} (line {line}, column {column} of the statement)")
                }
                _ => msg.clone(),
            })
        }
        other => Fault::read(other),
    }
}

impl Session for Sqlite {
    fn table(&mut self, name: &str) -> Result<Table, Fault> {
        // Virtual columns are columns, hidden ones of virtual tables are none.
        let columns = self.pragma(
            "SELECT name, coalesce(type, ''), \"notnull\" || '' FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid",
            name,
        )?;
        if columns.is_empty() {
            return Err(Fault::NoTable(Vec::new()));
        }
        let members = self.pragma(
            "SELECT list.name, info.name FROM pragma_index_list(?1) list, pragma_index_info(list.name) info \
             WHERE list.partial = 0 AND info.name IS NOT NULL ORDER BY list.name, info.seqno",
            name,
        )?;
        let mut indexes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in members {
            if let [index, column] = row.as_slice() {
                indexes.entry(index.clone()).or_default().push(column.clone());
            }
        }
        let column = |row: Vec<String>| match row.as_slice() {
            [name, declared, not_null] => {
                Some(Column { name: name.clone(), kind: kind(declared), may_be_null: not_null != "1" })
            }
            _ => None,
        };
        Ok(Table {
            name: self.quoted(name),
            columns: columns.into_iter().filter_map(column).collect(),
            indexes: indexes.into_values().collect(),
        })
    }

    fn tables(&self) -> &'static str {
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT 20"
    }

    fn rows(&mut self, statement: &str, since: Option<&str>, take: &mut dyn Take) -> Result<(), Fault> {
        let mut prepared = self.connection.prepare(statement).map_err(|error| fault(&error))?;
        if !prepared.readonly() || prepared.column_count() == 0 {
            return Err(Fault::Read("the statement does not ask for rows".to_owned()));
        }
        if placeholder::has_since(statement) {
            let bound = match since {
                // A number is a number to a column of numbers, and a text to one of texts.
                Some(since) => match since.parse::<i64>() {
                    Ok(number) => prepared.raw_bind_parameter(":since", number),
                    Err(_) => prepared.raw_bind_parameter(":since", since),
                },
                // Before every number that is a moment, and before every text.
                None => prepared.raw_bind_parameter(":since", 0),
            };
            bound.map_err(|error| fault(&error))?;
        }
        take.columns(&prepared.column_names().collect::<Vec<_>>())?;
        // SQLite has no type for JSON: what the table declares as such is.
        let is_json: Vec<bool> = prepared
            .columns()
            .map(|column| {
                column.decl_type().is_some_and(|declared| declared.to_ascii_uppercase().contains("JSON"))
            })
            .collect();
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next().map_err(|error| fault(&error))? {
            if self.deadline.has_passed() {
                return Err(Fault::TookTooLong);
            }
            for (index, is_json) in is_json.iter().enumerate() {
                match row.get_ref(index).map_err(|error| fault(&error))? {
                    ValueRef::Null => take.cell(index, Cell::Null),
                    ValueRef::Integer(number) => take.cell(index, Cell::Integer(number)),
                    ValueRef::Real(number) => take.cell(index, Cell::Real(number)),
                    ValueRef::Blob(_) => take.cell(index, Cell::Binary),
                    ValueRef::Text(bytes) => {
                        let text = String::from_utf8_lossy(bytes);
                        let is_json =
                            *is_json && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
                        take.cell(index, if is_json { Cell::Json(&text) } else { Cell::Text(&text) });
                    }
                }
            }
            take.end()?;
        }
        Ok(())
    }

    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// What a column that is declared like that holds, by SQLite's rules of affinity. Any column may hold anything.
fn kind(declared: &str) -> Kind {
    let declared = declared.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    match () {
        () if has(&["JSON"]) => Kind::Other,
        () if has(&["INT", "BOOL", "REAL", "FLOA", "DOUB"]) => Kind::Number,
        () if has(&["BLOB"]) => Kind::Binary,
        () => Kind::Text,
    }
}
