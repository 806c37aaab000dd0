//! JSON (RFC 8259) walked out of a reader, one value in memory at a time: documents of any size.
//!
//! What is walked through is found by brackets and quotation marks alone; every value that is handed over is held against
//! the grammar by serde_json. Where several looks at a document are needed, it is stored in a temporary file, of which the
//! first megabytes stay in memory.

use super::super::{Fields, Locate};
use super::choice::Kind;
use super::position::Position;
use super::{encoding, json};
use crate::diagnostic::{Diagnostic, Place};
use memchr::memchr2;
use serde_json::Value;
use serde_json::value::RawValue;
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::sync::Arc;
use tempfile::SpooledTempFile;

/// The longest value that is handed over, in bytes.
const LONGEST: usize = 64 << 20;

/// A stored document lies in memory up to so many bytes.
const IN_MEMORY: usize = 4 << 20;

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    offset: u64,
    line: u64,
    column: u64,
}

impl Mark {
    const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// The place behind those bytes, which begin here.
    fn behind(self, bytes: &[u8]) -> Self {
        let ahead = Position::START.advanced(bytes, bytes.len());
        let column = if ahead.line == 1 { self.column + ahead.column - 1 } else { ahead.column };
        Self { offset: self.offset + bytes.len() as u64, line: self.line + ahead.line - 1, column }
    }
}

/// Why a walk is over before the document is.
#[derive(Debug)]
pub enum Stop {
    /// The disk failed.
    System(io::Error),
    /// The document is no JSON from here on.
    Broken(Diagnostic),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl Stop {
    /// What is to be said of the document; an error of the system is handed on.
    pub fn told(self) -> io::Result<Diagnostic> {
        match self {
            Self::System(error) => Err(error),
            Self::Broken(diagnostic) => Ok(diagnostic),
        }
    }
}

/// A value as it is written, and where.
pub struct Raw<'a> {
    file: &'a Arc<str>,
    at: Mark,
    pub text: &'a str,
}

impl Raw<'_> {
    /// The fields of a record; what it is instead, where it is none.
    pub fn object(&self) -> Result<Fields, Diagnostic> {
        json::object(self.text).map_err(|fault| {
            let at = self.at.behind(self.text.as_bytes().get(..fault.offset).unwrap_or_default());
            Diagnostic::left_out(at.place(self.file), fault.message)
        })
    }

    /// What the value is, lone surrogates mended.
    pub fn parsed(&self) -> Option<Value> {
        serde_json::from_str(&json::mended(self.text)).ok()
    }
}

impl Mark {
    pub fn place(self, file: &Arc<str>) -> Place {
        Place::new(file, self.line, self.column)
    }
}

impl Locate for Raw<'_> {
    fn locate(&self, field: Option<&str>) -> Place {
        let offset = field.and_then(|field| {
            let found = json::entries(self.text, 0).0;
            found.iter().rev().find(|entry| entry.key == field).map(|entry| entry.at)
        });
        self.at.behind(self.text.as_bytes().get(..offset.unwrap_or(0)).unwrap_or_default()).place(self.file)
    }
}

/// Where the bytes come from.
enum Bytes<'a> {
    Stream(Box<dyn BufRead + 'a>),
    Stored(BufReader<SpooledTempFile>),
}

/// Walks through a document.
pub struct Walker<'a> {
    file: &'a Arc<str>,
    bytes: Bytes<'a>,
    at: Mark,
    held: Vec<u8>,
    /// The longest value that is handed over, in bytes.
    longest: usize,
}

impl<'a> Walker<'a> {
    /// Begins at the beginning of a document in UTF-8; messages call it `file`.
    pub fn new(file: &'a Arc<str>, reader: Box<dyn BufRead + 'a>) -> Self {
        Self { file, bytes: Bytes::Stream(reader), at: Mark::START, held: Vec::new(), longest: LONGEST }
    }

    fn ahead(&mut self) -> io::Result<&[u8]> {
        match &mut self.bytes {
            Bytes::Stream(reader) => reader.fill_buf(),
            Bytes::Stored(reader) => reader.fill_buf(),
        }
    }

    /// Passes over so many of the bytes ahead, keeping them as long as there are no more than `most`.
    fn take(&mut self, count: usize, most: usize) -> io::Result<()> {
        let bytes = match &mut self.bytes {
            Bytes::Stream(reader) => reader.fill_buf()?,
            Bytes::Stored(reader) => reader.fill_buf()?,
        };
        let bytes = bytes.get(..count).unwrap_or(bytes);
        self.at = self.at.behind(bytes);
        let room = most.saturating_sub(self.held.len());
        self.held.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        let count = bytes.len();
        match &mut self.bytes {
            Bytes::Stream(reader) => reader.consume(count),
            Bytes::Stored(reader) => reader.consume(count),
        }
        Ok(())
    }

    /// Where the walk is.
    pub fn mark(&self) -> Mark {
        self.at
    }

    /// Passes over white space; the byte that comes then, or `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<u8>> {
        loop {
            let bytes = self.ahead()?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            let space = bytes.iter().take_while(|byte| is_space(byte)).count();
            let found = bytes.get(space).copied();
            if space > 0 {
                self.take(space, 0)?;
            }
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Stores what comes, unless it is stored already, so that [`Self::go_to`] leads back.
    pub fn store(&mut self) -> io::Result<()> {
        if let Bytes::Stream(reader) = &mut self.bytes {
            let mut file = tempfile::spooled_tempfile(IN_MEMORY);
            loop {
                let bytes = reader.fill_buf()?;
                if bytes.is_empty() {
                    break;
                }
                file.write_all(bytes)?;
                let count = bytes.len();
                reader.consume(count);
            }
            file.rewind()?;
            self.bytes = Bytes::Stored(BufReader::with_capacity(64 << 10, file));
        }
        Ok(())
    }

    /// Goes to a place in what is stored.
    pub fn go_to(&mut self, mark: Mark) -> io::Result<()> {
        let Bytes::Stored(reader) = &mut self.bytes else { return Err(io::ErrorKind::NotSeekable.into()) };
        reader.seek_relative(mark.offset.wrapping_sub(self.at.offset).cast_signed())?;
        self.at = mark;
        Ok(())
    }

    /// What is to be said where something else stands than is wanted.
    fn expected(&mut self, what: &str) -> Stop {
        let at = self.at;
        match self.ahead() {
            Ok(bytes) => {
                let ahead = String::from_utf8_lossy(bytes.get(..8).unwrap_or(bytes)).into_owned();
                self.broken(at, json::Fault::expected(what, &ahead, 0).message)
            }
            Err(error) => error.into(),
        }
    }

    fn broken(&self, at: Mark, message: impl Into<String>) -> Stop {
        Stop::Broken(Diagnostic::left_out(at.place(self.file), message))
    }

    /// Passes over the value that begins here, holding so many bytes of it.
    fn scan(&mut self, most: usize) -> io::Result<Scan> {
        let mut scan = Scan::default();
        self.held.clear();
        loop {
            let bytes = self.ahead()?;
            if bytes.is_empty() {
                return Ok(scan);
            }
            let count = scan.advance(bytes);
            self.take(count, most)?;
            if scan.is_whole {
                return Ok(scan);
            }
        }
    }

    /// The value that begins here. One that is too long or no UTF-8 does not keep from those behind it.
    pub fn value(&mut self) -> Result<Result<Raw<'_>, Diagnostic>, Stop> {
        self.next()?;
        let at = self.at;
        self.scan(self.longest + 1)?;
        let is_long = self.held.len() > self.longest;
        let whole = simdutf8::basic::from_utf8(&self.held);
        if !is_long && whole.is_ok_and(|text| serde_json::from_str::<&RawValue>(text).is_ok()) {
            let text = simdutf8::basic::from_utf8(&self.held).unwrap_or_default();
            return Ok(Ok(Raw { file: self.file, at, text }));
        }
        // What stands behind it belongs to the message.
        let behind = self.ahead()?;
        let behind = behind.get(..8).unwrap_or(behind).to_vec();
        let length = self.held.len();
        if !is_long {
            self.held.extend_from_slice(&behind);
        }
        let valid = match std::str::from_utf8(&self.held) {
            Ok(text) => text,
            Err(error) if error.valid_up_to() >= length => {
                std::str::from_utf8(self.held.get(..error.valid_up_to()).unwrap_or_default())
                    .unwrap_or_default()
            }
            // The last character of what is held may be cut.
            Err(error) if is_long && error.error_len().is_none() => {
                std::str::from_utf8(self.held.get(..error.valid_up_to()).unwrap_or_default())
                    .unwrap_or_default()
            }
            Err(error) => {
                let (bytes, valid) = (self.held.get(..length).unwrap_or_default(), error.valid_up_to());
                let place = at.behind(bytes.get(..valid).unwrap_or_default()).place(self.file);
                return Ok(Err(encoding::not_utf_8("the record", bytes, valid, place)));
            }
        };
        let fault = json::value(valid, 0).err();
        match fault {
            Some(fault) if is_long && fault.ended => {
                let message = format!("the record is longer than {} MiB", self.longest >> 20);
                Ok(Err(Diagnostic::left_out(at.place(self.file), message)))
            }
            Some(fault) => {
                let at = at.behind(valid.as_bytes().get(..fault.offset).unwrap_or_default());
                Err(self.broken(at, fault.message))
            }
            None => Err(self.expected("a value")),
        }
    }

    /// Passes over the value that begins here, of any length, and notes what it is, as far as it goes.
    pub fn pass(&mut self, kind: &mut Kind) -> Result<(), Stop> {
        if !matches!(self.next()?, Some(b'{' | b'[')) {
            *kind = Kind::Other;
            return self.value().map(|_| ());
        }
        let scan = self.scan(0)?;
        *kind = scan.kind();
        match scan.is_whole {
            true => Ok(()),
            false => Err(self.broken(self.at, format!("the text ends in the midst of {}", scan.innermost()))),
        }
    }

    /// Hands over every element of the list that begins here.
    pub fn elements(
        &mut self,
        mut take: impl FnMut(Result<Raw<'_>, Diagnostic>) -> io::Result<()>,
    ) -> Result<(), Stop> {
        self.each(|walker| Ok(take(walker.value()?)?))
    }

    /// Calls at every element of the list that begins here; `take` has to go over it.
    pub fn each(&mut self, mut take: impl FnMut(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        self.take(1, 0)?;
        if self.next()? == Some(b']') {
            return Ok(self.take(1, 0)?);
        }
        loop {
            take(self)?;
            match self.next()? {
                Some(b',') => self.take(1, 0)?,
                Some(b']') => return Ok(self.take(1, 0)?),
                _ => return Err(self.expected("`,` or `]`")),
            }
            self.next()?;
        }
    }

    /// Hands over every key of the object that begins here, the walk at its value, over which `take` has to go.
    pub fn members(
        &mut self,
        mut take: impl FnMut(&mut Self, String) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.take(1, 0)?;
        if self.next()? == Some(b'}') {
            return Ok(self.take(1, 0)?);
        }
        loop {
            if self.next()? != Some(b'"') {
                return Err(self.expected("a name in quotation marks"));
            }
            let key = match self.value()? {
                Ok(raw) => {
                    serde_json::from_str(&json::mended(raw.text)).unwrap_or_else(|_| raw.text.to_owned())
                }
                Err(diagnostic) => return Err(Stop::Broken(diagnostic)),
            };
            if self.next()? != Some(b':') {
                return Err(self.expected("`:`"));
            }
            self.take(1, 0)?;
            self.next()?;
            take(self, key)?;
            match self.next()? {
                Some(b',') => self.take(1, 0)?,
                Some(b'}') => return Ok(self.take(1, 0)?),
                _ => return Err(self.expected("`,` or `}`")),
            }
        }
    }

    /// Notes where the values of the object that begins here stand, and passes over them; as far as it is one. It has to be
    /// stored to go to them.
    pub fn entries(&mut self) -> (Vec<Entry>, Result<(), Stop>) {
        let mut entries: Vec<Entry> = Vec::new();
        let end = self.members(|walker, key| {
            let (first, at) = (walker.next()?, walker.mark());
            let mut kind = Kind::Other;
            let end = walker.pass(&mut kind);
            entries.push(Entry { key, at, first, kind });
            end
        });
        (entries, end)
    }
}

/// A key of an object, and where its value stands.
pub struct Entry {
    pub key: String,
    pub at: Mark,
    /// The first byte of the value.
    pub first: Option<u8>,
    pub kind: Kind,
}

/// How far a value goes, by its brackets and quotation marks.
#[derive(Debug, Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// Whether the value has come to its end.
    is_whole: bool,
    /// Its first byte, and the first one within it.
    first: Option<u8>,
    second: Option<u8>,
}

impl Scan {
    /// How many of the bytes belong to the value.
    fn advance(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            if self.is_escaped {
                self.is_escaped = false;
                at += 1;
                continue;
            }
            if self.in_string {
                let Some(ahead) = memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) else {
                    return bytes.len();
                };
                at += ahead + 1;
                match bytes.get(at - 1) {
                    Some(b'\\') => self.is_escaped = true,
                    _ => {
                        self.in_string = false;
                        if self.depth == 0 {
                            self.is_whole = true;
                            return at;
                        }
                    }
                }
                continue;
            }
            let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            if self.depth == 0 && self.first.is_some() && (is_space || b",:]}[{\"".contains(&byte)) {
                self.is_whole = true;
                return at;
            }
            match byte {
                _ if is_space => {}
                _ if self.first.is_none() => self.first = Some(byte),
                _ => {
                    self.second.get_or_insert(byte);
                }
            }
            match byte {
                b'"' => self.in_string = true,
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        self.is_whole = true;
                        return at + 1;
                    }
                }
                b',' | b':' if self.depth == 0 => {
                    self.is_whole = true;
                    return at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        bytes.len()
    }

    fn kind(&self) -> Kind {
        match (self.first, self.second) {
            (Some(b'{'), _) => Kind::Object,
            (Some(b'['), Some(b'{')) => Kind::Objects,
            (Some(b'['), Some(b']')) => Kind::Empty,
            _ => Kind::Other,
        }
    }

    /// Where a value ends that is not whole.
    fn innermost(&self) -> &'static str {
        if self.in_string { "a string" } else { "a value" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a walk through a list says, read so many bytes at a time, with values of so many bytes at most.
    fn walked(bytes: &[u8], at_a_time: usize, longest: usize) -> Vec<String> {
        let file: Arc<str> = "t".into();
        let reader = Box::new(BufReader::with_capacity(at_a_time, bytes));
        let mut walker = Walker { longest, ..Walker::new(&file, reader) };
        let mut said = Vec::new();
        let told = |diagnostic: &Diagnostic| format!("{}: {}", diagnostic.place, diagnostic.message);
        let end = walker.elements(|raw| {
            said.push(match raw {
                Ok(raw) => format!("{}: {}", raw.locate(Some("a")), raw.text),
                Err(diagnostic) => told(&diagnostic),
            });
            Ok(())
        });
        if let Err(stop) = end {
            said.push(told(&stop.told().unwrap()));
        }
        said
    }

    #[test]
    fn a_record_that_is_too_long_leaves_the_others() {
        let long = "x".repeat(3 << 20);
        let text = format!("[{{\"a\": 1}},\n {{\"b\": \"{long}\"}}, {{\"a\": 2}}]");
        let said = walked(text.as_bytes(), 8192, 1 << 20);
        assert_eq!(
            said,
            [
                "t:1:8: {\"a\": 1}",
                "t:2:2: the record is longer than 1 MiB",
                &format!("t:2:{}: {{\"a\": 2}}", long.len() + 19)
            ]
        );
        // What is broken within the first of it is told as that.
        let text = format!("[{{\"a\": x, \"b\": \"{long}\"}}]");
        assert_eq!(walked(text.as_bytes(), 8192, 1 << 20), ["t:1:8: expected value, found `x`"]);
    }

    #[test]
    fn what_is_stored_is_walked_again() {
        let file: Arc<str> = "t".into();
        let long = "ệ\n".repeat(IN_MEMORY / 2);
        let text = format!(
            " {{\"skip\": [{{\"}}\": \"\\\"]{long}\"}}],\n \"list\": [{{\"a\": 1}}], \"x\": 1.5}} {{}}"
        );
        let mut walker = Walker::new(&file, Box::new(text.as_bytes()));
        walker.next().unwrap();
        walker.store().unwrap();
        let (entries, end) = walker.entries();
        assert!(end.is_ok());
        let kinds: Vec<(&str, Kind)> = entries.iter().map(|entry| (entry.key.as_str(), entry.kind)).collect();
        assert_eq!(kinds, [("skip", Kind::Objects), ("list", Kind::Objects), ("x", Kind::Other)]);
        let behind = walker.mark();
        for _ in 0..2 {
            walker.go_to(entries[1].at).unwrap();
            let raw = walker.value().unwrap().unwrap();
            assert_eq!(raw.text, "[{\"a\": 1}]");
            assert_eq!(raw.locate(None).line, IN_MEMORY as u64 / 2 + 2);
        }
        walker.go_to(behind).unwrap();
        assert_eq!(walker.value().unwrap().unwrap().text, "{}");
        assert_eq!(walker.next().unwrap(), None);
    }

    proptest! {
        #[test]
        fn chunks_make_no_difference(
            cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..4),
            at_a_time in 1..40_usize,
        ) {
            let mut bytes = "[{\"a\": \"ệ \\\" ]\"}, 12, [1, {\"b\": null}],\n\"x\\\\\", {\"ệ\": {}, \"a\": true}, -1.5e3 ]".as_bytes().to_vec();
            for (at, byte, how) in cuts {
                let at = at.index(bytes.len() + 1);
                match how {
                    0 => bytes.truncate(at),
                    1 => bytes.insert(at, byte),
                    _ => bytes.insert(at, b"\"{}[],:\n\\-+=<>&/"[usize::from(byte) % 16]),
                }
            }
            // What stands ahead of a fault is told as far as it is at hand.
            let said = |at_a_time| -> Vec<String> {
                walked(&bytes, at_a_time, LONGEST).iter().map(|said| said.split(", found").next().unwrap_or_default().to_owned()).collect()
            };
            prop_assert_eq!(said(at_a_time), said(1000));
        }

        #[test]
        fn values_are_those_of_serde_json(values in prop::collection::vec(any::<(String, i64, bool)>(), 0..8), at_a_time in 1..40_usize) {
            let text = serde_json::to_string_pretty(&values).unwrap();
            let file: Arc<str> = "t".into();
            let mut walker = Walker::new(&file, Box::new(BufReader::with_capacity(at_a_time, text.as_bytes())));
            let mut read = Vec::new();
            walker.elements(|raw| { read.push(raw.unwrap().parsed().unwrap()); Ok(()) }).unwrap();
            prop_assert_eq!(Value::Array(read), serde_json::to_value(&values).unwrap());
        }
    }
}
