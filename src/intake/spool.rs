//! The folder in which lies what sources gave: one folder a source, with a list of the files that count.
//!
//! New files are written aside and come into force when the list is replaced, all at once: whoever is killed on the way
//! leaves the old list or the new one, and the files of either. Where there is one file, it keeps its name. Only files of
//! this program's own names are ever removed.

#![expect(clippy::disallowed_methods, reason = "the one place that writes and removes what sources gave")]

use super::IntakeError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use xxhash_rust::xxh3::Xxh3;

/// The list of the files that count.
const LIST: &str = "list.json";

/// How names of files begin that are being written.
const WAITING: &str = ".waiting-";

/// A file of what a source gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name in the source's folder.
    pub file: String,
    /// What messages call it.
    pub name: String,
    /// The input format that it has.
    pub format: String,
    /// Its length and the hash of its content: a file of another length is not the one that was listed.
    pub bytes: u64,
    pub hash: String,
    /// What the source wants to know of it when it is asked again: a validator, say.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub note: serde_json::Value,
}

/// A part of what a source gives now.
pub enum Piece {
    /// As it was.
    Same(Kept),
    New {
        sheet: Sheet,
        /// What messages call it.
        name: String,
        /// The name of its input format.
        format: &'static str,
        note: serde_json::Value,
    },
}

/// A new file that is being written, and its hash with it.
pub struct Sheet {
    file: BufWriter<NamedTempFile>,
    /// Large, for what is handed around.
    hash: Box<Xxh3>,
    bytes: u64,
    limit: u64,
}

impl Sheet {
    /// How many bytes were written.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The hash of what was written.
    pub fn hash(&self) -> String {
        format!("{:032x}", self.hash.digest128())
    }

    /// The file, from its beginning, as far as it was written.
    pub fn open(&mut self) -> io::Result<fs::File> {
        self.file.flush()?;
        fs::File::open(self.file.get_ref().path())
    }
}

impl Write for Sheet {
    /// Writes all of it, or fails with [`io::ErrorKind::FileTooLarge`] where that would be more than may be given.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes + bytes.len() as u64 > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The folder of one source.
#[derive(Debug)]
pub struct Drawer {
    folder: PathBuf,
    /// What messages call the source.
    name: String,
    last: Option<Vec<Kept>>,
}

impl Drawer {
    /// Looks into the folder of a source; it need not be there.
    pub(super) fn open(spool: &Path, key: &str, name: &str) -> Self {
        let folder = spool.join(key);
        let list = fs::read(folder.join(LIST)).ok();
        let last: Option<Vec<Kept>> = list.and_then(|list| serde_json::from_slice(&list).ok());
        // A list that somebody else wrote, or of which files are gone, is none.
        let is_whole = |kept: &Kept| {
            let file = fs::symlink_metadata(folder.join(&kept.file));
            is_ours(&kept.file) && file.is_ok_and(|file| file.is_file() && file.len() == kept.bytes)
        };
        let last = last.filter(|files| files.iter().all(is_whole));
        Self { folder, name: name.to_owned(), last }
    }

    /// What the source gave last; `None`: nothing ever.
    pub fn last(&self) -> Option<&[Kept]> {
        self.last.as_deref()
    }

    pub(super) fn into_last(self) -> Option<Vec<Kept>> {
        self.last
    }

    /// Removes what a killed run was writing. Nobody else may be using the folder.
    pub(super) fn sweep(&self) {
        clear(&self.folder, |name| name.starts_with(WAITING));
    }

    /// Opens a file that the source gave last.
    pub fn open_kept(&self, kept: &Kept) -> Result<fs::File, IntakeError> {
        fs::File::open(self.folder.join(&kept.file)).map_err(|error| self.fault(error))
    }

    /// A new file that takes so many bytes.
    pub fn sheet(&self, limit: u64) -> Result<Sheet, IntakeError> {
        let make = || -> io::Result<NamedTempFile> {
            fs::create_dir_all(&self.folder)?;
            tempfile::Builder::new().prefix(WAITING).suffix(".tmp").tempfile_in(&self.folder)
        };
        let file = BufWriter::with_capacity(64 * 1024, make().map_err(|error| self.fault(error))?);
        Ok(Sheet { file, hash: Box::new(Xxh3::new()), bytes: 0, limit })
    }

    /// Puts a complete answer in place of the last one.
    pub(super) fn keep(&mut self, pieces: Vec<Piece>) -> Result<(), IntakeError> {
        let old = self.last.clone().unwrap_or_default();
        let result = self.replace(pieces, &old);
        let kept = result.map_err(|error| self.fault(error))?;
        self.last = Some(kept);
        Ok(())
    }

    fn replace(&self, pieces: Vec<Piece>, old: &[Kept]) -> io::Result<Vec<Kept>> {
        fs::create_dir_all(&self.folder)?;
        let is_one = pieces.len() == 1;
        let mut kept = Vec::with_capacity(pieces.len());
        for piece in pieces {
            kept.push(match piece {
                Piece::Same(same) => same,
                Piece::New { sheet, name, format, note } => {
                    let hash = sheet.hash();
                    let file = if is_one { format!("records.{format}") } else { format!("{hash}.{format}") };
                    let kept = Kept { file, name, format: format.to_owned(), bytes: sheet.bytes, hash, note };
                    self.place(sheet, &kept, old)?;
                    kept
                }
            });
        }
        if self.last.as_deref() != Some(kept.as_slice()) {
            self.list(&kept)?;
        }
        let counts: BTreeSet<&str> = kept.iter().map(|kept| kept.file.as_str()).collect();
        clear(&self.folder, |name| name != LIST && !counts.contains(name));
        Ok(kept)
    }

    /// Puts a file where its list will say that it is, unless it lies there already.
    fn place(&self, sheet: Sheet, kept: &Kept, old: &[Kept]) -> io::Result<()> {
        if old.iter().any(|old| old.file == kept.file && old.hash == kept.hash) {
            return Ok(());
        }
        // What was noted of a file of this name is not true of what will have it.
        if old.iter().any(|old| old.file == kept.file && !old.note.is_null()) {
            let unnoted = old.iter().map(|kept| Kept { note: serde_json::Value::Null, ..kept.clone() });
            self.list(&unnoted.collect::<Vec<_>>())?;
        }
        let file = sheet.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(self.folder.join(&kept.file)).map_err(|error| error.error)?;
        Ok(())
    }

    fn list(&self, kept: &[Kept]) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(WAITING).suffix(".tmp").tempfile_in(&self.folder)?;
        file.write_all(&serde_json::to_vec_pretty(kept)?)?;
        file.as_file().sync_all()?;
        file.persist(self.folder.join(LIST)).map_err(|error| error.error)?;
        Ok(())
    }

    /// What is told when something cannot be kept.
    pub(super) fn fault(&self, source: io::Error) -> IntakeError {
        IntakeError::Keep { name: self.name.clone(), path: self.folder.clone(), source }
    }
}

/// Removes the folders of sources that no `[[source]]` asks any longer.
pub(super) fn tidy<'a>(spool: &Path, keys: impl Iterator<Item = &'a str>) {
    let keys: BTreeSet<&str> = keys.collect();
    for entry in fs::read_dir(spool).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !keys.contains(name.as_ref()) && is_key(&name) && entry.file_type().is_ok_and(|kind| kind.is_dir())
        {
            clear(&entry.path(), |_| true);
            // What holds a file of somebody else's stays.
            let _ = fs::remove_dir(entry.path());
        }
    }
}

/// Removes files of this program's names in a folder. One that cannot be removed now is met again by the next run.
fn clear(folder: &Path, is_idle: impl Fn(&str) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_waiting = name.starts_with(WAITING) && name.ends_with(".tmp");
        if (is_waiting || name == LIST || is_ours(&name)) && is_idle(&name) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file in a source's folder has a name that this program gives.
fn is_ours(name: &str) -> bool {
    let Some((stem, format)) = name.split_once('.') else { return false };
    let is_hash = stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
    (stem == "records" || is_hash) && crate::sources::named(format).is_some()
}

/// Whether a folder has a name that [`crate::plan::Intake::key`] gives.
fn is_key(name: &str) -> bool {
    let Some((kind, hash)) = name.rsplit_once('-') else { return false };
    let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
    is_kind && hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const KEY: &str = "command-0123456789abcdef";

    fn piece(drawer: &Drawer, text: &str, note: Value) -> Piece {
        let mut sheet = drawer.sheet(1000).unwrap();
        sheet.write_all(text.as_bytes()).unwrap();
        Piece::New { sheet, name: "x".to_owned(), format: "jsonl", note }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn an_answer_replaces_the_last_one_and_what_stays_is_not_touched() {
        let spool = tempfile::tempdir().unwrap();
        let mut drawer = Drawer::open(spool.path(), KEY, "x");
        assert!(drawer.last().is_none());
        drawer.keep(vec![piece(&drawer, "a", json!(1)), piece(&drawer, "b", Value::Null)]).unwrap();
        let folder = spool.path().join(KEY);
        let first = drawer.last().unwrap()[0].clone();
        let seen = |file: &str| fs::metadata(folder.join(file)).unwrap().modified().unwrap();
        let moment = seen(&first.file);
        let mut drawer = Drawer::open(spool.path(), KEY, "x");
        assert_eq!(drawer.last().unwrap()[0], first);
        drawer.keep(vec![piece(&drawer, "a", json!(2)), piece(&drawer, "c", Value::Null)]).unwrap();
        assert_eq!(seen(&first.file), moment);
        let kept = Drawer::open(spool.path(), KEY, "x").into_last().unwrap();
        assert_eq!((kept[0].note.clone(), kept[0].file.clone()), (json!(2), first.file));
        assert_eq!(fs::read_to_string(folder.join(&kept[1].file)).unwrap(), "c");
        assert_eq!(names(&folder).len(), 3, "the file of `b` is gone: {:?}", names(&folder));
    }

    #[test]
    fn one_file_keeps_its_name() {
        let spool = tempfile::tempdir().unwrap();
        let mut drawer = Drawer::open(spool.path(), KEY, "x");
        drawer.keep(vec![piece(&drawer, "a", json!("one"))]).unwrap();
        drawer.keep(vec![piece(&drawer, "ab", json!("two"))]).unwrap();
        let folder = spool.path().join(KEY);
        assert_eq!(names(&folder), ["list.json", "records.jsonl"]);
        assert_eq!(fs::read_to_string(folder.join("records.jsonl")).unwrap(), "ab");
        assert_eq!(drawer.last().unwrap()[0].note, json!("two"));
    }

    #[test]
    fn what_is_too_large_is_refused_and_a_damaged_list_is_none() {
        let spool = tempfile::tempdir().unwrap();
        let mut drawer = Drawer::open(spool.path(), KEY, "x");
        let mut sheet = drawer.sheet(3).unwrap();
        assert_eq!(sheet.write_all(b"abcd").unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        drop(sheet);
        drawer.keep(vec![piece(&drawer, "a", Value::Null)]).unwrap();
        fs::write(spool.path().join(KEY).join("records.jsonl"), "other").unwrap();
        assert!(Drawer::open(spool.path(), KEY, "x").last().is_none());
        fs::write(spool.path().join(KEY).join(LIST), "{").unwrap();
        assert!(Drawer::open(spool.path(), KEY, "x").last().is_none());
    }

    #[test]
    fn what_a_killed_run_left_is_swept() {
        let spool = tempfile::tempdir().unwrap();
        let mut drawer = Drawer::open(spool.path(), KEY, "x");
        drawer.keep(vec![piece(&drawer, "a", Value::Null)]).unwrap();
        let folder = spool.path().join(KEY);
        fs::write(folder.join(".waiting-abc.tmp"), "half").unwrap();
        fs::write(folder.join(".waiting-mine"), "not ours").unwrap();
        drawer.sweep();
        assert_eq!(names(&folder), [".waiting-mine", "list.json", "records.jsonl"]);
    }

    #[test]
    fn a_list_leads_nowhere_else() {
        assert!(!is_ours("../records.jsonl") && !is_ours("/etc/passwd") && !is_ours("records.x/../y"));
        assert!(is_ours("records.jsonl") && is_ours("0123456789abcdef0123456789abcdef.json"));
    }

    #[test]
    fn what_nobody_asks_for_goes_and_foreign_files_stay() {
        let spool = tempfile::tempdir().unwrap();
        for key in [KEY, "command-aaaaaaaaaaaaaaaa", "command-bbbbbbbbbbbbbbbb"] {
            let mut drawer = Drawer::open(spool.path(), key, "x");
            drawer.keep(vec![piece(&drawer, "a", Value::Null)]).unwrap();
        }
        fs::write(spool.path().join("command-bbbbbbbbbbbbbbbb/notes.txt"), "mine").unwrap();
        fs::create_dir(spool.path().join("other")).unwrap();
        tidy(spool.path(), [KEY].into_iter());
        assert_eq!(names(spool.path()), [KEY, "command-bbbbbbbbbbbbbbbb", "other"]);
        assert_eq!(names(&spool.path().join("command-bbbbbbbbbbbbbbbb")), ["notes.txt"]);
    }
}
