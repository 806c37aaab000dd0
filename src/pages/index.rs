//! The page of every feed.

use super::feed::time;
use super::layout::{Page, page_language};
use super::words;
use super::{Listed, OPML_FILE_NAME, PAGE_FILE_NAME, Site, alternate, differing, preferred};
use crate::formats::Format;
use maud::{Markup, html};
use url::Url;

/// The page of every feed, `index.html` in the output folder.
pub fn index_page(site: &Site, feeds: &[Listed], formats: &[&'static dyn Format]) -> String {
    let words = words::of(&[site.language]);
    let page = page_language(words, site.language);
    let main = html! {
        div.about {
            h1 { (words.feeds) }
            @if !site.description.is_empty() {
                p.lead lang=[differing(site.language, page)] { (site.description) }
            }
        }
        section.subscribe aria-labelledby="subscribe" {
            h2 #subscribe { (words.subscribe) }
            p { (words.explanation) }
            p { (words.choose) }
            // Without feeds there is no list of them to import.
            @if !feeds.is_empty() {
                p { a href=(OPML_FILE_NAME) type="text/x-opml" { (words.import) } }
                p.hint { (words.import_explanation) }
            }
        }
        div.feeds {
            @for feed in feeds {
                (card(site, feed, formats, page))
            }
        }
        @if feeds.is_empty() { p { (words.nothing) } }
    };
    let recommended = preferred(formats);
    Page {
        site,
        words,
        language: page,
        title: format!("{} – {}", words.feeds, site.title),
        description: site.description,
        text_language: site.language,
        canonical: site.address,
        root: "",
        script: false,
        alternates: html! {
            // One format: a reader that lists them all had better list every feed once.
            @if let Some(format) = recommended {
                @for feed in feeds { (alternate(site.title, &feed.title, &feed.address, format)) }
            }
        },
        navigation: None,
    }
    .render(main)
}

/// What the page says of one feed.
fn card(site: &Site, feed: &Listed, formats: &[&'static dyn Format], page: &str) -> Markup {
    let Listed { slug: _, title, description, language, address, home: _, updated, entries, newest } = feed;
    let words = words::of(&[page]);
    let folder = relative(site.address, address);
    let language = differing(language, page);
    html! {
        article.card {
            h2 { a href={ (folder) (PAGE_FILE_NAME) } lang=[language] { (title) } }
            @if !description.is_empty() { p lang=[language] { (description) } }
            @if let Some(newest) = newest {
                p { span.hint { (words.newest) } " " span lang=[language] { (newest) } }
            }
            p.facts {
                @match entries {
                    0 => (words.nothing),
                    _ => { ((words.articles)(*entries)) " · " (words.updated) " " (time(words, updated)) }
                }
            }
            ul.formats {
                @for format in formats {
                    li {
                        a href={ (folder) (format.file_name()) } type=(format.media_type()) {
                            (format.title())
                            span.unseen { ": " span lang=[language] { (title) } }
                        }
                    }
                }
            }
        }
    }
}

/// The way from the output folder to a feed's; the whole address where there is none.
fn relative(from: &Url, to: &Url) -> String {
    let path = from.make_relative(to).filter(|path| !path.is_empty());
    match path {
        // A colon in the first segment would make it a scheme.
        Some(path) if path.split('/').next().is_some_and(|segment| segment.contains(':')) => {
            format!("./{path}")
        }
        Some(path) => path,
        None => to.to_string(),
    }
}

#[cfg(test)]
mod relative_tests {
    use super::*;

    #[test]
    fn the_way_to_a_feed_is_relative() {
        let root = Url::parse("https://bao.example/feeds/").unwrap();
        for (address, way) in [
            ("https://bao.example/feeds/tin-moi/", "tin-moi/"),
            ("https://bao.example/feeds/tin%20m%E1%BB%9Bi/", "tin%20m%E1%BB%9Bi/"),
            ("https://bao.example/feeds/a:b/", "./a:b/"),
            ("https://khac.example/tin-moi/", "https://khac.example/tin-moi/"),
        ] {
            let address = Url::parse(address).unwrap();
            assert_eq!(relative(&root, &address), way);
            assert_eq!(root.join(way).unwrap(), address);
        }
    }
}
