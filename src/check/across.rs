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

/// A part of the text that [`Facts`] keep.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    from: usize,
    to: usize,
}

/// What is noted of an entry, for comparing it with others. Its texts are with the [`Facts`] that it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFacts {
    pub(crate) id: Piece,
    pub(crate) link: Piece,
    pub(crate) title: Piece,
    /// Its path without its number, which is 0 where there is none.
    pub(crate) path: Piece,
    pub(crate) number: usize,
    /// Seconds since 1970, UTC.
    pub published: Option<i64>,
    pub updated: Option<i64>,
    /// Width and height of its largest image, in pixels, where they are stated.
    pub image: Option<(u32, u32)>,
    /// Line of the entry, from 1.
    pub line: usize,
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
    /// All that the entries say, one after the other: a string for each would cost more than all else that is noted.
    text: String,
}

impl Facts {
    /// Of a document of so many bytes, of which nothing is noted so far.
    pub(crate) fn of(size: usize) -> Self {
        // What entries of summaries take, roughly.
        let entries = (size / 1024).min(1024);
        Self {
            entries: Vec::with_capacity(entries),
            count: 0,
            size,
            text: String::with_capacity(entries * 256),
        }
    }

    /// Keeps a text, no more than 2000 bytes of it.
    pub(crate) fn keep(&mut self, text: &str) -> Piece {
        let from = self.text.len();
        self.text.push_str(text.get(..text.floor_char_boundary(2000)).unwrap_or_default());
        Piece { from, to: self.text.len() }
    }

    fn piece(&self, piece: Piece) -> &str {
        self.text.get(piece.from..piece.to).unwrap_or_default()
    }

    /// guid, Atom id or JSON Feed id of an entry; empty where there is none.
    pub fn id(&self, entry: &EntryFacts) -> &str {
        self.piece(entry.id)
    }

    /// The article's address.
    pub fn link(&self, entry: &EntryFacts) -> &str {
        self.piece(entry.link)
    }

    /// The title of an entry.
    pub fn title(&self, entry: &EntryFacts) -> &str {
        self.piece(entry.title)
    }

    /// Path of an entry in its document.
    pub fn path(&self, entry: &EntryFacts) -> String {
        let path = self.piece(entry.path);
        match entry.number {
            0 => path.to_owned(),
            number => format!("{path}[{number}]"),
        }
    }
}

fn finding(rule: &'static Rule, facts: &Facts, entry: &EntryFacts, message: String, value: &str) -> Finding {
    Finding {
        rule,
        severity: rule.severity,
        line: entry.line.max(1),
        column: 1,
        path: facts.path(entry),
        message,
        value: shortened(value),
        help: rule.mend.to_owned(),
    }
}

/// Compares two versions of one feed, and reports what should not have changed. Findings are of the new version.
pub fn check_versions(old: &Report, new: &Report) -> Vec<Finding> {
    let by = |of: for<'f> fn(&'f Facts, &EntryFacts) -> &'f str| -> HashMap<&str, &EntryFacts> {
        let entries = old.facts.entries.iter().map(|entry| (of(&old.facts, entry), entry));
        entries.filter(|(text, _)| !text.is_empty()).collect()
    };
    let (by_link, by_id) = (by(Facts::link), by(Facts::id));
    let mut findings = Vec::new();
    for entry in &new.facts.entries {
        let id = new.facts.id(entry);
        if let Some(before) = by_link.get(new.facts.link(entry))
            && let was = old.facts.id(before)
            && !id.is_empty()
            && !was.is_empty()
            && was != id
            && !by_id.contains_key(id)
        {
            let message = format!("the id was `{}`", shortened(was));
            findings.push(finding(&r::UNSTABLE_ID, &new.facts, entry, message, id));
        }
        if let Some(before) = by_id.get(id)
            && let (Some(was), Some(is)) = (before.published, entry.published)
            && was != is
        {
            let message = "the article was published at another moment in the version before".to_owned();
            findings.push(finding(&r::CHANGED_PUBLICATION_DATE, &new.facts, entry, message, id));
        }
    }
    findings
}

/// Compares the feeds of one folder: every article must have one id in all of them. Each finding comes with the index of the
/// document it is of.
pub fn check_folder(reports: &[(&str, &Report)]) -> Vec<(usize, Finding)> {
    let mut by_link: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut by_id: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut findings = Vec::new();
    for (index, (_, report)) in reports.iter().enumerate() {
        if report.kind == Kind::Opml {
            continue;
        }
        let facts = &report.facts;
        for entry in &facts.entries {
            let (id, link) = (facts.id(entry), facts.link(entry));
            if id.is_empty() || link.is_empty() {
                continue;
            }
            let (other, first) = *by_link.entry(link).or_insert((index, id));
            let name = |index: usize| reports.get(index).map_or("", |(name, _)| *name);
            if other != index && first != id {
                let message = format!("the same article is `{}` in {}", shortened(first), name(other));
                findings.push((index, finding(&r::ID_DIFFERS_ACROSS_FEEDS, facts, entry, message, id)));
                continue;
            }
            let (other, first) = *by_id.entry(id).or_insert((index, link));
            if other != index && first != link {
                let message = format!("{} has it for `{}`", name(other), shortened(first));
                findings.push((index, finding(&r::ID_SHARED_ACROSS_ARTICLES, facts, entry, message, id)));
            }
        }
    }
    findings
}
