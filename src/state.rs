//! The ledger: what a run must remember for the next one, in an embedded database (redb) beside the output.
//!
//! It holds the moment at which an article was first seen, a hash of its content and when that last changed, and which
//! files were written for which feeds. A feed that is published never depends on anything else of an earlier run. A ledger
//! that is lost or damaged is begun anew; what the feeds on disk still tell of it is read back from them.

use chrono::{DateTime, Utc};
use redb::backends::InMemoryBackend;
use redb::{
    Database, DatabaseError, ReadableDatabase, ReadableTable, StorageBackend, StorageError, TableDefinition,
};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Once;

/// Article id -> (first seen, content hash, changed): moments in seconds, 0 for none; the hash as of [`content_hash`].
const ARTICLES: TableDefinition<&str, (i64, u128, i64)> = TableDefinition::new("articles");
/// Slug -> title of every feed that was published.
const FEEDS: TableDefinition<&str, &str> = TableDefinition::new("feeds");
/// Path below the output folder of every file that was written.
const FILES: TableDefinition<&str, ()> = TableDefinition::new("files");
const SETTINGS: TableDefinition<&str, &str> = TableDefinition::new("settings");

/// What is remembered of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    pub first_seen: DateTime<Utc>,
    /// `None`: not known, so any content is the same as before.
    pub hash: Option<u128>,
    /// When its content was last seen to differ from what it had been.
    pub changed: Option<DateTime<Utc>>,
}

/// What was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Titles by slug.
    pub feeds: BTreeMap<String, String>,
    /// Paths below the output folder.
    pub files: BTreeSet<String>,
    /// The tagging authority in the ids.
    pub tag: Option<String>,
}

/// Why the ledger cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("cannot open the ledger {}", .path.display())]
    Open { path: PathBuf, source: Box<DatabaseError> },
    #[error("cannot read the ledger {}", .path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("cannot set the damaged ledger {} aside", .path.display())]
    SetAside { path: PathBuf, source: std::io::Error },
    #[error("cannot make the folder {} for the ledger", .path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("cannot read or write the ledger {}", .path.display())]
    Storage { path: PathBuf, source: Box<redb::Error> },
}

/// In what condition a ledger was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Sound,
    /// There was none.
    Missing,
    /// It could not be read, and lies here.
    Damaged(PathBuf),
}

/// The ledger.
pub struct Ledger {
    database: Database,
    path: PathBuf,
}

impl Ledger {
    /// Opens the ledger at that path, or begins one.
    #[expect(clippy::disallowed_methods, reason = "a damaged ledger is kept under another name")]
    pub fn open(path: &Path) -> Result<(Self, Found), LedgerError> {
        if let Some(folder) = path.parent() {
            let made = std::fs::create_dir_all(folder);
            made.map_err(|source| LedgerError::Folder { path: folder.to_path_buf(), source })?;
        }
        let missing = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
        match Self::sound(path) {
            Ok(ledger) => Ok((ledger, if missing { Found::Missing } else { Found::Sound })),
            Err(error) if is_damage(&error) || path.is_dir() => {
                let aside = free_name(path);
                std::fs::rename(path, &aside)
                    .map_err(|source| LedgerError::SetAside { path: path.to_path_buf(), source })?;
                let ledger = Self::sound(path).map_err(|source| LedgerError::Open {
                    path: path.to_path_buf(),
                    source: Box::new(source),
                })?;
                Ok((ledger, Found::Damaged(aside)))
            }
            Err(source) => Err(LedgerError::Open { path: path.to_path_buf(), source: Box::new(source) }),
        }
    }

    /// Looks into the ledger at that path and leaves it as it is, whatever its condition: in a copy in memory, since
    /// opening a database writes to it, and keeps others off it.
    pub fn peek(path: &Path) -> Result<(Self, Found), LedgerError> {
        let open = |bytes: &[u8]| {
            guarded(|| Self::with(Database::builder().create_with_backend(copy(bytes)?)?, path))
        };
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            // A folder, say: what lies there is no ledger.
            Err(error) if error.kind() == ErrorKind::IsADirectory => vec![0],
            Err(source) => return Err(LedgerError::Read { path: path.to_path_buf(), source }),
        };
        let fault = |source| LedgerError::Open { path: path.to_path_buf(), source: Box::new(source) };
        match open(&bytes) {
            Ok(ledger) => Ok((ledger, if bytes.is_empty() { Found::Missing } else { Found::Sound })),
            Err(error) if is_damage(&error) => {
                Ok((open(&[]).map_err(fault)?, Found::Damaged(path.to_path_buf())))
            }
            Err(source) => Err(fault(source)),
        }
    }

    fn sound(path: &Path) -> Result<Self, DatabaseError> {
        guarded(|| Self::with(Database::create(path)?, path))
    }

    fn with(mut database: Database, path: &Path) -> Result<Self, DatabaseError> {
        // The database trusts its pages unless it is asked not to, and would tell other dates.
        if !database.check_integrity()? {
            return Err(DatabaseError::Storage(StorageError::Corrupted("a checksum is wrong".to_owned())));
        }
        let ledger = Self { database, path: path.to_path_buf() };
        let tables = match ledger.tables() {
            Err(redb::Error::TableDoesNotExist(_)) => ledger.create_tables(),
            tables => tables,
        };
        tables.map_err(|error| {
            DatabaseError::Storage(match error {
                redb::Error::Io(error) => StorageError::Io(error),
                // A file can be sound and still hold tables of other types.
                error => StorageError::Corrupted(error.to_string()),
            })
        })?;
        Ok(ledger)
    }

    fn tables(&self) -> Result<(), redb::Error> {
        let transaction = self.database.begin_read()?;
        transaction.open_table(ARTICLES)?;
        transaction.open_table(FEEDS)?;
        transaction.open_table(FILES)?;
        transaction.open_table(SETTINGS)?;
        Ok(())
    }

    fn create_tables(&self) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        transaction.open_table(ARTICLES)?;
        transaction.open_table(FEEDS)?;
        transaction.open_table(FILES)?;
        transaction.open_table(SETTINGS)?;
        transaction.commit()?;
        Ok(())
    }

    /// What is remembered of an article.
    pub fn memory(&self, id: &str) -> Result<Option<Memory>, LedgerError> {
        let read = || -> Result<_, redb::Error> {
            let articles = self.database.begin_read()?.open_table(ARTICLES)?;
            Ok(articles.get(id)?.and_then(|value| memory(value.value())))
        };
        read().map_err(|error| self.fault(error))
    }

    /// Remembers articles, durably before it returns.
    pub fn remember<'a>(&self, articles: impl Iterator<Item = (&'a str, Memory)>) -> Result<(), LedgerError> {
        let write = || -> Result<(), redb::Error> {
            let transaction = self.database.begin_write()?;
            {
                let mut table = transaction.open_table(ARTICLES)?;
                for (id, Memory { first_seen, hash, changed }) in articles {
                    let changed = changed.map_or(0, |moment| moment.timestamp());
                    table.insert(id, (first_seen.timestamp(), hash.unwrap_or(0), changed))?;
                }
            }
            Ok(transaction.commit()?)
        };
        write().map_err(|error| self.fault(error))
    }

    /// What the last run depended on, where nothing spoke against keeping it.
    pub fn standstill(&self) -> Result<Option<String>, LedgerError> {
        let read = || -> Result<_, redb::Error> {
            let settings = self.database.begin_read()?.open_table(SETTINGS)?;
            Ok(settings.get("standstill")?.map(|text| text.value().to_owned()))
        };
        read().map_err(|error| self.fault(error))
    }

    /// Keeps what this run depended on, or that it cannot be told.
    pub fn stand_still(&self, standstill: Option<&str>) -> Result<(), LedgerError> {
        if self.standstill()?.as_deref() == standstill {
            return Ok(());
        }
        let write = || -> Result<(), redb::Error> {
            let transaction = self.database.begin_write()?;
            {
                let mut settings = transaction.open_table(SETTINGS)?;
                match standstill {
                    Some(text) => settings.insert("standstill", text)?,
                    None => settings.remove("standstill")?,
                };
            }
            Ok(transaction.commit()?)
        };
        write().map_err(|error| self.fault(error))
    }

    /// What was published last.
    pub fn published(&self) -> Result<Published, LedgerError> {
        let read = || -> Result<_, redb::Error> {
            let transaction = self.database.begin_read()?;
            let mut published = Published::default();
            for row in transaction.open_table(FEEDS)?.iter()? {
                let (slug, title) = row?;
                published.feeds.insert(slug.value().to_owned(), title.value().to_owned());
            }
            for row in transaction.open_table(FILES)?.iter()? {
                published.files.insert(row?.0.value().to_owned());
            }
            let tag = transaction.open_table(SETTINGS)?.get("tag")?;
            published.tag = tag.map(|tag| tag.value().to_owned());
            Ok(published)
        };
        read().map_err(|error| self.fault(error))
    }

    /// Remembers what is published now, in place of what was.
    pub fn publish(&self, published: &Published) -> Result<(), LedgerError> {
        let write = || -> Result<(), redb::Error> {
            let transaction = self.database.begin_write()?;
            transaction.delete_table(FEEDS)?;
            transaction.delete_table(FILES)?;
            {
                let mut feeds = transaction.open_table(FEEDS)?;
                for (slug, title) in &published.feeds {
                    feeds.insert(slug.as_str(), title.as_str())?;
                }
                let mut files = transaction.open_table(FILES)?;
                for file in &published.files {
                    files.insert(file.as_str(), ())?;
                }
                let mut settings = transaction.open_table(SETTINGS)?;
                if let Some(tag) = &published.tag {
                    settings.insert("tag", tag.as_str())?;
                }
            }
            Ok(transaction.commit()?)
        };
        write().map_err(|error| self.fault(error))
    }

    fn fault(&self, error: redb::Error) -> LedgerError {
        LedgerError::Storage { path: self.path.clone(), source: Box::new(error) }
    }
}

/// Opens a database of which anything may be damaged: redb panics on pages that make no sense.
fn guarded<T>(open: impl FnOnce() -> Result<T, DatabaseError>) -> Result<T, DatabaseError> {
    thread_local!(static OPENING: Cell<bool> = const { Cell::new(false) });
    static QUIET: Once = Once::new();
    // What is caught here is told by its own message; the panics of other threads are told as ever.
    QUIET.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !OPENING.get() {
                tell(panic);
            }
        }));
    });
    OPENING.set(true);
    let opened = panic::catch_unwind(AssertUnwindSafe(open));
    OPENING.set(false);
    opened.unwrap_or_else(|_| {
        Err(DatabaseError::Storage(StorageError::Corrupted("a page makes no sense".to_owned())))
    })
}

fn copy(bytes: &[u8]) -> Result<InMemoryBackend, StorageError> {
    let backend = InMemoryBackend::new();
    backend.set_len(bytes.len() as u64)?;
    backend.write(0, bytes)?;
    Ok(backend)
}

/// Where a damaged ledger is put: `public.damaged`, or with a number where that is taken by something that a rename does
/// not replace.
fn free_name(path: &Path) -> PathBuf {
    let plain = path.with_extension("damaged");
    match path.is_dir() || plain.is_dir() {
        false => plain,
        true => (1..u32::MAX)
            .map(|number| path.with_extension(format!("damaged-{number}")))
            .find(|name| !name.exists())
            .unwrap_or(plain),
    }
}

fn memory((first_seen, hash, changed): (i64, u128, i64)) -> Option<Memory> {
    Some(Memory {
        first_seen: DateTime::from_timestamp(first_seen, 0)?,
        hash: (hash != 0).then_some(hash),
        changed: if changed == 0 { None } else { DateTime::from_timestamp(changed, 0) },
    })
}

/// Whether the file itself is at fault, not the disk, a permission or another process.
fn is_damage(error: &DatabaseError) -> bool {
    match error {
        DatabaseError::UpgradeRequired(_) | DatabaseError::RepairAborted => true,
        DatabaseError::Storage(StorageError::Corrupted(_)) => true,
        DatabaseError::Storage(StorageError::Io(error)) => {
            matches!(error.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof)
        }
        _ => false,
    }
}

/// The hash of what readers see of an article, by which a change is told from a mere export. XXH3, never 0.
pub fn content_hash<'a>(parts: impl Iterator<Item = &'a str>) -> u128 {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    for part in parts {
        hasher.update(part.as_bytes());
        // What is between two parts stands in neither.
        hasher.update(&[0]);
    }
    hasher.digest128().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn what_is_remembered_is_there_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/public.redb");
        let memory = Memory { first_seen: moment(1000), hash: Some(7), changed: Some(moment(2000)) };
        let published = Published {
            feeds: BTreeMap::from([("tin-moi".to_owned(), "Tin mới".to_owned())]),
            files: BTreeSet::from(["tin-moi/rss.xml".to_owned()]),
            tag: Some("a.vn,2005".to_owned()),
        };
        {
            let (ledger, found) = Ledger::open(&path).unwrap();
            assert_eq!(found, Found::Missing);
            ledger.remember([("a", memory)].into_iter()).unwrap();
            ledger.publish(&published).unwrap();
        }
        let (ledger, found) = Ledger::open(&path).unwrap();
        assert_eq!(found, Found::Sound);
        assert_eq!((ledger.memory("b").unwrap(), ledger.memory("a").unwrap()), (None, Some(memory)));
        assert_eq!(ledger.published().unwrap(), published);
    }

    #[test]
    fn a_damaged_ledger_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("public.redb");
        for garbage in [&b"this is no ledger"[..], &[0u8; 100_000][..]] {
            std::fs::write(&path, garbage).unwrap();
            let (ledger, found) = Ledger::open(&path).unwrap();
            assert_eq!(found, Found::Damaged(path.with_extension("damaged")));
            assert_eq!(ledger.memory("a").unwrap(), None);
        }
    }

    /// Whatever page is damaged: what is remembered is right, or the ledger is begun anew. It is never wrong.
    #[test]
    fn damage_anywhere_is_noticed_or_does_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("public.redb");
        let ids: Vec<String> = (0..200).map(|number| format!("tag:a.vn,2005:{number}")).collect();
        let memory = Memory { first_seen: moment(1000), hash: Some(7), changed: None };
        {
            let (ledger, _) = Ledger::open(&path).unwrap();
            ledger.remember(ids.iter().map(|id| (id.as_str(), memory))).unwrap();
        }
        let sound = std::fs::read(&path).unwrap();
        let mut noticed = 0;
        for at in (0..sound.len()).step_by(4096) {
            let mut torn = sound.clone();
            let end = (at + 4096).min(torn.len());
            torn[at..end].iter_mut().enumerate().for_each(|(n, byte)| *byte = (n * 7 + at / 4096) as u8);
            for bytes in [torn.as_slice(), &sound[..at]] {
                std::fs::write(&path, bytes).unwrap();
                let (ledger, found) = Ledger::peek(&path).unwrap();
                assert_eq!(std::fs::read(&path).unwrap(), bytes, "a peek changes nothing");
                let of_all =
                    |ledger: &Ledger| -> Vec<_> { ids.iter().map(|id| ledger.memory(id).unwrap()).collect() };
                let peeked = of_all(&ledger);
                let (ledger, _) = Ledger::open(&path).unwrap();
                let opened = of_all(&ledger);
                let expected = match found {
                    Found::Sound => vec![Some(memory); ids.len()],
                    Found::Missing | Found::Damaged(_) => vec![None; ids.len()],
                };
                assert_eq!((&peeked, &opened), (&expected, &expected), "at {at}");
                noticed += usize::from(found != Found::Sound);
            }
        }
        assert!(noticed > sound.len() / 4096, "{noticed}");
    }

    #[test]
    fn a_folder_in_its_place_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("public.redb");
        for _ in 0..2 {
            std::fs::create_dir(&path).unwrap();
            assert!(matches!(Ledger::peek(&path).unwrap().1, Found::Damaged(_)));
            let (_, found) = Ledger::open(&path).unwrap();
            assert!(matches!(found, Found::Damaged(aside) if aside.is_dir()));
            std::fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn hashes_never_change() {
        // A changed hash would show every article as edited.
        assert_eq!(content_hash(["a", "b"].into_iter()), content_hash(["a", "b"].into_iter()));
        assert_ne!(content_hash(["ab"].into_iter()), content_hash(["a", "b"].into_iter()));
        assert_eq!(
            format!("{:x}", content_hash(["Tin mới"].into_iter())),
            "b1065a4bdef08572b7591c9406c1d539"
        );
    }
}
