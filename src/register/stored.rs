//! A register in a file: of every id the record that counts, found again without reading the whole.
//!
//! Rows lie in blocks, sorted by hash; the index has the first hash of every block and its checksum, and is kept by whoever
//! wrote the file. A block that is not the one that was written is an error, so that the file may be lost, replaced or
//! damaged at any time.

use super::{CLASS_BITS, PLACES};
use crate::file_at::{read_at, write_at};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tempfile::NamedTempFile;

/// What is known of the record that counts among those of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where the record stands among all that are read.
    pub place: u64,
    /// What is counted of it.
    pub class: u16,
    /// Whether it replaced an earlier one.
    pub repeated: bool,
}

/// Where everything is in the file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Index {
    blocks: Vec<Block>,
    /// How many ids there are.
    pub rows: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Block {
    first: u64,
    offset: u64,
    rows: u32,
    /// XXH3 of the block's bytes.
    check: u64,
}

/// Rows of a block: one read finds an id.
const BLOCK: usize = 512;

/// The bytes of a row: the hash; then, from above, whether it is repeated, the place, and the class.
const ROW: usize = 16;

const REPEATED: u64 = PLACES << CLASS_BITS;

/// Writes a register, from several threads, in pieces that have no hash in common.
#[derive(Debug)]
pub struct Writer {
    file: NamedTempFile,
    written: Mutex<Written>,
}

#[derive(Debug, Default)]
struct Written {
    index: Index,
    end: u64,
    fault: Option<io::Error>,
}

impl Writer {
    /// Writes to a file that is empty.
    pub fn new(file: NamedTempFile) -> Self {
        Self { file, written: Mutex::default() }
    }

    /// Writes rows that are sorted by hash.
    pub fn store(&self, rows: &[(u64, Entry)]) {
        let mut bytes = Vec::with_capacity(rows.len() * ROW);
        for (hash, Entry { place, class, repeated }) in rows {
            let rest = place << CLASS_BITS | u64::from(*class) | if *repeated { REPEATED } else { 0 };
            bytes.extend_from_slice(&hash.to_le_bytes());
            bytes.extend_from_slice(&rest.to_le_bytes());
        }
        let begin = {
            let mut written = self.written();
            let begin = written.end;
            written.end += bytes.len() as u64;
            begin
        };
        let put = write_at(self.file.as_file(), &bytes, begin);
        let blocks =
            bytes.chunks(BLOCK * ROW).zip(rows.chunks(BLOCK)).enumerate().map(|(number, (bytes, rows))| {
                Block {
                    first: rows.first().map_or(0, |row| row.0),
                    offset: begin + (number * BLOCK * ROW) as u64,
                    rows: rows.len() as u32,
                    check: xxhash_rust::xxh3::xxh3_64(bytes),
                }
            });
        let blocks: Vec<Block> = blocks.collect();
        let mut written = self.written();
        written.index.blocks.extend(blocks);
        written.index.rows += rows.len() as u64;
        if let Err(fault) = put {
            written.fault.get_or_insert(fault);
        }
    }

    fn written(&self) -> std::sync::MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file, and the index by which things are found in it.
    pub fn finish(self) -> io::Result<(NamedTempFile, Index)> {
        let mut written = self.written.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(fault) = written.fault {
            return Err(fault);
        }
        written.index.blocks.sort_unstable_by_key(|block| block.first);
        Ok((self.file, written.index))
    }
}

/// A register that lies in a file.
#[derive(Debug)]
pub struct Stored<'a> {
    file: File,
    index: &'a Index,
    /// The block that was read last.
    block: Option<(usize, Vec<u8>)>,
}

impl<'a> Stored<'a> {
    pub fn open(path: &Path, index: &'a Index) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, index, block: None })
    }

    /// The record that counts of an id. An error, too, where the file is not the one that the index was made for.
    pub fn find(&mut self, hash: u64) -> io::Result<Option<Entry>> {
        let after = self.index.blocks.partition_point(|block| block.first <= hash);
        let Some((number, block)) =
            after.checked_sub(1).and_then(|at| Some((at, self.index.blocks.get(at)?)))
        else {
            return Ok(None);
        };
        if self.block.as_ref().is_none_or(|(held, _)| *held != number) {
            let mut bytes = vec![0; block.rows as usize * ROW];
            let length = read_at(&self.file, &mut bytes, block.offset)?;
            if length < bytes.len() || xxhash_rust::xxh3::xxh3_64(&bytes) != block.check {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the stored register is another one"));
            }
            self.block = Some((number, bytes));
        }
        let (rows, _) = self.block.as_ref().map_or(&[][..], |(_, bytes)| bytes).as_chunks::<ROW>();
        let halves = |row: &[u8; ROW]| {
            let row = u128::from_le_bytes(*row);
            (row as u64, (row >> 64) as u64)
        };
        let found = rows.binary_search_by_key(&hash, |row| halves(row).0).ok().and_then(|at| rows.get(at));
        Ok(found.map(|row| {
            let rest = halves(row).1;
            Entry {
                place: (rest & !REPEATED) >> CLASS_BITS,
                class: rest as u16,
                repeated: rest & REPEATED != 0,
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Register;
    use super::*;
    use std::collections::HashMap;
    use std::io::{Seek, Write};

    /// Hashes that fall into every bucket, and their last entries.
    fn stored(folder: &Path) -> (NamedTempFile, Index, HashMap<u64, Entry>) {
        let mut register = Register::new();
        let mut expected: HashMap<u64, Entry> = HashMap::new();
        for number in 0..30_000_u64 {
            let hash = (number % 20_000).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let class = (number % 7) as u16;
            register.add(hash, PLACES - 30_000 + number, class);
            let repeated = expected.contains_key(&hash);
            expected.insert(hash, Entry { place: PLACES - 30_000 + number, class, repeated });
        }
        let writer = Writer::new(NamedTempFile::new_in(folder).unwrap());
        let outcome = Register::settle(vec![register], Some(&writer));
        assert_eq!(outcome.living.iter().sum::<usize>(), 20_000);
        let (file, index) = writer.finish().unwrap();
        (file, index, expected)
    }

    #[test]
    fn what_was_stored_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let (file, index, expected) = stored(folder.path());
        assert_eq!(index.rows, 20_000);
        let mut register = Stored::open(file.path(), &index).unwrap();
        for (hash, entry) in &expected {
            assert_eq!(register.find(*hash).unwrap(), Some(*entry));
        }
        for hash in [1, 3, u64::MAX, 0x9E37_79B9_7F4A_7C16] {
            assert_eq!(register.find(hash).unwrap(), None);
        }
        assert!(Stored::open(file.path(), &Index::default()).unwrap().find(7).unwrap().is_none());
    }

    #[test]
    fn damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (mut file, index, expected) = stored(folder.path());
        file.seek(io::SeekFrom::Start(100_000)).unwrap();
        file.write_all(b"x").unwrap();
        let mut register = Stored::open(file.path(), &index).unwrap();
        let faults = expected.keys().filter(|hash| register.find(**hash).is_err()).count();
        assert!((1..=BLOCK).contains(&faults), "{faults}");
        file.as_file().set_len(50_000).unwrap();
        let mut register = Stored::open(file.path(), &index).unwrap();
        assert!(expected.keys().filter(|hash| register.find(**hash).is_err()).count() > BLOCK);
    }
}
