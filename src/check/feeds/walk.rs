//! The walk over a document: where we are, what was seen, and which check is called when.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::across::{Facts, Piece};
use super::super::finding::{Finding, Sink, shortened};
use super::super::names::{Ns, same};
use super::super::rule::Rule;
use super::super::rules as r;
use super::super::survey::{Syntax, survey};
use super::super::values::dates::Moment;
use super::super::xml::{Attribute, Bounds, Decoded, Encoding, Reader, Start, Token, Whole};
use super::super::{Context, Kind};
use super::content::Type;
use super::frame::{Alternate, Doc, Family, Frame, Frames, Seen};
use super::grammar::{Ctx, Lookup, Recent, Row, Value, required_in};
use super::quick::{Known, PLACES};
use super::rdf::{Stripe, is_rss_10};

/// What the walk yields.
pub(crate) struct Outcome {
    pub kind: Kind,
    pub findings: Vec<Finding>,
    pub omitted: usize,
    pub facts: Facts,
}

pub(super) struct Walk<'d, 'c> {
    pub reader: Reader<'d>,
    pub context: &'c Context,
    pub sink: Sink,
    pub frames: Frames<'d>,
    pub seen: Vec<Seen>,
    pub text: String,
    pub neutral: Vec<usize>,
    pub doc: Doc<'d>,
    pub utf8: bool,
    /// No text of the document can be damaged or decomposed.
    pub sound: bool,
    /// The first alternates of elements that are open, or were not long ago.
    pub alternates: Vec<Alternate<'d>>,
    /// Where the element begins that held the last entry, the entry's name, and the path of both.
    pub above: Option<((usize, &'d str, Ns), Piece)>,
    /// The attribute that is being looked at.
    pub attribute: Option<&'d str>,
    /// Values of `xml:base` in force, with the depth at which each was set.
    pub bases: Vec<(usize, String)>,
    /// The moment that the value looked at last writes.
    pub moment: Option<Moment>,
    /// What elements are, looked up lately.
    pub recent: Recent,
    /// What start tags mean that may come again, by the place where the reader remembers them.
    pub known: [Option<Known<'d>>; PLACES],
    /// The category of podcasts that is open.
    pub category: Option<String>,
    /// `cc:license` was seen in the channel or item that is open.
    pub cc: bool,
    /// The list of categories that is open is elsewhere.
    pub elsewhere: bool,
    pub outlines: usize,
    /// The text of the element that ends stands in the document as it is.
    pub whole: bool,
    /// The value that is looked at has neither `<` nor `&` in it.
    pub bare: bool,
    /// A fault of form was met that could be read past.
    pub malformed: bool,
    pub facts: Facts,
}

/// Checks a document that is XML.
pub(crate) fn check(decoded: &Decoded<'_>, sink: Sink, context: &Context) -> Outcome {
    let text: &str = &decoded.text;
    let survey = survey(text, Syntax::Xml);
    let sound = survey.sound;
    let bounds = Bounds { depth: context.limits.depth, attributes: context.limits.attributes };
    // What an entry of summaries takes, roughly.
    let entries = (text.len() / 1024).min(1024);
    let mut walk = Walk {
        reader: Reader::new(text, bounds, survey),
        context,
        sink,
        frames: Frames::default(),
        seen: Vec::with_capacity(64),
        text: String::new(),
        neutral: Vec::new(),
        doc: Doc { ids: HashMap::with_capacity(entries), ..Doc::default() },
        sound,
        utf8: decoded.encoding == Encoding::Utf8,
        alternates: Vec::new(),
        above: None,
        attribute: None,
        bases: Vec::new(),
        moment: None,
        recent: Recent::new(),
        known: [None; PLACES],
        category: None,
        cc: false,
        elsewhere: false,
        outlines: 0,
        whole: false,
        bare: false,
        malformed: false,
        facts: Facts::of(text.len()),
    };
    walk.run(decoded);
    let Walk { reader, sink, doc, mut facts, .. } = walk;
    facts.number_lines(|offset| reader.marks().line(text.as_bytes(), offset));
    let (findings, omitted) = sink.finish(text);
    Outcome { kind: doc.kind, findings, omitted, facts }
}

impl<'d> Walk<'d, '_> {
    fn run(&mut self, decoded: &Decoded<'_>) {
        loop {
            if self.pass() {
                continue;
            }
            // White space between elements says nothing, but where it is part of a text.
            let beyond = self.frames.last().is_some_and(|frame| !frame.collects);
            match self.reader.next(beyond) {
                Ok(Token::Start) => {
                    if !self.start() {
                        return;
                    }
                    self.undefined_reference();
                }
                Ok(Token::End) => self.end(),
                Ok(Token::Text) => {
                    let (text, hex) = self.reader.take_text();
                    // What came from a reference was not in the document as it was looked over.
                    if matches!(text, Cow::Owned(_)) && !text.is_ascii() {
                        self.sound = false;
                    }
                    self.characters(&text, hex);
                    self.undefined_reference();
                }
                Ok(Token::External) => {
                    let (name, _) = self.reader.take_text();
                    self.external(&name);
                }
                Ok(Token::Doctype) => {
                    if self.reader.netscape_dtd() {
                        let offset = self.reader.offset();
                        self.report_at(
                            &r::DEPRECATED_DTD,
                            offset,
                            "the document type of RSS 0.91 is no longer served",
                            "",
                        );
                    }
                }
                Ok(Token::OtherVersion) => {
                    let offset = self.reader.offset();
                    self.report_at(&r::BAD_XML_VERSION, offset, "a version of XML other than 1.0", "");
                }
                Ok(Token::Other) => {}
                Ok(Token::Eof) => break,
                // The first fault of form is the one that counts.
                Err(_) if self.malformed => return,
                Err(stop) => {
                    if let Some(at) = decoded.broken.filter(|at| stop.offset >= *at) {
                        self.report_at(
                            &r::UNICODE_ERROR,
                            at,
                            "bytes that are not text in the document's encoding",
                            "",
                        );
                    } else if stop.limit {
                        self.report_at(&r::VALIDATOR_LIMIT, stop.offset, stop.message, "");
                    } else {
                        self.report_at(&r::SAX_ERROR, stop.offset, stop.message, "");
                    }
                    return;
                }
            }
        }
        if self.malformed {
            return;
        }
        if let Some(at) = decoded.broken {
            return self.report_at(
                &r::UNICODE_ERROR,
                at,
                "bytes that are not text in the document's encoding",
                "",
            );
        }
        self.document_end();
    }

    /// Reports a character that was named in a way which XML does not know, if one was.
    fn undefined_reference(&mut self) {
        if !self.malformed
            && let Some(stop) = self.reader.undefined()
        {
            self.malformed = true;
            self.report_at(&r::SAX_ERROR, stop.offset, stop.message, "");
        }
    }

    /// Reports a fault of the innermost element.
    pub(super) fn report(&mut self, rule: &'static Rule, message: impl Into<Cow<'static, str>>, value: &str) {
        let offset = self.frames.last().map_or(0, |frame| frame.offset);
        self.report_at(rule, offset, message, value);
    }

    /// Reports a fault within the innermost element, at an offset.
    pub(super) fn report_at(
        &mut self,
        rule: &'static Rule,
        offset: usize,
        message: impl Into<Cow<'static, str>>,
        value: &str,
    ) {
        if self.sink.admits(rule) {
            let path = self.path("");
            self.sink.push(rule, offset, path, message.into().into_owned(), value, rule.mend);
        }
    }

    /// Reports a fault of an attribute of the innermost element.
    pub(super) fn report_attribute(
        &mut self,
        rule: &'static Rule,
        attribute: &Attribute<'_>,
        message: impl Into<Cow<'static, str>>,
    ) {
        if self.sink.admits(rule) {
            let path = self.path(&format!("/@{}", attribute.name));
            self.sink.push(
                rule,
                attribute.offset,
                path,
                message.into().into_owned(),
                &attribute.value,
                rule.mend,
            );
        }
    }

    pub(super) fn place(&self) -> Ctx {
        self.frames.last().map_or(Ctx::Document, |frame| frame.place)
    }

    /// The place the innermost element stands in.
    pub(super) fn parent_place(&self) -> Ctx {
        self.frames
            .len()
            .checked_sub(2)
            .and_then(|at| self.frames.get(at))
            .map_or(Ctx::Document, |frame| frame.place)
    }

    /// Whether a child was seen in the innermost element.
    pub(super) fn has(&self, ns: Ns, name: &str) -> bool {
        let from = self.frames.last().map_or(0, |frame| frame.seen);
        self.seen
            .get(from..)
            .unwrap_or_default()
            .iter()
            .any(|seen| seen.ns == ns && same(seen.row.name, name))
    }

    /// An element begins. False: there is no use in reading on.
    fn start(&mut self) -> bool {
        let Start { ns, local, slot, fresh, place } = self.reader.tag();
        if fresh {
            self.recent.forget(slot);
        }
        if let Some(known) = self.known.get_mut(place) {
            *known = None;
        }
        let root = self.frames.is_empty();
        self.namespaces(root, local);
        let ns = self.naturalised(ns);
        let (mut parent, mut based) = (Ctx::Document, false);
        if let Some(frame) = self.frames.last_mut() {
            frame.children += 1;
            (parent, based) = (frame.place, frame.based);
        }
        let stripe = match self.doc.family {
            Family::Rdf => self.stripe(local, parent),
            _ => Stripe::None,
        };
        let mut frame = Frame {
            place: Ctx::Foreign,
            ns,
            name: local,
            row: None,
            offset: self.reader.offset(),
            content: self.reader.end_offset(),
            text: self.text.len(),
            neutral: self.neutral.len(),
            seen: self.seen.len(),
            index: 0,
            repeating: 0,
            children: 0,
            stray: false,
            stripe,
            collects: false,
            based,
            kind: Type::None,
        };
        match parent {
            Ctx::Document => {
                self.frames.enter(frame);
                return self.root(local);
            }
            Ctx::Foreign => {
                self.rdf_item(ns, local);
                self.frames.enter(frame);
                return true;
            }
            Ctx::Xhtml => {
                frame.place = if ns == Ns::Xhtml { Ctx::Xhtml } else { Ctx::Foreign };
                self.frames.enter(frame);
                self.xhtml_element();
                return true;
            }
            Ctx::Construct => {
                self.frames.enter(frame);
                self.construct_child();
                return true;
            }
            _ => {}
        }
        let mut found = self.recent.lookup(slot, ns, local, parent);
        // One table serves all versions of RSS; two of them in RDF have far less.
        let rdf = self.doc.family == Family::Rdf;
        if ns == Ns::Rss
            && let Lookup::Row(row) = &found
            && (if rdf { !is_rss_10(parent, row.name) } else { row.inside == Ctx::RdfItems })
        {
            found = Lookup::Undefined;
        }
        match found {
            Lookup::Row(row) => {
                frame.row = Some(row);
                frame.place = row.inside;
                (frame.index, frame.seen) = self.child(row, ns, local, parent);
                // Most elements hold a text and nothing else.
                let simple = row.simple && Self::has_no_more(ns) && self.reader.attributes().is_empty();
                frame.collects = simple && row.inside != Ctx::Person;
                if simple && matches!(row.value, Value::AtomText) {
                    frame.kind = Type::Text;
                }
                self.frames.enter(frame);
                if !simple {
                    self.attributes(row);
                }
                self.know(place, row, simple);
                if self.frames.last().is_some_and(|frame| frame.collects) {
                    if self.reader.leaf() {
                        let Whole { text, section, .. } = self.reader.whole();
                        (self.whole, self.bare) = (true, !section);
                        self.finish_value(row, text, &[]);
                        (self.whole, self.bare) = (false, false);
                        self.close();
                    } else if self.reader.gather(&mut self.text, &mut self.neutral) {
                        self.undefined_reference();
                        self.end();
                    }
                }
            }
            Lookup::Undefined => {
                self.frames.enter(frame);
                if self.doc.family == Family::App && ns == Ns::Atom {
                    let message = format!("`{}` says nothing here", shortened(local));
                    self.report(&r::QUESTIONABLE_USAGE, message, "");
                } else if local.eq_ignore_ascii_case("blink") && ns == Ns::Rss {
                    self.report(&r::NO_BLINK, "there is no element `blink`", "");
                } else {
                    self.undefined(local);
                }
                self.xml_attributes();
            }
            Lookup::Open => {
                self.rdf_item(ns, local);
                self.frames.enter(frame);
                self.open(parent);
                self.xml_attributes();
            }
        }
        true
    }

    /// Whether elements of a namespace say nothing but what their tables say, where they have no attributes.
    fn has_no_more(ns: Ns) -> bool {
        matches!(ns, Ns::Rss | Ns::Atom | Ns::Dc | Ns::Dcterms)
    }

    pub(super) fn undefined(&mut self, local: &str) {
        let parent = self
            .frames
            .len()
            .checked_sub(2)
            .and_then(|at| self.frames.get(at))
            .map_or("document", |f| f.name);
        let message = format!("`{}` has no place in `{}`", shortened(local), shortened(parent));
        self.report(&r::UNDEFINED_ELEMENT, message, "");
    }

    /// A namespace as this document means it.
    fn naturalised(&self, ns: Ns) -> Ns {
        match (self.doc.family, ns) {
            (Family::Rss | Family::Opml, Ns::None) => Ns::Rss,
            (Family::Atom, ns) if self.doc.alias == Some(ns) => Ns::Atom,
            _ => ns,
        }
    }

    /// An element that the tables know begins in its parent: counts it. Returns which of its kind it is, and where its own
    /// children begin in the list of those seen.
    fn child(&mut self, row: &'static Row, ns: Ns, name: &'d str, parent: Ctx) -> (u32, usize) {
        let Some(above) = self.frames.last_mut() else { return (0, self.seen.len()) };
        let mut index = 0;
        if matches!(row.inside, Ctx::Item | Ctx::Entry | Ctx::Outline) {
            above.repeating += 1;
            index = above.repeating;
        }
        let misplaced = parent == Ctx::Channel && self.doc.family == Family::Rss && above.repeating > 0;
        let from = above.seen;
        // Elements that may come any number of times are remembered once: the list stays short.
        let seen = self.seen.get(from..).unwrap_or_default();
        let known = seen.iter().any(|seen| std::ptr::eq(seen.row, row) && seen.ns == ns);
        if !known {
            self.seen.push(Seen { ns, row, offset: self.reader.offset() });
        } else if row.once {
            self.report_child(&r::DUPLICATE_ELEMENT, name, format!("`{name}` a second time"));
        } else if row.name == "enclosure" && ns == Ns::Rss {
            self.report_child(&r::DUPLICATE_ENCLOSURE, name, "a second enclosure".to_owned());
        }
        if misplaced && row.inside != Ctx::Item && !self.doc.feed.misplaced {
            self.doc.feed.misplaced = true;
            self.report_child(&r::MISPLACED_ITEM, name, format!("`{name}` after the first item"));
        }
        (index, self.seen.len())
    }

    /// Reports an element that begins, and is not yet the innermost.
    fn report_child(&mut self, rule: &'static Rule, name: &str, message: String) {
        if self.sink.admits(rule) {
            let path = self.path(&format!("/{name}"));
            self.sink.push(rule, self.reader.offset(), path, message, "", rule.mend);
        }
    }

    /// An element that no table describes.
    fn open(&mut self, parent: Ctx) {
        let Some(frame) = self.frames.last() else { return };
        let (ns, name) = (frame.ns, frame.name);
        match ns {
            Ns::None if parent == Ctx::Leaf => self.undefined(name),
            Ns::None if matches!(self.doc.family, Family::Atom | Family::Rdf | Family::App) => {
                self.report(
                    &r::UNDETERMINABLE_VOCABULARY,
                    format!("`{}` has no namespace", shortened(name)),
                    "",
                );
            }
            Ns::Gml if parent == Ctx::Gml => {
                self.set_place(Ctx::Gml);
                let attributes = self.reader.take_attributes();
                self.begin_place(&attributes);
                self.reader.put_attributes(attributes);
            }
            Ns::Cc if name == "license" => {
                self.cc = true;
                let attributes = self.reader.take_attributes();
                self.resource(name, &attributes);
                self.reader.put_attributes(attributes);
            }
            Ns::Xhtml if name == "meta" => self.xhtml_meta(),
            Ns::Xhtml if matches!(parent, Ctx::Item | Ctx::Entry) => {
                if name == "body" {
                    if std::mem::replace(&mut self.doc.entry.body, true) {
                        self.report(&r::DUPLICATE_ELEMENT, "`body` a second time", "");
                    }
                    let message = "the content of an item as XHTML, which few readers look for";
                    self.report(&r::DUPLICATE_DESCRIPTION_SEMANTICS, message, "");
                }
                if let Some(frame) = self.frames.last_mut() {
                    frame.place = Ctx::Xhtml;
                }
            }
            _ => {}
        }
    }

    pub(super) fn set_place(&mut self, place: Ctx) {
        if let Some(frame) = self.frames.last_mut() {
            frame.place = place;
        }
    }

    fn characters(&mut self, text: &str, hex: bool) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.collects {
            if hex && matches!(text, "&" | "<") {
                self.neutral.push(self.text.len());
            }
            self.text.push_str(text);
            return;
        }
        if frame.place == Ctx::Xhtml && !self.sound {
            return self.damage(text);
        }
        if frame.stray || matches!(frame.place, Ctx::Foreign | Ctx::Xhtml | Ctx::Gml | Ctx::MediaLocation) {
            return;
        }
        if !text.bytes().all(|b| matches!(b, b' ' | b'\n' | b'\t' | b'\r')) {
            frame.stray = true;
            let name = frame.name;
            let offset = self.reader.offset();
            self.report_at(
                &r::UNEXPECTED_TEXT,
                offset,
                format!("text in `{}`, which holds elements only", shortened(name)),
                text,
            );
        }
    }

    fn external(&mut self, name: &str) {
        let offset = self.reader.offset();
        self.report_at(
            &r::EXTERNAL_ENTITY,
            offset,
            format!("the external entity `&{name};` was not fetched"),
            "",
        );
    }

    fn end(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let (row, from, neutral) = (frame.row, frame.text, frame.neutral);
        if frame.collects || row.is_some_and(|row| !matches!(row.value, Value::Elements | Value::Free)) {
            let text = std::mem::take(&mut self.text);
            // As a rule no element around it collects.
            let mut marks = if neutral == 0 {
                std::mem::take(&mut self.neutral)
            } else {
                self.neutral.split_off(neutral.min(self.neutral.len()))
            };
            marks.iter_mut().for_each(|at| *at -= from);
            let own = text.get(from..).unwrap_or_default();
            if let Some(row) = row {
                self.finish_value(row, own, &marks);
            } else {
                self.finish_first(own);
            }
            self.text = text;
            self.text.truncate(from);
            if neutral == 0 {
                marks.clear();
                self.neutral = marks;
            }
        }
        self.close();
    }

    /// The innermost element is left, its value looked at already.
    fn close(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let (place, seen) = (frame.place, frame.seen);
        for required in required_in(place) {
            if !self.has(required.ns, required.name) {
                let parent = self.frames.last().map_or("", |frame| frame.name);
                let message = format!("`{}` has no `{}`", shortened(parent), required.name);
                self.report(required.rule, message, "");
            }
        }
        self.finish(place);
        self.seen.truncate(seen);
        self.frames.leave();
        if matches!(place, Ctx::Item | Ctx::Channel) {
            self.cc = false;
        }
        let depth = self.frames.len();
        while !self.bases.is_empty() && self.bases.last().is_some_and(|(set, _)| *set > depth) {
            self.bases.pop();
        }
    }
}
