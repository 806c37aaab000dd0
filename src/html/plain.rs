//! HTML of which it is certain, without parsing it, that sanitising leaves it as it is but for the addresses of its links:
//! paragraphs, lists, emphasis, links and text, as most articles are.
//!
//! Says no too often rather than once too seldom: whatever else there is, attributes in an unusual order among it, is parsed.

use crate::link::{self, Base};
use crate::text::{is_plainly_clean, is_plainly_html};

/// More open elements than this are no plain article.
const DEEPEST: usize = 16;

/// An element that may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Element {
    A,
    B,
    Blockquote,
    Em,
    H2,
    H3,
    H4,
    I,
    Li,
    Mark,
    Ol,
    P,
    S,
    Small,
    Strong,
    Sub,
    Sup,
    U,
    Ul,
    /// `br`, `hr`: they have no end tag, and are seen.
    Br,
    Hr,
}

use Element::*;

/// The element of that name.
fn element(name: &[u8]) -> Option<Element> {
    // Arms of one byte after the other: comparing texts costs more than all else here.
    Some(match *name {
        [b'p'] => P,
        [b'b'] => B,
        [b'i'] => I,
        [b'u'] => U,
        [b's'] => S,
        [b'a'] => A,
        [b'b', b'r'] => Br,
        [b'h', b'r'] => Hr,
        [b'e', b'm'] => Em,
        [b'l', b'i'] => Li,
        [b'u', b'l'] => Ul,
        [b'o', b'l'] => Ol,
        [b'h', b'2'] => H2,
        [b'h', b'3'] => H3,
        [b'h', b'4'] => H4,
        [b's', b'u', b'b'] => Sub,
        [b's', b'u', b'p'] => Sup,
        [b'm', b'a', b'r', b'k'] => Mark,
        [b's', b'm', b'a', b'l', b'l'] => Small,
        [b's', b't', b'r', b'o', b'n', b'g'] => Strong,
        [b'b', b'l', b'o', b'c', b'k', b'q', b'u', b'o', b't', b'e'] => Blockquote,
        _ => return None,
    })
}

/// The elements that are open, and whether anything that is seen was in them.
#[derive(Default)]
struct Open {
    elements: Vec<(Element, bool)>,
    /// A bit for each of them.
    kinds: u32,
}

impl Open {
    fn is_open(&self, elements: &[Element]) -> bool {
        elements.iter().any(|element| self.kinds & (1 << *element as u8) != 0)
    }

    /// An element begins. What nests otherwise than parsers have it is moved about by them, which `rest` says of all elements;
    /// one of its kind within itself is unusual.
    fn begin(&mut self, element: Element) -> Option<()> {
        let parent = self.elements.last().map(|(parent, _)| *parent);
        let misplaced = match element {
            H2 | H3 | H4 => self.is_open(&[H2, H3, H4, P]),
            Blockquote | Ul | Ol | Hr => self.is_open(&[P]),
            Li => self.is_open(&[P]) || !matches!(parent, Some(Ul | Ol)),
            _ => false,
        };
        if misplaced || self.is_open(&[element]) || self.elements.len() >= DEEPEST {
            return None;
        }
        if matches!(element, Br | Hr) {
            self.see();
        } else {
            self.elements.push((element, false));
            self.kinds |= 1 << element as u8;
        }
        Some(())
    }

    fn end(&mut self, element: Element) -> Option<()> {
        let (open, seen) = self.elements.pop()?;
        self.kinds &= !(1 << open as u8);
        self.see();
        (open == element && seen).then_some(())
    }

    fn see(&mut self) {
        if let Some((_, seen)) = self.elements.last_mut() {
            *seen = true;
        }
    }
}

/// What [`super::sanitise`] makes of the HTML, where that is certain.
pub(super) fn sanitised(html: &str, base: &Base<'_>) -> Option<String> {
    if !is_plainly_clean(html) {
        return None;
    }
    let html = html.trim_ascii();
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut open = Open { elements: Vec::with_capacity(DEEPEST), kinds: 0 };
    // What was gone over, and what of it is written.
    let (mut at, mut written) = (0, 0);
    loop {
        let rest = html.get(at..)?;
        let words = rest.get(..memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len()))?;
        if text(words)? {
            open.see();
        }
        at += words.len();
        let Some(tag) = rest.get(words.len() + 1..) else { break };
        let tag = tag.get(..end_of_tag(tag.as_bytes())?)?;
        at += tag.len() + 2;
        if let Some(name) = tag.strip_prefix('/') {
            open.end(element(name.as_bytes())?)?;
        } else if let Some(element) = element(tag.as_bytes()).filter(|element| *element != A) {
            open.begin(element)?;
        } else {
            open.begin(A)?;
            let attributes = tag.strip_prefix("a href=\"")?;
            let end = memchr::memchr(b'"', attributes.as_bytes())?;
            let (address, rest) = (attributes.get(..end)?, attributes.get(end + 1..)?);
            if !rest.is_empty() {
                plain_title(rest.strip_prefix(" title=\"")?.strip_suffix('"')?)?;
            }
            let end = at - 1 - rest.len() - 1;
            out.push_str(html.get(written..end - address.len())?);
            push_address(&mut out, address, base)?;
            written = end;
        }
    }
    out.push_str(html.get(written..)?);
    open.elements.is_empty().then_some(out)
}

/// Where a tag ends. Most are short: going over them here costs less than calling for a search.
fn end_of_tag(tag: &[u8]) -> Option<usize> {
    const SHORT: usize = 12;
    let near = tag.iter().take(SHORT).position(|byte| *byte == b'>');
    near.or_else(|| Some(SHORT + memchr::memchr(b'>', tag.get(SHORT..)?)?))
}

/// A title that a serialiser writes as it is.
fn plain_title(title: &str) -> Option<()> {
    let usual = !title.is_empty() && memchr::memchr3(b'"', b'&', 0xC2, title.as_bytes()).is_none();
    let plain = usual || !(title.is_empty() || title.contains(['"', '&', '\u{A0}']));
    plain.then_some(())
}

/// Whether there is anything to be seen in a text; nothing where a serialiser would write it otherwise.
fn text(words: &str) -> Option<bool> {
    if is_plainly_html(words) {
        // What is more than one white space is seen.
        return Some(!matches!(words, "" | " " | "\n"));
    }
    let mut rest = words;
    let (mut seen, mut space) = (false, false);
    while let Some(first) = rest.bytes().next() {
        let length = match first {
            b' ' | b'\n' if space => return None,
            b' ' | b'\n' => 1,
            // A tab is folded; `>` and a no-break space are written as references.
            b'\t' | b'>' => return None,
            b'&' => ["&amp;", "&lt;", "&gt;"].iter().find(|name| rest.starts_with(**name))?.len(),
            0xC2 if rest.starts_with('\u{A0}') => return None,
            // Lines and paragraphs may end by these, and nothing is seen.
            0xE2 if rest.starts_with(['\u{2028}', '\u{2029}', '\u{202F}']) => return None,
            first if first.is_ascii() => 1,
            _ => rest.chars().next()?.len_utf8(),
        };
        space = matches!(first, b' ' | b'\n');
        seen |= !space;
        rest = rest.get(length..)?;
    }
    Some(seen)
}

/// Writes a link's address made absolute, where it holds nothing that is written otherwise in an attribute.
fn push_address(out: &mut String, raw: &str, base: &Base<'_>) -> Option<()> {
    if raw.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'&') {
        return None;
    }
    if base.push_plain(out, raw) {
        return Some(());
    }
    let address = link::href(raw, base.url()).ok()?;
    let web = address.starts_with("https://") || address.starts_with("http://");
    let plain = web && !address.contains(['&', '"', '<', '>']);
    plain.then(|| out.push_str(&address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{by_passes, rest};
    use proptest::prelude::*;
    use url::Url;

    fn base() -> Url {
        Url::parse("https://bao.example/tin/1.html").unwrap()
    }

    #[test]
    fn plain_articles_are_not_parsed() {
        for (html, expected) in [
            ("<p>Mưa lớn.</p>", "<p>Mưa lớn.</p>"),
            ("\n <p>Mưa lớn.</p>\n", "<p>Mưa lớn.</p>"),
            ("<p><strong>Sáng nay</strong> &amp; <em>chiều</em><br>nay</p>\n<ul><li>Một</li></ul>", ""),
            (
                "Không thẻ nào, <a href=\"/x\" title=\"Xem\">xem</a>",
                "Không thẻ nào, <a href=\"https://bao.example/x\" title=\"Xem\">xem</a>",
            ),
            ("<p><a href=\"https://a.example/b?c=d#e\">x</a></p>", ""),
        ] {
            let expected = if expected.is_empty() { html } else { expected };
            assert_eq!(sanitised(html, &Base::from(&base())).as_deref(), Some(expected));
            assert_eq!(by_passes(html, &base()), expected);
        }
    }

    #[test]
    fn whatever_is_not_plain_is_parsed() {
        for html in [
            "<p></p>",
            "<p> </p>",
            "<p>a",
            "<P>a</P>",
            "a > b",
            "<p>a\u{A0}b</p>",
            "<p>a  b</p>",
            "<p>a\tb</p>",
            "<p onclick=\"x()\">a</p>",
            "<a href=\"javascript:x()\">a</a>",
            "<a href='/x'>a</a>",
            "<a href=\"/x?a&b\">a</a>",
            "<a title=\"x\" href=\"/x\">a</a>",
            "<img src=\"/a.jpg\">",
            "<script>x</script>",
            "<p>a<p>b</p></p>",
            "<b><b>a</b></b>",
            "&nbsp;",
            "&copy;",
            "a & b",
            "<!-- a -->",
            "<p>a</b>",
            "<li>a</li>",
            "<p>o\u{302}</p>",
            "<p><u>\u{2028}</u></p>",
            "<a href=\"\">a</a>",
            "<a href=\"/x\"title=\"a\">a</a>",
            "<a href=\"/x\" title=\"\">a</a>",
        ] {
            assert_eq!(sanitised(html, &Base::from(&base())), None, "{html}");
        }
    }

    fn tree() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            4 => "[aeơ ]{1,4}",
            1 => proptest::sample::select(vec![
                " ", "\n", "&amp;", "&lt;", "&nbsp;", "<br>", "<hr>", "“x” – y", "\u{A0}", "\u{2028}", "'", "\"", "a>b", "\u{2026}",
            ]).prop_map(str::to_owned),
        ];
        leaf.prop_recursive(5, 24, 4, |inner| {
            let names = vec![
                "p",
                "p",
                "b",
                "i",
                "u",
                "s",
                "strong",
                "em",
                "sub",
                "sup",
                "mark",
                "small",
                "h2",
                "h3",
                "h4",
                "ul",
                "ol",
                "li",
                "blockquote",
                "a",
                "div",
            ];
            let attributes = vec![
                " href=\"/x\"",
                " href=\"/x\"",
                " href=\"https://A.example\" title=\"a b\"",
                " href=\"mailto:a@b\"",
                " href=\"#x\"",
                " href=\"//a.example/ă\"",
                " href=\"/a?b=c%20\" title=\"'\"",
                " href=\"/[\" title=\"a\n\nb\"",
                "",
                " title=\"x\"",
            ];
            let names = proptest::sample::select(names);
            let attributes = proptest::sample::select(attributes);
            (proptest::collection::vec(inner, 0..4), names, attributes).prop_map(
                |(inner, name, attributes)| {
                    let attributes = if name == "a" { attributes } else { "" };
                    format!("<{name}{attributes}>{}</{name}>", inner.concat())
                },
            )
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]
        /// What is certain is what parsing comes to.
        #[test]
        fn nothing_is_claimed_that_parsing_does_not_come_to(trees in proptest::collection::vec(tree(), 1..3)) {
            let html = trees.concat();
            if let Some(plain) = sanitised(&html, &Base::from(&base())) {
                prop_assert_eq!(&plain, &by_passes(&html, &base()), "{}", html);
                prop_assert_eq!(&plain, &by_passes(&plain, &base()));
                prop_assert!(rest::is_plain(&plain), "{}", plain);
            }
        }
    }
}
