//! The part of a stream that is being looked at, and where in the file it begins.

use super::super::tree::At;
use super::{LARGEST, begins_name};
use std::io::{self, BufRead};

/// A longer tag is none.
const LONGEST_TAG: usize = 1 << 20;

pub struct Window<'a> {
    inner: Box<dyn BufRead + 'a>,
    bytes: Vec<u8>,
    /// How many of them have been taken.
    start: usize,
    /// The place of the first byte that has not been taken.
    pub at: At,
    /// How many bytes were taken of the element that is read.
    pub taken: u64,
    /// Whether reading ended because the element is too large.
    pub over: bool,
}

impl<'a> Window<'a> {
    pub fn new(inner: Box<dyn BufRead + 'a>) -> Self {
        Self { inner, bytes: Vec::new(), start: 0, at: (1, 1), taken: 0, over: false }
    }

    /// What has been read and not taken.
    pub fn rest(&self) -> &[u8] {
        if self.over { &[] } else { self.bytes.get(self.start..).unwrap_or_default() }
    }

    pub fn begins(&self, with: &[u8]) -> bool {
        self.rest().starts_with(with)
    }

    /// Reads on. Whether there was more.
    pub fn more(&mut self) -> io::Result<bool> {
        if self.over || self.taken + (self.bytes.len() - self.start) as u64 > LARGEST {
            self.over = true;
            return Ok(false);
        }
        if self.start > self.bytes.len() / 2 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        let count = loop {
            match self.inner.fill_buf() {
                Ok(read) => {
                    self.bytes.extend_from_slice(read);
                    break read.len();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        self.inner.consume(count);
        Ok(count > 0)
    }

    /// Passes over so many bytes, or as many as there are.
    pub fn advance(&mut self, count: usize) {
        let count = count.min(self.rest().len());
        let bytes = self.bytes.get(self.start..self.start + count).unwrap_or_default();
        let last = match memchr::memrchr(b'\n', bytes) {
            Some(newline) => {
                self.at = (self.at.0 + memchr::memchr_iter(b'\n', bytes).count() as u64, 1);
                bytes.get(newline + 1..).unwrap_or_default()
            }
            None => bytes,
        };
        self.at.1 += last.iter().filter(|b| **b & 0xC0 != 0x80).count() as u64;
        self.start += count;
        self.taken += count as u64;
    }

    /// Takes so many bytes.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        let bytes = self.rest().get(..count).unwrap_or_default().to_vec();
        self.advance(count);
        bytes
    }

    /// Passes over that byte, if it comes next.
    pub fn skip(&mut self, byte: u8) {
        if self.rest().first() == Some(&byte) {
            self.advance(1);
        }
    }

    /// Takes what stands before those bytes, which are looked for from an offset on, and so many of them; all that there is
    /// where they do not come.
    pub fn find(&mut self, from: usize, wanted: &[u8], with: usize) -> io::Result<Vec<u8>> {
        let mut from = from;
        loop {
            let rest = self.rest();
            let found = rest.get(from..).and_then(|rest| memchr::memmem::find(rest, wanted));
            if let Some(found) = found {
                return Ok(self.take(from + found + with));
            }
            from = from.max((rest.len() + 1).saturating_sub(wanted.len()));
            if !self.more()? {
                return Ok(self.take(self.rest().len()));
            }
        }
    }

    /// Takes what stands before the first byte from an offset on that is wanted; all that there is where there is none.
    pub fn until(&mut self, from: usize, wanted: impl Fn(u8) -> bool) -> io::Result<Vec<u8>> {
        let mut from = from;
        loop {
            let rest = self.rest();
            let found = rest.get(from..).and_then(|rest| rest.iter().position(|b| wanted(*b)));
            if let Some(found) = found {
                return Ok(self.take(from + found));
            }
            from = from.max(rest.len());
            if !self.more()? {
                return Ok(self.take(self.rest().len()));
            }
        }
    }

    /// The length of the tag that begins here; `None` where it is none after all. In quotation marks behind `=` anything may
    /// stand; what else has a `<` in it is no tag. 0: the file ends in it, and it is passed over.
    pub fn tag(&mut self) -> io::Result<Option<usize>> {
        let (mut at, mut quote, mut is_value, mut in_name) = (1, None, false, true);
        debug_assert!(self.rest().get(1).is_some_and(|first| begins_name(*first)));
        loop {
            while let Some(byte) = self.rest().get(at).copied() {
                at += 1;
                if in_name && byte >= 0x80 {
                    return Ok(None);
                }
                in_name &= !byte.is_ascii_whitespace();
                match (quote, byte) {
                    (Some(open), _) if open == byte => (quote, is_value) = (None, false),
                    (Some(_), _) => {}
                    (None, b'>') => return Ok(Some(at)),
                    (None, b'<') => return Ok(None),
                    (None, b'"' | b'\'') if is_value => quote = Some(byte),
                    (None, b'=') => is_value = true,
                    (None, byte) => is_value &= byte.is_ascii_whitespace(),
                }
            }
            if at > LONGEST_TAG {
                return Ok(None);
            }
            if !self.more()? {
                self.advance(self.rest().len());
                return Ok(Some(0));
            }
        }
    }
}
