//! Attributes of a start tag, read strictly.

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::names::{Ns, same};
use super::entities::{Entities, Resolved};
use super::{Reader, Stop};

/// One attribute.
#[derive(Debug, Clone)]
pub(crate) struct Attribute<'d> {
    /// The name as written, with its prefix.
    pub name: &'d str,
    pub ns: Ns,
    pub local: &'d str,
    /// The value, references resolved and white space normalised.
    pub value: Cow<'d, str>,
    /// Where the name begins.
    pub offset: usize,
}

/// White space of XML.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// White space of XML, as a byte.
pub(super) fn is_space_byte(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

impl<'d> Reader<'d> {
    /// Reads attributes from behind the name of a start tag to its end, into `self.attributes`. `slot` is where its name is
    /// remembered.
    ///
    /// # Errors
    /// They are not well-formed, or there are too many.
    pub(super) fn read_attributes(&mut self, from: usize, slot: usize) -> Result<Read, Box<Stop>> {
        let mut at = from;
        let mut names: Option<HashSet<&str>> = None;
        let mut read = Read { empty: false, prefixed: false };
        // The names are those that the tag had the last time, as far as is known.
        let mut usual = true;
        loop {
            let rest = self.bytes(at);
            let skipped = rest.iter().position(|b| !is_space_byte(*b)).unwrap_or(rest.len());
            let offset = at + skipped;
            let rest = rest.get(skipped..).unwrap_or_default();
            match rest {
                [b'>', ..] => {
                    self.at = offset + 1;
                    break;
                }
                [b'/', b'>', ..] => {
                    self.at = offset + 2;
                    read.empty = true;
                    break;
                }
                [] => return Err(Stop::new(offset, "a tag that does not end")),
                _ if skipped == 0 => return Err(Stop::new(offset, "no white space between attributes")),
                _ => {}
            }
            let limit = self.bounds.attributes;
            if self.attributes.len() >= limit {
                return Err(Stop::limit(offset, format!("more than {limit} attributes in one tag")));
            }
            let expected = if usual { self.expected_attribute(slot, offset) } else { None };
            usual = expected.is_some();
            let (name, prefixed) = match expected {
                Some(known) => known,
                None => self.name(offset, "an attribute")?,
            };
            read.prefixed |= prefixed;
            let quote = match rest.get(name.len()..) {
                Some([b'=', b'"' | b'\'', ..]) => name.len() + 1,
                after => spaced(after.unwrap_or_default(), name, offset)? + name.len(),
            };
            let Some((mark, body)) = rest.get(quote..).and_then(<[u8]>::split_first) else {
                return Err(Stop::new(offset, "a tag that does not end"));
            };
            let (mut length, mut special) = (0, false);
            // Values are short: going over them here costs less than calling for a search.
            let stops = |b: &u8| STOPS.get(usize::from(*b)).is_some_and(|stops| *stops);
            loop {
                let ahead = body.get(length..).unwrap_or_default();
                let Some(at) = ahead.iter().position(stops) else {
                    return Err(Stop::new(offset, format!("the value of `{name}` does not end")));
                };
                length += at;
                match ahead.get(at) {
                    Some(b) if b == mark => break,
                    other => special |= !matches!(other, Some(b'"' | b'\'')),
                }
                length += 1;
            }
            let begin = offset + quote + 1;
            let raw = self.source.get(begin..begin + length).unwrap_or_default();
            let twice = if usual {
                // They were compared when they were remembered.
                false
            } else if self.attributes.len() < 16 {
                self.attributes.iter().any(|other| same(other.name, name))
            } else {
                let known = || self.attributes.iter().map(|other| other.name).collect();
                !names.get_or_insert_with(known).insert(name)
            };
            if twice {
                return Err(Stop::new(offset, format!("the attribute `{name}` twice")));
            }
            let value = match special {
                false => Cow::Borrowed(raw),
                true => Cow::Owned(normalised(raw, name, offset, &mut self.entities)?),
            };
            self.attributes.push(Attribute { name, ns: Ns::None, local: name, value, offset });
            at = begin + length + 1;
        }
        if !usual {
            self.remember_attributes(slot);
        }
        Ok(read)
    }
}

/// What is known of the attributes of a tag besides themselves.
pub(super) struct Read {
    /// The element is empty.
    pub empty: bool,
    /// A name has a colon.
    pub prefixed: bool,
}

/// The bytes that end a value, or that must not be in it as they are.
static STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut b = 0;
    while b < 256 {
        stops[b] = b < 0x20 || matches!(b as u8, b'"' | b'\'' | b'&' | b'<');
        b += 1;
    }
    stops
};

/// How far behind a name its value's quotation mark is, where there is white space before it.
fn spaced(after: &[u8], name: &str, offset: usize) -> Result<usize, Box<Stop>> {
    let trimmed = after.trim_ascii_start();
    let Some(value) = trimmed.strip_prefix(b"=") else {
        return Err(Stop::new(offset, format!("the attribute `{name}` has no value")));
    };
    let value = value.trim_ascii_start();
    match value.first() {
        Some(b'"' | b'\'') => Ok(after.len() - value.len()),
        _ => Err(Stop::new(offset, format!("the value of `{name}` is not in quotation marks"))),
    }
}

/// The value an application sees, of one that is not as it was written.
fn normalised(
    raw: &str,
    name: &str,
    offset: usize,
    entities: &mut Entities<'_>,
) -> Result<String, Box<Stop>> {
    if raw.contains('<') {
        return Err(Stop::new(offset, format!("`<` in the value of `{name}`")));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\n', '\r', '\t']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        if !from.starts_with('&') {
            out.push(' ');
            rest = from.get(1..).unwrap_or_default();
            continue;
        }
        let Some(end) = from.find(';') else {
            return Err(Stop::new(offset, "`&` that begins no reference"));
        };
        match entities.resolve(from.get(1..end).unwrap_or_default(), offset)? {
            Resolved::Character(c, _) => out.push(c),
            Resolved::Text(text) => {
                if text.contains('<') {
                    return Err(Stop::new(offset, "`<` in the value of an attribute"));
                }
                out.push_str(&text);
            }
            Resolved::External => {
                return Err(Stop::new(offset, "an external entity in the value of an attribute"));
            }
        }
        rest = from.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(out)
}
