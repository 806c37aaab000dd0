//! An article as the newsroom has it: every value valid, the body still as it came.
//!
//! Knows no source and no format: [`crate::vocabulary`] makes articles from records, [`crate::feed`] makes feed entries
//! from articles. Bodies are turned into clean HTML only for the articles that a feed takes, so an archive of a million
//! articles costs a few thousand of them.

use crate::diagnostic::{Diagnostic, Place};
use crate::text::Text;
use chrono::{DateTime, FixedOffset};
use serde::Serialize;

/// One article.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The identity in every feed and format: an absolute URI (RFC 4287 §4.2.6). See [`crate::id`].
    pub id: String,
    /// The identity as the record states it, by which people look for it; the URL where the record states none.
    pub key: String,
    /// The article's page, absolute.
    pub url: Option<String>,
    pub title: Option<Text>,
    /// The summary as it came: text, or HTML.
    pub summary: Option<String>,
    pub body: Option<Body>,
    /// `None`: the record states no date, and the moment at which the article was first seen stands in.
    pub published: Option<DateTime<FixedOffset>>,
    /// The last edit worth a reader's attention.
    pub modified: Option<DateTime<FixedOffset>>,
    /// The article leaves the feeds from this moment on.
    pub expires: Option<DateTime<FixedOffset>>,
    pub authors: Vec<Person>,
    pub categories: Vec<Category>,
    pub tags: Vec<Text>,
    /// The first one stands for the article.
    pub images: Vec<Image>,
    pub attachments: Vec<Attachment>,
    /// A language tag of BCP 47.
    pub language: Option<String>,
    pub draft: bool,
    /// The page where readers discuss the article, absolute.
    pub comments_url: Option<String>,
    pub rights: Option<Text>,
    /// Where the record stands.
    pub place: Place,
    /// Values of the record that cannot be published.
    pub remarks: Vec<Diagnostic>,
}

/// The body of an article, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Html(String),
    Text(String),
    Markdown(String),
    /// Not said what it is: HTML where it has elements of HTML, text else.
    Unknown(String),
}

/// An author, or whoever stands for a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Person {
    pub name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A page about the person, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A section of the newspaper. Two categories are the same when their slugs are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Category {
    pub label: Text,
    pub slug: String,
}

impl Category {
    /// The category of that label; `None` where the label holds nothing.
    pub fn new(label: &str) -> Option<Self> {
        let label = Text::title(label);
        let slug = crate::slug::slugify(&label);
        (!label.is_empty()).then_some(Self { label, slug })
    }
}

/// A picture of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Absolute.
    pub url: String,
    /// What a person who does not see it is told.
    pub alt: Option<Text>,
    pub caption: Option<Text>,
    pub credit: Option<Text>,
    /// The media type, `image/jpeg`: as stated, or by the URL's extension.
    pub media_type: Option<String>,
    /// Bytes.
    pub length: Option<u64>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
}

/// A file that goes with an article: audio, video, a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Absolute.
    pub url: String,
    /// The media type, as stated or by the URL's extension.
    pub media_type: Option<String>,
    pub title: Option<Text>,
    /// Bytes.
    pub length: Option<u64>,
    /// Seconds.
    pub duration: Option<u64>,
}
