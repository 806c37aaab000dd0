//! What a build keeps of feeds for the next one, which need not make those again that hold the same.

use super::{FeedReport, FeedStatus, Status};
use crate::diagnostic::Diagnostic;
use crate::edition::Issue;
use crate::pages::Listed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is kept of all feeds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rest {
    /// The print of the output folder when all of it was in place.
    pub print: String,
    /// By slug.
    pub feeds: BTreeMap<String, FeedRest>,
}

/// What is kept of a feed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FeedRest {
    pub report: FeedReport,
    pub diagnostics: Vec<Diagnostic>,
    /// The moment of the newest change in the feed, as of RFC 3339; `None`: it has no entries.
    pub updated: Option<String>,
    /// What the newest entry is called.
    pub newest: Option<String>,
}

impl FeedRest {
    /// What is kept of a feed that was just made.
    pub fn of(issue: &Issue, report: &FeedReport) -> Self {
        let listed = issue.feed.as_ref().map(Listed::from);
        Self {
            report: report.at_rest(),
            diagnostics: issue.diagnostics.clone(),
            updated: listed.as_ref().map(|listed| listed.updated.to_rfc3339()),
            newest: listed.and_then(|listed| listed.newest),
        }
    }
}

impl FeedReport {
    /// What there is to report of it as long as nothing changes.
    pub fn at_rest(&self) -> Self {
        let mut report = Self { changes: None, ..self.clone() };
        if report.status != FeedStatus::Empty {
            report.status = FeedStatus::Unchanged;
        }
        for file in &mut report.files {
            file.status = Status::Unchanged;
        }
        report
    }
}
