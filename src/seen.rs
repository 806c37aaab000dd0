//! What the system tells of a file that is not opened: by it a file is seen to have changed.
//!
//! Size, times of modification and of change, inode and device. No program can set the time of change back.

use std::fs::Metadata;
use std::io;
use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

/// A file as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Bytes.
    pub size: u64,
    /// The hash of all that is looked at.
    pub print: u64,
    pub is_file: bool,
    /// The time of change, in nanoseconds.
    changed: i64,
}

/// When a file was last written, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub struct Written(i64);

impl Written {
    /// Of the file there.
    pub fn at(path: &Path) -> io::Result<Self> {
        std::fs::metadata(path).map(|file| Self(modified(&file)))
    }
}

impl Seen {
    /// Looks at a file, or at what a link leads to.
    pub fn at(path: &Path) -> io::Result<Self> {
        std::fs::metadata(path).map(|file| Self::of(&file))
    }

    #[cfg(unix)]
    fn of(file: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let mut print = Xxh3::new();
        let numbers = [file.mtime(), file.mtime_nsec(), file.ctime(), file.ctime_nsec()];
        numbers.iter().for_each(|number| print.update(&number.to_le_bytes()));
        [file.len(), file.ino(), file.dev()].iter().for_each(|number| print.update(&number.to_le_bytes()));
        Self {
            size: file.len(),
            print: print.digest(),
            is_file: file.is_file(),
            changed: nanoseconds(file.ctime(), file.ctime_nsec()),
        }
    }

    #[cfg(not(unix))]
    fn of(file: &Metadata) -> Self {
        let modified = modified(file);
        let mut print = Xxh3::new();
        print.update(format!("{modified:?} {:?} {}", since(file.created()), file.len()).as_bytes());
        Self { size: file.len(), print: print.digest(), is_file: file.is_file(), changed: modified }
    }

    /// Whether it was last changed more than a second before the other was written: then a later change shows.
    pub fn is_older(&self, than: Written) -> bool {
        self.changed.saturating_add(SECOND) < than.0
    }
}

#[cfg(unix)]
fn modified(file: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    nanoseconds(file.mtime(), file.mtime_nsec())
}

#[cfg(not(unix))]
fn modified(file: &Metadata) -> i64 {
    since(file.modified())
}

#[cfg(not(unix))]
fn since(time: io::Result<std::time::SystemTime>) -> i64 {
    let since = time.ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| nanoseconds(since.as_secs() as i64, i64::from(since.subsec_nanos())))
}

const SECOND: i64 = 1_000_000_000;

/// Up to the year 2262; of later times it is never certain that they are past.
fn nanoseconds(seconds: i64, more: i64) -> i64 {
    seconds.saturating_mul(SECOND).saturating_add(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "một").unwrap();
        let one = Seen::at(&path).unwrap();
        assert_eq!(one, Seen::at(&path).unwrap());
        assert!(one.is_file && !one.is_older(Written::at(&path).unwrap()));
        std::thread::sleep(std::time::Duration::from_millis(30));
        let times = std::fs::metadata(&path).unwrap();
        std::fs::write(&path, "hai").unwrap();
        std::fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(times.modified().unwrap())
            .unwrap();
        let other = Seen::at(&path).unwrap();
        assert_eq!(other.size, one.size - 2);
        assert_ne!(other.print, one.print);
        assert!(!Seen::at(folder.path()).unwrap().is_file);
        assert!(Seen::at(&path.join("x")).is_err());
    }
}
