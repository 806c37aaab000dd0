//! What a run has to say about its input without stopping: a record left out, a value that was dropped.
//!
//! An *error* stops a run, a *diagnostic* is collected in a sink that is handed in, a *finding* is a
//! result of `check`.

use std::fmt;
use std::sync::Arc;

/// A place in a file of the newsroom's, as an editor counts: lines and columns from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// The file as the user would name it: relative to feeds.toml, or `-` for standard input.
    pub file: Arc<str>,
    pub line: u64,
    pub column: u64,
}

impl Place {
    pub fn new(file: &Arc<str>, line: u64, column: u64) -> Self {
        Self { file: Arc::clone(file), line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What a diagnostic did to the record it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The record (or the rest of a file that cannot be read on) is not published.
    LeftOut,
    /// The article is published, without the value that was wrong.
    Dropped,
}

/// One remark on the input.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Diagnostic {
    pub effect: Effect,
    pub place: Place,
    /// A lower-case fragment: what was wrong with what.
    pub message: String,
    /// What to do about it, where there is something.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub help: Option<String>,
    /// The record's own id or URL, where it could be read: `explain` finds a left-out article by it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub article: Option<String>,
}

impl Diagnostic {
    /// A record that cannot be published.
    pub fn left_out(place: Place, message: impl Into<String>) -> Self {
        Self { effect: Effect::LeftOut, place, message: message.into(), help: None, article: None }
    }

    /// A value that cannot be published, of an article that can.
    pub fn dropped(place: Place, message: impl Into<String>) -> Self {
        Self { effect: Effect::Dropped, ..Self::left_out(place, message) }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn article(mut self, article: impl Into<String>) -> Self {
        self.article = Some(article.into());
        self
    }
}
