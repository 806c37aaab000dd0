//! The text of a post as WordPress's own pages would show it: blocks without their marks, shortcodes made HTML or taken
//! out, paragraphs where the editor had blank lines
//! ([wpautop](https://developer.wordpress.org/reference/functions/wpautop/)).

use super::super::support::pattern;
use super::super::support::xml::escaped;
use regex::{Captures, Regex};
use std::collections::{HashMap, VecDeque};
use std::sync::LazyLock;

/// Marks of blocks and of the editor: `<!-- wp:paragraph -->`, `<!--more-->`.
static MARKS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?s)<!--\s*(?:/?wp:|more\b|nextpage\b|noteaser\b).*?-->"));

/// An address alone in its line, for which WordPress shows what stands there.
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?m)^[ \t]*(https?://[^\s<>"'\[\]]+)[ \t]*\r?$"#));

/// What may be a shortcode: `[caption id="x"]`, `[/caption]`, `[[not one]]`.
static SHORTCODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?s)(\[?)\[(/?)([A-Za-z][A-Za-z0-9_-]*)((?:[\s=][^\[\]]*?)?)(/?)\](\]?)"));

/// Name and value in a shortcode.
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"([A-Za-z0-9_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))"#));

/// A picture, and the link around it, with which a captioned text begins.
static PICTURE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?is)^\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)$"));

static WEB: LazyLock<Regex> = LazyLock::new(|| pattern(r#"https?://[^\s"'<>\[\]]+"#));

/// Shortcodes that hold nothing for a reader who is not on the page, though they have neither attributes nor an end.
const EMPTY: &[&str] = &[
    "contact-form",
    "contact-form-7",
    "toc",
    "ez-toc",
    "sharethis",
    "ad",
    "ads",
    "adsense",
    "related_posts",
    "print_link",
    "playlist",
    "sitemap",
    "polls",
];

/// Shortcodes for something at an address.
const PLAYERS: &[&str] = &[
    "embed",
    "youtube",
    "embedyt",
    "vimeo",
    "dailymotion",
    "soundcloud",
    "spotify",
    "tweet",
    "twitter",
    "facebook",
    "instagram",
    "tiktok",
    "googlemaps",
    "googlevideo",
    "iframe",
    "slideshare",
    "wpvideo",
    "ted",
];

/// Elements that stand between paragraphs and not in them.
const BLOCKS: &[&str] = &[
    "table",
    "thead",
    "tfoot",
    "caption",
    "col",
    "colgroup",
    "tbody",
    "tr",
    "td",
    "th",
    "div",
    "dl",
    "dd",
    "dt",
    "ul",
    "ol",
    "li",
    "pre",
    "form",
    "map",
    "area",
    "blockquote",
    "address",
    "style",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "fieldset",
    "legend",
    "section",
    "article",
    "aside",
    "hgroup",
    "header",
    "footer",
    "nav",
    "figure",
    "figcaption",
    "details",
    "menu",
    "summary",
    "video",
    "audio",
    "iframe",
    "script",
    "object",
    "center",
];

/// Elements whose lines are theirs.
const RAW: &[&str] = &["pre", "script", "style", "textarea"];

/// Elements in which text stands in paragraphs where it has blank lines.
const OF_PARAGRAPHS: &[&str] =
    &["div", "blockquote", "section", "article", "aside", "center", "header", "footer"];

/// Whether a gallery stands in the text, for which its pictures must be known.
pub(super) fn has_gallery(source: &str) -> bool {
    source.contains("[gallery")
}

/// The text as HTML. `gallery` gives the pictures of those numbers, or those of the post, as HTML.
pub(super) fn article(source: &str, gallery: &mut dyn FnMut(Option<&str>) -> String) -> String {
    let has_blocks = source.contains("<!-- wp:");
    let text = MARKS.replace_all(source, "");
    let text = shortcodes(&text, gallery);
    let text = ADDRESS.replace_all(&text, |found: &Captures<'_>| {
        let url = found.get(1).map_or("", |url| url.as_str());
        linked(&htmlize::unescape_attribute(url))
    });
    let text = text.replace("\r\n", "\n");
    if has_blocks { text.trim().to_owned() } else { paragraphs(&text) }
}

fn linked(url: &str) -> String {
    format!("<a href=\"{0}\">{0}</a>", escaped(url))
}

/// A shortcode as it was found.
struct Code<'a> {
    start: usize,
    end: usize,
    name: &'a str,
    inside: &'a str,
    closes: bool,
    /// In double brackets: shown, not carried out.
    quoted: bool,
}

impl Code<'_> {
    fn attribute(&self, names: &[&str]) -> Option<String> {
        let found: Vec<Captures<'_>> = ATTRIBUTE.captures_iter(self.inside).collect();
        let value = |name: &&str| {
            let pair = found
                .iter()
                .find(|pair| pair.get(1).is_some_and(|key| key.as_str().eq_ignore_ascii_case(name)))?;
            let value = pair.get(2).or(pair.get(3)).or(pair.get(4))?.as_str();
            (!value.trim().is_empty()).then(|| value.trim().to_owned())
        };
        names.iter().find_map(value)
    }
}

fn found(text: &str) -> Vec<Code<'_>> {
    let captures = SHORTCODE.captures_iter(text);
    captures
        .filter_map(|found| {
            let all = found.get(0)?;
            let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
            Some(Code {
                start: all.start(),
                end: all.end(),
                name: found.get(3)?.as_str(),
                inside: found.get(4)?.as_str(),
                closes: part(2) == "/",
                quoted: part(1) == "[" && part(6) == "]",
            })
        })
        .collect()
}

/// Makes HTML of shortcodes, as far as they say something to a reader.
fn shortcodes(text: &str, gallery: &mut dyn FnMut(Option<&str>) -> String) -> String {
    let codes = found(text);
    let mut ends: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (index, code) in codes.iter().enumerate().filter(|(_, code)| code.closes && !code.quoted) {
        ends.entry(code.name).or_default().push_back(index);
    }
    let closed: HashMap<&str, bool> = ends.keys().map(|name| (*name, true)).collect();
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (index, code) in codes.iter().enumerate() {
        // Inside of one that was made HTML as a whole.
        if code.start < copied {
            continue;
        }
        let lower = code.name.to_lowercase();
        let is_player = PLAYERS.contains(&lower.as_str());
        let is_media = ["gallery", "caption", "wp_caption", "video", "audio"].contains(&lower.as_str());
        let is_code = is_media
            || is_player
            || EMPTY.contains(&lower.as_str())
            || closed.contains_key(code.name)
            || ATTRIBUTE.is_match(code.inside);
        if code.quoted {
            out.push_str(text.get(copied..code.start).unwrap_or_default());
            out.push_str(text.get(code.start + 1..code.end - 1).unwrap_or_default());
            copied = code.end;
            continue;
        }
        if !is_code {
            continue;
        }
        out.push_str(text.get(copied..code.start).unwrap_or_default());
        copied = code.end;
        if code.closes {
            continue;
        }
        let mut end = || {
            let ends = ends.get_mut(code.name)?;
            while ends.front().is_some_and(|end| *end < index) {
                ends.pop_front();
            }
            ends.front().and_then(|end| codes.get(*end))
        };
        match lower.as_str() {
            "caption" | "wp_caption" => {
                let Some(end) = end() else { continue };
                out.push_str(&captioned(text.get(code.end..end.start).unwrap_or_default(), code));
                copied = end.end;
            }
            "gallery" => out.push_str(&gallery(code.attribute(&["ids", "include"]).as_deref())),
            "video" | "audio" => {
                let address =
                    code.attribute(&["src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav"]);
                let player =
                    address.map(|url| format!("\n<{lower} controls src=\"{}\"></{lower}>\n", escaped(&url)));
                out.push_str(&player.unwrap_or_default());
            }
            _ if is_player => {
                let inner = end().map(|end| (text.get(code.end..end.start).unwrap_or_default(), end.end));
                let within = WEB.find(code.inside).or_else(|| WEB.find(inner.map_or("", |(inner, _)| inner)));
                if let Some(url) = within {
                    out.push_str(&format!("\n\n{}\n\n", linked(&htmlize::unescape_attribute(url.as_str()))));
                    copied = inner.map_or(copied, |(_, end)| end);
                }
            }
            _ => {}
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

fn captioned(inner: &str, code: &Code<'_>) -> String {
    let Some(found) = PICTURE.captures(inner) else { return inner.to_owned() };
    let part = |index: usize| found.get(index).map_or("", |part| part.as_str()).trim();
    let caption = code.attribute(&["caption"]).unwrap_or_else(|| part(2).to_owned());
    let caption = if caption.is_empty() { caption } else { format!("<figcaption>{caption}</figcaption>") };
    format!("\n\n<figure>{}{caption}</figure>\n\n", part(1))
}

/// A tag, or a comment.
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?s)<!--.*?-->|</?[A-Za-z][^<>]*>"#));

/// Text with paragraphs where there are blank lines, and breaks where there are others.
pub(super) fn paragraphs(text: &str) -> String {
    let mut page = Page::default();
    let mut at = 0;
    for tag in TAG.find_iter(text) {
        page.run.push_str(text.get(at..tag.start()).unwrap_or_default());
        at = tag.end();
        page.tag(tag.as_str());
    }
    page.run.push_str(text.get(at..).unwrap_or_default());
    page.flush();
    page.out.trim().to_owned()
}

#[derive(Default)]
struct Page {
    out: String,
    /// Text and elements of text that are not written yet.
    run: String,
    /// The blocks that are open.
    open: Vec<String>,
}

impl Page {
    fn tag(&mut self, tag: &str) {
        let is_end = tag.starts_with("</");
        let name = tag.trim_start_matches(['<', '/']);
        let name =
            name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        let in_raw = self.open.last().is_some_and(|open| RAW.contains(&open.as_str()));
        let ends_raw = in_raw && is_end && self.open.last() == Some(&name);
        if (in_raw && !ends_raw) || !(BLOCKS.contains(&name.as_str()) || RAW.contains(&name.as_str())) {
            self.run.push_str(tag);
            return;
        }
        self.flush();
        self.out.push_str(tag);
        if is_end {
            if let Some(index) = self.open.iter().rposition(|open| *open == name) {
                self.open.truncate(index);
            }
            self.out.push('\n');
        } else if !tag.ends_with("/>")
            && !["hr", "col", "area"].contains(&name.as_str())
            && self.open.len() < 100
        {
            self.open.push(name);
        }
    }

    /// Writes the text that has come together.
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        let around = self.open.last().map(String::as_str);
        if around.is_some_and(|open| RAW.contains(&open)) {
            self.out.push_str(&run);
            return;
        }
        let text = run.trim();
        if text.is_empty() {
            return;
        }
        let parts: Vec<String> = blank_lines(text);
        let in_paragraphs = match around {
            None => true,
            Some(open) => OF_PARAGRAPHS.contains(&open) && parts.len() > 1,
        };
        for part in parts {
            let lines: Vec<&str> = part.lines().map(str::trim).collect();
            let broken = lines.join("<br>\n").replace("<br><br>", "<br>").replace("<br /><br>", "<br>");
            match in_paragraphs {
                true => self.out.push_str(&format!("<p>{broken}</p>\n")),
                false => self.out.push_str(&broken),
            }
        }
    }
}

/// The parts of a text between blank lines.
fn blank_lines(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in text.lines() {
        match (line.trim().is_empty(), parts.last_mut()) {
            (true, Some(last)) if !last.is_empty() => parts.push(String::new()),
            (false, Some(last)) => {
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line);
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(source: &str) -> String {
        article(source, &mut |ids| format!("<figure>{}</figure>", ids.unwrap_or("own")))
    }

    #[test]
    fn blank_lines_make_paragraphs() {
        assert_eq!(plain("Một\r\nhai\r\n\r\n<em>Ba</em>\n"), "<p>Một<br>\nhai</p>\n<p><em>Ba</em></p>");
        assert_eq!(
            plain("Một\n<h2>Hai</h2>\nBa\n<ul>\n<li>Bốn</li>\n</ul>"),
            "<p>Một</p>\n<h2>Hai</h2>\n<p>Ba</p>\n<ul><li>Bốn</li>\n</ul>"
        );
        assert_eq!(plain("<pre>a\n\nb <b>c</b></pre>"), "<pre>a\n\nb <b>c</b></pre>");
        assert_eq!(
            plain("<blockquote>Một\n\nhai</blockquote>"),
            "<blockquote><p>Một</p>\n<p>hai</p>\n</blockquote>"
        );
        assert_eq!(plain("<p>Một</p>\n\n<p>hai</p>"), "<p>Một</p>\n<p>hai</p>");
        assert_eq!(plain("Một<br />\nhai"), "<p>Một<br>\nhai</p>");
    }

    #[test]
    fn blocks_lose_their_marks() {
        assert_eq!(
            plain(
                "<!-- wp:paragraph {\"x\":1} -->\n<p>Một</p>\n<!-- /wp:paragraph -->\n<!-- wp:embed -->\nhttps://a.example/v?x=1&amp;y\n<!-- /wp:embed -->"
            ),
            "<p>Một</p>\n\n\n<a href=\"https://a.example/v?x=1&amp;y\">https://a.example/v?x=1&amp;y</a>"
        );
        assert_eq!(plain("Một<!--more-->\n\nhai"), "<p>Một</p>\n<p>hai</p>");
    }

    #[test]
    fn shortcodes_become_what_they_stand_for() {
        assert_eq!(
            plain(
                "[caption id=\"a_1\" width=\"300\"]<a href=\"/x\"><img src=\"/a.jpg\"></a> Nước lên[/caption]Sau"
            ),
            "<figure><a href=\"/x\"><img src=\"/a.jpg\"></a><figcaption>Nước lên</figcaption>\n</figure>\n<p>Sau</p>"
        );
        assert_eq!(plain("[gallery ids=\"1,2\"]"), "<figure>1,2</figure>");
        assert_eq!(plain("[gallery]"), "<figure>own</figure>");
        assert_eq!(
            plain("[embed]https://a.example/v[/embed]"),
            "<p><a href=\"https://a.example/v\">https://a.example/v</a></p>"
        );
        assert_eq!(plain("[video mp4='/a.mp4'][/video]"), "<video controls src=\"/a.mp4\"></video>");
        assert_eq!(
            plain("[vc_row][box color=red]Một[/box][/vc_row] [contact-form-7 id=\"1\"]"),
            "<p>Một</p>"
        );
    }

    #[test]
    fn brackets_of_the_author_stay() {
        for text in ["Một [1] và [sic]", "[Hà Nội] mưa [...]", "[Ảnh] nước lên"] {
            assert_eq!(plain(text), format!("<p>{text}</p>"));
        }
        assert_eq!(plain("Viết [[caption]] là"), "<p>Viết [caption] là</p>");
        assert_eq!(plain("[caption width=1] không hết"), "<p>không hết</p>");
    }

    #[test]
    fn many_brackets_take_no_longer() {
        let text = "[caption x=1]".repeat(20_000) + &"[a b=".repeat(20_000);
        assert!(plain(&text).len() < 200_000);
    }
}
