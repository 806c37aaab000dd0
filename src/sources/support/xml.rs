//! XML as it comes (<https://www.w3.org/TR/xml/>): elements out of a stream, each with its place, whatever is wrong with
//! what stands between them.
//!
//! Written for feeds that no strict parser reads: bare `&`, references that only HTML knows, `<` in text, HTML that was not
//! escaped, tags that are not closed, bytes that are not in the encoding that is declared, junk before the declaration, an
//! end that is missing. One element is in memory at a time, of [`LARGEST`] bytes at most.

use super::super::Options;
use super::encoding;
use super::tree::At;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::VecDeque;
use std::io::{self, BufRead, Cursor, Read};

mod element;

pub use element::{Element, Node, escaped};

/// The largest element that is read, in bytes.
pub const LARGEST: u64 = 64 << 20;

/// How much of a file is looked at before it is read: its declaration, and whether that is true.
const HEAD: u64 = 64 << 10;

/// Elements within elements that are told apart; what lies deeper is taken for text of the deepest.
const DEEPEST: usize = 200;

/// The names that [`Xml`] gives elements of these namespaces, whatever prefix a file uses. A namespace of RSS itself has no
/// prefix. Compared without case, and without `/` and `#` at the end.
const NAMESPACES: &[(&str, &str)] = &[
    ("http://www.w3.org/2005/atom", "atom"),
    ("http://purl.org/atom/ns", "atom"),
    ("http://purl.org/rss/1.0", ""),
    ("http://my.netscape.com/rdf/simple/0.9", ""),
    ("http://channel.netscape.com/rdf/simple/0.9", ""),
    ("http://my.netscape.com/publish/formats/rss-0.91.dtd", ""),
    ("http://backend.userland.com/rss2", ""),
    ("http://backend.userland.com/rss", ""),
    ("http://blogs.law.harvard.edu/tech/rss", ""),
    ("http://cyber.law.harvard.edu/rss", ""),
    ("http://www.rssboard.org/rss-specification", ""),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("http://www.w3.org/1999/xhtml", "html"),
    ("http://purl.org/dc/elements/1.0", "dc"),
    ("http://purl.org/dc/elements/1.1", "dc"),
    ("http://purl.org/dc/terms", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content", "content"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://www.rssboard.org/media-rss", "media"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://rssnamespace.org/feedburner/ext/1.0", "feedburner"),
    ("http://purl.org/atompub/tombstones/1.0", "at"),
    ("http://wordpress.org/export/1.0", "wp"),
    ("http://wordpress.org/export/1.1", "wp"),
    ("http://wordpress.org/export/1.2", "wp"),
    ("http://wordpress.org/export/1.0/excerpt", "excerpt"),
    ("http://wordpress.org/export/1.1/excerpt", "excerpt"),
    ("http://wordpress.org/export/1.2/excerpt", "excerpt"),
];

/// A start tag.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The name as it is written.
    raw: String,
    /// The name by which the element is known: `dc:creator`, `item`, `atom:entry`.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Whether the element ends at once.
    empty: bool,
    pub at: At,
}

impl Tag {
    /// The name as it is written.
    pub fn written(&self) -> &str {
        &self.raw
    }

    /// Whether the element ends with this tag.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// An attribute by its whole name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What comes next in a file.
#[derive(Debug)]
enum Token {
    Start(Tag),
    End(String),
    Text(String),
    /// The file ends.
    Over,
}

/// What comes next between elements that are read whole.
#[derive(Debug)]
pub enum Part {
    Start(Tag),
    /// The end of an element, by the name as it is written.
    End(String),
    /// The file ends.
    Over,
}

/// How the reading of an element ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As it should, or where the next of its kind begins.
    Whole,
    /// With the file.
    Cut,
}

/// A file that is being read.
pub struct Xml<'a> {
    /// `None` only while it is replaced.
    reader: Option<Reader<Counted<'a>>>,
    buffer: Vec<u8>,
    ahead: VecDeque<Token>,
    /// What text is in that is not UTF-8.
    fallback: &'static Encoding,
    /// Whether feeds.toml or the file's declaration says so.
    told: bool,
    /// Prefixes of the file as a whole, and the names they stand for.
    prefixes: Vec<(String, String)>,
    /// Where the first text stands that was not in the encoding that was to be expected.
    pub astray: Option<At>,
}

impl<'a> Xml<'a> {
    pub fn open(reader: Box<dyn BufRead + 'a>, options: &Options) -> io::Result<Self> {
        let mut reader = encoding::open(reader, options.encoding)?;
        let mut head = Vec::new();
        reader.by_ref().take(HEAD).read_to_end(&mut head)?;
        let declared = declared(&head);
        let fallback = declared.filter(|encoding| encoding.is_ascii_compatible()).unwrap_or(WINDOWS_1252);
        let told = declared.is_some_and(|encoding| encoding == fallback && encoding != UTF_8);
        let fallback = if fallback == UTF_8 { WINDOWS_1252 } else { fallback };
        // A file in an encoding of several bytes a character must be decoded before its tags are looked for; one that is
        // UTF-8 after all must not.
        let whole = match declared.filter(|encoding| *encoding != UTF_8 && !encoding.is_single_byte()) {
            Some(encoding) if encoding.is_ascii_compatible() || encoding == encoding_rs::ISO_2022_JP => {
                let is_utf_8 = is_utf_8(&head) && (!head.is_ascii() || !head.contains(&0x1B));
                (!is_utf_8).then_some(encoding)
            }
            _ => None,
        };
        let rest: Box<dyn BufRead + 'a> = Box::new(Cursor::new(head).chain(reader));
        let inner = if whole.is_some() { encoding::open(rest, whole)? } else { rest };
        let counted = Counted { inner, at: (1, 1), bytes: 0, mark: 0 };
        Ok(Self {
            reader: Some(lenient(counted)),
            buffer: Vec::new(),
            ahead: VecDeque::new(),
            fallback,
            told,
            prefixes: Vec::new(),
            astray: None,
        })
    }

    /// Where the file is read.
    pub fn at(&self) -> At {
        self.reader.as_ref().map_or((1, 1), |reader| reader.get_ref().at)
    }

    /// Whether the end that was met is not that of the file: an element is larger than [`LARGEST`].
    pub fn is_too_large(&self) -> bool {
        self.reader.as_ref().is_some_and(|reader| reader.get_ref().is_over())
    }

    /// The encoding in which text is read that is not UTF-8.
    pub fn fallback(&self) -> &'static str {
        self.fallback.name()
    }

    /// The next tag. Text is passed over.
    pub fn part(&mut self) -> io::Result<Part> {
        loop {
            if self.ahead.is_empty()
                && let Some(reader) = &mut self.reader
            {
                reader.get_mut().begin();
            }
            match self.token()? {
                Token::Text(_) => {}
                Token::End(raw) => return Ok(Part::End(raw)),
                Token::Over => return Ok(Part::Over),
                Token::Start(mut tag) => {
                    tag.name = name(&tag, &[], &self.prefixes);
                    return Ok(Part::Start(tag));
                }
            }
        }
    }

    /// Takes the prefixes that a tag declares for those of the file as a whole. `default` is what names without a prefix are
    /// of where nothing is declared for them.
    pub fn enter(&mut self, tag: &Tag, default: &str) {
        for (prefix, name) in declarations(&tag.attributes) {
            // RSS in the namespace of Atom is RSS.
            let name = if prefix.is_empty() { default.to_owned() } else { name };
            self.prefixes.retain(|(known, _)| *known != prefix);
            if self.prefixes.len() < DEEPEST {
                self.prefixes.push((prefix, name));
            }
        }
        if !default.is_empty() && self.prefixes.iter().all(|(prefix, _)| !prefix.is_empty()) {
            self.prefixes.push((String::new(), default.to_owned()));
        }
    }

    /// The element of that tag, to its end. Of elements that `wanted` does not name nothing is kept; `within` are the
    /// elements around it, whose end is its end too.
    pub fn element(
        &mut self,
        tag: Tag,
        within: &[String],
        wanted: &dyn Fn(&str) -> bool,
    ) -> io::Result<(Element, Ending)> {
        let (raw, of_root) = (tag.raw.clone(), tag.name.clone());
        let empty = tag.empty;
        let mut open = vec![Open::new(tag)];
        if empty {
            return Ok((closed(open), Ending::Whole));
        }
        loop {
            match self.token()? {
                Token::Text(text) => {
                    if let Some(last) = open.last_mut().filter(|last| last.kept) {
                        last.element.push_text(&text);
                    }
                }
                Token::Start(mut tag) => {
                    tag.name = name(&tag, &open, &self.prefixes);
                    let is_next =
                        tag.raw == raw && tag.name == of_root && (of_root == "item" || open.len() == 1);
                    if is_next {
                        self.ahead.push_front(Token::Start(tag));
                        return Ok((closed(open), Ending::Whole));
                    }
                    let kept = open.last().is_some_and(|last| last.kept) && wanted(&tag.name);
                    let empty = tag.empty;
                    if open.len() < DEEPEST {
                        let mut child = Open::new(tag);
                        child.kept = kept;
                        open.push(child);
                        if empty {
                            close_last(&mut open);
                        }
                    }
                }
                Token::End(end) if end == raw => return Ok((closed(open), Ending::Whole)),
                Token::End(end) => {
                    if let Some(index) = open.iter().rposition(|element| element.raw == end) {
                        while open.len() > index.max(1) {
                            close_last(&mut open);
                        }
                    } else if within.contains(&end) {
                        self.ahead.push_front(Token::End(end));
                        return Ok((closed(open), Ending::Whole));
                    }
                }
                Token::Over => {
                    self.ahead.push_front(Token::Over);
                    return Ok((closed(open), Ending::Cut));
                }
            }
        }
    }

    fn token(&mut self) -> io::Result<Token> {
        loop {
            if let Some(token) = self.ahead.pop_front() {
                return Ok(token);
            }
            self.buffer.clear();
            let Some(reader) = &mut self.reader else { return Ok(Token::Over) };
            let at = reader.get_ref().at;
            match reader.read_event_into(&mut self.buffer) {
                Ok(Event::Eof) => return Ok(Token::Over),
                Ok(event) => {
                    let mut tokens =
                        Tokens { fallback: self.fallback, strays: false, found: &mut self.ahead };
                    tokens.take(event, at);
                    if tokens.strays && !self.told && self.astray.is_none() {
                        self.astray = Some(at);
                    }
                }
                Err(quick_xml::Error::Io(error)) => {
                    return Err(io::Error::new(error.kind(), error.to_string()));
                }
                // What was met is passed over; a reader that was stopped by it goes on behind it.
                Err(quick_xml::Error::Syntax(_)) => {
                    self.reader = self.reader.take().map(|reader| lenient(reader.into_inner()));
                }
                Err(_) => {}
            }
        }
    }
}

fn lenient(inner: Counted<'_>) -> Reader<Counted<'_>> {
    let mut reader = Reader::from_reader(inner);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    config.check_comments = false;
    reader
}

/// The encoding that an XML declaration at the beginning states.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let start = head.windows(5).take(1024).position(|five| five == b"<?xml")?;
    let declaration = head.get(start..)?.split(|b| *b == b'>').next()?;
    let text = String::from_utf8_lossy(declaration);
    let (_, value) = text.split_once("encoding")?;
    let label = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = label.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Encoding::for_label(label.get(1..)?.split(quote).next()?.trim().as_bytes())
}

/// Whether bytes are UTF-8, but for a character that is cut at their end.
fn is_utf_8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// Tokens out of the events of quick-xml.
struct Tokens<'t> {
    fallback: &'static Encoding,
    /// Whether something was not UTF-8.
    strays: bool,
    found: &'t mut VecDeque<Token>,
}

impl Tokens<'_> {
    fn take(&mut self, event: Event<'_>, at: At) {
        match event {
            Event::Start(tag) => self.tag(&tag, false, at),
            Event::Empty(tag) => self.tag(&tag, true, at),
            Event::End(tag) => {
                let raw = self.decoded(tag.name().as_ref());
                let raw = raw.split_whitespace().next().unwrap_or_default().to_owned();
                self.found.push_back(Token::End(raw));
            }
            Event::Text(text) => {
                let text = self.decoded(&text);
                self.text(text);
            }
            Event::CData(text) => {
                let text = self.decoded(&text);
                self.text(text);
            }
            Event::GeneralRef(reference) => {
                let reference = format!("&{};", self.decoded(&reference));
                self.text(referred(&reference));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
    }

    fn text(&mut self, text: String) {
        if !text.is_empty() {
            self.found.push_back(Token::Text(text));
        }
    }

    fn tag(&mut self, tag: &BytesStart<'_>, empty: bool, at: At) {
        let name = tag.name();
        let is_name = |bytes: &[u8]| {
            bytes.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80)
                && !bytes.contains(&b'<')
        };
        if !is_name(name.as_ref()) {
            return self.no_tag(tag, empty, at);
        }
        let raw = self.decoded(name.as_ref());
        let mut attributes = Vec::new();
        let mut found = tag.html_attributes();
        for attribute in found.with_checks(false).flatten() {
            let value = self.decoded(&attribute.value);
            attributes.push((
                self.decoded(attribute.key.as_ref()),
                htmlize::unescape_attribute(value.as_str()).into_owned(),
            ));
        }
        self.found.push_back(Token::Start(Tag { name: raw.clone(), raw, attributes, empty, at }));
    }

    /// A `<` that begins no tag is text, up to the tag that it was read together with.
    fn no_tag(&mut self, bytes: &[u8], empty: bool, at: At) {
        let end = if empty { "/>" } else { ">" };
        let last = bytes.iter().rposition(|b| *b == b'<');
        let (before, after) = match last.and_then(|last| bytes.split_at_checked(last)) {
            Some((before, after)) => (before, after.get(1..).unwrap_or_default()),
            None => (bytes, &[][..]),
        };
        let is_end = after.first() == Some(&b'/');
        let begins = after.get(usize::from(is_end)).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        if !begins {
            let text = format!("<{}{end}", self.decoded(bytes));
            return self.text(text);
        }
        let text = format!("<{}", self.decoded(before));
        self.text(text);
        let after = self.decoded(after);
        if is_end {
            let raw = after.trim_start_matches('/').split_whitespace().next().unwrap_or_default().to_owned();
            self.found.push_back(Token::End(raw));
        } else {
            let length = after.find(char::is_whitespace).unwrap_or(after.len());
            self.tag(&BytesStart::from_content(after, length), empty, at);
        }
    }

    /// Bytes as text: UTF-8, or what the file is in else.
    fn decoded(&mut self, bytes: &[u8]) -> String {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => {
                self.strays = true;
                let lossy = String::from_utf8_lossy(bytes);
                let broken = lossy.chars().filter(|c| *c == '\u{FFFD}').count();
                let whole = lossy.chars().filter(|c| !c.is_ascii()).count() - broken;
                match whole > broken {
                    // A character that was cut in two.
                    true => lossy.replace('\u{FFFD}', ""),
                    false => self.fallback.decode_without_bom_handling(bytes).0.into_owned(),
                }
            }
        }
    }
}

/// What a reference (`&nbsp;`) stands for: any that HTML knows, and what is none as it is written.
fn referred(reference: &str) -> String {
    let name = reference.trim_start_matches('&').trim_end_matches(';');
    let plausible = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
    match plausible.then(|| htmlize::unescape(reference)) {
        Some(text) if text == "\u{FFFD}" => String::new(),
        Some(text) => text.into_owned(),
        None => reference.to_owned(),
    }
}

/// The namespaces that attributes declare: prefix, and the name for it.
fn declarations(attributes: &[(String, String)]) -> impl Iterator<Item = (String, String)> {
    attributes.iter().filter_map(|(key, uri)| {
        let prefix = match key.strip_prefix("xmlns") {
            Some("") => "",
            Some(rest) => rest.strip_prefix(':')?,
            None => return None,
        };
        let uri = uri.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
        let uri = uri.replacen("https://", "http://", 1);
        let known = NAMESPACES.iter().find(|(known, _)| *known == uri).map(|(_, name)| *name);
        Some((prefix.to_owned(), known.unwrap_or(prefix).to_owned()))
    })
}

/// The name by which the element of a tag is known.
fn name(tag: &Tag, open: &[Open], prefixes: &[(String, String)]) -> String {
    let (prefix, local) = tag.raw.split_once(':').unwrap_or(("", &tag.raw));
    let own = declarations(&tag.attributes).find(|(known, _)| known == prefix).map(|(_, name)| name);
    let around = || {
        let declared = open.iter().rev().flat_map(|open| open.declared.iter().rev());
        declared.chain(prefixes.iter()).find(|(known, _)| known == prefix).map(|(_, name)| name.clone())
    };
    match own.or_else(around).unwrap_or_else(|| prefix.to_ascii_lowercase()).as_str() {
        "" => local.to_owned(),
        name => format!("{name}:{local}"),
    }
}

/// An element whose end has not been met.
struct Open {
    raw: String,
    declared: Vec<(String, String)>,
    element: Element,
    kept: bool,
}

impl Open {
    fn new(tag: Tag) -> Self {
        let declared = declarations(&tag.attributes).take(DEEPEST).collect();
        let Tag { raw, name, attributes, at, .. } = tag;
        Self { raw, declared, element: Element { name, attributes, nodes: Vec::new(), at }, kept: true }
    }
}

fn close_last(open: &mut Vec<Open>) {
    let Some(last) = open.pop().filter(|last| last.kept) else { return };
    if let Some(parent) = open.last_mut() {
        parent.element.nodes.push(Node::Element(last.element));
    }
}

/// The first of the open elements, all of them closed.
fn closed(mut open: Vec<Open>) -> Element {
    while open.len() > 1 {
        close_last(&mut open);
    }
    open.pop().map(|open| open.element).unwrap_or_default()
}

/// A reader that knows the place of what comes next, and ends where an element is too large.
struct Counted<'a> {
    inner: Box<dyn BufRead + 'a>,
    at: At,
    /// Bytes read.
    bytes: u64,
    /// How many there were where the element begins.
    mark: u64,
}

impl Counted<'_> {
    fn begin(&mut self) {
        if !self.is_over() {
            self.mark = self.bytes;
        }
    }

    fn is_over(&self) -> bool {
        self.bytes - self.mark > LARGEST
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.is_over() { Ok(&[]) } else { self.inner.fill_buf() }
    }

    fn consume(&mut self, count: usize) {
        // What is consumed lies in the buffer already: it is not read here.
        if let Some(bytes) = self.inner.fill_buf().ok().and_then(|bytes| bytes.get(..count)) {
            let last = match memchr::memrchr(b'\n', bytes) {
                Some(newline) => {
                    self.at = (self.at.0 + memchr::memchr_iter(b'\n', bytes).count() as u64, 1);
                    bytes.get(newline + 1..).unwrap_or_default()
                }
                None => bytes,
            };
            self.at.1 += last.iter().filter(|b| **b & 0xC0 != 0x80).count() as u64;
        }
        self.bytes += count as u64;
        self.inner.consume(count);
    }
}

#[cfg(test)]
mod tests;
