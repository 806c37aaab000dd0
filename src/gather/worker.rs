//! One thread's share of the reading.

use super::parts::{Laid, Part, fault};
use super::sections::{Class, Section, Sections};
use super::tables::{Rows, SMALL};
use super::{Counted, Counts, GatherError, Progress, plain, sooner};
use crate::article::Article;
use crate::diagnostic::{Diagnostic, Effect, Place};
use crate::edition::{self, Recall};
use crate::glance::{self, Findings, Glance, Glancer};
use crate::plan::{Plan, SourceFile, SourcePlan};
use crate::register::{PLACES, Register};
use crate::selection::{Dated, Standing};
use crate::shortlist::{Candidate, Shortlist};
use crate::sources::{self, Fields, Input, Locate, Sink, Table};
use crate::state::LedgerError;
use crate::vocabulary::{self, Reading};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// What all threads share.
pub struct Shared<'a> {
    pub plan: &'a Plan,
    pub recall: &'a (dyn Recall + Sync),
    pub now: DateTime<Utc>,
    pub progress: &'a dyn Progress,
    pub sections: &'a Sections<'a>,
    /// Places of records that are known to be replaced by later ones, sorted.
    pub superseded: &'a [u64],
}

/// A remark on a record whose line is counted from the beginning of its part of the file, if it is in one.
pub struct Remark {
    pub place: u64,
    pub part: Option<usize>,
    pub diagnostic: Diagnostic,
}

/// What was met in a file that is read as a whole. There may be very many, most of them with one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whole {
    /// One record, and the hash of its id.
    One(u64),
    /// Anything else: the hashes of the ids of its records and withdrawals. `None`: more than are worth keeping; if such a
    /// file changes, everything is read.
    Other(Box<(Option<Box<[u64]>>, Tally)>),
}

/// How many of what was met in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub records: u32,
    pub left_out: u32,
    pub passed_over: u32,
}

impl Tally {
    const ONE: Self = Self { records: 1, left_out: 0, passed_over: 0 };
}

impl Whole {
    fn of(ids: &[u64], tally: Tally) -> Self {
        match ids {
            [id] if tally == Tally::ONE => Self::One(*id),
            _ => Self::Other(Box::new(((ids.len() <= FEW).then(|| ids.into()), tally))),
        }
    }

    /// The hashes of the ids of its records and withdrawals; `None`: there are too many.
    pub fn ids(&self) -> Option<&[u64]> {
        match self {
            Self::One(id) => Some(std::slice::from_ref(id)),
            Self::Other(other) => other.0.as_deref(),
        }
    }

    pub fn tally(&self) -> Tally {
        match self {
            Self::One(_) => Tally::ONE,
            Self::Other(other) => other.1,
        }
    }
}

/// So many ids of a file are kept.
const FEW: usize = 64;

/// What a thread has found.
pub struct Worker<'a> {
    shared: &'a Shared<'a>,
    pub register: Register,
    /// By the number of the feed.
    pub shortlists: Vec<Shortlist>,
    /// Articles without a date: place and id.
    pub undated: Vec<(u64, String)>,
    pub remarks: Vec<Remark>,
    pub counts: Counts,
    /// By the number of the file.
    pub whole: Vec<(usize, Whole)>,
    /// The hashes of the ids that were met in the file that is being read as a whole, as far as they are few.
    ids: Vec<u64>,
    /// Records that a glance was not enough for.
    pub read_in_full: usize,
    /// Articles whose records cannot be read again at their place.
    pub kept: HashMap<u64, Article>,
    kept_before_pruning: usize,
    /// Places in `known`, by values as they are written.
    findings: Findings<usize>,
    /// What the values met so far come to.
    known: Vec<Section>,
    /// More kinds of records were met than are counted here.
    pub overflow: bool,
    pub fault: Option<LedgerError>,
    /// The first moment at which an article stands otherwise.
    pub due: Option<i64>,
}

/// More findings than are worth remembering: then the values are all different anyway.
const MOST_FINDINGS: usize = 50_000;

/// Articles are kept in such numbers before those are looked for that no feed can hold any longer.
const KEPT: usize = 1024;

impl<'a> Worker<'a> {
    pub fn new(shared: &'a Shared<'a>) -> Self {
        Self {
            shared,
            register: Register::new(),
            shortlists: Vec::new(),
            undated: Vec::new(),
            remarks: Vec::new(),
            counts: Counts::default(),
            // Enlarged where it lies, see the list of files.
            whole: Vec::with_capacity(1 << 13),
            ids: Vec::new(),
            read_in_full: 0,
            kept: HashMap::new(),
            kept_before_pruning: KEPT,
            findings: Findings::default(),
            known: Vec::new(),
            overflow: false,
            fault: None,
            due: None,
        }
    }

    /// Takes a line of JSON Lines: at a glance where that is enough, and in full where not.
    pub fn line(
        &mut self,
        line: &[u8],
        place: u64,
        number: u32,
        part: usize,
        file: &LineFile<'a>,
        glancer: &mut Option<Glancer<'a>>,
    ) {
        if let Some(glancer) = glancer
            && let Ok(glance) = glancer.glance(line)
            && self.glanced(glance, &glancer.criteria, line, place, number, file)
        {
            self.counts.records += 1;
            return;
        }
        self.read_in_full += 1;
        let mut records = Vec::new();
        let mut sink = OneLine { worker: self, file, place, number, part, records: &mut records };
        file.read(line, &mut sink);
        for article in records {
            self.take(article, place, number, false);
        }
    }

    /// Takes what a glance told; `false` if the record must be read in full.
    fn glanced(
        &mut self,
        glance: Glance,
        criteria: &[u8],
        line: &[u8],
        place: u64,
        number: u32,
        file: &LineFile<'a>,
    ) -> bool {
        let index = match self.findings.get(criteria) {
            Some(index) => *index,
            None => {
                let Some(article) = file.article(line, self.shared.plan) else { return false };
                let section = self.shared.sections.of(&article);
                if self.findings.len() < MOST_FINDINGS {
                    self.findings.insert(criteria.into(), self.known.len());
                    self.known.push(section);
                    self.known.len() - 1
                } else {
                    return self.glanced_at(glance, &section, place, number);
                }
            }
        };
        // Taken out for a moment, since counting references a million times costs more.
        let known = std::mem::take(&mut self.known);
        let taken = known.get(index).is_some_and(|section| self.glanced_at(glance, section, place, number));
        self.known = known;
        taken
    }

    fn glanced_at(&mut self, glance: Glance, section: &Section, place: u64, number: u32) -> bool {
        let embargo = glance.published > self.shared.now.timestamp();
        if embargo {
            self.due = sooner(self.due, Some(glance.published));
        }
        let standing = (!embargo).then_some(Standing::Public);
        self.record(glance.id, place, number, glance.published, standing, section);
        true
    }

    /// Takes an article. Where it is `keep`, its record cannot be read again.
    fn take(&mut self, article: Article, place: u64, line: u32, keep: bool) {
        let published =
            match edition::published(&article, self.shared.plan, self.shared.recall, self.shared.now) {
                Ok(published) => published,
                Err(fault) => {
                    self.fault.get_or_insert(fault);
                    return;
                }
            };
        let standing = Dated { article: &article, published }.standing(self.shared.now);
        self.due = sooner(self.due, standing.until(&article, self.shared.now));
        let section = self.shared.sections.of(&article);
        if article.published.is_none() {
            self.undated.push((place, article.id.clone()));
        }
        let offered = self.record(
            glance::hash(&article.id),
            place,
            line,
            published.timestamp(),
            Some(standing),
            &section,
        );
        if offered && keep {
            self.kept.insert(place, article);
            if self.kept.len() >= self.kept_before_pruning {
                let listed: HashSet<u64> = self.shortlists.iter().flat_map(Shortlist::places).collect();
                self.kept.retain(|place, _| listed.contains(place));
                self.kept_before_pruning = self.kept.len() + self.kept.len() / 2 + KEPT;
            }
        }
    }

    /// Enters a record; whether it was offered to a feed.
    fn record(
        &mut self,
        id: u64,
        place: u64,
        line: u32,
        published: i64,
        standing: Option<Standing>,
        section: &Section,
    ) -> bool {
        let public = standing == Some(Standing::Public);
        match section.class(public).filter(|_| place < PLACES) {
            Some(class) => self.register(id, place, class),
            None => self.overflow = true,
        }
        if !public || self.shared.superseded.binary_search(&place).is_ok() {
            return false;
        }
        for feed in &section.feeds {
            while self.shortlists.len() <= *feed {
                self.shortlists.push(Shortlist::new(self.shared.sections.window(self.shortlists.len())));
            }
            self.shortlists[*feed].offer(Candidate { published, place, line });
        }
        !section.feeds.is_empty()
    }

    fn withdraw(&mut self, id: &str, place: u64) {
        match self.shared.sections.class(Class::Withdrawal).filter(|_| place < PLACES) {
            Some(class) => self.register(glance::hash(id), place, class),
            None => self.overflow = true,
        }
    }

    fn register(&mut self, id: u64, place: u64, class: u16) {
        self.register.add(id, place, class);
        if self.ids.len() <= FEW {
            self.ids.push(id);
        }
    }

    /// Reads a file of any format to its end. Its first record has the place `base`.
    pub fn file(&mut self, laid: Laid<'a>, number: usize, base: u64) -> Result<(), GatherError> {
        let progress = self.shared.progress;
        let before = self.counts;
        self.ids.clear();
        // A small file is read once more if a feed takes one of its articles.
        let Laid { source, file, .. } = laid;
        let keep = file.seen.is_none_or(|seen| !seen.is_file || seen.size > SMALL);
        let mut sink = Records { worker: self, source, base: None, next: base, part: None, keep };
        plain::read(source, file, progress, &mut sink)?;
        let more = |now: usize, before: usize| u32::try_from(now - before).unwrap_or(u32::MAX);
        let tally = Tally {
            records: more(self.counts.records, before.records),
            left_out: more(self.counts.left_out, before.left_out),
            passed_over: more(self.counts.passed_over, before.passed_over),
        };
        self.whole.push((number, Whole::of(&self.ids, tally)));
        Ok(())
    }

    /// Reads rows of a table.
    pub fn rows(&mut self, part: &Part<'a>, rows: &Rows, index: usize) -> Result<(), GatherError> {
        let progress = self.shared.progress;
        let start = part.start();
        let mut sink = Records {
            worker: self,
            source: part.source,
            base: Some(start),
            next: start,
            part: Some(index),
            keep: false,
        };
        let mut read = || -> io::Result<()> {
            let mut file = File::open(part.file.path())?;
            file.seek(SeekFrom::Start(rows.range.0))?;
            let own = Counted { inner: Box::new(file.take(rows.range.1 - rows.range.0)), progress };
            let input = Input {
                name: part.file.name(),
                relative: part.file.relative(),
                reader: Box::new(BufReader::with_capacity(256 << 10, own)),
            };
            sources::read_rows(&rows.table, input, &mut sink)
        };
        read().map_err(|error| fault(part.file, error))
    }

    fn remark(&mut self, place: u64, part: Option<usize>, diagnostic: Diagnostic) {
        self.counts.left_out += usize::from(diagnostic.effect == Effect::LeftOut);
        self.remarks.push(Remark { place, part, diagnostic });
    }
}

/// A file of which single lines or rows are read.
pub struct LineFile<'a> {
    pub source: &'a SourcePlan,
    pub file: &'a SourceFile,
}

/// What stands before a line that is read by itself, so that it is not taken for the beginning of a file.
const BEFORE: &[u8] = b"{}\n";

impl LineFile<'_> {
    /// Reads a line, after an empty record that is none of the file's.
    pub fn read(&self, line: &[u8], sink: &mut dyn Sink) {
        let bytes = [BEFORE, line].concat();
        let input = Input {
            name: self.file.name(),
            relative: self.file.relative(),
            reader: Box::new(bytes.as_slice()),
        };
        // Reading from memory does not fail.
        let _ = sources::read(self.file.format, input, &self.source.options, sink);
    }

    /// The article of a line, if it is one.
    pub fn article(&self, line: &[u8], plan: &Plan) -> Option<Article> {
        let mut sink = OneArticle { source: self.source, plan, before: 1, article: None };
        self.read(line, &mut sink);
        sink.article
    }

    /// The article of a row that stands at the beginning of these bytes, if it is one. Lines are counted from there.
    pub fn article_of_row(&self, table: &Table, row: &[u8], plan: &Plan) -> Option<Article> {
        let mut sink = OneArticle { source: self.source, plan, before: 0, article: None };
        let input = Input { name: self.file.name(), relative: self.file.relative(), reader: Box::new(row) };
        let _ = sources::read_rows(table, input, &mut sink);
        sink.article
    }
}

/// Takes one article, after so many records that are passed over.
struct OneArticle<'a> {
    source: &'a SourcePlan,
    plan: &'a Plan,
    before: usize,
    article: Option<Article>,
}

impl Sink for OneArticle<'_> {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        if let Some(before) = self.before.checked_sub(1) {
            self.before = before;
        } else if self.article.is_none()
            && let Ok(Reading::Article(article)) = vocabulary::read(fields, at, self.source, &self.plan.site)
        {
            self.article = Some(*article);
        }
    }
    fn unreadable(&mut self, _: Diagnostic) {}
    fn skipped(&mut self, _: Place, _: &str) {}
}

/// Takes what a line holds.
struct OneLine<'w, 'a> {
    worker: &'w mut Worker<'a>,
    file: &'w LineFile<'a>,
    place: u64,
    number: u32,
    part: usize,
    records: &'w mut Vec<Article>,
}

impl OneLine<'_, '_> {
    fn leave_out(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.place.line = u64::from(self.number);
        self.worker.remark(self.place, Some(self.part), diagnostic);
    }
}

impl Sink for OneLine<'_, '_> {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        if at.locate(None).line == 1 {
            return;
        }
        self.worker.counts.records += 1;
        match vocabulary::read(fields, at, self.file.source, &self.worker.shared.plan.site) {
            Ok(Reading::Article(article)) => self.records.push(*article),
            Ok(Reading::Withdrawn { id, .. }) => self.worker.withdraw(&id, self.place),
            Err(diagnostic) => self.leave_out(diagnostic),
        }
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        self.leave_out(diagnostic);
    }

    fn skipped(&mut self, _: Place, _: &str) {
        self.worker.counts.passed_over += 1;
    }
}

/// Takes what a file holds, or rows of one.
struct Records<'w, 'a> {
    worker: &'w mut Worker<'a>,
    source: &'a SourcePlan,
    /// Of rows that are read by themselves, what makes a place of the offset of one.
    base: Option<u64>,
    /// The place of a record that tells none: files take up as many places as bytes, and no record is shorter than that.
    next: u64,
    /// The part that the rows are of.
    part: Option<usize>,
    /// Whether articles are kept, since reading the file once more would cost more than that.
    keep: bool,
}

impl Sink for Records<'_, '_> {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        let worker = &mut *self.worker;
        worker.shared.progress.advance(0, 1);
        worker.counts.records += 1;
        let place = self.base.zip(at.offset()).map_or(self.next, |(base, offset)| base + offset);
        self.next = place + 1;
        match vocabulary::read(fields, at, self.source, &worker.shared.plan.site) {
            Ok(Reading::Article(article)) => {
                let line = u32::try_from(article.place.line).unwrap_or(u32::MAX);
                worker.take(*article, place, line, self.keep);
            }
            Ok(Reading::Withdrawn { id, .. }) => worker.withdraw(&id, place),
            Err(diagnostic) => worker.remark(place, self.part, diagnostic),
        }
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        let place = self.next;
        self.next += 1;
        self.worker.remark(place, self.part, diagnostic);
    }

    fn skipped(&mut self, place: Place, reason: &str) {
        log::info!("{place}: no article: {reason}");
        self.worker.counts.passed_over += 1;
    }
}
