//! The files of an edition: which are put in place, which stay, which go, and what is held back.

use super::proof::{Old, Proof, listed, listed_from_disk};
use super::rest::FeedRest;
use super::{FeedReport, FeedStatus, Options, site};
use crate::edition::{Edition, Issue};
use crate::pages::{self, Listed};
use crate::parallel;
use crate::plan::{FeedPlan, Feeds, Plan};
use crate::precompress::{ENCODINGS, Effort, compress};
use crate::publish::{self, Page, PublishError, Staged, Status};
use crate::reader::ReadFeed;
use crate::selection::Filter;
use crate::state::Published;
use crate::text::Text;
use chrono::DateTime;
use std::collections::BTreeSet;
use std::path::Path;

/// The files of an edition, and what is to become of them.
pub struct Paper<'a> {
    pub plan: &'a Plan,
    pub options: &'a Options,
    pub before: &'a Published,
    /// Files to be put in place.
    pub pages: Vec<(Page, Status)>,
    /// Files that stay as they are, since their feed was held back or was not asked for.
    pub kept: BTreeSet<String>,
    /// What the index tells of every feed, in its order.
    pub listed: Vec<Listed>,
    pub titles: Vec<(String, String)>,
    /// Whether a source gave nothing, now or ever: what is not among the articles may be in it.
    pub lacks_a_source: bool,
}

impl<'a> Paper<'a> {
    pub fn new(plan: &'a Plan, options: &'a Options, before: &'a Published) -> Self {
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
    pub fn feed(&mut self, issue: &Issue, proof: Proof) -> FeedReport {
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
    pub fn reason_to_hold(&self, issue: &Issue, old: Option<&ReadFeed>) -> Option<String> {
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
    pub fn rests(&mut self, feed: &FeedPlan, rest: &FeedRest) -> FeedReport {
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
    pub fn stays(&mut self, feed: &FeedPlan, old: Option<&ReadFeed>) {
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
    pub fn vanished_categories(&mut self, edition: &Edition, reports: &mut Vec<FeedReport>) {
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
    pub fn front(&mut self) {
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
    pub fn spare(&mut self) -> Option<String> {
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
    pub fn precompress(&mut self) -> Result<(), PublishError> {
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
    pub fn stale(&mut self) -> Vec<String> {
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

    pub fn publish(&self, removed: &[String]) -> Result<(), PublishError> {
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

    pub fn published(&self) -> Published {
        let files = self.pages.iter().map(|(page, _)| page.path.clone()).chain(self.kept.iter().cloned());
        Published {
            feeds: self.titles.iter().cloned().collect(),
            files: files.collect(),
            tag: Some(self.plan.site.tag.clone()),
        }
    }
}

/// The path of the file that a path is of: its own, or without what a compressed file has behind it.
pub fn original(path: &str) -> &str {
    ENCODINGS.iter().find_map(|encoding| path.strip_suffix(encoding.extension())).unwrap_or(path)
}

/// Whether a page or the style sheet, of the kind that other programs write too, lacks this program's mark.
pub fn is_foreign(dir: &Path, path: &str) -> bool {
    let is_asset = [pages::STYLESHEET_PATH, pages::SCRIPT_PATH].contains(&path);
    let ours = |text: &[u8]| match is_asset {
        true => text.starts_with(pages::STYLESHEET_MARK.as_bytes()),
        false => String::from_utf8_lossy(text).contains(pages::GENERATOR),
    };
    let is_page = is_asset || path.rsplit('/').next() == Some("index.html");
    is_page && std::fs::read(dir.join(path)).is_ok_and(|text| !ours(&text))
}
