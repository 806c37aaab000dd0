//! Reading every source to its end: records become articles, later ones replace earlier ones, withdrawn ones go.
//!
//! There are two ways, which come to the same. [`plainly`] parses everything and keeps every article: it is the
//! specification. [`streamed()`] uses every core, and keeps only what can be in a feed. [`resumed()`] reads only what is new
//! since an earlier reading: it is what builds use. [`search()`] looks for some articles in all.

mod checkpoint;
mod loading;
mod origins;
mod parts;
mod plain;
mod reading;
mod resumed;
mod search;
mod sections;
mod streamed;
mod tables;
mod worker;

pub use checkpoint::{Bookmark, Checkpoint};
pub use origins::{Met, Origin, Survey, origins, survey};
pub use plain::plainly;
pub use resumed::resumed;
pub use search::{Found, search};
pub use streamed::streamed;

use crate::article::Article;
use crate::diagnostic::Diagnostic;
use crate::plan::{Feeds, Plan};
use crate::selection;
use crate::state::LedgerError;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

/// Articles by id.
pub type Articles = HashMap<String, Arc<Article>>;

/// What the sources hold.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Every article, or those that can be in a feed.
    pub articles: Articles,
    /// Withdrawn articles, by id, where every article is kept.
    pub withdrawn: HashMap<String, Withdrawn>,
    /// Records that were left out, in the order of the input.
    pub diagnostics: Vec<Diagnostic>,
    pub counts: Counts,
    /// Every category of the articles, by slug.
    pub categories: Vec<selection::Met>,
    /// How many articles state no category.
    pub uncategorised: usize,
    /// How many articles the filter of every configured feed takes, in the order of the feeds; feeds that take none may be
    /// missing at the end. Without configured feeds nothing is told.
    pub taken: Vec<usize>,
    /// The ids of articles that state no date.
    pub undated: Vec<String>,
    /// The first moment, in seconds, at which an embargo ends or an article expires.
    pub due: Option<i64>,
    /// Slugs of feeds that hold what they held at the earlier reading; of their articles none is here.
    pub untouched: BTreeSet<String>,
    /// Where reading stood, for the next time.
    pub checkpoint: Option<Checkpoint>,
}

impl Gathered {
    /// How many articles the filter of a feed takes, drafts and embargoed ones included. `number` is that of the feed among
    /// those that are made.
    pub fn taken_by(&self, plan: &Plan, number: usize, slug: &str) -> usize {
        match plan.feeds {
            Feeds::Listed(_) => self.taken.get(number).copied().unwrap_or(0),
            Feeds::EveryCategory if number == 0 => self.counts.articles,
            Feeds::EveryCategory => {
                let found = self.categories.binary_search_by(|category| category.slug.as_str().cmp(slug));
                found
                    .ok()
                    .and_then(|index| self.categories.get(index))
                    .map_or(0, |category| category.articles)
            }
        }
    }
}

/// Counts articles that the feeds of those numbers take.
fn take(taken: &mut Vec<usize>, feeds: &[usize], articles: usize) {
    for feed in feeds {
        if taken.len() <= *feed {
            taken.resize(feed + 1, 0);
        }
        taken[*feed] += articles;
    }
}

/// The sooner of two moments.
fn sooner(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

/// What is known of a withdrawn article: its key, and what its record said before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withdrawn {
    pub key: String,
    pub url: Option<String>,
    pub title: Option<String>,
}

impl Withdrawn {
    /// Notes that an article was withdrawn. A withdrawal seldom says more than an id; what people call the article, its record
    /// said.
    fn note(known: &mut HashMap<String, Self>, id: String, key: String, article: Option<Arc<Article>>) {
        let withdrawn = known.entry(id).or_default();
        withdrawn.key = key;
        if let Some(article) = article {
            withdrawn.url.clone_from(&article.url);
            withdrawn.title = article.title.as_ref().map(ToString::to_string);
        }
    }
}

/// How many of what was met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    pub files: usize,
    pub records: usize,
    pub articles: usize,
    /// Records of articles that a later record replaced.
    pub replaced: usize,
    pub withdrawn: usize,
    /// Articles that are public and that no feed takes.
    pub homeless: usize,
    pub left_out: usize,
    /// Files that hold no article, such as section pages.
    pub passed_over: usize,
}

/// Why the sources could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    #[error("cannot read {}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Is told how reading goes on.
pub trait Progress: Sync {
    /// So many more bytes were read, and records met.
    fn advance(&self, bytes: u64, records: u64);
}

/// Nobody is told.
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _: u64, _: u64) {}
}

/// How many bytes the sources have together, where that is known.
pub fn size(plan: &Plan) -> u64 {
    let files = plan.sources.iter().flat_map(|source| &source.files);
    files.filter_map(|file| file.seen).map(|seen| seen.size).sum()
}

/// Tells of bytes as they are read.
struct Counted<'a> {
    inner: Box<dyn Read + 'a>,
    progress: &'a dyn Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.progress.advance(bytes as u64, 0);
        Ok(bytes)
    }
}
