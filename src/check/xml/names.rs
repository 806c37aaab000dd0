//! What names may be, and what characters. Specification: <https://www.w3.org/TR/xml/#NT-Name>,
//! <https://www.w3.org/TR/xml/#charsets>, <https://www.w3.org/TR/xml-names/#ns-qualnames>.

/// What a byte may be in a name, as bits: it ends the name, ...
pub(super) const OTHER: u8 = 0;
pub(super) const NAME: u8 = 1;
pub(super) const COLON: u8 = 2;
/// ... or is part of a character beyond ASCII, which has to be looked at.
pub(super) const BEYOND: u8 = 4;

pub(super) static CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut b = 0usize;
    while b < 256 {
        let byte = b as u8;
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            classes[b] = NAME;
        } else if byte == b':' {
            classes[b] = COLON;
        } else if byte >= 0x80 {
            classes[b] = BEYOND;
        }
        b += 1;
    }
    classes
};

/// A qualified name taken apart; `None` where it has too many colons, or no name behind one.
pub(super) fn split(name: &str) -> Option<(&str, &str)> {
    let Some(colon) = name.bytes().position(|b| b == b':') else { return Some(("", name)) };
    let (prefix, local) = (name.get(..colon)?, name.get(colon + 1..)?);
    let is_qualified = !prefix.is_empty() && !local.contains(':') && local.starts_with(is_name_start);
    is_qualified.then_some((prefix, local))
}

/// Whether `name` is a Name of XML 1.0.
pub(super) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let plain = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_' || b == b':')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-' | b'.'));
    if plain {
        return true;
    }
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

fn is_name_start(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}' | '\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}')
}

/// Whether XML 1.0's Char holds `c`.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
