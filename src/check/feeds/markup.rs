//! HTML and XHTML as the walk meets them: what a scan found is reported here.

use std::borrow::Cow;

use super::super::finding::shortened;
use super::super::html::{self, Issue};
use super::super::names::Ns;
use super::super::rules as r;
use super::super::xml::Attribute;
use super::frame::Family;
use super::grammar::Ctx;
use super::walk::Walk;

impl Walk<'_, '_> {
    pub(super) fn xhtml_meta(&mut self) {
        for (name, words, rule) in [
            ("name", "robots", &r::INVALID_META_NAME),
            (
                "content",
                "all none index,follow index,nofollow noindex,follow noindex,nofollow noindex nofollow index follow",
                &r::INVALID_META_CONTENT,
            ),
        ] {
            match self.reader.attributes().iter().find(|a| a.name == name).cloned() {
                None => self.report(&r::MISSING_ATTRIBUTE, format!("`meta` has no `{name}`"), ""),
                Some(attribute) => {
                    let value: String = attribute.value.split_whitespace().collect();
                    if !words.split(' ').any(|word| word.eq_ignore_ascii_case(&value)) {
                        self.report_attribute(
                            rule,
                            &attribute,
                            format!("`{name}` holds what no robot understands"),
                        );
                    }
                }
            }
        }
    }

    /// An element of XHTML within a text.
    pub(super) fn xhtml_element(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let (ns, name) = (frame.ns, frame.name);
        match ns {
            Ns::None => {
                return self.report(
                    &r::MISSING_NAMESPACE,
                    format!("`{}` has no namespace", shortened(name)),
                    "",
                );
            }
            Ns::MathMl => {
                self.set_place(Ctx::Xhtml);
                if !html::is_mathml(name) {
                    self.report(
                        &r::SECURITY_RISK,
                        format!("`{}` is no element of MathML", shortened(name)),
                        "",
                    );
                }
                let odd = self
                    .reader
                    .attributes()
                    .iter()
                    .find(|a| a.ns == Ns::None && !html::is_mathml_attribute(a.name));
                if let Some(attribute) = odd.cloned() {
                    let message = format!("`{}` is no attribute of MathML", attribute.name);
                    self.report_attribute(&r::SECURITY_RISK_ATTR, &attribute, message);
                }
                return;
            }
            Ns::Svg => return self.svg_element(name),
            Ns::Xhtml => {}
            _ => return,
        }
        let mut issues = Vec::new();
        html::element(name, &mut |issue| issues.push(owned(issue)));
        for attribute in self.reader.attributes() {
            if attribute.ns == Ns::None {
                html::attribute(name, attribute.name, attribute.value.clone(), &mut |issue| {
                    issues.push(owned(issue))
                });
            }
        }
        let offset = self.reader.offset();
        for issue in issues {
            self.html_issue(issue, offset);
        }
    }

    /// An element of SVG within a text: it draws, but can run scripts as well.
    fn svg_element(&mut self, name: &str) {
        self.set_place(Ctx::Xhtml);
        if matches!(name, "script" | "handler" | "foreignObject") {
            self.report(&r::SECURITY_RISK, "an element of SVG that readers take out", name);
        } else if !html::is_svg(name) {
            self.report(&r::SECURITY_RISK, format!("`{}` is no element of SVG", shortened(name)), "");
        }
        let runs = |a: &&Attribute<'_>| {
            let handler = a.ns == Ns::None && a.name.len() > 2 && a.name.starts_with("on");
            handler || (a.local == "href" && html::runs_script(&a.value))
        };
        if let Some(attribute) = self.reader.attributes().iter().find(runs).cloned() {
            return self.report_attribute(
                &r::SECURITY_RISK_ATTR,
                &attribute,
                "an attribute that runs a script",
            );
        }
        let odd = |a: &&Attribute<'_>| a.ns == Ns::None && !html::is_svg_attribute(a.name);
        if let Some(attribute) = self.reader.attributes().iter().find(odd).cloned() {
            let message = format!("`{}` is no attribute of SVG", shortened(attribute.name));
            self.report_attribute(&r::SECURITY_RISK_ATTR, &attribute, message);
        }
    }

    /// Reports what a scan of HTML found.
    pub(super) fn html_issue(&mut self, issue: Issue<'static>, offset: usize) {
        match issue {
            Issue::Element(name) => {
                self.report_at(&r::SECURITY_RISK, offset, "an element that readers take out", &name);
            }
            Issue::Attribute(name) => {
                self.report_at(&r::SECURITY_RISK_ATTR, offset, "an attribute that runs a script", &name);
            }
            Issue::Style(style) => {
                self.report_at(&r::DANGEROUS_STYLE_ATTR, offset, "a style that readers take out", &style);
            }
            Issue::Relative(address) => {
                if self.doc.family == Family::Rss || self.doc.family == Family::Rdf {
                    self.report_at(&r::CONTAINS_REL_REF, offset, "a relative address in HTML", &address);
                } else if !self.frames.iter().any(|frame| frame.based) {
                    self.report_at(&r::RELATIVE_ADDRESS, offset, "a relative address in HTML", &address);
                }
            }
            Issue::Malformed(what) => {
                self.report_at(&r::NOT_HTML, offset, format!("no HTML: {}", shortened(&what)), "");
            }
            Issue::LazyImage => {
                self.report_at(&r::LAZY_IMAGE, offset, "an image whose source a script would fill in", "");
            }
            Issue::Insecure(address) => {
                if self.doc.feed.secure {
                    self.report_at(
                        &r::INSECURE_ADDRESS,
                        offset,
                        "loaded over http where the site is https",
                        &address,
                    );
                }
            }
        }
    }
}

/// A scan's finding that outlives the text it was found in.
pub(super) fn owned(issue: Issue<'_>) -> Issue<'static> {
    match issue {
        Issue::Element(text) => Issue::Element(Cow::Owned(text.into_owned())),
        Issue::Attribute(text) => Issue::Attribute(Cow::Owned(text.into_owned())),
        Issue::Style(text) => Issue::Style(Cow::Owned(text.into_owned())),
        Issue::Relative(text) => Issue::Relative(Cow::Owned(text.into_owned())),
        Issue::Malformed(text) => Issue::Malformed(Cow::Owned(text.into_owned())),
        Issue::LazyImage => Issue::LazyImage,
        Issue::Insecure(text) => Issue::Insecure(Cow::Owned(text.into_owned())),
    }
}
