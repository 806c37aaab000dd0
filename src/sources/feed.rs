//! Feeds as a source: [RSS 0.9x and 2.0](https://www.rssboard.org/rss-specification), [RSS 1.0
//! (RDF)](https://web.resource.org/rss/1.0/spec), Atom 0.3 and [1.0](https://www.rfc-editor.org/rfc/rfc4287), [JSON
//! Feed](https://www.jsonfeed.org/version/1.1/). An entry is a record; what the feed says of itself (language, authors,
//! rights) counts for entries behind it that do not say otherwise.
//!
//! XML is read entry by entry in constant memory, as far as a bad feed can be: see `support::xml`. A file that
//! breaks off gives its whole entries, and the break is named. A JSON Feed is read as JSON is. A WordPress
//! export, which is RSS too, is read as [`super::wxr`] does.
//!
//! Every id stands by itself, so that entries of several feeds can be put together: see `identity`.

use super::support::tree::{At, Places};
use super::support::xml::{Element, Ending, LARGEST, Part, Tag, Xml};
use super::{Fields, Input, Locate, Options, Sink, Source, json, wxr};
use crate::diagnostic::{Diagnostic, Place};
use crate::id;
use serde_json::Value;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use url::Url;

mod entry;
mod media;

/// The format.
pub struct Feed;

/// How much of a file is looked at to tell JSON from XML.
const HEAD: u64 = 1024;

impl Source for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rss", "atom", "rdf", "xml"]
    }

    fn about(&self) -> &'static str {
        "feeds, good and bad: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed; WordPress exports are told apart"
    }

    fn read(&self, mut input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let came = input.address();
        let mut head = Vec::new();
        input.reader.by_ref().take(HEAD).read_to_end(&mut head)?;
        // Behind a byte-order mark or in UTF-16 too.
        let first = head.iter().find(|b| b.is_ascii_graphic()).copied();
        input.reader = Box::new(Cursor::new(head).chain(input.reader));
        if first == Some(b'{') {
            return json::Json.read(input, options, &mut Identified { sink });
        }
        let xml = Xml::open(input.reader, options)?;
        Document { file: &input.name, xml, sink, about: About { came, ..About::default() } }.read(options)
    }
}

/// What a feed says of itself.
#[derive(Debug, Default)]
struct About {
    title: Option<String>,
    /// The page that the feed is of.
    link: Option<String>,
    /// Where the feed is served.
    own: Option<String>,
    /// Where it was fetched.
    came: Option<Url>,
    /// As it is stated by `xml:base`.
    base: Option<Url>,
    language: Option<String>,
    authors: Vec<Value>,
    rights: Option<String>,
}

impl About {
    /// What a tag around entries tells.
    fn enter(&mut self, tag: &Tag) {
        if let Some(language) = tag.attribute("xml:lang") {
            self.language = plausible_language(language);
        }
        if let Some(base) = tag.attribute("xml:base").and_then(|base| self.resolve(base)) {
            self.base = Some(base);
        }
        if let Some(about) = tag.attribute("rdf:about").filter(|about| is_web(about)) {
            self.own.get_or_insert_with(|| about.to_owned());
        }
    }

    fn resolve(&self, url: &str) -> Option<Url> {
        Url::options().base_url(self.base.as_ref().or(self.came.as_ref())).parse(url.trim()).ok()
    }

    /// Takes what stands beside the entries.
    fn take(&mut self, element: &Element) {
        let text = || element.text();
        match element.name.as_str() {
            "title" | "atom:title" if self.title.is_none() => self.title = text(),
            "link" if self.link.is_none() => {
                self.link =
                    element.attribute("href").map(str::to_owned).or_else(text).filter(|url| is_web(url));
            }
            "atom:link" => {
                let href = element.attribute("href").and_then(|href| self.resolve(href)).map(String::from);
                match element.attribute("rel").unwrap_or("alternate") {
                    "alternate" if self.link.is_none() => self.link = href,
                    "self" if self.own.is_none() => self.own = href,
                    _ => {}
                }
            }
            "language" | "dc:language" => {
                self.language = text().as_deref().and_then(plausible_language).or(self.language.take());
            }
            "atom:author" => self.authors.extend(entry::person(element)),
            "dc:creator" | "itunes:author" if self.authors.is_empty() => {
                self.authors.extend(text().map(Value::String));
            }
            "copyright" | "dc:rights" | "atom:rights" if self.rights.is_none() => self.rights = text(),
            _ => {}
        }
    }

    /// What links of the feed are resolved against.
    fn base(&self) -> Option<Url> {
        let said = [&self.own, &self.link].into_iter().flatten();
        let said = said.filter_map(|url| Url::parse(url).ok()).next();
        self.base.clone().or(said).or_else(|| self.came.clone())
    }

    /// By what the feed is known.
    fn address(&self) -> Option<&str> {
        [&self.link, &self.own].into_iter().flatten().map(String::as_str).find(|url| is_web(url))
    }
}

/// A tag of a language, as it may be handed down to every entry: feeds say `vietnamese` too.
pub(super) fn plausible_language(text: &str) -> Option<String> {
    let text = text.trim().replace('_', "-");
    let mut parts = text.split('-');
    let is_plausible = parts.next().is_some_and(|first| (2..=3).contains(&first.len()))
        && text
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    is_plausible.then_some(text)
}

fn is_web(url: &str) -> bool {
    let start = url.trim_start().get(..8).unwrap_or_default().to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// The identity of an entry.
///
/// An id that is a URI or a UUID is kept: readers know the entry by it. Any other, `123` say, is known within its own feed
/// alone, and two feeds may both have it: then the entry's link stands for it, which is the same in every feed that
/// carries the article; and where it has none, the feed's address with the id behind `#`. So an id never depends on what
/// else is read, nor on when. An entry that has neither id nor link is known by the file that it is about, if it has one.
pub(super) fn identity(id: Option<&str>, link: Option<&str>, feed: Option<&str>) -> Option<String> {
    let id = id.map(str::trim).filter(|id| !id.is_empty());
    match (id, link, feed) {
        (Some(id), ..) if id::is_universal(id) => Some(id.to_owned()),
        (_, Some(link), _) => Some(link.to_owned()),
        (Some(id), None, Some(feed)) => Some(format!("{feed}#{id}")),
        (id, None, _) => id.map(str::to_owned),
    }
}

/// Gives the items of a JSON Feed their identity.
struct Identified<'a> {
    sink: &'a mut dyn Sink,
}

impl Sink for Identified<'_> {
    fn record(&mut self, mut fields: Fields, at: &dyn Locate) {
        let text = |name: &str| match fields.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let link = text("url").or_else(|| text("external_url")).filter(|url| is_web(url));
        if let Some(id) = identity(text("id").as_deref(), link.as_deref(), None) {
            fields.insert("id".to_owned(), Value::String(id));
        }
        if let (None, Some(link)) = (fields.get("url"), link) {
            fields.insert("url".to_owned(), Value::String(link));
        }
        self.sink.record(fields, at);
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        self.sink.unreadable(diagnostic);
    }

    fn skipped(&mut self, place: Place, reason: &str) {
        self.sink.skipped(place, reason);
    }
}

/// A file as it is being read.
struct Document<'a, 'x> {
    file: &'a Arc<str>,
    xml: Xml<'x>,
    sink: &'a mut dyn Sink,
    about: About,
}

impl Document<'_, '_> {
    fn read(mut self, options: &Options) -> io::Result<()> {
        let Some(root) = self.root()? else { return Ok(()) };
        if wxr::is_export(&root) {
            return wxr::read(self.file, self.xml, root, options, self.sink);
        }
        let own = root.written().to_owned();
        let mut within = Vec::new();
        let mut closed = false;
        let mut next = Some(Part::Start(root));
        loop {
            let part = match next.take() {
                Some(part) => part,
                None => self.xml.part()?,
            };
            match part {
                Part::Start(tag) => closed |= self.part(tag, &mut within)?,
                Part::End(name) => closed |= name == own,
                Part::Over => break,
            }
        }
        complete(self.file, &self.xml, closed, self.sink);
        Ok(())
    }

    /// What stands between entries, or an entry. Returns whether nothing more is to be said of the file's end: the entry is
    /// all of it, or was cut off, and that is named.
    fn part(&mut self, tag: Tag, within: &mut Vec<String>) -> io::Result<bool> {
        match tag.name.as_str() {
            "rss" | "rdf:RDF" | "channel" | "atom:feed" => {
                self.about.enter(&tag);
                self.xml.enter(&tag, if tag.name == "atom:feed" { "atom" } else { "" });
                let is_whole = within.is_empty() && tag.is_empty();
                within.push(tag.written().to_owned());
                Ok(is_whole)
            }
            "item" | "atom:entry" => {
                let is_root = within.is_empty();
                let (element, ending) = self.xml.element(tag, within, &|_| true)?;
                if ending == Ending::Cut {
                    return Ok(cut(self.file, &self.xml, &element, self.sink));
                }
                let (fields, fields_at) = entry::record(&element, &self.about);
                let places = Places { file: Arc::clone(self.file), start: element.at, fields: fields_at };
                self.sink.record(fields, &places);
                Ok(is_root)
            }
            "at:deleted-entry" => {
                let (element, _) = self.xml.element(tag, within, &|_| true)?;
                if let Some(id) = element.attribute("ref") {
                    let fields = [("id", Value::from(id)), ("deleted", true.into())];
                    let fields = fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
                    let file = Arc::clone(self.file);
                    self.sink.record(fields, &Places { file, start: element.at, fields: Vec::new() });
                }
                Ok(false)
            }
            _ => {
                let (element, _) = self.xml.element(tag, within, &|_| true)?;
                self.about.take(&element);
                Ok(false)
            }
        }
    }

    /// The tag with which the feed begins, whatever stands before it; `None` where there is none, and the sink knows.
    fn root(&mut self) -> io::Result<Option<Tag>> {
        let mut foreign: Option<(String, At)> = None;
        loop {
            match self.xml.part()? {
                Part::Start(mut tag) => {
                    let local = tag.name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
                    let name = match local.as_str() {
                        "rss" => "rss",
                        "rdf" => "rdf:RDF",
                        "channel" => "channel",
                        "feed" => "atom:feed",
                        "item" => "item",
                        "entry" => "atom:entry",
                        _ => {
                            let is_page = local == "html";
                            foreign.get_or_insert((local, tag.at));
                            if is_page {
                                break;
                            }
                            continue;
                        }
                    };
                    tag.name = name.to_owned();
                    if name == "atom:entry" {
                        self.about.enter(&tag);
                        self.xml.enter(&tag, "atom");
                    }
                    return Ok(Some(tag));
                }
                Part::End(_) => {}
                Part::Over => break,
            }
        }
        let (message, at) = match &foreign {
            None => ("the file holds no XML, and so no feed".to_owned(), (1, 1)),
            Some((name, at)) if name == "html" => ("the file is HTML, not a feed".to_owned(), *at),
            Some((name, at)) => (format!("the file is no feed: it begins with `<{name}>`"), *at),
        };
        let help = match foreign.as_ref().map(|(name, _)| name.as_str()) {
            Some("html") => Some("a server's error page, perhaps, saved in its place"),
            Some("urlset" | "sitemapindex") => Some("this is a sitemap: it has addresses, and no articles"),
            Some("opml") => Some("this is a list of feeds: save the feeds themselves, and name their files"),
            _ => None,
        };
        let mut diagnostic = Diagnostic::left_out(Place::new(self.file, at.0, at.1), message);
        diagnostic.help = help.map(str::to_owned);
        self.sink.unreadable(diagnostic);
        Ok(None)
    }
}

/// Names an entry that the file breaks off in. Returns that it is named.
pub(super) fn cut(file: &Arc<str>, xml: &Xml<'_>, element: &Element, sink: &mut dyn Sink) -> bool {
    let message = match xml.is_too_large() {
        true => {
            format!("the entry is larger than {} MiB: it and what follows it are left out", LARGEST >> 20)
        }
        false => "the file breaks off in the midst of this entry".to_owned(),
    };
    let mut diagnostic = Diagnostic::left_out(Place::new(file, element.at.0, element.at.1), message);
    let name = |name: &str| element.text_of(name);
    diagnostic.article = name("guid").or_else(|| name("atom:id")).or_else(|| name("title"));
    sink.unreadable(diagnostic.help("have the file written or fetched again: what stood behind is lost"));
    true
}

/// Says what there is to say of a file that was read to its end.
pub(super) fn complete(file: &Arc<str>, xml: &Xml<'_>, closed: bool, sink: &mut dyn Sink) {
    let place = |at: At| Place::new(file, at.0, at.1);
    if xml.is_too_large() {
        let message = format!("an element is larger than {} MiB: what follows is left out", LARGEST >> 20);
        sink.unreadable(Diagnostic::left_out(place(xml.at()), message));
    } else if !closed {
        let message = "the file breaks off here: its last tag is missing, and entries with it, perhaps";
        sink.unreadable(Diagnostic::left_out(place(xml.at()), message));
    }
    if let Some(at) = xml.astray {
        let label = xml.fallback();
        let message = format!("not all text is UTF-8: what is not is read as {label}, from here on");
        let diagnostic = Diagnostic::dropped(place(at), message);
        sink.unreadable(
            diagnostic
                .help("set `encoding` in the source if it is another; characters cut in two are left out"),
        );
    }
}

#[cfg(test)]
mod tests;
