//! Where reading stood: what a later reading needs in order to read only what is new.
//!
//! Two files lie beside the ledger: the checkpoint, and the stored register of ids ([`crate::register::Stored`]). Both can be
//! lost, damaged or left over at any time: each has checksums, and whatever does not fit is not used. Then everything is
//! read, as at first.

use super::sections::Known;
use super::worker::Whole;
use super::{Counts, parts::Region};
use crate::register::{Entry, Index};
use crate::shortlist::Kept;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use xxhash_rust::xxh3::Xxh3;

/// What a reading came to.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The moment of the run, in seconds.
    pub(super) from: i64,
    /// The first moment, in seconds, at which an embargo ends or an article expires.
    pub(super) due: Option<i64>,
    /// In the order in which they were read.
    pub(super) files: Vec<Mark>,
    /// Which places belong to which file, in the order of places.
    pub(super) regions: Vec<Region>,
    /// The first place that is not taken.
    pub(super) next: u64,
    pub(super) counts: Counts,
    /// How many records there are, and how many count, by class.
    pub(super) met: Vec<usize>,
    pub(super) living: Vec<usize>,
    pub(super) known: Known,
    /// By the number of the feed.
    pub(super) lists: Vec<Kept>,
    /// What every feed was made of, by its number: the places of candidates, sorted.
    pub(super) chosen: Vec<Vec<u64>>,
    /// In the order of places, as JSON: fields that a diagnostic does not have are not written, which a format without names
    /// cannot read.
    pub(super) remarks: Vec<(u64, String)>,
    pub(super) index: Index,
    /// What is known of ids since the register was stored, by their hashes.
    pub(super) entries: Vec<(u64, Entry)>,
    /// What whoever keeps the checkpoint wants to find again.
    pub rest: String,
    /// A new stored register, to be put in place.
    #[serde(skip)]
    pub(super) stored: Option<NamedTempFile>,
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The hash of the source's number and the file's path.
    pub name: u64,
    /// The print of its size, times and inode.
    pub print: u64,
    /// Whether it was old enough when it was read for the print to tell every later change.
    pub settled: bool,
    pub held: Held,
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    Lines(Box<Lines>),
    Whole(Whole),
}

/// A file that is read in parts, as far as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Bytes.
    pub size: u64,
    /// How many lines end in it.
    pub newlines: u64,
    /// Whether its last line ends.
    pub ended: bool,
    /// XXH3 of every [`super::parts::PART`] bytes.
    pub hashes: Vec<u64>,
}

/// Where a checkpoint is kept.
#[derive(Debug, Clone)]
pub struct Bookmark {
    /// The file of the checkpoint.
    pub path: PathBuf,
    /// The stored register.
    pub register: PathBuf,
    /// What reading depends on besides the sources: a checkpoint of something else is not used.
    pub depends: u128,
    /// A file that was just written, by which it is told which files are older.
    pub now: PathBuf,
}

impl Bookmark {
    /// The folder of both files, and how names of files begin that wait there to be put in place.
    fn waiting(&self) -> (&Path, String) {
        let name = self.path.file_stem().unwrap_or_default().to_string_lossy();
        (self.path.parent().unwrap_or(Path::new(".")), format!(".{name}-"))
    }

    /// A file that waits to be put in place of one of the two.
    pub(super) fn wait(&self) -> io::Result<NamedTempFile> {
        let (folder, prefix) = self.waiting();
        NamedTempFile::with_prefix_in(prefix, folder)
    }

    /// Removes what a killed run left waiting. The output must be locked.
    #[expect(clippy::disallowed_methods, reason = "files of a name that only this module gives")]
    pub fn sweep(&self) {
        let (folder, prefix) = self.waiting();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

impl Checkpoint {
    /// The checkpoint that lies there, if it is whole and depends on the same.
    pub fn load(bookmark: &Bookmark) -> Option<Self> {
        let bytes = std::fs::read(&bookmark.path).ok()?;
        let (head, bytes) = bytes.split_first_chunk::<HEAD>()?;
        let checks: u128 = xxhash_rust::xxh3::xxh3_128(bytes);
        (*head == of(bookmark.depends, checks)).then(|| postcard::from_bytes(bytes).ok())?
    }

    /// Puts it in place, with the register that belongs to it and with what whoever keeps it wants to find again.
    pub fn save(mut self, rest: String, bookmark: &Bookmark) -> io::Result<()> {
        self.rest = rest;
        let stored = self.stored.take();
        let mut file = bookmark.wait()?;
        file.write_all(&[0; HEAD])?;
        // Of very many files it is large: it is never in memory as it is written.
        let mut out = BufWriter::new(Hashed { file: file.as_file_mut(), hash: Xxh3::new() });
        postcard::to_io(&self, &mut out).map_err(io::Error::other)?;
        out.flush()?;
        let checks = out.get_ref().hash.digest128();
        drop(out);
        file.rewind()?;
        file.write_all(&of(bookmark.depends, checks))?;
        // Should the process end between the two, the old checkpoint finds blocks that are not its own, and is not used.
        if let Some(stored) = stored {
            stored.persist(&bookmark.register).map_err(|error| error.error)?;
        }
        file.persist(&bookmark.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Writes to a file, and hashes what is written.
struct Hashed<'a> {
    file: &'a mut File,
    hash: Xxh3,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// What it depends on, and the hash of the rest.
const HEAD: usize = 32;

fn of(depends: u128, checks: u128) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..16].copy_from_slice(&depends.to_le_bytes());
    head[16..].copy_from_slice(&checks.to_le_bytes());
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_file_is_small() {
        assert!(size_of::<Mark>() <= 40 && size_of::<Region>() <= 40);
    }
}
