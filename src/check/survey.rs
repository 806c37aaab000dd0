//! What one pass over a document's bytes tells of its characters, so that most texts need not be looked at letter by letter.
//!
//! Boundary: knows neither XML nor HTML. Every byte is judged by itself and the three that follow, without a branch, so that the
//! compiler judges many at a time: first roughly, in blocks, and exactly where a block has something in it.

/// What a pass over a text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Survey {
    /// The text has none of the bytes that damaged or decomposed text is made of. Letters of Latin scripts, composed, and
    /// common punctuation are known to be sound.
    pub sound: bool,
    /// Offset of the first character that no XML 1.0 document may contain, <https://www.w3.org/TR/xml/#charsets>.
    pub forbidden: Option<usize>,
}

/// How many bytes are looked at before it is asked what was seen.
const BLOCK: usize = 256;

/// Looks a text over.
pub(crate) fn survey(text: &str) -> Survey {
    let bytes = text.as_bytes();
    let mut survey = Survey { sound: true, forbidden: None };
    let mut from = 0;
    while from < bytes.len() {
        let to = bytes.len().min(from + BLOCK);
        let block = bytes.get(from..to).unwrap_or_default();
        let odd = match (bytes.get(from + 1..to + 1), bytes.get(from + 2..to + 2)) {
            (Some(second), Some(third)) => {
                block.iter().zip(second).zip(third).fold(false, |any, ((a, b), c)| any | is_odd(*a, *b, *c))
            }
            _ => true,
        };
        if odd {
            survey.sound = survey.sound && is_sound_from(bytes, from, to);
            if survey.forbidden.is_none() {
                survey.forbidden = forbidden(bytes, from, to);
            }
            if !survey.sound && survey.forbidden.is_some() {
                break;
            }
        }
        from = to;
    }
    survey
}

/// Whether a text has none of the bytes that damaged or decomposed text is made of.
pub(crate) fn is_sound(text: &str) -> bool {
    survey(text).sound
}

/// Whether `a` may begin what is not sound or is forbidden: never false where it does, true seldom where it does not.
#[inline(always)]
fn is_odd(a: u8, b: u8, c: u8) -> bool {
    // Beyond the letters of Latin, but for the blocks of composed Vietnamese and of punctuation.
    let foreign = (a >= 0xcc) & (a != 0xe1) & (a != 0xe2);
    let composed = (a == 0xe1) & (b & 0xfe != 0xba);
    let punctuation = (a == 0xe2) & ((b != 0x80) | (c < 0x82));
    let doubled = (a == 0xc3) & (c & 0xdf == 0xc2);
    let control = (a < 0x20) & (a != b'\n') & (a != b'\r') & (a != b'\t');
    foreign | composed | punctuation | doubled | control | (a == 0xc2)
}

/// Whether the bytes in a range begin nothing that may be damage or a combining mark, or may be the first half of damage.
fn is_sound_from(bytes: &[u8], from: usize, to: usize) -> bool {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    !(from..to).any(|at| is_suspicious(byte(at), byte(at + 1), byte(at + 2), byte(at + 3)))
}

#[inline(always)]
fn is_suspicious(a: u8, b: u8, c: u8, d: u8) -> bool {
    let foreign = (a >= 0xcc) & (a != 0xe1) & (a != 0xe2);
    let control = (a == 0xc2) & (b < 0xa0);
    let composed = (a == 0xe1) & (b & 0xfe != 0xba);
    let punctuation = (a == 0xe2) & ((b != 0x80) | (c <= 0x81));
    // Â, Ã, Ä, á and â begin what UTF-8 looks like in Latin-1, where another of its letters follows.
    let letter = (a == 0xc3) & ((0x82..=0x84).contains(&b) | (b == 0xa1) | (b == 0xa2));
    let doubled = letter & ((c == 0xc2) | ((c == 0xe2) & (d == 0x82)));
    foreign | control | composed | punctuation | doubled
}

/// Where in a range a character begins that XML forbids: a control character, U+FFFE or U+FFFF.
fn forbidden(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    (from..to).find(|at| match bytes.get(*at..) {
        Some([0xef, 0xbf, 0xbe | 0xbf, ..]) => true,
        Some([b, ..]) => *b < 0x20 && !matches!(*b, b'\t' | b'\n' | b'\r'),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::html::bad_characters;
    use super::*;

    #[test]
    fn damage_is_seen_wherever_it_stands() {
        for damage in ["\u{85}", "e\u{301}", "\u{fffd}", "Ã©", "â€", "\u{2001}", "\u{1e01}"] {
            for before in (0..8).chain(BLOCK - 8..BLOCK + 8).chain(2 * BLOCK - 4..2 * BLOCK + 4) {
                for after in [0, 1, 2, 3, BLOCK] {
                    let text = format!("{}{damage}{}", "a".repeat(before), "b".repeat(after));
                    assert!(!is_sound(&text), "{damage:?} after {before} and before {after} bytes");
                }
            }
        }
        for sound in ["", "a", "é", "ế", "“”", "Tiếng Việt", "ĐÃ", "Ã", "â", "«quá»\t\r\n", "quá”"]
        {
            for before in (0..4).chain(BLOCK - 4..BLOCK + 4) {
                assert!(is_sound(&format!("{}{sound}", "a".repeat(before))), "{sound} after {before} bytes");
            }
        }
    }

    #[test]
    fn what_xml_forbids_is_seen_wherever_it_stands() {
        for forbidden in ["\0", "\u{1f}", "\u{b}", "\u{fffe}", "\u{ffff}"] {
            for before in (0..4).chain(BLOCK - 4..BLOCK + 4) {
                for after in [0, 1, 2, BLOCK] {
                    let text = format!("{}{forbidden}{}", "a".repeat(before), "b".repeat(after));
                    assert_eq!(survey(&text).forbidden, Some(before), "{forbidden:?}");
                }
            }
        }
        for text in ["", "a\t\r\n", "\u{7f}", "\u{fffd}", "\u{feff}", "\u{10ffff}", "ÿ", "\u{e000}"] {
            assert_eq!(survey(text).forbidden, None, "{text:?}");
        }
        assert_eq!(survey(&format!("\u{301}{}\u{1}", "x".repeat(2 * BLOCK))).forbidden, Some(2 * BLOCK + 2));
    }

    #[test]
    fn sound_text_is_neither_damaged_nor_decomposed() {
        assert!(is_sound("Tiếng Việt – “đẹp”, café, Đà Nẵng"));
        for text in ["QuÃ¡n", "Â£5", "itâ€™s", "\u{85}", "\u{fffd}", "e\u{301}", "\u{212b}", "Tiáº¿ng"]
        {
            assert!(!is_sound(text), "{text}");
            assert!(bad_characters(text).is_some() || !unicode_normalization::is_nfc(text), "{text}");
        }
    }

    /// The rough look must never miss what the exact one sees.
    #[test]
    fn nothing_suspicious_is_not_odd() {
        for a in 0..=u8::MAX {
            for b in 0..=u8::MAX {
                for c in [0, b'a', 0x80, 0x81, 0x82, 0xc2, 0xe2, 0xff] {
                    for d in [0, 0x82] {
                        assert!(!is_suspicious(a, b, c, d) || is_odd(a, b, c), "{a:x} {b:x} {c:x}");
                    }
                    assert!(forbidden(&[a, b, c], 0, 1).is_none() || is_odd(a, b, c), "{a:x} {b:x} {c:x}");
                }
            }
        }
    }
}
