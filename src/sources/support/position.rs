//! From offsets in a text to the lines and columns that an editor shows.

use crate::diagnostic::Place;
use memchr::{memchr_iter, memrchr};
use std::cell::OnceCell;
use std::sync::Arc;

/// A place in a text: the byte offset, and line and column in characters, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    offset: usize,
    pub line: u64,
    pub column: u64,
}

impl Position {
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// The place at byte `offset` of the text, which must not lie before this one. Bytes are counted, not characters
    /// cut, so that any offset and any bytes will do.
    pub fn advanced(self, text: &[u8], offset: usize) -> Self {
        let offset = offset.clamp(self.offset, text.len().max(self.offset));
        let between = text.get(self.offset..offset).unwrap_or_default();
        let newlines = memchr_iter(b'\n', between).count() as u64;
        let (column, last) = match memrchr(b'\n', between) {
            Some(newline) => (1, between.get(newline + 1..).unwrap_or_default()),
            None => (self.column, between),
        };
        let characters = last.iter().filter(|b| **b & 0xC0 != 0x80).count() as u64;
        Self { offset, line: self.line + newlines, column: column + characters }
    }

    pub fn place(self, file: &Arc<str>) -> Place {
        Place::new(file, self.line, self.column)
    }
}

/// How far a look-up counts at most.
const STEP: usize = 512;

/// The places of a whole text, found quickly in any order: a text of one line, and a remark on every record in it, cost
/// no more than other texts.
pub struct Positions<'a> {
    text: &'a [u8],
    marks: OnceCell<Vec<Position>>,
}

impl<'a> Positions<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), marks: OnceCell::new() }
    }

    pub fn at(&self, offset: usize) -> Position {
        let marks = self.marks.get_or_init(|| {
            let mut here = Position::START;
            let mut marks = Vec::with_capacity(self.text.len() / STEP + 1);
            loop {
                marks.push(here);
                if here.offset + STEP > self.text.len() {
                    return marks;
                }
                here = here.advanced(self.text, here.offset + STEP);
            }
        });
        marks.get(offset / STEP).or(marks.last()).unwrap_or(&Position::START).advanced(self.text, offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters() {
        let text = "đây\nlà ở\r\nx";
        let positions = Positions::new(text);
        let at = |needle: &str| {
            let found = positions.at(text.find(needle).unwrap());
            (found.line, found.column)
        };
        assert_eq!(at("đ"), (1, 1));
        assert_eq!(at("y"), (1, 3));
        assert_eq!(at("l"), (2, 1));
        assert_eq!(at("ở"), (2, 4));
        assert_eq!(at("x"), (3, 1));
        assert_eq!(positions.at(9999), positions.at(text.len()));
    }

    #[test]
    fn agrees_with_counting_from_the_start() {
        let text = "ệ một dòng dài ".repeat(3000) + "\n" + &"ngắn\n".repeat(3000);
        let positions = Positions::new(&text);
        for offset in (0..text.len()).step_by(997) {
            assert_eq!(positions.at(offset), Position::START.advanced(text.as_bytes(), offset));
        }
    }
}
