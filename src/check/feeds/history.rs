//! A feed of Atom ends, and the history of feeds: pages, archives, complete feeds.
//!
//! Specifications: RFC 4287 section 4.1.1, RFC 5005.

use super::super::names::Ns;
use super::super::rules as r;
use super::walk::Walk;

impl Walk<'_, '_> {
    pub(super) fn finish_feed(&mut self) {
        if !self.has(Ns::Atom, "author") {
            for (offset, path) in std::mem::take(&mut self.doc.feed.authorless) {
                if self.sink.admits(&r::MISSING_ELEMENT) {
                    let message = "neither `entry` nor `feed` has an `author`".to_owned();
                    self.sink.push(&r::MISSING_ELEMENT, offset, path, message, "", r::MISSING_ELEMENT.mend);
                }
            }
        }
        if !self.doc.feed.has_self {
            self.report(&r::MISSING_SELF, "the feed does not say where it is", "");
        }
        self.finish_history();
    }

    /// RFC 5005: pages, archives, complete feeds.
    pub(super) fn finish_history(&mut self) {
        let (archive, complete) = (self.has(Ns::Fh, "archive"), self.has(Ns::Fh, "complete"));
        if complete && self.doc.feed.paged {
            self.report(&r::FEED_REL_IN_COMPLETE_FEED, "a complete feed with a link to more of it", "");
        }
        if archive && complete {
            self.report(&r::ARCHIVE_INCOMPLETE, "an archive that is said to be complete", "");
        }
        if archive && self.doc.feed.current_href.is_none() {
            self.report(
                &r::MISSING_CURRENT_IN_ARCHIVE,
                "an archive without a link to the feed as it is now",
                "",
            );
        }
        if complete
            && let (Some(current), Some((own, bases))) =
                (&self.doc.feed.current_href, &self.doc.feed.self_href)
            && *current != self.resolved_by(bases, own)
        {
            self.report(
                &r::CURRENT_NOT_SELF_IN_COMPLETE_FEED,
                "a complete feed whose current document is another",
                "",
            );
        }
    }
}
