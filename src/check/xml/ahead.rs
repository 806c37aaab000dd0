//! An element that comes again as it came before, seen at a glance: white space, start tag, text, end tag.
//!
//! Entries repeat each other: what stands before the text of an element is, byte for byte, what stood there in the entry before.
//! One comparison tells, and nothing is read until the caller has decided that there is nothing else to look at.

use std::borrow::Cow;

use super::text::{same_at, starts_at};
use super::{Reader, Tag};

/// An element without children that begins where reading stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead<'d> {
    /// Where the start tag is remembered, attributes and all; see [`Start::place`](super::Start::place).
    pub place: usize,
    /// Where its name is.
    slot: usize,
    /// Where the element begins.
    pub offset: usize,
    /// What it holds, as it stands in the document, without `<` and `&`: plain text, or one CDATA section. Of an empty element,
    /// the value of its first attribute; all others are as they were.
    pub text: &'d str,
    pub empty: bool,
    /// Where it ends.
    end: usize,
}

/// A start tag as it came last, with the white space before it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Head {
    /// Where the white space begins.
    pub at: usize,
    /// How long both are, in an empty element up to the value of its first attribute; 0: nothing is known, or it cannot come
    /// again.
    pub length: usize,
    /// How long the white space is.
    pub space: usize,
    /// Where an end tag of that name is, or what follows that value in an empty element; 0: none was met.
    pub tail: usize,
    /// How long that is in an empty element; 0: it is not empty.
    pub rest: usize,
    /// Which of the two such elements it is that a name stands for by turns, as links of an entry do: 0 or 1.
    pub turn: usize,
    /// `tail` and `rest` of the other, which came before it with the same beginning; 0: there is none.
    pub other: (usize, usize),
}

/// The longest start tag that is looked for: longer ones have values that do not come again.
pub(super) const LONGEST: usize = 64;

impl<'d> Reader<'d> {
    /// The element that begins where reading stands, or behind the white space there, if its start tag is byte for byte that of
    /// an element that is expected here, and it holds nothing but text without `<` and `&`. It is not read until it is
    /// [passed](Self::pass). `None`: [`next`](Self::next) reads whatever there is.
    #[inline]
    pub(crate) fn ahead(&mut self) -> Option<Ahead<'d>> {
        if self.close_next || self.open.is_empty() || self.open.len() >= self.bounds.depth {
            return None;
        }
        let bytes = self.source.as_bytes();
        let (slot, head) = self.tags.expected_head(bytes, self.at)?;
        let Tag { name, era, .. } = self.tags.get(slot);
        if era != self.era {
            return None;
        }
        let from = self.at + head.length;
        if head.rest > 0 {
            return self.empty_ahead(slot, head, from);
        }
        let mut end = self.marks.next(from)?;
        let section = end == from && starts_at(bytes, from, b"<![CDATA[");
        let (begin, tag) = if section {
            let begin = from + "<![CDATA[".len();
            end = self.marks.next(begin)?;
            while bytes.get(end) == Some(&b']') && !starts_at(bytes, end, b"]]>") {
                end = self.marks.next(end + 1)?;
            }
            (begin, end + "]]>".len())
        } else {
            while bytes.get(end) == Some(&b']') && bytes.get(end + 1) != Some(&b']') {
                end = self.marks.next(end + 1)?;
            }
            (from, end)
        };
        // A section ends at its own end, all else at a tag.
        if bytes.get(end) != Some(if section { &b']' } else { &b'<' }) {
            return None;
        }
        let after = tag + "</".len() + name.len() + ">".len();
        let known = head.tail > 0 && same_at(bytes, head.tail, tag, after - tag);
        if !known {
            let own = starts_at(bytes, tag, b"</")
                && starts_at(bytes, tag + "</".len(), name.as_bytes())
                && bytes.get(after - 1) == Some(&b'>');
            if !own {
                return None;
            }
            self.tags.set_tail(slot, tag);
        }
        if self.forbidden < after {
            return None;
        }
        Some(Ahead {
            place: place(slot, 0),
            slot,
            offset: self.at + head.space,
            text: self.source.get(begin..end)?,
            end: after,
            empty: false,
        })
    }

    /// The empty element whose first attribute has its value from a place on.
    #[inline]
    fn empty_ahead(&self, slot: usize, head: Head, from: usize) -> Option<Ahead<'d>> {
        let bytes = self.source.as_bytes();
        let mark = *bytes.get(from.checked_sub(1)?)?;
        let end = from + memchr::memchr(mark, bytes.get(from..)?)?;
        let mut special = self.marks.next(from)?;
        while special < end && bytes.get(special) == Some(&b']') {
            special = self.marks.next(special + 1)?;
        }
        let text = self.source.get(from..end)?;
        let turns = [(head.turn, (head.tail, head.rest)), (1 - head.turn, head.other)];
        let is = |(tail, rest): (usize, usize)| rest > 0 && same_at(bytes, tail, end, rest);
        let (turn, (_, rest)) = turns.into_iter().find(|(_, turn)| is(*turn))?;
        let after = end + rest;
        let usual =
            special >= end && !text.bytes().fold(false, |any, b| any | (b < b' ')) && self.forbidden >= after;
        let (place, offset) = (place(slot, turn), self.at + head.space);
        usual.then_some(Ahead { place, slot, offset, text, empty: true, end: after })
    }

    /// Reads an element that was seen ahead.
    #[inline]
    pub(crate) fn pass(&mut self, ahead: Ahead<'d>) {
        self.tags.goto(ahead.slot);
        self.at = ahead.end;
    }

    /// Remembers the start tag that was read last, which begins at `from`, with the white space before it. Returns where.
    #[inline]
    pub(super) fn remember_head(&mut self, slot: usize, before: usize, from: usize, empty: bool) -> usize {
        let plain = self.declared == self.bindings.len();
        let head = Head { at: before, space: from - before, ..Head::default() };
        let head = match self.attributes.first() {
            _ if !plain => Head::default(),
            Some(first) if empty => {
                let value = first.offset + first.name.len() + "='".len();
                let rest = value + first.value.len();
                let usual = matches!(first.value, Cow::Borrowed(_))
                    && matches!(self.bytes(value - "='".len()), [b'=', b'"' | b'\'', ..]);
                match usual {
                    true => Head { length: value - before, tail: rest, rest: self.at - rest, ..head },
                    false => Head::default(),
                }
            }
            None if empty => Head::default(),
            _ => Head { length: self.at - before, tail: self.tags.tail(slot), ..head },
        };
        let mut head = if head.length <= LONGEST { head } else { Head::default() };
        if head.rest > 0 {
            (head.turn, head.other) = self.turn(self.tags.head(slot), head);
        }
        self.tags.set_head(slot, head);
        place(slot, head.turn)
    }

    /// Which turn an empty element is that followed another of its name, and the tail of the other, if both begin alike.
    fn turn(&self, before: Head, head: Head) -> (usize, (usize, usize)) {
        let bytes = self.source.as_bytes();
        let alike = before.rest > 0
            && before.length == head.length
            && same_at(bytes, before.at, head.at, head.length);
        let again = before.rest == head.rest && same_at(bytes, before.tail, head.tail, head.rest);
        match (alike, again) {
            (false, _) => (0, (0, 0)),
            (true, true) => (before.turn, before.other),
            (true, false) => (1 - before.turn, (before.tail, before.rest)),
        }
    }
}

/// The place of a start tag of a name.
fn place(slot: usize, turn: usize) -> usize {
    2 * slot + turn
}
