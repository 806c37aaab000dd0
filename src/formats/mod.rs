//! What feeds are written as: one file a format, each behind [`Format`], all in [`FORMATS`].
//!
//! Rendering is a pure function of the feed: no configuration, no file, no clock. Each format opens every struct it
//! writes with an exhaustive pattern, so that a new field is a compile error until somebody decides what becomes of it.

use crate::feed::Feed;

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
