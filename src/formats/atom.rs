//! Atom 1.0 (RFC 4287), built with the `atom_syndication` crate.

use super::{Format, media};
use crate::article::{Attachment, Image, Person as Author};
use crate::feed::{Entry, Feed, Prose};
use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Category, Content, Generator, Link, Person, Text, WriteConfig};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Atom 1.0.
pub struct Atom;

impl Format for Atom {
    fn name(&self) -> &'static str {
        "atom"
    }
    fn title(&self) -> &'static str {
        "Atom 1.0"
    }
    fn file_name(&self) -> &'static str {
        "atom.xml"
    }
    fn media_type(&self) -> &'static str {
        "application/atom+xml"
    }
    fn render(&self, feed: &Feed) -> Vec<u8> {
        let config = WriteConfig { write_document_declaration: false, indent_size: Some(2) };
        // Writing to memory does not fail.
        let written = document(feed).write_with_config(Vec::new(), config).unwrap_or_default();
        finish(&written, feed)
    }
}

const MEDIA: &str = "http://search.yahoo.com/mrss/";

fn document(feed: &Feed) -> atom_syndication::Feed {
    let Feed {
        slug: _,
        id,
        title,
        description,
        language,
        home,
        address: _,
        stylesheet: _,
        site_title,
        author,
        copyright,
        icon,
        image,
        ttl: _, // Atom leaves that to HTTP
        hubs,
        updated,
        entries,
    } = feed;
    let entries: Vec<atom_syndication::Entry> = entries.iter().map(|entry| self::entry(entry)).collect();
    let mut namespaces = BTreeMap::new();
    if entries.iter().any(|entry| entry.extensions.contains_key("media")) {
        namespaces.insert("media".to_owned(), MEDIA.to_owned());
    }
    let mut links = vec![
        link("alternate", home, Some("text/html")),
        link("self", &feed.file_url(Atom.file_name()), Some(Atom.media_type())),
    ];
    links.extend(hubs.iter().map(|hub| link("hub", hub, None)));
    atom_syndication::Feed {
        title: Text::plain(title.to_string()),
        id: id.clone(),
        updated: *updated,
        // RFC 4287 §4.1.1 wants an author on the feed where an entry has none.
        authors: vec![
            author
                .as_ref()
                .map_or_else(|| Person { name: site_title.to_string(), ..Person::default() }, person),
        ],
        generator: Some(Generator { value: "bantin".to_owned(), ..Generator::default() }),
        icon: icon.clone(),
        links,
        logo: image.clone(),
        rights: copyright.as_ref().map(|rights| Text::plain(rights.to_string())),
        subtitle: Some(Text::plain(description.to_string())),
        entries,
        namespaces,
        lang: Some(language.clone()),
        categories: Vec::new(),
        contributors: Vec::new(),
        extensions: ExtensionMap::new(),
        base: None,
    }
}

fn entry(entry: &Entry) -> atom_syndication::Entry {
    let Entry {
        id,
        url,
        title: _, // by way of heading()
        summary,
        content: _, // by way of content()
        published,
        modified: _, // by way of updated()
        authors,
        categories,
        tags,
        images,
        attachments,
        language,
        comments_url,
        rights,
    } = entry;
    let text = |prose: &Prose| match prose {
        Prose::Text(text) => Text { lang: language.clone(), ..Text::plain(text.to_string()) },
        Prose::Html(html) => Text { lang: language.clone(), ..Text::html(html.clone()) },
    };
    let mut links = Vec::new();
    links.extend(url.as_ref().map(|url| link("alternate", url, Some("text/html"))));
    links.extend(comments_url.as_ref().map(|url| link("replies", url, Some("text/html"))));
    links.extend(attachments.iter().map(attachment));
    links.extend(images.iter().filter_map(picture_link));
    let labels = categories.iter().map(|category| &category.label).chain(tags);
    let mut extensions = ExtensionMap::new();
    if !images.is_empty() {
        let pictures = images.iter().map(picture).collect();
        extensions.entry("media".to_owned()).or_default().insert("content".to_owned(), pictures);
    }
    atom_syndication::Entry {
        title: Text { lang: language.clone(), ..Text::plain(entry.heading().into_owned()) },
        id: id.clone(),
        updated: entry.updated(),
        authors: authors.iter().map(person).collect(),
        categories: labels
            .map(|label| Category { term: label.to_string(), scheme: None, label: None })
            .collect(),
        contributors: Vec::new(),
        links,
        published: Some(*published),
        rights: rights.as_ref().map(|rights| Text::plain(rights.to_string())),
        source: None,
        summary: summary.as_ref().map(text),
        content: content(entry).map(|_| Content {
            content_type: Some("html".to_owned()),
            // Put in below. An empty text keeps the tags together.
            value: Some(String::new()),
            lang: language.clone(),
            ..Content::default()
        }),
        extensions,
        namespaces: BTreeMap::new(),
    }
}

/// What an entry has as its content: one without a page must say something itself (RFC 4287 §4.1.2).
fn content(entry: &Entry) -> Option<Cow<'_, Prose>> {
    let stand_in = || match &entry.summary {
        Some(summary) => Cow::Borrowed(summary),
        None => Cow::Owned(Prose::Text(crate::text::Text::line(&entry.heading()))),
    };
    match &entry.content {
        Some(content) => Some(Cow::Borrowed(content)),
        None => entry.url.is_none().then(stand_in),
    }
}

/// What the crate does not do: the style sheet for browsers. The articles' texts are put in here, since the crate would copy
/// each of them three times, and look for what is to be escaped byte by byte.
fn finish(written: &[u8], feed: &Feed) -> Vec<u8> {
    let mut out = Vec::with_capacity(written.len() + super::content_length(feed) * 9 / 8 + 256);
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    super::stylesheet_instruction(&mut out, &feed.stylesheet);
    let mut rest = written;
    for content in feed.entries.iter().filter_map(|entry| content(entry)) {
        // Nothing else begins so: in texts and attributes `<` is escaped.
        let tag = memchr::memmem::find(rest, b"<content ");
        let end = tag.and_then(|tag| Some(tag + memchr::memchr(b'>', rest.get(tag..)?)? + 1));
        let (before, after) = rest.split_at(end.unwrap_or(rest.len()));
        out.extend_from_slice(before);
        escape(&mut out, &content.to_html());
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'\n');
    out
}

/// So many bytes are looked at in one step.
const STEP: usize = 16;

/// Writes a text with references for the five characters that XML has names for.
fn escape(out: &mut Vec<u8>, text: &str) {
    let special = |byte: u8| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'');
    let (steps, rest) = text.as_bytes().as_chunks::<STEP>();
    let by_byte = |out: &mut Vec<u8>, bytes: &[u8]| {
        for byte in bytes {
            match byte {
                b'<' => out.extend_from_slice(b"&lt;"),
                b'>' => out.extend_from_slice(b"&gt;"),
                b'&' => out.extend_from_slice(b"&amp;"),
                b'"' => out.extend_from_slice(b"&quot;"),
                b'\'' => out.extend_from_slice(b"&apos;"),
                byte => out.push(*byte),
            }
        }
    };
    for step in steps {
        // Without an end before the last byte, so that all of them are looked at together.
        match step.iter().fold(false, |found, byte| found | special(*byte)) {
            true => by_byte(out, step),
            false => out.extend_from_slice(step),
        }
    }
    by_byte(out, rest);
}

fn person(author: &Author) -> Person {
    let Author { name, email, url } = author;
    Person { name: name.to_string(), email: email.clone(), uri: url.clone(), ..Person::default() }
}

fn link(rel: &str, href: &str, media_type: Option<&str>) -> Link {
    Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Link::default()
    }
}

fn attachment(attachment: &Attachment) -> Link {
    let Attachment { url, media_type, title, length, duration: _ } = attachment;
    Link {
        title: title.as_ref().map(ToString::to_string),
        length: length.map(|bytes| bytes.to_string()),
        ..link("enclosure", url, Some(media_type.as_deref().unwrap_or(media::UNKNOWN)))
    }
}

/// A link without a type is taken for the article's own by several readers.
fn picture_link(image: &Image) -> Option<Link> {
    let Image { url, alt, caption: _, credit: _, media_type, length, width: _, height: _ } = image;
    let link = link("enclosure", url, Some(media_type.as_deref()?));
    let length = length.map(|bytes| bytes.to_string());
    Some(Link { title: alt.as_ref().map(ToString::to_string), length, ..link })
}

/// Without media:description, which overwrites the entry's summary in feedparser.
fn picture(image: &Image) -> Extension {
    let Image { url, alt: _, caption: _, credit, media_type, length, width, height } = image;
    let attributes = [
        ("url", Some(url.clone())),
        ("medium", Some("image".to_owned())),
        ("type", media_type.clone()),
        ("fileSize", length.map(|bytes| bytes.to_string())),
        ("width", width.map(|pixels| pixels.to_string())),
        ("height", height.map(|pixels| pixels.to_string())),
    ];
    // The crate writes the attributes of extensions as they are.
    let escaped = |value: String| quick_xml::escape::escape(value).into_owned();
    let attrs =
        attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), escaped(value?)))).collect();
    let mut content = Extension { name: "media:content".to_owned(), attrs, ..Extension::default() };
    if let Some(credit) = credit {
        let credit = Extension {
            name: "media:credit".to_owned(),
            value: Some(credit.to_string()),
            ..Extension::default()
        };
        content.children.insert("credit".to_owned(), vec![credit]);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_escaped_as_the_crate_escapes_it(text in "[<>&\"'aộ ]{0,80}") {
            let mut out = Vec::new();
            escape(&mut out, &text);
            prop_assert_eq!(String::from_utf8(out).unwrap(), quick_xml::escape::escape(text));
        }
    }
}
