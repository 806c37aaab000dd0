//! Media RSS <https://www.rssboard.org/media-rss>, as RSS and Atom carry it: pictures and files of an entry.
//!
//! These elements are written here, since the feed crates keep extensions as maps of maps, some forty allocations for a
//! picture. They are put in where an item or entry of the crates' documents begins or ends.

use super::escape;
use crate::article::{Attachment, Image};
use std::io::Write;

/// The namespace of the elements.
pub const NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// The type of a file of which nothing is known (RFC 2046 §4.5.1).
pub const UNKNOWN: &str = "application/octet-stream";

/// What Media RSS calls files of that type, where it has a word for them.
fn medium(media_type: &str) -> Option<&'static str> {
    match media_type.split('/').next()? {
        "image" => Some("image"),
        "audio" => Some("audio"),
        "video" => Some("video"),
        "text" | "application" => Some("document"),
        _ => None,
    }
}

/// The attributes of a `media:content`, in the order in which they are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attributes<'a> {
    /// Seconds.
    pub duration: Option<u64>,
    /// Bytes.
    pub file_size: Option<u64>,
    /// Pixels.
    pub height: Option<u32>,
    pub medium: Option<&'a str>,
    pub media_type: Option<&'a str>,
    pub url: &'a str,
    /// Pixels.
    pub width: Option<u32>,
}

impl<'a> Attributes<'a> {
    /// Those of a picture; what else is known of it are elements.
    pub(super) fn of_image(image: &'a Image) -> Self {
        let Image { url, alt: _, caption: _, credit: _, media_type, length, width, height } = image;
        Self {
            duration: None,
            file_size: *length,
            height: *height,
            medium: Some("image"),
            media_type: media_type.as_deref(),
            url,
            width: *width,
        }
    }

    /// Those of a file.
    pub(super) fn of_attachment(attachment: &'a Attachment) -> Self {
        let Attachment { url, media_type, title: _, length, duration } = attachment;
        Self {
            duration: *duration,
            file_size: *length,
            height: None,
            medium: media_type.as_deref().and_then(medium),
            media_type: media_type.as_deref(),
            url,
            width: None,
        }
    }

    /// Writes the start tag of a `media:content`.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let Self { duration, file_size, height, medium, media_type, url, width } = *self;
        out.extend_from_slice(b"<media:content");
        number(out, "duration", duration);
        number(out, "fileSize", file_size);
        number(out, "height", height.map(u64::from));
        text(out, "medium", medium);
        text(out, "type", media_type);
        text(out, "url", Some(url));
        number(out, "width", width.map(u64::from));
        out.push(b'>');
    }
}

/// The end tag of what [`Attributes::write`] begins.
pub(super) const END: &[u8] = b"</media:content>";

fn text(out: &mut Vec<u8>, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    escape::xml(out, value);
    out.push(b'"');
}

fn number(out: &mut Vec<u8>, name: &str, value: Option<u64>) {
    // Writing to memory does not fail.
    let _ = value.map(|value| write!(out, " {name}=\"{value}\""));
}

/// Writes an element that holds a text and nothing else.
pub(super) fn element(out: &mut Vec<u8>, name: &str, value: &str) {
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
    escape::xml(out, value);
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}
