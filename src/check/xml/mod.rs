//! XML read strictly: whatever a conforming parser refuses is refused here, with the place and the reason.
//!
//! quick-xml finds where events begin and end; it lets much pass that is not well-formed, so names, attributes, characters,
//! references, comments and the prologue are checked here. Namespaces are resolved. Nothing outside the document is fetched, and
//! entities are expanded within a budget. Boundary: knows nothing of feeds. Specifications: XML 1.0
//! <https://www.w3.org/TR/xml/>, Namespaces <https://www.w3.org/TR/xml-names/>.

mod attributes;
mod decode;
mod entities;

use std::borrow::Cow;

use quick_xml::Reader as Events;
use quick_xml::events::Event;

pub(crate) use attributes::Attribute;
pub(crate) use decode::{Decoded, Encoding, decode};
use entities::{Entities, Resolved};

use super::names::{Ns, namespace};

/// Why reading stopped, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stop {
    pub offset: usize,
    pub message: String,
    /// A limit of this program was met, rather than the document being wrong.
    pub limit: bool,
}

impl Stop {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into(), limit: false }
    }

    fn limit(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into(), limit: true }
    }
}

/// What was read.
#[derive(Debug)]
pub(crate) enum Token<'d> {
    /// A start tag; its attributes are in [`Reader::attributes`].
    Start {
        ns: Ns,
        local: &'d str,
    },
    End,
    /// Characters. `hex`: they came from a hexadecimal reference.
    Text {
        text: Cow<'d, str>,
        hex: bool,
    },
    /// An entity outside the document, which is not fetched.
    External(&'d str),
    /// The document type declaration.
    Doctype,
    /// An XML declaration of another version than 1.0.
    OtherVersion,
    /// A comment or a processing instruction.
    Other,
    Eof,
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

/// A reader of one document.
pub(crate) struct Reader<'d> {
    source: &'d str,
    events: Events<&'d [u8]>,
    open: Vec<(&'d str, usize)>,
    bindings: Vec<Binding<'d>>,
    attributes: Vec<Attribute<'d>>,
    /// Where the declarations of the current start tag begin in `bindings`.
    declared: usize,
    entities: Entities<'d>,
    bounds: Bounds,
    /// Offset of the first character that XML forbids.
    forbidden: Option<usize>,
    /// Where the current token begins.
    offset: usize,
    seen_root: bool,
    close_next: bool,
}

impl<'d> Reader<'d> {
    pub(crate) fn new(source: &'d str, bounds: Bounds) -> Self {
        let mut events = Events::from_reader(source.as_bytes());
        let config = events.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Self {
            source,
            events,
            open: Vec::new(),
            bindings: vec![Binding {
                prefix: "xml",
                uri: Cow::Borrowed("http://www.w3.org/XML/1998/namespace"),
                ns: Ns::Xml,
            }],
            attributes: Vec::new(),
            declared: 1,
            entities: Entities::default(),
            bounds,
            forbidden: forbidden_character(source),
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
        self.position()
    }

    /// Attributes of the start tag read last, declarations of namespaces left out.
    pub(crate) fn attributes(&self) -> &[Attribute<'d>] {
        &self.attributes
    }

    /// Namespaces that the start tag read last declares.
    pub(crate) fn declarations(&self) -> &[Binding<'d>] {
        self.bindings.get(self.declared..).unwrap_or_default()
    }

    /// Whether an external subset or the like may define entities that are not seen here.
    pub(crate) fn netscape_dtd(&self) -> bool {
        self.entities.netscape
    }

    fn position(&self) -> usize {
        usize::try_from(self.events.buffer_position()).unwrap_or(usize::MAX).min(self.source.len())
    }

    fn slice(&self, from: usize, to: usize) -> &'d str {
        self.source.get(from..to).unwrap_or_default()
    }

    /// Reads on.
    ///
    /// # Errors
    /// The document is not well-formed, or a bound was met.
    pub(crate) fn next(&mut self) -> Result<Token<'d>, Stop> {
        if self.close_next {
            self.close_next = false;
            self.close();
            return Ok(Token::End);
        }
        let from = self.position();
        self.offset = from;
        let event = match self.events.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = usize::try_from(self.events.error_position()).unwrap_or(from).max(from);
                return Err(self.earliest(Stop::new(at.min(self.source.len()), error.to_string())));
            }
        };
        let to = self.position();
        if let Some(at) = self.forbidden
            && at < to
        {
            let c = self.source.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
            return Err(Stop::new(
                at,
                format!("character U+{:04X}, which no XML document may contain", u32::from(c)),
            ));
        }
        match event {
            Event::Start(_) => self.start(from, to, false),
            Event::Empty(_) => self.start(from, to, true),
            Event::End(_) => self.end(from, to),
            Event::Text(_) => self.text(from, to),
            Event::CData(_) => {
                if self.open.is_empty() {
                    return Err(Stop::new(from, "a CDATA section outside the root element"));
                }
                let text = self.slice(from + "<![CDATA[".len(), to.saturating_sub("]]>".len()));
                Ok(Token::Text { text: Cow::Borrowed(text), hex: false })
            }
            Event::GeneralRef(_) => self.reference(from, to),
            Event::Comment(_) => {
                let text = self.slice(from + 4, to.saturating_sub(3));
                if text.contains("--") || text.ends_with('-') {
                    return Err(Stop::new(from, "`--` within a comment"));
                }
                Ok(Token::Other)
            }
            Event::Decl(_) => self.declaration(from, to),
            Event::PI(_) => self.instruction(from, to),
            Event::DocType(_) => self.doctype(from, to),
            Event::Eof => {
                if let Some((name, _)) = self.open.last() {
                    return Err(Stop::new(from, format!("the document ends before `</{name}>`")));
                }
                if !self.seen_root {
                    return Err(Stop::new(from, "the document has no element"));
                }
                Ok(Token::Eof)
            }
        }
    }

    fn earliest(&self, stop: Stop) -> Stop {
        match self.forbidden {
            Some(at) if at < stop.offset => Stop::new(at, "a character that no XML document may contain"),
            _ => stop,
        }
    }

    fn start(&mut self, from: usize, to: usize, empty: bool) -> Result<Token<'d>, Stop> {
        if self.open.is_empty() {
            if self.seen_root {
                return Err(Stop::new(from, "a second root element"));
            }
            self.seen_root = true;
        }
        if self.open.len() >= self.bounds.depth {
            return Err(Stop::limit(from, format!("elements nested more than {} deep", self.bounds.depth)));
        }
        let tag = self.slice(from + 1, to.saturating_sub(if empty { 2 } else { 1 }));
        let name_end = tag.bytes().position(attributes::is_space_byte).unwrap_or(tag.len());
        let (name, rest) = tag.split_at_checked(name_end).unwrap_or((tag, ""));
        if !is_name(name) {
            return Err(Stop::new(
                from,
                format!("`{}` is no name of an element", super::finding::shortened(name)),
            ));
        }
        self.attributes.clear();
        let base = from + 1 + name_end;
        attributes::parse(rest, base, &mut self.attributes, self.bounds.attributes, &mut self.entities)?;
        self.declared = self.bindings.len();
        self.declare(from)?;
        let (prefix, local) =
            split(name).ok_or_else(|| Stop::new(from, format!("`{name}` has too many colons")))?;
        let ns = self.resolve(prefix, true).ok_or_else(|| undeclared(from, prefix))?;
        self.resolve_attributes()?;
        self.open.push((name, self.declared));
        self.close_next = empty;
        Ok(Token::Start { ns, local })
    }

    /// Takes the namespace declarations out of the attributes.
    fn declare(&mut self, from: usize) -> Result<(), Stop> {
        let mut problem = None;
        let bindings = &mut self.bindings;
        self.attributes.retain(|attribute| {
            let prefix = match attribute.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => rest.get(1..).unwrap_or_default(),
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

    fn resolve_attributes(&mut self) -> Result<(), Stop> {
        for index in 0..self.attributes.len() {
            let Some(attribute) = self.attributes.get(index) else { break };
            let (name, offset) = (attribute.name, attribute.offset);
            if !name.bytes().any(|b| b == b':') {
                continue;
            }
            let (prefix, local) =
                split(name).ok_or_else(|| Stop::new(offset, format!("`{name}` has too many colons")))?;
            let ns = self.resolve(prefix, false).ok_or_else(|| undeclared(offset, prefix))?;
            let twice = self.attributes.iter().take(index).any(|other| {
                other.ns == ns
                    && other.local == local
                    && other.name != name
                    && !matches!(ns, Ns::Unknown | Ns::Heard)
            });
            if twice && self.attributes.len() < 64 {
                return Err(Stop::new(offset, format!("the attribute `{name}` twice")));
            }
            if let Some(attribute) = self.attributes.get_mut(index) {
                attribute.ns = ns;
                attribute.local = local;
            }
        }
        Ok(())
    }

    fn end(&mut self, from: usize, to: usize) -> Result<Token<'d>, Stop> {
        let name = self.slice(from + 2, to.saturating_sub(1)).trim_end_matches(attributes::is_space);
        match self.open.last() {
            Some((open, _)) if *open == name => {
                self.close();
                Ok(Token::End)
            }
            Some((open, _)) => Err(Stop::new(from, format!("`</{name}>` where `</{open}>` was expected"))),
            None => Err(Stop::new(from, format!("`</{name}>` closes no element"))),
        }
    }

    fn close(&mut self) {
        if let Some((_, bindings)) = self.open.pop() {
            self.bindings.truncate(bindings);
        }
    }

    fn text(&mut self, from: usize, to: usize) -> Result<Token<'d>, Stop> {
        let text = self.slice(from, to);
        if self.open.is_empty() {
            let text = text.strip_prefix('\u{feff}').filter(|_| from == 0).unwrap_or(text);
            if let Some(at) = text.find(|c: char| !attributes::is_space(c)) {
                return Err(Stop::new(from + at, "text outside the root element"));
            }
            return Ok(Token::Other);
        }
        // The bracket first: it is rare, and found fast.
        if memchr::memchr(b']', text.as_bytes()).is_some()
            && let Some(at) = text.find("]]>")
        {
            return Err(Stop::new(from + at, "`]]>` within text"));
        }
        Ok(Token::Text { text: Cow::Borrowed(text), hex: false })
    }

    fn reference(&mut self, from: usize, to: usize) -> Result<Token<'d>, Stop> {
        let name = self.slice(from + 1, to.saturating_sub(1));
        if self.open.is_empty() {
            return Err(Stop::new(from, "a reference outside the root element"));
        }
        match self.entities.resolve(name, from)? {
            Resolved::Character(c, hex) => {
                let text = match c {
                    '&' => Cow::Borrowed("&"),
                    '<' => Cow::Borrowed("<"),
                    '>' => Cow::Borrowed(">"),
                    '"' => Cow::Borrowed("\""),
                    '\'' => Cow::Borrowed("'"),
                    other => Cow::Owned(other.to_string()),
                };
                Ok(Token::Text { text, hex })
            }
            Resolved::Text(text) => Ok(Token::Text { text: Cow::Owned(text), hex: false }),
            Resolved::External => Ok(Token::External(name)),
        }
    }

    fn declaration(&mut self, from: usize, to: usize) -> Result<Token<'d>, Stop> {
        if from != 0 {
            return Err(Stop::new(from, "the XML declaration is not at the very beginning"));
        }
        let body = self.slice(from + 5, to.saturating_sub(2));
        let usual = decode::check_declaration(body).map_err(|message| Stop::new(from, message))?;
        Ok(if usual { Token::Other } else { Token::OtherVersion })
    }

    fn instruction(&mut self, from: usize, to: usize) -> Result<Token<'d>, Stop> {
        let body = self.slice(from + 2, to.saturating_sub(2));
        let target = body.split(attributes::is_space).next().unwrap_or_default();
        if target.eq_ignore_ascii_case("xml") {
            return Err(Stop::new(from, "the XML declaration is not at the very beginning"));
        }
        if !is_name(target) {
            return Err(Stop::new(from, "a processing instruction without a name"));
        }
        Ok(Token::Other)
    }

    fn doctype(&mut self, from: usize, to: usize) -> Result<Token<'d>, Stop> {
        if self.seen_root {
            return Err(Stop::new(from, "a document type declaration after the root element began"));
        }
        let body = self.slice(from + "<!DOCTYPE".len(), to.saturating_sub(1));
        self.entities.declare(body, from)?;
        Ok(Token::Doctype)
    }
}

fn undeclared(offset: usize, prefix: &str) -> Stop {
    Stop::new(offset, format!("the prefix `{prefix}` is not declared"))
}

/// A qualified name taken apart; `None` where it has too many colons or an empty half.
fn split(name: &str) -> Option<(&str, &str)> {
    let Some(colon) = name.bytes().position(|b| b == b':') else { return Some(("", name)) };
    let (prefix, local) = (name.get(..colon)?, name.get(colon + 1..)?);
    (!prefix.is_empty() && !local.is_empty() && !local.contains(':')).then_some((prefix, local))
}

/// Whether `name` is a Name of XML 1.0.
fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let plain = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_' || b == b':')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-' | b'.'));
    if plain {
        return true;
    }
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

fn is_name_start(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}' | '\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}')
}

/// Whether XML 1.0's Char holds `c`.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Offset of the first character that no XML document may contain. Looks at blocks, since there hardly ever is one.
fn forbidden_character(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let suspicious = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || b == 0xef;
    for (index, block) in bytes.chunks(256).enumerate() {
        if !block.iter().fold(false, |any, b| any | suspicious(*b)) {
            continue;
        }
        for (at, b) in block.iter().enumerate().filter(|(_, b)| suspicious(**b)) {
            let offset = index * 256 + at;
            if *b != 0xef {
                return Some(offset);
            }
            if matches!(bytes.get(offset + 1..offset + 3), Some([0xbf, 0xbe | 0xbf])) {
                return Some(offset);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<usize, Stop> {
        let mut reader = Reader::new(text, Bounds { depth: 50, attributes: 100 });
        let mut count = 0;
        loop {
            match reader.next()? {
                Token::Eof => return Ok(count),
                _ => count += 1,
            }
        }
    }

    #[test]
    fn what_a_conforming_parser_refuses_is_refused() {
        for text in [
            "",
            "   ",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "</a>",
            "<a></a></a>",
            "<a x='1' x='2'/>",
            "<a xmlns:p='u' xmlns:q='u' p:x='1' q:y='1'><p:x:y/></a>",
            "<a x=1/>",
            "<a x/>",
            "<a x='1'y='2'/>",
            "<a x='<'/>",
            "<a x='&nope;'/>",
            "<a x='a & b'/>",
            "<a>&nope;</a>",
            "<a>&#0;</a>",
            "<a>&#x1F;</a>",
            "<a>&#X26;</a>",
            "<a>&#xFFFE;</a>",
            "<a>&#xD800;</a>",
            "<a>&#99999999999;</a>",
            "<a>a & b</a>",
            "<a>]]></a>",
            "<a>\u{b}</a>",
            "<a>\u{fffe}</a>",
            "<a><![CDATA[\u{1}]]></a>",
            "<a><![CDATA[ </a>",
            "<a><!-- a -- b --></a>",
            "<a><!-- </a>",
            "<p:a/>",
            "<a p:x='1'/>",
            "<a xmlns:p=''/>",
            "<a xmlns:p='http://e.x/ y'/>",
            "<1a/>",
            "< a/>",
            " <?xml version='1.0'?><a/>",
            "<?xml version='1.0' encoding='?'?><a/>",
            "<?xml encoding='utf-8'?><a/>",
            "<?xml version='1.0' standalone='maybe'?><a/>",
            "<a><?xml version='1.0'?></a>",
            "<a/><!DOCTYPE a>",
            "<!DOCTYPE a [<!ENTITY b '&b;'>]><a>&b;</a>",
        ] {
            assert!(read(text).is_err(), "{text:?} was let pass");
        }
    }

    #[test]
    fn what_is_well_formed_is_let_pass() {
        for text in [
            "<a/>",
            "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<!-- c --><a x = '1' y=\"&lt;>\"/>\n<!-- d -->",
            "<a>&amp;&#38;&#x26;&#x1F600;</a>",
            "<a><![CDATA[<b> ]] > &nope;]]></a >",
            "<a xmlns:p='http://e.x/'><p:b p:c='1' c='1'/></a>",
            "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d '&b;&b;'>]><a>&d;</a>",
            "<đầu mục='1'/>",
            "<a><?go on?></a>",
        ] {
            assert!(read(text).is_ok(), "{text:?}: {:?}", read(text));
        }
    }

    #[test]
    fn bombs_are_refused_within_bounds() {
        let mut bomb = String::from("<!DOCTYPE a [<!ENTITY e0 'haha'>");
        for level in 1..12 {
            bomb.push_str(&format!("<!ENTITY e{level} '{}'>", format!("&e{};", level - 1).repeat(10)));
        }
        bomb.push_str("]><a>&e11;</a>");
        assert!(read(&bomb).is_err());
        assert!(read(&"<a>".repeat(10_000)).unwrap_err().limit);
        let attributes: String = (0..200).map(|n| format!(" a{n}='1'")).collect();
        assert!(read(&format!("<a{attributes}/>")).unwrap_err().limit);
    }
}
