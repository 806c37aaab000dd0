//! JSON read with the place of everything in it. Depth is bounded; nothing is lost but the spelling of escapes.
//!
//! Specification: RFC 8259 <https://www.rfc-editor.org/rfc/rfc8259>.

use std::borrow::Cow;

use super::super::marks::Marks;
use super::super::xml::same_at;

/// A value and where it begins.
#[derive(Debug)]
pub(super) struct Node<'d> {
    pub offset: usize,
    pub value: Value<'d>,
}

#[derive(Debug)]
pub(super) enum Value<'d> {
    Null,
    Bool,
    Number(&'d str),
    Text(Cow<'d, str>),
    Array(Vec<Node<'d>>),
    Object(Vec<Member<'d>>),
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member<'d> {
    pub name: Cow<'d, str>,
    pub offset: usize,
    pub node: Node<'d>,
}

/// Where and why reading stopped.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub offset: usize,
    pub message: String,
    /// A bound was met, rather than the text being wrong.
    pub limit: bool,
}

/// How many values are read: a document of the largest size would otherwise take twenty times its size in memory.
const MOST: usize = 2_000_000;

struct Parser<'d, 'm> {
    text: &'d str,
    /// Where strings may end.
    marks: &'m Marks,
    at: usize,
    depth: usize,
    bound: usize,
    /// How many values were read.
    count: usize,
    /// A character was written as its number.
    numbered: bool,
    /// What came before the values of objects, by their depth.
    usual: Vec<[Head; GUESSED]>,
    /// How many members the last object of each depth had, or `GUESSED`.
    counts: Vec<usize>,
}

/// What stood before a value of an object the last time: all from the end of the value before it, its name among it.
#[derive(Debug, Clone, Copy, Default)]
struct Head {
    at: usize,
    /// How long it is; 0: nothing is known.
    length: usize,
    /// Where in it the member's name is, with its quotation marks, and how long without them.
    offset: usize,
    name: usize,
}

/// How many members of an object are guessed.
const GUESSED: usize = 16;

/// Reads a whole document, of which the marks were noted. Says whether characters are written as their numbers.
pub(super) fn parse<'d>(text: &'d str, marks: &Marks, bound: usize) -> Result<(Node<'d>, bool), Box<Stop>> {
    let mut parser = Parser {
        text,
        marks,
        at: 0,
        depth: 0,
        bound,
        count: 0,
        numbered: false,
        usual: Vec::new(),
        counts: Vec::new(),
    };
    let node = parser.node()?;
    parser.space();
    if parser.at < text.len() {
        return Err(parser.stop("text after the end of the document"));
    }
    Ok((node, parser.numbered))
}

impl<'d> Parser<'d, '_> {
    #[cold]
    fn stop(&self, message: impl Into<String>) -> Box<Stop> {
        Box::new(Stop { offset: self.at, message: message.into(), limit: false })
    }

    #[cold]
    fn limit(&self, offset: usize, message: String) -> Box<Stop> {
        Box::new(Stop { offset, message, limit: true })
    }

    fn rest(&self) -> &'d str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Box<Stop>> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.unexpected(byte))
    }

    #[cold]
    fn unexpected(&self, byte: u8) -> Box<Stop> {
        let found = match self.rest().chars().next() {
            Some(c) => format!("`{}`", c.escape_default()),
            None => "the end".to_owned(),
        };
        self.stop(format!("{found} where `{}` was expected", char::from(byte)))
    }

    fn node(&mut self) -> Result<Node<'d>, Box<Stop>> {
        self.space();
        let offset = self.at;
        self.count += 1;
        if self.count > MOST {
            return Err(self.limit(offset, format!("more than {MOST} values")));
        }
        let value = match self.peek() {
            Some(b'{') => self.deeper(Self::object)?,
            Some(b'[') => self.deeper(Self::array)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(_) => {
                let words = [("true", Value::Bool), ("false", Value::Bool), ("null", Value::Null)];
                let rest = self.rest();
                let Some((word, value)) = words.into_iter().find(|(word, _)| rest.starts_with(word)) else {
                    return Err(
                        self.stop("neither a string, a number, an object, an array, true, false nor null")
                    );
                };
                self.at += word.len();
                value
            }
            None => return Err(self.stop("the document ends where a value was expected")),
        };
        Ok(Node { offset, value })
    }

    fn deeper(
        &mut self,
        read: fn(&mut Self) -> Result<Value<'d>, Box<Stop>>,
    ) -> Result<Value<'d>, Box<Stop>> {
        if self.depth >= self.bound {
            let message = format!("values nested more than {} deep", self.bound);
            return Err(self.limit(self.at, message));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value<'d>, Box<Stop>> {
        self.expect(b'{')?;
        if self.usual.len() < self.depth {
            self.usual.resize(self.depth, [Head::default(); GUESSED]);
        }
        self.counts.resize(self.usual.len(), 0);
        // Objects of one depth are alike, as a rule.
        let known = self.depth.wrapping_sub(1);
        let mut members = Vec::with_capacity(self.counts.get(known).copied().unwrap_or_default());
        let mut next = 0;
        loop {
            let from = self.at;
            if let Some((guess, head)) = self.guessed(next) {
                let offset = from + head.offset;
                let name = self.text.get(offset + 1..offset + 1 + head.name).unwrap_or_default();
                self.at = from + head.length;
                let node = self.node()?;
                members.push(Member { name: Cow::Borrowed(name), offset, node });
                next = guess + 1;
                continue;
            }
            self.space();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    if let Some(count) = self.counts.get_mut(known) {
                        *count = members.len().min(GUESSED);
                    }
                    // Memory goes by what is there, whatever was reserved.
                    if members.len() < members.capacity() / 2 {
                        members.shrink_to_fit();
                    }
                    return Ok(Value::Object(members));
                }
                Some(b',') if !members.is_empty() => self.at += 1,
                _ if !members.is_empty() => return Err(self.unexpected(b'}')),
                _ => {}
            }
            self.space();
            let offset = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.stop("a member whose name is not in quotation marks"));
            }
            let name = self.string()?;
            self.space();
            self.expect(b':')?;
            self.space();
            if let Cow::Borrowed(plain) = name {
                self.remember(next, from, offset, plain.len());
            }
            next += 1;
            let node = self.node()?;
            members.push(Member { name, offset, node });
        }
    }

    /// The member that comes next in an object, if it is one of those that came there before: one of two, since any may be
    /// missing. Before the first there is no comma.
    #[inline]
    fn guessed(&self, next: usize) -> Option<(usize, Head)> {
        let heads = self.usual.get(self.depth.wrapping_sub(1))?.get(next..)?;
        let bytes = self.text.as_bytes();
        let is = |head: &Head| head.length > 0 && same_at(bytes, head.at, self.at, head.length);
        let at = heads.iter().take(if next == 0 { 1 } else { 2 }).position(is)?;
        Some((next + at, *heads.get(at)?))
    }

    /// Remembers what was read of a member, from the end of the value before it to its own value. The name is as it was written.
    fn remember(&mut self, index: usize, from: usize, offset: usize, name: usize) {
        let heads = self.usual.get_mut(self.depth.wrapping_sub(1));
        if let Some(head) = heads.and_then(|heads| heads.get_mut(index)) {
            *head = Head { at: from, length: self.at - from, offset: offset - from, name };
        }
    }

    fn array(&mut self) -> Result<Value<'d>, Box<Stop>> {
        self.expect(b'[')?;
        let mut nodes = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(nodes));
        }
        loop {
            nodes.push(self.node()?);
            self.space();
            if self.peek() == Some(b',') {
                self.at += 1;
            } else {
                self.expect(b']')?;
                return Ok(Value::Array(nodes));
            }
        }
    }

    fn number(&mut self) -> Result<&'d str, Box<Stop>> {
        let rest = self.rest();
        let end =
            rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let number = rest.get(..end).unwrap_or_default();
        let digits = number.strip_prefix('-').unwrap_or(number);
        let padded = digits.len() > 1
            && digits.starts_with('0')
            && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        let whole = digits.starts_with(|c: char| c.is_ascii_digit());
        let dangling = digits.ends_with('.') || digits.contains(".e") || digits.contains(".E");
        if !whole || padded || dangling || number.parse::<f64>().is_err() {
            return Err(self.stop("not a number of JSON"));
        }
        self.at += end;
        Ok(number)
    }

    fn string(&mut self) -> Result<Cow<'d, str>, Box<Stop>> {
        self.expect(b'"')?;
        let mut owned: Option<String> = None;
        loop {
            let Some(end) = self.marks.next(self.at) else {
                return Err(self.stop("a string that does not end"));
            };
            let plain = self.text.get(self.at..end).unwrap_or_default();
            self.at = end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(plain),
                        Some(mut text) => {
                            text.push_str(plain);
                            Cow::Owned(text)
                        }
                    });
                }
                Some(b'\\') => {
                    let text = match &mut owned {
                        Some(text) => text,
                        None => owned.insert(String::with_capacity(plain.len() + self.length_from(end))),
                    };
                    text.push_str(plain);
                    let c = self.escape()?;
                    if let Some(text) = &mut owned {
                        text.push(c);
                    }
                }
                _ => return Err(self.stop("a control character in a string, which must be escaped")),
            }
        }
    }

    /// How many bytes there are to the end of the string that an escape at a place belongs to.
    fn length_from(&self, escape: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut from = escape;
        while let Some(at) = self.marks.next(from) {
            // What follows a backslash ends nothing.
            match bytes.get(at) {
                Some(b'\\') => from = at + 2,
                _ => return at - escape,
            }
        }
        bytes.len() - escape
    }

    fn escape(&mut self) -> Result<char, Box<Stop>> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.numbered = true;
                let first = self.hex()?;
                let code = match first {
                    0xd800..0xdc00 if self.rest().starts_with("\\u") => {
                        self.at += 2;
                        let second = self.hex()?;
                        if !(0xdc00..0xe000).contains(&second) {
                            self.at = start;
                            return Err(self.stop("half a character: a surrogate without its other half"));
                        }
                        0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
                    }
                    code => code,
                };
                match char::from_u32(code) {
                    Some(c) => c,
                    None => {
                        self.at = start;
                        return Err(self.stop("half a character: a surrogate without its other half"));
                    }
                }
            }
            _ => {
                self.at = start;
                return Err(self.stop("an escape that JSON does not have"));
            }
        })
    }

    fn hex(&mut self) -> Result<u32, Box<Stop>> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.stop("`\\u` without four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::survey::{Syntax, survey};
    use super::*;

    fn parsed(text: &str, bound: usize) -> Result<Node<'_>, Box<Stop>> {
        parse(text, &survey(text, Syntax::Json).marks, bound).map(|(node, _)| node)
    }

    #[test]
    fn what_is_no_json_is_refused_at_its_place() {
        for (text, offset) in [
            ("", 0),
            ("{", 1),
            ("[1,]", 3),
            ("[{\"a\":1,\"b\":2},{,\"b\":2}]", 16),
            ("[{\"a\":1,\"b\":2},{\"a\":1\"b\":2}]", 21),
            ("[{\"a\":1,\"b\":2},{\"a\":1,}]", 22),
            ("{\"a\":1,}", 7),
            ("{a:1}", 1),
            ("[01]", 1),
            ("[1.]", 1),
            ("[+1]", 1),
            ("\"a\nb\"", 2),
            ("\"\\x\"", 1),
            ("\"\\ud800\"", 1),
            ("\"\\ud800\\u0041\"", 1),
            ("[1] 2", 4),
            ("nul", 0),
            ("\"abc", 1),
        ] {
            assert_eq!(parsed(text, 10).map(|_| ()).map_err(|stop| stop.offset), Err(offset), "{text:?}");
        }
        assert!(parsed(&"[".repeat(100), 50).is_err_and(|stop| stop.limit));
        let many = |count: usize| format!("[{}1]", "1,".repeat(count));
        assert!(parsed(&many(MOST - 2), 50).is_ok());
        assert!(parsed(&many(MOST - 1), 50).is_err_and(|stop| stop.limit));
    }

    #[test]
    fn json_is_read() {
        let node = parsed(" {\"a\\u00e9\": [1, -2.5e3, true, null, \"\\ud83d\\ude00\"]}\n", 10).unwrap();
        let Value::Object(members) = node.value else { panic!("no object") };
        assert_eq!((members[0].name.as_ref(), members[0].offset, node.offset), ("aé", 2, 1));
        let Value::Array(nodes) = &members[0].node.value else { panic!("no array") };
        assert!(matches!(&nodes[4].value, Value::Text(text) if text == "😀"));
    }
}
