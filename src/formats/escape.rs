//! Texts as XML and JSON have them, for what is put into documents after they were written.
//!
//! Most of an article needs no escape, so 32 bytes are looked at in one step, and what lies between two that do is copied at
//! once. Specifications: <https://www.w3.org/TR/xml/#syntax>, RFC 8259 §7 <https://www.rfc-editor.org/rfc/rfc8259#section-7>.

/// So many bytes are looked at in one step, each a bit of the answer.
const STEP: usize = 32;

/// A way to write a text, compiled twice: for processors that have registers of 32 bytes, and for all others.
macro_rules! escape {
    ($(#[$doc:meta])* fn $name:ident($out:ident, $text:ident) $body:expr) => {
        $(#[$doc])*
        pub(super) fn $name($out: &mut Vec<u8>, $text: &str) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide($out: &mut Vec<u8>, $text: &str) {
                    $body
                }
                if $text.len() >= STEP && std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the function is safe wherever the processor has what it is compiled for, which was asked just now.
                    #[expect(unsafe_code, reason = "what the processor has is known at run time only")]
                    return unsafe { wide($out, $text) };
                }
            }
            $body
        }
    };
}

escape! {
    /// Writes a text with references for the five characters that XML has names for, in elements and attributes alike.
    fn xml(out, text) escaped(
        out,
        text,
        |byte| (byte == b'<') | (byte == b'>') | (byte == b'&') | (byte == b'"') | (byte == b'\''),
        reference,
    )
}

escape! {
    /// Writes a text as it stands between the quotation marks of a JSON string.
    fn json(out, text) escaped(out, text, |byte| (byte < 0x20) | (byte == b'"') | (byte == b'\\'), sequence)
}

/// A reference or an escape sequence, filled up with zeros, and how long it is.
type Escape = ([u8; 8], usize);

/// The reference to a character that XML has a name for.
fn reference(byte: u8) -> Escape {
    match byte {
        b'<' => (*b"&lt;\0\0\0\0", 4),
        b'>' => (*b"&gt;\0\0\0\0", 4),
        b'&' => (*b"&amp;\0\0\0", 5),
        b'"' => (*b"&quot;\0\0", 6),
        _ => (*b"&apos;\0\0", 6),
    }
}

/// The escape sequence of a character in JSON.
fn sequence(byte: u8) -> Escape {
    let short = |letter: u8| ([b'\\', letter, 0, 0, 0, 0, 0, 0], 2);
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
    match byte {
        b'"' | b'\\' => short(byte),
        b'\n' => short(b'n'),
        b'\t' => short(b't'),
        b'\r' => short(b'r'),
        0x08 => short(b'b'),
        0x0C => short(b'f'),
        byte => ([b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15), 0, 0], 6),
    }
}

/// Writes a text, all special bytes of it by way of `escape`.
#[inline(always)]
fn escaped(out: &mut Vec<u8>, text: &str, special: impl Fn(u8) -> bool, escape: impl Fn(u8) -> Escape) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + bytes.len() / 8 + STEP);
    let (steps, rest) = bytes.as_chunks::<STEP>();
    for (index, step) in steps.iter().enumerate() {
        let mut found = bits(step, &special);
        if found == 0 {
            out.extend_from_slice(step);
            continue;
        }
        let begin = index * STEP;
        let mut from = 0;
        while found != 0 {
            let at = found.trailing_zeros() as usize;
            push_some(out, bytes, begin + from, at - from);
            let (escape, length) = escape(step.get(at).copied().unwrap_or_default());
            let end = out.len() + length;
            out.extend_from_slice(&escape);
            out.truncate(end);
            from = at + 1;
            found &= found - 1;
        }
        push_some(out, bytes, begin + from, STEP - from);
    }
    for byte in rest {
        match special(*byte) {
            true => {
                let (escape, length) = escape(*byte);
                out.extend_from_slice(escape.get(..length).unwrap_or_default());
            }
            false => out.push(*byte),
        }
    }
}

/// Writes some bytes of a text, no more than a step. A whole step and what was too much of it taken back are two moves of wide
/// registers; a copy of a length that compilers do not know is a call.
#[inline(always)]
fn push_some(out: &mut Vec<u8>, bytes: &[u8], from: usize, length: usize) {
    let rest = bytes.get(from..).unwrap_or_default();
    match rest.first_chunk::<STEP>() {
        Some(step) => {
            let end = out.len() + length;
            out.extend_from_slice(step);
            out.truncate(end);
        }
        None => out.extend_from_slice(rest.get(..length).unwrap_or_default()),
    }
}

/// A bit for every byte, the lowest for the first.
#[inline(always)]
fn bits(step: &[u8; STEP], special: impl Fn(u8) -> bool) -> u32 {
    // Without a branch, so that all of them are looked at together.
    let mut is = [0_u8; STEP];
    for (is, byte) in is.iter_mut().zip(step) {
        *is = u8::from(special(*byte));
    }
    // Of eight bytes, each 0 or 1, the product has bit after bit in its highest byte.
    let (eights, _) = is.as_chunks::<8>();
    let gather =
        |eight: &[u8; 8]| (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32;
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | gather(eight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(escape: impl Fn(&mut Vec<u8>, &str), text: &str) -> String {
        let mut out = Vec::new();
        escape(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn a_text_is_escaped_as_the_crates_escape_it(text in "[<>&\"'aộ ]{0,120}|[a-z<ộ😀]{60,120}|[\\x00-\\x7F]{0,80}") {
            prop_assert_eq!(written(xml, &text), quick_xml::escape::escape(text.as_str()));
            prop_assert_eq!(format!("\"{}\"", written(json, &text)), serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn every_byte_has_its_bit(step in any::<[bool; STEP]>()) {
            let expected = step.iter().rev().fold(0, |bits, is| bits << 1 | u32::from(*is));
            prop_assert_eq!(bits(&step.map(u8::from), |byte| byte == 1), expected);
        }
    }
}
