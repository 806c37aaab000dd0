//! Checks between documents: two versions of one feed, and the feeds of one folder.
//!
//! Boundary: works on what [`check`](super::check) noted of each document; reads no bytes itself.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

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

    /// Turns the offsets of entries into lines; `line` tells the one on which an offset is.
    pub(crate) fn number_lines(&mut self, line: impl Fn(usize) -> usize) {
        for entry in &mut self.entries {
            entry.line = line(entry.offset);
        }
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
    let mut folder = Folder::new(reports.iter().map(|(name, _)| *name).collect());
    for (index, (_, report)) in reports.iter().enumerate() {
        folder.add(index, report.kind, &report.facts);
    }
    folder.findings
}

/// What is known of the articles of a folder. Documents are added one by one, and need not be kept: what is remembered is every
/// article once, in however many feeds it is.
#[derive(Debug)]
pub struct Folder<'n> {
    /// The names of the documents, for messages.
    names: Vec<&'n str>,
    /// Where articles were met first, by the hashes of their addresses and of their ids.
    by_link: HashMap<u64, First, BuildHasherDefault<Hashed>>,
    by_id: HashMap<u64, First, BuildHasherDefault<Hashed>>,
    /// Their addresses and ids.
    text: String,
    /// Its key is not known outside, so that nobody can choose ids that come together.
    hasher: RandomState,
    findings: Vec<(usize, Finding)>,
}

/// Where an article was met first.
#[derive(Debug, Clone, Copy)]
struct First {
    document: usize,
    link: Piece,
    id: Piece,
}

/// What is a hash already is its own hash.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*b);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl<'n> Folder<'n> {
    /// A folder of documents of these names, of which none was added so far.
    pub fn new(names: Vec<&'n str>) -> Self {
        Self {
            names,
            by_link: HashMap::default(),
            by_id: HashMap::default(),
            text: String::new(),
            hasher: RandomState::new(),
            findings: Vec::new(),
        }
    }

    /// Compares the entries of a document with those of the documents that were added before.
    pub fn add(&mut self, document: usize, kind: Kind, facts: &Facts) {
        if kind == Kind::Opml {
            return;
        }
        for entry in &facts.entries {
            let (id, link) = (facts.id(entry), facts.link(entry));
            if !id.is_empty() && !link.is_empty() {
                self.compare(document, facts, entry, id, link);
            }
        }
    }

    fn compare(&mut self, document: usize, facts: &Facts, entry: &EntryFacts, id: &str, link: &str) {
        let mut own = None;
        let slot = self.by_link.entry(self.hasher.hash_one(link));
        let first = *slot.or_insert_with(|| *own.insert(First::of(document, id, link, &mut self.text)));
        if first.document != document && self.at(first.link) == link && self.at(first.id) != id {
            let (was, other) = (shortened(self.at(first.id)), self.name(first.document));
            let message = format!("the same article is `{was}` in {other}");
            self.findings.push((document, finding(&r::ID_DIFFERS_ACROSS_FEEDS, facts, entry, message, id)));
            return;
        }
        let slot = self.by_id.entry(self.hasher.hash_one(id));
        let first =
            *slot.or_insert_with(|| own.unwrap_or_else(|| First::of(document, id, link, &mut self.text)));
        if first.document != document && self.at(first.id) == id && self.at(first.link) != link {
            let (was, other) = (shortened(self.at(first.link)), self.name(first.document));
            let message = format!("{other} has it for `{was}`");
            self.findings.push((document, finding(&r::ID_SHARED_ACROSS_ARTICLES, facts, entry, message, id)));
        }
    }

    fn at(&self, piece: Piece) -> &str {
        self.text.get(piece.from..piece.to).unwrap_or_default()
    }

    fn name(&self, document: usize) -> &str {
        self.names.get(document).copied().unwrap_or_default()
    }

    /// What was found, each with the index of the document it is of.
    pub fn findings(self) -> Vec<(usize, Finding)> {
        self.findings
    }
}

impl First {
    fn of(document: usize, id: &str, link: &str, text: &mut String) -> Self {
        let mut keep = |part: &str| {
            let from = text.len();
            text.push_str(part);
            Piece { from, to: text.len() }
        };
        Self { document, link: keep(link), id: keep(id) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(entries: &[(&str, &str)]) -> Report {
        let mut facts = Facts::of(0);
        for (id, link) in entries {
            let entry = EntryFacts { id: facts.keep(id), link: facts.keep(link), ..EntryFacts::default() };
            facts.entries.push(entry);
        }
        Report { facts, ..Report::default() }
    }

    #[test]
    fn articles_are_compared_with_where_they_were_first() {
        let reports = [
            report(&[("1", "/a"), ("2", "/b")]),
            report(&[("1", "/a"), ("9", "/b")]),
            report(&[("1", "/c"), ("9", "")]),
        ];
        let named: Vec<(&str, &Report)> = ["x", "y", "z"].into_iter().zip(&reports).collect();
        let found: Vec<(usize, &str, String)> = check_folder(&named)
            .into_iter()
            .map(|(index, finding)| (index, finding.rule.id, finding.message))
            .collect();
        let expected = [
            (1, r::ID_DIFFERS_ACROSS_FEEDS.id, "the same article is `2` in x".to_owned()),
            (2, r::ID_SHARED_ACROSS_ARTICLES.id, "x has it for `/a`".to_owned()),
        ];
        assert_eq!(found, expected);
        assert!(check_folder(&named[..1]).is_empty());
    }
}
