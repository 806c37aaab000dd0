//! The main job, end to end: read, select, assemble, render, check, publish.
//!
//! The clock is an argument. Files wait beside their targets while the rest is made; nothing that is published is replaced
//! before everything that can go wrong has gone wrong.

mod paper;
mod past;
mod press;
mod proof;
mod rest;

pub use past::Past;

use crate::compare::Changes;
use crate::config::nearest;
use crate::diagnostic::{Diagnostic, Effect};
use crate::edition::{self, Edition, Issue, Outline, Outlined, Recall};
use crate::gather::{Bookmark, Checkpoint, Counts, GatherError, Gathered, Progress};
use crate::intake::{self, Ask, Circumstances, IntakeError, SourceFailure};
use crate::pages;
use crate::parallel;
use crate::plan::{FeedPlan, Plan};
use crate::publish::{self, Lock, PublishError, Status};
use crate::selection::Met;
use crate::standstill::{self, Standstill};
use crate::state::{LedgerError, Published};
use chrono::{DateTime, Utc};
use paper::Paper;
use press::Press;
use rest::{FeedRest, Rest};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
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

/// A way to read the sources: [`crate::gather::plainly`] or [`crate::gather::streamed`].
pub type Gather =
    fn(&Plan, &(dyn Recall + Sync), DateTime<Utc>, &dyn Progress) -> Result<Gathered, GatherError>;

/// Reads the articles and makes every feed, but for its documents, without writing anything: what `list` and `explain`
/// begin with.
pub fn prepare(
    plan: &Plan,
    past: &Past,
    now: DateTime<Utc>,
    gather: Gather,
    progress: &dyn Progress,
) -> Result<(Gathered, Edition), BuildError> {
    let gathered = gather(plan, past, now, progress)?;
    let articles = gathered.articles.clone();
    let Outline { feeds, memories, diagnostics } = edition::outline(plan, &gathered, articles, past, now)?;
    // What feeds hold is wanted, not their files: all of them at once would fill the memory.
    let feeds = parallel::map(feeds, |feed| Issue { documents: Vec::new(), ..feed.issue(plan) });
    Ok((gathered, Edition { feeds, memories, diagnostics }))
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
    let articles = std::mem::take(&mut gathered.articles);
    let outline = edition::outline(plan, &gathered, articles, &past, options.now)?;
    known_slugs(&outline, &options.only)?;
    let diagnostics = on_entries(&outline, &rest);
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
    if plan.sources.is_empty() {
        report.notices.push("there is no [[source]] in feeds.toml: no articles are read".to_owned());
    }
    let press = Press { plan, options, before: &past.published, lacks_a_source, stage: None };
    if options.dry_run || report.refused {
        print(&press, outline.feeds, &gathered, &rest, &mut report)?;
        return Ok(report);
    }
    // What an article's date depends on is remembered before the date is published.
    let recovered = past.memories.iter().filter(|(id, _)| !outline.memories.contains_key(*id));
    let mut memories = recovered.chain(&outline.memories).peekable();
    if memories.peek().is_some() {
        past.ledger.remember(memories.map(|(id, memory)| (id.as_str(), *memory)))?;
    }
    // So are the names of new files before the files: should this run be killed, the next one knows what to remove.
    let mut intended = past.published.clone();
    intended.files.extend(paper::possible(&press, &outline));
    if intended != past.published {
        past.ledger.publish(&intended)?;
    }
    publish::sweep(&plan.output.dir, intended.files.iter().map(String::as_str));
    let ((published, rest), staged) = publish::stage(&plan.output.dir, |stage| {
        let press = Press { stage: Some(stage), ..press };
        print(&press, outline.feeds, &gathered, &rest, &mut report)
    })?;
    staged.commit()?;
    publish::remove(&plan.output.dir, report.removed.iter().map(String::as_str))?;
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
        && let Some(rest) = to_rest(plan, rest, &published)
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
fn to_rest(plan: &Plan, feeds: BTreeMap<String, FeedRest>, published: &Published) -> Option<String> {
    let print = standstill::of_output(&plan.output.dir, &published.files)?;
    serde_json::to_string(&Rest { print, feeds }).ok()
}

/// Makes every feed and what is of no one feed; what is published then, and what is kept of the feeds.
fn print(
    press: &Press<'_>,
    outlined: Vec<Outlined>,
    gathered: &Gathered,
    rest: &BTreeMap<String, FeedRest>,
    report: &mut Report,
) -> Result<(Published, BTreeMap<String, FeedRest>), PublishError> {
    let mut paper = Paper::new(press);
    let plans: Vec<FeedPlan> = outlined.iter().map(|outlined| outlined.plan.clone()).collect();
    let printed = parallel::map(outlined, |outlined| match outlined.is_untouched() {
        true => Ok(None),
        false => press.print(outlined).map(Some),
    });
    let mut kept = BTreeMap::new();
    for (feed, printed) in plans.iter().zip(printed) {
        let printed = printed?;
        if printed.as_ref().is_none_or(|printed| printed.is_empty) {
            report.notices.extend(unmet(feed, &gathered.categories));
        }
        match printed {
            Some(mut printed) => {
                report.feeds.extend(printed.report.take());
                kept.extend(printed.rest.take().map(|rest| (feed.slug.clone(), rest)));
                paper.takes(feed, printed);
            }
            None => {
                if let Some(rest) = rest.get(&feed.slug) {
                    report.feeds.push(paper.rests(feed, rest));
                    kept.insert(feed.slug.clone(), rest.clone());
                }
            }
        }
    }
    paper.vanished_categories(&plans, &mut report.feeds);
    paper.front()?;
    report.notices.extend(paper.spared());
    report.removed = paper.stale();
    Ok((paper.published(), kept))
}

/// Remarks on the entries of all feeds, each once.
fn on_entries(outline: &Outline, rest: &BTreeMap<String, FeedRest>) -> Vec<Diagnostic> {
    let mut told = HashSet::new();
    let of_feed = |feed: &Outlined| match rest.get(&feed.plan.slug).filter(|_| feed.is_untouched()) {
        Some(rest) => rest.diagnostics.clone(),
        None => feed.diagnostics.clone(),
    };
    let all = outline.feeds.iter().flat_map(of_feed);
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

fn known_slugs(outline: &Outline, only: &[String]) -> Result<(), BuildError> {
    let known = || outline.feeds.iter().map(|feed| feed.plan.slug.clone());
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
