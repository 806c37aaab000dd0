//! Entities: the five of XML, character references, and those a document declares itself, expanded within a budget. External
//! ones are never fetched.

use std::collections::HashMap;

use super::attributes::is_space;
use super::{Stop, is_char, is_name};
use crate::check::html::named_character;

/// How many bytes the expansions of one document may come to.
const BUDGET: usize = 1 << 20;
/// How many entities a document may declare.
const DECLARED: usize = 1000;
/// How deep entities may refer to entities.
const NESTING: usize = 16;

/// What a reference stands for.
pub(super) enum Resolved {
    /// A character; whether it was written in hexadecimal.
    Character(char, bool),
    Text(String),
    External,
}

#[derive(Debug)]
enum Declared<'d> {
    Text(&'d str),
    External,
}

/// The entities of one document.
#[derive(Debug, Default)]
pub(super) struct Entities<'d> {
    declared: HashMap<&'d str, Declared<'d>>,
    /// An external subset, which is not read, may declare more.
    unread: bool,
    /// The subset is Netscape's, which declares the characters of Latin-1.
    pub(super) netscape: bool,
    /// The first reference to a character of HTML by a name that XML does not have.
    pub(super) undefined: Option<Box<Stop>>,
    spent: usize,
}

impl<'d> Entities<'d> {
    /// Resolves the reference `&name;` found at `offset`.
    pub(super) fn resolve(&mut self, name: &str, offset: usize) -> Result<Resolved, Box<Stop>> {
        if let Some(number) = name.strip_prefix('#') {
            return character(number, offset);
        }
        let c = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => return self.named(name, offset),
        };
        Ok(Resolved::Character(c, false))
    }

    fn named(&mut self, name: &str, offset: usize) -> Result<Resolved, Box<Stop>> {
        if !is_name(name) {
            return Err(Stop::new(offset, "`&` that begins no reference"));
        }
        match self.declared.get(name) {
            Some(Declared::External) => Ok(Resolved::External),
            Some(Declared::Text(_)) => {
                let mut out = String::new();
                self.expand(name, offset, 0, &mut out)?;
                Ok(Resolved::Text(out))
            }
            None if self.netscape || self.unread => Ok(named_character(name)
                .map_or(Resolved::Text(String::new()), |c| Resolved::Character(c, false))),
            None => {
                let stop = Stop::new(offset, format!("the entity `&{name};` is not defined in XML"));
                // What is meant is known: the rest of the document is worth reading, to name its other faults at once.
                let c = named_character(name).ok_or_else(|| stop.clone())?;
                self.undefined.get_or_insert(stop);
                Ok(Resolved::Character(c, false))
            }
        }
    }

    fn expand(&mut self, name: &str, offset: usize, depth: usize, out: &mut String) -> Result<(), Box<Stop>> {
        if depth > NESTING {
            return Err(Stop::new(offset, format!("the entity `&{name};` refers to itself, or too deeply")));
        }
        let mut rest = match self.declared.get(name) {
            Some(Declared::Text(text)) => *text,
            _ => "",
        };
        loop {
            let at = rest.find('&');
            let before = rest.get(..at.unwrap_or(rest.len())).unwrap_or_default();
            self.spent += before.len() + 1;
            if self.spent > BUDGET {
                return Err(Stop::new(offset, format!("entities that expand to more than {BUDGET} bytes")));
            }
            out.push_str(before);
            let Some(at) = at else { return Ok(()) };
            let from = rest.get(at + 1..).unwrap_or_default();
            let Some(end) = from.find(';') else {
                return Err(Stop::new(offset, format!("the entity `&{name};` is not well-formed")));
            };
            let inner = from.get(..end).unwrap_or_default();
            if matches!(self.declared.get(inner), Some(Declared::Text(_))) {
                self.expand(inner, offset, depth + 1, out)?;
            } else {
                match self.resolve(inner, offset)? {
                    Resolved::Character(c, _) => out.push(c),
                    Resolved::Text(text) => out.push_str(&text),
                    Resolved::External => {}
                }
            }
            rest = from.get(end + 1..).unwrap_or_default();
        }
    }

    /// Reads a document type declaration: what follows `<!DOCTYPE`.
    pub(super) fn declare(&mut self, body: &'d str, offset: usize) -> Result<(), Box<Stop>> {
        let body = body.trim_start_matches(is_space);
        let end = body.find(|c| is_space(c) || c == '[').unwrap_or(body.len());
        if !is_name(body.get(..end).unwrap_or_default()) {
            return Err(Stop::new(offset, "a document type declaration without a name"));
        }
        let (external, subset) = match body.split_once('[') {
            Some((external, subset)) => {
                (external, subset.rsplit_once(']').map_or(subset, |(subset, _)| subset))
            }
            None => (body, ""),
        };
        if external.contains('<') {
            return Err(Stop::new(offset, "a document type declaration that is not well-formed"));
        }
        self.unread = external.contains("SYSTEM") || external.contains("PUBLIC");
        self.netscape = external.contains("rss-0.91.dtd") || external.contains("DTD RSS 0.91");
        let mut rest = subset;
        while let Some(at) = rest.find("<!ENTITY") {
            let declaration = rest.get(at + "<!ENTITY".len()..).unwrap_or_default();
            rest = self.entity(declaration, offset)?;
        }
        Ok(())
    }

    /// Reads one entity declaration and returns what follows it.
    fn entity(&mut self, text: &'d str, offset: usize) -> Result<&'d str, Box<Stop>> {
        let malformed = || Stop::new(offset, "an entity declaration that is not well-formed");
        let text = text.trim_start_matches(is_space);
        let (parameter, text) = match text.strip_prefix('%') {
            Some(text) => (true, text.trim_start_matches(is_space)),
            None => (false, text),
        };
        let end = text.find(is_space).ok_or_else(malformed)?;
        let (name, rest) = text.split_at_checked(end).ok_or_else(malformed)?;
        let rest = rest.trim_start_matches(is_space);
        if !is_name(name) {
            return Err(malformed());
        }
        if self.declared.len() >= DECLARED {
            return Err(Stop::limit(offset, format!("more than {DECLARED} entities declared")));
        }
        let declared = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let body = rest.get(1..).unwrap_or_default();
                let end = body.find(quote).ok_or_else(malformed)?;
                let value = body.get(..end).unwrap_or_default();
                (Declared::Text(value), body.get(end + 1..).unwrap_or_default())
            }
            _ => {
                let end = rest.find('>').ok_or_else(malformed)?;
                if rest.get(..end).unwrap_or_default().contains('<') {
                    return Err(malformed());
                }
                (Declared::External, rest.get(end..).unwrap_or_default())
            }
        };
        if parameter {
            self.unread = true;
        } else {
            // The first declaration of a name binds.
            self.declared.entry(name).or_insert(declared.0);
        }
        Ok(declared.1)
    }
}

/// Where a document type declaration ends that begins before `body`: at its `>`, past literals, comments, instructions and the
/// declarations within its brackets.
pub(super) fn declaration_end(body: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut inside = false;
    let past = |from: usize, end: &[u8]| {
        let rest = body.get(from..)?;
        memchr::memmem::find(rest, end).map(|found| from + found + end.len())
    };
    loop {
        let rest = body.get(at..)?;
        at = match rest {
            [] => return None,
            [b'>', ..] if !inside => return Some(at),
            [b'[', ..] => {
                inside = true;
                at + 1
            }
            [b']', ..] => {
                inside = false;
                at + 1
            }
            [quote @ (b'"' | b'\''), ..] => past(at + 1, &[*quote])?,
            [b'<', b'!', b'-', b'-', ..] if inside => past(at + 4, b"-->")?,
            [b'<', b'?', ..] if inside => past(at + 2, b"?>")?,
            _ => at + 1,
        };
    }
}

/// What the reference that follows a `&` stands for, where it is one of XML's own or to a character of ASCII: the character, how
/// many bytes the reference has, and whether it is in hexadecimal.
pub(super) fn usual(rest: &[u8]) -> Option<(char, usize, bool)> {
    Some(match rest {
        [b'l', b't', b';', ..] => ('<', 3, false),
        [b'g', b't', b';', ..] => ('>', 3, false),
        [b'a', b'm', b'p', b';', ..] => ('&', 4, false),
        [b'q', b'u', b'o', b't', b';', ..] => ('"', 5, false),
        [b'a', b'p', b'o', b's', b';', ..] => ('\'', 5, false),
        [b'#', b'3', b'9', b';', ..] => ('\'', 4, false),
        [b'#', b'x', b'2', b'6', b';', ..] => ('&', 5, true),
        [b'#', b'x', b'3', b'C' | b'c', b';', ..] => ('<', 5, true),
        [b'#', b'x', b'3', b'E' | b'e', b';', ..] => ('>', 5, true),
        _ => return None,
    })
}

/// The character of a numeric reference, `38` or `x26`.
fn character(number: &str, offset: usize) -> Result<Resolved, Box<Stop>> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    let c = u32::from_str_radix(digits, radix).ok().filter(|_| valid).and_then(char::from_u32);
    match c.filter(|c| is_char(*c)) {
        Some(c) => Ok(Resolved::Character(c, radix == 16)),
        None => Err(Stop::new(offset, format!("`&#{number};` is no character that XML allows"))),
    }
}
