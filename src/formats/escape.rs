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

/// Writes the reference to a character that XML has a name for.
fn reference(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(match byte {
        b'<' => b"&lt;",
        b'>' => b"&gt;",
        b'&' => b"&amp;",
        b'"' => b"&quot;",
        _ => b"&apos;",
    });
}

/// Writes the escape sequence of a character in JSON.
fn sequence(out: &mut Vec<u8>, byte: u8) {
    const HEX: [u8; 16] = *b"0123456789abcdef";
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\t' => out.extend_from_slice(b"\\t"),
        b'\r' => out.extend_from_slice(b"\\r"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0C => out.extend_from_slice(b"\\f"),
        byte => {
            out.extend_from_slice(b"\\u00");
            out.extend([byte >> 4, byte & 15].iter().filter_map(|half| HEX.get(usize::from(*half))));
        }
    }
}

/// Writes a text, all special bytes of it by way of `escape`.
#[inline(always)]
fn escaped(out: &mut Vec<u8>, text: &str, special: impl Fn(u8) -> bool, escape: impl Fn(&mut Vec<u8>, u8)) {
    out.reserve(text.len() + text.len() / 8);
    let (steps, rest) = text.as_bytes().as_chunks::<STEP>();
    for step in steps {
        let mut found = bits(step, &special);
        let mut from = 0;
        while found != 0 {
            let at = found.trailing_zeros() as usize;
            out.extend_from_slice(step.get(from..at).unwrap_or_default());
            escape(out, step.get(at).copied().unwrap_or_default());
            from = at + 1;
            found &= found - 1;
        }
        match from {
            // A length that compilers know makes it two moves.
            0 => out.extend_from_slice(step),
            from => out.extend_from_slice(step.get(from..).unwrap_or_default()),
        }
    }
    for byte in rest {
        if special(*byte) { escape(out, *byte) } else { out.push(*byte) }
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
