//! Media types and the words that Media RSS has for them.

/// The type of a file of which nothing is known (RFC 2046 §4.5.1).
pub const UNKNOWN: &str = "application/octet-stream";

/// What Media RSS calls files of that type, where it has a word for them.
pub fn medium(media_type: &str) -> Option<&'static str> {
    match media_type.split('/').next()? {
        "image" => Some("image"),
        "audio" => Some("audio"),
        "video" => Some("video"),
        "text" | "application" => Some("document"),
        _ => None,
    }
}
