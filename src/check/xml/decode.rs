//! Bytes made text: byte order marks, declared encodings.

use std::borrow::Cow;

/// How a document is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    /// Another encoding that can be read.
    Other,
}

/// A document as text.
#[derive(Debug)]
pub(crate) struct Decoded<'d> {
    pub text: Cow<'d, str>,
    pub encoding: Encoding,
    /// It begins with a byte order mark in UTF-8.
    pub mark: bool,
    /// The name of an encoding that is declared and not known.
    pub unknown: Option<String>,
    /// Where bytes begin that are not text in the encoding declared. The text ends there.
    pub broken: Option<usize>,
}

/// Decodes a document. `charset` is what the transport said, and goes before the document's own word.
pub(crate) fn decode<'d>(bytes: &'d [u8], charset: Option<&str>) -> Decoded<'d> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Decoded { mark: true, ..utf8(rest) };
    }
    if let Some(text) = utf32(bytes) {
        let unknown = Some("UTF-32".to_owned());
        return Decoded {
            text: Cow::Owned(text),
            encoding: Encoding::Other,
            mark: false,
            unknown,
            broken: None,
        };
    }
    // With a mark, or without one, where a document begins with `<`: XML 1.0, appendix F.
    match bytes {
        [0xff, 0xfe, ..] | [b'<', 0, 1..=0xff, 0, ..] => return other(encoding_rs::UTF_16LE, bytes),
        [0xfe, 0xff, ..] | [0, b'<', 0, 1..=0xff, ..] => return other(encoding_rs::UTF_16BE, bytes),
        _ => {}
    }
    let declared = declared_encoding(bytes);
    let Some(name) = charset.map(str::to_owned).or(declared) else { return utf8(bytes) };
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "utf-8" | "utf8" => utf8(bytes),
        // encoding_rs follows browsers and reads Latin-1 as windows-1252; XML parsers do not.
        "iso-8859-1" | "latin1" | "latin-1" => latin(bytes, 0xff),
        "us-ascii" | "ascii" => latin(bytes, 0x7f),
        _ => match encoding_rs::Encoding::for_label(lower.as_bytes()) {
            // Without a mark, and read far enough to see the declaration: it cannot be UTF-16.
            Some(encoding) if encoding != encoding_rs::UTF_16LE && encoding != encoding_rs::UTF_16BE => {
                other(encoding, bytes)
            }
            _ => Decoded { unknown: Some(name), ..utf8(bytes) },
        },
    }
}

/// The text of a document in UTF-32, which parsers of XML do not read; `None`: it is in another encoding.
fn utf32(bytes: &[u8]) -> Option<String> {
    let read = match bytes {
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => u32::from_be_bytes,
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => u32::from_le_bytes,
        _ => return None,
    };
    let (units, _) = bytes.as_chunks::<4>();
    let character = |unit: &[u8; 4]| char::from_u32(read(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(units.iter().map(character).filter(|c| *c != '\u{feff}').collect())
}

fn utf8(bytes: &[u8]) -> Decoded<'_> {
    // The faster of its two ways does not say where text ends; the other is asked only where it does.
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        let text = Cow::Borrowed(text);
        return Decoded { text, encoding: Encoding::Utf8, mark: false, unknown: None, broken: None };
    }
    let (text, broken) = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            (simdutf8::compat::from_utf8(valid).unwrap_or_default(), Some(error.valid_up_to()))
        }
    };
    Decoded { text: Cow::Borrowed(text), encoding: Encoding::Utf8, mark: false, unknown: None, broken }
}

fn latin(bytes: &[u8], highest: u8) -> Decoded<'_> {
    let end = bytes.iter().position(|b| *b > highest);
    let text: String = bytes.iter().take(end.unwrap_or(bytes.len())).map(|b| char::from(*b)).collect();
    let broken = end.map(|_| text.len());
    Decoded { text: Cow::Owned(text), encoding: Encoding::Other, mark: false, unknown: None, broken }
}

fn other<'d>(encoding: &'static encoding_rs::Encoding, bytes: &'d [u8]) -> Decoded<'d> {
    let (text, _, malformed) = encoding.decode(bytes);
    let broken = if malformed { text.find(char::REPLACEMENT_CHARACTER) } else { None };
    Decoded { text, encoding: Encoding::Other, mark: false, unknown: None, broken }
}

/// The encoding that the XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let start = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    if !start.trim_ascii_start().starts_with(b"<?xml") && start.is_ascii() {
        return None;
    }
    let start: String = start.iter().map(|b| char::from(*b)).collect();
    let declaration = start.trim_start().strip_prefix("<?xml")?;
    let declaration = declaration.split("?>").next()?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = rest.get(1..)?.split_once(quote)?;
    Some(name.to_owned())
}

/// Checks what stands between `<?xml` and `?>`; says whether the version is 1.0.
pub(super) fn check_declaration(body: &str) -> Result<bool, String> {
    let mut rest = body;
    let mut expected: &[&str] = &["version", "encoding", "standalone"];
    let mut first = true;
    let mut usual = true;
    while !rest.trim().is_empty() {
        let trimmed = rest.trim_start();
        if trimmed.len() == rest.len() {
            return Err("no white space within the XML declaration where it belongs".to_owned());
        }
        let (name, after) = trimmed.split_once('=').ok_or("an XML declaration that is not well-formed")?;
        let name = name.trim_end();
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let quote = quote.ok_or("an XML declaration that is not well-formed")?;
        let body = after.get(1..).unwrap_or_default();
        let (value, tail) = body.split_once(quote).ok_or("an XML declaration that is not well-formed")?;
        let position = expected.iter().position(|known| *known == name);
        let position = position.ok_or_else(|| format!("`{name}` in the XML declaration"))?;
        if first && name != "version" {
            return Err("an XML declaration without a version".to_owned());
        }
        first = false;
        expected = expected.get(position + 1..).unwrap_or_default();
        let valid = match name {
            "version" => {
                !value.is_empty()
                    && value
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-'))
            }
            "encoding" => {
                value.starts_with(|c: char| c.is_ascii_alphabetic())
                    && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
            }
            _ => matches!(value, "yes" | "no"),
        };
        usual &= name != "version" || value == "1.0";
        if !valid {
            return Err(format!(
                "{name} `{}` in the XML declaration",
                super::super::finding::shortened(value)
            ));
        }
        rest = tail;
    }
    if first { Err("an XML declaration without a version".to_owned()) } else { Ok(usual) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_declarations_are_followed() {
        assert_eq!(decode("\u{feff}<a/>".as_bytes(), None).text, "<a/>");
        assert!(decode("\u{feff}<a/>".as_bytes(), None).mark);
        assert_eq!(decode(b"\xff\xfe<\0a\0/\0>\0", None).text, "<a/>");
        assert_eq!(decode(b"<\0a\0/\0>\0", None).text, "<a/>");
        assert_eq!(decode(b"\0<\0a\0/\0>", None).text, "<a/>");
        for bytes in [&b"<\0\0\0a\0\0\0/\0\0\0>\0\0\0"[..], b"\0\0\xfe\xff\0\0\0<\0\0\0a\0\0\0/\0\0\0>\0"] {
            let decoded = decode(bytes, None);
            assert_eq!((decoded.text.as_ref(), decoded.unknown.as_deref()), ("<a/>", Some("UTF-32")));
        }
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='iso-8859-1'?>\x93", None).text.chars().last(),
            Some('\u{93}')
        );
        let windows = decode(b"<?xml version='1.0' encoding='windows-1258'?>\xd2", None);
        assert_eq!((windows.encoding, windows.broken), (Encoding::Other, None));
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='x-none'?><a/>", None).unknown.as_deref(),
            Some("x-none")
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_found() {
        assert_eq!(decode(b"<a>\xff</a>", None).broken, Some(3));
        assert_eq!(decode(b"<a>\xff</a>", None).text, "<a>");
        assert_eq!(decode(b"<?xml version='1.0' encoding='us-ascii'?>\xc3", None).broken, Some(41));
    }
}
