//! HTML from plain text and from Markdown. What comes out of Markdown is still to be sanitised: raw HTML passes.
//!
//! Specification: [CommonMark](https://spec.commonmark.org/).

use pulldown_cmark::{Options, Parser};

use super::{loosen, trim};
use crate::text::clean;

/// HTML of plain text: blank lines part paragraphs, single line breaks stay, every character is text.
///
/// ```
/// use bantin::html::paragraphs;
/// assert_eq!(paragraphs("a < b\n\nc\nd"), "<p>a &lt; b</p>\n<p>c<br>d</p>");
/// ```
pub fn paragraphs(text: &str) -> String {
    let text = clean(text);
    let mut html = String::with_capacity(text.len() + 16);
    let mut open = false;
    // A line of marks that join what stands before them has nothing to show.
    for line in text.lines().map(|line| trim(line).trim_end()) {
        if line.is_empty() {
            if open {
                html.push_str("</p>\n");
            }
            open = false;
            continue;
        }
        html.push_str(if open { "<br>" } else { "<p>" });
        open = true;
        for (at, words) in line.split_ascii_whitespace().enumerate() {
            if at > 0 {
                html.push(' ');
            }
            push_escaped(&mut html, words, at == 0);
        }
    }
    if open {
        html.push_str("</p>");
    } else if html.ends_with('\n') {
        html.pop();
    }
    html
}

fn push_escaped(html: &mut String, text: &str, after_tag: bool) {
    for c in loosen(text, after_tag).chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\u{A0}' => html.push_str("&nbsp;"),
            c => html.push(c),
        }
    }
}

/// HTML of Markdown: CommonMark with tables, strikethrough and footnotes, quotes left as they are.
///
/// Shortcodes of Hugo and tags of Jekyll's Liquid, which only the site's own generator can run, are taken out; a YouTube
/// shortcode becomes a link, a figure its picture, `{% highlight %}` a block of code. The mark `<!--more-->` goes too.
pub fn markdown(source: &str) -> String {
    let source = clean(source);
    let plain = without_shortcodes(&source);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut html = String::with_capacity(plain.len() * 5 / 4);
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(&plain, options));
    html
}

/// The Markdown before a `<!--more-->` mark, where there is one outside code.
pub fn markdown_summary(source: &str) -> Option<String> {
    let mut fence = Fence::default();
    let mut before = 0;
    for line in source.split_inclusive('\n') {
        if !fence.passes(line)
            && let Some(at) = find_more(line)
        {
            return source.get(..before + at).map(|summary| summary.trim().to_owned());
        }
        before += line.len();
    }
    None
}

/// Where in a line a `<!-- more -->` mark begins.
fn find_more(line: &str) -> Option<usize> {
    line.match_indices("<!--").map(|(at, _)| at).find(|&at| line.get(at..).and_then(after_more).is_some())
}

/// What follows a `<!-- more -->` mark at the beginning of the text.
fn after_more(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("<!--")?.trim_start();
    let (word, after) = inner.split_at_checked("more".len())?;
    if !word.eq_ignore_ascii_case("more") {
        return None;
    }
    after.trim_start().strip_prefix("-->")
}

/// Whether lines are in a fenced block of code.
#[derive(Default)]
struct Fence(Option<(char, usize)>);

impl Fence {
    /// Takes the next line; true where it is a fence or code.
    fn passes(&mut self, line: &str) -> bool {
        let line = line.trim();
        let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let length = mark.map_or(0, |mark| line.chars().take_while(|&c| c == mark).count());
        match (self.0, mark) {
            (Some((open, least)), _) => {
                if mark == Some(open) && length >= least && line.chars().all(|c| c == open) {
                    self.0 = None;
                }
                true
            }
            (None, Some(mark)) if length >= 3 => {
                // An info string with a backtick in it is inline code.
                let info = line.get(length..).unwrap_or_default();
                if mark == '`' && info.contains('`') {
                    return false;
                }
                self.0 = Some((mark, length));
                true
            }
            _ => false,
        }
    }
}

/// The Markdown without shortcodes, Liquid tags and marks of summaries; code is left alone.
fn without_shortcodes(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut fence = Fence::default();
    let mut highlight = false;
    for line in source.split_inclusive('\n') {
        let tag = liquid_tag(line.trim());
        if highlight {
            if tag == Some(("endhighlight", "")) {
                highlight = false;
                out.push_str("````\n");
            } else {
                out.push_str(line);
            }
            continue;
        }
        if fence.passes(line) {
            out.push_str(line);
            continue;
        }
        if let Some(("highlight", language)) = tag {
            highlight = true;
            let language: String = language.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            out.push_str(&format!("````{language}\n"));
            continue;
        }
        push_line(&mut out, line);
    }
    out
}

/// The name and the arguments of a line that is one `{% … %}`.
fn liquid_tag(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix("{%")?.strip_suffix("%}")?.trim_matches('-').trim();
    if inner.contains("%}") {
        return None;
    }
    let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    Some((name, arguments.trim()))
}

/// The marks of shortcodes and of Liquid's tags and values: how they begin and end.
const MARKS: [(&str, &str); 4] = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")];

/// Bytes within which the end of a link's address is looked for.
const LONGEST_ADDRESS: usize = 2048;

/// Writes a line of Markdown without the marks in it.
fn push_line(out: &mut String, line: &str) {
    let mut rest = line;
    let mut code = false;
    // An end that was not found once in the line is not looked for again.
    let mut ends = [true; MARKS.len()];
    while let Some(at) = rest.find(['{', '<', '`']) {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        if mark.starts_with('`') {
            code = !code;
        } else if !code {
            if let Some(after) = after_more(mark) {
                rest = after;
                continue;
            }
            let known = MARKS.iter().zip(&mut ends).find(|((open, _), _)| mark.starts_with(open));
            if let Some(((open, close), end)) = known.filter(|(_, end)| **end) {
                match mark.get(open.len()..).and_then(|inner| inner.split_once(close)) {
                    Some((inner, after)) if *open == "{{" => {
                        if let Some(after) = push_value(out, inner, after) {
                            rest = after;
                            continue;
                        }
                    }
                    Some((inner, after)) => {
                        push_shortcode(out, inner);
                        rest = after;
                        continue;
                    }
                    None => *end = false,
                }
            }
        }
        let (first, after) = mark.split_at(1);
        out.push_str(first);
        rest = after;
    }
    out.push_str(rest);
}

/// Writes what is known of a Liquid value, and returns what follows it. A link whose address needs a value that only the
/// site's configuration has loses its address. Nothing where the braces are the author's.
fn push_value<'t>(out: &mut String, inner: &str, after: &'t str) -> Option<&'t str> {
    let value = inner.trim_matches(|c: char| c.is_whitespace() || c == '-');
    let expression = value.split('|').next().unwrap_or(value).trim();
    // What comes before a path is what the link is resolved against anyway.
    if matches!(expression, "site.baseurl" | "site.url") {
        return Some(after);
    }
    if value.contains("_url")
        && let Some(path) =
            expression.strip_prefix(['"', '\'']).and_then(|path| path.strip_suffix(['"', '\'']))
    {
        out.push_str(path);
        return Some(after);
    }
    if out.ends_with("](") {
        let near = after.get(..after.floor_char_boundary(LONGEST_ADDRESS))?;
        return near.find(')').and_then(|end| after.get(end..));
    }
    if out.trim_end_matches(' ').ends_with("]:") {
        out.push_str("<>");
        return Some(if after.ends_with('\n') { "\n" } else { "" });
    }
    (expression.starts_with("site.") || expression.starts_with("page.")).then_some(after)
}

/// Writes what people can use of a shortcode.
fn push_shortcode(out: &mut String, inner: &str) {
    let words = arguments(inner.trim_matches(|c: char| c.is_whitespace() || c == '-' || c == '/'));
    let Some((_, name)) = words.first() else { return };
    let named = |wanted: &str| words.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let first = || words.get(1).filter(|(name, _)| name.is_empty()).map(|(_, value)| value.as_str());
    match name.as_str() {
        "youtube" => {
            if let Some(video) = named("id").or_else(first) {
                let video: String =
                    video.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
                out.push_str(&format!("<https://www.youtube.com/watch?v={video}>"));
            }
        }
        "figure" => {
            if let Some(src) = named("src").or_else(first) {
                out.push_str("<figure><img src=\"");
                push_quoted(out, src);
                out.push_str("\" alt=\"");
                push_quoted(out, named("alt").or(named("caption")).unwrap_or_default());
                out.push_str("\">");
                if let Some(caption) = named("caption").or(named("title")) {
                    out.push_str("<figcaption>");
                    push_quoted(out, caption);
                    out.push_str("</figcaption>");
                }
                out.push_str("</figure>");
            }
        }
        _ => {}
    }
}

fn push_quoted(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

/// The words of a shortcode, with the names of those that have one: `figure src="a b.jpg"`.
fn arguments(inner: &str) -> Vec<(String, String)> {
    let mut words = Vec::new();
    let mut rest = inner.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '"')).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let (name, value) = match after.strip_prefix('=') {
            Some(value) => (word, value),
            None if word.is_empty() => ("", after),
            None => {
                words.push((String::new(), word.to_owned()));
                rest = after.trim_start();
                continue;
            }
        };
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        words.push((name.to_owned(), value.to_owned()));
        rest = after.trim_start();
    }
    words
}
