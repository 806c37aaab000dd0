//! What people see of the feeds: a page for each, a page for all, the list that reader applications import, and the
//! style sheet of pages and feeds.
//!
//! Knows no configuration, file or clock: the same feeds give the same bytes. Pages carry no script and no style inside
//! them, load nothing but one script, one style sheet and the newspaper's pictures, and refer to each other by relative
//! links, so that they work from any host, under a strict content security policy, and from a disk. Without the script
//! only the buttons that copy are missing.
//!
//! Specifications: [HTML](https://html.spec.whatwg.org/), [WCAG 2.2](https://www.w3.org/TR/WCAG22/),
//! [OPML 2.0](http://opml.org/spec2.opml), [feed autodiscovery](https://www.rssboard.org/rss-autodiscovery).

mod days;
mod feed;
mod index;
mod layout;
mod opml;
mod subscribe;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod words;

pub use feed::feed_page;
pub use index::index_page;
pub use opml::{OPML_FILE_NAME, opml};
pub use subscribe::Reader;

use crate::feed::{Entry, Feed};
use crate::formats::Format;
use crate::text::Text;
use chrono::{DateTime, FixedOffset};
use maud::html;
use std::borrow::Cow;
use url::Url;

/// The style sheet of the pages, and of RSS and Atom documents that a browser opens.
pub const STYLESHEET: &str = include_str!("style.css");

/// How the style sheet begins, in every version: what begins otherwise in its place is somebody else's.
pub const STYLESHEET_MARK: &str = "/* bantin";

/// Where the style sheet lies in the output folder.
pub const STYLESHEET_PATH: &str = "assets/style.css";

/// The script of the pages.
pub const SCRIPT: &str = include_str!("page.js");

/// Where the script lies in the output folder. It begins as the style sheet does.
pub const SCRIPT_PATH: &str = "assets/page.js";

/// The file that a page is, in the output folder and in that of each feed.
pub const PAGE_FILE_NAME: &str = "index.html";

/// The newspaper.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    pub title: &'a str,
    /// The newspaper's front page, absolute.
    pub url: &'a str,
    pub description: &'a str,
    /// A language tag of BCP 47. The pages speak it where they can, English else.
    pub language: &'a str,
    /// A square picture that stands for the site, absolute.
    pub icon: Option<&'a str>,
    pub copyright: Option<&'a str>,
    /// The readers of the web that pages offer.
    pub readers: &'a [Reader],
    /// Where the output folder is served, with a slash at the end.
    pub address: &'a Url,
}

/// What bears witness in a page that this program wrote it.
pub const GENERATOR: &str = "<meta name=\"generator\" content=\"bantin\">";

/// What a feed of every article is called on a site in that language.
pub fn latest(language: &str) -> &'static str {
    words::of(&[language]).latest
}

/// What the list of feeds says of one: known also of a feed that was not built this time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The name of the feed's folder.
    pub slug: String,
    pub title: Text,
    pub description: Text,
    /// A language tag of BCP 47.
    pub language: String,
    /// Where the feed's own folder is served, with a slash at the end.
    pub address: Url,
    /// The page of the newspaper that the feed is of.
    pub home: String,
    /// The moment of the newest change in the feed.
    pub updated: DateTime<FixedOffset>,
    /// How many articles the feed carries.
    pub entries: usize,
    /// What the newest of them is called.
    pub newest: Option<String>,
}

impl Listed {
    /// Where a file of this feed is served.
    fn file_url(&self, file_name: &str) -> String {
        format!("{}{file_name}", self.address)
    }
}

impl From<&Feed> for Listed {
    fn from(feed: &Feed) -> Self {
        Self {
            slug: feed.slug.clone(),
            title: feed.title.clone(),
            description: feed.description.clone(),
            language: feed.language.clone(),
            address: feed.address.clone(),
            home: feed.home.clone(),
            updated: feed.updated,
            entries: feed.entries.len(),
            newest: feed.entries.first().map(|entry| called(entry).into_owned()),
        }
    }
}

/// The lines that the newspaper puts into the `<head>` of its own pages, so that readers find the feeds from there: one
/// a feed and format, in the order given (the most specific feed is to come first), with titles that tell them apart.
pub fn head_links(site: &Site, feeds: &[Listed], formats: &[&'static dyn Format]) -> String {
    let mut lines = String::new();
    for feed in feeds {
        for format in formats {
            lines += &alternate(site.title, &feed.title, &feed.address, *format).into_string();
            lines.push('\n');
        }
    }
    lines
}

/// One autodiscovery link. Its title names the site, the feed and the format: readers show it alone, in a list of others.
fn alternate(site_title: &str, title: &str, address: &Url, format: &dyn Format) -> maud::Markup {
    let name = if title.contains(site_title) { title.to_owned() } else { format!("{site_title}: {title}") };
    html! {
        link rel="alternate" type=(format.media_type()) title={ (name) " (" (format.title()) ")" }
            href={ (address) (format.file_name()) };
    }
}

/// The format for those who do not know which to take: Atom, else RSS, which every reader knows; JSON Feed, which many
/// do not, only where there is nothing else.
fn preferred(formats: &[&'static dyn Format]) -> Option<&'static dyn Format> {
    let named = |name| formats.iter().find(move |format| format.name() == name);
    named("atom").or_else(|| named("rss")).or_else(|| formats.first()).copied()
}

/// What people know an article by: its title or the beginning of its text; the address of one that is a picture alone.
fn called(entry: &Entry) -> Cow<'_, str> {
    let heading = entry.heading();
    let nameless = heading.trim().is_empty() || *heading == *entry.id;
    match &entry.url {
        Some(url) if nameless => Cow::Borrowed(url),
        _ if heading.trim().is_empty() => Cow::Borrowed(&entry.id),
        _ => heading,
    }
}

/// At most that many characters of the text, on one line, to the end of a word.
fn beginning(text: &str, characters: usize) -> String {
    let mut line = String::new();
    let mut left = characters;
    for word in text.split_whitespace() {
        let length = word.chars().count() + usize::from(!line.is_empty());
        if length > left {
            if line.is_empty() {
                line.extend(word.chars().take(characters));
            }
            // A sentence that is over needs no dots; the comma before what is left out goes with it.
            line.truncate(line.trim_end_matches([',', ';', ':', '–', '-', '(']).trim_end().len());
            if !line.ends_with(['.', '!', '?', '…']) {
                line.push('…');
            }
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        left -= length;
    }
    line
}

/// The address, where a browser may be sent there.
fn web(url: &str) -> Option<&str> {
    let begins =
        |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (begins("https://") || begins("http://")).then_some(url)
}

/// The language that an element has to state inside a page or a part in the language `around`.
fn differing<'a>(language: &'a str, around: &str) -> Option<&'a str> {
    (!language.is_empty() && !language.eq_ignore_ascii_case(around)).then_some(language)
}
