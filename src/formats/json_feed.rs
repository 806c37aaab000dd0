//! JSON Feed 1.1: <https://www.jsonfeed.org/version/1.1/>.

use super::{Format, escape, media};
use crate::article::{Image, Person};
use crate::date;
use crate::feed::{Entry, Feed, Prose};
use memchr::memmem;
use serde::Serialize;
use std::borrow::Cow;

/// JSON Feed 1.1.
pub struct JsonFeed;

impl Format for JsonFeed {
    fn name(&self) -> &'static str {
        "json"
    }
    fn title(&self) -> &'static str {
        "JSON Feed 1.1"
    }
    fn file_name(&self) -> &'static str {
        "feed.json"
    }
    fn media_type(&self) -> &'static str {
        "application/feed+json"
    }
    fn render(&self, feed: &Feed) -> Vec<u8> {
        let mut written = Vec::with_capacity(feed.entries.len() * 1024 + 2048);
        // Serialising structs of text and numbers does not fail.
        let _ = serde_json::to_writer_pretty(&mut written, &document(feed));
        finish(&written, feed)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: String,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Item<'a>>,
}

/// One that tells subscribers of changes: `type` and `url` (JSON Feed 1.1, hubs).
#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

fn document(feed: &Feed) -> Document<'_> {
    let Feed {
        slug: _,
        id: _, // a JSON Feed is known by its feed_url
        title,
        description,
        language,
        home,
        address: _,
        stylesheet: _,
        site_title: _,
        author,
        copyright: _, // JSON Feed has no word for it
        icon,
        image,
        ttl: _, // JSON Feed leaves that to HTTP
        hubs,
        updated: _,
        entries,
    } = feed;
    Document {
        version: "https://jsonfeed.org/version/1.1",
        title,
        home_page_url: home,
        feed_url: feed.file_url(JsonFeed.file_name()),
        description,
        icon: image.as_deref().or(icon.as_deref()),
        favicon: icon.as_deref(),
        hubs: hubs.iter().map(|url| Hub { r#type: "WebSub", url }).collect(),
        authors: author.iter().map(self::author).collect(),
        language,
        items: entries.iter().map(|entry| item(entry)).collect(),
    }
}

fn item(entry: &Entry) -> Item<'_> {
    let Entry {
        id,
        url,
        title,
        summary,
        content,
        published,
        modified,
        authors,
        categories,
        tags,
        images,
        attachments,
        language,
        comments_url: _, // JSON Feed has no word for it
        rights: _,       // nor for that
    } = entry;
    // Put in below.
    let (content_html, content_text) = match content.as_ref().or(summary.as_ref()) {
        Some(Prose::Html(_)) => (Some(""), None),
        Some(Prose::Text(_)) | None => (None, Some("")),
    };
    let mut labels: Vec<&str> = categories.iter().map(|category| category.label.as_str()).collect();
    labels.extend(tags.iter().map(|tag| tag.as_str()));
    // The first picture is the item's image; more of them are attachments, whose type is required.
    let pictures = images.iter().skip(1).filter_map(picture);
    Item {
        id,
        url: url.as_deref(),
        title: title.as_deref(),
        content_html,
        content_text,
        summary: summary.as_ref().map(|_| ""),
        image: images.first().map(|image| image.url.as_str()),
        date_published: date::rfc3339(published),
        date_modified: modified.as_ref().map(date::rfc3339),
        authors: authors.iter().map(author).collect(),
        tags: labels,
        language: language.as_deref(),
        attachments: attachments.iter().map(attachment).chain(pictures).collect(),
    }
}

/// What an item's content is called by.
enum Kind {
    Html,
    Text,
}

/// What an item has as its content: it must have some (§ Items), and an article of which there is only a summary, or a title, has
/// that.
fn content(entry: &Entry) -> (Kind, Cow<'_, str>) {
    match entry.content.as_ref().or(entry.summary.as_ref()) {
        Some(Prose::Html(html)) => (Kind::Html, Cow::Borrowed(html)),
        Some(Prose::Text(text)) => (Kind::Text, Cow::Borrowed(text)),
        None => (Kind::Text, entry.heading()),
    }
}

/// Puts in the texts of articles and summaries, in which serde_json would look for what is to be escaped byte by byte.
fn finish(written: &[u8], feed: &Feed) -> Vec<u8> {
    let texts = super::texts_length(feed);
    let mut out = Vec::with_capacity(written.len() + texts * 9 / 8 + 256);
    // Nothing else begins so: in texts line feeds and quotation marks are escaped.
    let [html, text, summary] =
        ["\n      \"content_html\": \"", "\n      \"content_text\": \"", "\n      \"summary\": \""]
            .map(memmem::Finder::new);
    let mut rest = written;
    let mut put = |mark: &memmem::Finder<'_>, text: &str| {
        let end = mark.find(rest).map_or(rest.len(), |at| at + mark.needle().len());
        let (before, after) = rest.split_at(end);
        out.extend_from_slice(before);
        escape::json(&mut out, text);
        rest = after;
    };
    for entry in &feed.entries {
        match content(entry) {
            (Kind::Html, content) => put(&html, &content),
            (Kind::Text, content) => put(&text, &content),
        }
        if let Some(prose) = &entry.summary {
            put(&summary, &prose.to_text());
        }
    }
    out.extend_from_slice(rest);
    out.push(b'\n');
    out
}

fn author(person: &Person) -> Author<'_> {
    let Person { name, email, url } = person;
    // § Authors: a mailto link is what the specification suggests for an address.
    let mail = || email.as_ref().map(|email| Cow::Owned(format!("mailto:{email}")));
    Author { name, url: url.as_deref().map(Cow::Borrowed).or_else(mail) }
}

fn attachment(attachment: &crate::article::Attachment) -> Attachment<'_> {
    let crate::article::Attachment { url, media_type, title, length, duration } = attachment;
    Attachment {
        url,
        mime_type: media_type.as_deref().unwrap_or(media::UNKNOWN),
        title: title.as_deref(),
        size_in_bytes: *length,
        duration_in_seconds: *duration,
    }
}

fn picture(image: &Image) -> Option<Attachment<'_>> {
    let Image { url, alt, caption, credit: _, media_type, length, width: _, height: _ } = image;
    Some(Attachment {
        url,
        mime_type: media_type.as_deref()?,
        title: caption.as_deref().or(alt.as_deref()),
        size_in_bytes: *length,
        duration_in_seconds: None,
    })
}
