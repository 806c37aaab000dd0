//! Reading every source to its end: records become articles, later ones replace earlier ones, withdrawn ones go.
//!
//! This is the plain way, which parses everything and keeps every article: whatever reads less must come to the same.

use crate::article::Article;
use crate::diagnostic::{Diagnostic, Effect, Place};
use crate::plan::{Plan, SourceFile, SourcePlan};
use crate::sources::{self, Fields, Input, Locate, Sink};
use crate::vocabulary::{self, Reading};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

/// What the sources hold.
#[derive(Debug, Default)]
pub struct Gathered {
    /// By id.
    pub articles: HashMap<String, Article>,
    /// The keys of withdrawn articles, by id.
    pub withdrawn: HashMap<String, String>,
    /// In the order of the input.
    pub diagnostics: Vec<Diagnostic>,
    pub counts: Counts,
}

/// How many of what was met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub files: usize,
    pub records: usize,
    pub articles: usize,
    /// Records that a later one of the same id replaced.
    pub replaced: usize,
    pub withdrawn: usize,
    pub left_out: usize,
    /// Files that hold no article, such as section pages.
    pub passed_over: usize,
}

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", .path.display())]
pub struct ReadError {
    path: PathBuf,
    source: io::Error,
}

/// Is told how reading goes on.
pub trait Progress {
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
    files.filter_map(|file| std::fs::metadata(&file.path).ok()).map(|file| file.len()).sum()
}

/// Reads every source.
pub fn gather(plan: &Plan, progress: &dyn Progress) -> Result<Gathered, ReadError> {
    let mut gathered = Gathered::default();
    for source in &plan.sources {
        for file in &source.files {
            let mut desk = Desk { gathered: &mut gathered, plan, source, progress };
            read(source, file, &mut desk)
                .map_err(|error| ReadError { path: PathBuf::from(file.name.as_ref()), source: error })?;
            gathered.counts.files += 1;
        }
    }
    gathered.counts.articles = gathered.articles.len();
    gathered.counts.withdrawn = gathered.withdrawn.len();
    Ok(gathered)
}

fn read(source: &SourcePlan, file: &SourceFile, desk: &mut Desk<'_>) -> io::Result<()> {
    let raw: Box<dyn Read> = match file.path.as_os_str().is_empty() {
        true => Box::new(io::stdin().lock()),
        false => Box::new(File::open(&file.path)?),
    };
    let counted = Counted { inner: raw, progress: desk.progress };
    let reader: Box<dyn BufRead + '_> = Box::new(BufReader::with_capacity(256 * 1024, counted));
    let input = Input { name: file.name.clone(), relative: file.relative.clone(), reader };
    sources::read(file.format, input, &source.options, desk)
}

/// Where the records of a file arrive.
struct Desk<'a> {
    gathered: &'a mut Gathered,
    plan: &'a Plan,
    source: &'a SourcePlan,
    progress: &'a dyn Progress,
}

impl Sink for Desk<'_> {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        self.progress.advance(0, 1);
        let gathered = &mut *self.gathered;
        gathered.counts.records += 1;
        let before = gathered.diagnostics.len();
        match vocabulary::read(fields, at, self.source, &self.plan.site, &mut gathered.diagnostics) {
            Ok(Reading::Article(article)) => {
                gathered.withdrawn.remove(&article.id);
                if gathered.articles.insert(article.id.clone(), *article).is_some() {
                    gathered.counts.replaced += 1;
                }
            }
            Ok(Reading::Withdrawn { id, key }) => {
                gathered.articles.remove(&id);
                gathered.withdrawn.insert(id, key);
            }
            Err(diagnostic) => {
                // What was dropped of a record that is left out matters no more.
                gathered.diagnostics.truncate(before);
                self.unreadable(diagnostic);
            }
        }
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        if diagnostic.effect == Effect::LeftOut {
            self.gathered.counts.left_out += 1;
        }
        self.gathered.diagnostics.push(diagnostic);
    }

    fn skipped(&mut self, place: Place, reason: &str) {
        log::info!("{place}: no article: {reason}");
        self.gathered.counts.passed_over += 1;
    }
}

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
