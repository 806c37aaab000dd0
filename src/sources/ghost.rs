//! Ghost: its export (*Settings → Labs → Export*, <https://ghost.org/docs/migration/ghost/>) and what its Content API
//! answers (<https://ghost.org/docs/content-api/>).
//!
//! The text is held in memory, its posts one at a time, and of the tables beside them names alone. `records` names the types
//! of posts that are read: `post` where it says nothing, or `post, page`.

use super::support::{encoding, json, position::Positions, types};
use super::{Fields, Input, Locate, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use chrono::{NaiveDateTime, SecondsFormat};
use serde_json::{Map, Value, json as value};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 30;

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
        let name = Arc::clone(&input.name);
        if let Some(text) = encoding::whole_text(input, options, LARGEST, sink)? {
            read(&name, &text, options, sink);
        }
        Ok(())
    }
}

/// Whether a JSON text is an export of Ghost: it begins with a list `db`, and that with `meta` or `data`.
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

/// Reads the text of an export or an answer.
pub(super) fn read(file: &Arc<str>, text: &str, options: &Options, sink: &mut dyn Sink) {
    let positions = Positions::new(text);
    let complain = |sink: &mut dyn Sink, at: usize, message: String| {
        sink.unreadable(Diagnostic::left_out(positions.at(at).place(file), message));
    };
    let (tables, end) = tables(text);
    let posts: Vec<&json::Entry<'_>> =
        tables.iter().filter(|entry| matches!(entry.key.as_str(), "posts" | "pages")).collect();
    if posts.is_empty() && end.is_ok() {
        complain(sink, 0, "the file is no export of Ghost: it has no `posts`".to_owned());
    }
    let beside = Beside::of(&tables);
    let types = types::listed(options);
    for table in posts {
        let kind = if table.key == "pages" { "page" } else { "post" };
        if text.as_bytes().get(table.at) != Some(&b'[') {
            complain(sink, table.at, format!("`{}` is no list of posts", table.key));
            continue;
        }
        let result = json::elements(text, table.at, |at, raw| match json::object(raw) {
            Ok(post) => {
                let record = json::RecordAt { file, positions: &positions, at, raw };
                match skipped(&post, kind, &types) {
                    Some(reason) => sink.skipped(record.locate(None), &reason),
                    None => sink.record(beside.record(post), &Named(record)),
                }
            }
            Err(fault) => complain(sink, at + fault.offset, fault.message),
        });
        // A break within the posts is told where the whole is read.
        if let (Err(fault), Ok(_)) = (result, &end) {
            complain(sink, fault.offset, fault.message);
        }
    }
    if let Err(fault) = end {
        complain(sink, fault.offset, fault.message);
    }
}

/// The tables: those of the export's `db[0].data`, of `data`, or the lists of an answer, and where they end or fail.
fn tables(text: &str) -> (Vec<json::Entry<'_>>, Result<usize, json::Fault>) {
    let mut at = json::skip_space(text, 0);
    let mut whole = None;
    for _ in 0..3 {
        let (entries, end) = json::entries(text, at);
        let found =
            entries.iter().find_map(|entry| match (entry.key.as_str(), text.as_bytes().get(entry.at)) {
                ("db", Some(b'[')) => Some(json::skip_space(text, entry.at + 1)),
                ("data", Some(b'{')) => Some(entry.at),
                _ => None,
            });
        let end = whole.get_or_insert(end).clone();
        match found {
            Some(inner) => at = inner,
            None => return (entries, end),
        }
    }
    let (entries, end) = json::entries(text, at);
    (entries, whole.unwrap_or(end))
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

/// What stands beside the posts, by ids.
#[derive(Default)]
struct Beside {
    /// The names of users.
    users: HashMap<String, String>,
    /// The names of tags that are shown.
    tags: HashMap<String, String>,
    /// By the post, in their order: users, and tags.
    authors: HashMap<String, Vec<String>>,
    labels: HashMap<String, Vec<String>>,
    /// What the export says of its site: title, time zone.
    site: Map<String, Value>,
    /// By the post: alternative text and caption of its picture.
    pictured: HashMap<String, [Option<String>; 2]>,
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

/// Calls with every row of a table that is an object.
fn rows(table: &json::Entry<'_>, mut take: impl FnMut(Fields)) {
    if table.raw.starts_with('[') {
        // Where it breaks is told of the whole.
        let _ = json::elements(table.raw, 0, |_, raw| {
            if let Ok(row) = json::object(raw) {
                take(row);
            }
        });
    }
}

/// A tag that is not shown: Ghost calls it internal.
fn is_internal(row: &Fields) -> bool {
    text(row, "visibility").as_deref() == Some("internal")
        || text(row, "name").is_some_and(|name| name.starts_with('#'))
}

impl Beside {
    fn of(tables: &[json::Entry<'_>]) -> Self {
        let mut beside = Self::default();
        for table in tables {
            match table.key.as_str() {
                "users" => rows(table, |row| beside.users.extend(key(&row, "id").zip(text(&row, "name")))),
                "tags" => rows(table, |row| {
                    if !is_internal(&row) {
                        beside.tags.extend(key(&row, "id").zip(text(&row, "name")));
                    }
                }),
                "settings" => rows(table, |row| {
                    let name = match text(&row, "key").as_deref() {
                        Some("title") => "title",
                        // Ghost's own, which nobody chose, says nothing.
                        Some("timezone") if text(&row, "value").as_deref() != Some("Etc/UTC") => "timezone",
                        _ => return,
                    };
                    let value = text(&row, "value").map(|value| (name.to_owned(), value.into()));
                    beside.site.extend(value);
                }),
                "posts_authors" => beside.authors = joined(table, "author_id"),
                "posts_tags" => beside.labels = joined(table, "tag_id"),
                "posts_meta" => rows(table, |row| {
                    if let Some(post) = key(&row, "post_id") {
                        let said =
                            ["feature_image_alt", "feature_image_caption"].map(|name| text(&row, name));
                        beside.pictured.insert(post, said);
                    }
                }),
                _ => {}
            }
        }
        beside
    }

    /// The record of a post.
    fn record(&self, mut post: Fields) -> Fields {
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
        set("content_html", self.article(&post).map(|html| at_home(html).into()));
        set("summary", address("custom_excerpt").map(Value::String));
        set("date_published", post.get("published_at").map(moment));
        set("date_modified", post.get("updated_at").map(moment));
        set("language", post.get("locale").cloned());
        let [alt, caption] = self.pictured.get(&id).cloned().unwrap_or_default();
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
        set("authors", Some(self.authors(&post, &id)));
        let mut labels = self.labels(&post, &id).into_iter();
        set("categories", labels.next().map(|primary| value!([primary])));
        set("tags", Some(labels.collect()));
        set("feed", (!self.site.is_empty()).then(|| Value::Object(self.site.clone())));
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
        fields
    }

    /// The text, as far as everybody may read it.
    fn article(&self, post: &Fields) -> Option<String> {
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

    fn authors(&self, post: &Fields, id: &str) -> Value {
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
        let listed = self.authors.get(id).cloned().unwrap_or_default();
        let listed = if listed.is_empty() { key(post, "author_id").into_iter().collect() } else { listed };
        listed.iter().filter_map(|user| self.users.get(user).cloned()).map(Value::String).collect()
    }

    /// The labels that are shown, the primary one first.
    fn labels(&self, post: &Fields, id: &str) -> Vec<String> {
        if let Some(Value::Array(tags)) = post.get("tags") {
            let shown = tags.iter().filter_map(Value::as_object).filter(|tag| !is_internal(tag));
            return shown.filter_map(|tag| text(tag, "name")).collect();
        }
        let listed = self.labels.get(id).into_iter().flatten();
        listed.filter_map(|tag| self.tags.get(tag).cloned()).collect()
    }
}

/// What a table joins to posts, in the order that it states.
fn joined(table: &json::Entry<'_>, name: &str) -> HashMap<String, Vec<String>> {
    let mut pairs: HashMap<String, Vec<(i64, String)>> = HashMap::new();
    rows(table, |row| {
        if let (Some(post), Some(other)) = (key(&row, "post_id"), key(&row, name)) {
            let order = row.get("sort_order").and_then(Value::as_i64).unwrap_or_default();
            pairs.entry(post).or_default().push((order, other));
        }
    });
    let ordered = |(post, mut listed): (String, Vec<(i64, String)>)| {
        listed.sort_by_key(|(order, _)| *order);
        (post, listed.into_iter().map(|(_, other)| other).collect())
    };
    pairs.into_iter().map(ordered).collect()
}

/// The place of a post, by the names of Ghost.
struct Named<'a>(json::RecordAt<'a>);

impl Locate for Named<'_> {
    fn locate(&self, field: Option<&str>) -> Place {
        let name = |field| NAMES.iter().find(|(known, _)| *known == field).map_or(field, |(_, name)| *name);
        self.0.locate(field.map(name))
    }
}

#[cfg(test)]
mod tests;
