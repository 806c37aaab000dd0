//! The page of one feed: what it is, how to subscribe, and what is newest in it.

use super::days::by_day;
use super::layout::{Page, page_language};
use super::subscribe::addresses;
use super::words::{self, Words};
use super::{PAGE_FILE_NAME, Site, alternate, beginning, called, differing, web};
use crate::article::{Attachment, Category, Image, Person};
use crate::feed::{Entry, Feed};
use crate::formats::Format;
use crate::text::Text;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use maud::{Markup, html};

/// The newest articles that a page shows; the others are in the feed.
const NEWEST: usize = 30;

/// How much of an article's summary a page shows, in characters.
const SUMMARY: usize = 300;

/// The page of the feed, `index.html` in its folder. It speaks the feed's language where it can, or else the site's.
pub fn feed_page(site: &Site, feed: &Feed, formats: &[&'static dyn Format]) -> String {
    let Feed { title, description, language, home, address, image, updated, entries, .. } = feed;
    let words = words::of(&[language, site.language]);
    let page = page_language(words, language);
    let text_language = differing(language, page);
    let image = image.as_deref().and_then(web);
    let main = html! {
        div.about {
            @if let Some(image) = image { img.emblem src=(image) alt="" decoding="async"; }
            h1 lang=[text_language] { (title) }
            @if !description.is_empty() { p.lead lang=[text_language] { (description) } }
            p.facts {
                @if !entries.is_empty() {
                    ((words.articles)(entries.len())) " · " (words.updated) " " (time(words, updated))
                }
                @if let Some(home) = web(home) {
                    @if !entries.is_empty() { " · " }
                    a href=(home) { (if home == site.url { words.front } else { words.home }) }
                }
            }
        }
        section.subscribe aria-labelledby="subscribe" {
            h2 #subscribe { (words.subscribe) }
            p { (words.explanation) }
            p { (words.copy) }
            (addresses(words, feed, formats, site.readers))
        }
        (by_day(words, entries))
        section aria-labelledby="newest" {
            h2 #newest { (words.newest_articles) }
            @if entries.is_empty() { p { (words.nothing) } }
            div.entries lang=[text_language] {
                @for entry in entries.iter().take(NEWEST) { (article(words, entry, feed, page)) }
            }
            @if entries.len() > NEWEST { p.more { ((words.more)(entries.len() - NEWEST)) } }
        }
    };
    Page {
        site,
        words,
        language: page,
        title: if title.contains(site.title) {
            title.to_string()
        } else {
            format!("{title} – {}", site.title)
        },
        description,
        text_language: language,
        canonical: address,
        root: "../",
        script: !formats.is_empty(),
        alternates: html! {
            @for format in formats { (alternate(site.title, title, address, *format)) }
        },
        navigation: Some(html! { a href={ "../" (PAGE_FILE_NAME) } { (words.all) } }),
    }
    .render(main)
}

/// One article of the feed, on a page whose language is `page`.
fn article(words: &Words, entry: &Entry, feed: &Feed, page: &str) -> Markup {
    let Entry {
        id: _,
        url,
        title,
        summary: _,
        content: _,
        published,
        modified: _,
        authors,
        categories,
        tags: _,
        images,
        attachments,
        language,
        comments_url: _,
        rights: _,
    } = entry;
    let language = language.as_deref().unwrap_or(&feed.language);
    // The words between the newsroom's text, where they are not in its language.
    let spoken = differing(page, language);
    let heading = called(entry);
    let summary =
        entry.synopsis().map(|synopsis| beginning(&synopsis.to_text(), SUMMARY)).filter(|summary| {
            // An article without a title is called by the beginning of its summary, which need not be said twice.
            !summary.is_empty() && (title.is_some() || heading != summary.as_str())
        });
    // That an article of a section's feed is in that section need not be said.
    let others = categories.iter().filter(|category| category.slug != feed.slug);
    html! {
        article lang=[differing(language, &feed.language)] {
            h3 {
                @if let Some(url) = url.as_deref().and_then(web) { a href=(url) { (heading) } } @else { (heading) }
            }
            p.facts lang=[spoken] {
                (time(words, published))
                @if !authors.is_empty() {
                    " · " span.unseen { (words.authors) " " } (names(authors, language, page))
                }
                @for (index, Category { label, slug: _ }) in others.enumerate() {
                    (if index == 0 { " · " } else { ", " })
                    span lang=[differing(language, page)] { (label) }
                }
            }
            @if let Some(image) = images.first() { (picture(image)) }
            @if let Some(summary) = summary { p.summary { (summary) } }
            @if !attachments.is_empty() {
                p.files lang=[spoken] {
                    (words.attachments)
                    @for attachment in attachments { " " (file(attachment, differing(language, page))) }
                }
            }
        }
    }
}

fn names(authors: &[Person], language: &str, page: &str) -> Markup {
    html! {
        @for (index, Person { name, email: _, url }) in authors.iter().enumerate() {
            @if index > 0 { ", " }
            @match url.as_deref().and_then(web) {
                Some(url) => a href=(url) rel="author" lang=[differing(language, page)] { (name) },
                None => span lang=[differing(language, page)] { (name) },
            }
        }
    }
}

fn picture(image: &Image) -> Markup {
    let Image { url, alt, caption, credit: _, media_type: _, length: _, width, height } = image;
    let alt = alt.as_ref().or(caption.as_ref()).map_or("", Text::as_str);
    // One measure without the other tells a browser nothing about the room to leave.
    let (width, height) = width.zip(*height).filter(|(width, height)| *width > 0 && *height > 0).unzip();
    html! {
        @if let Some(url) = web(url) {
            img src=(url) alt=(alt) width=[width] height=[height] loading="lazy" decoding="async";
        }
    }
}

fn file(attachment: &Attachment, language: Option<&str>) -> Markup {
    let Attachment { url, media_type, title, length: _, duration: _ } = attachment;
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let file_name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(url);
    html! {
        @if let Some(url) = web(url) {
            a href=(url) type=[media_type.as_deref()] lang=[language] {
                @match title { Some(title) => (title), None => (file_name) }
            }
        }
    }
}

/// The moment for people, and in the attribute for machines, both at the offset that it carries.
pub(super) fn time(words: &Words, moment: &DateTime<FixedOffset>) -> Markup {
    html! { time datetime=(moment.to_rfc3339_opts(SecondsFormat::Secs, false)) { ((words.moment)(moment)) } }
}
