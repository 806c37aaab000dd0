//! What a file is, by its name and its first bytes: media types, and the hubs that a feed names.
//!
//! Browsers show a feed as bare text under its own media type, and with its style sheet as `application/xml`; readers take
//! either, and the specifications ask for the former.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

/// What there is to know of a file in order to send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// With its charset.
    pub media_type: &'static str,
    /// The media type that readers are told instead.
    pub reader_type: Option<&'static str>,
    /// Of feeds: which.
    pub feed: Option<Feed>,
    /// A list of feeds, which pages elsewhere may read, too.
    pub is_list: bool,
    /// Whether it is worth compressing.
    pub shrinks: bool,
}

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    Rss,
    Atom,
    Json,
}

/// Media types by extension, and whether the bytes are worth compressing.
const TYPES: &[(&str, &str, bool)] = &[
    ("atom", "application/xml; charset=utf-8", true),
    ("avif", "image/avif", false),
    ("css", "text/css; charset=utf-8", true),
    ("csv", "text/csv; charset=utf-8", true),
    ("gif", "image/gif", false),
    ("htm", "text/html; charset=utf-8", true),
    ("html", "text/html; charset=utf-8", true),
    ("ico", "image/x-icon", true),
    ("jpeg", "image/jpeg", false),
    ("jpg", "image/jpeg", false),
    ("js", "text/javascript; charset=utf-8", true),
    ("json", "application/json; charset=utf-8", true),
    ("jsonl", "application/jsonl; charset=utf-8", true),
    ("mp3", "audio/mpeg", false),
    ("mp4", "video/mp4", false),
    ("opml", "text/x-opml; charset=utf-8", true),
    ("pdf", "application/pdf", false),
    ("png", "image/png", false),
    ("rss", "application/xml; charset=utf-8", true),
    ("svg", "image/svg+xml; charset=utf-8", true),
    ("txt", "text/plain; charset=utf-8", true),
    ("webmanifest", "application/manifest+json; charset=utf-8", true),
    ("webp", "image/webp", false),
    ("woff2", "font/woff2", false),
    ("xml", "application/xml; charset=utf-8", true),
];

/// What the file of that path with those bytes is.
pub fn kind(path: &str, bytes: &[u8]) -> Kind {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = TYPES.iter().find(|(known, _, _)| extension.eq_ignore_ascii_case(known));
    let (media_type, shrinks) =
        known.map_or(("application/octet-stream", false), |(_, media_type, shrinks)| (*media_type, *shrinks));
    let feed = match media_type {
        "application/xml; charset=utf-8" => xml_feed(bytes),
        "application/json; charset=utf-8" => is_json_feed(bytes).then_some(Feed::Json),
        _ => None,
    };
    let (media_type, reader_type) = match feed {
        Some(Feed::Rss) => (media_type, Some("application/rss+xml; charset=utf-8")),
        Some(Feed::Atom) => (media_type, Some("application/atom+xml; charset=utf-8")),
        Some(Feed::Json) => ("application/feed+json; charset=utf-8", None),
        None => (media_type, None),
    };
    Kind { media_type, reader_type, feed, is_list: extension.eq_ignore_ascii_case("opml"), shrinks }
}

/// The format of an XML feed, by its root.
fn xml_feed(bytes: &[u8]) -> Option<Feed> {
    let mut reader = Reader::from_reader(bytes);
    loop {
        match reader.read_event().ok()? {
            Event::Start(root) | Event::Empty(root) => {
                return match root.local_name().as_ref() {
                    b"rss" => Some(Feed::Rss),
                    b"feed" => Some(Feed::Atom),
                    _ => None,
                };
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn is_json_feed(bytes: &[u8]) -> bool {
    // The version stands first in what this program writes, and near the beginning elsewhere.
    let head = bytes.get(..1024).unwrap_or(bytes);
    memchr::memmem::find(head, b"//jsonfeed.org/version/").is_some()
}

/// The hubs that a feed names (WebSub, 4), as far as they can stand in a header line.
pub fn hubs(bytes: &[u8]) -> Vec<String> {
    let is_json = bytes.trim_ascii_start().starts_with(b"{");
    let mut hubs = if is_json { json_hubs(bytes) } else { xml_hubs(bytes).unwrap_or_default() };
    hubs.retain(|hub| {
        let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"');
        hub.starts_with("http") && hub.bytes().all(plain)
    });
    hubs
}

fn json_hubs(bytes: &[u8]) -> Vec<String> {
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else { return Vec::new() };
    let hubs = document.get("hubs").and_then(Value::as_array).into_iter().flatten();
    hubs.filter_map(|hub| Some(hub.get("url")?.as_str()?.to_owned())).collect()
}

/// The links to hubs before the first entry.
fn xml_hubs(bytes: &[u8]) -> Option<Vec<String>> {
    let mut reader = Reader::from_reader(bytes);
    let mut hubs = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                b"link" if attribute(&element, b"rel").is_some_and(|rel| rel == "hub") => {
                    hubs.extend(attribute(&element, b"href"));
                }
                b"item" | b"entry" => return Some(hubs),
                _ => {}
            },
            Event::Eof => return Some(hubs),
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let attribute = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    let value = std::str::from_utf8(&attribute.value).ok()?;
    Some(quick_xml::escape::unescape(value).ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_told_by_what_is_in_them() {
        let of = |path, text: &str| {
            let kind = kind(path, text.as_bytes());
            (kind.media_type, kind.reader_type)
        };
        let xml = "application/xml; charset=utf-8";
        assert_eq!(
            of("a/rss.xml", "<?xml version=\"1.0\"?>\n<!-- x --><rss version=\"2.0\"/>"),
            (xml, Some("application/rss+xml; charset=utf-8"))
        );
        assert_eq!(of("a/b.rss", "<rss/>").1, Some("application/rss+xml; charset=utf-8"));
        assert_eq!(
            of("a/atom.xml", "<feed xmlns=\"http://www.w3.org/2005/Atom\"/>"),
            (xml, Some("application/atom+xml; charset=utf-8"))
        );
        assert_eq!(of("sitemap.xml", "<urlset/>"), (xml, None));
        assert_eq!(of("broken.xml", "<"), (xml, None));
        assert_eq!(
            of("a/feed.json", "{\"version\": \"https://jsonfeed.org/version/1.1\"}").0,
            "application/feed+json; charset=utf-8"
        );
        assert_eq!(of("a/x.json", "{}").0, "application/json; charset=utf-8");
        assert_eq!(of("a/x", "").0, "application/octet-stream");
        assert_eq!(of("a/X.PNG", ""), ("image/png", None));
    }

    #[test]
    fn hubs_are_read_from_the_feed() {
        let rss = r#"<rss><channel><atom:link rel="hub" href="https://hub.example/?a=1&amp;b=2"/><atom:link rel="self" href="https://b/"/><item><atom:link rel="hub" href="https://no.example/"/></item></channel></rss>"#;
        assert_eq!(hubs(rss.as_bytes()), ["https://hub.example/?a=1&b=2"]);
        let json = r#"{"hubs": [{"type": "WebSub", "url": "https://hub.example/"}, {"url": "https://x/\r\nA: b"}, {}]}"#;
        assert_eq!(hubs(json.as_bytes()), ["https://hub.example/"]);
        assert!(hubs(b"<rss").is_empty() && hubs(b"{").is_empty());
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(TYPES.is_sorted_by_key(|(extension, _, _)| *extension));
    }
}
