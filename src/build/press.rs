//! One feed after another, on every core: documents are made, judged, compared with what is published, and where nothing
//! speaks against it handed on to be written. What is handed on is not kept.

use super::proof::{Old, Proof, listed_from_disk};
use super::rest::FeedRest;
use super::{FeedReport, FeedStatus, Options};
use crate::edition::{Issue, Outlined};
use crate::pages::{self, Listed};
use crate::plan::Plan;
use crate::precompress::{Effort, compress};
use crate::publish::{self, Page, PublishError, Stage, Status};
use crate::reader::ReadFeed;
use crate::state::Published;
use std::collections::BTreeSet;
use std::path::Path;

/// What all feeds are printed by.
pub struct Press<'a> {
    pub plan: &'a Plan,
    pub options: &'a Options,
    pub before: &'a Published,
    /// Whether a source gave nothing, now or ever: what is not among the articles may be in it.
    pub lacks_a_source: bool,
    /// `None`: nothing is written.
    pub stage: Option<&'a Stage<'a>>,
}

/// What was made of a feed.
pub struct Printed {
    /// `None`: the feed was not asked for.
    pub report: Option<FeedReport>,
    /// What the index tells of it; `None`: it is not published.
    pub listed: Option<Listed>,
    /// Whether its old files stay.
    pub stays: bool,
    pub placed: Vec<Placed>,
    /// Whether no article fits it.
    pub is_empty: bool,
    /// What is kept of it for the next run.
    pub rest: Option<FeedRest>,
}

/// What became of a file.
#[derive(Debug)]
pub enum Placed {
    /// It is put in place, or lies there already.
    New(String),
    /// It stays without having been made.
    Kept(String),
    /// Somebody else's stands in its place.
    Spared(String),
}

impl Press<'_> {
    /// Makes a feed and hands its files on.
    pub fn print(&self, outlined: Outlined) -> Result<Printed, PublishError> {
        if !self.options.asked_for(&outlined.plan.slug) {
            let old = Old::of(self.plan, &outlined.plan.slug);
            let listed = old.map(|old| listed_from_disk(self.plan, &outlined.plan, &old));
            let is_empty = !outlined.has_entries();
            return Ok(Printed {
                report: None,
                listed,
                stays: true,
                placed: Vec::new(),
                is_empty,
                rest: None,
            });
        }
        let mut issue = outlined.issue(self.plan);
        let proof = Proof::of(self.plan, &issue, self.options);
        let (report, old, pages) = self.decide(&issue, proof);
        // What is not handed on below is not needed any longer.
        issue.documents.clear();
        let stays = report.held.is_some();
        let mut placed = Vec::new();
        let listed = match &issue.feed {
            _ if stays => old.map(|old| listed_from_disk(self.plan, &issue.plan, &old)),
            None => None,
            Some(feed) => {
                for (page, status) in pages {
                    placed.extend(self.place(page, status)?);
                }
                Some(Listed::from(feed))
            }
        };
        Ok(Printed {
            listed,
            stays,
            placed,
            is_empty: issue.feed.is_none() && issue.cut.is_empty(),
            rest: Some(FeedRest::of(&issue, &report)),
            report: Some(report),
        })
    }

    /// What is to be reported of a feed, whether it may replace what is published, and what it would replace it by.
    fn decide(&self, issue: &Issue, proof: Proof) -> (FeedReport, Option<ReadFeed>, Vec<(Page, Status)>) {
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
        (report, old, pages)
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

    /// What a file is beside that which lies in its place.
    pub fn status(&self, page: &Page) -> Status {
        publish::status(&self.plan.output.dir, page)
    }

    /// Hands a file on, and behind it the same compressed: should this run be killed between the two, the next one sees
    /// by their times that the second is out of date. One whose original stays is not made again.
    ///
    /// Pages and a style sheet of somebody else that stand where this program's would, as where the whole site is
    /// published to the same folder, are left alone.
    pub fn place(&self, page: Page, status: Status) -> Result<Vec<Placed>, PublishError> {
        let dir = &self.plan.output.dir;
        if status == Status::Updated && !self.options.force && is_foreign(dir, &page.path) {
            return Ok(vec![Placed::Spared(page.path)]);
        }
        self.hand_on(&page, status)?;
        let mut placed = Vec::new();
        for encoding in &self.plan.output.precompress {
            let path = format!("{}{}", page.path, encoding.extension());
            if status == Status::Unchanged
                && !self.options.force
                && publish::is_as_new(dir, &path, &page.path)
            {
                placed.push(Placed::Kept(path));
                continue;
            }
            let bytes = compress(*encoding, &page.bytes, Effort::Thorough);
            let bytes = bytes.map_err(|source| PublishError::Write { path: dir.join(&path), source })?;
            // Out of date even where its bytes would stay: its time is what the next run looks at.
            let sibling = Page { path, bytes: bytes.into() };
            self.hand_on(&sibling, Status::Updated)?;
            placed.push(Placed::New(sibling.path));
        }
        placed.push(Placed::New(page.path));
        Ok(placed)
    }

    fn hand_on(&self, page: &Page, status: Status) -> Result<(), PublishError> {
        match self.stage {
            Some(stage) if status != Status::Unchanged || self.options.force => stage.add(page),
            _ => Ok(()),
        }
    }
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
