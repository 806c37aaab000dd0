//! The plain way: one thread, every record in full, every article kept.

use super::{Counted, GatherError, Gathered, Progress, Withdrawn, sections::Sections, sooner, take};
use crate::article::Article;
use crate::diagnostic::{Diagnostic, Effect, Place};
use crate::edition::{self, Recall};
use crate::plan::{Plan, SourceFile, SourcePlan};
use crate::selection::{self, Dated, Standing};
use crate::sources::{self, Fields, Input, Locate, Sink};
use crate::vocabulary::{self, Reading};
use chrono::{DateTime, Utc};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::sync::Arc;

/// Reads every source, and keeps every article.
pub fn plainly(
    plan: &Plan,
    recall: &(dyn Recall + Sync),
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> Result<Gathered, GatherError> {
    let mut gathered = Gathered::default();
    every(plan, progress, &mut |said| keep(&mut gathered, said))?;
    gathered.counts.files = plan.sources.iter().map(|source| source.files.len()).sum();
    let sections = Sections::new(plan);
    for article in gathered.articles.values() {
        gathered.uncategorised += usize::from(article.categories.is_empty());
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
    gathered.categories = selection::categories(gathered.articles.values().map(Arc::as_ref));
    Ok(gathered)
}

/// What a record says, or what there is instead of one.
pub(super) enum Said {
    Article(Box<Article>),
    Withdrawn {
        id: String,
        key: String,
    },
    /// A record that cannot be published.
    LeftOut(Diagnostic),
    /// What is no record at all.
    Unreadable(Diagnostic),
    PassedOver,
}

impl Said {
    fn is_record(&self) -> bool {
        matches!(self, Self::Article(_) | Self::Withdrawn { .. } | Self::LeftOut(_))
    }
}

/// Tells what every record says, in the order of the input.
pub(super) fn every(
    plan: &Plan,
    progress: &dyn Progress,
    take: &mut dyn FnMut(Said),
) -> Result<(), GatherError> {
    for source in &plan.sources {
        for file in &source.files {
            read(source, file, progress, &mut Desk { plan, source, progress, take })?;
        }
    }
    Ok(())
}

fn keep(gathered: &mut Gathered, said: Said) {
    let counts = &mut gathered.counts;
    counts.records += usize::from(said.is_record());
    match said {
        Said::Article(article) => {
            counts.articles += 1;
            gathered.withdrawn.remove(&article.id);
            gathered.articles.insert(article.id.clone(), Arc::from(article));
        }
        Said::Withdrawn { id, key } => {
            let article = gathered.articles.remove(&id);
            Withdrawn::note(&mut gathered.withdrawn, id, key, article);
        }
        Said::LeftOut(diagnostic) | Said::Unreadable(diagnostic) => {
            counts.left_out += usize::from(diagnostic.effect == Effect::LeftOut);
            gathered.diagnostics.push(diagnostic);
        }
        Said::PassedOver => counts.passed_over += 1,
    }
}

/// At least and at most so many bytes are read at a time.
const ROOM: (u64, u64) = (8 << 10, 256 << 10);

/// Reads a file to its end.
pub(super) fn read(
    source: &SourcePlan,
    file: &SourceFile,
    progress: &dyn Progress,
    sink: &mut dyn Sink,
) -> Result<(), GatherError> {
    let mut read = || -> io::Result<()> {
        let counted = Counted { inner: Box::new(File::open(file.path())?), progress };
        // Little more than a small file takes: the room is made anew for each of very many. Of a pipe nothing is known before
        // it is read, and a file may have grown.
        let seen = file.seen.filter(|seen| seen.is_file);
        let room = seen.map_or(ROOM.1, |seen| seen.size.clamp(ROOM.0, ROOM.1));
        let reader: Box<dyn BufRead + '_> = Box::new(BufReader::with_capacity(room as usize, counted));
        let input = Input { name: file.name(), relative: file.relative(), reader };
        sources::read(file.format, input, &source.options, sink)
    };
    read().map_err(|source| GatherError::Read { path: PathBuf::from(file.name().as_ref()), source })
}

/// Where the records of a file arrive.
struct Desk<'a> {
    plan: &'a Plan,
    source: &'a SourcePlan,
    progress: &'a dyn Progress,
    take: &'a mut dyn FnMut(Said),
}

impl Sink for Desk<'_> {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        self.progress.advance(0, 1);
        (self.take)(match vocabulary::read(fields, at, self.source, &self.plan.site) {
            Ok(Reading::Article(article)) => Said::Article(article),
            Ok(Reading::Withdrawn { id, key }) => Said::Withdrawn { id, key },
            Err(diagnostic) => Said::LeftOut(diagnostic),
        });
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        (self.take)(Said::Unreadable(diagnostic));
    }

    fn skipped(&mut self, place: Place, reason: &str) {
        log::info!("{place}: no article: {reason}");
        (self.take)(Said::PassedOver);
    }
}
