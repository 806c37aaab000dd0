//! The main job, end to end: read, select, assemble, render, check, publish.
//!
//! The clock is an argument. Nothing is written before everything that can go wrong with the articles has gone wrong.

mod rest;

use crate::check::{self, Context, Severity};
use crate::compare::{Changes, compare};
use crate::config::nearest;
use crate::diagnostic::{Diagnostic, Effect};
use crate::edition::{self, Edition, Issue, Recall};
use crate::gather::{Bookmark, Checkpoint, Counts, GatherError, Gathered, Progress};
use crate::intake::{self, Ask, Circumstances, IntakeError, SourceFailure};
use crate::pages::{self, Listed};
use crate::parallel;
use crate::plan::{FeedPlan, Feeds, Plan};
use crate::precompress::{ENCODINGS, Effort, compress};
use crate::publish::{self, Lock, Page, PublishError, Staged, Status};
use crate::reader::{self, ReadFeed};
use crate::selection::Filter;
use crate::selection::Met;
use crate::standstill::{self, Standstill};
use crate::state::{Found, Ledger, LedgerError, Memory, Published};
use crate::text::Text;
use chrono::{DateTime, FixedOffset, Utc};
use rest::{FeedRest, Rest};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

/// How a build is to be carried out.
#[derive(Debug, Clone)]
pub struct Options {
    /// The moment of the build, in whole seconds: it decides on embargo and expiry.
    pub now: DateTime<Utc>,
    /// Slugs of the feeds to be published; empty: all.
    pub only: Vec<String>,
    /// Tell what would be done, and do nothing.
    pub dry_run: bool,
    /// Write files whose bytes stay, too.
    pub force: bool,
    /// Publish nothing if a record is left out.
    pub strict: bool,
    /// Publish feeds that turn empty, or lose more than half of their entries.
    pub allow_shrink: bool,
    /// Ask no source that is no file: what it gave last is used.
    pub offline: bool,
}

impl Options {
    fn asked_for(&self, slug: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == slug)
    }
}

/// Why a build could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error(transparent)]
    Gather(#[from] GatherError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error("no feed has the slug `{slug}`")]
    NoSuchFeed { slug: String, known: Vec<String> },
}

/// What a build did, or would do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    pub feeds: Vec<FeedReport>,
    pub counts: Counts,
    pub diagnostics: Vec<Diagnostic>,
    /// Files that were removed, since no feed has them any longer.
    pub removed: Vec<String>,
    /// What else the user should know.
    pub notices: Vec<String>,
    /// Sources that failed.
    #[serde(default)]
    pub failed_sources: Vec<SourceFailure>,
    /// Whether nothing was published because a record was left out.
    pub refused: bool,
    pub dry_run: bool,
    /// The first moment at which something changes of itself: an embargo ends, an article expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// What became of a feed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FeedReport {
    pub slug: String,
    pub title: String,
    pub entries: usize,
    /// Entries that were left out for want of room.
    pub cut: usize,
    /// The moment of publication of the newest entry.
    pub newest: Option<String>,
    pub files: Vec<FileReport>,
    pub status: FeedStatus,
    /// Why it was held back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// What subscribers notice; of feeds whose files changed.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub changes: Option<Changes>,
    /// Remarks of `check` that are no errors.
    pub warnings: usize,
}

/// A file of a feed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileReport {
    pub format: String,
    pub path: String,
    /// Bytes.
    pub size: usize,
    pub status: Status,
}

/// What became of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedStatus {
    New,
    Updated,
    Unchanged,
    /// Held back: its old files stay.
    Held,
    /// It has no entry yet, and no file.
    Empty,
}

impl Report {
    /// What the next run has to report if nothing changes.
    fn at_rest(&self) -> Self {
        let feeds = self.feeds.iter().map(FeedReport::at_rest).collect();
        Self { feeds, removed: Vec::new(), failed_sources: Vec::new(), ..self.clone() }
    }

    /// Whether something was refused: a feed, or under `--strict` a record.
    pub fn has_refusals(&self) -> bool {
        self.refused || self.feeds.iter().any(|feed| feed.status == FeedStatus::Held)
    }
}

/// A file that is kept for an output folder between runs: `redb` is the ledger, `lock` the lock.
pub fn state_file(plan: &Plan, extension: &str) -> PathBuf {
    plan.output.state_file(extension)
}

/// What earlier runs remember: the ledger, and where that is lost what the feeds on disk tell.
pub struct Past {
    ledger: Ledger,
    /// What the feeds on disk tell, where the ledger is lost.
    memories: HashMap<String, Memory>,
    published: Published,
    /// What the user should know of the ledger.
    notice: Option<String>,
    /// Whether the ledger was found as an earlier run left it.
    is_sound: bool,
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
    fn of(dir: &Path) -> Self {
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

    fn take(&mut self, dir: &Path, path: &str) -> bool {
        let exists = |path: &str| dir.join(path).is_file();
        if !exists(path) {
            return false;
        }
        let siblings = ENCODINGS.iter().map(|encoding| format!("{path}{}", encoding.extension()));
        self.published.files.extend(siblings.filter(|sibling| exists(sibling)));
        self.published.files.insert(path.to_owned());
        true
    }

    fn remember(&mut self, feed: ReadFeed) {
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

/// A way to read the sources: [`crate::gather::plainly`] or [`crate::gather::streamed`].
pub type Gather =
    fn(&Plan, &(dyn Recall + Sync), DateTime<Utc>, &dyn Progress) -> Result<Gathered, GatherError>;

/// Reads the articles and makes every feed, without writing anything: what `build`, `diff`, `list` and `explain` begin
/// with.
pub fn prepare(
    plan: &Plan,
    past: &Past,
    now: DateTime<Utc>,
    gather: Gather,
    progress: &dyn Progress,
) -> Result<(Gathered, Edition), BuildError> {
    let gathered = gather(plan, past, now, progress)?;
    let edition = edition::make(plan, &gathered, past, now)?;
    Ok((gathered, edition))
}

/// Builds the feeds that changed; reads what is new since the last run, where that can be told.
pub fn build(plan: &Plan, options: &Options, progress: &dyn Progress) -> Result<Report, BuildError> {
    run(None, plan, options, progress)
}

/// Builds every feed from articles that are all read, in that way.
pub fn build_by(
    gather: Gather,
    plan: &Plan,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Report, BuildError> {
    run(Some(gather), plan, options, progress)
}

fn run(
    gather: Option<Gather>,
    plan: &Plan,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Report, BuildError> {
    let _lock = match options.dry_run {
        true => None,
        false => {
            let holder = format!(
                "process {}, since {}",
                std::process::id(),
                options.now.format("%Y-%m-%d %H:%M:%S UTC")
            );
            Some(Lock::take(&state_file(plan, "lock"), &holder)?)
        }
    };
    let past = Past::open(plan, !options.dry_run)?;
    let ask = match (options.offline, options.dry_run) {
        (true, _) => Ask::Nobody,
        (false, true) => Ask::Missing,
        (false, false) => Ask::All,
    };
    let circumstances = Circumstances { now: options.now, anew: options.force };
    let brought = intake::bring(plan, ask, circumstances)?;
    let (plan, lacks_a_source) = (&*brought.plan, brought.lacks_a_source());
    let sources =
        (!options.dry_run).then(|| standstill::of_sources(plan, &state_file(plan, "lock"))).flatten();
    if let Some(report) = nothing_to_do(plan, options, &past, sources.clone())? {
        return Ok(Report { failed_sources: brought.failures, ..report });
    }
    let bookmark = bookmark(plan, options).filter(|_| gather.is_none());
    let (mut gathered, rest) = match (&bookmark, gather) {
        (Some(bookmark), _) => {
            bookmark.sweep();
            // What an older run knew of is not what a ledger that is begun anew knows of.
            let checkpoint = Checkpoint::load(bookmark).filter(|_| past.is_sound);
            let rest =
                checkpoint.as_ref().map_or_else(BTreeMap::new, |checkpoint| at_rest(plan, &past, checkpoint));
            let titles = rest.iter().map(|(slug, feed)| (slug.clone(), feed.report.title.clone())).collect();
            let from = (bookmark, checkpoint, &titles);
            (crate::gather::resumed(plan, &past, options.now, progress, from)?, rest)
        }
        (None, gather) => {
            let gather = gather.unwrap_or(crate::gather::streamed);
            (gather(plan, &past, options.now, progress)?, BTreeMap::new())
        }
    };
    let edition = edition::make(plan, &gathered, &past, options.now)?;
    known_slugs(&edition, &options.only)?;
    let diagnostics = on_entries(&edition, &rest);
    let too_large = diagnostics.iter().filter(|diagnostic| diagnostic.effect == Effect::LeftOut).count();
    let counts = Counts { left_out: gathered.counts.left_out + too_large, ..gathered.counts };
    let mut report = Report {
        feeds: Vec::new(),
        counts,
        diagnostics: std::mem::take(&mut gathered.diagnostics),
        removed: Vec::new(),
        notices: past.notice.iter().cloned().chain(moved(plan, &past)).collect(),
        failed_sources: brought.failures.clone(),
        refused: options.strict && counts.left_out > 0,
        dry_run: options.dry_run,
        due: gathered
            .due
            .and_then(|due| DateTime::from_timestamp(due, 0))
            .map(|due| crate::date::rfc3339(&due.with_timezone(&plan.site.zone).fixed_offset())),
    };
    report.diagnostics.extend(diagnostics);
    let mut paper = Paper::new(plan, options, &past.published);
    paper.lacks_a_source = lacks_a_source;
    let proofs = parallel::map(edition.feeds.iter().collect(), |issue: &Issue| {
        (!issue.untouched).then(|| Proof::of(plan, issue, options))
    });
    for (issue, proof) in edition.feeds.iter().zip(proofs) {
        let rest = rest.get(&issue.plan.slug).filter(|_| issue.untouched);
        match options.asked_for(&issue.plan.slug) {
            _ if let Some(rest) = rest => report.feeds.push(paper.rests(&issue.plan, rest)),
            true => report.feeds.extend(proof.map(|proof| paper.feed(issue, proof))),
            false => paper.stays(&issue.plan, proof.and_then(|proof| proof.old).as_ref()),
        }
    }
    if plan.sources.is_empty() {
        report.notices.push("there is no [[source]] in feeds.toml: no articles are read".to_owned());
    }
    let empty = edition.feeds.iter().filter(|issue| issue.feed.is_none() && issue.cut.is_empty());
    report.notices.extend(empty.filter_map(|issue| unmet(&issue.plan, &gathered.categories)));
    paper.vanished_categories(&edition, &mut report.feeds);
    paper.front();
    report.notices.extend(paper.spare());
    paper.precompress()?;
    report.removed = paper.stale();
    if options.dry_run || report.refused {
        return Ok(report);
    }
    // What an article's date depends on is remembered before the date is published.
    let recovered = past.memories.iter().filter(|(id, _)| !edition.memories.contains_key(*id));
    let mut memories = recovered.chain(&edition.memories).peekable();
    if memories.peek().is_some() {
        past.ledger.remember(memories.map(|(id, memory)| (id.as_str(), *memory)))?;
    }
    // So are the names of new files before the files: should this run be killed, the next one knows what to remove.
    let mut intended = past.published.clone();
    intended.files.extend(paper.pages.iter().map(|(page, _)| page.path.clone()));
    if intended != past.published {
        past.ledger.publish(&intended)?;
    }
    paper.publish(&report.removed)?;
    let published = paper.published();
    if published != past.published {
        past.ledger.publish(&published)?;
    }
    // What was to be told of this one run is not told again by the next.
    let of_this_run = past.notice.is_some() || moved(plan, &past).is_some();
    let still = sources
        .filter(|_| options.only.is_empty() && !report.has_refusals() && !of_this_run)
        .and_then(|sources| standstill::with_output(sources, &plan.output.dir, &published.files))
        .map(|print| Standstill {
            print,
            from: options.now.timestamp(),
            until: gathered.due,
            report: serde_json::to_value(report.at_rest()).unwrap_or_default(),
        });
    past.ledger.stand_still(still.and_then(|still| serde_json::to_string(&still).ok()).as_deref())?;
    if let (Some(bookmark), Some(checkpoint), false) = (bookmark, gathered.checkpoint, report.has_refusals())
        && let Some(rest) = to_rest(plan, &edition, &report, rest, &published)
    {
        // Without it the next run reads everything, and comes to the same.
        if let Err(error) = checkpoint.save(rest, &bookmark) {
            log::warn!("cannot keep where reading stood, in {}: {error}", bookmark.path.display());
        }
    }
    Ok(report)
}

/// Where the next run is told what this one has read; `None` where it is not to be told.
fn bookmark(plan: &Plan, options: &Options) -> Option<Bookmark> {
    let every = !options.dry_run && !options.force && options.only.is_empty();
    every.then(|| {
        Some(Bookmark {
            path: state_file(plan, "checkpoint"),
            register: state_file(plan, "ids"),
            depends: standstill::of_program(plan)?,
            now: state_file(plan, "lock"),
        })
    })?
}

/// What was kept of the feeds, where the output folder is as it was left.
fn at_rest(plan: &Plan, past: &Past, checkpoint: &Checkpoint) -> BTreeMap<String, FeedRest> {
    let rest: Option<Rest> = serde_json::from_str(&checkpoint.rest).ok();
    let as_left = standstill::of_output(&plan.output.dir, &past.published.files);
    rest.filter(|rest| as_left.as_ref() == Some(&rest.print)).map(|rest| rest.feeds).unwrap_or_default()
}

/// What is to be kept of the feeds, as JSON.
fn to_rest(
    plan: &Plan,
    edition: &Edition,
    report: &Report,
    mut before: BTreeMap<String, FeedRest>,
    published: &Published,
) -> Option<String> {
    let mut feeds = BTreeMap::new();
    for (issue, report) in edition.feeds.iter().zip(&report.feeds) {
        let slug = &issue.plan.slug;
        let rest = match issue.untouched {
            true => before.remove(slug)?,
            false => FeedRest::of(issue, report),
        };
        feeds.insert(slug.clone(), rest);
    }
    let print = standstill::of_output(&plan.output.dir, &published.files)?;
    serde_json::to_string(&Rest { print, feeds }).ok()
}

/// Remarks on the entries of all feeds, each once.
fn on_entries(edition: &Edition, rest: &BTreeMap<String, FeedRest>) -> Vec<Diagnostic> {
    let mut told = HashSet::new();
    let of_feed = |issue: &Issue| match rest.get(&issue.plan.slug).filter(|_| issue.untouched) {
        Some(rest) => rest.diagnostics.clone(),
        None => issue.diagnostics.clone(),
    };
    let all = edition.feeds.iter().flat_map(of_feed);
    all.filter(|remark| told.insert((remark.place.clone(), remark.message.clone()))).collect()
}

/// The report of the last run, where a run now would do nothing.
fn nothing_to_do(
    plan: &Plan,
    options: &Options,
    past: &Past,
    sources: Option<Xxh3>,
) -> Result<Option<Report>, BuildError> {
    let kept = past.ledger.standstill()?.filter(|_| options.only.is_empty() && !options.force);
    // What an older version wrote says nothing to this one.
    let still: Option<Standstill> = kept.and_then(|text| serde_json::from_str(&text).ok());
    let Some(still) = still else { return Ok(None) };
    let print =
        sources.and_then(|print| standstill::with_output(print, &plan.output.dir, &past.published.files));
    if !print.is_some_and(|print| still.holds(&print, options.now)) {
        return Ok(None);
    }
    let report: Option<Report> = serde_json::from_value(still.report).ok();
    log::info!("nothing has changed since the last run");
    Ok(report.filter(|report| !options.strict || report.counts.left_out == 0))
}

/// What to tell of a feed whose sections no article is in.
fn unmet(feed: &FeedPlan, met: &[Met]) -> Option<String> {
    let wanted = &feed.filter.categories;
    let is_met = |slug: &String| slug == "*" || met.iter().any(|category| category.slug == *slug);
    if wanted.is_empty() || wanted.iter().any(is_met) {
        return None;
    }
    let nearest =
        wanted.iter().find_map(|slug| nearest(slug, met.iter().map(|category| category.slug.as_str())));
    let help = match nearest.and_then(|slug| met.iter().find(|category| category.slug == slug)) {
        Some(category) => format!("did you mean `{}`?", category.label),
        None => "a feed of every article has `category = \"*\"`".to_owned(),
    };
    Some(format!("`{}` has no entry: no article is in the section {}; {help}", feed.title, wanted.join(", ")))
}

fn known_slugs(edition: &Edition, only: &[String]) -> Result<(), BuildError> {
    let known = || edition.feeds.iter().map(|issue| issue.plan.slug.clone());
    match only.iter().find(|slug| known().all(|known| known != **slug)) {
        Some(slug) => Err(BuildError::NoSuchFeed { slug: slug.clone(), known: known().collect() }),
        None => Ok(()),
    }
}

/// Ids hold the tagging authority: with another one, every article would come again.
fn moved(plan: &Plan, past: &Past) -> Option<String> {
    let before = past.published.tag.as_ref().filter(|tag| **tag != plan.site.tag)?;
    Some(format!(
        "ids of articles with a key change from `tag:{before}:…` to `tag:{}:…`: readers show these articles again; `tag = \"{before}\"` under [site] keeps them",
        plan.site.tag
    ))
}

/// What the pages tell of the newspaper.
pub fn site(plan: &Plan) -> pages::Site<'_> {
    let site = &plan.site;
    pages::Site {
        title: &site.title,
        url: site.url.as_str(),
        description: &site.description,
        language: &site.language,
        icon: site.icon.as_deref(),
        copyright: site.copyright.as_deref(),
        readers: &plan.readers,
        address: &plan.output.url,
    }
}

/// The files of an edition, and what is to become of them.
struct Paper<'a> {
    plan: &'a Plan,
    options: &'a Options,
    before: &'a Published,
    /// Files to be put in place.
    pages: Vec<(Page, Status)>,
    /// Files that stay as they are, since their feed was held back or was not asked for.
    kept: BTreeSet<String>,
    /// What the index tells of every feed, in its order.
    listed: Vec<Listed>,
    titles: Vec<(String, String)>,
    /// Whether a source gave nothing, now or ever: what is not among the articles may be in it.
    lacks_a_source: bool,
}

impl<'a> Paper<'a> {
    fn new(plan: &'a Plan, options: &'a Options, before: &'a Published) -> Self {
        Self {
            plan,
            options,
            before,
            pages: Vec::new(),
            kept: BTreeSet::new(),
            listed: Vec::new(),
            titles: Vec::new(),
            lacks_a_source: false,
        }
    }

    /// Decides on a feed: what its files are, and whether they may replace the old ones.
    fn feed(&mut self, issue: &Issue, proof: Proof) -> FeedReport {
        let slug = &issue.plan.slug;
        let Proof { fault, warnings, old, pages, files, changes } = proof;
        let mut report = FeedReport {
            slug: slug.clone(),
            title: issue.plan.title.to_string(),
            entries: issue.feed.as_ref().map_or(0, |feed| feed.entries.len()),
            cut: issue.cut.len(),
            newest: issue
                .feed
                .as_ref()
                .and_then(|feed| feed.entries.first())
                .map(|entry| crate::date::rfc3339(&entry.published)),
            status: match files.iter().map(|file| file.status).max() {
                None => FeedStatus::Empty,
                Some(Status::Unchanged) => FeedStatus::Unchanged,
                Some(Status::Updated) => FeedStatus::Updated,
                Some(Status::New) if old.is_some() => FeedStatus::Updated,
                Some(Status::New) => FeedStatus::New,
            },
            files,
            held: None,
            changes,
            warnings,
        };
        if report.status != FeedStatus::Unchanged {
            report.held = fault.or_else(|| self.reason_to_hold(issue, old.as_ref()));
        }
        if report.held.is_some() {
            report.status = FeedStatus::Held;
        }
        if report.held.is_some() {
            self.stays(&issue.plan, old.as_ref());
        } else if let Some(feed) = &issue.feed {
            self.listed.push(Listed::from(feed));
            self.titles.push((slug.clone(), issue.plan.title.to_string()));
            self.pages.extend(pages);
        }
        report
    }

    /// Why a feed may not replace what is published.
    fn reason_to_hold(&self, issue: &Issue, old: Option<&ReadFeed>) -> Option<String> {
        let had = old.map_or(0, |old| old.entries.len());
        let has = issue.feed.as_ref().map_or(0, |feed| feed.entries.len()) + issue.cut.len();
        if issue.feed.is_none() && has > 0 {
            let limit = issue.plan.window.max_size;
            return Some(format!(
                "its newest entry alone makes a file larger than {limit} bytes, its `max_size`"
            ));
        }
        if self.options.allow_shrink || had == 0 {
            return None;
        }
        if self.lacks_a_source {
            let stays: BTreeSet<&str> =
                issue.feed.iter().flat_map(|feed| &feed.entries).map(|entry| entry.id.as_str()).collect();
            let lost = old.map_or(0, |old| {
                old.entries.iter().filter(|entry| !stays.contains(entry.id.as_str())).count()
            });
            if lost > 0 {
                return Some(format!(
                    "a source gave nothing, and it would lose entries: {lost} of {had} (--allow-shrink publishes it)"
                ));
            }
        }
        if has == 0 {
            return Some(format!("it would turn empty: {had} now, none then (--allow-shrink removes it)"));
        }
        // A feed that is full is not the work of a broken export, however many it held when there was more news.
        (has < issue.plan.window.limit && has * 2 < had)
            .then(|| format!("it would lose more than half of its entries: {had} now, {has} then (--allow-shrink publishes it)"))
    }

    /// Leaves a feed that would be what it is.
    fn rests(&mut self, feed: &FeedPlan, rest: &FeedRest) -> FeedReport {
        self.stays(feed, None);
        let updated = rest.updated.as_deref().and_then(|moment| DateTime::parse_from_rfc3339(moment).ok());
        if let Some(updated) = updated {
            let entries = rest.report.entries;
            self.listed.push(Listed {
                updated,
                entries,
                newest: rest.newest.clone(),
                ..listed(self.plan, feed)
            });
            self.titles.push((feed.slug.clone(), feed.title.to_string()));
        }
        rest.report.clone()
    }

    /// Leaves a feed as it is on disk.
    fn stays(&mut self, feed: &FeedPlan, old: Option<&ReadFeed>) {
        let below = |folder: &str| {
            let folder = format!("{folder}/");
            let files = self.before.files.range(folder.clone()..);
            files.take_while(move |file| file.starts_with(&folder)).cloned().collect::<Vec<_>>()
        };
        self.kept.extend(below(&feed.slug));
        for alias in &feed.aliases {
            match alias.format {
                Some(_) => {
                    let files = self.before.files.range(alias.path.clone()..);
                    let files = files.take_while(|file| file.starts_with(&alias.path));
                    self.kept.extend(files.filter(|file| original(file) == alias.path).cloned());
                }
                None => self.kept.extend(below(&alias.path)),
            }
        }
        if let Some(old) = old {
            self.listed.push(listed_from_disk(self.plan, feed, old));
            self.titles.push((feed.slug.clone(), feed.title.to_string()));
        }
    }

    /// Where feeds follow from the categories met, one whose category is met no longer has turned empty, too.
    fn vanished_categories(&mut self, edition: &Edition, reports: &mut Vec<FeedReport>) {
        let only_some = !self.options.only.is_empty();
        if !matches!(self.plan.feeds, Feeds::EveryCategory) || (self.options.allow_shrink && !only_some) {
            return;
        }
        for (slug, title) in &self.before.feeds {
            if edition.feeds.iter().any(|issue| issue.plan.slug == *slug) {
                continue;
            }
            let Some(old) = Old::of(self.plan, slug) else { continue };
            let feed = FeedPlan::new(&Text::line(title), Filter::default(), self.plan.output.window);
            self.stays(&FeedPlan { slug: slug.clone(), ..feed }, Some(&old));
            // It is listed where it was: after the feed of everything they stand in the order of their slugs.
            if let Some(listed) = self.listed.pop() {
                let place = self.listed.iter().skip(1).position(|other| other.slug > *slug);
                self.listed.insert(place.map_or(self.listed.len(), |place| place + 1), listed);
            }
            if only_some {
                continue;
            }
            reports.push(FeedReport {
                slug: slug.clone(),
                title: title.clone(),
                entries: 0,
                cut: 0,
                newest: None,
                files: Vec::new(),
                status: FeedStatus::Held,
                held: Some(format!(
                    "it would turn empty: {} now, and no article has its category any longer (--allow-shrink removes it)",
                    old.entries.len()
                )),
                changes: None,
                warnings: 0,
            });
        }
    }

    /// The pages that are of no one feed.
    fn front(&mut self) {
        let (site, formats) = (site(self.plan), &self.plan.output.formats);
        let feeds = &self.listed;
        // A list of nothing is no OPML: its body must have an outline.
        let opml = (!feeds.is_empty()).then(|| ("feeds.opml", pages::opml(&site, feeds, formats)));
        let front = [
            (pages::STYLESHEET_PATH, pages::STYLESHEET.to_owned()),
            (pages::SCRIPT_PATH, pages::SCRIPT.to_owned()),
            ("index.html", pages::index_page(&site, feeds, formats)),
        ];
        for (path, text) in front.into_iter().chain(opml) {
            let page = Page { path: path.to_owned(), bytes: text.into_bytes().into() };
            let status = publish::status(&self.plan.output.dir, &page);
            self.pages.push((page, status));
        }
    }

    /// Leaves alone pages and a style sheet of somebody else that stand where this program's would, as where the whole
    /// site is published to the same folder; says so.
    fn spare(&mut self) -> Option<String> {
        if self.options.force {
            return None;
        }
        let dir = &self.plan.output.dir;
        let foreign =
            |(page, status): &mut (Page, Status)| *status == Status::Updated && is_foreign(dir, &page.path);
        let spared: Vec<String> = self.pages.extract_if(.., foreign).map(|(page, _)| page.path).collect();
        let (first, rest) = spared.split_first()?;
        let rest = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        Some(format!(
            "{first}{rest} in {} is not of bantin's making and stays as it is; another `output.dir` keeps the two apart, --force replaces it",
            dir.display()
        ))
    }

    /// Adds every file compressed, behind the file itself: should this run be killed between the two, the next one sees
    /// by their times that the second is out of date. One whose original stays is not made again.
    fn precompress(&mut self) -> Result<(), PublishError> {
        let (dir, wanted) = (&self.plan.output.dir, &self.plan.output.precompress);
        let force = self.options.force;
        let made = parallel::map(std::mem::take(&mut self.pages), |(page, status)| {
            let mut siblings = Vec::new();
            for encoding in wanted {
                let path = format!("{}{}", page.path, encoding.extension());
                if status == Status::Unchanged && !force && publish::is_as_new(dir, &path, &page.path) {
                    siblings.push(Err(path));
                    continue;
                }
                let bytes = compress(*encoding, &page.bytes, Effort::Thorough);
                let bytes = bytes.map_err(|source| PublishError::Write { path: dir.join(&path), source })?;
                let sibling = Page { path, bytes: bytes.into() };
                // Out of date even where its bytes would stay: its time is what the next run looks at.
                let status = publish::status(dir, &sibling).max(Status::Updated);
                siblings.push(Ok((sibling, status)));
            }
            Ok(((page, status), siblings))
        });
        for made in made {
            let (page, siblings) = made?;
            self.pages.push(page);
            for sibling in siblings {
                match sibling {
                    Ok(sibling) => self.pages.push(sibling),
                    Err(path) => drop(self.kept.insert(path)),
                }
            }
        }
        Ok(())
    }

    /// Files of earlier runs that no feed has any longer. Of files that this program did not write it knows nothing.
    fn stale(&mut self) -> Vec<String> {
        let now: BTreeSet<&str> = self.pages.iter().map(|(page, _)| page.path.as_str()).collect();
        let before = self.before.files.iter();
        let gone = before.filter(|file| !now.contains(file.as_str()) && !self.kept.contains(*file));
        let gone = gone.filter(|file| !is_foreign(&self.plan.output.dir, file));
        let gone: Vec<String> = gone.cloned().collect();
        if self.options.only.is_empty() {
            return gone;
        }
        // They are the business of a run that sees to every feed.
        self.kept.extend(gone);
        Vec::new()
    }

    fn publish(&self, removed: &[String]) -> Result<(), PublishError> {
        let dir = &self.plan.output.dir;
        let paths = self.pages.iter().map(|(page, _)| page.path.as_str());
        publish::sweep(dir, paths.chain(self.before.files.iter().map(String::as_str)));
        let mut staged = Staged::default();
        for (page, status) in &self.pages {
            if *status != Status::Unchanged || self.options.force {
                staged.add(dir, page)?;
            }
        }
        staged.commit()?;
        publish::remove(dir, removed.iter().map(String::as_str))
    }

    fn published(&self) -> Published {
        let files = self.pages.iter().map(|(page, _)| page.path.clone()).chain(self.kept.iter().cloned());
        Published {
            feeds: self.titles.iter().cloned().collect(),
            files: files.collect(),
            tag: Some(self.plan.site.tag.clone()),
        }
    }
}

/// The path of the file that a path is of: its own, or without what a compressed file has behind it.
fn original(path: &str) -> &str {
    ENCODINGS.iter().find_map(|encoding| path.strip_suffix(encoding.extension())).unwrap_or(path)
}

/// Whether a page or the style sheet, of the kind that other programs write too, lacks this program's mark.
fn is_foreign(dir: &Path, path: &str) -> bool {
    let is_asset = [pages::STYLESHEET_PATH, pages::SCRIPT_PATH].contains(&path);
    let ours = |text: &[u8]| match is_asset {
        true => text.starts_with(pages::STYLESHEET_MARK.as_bytes()),
        false => String::from_utf8_lossy(text).contains(pages::GENERATOR),
    };
    let is_page = is_asset || path.rsplit('/').next() == Some("index.html");
    is_page && std::fs::read(dir.join(path)).is_ok_and(|text| !ours(&text))
}

/// What is known of a feed before it is decided whether it is published.
struct Proof {
    /// The first error that `check` finds, and how many warnings.
    fault: Option<String>,
    warnings: usize,
    /// What is published now.
    old: Option<ReadFeed>,
    /// The feed's files and pages, and whether they change what lies there.
    pages: Vec<(Page, Status)>,
    files: Vec<FileReport>,
    /// What subscribers notice, where a file changes.
    changes: Option<Changes>,
}

impl Proof {
    fn of(plan: &Plan, issue: &Issue, options: &Options) -> Self {
        let slug = &issue.plan.slug;
        let (format, old) = Old::found(plan, slug).unzip();
        let (mut pages, mut files) = (Vec::new(), Vec::new());
        if !options.asked_for(slug) {
            return Self { fault: None, warnings: 0, old, pages, files, changes: None };
        }
        let (fault, warnings) = judged(plan, issue, options.now);
        if let Some(feed) = &issue.feed {
            for (format, bytes) in &issue.documents {
                let page = Page { path: format!("{slug}/{}", format.file_name()), bytes: bytes.clone() };
                let status = publish::status(&plan.output.dir, &page);
                files.push(FileReport {
                    format: format.name().to_owned(),
                    path: page.path.clone(),
                    size: bytes.len(),
                    status,
                });
                pages.push((page, status));
            }
            for page in beside(plan, issue, feed) {
                let status = publish::status(&plan.output.dir, &page);
                pages.push((page, status));
            }
        }
        let mut changes = None;
        if files.iter().any(|file| file.status != Status::Unchanged)
            && let (Some(old), Some((first, bytes))) = (&old, issue.documents.first())
        {
            // Both are read in the same format, so that no difference of formats looks like a change.
            let is_same = format.is_some_and(|format| format.name() == first.name());
            let of_format = if is_same { None } else { Old::in_format(plan, slug, *first) };
            let new = reader::read(bytes).ok();
            changes = new.map(|new| compare(of_format.as_ref().unwrap_or(old), &new));
        }
        Self { fault, warnings, old, pages, files, changes }
    }
}

/// A feed's page, and its files under the paths that they had.
fn beside(plan: &Plan, issue: &Issue, feed: &crate::feed::Feed) -> Vec<Page> {
    let html = pages::feed_page(&site(plan), feed, &plan.output.formats);
    let mut pages =
        vec![Page { path: format!("{}/index.html", issue.plan.slug), bytes: html.into_bytes().into() }];
    for alias in &issue.plan.aliases {
        for (format, bytes) in &issue.documents {
            match alias.format {
                Some(wanted) if wanted.name() == format.name() => {
                    pages.push(Page { path: alias.path.clone(), bytes: bytes.clone() });
                }
                Some(_) => {}
                None => pages.push(Page {
                    path: format!("{}/{}", alias.path, format.file_name()),
                    bytes: bytes.clone(),
                }),
            }
        }
    }
    pages
}

/// What `check` finds in the files of a feed that is about to be published: the first error, and how many warnings.
fn judged(plan: &Plan, issue: &Issue, now: DateTime<Utc>) -> (Option<String>, usize) {
    let (mut fault, mut warnings) = (None, 0);
    for (format, bytes) in &issue.documents {
        let context = Context {
            address: issue.feed.as_ref().map(|feed| feed.file_url(format.file_name())),
            now: Some(now.timestamp()),
            overrides: plan.rules.clone(),
            ..Context::default()
        };
        for finding in check::check(bytes, &context).findings {
            match finding.severity {
                Severity::Error => {
                    fault.get_or_insert_with(|| {
                        let check::Finding { rule, line, column, message, .. } = &finding;
                        let file = format.file_name();
                        format!(
                            "{file} would be wrong at line {line}, column {column}: {message} ({})",
                            rule.id
                        )
                    });
                }
                Severity::Warning => warnings += 1,
                Severity::Info => {}
            }
        }
    }
    (fault, warnings)
}

/// A feed as it lies in the output folder.
struct Old;

impl Old {
    fn of(plan: &Plan, slug: &str) -> Option<ReadFeed> {
        Self::found(plan, slug).map(|(_, feed)| feed)
    }

    /// The same, with the format in which it was read.
    fn found(plan: &Plan, slug: &str) -> Option<(&'static dyn crate::formats::Format, ReadFeed)> {
        let mut formats = crate::formats::FORMATS.iter();
        formats.find_map(|format| Some((*format, Self::in_format(plan, slug, *format)?)))
    }

    fn in_format(plan: &Plan, slug: &str, format: &'static dyn crate::formats::Format) -> Option<ReadFeed> {
        let bytes = std::fs::read(plan.output.dir.join(slug).join(format.file_name())).ok()?;
        reader::read(&bytes).ok()
    }
}

/// What the index tells of a feed that stays as it is.
fn listed_from_disk(plan: &Plan, feed: &FeedPlan, old: &ReadFeed) -> Listed {
    let updated =
        old.entries.iter().filter_map(|entry| entry.updated_at().or_else(|| entry.published_at())).max();
    let unknown = listed(plan, feed);
    Listed {
        description: Text::line(&old.description),
        updated: updated.unwrap_or(unknown.updated),
        entries: old.entries.len(),
        newest: old.entries.first().map(|entry| entry.name().to_owned()),
        ..unknown
    }
}

/// What the index tells of a feed, as far as it does not depend on the articles.
fn listed(plan: &Plan, feed: &FeedPlan) -> Listed {
    let site = &plan.site;
    Listed {
        slug: feed.slug.clone(),
        title: feed.title.clone(),
        description: edition::description(plan, feed),
        language: feed.language.clone().unwrap_or_else(|| site.language.clone()),
        address: edition::address(plan, &feed.slug),
        home: feed.home.clone().unwrap_or_else(|| site.url.to_string()),
        updated: DateTime::<FixedOffset>::from(DateTime::<Utc>::MIN_UTC),
        entries: 0,
        newest: None,
    }
}
