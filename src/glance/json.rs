//! A strict look at one JSON object (RFC 8259) that copies nothing: it checks the syntax of everything and hands over the
//! members of the top level as slices.
//!
//! It accepts a part of what the full parser accepts, and nothing else: whatever is unusual (escapes in names, control
//! characters, deep nesting, lone surrogates) is left to the full parser by [`Unusual`].

/// Something that only the full parser can judge: an error, or a rarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusual;

/// Far below the full parser's limit (128), so that none of it is met here.
const DEEPEST: usize = 64;

/// Hands every member of the object to `member`: its name, and its value as written. `line` is UTF-8 and begins and ends
/// without white space.
pub fn members<'a>(
    line: &'a [u8],
    mut member: impl FnMut(&'a [u8], &'a [u8]) -> Result<(), Unusual>,
) -> Result<(), Unusual> {
    let mut cursor = Cursor { bytes: line, at: 0 };
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

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Unusual> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(Unusual)
        }
    }

    fn colon(&mut self) -> Result<(), Unusual> {
        self.space();
        self.expect(b':')?;
        self.space();
        Ok(())
    }

    /// After a member or element: whether another follows.
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

    /// A member's name, without its quotes; one with an escape is unusual.
    fn name(&mut self) -> Result<&'a [u8], Unusual> {
        self.expect(b'"')?;
        let rest = &self.bytes[self.at..];
        let end = string_end(rest).filter(|end| rest[*end] == b'"').ok_or(Unusual)?;
        self.at += end + 1;
        Ok(&rest[..end])
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

    fn string(&mut self) -> Result<(), Unusual> {
        self.expect(b'"')?;
        loop {
            let rest = &self.bytes[self.at..];
            let Some(end) = string_end(rest) else { return Err(Unusual) };
            self.at += end + 1;
            match rest[end] {
                b'"' => return Ok(()),
                b'\\' => match self.peek() {
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                    Some(b'u') => {
                        let digits = self.bytes.get(self.at + 1..self.at + 5).ok_or(Unusual)?;
                        // Surrogates come in pairs or not at all; the full parser knows which.
                        let surrogate = digits[0].eq_ignore_ascii_case(&b'd') && digits[1] >= b'8';
                        if surrogate || !digits.iter().all(u8::is_ascii_hexdigit) {
                            return Err(Unusual);
                        }
                        self.at += 5;
                    }
                    _ => return Err(Unusual),
                },
                _ => return Err(Unusual),
            }
        }
    }
}

/// The first quote, backslash or control character.
fn string_end(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES * 0x80;
    // The lowest byte that is found is right; what comes above it may be an echo of the borrow.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut at = 0;
    while let Some((block, _)) = bytes.get(at..).and_then(|rest| rest.split_first_chunk()) {
        let word = u64::from_le_bytes(*block);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found =
            (zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\'))) | control) & HIGH;
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    bytes[at..].iter().position(special).map(|offset| at + offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(line: &str) -> Option<Vec<(String, String)>> {
        let mut seen = Vec::new();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        members(line.as_bytes(), |name, value| {
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
        #[test]
        fn the_end_of_a_string_is_the_first_special_byte(bytes in proptest::collection::vec(any::<u8>(), 0..80), at in 0..80usize) {
            // Mostly plain bytes, so that ends lie anywhere.
            let bytes: Vec<u8> = bytes.iter().enumerate().map(|(i, byte)| if i < at { byte | 0x80 } else { *byte }).collect();
            let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
            prop_assert_eq!(string_end(&bytes), bytes.iter().position(special));
        }

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
