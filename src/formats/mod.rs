//! What feeds are written as: one file a format, each behind [`Format`], all in [`FORMATS`].
//!
//! Rendering is a pure function of the feed: no configuration, no file, no clock. Each format opens every struct it
//! writes with an exhaustive pattern, so that a new field is a compile error until somebody decides what becomes of it.

mod atom;
mod escape;
mod json_feed;
mod media;
mod rss;

use crate::feed::{Feed, Prose};
use std::fmt;

/// A feed format.
pub trait Format: Sync {
    /// The name in feeds.toml: `rss`.
    fn name(&self) -> &'static str;
    /// What people call it: `RSS 2.0`.
    fn title(&self) -> &'static str;
    /// The file's name in the feed's folder.
    fn file_name(&self) -> &'static str;
    /// The media type, for autodiscovery links.
    fn media_type(&self) -> &'static str;
    /// The file's bytes.
    fn render(&self, feed: &Feed) -> Vec<u8>;
}

/// Every format, in the order in which they are written and listed.
pub const FORMATS: &[&dyn Format] = &[&rss::Rss, &atom::Atom, &json_feed::JsonFeed];

impl fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The bytes of the articles' texts and summaries.
fn texts_length(feed: &Feed) -> usize {
    let texts = feed.entries.iter().flat_map(|entry| [entry.content.as_ref(), entry.summary.as_ref()]);
    texts.flatten().map(Prose::len).sum()
}

/// Browsers show a feed as bare text unless a style sheet is named in it (<https://www.w3.org/TR/xml-stylesheet/>).
fn stylesheet_instruction(out: &mut Vec<u8>, href: &str) {
    let href = quick_xml::escape::escape(href);
    out.extend_from_slice(format!("<?xml-stylesheet type=\"text/css\" href=\"{href}\"?>\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Category, Image, Person};
    use crate::feed::Entry;
    use crate::text::Text;
    use chrono::DateTime;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn entry(id: usize, text: &str, full: bool, html: bool) -> Entry {
        let line = Text::line(text);
        let prose = || if html { Prose::Html(text.to_owned()) } else { Prose::Text(line.clone()) };
        let image = Image {
            url: "https://bao.example/1.jpg".into(),
            alt: Some(line.clone()),
            caption: None,
            credit: Some(line.clone()),
            media_type: Some("image/jpeg".into()),
            length: Some(7),
            width: None,
            height: None,
        };
        let published = DateTime::parse_from_rfc3339("2026-11-20T17:00:00+07:00").unwrap();
        Entry {
            id: format!("tag:bao.example,2026:{id}"),
            url: full.then(|| "https://bao.example/?a=1&b=2".to_owned()),
            title: Some(line.clone()),
            summary: full.then(prose),
            content: (full || html).then(prose),
            published,
            modified: full.then(|| published + chrono::Duration::hours(1)),
            authors: vec![Person { name: line.clone(), email: None, url: None }],
            categories: Category::new(text).into_iter().collect(),
            tags: Vec::new(),
            images: if full { vec![image] } else { Vec::new() },
            attachments: Vec::new(),
            language: None,
            comments_url: None,
            rights: Some(line),
        }
    }

    fn feed(entries: Vec<Entry>) -> Feed {
        Feed {
            slug: "tin".into(),
            id: "tag:bao.example,2026:feed".into(),
            title: Text::line("Tin"),
            description: Text::line("Tin"),
            language: "vi".into(),
            home: "https://bao.example/".into(),
            address: url::Url::parse("https://bao.example/feeds/tin/").unwrap(),
            stylesheet: "../style.css".into(),
            site_title: Text::line("Báo"),
            author: None,
            copyright: None,
            icon: None,
            image: None,
            ttl: None,
            hubs: Vec::new(),
            updated: DateTime::parse_from_rfc3339("2026-11-20T17:00:00+07:00").unwrap(),
            entries: entries.into_iter().map(Arc::new).collect(),
        }
    }

    proptest! {
        /// Texts are put in where they belong, whatever is in those before them.
        #[test]
        fn every_text_comes_back_from_its_place(
            entries in proptest::collection::vec(
                (
                    "a(ư|&|]]>|<item>|</item>|<description>|<content:encoded>|<!\\[CDATA\\[|<content |<summary>| </entry>|\
                    \",\\\\| \"content_html\": \"| \"summary\": \"){0,8}z",
                    any::<bool>(),
                    any::<bool>(),
                ),
                0..5,
            ),
        ) {
            let entries: Vec<Entry> =
                entries.iter().enumerate().map(|(id, (text, full, html))| entry(id, text, *full, *html)).collect();
            let feed = feed(entries);
            let [rss, atom, json] = [0, 1, 2].map(|format| FORMATS[format].render(&feed));
            let rss = ::rss::Channel::read_from(rss.as_slice()).unwrap();
            let atom = atom_syndication::Feed::read_from(atom.as_slice()).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
            let uses = |of: fn(&Entry) -> bool| feed.entries.iter().any(|entry| of(entry));
            prop_assert_eq!(rss.namespaces().contains_key("media"), uses(|entry| !entry.images.is_empty()));
            prop_assert_eq!(rss.namespaces().contains_key("dcterms"), uses(|entry| entry.modified.is_some()));
            prop_assert_eq!(rss.items().len(), feed.entries.len());
            prop_assert_eq!(atom.entries().len(), feed.entries.len());
            for (at, entry) in feed.entries.iter().enumerate() {
                let html = |prose: &Option<Prose>| prose.as_ref().map(|prose| prose.to_html().into_owned());
                let item = &rss.items()[at];
                prop_assert_eq!(item.title(), entry.title.as_deref());
                prop_assert_eq!(item.content().map(str::to_owned), html(&entry.content));
                let synopsis = entry.synopsis().map(|prose| prose.to_inline_html().into_owned());
                prop_assert_eq!(item.description().map(str::to_owned), synopsis);
                let dublin_core = item.dublin_core_ext().unwrap();
                prop_assert_eq!(dublin_core.rights(), [entry.rights.as_deref().unwrap().to_owned()]);
                let media = item.extensions().get("media").and_then(|media| media.get("content"));
                prop_assert_eq!(media.map_or(0, Vec::len), entry.images.len());
                let written = &atom.entries()[at];
                prop_assert_eq!(written.title().as_str(), entry.heading());
                let summary = written.summary().map(|summary| summary.as_str().to_owned());
                let raw = |prose: &Prose| match prose {
                    Prose::Html(html) => html.clone(),
                    Prose::Text(text) => text.to_string(),
                };
                prop_assert_eq!(summary, entry.summary.as_ref().map(raw));
                if entry.content.is_some() {
                    let content = written.content().and_then(|content| content.value());
                    prop_assert_eq!(content.map(str::to_owned), html(&entry.content));
                }
                let item = &json["items"][at];
                prop_assert_eq!(item["title"].as_str(), entry.title.as_deref());
                if let Some(content) = &entry.content {
                    let name = if matches!(content, Prose::Html(_)) { "content_html" } else { "content_text" };
                    prop_assert_eq!(item[name].as_str().map(str::to_owned), Some(raw(content)));
                }
                let summary = entry.summary.as_ref().map(|prose| prose.to_text().into_owned());
                prop_assert_eq!(item["summary"].as_str().map(str::to_owned), summary);
            }
        }
    }
}
