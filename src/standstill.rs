//! Whether anything has changed since the last run: if not, nothing needs to be read.
//!
//! What is trusted: what the system tells of a file ([`crate::seen`]). A source that was changed within a second of the run, by the clock of its file system, is not trusted to be
//! seen changing again. Of feeds.toml every byte counts, and of the program and the output the same as of sources, so that a file which
//! somebody removed or edited is written again. The clock counts where an embargo ends or an article expires.

use crate::plan::Plan;
use crate::seen::{Seen, Written};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

/// What the last run depended on, as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standstill {
    /// The hash of what is looked at, in hexadecimal.
    pub print: String,
    /// The moment of the run, in seconds.
    pub from: i64,
    /// The first moment, in seconds, at which something changes of itself.
    pub until: Option<i64>,
    /// What was reported, as JSON.
    pub report: serde_json::Value,
}

impl Standstill {
    /// Whether a run at that moment that sees that print would do nothing.
    pub fn holds(&self, print: &str, now: DateTime<Utc>) -> bool {
        let now = now.timestamp();
        self.print == print && now >= self.from && self.until.is_none_or(|until| now < until)
    }
}

/// What a run depends on besides sources and output: the program, which in another version may write other bytes, and
/// feeds.toml.
pub fn of_program(plan: &Plan) -> Option<u128> {
    let mut print = Xxh3::new();
    look(&mut print, &Seen::at(&std::env::current_exe().ok()?).ok()?);
    print.update(&plan.words.to_le_bytes());
    Some(print.digest128())
}

/// The hash of the sources, as far as that can be told without reading them; `None` where it cannot be trusted. `now` is a
/// file that was just written.
pub fn of_sources(plan: &Plan, now: &Path) -> Option<Xxh3> {
    let now = Written::at(now).ok()?;
    let mut print = Xxh3::new();
    print.update(&of_program(plan)?.to_le_bytes());
    for file in plan.sources.iter().flat_map(|source| &source.files) {
        let seen = file.seen.filter(|seen| seen.is_file)?;
        print.update(file.name().as_bytes());
        look(&mut print, &seen);
        if !seen.is_older(now) {
            return None;
        }
    }
    Some(print)
}

/// The print of files below the output folder; `None` where one of them is missing.
pub fn of_output(dir: &Path, files: &BTreeSet<String>) -> Option<String> {
    with_output(Xxh3::new(), dir, files)
}

/// The print of the sources and of files below the output folder.
pub fn with_output(mut print: Xxh3, dir: &Path, files: &BTreeSet<String>) -> Option<String> {
    print.update(dir.as_os_str().as_encoded_bytes());
    for file in files {
        let seen = Seen::at(&dir.join(file)).ok()?;
        print.update(file.as_bytes());
        look(&mut print, &seen);
    }
    Some(format!("{:032x}", print.digest128()))
}

fn look(print: &mut Xxh3, seen: &Seen) {
    print.update(&seen.print.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standstill_ends_when_something_is_due() {
        let still =
            Standstill { print: "a".into(), from: 10, until: Some(20), report: serde_json::Value::Null };
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert!(still.holds("a", at(10)) && still.holds("a", at(19)));
        assert!(!still.holds("a", at(20)) && !still.holds("a", at(9)) && !still.holds("b", at(15)));
    }
}
