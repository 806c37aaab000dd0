//! A light scan of HTML as feeds carry it: what is dangerous, relative or no HTML at all. One pass, no tree.
//!
//! It answers what a reader's sanitiser would answer, and repairs nothing. Boundary: knows no feeds. Specifications: HTML
//! <https://html.spec.whatwg.org/>, RFC 4287 section 8.1 on its dangers.

mod elements;
mod entities;
mod style;
mod svg;

use std::borrow::Cow;

use super::marks::Marks;
use elements::is_usual;
pub(crate) use elements::{is_dangerous, is_known, is_mathml, is_mathml_attribute, is_structure};
pub(crate) use entities::named_character;
pub(crate) use style::is_safe as is_safe_style;
pub(crate) use svg::{is_svg, is_svg_attribute};

/// Something found in HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Issue<'t> {
    /// An element that readers take out, since it is dangerous.
    Element(Cow<'t, str>),
    /// An attribute that runs a script.
    Attribute(Cow<'t, str>),
    /// A style with declarations that readers take out.
    Style(Cow<'t, str>),
    /// A relative address.
    Relative(Cow<'t, str>),
    /// No HTML: a tag that does not end, an element nobody knows.
    Malformed(Cow<'t, str>),
    /// An image without a source, as scripts fill it in later.
    LazyImage,
    /// A resource loaded over http.
    Insecure(Cow<'t, str>),
}

/// Attributes whose value is an address that is loaded or followed.
const ADDRESSES: [&str; 9] =
    ["href", "src", "cite", "poster", "data", "background", "longdesc", "usemap", "action"];

/// Where in a text tags may begin.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Places<'m> {
    /// It has to be looked for.
    Unknown,
    /// It was noted of the document that the text is a part of; the text begins at this place.
    Known(&'m Marks, usize),
}

/// Goes over `text` and reports what it finds.
pub(crate) fn scan<'t>(text: &'t str, places: Places<'_>, report: &mut dyn FnMut(Issue<'t>)) {
    let bytes = text.as_bytes();
    match places {
        Places::Unknown => scan_at(text, memchr::memchr_iter(b'<', bytes), report),
        Places::Known(marks, begin) => {
            let within = marks.iter_from(begin).map(|at| at - begin).take_while(|at| *at < bytes.len());
            scan_at(text, within.filter(|at| bytes.get(*at) == Some(&b'<')), report);
        }
    }
}

/// Goes over `text`, which has its `<` at these places.
#[inline(always)]
fn scan_at<'t>(text: &'t str, places: impl Iterator<Item = usize>, report: &mut dyn FnMut(Issue<'t>)) {
    let bytes = text.as_bytes();
    let mut from = 0;
    // Drawings and formulas have elements of their own.
    let mut foreign: Option<&str> = None;
    for at in places {
        // A tag may have a `<` within it.
        if at < from {
            continue;
        }
        if let Some(length) = bytes.get(at..).and_then(decent_tag) {
            from = at + length;
            continue;
        }
        let after = text.get(at + 1..).unwrap_or_default();
        let rest = match after.bytes().next() {
            Some(b'!') => match after.strip_prefix("!--") {
                Some(comment) => match comment.find("-->") {
                    Some(end) => comment.get(end + 3..).unwrap_or_default(),
                    None => return report(Issue::Malformed(Cow::Borrowed("a comment that does not end"))),
                },
                None => after.find('>').and_then(|end| after.get(end + 1..)).unwrap_or_default(),
            },
            Some(b'?') => {
                report(Issue::Malformed(Cow::Borrowed("a processing instruction")));
                if after.get(1..).is_some_and(|body| body.starts_with("import")) {
                    report(Issue::Element(Cow::Borrowed("?import")));
                }
                after.find('>').and_then(|end| after.get(end + 1..)).unwrap_or_default()
            }
            Some(b'/') => {
                foreign = foreign.filter(|name| !begins_with(after.get(1..).unwrap_or_default(), name));
                let end = after.bytes().position(|b| b == b'>');
                end.and_then(|end| after.get(end + 1..)).unwrap_or_default()
            }
            Some(b) if b.is_ascii_alphabetic() => match tag(after, &mut |issue| {
                if foreign.is_none() || !matches!(issue, Issue::Malformed(_)) {
                    report(issue);
                }
            }) {
                Some(rest) => {
                    if matches!(b, b's' | b'S' | b'm' | b'M') {
                        foreign = foreign
                            .or_else(|| ["svg", "math"].into_iter().find(|name| begins_with(after, name)));
                    }
                    rest
                }
                None => {
                    return report(Issue::Malformed(Cow::Borrowed("a tag that does not end")));
                }
            },
            _ => after,
        };
        from = text.len() - rest.len();
    }
}

/// Whether a tag's text begins with a name, however it is capitalised.
fn begins_with(tag: &str, name: &str) -> bool {
    let (head, tail) = tag.split_at_checked(name.len()).unwrap_or_default();
    head.eq_ignore_ascii_case(name) && !tail.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The first control character of Latin-1, which HTML does not have.
pub(crate) fn control_character(text: &str) -> Option<char> {
    text.chars().find(|c| matches!(c, '\u{80}'..='\u{9f}'))
}

/// Attributes that neither run nor load anything.
const HARMLESS: [&str; 12] = [
    "alt", "class", "title", "width", "height", "id", "rel", "target", "loading", "lang", "colspan",
    "rowspan",
];

/// How long the tag is that a text begins with, if it is written as nearly all are and has nothing in it that could be reported: a
/// usual element, harmless attributes in quotation marks, addresses over https. `None`: it has to be looked at.
fn decent_tag(text: &[u8]) -> Option<usize> {
    let begin = if text.get(1) == Some(&b'/') { 2 } else { 1 };
    let rest = text.get(begin..)?;
    let end = rest.iter().position(|b| !b.is_ascii_alphanumeric())?;
    if !is_usual(rest.get(..end)?) {
        return None;
    }
    let mut at = begin + end;
    loop {
        match text.get(at..)? {
            [b'>', ..] => return Some(at + 1),
            _ if begin > 1 => return None,
            [b'/', b'>', ..] | [b' ', b'/', b'>', ..] => at += 1,
            [b' ', rest @ ..] => {
                let name = rest.iter().position(|b| !b.is_ascii_lowercase())?;
                let (name, rest) = rest.split_at_checked(name)?;
                let [b'=', quote @ (b'"' | b'\''), value @ ..] = rest else { return None };
                let decent = match name {
                    b"href" | b"src" | b"cite" | b"poster" => value.starts_with(b"https://"),
                    _ => HARMLESS.iter().any(|known| known.as_bytes() == name),
                };
                if !decent {
                    return None;
                }
                at += name.len() + 3 + memchr::memchr(*quote, value)? + 1;
            }
            _ => return None,
        }
    }
}

/// Reads a start tag, `text` beginning with its name, and returns what follows it.
fn tag<'t>(text: &'t str, report: &mut dyn FnMut(Issue<'t>)) -> Option<&'t str> {
    let end = text.bytes().position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))?;
    let (name, mut rest) = text.split_at_checked(end)?;
    element(name, report);
    let is_image = name.eq_ignore_ascii_case("img");
    let (mut source, mut lazy) = (false, false);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(rest) = rest.strip_prefix('>') {
            if is_image && !source && lazy {
                report(Issue::LazyImage);
            }
            return Some(rest);
        }
        let end = rest.bytes().position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/' | b'='))?;
        let (attribute, after) = rest.split_at_checked(end.max(1))?;
        let trimmed = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = trimmed.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let (value, after) = match value.chars().next()? {
            quote @ ('"' | '\'') => value.get(1..)?.split_once(quote)?,
            _ => {
                let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
                value.split_at_checked(end)?
            }
        };
        rest = after;
        source |= attribute.eq_ignore_ascii_case("src") && !value.is_empty();
        lazy |= ["data-src", "data-original", "data-lazy-src", "data-lazy"]
            .iter()
            .any(|n| attribute.eq_ignore_ascii_case(n));
        self::attribute(name, attribute, decoded(value), report);
    }
}

/// Judges the name of an element.
pub(crate) fn element<'t>(name: &'t str, report: &mut dyn FnMut(Issue<'t>)) {
    if is_usual(name.as_bytes()) {
        return;
    }
    if is_dangerous(name) {
        report(Issue::Element(Cow::Borrowed(name)));
    } else if is_structure(name) || (!is_known(name) && !name.contains([':', '-'])) {
        report(Issue::Malformed(Cow::Borrowed(name)));
    }
}

/// Judges one attribute of an element.
pub(crate) fn attribute<'t>(
    element: &str,
    name: &'t str,
    value: Cow<'t, str>,
    report: &mut dyn FnMut(Issue<'t>),
) {
    if name.len() > 2 && name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on")) {
        return report(Issue::Attribute(Cow::Borrowed(name)));
    }
    if name.eq_ignore_ascii_case("style") {
        if !is_safe_style(&value) {
            report(Issue::Style(value));
        }
        return;
    }
    let address = ADDRESSES.iter().any(|known| name.eq_ignore_ascii_case(known));
    if !address {
        return;
    }
    let trimmed = value.trim();
    if !trimmed.starts_with("http") && runs_script(trimmed) {
        report(Issue::Attribute(Cow::Borrowed(name)));
    } else if super::values::uris::scheme(trimmed).is_none() {
        if !is_dangerous(element) {
            report(Issue::Relative(value));
        }
    } else if trimmed.starts_with("http://") && !name.eq_ignore_ascii_case("href") {
        report(Issue::Insecure(value));
    }
}

/// Whether an address runs a script, however its scheme is disguised: browsers pass over white space and control characters in it.
pub(crate) fn runs_script(address: &str) -> bool {
    let mut letters = address.chars().filter(|c| !c.is_whitespace() && !c.is_control());
    let start: String = letters.by_ref().take(14).collect::<String>().to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:text/html"].iter().any(|scheme| start.starts_with(scheme))
}

/// Text with its character references resolved: numeric ones and the named.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(text.get(..first).unwrap_or_default());
    let mut rest = text.get(first..).unwrap_or_default();
    while let Some(after) = rest.strip_prefix('&') {
        let end = after.bytes().take(12).position(|b| b == b';');
        let c = end.and_then(|end| reference(after.get(..end).unwrap_or_default()));
        let skip = match (c, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                end + 2
            }
            _ => {
                out.push('&');
                1
            }
        };
        rest = rest.get(skip..).unwrap_or_default();
        let next = rest.find('&').unwrap_or(rest.len());
        out.push_str(rest.get(..next).unwrap_or_default());
        rest = rest.get(next..).unwrap_or_default();
    }
    Cow::Owned(out)
}

/// The character that `#38`, `#x26` or `amp` stands for.
fn reference(name: &str) -> Option<char> {
    let number = match name.strip_prefix('#') {
        None => return named_character(name),
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        },
    };
    char::from_u32(number)
}

/// What makes plain text look like HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks<'t> {
    /// A tag or a character reference: this part of the text.
    Html(&'t str),
    /// A bare `&` or `<`, which no reader takes for HTML, and some drop.
    Bare(char),
}

/// Whether plain text looks like HTML. `neutral` holds offsets of characters that were written so that nobody takes them for
/// markup (hexadecimal references); `lax` counts references without their semicolon too.
pub(crate) fn looks_like_html<'t>(text: &'t str, neutral: &[usize], lax: bool) -> Option<Looks<'t>> {
    let mut bare = None;
    let mut last_end = None;
    for at in memchr::memchr2_iter(b'<', b'&', text.as_bytes()) {
        let c = if text.as_bytes().get(at) == Some(&b'<') { '<' } else { '&' };
        if neutral.binary_search(&at).is_ok() {
            continue;
        }
        let after = text.get(at + 1..).unwrap_or_default();
        if c == '<' {
            let name = after.strip_prefix('/').unwrap_or(after);
            let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
            let (name, tail) = name.split_at_checked(end).unwrap_or((name, ""));
            let ends = tail.starts_with(['>', '/']) || tail.starts_with(|c: char| c.is_ascii_whitespace());
            let mut closes =
                || at < *last_end.get_or_insert_with(|| memchr::memrchr(b'>', text.as_bytes()).unwrap_or(0));
            if (ends && closes() && is_known(name)) || after.starts_with("!--") {
                return Some(Looks::Html(text.get(at..).unwrap_or_default()));
            }
        } else {
            if neutral_reference(after) {
                continue;
            }
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(after.len());
            let (name, tail) = after.split_at_checked(end).unwrap_or((after, ""));
            let closed = tail.starts_with(';') && reference(name).is_some();
            if closed || (lax && named_character(name).is_some()) {
                return Some(Looks::Html(text.get(at..).unwrap_or_default()));
            }
        }
        bare.get_or_insert(Looks::Bare(c));
    }
    bare
}

/// `x26;` or `x3C;`, as the RSS profile wants `&` and `<` written.
fn neutral_reference(after: &str) -> bool {
    ["#x26;", "#x3c;"].iter().any(|known| after.get(..5).is_some_and(|head| head.eq_ignore_ascii_case(known)))
}

/// Whether text is damaged: control characters of Latin-1, replacement characters, UTF-8 that was read as Latin-1.
pub(crate) fn bad_characters(text: &str) -> Option<&str> {
    if text.is_ascii() {
        return None;
    }
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let bad = match c {
            '\u{80}'..='\u{9f}' | char::REPLACEMENT_CHARACTER => true,
            // `Ã©`, `Â£`: a letter and what no text has after it. A no-break space or a quotation mark may follow a word.
            'Â' | 'Ã' | 'Ä' => chars.peek().is_some_and(|(_, next)| {
                matches!(next, '\u{80}'..='\u{bf}') && !matches!(next, '\u{a0}' | '«' | '»' | '\u{ad}' | '·')
            }),
            // `â€™`, `á»`: windows-1252.
            'â' => chars.peek().is_some_and(|(_, next)| *next == '€'),
            'á' => {
                chars.peek().is_some_and(|(_, next)| matches!(next, 'º' | '»'))
                    && chars
                        .clone()
                        .nth(1)
                        .is_some_and(|(_, third)| !third.is_whitespace() && !third.is_ascii())
            }
            _ => false,
        };
        if bad {
            return text.get(at..);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issues(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        scan(text, Places::Unknown, &mut |issue| found.push(format!("{issue:?}")));
        found
    }

    #[test]
    fn drawings_and_formulas_have_elements_of_their_own() {
        assert_eq!(
            issues("<svg width='9'><title>x</title><circle r='4'/></svg> <math><mrow/></math><p>"),
            [""; 0]
        );
        assert_eq!(issues("<svg><path/></svg><path>"), ["Malformed(\"path\")"]);
        assert_eq!(
            issues("<svg><script>x()</script><g onload='x()'/></svg>"),
            ["Element(\"script\")", "Attribute(\"onload\")"]
        );
        assert_eq!(issues("<svgs><circle/>"), ["Malformed(\"svgs\")", "Malformed(\"circle\")"]);
    }

    #[test]
    fn dangers_are_found() {
        for (html, issue) in [
            ("<script src='x'></script>", "Element(\"script\")"),
            ("<p onclick=x()>", "Attribute(\"onclick\")"),
            ("<a href=\"JavaScript:x()\">", "Attribute(\"href\")"),
            ("<a href=\"java\nscript:x()\">", "Attribute(\"href\")"),
            ("<a href=\"&#106;avascript&#58;x()\">", "Attribute(\"href\")"),
            ("<a href='vbscript:x'>", "Attribute(\"href\")"),
            ("<a href='data:text/html,x'>", "Attribute(\"href\")"),
            ("<span style='position:absolute'>", "Style(\"position:absolute\")"),
            ("<img src='/a.png'>", "Relative(\"/a.png\")"),
            ("<a", "Malformed(\"a tag that does not end\")"),
            ("<dungeon>", "Malformed(\"dungeon\")"),
            ("<title>", "Malformed(\"title\")"),
            ("<!-- ", "Malformed(\"a comment that does not end\")"),
            ("<img data-src='https://e.x/a.png'>", "LazyImage"),
            ("<img src='http://e.x/a.png'>", "Insecure(\"http://e.x/a.png\")"),
        ] {
            assert_eq!(issues(html), [issue], "{html}");
        }
    }

    #[test]
    fn decent_html_is_left_alone() {
        for html in [
            "<p class=x>1 < 2 &amp; 3 <br/><img src=\" https://e.x/a.png \" alt=''></p>",
            "<a href='http://e.x/'>x</a><!-- c -->",
            "<figure><figcaption>Mưa</figcaption></figure>",
            "a < b",
        ] {
            assert_eq!(issues(html), Vec::<String>::new(), "{html}");
        }
    }

    #[test]
    fn text_that_looks_like_html_is_told() {
        assert!(matches!(looks_like_html("<b>x</b>", &[], false), Some(Looks::Html(_))));
        assert!(matches!(looks_like_html("Lo&#239;c", &[], false), Some(Looks::Html(_))));
        assert!(matches!(looks_like_html("alpha&omega", &[], true), Some(Looks::Html(_))));
        assert_eq!(looks_like_html("mưa <lớn>", &[], true), Some(Looks::Bare('<')));
        assert_eq!(looks_like_html("AT&T", &[2], true), None);
        assert_eq!(looks_like_html("AT&#x26;T", &[], true), None);
    }

    #[test]
    fn damaged_text_is_told_from_vietnamese() {
        for text in ["Â£5", "cafÃ©", "isn\u{e2}\u{80}\u{99}t", "itâ€™s", "\u{fffd}", "Tiáº¿ng Viá»‡t"]
        {
            assert!(bad_characters(text).is_some(), "{text}");
        }
        for text in ["Tiếng Việt", "ĐÃ\u{a0}NẴNG", "«LÃ»", "Đà Nẵng, â", "café £5"] {
            assert!(bad_characters(text).is_none(), "{text}");
        }
    }

    #[test]
    fn references_are_resolved() {
        assert_eq!(decoded("a&amp;b&#x111;&#39;&nope;&"), "a&bđ'&nope;&");
    }
}
