//! The ways from a feed's page into a reader: the address to copy, the reader on this device, readers of the web.

use super::words::Words;
use super::{preferred, web};
use crate::feed::Feed;
use crate::formats::Format;
use maud::{Markup, html};
use std::fmt::Write as _;

/// A reader of the web, and where it subscribes to a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    pub name: String,
    /// Its address, in which `{url}` stands for the feed's.
    pub url: String,
}

/// What stands for the feed's address.
const PLACE: &str = "{url}";

impl Reader {
    /// The readers that pages offer unless feeds.toml says otherwise.
    pub fn usual() -> Vec<Self> {
        [
            ("Feedly", "https://feedly.com/i/subscription/feed/{url}"),
            ("Inoreader", "https://www.inoreader.com/?add_feed={url}"),
            ("NewsBlur", "https://www.newsblur.com/?url={url}"),
            ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={url}"),
            ("Feedbin", "https://feedbin.com/?subscribe={url}"),
        ]
        .map(|(name, url)| Self { name: name.to_owned(), url: url.to_owned() })
        .into()
    }

    /// Whether the address is one of the web and has a place for the feed's.
    pub fn is_sound(&self) -> bool {
        web(&self.url).is_some()
            && self.url.contains(PLACE)
            && url::Url::parse(&self.url.replace(PLACE, "x")).is_ok()
    }

    /// Where the reader subscribes to the feed at that address.
    fn subscribing(&self, feed: &str) -> String {
        self.url.replace(PLACE, &component(feed))
    }
}

/// Text as a part of an address: everything but letters, digits and `-._~` percent-encoded (RFC 3986, 2.3).
fn component(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            // Writing to a String does not fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

/// The feed's address in the format to take when in doubt, the readers that take it, and folded away the addresses for
/// people who know formats.
pub(super) fn addresses(
    words: &Words,
    feed: &Feed,
    formats: &[&'static dyn Format],
    readers: &[Reader],
) -> Markup {
    let Some(first) = preferred(formats) else { return html! {} };
    let others: Vec<_> = formats.iter().copied().filter(|format| format.name() != first.name()).collect();
    let first_url = feed.file_url(first.file_name());
    html! {
        ul.addresses { (address(words, feed, first)) }
        p.open { (words.open_with) }
        ul.readers {
            // The scheme that applications on phones and desks register for.
            li { a href={ "feed:" (first_url) } { (words.application) } }
            @for reader in readers {
                li { a href=(reader.subscribing(&first_url)) rel="nofollow" translate="no" { (reader.name) } }
            }
        }
        @if !others.is_empty() {
            details {
                summary { (words.other_formats) }
                ul.addresses { @for format in others { (address(words, feed, format)) } }
            }
        }
        // What a press of a button did, for those who do not see it.
        p.unseen role="status" {}
    }
}

/// One address, with a button that only a script shows, since only a script can copy.
fn address(words: &Words, feed: &Feed, format: &dyn Format) -> Markup {
    let url = feed.file_url(format.file_name());
    html! {
        li {
            a href=(format.file_name()) type=(format.media_type()) { (format.title()) }
            code translate="no" { (url) }
            button type="button" hidden data-copy=(url) data-done=(words.copied) {
                (words.copy_button) span.unseen { " " (format.title()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_part_of_another() {
        let reader = Reader { name: "R".into(), url: "https://r.example/?a={url}&b={url}".into() };
        assert_eq!(
            reader.subscribing("https://bao.example/v%C4%83n/?a=1&b"),
            "https://r.example/?a=https%3A%2F%2Fbao.example%2Fv%25C4%2583n%2F%3Fa%3D1%26b&b=https%3A%2F%2Fbao.example%2Fv%25C4%2583n%2F%3Fa%3D1%26b"
        );
        assert_eq!(component("ă-._~"), "%C4%83-._~");
    }

    #[test]
    fn readers_of_the_web_are_on_the_web() {
        assert!(Reader::usual().len() > 3 && Reader::usual().iter().all(Reader::is_sound));
        for url in [
            "https://r.example/",
            "javascript:{url}",
            "{url}",
            "https://{url}",
            "https:///{url} x",
            "//r/{url}",
        ] {
            let reader = Reader { name: "R".into(), url: url.into() };
            assert_eq!(reader.is_sound(), url == "https://{url}", "{url}");
        }
    }
}
