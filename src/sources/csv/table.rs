//! The rows of a table read by themselves, from the middle of a file: what they need to know of its beginning, and where
//! they can be cut.

use super::super::support::encoding;
use super::super::{Input, Options, Sink};
use super::{Column, Rows, delimiter};
use std::io::{self, Cursor, Read};

/// What the beginning of a file says of its rows.
#[derive(Debug)]
pub struct Table {
    delimiter: u8,
    quote: u8,
    columns: Vec<Column>,
    /// The byte at which the first row after the heading begins.
    pub head: u64,
}

impl Table {
    /// Of a file that begins so. `None` if its rows cannot be read by themselves: they are in another encoding, or the heading
    /// does not end.
    pub(super) fn of(start: &[u8], options: &Options, usual: u8) -> Option<Self> {
        let mark = encoding::utf_8_mark(start, options.encoding)?;
        let text = start.get(mark..)?;
        let first = &text[..memchr::memchr(b'\n', text)? + 1];
        let quote = options.quote.unwrap_or(b'"');
        let (delimiter, named) = delimiter(first, options, quote, usual);
        let named = if named { first.len() } else { 0 };
        let table = |columns, head: usize| Self { delimiter, quote, columns, head: head as u64 };
        if let Some(names) = &options.columns {
            return Some(table(names.iter().map(|name| Column::of(name)).collect(), mark + named));
        }
        let mut rows = Rows::new(text.get(named..)?, "".into(), (delimiter, quote), (0, 1));
        while rows.next().ok()? {
            if !rows.is_empty() {
                let head = mark + named + usize::try_from(rows.start).ok()?;
                // What ends where the look ended may go on.
                return (head < start.len()).then_some(table(rows.header().ok()?, head));
            }
        }
        None
    }

    /// Reads rows, the first of which begins where the input does. Lines are counted from there.
    pub fn read(&self, input: Input<'_>, sink: &mut dyn Sink) -> io::Result<()> {
        // A byte-order mark would be passed over at the beginning of the input, and not at that of a row.
        let reader = Cursor::new(b"\n").chain(input.reader);
        let mut rows = Rows::new(reader, input.name, (self.delimiter, self.quote), (-1, 0));
        while rows.next()? {
            if !rows.is_empty() {
                rows.hand_over(&self.columns, sink);
            }
        }
        Ok(())
    }

    /// Finds where rows end, from the beginning of a row on.
    pub fn cutter(&self) -> Cutter {
        Cutter { delimiter: self.delimiter, quote: self.quote, state: State::Plain, last: b'\n' }
    }
}

/// Goes over the bytes of a table, and knows which newlines end a row: those that are not between quotation marks.
#[derive(Debug)]
pub struct Cutter {
    delimiter: u8,
    quote: u8,
    state: State,
    /// The byte before.
    last: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    Quoted,
    /// After a quotation mark between quotation marks: it was the last, or one of two that stand for one.
    Closing,
}

impl Cutter {
    /// Whether a row begins after the bytes that were gone over.
    pub fn is_at_row(&self) -> bool {
        self.state != State::Quoted && self.last == b'\n'
    }

    /// Whether the bytes that were gone over end between quotation marks.
    pub fn is_open(&self) -> bool {
        self.state == State::Quoted
    }

    /// Goes over bytes; where the first row begins after a newline among them.
    pub fn go_over(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut found = None;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match self.state {
                State::Closing if *byte == self.quote => {
                    self.state = State::Quoted;
                    at += 1;
                }
                State::Closing => self.state = State::Plain,
                State::Quoted => match memchr::memchr(self.quote, &bytes[at..]) {
                    Some(mark) => {
                        self.state = State::Closing;
                        at += mark + 1;
                    }
                    None => break,
                },
                State::Plain => {
                    let next = match found {
                        None => memchr::memchr2(self.quote, b'\n', &bytes[at..]),
                        Some(_) => memchr::memchr(self.quote, &bytes[at..]),
                    };
                    let Some(next) = next.map(|next| at + next) else { break };
                    at = next + 1;
                    if bytes[next] != self.quote {
                        found = Some(at);
                        continue;
                    }
                    // Within a cell that has none at its beginning it is a character.
                    let before = next.checked_sub(1).map_or(self.last, |before| bytes[before]);
                    if before == self.delimiter || matches!(before, b'\n' | b'\r') {
                        self.state = State::Quoted;
                    }
                }
            }
        }
        self.last = bytes.last().copied().unwrap_or(self.last);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Heard;
    use super::*;
    use proptest::prelude::*;

    fn table(text: &[u8]) -> Option<Table> {
        Table::of(text, &Options::default(), b',')
    }

    #[test]
    fn the_heading_tells_where_rows_begin() {
        for (text, head) in [
            ("title,date\nMột,1\n", Some(11)),
            ("\u{FEFF}title,date\r\nMột,1\n", Some(14)),
            ("\n,\n\"a\nb\",date\nMột,1\n", Some(14)),
            ("sep=;\ntitle;date\nMột;1", Some(17)),
            ("title,date\n", None),
            ("title,date", None),
            ("", None),
        ] {
            assert_eq!(table(text.as_bytes()).map(|table| table.head), head, "{text:?}");
        }
        assert!(table(b"\xff\xfea\0\n\0b\0\n\0").is_none());
        assert!(table(b"a,\xff\nx\ny\n").is_none());
        let columns = Options { columns: Some(vec!["title".to_owned()]), ..Options::default() };
        assert_eq!(Table::of(b"a\nb\n", &columns, b',').unwrap().head, 0);
        let legacy = Options { encoding: Some(encoding_rs::WINDOWS_1258), ..Options::default() };
        assert!(Table::of(b"a\nb\n", &legacy, b',').is_none());
    }

    fn heard(read: impl FnOnce(Input<'_>, &mut Heard), text: &[u8]) -> Heard {
        let mut heard = Heard::default();
        let input = Input { name: "t".into(), relative: "t".into(), reader: Box::new(text) };
        read(input, &mut heard);
        heard
    }

    proptest! {
        /// Wherever a table is cut at a row, its parts hold what the whole holds.
        #[test]
        fn rows_can_be_read_by_themselves(
            cells in proptest::collection::vec("[ab,\"\n\r\u{FEFF}]{0,3}", 1..40),
            cut in 0_usize..100,
            step in 1_usize..7,
        ) {
            let text = format!("title,date\n{}", cells.concat());
            let bytes = text.as_bytes();
            let whole = heard(|input, sink| super::super::read(input, &Options::default(), b',', sink).unwrap(), bytes);
            let Some(table) = table(bytes) else { return Ok(()) };
            let head = usize::try_from(table.head).unwrap();
            let mut cutter = table.cutter();
            let mut rows = Vec::new();
            for (number, block) in bytes[head..].chunks(step).enumerate() {
                rows.extend(cutter.go_over(block).map(|row| head + number * step + row));
            }
            prop_assert!(rows.is_sorted());
            let cut = *rows.get(cut % rows.len().max(1)).unwrap_or(&bytes.len());
            let parts = [&bytes[head..cut], &bytes[cut..]];
            let parts = parts.map(|part| heard(|input, sink| table.read(input, sink).unwrap(), part));
            let records: Vec<_> = parts.iter().flat_map(|part| part.records.clone()).collect();
            prop_assert_eq!(&records, &whole.records);
            let complaints = |heard: &Heard| heard.unreadable.iter().map(|one| one.message.clone()).collect::<Vec<_>>();
            let both: Vec<_> = parts.iter().flat_map(complaints).collect();
            prop_assert_eq!(both, complaints(&whole));
            let ends_at_row = heard(|input, sink| table.read(input, sink).unwrap(), b"");
            prop_assert_eq!(ends_at_row.records.len(), 0);
        }
    }
}
