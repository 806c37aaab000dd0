//! JSON (RFC 8259) in memory, walked piece by piece: every value is serde_json's business, what stands between them is done
//! here, so that each has its place. Documents that are not held in memory are walked by [`super::walk`].

use super::super::Fields;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Where a text stops to be JSON, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Bytes from the beginning of the text that was handed in.
    pub offset: usize,
    /// A lower-case fragment.
    pub message: String,
    /// Whether the text simply ends too early.
    pub ended: bool,
}

impl Fault {
    pub fn expected(what: &str, text: &str, offset: usize) -> Self {
        Self {
            offset,
            message: format!("expected {what}, found {}", found(text, offset)),
            ended: offset >= text.len(),
        }
    }

    fn of(error: &serde_json::Error, text: &str) -> Self {
        let offset = offset_of(text, error.line(), error.column());
        let full = error.to_string();
        let reason = full.rsplit_once(" at line ").map_or(full.as_str(), |(reason, _)| reason);
        let message = match error.is_eof() || error.is_data() {
            true => reason.replace("EOF while parsing", "the text ends in the midst of"),
            false => format!("{reason}, found {}", found(text, offset)),
        };
        Self { offset, message, ended: error.is_eof() }
    }
}

/// serde_json counts lines and columns from 1, columns in bytes.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// What stands at an offset, for a message.
fn found(text: &str, offset: usize) -> String {
    let at = (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    match text[at..].chars().next() {
        None => "the end".to_owned(),
        Some(c) if c.is_control() => format!("U+{:04X}", u32::from(c)),
        Some(c) => format!("`{c}`"),
    }
}

/// The offset of the first byte from `at` on that is no white space of JSON's.
pub fn skip_space(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    rest.iter()
        .position(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
        .map_or(text.len(), |space| at + space)
}

fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// The value that begins at `at`, and where it ends.
pub fn value(text: &str, at: usize) -> Result<(&str, usize), Fault> {
    let rest = text.get(at..).unwrap_or_default();
    let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
    match stream.next() {
        Some(Ok(raw)) => Ok((raw.get(), at + stream.byte_offset())),
        Some(Err(error)) => {
            let fault = Fault::of(&error, rest);
            Err(Fault { offset: at + fault.offset, ..fault })
        }
        None => Err(Fault::expected("a value", text, at)),
    }
}

/// One entry of an object.
pub struct Entry<'a> {
    pub key: String,
    /// Where its value begins.
    pub at: usize,
    /// The value; of the last entry before a fault, as much as there is.
    pub raw: &'a str,
}

/// The entries of the object that begins at `at`, as far as it is one, and where it ends or fails.
pub fn entries(text: &str, at: usize) -> (Vec<Entry<'_>>, Result<usize, Fault>) {
    let mut found = Vec::new();
    let end = each_entry(text, at, &mut found);
    (found, end)
}

fn each_entry<'a>(text: &'a str, at: usize, found: &mut Vec<Entry<'a>>) -> Result<usize, Fault> {
    let mut at = skip_space(text, at + 1);
    if byte(text, at) == Some(b'}') {
        return Ok(at + 1);
    }
    loop {
        if byte(text, at) != Some(b'"') {
            return Err(Fault::expected("a name in quotation marks", text, at));
        }
        let (raw, end) = value(text, at)?;
        let key = serde_json::from_str(&mended(raw)).unwrap_or_else(|_| raw.to_owned());
        at = skip_space(text, end);
        if byte(text, at) != Some(b':') {
            return Err(Fault::expected("`:`", text, at));
        }
        at = skip_space(text, at + 1);
        match value(text, at) {
            Ok((raw, end)) => {
                found.push(Entry { key, at, raw });
                at = skip_space(text, end);
            }
            Err(fault) => {
                found.push(Entry { key, at, raw: text.get(at..).unwrap_or_default() });
                return Err(fault);
            }
        }
        match byte(text, at) {
            Some(b',') => at = skip_space(text, at + 1),
            Some(b'}') => return Ok(at + 1),
            _ => return Err(Fault::expected("`,` or `}`", text, at)),
        }
    }
}

/// The fields of a record. Of a name that comes twice the last counts.
pub fn object(raw: &str) -> Result<Fields, Fault> {
    if byte(raw, skip_space(raw, 0)) != Some(b'{') {
        let kind = match byte(raw, skip_space(raw, 0)) {
            Some(b'[') => "a list",
            Some(b'"') => "a text",
            Some(b't' | b'f') => "a truth value",
            Some(b'n') => "null",
            Some(b'0'..=b'9' | b'-') => "a number",
            _ => return Err(Fault::expected("a record, that is, an object", raw, skip_space(raw, 0))),
        };
        // A list that is broken is no list: say where it breaks.
        serde_json::from_str::<&RawValue>(raw).map_err(|error| Fault::of(&error, raw))?;
        let message = format!("expected a record, that is, an object, found {kind}");
        return Err(Fault { offset: 0, message, ended: false });
    }
    match serde_json::from_str(raw) {
        Ok(fields) => Ok(fields),
        Err(_) => serde_json::from_str(&mended(raw)).map_err(|error| Fault::of(&error, raw)),
    }
}

/// The text with every escape of a lone surrogate (`\ud83d` without its other half) replaced by one of the same length for
/// U+0000, which no feed can carry and which is removed with its kind. serde_json refuses the whole record for it, and
/// newsrooms cut titles in the midst of an emoji.
pub fn mended(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let unit = |at: usize| -> Option<u32> {
        let escape = text.get(at..at + 6)?.strip_prefix("\\u")?;
        escape.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(escape, 16).ok())?
    };
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(ahead) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'\\')) {
        at += ahead;
        match (unit(at), unit(at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 12,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str(&text[copied..at]);
                out.push_str("\\u0000");
                at += 6;
                copied = at;
            }
            (Some(_), _) => at += 6,
            // An escaped character, a backslash perhaps.
            (None, _) => at += 2,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_lone_surrogates_only() {
        let same = [r#""\ud83d\ude00""#, r#""\\ud83d""#, r#""\u0041\n""#, r#""\u12""#, "\"ệ\\", r#""\\\\""#];
        for text in same {
            assert_eq!(mended(text), text);
        }
        assert_eq!(mended(r#""a\ud83db""#), r#""a\u0000b""#);
        assert_eq!(mended(r#""\ude00\ud83d""#), r#""\u0000\u0000""#);
        assert_eq!(mended(r#""\\\uD83D\n""#), r#""\\\u0000\n""#);
        assert_eq!(mended(r#""\ud83d\ud83d\ude00ệ""#), r#""\u0000\ud83d\ude00ệ""#);
        assert_eq!(mended(r#""\ud83dệ""#), r#""\u0000ệ""#);
    }

    #[test]
    fn the_last_of_a_name_counts() {
        let fields = object(r#"{"a": 1, "a": 2}"#).unwrap();
        assert_eq!(fields["a"], 2);
    }

    #[test]
    fn names_what_is_no_object() {
        for (text, kind) in [
            ("[1]", "a list"),
            ("12", "a number"),
            ("null", "null"),
            ("\"a\"", "a text"),
            ("true", "a truth value"),
        ] {
            let fault = object(text).unwrap_err();
            assert_eq!(fault.message, format!("expected a record, that is, an object, found {kind}"));
        }
        assert_eq!(object("[1,").unwrap_err().message, "the text ends in the midst of a value");
        assert_eq!(object("xin").unwrap_err().message, "expected a record, that is, an object, found `x`");
    }

    #[test]
    fn deep_nesting_is_a_fault_of_one_record() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(object(&deep).unwrap_err().message, "recursion limit exceeded, found `[`");
    }

    #[test]
    fn says_where() {
        let fault = object("{\"a\": 1,\n \"ệ\": x}").unwrap_err();
        assert_eq!((fault.offset, fault.message.as_str()), (17, "expected value, found `x`"));
        let (found, end) = entries("{\"a\": 1, \"b\": [1, }", 0);
        assert_eq!(found.len(), 2);
        assert_eq!(end.unwrap_err().message, "expected value, found `}`");
    }
}
