//! Reading logs line by line: files, standard input, gzip.

use super::line;
use super::tally::Tally;
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// The longest line that is read, in bytes.
const LONGEST: usize = 64 * 1024;

/// How many lines that are none of a log are named.
const NAMED: usize = 10;

impl Tally {
    /// Counts the lines of a log, packed by gzip or not. `name` is what the log is called in remarks.
    pub fn read(&mut self, name: &str, input: impl Read) -> io::Result<()> {
        let mut input = BufReader::with_capacity(256 * 1024, input);
        match input.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
            true => self.lines(name, BufReader::with_capacity(256 * 1024, MultiGzDecoder::new(input))),
            false => self.lines(name, input),
        }
    }

    fn lines(&mut self, name: &str, mut input: impl BufRead) -> io::Result<()> {
        let mut number = 0;
        // The beginning of a line whose end is not in the buffer yet, and whether that was too long to be kept.
        let (mut begun, mut too_long) = (Vec::new(), false);
        loop {
            let buffer = input.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let mut at = 0;
            for end in memchr::memchr_iter(b'\n', buffer) {
                let line = buffer.get(at..end).unwrap_or_default();
                at = end + 1;
                number += 1;
                if begun.is_empty() && !too_long {
                    self.line(name, number, line);
                    continue;
                }
                too_long |= begun.len() + line.len() > LONGEST;
                begun.extend_from_slice(if too_long { &[] } else { line });
                self.whole(name, number, &begun, too_long);
                begun.clear();
                too_long = false;
            }
            let rest = buffer.get(at..).unwrap_or_default();
            too_long |= begun.len() + rest.len() > LONGEST;
            begun.extend_from_slice(if too_long { &[] } else { rest });
            let length = buffer.len();
            input.consume(length);
        }
        if !begun.is_empty() || too_long {
            self.whole(name, number + 1, &begun, too_long);
        }
        Ok(())
    }

    fn whole(&mut self, name: &str, number: u64, line: &[u8], too_long: bool) {
        match too_long {
            true => {
                self.lines += 1;
                self.malformed(name, number, "a line of more than 64 KB");
            }
            false => self.line(name, number, line),
        }
    }

    fn line(&mut self, name: &str, number: u64, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_start_matches('\u{feff}').trim_end();
        if text.is_empty() {
            return;
        }
        self.lines += 1;
        match line::read(text) {
            Ok(Some(hit)) => self.add(&hit),
            Ok(None) => {}
            Err(fault) => self.malformed(name, number, fault),
        }
    }

    fn malformed(&mut self, name: &str, number: u64, fault: &'static str) {
        self.malformed += 1;
        if self.examples.len() < NAMED {
            self.examples.push((format!("{name}:{number}"), fault));
        }
    }
}
