//! RSS 2.0, built with the `rss` crate and put in its final form by one pass over what that writes.
//!
//! RSS's own elements are the crate's. What modules add to items, and the texts of articles and summaries, is put in by that pass:
//! the crate keeps modules in maps, and would copy every text three times.
//!
//! Specifications: <https://www.rssboard.org/rss-specification>, its profile
//! <https://www.rssboard.org/rss-profile>, content and dc modules, Media RSS <https://www.rssboard.org/media-rss>.

use super::{Format, media};
use crate::article::{Attachment, Image, Person};
use crate::feed::{Entry, Feed};
use crate::text::Text;
use crate::{date, id};
use chrono::{DateTime, FixedOffset};
use quick_xml::events::BytesCData;
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore;
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
        let written = channel(feed).write_to(Vec::with_capacity(feed.entries.len() * 1024 + 2048));
        // Writing to memory does not fail.
        finish(&written.unwrap_or_default(), feed)
    }
}

const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
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
    let uses = |is_used: fn(&Entry) -> bool| entries.iter().any(|entry| is_used(entry));
    let modules = [
        ("content", CONTENT, uses(|entry| entry.content.is_some())),
        ("dc", dublincore::NAMESPACE, uses(|entry| Modules::of(entry).any_of_dublin_core())),
        ("dcterms", DCTERMS, uses(|entry| entry.modified.is_some())),
        ("media", media::NAMESPACE, uses(|entry| Modules::of(entry).any_of_media())),
    ];
    let used = modules.into_iter().filter(|(_, _, used)| *used);
    let namespaces: BTreeMap<_, _> =
        used.map(|(prefix, uri, _)| (prefix.to_owned(), uri.to_owned())).collect();
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
        items: entries.iter().map(|entry| item(entry)).collect(),
        ..Channel::default()
    }
}

fn item(entry: &Entry) -> Item {
    let Entry {
        id,
        url,
        title,
        summary,
        content,
        published,
        modified: _, // this and what follows of it by way of Modules
        authors,
        categories,
        tags,
        images: _,
        attachments,
        language: _,
        comments_url,
        rights: _,
    } = entry;
    let labels = categories.iter().map(|category| &category.label).chain(tags);
    Item {
        title: title.as_ref().map(ToString::to_string),
        link: url.clone(),
        // There is a synopsis. Put in below.
        description: (summary.is_some() || content.is_some()).then(String::new),
        author: author(authors),
        categories: labels.map(|label| Category { name: label.to_string(), domain: None }).collect(),
        comments: comments_url.clone(),
        enclosure: attachments.first().map(enclosure),
        guid: Some(Guid { value: id.clone(), permalink: id::is_permalink(id, url.as_deref()) }),
        pub_date: Some(date::rfc2822(published)),
        ..Item::default()
    }
}

/// RSS has one author, whose address is required.
fn author(authors: &[Person]) -> Option<String> {
    match authors {
        [author] => contact(author),
        _ => None,
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

/// What modules say of an entry.
struct Modules<'e> {
    /// Whether what pictures and files show is said: in an item without a title feedparser takes a media:title for it.
    titled: bool,
    images: &'e [Image],
    /// All but the first, which is the enclosure.
    files: &'e [Attachment],
    modified: Option<&'e DateTime<FixedOffset>>,
    /// Beside an author a dc:creator says the same twice, so that of several authors, or one without an address, every one is
    /// a dc:creator.
    creators: &'e [Person],
    language: Option<&'e str>,
    rights: Option<&'e Text>,
}

impl<'e> Modules<'e> {
    fn of(entry: &'e Entry) -> Self {
        Self {
            titled: entry.title.is_some(),
            images: &entry.images,
            files: entry.attachments.get(1..).unwrap_or_default(),
            modified: entry.modified.as_ref(),
            creators: match entry.authors.as_slice() {
                [Person { email: Some(_), .. }] => &[],
                authors => authors,
            },
            language: entry.language.as_deref(),
            rights: entry.rights.as_ref(),
        }
    }

    fn any_of_dublin_core(&self) -> bool {
        !self.creators.is_empty() || self.language.is_some() || self.rights.is_some()
    }

    fn any_of_media(&self) -> bool {
        !self.images.is_empty() || !self.files.is_empty()
    }

    /// Writes what stands before the title: a media:title after it would take its place in feedparser.
    fn write_media(&self, out: &mut Vec<u8>) {
        for image in self.images {
            // What a picture shows is its title: in feedparser a media:description takes the place of the item's own,
            // wherever it stands.
            let title = image.caption.as_ref().or(image.alt.as_ref());
            self.write_content(out, media::Attributes::of_image(image), image.credit.as_ref(), title);
        }
        for file in self.files {
            self.write_content(out, media::Attributes::of_attachment(file), None, file.title.as_ref());
        }
    }

    fn write_content(
        &self,
        out: &mut Vec<u8>,
        attributes: media::Attributes<'_>,
        credit: Option<&Text>,
        title: Option<&Text>,
    ) {
        out.extend_from_slice(INDENT);
        attributes.write(out);
        if let Some(credit) = credit {
            media::element(out, "media:credit", credit);
        }
        if let Some(title) = title.filter(|_| self.titled) {
            media::element(out, "media:title", title);
        }
        out.extend_from_slice(media::END);
        out.push(b'\n');
    }

    /// Writes what stands at the end of the item.
    fn write_dublin_core(&self, out: &mut Vec<u8>) {
        let mut line = |name: &str, value: &str| {
            out.extend_from_slice(INDENT);
            media::element(out, name, value);
            out.push(b'\n');
        };
        if let Some(modified) = self.modified {
            // In the form of W3C-DTF, as Dublin Core demands.
            line("dcterms:modified", &date::rfc3339(modified));
        }
        self.creators.iter().for_each(|person| line("dc:creator", &person.name));
        if let Some(language) = self.language {
            line("dc:language", language);
        }
        if let Some(rights) = self.rights {
            line("dc:rights", rights);
        }
    }
}

/// Before an element of an item.
const INDENT: &[u8] = b"    ";

/// What the crate does not do: the style sheet for browsers, what modules add, the texts of articles and summaries, `&` and `<` of
/// titles as hexadecimal references (the RSS profile's way to say that no markup is meant), and lines.
fn finish(written: &[u8], feed: &Feed) -> Vec<u8> {
    let texts = super::texts_length(feed);
    let mut out = Vec::with_capacity(written.len() + texts + feed.entries.len() * 640 + 256);
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    super::stylesheet_instruction(&mut out, &feed.stylesheet);
    let mut entries = feed.entries.iter();
    let mut rest = written;
    while let Some((tag, after)) = tag(rest) {
        rest = match tag {
            b"<item>" => {
                line(&mut out, 1, tag);
                match entries.next() {
                    Some(entry) => item_of(entry, &mut out, after),
                    None => after,
                }
            }
            b"</item>" => {
                line(&mut out, 1, tag);
                after
            }
            tag if tag.starts_with(b"<?") => after,
            tag if tag.starts_with(b"</") || tag.starts_with(b"<rss ") || tag == b"<channel>" => {
                line(&mut out, 0, tag);
                after
            }
            _ => {
                let (element, after) = rest.split_at(element_length(rest));
                line(&mut out, 1, element);
                after
            }
        };
    }
    out
}

/// Writes what stands between the tags of an item, and returns what follows in what the crate has written.
fn item_of<'w>(entry: &Entry, out: &mut Vec<u8>, written: &'w [u8]) -> &'w [u8] {
    let modules = Modules::of(entry);
    modules.write_media(out);
    let mut rest = written;
    while !rest.starts_with(b"</item>") && !rest.is_empty() {
        let (element, after) = rest.split_at(element_length(rest));
        let synopsis = if element.starts_with(b"<description>") { entry.synopsis() } else { None };
        match synopsis {
            Some(synopsis) => cdata(out, "description", &synopsis.to_inline_html()),
            None => line(out, 2, element),
        }
        rest = after;
    }
    if let Some(content) = &entry.content {
        cdata(out, "content:encoded", &content.to_html());
    }
    modules.write_dublin_core(out);
    rest
}

/// The tag that comes next in what the crate has written, and what follows it. `<` begins nothing but tags there, and `>` ends them
/// or stands in a text: in values of attributes both are references.
fn tag(written: &[u8]) -> Option<(&[u8], &[u8])> {
    // Most tags are short: going over them here costs less than calling for a search.
    const SHORT: usize = 14;
    let from = written.get(memchr::memchr(b'<', written)?..)?;
    let near = from.iter().take(SHORT).position(|byte| *byte == b'>');
    let end = match near {
        Some(end) => end,
        None => SHORT + memchr::memchr(b'>', from.get(SHORT..)?)?,
    };
    from.split_at_checked(end + 1)
}

/// How long the element is that begins here, to the end of its end tag.
fn element_length(written: &[u8]) -> usize {
    let mut depth = 0;
    let mut rest = written;
    while let Some((tag, after)) = tag(rest) {
        rest = after;
        depth = match tag {
            [b'<', b'/', ..] => depth - 1,
            // The mark of a text.
            [b'<', b'!', ..] | [.., b'/', b'>'] => depth,
            _ => depth + 1,
        };
        if depth <= 0 {
            return written.len() - rest.len();
        }
    }
    written.len()
}

/// Writes an element of an item that holds HTML, on a line of its own.
fn cdata(out: &mut Vec<u8>, name: &str, html: &str) {
    out.extend_from_slice(INDENT);
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
    // `]]>` is divided among two sections.
    for section in BytesCData::escaped(html) {
        out.extend_from_slice(b"<![CDATA[");
        out.extend_from_slice(&section);
        out.extend_from_slice(b"]]>");
    }
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b">\n");
}

/// Writes an element on a line of its own; of titles and descriptions the references in hexadecimal. In addresses they stay as
/// they are: parsers of JavaScript leave hexadecimal ones undecoded.
fn line(out: &mut Vec<u8>, indent: usize, element: &[u8]) {
    out.extend(std::iter::repeat_n(b' ', indent * 2));
    if element.starts_with(b"<title>") || element.starts_with(b"<description>") {
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
