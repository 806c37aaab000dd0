//! What HTML a feed may carry: sanitised, repaired for reading outside the page it was written for, every link absolute.
//!
//! Boundary: a function of the HTML and the article's URL; fetches nothing, knows no article and no format.
//!
//! Two passes: `repair` restores what scripts of the page would have (lazy images, players) and makes links absolute;
//! ammonia then keeps what its allowlist names. The result is read again until it reads back as itself, because taking
//! elements out can leave a nesting that HTML parsers would rearrange; where the nesting is plain (`rest`) it does. HTML
//! that is certainly right already (`plain`) is not parsed at all.
//!
//! Specifications: [HTML, parsing](https://html.spec.whatwg.org/multipage/parsing.html), [RSS Advisory Board best
//! practices](https://www.rssboard.org/rss-profile#data-types-characterdata).

mod image;
mod markdown;
mod plain;
mod player;
mod repair;
mod rest;
mod tidy;

pub use markdown::{markdown, markdown_summary, paragraphs};

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;
use url::Url;

use crate::link::Base;
use crate::text::{clean, is_xml_char, plain_from_html};

/// Passes until the HTML must have come to rest. Real pages take one or two; what has not come to rest by then was made
/// to confuse parsers, and its text alone is kept.
const PASSES: usize = 6;

/// The elements that a feed's HTML may have; of all others only the content stays.
const ELEMENTS: [&str; 78] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// What may be in a feed's HTML; it is the same for every article.
static ALLOWED: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut allowed = ammonia::Builder::default();
    allowed
        .tags(HashSet::from(ELEMENTS))
        .rm_tag_attributes("a", ["hreflang"])
        .add_tag_attributes("img", ["srcset", "sizes"])
        .add_tag_attributes("video", ["src", "poster", "controls", "width", "height"])
        .add_tag_attributes("audio", ["src", "controls"])
        .add_tag_attributes("source", ["src", "type"])
        .add_tag_attributes("track", ["src", "kind", "srclang", "label", "default"])
        .add_tag_attributes("time", ["datetime"])
        .add_tag_attributes("data", ["value"])
        .add_tag_attributes("ol", ["type", "reversed"])
        .add_tag_attributes("li", ["value"])
        .add_tag_attributes("details", ["open"])
        .add_generic_attributes(["dir"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "ftp", "magnet", "xmpp", "sms", "geo"]))
        .url_relative(ammonia::UrlRelative::Deny)
        // noopener and noreferrer protect a page's window; a feed has none.
        .link_rel(None);
    allowed
});

/// The HTML as a feed may carry it: text in NFC, without scripts, styles, forms, embedded pages, event handlers and
/// tracking pixels; lazy images restored; known players as links; every URL absolute against `base`, the article's own.
///
/// The result is balanced, reads back the same in any HTML parser, and `sanitise(sanitise(x)) == sanitise(x)`. HTML that
/// is nested deeper than any article is reduced to its text.
///
/// ```
/// use bantin::{html::sanitise, link::parse_base};
/// let base = parse_base("https://baosonla.vn/tin/1.html").unwrap();
/// let html = sanitise("<p onclick='x()'>Ảnh: <img data-src=/a.jpg src=data:,><script>x()</script>", &base);
/// assert_eq!(html, r#"<p>Ảnh: <img src="https://baosonla.vn/a.jpg"></p>"#);
/// ```
pub fn sanitise<'u>(raw: &str, base: impl Into<Base<'u>>) -> String {
    sanitised(raw, &base.into())
}

/// The same for several pieces of HTML of one article.
pub(crate) fn sanitised(raw: &str, base: &Base<'_>) -> String {
    if memchr::memchr2(b'<', b'&', raw.as_bytes()).is_none() {
        return clean(raw).trim().to_owned();
    }
    plain::sanitised(raw, base).unwrap_or_else(|| by_passes(raw, base.url()))
}

/// What parsing comes to.
fn by_passes(raw: &str, base: &Url) -> String {
    let mut html = Cow::Borrowed(raw);
    for _ in 0..PASSES {
        match pass(&html, base) {
            Some((again, plain)) if plain || again == html => return again,
            Some((again, _)) => html = Cow::Owned(again),
            None => break,
        }
    }
    paragraphs(&plain_from_html(&html))
}

/// Repairs and sanitises once; also whether another pass would certainly change nothing. Nothing where the HTML is
/// nested too deep to be read.
fn pass(raw: &str, base: &Url) -> Option<(String, bool)> {
    let text = loosen(raw, false);
    let text = clean(&text);
    let repaired = repair::repair(&text, base)?;
    // Of the elements that are left ammonia takes none out: if this reads back as it is, so will what ammonia makes of it.
    let plain = rest::is_plain(&repaired);
    let html = ALLOWED.clean(&repaired).to_string();
    let trimmed = trim(html.trim_end());
    let tidy = clean(&loosen(trimmed, true)).into_owned();
    let plain = plain && tidy == trimmed;
    Some((tidy, plain))
}

/// Without white space at the beginning, and marks in it that would join a tag before them once it is gone.
fn trim(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{338}')
}

/// Text that NFC does not join to the tag before it: `>` and U+0338, even with other marks between, are one character
/// (≯), and the tag would be none. `after_tag` says whether a tag comes before the text.
fn loosen(text: &str, after_tag: bool) -> Cow<'_, str> {
    if !text.contains('\u{338}') {
        return Cow::Borrowed(text);
    }
    let mut after = after_tag;
    let loose = |c: &char| {
        let joins = after && *c == '\u{338}';
        // What clean() takes out parts nothing.
        let part =
            is_xml_char(*c) && !matches!(c, '\u{80}'..='\u{9F}' | '\u{FEFF}') && !is_combining_mark(*c);
        after = if part { *c == '>' } else { after };
        !joins
    };
    Cow::Owned(text.chars().filter(loose).collect())
}

#[cfg(test)]
mod tests;
