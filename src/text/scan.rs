//! What text certainly is, by a look at many bytes at once: a byte and the two after it tell every character that matters here.
//!
//! Says no too often rather than once too seldom; whoever asks then looks character by character.

/// So many bytes are looked at in one step; compilers make it one of wide registers.
const STEP: usize = 32;

/// A step, with the two bytes that follow it.
type Window = [u8; STEP + 2];

/// Whether that holds anywhere of a byte and the two after it. After the last byte come letters, of which nothing holds.
#[inline(always)]
fn any(text: &str, holds: impl Fn(u8, u8, u8) -> bool) -> bool {
    let mut rest = text.as_bytes();
    while let Some(window) = rest.first_chunk() {
        if any_within(window, &holds) {
            return true;
        }
        rest = rest.get(STEP..).unwrap_or_default();
    }
    while !rest.is_empty() {
        let mut window: Window = [b'a'; STEP + 2];
        if let Some(window) = window.get_mut(..rest.len()) {
            window.copy_from_slice(rest);
        }
        if any_within(&window, &holds) {
            return true;
        }
        rest = rest.get(STEP..).unwrap_or_default();
    }
    false
}

#[inline(always)]
fn any_within(window: &Window, holds: impl Fn(u8, u8, u8) -> bool) -> bool {
    // No end before the last byte, so that all of them are looked at together.
    let mut found = 0;
    for at in 0..STEP {
        found |= u8::from(holds(window[at], window[at + 1], window[at + 2]));
    }
    found != 0
}

/// A look at text that is compiled twice: for processors that have registers of 32 bytes, and for all others.
macro_rules! look {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident($text:ident) $body:block) => {
        $(#[$doc])*
        $visibility fn $name($text: &str) -> bool {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide($text: &str) -> bool $body
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the function is safe wherever the processor has what it is compiled for, which was asked just now.
                    #[expect(unsafe_code, reason = "what the processor has is known at run time only")]
                    return unsafe { wide($text) };
                }
            }
            $body
        }
    };
}

look! {
/// Whether text is certainly clean: it consists of ASCII, of letters of the Latin blocks that hold no combining marks,
/// Vietnamese among them, and of common punctuation, none of which NFC changes or joins to what comes before it.
pub(crate) fn is_plainly_clean(text) {
    // Of the bytes that begin a character of several, C3 to CB are of letters alone.
    !any(text, |a, b, c| {
        ((a < 0x20) & (a != b'\t') & (a != b'\n'))
            // U+0080 to U+009F: the C1 controls.
            | ((a == 0xC2) & (b < 0xA0))
            // U+1E00 to U+1EFF.
            | ((a == 0xE1) & (b & 0xFC != 0xB8))
            // U+2010 to U+203A: dashes, quotes, dots.
            | ((a == 0xE2) & ((b != 0x80) | !(0x90..=0xBA).contains(&c)))
            | ((a >= 0xCC) & (a != 0xE1) & (a != 0xE2))
    })
}
}

look! {
/// Whether text that [`is_plainly_clean`] is certainly one line without white space at its ends, each within it a single space.
pub(super) fn is_plainly_a_line(text) {
    !text.starts_with(' ')
        && !text.ends_with(' ')
        && !any(text, |a, b, c| is_space(a, b, c) & (a != b' ') | (a == b' ') & (b == b' '))
}
}

look! {
/// Whether text that [`is_plainly_clean`] certainly stands in HTML as a serialiser writes it: without tabs, references, `>` and
/// no-break spaces, and every white space in it a single space or line feed.
pub(crate) fn is_plainly_html(text) {
    let space = |byte: u8| (byte == b' ') | (byte == b'\n');
    !any(text, |a, b, c| (a == b'>') | (a == b'&') | (is_space(a, b, c) & !space(a)) | (space(a) & space(b)))
}
}

/// White space among what is plainly clean: tabs, line feeds and spaces, U+00A0, U+2028, U+2029 and U+202F.
#[inline(always)]
fn is_space(a: u8, b: u8, c: u8) -> bool {
    (a == b' ')
        | (a == b'\t')
        | (a == b'\n')
        | ((a == 0xC2) & (b == 0xA0))
        | ((a == 0xE2) & (b == 0x80) & ((c == 0xA8) | (c == 0xA9) | (c == 0xAF)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// [`is_plainly_clean`], character by character.
    fn is_clean(c: char) -> bool {
        matches!(c, '\t' | '\n' | ' '..='\u{7F}' | '\u{A0}'..='\u{2FF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{203A}')
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn every_place_is_looked_at(
            before in "[aệ ]{0,70}",
            one in proptest::char::ranges(vec!['\0'..='\u{400}', '\u{1D00}'..='\u{20FF}', '\u{3000}'..='\u{3001}', '😀'..='😀'].into()),
            after in "[aệ–\n]{0,70}",
        ) {
            let text = format!("{before}{one}{after}");
            prop_assert_eq!(is_plainly_clean(&text), text.chars().all(is_clean));
            if is_plainly_clean(&text) {
                let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(is_plainly_a_line(&text), text == line);
                let is_space = |c: char| matches!(c, ' ' | '\n');
                let twice = text.chars().zip(text.chars().skip(1)).any(|(a, b)| is_space(a) && is_space(b));
                let special = |c: char| matches!(c, '>' | '&') || c.is_whitespace() && !is_space(c);
                prop_assert_eq!(is_plainly_html(&text), !twice && !text.chars().any(special));
            }
        }
    }
}
