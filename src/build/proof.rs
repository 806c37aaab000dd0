//! What is known of a feed before it is decided whether it is published: its files, what `check` finds in them, and what lies
//! in their place.

use super::{FileReport, Options, site};
use crate::check::{self, Context, Severity};
use crate::compare::{Changes, compare};
use crate::edition::{self, Issue};
use crate::pages::{self, Listed};
use crate::plan::{FeedPlan, Plan};
use crate::publish::{self, Page, Status};
use crate::reader::{self, ReadFeed};
use crate::text::Text;
use chrono::{DateTime, FixedOffset, Utc};

/// What is known of a feed before it is decided whether it is published.
pub struct Proof {
    /// The first error that `check` finds, and how many warnings.
    pub fault: Option<String>,
    pub warnings: usize,
    /// What is published now.
    pub old: Option<ReadFeed>,
    /// The feed's files and pages, and whether they change what lies there.
    pub pages: Vec<(Page, Status)>,
    pub files: Vec<FileReport>,
    /// What subscribers notice, where a file changes.
    pub changes: Option<Changes>,
}

impl Proof {
    pub fn of(plan: &Plan, issue: &Issue, options: &Options) -> Self {
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
pub fn beside(plan: &Plan, issue: &Issue, feed: &crate::feed::Feed) -> Vec<Page> {
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
pub fn judged(plan: &Plan, issue: &Issue, now: DateTime<Utc>) -> (Option<String>, usize) {
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
pub struct Old;

impl Old {
    pub fn of(plan: &Plan, slug: &str) -> Option<ReadFeed> {
        Self::found(plan, slug).map(|(_, feed)| feed)
    }

    /// The same, with the format in which it was read.
    pub fn found(plan: &Plan, slug: &str) -> Option<(&'static dyn crate::formats::Format, ReadFeed)> {
        let mut formats = crate::formats::FORMATS.iter();
        formats.find_map(|format| Some((*format, Self::in_format(plan, slug, *format)?)))
    }

    pub fn in_format(
        plan: &Plan,
        slug: &str,
        format: &'static dyn crate::formats::Format,
    ) -> Option<ReadFeed> {
        let bytes = std::fs::read(plan.output.dir.join(slug).join(format.file_name())).ok()?;
        reader::read(&bytes).ok()
    }
}

/// What the index tells of a feed that stays as it is.
pub fn listed_from_disk(plan: &Plan, feed: &FeedPlan, old: &ReadFeed) -> Listed {
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
pub fn listed(plan: &Plan, feed: &FeedPlan) -> Listed {
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
