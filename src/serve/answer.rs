//! What a request is answered: the status, the head as it goes over the wire, and where the body is.
//!
//! A pure function of the request, the snapshot and the clock's text; nothing is read, waited for or counted here. A head
//! is put together of lines that were written out when the snapshot was made.

use super::negotiation::{Conditions, Outcome, Wanted, is_browser};
use super::request::Request;
use super::resource::Resource;
use super::snapshot::{Found, Route, Snapshot};
use std::borrow::Cow;
use std::io::Write as _;
use std::sync::Arc;

/// An answer but for its head.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Payload,
    /// Whether the connection ends with it.
    pub close: bool,
    /// The file that was asked for.
    pub resource: Option<Arc<Resource>>,
}

/// A body.
#[derive(Debug)]
pub enum Payload {
    None,
    Text(Cow<'static, [u8]>),
    /// That variant of the answer's resource.
    Variant(usize),
}

/// What answers are made of, beside requests.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub snapshot: &'a Snapshot,
    /// The moment as HTTP writes it.
    pub date: &'a str,
    /// What `/metrics` prints now, made when it is asked for.
    pub metrics: Option<&'a dyn Fn() -> String>,
    /// Whether the server is about to end.
    pub closing: bool,
}

/// How long nobody need ask again for what is elsewhere or gone, and for what was never there.
const SETTLED: &str = "Cache-Control: public, max-age=3600\r\n";
const MISSING: &str = "Cache-Control: public, max-age=60\r\n";

/// Answers a request; the head is added to `head`.
pub fn answer(request: &Request<'_>, context: Context<'_>, head: &mut Vec<u8>) -> Answer {
    let close = context.closing || !request.keeps_alive() || request.has_body();
    let mut desk = Desk { context, head, close, minor: request.minor, bare: request.method == "HEAD" };
    if !matches!(request.method, "GET" | "HEAD") {
        return desk.plain(405, "Allow: GET, HEAD\r\n", "method not allowed\n");
    }
    let Some(path) = decoded(request.path()) else { return desk.plain(404, MISSING, "not found\n") };
    match &*path {
        "/health" => return desk.plain(200, "Cache-Control: no-store\r\n", "ok\n"),
        "/metrics" => {
            if let Some(metrics) = context.metrics {
                return desk.text(
                    200,
                    "Cache-Control: no-store\r\n",
                    "text/plain; version=0.0.4; charset=utf-8",
                    metrics().into_bytes().into(),
                );
            }
        }
        _ => {}
    }
    match context.snapshot.find(&path) {
        Found::Route(Route::File(resource), _) => desk.file(request, resource),
        Found::Route(Route::Moved(to), before) => {
            let lines = format!("Location: {}\r\n{SETTLED}", encoded(before, to));
            desk.plain(301, &lines, "moved\n")
        }
        Found::Gone => desk.plain(410, SETTLED, "gone\n"),
        Found::Nothing => desk.plain(404, MISSING, "not found\n"),
    }
}

/// Answers what could not be read as a request, or did not come in time.
pub fn refusal(status: u16, context: Context<'_>, head: &mut Vec<u8>) -> Answer {
    let mut desk = Desk { context, head, close: true, minor: 1, bare: false };
    let text = format!("{}\n", reason(status).to_lowercase());
    desk.text(status, "Cache-Control: no-store\r\n", "text/plain; charset=utf-8", text.into_bytes().into())
}

struct Desk<'a> {
    context: Context<'a>,
    head: &'a mut Vec<u8>,
    close: bool,
    minor: u8,
    /// Whether the head alone is asked for.
    bare: bool,
}

impl Desk<'_> {
    fn put(&mut self, parts: &[&[u8]]) {
        parts.iter().for_each(|part| self.head.extend_from_slice(part));
    }

    fn begin(&mut self, status: u16) {
        let status_line: &[u8] = match status {
            200 => b"HTTP/1.1 200 OK\r\nServer: bantin\r\nDate: ",
            304 => b"HTTP/1.1 304 Not Modified\r\nServer: bantin\r\nDate: ",
            _ => {
                let _ = write!(self.head, "HTTP/1.1 {status} {}\r\nServer: bantin\r\nDate: ", reason(status));
                b""
            }
        };
        self.put(&[status_line, self.context.date.as_bytes(), b"\r\n"]);
    }

    fn end(&mut self) {
        match (self.close, self.minor) {
            (true, _) => self.put(&[b"Connection: close\r\n\r\n"]),
            (false, 0) => self.put(&[b"Connection: keep-alive\r\n\r\n"]),
            (false, _) => self.put(&[b"\r\n"]),
        }
    }

    fn plain(&mut self, status: u16, lines: &str, text: &'static str) -> Answer {
        self.text(status, lines, "text/plain; charset=utf-8", Cow::Borrowed(text.as_bytes()))
    }

    fn text(&mut self, status: u16, lines: &str, media_type: &str, text: Cow<'static, [u8]>) -> Answer {
        self.begin(status);
        let _ = write!(
            self.head,
            "Content-Type: {media_type}\r\nContent-Length: {}\r\nX-Content-Type-Options: nosniff\r\n{lines}",
            text.len()
        );
        self.end();
        let body = if self.bare { Payload::None } else { Payload::Text(text) };
        Answer { status, body, close: self.close, resource: None }
    }

    fn file(&mut self, request: &Request<'_>, resource: &Arc<Resource>) -> Answer {
        let wanted = Wanted::of(request.values("accept-encoding"));
        let offered = resource.variants.iter().map(|variant| (variant.encoding, variant.body.len()));
        let variant = wanted.choose(offered);
        let Some((index, variant)) = variant.and_then(|index| Some((index, resource.variants.get(index)?)))
        else {
            return self.plain(406, "Vary: Accept-Encoding\r\n", "no coding is acceptable\n");
        };
        // The same bytes under two media types are two representations.
        let (media_type, mark) = match resource.reader_type {
            Some(reader_type) if !is_browser(request.values("accept")) => (reader_type, &b""[..]),
            Some(_) => (resource.media_type, &b"-x"[..]),
            None => (resource.media_type, &b""[..]),
        };
        let tag = variant.tag();
        let conditions = Conditions {
            matches: request.values("if-match"),
            none_match: request.values("if-none-match"),
            unmodified_since: request.value("if-unmodified-since"),
            modified_since: request.value("if-modified-since"),
        };
        let is_tag = |known: &[u8]| known.strip_prefix(&tag) == Some(mark);
        let (status, body) = match conditions.outcome(is_tag, resource.modified) {
            Outcome::Failed => return self.plain(412, "", "it has changed\n"),
            Outcome::NotModified => (304, Payload::None),
            Outcome::Send if self.bare => (200, Payload::None),
            Outcome::Send => (200, Payload::Variant(index)),
        };
        self.begin(status);
        self.put(&[b"ETag: \"", &tag, mark, b"\"\r\n", &resource.lasting]);
        if status == 200 {
            resource.put_once(media_type, variant, self.head);
        }
        self.end();
        Answer { status, body, close: self.close, resource: Some(Arc::clone(resource)) }
    }
}

/// The path with what stands in it as %XX; `None` where that makes no text.
fn decoded(path: &str) -> Option<Cow<'_, str>> {
    if !path.contains('%') {
        return Some(Cow::Borrowed(path));
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        match (first, more) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or(0) as u8;
                bytes.push(digit(*high) * 16 + digit(*low));
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// A path as it stands in a header line.
fn encoded(before: &str, path: &str) -> String {
    let mut encoded = before.to_owned();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b'+'
            | b','
            | b'=' => {
                encoded.push(byte as char);
            }
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}

/// The words of a status line.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        410 => "Gone",
        412 => "Precondition Failed",
        414 => "URI Too Long",
        431 => "Request Header Fields Too Large",
        505 => "HTTP Version Not Supported",
        _ => "Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_once() {
        assert_eq!(decoded("/a/b.xml").as_deref(), Some("/a/b.xml"));
        assert_eq!(decoded("/%74in%2d%C4%91").as_deref(), Some("/tin-đ"));
        assert_eq!(decoded("/%2e%2e%2f").as_deref(), Some("/../"));
        assert_eq!(decoded("/%252e").as_deref(), Some("/%2e"));
        assert_eq!(decoded("/%zz%4").as_deref(), Some("/%zz%4"));
        assert_eq!(decoded("/%ff"), None);
    }

    #[test]
    fn what_goes_into_a_header_line_is_encoded() {
        assert_eq!(encoded("/feeds/", "tin đ\r\n/rss.xml"), "/feeds/tin%20%C4%91%0D%0A/rss.xml");
    }
}
