//! Where in a text the bytes stand that end a run of plain characters in a JSON string: quotes, backslashes and control
//! characters. Knows no grammar.
//!
//! Eight bytes are looked at in one step, or 32 where the processor can (AVX2).

/// The bytes looked at for one word of marks.
const BLOCK: usize = 64;

/// So many positions are written without asking how many there are: a guess at each would often be wrong.
const AT_A_TIME: usize = 8;

/// The positions of all such bytes, which are kept in `room`. `text` is shorter than 4 GiB.
pub fn find<'r>(text: &[u8], room: &'r mut Vec<u32>) -> &'r [u32] {
    // A place for every byte, and for those that are written at a time; those beyond what is found hold what an earlier
    // text left.
    let places = text.len() + AT_A_TIME;
    if room.len() < places {
        room.resize(places, 0);
    }
    let count = search(text, room);
    room.get(..count).unwrap_or_default()
}

/// Writes the positions to `marks`, which has a place for every byte of `text` and [`AT_A_TIME`] more; how many there are.
fn search(text: &[u8], marks: &mut [u32]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("bmi1") {
        // SAFETY: the function is safe wherever the processor has what it is compiled for, which was asked just now.
        #[expect(unsafe_code, reason = "what the processor has is known at run time only")]
        return unsafe { search_by_avx2(text, marks) };
    }
    search_by(text, marks, eights)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1")]
fn search_by_avx2(text: &[u8], marks: &mut [u32]) -> usize {
    search_by(text, marks, |block| thirty_twos(block))
}

#[inline(always)]
fn search_by(text: &[u8], marks: &mut [u32], special: impl Fn(&[u8; BLOCK]) -> u64) -> usize {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let (mut base, mut count) = (0, 0);
    let mut note = |mut bits: u64, base: u32| {
        let found = bits.count_ones() as usize;
        let mut next = count;
        while let Some(places) = marks.get_mut(next..).and_then(<[u32]>::first_chunk_mut::<AT_A_TIME>) {
            for place in places {
                *place = base + bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
            }
            if bits == 0 {
                break;
            }
            next += AT_A_TIME;
        }
        count += found;
    };
    for block in blocks {
        note(special(block), base);
        base += BLOCK as u32;
    }
    if !rest.is_empty() {
        match text.last_chunk() {
            // The last block begins in the one before.
            Some(last) => note(special(last) >> (BLOCK - rest.len()), base),
            None => {
                // What is short of a block is filled up with what is plain.
                let mut last = [b' '; BLOCK];
                last[..rest.len()].copy_from_slice(rest);
                note(special(&last), base);
            }
        }
    }
    count
}

/// A bit for every byte that is a mark, the lowest for the first.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn thirty_twos(block: &[u8; BLOCK]) -> u64 {
    use std::arch::x86_64::{
        _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
        _mm256_set1_epi8,
    };
    let half = |bytes: &[u8; 32]| -> u32 {
        // SAFETY: 32 bytes are read from a reference to so many, at any alignment.
        #[expect(unsafe_code, reason = "there is no safe load")]
        let bytes = unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
        let quote = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'"' as i8));
        let backslash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'\\' as i8));
        let control = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1f)), bytes);
        _mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(quote, backslash), control)) as u32
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
        let found = zero(word ^ (ONES * u64::from(b'"')))
            | zero(word ^ (ONES * u64::from(b'\\')))
            | zero(word & (ONES * 0xe0));
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
        fn every_special_byte_is_marked(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0u8..0x25, 0x5b..=0x5du8, Just(b'a')], 0..300)
        ) {
            let mut room = vec![7];
            let special = |byte: u8| matches!(byte, b'"' | b'\\' | 0..0x20);
            let expected: Vec<u32> = (0..).zip(&bytes).filter(|(_, byte)| special(**byte)).map(|(at, _)| at).collect();
            prop_assert_eq!(find(&bytes, &mut room), expected);
        }

        #[test]
        fn both_ways_of_looking_see_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let (mut one, mut other) = (Vec::new(), vec![0; bytes.len() + AT_A_TIME]);
            let count = search_by(&bytes, &mut other, eights);
            prop_assert_eq!(find(&bytes, &mut one), &other[..count]);
        }
    }
}
