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
            // As the server writes a date.
            Cell::Json(json) if let Some(text) = plain(json) => Self::Text(text.to_owned()),
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

/// What a text of JSON says, where nothing in it is escaped.
fn plain(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'"').then_some(text)
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
        if let (Scalar::Text(text), Some((_, newest)), true) =
            (&value, &self.newest, self.request.date_formats.is_empty())
            && is_no_later(text, newest)
        {
            return;
        }
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
            Cell::Text(text) => {
                write_text(&mut self.line, text);
                true
            }
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

/// How many bytes are looked at together.
const TOGETHER: usize = 64;

/// Writes a text as JSON, as serde_json does, but many bytes at a time: few of them are escaped.
fn write_text(line: &mut Vec<u8>, text: &str) {
    let is_escaped = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    line.push(b'"');
    for bytes in text.as_bytes().chunks(TOGETHER) {
        // Without a way out the loop is one that the compiler makes wide.
        if !bytes.iter().fold(false, |met, byte| met | is_escaped(*byte)) {
            line.extend_from_slice(bytes);
            continue;
        }
        for byte in bytes.iter().copied() {
            let short = match byte {
                b'"' | b'\\' => byte,
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0x08 => b'b',
                0x0C => b'f',
                0..0x20 => {
                    let digit = |nibble: u8| b"0123456789abcdef"[usize::from(nibble & 15)];
                    line.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte)]);
                    continue;
                }
                _ => {
                    line.push(byte);
                    continue;
                }
            };
            line.extend_from_slice(&[b'\\', short]);
        }
    }
    line.push(b'"');
}

/// Whether two moments of ISO 8601 are written alike, in one offset, and the first is not the later one: of most rows that
/// tells enough.
fn is_no_later(moment: &str, newest: &str) -> bool {
    const LENGTH: usize = "2026-11-20T10:00:00".len();
    let (moment, newest) = (moment.as_bytes(), newest.as_bytes());
    let is_iso = |text: &[u8]| {
        text.len() >= LENGTH
            && text.iter().take(LENGTH).zip(b"0000-00-00T00:00:00").all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b' '),
                form => byte == form,
            })
    };
    let says_offset = |text: &[u8]| text.iter().skip(LENGTH).any(|byte| matches!(byte, b'Z' | b'+' | b'-'));
    is_iso(moment)
        && is_iso(newest)
        && says_offset(newest)
        && moment.get(10) == newest.get(10)
        && moment.get(LENGTH..) == newest.get(LENGTH..)
        && moment <= newest
}

/// Whether a text is a list or an object in JSON.
pub(super) fn is_list(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with('[') || text.starts_with('{'))
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_written_as_serde_json_writes_them(words in prop::collection::vec("[ -~\\x00-\\x1FĐệ😀]{0,40}", 0..12)) {
            let text = words.concat();
            let mut line = Vec::new();
            write_text(&mut line, &text);
            prop_assert_eq!(String::from_utf8(line).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn what_is_written_alike_is_compared_as_it_is_written() {
        let newest = "2026-11-20T10:00:00+00:00";
        for older in [newest, "2026-11-20T09:59:59+00:00", "2025-12-31T23:59:59+00:00"] {
            assert!(is_no_later(older, newest), "{older}");
        }
        for other in [
            "2026-11-20T10:00:01+00:00",
            "2026-11-20T09:00:00+07:00",
            "2026-11-20 09:00:00+00:00",
            "2026-11-20T09:00:00.5+00:00",
            "2026-11-20T09:00",
            "20/11/2025 09:00:00+00:00",
            "",
        ] {
            assert!(!is_no_later(other, newest), "{other}");
        }
        // Without an offset they may be of two zones.
        assert!(!is_no_later("2026-11-20 09:00:00", "2026-11-20 10:00:00"));
    }
}
