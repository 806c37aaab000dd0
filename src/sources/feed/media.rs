//! Pictures and files of an entry: enclosures, [Media RSS](https://www.rssboard.org/media-rss), and what podcasts say.

use super::super::support::xml::Element;
use super::entry::resolved;
use serde_json::{Map, Value};
use url::Url;

/// What goes with an entry.
#[derive(Debug, Default)]
pub(super) struct Media {
    pub images: Vec<Value>,
    pub attachments: Vec<Value>,
}

impl Media {
    /// Takes a file; of one that is named twice, what the second says beside the first counts too.
    fn take(list: &mut Vec<Value>, file: Map<String, Value>) {
        let same = list
            .iter_mut()
            .filter_map(Value::as_object_mut)
            .find(|known| known.get("url") == file.get("url"));
        match same {
            Some(known) => {
                for (name, value) in file {
                    known.entry(name).or_insert(value);
                }
            }
            None => list.push(Value::Object(file)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Other,
    /// What no reader plays any more.
    Dead,
}

/// More of them are no files of one article.
const MOST: usize = 200;

/// Pictures and files of an entry.
pub(super) fn of(entry: &Element, base: Option<&Url>) -> Media {
    let mut media = Media::default();
    let mut files: Vec<(Kind, Map<String, Value>)> = Vec::new();
    for child in entry.children() {
        match child.name.as_str() {
            "media:content" => files.extend(content(child, &[entry], base)),
            "media:group" => files.extend(group(child, entry, base)),
            "media:peerLink" | "media:player" => {}
            "enclosure" => files.extend(file(child, "url", base)),
            "atom:link" if child.attribute("rel") == Some("enclosure") => {
                files.extend(file(child, "href", base))
            }
            "atom:content" if child.attribute("src").is_some() => {
                let is_page = child.attribute("type").is_none_or(|kind| kind.contains("html"));
                files.extend(file(child, "src", base).filter(|_| !is_page));
            }
            _ => {}
        }
        if files.len() >= MOST {
            break;
        }
    }
    for (kind, file) in files {
        match kind {
            Kind::Image => Media::take(&mut media.images, file),
            Kind::Other => Media::take(&mut media.attachments, file),
            Kind::Dead => {}
        }
    }
    if media.images.is_empty() {
        media.images.extend(thumbnail(entry, base).map(Value::Object));
    }
    let duration = entry.text_of("itunes:duration").and_then(|text| seconds(&text));
    if let (Some(seconds), Some(Value::Object(file))) = (duration, media.attachments.first_mut()) {
        file.entry("duration").or_insert(seconds.into());
    }
    media
}

/// `1:02:03`, `62:03` or `3723`.
fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let parts: Vec<&str> = text.trim().split(':').collect();
    for part in parts.iter().filter(|_| parts.len() <= 3) {
        let number: u64 = part.trim().split('.').next()?.parse().ok()?;
        total = total.checked_mul(60)?.checked_add(number)?;
    }
    (total > 0).then_some(total)
}

/// An enclosure.
fn file(element: &Element, address: &str, base: Option<&Url>) -> Option<(Kind, Map<String, Value>)> {
    let url = resolved(element.attribute(address)?, base);
    let mut file = Map::new();
    for (name, attribute) in [("type", "type"), ("length", "length"), ("title", "title")] {
        if let Some(value) = element.attribute(attribute) {
            file.insert(name.to_owned(), value.into());
        }
    }
    let kind = kind(element.attribute("type"), None, &url);
    file.insert("url".to_owned(), url.into());
    Some((kind, file))
}

fn kind(stated: Option<&str>, medium: Option<&str>, url: &str) -> Kind {
    let stated = stated.unwrap_or_default().to_ascii_lowercase();
    if stated.contains("shockwave-flash") {
        return Kind::Dead;
    }
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let extension =
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    let is_image = match (medium, stated.split_once('/')) {
        (Some(medium), _) => medium.eq_ignore_ascii_case("image"),
        (None, Some((kind, _))) => kind == "image",
        (None, None) => {
            matches!(extension, Some("jpg" | "jpeg" | "png" | "gif" | "webp" | "avif")) || stated == "image"
        }
    };
    if is_image { Kind::Image } else { Kind::Other }
}

/// A `media:content`; what it does not say itself, the elements around it do.
fn content(element: &Element, around: &[&Element], base: Option<&Url>) -> Option<(Kind, Map<String, Value>)> {
    let url = resolved(element.attribute("url")?, base);
    let kind = kind(element.attribute("type"), element.attribute("medium"), &url);
    let mut file = Map::new();
    for (name, attribute) in [
        ("type", "type"),
        ("length", "fileSize"),
        ("duration", "duration"),
        ("width", "width"),
        ("height", "height"),
    ] {
        if let Some(value) = element.attribute(attribute) {
            file.insert(name.to_owned(), value.into());
        }
    }
    // The text of an entry is not that of every picture in it.
    let groups = around.iter().filter(|around| around.name == "media:group");
    let told =
        |name: &str| element.text_of(name).or_else(|| groups.clone().find_map(|around| around.text_of(name)));
    let names = match kind {
        Kind::Image => [("alt", "media:title"), ("caption", "media:description"), ("credit", "media:credit")],
        _ => [("title", "media:title"), ("", ""), ("", "")],
    };
    for (name, child) in names {
        if let Some(text) = told(child) {
            file.insert(name.to_owned(), text.into());
        }
    }
    if kind == Kind::Image && !file.contains_key("credit") {
        let credit = around.iter().find_map(|around| around.text_of("media:credit"));
        credit.map(|credit| file.insert("credit".to_owned(), credit.into()));
    }
    file.insert("url".to_owned(), url.into());
    Some((kind, file))
}

/// Of a group, which holds one thing in several forms: the default form, else the widest picture, else the first.
fn group(group: &Element, entry: &Element, base: Option<&Url>) -> Option<(Kind, Map<String, Value>)> {
    let forms = || group.all("media:content");
    let default = forms().find(|form| form.attribute("isDefault") == Some("true"));
    let is_image = |form: &Element| {
        kind(form.attribute("type"), form.attribute("medium"), form.attribute("url").unwrap_or_default())
            == Kind::Image
    };
    let best = || match forms().all(is_image) {
        true => widest(forms()),
        false => forms().find(|form| !is_image(form)),
    };
    content(default.or_else(best)?, &[group, entry], base)
}

/// The widest of some elements, the first of several as wide.
fn widest<'a>(elements: impl Iterator<Item = &'a Element>) -> Option<&'a Element> {
    let width = |element: &Element| {
        element.attribute("width").and_then(|width| width.parse::<u64>().ok()).unwrap_or(0)
    };
    elements.fold(None, |best: Option<&Element>, next| match best {
        Some(best) if width(best) >= width(next) => Some(best),
        _ => Some(next),
    })
}

/// A picture that stands for the entry where it has none of its own.
fn thumbnail(entry: &Element, base: Option<&Url>) -> Option<Map<String, Value>> {
    let inner =
        || entry.children().filter(|child| matches!(child.name.as_str(), "media:group" | "media:content"));
    let nested = inner().flat_map(|group| group.children().filter(|child| child.name == "media:content"));
    let thumbnails = std::iter::once(entry)
        .chain(inner())
        .chain(nested)
        .flat_map(|element| element.children().filter(|child| child.name == "media:thumbnail"));
    let mut file = Map::new();
    let url = match widest(thumbnails) {
        Some(thumbnail) => {
            for name in ["width", "height"] {
                if let Some(value) = thumbnail.attribute(name) {
                    file.insert(name.to_owned(), value.into());
                }
            }
            thumbnail.attribute("url").map(str::to_owned).or_else(|| thumbnail.text())
        }
        None => {
            let itunes =
                entry.child("itunes:image").and_then(|image| image.attribute("href")).map(str::to_owned);
            // Not of any specification, and common.
            itunes.or_else(|| {
                let image = entry.child("image").or_else(|| entry.child("thumb"))?;
                let said = image.attribute("url").or_else(|| image.attribute("href")).map(str::to_owned);
                said.or_else(|| image.text_of("url")).or_else(|| image.text())
            })
        }
    };
    let url = url.filter(|url| !url.contains(['<', ' ']))?;
    file.insert("url".to_owned(), resolved(&url, base).into());
    Some(file)
}
