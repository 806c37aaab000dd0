//! RSS 2.0, built with the `rss` crate and put in its final form by one pass over what that writes.
//!
//! Specifications: <https://www.rssboard.org/rss-specification>, its profile
//! <https://www.rssboard.org/rss-profile>, content and dc modules, Media RSS <https://www.rssboard.org/media-rss>.

use super::{Format, media};
use crate::article::{Attachment, Image, Person};
use crate::feed::{Entry, Feed};
use crate::{date, id};
use quick_xml::Reader;
use quick_xml::events::{BytesCData, Event};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Item};
use std::collections::BTreeMap;

/// RSS 2.0.
pub struct Rss;

impl Format for Rss {
    fn name(&self) -> &'static str {
        "rss"
    }
    fn title(&self) -> &'static str {
        "RSS 2.0"
    }
    fn file_name(&self) -> &'static str {
        "rss.xml"
    }
    fn media_type(&self) -> &'static str {
        "application/rss+xml"
    }
    fn render(&self, feed: &Feed) -> Vec<u8> {
        let written = channel(feed).write_to(Vec::new());
        // Writing to memory does not fail.
        finish(&written.unwrap_or_default(), feed)
    }
}

const MEDIA: &str = "http://search.yahoo.com/mrss/";
const DCTERMS: &str = "http://purl.org/dc/terms/";

fn channel(feed: &Feed) -> Channel {
    let Feed {
        slug: _,
        id: _, // RSS channels have none
        title,
        description,
        language,
        home,
        address: _,
        stylesheet: _,
        site_title: _,
        author,
        copyright,
        icon,
        image,
        ttl,
        hubs,
        updated,
        entries,
    } = feed;
    let items: Vec<Item> = entries.iter().map(|entry| item(entry)).collect();
    let uses = |prefix: &str| items.iter().any(|item| item.extensions.contains_key(prefix));
    let mut namespaces = BTreeMap::new();
    for (prefix, uri) in [("media", MEDIA), ("dcterms", DCTERMS)] {
        if uses(prefix) {
            namespaces.insert(prefix.to_owned(), uri.to_owned());
        }
    }
    let self_link = Link {
        rel: "self".to_owned(),
        href: feed.file_url(Rss.file_name()),
        mime_type: Some(Rss.media_type().to_owned()),
        ..Link::default()
    };
    let hubs = hubs.iter().map(|hub| Link { rel: "hub".to_owned(), href: hub.clone(), ..Link::default() });
    Channel {
        title: title.to_string(),
        link: home.clone(),
        description: description.to_string(),
        language: Some(language.clone()),
        copyright: copyright.as_ref().map(ToString::to_string),
        managing_editor: author.as_ref().and_then(contact),
        last_build_date: Some(date::rfc2822(updated)),
        generator: Some("bantin".to_owned()),
        ttl: ttl.map(|minutes| minutes.to_string()),
        image: image.as_ref().or(icon.as_ref()).map(|url| rss::Image {
            url: url.clone(),
            title: title.to_string(),
            link: home.clone(),
            ..rss::Image::default()
        }),
        atom_ext: Some(AtomExtension { links: std::iter::once(self_link).chain(hubs).collect() }),
        namespaces,
        items,
        ..Channel::default()
    }
}

fn item(entry: &Entry) -> Item {
    let Entry {
        id,
        url,
        title,
        summary: _, // by way of the synopsis
        content,
        published,
        modified,
        authors,
        categories,
        tags,
        images,
        attachments,
        language,
        comments_url,
        rights,
    } = entry;
    // RSS has one author, whose address is required. Beside that a dc:creator says the same twice, so that of several
    // authors, or one without an address, every one is a dc:creator.
    let author = match authors.as_slice() {
        [author] => contact(author),
        _ => None,
    };
    let creators = authors.iter().filter(|_| author.is_none()).map(|person| person.name.to_string());
    let dublin_core = DublinCoreExtension {
        creators: creators.collect(),
        languages: language.iter().cloned().collect(),
        rights: rights.iter().map(ToString::to_string).collect(),
        ..DublinCoreExtension::default()
    };
    let labels = categories.iter().map(|category| &category.label).chain(tags);
    let mut extensions = ExtensionMap::new();
    let media: Vec<Extension> =
        images.iter().map(picture).chain(attachments.iter().skip(1).map(file)).collect();
    let media = media.into_iter().map(|content| if title.is_some() { content } else { untitled(content) });
    let media: Vec<Extension> = media.collect();
    if !media.is_empty() {
        extensions.entry("media".to_owned()).or_default().insert("content".to_owned(), media);
    }
    if let Some(modified) = modified {
        // In the form of W3C-DTF, as Dublin Core demands.
        let modified = extension("dcterms:modified", Some(date::rfc3339(modified)), []);
        extensions.entry("dcterms".to_owned()).or_default().insert("modified".to_owned(), vec![modified]);
    }
    Item {
        title: title.as_ref().map(ToString::to_string),
        link: url.clone(),
        description: entry.synopsis().map(|prose| prose.to_inline_html().into_owned()),
        author,
        categories: labels.map(|label| Category { name: label.to_string(), domain: None }).collect(),
        comments: comments_url.clone(),
        enclosure: attachments.first().map(enclosure),
        guid: Some(Guid { value: id.clone(), permalink: id::is_permalink(id, url.as_deref()) }),
        pub_date: Some(date::rfc2822(published)),
        // Put in below.
        content: content.as_ref().map(|_| String::new()),
        extensions,
        dublin_core_ext: (dublin_core != DublinCoreExtension::default()).then_some(dublin_core),
        ..Item::default()
    }
}

/// `a@b.vn (Tên)`, where there is an address.
fn contact(person: &Person) -> Option<String> {
    let Person { name, email, url: _ } = person;
    email.as_ref().map(|email| if **name == **email { email.clone() } else { format!("{email} ({name})") })
}

fn enclosure(attachment: &Attachment) -> Enclosure {
    let Attachment { url, media_type, title: _, length, duration: _ } = attachment;
    Enclosure {
        url: url.clone(),
        length: length.unwrap_or(0).to_string(),
        mime_type: media_type.clone().unwrap_or_else(|| media::UNKNOWN.to_owned()),
    }
}

fn picture(image: &Image) -> Extension {
    let Image { url, alt, caption, credit, media_type, length, width, height } = image;
    let mut content = extension(
        "media:content",
        None,
        [
            ("url", Some(url.clone())),
            ("medium", Some("image".to_owned())),
            ("type", media_type.clone()),
            ("fileSize", length.map(|bytes| bytes.to_string())),
            ("width", width.map(|pixels| pixels.to_string())),
            ("height", height.map(|pixels| pixels.to_string())),
        ],
    );
    // What a picture shows is its title: in feedparser a media:description takes the place of the item's own, wherever
    // it stands.
    let children = [("title", caption.as_ref().or(alt.as_ref())), ("credit", credit.as_ref())];
    for (name, text) in children {
        if let Some(text) = text {
            let child = extension(&format!("media:{name}"), Some(text.to_string()), []);
            content.children.insert(name.to_owned(), vec![child]);
        }
    }
    content
}

fn file(attachment: &Attachment) -> Extension {
    let Attachment { url, media_type, title, length, duration } = attachment;
    let mut content = extension(
        "media:content",
        None,
        [
            ("url", Some(url.clone())),
            ("medium", media_type.as_deref().and_then(media::medium).map(str::to_owned)),
            ("type", media_type.clone()),
            ("fileSize", length.map(|bytes| bytes.to_string())),
            ("duration", duration.map(|seconds| seconds.to_string())),
        ],
    );
    if let Some(title) = title {
        content
            .children
            .insert("title".to_owned(), vec![extension("media:title", Some(title.to_string()), [])]);
    }
    content
}

/// In an item without a title feedparser takes a media:title for it.
fn untitled(mut content: Extension) -> Extension {
    content.children.remove("title");
    content
}

fn extension<const N: usize>(
    name: &str,
    value: Option<String>,
    attributes: [(&str, Option<String>); N],
) -> Extension {
    let attrs = attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    Extension { name: name.to_owned(), value, attrs, ..Extension::default() }
}

/// What the crate does not do: the style sheet for browsers, media before the title (a media:title after it would take
/// its place in feedparser), `&` and `<` of titles as hexadecimal references (the RSS profile's way to say that no markup
/// is meant), and lines. The articles' texts are put in here, since the crate would copy each of them three times.
fn finish(written: &[u8], feed: &Feed) -> Vec<u8> {
    let mut out = Vec::with_capacity(written.len() + written.len() / 8 + super::content_length(feed));
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    super::stylesheet_instruction(&mut out, &feed.stylesheet);
    let mut entries = feed.entries.iter();
    let mut reader = Reader::from_reader(written);
    let mut depth = 0;
    let mut from = 0;
    let mut children: Vec<&[u8]> = Vec::new();
    let mut in_item = false;
    loop {
        let start = reader.buffer_position() as usize;
        let Ok(event) = reader.read_event() else { break };
        let end = reader.buffer_position() as usize;
        let raw = &written[start..end];
        match event {
            Event::Start(tag) => {
                depth += 1;
                match (depth, tag.name().as_ref()) {
                    (1 | 2, _) => line(&mut out, 0, raw),
                    (3, b"item") => {
                        in_item = true;
                        line(&mut out, 1, raw);
                    }
                    (3, _) if !in_item => from = start,
                    (4, _) if in_item => from = start,
                    _ => {}
                }
            }
            Event::Empty(_) if depth == 2 => line(&mut out, 1, raw),
            Event::Empty(_) if depth == 3 && in_item => children.push(raw),
            Event::End(_) => {
                match depth {
                    4 if in_item => children.push(&written[from..end]),
                    3 if in_item => {
                        // A stable sort: everything else keeps its order.
                        children.sort_by_key(|child| !child.starts_with(b"<media:"));
                        let content = entries.next().and_then(|entry| entry.content.as_ref());
                        for child in children.drain(..) {
                            match content.filter(|_| child.starts_with(CONTENT)) {
                                Some(content) => self::content(&mut out, &content.to_html()),
                                None => line(&mut out, 2, child),
                            }
                        }
                        line(&mut out, 1, raw);
                        in_item = false;
                    }
                    3 => line(&mut out, 1, &written[from..end]),
                    1 | 2 => line(&mut out, 0, raw),
                    _ => {}
                }
                depth -= 1;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    out
}

/// How the element of an article's text begins.
const CONTENT: &[u8] = b"<content:encoded>";

/// Writes the element of an article's text.
fn content(out: &mut Vec<u8>, html: &str) {
    out.extend_from_slice(b"    ");
    out.extend_from_slice(CONTENT);
    // `]]>` is divided among two sections.
    for section in BytesCData::escaped(html) {
        out.extend_from_slice(b"<![CDATA[");
        out.extend_from_slice(&section);
        out.extend_from_slice(b"]]>");
    }
    out.extend_from_slice(b"</content:encoded>\n");
}

/// Writes an element on a line of its own; of titles and descriptions the references in hexadecimal, unless they are
/// CDATA (which has none). In addresses they stay as they are: parsers of JavaScript leave hexadecimal ones undecoded.
fn line(out: &mut Vec<u8>, indent: usize, element: &[u8]) {
    out.extend(std::iter::repeat_n(b' ', indent * 2));
    let of_text = element.starts_with(b"<title>") || element.starts_with(b"<description>");
    if of_text && memchr::memmem::find(element, b"<![CDATA[").is_none() {
        hexadecimal(out, element);
    } else {
        out.extend_from_slice(element);
    }
    out.push(b'\n');
}

fn hexadecimal(out: &mut Vec<u8>, element: &[u8]) {
    const REFERENCES: [(&[u8], &[u8]); 3] =
        [(b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;"), (b"&gt;", b"&#x3E;")];
    let mut rest = element;
    while let Some(at) = memchr::memchr(b'&', rest) {
        let (before, reference) = rest.split_at(at);
        out.extend_from_slice(before);
        match REFERENCES.iter().find(|(named, _)| reference.starts_with(named)) {
            Some((named, hexadecimal)) => {
                out.extend_from_slice(hexadecimal);
                rest = &reference[named.len()..];
            }
            None => {
                out.push(b'&');
                rest = &reference[1..];
            }
        }
    }
    out.extend_from_slice(rest);
}
