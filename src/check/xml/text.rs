//! Characters, CDATA sections and references, as they stand between tags: one by one, or all that an element holds at once.

use std::borrow::Cow;

use super::super::marks::Marks;
use super::attributes::{self, is_space_byte};
use super::entities::{self, Resolved};
use super::{Open, Reader, Stop, Token};

/// The text of an element that holds nothing else, as it stands in the document.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Whole<'d> {
    pub text: &'d str,
    /// Where it begins.
    pub begin: usize,
    /// It is a CDATA section.
    pub section: bool,
}

impl<'d> Reader<'d> {
    /// Where nothing but plain text, or one CDATA section, stands between the start tag read last and its end tag: reads both;
    /// the text is in [`whole`](Self::whole). False: nothing was read, and all else is for [`next`](Self::next).
    pub(crate) fn leaf(&mut self) -> bool {
        if self.close_next {
            self.close_next = false;
            self.close();
            self.whole = Whole { text: "", begin: self.at, section: false };
            return true;
        }
        self.whole_text().is_some()
    }

    /// The text that [`leaf`](Self::leaf) read last.
    #[inline]
    pub(crate) fn whole(&self) -> Whole<'d> {
        self.whole
    }

    #[inline(always)]
    fn whole_text(&mut self) -> Option<()> {
        let from = self.at;
        let rest = self.bytes(from);
        let (text, begin, tag, section) = match rest.strip_prefix(b"<![CDATA[") {
            Some(body) => {
                let begin = from + (rest.len() - body.len());
                let end = begin + section_end(body)?;
                (self.slice(begin, end), begin, end + "]]>".len(), true)
            }
            None => {
                let bytes = self.source.as_bytes();
                let mut end = self.marks.next(from)?;
                while bytes.get(end) == Some(&b']') {
                    if bytes.get(end + 1) == Some(&b']') {
                        return None;
                    }
                    end = self.marks.next(end + 1)?;
                }
                (self.slice(from, end), from, end, false)
            }
        };
        let after = self.own_end(tag)?;
        if self.forbidden < after {
            return None;
        }
        self.offset = tag;
        self.at = after;
        self.close();
        self.whole = Whole { text, begin, section };
        Some(())
    }

    /// Where markup may begin or end in the document.
    pub(crate) fn marks(&self) -> &Marks {
        &self.marks
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
                    let end = self.marks.next(from).filter(|end| self.forbidden >= *end);
                    let Some(end) = end.filter(|end| self.source.as_bytes().get(*end) != Some(&b']')) else {
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
        let own = self.source.as_bytes().get(end) == Some(&b'>')
            && same_at(self.source.as_bytes(), *at, from + 2, name.len());
        own.then_some(end + 1)
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

/// The bytes of a word that count, by how many do.
static COUNTED: [u128; 17] = {
    let mut masks = [u128::MAX; 17];
    let mut length = 0;
    while length < 16 {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
};

/// Whether so many bytes are the same at two places.
#[inline]
pub(crate) fn same_at(bytes: &[u8], one: usize, other: usize, length: usize) -> bool {
    let word = |at: usize| -> Option<u128> {
        let chunk = bytes.get(at..).and_then(<[u8]>::first_chunk)?;
        Some(u128::from_le_bytes(*chunk))
    };
    let differ = |at: usize| Some(word(one + at)? ^ word(other + at)?);
    // Most are short: sixteen bytes are compared at once, and those beyond do not count.
    let short = match COUNTED.get(length) {
        Some(counted) => differ(0).map(|differ| differ & counted == 0),
        None if length <= 32 => differ(0).zip(differ(length - 16)).map(|(first, last)| first | last == 0),
        None => None,
    };
    short.unwrap_or_else(|| {
        let rest = |at: usize| bytes.get(at..).and_then(|rest| rest.get(..length));
        rest(one).is_some_and(|one| rest(other) == Some(one))
    })
}

/// Whether something stands at a place.
#[inline]
pub(super) fn starts_at(bytes: &[u8], at: usize, what: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(what))
}

/// Where a CDATA section ends.
pub(super) fn section_end(body: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b']', body).find(|at| body.get(*at..).is_some_and(|rest| rest.starts_with(b"]]>")))
}
