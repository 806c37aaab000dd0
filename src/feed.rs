//! A feed made publishable: what every format and page writes, decided once for all of them.
//!
//! Knows no configuration, file or clock. All text in it is what XML 1.0 and NFC allow, all HTML is sanitised, all links
//! are absolute.

use crate::article::{Article, Attachment, Body, Category, Image, Person};
use crate::html;
use crate::link::Base;
use crate::text::{self, Text};
use chrono::{DateTime, FixedOffset};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use url::Url;

/// One feed, newest entry first.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The name of the feed's folder.
    pub slug: String,
    /// The feed's own identity (RFC 4287 §4.2.6): it outlives a move of the output to another address.
    pub id: String,
    pub title: Text,
    pub description: Text,
    /// A language tag of BCP 47.
    pub language: String,
    /// The page of the newspaper that the feed is of.
    pub home: String,
    /// Where the feed's own folder is served, with a slash at the end: `https://baosonla.vn/feeds/tin-moi/`.
    pub address: Url,
    /// The style sheet for browsers, as seen from the feed's folder.
    pub stylesheet: String,
    pub site_title: Text,
    pub author: Option<Person>,
    pub copyright: Option<Text>,
    /// A square picture that stands for the site in readers' lists.
    pub icon: Option<String>,
    /// A picture that stands for this feed.
    pub image: Option<String>,
    /// Minutes for which a reader need not ask again.
    pub ttl: Option<u32>,
    /// Hubs that tell subscribers of changes (WebSub).
    pub hubs: Vec<String>,
    /// The moment of the newest change in the feed, never that of the build.
    pub updated: DateTime<FixedOffset>,
    pub entries: Vec<Arc<Entry>>,
}

impl Feed {
    /// Where a file of this feed is served.
    pub fn file_url(&self, file_name: &str) -> String {
        format!("{}{file_name}", self.address)
    }
}

/// One article, the same in every feed that carries it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: String,
    pub url: Option<String>,
    pub title: Option<Text>,
    pub summary: Option<Prose>,
    pub content: Option<Prose>,
    pub published: DateTime<FixedOffset>,
    pub modified: Option<DateTime<FixedOffset>>,
    pub authors: Vec<Person>,
    pub categories: Vec<Category>,
    /// Without those that a category or another tag says already, in letters of whatever case.
    pub tags: Vec<Text>,
    pub images: Vec<Image>,
    pub attachments: Vec<Attachment>,
    /// Only where it is not the site's.
    pub language: Option<String>,
    pub comments_url: Option<String>,
    pub rights: Option<Text>,
}

/// Text that a reader shows as text or as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prose {
    Text(Text),
    /// Sanitised, links absolute.
    Html(String),
}

/// How much of an article's text stands in for a summary that it does not have, in characters.
const EXCERPT: usize = 400;

impl Prose {
    /// As HTML: text is escaped, its paragraphs marked up.
    pub fn to_html(&self) -> Cow<'_, str> {
        match self {
            Self::Html(html) => Cow::Borrowed(html),
            Self::Text(text) => Cow::Owned(html::paragraphs(text)),
        }
    }

    /// As HTML for a place that holds a sentence or two: text is escaped, and no more.
    pub fn to_inline_html(&self) -> Cow<'_, str> {
        match self {
            Self::Html(html) => Cow::Borrowed(html),
            Self::Text(text) => htmlize::escape_text(text.as_str()),
        }
    }

    /// As plain text.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Html(html) => Cow::Owned(text::plain_from_html(html).into_string()),
        }
    }

    /// Bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Html(html) => html.len(),
        }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Html(html) => html.trim().is_empty(),
        }
    }
}

impl Entry {
    /// What a feed says of an article that was published at `published`. `modified` is the article's own, or the moment
    /// at which a change of it was noticed; links in its HTML are resolved against its page, or else against `site`.
    pub fn new(
        article: &Article,
        published: DateTime<FixedOffset>,
        modified: Option<DateTime<FixedOffset>>,
        content: Content,
        site: &Url,
        site_language: &str,
    ) -> Self {
        let base = &Base::new(article.url.as_deref(), site);
        let body = article.body.as_ref().map(|body| body.publishable(base)).filter(|prose| !prose.is_empty());
        let summary = article
            .summary
            .as_deref()
            .map(|summary| {
                if text::has_markup(summary) {
                    html_prose(summary, base)
                } else {
                    Prose::Text(Text::title(summary))
                }
            })
            .or_else(|| match &article.body {
                Some(Body::Markdown(source)) => {
                    html::markdown_summary(source).map(|lead| html_prose(&html::markdown(&lead), base))
                }
                _ => None,
            })
            .filter(|prose| !prose.is_empty());
        let (summary, content) = match content {
            Content::Full => (summary, body),
            Content::Summary => (summary.or_else(|| body.as_ref().map(excerpt)), None),
        };
        Self {
            id: article.id.clone(),
            url: article.url.clone(),
            title: article.title.clone().filter(|title| !title.is_empty()),
            summary,
            content,
            published,
            // An edit before publication is none that a reader could notice.
            modified: modified.filter(|modified| *modified > published),
            authors: article.authors.clone(),
            categories: article.categories.clone(),
            tags: unsaid(&article.tags, &article.categories),
            images: article.images.clone(),
            attachments: article.attachments.clone(),
            language: article
                .language
                .clone()
                .filter(|language| !language.eq_ignore_ascii_case(site_language)),
            comments_url: article.comments_url.clone(),
            rights: article.rights.clone(),
        }
    }

    /// The bytes of everything but the article's text.
    pub fn bare_length(&self) -> usize {
        let Self {
            id, url, title, summary, content: _, authors, categories, tags, images, attachments, ..
        } = self;
        let text = |text: &Option<Text>| text.as_ref().map_or(0, |text| text.len());
        let names = authors
            .iter()
            .map(|author| &author.name)
            .chain(categories.iter().map(|category| &category.label));
        let pictures = images
            .iter()
            .map(|image| image.url.len() + text(&image.alt) + text(&image.caption) + text(&image.credit));
        let files = attachments.iter().map(|attachment| attachment.url.len() + text(&attachment.title));
        let texts = id.len() + url.as_ref().map_or(0, String::len) + text(title) + text(&self.rights);
        texts
            + summary.as_ref().map_or(0, Prose::len)
            + names.chain(tags).map(|label| label.len()).sum::<usize>()
            + pictures.chain(files).sum::<usize>()
    }

    /// The moment of the last change worth a reader's attention.
    pub fn updated(&self) -> DateTime<FixedOffset> {
        self.modified.unwrap_or(self.published)
    }

    /// The title, or where there is none the beginning of the text, or the id: for formats and pages that need one.
    pub fn heading(&self) -> Cow<'_, str> {
        if let Some(title) = &self.title {
            return Cow::Borrowed(title);
        }
        let beginning = self.synopsis().map(|synopsis| beginning(&synopsis.to_text(), HEADING));
        match beginning.filter(|text| !text.is_empty()) {
            Some(text) => Cow::Owned(text.into_string()),
            None => Cow::Borrowed(&self.id),
        }
    }

    /// The summary, or where there is none the beginning of the article's text, or where that has no text (but a picture) the
    /// whole of it: for formats and pages that need one.
    pub fn synopsis(&self) -> Option<Cow<'_, Prose>> {
        match (&self.summary, &self.content) {
            (Some(summary), _) => Some(Cow::Borrowed(summary)),
            (None, Some(content)) => {
                let excerpt = Some(excerpt(content)).filter(|excerpt| !excerpt.is_empty());
                Some(excerpt.map_or(Cow::Borrowed(content), Cow::Owned))
            }
            (None, None) => None,
        }
    }
}

/// No more labels than these are compared one by one.
const FEW: usize = 16;

/// The tags that neither a category nor a tag before them says, in letters of whatever case.
fn unsaid(tags: &[Text], categories: &[Category]) -> Vec<Text> {
    let labels = || categories.iter().map(|category| &category.label);
    if tags.len() + categories.len() > FEW {
        let mut said: HashSet<String> = labels().map(|label| label.to_lowercase()).collect();
        return tags.iter().filter(|tag| said.insert(tag.to_lowercase())).cloned().collect();
    }
    let mut kept: Vec<Text> = Vec::with_capacity(tags.len());
    for tag in tags {
        let is_it = |said: &Text| is_same_in_lower_case(said, tag);
        if !labels().any(is_it) && !kept.iter().any(is_it) {
            kept.push(tag.clone());
        }
    }
    kept
}

fn is_same_in_lower_case(one: &str, other: &str) -> bool {
    // The small letter of a capital sigma depends on what surrounds it.
    if one.contains('Σ') || other.contains('Σ') {
        return one.to_lowercase() == other.to_lowercase();
    }
    let (one, other) = (one.chars(), other.chars());
    one.flat_map(char::to_lowercase).eq(other.flat_map(char::to_lowercase))
}

/// How much of an article's text stands in for a title that it does not have, in characters.
const HEADING: usize = 80;

/// Whether entries carry the article, or its summary alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    Full,
    Summary,
}

impl Body {
    fn publishable(&self, base: &Base<'_>) -> Prose {
        match self {
            Self::Html(source) => html_prose(source, base),
            Self::Markdown(source) => html_prose(&html::markdown(source), base),
            Self::Text(source) => Prose::Text(Text::block(source)),
            Self::Unknown(source) if text::has_markup(source) => html_prose(source, base),
            Self::Unknown(source) => Prose::Text(Text::block(source)),
        }
    }
}

fn html_prose(source: &str, base: &Base<'_>) -> Prose {
    Prose::Html(html::sanitised(source, base))
}

/// The beginning of the article's text, to the end of a word.
fn excerpt(prose: &Prose) -> Prose {
    Prose::Text(beginning(&prose.to_text(), EXCERPT))
}

/// At most that many characters of a text, to the end of a word.
fn beginning(text: &str, characters: usize) -> Text {
    let Some((end, _)) = text.char_indices().nth(characters) else { return Text::line(text) };
    let cut = text[..end].rfind(char::is_whitespace).unwrap_or(end);
    Text::line(&format!("{}…", text[..cut].trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_tag_is_said_once(
            tags in proptest::collection::vec("[aAàÀΣσςİiı]{1,2}", 0..14),
            categories in proptest::collection::vec("[aAàÀΣσς]{1,2}", 0..6),
        ) {
            let tags: Vec<Text> = tags.iter().map(|tag| Text::line(tag)).collect();
            let categories: Vec<Category> = categories.iter().filter_map(|label| Category::new(label)).collect();
            let mut said: HashSet<String> =
                categories.iter().map(|category| category.label.to_lowercase()).collect();
            let expected: Vec<Text> =
                tags.iter().filter(|tag| said.insert(tag.to_lowercase())).cloned().collect();
            prop_assert_eq!(unsaid(&tags, &categories), expected);
        }
    }
}
