//! HTML of which it is certain, without parsing it, that sanitising leaves it as it is but for the addresses of its links:
//! paragraphs, lists, emphasis, links and text, as most articles are.
//!
//! Says no too often rather than once too seldom: whatever else there is, attributes in an unusual order among it, is parsed.

use url::Url;

use super::rest;
use crate::link;
use crate::text::{is_plainly_clean, is_plainly_html};

/// More open elements than this are no plain article.
const DEEPEST: usize = 16;

/// What [`super::sanitise`] makes of the HTML, where that is certain.
pub(super) fn sanitised(html: &str, base: &Url) -> Option<String> {
    if !is_plainly_clean(html) {
        return None;
    }
    let html = html.trim_ascii();
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    // The open elements, and whether anything that is seen was in them.
    let mut open: Vec<(&str, bool)> = Vec::new();
    let mut pieces = html.split('<');
    let words = pieces.next()?;
    text(words)?;
    out.push_str(words);
    for piece in pieces {
        let (tag, words) = piece.split_once('>')?;
        match tag {
            "br" | "hr" => see(&mut open),
            "p" | "b" | "i" | "u" | "s" | "strong" | "em" | "sub" | "sup" | "mark" | "small" | "h2"
            | "h3" | "h4" | "ul" | "ol" | "li" | "blockquote" => begin(&mut open, tag)?,
            _ if tag.starts_with('/') => {
                let (name, seen) = open.pop()?;
                if tag.strip_prefix('/') != Some(name) || !seen {
                    return None;
                }
                see(&mut open);
            }
            _ => {
                begin(&mut open, "a")?;
                let attributes = tag.strip_prefix("a href=\"")?;
                let (address, rest) = attributes.split_once('"')?;
                let title = match rest {
                    "" => None,
                    rest => Some(rest.strip_prefix(" title=\"")?.strip_suffix('"')?),
                };
                if title.is_some_and(|title| title.is_empty() || title.contains(['"', '&', '\u{A0}'])) {
                    return None;
                }
                out.push_str("<a href=\"");
                out.push_str(&plain_address(address, base)?);
                out.push('"');
                if let Some(title) = title {
                    out.push_str(" title=\"");
                    out.push_str(title);
                    out.push('"');
                }
                out.push('>');
                seen_in(words, &mut open)?;
                out.push_str(words);
                continue;
            }
        }
        seen_in(words, &mut open)?;
        out.push('<');
        out.push_str(piece);
    }
    // What nests otherwise than parsers have it is moved about by them.
    (open.is_empty() && rest::is_plain(&out)).then_some(out)
}

/// An element begins; one of its kind within itself is unusual.
fn begin<'h>(open: &mut Vec<(&'h str, bool)>, name: &'h str) -> Option<()> {
    let free = open.len() < DEEPEST && open.iter().all(|(open, _)| *open != name);
    free.then(|| open.push((name, false)))
}

fn see(open: &mut [(&str, bool)]) {
    if let Some((_, seen)) = open.last_mut() {
        *seen = true;
    }
}

/// Text within the innermost element.
fn seen_in(words: &str, open: &mut [(&str, bool)]) -> Option<()> {
    if text(words)? {
        see(open);
    }
    Some(())
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

/// A link's address made absolute, where it holds nothing that is written otherwise in an attribute.
fn plain_address(raw: &str, base: &Url) -> Option<String> {
    if raw.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'&') {
        return None;
    }
    let address = link::href(raw, base).ok()?;
    let web = address.starts_with("https://") || address.starts_with("http://");
    (web && !address.contains(['&', '"', '<', '>'])).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::by_passes;
    use proptest::prelude::*;

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
            assert_eq!(sanitised(html, &base()).as_deref(), Some(expected));
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
            assert_eq!(sanitised(html, &base()), None, "{html}");
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
            if let Some(plain) = sanitised(&html, &base()) {
                prop_assert_eq!(&plain, &by_passes(&html, &base()), "{}", html);
                prop_assert_eq!(&plain, &by_passes(&plain, &base()));
            }
        }
    }
}
