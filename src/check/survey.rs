//! What one pass over a document's bytes tells of its characters, so that most texts need not be looked at letter by letter: where
//! syntax and lines are, whether anything is forbidden, damaged or decomposed.
//!
//! Boundary: knows neither feeds nor HTML. Every byte is judged by itself and the three that follow, without a branch, so that
//! many are judged at a time: first roughly, in blocks, and exactly where a block has something in it.

use super::marks::{self, Marks};

/// What a pass over a text tells.
#[derive(Debug)]
pub(crate) struct Survey {
    /// The text has none of the bytes that damaged or decomposed text is made of. Letters of Latin scripts, composed, and
    /// common punctuation are known to be sound.
    pub sound: bool,
    /// Offset of the first character that no XML 1.0 document may contain, <https://www.w3.org/TR/xml/#charsets>.
    pub forbidden: Option<usize>,
    /// Where syntax may be.
    pub marks: Marks,
}

/// What is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// `<`, `&` and `]`.
    Xml,
    /// `"`, `\` and control characters.
    Json,
}

/// How many bytes are looked at before it is asked what was seen.
const BLOCK: usize = 256;

/// How many words of marks that makes.
const WORDS: usize = BLOCK / marks::BLOCK;

/// What is seen of a block: whether it may have something in it that is not sound or is forbidden, its marks, and how many lines
/// end in each of its words.
type Seen = (bool, [u64; WORDS], [u32; WORDS]);

/// A block, with the two bytes that follow it.
type Window = [u8; BLOCK + 2];

/// Looks a text over.
pub(crate) fn survey(text: &str, syntax: Syntax) -> Survey {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("popcnt") {
        // SAFETY: the function is safe wherever the processor has what it is compiled for, which was asked just now.
        #[expect(unsafe_code, reason = "what the processor has is known at run time only")]
        return unsafe { survey_by_avx2(text.as_bytes(), syntax) };
    }
    survey_by(text.as_bytes(), |window| seen_plainly(window, syntax))
}

/// The same with registers of 32 bytes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn survey_by_avx2(bytes: &[u8], syntax: Syntax) -> Survey {
    match syntax {
        Syntax::Xml => survey_by(bytes, |window| seen_by_avx2::<true>(window)),
        Syntax::Json => survey_by(bytes, |window| seen_by_avx2::<false>(window)),
    }
}

/// What bytes may be, as bits that the tables of their upper and their lower halves have in common: a control character, ...
const CONTROL: i8 = 0x01;
/// ... what is odd whatever its lower half is, and whatever follows, ...
const ODD: i8 = 0x02;
const ODD_E: i8 = 0x04;
const ODD_C: i8 = 0x08;
const C2: i8 = 0x10;
/// ... or is told by what follows.
const C3: i8 = 0x20;
const E1: i8 = 0x40;
const E2: i8 = i8::MIN;

const UPPER: [i8; 16] =
    [CONTROL, ODD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ODD_C | C2 | C3, ODD, ODD_E | E1 | E2, ODD];

const LOWER: [i8; 16] = {
    let mut lower = [0; 16];
    let mut half = 0;
    while half < 16 {
        lower[half] = ODD
            | if matches!(half, 0x9 | 0xa | 0xd) { 0 } else { CONTROL }
            | if half == 1 || half == 2 { 0 } else { ODD_E }
            | if half >= 0xc { ODD_C } else { 0 };
        half += 1;
    }
    lower[1] |= E1;
    lower[2] |= C2 | E2;
    lower[3] |= C3;
    lower
};

/// The marks of XML by the lower halves of their bytes; where there is none, what has another lower half.
const XML: [i8; 16] = {
    let mut marks = [0; 16];
    marks[0] = 1;
    marks[0x6] = b'&' as i8;
    marks[0xc] = b'<' as i8;
    marks[0xd] = b']' as i8;
    marks
};

/// The marks of JSON, as bits that the tables of their upper and their lower halves have in common: control characters, `"`, `\`.
const JSON_UPPER: [i8; 16] = {
    let mut upper = [0; 16];
    upper[0x0] = 1;
    upper[0x1] = 1;
    upper[0x2] = 2;
    upper[0x5] = 4;
    upper
};

const JSON_LOWER: [i8; 16] = {
    let mut lower = [1; 16];
    lower[0x2] |= 2;
    lower[0xc] |= 4;
    lower
};

/// What is seen of a block, 32 bytes at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
#[inline]
fn seen_by_avx2<const IS_XML: bool>(window: &Window) -> Seen {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_andnot_si256, _mm256_broadcastsi128_si256,
        _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8,
        _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
        _mm256_testz_si256,
    };
    let load = |at: usize| -> __m256i {
        let bytes: &[u8; 32] = window[at..].first_chunk().unwrap_or(&[0; 32]);
        // SAFETY: 32 bytes are read from a reference to so many, at any alignment.
        #[expect(unsafe_code, reason = "there is no safe load")]
        unsafe {
            _mm256_loadu_si256(bytes.as_ptr().cast())
        }
    };
    let table = |table: &[i8; 16]| -> __m256i {
        // SAFETY: 16 bytes are read from a reference to so many, at any alignment.
        #[expect(unsafe_code, reason = "there is no safe load")]
        let table = unsafe { _mm_loadu_si128(table.as_ptr().cast()) };
        _mm256_broadcastsi128_si256(table)
    };
    let all = |byte: u8| _mm256_set1_epi8(byte as i8);
    let (upper, lower, half) = (table(&UPPER), table(&LOWER), all(0x0f));
    let mut odd = _mm256_setzero_si256();
    let (mut words, mut lines) = ([0; WORDS], [0; WORDS]);
    for (word, (marks, lines)) in words.iter_mut().zip(&mut lines).enumerate() {
        let mut ends = 0u64;
        for part in [0, 32] {
            let at = word * marks::BLOCK + part;
            let (a, b, c) = (load(at), load(at + 1), load(at + 2));
            let (high, low) = (_mm256_and_si256(_mm256_srli_epi16::<4>(a), half), _mm256_and_si256(a, half));
            let by_upper = _mm256_shuffle_epi8(upper, high);
            let by_lower = _mm256_shuffle_epi8(lower, low);
            let is = _mm256_and_si256(by_upper, by_lower);
            // Composed Vietnamese, punctuation, and letters that are not followed by what makes two of them one.
            let composed =
                _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_or_si256(b, all(1)), all(0xbb)), all(E1 as u8));
            let general = _mm256_and_si256(
                _mm256_cmpeq_epi8(b, all(0x80)),
                _mm256_cmpeq_epi8(_mm256_max_epu8(c, all(0x82)), c),
            );
            let punctuation = _mm256_and_si256(general, all(E2 as u8));
            let doubled = _mm256_cmpeq_epi8(_mm256_or_si256(c, all(0x20)), all(0xe2));
            let single = _mm256_andnot_si256(doubled, all(C3 as u8));
            let right = _mm256_or_si256(_mm256_or_si256(composed, punctuation), single);
            odd = _mm256_or_si256(odd, _mm256_andnot_si256(right, is));
            let marked = if IS_XML {
                // A table gives 0 for what is beyond ASCII.
                _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table(&XML), a), a)
            } else {
                let by_upper = _mm256_shuffle_epi8(table(&JSON_UPPER), high);
                let by_lower = _mm256_shuffle_epi8(table(&JSON_LOWER), low);
                _mm256_cmpgt_epi8(_mm256_and_si256(by_upper, by_lower), _mm256_setzero_si256())
            };
            *marks |= u64::from(_mm256_movemask_epi8(marked) as u32) << part;
            ends |= u64::from(_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, all(b'\n'))) as u32) << part;
        }
        *lines = ends.count_ones();
    }
    (_mm256_testz_si256(odd, odd) == 0, words, lines)
}

#[inline(always)]
fn survey_by(bytes: &[u8], see: impl Fn(&Window) -> Seen) -> Survey {
    let mut survey = Survey { sound: true, forbidden: None, marks: Marks::of(bytes.len()) };
    // What is short of a block is filled up with what is nothing.
    let mut filled = [b' '; BLOCK + 2];
    let mut from = 0;
    while from < bytes.len() {
        let rest = bytes.get(from..).unwrap_or_default();
        let to = bytes.len().min(from + BLOCK);
        let window: &Window = rest.first_chunk().unwrap_or_else(|| {
            filled.iter_mut().zip(rest.iter().chain(std::iter::repeat(&b' '))).for_each(|(to, b)| *to = *b);
            &filled
        });
        let (odd, words, lines) = see(window);
        survey.marks.extend(&words, &lines);
        if odd {
            survey.sound = survey.sound && is_sound_from(bytes, from, to);
            if survey.forbidden.is_none() {
                survey.forbidden = forbidden(bytes, from, to);
            }
        }
        from = to;
    }
    survey
}

/// Whether a text has none of the bytes that damaged or decomposed text is made of.
pub(crate) fn is_sound(text: &str) -> bool {
    if text.len() < BLOCK {
        is_sound_from(text.as_bytes(), 0, text.len())
    } else {
        survey(text, Syntax::Xml).sound
    }
}

/// What is seen of a block, byte by byte.
fn seen_plainly(window: &Window, syntax: Syntax) -> Seen {
    let (blocks, _) = window.as_chunks::<{ marks::BLOCK }>();
    let (mut words, mut lines) = ([0; WORDS], [0; WORDS]);
    for ((marks, lines), block) in words.iter_mut().zip(&mut lines).zip(blocks) {
        for b in block.iter().rev() {
            let marked = match syntax {
                Syntax::Xml => matches!(b, b'<' | b'&' | b']'),
                Syntax::Json => matches!(b, b'"' | b'\\' | ..0x20),
            };
            *marks = *marks << 1 | u64::from(marked);
            *lines += u32::from(*b == b'\n');
        }
    }
    (is_odd_within(window), words, lines)
}

/// How many bytes are judged at once.
const LANES: usize = 16;

/// Whether a block, with the two bytes that follow it, may have something in it that is not sound or is forbidden.
fn is_odd_within(window: &Window) -> bool {
    let mut odd = [0u8; LANES];
    for from in (0..BLOCK).step_by(LANES) {
        for (lane, odd) in odd.iter_mut().enumerate() {
            let at = from + lane;
            *odd |= is_odd(window[at], window[at + 1], window[at + 2]);
        }
    }
    odd != [0; LANES]
}

/// All bits set, or none.
#[inline(always)]
fn mask(is: bool) -> u8 {
    if is { 0xff } else { 0 }
}

/// Whether `a` may begin what is not sound or is forbidden: never 0 where it does, seldom another where it does not.
#[inline(always)]
fn is_odd(a: u8, b: u8, c: u8) -> u8 {
    // Beyond the letters of Latin, but for the blocks of composed Vietnamese and of punctuation.
    let composed = mask(a == 0xe1) & mask(b | 1 == 0xbb);
    let punctuation = mask(a == 0xe2) & mask(b == 0x80) & mask(c >= 0x82);
    let foreign = mask(a >= 0xcc) & !(composed | punctuation);
    let doubled = mask(a == 0xc2) | (mask(a == 0xc3) & mask(c | 0x20 == 0xe2));
    let control = mask(a < 0x20) & mask(a != b'\n') & mask(a != b'\t') & mask(a != b'\r');
    foreign | doubled | control
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_mark_and_every_line_is_found(text in "[<&\\]\"\\\\\n\ta-zđế \u{bc}\u{a6}\u{dd}\u{8d}]{0,600}") {
            for (syntax, marks) in [(Syntax::Xml, &b"<&]"[..]), (Syntax::Json, b"\"\\\n\t")] {
                let expected: Vec<usize> =
                    text.bytes().enumerate().filter(|(_, b)| marks.contains(b)).map(|(at, _)| at).collect();
                let plainly = survey_by(text.as_bytes(), |window| seen_plainly(window, syntax));
                for survey in [survey(&text, syntax), plainly] {
                    let mut found = Vec::new();
                    let mut from = 0;
                    while let Some(at) = survey.marks.next(from) {
                        found.push(at);
                        from = at + 1;
                    }
                    prop_assert_eq!(&found, &expected);
                    let behind: Vec<usize> = survey.marks.iter_from(70).collect();
                    prop_assert!(behind.iter().eq(expected.iter().filter(|at| **at >= 70)));
                    for at in 0..=text.len() {
                        let line = 1 + text.bytes().take(at).filter(|b| *b == b'\n').count();
                        prop_assert_eq!(survey.marks.line(text.as_bytes(), at), line);
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_marked_behind_the_end() {
        for length in (BLOCK - 2..BLOCK + 4).chain(2 * BLOCK - 2..2 * BLOCK + 4) {
            let survey = survey(&"<".repeat(length), Syntax::Xml);
            assert!(survey.marks.iter_from(0).eq(0..length), "{length} bytes");
        }
    }

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
        for sound in ["", "a", "é", "ế", "“”", "Tiếng Việt", "ĐÃ", "Ã", "â", "«Sơn»\t\r\n", "quá”"]
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
                    assert_eq!(survey(&text, Syntax::Xml).forbidden, Some(before), "{forbidden:?}");
                }
            }
        }
        for text in ["", "a\t\r\n", "\u{7f}", "\u{fffd}", "\u{feff}", "\u{10ffff}", "ÿ", "\u{e000}"] {
            assert_eq!(survey(text, Syntax::Xml).forbidden, None, "{text:?}");
        }
        let text = format!("\u{301}{}\u{1}", "x".repeat(2 * BLOCK));
        assert_eq!(survey(&text, Syntax::Xml).forbidden, Some(2 * BLOCK + 2));
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

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn wide_registers_see_the_same() {
        if !std::arch::is_x86_feature_detected!("avx2") || !std::arch::is_x86_feature_detected!("popcnt") {
            println!("skipped: the processor has no AVX2");
            return;
        }
        for a in 0..=u8::MAX {
            for b in [0, b'a', 0x7f, 0x80, 0x81, 0xb9, 0xba, 0xbb, 0xbc, 0xe2, 0xff] {
                for c in [0, b'a', 0x80, 0x81, 0x82, 0xc2, 0xe2, 0xff] {
                    let mut window = [b'x'; BLOCK + 2];
                    let at = usize::from(a) % BLOCK;
                    window[at..at + 2].copy_from_slice(&[a, b]);
                    if let Some(third) = window.get_mut(at + 2) {
                        *third = c;
                    }
                    // SAFETY: the processor has what the function is compiled for.
                    #[expect(unsafe_code, reason = "what the processor has is known at run time only")]
                    let (xml, json) =
                        unsafe { (seen_by_avx2::<true>(&window), seen_by_avx2::<false>(&window)) };
                    assert_eq!(xml, seen_plainly(&window, Syntax::Xml), "{a:x} {b:x} {c:x}");
                    assert_eq!(json, seen_plainly(&window, Syntax::Json), "{a:x} {b:x} {c:x}");
                }
            }
        }
    }

    /// The rough look must never miss what the exact one sees.
    #[test]
    fn nothing_suspicious_is_not_odd() {
        for a in 0..=u8::MAX {
            for b in 0..=u8::MAX {
                for c in [0, b'a', 0x80, 0x81, 0x82, 0xc2, 0xe2, 0xff] {
                    for d in [0, 0x82] {
                        assert!(!is_suspicious(a, b, c, d) || is_odd(a, b, c) != 0, "{a:x} {b:x} {c:x}");
                    }
                    assert!(
                        forbidden(&[a, b, c], 0, 1).is_none() || is_odd(a, b, c) != 0,
                        "{a:x} {b:x} {c:x}"
                    );
                }
            }
        }
    }
}
