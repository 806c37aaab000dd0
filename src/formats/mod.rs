//! What feeds are written as: one file a format, each behind [`Format`], all in [`FORMATS`].
//!
//! Rendering is a pure function of the feed: no configuration, no file, no clock. Each format opens every struct it
//! writes with an exhaustive pattern, so that a new field is a compile error until somebody decides what becomes of it.

mod atom;
mod escape;
mod json_feed;
mod media;
mod rss;

use crate::feed::{Feed, Prose};
use std::fmt;

/// A feed format.
pub trait Format: Sync {
    /// The name in feeds.toml: `rss`.
    fn name(&self) -> &'static str;
    /// What people call it: `RSS 2.0`.
    fn title(&self) -> &'static str;
    /// The file's name in the feed's folder.
    fn file_name(&self) -> &'static str;
    /// The media type, for autodiscovery links.
    fn media_type(&self) -> &'static str;
    /// The file's bytes.
    fn render(&self, feed: &Feed) -> Vec<u8>;
}

/// Every format, in the order in which they are written and listed.
pub const FORMATS: &[&dyn Format] = &[&rss::Rss, &atom::Atom, &json_feed::JsonFeed];

impl fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The bytes of the articles' texts and summaries.
fn texts_length(feed: &Feed) -> usize {
    let texts = feed.entries.iter().flat_map(|entry| [entry.content.as_ref(), entry.summary.as_ref()]);
    texts.flatten().map(Prose::len).sum()
}

/// Browsers show a feed as bare text unless a style sheet is named in it (<https://www.w3.org/TR/xml-stylesheet/>).
fn stylesheet_instruction(out: &mut Vec<u8>, href: &str) {
    let href = quick_xml::escape::escape(href);
    out.extend_from_slice(format!("<?xml-stylesheet type=\"text/css\" href=\"{href}\"?>\n").as_bytes());
}
