//! A page of HTML in memory: its bytes made text, its tree kept within limits, and the addresses in it made whole.
//!
//! A byte-order mark tells the encoding, then the source's `encoding`, then what the page states of itself; what says
//! nothing is UTF-8. Specification: [HTML, determining the character
//! encoding](https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding). One page is held
//! at a time, of at most 16 MiB. Reading takes time in proportion to the page: a page that opens more elements within
//! each other than any page for people does is read up to there.

use super::super::{Input, Options, Sink};
use super::encoding::not_utf_8;
use super::position::{Position, Positions};
use crate::diagnostic::{Diagnostic, Place};
use ego_tree::iter::Edge;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use html5ever::interface::Tracer;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use scraper::{ElementRef, Html, HtmlTreeSink, Node};
use std::cell::Cell;
use std::io;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use url::Url;

/// The largest page that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// The most elements that may be open at a place: the parser's work at each tag grows with their number. Content systems
/// nest some thirty deep.
const DEEPEST: usize = 1024;

/// The most nodes of a tree. Long pages have some thousands; a node takes some hundred bytes of memory.
const MOST_NODES: usize = 500_000;

/// Bytes that are parsed between two looks at the limits.
const CHUNK: usize = 1024;

/// Bytes at the beginning of a page in which it states its encoding. The specification says 1024; systems that put
/// styles first do not keep to it, and browsers find the statement all the same.
const HEAD: usize = 16 << 10;

/// A page.
pub struct Page {
    pub file: Arc<str>,
    pub text: String,
    pub dom: Html,
    /// Whether the tree ends before the page does.
    pub cut: bool,
}

/// Reads a page. `None` where it cannot be one: the sink knows why.
pub fn read(mut input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<Option<Page>> {
    let mut bytes = Vec::new();
    input.reader.by_ref().take(LARGEST + 1).read_to_end(&mut bytes)?;
    let start = Place::new(&input.name, 1, 1);
    if bytes.len() as u64 > LARGEST {
        let message = format!("the page is larger than {} MiB, the most that is read of one", LARGEST >> 20);
        sink.unreadable(Diagnostic::left_out(start, message));
        return Ok(None);
    }
    let Some(text) = decoded(bytes, options, &input.name, sink) else { return Ok(None) };
    if text.trim().is_empty() {
        sink.skipped(start, "an empty file");
        return Ok(None);
    }
    let (dom, cut) = parsed(&text);
    Ok(Some(Page { file: input.name, text, dom, cut }))
}

/// The text of a page's bytes.
fn decoded(bytes: Vec<u8>, options: &Options, file: &Arc<str>, sink: &mut dyn Sink) -> Option<String> {
    let (encoding, mark) = match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) => (Some(encoding), mark),
        None => (options.encoding.or_else(|| stated(&bytes)), 0),
    };
    if encoding.is_none_or(|encoding| encoding == UTF_8) && mark == 0 {
        let error = match String::from_utf8(bytes) {
            Ok(text) => return Some(text),
            Err(error) => error,
        };
        let at = error.utf8_error().valid_up_to();
        let place = Position::START.advanced(error.as_bytes(), at).place(file);
        if encoding.is_none() {
            sink.unreadable(not_utf_8("the page", error.as_bytes(), at, place));
            return None;
        }
        // One character that was cut in two is no reason to lose an article.
        sink.unreadable(Diagnostic::dropped(
            place,
            "the page is not UTF-8, as it states: it has a byte here",
        ));
        return Some(String::from_utf8_lossy(error.as_bytes()).into_owned());
    }
    let encoding = encoding.unwrap_or(UTF_8);
    let (text, broken) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
    if broken {
        let message = format!("the page is not {}, as it states: some of it cannot be read", encoding.name());
        sink.unreadable(Diagnostic::dropped(Place::new(file, 1, 1), message));
    }
    Some(text.into_owned())
}

/// The encoding that a page states of itself, in a `meta` or in an XML declaration.
fn stated(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let declaration = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split("?>").next());
    let mut rest = head.as_str();
    let mut found = declaration.and_then(|declaration| label(declaration, "encoding"));
    while found.is_none()
        && let Some(at) = rest.find("<")
    {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->")?.1;
        } else if let Some(meta) = rest.strip_prefix("<meta") {
            let (tag, after) = meta.split_once('>').unwrap_or((meta, ""));
            found = label(tag, "charset");
            rest = after;
        } else {
            rest = &rest[1..];
        }
    }
    let encoding = Encoding::for_label(found?.as_bytes())?;
    // Whoever reads that statement as ASCII has no UTF-16 before him.
    Some(if encoding == UTF_16BE || encoding == UTF_16LE { UTF_8 } else { encoding })
}

/// What stands behind `name` and an equals sign.
fn label<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(name)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c)).unwrap_or(value.len());
    Some(&value[..end])
}

/// The tree of a page, and whether it ends before the page does.
fn parsed(text: &str) -> (Html, bool) {
    let options = ParseOpts {
        // Readers run no scripts: what is in a noscript is what they should see.
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(HtmlTreeSink::new(Html::new_document()), options);
    let mut rest = text;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK.min(rest.len())));
        parser.process(StrTendril::from(chunk));
        rest = after;
        let builder = &parser.tokenizer.sink;
        let open = Open(Cell::new(0));
        builder.trace_handles(&open);
        if open.0.get() > DEEPEST || builder.sink.0.borrow().tree.values().len() > MOST_NODES {
            break;
        }
    }
    (parser.finish(), !rest.is_empty())
}

/// Counts what the parser holds open.
struct Open(Cell<usize>);

impl Tracer for Open {
    type Handle = ego_tree::NodeId;

    fn trace_handle(&self, _: &Self::Handle) {
        self.0.set(self.0.get() + 1);
    }
}

/// Elements between whose text and that around it people see a gap.
const APART: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
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
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// Elements whose text nobody sees.
const UNSEEN: &[&str] = &["script", "style", "template", "noscript", "textarea", "select"];

/// The most text of an element that is a field, in bytes, and the most tags in it: an article is read otherwise.
const LONGEST_TEXT: usize = 64 << 10;
const MOST_TAGS: usize = 20_000;

/// The text of an element as people see it, in one line; of one that is no field but half the page, its beginning.
pub fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    let mut unseen = 0_usize;
    for edge in element.traverse().take(MOST_TAGS) {
        if text.len() > LONGEST_TEXT {
            break;
        }
        let (opens, node) = match edge {
            Edge::Open(node) => (true, node),
            Edge::Close(node) => (false, node),
        };
        match node.value() {
            Node::Text(piece) if opens && unseen == 0 => text.push_str(piece),
            Node::Element(inner) => {
                if UNSEEN.contains(&inner.name()) {
                    unseen = if opens { unseen + 1 } else { unseen.saturating_sub(1) };
                }
                if APART.contains(&inner.name()) {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
    one_line(&text)
}

/// Text without the white space at its ends, and with single blanks.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Against what the addresses in a page are resolved.
#[derive(Debug)]
pub struct Base {
    /// Where the page's addresses start from: absolute where the page states so, else its place below the site's root on
    /// a host that there is not.
    url: Url,
    known: bool,
}

/// A host that no page has.
const NOWHERE: &str = "https://page.invalid/";

impl Base {
    /// Of a page that states its own address, or else of one whose file lies at that path of the site; `href` is that of
    /// its `<base>`.
    pub fn new(own: Option<&str>, relative: &Path, href: Option<&str>) -> Self {
        let nowhere = || Url::parse(NOWHERE).unwrap_or_else(|e| unreachable!("a URL of ours: {e}"));
        let place = || nowhere().join(&page_path(relative)).unwrap_or_else(|_| nowhere());
        let own = own.and_then(|own| web(Url::parse(own).ok()?));
        let url = match href.and_then(|href| own.clone().unwrap_or_else(place).join(href.trim()).ok()) {
            Some(base) => web(base),
            None => own,
        };
        let known = url.as_ref().is_some_and(|url| url.host_str() != Some("page.invalid"));
        Self { url: url.unwrap_or_else(place), known }
    }

    /// Of a page that came from an address, or states one. That it came from is what browsers resolve against; where the page
    /// says that it belongs on another host, it was fetched behind the newspaper's own, and is read as it stands there.
    pub fn of(came: Option<&Url>, stated: Option<&str>, relative: &Path, href: Option<&str>) -> Self {
        let stated_host = stated.and_then(|url| Some(Url::parse(url).ok()?.host_str()?.to_owned()));
        let came = came.filter(|came| stated_host.is_none_or(|host| came.host_str() == Some(&host)));
        Self::new(came.map(Url::as_str).or(stated), relative, href)
    }

    /// An address of the page: absolute, or relative to the site where the page does not tell on which it is. `None` for
    /// what leads to no page or file: scripts, mail, a place on the page itself.
    pub fn resolve(&self, href: &str) -> Option<String> {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') {
            return None;
        }
        let url = web(self.url.join(href).ok()?)?;
        let text = url.to_string();
        if self.known || url.host_str() != Some("page.invalid") {
            return Some(text);
        }
        // From the site's root where the page says so, else below the site's address.
        let path = text.get(NOWHERE.len()..)?;
        Some(if href.starts_with('/') { format!("/{path}") } else { path.to_owned() })
    }
}

/// An address of the web, and no other.
fn web(url: Url) -> Option<Url> {
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The path below the site's root at which a file lies: that of a folder for its `index.html`.
pub fn page_path(relative: &Path) -> String {
    let parts: Vec<String> = relative
        .components()
        .filter_map(|part| match part {
            std::path::Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    let mut path = parts.join("/");
    let name = parts.last().map(String::as_str).unwrap_or_default().to_ascii_lowercase();
    if ["index.html", "index.htm", "index.shtml", "index.xhtml"].contains(&name.as_str()) {
        path.truncate(path.len() - name.len());
    }
    // What has a meaning of its own in an address.
    path.replace('%', "%25").replace('?', "%3F").replace('#', "%23")
}

/// Where a text of the page stands in it, for remarks: its beginning where the page writes it otherwise.
pub fn place_of(page: &Page, text: &str) -> Place {
    let words = text.trim_start().lines().next().unwrap_or_default().trim();
    let at = if words.is_empty() { None } else { page.text.find(words) };
    at.map_or_else(|| Place::new(&page.file, 1, 1), |at| Positions::new(&page.text).at(at).place(&page.file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label_of(head: &str) -> Option<&'static str> {
        stated(head.as_bytes()).map(Encoding::name)
    }

    #[test]
    fn pages_state_their_encoding() {
        for (head, encoding) in [
            ("<meta charset=utf-8>", Some("UTF-8")),
            ("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=Shift_JIS'>", Some("Shift_JIS")),
            ("<meta content=\"text/html;charset = windows-1258\"/>", Some("windows-1258")),
            ("<?xml version='1.0' encoding='euc-jp'?><html>", Some("EUC-JP")),
            ("<!-- <meta charset=big5> --><meta charset=\"gb2312\">", Some("GBK")),
            ("<meta charset=utf-16>", Some("UTF-8")),
            ("<meta name=a><meta charset='latin1'>", Some("windows-1252")),
            ("<meta charset=tcvn3>", None),
            ("<p charset=big5>", None),
            ("<!-- <meta charset=big5>", None),
        ] {
            assert_eq!(label_of(head), encoding, "{head}");
        }
    }

    #[test]
    fn addresses_are_made_whole() {
        let of = |own: Option<&str>, path: &str, base: Option<&str>, href: &str| {
            Base::new(own, Path::new(path), base).resolve(href)
        };
        let here = Some("https://bao.example/tin/1.html");
        assert_eq!(of(here, "a/b.html", None, "2.html").as_deref(), Some("https://bao.example/tin/2.html"));
        assert_eq!(
            of(here, "a/b.html", Some("/x/"), "2.jpg").as_deref(),
            Some("https://bao.example/x/2.jpg")
        );
        assert_eq!(of(None, "a/b.html", None, "c.html").as_deref(), Some("a/c.html"));
        assert_eq!(of(None, "a/b.html", None, "../c d.html").as_deref(), Some("c%20d.html"));
        assert_eq!(of(None, "a/b.html", None, "/c.html").as_deref(), Some("/c.html"));
        assert_eq!(
            of(None, "a/b.html", Some("https://x.example/y/"), "z").as_deref(),
            Some("https://x.example/y/z")
        );
        assert_eq!(of(None, "a/b.html", Some("/y/"), "z").as_deref(), Some("y/z"));
        assert_eq!(of(None, "", None, "//cdn.example/a.png").as_deref(), Some("https://cdn.example/a.png"));
        for nothing in ["", "#x", "javascript:void(0)", "data:,x", "mailto:a@b.vn", "http://["] {
            assert_eq!(of(here, "", None, nothing), None, "{nothing}");
        }
        assert_eq!(page_path(Path::new("tin/1/index.html")), "tin/1/");
        assert_eq!(page_path(Path::new("index.htm")), "");
        assert_eq!(page_path(Path::new("a#b?.html")), "a%23b%3F.html");
    }

    #[test]
    fn what_is_nested_too_deep_ends_there() {
        let deep = format!("<title>x</title>{}<p>y", "<div>".repeat(100_000));
        let (dom, cut) = parsed(&deep);
        assert!(cut && dom.tree.values().len() < 3 * DEEPEST);
        let long = "<p>x".repeat(MOST_NODES);
        assert!(parsed(&long).1);
        let (dom, cut) = parsed("<p>a<br>b <b>c</b>d<script>e</script><div>f</div>");
        assert_eq!((text_of(dom.root_element()).as_str(), cut), ("a b cd f", false));
    }
}
