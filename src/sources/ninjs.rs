//! ninjs, the news of agencies in JSON, 1.x to 3.x (<https://iptc.org/standards/ninjs/>), as Superdesk writes it too: one
//! item a file, a list of them, or one a line.
//!
//! A list is read in constant memory, files of any size; an object is stored in a temporary file and walked through first, to
//! find whether it holds items or is one. An item has 64 MiB at most. One that is withheld or cancelled withdraws the
//! article; a later usable version brings it back.

use super::support::encoding;
use super::support::walk::{Entry, Raw, Stop, Walker};
use super::{Fields, Input, Locate, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value, json as value};
use std::io;
use std::sync::Arc;

mod media;

/// The keys under which interfaces have their items.
const OF_ITEMS: &[&str] = &["_items", "items", "item"];

/// Types of items that are no articles, unless they have a text of their own.
const BESIDE_ARTICLES: &[&str] =
    &["picture", "graphic", "audio", "video", "composite", "component", "planning", "event"];

/// What the fields of a record are called in an item: the first of these that it has.
const NAMES: &[(&str, &[&str])] = &[
    ("id", &["uri", "guid"]),
    ("title", &["headline", "headlines", "title", "name"]),
    ("summary", &["description_text", "description_html", "description_xhtml", "descriptions", "abstract"]),
    ("content_html", &["body_xhtml", "body_html", "bodies"]),
    ("content_text", &["body_text", "bodies"]),
    (
        "date_published",
        &[
            "firstpublished",
            "firstcreated",
            "firstCreated",
            "contentcreated",
            "contentCreated",
            "versioncreated",
            "versionCreated",
        ],
    ),
    ("date_modified", &["versioncreated", "versionCreated", "contentmodified", "contentModified"]),
    ("authors", &["byline", "by", "authors"]),
    ("categories", &["service", "subject", "subjects"]),
    ("tags", &["keywords", "subject", "subjects"]),
    ("image", &["associations", "renditions"]),
    ("attachments", &["associations", "renditions"]),
    ("rights", &["copyrightnotice", "copyrightNotice", "copyrightholder", "copyrightHolder"]),
    ("deleted", &["pubstatus", "pubStatus"]),
];

/// The format.
pub struct Ninjs;

impl Source for Ninjs {
    fn name(&self) -> &'static str {
        "ninjs"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["ninjs"]
    }

    fn about(&self) -> &'static str {
        "ninjs: news of agencies and of Superdesk, one item a file, a list, or one a line"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let file = Arc::clone(&input.name);
        let mut walker = Walker::new(&file, encoding::open(input.reader, options.encoding)?);
        if walker.next()?.is_none() {
            sink.unreadable(Diagnostic::left_out(Place::new(&file, 1, 1), "the file is empty"));
        }
        if let Err(stop) = read(&mut walker, options.records.as_deref(), sink) {
            sink.unreadable(stop.told()?);
        }
        Ok(())
    }
}

/// Reads items and lists of them, as many as stand behind one another.
fn read(walker: &mut Walker<'_>, key: Option<&str>, sink: &mut dyn Sink) -> Result<(), Stop> {
    while let Some(first) = walker.next()? {
        match first {
            b'[' => list(walker, sink)?,
            b'{' => object(walker, key, sink)?,
            _ => item(walker.value()?, sink),
        }
    }
    Ok(())
}

fn list(walker: &mut Walker<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    walker.elements(|raw| {
        item(raw, sink);
        Ok(())
    })
}

/// An item, or what an interface answers: items under a key.
fn object(walker: &mut Walker<'_>, key: Option<&str>, sink: &mut dyn Sink) -> Result<(), Stop> {
    walker.store()?;
    let here = walker.mark();
    let (entries, end) = walker.entries();
    let behind = walker.mark();
    let is_list = |entry: &Entry| {
        let is_named = key.map_or(OF_ITEMS.contains(&entry.key.as_str()), |key| entry.key == key);
        is_named && entry.first == Some(b'[')
    };
    match entries.into_iter().find(is_list) {
        Some(entry) => {
            walker.go_to(entry.at)?;
            list(walker, sink)?;
            end?;
            walker.go_to(behind)?;
        }
        None => {
            end?;
            walker.go_to(here)?;
            item(walker.value()?, sink);
        }
    }
    Ok(())
}

fn item(raw: Result<Raw<'_>, Diagnostic>, sink: &mut dyn Sink) {
    match raw.and_then(|raw| Ok((raw.object()?, raw))) {
        Ok((item, raw)) => {
            let record = record_of(&item);
            let kind = text(&item, "type").filter(|kind| BESIDE_ARTICLES.contains(&kind.as_str()));
            let has_text = record.contains_key("content_html") || record.contains_key("content_text");
            match kind.filter(|_| !has_text && !record.contains_key("deleted")) {
                Some(kind) => sink.skipped(raw.locate(None), &format!("of type `{kind}`, without a text")),
                None => sink.record(record, &Named(raw)),
            }
        }
        Err(diagnostic) => sink.unreadable(diagnostic),
    }
}

/// The place of an item, by the names of ninjs.
struct Named<'a>(Raw<'a>);

impl Locate for Named<'_> {
    fn locate(&self, field: Option<&str>) -> Place {
        let Some(field) = field else { return self.0.locate(None) };
        let names = NAMES.iter().find(|(known, _)| *known == field).map_or(&[][..], |(_, names)| names);
        let start = self.0.locate(None);
        let known = names.iter().map(|name| self.0.locate(Some(name))).find(|place| *place != start);
        known.unwrap_or_else(|| self.0.locate(Some(field)))
    }
}

/// What stands under a name: 1.x and 2.x write `versioncreated` what 3.x writes `versionCreated`.
fn get<'a>(item: &'a Fields, name: &str) -> Option<&'a Value> {
    item.get(name).or_else(|| Some(item.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?.1))
}

/// A text that holds something.
fn text(item: &Fields, name: &str) -> Option<String> {
    get(item, name).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.trim().is_empty())
}

fn first_text(item: &Fields, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| text(item, name))
}

/// The objects of a list, or of an object by their names.
fn objects<'a>(item: &'a Fields, name: &str) -> Vec<(&'a str, &'a Fields)> {
    match get(item, name) {
        Some(Value::Array(list)) => {
            let objects = list.iter().filter_map(Value::as_object);
            objects
                .map(|object| (object.get("name").and_then(Value::as_str).unwrap_or_default(), object))
                .collect()
        }
        Some(Value::Object(map)) => {
            map.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_object()?))).collect()
        }
        _ => Vec::new(),
    }
}

/// Of texts in several roles (2.0 and later) the main one.
fn in_role(item: &Fields, name: &str, roles: &[&str]) -> Option<String> {
    let listed = objects(item, name);
    let of = |role: &str| {
        listed
            .iter()
            .find(|(_, object)| text(object, "role").is_some_and(|said| said.eq_ignore_ascii_case(role)))
    };
    let found = roles.iter().find_map(|role| of(role)).or_else(|| listed.first())?;
    text(found.1, "value")
}

fn is_html(object: &Fields) -> bool {
    text(object, "contenttype").is_some_and(|kind| kind.to_ascii_lowercase().contains("html"))
}

/// The article of 2.0 and later, with whether it is HTML. The same text stands there in several forms, under roles that are
/// every agency's own: the one of HTML counts, before any in another language of marks.
fn body(item: &Fields) -> Option<(String, bool)> {
    let bodies = objects(item, "bodies");
    if let Some((_, found)) = bodies.iter().find(|(_, body)| is_html(body) && text(body, "value").is_some()) {
        return Some((text(found, "value")?, true));
    }
    let is_plain = |body: &Fields| text(body, "contenttype").is_none_or(|kind| kind.starts_with("text/"));
    let plain = bodies.iter().filter(|(_, body)| is_plain(body));
    let role =
        |body: &Fields| text(body, "role").is_some_and(|role| ["main", "body"].contains(&role.as_str()));
    let found = plain.clone().find(|(_, body)| role(body)).or_else(|| plain.clone().next())?;
    Some((text(found.1, "value")?, false))
}

fn record_of(item: &Fields) -> Fields {
    let mut fields = Fields::new();
    let mut set = |name: &str, found: Option<Value>| {
        if let Some(found) = found.filter(|found| !found.as_array().is_some_and(Vec::is_empty)) {
            fields.insert(name.to_owned(), found);
        }
    };
    set("id", item.get("uri").or_else(|| item.get("guid")).cloned());
    set("url", first_text(item, &["url", "canonicalurl", "link"]).map(Value::String));
    let headline =
        first_text(item, &["headline"]).or_else(|| in_role(item, "headlines", &["main", "headline"]));
    set("title", headline.or_else(|| first_text(item, &["title", "name"])).map(Value::String));
    let summary = first_text(item, &["description_text", "description_html", "description_xhtml"]);
    let summary = summary.or_else(|| in_role(item, "descriptions", &["summary", "main", "short"]));
    set("summary", summary.or_else(|| text(item, "abstract")).map(Value::String));
    let html = first_text(item, &["body_xhtml", "body_html"]).map(|html| (html, true));
    let body = html.or_else(|| self::body(item)).or_else(|| Some((text(item, "body_text")?, false)));
    if let Some((body, is_html)) = body {
        set(if is_html { "content_html" } else { "content_text" }, Some(body.into()));
    }
    set("date_published", published(item));
    set("date_modified", first_text(item, &["versioncreated", "contentmodified"]).map(Value::String));
    set("expires", first_text(item, &["expires", "expiry"]).map(Value::String));
    set("authors", Some(authors(item)));
    let (categories, tags, schemes) = subjects(item);
    set("categories", Some(categories.into()));
    set("tags", Some(tags.into()));
    set("schemes", (!schemes.is_empty()).then_some(Value::Object(schemes)));
    let media = media::of(item);
    set("image", Some(media.images.into()));
    set("attachments", Some(media.attachments.into()));
    set("language", text(item, "language").map(Value::String));
    set("rights", first_text(item, &["copyrightnotice", "copyrightholder"]).map(Value::String));
    let status = text(item, "pubstatus").map(|status| status.to_lowercase());
    // `stat:canceled` in some feeds; both spellings are met.
    let status = status.as_deref().map(|status| status.rsplit(':').next().unwrap_or(status));
    set(
        "deleted",
        matches!(status, Some("withheld" | "canceled" | "cancelled")).then_some(Value::Bool(true)),
    );
    // What is the newsroom's to name, by its own name; nothing that the vocabulary would take for something else.
    for (written, value) in item {
        let name = &written.to_ascii_lowercase();
        let is_taken = NAMES.iter().any(|(known, names)| known == name || names.contains(&name.as_str()));
        let is_other = [
            "version",
            "type",
            "profile",
            "slugline",
            "urgency",
            "priority",
            "genre",
            "genres",
            "located",
            "place",
            "places",
            "ednote",
            "mimetype",
            "extra",
            "source",
            "infosource",
            "infosources",
            "altids",
        ];
        if !is_taken && is_other.contains(&name.as_str()) {
            fields.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    fields
}

/// The moment of publication: the end of the embargo where that is later.
fn published(item: &Fields) -> Option<Value> {
    let stated = first_text(item, &["firstpublished", "firstcreated", "contentcreated", "versioncreated"]);
    let embargo = text(item, "embargoed");
    match (stated.as_deref().and_then(moment), embargo.as_deref().and_then(moment)) {
        // An embargo that cannot be read must not be broken: the record is left out for it.
        (Some(stated), Some(embargo)) if embargo <= stated => {}
        _ if embargo.is_some() => return embargo.map(Value::String),
        _ => {}
    }
    stated.map(Value::String)
}

/// A moment as ninjs has it, or as Superdesk writes it: `2026-11-20T10:00:00+0000`.
fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let superdesk = || DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z");
    DateTime::parse_from_rfc3339(text).or_else(|_| superdesk()).ok()
}

fn authors(item: &Fields) -> Value {
    if let Some(by) = first_text(item, &["byline", "by"]) {
        return value!([by]);
    }
    let people = objects(item, "authors").into_iter().chain(objects(item, "contributors"));
    people.filter_map(|(_, person)| first_text(person, &["name"])).map(Value::String).collect()
}

/// Sections, tags, and all subjects by their schemes.
fn subjects(item: &Fields) -> (Vec<Value>, Vec<Value>, Map<String, Value>) {
    let named = |subject: &Fields| first_text(subject, &["name", "literal", "qcode", "code"]);
    let services: Vec<Value> = objects(item, "service")
        .into_iter()
        .filter_map(|(_, service)| named(service))
        .map(Value::String)
        .collect();
    let mut schemes: Map<String, Value> = Map::new();
    let mut all: Vec<Value> = Vec::new();
    for (_, subject) in objects(item, "subject").into_iter().chain(objects(item, "subjects")) {
        let Some(name) = named(subject) else { continue };
        if let Some(scheme) = scheme(subject)
            && let Value::Array(list) = schemes.entry(scheme).or_insert_with(|| Value::Array(Vec::new()))
        {
            list.push(name.as_str().into());
        }
        all.push(name.into());
    }
    let keywords = match get(item, "keywords") {
        Some(Value::Array(list)) => list.iter().filter(|keyword| keyword.is_string()).cloned().collect(),
        Some(Value::String(text)) => text.split([',', ';']).map(|keyword| keyword.trim().into()).collect(),
        _ => Vec::new(),
    };
    match services.is_empty() {
        true => (all, keywords, schemes),
        false => (services, keywords.into_iter().chain(all).collect(), schemes),
    }
}

/// The vocabulary that a subject is of: as it is stated, or as its address or code tells (`…/mediatopic/01000000`,
/// `medtop:01000000`).
fn scheme(subject: &Fields) -> Option<String> {
    let address = || {
        let uri = first_text(subject, &["uri", "qcode", "code"])?;
        let (scheme, _) = match uri.contains("://") {
            true => uri.trim_end_matches('/').rsplit_once('/')?,
            false => uri.split_once(':')?,
        };
        Some(scheme.rsplit('/').next().unwrap_or(scheme).to_owned())
    };
    text(subject, "scheme").or_else(address).filter(|scheme| !scheme.is_empty())
}

#[cfg(test)]
mod tests;
