//! Short values: languages, media types, numbers, times of play.
//!
//! Specifications: BCP 47 <https://www.rfc-editor.org/info/bcp47>, RFC 6838 <https://www.rfc-editor.org/rfc/rfc6838>, normal
//! play time <https://www.rfc-editor.org/rfc/rfc2326#section-3.6>.

use super::tables::LANGUAGES;

/// `text` without the white space around it, as [`str::trim`] has it. Hardly any value has some: its ends tell at once.
#[inline]
pub(crate) fn trimmed(text: &str) -> &str {
    let bytes = text.as_bytes();
    let graphic = |b: Option<&u8>| b.is_some_and(u8::is_ascii_graphic);
    if graphic(bytes.first()) && graphic(bytes.last()) {
        return text;
    }
    // The white space of Unicode, https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt, is of few beginnings.
    let begins = match bytes {
        [0xc2, 0x85 | 0xa0, ..] | [0xe1, 0x9a, ..] | [0xe2, 0x80 | 0x81, ..] | [0xe3, 0x80, ..] => false,
        [b, ..] => *b > b' ',
        [] => true,
    };
    let ends = match bytes {
        [.., 0xc2, 0x85 | 0xa0] | [.., 0xe1, 0x9a, _] | [.., 0xe2, 0x80 | 0x81, _] | [.., 0xe3, 0x80, _] => {
            false
        }
        [.., b] => *b > b' ',
        [] => true,
    };
    if begins && ends { text } else { text.trim() }
}

/// Whether `text` is a tag of BCP 47 with a registered language.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = parts.next().unwrap_or_default().to_ascii_lowercase();
    let letters = primary.bytes().all(|b| b.is_ascii_lowercase());
    let known = match primary.len() {
        1 => matches!(primary.as_str(), "x" | "i") && text.len() > 2,
        // Each of them has two letters and a space behind.
        2 => LANGUAGES.as_bytes().chunks(3).any(|word| word.starts_with(primary.as_bytes())),
        3 => letters,
        _ => false,
    };
    known
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether `text` is a media type, parameters allowed.
pub(crate) fn is_mime(text: &str) -> bool {
    let token = |token: &str| {
        !token.is_empty()
            && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+'*`|~%".contains(&b))
    };
    // Most are two words of small letters.
    let mut words = text.as_bytes().split(|b| *b == b'/');
    let is_word = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_lowercase);
    if let (Some(kind), Some(subtype), None) = (words.next(), words.next(), words.next())
        && is_word(kind)
        && is_word(subtype)
    {
        return true;
    }
    let mut parts = text.split(';');
    let essence = parts.next().unwrap_or_default();
    // White space may stand before a parameter.
    let essence = if essence.len() < text.len() { essence.trim_end() } else { essence };
    let Some((kind, subtype)) = essence.split_once('/') else { return false };
    token(kind)
        && token(subtype)
        && parts.all(|parameter| {
            parameter.trim().split_once('=').is_some_and(|(name, value)| {
                let quoted = value.len() >= 2 && value.starts_with('"') && value.ends_with('"');
                token(name) && (token(value) || quoted)
            })
        })
}

/// Whether `text` is a whole number above zero.
pub(crate) fn is_positive(text: &str) -> bool {
    is_natural(text) && text.bytes().any(|b| b != b'0')
}

/// Whether `text` is a whole number, zero included.
pub(crate) fn is_natural(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether `text` is a number, perhaps with a fraction.
pub(crate) fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    !text.is_empty()
        && (is_natural(whole) || whole.is_empty())
        && (is_natural(fraction) || (fraction.is_empty() && !whole.is_empty()))
}

/// The number a float writes, for range checks.
pub(crate) fn float(text: &str) -> Option<f64> {
    if is_float(text) { text.parse().ok() } else { None }
}

/// Whether `text` is a duration of a podcast: seconds, `mm:ss` or `hh:mm:ss`.
pub(crate) fn is_duration(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(4, ':').collect();
    let rest = parts.get(1..).unwrap_or_default();
    (1..=3).contains(&parts.len())
        && parts.iter().all(|part| is_natural(part))
        && rest.iter().all(|part| part.len() <= 2 && part.parse::<u8>().is_ok_and(|n| n < 60))
}

/// Whether `text` is a normal play time: `42`, `1:02`, `12:05:35.3`.
pub(crate) fn is_npt(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !is_natural(fraction) {
        return false;
    }
    match whole.split(':').collect::<Vec<_>>().as_slice() {
        [seconds] => is_natural(seconds),
        [minutes, seconds] => is_natural(minutes) && sixty(seconds),
        [hours, minutes, seconds] => is_natural(hours) && sixty(minutes) && sixty(seconds),
        _ => false,
    }
}

fn sixty(text: &str) -> bool {
    is_natural(text) && text.len() <= 2 && text.parse::<u8>().is_ok_and(|n| n < 60)
}

/// Whether `text` is base64, white space aside.
pub(crate) fn is_base64(text: &str) -> bool {
    let mut length = 0usize;
    let mut padding = 0usize;
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        match b {
            b'=' => padding += 1,
            _ if padding > 0 => return false,
            b'+' | b'/' => {}
            _ if b.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        length += 1;
    }
    padding <= 2 && length.is_multiple_of(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_taken_off_both_ends() {
        for text in ["", " ", "a", " a", "a ", "a b", "\u{a0}a", "a\u{3000}", "đ", " đ ", "\u{b}a", "a\u{85}"]
        {
            assert_eq!(trimmed(text), text.trim(), "{text:?}");
        }
        for c in (0..0x1_1000).filter_map(char::from_u32) {
            for text in [format!("{c}a"), format!("a{c}"), format!("ế{c}"), c.to_string()] {
                assert_eq!(trimmed(&text), text.trim(), "{text:?}");
            }
        }
    }

    #[test]
    fn languages() {
        assert!(
            ["vi", "vi-VN", "en-us", "epo", "zh-Hant-TW", "x-klingon", "i-default"]
                .iter()
                .all(|l| is_language(l))
        );
        assert!(["", "English", "klingon", "en_us", "xx", "vi-", "v1"].iter().all(|l| !is_language(l)));
    }

    #[test]
    fn media_types() {
        assert!(
            ["image/jpeg", "text/html; charset=utf-8", "text/html ;charset=utf-8", "application/x;a=\"b/c\""]
                .iter()
                .all(|t| is_mime(t))
        );
        assert!(
            ["", "video", "a/b/c", "insert type", "text/html; x", "a /b", "text/html "]
                .iter()
                .all(|t| !is_mime(t))
        );
    }

    #[test]
    fn numbers() {
        assert!(is_positive("144") && !is_positive("0") && !is_positive("-1") && !is_positive("2.5"));
        assert!(
            is_float("-71.92")
                && is_float(".5")
                && is_float("7.")
                && !is_float("1e3")
                && !is_float(".")
                && !is_float("")
        );
        assert!(is_duration("7:40") && is_duration("1:02:03") && is_duration("90") && !is_duration("7:61"));
        assert!(is_npt("42") && is_npt("12:05:35.3") && !is_npt("-3") && !is_npt("17sec"));
        assert!(is_base64("U29t\nZQ==") && !is_base64("a") && !is_base64("=a=="));
    }
}
