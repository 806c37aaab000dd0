//! Whether HTML is nested so plainly that any parser reads it back as it was written.
//!
//! Says no too often rather than once too seldom: HTML of which it says no is parsed again and compared.
//!
//! Specification: [HTML, tree construction](https://html.spec.whatwg.org/multipage/parsing.html#tree-construction).

/// The most elements open at a place that are still called plain.
const DEEPEST: usize = 200;

/// Reads HTML as a serialiser writes it: every attribute in double quotes, every element but the void ones closed.
pub(super) fn is_plain(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let (mut paragraph, mut heading, mut link) = (false, false, false);
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        if !text_may_stand(text, open.last()) {
            return false;
        }
        let Some((inside, after)) = split_tag(tag) else { return false };
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
            match name {
                "p" => paragraph = false,
                "a" => link = false,
                name if is_heading(name) => heading = false,
                _ => {}
            }
            continue;
        }
        let name = inside.split(' ').next().unwrap_or(inside);
        let parent = open.last().copied().unwrap_or_default();
        let refused = match name {
            "a" => link,
            name if is_heading(name) => heading || paragraph,
            name if ends_paragraph(name) => paragraph,
            "rtc" | "rb" => true,
            _ => false,
        };
        if refused || !may_stand(name, parent) || open.len() >= DEEPEST {
            return false;
        }
        // A line break right after the tag is no content.
        if name == "pre" && rest.starts_with('\n') {
            return false;
        }
        if matches!(name, "br" | "hr" | "img" | "wbr" | "col" | "source" | "track") {
            continue;
        }
        open.push(name);
        paragraph |= name == "p";
        link |= name == "a";
        heading |= is_heading(name);
    }
    open.is_empty() && !rest.contains('>')
}

/// What is between `<` and its `>`, and what follows. None where a quotation mark begins no value but is part of a name.
fn split_tag(tag: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            // A name may begin with `=`, but have none further on.
            b'"' if !quoted && !matches!(tag.as_bytes().get(..at)?, [.., name, b'='] if *name != b' ') => {
                return None;
            }
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some((tag.get(..at)?, tag.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// In a table but outside its cells text would be moved before the table.
fn text_may_stand(text: &str, parent: Option<&&str>) -> bool {
    let table = matches!(parent, Some(&("table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup")));
    !table || text.bytes().all(|b| b.is_ascii_whitespace())
}

/// Parts of tables, lists and ruby stand only where they belong, and nothing else stands there.
fn may_stand(name: &str, parent: &str) -> bool {
    match (parent, name) {
        ("table", "caption" | "colgroup" | "thead" | "tbody" | "tfoot") => true,
        ("colgroup", "col") | ("thead" | "tbody" | "tfoot", "tr") | ("tr", "td" | "th") => true,
        ("table" | "colgroup" | "thead" | "tbody" | "tfoot" | "tr", _) => false,
        (_, "caption" | "colgroup" | "thead" | "tbody" | "tfoot" | "col" | "tr" | "td" | "th") => false,
        (parent, "li") => matches!(parent, "ul" | "ol"),
        (parent, "dt" | "dd") => parent == "dl",
        (parent, "rt" | "rp") => parent == "ruby",
        _ => true,
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Elements whose start ends a paragraph that is open.
fn ends_paragraph(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "dd"
            | "figcaption"
            | "figure"
            | "footer"
            | "header"
            | "hgroup"
            | "hr"
            | "li"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "ul"
    )
}
