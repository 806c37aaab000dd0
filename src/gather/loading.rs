//! The articles of the chosen records, read once more where they stand.

use super::parts::{Files, Laid, Region, fault, region};
use super::worker::LineFile;
use super::{GatherError, Silent, plain, tables};
use crate::article::Article;
use crate::diagnostic::{Diagnostic, Place};
use crate::file_at::read_at;
use crate::parallel;
use crate::plan::Plan;
use crate::shortlist::Candidate;
use crate::sources::{Fields, Locate, Sink};
use crate::vocabulary::{self, Reading};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io;

/// How many records of one file are read by one thread.
const SHARE: usize = 64;

/// The articles of candidates, which are in the order of their places. `kept` are articles that are at hand.
pub fn load(
    chosen: &[Candidate],
    (files, regions): (&Files<'_>, &[Region]),
    mut kept: HashMap<u64, Article>,
    plan: &Plan,
) -> Result<Vec<Article>, GatherError> {
    let mut articles = Vec::new();
    let mut by_region: BTreeMap<u64, (Region, Vec<Candidate>)> = BTreeMap::new();
    for candidate in chosen {
        if let Some(article) = kept.remove(&candidate.place) {
            articles.push(article);
        } else if let Some(region) = region(regions, candidate.place) {
            by_region.entry(region.base).or_insert((*region, Vec::new())).1.push(*candidate);
        }
    }
    let shares = by_region.into_values().flat_map(|(region, candidates)| {
        // A file that is read as a whole is read once.
        let share = if region.from.is_some() { SHARE } else { usize::MAX };
        candidates.chunks(share).map(|share| (region, share.to_vec())).collect::<Vec<_>>()
    });
    let loaded = parallel::map(shares.collect(), |(region, candidates)| {
        let Some(laid) = files.get(region.file) else { return Ok(Vec::new()) };
        match region.from {
            Some(from) => load_lines(laid, region.base.wrapping_sub(from), &candidates, plan),
            None => load_whole(laid, region.base, &candidates, plan),
        }
    });
    for loaded in loaded {
        articles.extend(loaded?);
    }
    Ok(articles)
}

fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the file was changed while it was read")
}

fn load_lines(
    laid: Laid<'_>,
    base: u64,
    candidates: &[Candidate],
    plan: &Plan,
) -> Result<Vec<Article>, GatherError> {
    let failed = |error| fault(laid.file, error);
    let file = File::open(laid.file.path()).map_err(failed)?;
    let table = tables::table(&laid).map_err(failed)?;
    let lines = LineFile { source: laid.source, file: laid.file };
    let mut articles = Vec::new();
    for candidate in candidates {
        let offset = candidate.place.wrapping_sub(base);
        let article = match &table {
            Some(table) => {
                let row = up_to(&file, offset, |bytes| table.cutter().go_over(bytes)).map_err(failed)?;
                lines.article_of_row(table, &row, plan).map(|article| (article, u64::from(candidate.line)))
            }
            None => {
                let line = up_to(&file, offset, |bytes| memchr::memchr(b'\n', bytes)).map_err(failed)?;
                // It is the second line of what is read.
                let before = u64::from(candidate.line).saturating_sub(1);
                lines.article(&line, plan).map(|article| (article, before))
            }
        };
        let (mut article, before) = article.ok_or_else(changed).map_err(failed)?;
        let move_down = |line: &mut u64| *line = (*line + before).saturating_sub(1);
        move_down(&mut article.place.line);
        article.remarks.iter_mut().for_each(|remark| move_down(&mut remark.place.line));
        articles.push(article);
    }
    Ok(articles)
}

/// The bytes of a file from an offset to an end that is found in them, or to its own.
fn up_to(file: &File, offset: u64, end: impl Fn(&[u8]) -> Option<usize>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut room = 4096;
    loop {
        bytes.resize(room, 0);
        let length = read_at(file, &mut bytes, offset)?;
        if let Some(end) = end(&bytes[..length]) {
            bytes.truncate(end);
            return Ok(bytes);
        }
        if length < room {
            bytes.truncate(length);
            return Ok(bytes);
        }
        room *= 4;
    }
}

fn load_whole(
    laid: Laid<'_>,
    base: u64,
    candidates: &[Candidate],
    plan: &Plan,
) -> Result<Vec<Article>, GatherError> {
    let mut sink = Chosen { laid, plan, wanted: candidates, next: base, articles: Vec::new() };
    plain::read(laid.source, laid.file, &Silent, &mut sink)?;
    match sink.articles.len() == candidates.len() {
        true => Ok(sink.articles),
        false => Err(fault(laid.file, changed())),
    }
}

/// Takes the chosen records of a file, which are in the order of their places.
struct Chosen<'a> {
    laid: Laid<'a>,
    plan: &'a Plan,
    wanted: &'a [Candidate],
    /// The place of the next record.
    next: u64,
    articles: Vec<Article>,
}

impl Sink for Chosen<'_> {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        let place = self.next;
        self.next += 1;
        if self.wanted.get(self.articles.len()).is_some_and(|wanted| wanted.place == place)
            && let Ok(Reading::Article(article)) =
                vocabulary::read(fields, at, self.laid.source, &self.plan.site)
        {
            self.articles.push(*article);
        }
    }

    fn unreadable(&mut self, _: Diagnostic) {
        self.next += 1;
    }

    fn skipped(&mut self, _: Place, _: &str) {}
}
