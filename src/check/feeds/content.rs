//! Text constructs and content of Atom: what may stand in them depends on their type.
//!
//! Specification: RFC 4287, sections 3.1 and 4.1.3.

use super::super::finding::shortened;
use super::super::html::{self, Looks};
use super::super::names::Ns;
use super::super::rules as r;
use super::super::values::words;
use super::super::xml::Attribute;
use super::grammar::{Ctx, Value};
use super::markup::owned;
use super::walk::Walk;

/// The type of a text construct or of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Type {
    /// It is no construct.
    #[default]
    None,
    Text,
    Html,
    Xhtml,
    /// A whole document of HTML.
    Page,
    Xml,
    /// Other text.
    Plain,
    Binary,
    /// Elsewhere.
    Remote,
    /// The attribute says nothing that could be followed.
    Bad,
}

fn of_media_type(mime: &str) -> Type {
    let essence = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/html" => Type::Page,
        "text/xml" | "application/xml" => Type::Xml,
        other if other.ends_with("+xml") || other.ends_with("/xml") => Type::Xml,
        other if other.starts_with("text/") => Type::Plain,
        _ => Type::Binary,
    }
}

impl<'d> Walk<'d, '_> {
    /// A construct begins: reads its type.
    pub(super) fn begin_construct(&mut self, attributes: &[Attribute<'d>], content: bool) {
        let find = |name: &str| attributes.iter().find(|a| a.ns == Ns::None && a.name == name);
        let (attribute, source) = (find("type"), find("src"));
        let mut kind = match attribute {
            None => Type::Text,
            Some(attribute) => self.type_of(attribute, content, source.is_some()),
        };
        if content {
            self.doc.entry.content = true;
            if let Some(source) = source {
                kind = Type::Remote;
                self.attribute_value(Value::Reference, source);
                self.doc.entry.needs_summary = true;
                if attribute.is_none() {
                    self.report(&r::MISSING_TYPE_ATTR, "content elsewhere, and no word of its type", "");
                }
            } else if kind == Type::Binary {
                self.doc.entry.needs_summary = true;
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = kind;
            frame.collects = true;
        }
    }

    fn type_of(&mut self, attribute: &Attribute<'d>, content: bool, remote: bool) -> Type {
        let value = attribute.value.as_ref();
        match value {
            "text" | "html" | "xhtml" if content && remote => {
                self.report_attribute(
                    &r::INVALID_MIME_TYPE,
                    attribute,
                    "content elsewhere needs a media type",
                );
                Type::Remote
            }
            "text" => Type::Text,
            "html" => Type::Html,
            "xhtml" => Type::Xhtml,
            "" => {
                self.report_attribute(&r::ATTR_NOT_BLANK, attribute, "an empty type");
                Type::Bad
            }
            _ if !words::is_mime(value) => {
                self.report_attribute(
                    &r::INVALID_MIME_TYPE,
                    attribute,
                    "neither `text`, `html`, `xhtml` nor a media type",
                );
                Type::Bad
            }
            _ if !content => {
                self.report_attribute(
                    &r::INVALID_TEXT_TYPE,
                    attribute,
                    "a text is `text`, `html` or `xhtml`",
                );
                of_media_type(value)
            }
            _ if value.starts_with("multipart/") || value.starts_with("message/") => {
                self.report_attribute(&r::INVALID_MIME_TYPE, attribute, "a composite media type");
                Type::Bad
            }
            _ => of_media_type(value),
        }
    }

    /// An element begins within a construct.
    pub(super) fn construct_child(&mut self) {
        let Some([.., construct, child]) = self.frames.get_mut(..) else { return };
        let first = construct.children == 1;
        let (kind, ns, name) = (construct.kind, child.ns, child.name);
        match kind {
            Type::Xhtml => {
                if ns == Ns::Xhtml {
                    child.place = Ctx::Xhtml;
                    child.collects = name == "div" && first;
                    if !(name == "div" && first) {
                        construct.stray = true;
                    }
                    self.xhtml_element();
                } else {
                    construct.stray = true;
                }
            }
            Type::Html | Type::Page => {
                child.collects = first;
                self.undefined(name);
            }
            Type::Text | Type::Plain | Type::Binary | Type::Remote => self.undefined(name),
            Type::Xml | Type::Bad | Type::None => {}
        }
    }

    /// The first element of a construct ends, with the text that stood in it directly.
    pub(super) fn finish_first(&mut self, text: &str) {
        let Some(frame) = self.frames.last() else { return };
        let (name, childless) = (frame.name, frame.children == 0);
        let escaped = childless && matches!(html::looks_like_html(text, &[], false), Some(Looks::Html(_)));
        let construct = self.frames.len().checked_sub(2).and_then(|at| self.frames.get(at));
        match construct.map(|construct| construct.kind) {
            Some(Type::Html | Type::Page) => {
                if !escaped {
                    self.report(&r::NOT_ESCAPED, "an element in HTML that should be escaped", name);
                }
            }
            // The `div` of an XHTML text.
            _ => {
                if escaped {
                    self.report(&r::NOT_INLINE, "escaped HTML where elements should be", text);
                }
                self.damage(text);
            }
        }
    }

    /// A construct ends.
    pub(super) fn finish_construct(&mut self, text: &str, content: bool) {
        let Some(frame) = self.frames.last() else { return };
        let (kind, children, wrong, at) = (frame.kind, frame.children, frame.stray, frame.content);
        let blank = words::trimmed(text).is_empty();
        self.damage(text);
        match kind {
            Type::Text | Type::Plain => {
                if blank && children == 0 {
                    self.report(&r::NOT_BLANK, "an empty text", "");
                }
                if kind == Type::Plain && children > 0 && !blank {
                    self.report(&r::UNEXPECTED_TEXT, "text and elements mixed", text);
                }
                if children == 0
                    && !self.bare
                    && let Some(Looks::Html(part)) = html::looks_like_html(text, &[], false)
                {
                    self.report(
                        &r::CONTAINS_UNDECLARED_HTML,
                        "HTML in a text that is said to be plain",
                        part,
                    );
                }
            }
            Type::Html | Type::Page => {
                if blank && children == 0 {
                    self.report(&r::NOT_BLANK, "an empty text", "");
                }
                if kind == Type::Page {
                    let lower = text.get(..text.len().min(512)).unwrap_or(text).to_ascii_lowercase();
                    if !lower.contains("<html") && !lower.contains("<!doctype") {
                        self.report(&r::HTML_FRAGMENT, "a piece of HTML, said to be a whole page", text);
                    }
                }
                self.scan_html(text, at);
            }
            Type::Xhtml => {
                if wrong || children != 1 {
                    self.report(&r::MISSING_XHTML_DIV, "XHTML that is not held in one `div`", "");
                }
                if !blank && children > 0 {
                    self.report(&r::UNEXPECTED_TEXT, "text beside the `div`", text);
                } else if matches!(html::looks_like_html(text, &[], false), Some(Looks::Html(_))) {
                    self.report(&r::NOT_INLINE, "escaped HTML where elements should be", text);
                }
            }
            Type::Xml => {
                if !blank && content {
                    self.report(&r::UNEXPECTED_TEXT, "text where a document should be", text);
                }
            }
            Type::Binary => {
                if blank && children == 0 {
                    self.report(&r::NOT_BLANK, "an empty text", "");
                } else if content && !words::is_base64(text) {
                    self.report(&r::NOT_BASE64, "content of a binary type that is not in base64", text);
                }
            }
            Type::Remote => {
                if !blank || children > 0 {
                    self.report(&r::UNEXPECTED_TEXT, "content that is elsewhere, and here too", text);
                }
            }
            Type::Bad | Type::None => {}
        }
    }

    /// Looks HTML over; `at` is where it begins in the document.
    pub(super) fn scan_html(&mut self, text: &str, at: usize) {
        if !self.sound
            && let Some(c) = html::control_character(text)
        {
            self.report_at(
                &r::NOT_HTML,
                at,
                format!("no HTML: the control character U+{:04X}", u32::from(c)),
                "",
            );
        }
        let mut issues = Vec::new();
        let mut malformed = false;
        let whole = self.reader.whole();
        let places = match self.whole && whole.text.len() == text.len() {
            true => html::Places::Known(self.reader.marks(), whole.begin),
            false => html::Places::Unknown,
        };
        html::scan(text, places, &mut |issue| {
            // One fault of a kind tells the tale of a text.
            let again = match &issue {
                html::Issue::Malformed(_) => std::mem::replace(&mut malformed, true),
                _ => issues.len() >= 100,
            };
            if !again {
                issues.push(owned(issue));
            }
        });
        for issue in issues {
            self.html_issue(issue, at);
        }
    }

    /// Reports characters that cannot be meant.
    pub(super) fn damage(&mut self, text: &str) {
        if self.sound || text.is_ascii() {
            return;
        }
        if let Some(part) = html::bad_characters(text) {
            self.report(&r::BAD_CHARACTERS, "characters that were damaged on the way", part);
        } else if !text.is_ascii() && !unicode_normalization::is_nfc(text) {
            self.report(
                &r::NOT_NFC,
                "letters written with combining marks, where one character would do",
                &shortened(text),
            );
        }
    }
}
