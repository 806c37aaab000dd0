//! JSON Lines (<https://jsonlines.org/>, also called NDJSON): every line a record.
//!
//! Read line by line in constant memory, whatever the size of the file. A line that is no record is reported and left
//! out; the others are read.

use super::support::{encoding, json, position::Position};
use super::{Input, Locate, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// The longest line that is read, in bytes: beyond it a file has no lines, and memory would not hold it.
const LONGEST_LINE: u64 = 64 << 20;

/// The format.
pub struct Jsonl;

impl Source for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson"]
    }

    fn about(&self) -> &'static str {
        "JSON Lines: one article a line, as an append-only log"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let mut reader = encoding::open(input.reader, options.encoding)?;
        let (mut bytes, mut number, mut begun) = (Vec::new(), 0, false);
        loop {
            bytes.clear();
            let read = reader.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(());
            }
            number += 1;
            let start = |column| Place::new(&input.name, number, column);
            if read as u64 > LONGEST_LINE && !bytes.ends_with(b"\n") {
                let message = format!("the line is longer than {} MiB", LONGEST_LINE >> 20);
                sink.unreadable(Diagnostic::left_out(start(1), message));
                skip_line(&mut reader)?;
                continue;
            }
            let line = match simdutf8::compat::from_utf8(&bytes) {
                Ok(line) => line.trim_end(),
                Err(error) => {
                    begun = true;
                    let at = error.valid_up_to();
                    let column = Position::START.advanced(&bytes, at).column;
                    sink.unreadable(encoding::not_utf_8("the line", &bytes, at, start(column)));
                    continue;
                }
            };
            let at = json::skip_space(line, 0);
            if at == line.len() {
                continue;
            }
            let first = !std::mem::replace(&mut begun, true);
            let record = &line[at..];
            match json::object(record) {
                Ok(fields) => sink.record(fields, &Line { file: &input.name, number, text: line, at }),
                Err(fault) => {
                    let column = Position::START.advanced(line.as_bytes(), at + fault.offset).column;
                    let diagnostic = Diagnostic::left_out(start(column), fault.message);
                    // The first line of a document that goes over many lines: one remark will do for all of them.
                    if first && fault.ended && record.starts_with(['[', '{']) && record.len() < 3 {
                        let help = "this is one JSON document, not a record a line: set `format = \"json\"` in its source";
                        sink.unreadable(diagnostic.help(help));
                        return Ok(());
                    }
                    sink.unreadable(diagnostic);
                }
            }
        }
    }
}

/// Passes over the rest of a line without holding it.
fn skip_line(reader: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let bytes = reader.fill_buf()?;
        let (count, end) = match bytes.iter().position(|b| *b == b'\n') {
            Some(newline) => (newline + 1, true),
            None => (bytes.len(), bytes.is_empty()),
        };
        reader.consume(count);
        if end {
            return Ok(());
        }
    }
}

/// A record's line.
struct Line<'a> {
    file: &'a Arc<str>,
    number: u64,
    text: &'a str,
    /// Where the record begins in it.
    at: usize,
}

impl Locate for Line<'_> {
    fn locate(&self, field: Option<&str>) -> Place {
        let offset = field.and_then(|field| {
            let entries = json::entries(self.text, self.at).0;
            entries.iter().rev().find(|entry| entry.key == field).map(|entry| entry.at)
        });
        let column = Position::START.advanced(self.text.as_bytes(), offset.unwrap_or(self.at)).column;
        Place::new(self.file, self.number, column)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Heard, read, read_with};
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_a_record_a_line() {
        let heard = read(
            &Jsonl,
            "\u{FEFF}{\"title\": \"Một\"}\r\n\n  \n{\"title\": \"Hai\"}\t\n {\"title\": \"Ba\"}",
        );
        assert_eq!(heard.titles(), ["Một", "Hai", "Ba"]);
        assert_eq!(heard.complaints(), [""; 0]);
        assert_eq!(read(&Jsonl, "").records.len(), 0);
    }

    #[test]
    fn leaves_out_what_is_no_record() {
        let text = "{\"title\": \"Một\"}\n[1]\n{\"title\": \"ệ\", x}\nxin\n{\"title\": \"Hai\"\n{\"title\": \"Ba\"}\n{\"title\": \"Tư\"},\n";
        let heard = read(&Jsonl, text);
        assert_eq!(heard.titles(), ["Một", "Ba"]);
        assert_eq!(
            heard.complaints(),
            [
                "t:2:1: expected a record, that is, an object, found a list",
                "t:3:16: key must be a string, found `x`",
                "t:4:1: expected a record, that is, an object, found `x`",
                "t:5:15: the text ends in the midst of an object",
                "t:7:16: trailing characters, found `,`",
            ]
        );
    }

    #[test]
    fn leaves_out_a_line_that_is_not_utf_8() {
        let heard =
            read(&Jsonl, b"{\"title\": \"M\xC3\xB4t\"}\n{\"title\": \"caf\xE9 noir\"}\n{\"title\": \"Ba\"}");
        assert_eq!(heard.titles(), ["Môt", "Ba"]);
        assert_eq!(heard.complaints(), ["t:2:15: the line is not UTF-8: it has a byte 0xE9 here"]);
        assert!(heard.unreadable[0].help.as_deref().unwrap().contains("windows-1252"));
    }

    #[test]
    fn reads_other_encodings() {
        let bytes: Vec<u8> = "\u{FEFF}{\"title\": \"Một\"}\n{\"title\": \"😀\"}\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&Jsonl, &bytes).titles(), ["Một", "😀"]);
        let options = Options { encoding: Some(encoding_rs::WINDOWS_1252), ..Options::default() };
        assert_eq!(read_with(&Jsonl, b"{\"title\": \"caf\xE9\"}", &options).titles(), ["café"]);
    }

    #[test]
    fn lone_surrogates_and_repeated_names_do_no_harm() {
        let heard = read(&Jsonl, r#"{"title": "a", "title": "b\ud83d", "n": {"x": "\udc00"}}"#);
        assert_eq!(heard.complaints(), [""; 0]);
        assert_eq!(heard.fields(0), json!({"title": "b\u{0}", "n": {"x": "\u{0}"}}));
    }

    #[test]
    fn tells_where_a_field_stands() {
        let heard: Heard = read(&Jsonl, "\n  {\"ệ\": 1, \"date\": \"x\", \"date\": \"y\"}\n");
        assert_eq!(heard.place(0, None), "t:2:3");
        assert_eq!(heard.place(0, Some("ệ")), "t:2:9");
        assert_eq!(heard.place(0, Some("date")), "t:2:33");
        assert_eq!(heard.place(0, Some("title")), "t:2:3");
    }

    #[test]
    fn one_remark_for_a_document_over_many_lines() {
        let heard = read(&Jsonl, "[\n  {\n    \"title\": \"Một\"\n  }\n]\n");
        assert_eq!(heard.complaints(), ["t:1:1: the text ends in the midst of a list"]);
        assert!(heard.unreadable[0].help.as_deref().unwrap().contains("format = \"json\""));
    }

    #[test]
    fn a_line_without_end_is_passed_over() {
        let mut text = b"{\"title\": \"".to_vec();
        text.resize(LONGEST_LINE as usize + 100, b'x');
        text.extend_from_slice(b"\"}\n{\"title\": \"Hai\"}\n");
        let heard = read(&Jsonl, &text);
        assert_eq!(heard.titles(), ["Hai"]);
        assert_eq!(heard.complaints(), ["t:1:1: the line is longer than 64 MiB"]);
    }
}
