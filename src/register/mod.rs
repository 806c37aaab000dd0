//! Who comes again: of every id that is met, the record that counts is the last one. 16 bytes a record.
//!
//! Ids are kept as 64-bit hashes (XXH3), so two of a million different ids are taken for one once in 30 million runs.

mod stored;

pub use stored::{Entry, Index, Stored, Writer};

/// What is met of a record, packed: the hash of its id, and where it stands with what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    hash: u64,
    /// The place in the upper 48 bits, so that rows of an id are in the order of their records; the class in the lower 16.
    place_and_class: u64,
}

/// The number of bits for a row's class, that is, for what is counted of a record.
const CLASS_BITS: u32 = 16;

/// Places are below this. What is stored of a record says in one more bit whether its id came more than once.
pub const PLACES: u64 = 1 << (64 - CLASS_BITS - 1);

impl Row {
    fn class(self) -> u16 {
        self.place_and_class as u16
    }
}

const BUCKETS: usize = 256;

/// The rows of a block: few enough that the last one of every bucket, half empty, takes little room.
const BLOCK: usize = 64;

/// Every record met.
#[derive(Debug)]
pub struct Register {
    /// By the upper bits of the hash, so that sorting is done in the processor's caches and on every core; each in blocks,
    /// so that nothing is copied when more comes.
    buckets: Vec<Vec<Vec<Row>>>,
}

/// What the records come to once later ones have replaced earlier ones.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The places of records that a later one replaces, sorted.
    pub superseded: Vec<u64>,
    /// How many records count, by class.
    pub living: Vec<usize>,
    /// How many records there are, by class.
    pub met: Vec<usize>,
}

impl Default for Register {
    fn default() -> Self {
        Self::new()
    }
}

impl Register {
    pub fn new() -> Self {
        Self { buckets: (0..BUCKETS).map(|_| Vec::new()).collect() }
    }

    /// Takes a record: the hash of its id, its place (below [`PLACES`]), and what is counted of it.
    pub fn add(&mut self, hash: u64, place: u64, class: u16) {
        let row = Row { hash, place_and_class: place << CLASS_BITS | u64::from(class) };
        let bucket = &mut self.buckets[(hash >> 56) as usize];
        match bucket.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(row),
            _ => {
                let mut block = Vec::with_capacity(BLOCK);
                block.push(row);
                bucket.push(block);
            }
        }
    }

    /// Every record met, by the hash of its id and in the order of places: hash, place and class.
    pub fn into_rows(registers: Vec<Self>) -> Vec<(u64, u64, u16)> {
        let mut rows: Vec<Row> =
            registers.into_iter().flat_map(|register| register.buckets).flatten().flatten().collect();
        rows.sort_unstable();
        rows.into_iter().map(|row| (row.hash, row.place_and_class >> CLASS_BITS, row.class())).collect()
    }

    /// Lets later records replace earlier ones, and stores those that count where a writer is handed in.
    pub fn settle(registers: Vec<Self>, writer: Option<&Writer>) -> Outcome {
        let mut by_bucket: Vec<Vec<Vec<Row>>> = (0..BUCKETS).map(|_| Vec::new()).collect();
        for register in registers {
            for (rows, bucket) in by_bucket.iter_mut().zip(register.buckets) {
                rows.extend(bucket);
            }
        }
        let settled = crate::parallel::map(by_bucket, |parts| {
            let mut rows = parts.concat();
            drop(parts);
            rows.sort_unstable();
            let mut outcome = Outcome::default();
            let mut stored = Vec::with_capacity(if writer.is_some() { rows.len() } else { 0 });
            let mut repeated = false;
            for (index, row) in rows.iter().enumerate() {
                let class = usize::from(row.class());
                let place = row.place_and_class >> CLASS_BITS;
                count(&mut outcome.met, class, 1);
                match rows.get(index + 1) {
                    Some(next) if next.hash == row.hash => {
                        outcome.superseded.push(place);
                        repeated = true;
                    }
                    _ => {
                        count(&mut outcome.living, class, 1);
                        if writer.is_some() {
                            stored.push((row.hash, Entry { place, class: row.class(), repeated }));
                        }
                        repeated = false;
                    }
                }
            }
            drop(rows);
            if let Some(writer) = writer {
                writer.store(&stored);
            }
            outcome
        });
        let mut whole = Outcome::default();
        for outcome in settled {
            whole.superseded.extend(outcome.superseded);
            outcome
                .living
                .iter()
                .enumerate()
                .for_each(|(class, number)| count(&mut whole.living, class, *number));
            outcome.met.iter().enumerate().for_each(|(class, number)| count(&mut whole.met, class, *number));
        }
        whole.superseded.sort_unstable();
        whole
    }
}

fn count(counts: &mut Vec<usize>, class: usize, number: usize) {
    if counts.len() <= class {
        counts.resize(class + 1, 0);
    }
    counts[class] += number;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_record_of_an_id_counts() {
        let (mut one, mut two) = (Register::new(), Register::new());
        one.add(7, 30, 1);
        one.add(7 << 56, 40, 0);
        two.add(7, 10, 0);
        two.add(7, 20, 2);
        let outcome = Register::settle(vec![one, two], None);
        assert_eq!(outcome.superseded, [10, 20]);
        assert_eq!(outcome.living, [1, 1]);
        assert_eq!(outcome.met, [2, 1, 1]);
    }
}
