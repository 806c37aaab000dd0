//! Which inline styles readers keep: those that change how text looks, none that move it about or load something.

use crate::check::values::tables::has_word;

/// Properties of which any value is harmless.
const PROPERTIES: &str = "azimuth background-color border-bottom-color border-collapse border-color border-left-color \
border-right-color border-top-color clear color cursor direction display elevation float font font-family font-size font-style \
font-variant font-weight height letter-spacing line-height overflow pause pause-after pause-before pitch pitch-range richness speak \
speak-header speak-numeral speak-punctuation speech-rate stress text-align text-decoration text-indent unicode-bidi vertical-align \
voice-family volume white-space width";

/// Words that are harmless in the shorthands of background, border, margin and padding.
const WORDS: &str = "auto aqua black block blue bold both bottom brown center collapse dashed dotted fuchsia gray green !important \
italic left lime maroon medium none navy normal nowrap olive pointer purple red right solid silver teal top transparent underline \
white yellow";

/// What may follow a number: a unit, or what separates the numbers of a colour and closes them.
const UNITS: &str = "cm em ex in mm pc pt px % , )";

/// Whether every declaration of an inline style is one that readers keep.
pub(crate) fn is_safe(style: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || ":,;#%.!-'\"()".contains(c);
    if !style.chars().all(plain) || !brackets_hold_numbers(style) || !hyphens_join_words(style) {
        return false;
    }
    style.split(';').filter(|declaration| !declaration.trim().is_empty()).all(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else { return false };
        if value.contains(':') {
            return false;
        }
        let property = property.trim().to_ascii_lowercase();
        if has_word(PROPERTIES, &property) {
            return true;
        }
        let family = property.split('-').next().unwrap_or_default();
        matches!(family, "background" | "border" | "margin" | "padding")
            && value.split_whitespace().all(is_plain_value)
    })
}

/// A word, a colour, or a length of at most two digits.
fn is_plain_value(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    if has_word(WORDS, &lower) {
        return true;
    }
    if let Some(hex) = lower.strip_prefix('#') {
        return !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if let Some(colour) = lower.strip_prefix("rgb(") {
        return colour.trim_end_matches(')').bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'%'));
    }
    let end = lower.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(lower.len());
    let (number, unit) = lower.split_at_checked(end).unwrap_or_default();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    whole.len() <= 2
        && fraction.len() <= 2
        && !fraction.contains('.')
        && (unit.is_empty() || has_word(UNITS, unit))
}

/// Whether every hyphen stands within a word: a length below zero moves a text out of its place.
fn hyphens_join_words(style: &str) -> bool {
    let word = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = style.as_bytes();
    memchr::memchr_iter(b'-', bytes)
        .all(|at| word(at.checked_sub(1).and_then(|before| bytes.get(before))) && word(bytes.get(at + 1)))
}

/// Whether all that stands in brackets is numbers: no `url(…)`, no `expression(…)`.
fn brackets_hold_numbers(style: &str) -> bool {
    style.split('(').skip(1).all(|part| {
        part.split_once(')').is_some_and(|(inner, _)| {
            inner.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, ',' | '%'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn looks_are_kept_and_tricks_are_not() {
        for style in [
            "",
            "color: #000080;",
            "font-family : 'Lucida Console';",
            "border: none !important;",
            "border: medium none ;",
            "padding: 0 0 12px 12px;",
            "TEXT-INDENT: 0.5in;",
            "margin-top: 0in",
            "width: 300px",
            "border: 1px solid rgb(0, 0, 0);",
            "background: rgb(255,255,255)",
        ] {
            assert!(is_safe(style), "{style}");
        }
        for style in [
            "position: absolute",
            "margin: 99999em;",
            "background: url(http://e.x/)",
            "any: expression(window.location='http://e.x/')",
            "mso-list: l0",
            "background-repeat: repeat-x",
            "text-indent: -9999px",
            "margin: -1px",
            "color",
        ] {
            assert!(!is_safe(style), "{style}");
        }
    }
}
