//! What earlier runs remember: the ledger, and where it is lost, what the output folder still tells.

use super::state_file;
use crate::edition::Recall;
use crate::pages;
use crate::plan::Plan;
use crate::precompress::ENCODINGS;
use crate::reader::{self, ReadFeed};
use crate::state::{Found, Ledger, LedgerError, Memory, Published};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What earlier runs remember: the ledger, and where that is lost what the feeds on disk tell.
pub struct Past {
    pub ledger: Ledger,
    /// What the feeds on disk tell, where the ledger is lost.
    pub memories: HashMap<String, Memory>,
    pub published: Published,
    /// What the user should know of the ledger.
    pub notice: Option<String>,
    /// Whether the ledger was found as an earlier run left it.
    pub is_sound: bool,
}

impl Past {
    /// Opens the ledger. Unless it is to be written, it is left as it is.
    pub fn open(plan: &Plan, writing: bool) -> Result<Self, LedgerError> {
        let path = state_file(plan, "redb");
        let (ledger, found) = if writing { Ledger::open(&path)? } else { Ledger::peek(&path)? };
        let mut past = Self {
            published: ledger.published()?,
            ledger,
            memories: HashMap::new(),
            notice: None,
            is_sound: true,
        };
        // A ledger that was begun, and whose run did not come to its end, does not know yet what the feeds on disk tell.
        past.is_sound = found == Found::Sound && past.published.tag.is_some();
        if !past.is_sound {
            let on_disk = Survivors::of(&plan.output.dir);
            past.notice = match (&found, on_disk.published.files.is_empty()) {
                (Found::Damaged(aside), _) => Some(format!(
                    "the ledger was damaged and is begun anew; the old one lies in {}, first-seen dates are those of the feeds on disk",
                    aside.display()
                )),
                (Found::Missing, false) => {
                    Some("the ledger is missing and is begun anew; first-seen dates are those of the feeds on disk".to_owned())
                }
                (Found::Missing, true) | (Found::Sound, _) => None,
            };
            past.memories = on_disk.memories;
            past.published.feeds.extend(on_disk.published.feeds);
            past.published.files.extend(on_disk.published.files);
        }
        Ok(past)
    }
}

impl Recall for Past {
    fn recall(&self, id: &str) -> Result<Option<Memory>, LedgerError> {
        Ok(self.ledger.memory(id)?.or_else(|| self.memories.get(id).copied()))
    }
}

/// What the output folder itself tells of earlier runs.
#[derive(Default)]
struct Survivors {
    memories: HashMap<String, Memory>,
    published: Published,
}

impl Survivors {
    /// Looks through the folders that bear this program's mark: a page or a feed that names it as its generator.
    pub fn of(dir: &Path) -> Self {
        let mut survivors = Self::default();
        let marked = |path: PathBuf| {
            std::fs::read_to_string(path)
                .is_ok_and(|text| text.contains(pages::GENERATOR) || text.contains(">bantin</generator>"))
        };
        if marked(dir.join("index.html")) || marked(dir.join("feeds.opml")) {
            for path in ["index.html", "feeds.opml", pages::STYLESHEET_PATH, pages::SCRIPT_PATH] {
                survivors.take(dir, path);
            }
        }
        for folder in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let Ok(slug) = folder.file_name().into_string() else { continue };
            if !["index.html", "rss.xml", "atom.xml"].iter().any(|name| marked(folder.path().join(name))) {
                continue;
            }
            survivors.take(dir, &format!("{slug}/index.html"));
            for format in crate::formats::FORMATS {
                let path = format!("{slug}/{}", format.file_name());
                if !survivors.take(dir, &path) {
                    continue;
                }
                let feed = std::fs::read(dir.join(&path)).ok().and_then(|bytes| reader::read(&bytes).ok());
                if let Some(feed) = feed {
                    survivors.published.feeds.insert(slug.clone(), feed.title.clone());
                    survivors.remember(feed);
                }
            }
        }
        survivors
    }

    pub fn take(&mut self, dir: &Path, path: &str) -> bool {
        let exists = |path: &str| dir.join(path).is_file();
        if !exists(path) {
            return false;
        }
        let siblings = ENCODINGS.iter().map(|encoding| format!("{path}{}", encoding.extension()));
        self.published.files.extend(siblings.filter(|sibling| exists(sibling)));
        self.published.files.insert(path.to_owned());
        true
    }

    pub fn remember(&mut self, feed: ReadFeed) {
        for entry in feed.entries {
            let Some(published) = entry.published_at() else { continue };
            let changed =
                entry.updated_at().filter(|updated| *updated > published).map(|updated| updated.to_utc());
            self.memories.entry(entry.id).or_insert(Memory {
                first_seen: published.to_utc(),
                hash: None,
                changed,
            });
        }
    }
}
