//! Putting files in place: the only code that writes the output.
//!
//! A file is replaced at once or not at all. Everything is written beside its target and synced first, and only then are
//! the targets replaced by rename: a full disk, an unwritable folder or a kill leaves every file the old one or the new
//! one, whole. A file whose bytes would stay is not touched, so that Last-Modified and ETag hold. A lock keeps two runs
//! apart; it is the system's (flock), so one that a dead process held is free.

#![expect(clippy::disallowed_methods, reason = "the one place that writes and removes the output")]

use crate::parallel;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::SystemTime;
use tempfile::TempPath;

/// Why files could not be put in place.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("cannot make the folder {}", .path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("cannot write {}", .path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot remove {}, which is published no longer", .path.display())]
    Remove { path: PathBuf, source: io::Error },
    #[error("cannot use the lock {}", .path.display())]
    Lock { path: PathBuf, source: io::Error },
    #[error("another run holds the output: {holder}")]
    Held { holder: String },
}

/// Keeps other runs off the output for as long as it lives.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock is held while the file is open")] File);

impl Lock {
    /// Takes the lock, or says who holds it. `holder` is what others are told while it is held.
    pub fn take(path: &Path, holder: &str) -> Result<Self, PublishError> {
        let fault = |source| PublishError::Lock { path: path.to_path_buf(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(fault)?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(fault)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim();
                return Err(PublishError::Held {
                    holder: if holder.is_empty() { "unknown" } else { holder }.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(fault(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(fault)?;
        Ok(Self(file))
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Unchanged,
    New,
    Updated,
}

/// A file to be published: its path below the output folder, with slashes, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub path: String,
    pub bytes: Bytes,
}

/// The bytes of a file, which whoever made them and whoever writes them hold in common.
pub type Bytes = Arc<Vec<u8>>;

/// Compares a file with what lies in its place.
pub fn status(dir: &Path, page: &Page) -> Status {
    let path = dir.join(&page.path);
    match fs::metadata(&path) {
        Err(_) => Status::New,
        // Most changes are seen by the size alone.
        Ok(old) if old.len() != page.bytes.len() as u64 => Status::Updated,
        Ok(_) if fs::read(&path).is_ok_and(|old| old == *page.bytes) => Status::Unchanged,
        Ok(_) => Status::Updated,
    }
}

/// Whether a file is there and was not written before another, from which it is made.
pub fn is_as_new(dir: &Path, path: &str, than: &str) -> bool {
    let written = |path: &str| fs::metadata(dir.join(path)).and_then(|file| file.modified());
    matches!((written(path), written(than)), (Ok(file), Ok(than)) if file >= than)
}

/// Files that are to be put in place together: written and synced, and waiting beside their targets.
///
/// Closed, each of them: a process may hold some hundred files open, and a site may have thousands of feeds.
#[derive(Debug)]
pub struct Staged {
    dir: PathBuf,
    /// In the order in which they were handed in.
    files: Vec<(TempPath, PathBuf)>,
    /// Folders that were made for them.
    made: Vec<PathBuf>,
}

impl Drop for Staged {
    /// Whatever was not put in place goes: files, and folders made for them.
    fn drop(&mut self) {
        self.files.clear();
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// How many files are waited for at a time: the disk takes several in the time of one.
const WRITERS: usize = 8;

/// How names of files that wait begin. Static servers do not serve names that begin with a dot.
const WAITING: &str = ".bantin-";

/// Takes files as they are made, and has them written beside their targets by threads of its own. Few are held in memory:
/// whoever makes them faster than the disk takes them waits.
#[derive(Debug)]
pub struct Stage<'a> {
    dir: &'a Path,
    queue: SyncSender<(usize, PathBuf, Bytes)>,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    files: usize,
    made: Vec<PathBuf>,
}

impl Stage<'_> {
    /// Takes a file, and makes the folder for it.
    pub fn add(&self, page: &Page) -> Result<(), PublishError> {
        let target = self.dir.join(&page.path);
        let folder = target.parent().unwrap_or(self.dir);
        // A rename would fail on it, when files before this one are replaced already.
        if fs::symlink_metadata(&target).is_ok_and(|file| file.is_dir()) {
            let source = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(PublishError::Write { path: target, source });
        }
        let number = {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
            taken.made.extend(missing.into_iter().rev().map(Path::to_path_buf));
            fs::create_dir_all(folder)
                .map_err(|source| PublishError::Folder { path: folder.to_path_buf(), source })?;
            taken.files += 1;
            taken.files
        };
        // Nobody takes it once a file could not be written; that fault is told in the end.
        let _ = self.queue.send((number, target, Arc::clone(&page.bytes)));
        Ok(())
    }
}

/// Has files written while `work` makes them; what was written goes if something fails.
pub fn stage<T, E: From<PublishError>>(
    dir: &Path,
    work: impl FnOnce(&Stage<'_>) -> Result<T, E>,
) -> Result<(T, Staged), E> {
    // All of them have one time of modification: what is made of another file is as new as that, whichever is written
    // first.
    let moment = OnceLock::new();
    let (queue, files) = mpsc::sync_channel::<(usize, PathBuf, Bytes)>(WRITERS);
    let files = Mutex::new(Some(files));
    let write = || {
        let mut written = Vec::new();
        loop {
            let next = {
                let files = files.lock().unwrap_or_else(PoisonError::into_inner);
                files.as_ref().and_then(|files| files.recv().ok())
            };
            let Some((number, target, bytes)) = next else { return Ok(written) };
            match beside(&target, &bytes, &moment) {
                Ok(file) => written.push((number, file, target)),
                Err(source) => {
                    // Who hands in more is not to wait for anybody.
                    *files.lock().unwrap_or_else(PoisonError::into_inner) = None;
                    return Err((number, PublishError::Write { path: target, source }));
                }
            }
        }
    };
    let mut staged = Staged { dir: dir.to_path_buf(), files: Vec::new(), made: Vec::new() };
    let (worked, written) = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(write)).collect();
        let stage = Stage { dir, queue, taken: Mutex::default() };
        let worked = work(&stage);
        let Stage { queue, taken, .. } = stage;
        drop(queue);
        staged.made = taken.into_inner().unwrap_or_else(PoisonError::into_inner).made;
        let written: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        (worked, written)
    });
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for written in written {
        match written.unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
            Ok(written) => files.extend(written),
            Err(fault) => faults.push(fault),
        }
    }
    files.sort_unstable_by_key(|(number, ..)| *number);
    staged.files = files.into_iter().map(|(_, file, target)| (file, target)).collect();
    let worked = worked?;
    // Of several the one that was handed in first, whichever was tried first.
    match faults.into_iter().min_by_key(|(number, _)| *number) {
        Some((_, fault)) => Err(fault.into()),
        None => Ok((worked, staged)),
    }
}

impl Staged {
    /// Replaces the targets: several folders at a time, since the system frees the room of old files meanwhile, and last what
    /// lies in the output folder itself, which names the others.
    pub fn commit(mut self) -> Result<(), PublishError> {
        // The renames themselves last only once the folders are synced, and new folders once those above them are.
        let made = self.made.iter().map(|made| (above(made), Vec::new()));
        let mut folders: BTreeMap<PathBuf, Vec<(TempPath, PathBuf)>> = made.collect();
        for (file, target) in std::mem::take(&mut self.files) {
            folders.entry(above(&target)).or_default().push((file, target));
        }
        let front = folders.remove_entry(&named(&self.dir));
        let placed = parallel::map_on(WRITERS, folders.into_iter().collect(), place);
        placed.into_iter().collect::<Result<(), _>>()?;
        front.map_or(Ok(()), place)
    }
}

/// Replaces targets in a folder, in their order, and syncs it.
fn place((folder, files): (PathBuf, Vec<(TempPath, PathBuf)>)) -> Result<(), PublishError> {
    for (file, target) in files {
        file.persist(&target).map_err(|error| PublishError::Write { path: target, source: error.error })?;
    }
    #[cfg(unix)]
    File::open(&folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| PublishError::Write { path: folder, source })?;
    Ok(())
}

/// Puts one file in place.
pub fn put(dir: &Path, page: &Page) -> Result<(), PublishError> {
    let ((), staged) = stage(dir, |stage| stage.add(page))?;
    staged.commit()
}

/// Writes a file beside its target, and waits until it is on the disk. The first one tells the time of all.
fn beside(target: &Path, bytes: &[u8], moment: &OnceLock<SystemTime>) -> io::Result<TempPath> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(WAITING).suffix(".tmp");
    // A web server runs as somebody else: what the umask allows, not the owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(target.parent().unwrap_or(target))?;
    file.write_all(bytes)?;
    let written = file.as_file().metadata()?.modified()?;
    file.as_file().set_modified(*moment.get_or_init(|| written))?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

/// The folder that something stands in.
fn above(path: &Path) -> PathBuf {
    named(path.parent().unwrap_or(path))
}

/// A folder by a name that it can be opened by.
fn named(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_path_buf() }
}

/// Removes files that are published no longer, and the folders that this leaves empty.
pub fn remove<'a>(dir: &Path, paths: impl Iterator<Item = &'a str>) -> Result<(), PublishError> {
    for path in paths {
        let target = dir.join(path);
        match fs::remove_file(&target) {
            Ok(()) => {}
            // Gone already, or something else stands there by now.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
                    || target.is_dir() => {}
            Err(source) => return Err(PublishError::Remove { path: target, source }),
        }
        let mut folder = target.parent();
        while let Some(empty) = folder.filter(|folder| *folder != dir && folder.starts_with(dir)) {
            // A folder that holds anything else stays.
            if fs::remove_dir(empty).is_err() {
                break;
            }
            folder = empty.parent();
        }
    }
    Ok(())
}

/// Removes what a killed run left waiting beside its targets, in the folders of those files.
pub fn sweep<'a>(dir: &Path, paths: impl Iterator<Item = &'a str>) {
    let mut folders: Vec<PathBuf> =
        paths.filter_map(|path| dir.join(path).parent().map(Path::to_path_buf)).collect();
    folders.push(dir.to_path_buf());
    folders.sort();
    folders.dedup();
    for entry in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(WAITING) && name.ends_with(".tmp") {
            let _ = fs::remove_file(entry.path());
        }
    }
}
