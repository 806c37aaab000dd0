//! Atom 1.0 (RFC 4287), built with the `atom_syndication` crate.
//!
//! Atom's own elements are the crate's. Pictures in the terms of Media RSS, and the texts of articles and summaries, are put in
//! afterwards: the crate keeps extensions in maps, and would copy every text three times.

use super::{Format, escape, media};
use crate::article::{Attachment, Image, Person as Author};
use crate::feed::{Entry, Feed, Prose};
use atom_syndication::extension::ExtensionMap;
use atom_syndication::{Category, Content, Generator, Link, Person, Text, WriteConfig};
use memchr::memmem;
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
        let room = Vec::with_capacity(feed.entries.len() * 1024 + 2048);
        let written = document(feed).write_with_config(room, config).unwrap_or_default();
        finish(&written, feed)
    }
}

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
    let mut namespaces = BTreeMap::new();
    if entries.iter().any(|entry| !entry.images.is_empty()) {
        namespaces.insert("media".to_owned(), media::NAMESPACE.to_owned());
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
        entries: entries.iter().map(|entry| self::entry(entry)).collect(),
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
    // Put in below.
    let text = |prose: &Prose| match prose {
        Prose::Text(_) => Text { lang: language.clone(), ..Text::plain(String::new()) },
        Prose::Html(_) => Text { lang: language.clone(), ..Text::html(String::new()) },
    };
    let mut links = Vec::with_capacity(2 + attachments.len() + images.len());
    links.extend(url.as_ref().map(|url| link("alternate", url, Some("text/html"))));
    links.extend(comments_url.as_ref().map(|url| link("replies", url, Some("text/html"))));
    links.extend(attachments.iter().map(attachment));
    links.extend(images.iter().filter_map(picture_link));
    let labels = categories.iter().map(|category| &category.label).chain(tags);
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
        extensions: ExtensionMap::new(),
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

/// What the crate does not do: the style sheet for browsers, pictures, the texts of articles and summaries.
fn finish(written: &[u8], feed: &Feed) -> Vec<u8> {
    let texts = super::texts_length(feed);
    let mut out = Vec::with_capacity(written.len() + texts * 9 / 8 + feed.entries.len() * 256 + 256);
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    super::stylesheet_instruction(&mut out, &feed.stylesheet);
    // Nothing else begins so: in texts and attributes `<` is escaped.
    let [summaries, contents, ends] = ["<summary", "<content", END].map(memmem::Finder::new);
    let mut rest = written;
    for entry in &feed.entries {
        if let Some(summary) = &entry.summary {
            rest = to_text(&mut out, rest, &summaries);
            match summary {
                Prose::Text(text) => escape::xml(&mut out, text),
                Prose::Html(html) => escape::xml(&mut out, html),
            }
        }
        if let Some(content) = content(entry) {
            rest = to_text(&mut out, rest, &contents);
            escape::xml(&mut out, &content.to_html());
        }
        let (before, after) = rest.split_at(ends.find(rest).unwrap_or(rest.len()));
        let (end, after) = after.split_at(after.len().min(END.len()));
        out.extend_from_slice(before);
        entry.images.iter().for_each(|image| picture(&mut out, image));
        out.extend_from_slice(end);
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'\n');
    out
}

/// What ends an entry.
const END: &str = "\n  </entry>";

/// Goes on to where the text of the next element of a name belongs, and returns what follows there.
fn to_text<'w>(out: &mut Vec<u8>, written: &'w [u8], name: &memmem::Finder<'_>) -> &'w [u8] {
    let tag = name.find(written);
    let end = tag.and_then(|tag| Some(tag + memchr::memchr(b'>', written.get(tag..)?)? + 1));
    let (before, after) = written.split_at(end.unwrap_or(written.len()));
    out.extend_from_slice(before);
    after
}

fn person(author: &Author) -> Person {
    let Author { name, email, url } = author;
    Person { name: name.to_string(), email: email.clone(), uri: url.clone(), ..Person::default() }
}

fn link(rel: &str, href: &str, media_type: Option<&str>) -> Link {
    // The default has a relation of its own.
    Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        hreflang: None,
        mime_type: media_type.map(str::to_owned),
        title: None,
        length: None,
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

/// Writes a picture as the last element of its entry. Without media:description, which overwrites the entry's summary in
/// feedparser.
fn picture(out: &mut Vec<u8>, image: &Image) {
    out.extend_from_slice(b"\n    ");
    media::Attributes::of_image(image).write(out);
    if let Some(credit) = &image.credit {
        out.extend_from_slice(b"\n      ");
        media::element(out, "media:credit", credit);
    }
    out.extend_from_slice(b"\n    ");
    out.extend_from_slice(media::END);
}
