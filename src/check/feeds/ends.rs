//! What follows from several elements together: looked at where an element begins with its attributes, and where it ends.

use std::borrow::Cow;

use super::super::Kind;
use super::super::across::EntryFacts as Noted;
use super::super::finding::shortened;
use super::super::names::Ns;
use super::super::rules as r;
use super::super::values::words;
use super::super::xml::Attribute;
use super::frame::Family;
use super::grammar::{Ctx, Row, Value};
use super::walk::Walk;

/// What is known of the feed as a whole.
#[derive(Debug, Default)]
pub(super) struct FeedFacts {
    pub misplaced: bool,
    /// The site is served over https.
    pub secure: bool,
    pub has_self: bool,
    /// The feed's own address, and the values of `xml:base` that were in force there.
    pub self_href: Option<(String, Vec<(usize, String)>)>,
    pub current_href: Option<String>,
    /// A link that a complete feed must not have.
    pub paged: bool,
    pub itunes: bool,
    pub owner: bool,
    pub title: Option<String>,
    pub link: Option<String>,
    /// Titles and links of the image, where they stand.
    pub image: Vec<(bool, String, usize)>,
    /// The first item with a count of comments.
    pub slash: Option<usize>,
    /// Entries without an author.
    pub authorless: Vec<(usize, String)>,
    /// Values of hours and days met in the list that is open.
    pub listed: Vec<String>,
    pub language: Option<String>,
    /// The first attribute of an extension on an element of RSS: where it stands, its path, its name.
    pub extended: Option<(usize, String, String)>,
    /// The specification that is named reserves other namespaces to elements.
    pub elements_only: bool,
}

/// Where the specification of RSS 2.0 was kept while it let extensions have elements, and said nothing of attributes.
static FORMER_SPECIFICATIONS: &[&str] = &[
    "backend.userland.com/rss",
    "blogs.law.harvard.edu/tech/rss",
    "cyber.law.harvard.edu/rss/",
    "cyber.harvard.edu/rss/",
];

/// What is known of the entry that is open.
#[derive(Debug, Default)]
pub(super) struct EntryFacts<'d> {
    pub content: bool,
    pub needs_summary: bool,
    /// An `rdf:resource` was seen in the element that is open.
    pub resource: bool,
    /// An `xhtml:body` was seen.
    pub body: bool,
    pub alternate: bool,
    pub source_author: bool,
    pub permalink: bool,
    pub itunes: bool,
    pub unsupported: bool,
    /// The medium that is open has no address of its own.
    pub nowhere: bool,
    /// Whether the text of Media RSS that is open is HTML, or not said rightly.
    pub media_html: Option<bool>,
    /// Attributes of the element of Media RSS that is open.
    pub media: Vec<(&'static str, String)>,
    pub noted: Noted,
    /// The place of its id among all, and whether another entry had it before.
    pub id: Option<(usize, bool)>,
    pub updated: Option<Cow<'d, str>>,
}

/// How many places are remembered of what can only be judged at the end.
const REMEMBERED: usize = 200;

/// Elements of RSS and of extensions that say the same, in a channel.
static CHANNEL_PAIRS: &[(&str, Ns, &str)] = &[
    ("copyright", Ns::Dc, "rights"),
    ("copyright", Ns::Atom, "rights"),
    ("generator", Ns::Admin, "generatorAgent"),
    ("generator", Ns::Atom, "generator"),
    ("language", Ns::Dc, "language"),
    ("lastBuildDate", Ns::Dcterms, "modified"),
    ("lastBuildDate", Ns::Atom, "updated"),
    ("managingEditor", Ns::Dc, "creator"),
    ("managingEditor", Ns::Atom, "author"),
    ("pubDate", Ns::Dc, "date"),
    ("webMaster", Ns::Dc, "publisher"),
    ("category", Ns::Dc, "subject"),
];

/// The same, in an item.
static ITEM_PAIRS: &[(&str, Ns, &str)] = &[
    ("author", Ns::Dc, "creator"),
    ("author", Ns::Atom, "author"),
    ("category", Ns::Dc, "subject"),
    ("category", Ns::Atom, "category"),
    ("guid", Ns::Atom, "id"),
    ("pubDate", Ns::Dc, "date"),
    ("pubDate", Ns::Atom, "published"),
    ("source", Ns::Dc, "source"),
    ("source", Ns::Atom, "source"),
];

impl<'d> Walk<'d, '_> {
    /// An element with a row begins, its attributes looked at one by one already.
    pub(super) fn after_attributes(&mut self, row: &'static Row, attributes: &[Attribute<'d>]) {
        let find = |name: &str| attributes.iter().find(|a| a.ns == Ns::None && a.name == name);
        let ns = self.frames.last().map_or(Ns::None, |frame| frame.ns);
        if ns == Ns::Itunes {
            self.begin_itunes(row, attributes);
        }
        match row.value {
            Value::AtomText => self.begin_construct(attributes, false),
            Value::AtomContent => self.begin_construct(attributes, true),
            Value::AtomLink => self.atom_link(attributes),
            Value::Resource => {
                let named = attributes.iter().any(|a| a.ns == Ns::Rdf && a.local == "resource");
                self.doc.entry.resource = named;
                if named {
                    self.resource(row.name, attributes);
                }
            }
            Value::Positions(..) => self.begin_place(attributes),
            Value::Guid => self.doc.entry.permalink = find("isPermaLink").is_none_or(|a| a.value == "true"),
            Value::MediaText => {
                let kind = find("type");
                self.doc.entry.media_html = kind.map(|kind| kind.value == "html");
                if let Some(kind) = kind
                    && !matches!(kind.value.as_ref(), "plain" | "html")
                {
                    self.report_attribute(&r::INVALID_MEDIA_TEXT_TYPE, kind, "neither `plain` nor `html`");
                } else if kind.is_some_and(|kind| kind.value == "plain") {
                    self.doc.entry.media_html = None;
                }
            }
            Value::MediaHash | Value::MediaRating | Value::MediaCredit | Value::MediaRestriction => {
                self.doc.entry.media = ["algo", "scheme", "role", "relationship", "type"]
                    .into_iter()
                    .filter_map(|name| find(name).map(|a| (name, a.value.to_string())))
                    .collect();
            }
            _ => {}
        }
        self.begin(row, attributes);
        if !matches!(row.value, Value::Elements | Value::Free)
            && let Some(frame) = self.frames.last_mut()
        {
            frame.collects = true;
        }
        if matches!(row.value, Value::Free)
            && let Some(frame) = self.frames.last_mut()
            && frame.place == Ctx::Leaf
        {
            frame.place = Ctx::Foreign;
        }
    }

    fn begin(&mut self, row: &'static Row, attributes: &[Attribute<'d>]) {
        let ns = self.frames.last().map_or(Ns::None, |frame| frame.ns);
        let parent = self.parent_place();
        match row.inside {
            Ctx::Item | Ctx::Entry => self.doc.entry = EntryFacts::default(),
            Ctx::TextInput if self.doc.family == Family::Rss => {
                self.report(&r::AVOID_TEXT_INPUT, "a text input, which hardly any reader shows", "");
            }
            Ctx::SkipHours | Ctx::SkipDays => self.doc.feed.listed.clear(),
            Ctx::Channel => {
                if self.doc.family == Family::Rdf {
                    self.rdf_about(row, attributes);
                }
                self.doc.feed.slash = None;
            }
            Ctx::Categories => self.categories(attributes),
            Ctx::Outline => self.outline(attributes),
            Ctx::Gml => self.begin_place(attributes),
            _ => {}
        }
        if self.doc.family == Family::Rdf && ns == Ns::Rss {
            if matches!(row.inside, Ctx::Item | Ctx::Image | Ctx::TextInput) && parent == Ctx::Rdf {
                self.rdf_about(row, attributes);
            }
            if matches!(row.inside, Ctx::Image | Ctx::TextInput) && parent == Ctx::Channel {
                self.set_place(Ctx::Foreign);
            }
            if row.inside == Ctx::RdfItems {
                self.set_place(Ctx::Foreign);
            }
        }
        match (ns, row.name) {
            (Ns::Content, "encoded")
                if self.doc.family == Family::Rss && !self.seen_in_parent(Ns::Rss, "description") =>
            {
                self.report(&r::NEED_DESCRIPTION_BEFORE_CONTENT, "the content before the description", "");
            }
            (Ns::Admin, _) => self.resource(row.name, attributes),
            (Ns::Slash, "comments") if self.doc.feed.slash.is_none() => {
                self.doc.feed.slash =
                    self.frames.len().checked_sub(2).and_then(|at| self.frames.get(at)).map(|f| f.offset);
            }
            (Ns::Thr, "in-reply-to") => {
                let value = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| a.value.as_ref());
                if value("href").is_none() && !value("ref").unwrap_or_default().starts_with("http") {
                    self.report(&r::MISSING_THREAD_TARGET, "an answer whose original cannot be followed", "");
                }
            }
            (Ns::Media, "content" | "thumbnail") => {
                if row.name == "content" {
                    self.doc.entry.nowhere = !attributes.iter().any(|a| a.ns == Ns::None && a.name == "url");
                }
                self.note_image(attributes);
            }
            (Ns::Rss, "enclosure") => {
                let url =
                    attributes.iter().find(|a| a.name == "url").map(|a| a.value.as_ref()).unwrap_or_default();
                let file =
                    url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
                let kind = file.split_whitespace().next().unwrap_or_default();
                let kind =
                    kind.rsplit_once('.').map(|(_, kind)| kind.to_ascii_lowercase()).unwrap_or_default();
                let supported =
                    ["m4a", "mp3", "mov", "mp4", "m4v", "pdf", "epub", ""].contains(&kind.as_str());
                self.doc.entry.unsupported |= !supported;
                self.enclosure(attributes);
            }
            _ => {}
        }
    }

    /// An element whose value is the address in `rdf:resource`.
    pub(super) fn resource(&mut self, name: &str, attributes: &[Attribute<'d>]) {
        match attributes.iter().find(|a| a.ns == Ns::Rdf && a.local == "resource") {
            Some(attribute) => self.attribute_value(Value::Url, attribute),
            None => {
                self.report(&r::MISSING_ATTRIBUTE, format!("`{name}` has no attribute `rdf:resource`"), "")
            }
        }
    }

    fn seen_in_parent(&self, ns: Ns, name: &str) -> bool {
        let Some(parent) = self.frames.len().checked_sub(2).and_then(|at| self.frames.get(at)) else {
            return false;
        };
        self.seen
            .get(parent.seen..)
            .unwrap_or_default()
            .iter()
            .any(|seen| seen.ns == ns && seen.row.name == name)
    }

    fn rdf_about(&mut self, row: &'static Row, attributes: &[Attribute<'d>]) {
        match attributes.iter().find(|a| a.local == "about") {
            None if self.doc.nameless => {}
            None => {
                self.report(&r::MISSING_ATTRIBUTE, format!("`{}` has no attribute `rdf:about`", row.name), "")
            }
            Some(about) => {
                self.attribute_value(Value::Url, about);
                if row.inside == Ctx::Channel {
                    self.doc.entry.needs_summary = true;
                }
            }
        }
    }

    fn begin_itunes(&mut self, row: &'static Row, attributes: &[Attribute<'d>]) {
        if !self.doc.feed.itunes {
            self.doc.feed.itunes = true;
            if !self.utf8 {
                self.report(&r::NOT_UTF8, "a podcast in an encoding that is not UTF-8", "");
            }
        }
        self.doc.entry.itunes = true;
        if row.name == "owner" {
            self.doc.feed.owner = true;
        }
        if row.name == "category"
            && let Some(text) = attributes.iter().find(|a| a.name == "text")
        {
            let parent = if self.parent_place() == Ctx::Category { self.category.clone() } else { None };
            self.podcast_category(text, parent.as_deref());
            if parent.is_none() {
                self.category = Some(text.value.trim().to_owned());
            }
        }
    }

    pub(super) fn categories(&mut self, attributes: &[Attribute<'d>]) {
        let find = |name: &str| attributes.iter().any(|a| a.name == name);
        if find("href") && (find("scheme") || find("fixed")) {
            self.report(&r::CONFLICTING_CAT_ATTR, "`href` beside `fixed` or `scheme`", "");
        }
        self.elsewhere = find("href");
    }

    /// An element with a row ends: what it holds is remembered for later.
    pub(super) fn remember(&mut self, row: &'static Row, text: &str) {
        let Some(frame) = self.frames.last() else { return };
        let (ns, offset) = (frame.ns, frame.offset);
        let trimmed = words::trimmed(text);
        match (self.parent_place(), ns, row.name) {
            (Ctx::Channel, Ns::Rss, "title") => {
                self.doc.feed.title.get_or_insert_with(|| trimmed.to_owned());
            }
            (Ctx::Channel, Ns::Rss, "docs") => {
                self.doc.feed.elements_only = FORMER_SPECIFICATIONS.iter().any(|at| trimmed.contains(at));
            }
            (Ctx::Channel, Ns::Rss, "link") => {
                self.doc.feed.secure |= trimmed.starts_with("https:");
                self.doc.feed.link.get_or_insert_with(|| trimmed.to_owned());
            }
            (Ctx::Image, Ns::Rss, name @ ("title" | "link")) if self.doc.feed.image.len() < REMEMBERED => {
                self.doc.feed.image.push((name == "title", trimmed.to_owned(), offset));
            }
            (Ctx::SkipHours | Ctx::SkipDays, _, _) => {
                let trimmed = trimmed.strip_prefix('0').filter(|rest| !rest.is_empty()).unwrap_or(trimmed);
                if self.doc.feed.listed.iter().any(|known| known == trimmed) {
                    self.report(&r::DUPLICATE_VALUE, "a value that was named before", trimmed);
                } else if self.doc.feed.listed.len() < REMEMBERED {
                    self.doc.feed.listed.push(trimmed.to_owned());
                }
            }
            (Ctx::Entry, Ns::Atom, "id") | (Ctx::Item, Ns::Rss, "guid") if !trimmed.is_empty() => {
                let place = self.doc.first.len();
                let first = *self.doc.ids.entry(self.kept(trimmed)).or_insert(place);
                if first == place {
                    self.doc.first.push(None);
                } else {
                    self.report(&r::DUPLICATE_ENTRIES, "an id that another entry has", trimmed);
                }
                // Of several ids in one entry the first counts.
                self.doc.entry.id.get_or_insert((first, first < place));
            }
            (Ctx::Entry, Ns::Atom, "updated") => {
                let updated = self.kept(trimmed);
                self.doc.entry.updated.get_or_insert(updated);
            }
            _ => {}
        }
        self.note(row, ns, trimmed);
    }

    /// The trimmed text of the element that ends, to be kept: borrowed where it stands in the document as it is.
    fn kept(&self, trimmed: &str) -> Cow<'d, str> {
        match self.whole {
            true => Cow::Borrowed(words::trimmed(self.reader.whole().text)),
            false => Cow::Owned(trimmed.to_owned()),
        }
    }

    /// An element ends, whatever it is.
    pub(super) fn finish(&mut self, place: Ctx) {
        match place {
            Ctx::Channel => self.finish_channel(),
            Ctx::Item => self.finish_item(),
            Ctx::Entry => self.finish_entry(),
            Ctx::Feed => self.finish_feed(),
            Ctx::Person
                if self.parent_place() == Ctx::Source
                    && self.frames.last().is_some_and(|frame| frame.name == "author") =>
            {
                self.doc.entry.source_author = true;
            }
            Ctx::SkipHours if self.frames.last().is_some_and(|frame| frame.children > 24) => {
                self.report(&r::NOT_ENOUGH_HOURS_IN_THE_DAY, "more than 24 hours", "");
            }
            Ctx::SkipDays if self.frames.last().is_some_and(|frame| frame.children > 7) => {
                self.report(&r::EIGHT_DAYS_A_WEEK, "more than seven days", "");
            }
            Ctx::Group => {
                let contents = self.frames.last().map_or(0, |frame| frame.repeating);
                if contents < 2 {
                    self.report(&r::MEDIA_GROUP_WITHOUT_ALTERNATIVES, "a group of fewer than two media", "");
                }
            }
            Ctx::MediaContent => {
                // The player of what is around it is the medium's too.
                let player =
                    || self.seen.iter().any(|seen| seen.ns == Ns::Media && seen.row.name == "player");
                if std::mem::take(&mut self.doc.entry.nowhere) && !player() {
                    let message = "`content` has neither an attribute `url` nor a `media:player`";
                    self.report(&r::MISSING_ATTRIBUTE, message, "");
                }
                if let Some(parent) = self.frames.len().checked_sub(2).and_then(|at| self.frames.get_mut(at))
                {
                    parent.repeating += 1;
                }
            }
            Ctx::Categories
                if self.elsewhere && self.frames.last().is_some_and(|frame| frame.children > 0) =>
            {
                self.report(&r::CONFLICTING_CAT_CHILDREN, "`href`, and categories too", "");
            }
            Ctx::Opml => self.finish_opml(),
            Ctx::Gml => self.finish_place(),
            _ => {}
        }
    }

    fn pairs(&mut self, pairs: &[(&'static str, Ns, &'static str)], rule: &'static super::super::rule::Rule) {
        let from = self.frames.last().map_or(0, |frame| frame.seen);
        // Most elements have children of few namespaces, and so none of most pairs.
        let seen = self.seen.get(from..).unwrap_or_default();
        let namespaces = seen.iter().fold(0u64, |all, seen| all | 1 << seen.ns as u8);
        for (core, ns, extension) in pairs.iter().filter(|(_, ns, _)| namespaces & 1 << *ns as u8 != 0) {
            let seen = self.seen.get(from..).unwrap_or_default();
            // The extension first: its namespace alone tells that there is none, as a rule.
            let other = seen.iter().find(|s| s.ns == *ns && s.row.name == *extension);
            let Some(other) = other.map(|s| s.offset) else { continue };
            let one = seen.iter().find(|s| s.ns == Ns::Rss && s.row.name == *core);
            if let Some(one) = one.map(|s| s.offset) {
                let prefix = super::super::names::prefix_of(*ns);
                let prefix = if prefix.is_empty() { "atom" } else { prefix };
                self.report_at(
                    rule,
                    one.max(other),
                    format!("`{core}` and `{prefix}:{extension}` say the same"),
                    "",
                );
            }
        }
        let both = self.cc && self.has(Ns::CreativeCommons, "license");
        if both {
            self.report(rule, "`creativeCommons:license` and `cc:license` say the same", "");
        }
    }

    fn finish_channel(&mut self) {
        if self.doc.family == Family::Rdf {
            if std::mem::take(&mut self.doc.entry.needs_summary) && !self.has(Ns::Rss, "items") {
                self.report(&r::MISSING_ELEMENT, "`channel` has no `items`", "");
            }
            return;
        }
        self.pairs(CHANNEL_PAIRS, &r::DUPLICATE_SEMANTICS);
        if self.doc.modern && !self.doc.feed.has_self {
            self.report(&r::MISSING_ATOM_SELF_LINK, "the feed does not say where it is", "");
        }
        if let Some((offset, path, name)) = self.doc.feed.extended.take()
            && self.doc.feed.elements_only
            && self.sink.admits(&r::USE_OF_EXTENSION_ATTR)
        {
            let message = format!("`{}`, and the version of RSS named knows none", shortened(&name));
            let rule = &r::USE_OF_EXTENSION_ATTR;
            self.sink.push(rule, offset, path, message, &name, rule.mend);
        }
        let dated = self.has(Ns::Rss, "lastBuildDate")
            || self.has(Ns::Dcterms, "modified")
            || self.has(Ns::Atom, "updated");
        if let Some(offset) = self.doc.feed.slash.take().filter(|_| !dated) {
            self.report_at(
                &r::SLASH_DATE,
                offset,
                "counts of comments change, and the feed has no date of change",
                "",
            );
        }
        if self.doc.feed.itunes {
            for (ns, name, shown) in [
                (Ns::Rss, "language", "language"),
                (Ns::Itunes, "category", "itunes:category"),
                (Ns::Itunes, "explicit", "itunes:explicit"),
            ] {
                if !self.has(ns, name) {
                    self.report(&r::MISSING_ITUNES_ELEMENT, format!("a podcast without `{shown}`"), "");
                }
            }
            if !self.doc.feed.owner {
                self.report(&r::MISSING_ITUNES_EMAIL, "a podcast without the address of its owner", "");
            }
        }
        for (is_title, text, offset) in std::mem::take(&mut self.doc.feed.image) {
            let own = if is_title { &self.doc.feed.title } else { &self.doc.feed.link };
            let Some(own) = own.clone() else { continue };
            if own != text {
                let rule = if is_title { &r::IMAGE_TITLE_DOESNT_MATCH } else { &r::IMAGE_LINK_DOESNT_MATCH };
                if self.sink.admits(rule) {
                    let path = self.path(if is_title { "/image/title" } else { "/image/link" });
                    let message = format!("not the channel's, which is `{}`", shortened(&own));
                    self.sink.push(rule, offset, path, message, &text, rule.mend);
                }
            }
        }
        self.finish_history();
    }

    fn finish_item(&mut self) {
        if self.doc.family == Family::Rdf {
            for (name, rule) in [("title", &r::MISSING_TITLE), ("link", &r::MISSING_LINK)] {
                if !self.has(Ns::Rss, name) {
                    self.report(rule, format!("`item` has no `{name}`"), "");
                }
            }
        } else {
            if !self.has(Ns::Rss, "title") && !self.has(Ns::Rss, "description") {
                self.report(
                    &r::ITEM_MUST_CONTAIN_TITLE_OR_DESCRIPTION,
                    "an item without title and description",
                    "",
                );
            }
            if self.doc.modern && !self.has(Ns::Rss, "guid") {
                self.report(&r::MISSING_GUID, "an item without a guid", "");
            }
            self.pairs(ITEM_PAIRS, &r::DUPLICATE_ITEM_SEMANTICS);
            if self.doc.entry.itunes && self.doc.entry.unsupported {
                self.report(
                    &r::UNSUPPORTED_ITUNES_FORMAT,
                    "an enclosure that Apple Podcasts does not play",
                    "",
                );
            }
        }
        self.finish_noted();
    }

    fn finish_entry(&mut self) {
        let summary = self.has(Ns::Atom, "summary");
        if !self.doc.entry.alternate && !self.doc.entry.content {
            self.report(&r::MISSING_CONTENT_OR_ALTERNATE, "neither content nor a link to it", "");
        }
        if !summary && !self.doc.entry.content {
            self.report(&r::MISSING_TEXTUAL_CONTENT, "neither content nor a summary", "");
        }
        if self.doc.entry.needs_summary && !summary {
            self.report(&r::MISSING_SUMMARY, "content that is elsewhere or no text, and no summary", "");
        }
        if !self.has(Ns::Atom, "author") && !self.doc.entry.source_author {
            if self.doc.kind == Kind::AtomEntry {
                self.report(&r::MISSING_ELEMENT, "`entry` has no `author`", "");
            } else if self.doc.feed.authorless.len() < REMEMBERED {
                let offset = self.frames.last().map_or(0, |frame| frame.offset);
                let path = self.path("");
                self.doc.feed.authorless.push((offset, path));
            }
        }
        if let (Some((place, repeated)), Some(updated)) =
            (self.doc.entry.id.take(), self.doc.entry.updated.take())
        {
            self.version(place, repeated, updated);
        }
        self.finish_noted();
    }

    /// Remembers an entry's date with its id. Hardly any id comes again, so dates are compared only where one does.
    fn version(&mut self, place: usize, repeated: bool, updated: Cow<'d, str>) {
        let Some(first) = self.doc.first.get_mut(place) else { return };
        if !repeated {
            *first = Some(updated);
            return;
        }
        if let Some(first) = first.take() {
            self.doc.versions.insert((place, first));
        }
        if !self.doc.versions.insert((place, updated.clone())) {
            self.report(&r::DUPLICATE_UPDATED, "two entries of one id and one date", &updated);
        }
    }

    /// Whether a length is a number above zero.
    pub(super) fn is_known_length(text: &str) -> bool {
        words::is_positive(text)
    }
}
