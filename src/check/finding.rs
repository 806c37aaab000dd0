//! A fault found, and the list in which faults are gathered: sorted, each once, bounded.

use std::collections::HashMap;

use super::rule::{Rule, Severity};

/// The longest value a finding shows, in characters.
const SHOWN: usize = 80;

/// One fault, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static Rule,
    /// The rule's own severity, unless the user gave it another.
    pub severity: Severity,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Path of the element, `/rss/channel/item[3]/guid`, or of the member, `/items[2]/url`; empty for the document.
    pub path: String,
    /// What is wrong, in a lower-case fragment.
    pub message: String,
    /// The value found, shortened; empty where there is none.
    pub value: String,
    /// What would be right.
    pub help: String,
}

/// Findings as they are made: offsets instead of lines.
#[derive(Debug)]
struct Raw {
    rule: &'static Rule,
    offset: usize,
    path: String,
    message: String,
    value: String,
    help: String,
}

/// Gathers findings. No more than `limit` of one rule are kept, however many there are, so that memory stays bounded.
#[derive(Debug)]
pub(crate) struct Sink {
    raw: Vec<Raw>,
    counts: HashMap<&'static str, usize>,
    limit: usize,
    /// An error was found.
    pub(crate) wrong: bool,
}

impl Sink {
    pub(crate) fn new(limit: usize) -> Self {
        Self { raw: Vec::new(), counts: HashMap::new(), limit, wrong: false }
    }

    /// Whether a finding of this rule would be kept; counts it. Ask before building messages.
    pub(crate) fn admits(&mut self, rule: &'static Rule) -> bool {
        self.wrong |= rule.severity == Severity::Error;
        let count = self.counts.entry(rule.id).or_insert(0);
        *count += 1;
        *count <= self.limit
    }

    pub(crate) fn push(
        &mut self,
        rule: &'static Rule,
        offset: usize,
        path: String,
        message: String,
        value: &str,
        help: impl Into<String>,
    ) {
        self.raw.push(Raw { rule, offset, path, message, value: shortened(value), help: help.into() });
    }

    /// Sorts by place and rule, drops repetitions, turns offsets into lines and columns of `text`. One pass over the text.
    /// Returns the findings and how many were made beyond the limit.
    pub(crate) fn finish(mut self, text: &str) -> (Vec<Finding>, usize) {
        self.raw.sort_by(|a, b| {
            (a.offset, a.rule.id, &a.path, &a.message).cmp(&(b.offset, b.rule.id, &b.path, &b.message))
        });
        self.raw.dedup_by(|a, b| {
            a.offset == b.offset && a.rule == b.rule && a.path == b.path && a.value == b.value
        });
        let omitted = self.counts.values().map(|count| count.saturating_sub(self.limit)).sum();
        let mut place = Place::default();
        let findings = self
            .raw
            .into_iter()
            .map(|raw| {
                place.advance(text, raw.offset);
                Finding {
                    rule: raw.rule,
                    severity: raw.rule.severity,
                    line: place.line + 1,
                    column: place.column + 1,
                    path: raw.path,
                    message: raw.message,
                    value: raw.value,
                    help: raw.help,
                }
            })
            .collect();
        (findings, omitted)
    }
}

/// A cursor that turns rising offsets into lines and columns without going over the text again.
#[derive(Default)]
struct Place {
    offset: usize,
    line: usize,
    column: usize,
}

impl Place {
    fn advance(&mut self, text: &str, to: usize) {
        let to = text.floor_char_boundary(to.min(text.len()));
        let Some(between) = text.get(self.offset..to) else { return };
        match memchr::memrchr(b'\n', between.as_bytes()) {
            Some(last) => {
                self.line += memchr::memchr_iter(b'\n', between.as_bytes()).count();
                self.column = between.get(last + 1..).map_or(0, |rest| rest.chars().count());
            }
            None => self.column += between.chars().count(),
        }
        self.offset = to;
    }
}

/// A value made fit for one line: white space run together, cut after [`SHOWN`] characters.
pub(crate) fn shortened(value: &str) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut gap = false;
    for c in value.trim().chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap {
            out.push(' ');
            count += 1;
            gap = false;
        }
        if count >= SHOWN {
            out.push('…');
            break;
        }
        // A control character would play tricks on a terminal.
        out.push(if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
        count += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let mut place = Place::default();
        let text = "aé\nđĐx";
        place.advance(text, 3);
        assert_eq!((place.line, place.column), (0, 2));
        place.advance(text, text.len());
        assert_eq!((place.line, place.column), (1, 3));
        place.advance(text, text.len() + 9);
        assert_eq!((place.line, place.column), (1, 3));
    }

    #[test]
    fn values_are_shortened_to_one_line() {
        assert_eq!(shortened("  a\n\n b "), "a b");
        assert_eq!(shortened(&"đ".repeat(100)).chars().count(), SHOWN + 1);
        assert_eq!(shortened("a\u{1b}[0m"), "a\u{fffd}[0m");
    }
}
