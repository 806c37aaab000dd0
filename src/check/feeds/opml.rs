//! OPML 2.0, as lists of subscriptions are written.
//!
//! Specification: <http://opml.org/spec2.opml>.

use super::super::names::Ns;
use super::super::rules as r;
use super::super::xml::Attribute;
use super::grammar::Value;
use super::walk::Walk;

impl<'d> Walk<'d, '_> {
    pub(super) fn opml_version(&mut self, version: Option<&Attribute<'d>>) {
        match version {
            None => self.report(&r::MISSING_ATTRIBUTE, "`opml` has no attribute `version`", ""),
            Some(version) if !matches!(version.value.as_ref(), "1.0" | "1.1" | "2.0") => {
                self.report_attribute(
                    &r::INVALID_OPML_VERSION,
                    version,
                    "a version of OPML that there is not",
                );
            }
            Some(_) => {}
        }
    }

    /// An outline begins.
    pub(super) fn outline(&mut self, attributes: &[Attribute<'d>]) {
        self.outlines += 1;
        let find = |name: &str| attributes.iter().find(|a| a.ns == Ns::None && a.name == name);
        if find("text").is_none() {
            self.report(&r::MISSING_OUTLINE_TEXT, "an outline without `text`", "");
        }
        let kind = find("type").map(|a| a.value.to_ascii_lowercase());
        if kind.as_deref() == Some("rss") || kind.as_deref() == Some("atom") {
            match find("xmlUrl") {
                None => {
                    self.report(&r::MISSING_XML_URL, "a subscription without the address of its feed", "")
                }
                Some(address) => self.attribute_value(Value::Url, address),
            }
        }
        if matches!(kind.as_deref(), Some("link" | "include")) && find("url").is_none() {
            self.report(&r::MISSING_ATTRIBUTE, "an outline that leads elsewhere, without `url`", "");
        }
        for (name, value) in [("htmlUrl", Value::Url), ("url", Value::Url), ("created", Value::Date822)] {
            if let Some(attribute) = find(name) {
                self.attribute_value(value, attribute);
            }
        }
        for name in ["isComment", "isBreakpoint"] {
            if let Some(attribute) = find(name) {
                self.attribute_value(Value::Boolean, attribute);
            }
        }
    }

    /// The root ends.
    pub(super) fn finish_opml(&mut self) {
        if self.outlines == 0 {
            self.report(&r::EMPTY_OPML, "an OPML document without an outline", "");
        }
    }
}
