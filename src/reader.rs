//! Reads a feed as a reader would, to compare what is published with what was: for the guard against broken exports,
//! for `diff`, for fixtures, and to recover what a lost ledger knew.
//!
//! It takes RSS 2.0, Atom 1.0 and JSON Feed and is forgiving; whether a feed is right is the business of
//! [`crate::check`].

use chrono::{DateTime, FixedOffset};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::Value;
use std::fmt;

/// A feed as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadFeed {
    pub title: String,
    pub description: String,
    pub entries: Vec<ReadEntry>,
}

/// An entry as it was read; what it does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadEntry {
    pub id: String,
    pub title: String,
    pub link: String,
    /// As written.
    pub published: String,
    /// As written.
    pub updated: String,
    pub authors: Vec<String>,
    pub categories: Vec<String>,
    pub summary: String,
    pub content: String,
    /// Addresses of pictures, enclosures and attachments.
    pub media: Vec<String>,
}

impl ReadEntry {
    /// What people call the entry.
    pub fn name(&self) -> &str {
        if self.title.is_empty() { &self.id } else { &self.title }
    }

    /// The moment of publication, where it can be understood.
    pub fn published_at(&self) -> Option<DateTime<FixedOffset>> {
        moment(&self.published)
    }

    /// The moment of the last change, where one is written and can be understood.
    pub fn updated_at(&self) -> Option<DateTime<FixedOffset>> {
        moment(&self.updated)
    }
}

fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)).ok()
}

/// Why something cannot be read as a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

/// Reads a feed of any of the formats.
pub fn read(bytes: &[u8]) -> Result<ReadFeed, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable("not UTF-8", error))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') { read_json(text) } else { read_xml(text) }
}

fn unreadable(what: &str, error: impl fmt::Display) -> Unreadable {
    Unreadable(format!("{what}: {error}"))
}

fn read_json(text: &str) -> Result<ReadFeed, Unreadable> {
    let document: Value = serde_json::from_str(text).map_err(|error| unreadable("not JSON", error))?;
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let items = document.get("items").and_then(Value::as_array);
    let items = items.ok_or_else(|| Unreadable("a JSON document without items".to_owned()))?;
    let entries = items.iter().map(|item| {
        let mut media = Vec::new();
        media.extend(Some(text(item, "image")).filter(|url| !url.is_empty()));
        media.extend(list(item, "attachments").iter().map(|attachment| text(attachment, "url")));
        let html = text(item, "content_html");
        ReadEntry {
            id: text(item, "id"),
            title: text(item, "title"),
            link: text(item, "url"),
            published: text(item, "date_published"),
            updated: text(item, "date_modified"),
            authors: list(item, "authors").iter().map(|author| text(author, "name")).collect(),
            categories: list(item, "tags").iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
            summary: text(item, "summary"),
            content: if html.is_empty() { text(item, "content_text") } else { html },
            media,
        }
    });
    Ok(ReadFeed {
        title: text(&document, "title"),
        description: text(&document, "description"),
        entries: entries.collect(),
    })
}

fn read_xml(source: &str) -> Result<ReadFeed, Unreadable> {
    let mut reader = Reader::from_str(source);
    let mut feed = ReadFeed::default();
    let mut entry: Option<ReadEntry> = None;
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut is_feed = false;
    loop {
        let event = reader.read_event().map_err(|error| unreadable("not XML", error))?;
        match event {
            Event::Start(tag) => {
                let name = local_name(&tag);
                is_feed |= path.is_empty() && (name == "rss" || name == "feed" || name == "rdf:RDF");
                if name == "item" || name == "entry" {
                    entry = Some(ReadEntry::default());
                }
                attributes(&tag, &name, entry.as_mut());
                path.push(name);
                text.clear();
            }
            Event::Empty(tag) => attributes(&tag, &local_name(&tag), entry.as_mut()),
            Event::Text(chunk) => {
                text.push_str(&chunk.decode().map_err(|error| unreadable("not XML", error))?)
            }
            Event::CData(chunk) => {
                text.push_str(&chunk.decode().map_err(|error| unreadable("not XML", error))?)
            }
            Event::GeneralRef(reference) => text.extend(character(&reference)?),
            Event::End(_) => {
                let Some(name) = path.pop() else { break };
                let parent = path.last().map_or("", String::as_str);
                let value = std::mem::take(&mut text);
                match &mut entry {
                    Some(open) if name == "item" || name == "entry" => {
                        feed.entries.push(std::mem::take(open));
                        entry = None;
                    }
                    Some(open) => element(open, &name, parent, value.trim()),
                    None if parent == "channel" || parent == "feed" => match name.as_str() {
                        "title" => value.trim().clone_into(&mut feed.title),
                        "description" | "subtitle" => value.trim().clone_into(&mut feed.description),
                        _ => {}
                    },
                    None => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match (is_feed, path.is_empty()) {
        (false, _) => Err(Unreadable("no feed".to_owned())),
        (true, false) => Err(Unreadable("not XML: it breaks off".to_owned())),
        (true, true) => Ok(feed),
    }
}

/// What a child of an entry says.
fn element(entry: &mut ReadEntry, name: &str, parent: &str, value: &str) {
    let set = |field: &mut String| value.clone_into(field);
    match (name, parent) {
        ("name", "author") => entry.authors.push(value.to_owned()),
        (_, parent) if parent != "item" && parent != "entry" => {}
        ("title", _) => set(&mut entry.title),
        ("link", "item") => set(&mut entry.link),
        ("guid" | "id", _) => set(&mut entry.id),
        ("pubDate" | "published", _) => set(&mut entry.published),
        ("updated" | "dcterms:modified", _) => set(&mut entry.updated),
        ("dc:creator", _) | ("author", "item") => entry.authors.push(value.to_owned()),
        ("category", "item") => entry.categories.push(value.to_owned()),
        ("description" | "summary", _) => set(&mut entry.summary),
        ("content:encoded" | "content", _) => set(&mut entry.content),
        _ => {}
    }
}

/// What the attributes of an entry's child say.
fn attributes(tag: &BytesStart<'_>, name: &str, entry: Option<&mut ReadEntry>) {
    let Some(entry) = entry else { return };
    let get = |wanted: &str| {
        let attribute = tag.try_get_attribute(wanted).ok().flatten()?;
        attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
    };
    match name {
        "link" => match (get("rel").as_deref(), get("href")) {
            (None | Some("alternate"), Some(href)) if entry.link.is_empty() => entry.link = href,
            (Some("enclosure"), Some(href)) => entry.media.push(href),
            _ => {}
        },
        "enclosure" | "media:content" => entry.media.extend(get("url")),
        "category" => entry.categories.extend(get("term")),
        _ => {}
    }
}

fn local_name(tag: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(tag.name().as_ref()).into_owned()
}

fn character(reference: &BytesRef<'_>) -> Result<Option<char>, Unreadable> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| unreadable("not XML", error))? {
        return Ok(Some(character));
    }
    let name = reference.decode().map_err(|error| unreadable("not XML", error))?;
    Ok(quick_xml::escape::resolve_xml_entity(&name).and_then(|text| text.chars().next()))
}
