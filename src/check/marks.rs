//! Where in a document something may begin or end: a bit for every byte, set for what the syntax lives on. Of XML these are `<`,
//! `&` and `]`, of JSON `"`, `\` and control characters.
//!
//! Between two of them there is plain text, often of a few letters only, so that a search for the next one would cost more in
//! beginning than in searching. One pass notes all of them, 64 bytes to a word, and counts the lines. Boundary: knows neither
//! XML nor HTML nor JSON; [`survey`](super::survey) makes them.

/// How many bytes a word stands for.
pub(super) const BLOCK: usize = 64;

/// The marks of a document.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    words: Vec<u64>,
    /// How many lines end before each block.
    lines: Vec<u32>,
    /// How many end in all blocks so far.
    ended: u32,
}

impl Marks {
    /// Of so many bytes, none of which was looked at so far.
    pub(super) fn of(bytes: usize) -> Self {
        // Several are noted at a time.
        let blocks = bytes / BLOCK + 4;
        Self { words: Vec::with_capacity(blocks), lines: Vec::with_capacity(blocks), ended: 0 }
    }

    /// Notes the next blocks: their marks, the lowest bit for the first byte, and how many lines end in each.
    #[inline(always)]
    pub(super) fn extend<const N: usize>(&mut self, marks: &[u64; N], lines: &[u32; N]) {
        let before = lines.map(|lines| {
            let before = self.ended;
            self.ended = before.saturating_add(lines);
            before
        });
        self.words.extend_from_slice(marks);
        self.lines.extend_from_slice(&before);
    }

    /// The places of all marks from a place on.
    pub(crate) fn iter_from(&self, from: usize) -> impl Iterator<Item = usize> {
        let mut word = from / BLOCK;
        let mut bits = self.words.get(word).copied().unwrap_or_default() & (u64::MAX << (from % BLOCK));
        std::iter::from_fn(move || {
            while bits == 0 {
                word += 1;
                bits = *self.words.get(word)?;
            }
            let at = word * BLOCK + usize::try_from(bits.trailing_zeros()).unwrap_or_default();
            bits &= bits - 1;
            Some(at)
        })
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

    /// The line, from 1, on which a place of the document is, whose bytes these are.
    pub(crate) fn line(&self, bytes: &[u8], at: usize) -> usize {
        let block = at / BLOCK;
        let before = self.lines.get(block).copied().unwrap_or(self.ended);
        let within = bytes.get(block * BLOCK..at).unwrap_or_default().iter().filter(|b| **b == b'\n').count();
        1 + usize::try_from(before).unwrap_or_default() + within
    }
}
