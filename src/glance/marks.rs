//! Where in a text the bytes stand that end a run of plain characters in a JSON string: quotes, backslashes and control
//! characters. Knows no grammar.
//!
//! Eight bytes are looked at in one step, or 32 or 64 where the processor can (AVX2, AVX-512).

/// The bytes looked at for one word of marks.
const BLOCK: usize = 64;

/// So many positions are written without asking how many there are: a guess at each would often be wrong.
const AT_A_TIME: usize = 8;

/// So many places are there beyond what can be found.
const SPARE: usize = 16;

/// The positions of all such bytes, which are kept in `room`. `text` is shorter than 4 GiB.
pub fn find<'r>(text: &[u8], room: &'r mut Vec<u32>) -> &'r [u32] {
    // A place for every byte, and for those that are written at a time; those beyond what is found hold what an earlier
    // text left.
    let places = text.len() + SPARE;
    if room.len() < places {
        room.resize(places, 0);
    }
    let count = search(text, room);
    room.get(..count).unwrap_or_default()
}

/// Writes the positions to `marks`, which has a place for every byte of `text` and [`SPARE`] more; how many there are.
fn search(text: &[u8], marks: &mut [u32]) -> usize {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        // SAFETY: a function is safe wherever the processor has what it is compiled for, which was asked just now.
        #[expect(unsafe_code, reason = "what the processor has is known at run time only")]
        if has!("avx512f") && has!("avx512bw") && has!("avx512vbmi2") && has!("popcnt") {
            return unsafe { search_by_avx512(text, marks) };
        } else if has!("avx2") && has!("bmi1") {
            return unsafe { search_by_avx2(text, marks) };
        }
    }
    search_by(text, marks, eights, write)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
fn search_by_avx512(text: &[u8], marks: &mut [u32]) -> usize {
    search_by(text, marks, |block| sixty_four(block), |bits, base, places| write_sixteen(bits, base, places))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1")]
fn search_by_avx2(text: &[u8], marks: &mut [u32]) -> usize {
    search_by(text, marks, |block| thirty_twos(block), write)
}

#[inline(always)]
fn search_by(
    text: &[u8],
    marks: &mut [u32],
    special: impl Fn(&[u8; BLOCK]) -> u64,
    write: impl Fn(u64, u32, &mut [u32]),
) -> usize {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let (mut base, mut count) = (0, 0);
    let mut note = |bits: u64, base: u32| {
        if let Some(places) = marks.get_mut(count..) {
            write(bits, base, places);
        }
        count += bits.count_ones() as usize;
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

/// Writes the positions of bits, counted from `base`, and something behind them.
#[inline(always)]
fn write(mut bits: u64, base: u32, places: &mut [u32]) {
    for places in places.as_chunks_mut::<AT_A_TIME>().0 {
        for place in places {
            *place = base + bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
        }
        if bits == 0 {
            break;
        }
    }
}

/// The same, sixteen in one step where there are no more.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
#[inline]
fn write_sixteen(bits: u64, base: u32, places: &mut [u32]) {
    use std::arch::x86_64::{
        _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cvtepu8_epi32, _mm512_loadu_epi8,
        _mm512_maskz_compress_epi8, _mm512_set1_epi32, _mm512_storeu_epi32,
    };
    const OFFSETS: [i8; BLOCK] = {
        let mut offsets = [0; BLOCK];
        let mut at = 0;
        while at < BLOCK {
            offsets[at] = at as i8;
            at += 1;
        }
        offsets
    };
    let Some(sixteen) = places.first_chunk_mut::<SPARE>().filter(|_| bits.count_ones() as usize <= SPARE)
    else {
        return write(bits, base, places);
    };
    // SAFETY: 64 bytes are read from so many, and sixteen numbers written to a reference to so many, at any alignment.
    #[expect(unsafe_code, reason = "there is no safe load and store")]
    unsafe {
        let offsets = _mm512_maskz_compress_epi8(bits, _mm512_loadu_epi8(OFFSETS.as_ptr()));
        let offsets = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(offsets));
        let positions = _mm512_add_epi32(offsets, _mm512_set1_epi32(base.cast_signed()));
        _mm512_storeu_epi32(sixteen.as_mut_ptr().cast(), positions);
    }
}

/// A bit for every byte that is a mark, the lowest for the first.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn sixty_four(block: &[u8; BLOCK]) -> u64 {
    use std::arch::x86_64::{
        _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask, _mm512_loadu_epi8, _mm512_set1_epi8,
    };
    // SAFETY: 64 bytes are read from a reference to so many, at any alignment.
    #[expect(unsafe_code, reason = "there is no safe load")]
    let bytes = unsafe { _mm512_loadu_epi8(block.as_ptr().cast()) };
    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(b'"' as i8))
        | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(b'\\' as i8))
        | _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20))
}

/// The same by AVX2.
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
        fn all_ways_of_looking_see_the_same(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'"')], 0..200)) {
            let (mut one, mut other) = (Vec::new(), vec![0; bytes.len() + SPARE]);
            let count = search_by(&bytes, &mut other, eights, write);
            prop_assert_eq!(find(&bytes, &mut one), &other[..count]);
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("bmi1") {
                let mut third = vec![0; bytes.len() + SPARE];
                // SAFETY: the processor was asked just now.
                #[expect(unsafe_code, reason = "what the processor has is known at run time only")]
                let again = unsafe { search_by_avx2(&bytes, &mut third) };
                prop_assert_eq!(&third[..again], &other[..count]);
            }
        }
    }
}
