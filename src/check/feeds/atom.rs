//! Links of Atom, in Atom and in RSS.
//!
//! Specifications: RFC 4287 section 4.2.7, RFC 5005.

use std::borrow::Cow;

use super::super::finding::shortened;
use super::super::names::{Ns, same};
use super::super::rules as r;
use super::super::values::tables::LINK_RELATIONS;
use super::super::values::{uris, words};
use super::super::xml::Attribute;
use super::frame::{Alternate, Family};
use super::grammar::{Ctx, Value};
use super::walk::Walk;

/// Relations that lead through a feed's history, and so belong to a feed.
static HISTORY: &[&str] = &["current", "first", "last", "next", "next-archive", "prev-archive", "previous"];
/// Those of them that a complete feed does not have.
static MORE: &[&str] = &["first", "last", "next", "next-archive", "prev-archive", "previous"];

impl<'d> Walk<'d, '_> {
    /// A link begins.
    pub(super) fn atom_link(&mut self, attributes: &[Attribute<'d>]) {
        let find = |name: &str| attributes.iter().find(|a| a.ns == Ns::None && same(a.name, name));
        let place = self.parent_place();
        let rel = find("rel").map_or("alternate", |a| a.value.as_ref());
        let rel = rel.strip_prefix("http://www.iana.org/assignments/relation/").unwrap_or(rel);
        if let Some(attribute) = find("rel") {
            if attribute.value.is_empty() {
                self.report_attribute(&r::ATTR_NOT_BLANK, attribute, "an empty relation");
            }
            if !LINK_RELATIONS.contains(&rel) && uris::scheme(rel).is_none() {
                self.report_attribute(
                    &r::UNREGISTERED_ATOM_LINK_REL,
                    attribute,
                    "a relation that is not registered",
                );
            }
        }
        if let Some(attribute) = find("type")
            && !words::is_mime(&attribute.value)
        {
            self.report_attribute(&r::INVALID_MIME_TYPE, attribute, "not a media type");
        }
        if let Some(attribute) = find("title") {
            if attribute.value.is_empty() {
                self.report_attribute(&r::ATTR_NOT_BLANK, attribute, "an empty title");
            } else {
                self.attribute_value(Value::MaybeText, attribute);
            }
        }
        match find("href") {
            None => self.report(&r::MISSING_HREF, "a link to nowhere", ""),
            Some(href) => {
                self.attribute_value(Value::Reference, href);
                self.same_document(href);
                self.follow(rel, href, place);
            }
        }
        match place {
            Ctx::Entry => {
                if rel == "alternate" {
                    self.doc.entry.alternate = true;
                    self.note_link(find("href").map_or("", |a| a.value.as_ref()));
                }
                if HISTORY.contains(&rel) {
                    self.report(
                        &r::FEED_HISTORY_REL_IN_ENTRY,
                        format!("`{}` leads through a feed, not from an entry", shortened(rel)),
                        "",
                    );
                }
            }
            Ctx::Feed | Ctx::Channel => self.doc.feed.paged |= MORE.contains(&rel),
            _ => {}
        }
        if rel == "alternate" && matches!(place, Ctx::Feed | Ctx::Entry | Ctx::Source) {
            let value = |name: &str| find(name).map_or(Cow::Borrowed(""), |a| a.value.clone());
            if self.alternate_again(value("type"), value("hreflang")) {
                self.report(
                    &r::DUPLICATE_ATOM_LINK,
                    "a second alternate of the same type and language",
                    &value("href"),
                );
            }
        }
    }

    /// Whether the element that holds the link had an alternate of this type and language before.
    fn alternate_again(&mut self, kind: Cow<'d, str>, language: Cow<'d, str>) -> bool {
        let Some(depth) = self.frames.len().checked_sub(2) else { return false };
        let Some(offset) = self.frames.get(depth).map(|container| container.offset) else { return false };
        self.forget_alternates(depth, offset);
        // Nearly all have one alternate, which is compared with nothing.
        let Some(first) = self.alternates.last().filter(|known| known.offset == offset) else {
            self.alternates.push(Alternate { depth, offset, kind, language });
            return false;
        };
        self.doc.alternates.insert((offset, [&*first.kind, "\n", &*first.language].concat()));
        !self.doc.alternates.insert((offset, [&*kind, "\n", &*language].concat()))
    }

    /// Forgets the alternates of elements that were closed before the one that begins at an offset.
    pub(super) fn forget_alternates(&mut self, depth: usize, offset: usize) {
        while self.alternates.last().is_some_and(|known| known.depth >= depth && known.offset != offset) {
            self.alternates.pop();
        }
    }

    /// An empty reference, where `xml:base` names another document than this.
    fn same_document(&mut self, href: &Attribute<'d>) {
        let empty = href.value.is_empty() || href.value.starts_with('#');
        if !empty || self.bases.is_empty() {
            return;
        }
        let resolved = self.resolved("");
        let here = self.context.address.clone().unwrap_or_default();
        if !same_address(&resolved, &here) {
            self.report_attribute(&r::SAME_DOCUMENT_REFERENCE, href, "an empty address, and another base");
        }
    }

    /// What the address of a link means for the feed.
    fn follow(&mut self, rel: &str, href: &Attribute<'d>, place: Ctx) {
        if !matches!(place, Ctx::Feed | Ctx::Channel) {
            return;
        }
        match rel {
            "current" => self.doc.feed.current_href = Some(self.resolved(&href.value)),
            "alternate" if self.doc.family == Family::Atom => {
                // What it is resolved against makes no other scheme of it.
                let https = href.value.starts_with("https:");
                self.doc.feed.secure |= https || self.resolved(&href.value).starts_with("https:");
            }
            "self" => {
                self.doc.feed.has_self = true;
                if uris::scheme(&href.value).is_none() && self.bases.is_empty() {
                    self.report_attribute(&r::RELATIVE_SELF, href, "the feed's own address, and relative");
                }
                if let Some(address) = self.context.address.as_deref()
                    && address != href.value
                    && !same_address(&self.resolved(&href.value), address)
                {
                    let message = format!("the feed is at `{}`", shortened(address));
                    self.report_attribute(&r::SELF_DOESNT_MATCH_LOCATION, href, message);
                }
                self.doc.feed.self_href = Some((href.value.to_string(), self.bases.clone()));
            }
            _ => {}
        }
    }

    /// An address resolved against the values of `xml:base` in force, and the document's own.
    fn resolved(&self, href: &str) -> String {
        self.resolved_by(&self.bases, href)
    }

    /// An address resolved against values of `xml:base` and the document's own.
    pub(super) fn resolved_by(&self, bases: &[(usize, String)], href: &str) -> String {
        let mut base = self.context.address.as_deref().and_then(|address| url::Url::parse(address).ok());
        for (_, next) in bases {
            base = match &base {
                Some(base) => base.join(next).ok(),
                None => url::Url::parse(next).ok(),
            };
        }
        match base {
            Some(base) => base.join(href).map_or_else(|_| href.to_owned(), String::from),
            None => href.to_owned(),
        }
    }
}

fn same_address(one: &str, other: &str) -> bool {
    let parsed = |text: &str| url::Url::parse(text).ok();
    one == other || parsed(one).is_some_and(|one| Some(one) == parsed(other))
}
