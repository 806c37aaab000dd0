//! Checks between documents: two versions of one feed, and the feeds of one folder.
//!
//! Boundary: works on what [`check`](super::check) noted of each document; reads no bytes itself.

use std::collections::HashMap;

use super::finding::{Finding, shortened};
use super::rule::Rule;
use super::rules as r;
use super::{Kind, Report};

/// How many entries of a document are noted.
pub(crate) const NOTED: usize = 100_000;

/// What is noted of an entry, for comparing it with others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFacts {
    /// guid, Atom id or JSON Feed id; empty where there is none.
    pub id: String,
    /// The article's address.
    pub link: String,
    pub title: String,
    /// Seconds since 1970, UTC.
    pub published: Option<i64>,
    pub updated: Option<i64>,
    /// Width and height of its largest image, in pixels, where they are stated.
    pub image: Option<(u32, u32)>,
    /// Line of the entry, from 1.
    pub line: usize,
    /// Path of the entry.
    pub path: String,
    pub(crate) offset: usize,
}

/// What is noted of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The entries, in their order; no more than 100,000.
    pub entries: Vec<EntryFacts>,
    /// How many entries there are.
    pub count: usize,
    /// Size of the document as text in UTF-8, in bytes.
    pub size: usize,
}

fn finding(rule: &'static Rule, entry: &EntryFacts, message: String, value: &str) -> Finding {
    Finding {
        rule,
        severity: rule.severity,
        line: entry.line.max(1),
        column: 1,
        path: entry.path.clone(),
        message,
        value: shortened(value),
        help: rule.mend.to_owned(),
    }
}

/// Compares two versions of one feed, and reports what should not have changed. Findings are of the new version.
pub fn check_versions(old: &Report, new: &Report) -> Vec<Finding> {
    let by_link: HashMap<&str, &EntryFacts> = old
        .facts
        .entries
        .iter()
        .filter(|entry| !entry.link.is_empty())
        .map(|entry| (entry.link.as_str(), entry))
        .collect();
    let by_id: HashMap<&str, &EntryFacts> = old
        .facts
        .entries
        .iter()
        .filter(|entry| !entry.id.is_empty())
        .map(|entry| (entry.id.as_str(), entry))
        .collect();
    let mut findings = Vec::new();
    for entry in &new.facts.entries {
        if let Some(before) = by_link.get(entry.link.as_str())
            && !entry.id.is_empty()
            && !before.id.is_empty()
            && before.id != entry.id
            && !by_id.contains_key(entry.id.as_str())
        {
            findings.push(finding(
                &r::UNSTABLE_ID,
                entry,
                format!("the id was `{}`", shortened(&before.id)),
                &entry.id,
            ));
        }
        if let Some(before) = by_id.get(entry.id.as_str())
            && let (Some(was), Some(is)) = (before.published, entry.published)
            && was != is
        {
            let message = "the article was published at another moment in the version before".to_owned();
            findings.push(finding(&r::CHANGED_PUBLICATION_DATE, entry, message, &entry.id));
        }
    }
    findings
}

/// Compares the feeds of one folder: every article must have one id in all of them. Each finding comes with the index of the
/// document it is of.
pub fn check_folder(reports: &[(&str, &Report)]) -> Vec<(usize, Finding)> {
    let mut by_link: HashMap<&str, (usize, &EntryFacts)> = HashMap::new();
    let mut by_id: HashMap<&str, (usize, &EntryFacts)> = HashMap::new();
    let mut findings = Vec::new();
    for (index, (_, report)) in reports.iter().enumerate() {
        if report.kind == Kind::Opml {
            continue;
        }
        for entry in
            report.facts.entries.iter().filter(|entry| !entry.id.is_empty() && !entry.link.is_empty())
        {
            let (other, first) = *by_link.entry(entry.link.as_str()).or_insert((index, entry));
            let name = |index: usize| reports.get(index).map_or("", |(name, _)| *name);
            if other != index && first.id != entry.id {
                let message = format!("the same article is `{}` in {}", shortened(&first.id), name(other));
                findings.push((index, finding(&r::ID_DIFFERS_ACROSS_FEEDS, entry, message, &entry.id)));
                continue;
            }
            let (other, first) = *by_id.entry(entry.id.as_str()).or_insert((index, entry));
            if other != index && first.link != entry.link {
                let message = format!("{} has it for `{}`", name(other), shortened(&first.link));
                findings.push((index, finding(&r::ID_SHARED_ACROSS_ARTICLES, entry, message, &entry.id)));
            }
        }
    }
    findings
}
