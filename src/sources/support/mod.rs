//! What several input formats need: bytes made text, places, JSON walked by hand, records found in a document.
//!
//! Private to the sources, and no format itself.

pub(super) mod choice;
pub(super) mod encoding;
pub(super) mod front_matter;
pub(super) mod json;
pub(super) mod page;
pub(super) mod position;
pub(super) mod selector;
pub(super) mod shelf;
pub(super) mod toml_text;
pub(super) mod tree;
pub(super) mod types;
pub(super) mod walk;
pub(super) mod xml;
pub(super) mod yaml_text;

/// A regular expression that stands in the program.
pub(super) fn pattern(text: &str) -> regex::Regex {
    regex::Regex::new(text).unwrap_or_else(|error| unreachable!("a pattern of ours: {error}"))
}
