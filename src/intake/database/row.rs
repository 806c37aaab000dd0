//! Rows made lines: the cells of a row become the members of a JSON object.
//!
//! Specification: [JSON Lines](https://jsonlines.org/), [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259).

use super::{Brought, Fault, Request};
use crate::date;
use crate::vocabulary::FIELDS;
use chrono::{DateTime, FixedOffset};
use std::collections::BTreeSet;
use std::io::Write;

/// The name under which a query gives the moment that `:since` is to be, where it is none of the article's dates.
const SINCE_COLUMN: &str = "since";

/// The value of one column of one row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Null,
    Text(&'a str),
    /// A value as JSON writes it.
    Json(&'a str),
    Integer(i64),
    Real(f64),
    /// A moment in UTC as the database writes it, without saying so: `2026-11-20 10:00:00`.
    Utc(&'a str),
    Binary,
}

/// Who takes rows: first the names of the columns, then the cells of every row in their order.
pub(super) trait Take {
    fn columns(&mut self, names: &[&str]) -> Result<(), Fault>;
    fn cell(&mut self, column: usize, cell: Cell<'_>);
    fn end(&mut self) -> Result<(), Fault>;
}

/// The first cells of every row, as text.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) rows: Vec<Vec<Option<Scalar>>>,
    row: Vec<Option<Scalar>>,
}

/// A value that a statement can be given again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Scalar {
    Text(String),
    Number(String),
}

impl Scalar {
    /// What stands in a cell; `None`: nothing, or nothing that compares.
    pub(super) fn of(cell: Cell<'_>) -> Option<Self> {
        Some(match cell {
            Cell::Null | Cell::Binary => return None,
            Cell::Text(text) | Cell::Utc(text) => Self::Text(text.to_owned()),
            Cell::Json(json) => match serde_json::from_str(json).ok()? {
                serde_json::Value::String(text) => Self::Text(text),
                serde_json::Value::Number(_) => Self::Number(json.to_owned()),
                serde_json::Value::Null => return None,
                _ => Self::Text(json.to_owned()),
            },
            Cell::Integer(number) => Self::Number(number.to_string()),
            Cell::Real(number) => Self::Number(format!("{number}")),
        })
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
        }
    }
}

impl Take for Cells {
    fn columns(&mut self, _: &[&str]) -> Result<(), Fault> {
        Ok(())
    }

    fn cell(&mut self, _: usize, cell: Cell<'_>) {
        self.row.push(Scalar::of(cell));
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.rows.push(std::mem::take(&mut self.row));
        Ok(())
    }
}

/// What becomes of a column.
#[derive(Debug)]
struct Member {
    /// `"name":`; empty where the column is for `:since` alone.
    key: Vec<u8>,
    name: String,
    /// Whether the field that it is can hold a list, so that text which is one is taken for one.
    holds_lists: bool,
    /// Of which rank it is among the columns that `:since` is taken from, the lowest first.
    moment: Option<usize>,
}

/// Writes rows as lines.
pub(super) struct Lines<'a> {
    request: &'a Request<'a>,
    out: &'a mut dyn Write,
    members: Vec<Member>,
    line: Vec<u8>,
    rows: u64,
    binary: BTreeSet<String>,
    /// The moment of the row that is being read, behind its rank, and whether it is in UTC without saying so.
    moment: Option<(usize, Scalar, bool)>,
    newest: Option<(DateTime<FixedOffset>, String)>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(request: &'a Request<'a>, out: &'a mut dyn Write) -> Self {
        Self {
            request,
            out,
            members: Vec::new(),
            line: Vec::new(),
            rows: 0,
            binary: BTreeSet::new(),
            moment: None,
            newest: None,
        }
    }

    pub(super) fn finish(self) -> Brought {
        let remarks = self.binary.iter().map(|name| {
            format!("the column `{name}` holds binary data, which no field of an article is; it is left out")
        });
        Brought {
            rows: self.rows,
            since: self.newest.map(|(_, written)| written),
            remarks: remarks.collect(),
        }
    }

    fn member(&self, name: &str) -> Member {
        let fields: Vec<(&str, usize)> = (self.request.names.of(name))
            .filter_map(|(index, rank)| Some((FIELDS.get(index)?.name, rank)))
            .collect();
        let is_since = name.eq_ignore_ascii_case(SINCE_COLUMN);
        let moment = |field: &str, from: usize| {
            fields.iter().find(|(name, _)| *name == field).map(|(_, rank)| from + rank)
        };
        Member {
            key: match is_since {
                true => Vec::new(),
                false => [serde_json::Value::from(name).to_string().as_bytes(), b":"].concat(),
            },
            name: name.to_owned(),
            holds_lists: fields
                .iter()
                .any(|(field, _)| ["authors", "categories", "tags", "image", "attachments"].contains(field)),
            moment: match is_since {
                true => Some(0),
                false => moment("date_modified", 1).or_else(|| moment("date_published", 1_000_000)),
            },
        }
    }

    /// Takes note of the row's moment, where it is the newest that has come already: what is under embargo must not keep
    /// the next run from asking for what changes until then.
    fn note_moment(&mut self) {
        let Some((_, value, is_utc)) = self.moment.take() else { return };
        let rules = date::Rules {
            zone: if is_utc { chrono_tz::UTC } else { self.request.zone },
            day_first: self.request.day_first,
            formats: self.request.date_formats,
        };
        let moment = match &value {
            Scalar::Text(text) => date::parse(text, &rules),
            Scalar::Number(number) => match serde_json::from_str(number) {
                Ok(number) => date::from_number(&number, &rules),
                Err(_) => return,
            },
        };
        let Ok(Some(moment)) = moment else { return };
        // Databases count microseconds, of which dates keep fewer: of one moment the greater text is the later one.
        let is_newer = self
            .newest
            .as_ref()
            .is_none_or(|(newest, written)| (moment, value.as_str()) > (*newest, written.as_str()));
        if moment <= self.request.now && is_newer {
            self.newest = Some((moment, value.as_str().to_owned()));
        }
    }
}

impl Take for Lines<'_> {
    fn columns(&mut self, names: &[&str]) -> Result<(), Fault> {
        let mut met = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !met.insert(**name)) {
            return Err(Fault::TwoColumns((*twice).to_owned()));
        }
        self.members = names.iter().map(|name| self.member(name)).collect();
        Ok(())
    }

    fn cell(&mut self, column: usize, cell: Cell<'_>) {
        let Some(member) = self.members.get(column) else { return };
        match cell {
            Cell::Null => return,
            Cell::Binary => {
                if !self.binary.contains(&member.name) {
                    self.binary.insert(member.name.clone());
                }
                return;
            }
            _ => {}
        }
        if let Some(rank) = member.moment
            && self.moment.as_ref().is_none_or(|(best, ..)| rank < *best)
            && let Some(value) = Scalar::of(cell)
        {
            self.moment = Some((rank, value, matches!(cell, Cell::Utc(_))));
        }
        if member.key.is_empty() {
            return;
        }
        let before = self.line.len();
        self.line.push(if self.line.is_empty() { b'{' } else { b',' });
        self.line.extend_from_slice(&member.key);
        let written = match cell {
            Cell::Json(json) => {
                // A line holds one record: JSON that somebody laid out over several lines is JSON on one as well.
                self.line
                    .extend(json.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
                true
            }
            Cell::Text(text) if member.holds_lists && is_list(text) => {
                self.line
                    .extend(text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
                true
            }
            Cell::Text(text) => serde_json::to_writer(&mut self.line, text).is_ok(),
            Cell::Utc(text) => {
                serde_json::to_writer(&mut self.line, &format!("{}Z", text.replacen(' ', "T", 1))).is_ok()
            }
            Cell::Integer(number) => serde_json::to_writer(&mut self.line, &number).is_ok(),
            // Infinity is no number of JSON.
            Cell::Real(number) if number.is_finite() => {
                serde_json::to_writer(&mut self.line, &number).is_ok()
            }
            Cell::Real(_) | Cell::Null | Cell::Binary => false,
        };
        if !written {
            self.line.truncate(before);
        }
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.note_moment();
        if self.line.is_empty() {
            self.line.push(b'{');
        }
        self.line.extend_from_slice(b"}\n");
        self.out.write_all(&self.line).map_err(Fault::Write)?;
        self.line.clear();
        self.rows += 1;
        Ok(())
    }
}

/// Whether a text is a list or an object in JSON.
pub(super) fn is_list(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with('[') || text.starts_with('{'))
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
