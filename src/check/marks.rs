//! Where in a document markup may begin or end: a bit for every byte, set for `<`, `&` and `]`.
//!
//! Between two of them there is plain text, often of a few letters only, so that a search for the next one would cost more in
//! beginning than in searching. One pass notes all of them, 64 bytes to a word. Boundary: knows neither XML nor HTML.

/// How many bytes a word stands for.
const BLOCK: usize = 64;

/// The marks of a document.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// Goes over a document.
    pub(crate) fn of(text: &str) -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the function is safe wherever the processor has what it is compiled for, which was asked just now.
            #[expect(unsafe_code, reason = "what the processor has is known at run time only")]
            return unsafe { Self::by_avx2(text.as_bytes()) };
        }
        Self::by(text.as_bytes(), eights)
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn by_avx2(bytes: &[u8]) -> Self {
        Self::by(bytes, |block| thirty_twos(block))
    }

    #[inline(always)]
    fn by(bytes: &[u8], marks: impl Fn(&[u8; BLOCK]) -> u64) -> Self {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let mut words = Vec::with_capacity(blocks.len() + 1);
        words.extend(blocks.iter().map(&marks));
        // What is short of a block is filled up with what is no mark.
        let mut last = [b' '; BLOCK];
        if let Some(head) = last.get_mut(..rest.len()) {
            head.copy_from_slice(rest);
        }
        words.push(marks(&last));
        Self { words }
    }

    /// The place of the first mark from a place on.
    #[inline]
    pub(crate) fn next(&self, from: usize) -> Option<usize> {
        let mut word = from / BLOCK;
        let mut bits = self.words.get(word)? & (u64::MAX << (from % BLOCK));
        while bits == 0 {
            word += 1;
            bits = *self.words.get(word)?;
        }
        Some(word * BLOCK + usize::try_from(bits.trailing_zeros()).unwrap_or_default())
    }
}

/// A bit for every byte that is a mark, the lowest for the first.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn thirty_twos(block: &[u8; BLOCK]) -> u64 {
    use std::arch::x86_64::{
        _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    };
    let half = |bytes: &[u8; 32]| -> u32 {
        // SAFETY: 32 bytes are read from a reference to so many, at any alignment.
        #[expect(unsafe_code, reason = "there is no safe load")]
        let bytes = unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
        let is = |mark: u8| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(mark as i8));
        let marks = _mm256_or_si256(_mm256_or_si256(is(b'<'), is(b'&')), is(b']'));
        _mm256_movemask_epi8(marks) as u32
    };
    let (halves, _) = block.as_chunks::<32>();
    u64::from(half(&halves[0])) | u64::from(half(&halves[1])) << 32
}

/// The same by arithmetic on eight bytes at a time.
fn eights(block: &[u8; BLOCK]) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    const LOW: u64 = ONES * 0x7f;
    // The high bit of every byte that is zero; no carry goes from one byte to the next.
    let zero = |word: u64| !(((word & LOW) + LOW) | word | LOW);
    let (parts, _) = block.as_chunks::<8>();
    parts.iter().rev().fold(0, |bits, part| {
        let word = u64::from_le_bytes(*part);
        let is = |mark: u8| zero(word ^ (ONES * u64::from(mark)));
        let found = is(b'<') | is(b'&') | is(b']');
        // Gathers the high bits of the eight bytes in one byte.
        bits << 8 | (found >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_mark_is_found(text in "[<&\\]a-zđế \u{bc}\u{a6}\u{dd}]{0,200}") {
            let expected: Vec<usize> =
                text.bytes().enumerate().filter(|(_, b)| b"<&]".contains(b)).map(|(at, _)| at).collect();
            for marks in [Marks::of(&text), Marks::by(text.as_bytes(), eights)] {
                let mut found = Vec::new();
                let mut from = 0;
                while let Some(at) = marks.next(from) {
                    found.push(at);
                    from = at + 1;
                }
                prop_assert_eq!(&found, &expected);
            }
        }
    }
}
