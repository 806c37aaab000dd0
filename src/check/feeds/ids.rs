//! What identifies an entry: the id of Atom, the guid of RSS.
//!
//! Specifications: RFC 4287 section 4.2.6, <https://www.rssboard.org/rss-profile#element-channel-item-guid>.

use super::super::rules as r;
use super::super::values::{uris, words};
use super::grammar::Ctx;
use super::walk::Walk;

impl Walk<'_, '_> {
    pub(super) fn atom_id(&mut self, text: &str, offset: usize) {
        let trimmed = words::trimmed(text);
        self.no_white_space(text, offset);
        self.address(&r::INVALID_FULL_LINK, offset, trimmed, true, true, "the id");
        if trimmed.is_empty() {
            if self.parent_place() == Ctx::Entry {
                self.fault(&r::NOT_BLANK, offset, text, "an empty id");
            }
        } else if !uris::is_canonical(trimmed) {
            self.fault(&r::NON_CANONICAL_URI, offset, text, "an address that could be written more simply");
        }
    }

    pub(super) fn guid(&mut self, text: &str) {
        let offset = self.frames.last().map_or(0, |frame| frame.offset);
        let trimmed = words::trimmed(text);
        let permalink = self.doc.entry.permalink;
        if trimmed.is_empty() {
            self.report(&r::NOT_BLANK, "an empty guid", "");
        }
        if permalink {
            match uris::scheme(trimmed).map(str::to_ascii_lowercase).as_deref() {
                Some("http" | "https" | "ftp") => {
                    let iri = false;
                    match uris::check(trimmed, true, iri) {
                        None | Some(uris::Fault::Scheme) => {}
                        Some(uris::Fault::NotFull | uris::Fault::Malformed) => {
                            self.report(&r::INVALID_HTTP_GUID, "the guid is not an address", text);
                        }
                        Some(_) => {
                            self.address(&r::INVALID_HTTP_GUID, offset, trimmed, true, iri, "the guid")
                        }
                    }
                    if !uris::is_canonical(trimmed) {
                        self.report(
                            &r::NON_CANONICAL_URI,
                            "an address that could be written more simply",
                            text,
                        );
                    }
                }
                Some(_) => self.report(
                    &r::INVALID_PERMALINK,
                    "the guid is said to be the item's address, and is not",
                    text,
                ),
                None => self.report(
                    &r::INVALID_HTTP_GUID,
                    "the guid is said to be the item's address, and is none",
                    text,
                ),
            }
        } else if words::is_natural(trimmed) && trimmed.len() < 8 {
            self.report(&r::NOT_SUFFICIENTLY_UNIQUE, "a bare number, which other feeds will have too", text);
        }
    }
}
