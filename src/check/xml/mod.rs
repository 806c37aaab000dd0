//! XML read strictly: whatever a conforming parser refuses is refused here, with the place and the reason.
//!
//! The parsers of the field let much pass that is not well-formed (names, attributes, characters, references, the prologue), so
//! that everything would be looked at twice. This one goes over the text once, and what it yields borrows from it. Namespaces
//! are resolved. Nothing outside the document is fetched, and entities are expanded within a budget. Boundary: knows nothing of
//! feeds. Specifications: XML 1.0 <https://www.w3.org/TR/xml/>, Namespaces <https://www.w3.org/TR/xml-names/>.

mod ahead;
mod attributes;
mod decode;
mod entities;
mod names;
mod tags;
mod text;

use std::borrow::Cow;

pub(crate) use attributes::Attribute;
use attributes::is_space_byte;
pub(crate) use decode::{Decoded, Encoding, decode};
use entities::Entities;
pub(crate) use names::is_char;
use names::{BEYOND, CLASSES, COLON, NAME, OTHER, is_name, split};
use tags::{Tag, Tags};
use text::section_end;
pub(crate) use text::{Whole, same_at};

use super::marks::Marks;
use super::names::{Ns, namespace};
use super::survey::Survey;

/// Why reading stopped, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stop {
    pub offset: usize,
    pub message: String,
    /// A limit of this program was met, rather than the document being wrong.
    pub limit: bool,
}

impl Stop {
    #[cold]
    fn new(offset: usize, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { offset, message: message.into(), limit: false })
    }

    #[cold]
    fn limit(offset: usize, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { offset, message: message.into(), limit: true })
    }
}

/// What was read. What there is to say of it stays with the reader: a word is returned faster than a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// A start tag; what it is is in [`Reader::tag`] and [`Reader::attributes`].
    Start,
    End,
    /// Characters; see [`Reader::take_text`].
    Text,
    /// An entity outside the document, which is not fetched; its name is in [`Reader::take_text`].
    External,
    /// The document type declaration.
    Doctype,
    /// An XML declaration of another version than 1.0.
    OtherVersion,
    /// A comment or a processing instruction.
    Other,
    Eof,
}

/// What a start tag is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start<'d> {
    pub ns: Ns,
    pub local: &'d str,
    /// Where the tag's name is remembered: the same number stands for the same name, until it comes as `fresh`.
    pub slot: usize,
    pub fresh: bool,
    /// Where the start tag is remembered, attributes and all: the same number stands for the same tag, until it is read again.
    pub place: usize,
}

/// A namespace declaration in force.
#[derive(Debug, Clone)]
pub(crate) struct Binding<'d> {
    pub prefix: &'d str,
    pub uri: Cow<'d, str>,
    pub ns: Ns,
}

/// Bounds on what is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub depth: usize,
    pub attributes: usize,
}

/// An element that is open.
#[derive(Debug)]
struct Open<'d> {
    name: &'d str,
    /// Where its name begins.
    at: usize,
    /// How many bindings there were before its own.
    declared: usize,
}

/// A reader of one document.
pub(crate) struct Reader<'d> {
    source: &'d str,
    /// Where in `source` text may end.
    marks: Marks,
    /// Where the next token begins.
    at: usize,
    open: Vec<Open<'d>>,
    /// Names of tags met lately.
    tags: Tags<'d>,
    /// Changes whenever the bindings do.
    era: usize,
    bindings: Vec<Binding<'d>>,
    attributes: Vec<Attribute<'d>>,
    /// Where the declarations of the current start tag begin in `bindings`.
    declared: usize,
    entities: Entities<'d>,
    bounds: Bounds,
    /// The start tag read last.
    tag: Start<'d>,
    /// The text of the element that was read whole last.
    whole: Whole<'d>,
    /// The characters read last, and whether they came from a hexadecimal reference.
    text: (Cow<'d, str>, bool),
    /// Offset of the first character that XML forbids, or beyond the end.
    forbidden: usize,
    /// Where the current token begins.
    offset: usize,
    seen_root: bool,
    close_next: bool,
}

impl<'d> Reader<'d> {
    /// Reads `source`, which was [surveyed](super::survey).
    pub(crate) fn new(source: &'d str, bounds: Bounds, survey: Survey) -> Self {
        Self {
            source,
            marks: survey.marks,
            at: 0,
            open: Vec::with_capacity(16),
            tags: Tags::default(),
            era: 0,
            bindings: vec![Binding {
                prefix: "xml",
                uri: Cow::Borrowed("http://www.w3.org/XML/1998/namespace"),
                ns: Ns::Xml,
            }],
            attributes: Vec::new(),
            declared: 1,
            entities: Entities::default(),
            tag: Start { ns: Ns::None, local: "", slot: 0, fresh: false, place: 0 },
            whole: Whole::default(),
            text: (Cow::Borrowed(""), false),
            bounds,
            forbidden: survey.forbidden.unwrap_or(usize::MAX),
            offset: 0,
            seen_root: false,
            close_next: false,
        }
    }

    /// Byte offset at which the token read last begins.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Byte offset at which the token read last ends.
    pub(crate) fn end_offset(&self) -> usize {
        self.at
    }

    /// The start tag read last.
    pub(crate) fn tag(&self) -> Start<'d> {
        self.tag
    }

    /// The characters read last, and whether they came from a hexadecimal reference.
    pub(crate) fn take_text(&mut self) -> (Cow<'d, str>, bool) {
        std::mem::replace(&mut self.text, (Cow::Borrowed(""), false))
    }

    /// Attributes of the start tag read last, declarations of namespaces left out.
    pub(crate) fn attributes(&self) -> &[Attribute<'d>] {
        &self.attributes
    }

    /// Takes the attributes of the start tag read last, until they are [put back](Self::put_attributes).
    pub(crate) fn take_attributes(&mut self) -> Vec<Attribute<'d>> {
        std::mem::take(&mut self.attributes)
    }

    /// Puts attributes back that were taken.
    pub(crate) fn put_attributes(&mut self, attributes: Vec<Attribute<'d>>) {
        self.attributes = attributes;
    }

    /// Namespaces that the start tag read last declares.
    pub(crate) fn declarations(&self) -> &[Binding<'d>] {
        self.bindings.get(self.declared..).unwrap_or_default()
    }

    /// Whether an external subset or the like may define entities that are not seen here.
    pub(crate) fn netscape_dtd(&self) -> bool {
        self.entities.netscape
    }

    /// The first reference to a character by a name that HTML has and XML does not, where one was met: the document is not
    /// well-formed, and was read on.
    pub(crate) fn undefined(&self) -> Option<Stop> {
        self.entities.undefined.as_deref().cloned()
    }

    fn slice(&self, from: usize, to: usize) -> &'d str {
        self.source.get(from..to).unwrap_or_default()
    }

    /// The bytes from an offset on.
    fn bytes(&self, from: usize) -> &'d [u8] {
        self.source.as_bytes().get(from..).unwrap_or_default()
    }

    /// Reads on. `beyond`: white space before markup is of no interest, and is passed over.
    ///
    /// # Errors
    /// The document is not well-formed, or a bound was met.
    pub(crate) fn next(&mut self, beyond: bool) -> Result<Token, Box<Stop>> {
        if self.close_next {
            self.close_next = false;
            self.close();
            return Ok(Token::End);
        }
        let before = self.at;
        let mut from = before;
        if beyond && !self.open.is_empty() {
            let rest = self.bytes(from);
            let skipped = rest.iter().position(|b| !is_space_byte(*b)).unwrap_or(0);
            if rest.get(skipped) == Some(&b'<') {
                from += skipped;
            }
        }
        self.offset = from;
        let token = match self.bytes(from) {
            [b'<', b'/', ..] => self.end(from),
            [b'<', b'!', ..] => self.markup(from),
            [b'<', b'?', ..] => self.instruction(from),
            [b'<', ..] => self.start(before, from),
            [b'&', ..] => self.reference(from),
            [] => self.eof(from),
            rest => self.text(from, rest),
        };
        let read = match &token {
            Ok(_) => self.at,
            Err(stop) => stop.offset,
        };
        if self.forbidden < read { Err(self.forbidden_character()) } else { token }
    }

    #[cold]
    fn forbidden_character(&self) -> Box<Stop> {
        let c = self.source.get(self.forbidden..).and_then(|rest| rest.chars().next()).unwrap_or_default();
        let message = format!("character U+{:04X}, which no XML document may contain", u32::from(c));
        Stop::new(self.forbidden, message)
    }

    fn eof(&self, from: usize) -> Result<Token, Box<Stop>> {
        if let Some(Open { name, .. }) = self.open.last() {
            return Err(Stop::new(from, format!("the document ends before `</{name}>`")));
        }
        if !self.seen_root {
            return Err(Stop::new(from, "the document has no element"));
        }
        Ok(Token::Eof)
    }

    /// A start tag, with white space before it from `before` on.
    fn start(&mut self, before: usize, from: usize) -> Result<Token, Box<Stop>> {
        if self.open.is_empty() {
            if self.seen_root {
                return Err(Stop::new(from, "a second root element"));
            }
            self.seen_root = true;
        }
        if self.open.len() >= self.bounds.depth {
            return Err(Stop::limit(from, format!("elements nested more than {} deep", self.bounds.depth)));
        }
        let (slot, fresh) = match self.expected(from + 1) {
            Some(slot) => (slot, false),
            None => {
                let (name, colon) = self.name(from + 1, "an element")?;
                self.remember(name, from + 1, colon)
            }
        };
        let Tag { name, .. } = self.tags.get(slot);
        let after = from + 1 + name.len();
        self.attributes.clear();
        self.declared = self.bindings.len();
        let empty = match self.bytes(after) {
            [b'>', ..] => {
                self.at = after + 1;
                false
            }
            [b'/', b'>', ..] => {
                self.at = after + 2;
                true
            }
            _ => {
                let read = self.read_attributes(after, slot)?;
                self.declare(from)?;
                if read.prefixed {
                    self.resolve_attributes()?;
                }
                read.empty
            }
        };
        let (ns, local) = self.resolve_tag(slot, from)?;
        self.open.push(Open { name, at: from + 1, declared: self.declared });
        self.close_next = empty;
        let place = self.remember_head(slot, before, from, empty);
        self.tag = Start { ns, local, slot, fresh, place };
        Ok(Token::Start)
    }

    /// The namespace and the local name of a tag.
    #[inline]
    fn resolve_tag(&mut self, slot: usize, from: usize) -> Result<(Ns, &'d str), Box<Stop>> {
        let tag = self.tags.get(slot);
        if tag.era == self.era {
            return Ok((tag.ns, tag.local));
        }
        let name = tag.name;
        let (prefix, local) = match tag.colon {
            false => ("", name),
            true => split(name).ok_or_else(|| {
                Stop::new(from, format!("`{name}` is no qualified name: one colon, and a name on both sides"))
            })?,
        };
        let ns = self.resolve(prefix, true).ok_or_else(|| undeclared(from, prefix))?;
        self.tags.set(slot, Tag { name, local, ns, era: self.era, ..tag });
        Ok((ns, local))
    }

    /// The name that begins at an offset, and whether it has a colon.
    fn name(&self, from: usize, what: &str) -> Result<(&'d str, bool), Box<Stop>> {
        let rest = self.bytes(from);
        let class = |b: u8| CLASSES.get(usize::from(b)).copied().unwrap_or(OTHER);
        let mut end = rest.iter().position(|b| class(*b) != NAME).unwrap_or(rest.len());
        let mut met = 0;
        // Few names go on after their plain letters.
        for b in rest.iter().skip(end) {
            let class = class(*b);
            if class == OTHER {
                break;
            }
            met |= class;
            end += 1;
        }
        let name = self.slice(from, from + end);
        let begins = rest.first().is_some_and(|b| !b.is_ascii_digit() && !matches!(b, b'-' | b'.'));
        if begins && end > 0 && (met & BEYOND == 0 || is_name(name)) {
            return Ok((name, met & COLON != 0));
        }
        let ends = |b: &u8| is_space_byte(*b) || matches!(*b, b'>' | b'=' | b'<');
        let end = rest.iter().position(ends).unwrap_or(rest.len());
        let name = super::finding::shortened(self.slice(from, from + end));
        Err(Stop::new(from, format!("`{name}` is no name of {what}")))
    }

    /// Takes the namespace declarations out of the attributes.
    fn declare(&mut self, from: usize) -> Result<(), Box<Stop>> {
        let declares = |name: &str| name.as_bytes().first() == Some(&b'x') && name.starts_with("xmlns");
        if !self.attributes.iter().any(|attribute| declares(attribute.name)) {
            return Ok(());
        }
        let mut problem = None;
        self.era += 1;
        let bindings = &mut self.bindings;
        self.attributes.retain(|attribute| {
            let prefix = match attribute.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => {
                    let prefix = rest.get(1..).unwrap_or_default();
                    // A name without a colon (Namespaces in XML, 2).
                    if prefix.contains(':') || !is_name(prefix) {
                        problem.get_or_insert((attribute.offset, "a prefix that is no name"));
                    }
                    prefix
                }
                _ => return true,
            };
            let uri = attribute.value.clone();
            if prefix == "xmlns" || (prefix == "xml") != (uri == "http://www.w3.org/XML/1998/namespace") {
                problem.get_or_insert((attribute.offset, "a declaration of a reserved prefix or namespace"));
            }
            if !prefix.is_empty() && uri.is_empty() {
                problem.get_or_insert((attribute.offset, "a prefix bound to no namespace"));
            }
            if uri.contains(char::is_whitespace) {
                problem.get_or_insert((attribute.offset, "white space within the name of a namespace"));
            }
            let ns = namespace(&uri);
            bindings.push(Binding { prefix, uri, ns });
            false
        });
        if self.bindings.len() > self.bounds.attributes {
            return Err(Stop::limit(from, "too many namespaces declared"));
        }
        problem.map_or(Ok(()), |(at, message)| Err(Stop::new(at, message)))
    }

    fn resolve(&self, prefix: &str, element: bool) -> Option<Ns> {
        if prefix.is_empty() && !element {
            return Some(Ns::None);
        }
        // Most elements have no prefix: whether it is empty is asked before it is compared.
        if prefix.is_empty() {
            let default = self.bindings.iter().rev().find(|binding| binding.prefix.is_empty());
            return Some(default.map_or(Ns::None, |binding| binding.ns));
        }
        self.bindings.iter().rev().find(|binding| binding.prefix == prefix).map(|binding| binding.ns)
    }

    /// Whether the prefix of a name stands for the same namespace as another prefix.
    fn is_same(&self, name: &str, prefix: &str) -> bool {
        let uri = |prefix: &str| {
            self.bindings
                .iter()
                .rev()
                .find(|binding| binding.prefix == prefix)
                .map(|binding| binding.uri.as_ref())
        };
        split(name).is_some_and(|(other, _)| !other.is_empty() && uri(other) == uri(prefix))
    }

    fn resolve_attributes(&mut self) -> Result<(), Box<Stop>> {
        for index in 0..self.attributes.len() {
            let Some(attribute) = self.attributes.get(index) else { break };
            let (name, offset) = (attribute.name, attribute.offset);
            if !name.bytes().any(|b| b == b':') {
                continue;
            }
            let (prefix, local) = split(name).ok_or_else(|| {
                Stop::new(
                    offset,
                    format!("`{name}` is no qualified name: one colon, and a name on both sides"),
                )
            })?;
            let ns = self.resolve(prefix, false).ok_or_else(|| undeclared(offset, prefix))?;
            // Two prefixes may stand for one namespace. Among very many attributes that is not looked for.
            let twice = self.attributes.len() < 64
                && self.attributes.iter().take(index).any(|other| {
                    other.ns == ns
                        && other.local == local
                        && other.name != name
                        && self.is_same(other.name, prefix)
                });
            if twice {
                return Err(Stop::new(offset, format!("the attribute `{name}` twice")));
            }
            if let Some(attribute) = self.attributes.get_mut(index) {
                attribute.ns = ns;
                attribute.local = local;
            }
        }
        Ok(())
    }

    fn end(&mut self, from: usize) -> Result<Token, Box<Stop>> {
        if let Some(after) = self.own_end(from) {
            self.at = after;
            self.close();
            return Ok(Token::End);
        }
        let Some(end) = memchr::memchr(b'>', self.bytes(from + 2)) else {
            return Err(Stop::new(from, "a tag that does not end"));
        };
        self.at = from + 2 + end + 1;
        let name = self.slice(from + 2, from + 2 + end).trim_end_matches(attributes::is_space);
        match self.open.last() {
            Some(open) if open.name == name => {
                self.close();
                Ok(Token::End)
            }
            Some(open) => {
                let name = super::finding::shortened(name);
                Err(Stop::new(from, format!("`</{name}>` where `</{}>` was expected", open.name)))
            }
            None => {
                let name = super::finding::shortened(name);
                Err(Stop::new(from, format!("`</{name}>` closes no element")))
            }
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop()
            && self.bindings.len() > open.declared
        {
            self.bindings.truncate(open.declared);
            self.era += 1;
        }
    }

    /// What begins with `<!`: a comment, a CDATA section, the document type declaration.
    fn markup(&mut self, from: usize) -> Result<Token, Box<Stop>> {
        let rest = self.bytes(from);
        if let Some(body) = rest.strip_prefix(b"<![CDATA[") {
            if self.open.is_empty() {
                return Err(Stop::new(from, "a CDATA section outside the root element"));
            }
            let end =
                section_end(body).ok_or_else(|| Stop::new(from, "a CDATA section that does not end"))?;
            let begin = from + (rest.len() - body.len());
            self.at = begin + end + "]]>".len();
            self.text = (Cow::Borrowed(self.slice(begin, begin + end)), false);
            return Ok(Token::Text);
        }
        if let Some(body) = rest.strip_prefix(b"<!--") {
            let end = memchr::memmem::find(body, b"--")
                .ok_or_else(|| Stop::new(from, "a comment that does not end"))?;
            if body.get(end + 2) != Some(&b'>') {
                return Err(Stop::new(from, "`--` within a comment"));
            }
            self.at = from + "<!--".len() + end + "-->".len();
            return Ok(Token::Other);
        }
        if let Some(body) = rest.strip_prefix(b"<!DOCTYPE") {
            if self.seen_root {
                let message = "a document type declaration after the root element began";
                return Err(Stop::new(from, message));
            }
            let end = entities::declaration_end(body)
                .ok_or_else(|| Stop::new(from, "a document type declaration that does not end"))?;
            let begin = from + "<!DOCTYPE".len();
            self.at = begin + end + 1;
            self.entities.declare(self.slice(begin, begin + end), from)?;
            return Ok(Token::Doctype);
        }
        Err(Stop::new(from, "`<!` that begins neither a comment nor a CDATA section"))
    }

    /// What begins with `<?`: the XML declaration, a processing instruction.
    fn instruction(&mut self, from: usize) -> Result<Token, Box<Stop>> {
        let end = memchr::memmem::find(self.bytes(from), b"?>")
            .ok_or_else(|| Stop::new(from, "a processing instruction that does not end"))?;
        self.at = from + end + "?>".len();
        let body = self.slice(from + "<?".len(), from + end);
        let target = body.split(attributes::is_space).next().unwrap_or_default();
        if target == "xml" && from == 0 {
            let body = body.get("xml".len()..).unwrap_or_default();
            let usual = decode::check_declaration(body).map_err(|message| Stop::new(from, message))?;
            return Ok(if usual { Token::Other } else { Token::OtherVersion });
        }
        if target.eq_ignore_ascii_case("xml") {
            return Err(Stop::new(from, "the XML declaration is not at the very beginning"));
        }
        if !is_name(target) {
            return Err(Stop::new(from, "a processing instruction without a name"));
        }
        Ok(Token::Other)
    }
}

fn undeclared(offset: usize, prefix: &str) -> Box<Stop> {
    Stop::new(offset, format!("the prefix `{prefix}` is not declared"))
}

#[cfg(test)]
mod tests;
