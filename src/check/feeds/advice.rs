//! What is noted of entries, and the advice that follows from many of them.

use super::super::across::NOTED;
use super::super::finding::shortened;
use super::super::names::Ns;
use super::super::rules as r;
use super::super::xml::Attribute;
use super::super::{advice, partners};
use super::grammar::{Ctx, Row};
use super::walk::Walk;

impl<'d> Walk<'d, '_> {
    /// Notes what an entry says of itself.
    pub(super) fn note(&mut self, row: &'static Row, ns: Ns, text: &str) {
        let parent = self.parent_place();
        if parent == Ctx::Channel && ns == Ns::Rss && row.name == "language" {
            self.doc.feed.language.get_or_insert_with(|| text.to_owned());
        }
        if !matches!(parent, Ctx::Item | Ctx::Entry) {
            return;
        }
        let secure = self.doc.feed.secure;
        let moment = self.moment.take();
        let noted = &mut self.doc.entry.noted;
        match (ns, row.name) {
            (Ns::Rss | Ns::Atom, "title") => noted.title = self.facts.keep(text),
            (Ns::Rss, "guid") | (Ns::Atom, "id") => noted.id = self.facts.keep(text),
            (Ns::Rss, "link") => {
                noted.link = self.facts.keep(text);
                if secure && text.starts_with("http://") {
                    self.report(&r::INSECURE_LINK, "a link over http where the site is https", text);
                }
            }
            // These were read a moment ago, when they were judged.
            (Ns::Rss, "pubDate") | (Ns::Atom, "published") => noted.published = moment,
            (Ns::Dc, "date") if noted.published.is_none() => noted.published = moment,
            (Ns::Atom, "updated") | (Ns::Dcterms, "modified") => noted.updated = moment,
            _ => {}
        }
    }

    /// Notes the address of an entry.
    pub(super) fn note_link(&mut self, address: &str) {
        if self.facts.link(&self.doc.entry.noted).is_empty() {
            self.doc.entry.noted.link = self.facts.keep(address);
        }
    }

    /// An entry ends: it is kept for comparing.
    pub(super) fn finish_noted(&mut self) {
        let mut noted = std::mem::take(&mut self.doc.entry.noted);
        self.facts.count += 1;
        if self.facts.entries.len() < NOTED {
            noted.offset = self.frames.last().map_or(0, |frame| frame.offset);
            (noted.path, noted.number) = self.path_of_entry();
            self.facts.entries.push(noted);
        }
    }

    /// Notes the size of an entry's largest image, where it is stated.
    pub(super) fn note_image(&mut self, attributes: &[Attribute<'d>]) {
        let side = |name: &str| attributes.iter().find(|a| a.name == name)?.value.trim().parse::<u32>().ok();
        let kind =
            |name: &str| attributes.iter().find(|a| a.name == name).map_or("image", |a| a.value.as_ref());
        if !kind("medium").starts_with("image") || !kind("type").starts_with("image") {
            return;
        }
        if let (Some(width), Some(height)) = (side("width"), side("height")) {
            let noted = &mut self.doc.entry.noted;
            let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
            if noted.image.is_none_or(|known| area(known) < area((width, height))) {
                noted.image = Some((width, height));
            }
        }
    }

    /// A file offered with an item.
    pub(super) fn enclosure(&mut self, attributes: &[Attribute<'d>]) {
        let value = |name: &str| attributes.iter().find(|a| a.name == name).map_or("", |a| a.value.as_ref());
        if let Some(right) = advice::contradicted_type(value("url"), value("type")) {
            let message = format!("`{}` for a file that is {right}", shortened(value("type")));
            self.report(&r::ENCLOSURE_TYPE_MISMATCH, message, value("url"));
        }
        if Self::is_known_length(value("length"))
            && value("length").parse::<u64>().is_ok_and(|bytes| bytes < 64)
        {
            self.report(&r::IMPLAUSIBLE_LENGTH, "a medium of fewer than 64 bytes", value("length"));
        }
    }

    /// The document ends, and was well-formed.
    pub(super) fn document_end(&mut self) {
        let language = self.doc.feed.language.clone();
        let kind = self.doc.kind;
        let found = advice::of_entries(kind, &self.facts, language.as_deref(), self.sink.wrong);
        for (rule, offset, message, value) in found {
            self.report_at(rule, offset, message, &value);
        }
        for (rule, offset, path, message, value) in partners::check(kind, &self.facts, self.context) {
            if self.sink.admits(rule) {
                self.sink.push(rule, offset, path, message, &value, rule.mend);
            }
        }
    }
}
