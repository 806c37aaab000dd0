//! From an entry's element to a record, whatever kind of feed it stands in: bad feeds mix the kinds.

use super::super::Fields;
use super::super::support::pattern;
use super::super::support::tree::At;
use super::super::support::xml::{Element, escaped};
use super::{About, identity, is_web, media};
use regex::{Captures, Regex};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use url::Url;

/// The marks of Blogger by which it tells posts from comments, which are no categories.
const BLOGGER: &str = "http://schemas.google.com/g/2005#kind";

/// A record that is being put together, and where its fields stand.
#[derive(Default)]
struct Draft {
    fields: Fields,
    places: Vec<(String, At)>,
}

impl Draft {
    /// Sets a field that is not set yet.
    fn set(&mut self, name: &str, value: Value, at: At) {
        let is_nothing = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        if !is_nothing && !self.fields.contains_key(name) {
            self.fields.insert(name.to_owned(), value);
            self.places.push((name.to_owned(), at));
        }
    }

    /// Sets a field to the text of the first of these children that has one.
    fn text(&mut self, name: &str, entry: &Element, children: &[&str]) {
        let found = children.iter().flat_map(|child| entry.all(child));
        if let Some((text, at)) = found.filter_map(|child| Some((child.text()?, child.at))).next() {
            self.set(name, Value::String(text), at);
        }
    }
}

/// The record of an entry, and the places of its fields.
pub(super) fn record(entry: &Element, about: &About) -> (Fields, Vec<(String, At)>) {
    let mut draft = Draft::default();
    let own = entry.attribute("xml:base");
    let stated = own.and_then(|own| about.resolve(own)).or_else(|| about.base.clone());
    let base = stated.clone().or_else(|| about.base());
    let guid = entry.child("guid");
    let id = guid
        .and_then(Element::text)
        .or_else(|| ["atom:id", "id", "dc:identifier"].iter().find_map(|name| entry.text_of(name)));
    // The identity of an item of RSS 1.0 is its address.
    let id = id.or_else(|| entry.attribute("rdf:about").map(str::to_owned));
    let is_permalink = guid.is_some_and(|guid| {
        guid.attribute("isPermaLink").is_none_or(|is_permalink| is_permalink.eq_ignore_ascii_case("true"))
    });
    let about_item = entry.attribute("rdf:about").filter(|about| is_web(about));
    let permalink = id.as_deref().filter(|id| is_permalink && is_web(id)).or(about_item);
    let (link, link_at) = match address(entry, base.as_ref()) {
        Some((link, at)) => (Some(link), at),
        None => (permalink.map(str::to_owned), guid.map_or(entry.at, |guid| guid.at)),
    };
    if let Some(id) = identity(id.as_deref(), link.as_deref(), about.address()) {
        draft.set("id", Value::String(id), guid.or(entry.child("atom:id")).map_or(entry.at, |id| id.at));
    }
    if let Some(link) = link {
        draft.set("url", Value::String(link), link_at);
    }
    titles(&mut draft, entry);
    let pictured = texts(&mut draft, entry, stated.as_ref());
    dates(&mut draft, entry);
    people(&mut draft, entry, about);
    labels(&mut draft, entry);
    let media = media::of(entry, base.as_ref());
    if let Some(url) = media.attachments.first().and_then(|file| file.get("url")) {
        draft.set("id", url.clone(), entry.at);
    }
    draft.set("image", Value::Array(media.images), entry.at);
    draft.set("image", pictured.map(|url| resolved(&url, base.as_ref())).into(), entry.at);
    draft.set("attachments", Value::Array(media.attachments), entry.at);
    rest(&mut draft, entry, about, base.as_ref());
    (draft.fields, draft.places)
}

/// An address as it is meant: resolved where it is relative.
pub(super) fn resolved(url: &str, base: Option<&Url>) -> String {
    let url = url.trim();
    match (Url::parse(url), base) {
        (Err(url::ParseError::RelativeUrlWithoutBase), Some(base)) => {
            base.join(url).map_or_else(|_| url.to_owned(), String::from)
        }
        _ => url.to_owned(),
    }
}

/// The base of an element within an entry.
fn base_of(element: &Element, base: Option<&Url>) -> Option<Url> {
    match element.attribute("xml:base") {
        Some(own) => Url::options().base_url(base).parse(own).ok().or_else(|| base.cloned()),
        None => base.cloned(),
    }
}

/// The entry's page.
fn address(entry: &Element, base: Option<&Url>) -> Option<(String, At)> {
    let original = entry.child("feedburner:origLink").and_then(|link| Some((link.text()?, link)));
    let plain = || {
        entry.all("link").find_map(|link| {
            let is_page = matches!(link.attribute("rel"), None | Some("alternate"));
            let url = link.text().or_else(|| link.attribute("href").filter(|_| is_page).map(str::to_owned));
            Some((url?, link))
        })
    };
    let (url, link) = original.or_else(plain).or_else(|| {
        let alternate = |link: &&Element| {
            matches!(
                link.attribute("rel"),
                None | Some("alternate" | "http://www.iana.org/assignments/relation/alternate")
            )
        };
        let links = || entry.all("atom:link").filter(alternate);
        let is_html = |link: &&Element| link.attribute("type").is_none_or(|kind| kind.contains("html"));
        let link = links().find(is_html).or_else(|| links().next());
        // A post of a link blog has nothing but what it speaks of.
        let link =
            link.or_else(|| entry.all("atom:link").find(|link| link.attribute("rel") == Some("via")))?;
        Some((link.attribute("href")?.to_owned(), link))
    })?;
    Some((resolved(&url, base_of(link, base).as_ref()), link.at))
}

fn titles(draft: &mut Draft, entry: &Element) {
    // Atom says which of its titles are HTML; in others `<` is a sign of its own.
    if let Some(title) = entry.child("atom:title") {
        let text = match construct(title) {
            Some((Kind::Text, text)) => Some(escaped(&text)),
            Some((_, text)) => Some(text),
            None => None,
        };
        draft.set("title", text.into(), title.at);
    }
    draft.text("title", entry, &["title", "itunes:title", "media:title", "dc:title"]);
}

/// What a text of Atom is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Html,
    Markdown,
}

/// A text of Atom (RFC 4287 §3.1, §4.1.3, and Atom 0.3's `mode`): what it is, and the text.
fn construct(element: &Element) -> Option<(Kind, String)> {
    let has_elements = element.children().next().is_some();
    let stated = element.attribute("type").unwrap_or("text").to_ascii_lowercase();
    let kind = match stated.split(';').next().unwrap_or_default().trim() {
        // HTML that was put in without saying so.
        "text" | "text/plain" if !has_elements => Kind::Text,
        "text/markdown" | "text/x-markdown" => Kind::Markdown,
        "text" | "text/plain" | "html" | "text/html" | "xhtml" | "application/xhtml+xml" => Kind::Html,
        _ => return None,
    };
    if element.attribute("mode") == Some("base64") {
        return None;
    }
    // XHTML stands in a `div` that is not part of it.
    let wrapped = element
        .children()
        .next()
        .filter(|child| stated.contains("xhtml") && child.name.rsplit(':').next() == Some("div"));
    let text = match wrapped {
        Some(div) => div.inner_html(),
        None => element.text()?,
    };
    (!text.trim().is_empty()).then_some((kind, text))
}

/// The elements of HTML that tell it from text in which `<` is a sign of its own.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)</?(?:p|br|hr|div|img|a|b|i|u|em|strong|span|font|ul|ol|li|dl|table|tr|td|h[1-6]|blockquote|pre|code|figure|picture|iframe|video|audio|center|section|article|small|sup|sub)(?:\s[^<>]*)?/?>",
    )
});

/// A link in a tag of HTML that is not absolute, perhaps.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)(<[a-z][^<>]*?\s(?:href|src|poster|cite|data-src|data-original)\s*=\s*)(?:"([^"<>]*)"|'([^'<>]*)')"#,
    )
});

/// HTML whose links are resolved against the base that the feed states. Without one they are the article's business.
fn rebased(html: String, base: Option<&Url>) -> String {
    let Some(base) = base else { return html };
    let mut html = html;
    // A tag has a few links, of which the pattern finds the first.
    for _ in 0..2 {
        let replaced = LINK.replace_all(&html, |found: &Captures<'_>| {
            let before = found.get(1).map_or("", |all| all.as_str());
            let url = found.get(2).or(found.get(3)).map_or("", |url| url.as_str());
            let is_own = url.starts_with('#') || url.is_empty();
            let url =
                if is_own { url.to_owned() } else { resolved(&htmlize::unescape_attribute(url), Some(base)) };
            format!("{before}\"{}\"", escaped(&url))
        });
        if replaced == html {
            break;
        }
        html = replaced.into_owned();
    }
    html
}

/// The article and its summary. `stated` is the base that the feed states for its HTML. Returns the picture with which a
/// description begins.
fn texts(draft: &mut Draft, entry: &Element, stated: Option<&Url>) -> Option<String> {
    let mut pictured = None;
    let html =
        |element: &Element, text: String| Value::String(rebased(text, base_of(element, stated).as_ref()));
    for content in entry.all("content:encoded").chain(entry.all("html:body")).chain(entry.all("html:div")) {
        if let Some(text) = content.text() {
            draft.set("content_html", html(content, text), content.at);
        }
    }
    for content in entry.all("atom:content").filter(|content| content.attribute("src").is_none()) {
        if draft.fields.keys().any(|name| name.starts_with("content")) {
            break;
        }
        match construct(content) {
            Some((Kind::Text, text)) => draft.set("content_text", text.into(), content.at),
            Some((Kind::Markdown, text)) => draft.set("content_markdown", text.into(), content.at),
            Some((Kind::Html, text)) => draft.set("content_html", html(content, text), content.at),
            None => {}
        }
    }
    if let Some(summary) = entry.child("atom:summary") {
        match construct(summary) {
            Some((Kind::Text, text)) => draft.set("summary", escaped(&text).into(), summary.at),
            Some((_, text)) => draft.set("summary", html(summary, text), summary.at),
            None => {}
        }
    }
    let has_content = draft.fields.keys().any(|name| name.starts_with("content"));
    for name in ["description", "dcterms:abstract", "media:description", "itunes:summary", "itunes:subtitle"]
    {
        let grouped = || entry.child("media:group").and_then(|group| group.child(name));
        let Some(description) = entry.child(name).or_else(grouped) else { continue };
        let Some(text) = description.text() else { continue };
        // RSS knows but one text: with elements of HTML it is the article, without it is what announces one.
        if name == "description" && !has_content && MARKUP.is_match(&text) {
            pictured = first_image(&text);
            draft.set("content_html", html(description, text), description.at);
        } else {
            draft.set("summary", html(description, text), description.at);
        }
    }
    pictured
}

/// The picture with which newspapers begin their descriptions.
fn first_image(html: &str) -> Option<String> {
    static IMAGE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?i)<img\b[^<>]*?\ssrc\s*=\s*(?:"([^"<>]+)"|'([^'<>]+)'|([^\s"'<>]+))"#));
    let found = IMAGE.captures(html)?;
    let url = found.iter().skip(1).flatten().next()?.as_str();
    let url = htmlize::unescape_attribute(url).trim().to_owned();
    (!url.starts_with("data:") && !url.is_empty()).then_some(url)
}

fn dates(draft: &mut Draft, entry: &Element) {
    let modified = ["atom:updated", "dcterms:modified", "atom:modified", "updated", "lastModified"];
    draft.text(
        "date_published",
        entry,
        &[
            "pubDate",
            "atom:published",
            "atom:issued",
            "dc:date",
            "dcterms:issued",
            "dcterms:date",
            "dcterms:created",
            "atom:created",
            "published",
            "pubdate",
            "PubDate",
            "date",
        ],
    );
    draft.text("date_modified", entry, &modified);
    // An entry of Atom need not say when it was published.
    draft.text("date_published", entry, &modified);
    draft.text("expires", entry, &["expirationDate", "dcterms:valid"]);
}

/// A person of Atom: nothing where there is no name, address or page.
pub(super) fn person(element: &Element) -> Option<Value> {
    let mut person = Map::new();
    for (name, children) in [
        ("name", ["atom:name", "name"]),
        ("email", ["atom:email", "email"]),
        ("url", ["atom:uri", "atom:url"]),
    ] {
        if let Some(text) = children.iter().find_map(|child| element.text_of(child)) {
            person.insert(name.to_owned(), text.into());
        }
    }
    if person.is_empty() && element.children().next().is_none() {
        return element.text().map(Value::String);
    }
    (!person.is_empty()).then_some(Value::Object(person))
}

fn people(draft: &mut Draft, entry: &Element, about: &About) {
    let persons =
        |element: &Element, name: &str| -> Vec<Value> { element.all(name).filter_map(person).collect() };
    let source = entry.child("atom:source");
    let own = ["atom:author", "dc:creator", "author", "itunes:author", "media:author"];
    let found = own.iter().map(|name| persons(entry, name)).find(|found| !found.is_empty());
    // RFC 4287, §4.2.1: those of the entry, else of its source, else of the feed.
    let found = found
        .or_else(|| source.map(|source| persons(source, "atom:author")).filter(|found| !found.is_empty()));
    let at = own.iter().find_map(|name| entry.child(name)).map_or(entry.at, |author| author.at);
    draft.set("authors", Value::Array(found.unwrap_or_else(|| about.authors.clone())), at);
}

fn labels(draft: &mut Draft, entry: &Element) {
    let mut categories = Vec::new();
    let mut at = None;
    for name in ["category", "atom:category", "dc:subject", "media:category"] {
        for category in entry.all(name) {
            let scheme = category.attribute("scheme").or_else(|| category.attribute("domain"));
            let text = category.text();
            let label =
                category.attribute("label").or(text.as_deref()).or_else(|| category.attribute("term"));
            let Some(label) = label.filter(|_| scheme != Some(BLOGGER)) else { continue };
            at.get_or_insert(category.at);
            let mut value = Map::new();
            value.insert("label".to_owned(), label.into());
            for (key, said) in [("term", category.attribute("term")), ("scheme", scheme)] {
                if let Some(said) = said.filter(|said| *said != label) {
                    value.insert(key.to_owned(), said.into());
                }
            }
            categories.push(if value.len() == 1 { label.into() } else { Value::Object(value) });
        }
    }
    draft.set("categories", Value::Array(categories), at.unwrap_or(entry.at));
    let keywords = |name: &str| {
        let group = entry.child("media:group");
        entry.text_of(name).or_else(|| group.and_then(|group| group.text_of(name)))
    };
    let tags = keywords("media:keywords").or_else(|| keywords("itunes:keywords"));
    draft.set("tags", tags.into(), entry.at);
}

/// What is left: language, comments, rights, and where the entry is from.
fn rest(draft: &mut Draft, entry: &Element, about: &About, base: Option<&Url>) {
    let content = entry.child("atom:content").or(entry.child("atom:title"));
    let language =
        entry.attribute("xml:lang").or_else(|| content.and_then(|content| content.attribute("xml:lang")));
    draft.set("language", language.into(), entry.at);
    draft.text("language", entry, &["dc:language", "language"]);
    draft.set("language", about.language.clone().into(), entry.at);
    let comments = entry.child("comments").and_then(Element::text);
    let replies = || {
        let is_page = |link: &&Element| {
            link.attribute("rel") == Some("replies")
                && link.attribute("type").is_none_or(|kind| kind.contains("html"))
        };
        entry.all("atom:link").find(is_page).and_then(|link| link.attribute("href")).map(str::to_owned)
    };
    let comments = comments.filter(|comments| !comments.contains(char::is_whitespace)).or_else(replies);
    draft.set("comments_url", comments.map(|url| resolved(&url, base)).into(), entry.at);
    let source = entry.child("atom:source");
    draft.text("rights", entry, &["atom:rights", "dc:rights", "media:copyright", "copyright"]);
    draft.set("rights", source.and_then(|source| source.text_of("atom:rights")).into(), entry.at);
    draft.set("rights", about.rights.clone().into(), entry.at);
    draft.set("feed", described(about.title.as_deref(), about.address()), entry.at);
    let from = match (entry.child("source"), source) {
        (Some(source), _) => described(source.text().as_deref(), source.attribute("url")),
        (None, Some(source)) => {
            let link = address(source, base).map(|(link, _)| link);
            described(source.text_of("atom:title").as_deref(), link.as_deref())
        }
        (None, None) => Value::Null,
    };
    draft.set("source", from, entry.at);
}

/// A feed as a record names it: `title` and `url`.
fn described(title: Option<&str>, url: Option<&str>) -> Value {
    match (title, url) {
        (None, None) => Value::Null,
        (title, url) => json!({"title": title, "url": url}),
    }
}
