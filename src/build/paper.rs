//! The files of an edition: which are put in place, which stay, and which go.

use super::press::{Placed, Press, Printed, is_foreign};
use super::proof::{Old, listed, listed_from_disk};
use super::rest::FeedRest;
use super::{FeedReport, FeedStatus, site};
use crate::edition::Outline;
use crate::pages::{self, Listed};
use crate::parallel;
use crate::plan::{FeedPlan, Feeds};
use crate::precompress::ENCODINGS;
use crate::publish::{Page, PublishError};
use crate::reader::ReadFeed;
use crate::selection::Filter;
use crate::state::Published;
use crate::text::Text;
use chrono::DateTime;
use std::collections::BTreeSet;

/// The files of an edition, and what is to become of them.
pub struct Paper<'a> {
    press: &'a Press<'a>,
    /// Files that are put in place, or lie there already.
    files: BTreeSet<String>,
    /// Files that stay as they are, since their feed was held back or was not asked for.
    kept: BTreeSet<String>,
    /// Pages of somebody else that stand where this program's would.
    spared: Vec<String>,
    /// What the index tells of every feed, in its order.
    listed: Vec<Listed>,
    titles: Vec<(String, String)>,
}

impl<'a> Paper<'a> {
    pub fn new(press: &'a Press<'a>) -> Self {
        Self {
            press,
            files: BTreeSet::new(),
            kept: BTreeSet::new(),
            spared: Vec::new(),
            listed: Vec::new(),
            titles: Vec::new(),
        }
    }

    /// Takes what was made of a feed.
    pub fn takes(&mut self, feed: &FeedPlan, printed: Printed) {
        match printed.stays {
            true => self.stays(feed, None),
            false => printed.placed.into_iter().for_each(|placed| self.has(placed)),
        }
        if let Some(listed) = printed.listed {
            self.lists(feed, listed);
        }
    }

    fn has(&mut self, placed: Placed) {
        match placed {
            Placed::New(path) => drop(self.files.insert(path)),
            Placed::Kept(path) => drop(self.kept.insert(path)),
            Placed::Spared(path) => self.spared.push(path),
        }
    }

    fn lists(&mut self, feed: &FeedPlan, listed: Listed) {
        self.listed.push(listed);
        self.titles.push((feed.slug.clone(), feed.title.to_string()));
    }

    /// Leaves a feed that would be what it is.
    pub fn rests(&mut self, feed: &FeedPlan, rest: &FeedRest) -> FeedReport {
        self.stays(feed, None);
        let updated = rest.updated.as_deref().and_then(|moment| DateTime::parse_from_rfc3339(moment).ok());
        if let Some(updated) = updated {
            let entries = rest.report.entries;
            let listed =
                Listed { updated, entries, newest: rest.newest.clone(), ..listed(self.press.plan, feed) };
            self.lists(feed, listed);
        }
        rest.report.clone()
    }

    /// Leaves a feed as it is on disk.
    fn stays(&mut self, feed: &FeedPlan, old: Option<&ReadFeed>) {
        let below = |folder: &str| {
            let folder = format!("{folder}/");
            let files = self.press.before.files.range(folder.clone()..);
            files.take_while(move |file| file.starts_with(&folder)).cloned().collect::<Vec<_>>()
        };
        self.kept.extend(below(&feed.slug));
        for alias in &feed.aliases {
            match alias.format {
                Some(_) => {
                    let files = self.press.before.files.range(alias.path.clone()..);
                    let files = files.take_while(|file| file.starts_with(&alias.path));
                    self.kept.extend(files.filter(|file| original(file) == alias.path).cloned());
                }
                None => self.kept.extend(below(&alias.path)),
            }
        }
        if let Some(old) = old {
            self.lists(feed, listed_from_disk(self.press.plan, feed, old));
        }
    }

    /// Where feeds follow from the categories met, one whose category is met no longer has turned empty, too.
    pub fn vanished_categories(&mut self, feeds: &[FeedPlan], reports: &mut Vec<FeedReport>) {
        let only_some = !self.press.options.only.is_empty();
        if !matches!(self.press.plan.feeds, Feeds::EveryCategory)
            || (self.press.options.allow_shrink && !only_some)
        {
            return;
        }
        for (slug, title) in &self.press.before.feeds {
            if feeds.iter().any(|feed| feed.slug == *slug) {
                continue;
            }
            let Some(old) = Old::of(self.press.plan, slug) else { continue };
            let feed = FeedPlan::new(&Text::line(title), Filter::default(), self.press.plan.output.window);
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
    pub fn front(&mut self) -> Result<(), PublishError> {
        let plan = self.press.plan;
        let (site, formats) = (site(plan), &plan.output.formats);
        let feeds = &self.listed;
        // A list of nothing is no OPML: its body must have an outline.
        let opml = (!feeds.is_empty()).then(|| ("feeds.opml", pages::opml(&site, feeds, formats)));
        let front = [
            (pages::STYLESHEET_PATH, pages::STYLESHEET.to_owned()),
            (pages::SCRIPT_PATH, pages::SCRIPT.to_owned()),
            ("index.html", pages::index_page(&site, feeds, formats)),
        ];
        let placed = parallel::map(front.into_iter().chain(opml).collect(), |(path, text)| {
            let page = Page { path: path.to_owned(), bytes: text.into_bytes().into() };
            let status = self.press.status(&page);
            self.press.place(page, status)
        });
        for placed in placed {
            placed?.into_iter().for_each(|placed| self.has(placed));
        }
        Ok(())
    }

    /// Says which pages and style sheets of somebody else were left alone.
    pub fn spared(&self) -> Option<String> {
        let (first, rest) = self.spared.split_first()?;
        let rest = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        Some(format!(
            "{first}{rest} in {} is not of bantin's making and stays as it is; another `output.dir` keeps the two apart, --force replaces it",
            self.press.plan.output.dir.display()
        ))
    }

    /// Files of earlier runs that no feed has any longer. Of files that this program did not write it knows nothing.
    pub fn stale(&mut self) -> Vec<String> {
        let (before, dir) = (self.press.before.files.iter(), &self.press.plan.output.dir);
        let gone = before.filter(|file| !self.files.contains(*file) && !self.kept.contains(*file));
        let gone: Vec<String> = gone.filter(|file| !is_foreign(dir, file)).cloned().collect();
        if self.press.options.only.is_empty() {
            return gone;
        }
        // They are the business of a run that sees to every feed.
        self.kept.extend(gone);
        Vec::new()
    }

    pub fn published(self) -> Published {
        Published {
            feeds: self.titles.into_iter().collect(),
            files: self.files.into_iter().chain(self.kept).collect(),
            tag: Some(self.press.plan.site.tag.clone()),
        }
    }
}

/// The files that feeds of these plans may have, beside what every edition has: names of files that a run may leave behind.
pub fn possible(press: &Press<'_>, outline: &Outline) -> BTreeSet<String> {
    let formats = &press.plan.output.formats;
    let of_feed = |feed: &FeedPlan| {
        let folder = |folder: &str| {
            formats.iter().map(|format| format!("{folder}/{}", format.file_name())).collect::<Vec<_>>()
        };
        let mut paths = folder(&feed.slug);
        paths.push(format!("{}/index.html", feed.slug));
        for alias in &feed.aliases {
            match alias.format {
                Some(_) => paths.push(alias.path.clone()),
                None => paths.extend(folder(&alias.path)),
            }
        }
        paths
    };
    let made =
        outline.feeds.iter().filter(|feed| feed.has_entries() && press.options.asked_for(&feed.plan.slug));
    let front = [pages::STYLESHEET_PATH, pages::SCRIPT_PATH, "index.html", "feeds.opml"];
    let mut paths: BTreeSet<String> =
        made.flat_map(|feed| of_feed(&feed.plan)).chain(front.map(str::to_owned)).collect();
    paths.retain(|path| press.before.files.contains(path) || !is_foreign(&press.plan.output.dir, path));
    let siblings = paths.iter().flat_map(|path| {
        press.plan.output.precompress.iter().map(move |encoding| format!("{path}{}", encoding.extension()))
    });
    let siblings: Vec<String> = siblings.collect();
    paths.extend(siblings);
    paths
}

/// The path of the file that a path is of: its own, or without what a compressed file has behind it.
pub fn original(path: &str) -> &str {
    ENCODINGS.iter().find_map(|encoding| path.strip_suffix(encoding.extension())).unwrap_or(path)
}
