//! The members of JSON Feed's objects. Data only.
//!
//! Specifications: <https://www.jsonfeed.org/version/1.1/>, <https://www.jsonfeed.org/version/1/>.

/// The kind of value a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// Text without markup.
    Text,
    Html,
    Url,
    Date,
    Language,
    Mime,
    Number,
    Bool,
    Texts,
    Author,
    Authors,
    Items,
    Attachments,
    Hubs,
    Version,
    Id,
}

/// A member: its name, its type, whether it must be there, and whether it came with 1.1.
pub(super) struct Known(pub &'static str, pub Type, pub bool, pub bool);

pub(super) static FEED: &[Known] = &[
    Known("version", Type::Version, true, false),
    Known("title", Type::Text, true, false),
    Known("home_page_url", Type::Url, false, false),
    Known("feed_url", Type::Url, false, false),
    Known("description", Type::Text, false, false),
    Known("user_comment", Type::Text, false, false),
    Known("next_url", Type::Url, false, false),
    Known("icon", Type::Url, false, false),
    Known("favicon", Type::Url, false, false),
    Known("author", Type::Author, false, false),
    Known("authors", Type::Authors, false, true),
    Known("language", Type::Language, false, true),
    Known("expired", Type::Bool, false, false),
    Known("hubs", Type::Hubs, false, false),
    Known("items", Type::Items, true, false),
];

pub(super) static ITEM: &[Known] = &[
    Known("id", Type::Id, true, false),
    Known("url", Type::Url, false, false),
    Known("external_url", Type::Url, false, false),
    Known("title", Type::Text, false, false),
    Known("content_html", Type::Html, false, false),
    Known("content_text", Type::Text, false, false),
    Known("summary", Type::Text, false, false),
    Known("image", Type::Url, false, false),
    Known("banner_image", Type::Url, false, false),
    Known("date_published", Type::Date, false, false),
    Known("date_modified", Type::Date, false, false),
    Known("author", Type::Author, false, false),
    Known("authors", Type::Authors, false, true),
    Known("tags", Type::Texts, false, false),
    Known("language", Type::Language, false, true),
    Known("attachments", Type::Attachments, false, false),
];

pub(super) static AUTHOR: &[Known] = &[
    Known("name", Type::Text, false, false),
    Known("url", Type::Url, false, false),
    Known("avatar", Type::Url, false, false),
];

pub(super) static ATTACHMENT: &[Known] = &[
    Known("url", Type::Url, true, false),
    Known("mime_type", Type::Mime, true, false),
    Known("title", Type::Text, false, false),
    Known("size_in_bytes", Type::Number, false, false),
    Known("duration_in_seconds", Type::Number, false, false),
];

pub(super) static HUB: &[Known] =
    &[Known("type", Type::Text, true, false), Known("url", Type::Url, true, false)];

/// How many members a table has at most.
pub(super) const LONGEST: usize = 16;

/// The place of a member in a table; known when the program is compiled.
pub(super) const fn place(table: &[Known], name: &str) -> usize {
    let mut at = 0;
    while !same(table[at].0.as_bytes(), name.as_bytes()) {
        at += 1;
    }
    at
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    one.len() == other.len() && at == one.len()
}
