//! A strict look at one JSON object (RFC 8259) that copies nothing: it checks the syntax of everything and hands over the
//! members of the top level as slices.
//!
//! It accepts a part of what the full parser accepts, and nothing else: whatever is unusual (escapes in names, control
//! characters, deep nesting, lone surrogates) is left to the full parser by [`Unusual`].

use super::marks;

/// Something that only the full parser can judge: an error, or a rarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusual;

/// Far below the full parser's limit (128), so that none of it is met here.
const DEEPEST: usize = 64;

/// A line longer than this is left to the full parser: the marks of one that consists of quotes would fill the memory.
const LONGEST: usize = 4 << 20;

/// Hands every member of the object to `member`: its name, and its value as written. `line` is UTF-8 and begins and ends
/// without white space. `room` is used for what is found on the way, again for every line.
pub fn members<'a>(
    line: &'a [u8],
    room: &mut Vec<u32>,
    mut member: impl FnMut(&'a [u8], &'a [u8]) -> Result<(), Unusual>,
) -> Result<(), Unusual> {
    if line.len() > LONGEST {
        return Err(Unusual);
    }
    let mut cursor = Cursor { bytes: line, at: 0, marks: marks::find(line, room).iter() };
    cursor.expect(b'{')?;
    cursor.space();
    if cursor.peek() == Some(b'}') {
        cursor.at += 1;
    } else {
        loop {
            let name = cursor.name()?;
            cursor.colon()?;
            let start = cursor.at;
            cursor.value(0)?;
            member(name, &line[start..cursor.at])?;
            if !cursor.more(b'}')? {
                break;
            }
        }
    }
    if cursor.at == line.len() { Ok(()) } else { Err(Unusual) }
}

struct Cursor<'a, 'm> {
    bytes: &'a [u8],
    at: usize,
    /// Where the quotes, backslashes and control characters from here on stand.
    marks: std::slice::Iter<'m, u32>,
}

impl<'a> Cursor<'a, '_> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\r')) = self.peek() {
            self.at += 1;
            if byte != b' ' {
                self.marks.next();
            }
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Unusual> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(Unusual)
        }
    }

    #[inline]
    fn colon(&mut self) -> Result<(), Unusual> {
        self.space();
        self.expect(b':')?;
        self.space();
        Ok(())
    }

    /// After a member or element: whether another follows.
    #[inline]
    fn more(&mut self, close: u8) -> Result<bool, Unusual> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(Unusual),
        }
    }

    /// The next mark within a string.
    #[inline]
    fn mark(&mut self) -> Result<usize, Unusual> {
        self.marks.next().map(|at| *at as usize).ok_or(Unusual)
    }

    /// The quote that begins a string.
    #[inline]
    fn quote(&mut self) -> Result<(), Unusual> {
        self.expect(b'"')?;
        self.marks.next();
        Ok(())
    }

    /// A member's name, without its quotes; one with an escape is unusual.
    #[inline]
    fn name(&mut self) -> Result<&'a [u8], Unusual> {
        self.quote()?;
        let start = self.at;
        let end = self.mark()?;
        self.at = end;
        self.expect(b'"')?;
        self.bytes.get(start..end).ok_or(Unusual)
    }

    fn value(&mut self, depth: usize) -> Result<(), Unusual> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') if depth < DEEPEST => {
                self.at += 1;
                self.space();
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    return Ok(());
                }
                loop {
                    self.string()?;
                    self.colon()?;
                    self.value(depth + 1)?;
                    if !self.more(b'}')? {
                        return Ok(());
                    }
                }
            }
            Some(b'[') if depth < DEEPEST => {
                self.at += 1;
                self.space();
                if self.peek() == Some(b']') {
                    self.at += 1;
                    return Ok(());
                }
                loop {
                    self.value(depth + 1)?;
                    if !self.more(b']')? {
                        return Ok(());
                    }
                }
            }
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(Unusual),
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Unusual> {
        if self.bytes[self.at..].starts_with(word) {
            self.at += word.len();
            Ok(())
        } else {
            Err(Unusual)
        }
    }

    /// An integer of at most 15 digits: everything else (fractions, exponents, numbers that overflow) is unusual.
    fn number(&mut self) -> Result<(), Unusual> {
        self.at += usize::from(self.peek() == Some(b'-'));
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        let digits = self.at - start;
        let leading_zero = digits > 1 && self.bytes[start] == b'0';
        let goes_on = matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        if (1..=15).contains(&digits) && !leading_zero && !goes_on { Ok(()) } else { Err(Unusual) }
    }

    #[inline]
    fn string(&mut self) -> Result<(), Unusual> {
        self.quote()?;
        loop {
            self.at = self.mark()?;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(Unusual),
            }
        }
    }

    /// What stands at a backslash.
    fn escape(&mut self) -> Result<(), Unusual> {
        match self.bytes.get(self.at + 1) {
            // Marks themselves.
            Some(b'"' | b'\\') => {
                self.marks.next();
                Ok(())
            }
            Some(b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => {
                let digits = self.bytes.get(self.at + 2..self.at + 6).ok_or(Unusual)?;
                // Surrogates come in pairs or not at all; the full parser knows which.
                let surrogate = digits[0].eq_ignore_ascii_case(&b'd') && digits[1] >= b'8';
                if surrogate || !digits.iter().all(u8::is_ascii_hexdigit) { Err(Unusual) } else { Ok(()) }
            }
            _ => Err(Unusual),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(line: &str) -> Option<Vec<(String, String)>> {
        let mut seen = Vec::new();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        members(line.as_bytes(), &mut Vec::new(), |name, value| {
            seen.push((text(name), text(value)));
            Ok(())
        })
        .ok()
        .map(|()| seen)
    }

    #[test]
    fn members_are_handed_over_as_written() {
        let members = seen(r#"{"a" : "x\"y" ,"b":[1,{"a":null}], "c":{},"d":-12,"e":true}"#).unwrap();
        let values: Vec<&str> = members.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, [r#""x\"y""#, r#"[1,{"a":null}]"#, "{}", "-12", "true"]);
        assert_eq!(seen("{}"), Some(Vec::new()));
    }

    #[test]
    fn rarities_are_left_to_the_full_parser() {
        for line in [
            "",
            "[]",
            "{",
            r#"{"a":1"#,
            r#"{"a":1}x"#,
            r#"{"a":01}"#,
            r#"{"a":1.5}"#,
            r#"{"a\u0062":1}"#,
            r#"{"a":"\ud83d"}"#,
            "{\"a\":\"\u{1}\"}",
            r#"{"a":"\x"}"#,
            r#"{"a":tru}"#,
            r#"{"a":1,}"#,
            r#"{,}"#,
            r#"{"a" 1}"#,
            r#"{"a":"x}"#,
        ] {
            assert_eq!(seen(line), None, "{line}");
        }
    }

    proptest! {
        /// What is accepted is what serde_json accepts, with the same members.
        #[test]
        fn nothing_else_than_json_is_accepted(line in r#"\{("[ab]":("[a\\"u0d8/]{0,6}"|[0-9.e-]{0,4}|\[[1, ]{0,4}\]|\{"x":1\}|true|null),?){0,3}\}?"#) {
            if let Some(members) = seen(&line) {
                let parsed: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line).unwrap();
                for (name, value) in &parsed {
                    let last = members.iter().rev().find(|(seen, _)| seen == name).unwrap();
                    prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&last.1).unwrap(), value);
                }
            }
        }
    }
}
