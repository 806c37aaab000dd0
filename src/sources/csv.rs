//! Tables: CSV (<https://www.rfc-editor.org/rfc/rfc4180>) and TSV, one record a row, the first line naming the columns.
//!
//! Read row by row: memory holds one of them. Columns that a program made of a list or an object (`tags/0`, `tags.1`,
//! `tags[2]`, `author/name`) are put together again. An empty cell is an absent field.

use super::support::{encoding, position::Position};
use super::{Fields, Input, Locate, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use ::csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::io::{self, BufRead, Cursor, Read};
use std::rc::Rc;
use std::sync::Arc;
pub use table::{Cutter, Table};

mod table;

/// Cells between commas, or whatever the first line shows.
pub struct Csv;

/// Cells between tabs.
pub struct Tsv;

impl Source for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv"]
    }

    fn about(&self) -> &'static str {
        "CSV: one article a row; commas, semicolons, tabs or bars between the cells"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        read(input, options, b',', sink)
    }

    fn table(&self, start: &[u8], options: &Options) -> Option<Table> {
        Table::of(start, options, b',')
    }
}

impl Source for Tsv {
    fn name(&self) -> &'static str {
        "tsv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["tsv", "tab"]
    }

    fn about(&self) -> &'static str {
        "TSV: one article a row, tabs between the cells"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        read(input, options, b'\t', sink)
    }

    fn table(&self, start: &[u8], options: &Options) -> Option<Table> {
        Table::of(start, options, b'\t')
    }
}

/// What may stand between cells where feeds.toml does not say.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most bytes of the first line that are looked at.
const FIRST_LINE: u64 = 1 << 20;

fn read(input: Input<'_>, options: &Options, usual: u8, sink: &mut dyn Sink) -> io::Result<()> {
    let mut text = encoding::open(input.reader, options.encoding)?;
    let mut first = Vec::new();
    text.by_ref().take(FIRST_LINE).read_until(b'\n', &mut first)?;
    let quote = options.quote.unwrap_or(b'"');
    let (delimiter, named) = delimiter(&first, options, quote, usual);
    if named {
        first.clear();
    }
    let reader = Cursor::new(first).chain(text);
    let mut rows = Rows::new(reader, input.name, (delimiter, quote), (0, 1 + u64::from(named)));
    let mut columns: Option<Vec<Column>> =
        options.columns.as_deref().map(|names| names.iter().map(|name| Column::of(name)).collect());
    while rows.next()? {
        match &columns {
            _ if rows.is_empty() => {}
            Some(columns) => rows.hand_over(columns, sink),
            None => match rows.header() {
                Ok(header) => columns = Some(header),
                Err(diagnostic) => {
                    sink.unreadable(diagnostic);
                    return Ok(());
                }
            },
        }
    }
    Ok(())
}

/// The delimiter of a table with that first line, and whether the line does nothing but name it.
fn delimiter(first: &[u8], options: &Options, quote: u8, usual: u8) -> (u8, bool) {
    // Excel's own line.
    let named = match first.trim_ascii().strip_prefix(b"sep=") {
        Some([delimiter]) => Some(*delimiter),
        _ => None,
    };
    let delimiter = options.delimiter.or(named).unwrap_or_else(|| sniffed(first, quote, usual));
    (delimiter, named.is_some())
}

/// The delimiter that the first line has most of, outside quotation marks; the usual one in doubt.
fn sniffed(line: &[u8], quote: u8, usual: u8) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == quote;
        if let (false, Some(count)) =
            (quoted, DELIMITERS.iter().zip(&mut counts).find_map(|(d, count)| (d == byte).then_some(count)))
        {
            *count += 1;
        }
    }
    let count =
        |wanted| DELIMITERS.iter().zip(&counts).find(|(d, _)| **d == wanted).map_or(0, |(_, count)| *count);
    // A tab is in no header by chance.
    if usual == b'\t' && count(usual) > 0 {
        return usual;
    }
    let best = DELIMITERS.iter().zip(&counts).max_by_key(|(d, count)| (**count, **d == usual));
    best.filter(|(_, count)| **count > 0).map_or(usual, |(delimiter, _)| *delimiter)
}

/// The bytes that the parser has taken.
#[derive(Default)]
struct Tail {
    bytes: Vec<u8>,
    /// Where among them the row begins that is being read.
    row: usize,
}

/// Hands bytes on and remembers them.
struct Tee<R> {
    inner: R,
    tail: Rc<RefCell<Tail>>,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        let mut tail = self.tail.borrow_mut();
        let Tail { bytes, row } = &mut *tail;
        bytes.drain(..std::mem::take(row));
        bytes.extend_from_slice(into.get(..count).unwrap_or_default());
        Ok(count)
    }
}

struct Rows<R> {
    reader: ::csv::Reader<Tee<R>>,
    tail: Rc<RefCell<Tail>>,
    cells: ByteRecord,
    place: RowPlace,
    /// The line on which the next row begins, and its byte.
    line: u64,
    start: u64,
    /// The number of the first byte.
    byte: i64,
}

impl<R: Read> Rows<R> {
    /// The rows of what is read, of which bytes are counted from that one, and lines from that.
    fn new(inner: R, file: Arc<str>, (delimiter, quote): (u8, u8), (byte, line): (i64, u64)) -> Self {
        let tail = Rc::new(RefCell::new(Tail::default()));
        let reader = Tee { inner, tail: Rc::clone(&tail) };
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter).quote(quote);
        Self {
            reader: builder.from_reader(reader),
            tail,
            cells: ByteRecord::new(),
            place: RowPlace { file, line, byte: 0, raw: Vec::new(), delimiter, quote, columns: Vec::new() },
            line,
            start: 0,
            byte,
        }
    }

    /// Whether the row says nothing.
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim_ascii().is_empty())
    }

    /// Reads a row, and takes its own bytes out of the tail.
    fn next(&mut self) -> io::Result<bool> {
        let read =
            self.reader.read_byte_record(&mut self.cells).map_err(|error| match error.into_kind() {
                ::csv::ErrorKind::Io(error) => error,
                other => io::Error::other(format!("{other:?}")),
            })?;
        let end = self.reader.position().byte();
        let taken = usize::try_from(end - self.start).unwrap_or(usize::MAX);
        let mut tail = self.tail.borrow_mut();
        let Tail { bytes, row } = &mut *tail;
        let read_so_far = bytes.get(*row..).unwrap_or_default();
        let taken = taken.min(read_so_far.len());
        let raw = &mut self.place.raw;
        raw.clear();
        raw.extend_from_slice(read_so_far.get(..taken).unwrap_or_default());
        *row += taken;
        // The parser passes over blank lines before a row, and leaves the end of a `\r\n` to the next one.
        let blank = raw.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(raw.len());
        let newlines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.place.line = self.line + newlines(raw.get(..blank).unwrap_or_default());
        self.line += newlines(raw);
        self.place.byte = (self.start + blank as u64).saturating_add_signed(self.byte);
        raw.drain(..blank);
        self.start = end;
        Ok(read)
    }

    fn complain(&self, at: (u64, u64), message: String) -> Diagnostic {
        Diagnostic::left_out(Place::new(&self.place.file, at.0, at.1), message)
    }

    fn header(&mut self) -> Result<Vec<Column>, Diagnostic> {
        let mut columns = Vec::new();
        for (index, cell) in self.cells.iter().enumerate() {
            let name = std::str::from_utf8(cell).map_err(|_| self.not_utf_8(index))?;
            columns.push(Column::of(name.trim().trim_matches('"').trim()));
        }
        Ok(columns)
    }

    fn not_utf_8(&self, cell: usize) -> Diagnostic {
        let (line, column) = self.place.cell(cell);
        let raw = &self.place.raw;
        let at = std::str::from_utf8(raw).map_or_else(|error| error.valid_up_to(), str::len);
        encoding::not_utf_8("the cell", raw, at, Place::new(&self.place.file, line, column))
    }

    fn hand_over(&mut self, columns: &[Column], sink: &mut dyn Sink) {
        let surplus = self.cells.iter().skip(columns.len()).any(|cell| !cell.trim_ascii().is_empty());
        let (count, wanted) = (self.cells.len(), columns.len());
        if count < wanted || surplus {
            let at = if surplus { self.place.cell(wanted) } else { (self.place.line, 1) };
            let plural = if count == 1 { "" } else { "s" };
            let diagnostic = self
                .complain(at, format!("the row has {count} cell{plural}, and there are {wanted} columns"));
            let lines = self.line.saturating_sub(self.place.line);
            return sink.unreadable(match lines {
                0 | 1 => {
                    diagnostic.help("a delimiter in a text, perhaps, that has no quotation marks around it")
                }
                _ => diagnostic.help(format!(
                    "it goes over {lines} lines: a quotation mark that is not closed, perhaps"
                )),
            });
        }
        let mut fields = Fields::new();
        self.place.columns.clear();
        for (index, (column, cell)) in columns.iter().zip(self.cells.iter()).enumerate() {
            match simdutf8::basic::from_utf8(cell) {
                Ok(text) if !text.trim().is_empty() => {
                    column.put(&mut fields, text);
                    self.place.columns.push((column.name.clone(), index));
                    if let Some(Step::Name(top)) = column.path.first().filter(|_| column.path.len() > 1) {
                        self.place.columns.push((top.clone(), index));
                    }
                }
                Ok(_) => {}
                Err(_) => return sink.unreadable(self.not_utf_8(index)),
            }
        }
        fields.values_mut().for_each(without_gaps);
        sink.record(fields, &self.place);
    }
}

/// Where a row and its cells stand.
struct RowPlace {
    file: Arc<str>,
    line: u64,
    /// The byte of what is read at which it begins.
    byte: u64,
    raw: Vec<u8>,
    delimiter: u8,
    quote: u8,
    /// The fields and the cells that they came from.
    columns: Vec<(Arc<str>, usize)>,
}

impl RowPlace {
    /// Line and column of a cell.
    fn cell(&self, index: usize) -> (u64, u64) {
        let (mut cell, mut quoted, mut start) = (0, false, true);
        let mut offset = 0;
        for (at, byte) in self.raw.iter().enumerate() {
            if cell == index {
                break;
            }
            // A quotation mark within a cell that has none at its beginning is a character.
            if *byte == self.quote && (start || quoted) {
                quoted = !quoted;
            } else if *byte == self.quote && at > 0 && self.raw.get(at - 1) == Some(&self.quote) {
                quoted = true;
            } else if *byte == self.delimiter && !quoted {
                cell += 1;
                offset = at + 1;
                start = true;
                continue;
            }
            start = false;
        }
        let position = Position::START.advanced(&self.raw, offset);
        (self.line + position.line - 1, position.column)
    }
}

impl Locate for RowPlace {
    fn locate(&self, field: Option<&str>) -> Place {
        let cell = field.and_then(|field| self.columns.iter().find(|(name, _)| &**name == field));
        let (line, column) = cell.map_or((self.line, 1), |(_, index)| self.cell(*index));
        Place::new(&self.file, line, column)
    }

    fn offset(&self) -> Option<u64> {
        Some(self.byte)
    }
}

/// A step from a record into what a column was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(Arc<str>),
    Index(usize),
}

/// A column: its name, and the way that the name describes.
#[derive(Debug)]
struct Column {
    name: Arc<str>,
    path: Vec<Step>,
}

/// No list is longer whose elements have columns of their own, and nothing is deeper: a heading must not decide how much
/// memory a row takes.
const MOST_ELEMENTS: usize = 1000;
const DEEPEST: usize = 4;

impl Column {
    fn of(name: &str) -> Self {
        let path = Self::path(name).unwrap_or_else(|| vec![Step::Name(name.into())]);
        Self { name: name.into(), path }
    }

    /// `tags/0`, `tags.0`, `tags[0]`, `authors/0/name`, `author/name`: words of ASCII and numbers, as programs write them.
    /// A heading such as `Ngày/tháng` is a name.
    fn path(name: &str) -> Option<Vec<Step>> {
        let separator = if name.contains('/') { '/' } else { '.' };
        let plain = name.replace('[', &separator.to_string()).replace(']', "");
        let steps: Option<Vec<Step>> = plain
            .split(separator)
            .map(|part| match part.parse() {
                Ok(index) => (index < MOST_ELEMENTS).then_some(Step::Index(index)),
                Err(_) => {
                    let is_word = part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
                        && part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                    is_word.then(|| Step::Name(part.into()))
                }
            })
            .collect();
        steps.filter(|steps| {
            (2..=DEEPEST).contains(&steps.len()) && matches!(steps.first(), Some(Step::Name(_)))
        })
    }

    fn put(&self, fields: &mut Fields, text: &str) {
        let value = Value::String(text.to_owned());
        let Some((Step::Name(top), rest)) = self.path.split_first() else { return };
        if top.is_empty() {
            return;
        }
        if rest.iter().all(|step| matches!(step, Step::Name(_))) {
            // Known under the heading as it stands, too.
            fields.insert(self.name.to_string(), value.clone());
        }
        if rest.is_empty() {
            return;
        }
        let mut here = fields.entry(&**top).or_insert(Value::Null);
        for step in rest {
            here = match step {
                Step::Index(index) => {
                    if here.is_null() {
                        *here = Value::Array(Vec::new());
                    }
                    let Value::Array(items) = here else { return };
                    items.resize(items.len().max(index + 1), Value::Null);
                    match items.get_mut(*index) {
                        Some(item) => item,
                        None => return,
                    }
                }
                Step::Name(name) => {
                    if here.is_null() {
                        *here = Value::Object(Map::new());
                    }
                    let Value::Object(entries) = here else { return };
                    entries.entry(&**name).or_insert(Value::Null)
                }
            };
        }
        *here = value;
    }
}

/// Takes out of lists what no cell filled.
fn without_gaps(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(without_gaps);
        }
        Value::Object(entries) => entries.values_mut().for_each(without_gaps),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
