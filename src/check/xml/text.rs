//! Characters, CDATA sections and references, as they stand between tags: one by one, or all that an element holds at once.

use std::borrow::Cow;

use super::attributes::{self, is_space_byte};
use super::entities::{self, Resolved};
use super::{Open, Reader, Stop, Token};

impl<'d> Reader<'d> {
    /// Where nothing but plain text, or one CDATA section, stands between the start tag read last and its end tag: reads both,
    /// and returns the text and whether it was a section. `None`: nothing was read, and all else is for [`next`](Self::next).
    pub(crate) fn leaf(&mut self) -> Option<(&'d str, bool)> {
        if self.close_next {
            self.close_next = false;
            self.close();
            return Some(("", false));
        }
        let from = self.at;
        let rest = self.bytes(from);
        let (text, tag, section) = match rest.strip_prefix(b"<![CDATA[") {
            Some(body) => {
                let begin = from + (rest.len() - body.len());
                let end = begin + section_end(body)?;
                (self.slice(begin, end), end + "]]>".len(), true)
            }
            None => {
                let mut end = memchr::memchr3(b'<', b'&', b']', rest)?;
                while rest.get(end) == Some(&b']') {
                    if rest.get(end + 1) == Some(&b']') {
                        return None;
                    }
                    end += 1 + memchr::memchr3(b'<', b'&', b']', rest.get(end + 1..)?)?;
                }
                (self.slice(from, from + end), from + end, false)
            }
        };
        let after = self.own_end(tag)?;
        if self.forbidden < after {
            return None;
        }
        self.offset = tag;
        self.at = after;
        self.close();
        Some((text, section))
    }

    /// Reads characters, references and CDATA sections into `text` for as long as they are what they are in nearly all documents.
    /// References to `&` and `<` in hexadecimal are noted in `neutral`, by their places in `text`. Returns whether the element's
    /// own end tag followed, which is read then too; all else is for [`next`](Self::next).
    pub(crate) fn gather(&mut self, text: &mut String, neutral: &mut Vec<usize>) -> bool {
        loop {
            let from = self.at;
            let rest = self.bytes(from);
            let after = match rest {
                [b'<', b'/', ..] => {
                    let Some(after) = self.own_end(from).filter(|after| self.forbidden >= *after) else {
                        return false;
                    };
                    self.offset = from;
                    self.at = after;
                    self.close();
                    return true;
                }
                [b'<', ..] => {
                    let Some(body) = rest.strip_prefix(b"<![CDATA[") else { return false };
                    let begin = from + (rest.len() - body.len());
                    let Some(end) = section_end(body).map(|end| begin + end) else { return false };
                    if self.forbidden < end {
                        return false;
                    }
                    text.push_str(self.slice(begin, end));
                    end + "]]>".len()
                }
                [b'&', name @ ..] => {
                    let Some((c, length, hex)) = entities::usual(name) else { return false };
                    if hex && matches!(c, '&' | '<') {
                        neutral.push(text.len());
                    }
                    text.push(c);
                    from + 1 + length
                }
                _ => {
                    let end =
                        memchr::memchr3(b'<', b'&', b']', rest).filter(|end| rest.get(*end) != Some(&b']'));
                    let Some(end) = end.map(|end| from + end).filter(|end| self.forbidden >= *end) else {
                        return false;
                    };
                    text.push_str(self.slice(from, end));
                    end
                }
            };
            self.at = after;
        }
    }

    /// Where the end tag of the innermost element ends that begins at an offset, if it is written as nearly all are.
    #[inline]
    pub(super) fn own_end(&self, from: usize) -> Option<usize> {
        let Open { name, at, .. } = self.open.last()?;
        let [b'<', b'/', ..] = self.bytes(from) else { return None };
        let end = from + 2 + name.len();
        let own =
            self.source.as_bytes().get(end) == Some(&b'>') && self.is_same_at(*at, from + 2, name.len());
        own.then_some(end + 1)
    }

    /// Whether so many bytes are the same at two places.
    #[inline]
    pub(super) fn is_same_at(&self, one: usize, other: usize, length: usize) -> bool {
        let bytes = self.source.as_bytes();
        let word = |at: usize| {
            bytes.get(at..).and_then(<[u8]>::first_chunk).map(|chunk| u128::from_le_bytes(*chunk))
        };
        match (word(one), word(other)) {
            // Names are short: sixteen bytes are compared at once, and those beyond the name are shifted out.
            (Some(a), Some(b)) if (1..=16).contains(&length) => (a ^ b) << (128 - 8 * length) == 0,
            _ => bytes.get(one..one + length) == bytes.get(other..other + length),
        }
    }

    pub(super) fn text(&mut self, from: usize, rest: &'d [u8]) -> Result<Token, Box<Stop>> {
        // Between elements there is white space alone, as a rule.
        let mut end = 0;
        while rest.get(end).is_some_and(|b| is_space_byte(*b)) {
            end += 1;
        }
        if rest.get(end) == Some(&b'<') && !self.open.is_empty() {
            self.at = from + end;
            self.text = (Cow::Borrowed(self.slice(from, self.at)), false);
            return Ok(Token::Text);
        }
        while let Some(at) = memchr::memchr3(b'<', b'&', b']', rest.get(end..).unwrap_or_default()) {
            end += at;
            match rest.get(end..) {
                Some([b']', b']', b'>', ..]) if !self.open.is_empty() => {
                    return Err(Stop::new(from + end, "`]]>` within text"));
                }
                Some([b']', ..]) => end += 1,
                _ => break,
            }
        }
        if !matches!(rest.get(end), Some(b'<' | b'&')) {
            end = rest.len();
        }
        self.at = from + end;
        let text = self.slice(from, self.at);
        if self.open.is_empty() {
            let text = text.strip_prefix('\u{feff}').filter(|_| from == 0).unwrap_or(text);
            if let Some(at) = text.find(|c: char| !attributes::is_space(c)) {
                return Err(Stop::new(from + at, "text outside the root element"));
            }
            return Ok(Token::Other);
        }
        self.text = (Cow::Borrowed(text), false);
        Ok(Token::Text)
    }

    pub(super) fn reference(&mut self, from: usize) -> Result<Token, Box<Stop>> {
        let rest = self.bytes(from + 1);
        let end = memchr::memchr3(b';', b'&', b'<', rest).filter(|end| rest.get(*end) == Some(&b';'));
        let Some(end) = end else { return Err(Stop::new(from, "`&` that begins no reference")) };
        let name = self.slice(from + 1, from + 1 + end);
        self.at = from + 1 + end + 1;
        if self.open.is_empty() {
            return Err(Stop::new(from, "a reference outside the root element"));
        }
        match self.entities.resolve(name, from)? {
            Resolved::Character(c, hex) => {
                let text = match c {
                    '&' => Cow::Borrowed("&"),
                    '<' => Cow::Borrowed("<"),
                    '>' => Cow::Borrowed(">"),
                    '"' => Cow::Borrowed("\""),
                    '\'' => Cow::Borrowed("'"),
                    other => Cow::Owned(other.to_string()),
                };
                self.text = (text, hex);
                Ok(Token::Text)
            }
            Resolved::Text(text) => {
                self.text = (Cow::Owned(text), false);
                Ok(Token::Text)
            }
            Resolved::External => {
                self.text = (Cow::Borrowed(name), false);
                Ok(Token::External)
            }
        }
    }
}

/// Where a CDATA section ends.
pub(super) fn section_end(body: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b']', body).find(|at| body.get(*at..).is_some_and(|rest| rest.starts_with(b"]]>")))
}
