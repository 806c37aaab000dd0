//! Ghost: its export (*Settings → Labs → Export*, <https://ghost.org/docs/migration/ghost/>) and what its Content API
//! answers (<https://ghost.org/docs/content-api/>).
//!
//! A document of any size is read: it is stored in a temporary file and walked through twice, first for the tables beside
//! the posts, then for the posts, one at a time. In memory are the names of users and tags, and 48 bytes for every author and
//! every tag of a post. `records` names the types of posts that are read: `post` where it says nothing, or `post, page`.

use super::support::walk::{Mark, Raw, Stop, Walker};
use super::support::{choice::Kind, encoding, types};
use super::{Fields, Input, Locate, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use beside::Beside;
use chrono::{NaiveDateTime, SecondsFormat};
use serde_json::{Map, Value, json as value};
use std::io;
use std::sync::Arc;

mod beside;

/// What stands in an export for the site's address.
const SITE: &str = "__GHOST_URL__";

/// Behind this mark stands what only members read.
const MEMBERS_ONLY: &str = "<!--members-only-->";

/// What the fields of a record are called in the export, where that is not the same.
const NAMES: &[(&str, &str)] = &[
    ("content_html", "html"),
    ("date_published", "published_at"),
    ("date_modified", "updated_at"),
    ("summary", "custom_excerpt"),
    ("image", "feature_image"),
    ("categories", "primary_tag"),
];

/// What no feed needs, and what the vocabulary would take for something else.
const LEFT_ALONE: &[&str] =
    &["mobiledoc", "lexical", "html", "plaintext", "excerpt", "created_at", "uuid", "comments"];

/// The format.
pub struct Ghost;

impl Source for Ghost {
    fn name(&self) -> &'static str {
        "ghost"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn about(&self) -> &'static str {
        "Ghost: its export, which is told apart from other JSON, and what its Content API answers"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let file = Arc::clone(&input.name);
        let reader = encoding::open(input.reader, options.encoding)?;
        read(Walker::new(&file, reader), &file, options, sink)
    }
}

/// Whether a JSON text is an export of Ghost, by how it begins: with a list `db`, and that with `meta` or `data`.
pub(super) fn is_export(text: &str) -> bool {
    let mut rest = text.trim_start();
    for token in ["{", "\"db\"", ":", "[", "{"] {
        match rest.strip_prefix(token) {
            Some(after) => rest = after.trim_start(),
            None => return false,
        }
    }
    rest.starts_with("\"meta\"") || rest.starts_with("\"data\"")
}

/// Reads an export or an answer.
pub(super) fn read(
    mut walker: Walker<'_>,
    file: &Arc<str>,
    options: &Options,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    walker.store()?;
    let mut tables = Tables::default();
    let end = match walker.next()? {
        Some(b'{') => tables.note(&mut walker, 0),
        _ => Ok(()),
    };
    let mut broken = end.map_or_else(|stop| stop.told().map(Some), |()| Ok(None))?;
    let mut complain = |message: &str, at: Place| sink.unreadable(Diagnostic::left_out(at, message));
    if tables.posts.is_empty() && broken.is_none() {
        complain("the file is no export of Ghost: it has no `posts`", Place::new(file, 1, 1));
    }
    let Tables { posts, mut beside } = tables;
    beside.complete();
    // An answer of pages was asked for pages.
    let wants_pages = options.records.is_none() && posts.iter().all(|table| table.kind == "page");
    let types = if wants_pages { vec!["page".to_owned()] } else { types::listed(options) };
    for table in posts {
        walker.go_to(table.at)?;
        if walker.next()? != Some(b'[') {
            let message = format!("`{}s` is no list of posts", table.kind);
            sink.unreadable(Diagnostic::left_out(table.at.place(file), message));
            continue;
        }
        let end = walker.elements(|raw| {
            match raw.and_then(|raw| Ok((raw.object()?, raw))) {
                Ok((post, raw)) => match skipped(&post, table.kind, &types) {
                    Some(reason) => sink.skipped(raw.locate(None), &reason),
                    None => sink.record(record(post, &mut beside)?, &Named(raw)),
                },
                Err(diagnostic) => sink.unreadable(diagnostic),
            }
            Ok(())
        });
        // A break within the posts is told better here.
        if let Err(stop) = end {
            broken = Some(stop.told()?);
        }
    }
    broken.into_iter().for_each(|diagnostic| sink.unreadable(diagnostic));
    Ok(())
}

/// A list of posts.
struct Table {
    at: Mark,
    /// What those are that do not say it.
    kind: &'static str,
}

/// What a document holds.
#[derive(Default)]
struct Tables {
    posts: Vec<Table>,
    beside: Beside,
}

impl Tables {
    /// Notes the tables of the object that begins here: those of `data` in the first of `db`, or of `data`, or its own.
    fn note(&mut self, walker: &mut Walker<'_>, depth: u32) -> Result<(), Stop> {
        walker.members(|walker, key| {
            let at = walker.mark();
            match (key.as_str(), walker.next()?) {
                ("data", Some(b'{')) if depth < 2 => self.note(walker, depth + 1),
                ("db", Some(b'[')) if depth == 0 => self.first_of(walker),
                ("posts", _) => self.list(walker, Table { at, kind: "post" }),
                ("pages", _) => self.list(walker, Table { at, kind: "page" }),
                (table, Some(b'[')) if Beside::wants(table) => self.beside.take(walker, table),
                _ => walker.pass(&mut Kind::Other),
            }
        })
    }

    /// Notes the tables of the first object of the list that begins here.
    fn first_of(&mut self, walker: &mut Walker<'_>) -> Result<(), Stop> {
        let mut is_first = true;
        walker.each(|walker| match (std::mem::take(&mut is_first), walker.next()?) {
            (true, Some(b'{')) => self.note(walker, 1),
            _ => walker.pass(&mut Kind::Other),
        })
    }

    fn list(&mut self, walker: &mut Walker<'_>, table: Table) -> Result<(), Stop> {
        self.posts.push(table);
        walker.pass(&mut Kind::Other)
    }
}

/// Why a post is not read.
fn skipped(post: &Fields, kind: &str, types: &[String]) -> Option<String> {
    let is_page = matches!(post.get("page"), Some(Value::Bool(true))) || post.get("page") == Some(&value!(1));
    let kind = if is_page { "page" } else { post.get("type").and_then(Value::as_str).unwrap_or(kind) };
    if !types.iter().any(|named| named == kind) {
        return Some(types::unnamed(kind));
    }
    let sent = post.get("status").and_then(Value::as_str) == Some("sent");
    sent.then(|| "a post that was sent by e-mail alone".to_owned())
}

/// A value that identifies something: text, or a number of old exports.
fn key(row: &Fields, name: &str) -> Option<String> {
    match row.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn text(row: &Fields, name: &str) -> Option<String> {
    row.get(name).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.trim().is_empty())
}

/// A moment. Exports from SQLite have it in UTC without saying so; MySQL's and answers of the API say it.
fn moment(value: &Value) -> Value {
    let bare = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok();
    match value.as_str().and_then(bare) {
        Some(moment) => moment.and_utc().to_rfc3339_opts(SecondsFormat::Secs, true).into(),
        None => value.clone(),
    }
}

/// A tag that is not shown: Ghost calls it internal.
fn is_internal(row: &Fields) -> bool {
    text(row, "visibility").as_deref() == Some("internal")
        || text(row, "name").is_some_and(|name| name.starts_with('#'))
}

/// The record of a post.
fn record(mut post: Fields, beside: &mut Beside) -> io::Result<Fields> {
    let id = key(&post, "id").unwrap_or_default();
    let mut fields = Fields::new();
    let mut set = |name: &str, found: Option<Value>| {
        if let Some(found) = found {
            fields.insert(name.to_owned(), found);
        }
    };
    let at_home = |text: String| text.replace(SITE, "");
    let address = |name: &str| text(&post, name).map(at_home);
    set("url", address("url").map(Value::String));
    // Where the text was first: no address of this newspaper's, and none that Ghost's own feed gives.
    set("canonical", address("canonical_url").map(Value::String));
    set("content_html", article(&post).map(|html| at_home(html).into()));
    set("summary", address("custom_excerpt").map(Value::String));
    set("date_published", post.get("published_at").map(moment));
    set("date_modified", post.get("updated_at").map(moment));
    set("language", post.get("locale").cloned());
    let [alt, caption] = beside.said_of_picture(&id)?;
    let image = address("feature_image").map(|url| {
        let mut image = Map::new();
        image.insert("url".to_owned(), url.into());
        let said = [
            ("alt", alt.or_else(|| text(&post, "feature_image_alt"))),
            ("caption", caption.or_else(|| text(&post, "feature_image_caption"))),
        ];
        for (name, text) in said {
            text.map(|text| image.insert(name.to_owned(), text.into()));
        }
        Value::Object(image)
    });
    set("image", image);
    set("authors", Some(authors(&post, &id, beside)));
    let mut labels = labels(&post, &id, beside).into_iter();
    set("categories", labels.next().map(|primary| value!([primary])));
    set("tags", Some(labels.collect()));
    set("feed", (!beside.site.is_empty()).then(|| Value::Object(beside.site.clone())));
    let own = [
        "url",
        "canonical_url",
        "custom_excerpt",
        "feature_image",
        "published_at",
        "updated_at",
        "tags",
        "primary_tag",
        "authors",
    ];
    for name in own.iter().chain(LEFT_ALONE) {
        post.remove(*name);
    }
    for (name, value) in post {
        fields.entry(name).or_insert(value);
    }
    Ok(fields)
}

/// The text, as far as everybody may read it.
fn article(post: &Fields) -> Option<String> {
    let html = text(post, "html")?;
    // The API has taken out what is not for everybody, and says so; an export has everything.
    let is_public = post.contains_key("access")
        || text(post, "visibility").is_none_or(|visibility| visibility == "public");
    match html.split_once(MEMBERS_ONLY) {
        _ if is_public => Some(html),
        Some((before, _)) => Some(before.to_owned()),
        None => None,
    }
}

fn authors(post: &Fields, id: &str, beside: &Beside) -> Value {
    let named = |value: &Value| {
        let person = value.as_object()?;
        let name = text(person, "name")?;
        Some(match text(person, "url") {
            Some(url) => value!({"name": name, "url": url}),
            None => name.into(),
        })
    };
    if let Some(Value::Array(authors)) = post.get("authors") {
        return authors.iter().filter_map(named).collect();
    }
    let mut listed = beside.authors(id);
    if listed.is_empty() {
        listed.extend(key(post, "author_id").and_then(|author| beside.author(&author)));
    }
    listed.into_iter().map(Value::from).collect()
}

/// The labels that are shown, the primary one first.
fn labels(post: &Fields, id: &str, beside: &Beside) -> Vec<String> {
    if let Some(Value::Array(tags)) = post.get("tags") {
        let shown = tags.iter().filter_map(Value::as_object).filter(|tag| !is_internal(tag));
        return shown.filter_map(|tag| text(tag, "name")).collect();
    }
    beside.tags(id).into_iter().map(str::to_owned).collect()
}

/// The place of a post, by the names of Ghost.
struct Named<'a>(Raw<'a>);

impl Locate for Named<'_> {
    fn locate(&self, field: Option<&str>) -> Place {
        let name = |field| NAMES.iter().find(|(known, _)| *known == field).map_or(field, |(_, name)| *name);
        self.0.locate(field.map(name))
    }
}

#[cfg(test)]
mod tests;
