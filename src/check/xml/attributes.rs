//! Attributes of a start tag, read strictly.

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::names::Ns;
use super::entities::{Entities, Resolved};
use super::{Stop, is_name};

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

/// Reads what follows the name in a start tag; `base` is the offset of `rest` in the document.
pub(super) fn parse<'d>(
    rest: &'d str,
    base: usize,
    out: &mut Vec<Attribute<'d>>,
    limit: usize,
    entities: &mut Entities<'d>,
) -> Result<(), Stop> {
    let mut at = 0;
    let mut names: Option<HashSet<&str>> = None;
    loop {
        let remaining = rest.get(at..).unwrap_or_default();
        let trimmed = remaining.trim_start_matches(is_space);
        if trimmed.is_empty() {
            return Ok(());
        }
        let skipped = remaining.len() - trimmed.len();
        let offset = base + at + skipped;
        if skipped == 0 {
            return Err(Stop::new(offset, "no white space between attributes"));
        }
        if out.len() >= limit {
            return Err(Stop::limit(offset, format!("more than {limit} attributes in one tag")));
        }
        let Some(equals) = memchr::memchr(b'=', trimmed.as_bytes()) else {
            return Err(Stop::new(offset, "an attribute without a value"));
        };
        let name = trimmed.get(..equals).unwrap_or_default().trim_end_matches(is_space);
        if !is_name(name) {
            let name = super::super::finding::shortened(name);
            return Err(Stop::new(offset, format!("`{name}` is no name of an attribute")));
        }
        let after = trimmed.get(equals + 1..).unwrap_or_default();
        let quoted = after.trim_start_matches(is_space);
        let quote = match quoted.chars().next() {
            Some(quote @ ('"' | '\'')) => quote,
            _ => return Err(Stop::new(offset, format!("the value of `{name}` is not in quotation marks"))),
        };
        let body = quoted.get(1..).unwrap_or_default();
        let mark = if quote == '"' { b'"' } else { b'\'' };
        let Some(length) = memchr::memchr(mark, body.as_bytes()) else {
            return Err(Stop::new(offset, format!("the value of `{name}` does not end")));
        };
        let raw = body.get(..length).unwrap_or_default();
        if memchr::memchr(b'<', raw.as_bytes()).is_some() {
            return Err(Stop::new(offset, format!("`<` in the value of `{name}`")));
        }
        let twice = if out.len() < 16 {
            out.iter().any(|other| other.name == name)
        } else {
            let known = || out.iter().map(|other| other.name).collect();
            !names.get_or_insert_with(known).insert(name)
        };
        if twice {
            return Err(Stop::new(offset, format!("the attribute `{name}` twice")));
        }
        let value = normalised(raw, offset, entities)?;
        out.push(Attribute { name, ns: Ns::None, local: name, value, offset });
        at += skipped + equals + 1 + (after.len() - quoted.len()) + 1 + length + 1;
    }
}

/// The value an application sees.
fn normalised<'d>(raw: &'d str, offset: usize, entities: &mut Entities<'d>) -> Result<Cow<'d, str>, Stop> {
    // No branch: most values have nothing to replace, and are looked at many bytes at a time.
    let plain =
        raw.bytes().fold(true, |plain, b| plain & (b != b'&') & (b != b'\n') & (b != b'\r') & (b != b'\t'));
    if plain {
        return Ok(Cow::Borrowed(raw));
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
    Ok(Cow::Owned(out))
}
