//! The root element, which tells the kind of document, and the namespaces that any element declares.

use std::borrow::Cow;

use super::super::Kind;
use super::super::finding::shortened;
use super::super::names::{ATOM_03, Ns, belongs, is_usual, namespace, reserved};
use super::super::rules as r;
use super::super::xml::Attribute;
use super::frame::Family;
use super::grammar::Ctx;
use super::rows_core::CATEGORIES;
use super::walk::Walk;

impl<'d> Walk<'d, '_> {
    /// The root element begins. False: there is no use in reading on.
    pub(super) fn root(&mut self, local: &'d str) -> bool {
        let ns = self.frames.last().map_or(Ns::None, |frame| frame.ns);
        // Drafts of Atom 1.0 added their own names to the namespace of 0.3.
        let old =
            self.reader.declarations().iter().any(|b| b.prefix.is_empty() && b.uri.starts_with(ATOM_03));
        let (family, kind, place) = match (ns, local) {
            (_, "rss") => (Family::Rss, Kind::Rss20, Ctx::Rss),
            (Ns::Rdf, "RDF") => (Family::Rdf, Kind::Rss10, Ctx::Rdf),
            (_, "feed" | "entry") if old => {
                self.report(&r::OBSOLETE_NAMESPACE, "Atom 0.3, a draft that was never a standard", "");
                self.doc.kind = if local == "feed" { Kind::AtomFeed } else { Kind::AtomEntry };
                return true;
            }
            (Ns::Atom | Ns::None | Ns::Unknown, "feed") => (Family::Atom, Kind::AtomFeed, Ctx::Feed),
            (Ns::Atom | Ns::None | Ns::Unknown, "entry") => (Family::Atom, Kind::AtomEntry, Ctx::Entry),
            (Ns::App, "service") => (Family::App, Kind::AtomService, Ctx::Service),
            (Ns::App, "categories") => (Family::App, Kind::AtomCategories, Ctx::Categories),
            (Ns::None | Ns::Heard, "opml") => (Family::Opml, Kind::Opml, Ctx::Opml),
            (_, "urlset" | "sitemapindex") => {
                self.doc.kind = Kind::Sitemap;
                return true;
            }
            (Ns::Xhtml | Ns::None, name) if name.eq_ignore_ascii_case("html") => {
                self.doc.kind = Kind::Html;
                self.report(&r::HTML_INSTEAD_OF_FEED, "a page for people, not a feed", "");
                return false;
            }
            _ => {
                self.report(
                    &r::UNDEFINED_ELEMENT,
                    format!("`{}` begins no kind of feed", shortened(local)),
                    "",
                );
                self.xml_attributes();
                return true;
            }
        };
        self.doc.family = family;
        self.doc.nameless = self.reader.declarations().iter().any(|b| b.uri.ends_with("/rdf/simple/0.9/"));
        self.doc.kind = kind;
        self.doc.feed.secure = self.context.address.as_deref().is_some_and(|a| a.starts_with("https:"));
        self.set_place(place);
        match (family, ns) {
            (Family::Atom, Ns::None) => {
                self.doc.alias = Some(Ns::None);
                self.report(&r::MISSING_NAMESPACE, "the root is not in the namespace of Atom", "");
            }
            (Family::Atom, Ns::Unknown) => {
                self.doc.alias = Some(Ns::Unknown);
                self.report(&r::INVALID_NAMESPACE, "the root is in a namespace that is not Atom's", "");
            }
            (Family::Rss, Ns::None | Ns::Rss) => {}
            (Family::Rss, _) => {
                self.doc.alias = Some(ns);
                self.report(&r::INVALID_NAMESPACE, "`rss` is in a namespace that is not its own", "");
            }
            _ => {}
        }
        let natural = match family {
            Family::Rss | Family::Opml => Ns::Rss,
            Family::Atom => Ns::Atom,
            _ => ns,
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.ns = natural;
        }
        self.root_attributes(family);
        true
    }

    fn root_attributes(&mut self, family: Family) {
        let attributes: Vec<Attribute<'d>> = self.reader.attributes().to_vec();
        let version = attributes.iter().find(|a| a.name == "version");
        match (family, version) {
            (Family::Rss, None) => {
                self.doc.modern = true;
                self.report(&r::MISSING_ATTRIBUTE, "`rss` has no attribute `version`", "");
            }
            (Family::Rss, Some(version)) => {
                let value = version.value.as_ref();
                self.doc.plain = value.starts_with("0.90") || value.starts_with("0.91");
                self.doc.modern = !value.starts_with('0') && !value.starts_with('1');
                if !self.doc.modern {
                    self.doc.kind = Kind::Rss09;
                }
                if !matches!(
                    value,
                    "0.90"
                        | "0.91"
                        | "0.92"
                        | "0.93"
                        | "0.94"
                        | "2.0"
                        | "2.00"
                        | "2.0.1"
                        | "2.0.10"
                        | "2.0.11"
                ) {
                    self.report_attribute(
                        &r::INVALID_RSS_VERSION,
                        version,
                        "a version of RSS that there is not",
                    );
                }
            }
            (Family::Opml, version) => self.opml_version(version),
            _ => {}
        }
        for attribute in &attributes {
            let known = match family {
                Family::Rss | Family::Opml => &["version"][..],
                Family::App if self.place() == Ctx::Categories => &["href", "fixed", "scheme"][..],
                _ => &[],
            };
            if attribute.ns == Ns::None && !known.contains(&attribute.name) {
                let message = format!("the root has no attribute `{}`", shortened(attribute.name));
                self.report_attribute(&r::UNEXPECTED_ATTRIBUTE, attribute, message);
            }
        }
        if self.place() == Ctx::Categories {
            for attribute in attributes.iter().filter(|a| a.ns == Ns::None) {
                if let Some(known) = CATEGORIES.iter().find(|known| known.name == attribute.name) {
                    self.attribute_value(known.value, attribute);
                }
            }
            self.categories(&attributes);
        }
        self.xml_attributes();
    }

    /// Looks at the namespaces that the element which begins declares.
    pub(super) fn namespaces(&mut self, root: bool, local: &str) {
        if self.reader.declarations().is_empty() {
            return;
        }
        let offset = self.reader.offset();
        let declared: Vec<_> = self.reader.declarations().to_vec();
        for binding in declared {
            let (prefix, uri) = (binding.prefix, binding.uri.as_ref());
            match reserved(prefix) {
                Some(usual)
                    if !belongs(prefix, uri)
                        && (namespace(usual) != binding.ns
                            || (binding.ns == Ns::Heard && !is_usual(prefix, uri))) =>
                {
                    let message = format!("the prefix `{prefix}` is used for `{usual}` everywhere else");
                    self.report_at(&r::RESERVED_PREFIX, offset, message, uri);
                    continue;
                }
                _ => {}
            }
            if uri == "http://search.yahoo.com/mrss" {
                self.report_at(
                    &r::MEDIA_RSS_NAMESPACE,
                    offset,
                    "the namespace of Media RSS ends with a slash",
                    uri,
                );
            }
            if uri == ATOM_03 || matches!(binding.ns, Ns::Unknown) || (uri.is_empty() && !root) {
                let message = if uri.is_empty() {
                    Cow::Borrowed("elements without a namespace")
                } else {
                    Cow::Owned(format!("the namespace `{}` is not known", shortened(uri)))
                };
                self.report_at(&r::UNKNOWN_NAMESPACE, offset, message, uri);
            }
            if uri.starts_with("tag:") || uri.starts_with("urn:") {
                self.address(&r::INVALID_FULL_LINK, offset, uri, true, true, "the name of the namespace");
            }
            let atom_root = root && matches!(local, "feed" | "entry");
            if !prefix.is_empty() && (binding.ns == Ns::Xhtml || (binding.ns == Ns::Atom && atom_root)) {
                let message = format!(
                    "the prefix `{prefix}` for a namespace that some readers know without a prefix only"
                );
                self.report_at(&r::AVOID_NAMESPACE_PREFIX, offset, message, uri);
            }
        }
    }
}
