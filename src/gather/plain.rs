//! The plain way: one thread, every record in full, every article kept.

use super::{Counted, GatherError, Gathered, Progress, sections::Sections, sooner, take};
use crate::article::Article;
use crate::diagnostic::{Diagnostic, Effect, Place};
use crate::edition::{self, Recall};
use crate::plan::{Plan, SourceFile, SourcePlan};
use crate::selection::{self, Dated, Standing};
use crate::sources::{self, Fields, Input, Locate, Sink};
use crate::vocabulary::{self, Reading};
use chrono::{DateTime, Utc};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

/// Reads every source, and keeps every article.
pub fn plainly(
    plan: &Plan,
    recall: &(dyn Recall + Sync),
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> Result<Gathered, GatherError> {
    let mut gathered = Gathered::default();
    for source in &plan.sources {
        for file in &source.files {
            let mut desk = Desk { gathered: &mut gathered, plan, source, progress };
            read(source, file, progress, &mut desk)?;
            gathered.counts.files += 1;
        }
    }
    let sections = Sections::new(plan);
    for article in gathered.articles.values() {
        if article.published.is_none() {
            gathered.undated.push(article.id.clone());
        }
        let dated = Dated { article, published: edition::published(article, plan, recall, now)? };
        let standing = dated.standing(now);
        gathered.due = sooner(gathered.due, standing.until(article, now));
        let feeds = sections.of(article).feeds;
        take(&mut gathered.taken, &feeds, 1);
        let homeless = standing == Standing::Public && feeds.is_empty();
        gathered.counts.homeless += usize::from(homeless);
    }
    gathered.undated.sort();
    // So far every record of an article was counted.
    gathered.counts.replaced = gathered.counts.articles - gathered.articles.len();
    gathered.counts.articles = gathered.articles.len();
    gathered.counts.withdrawn = gathered.withdrawn.len();
    gathered.categories = selection::categories(gathered.articles.values());
    Ok(gathered)
}

/// Reads a file to its end.
pub(super) fn read(
    source: &SourcePlan,
    file: &SourceFile,
    progress: &dyn Progress,
    sink: &mut dyn Sink,
) -> Result<(), GatherError> {
    let mut read = || -> io::Result<()> {
        let raw: Box<dyn Read> = match file.path.as_os_str().is_empty() {
            true => Box::new(io::stdin().lock()),
            false => Box::new(File::open(&file.path)?),
        };
        let reader: Box<dyn BufRead + '_> =
            Box::new(BufReader::with_capacity(256 * 1024, Counted { inner: raw, progress }));
        let input = Input { name: file.name(), relative: file.relative().to_path_buf(), reader };
        sources::read(file.format, input, &source.options, sink)
    };
    read().map_err(|source| GatherError::Read { path: PathBuf::from(file.name().as_ref()), source })
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
        match vocabulary::read(fields, at, self.source, &self.plan.site) {
            Ok(Reading::Article(article)) => {
                gathered.counts.articles += 1;
                gathered.withdrawn.remove(&article.id);
                let article: Article = *article;
                gathered.articles.insert(article.id.clone(), article);
            }
            Ok(Reading::Withdrawn { id, key }) => {
                let article = gathered.articles.remove(&id);
                let withdrawn = gathered.withdrawn.entry(id).or_default();
                withdrawn.key = key;
                // A withdrawal seldom says more than an id; what people call the article, its record said.
                if let Some(article) = article {
                    withdrawn.url = article.url;
                    withdrawn.title = article.title.map(|title| title.to_string());
                }
            }
            Err(diagnostic) => self.unreadable(diagnostic),
        }
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        self.gathered.counts.left_out += usize::from(diagnostic.effect == Effect::LeftOut);
        self.gathered.diagnostics.push(diagnostic);
    }

    fn skipped(&mut self, place: Place, reason: &str) {
        log::info!("{place}: no article: {reason}");
        self.gathered.counts.passed_over += 1;
    }
}
