//! A request as it was sent: the head of one message of HTTP/1.1 or 1.0, read where it lies.
//!
//! httparse reads the syntax; what must hold besides (one host, no body that could be mistaken for a request) is looked
//! at here. Specification: [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112).

use httparse::{EMPTY_HEADER, Header};
use memchr::memmem;

/// The most bytes that a head may have.
pub const LONGEST_HEAD: usize = 16 * 1024;

/// The most header lines.
pub const MOST_HEADERS: usize = 64;

/// The head of a request.
#[derive(Debug)]
pub struct Request<'a> {
    pub method: &'a str,
    /// As it was sent.
    pub target: &'a str,
    /// 1 of HTTP/1.1.
    pub minor: u8,
    headers: &'a [Header<'a>],
}

impl<'a> Request<'a> {
    /// The values of all header lines of that name.
    pub fn values<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'a [u8]> + 'b {
        let wanted = move |header: &&Header<'a>| header.name.eq_ignore_ascii_case(name);
        self.headers.iter().filter(wanted).map(|header| header.value)
    }

    /// The value of the first header line of that name.
    pub fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.values(name).next()
    }

    /// Whether the client keeps the connection for more.
    pub fn keeps_alive(&self) -> bool {
        let says = |word: &[u8]| {
            self.values("connection").any(|value| {
                value.split(|byte| *byte == b',').any(|part| part.trim_ascii().eq_ignore_ascii_case(word))
            })
        };
        match self.minor {
            0 => says(b"keep-alive"),
            _ => !says(b"close"),
        }
    }

    /// Whether a body follows. It is not read: the connection ends with the answer, so that nothing in a body can be
    /// taken for a request.
    pub fn has_body(&self) -> bool {
        self.value("transfer-encoding").is_some() || self.values("content-length").any(|value| value != b"0")
    }

    /// Whether it names one host, as HTTP/1.1 demands, and that in characters which a host may have (RFC 9112, 3.2).
    fn has_sound_host(&self) -> bool {
        let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(byte);
        let mut hosts = self.values("host");
        match (hosts.next(), hosts.next()) {
            (None, _) => self.minor == 0,
            (Some(host), None) => host.iter().all(is_host),
            (Some(_), Some(_)) => false,
        }
    }

    /// Whether the end of a body could be told, and by everybody the same (RFC 9112, 6.3).
    fn has_sound_framing(&self) -> bool {
        let (mut lengths, mut codings) = (self.values("content-length"), self.values("transfer-encoding"));
        match (lengths.next(), codings.next()) {
            (None, None) => true,
            (Some(length), None) => {
                lengths.next().is_none() && !length.is_empty() && length.iter().all(u8::is_ascii_digit)
            }
            (None, Some(coding)) => {
                let last = codings.last().unwrap_or(coding).rsplit(|byte| *byte == b',').next();
                self.minor == 1 && last.is_some_and(|last| last.trim_ascii().eq_ignore_ascii_case(b"chunked"))
            }
            (Some(_), Some(_)) => false,
        }
    }

    /// The path that is asked for, still encoded, without a query.
    pub fn path(&self) -> &'a str {
        let target = self.target;
        let path = match target.split_once("://") {
            // The absolute form, as proxies send it.
            Some((scheme, rest)) if !scheme.starts_with('/') => rest.find('/').map_or("/", |at| &rest[at..]),
            _ => target,
        };
        path.split(['?', '#']).next().unwrap_or(path)
    }
}

/// What is wrong with a head: the status that answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused(pub u16);

/// How many bytes the head at the beginning takes, its empty line included; `None` where it has not come to its end.
/// Bytes before `looked` have been looked at before.
pub fn head_length(bytes: &[u8], looked: usize) -> Option<usize> {
    let from = looked.saturating_sub(3);
    let rest = bytes.get(from..)?;
    let plain = memmem::find(rest, b"\n\r\n").map(|at| at + 3);
    let bare = memmem::find(rest, b"\n\n").map(|at| at + 2);
    let end = match (plain, bare) {
        (Some(plain), Some(bare)) => plain.min(bare),
        (plain, bare) => plain.or(bare)?,
    };
    Some(from + end)
}

/// Reads a whole head and hands it on.
pub fn with_request<R>(head: &[u8], then: impl FnOnce(&Request<'_>) -> R) -> Result<R, Refused> {
    let mut headers = [EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    match parsed.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(Refused(400)),
        Err(httparse::Error::TooManyHeaders) => return Err(Refused(431)),
        Err(httparse::Error::Version) => return Err(Refused(505)),
        Err(_) => return Err(Refused(400)),
    }
    let (Some(method), Some(target), Some(minor)) = (parsed.method, parsed.path, parsed.version) else {
        return Err(Refused(400));
    };
    let request = Request { method, target, minor, headers: parsed.headers };
    if request.has_sound_host() && request.has_sound_framing() {
        Ok(then(&request))
    } else {
        Err(Refused(400))
    }
}

/// Whether a request can begin with that byte: with one of a method (RFC 9110, 5.6.2), or an empty line before it. What
/// cannot, such as the greeting of TLS, need not be waited for.
pub fn may_begin(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~\r\n".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_head_is_found_wherever_it_is_cut() {
        let bytes = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b";
        let end = bytes.len() - 6;
        for cut in 0..bytes.len() {
            let found = head_length(&bytes[..cut], 0).or_else(|| head_length(bytes, cut));
            assert_eq!(found, Some(end), "cut at {cut}");
        }
        assert_eq!(head_length(b"GET / HTTP/1.0\n\nrest", 0), Some(16));
        assert_eq!(head_length(b"GET / HTTP/1.1\r\nHost: a\r\n", 0), None);
    }

    fn path(target: &str) -> String {
        let head = format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        with_request(head.as_bytes(), |request| request.path().to_owned()).unwrap()
    }

    #[test]
    fn the_path_is_what_stands_before_the_query() {
        assert_eq!(path("/a/rss.xml?x=http://b"), "/a/rss.xml");
        assert_eq!(path("http://bao.example/a/rss.xml"), "/a/rss.xml");
        assert_eq!(path("http://bao.example"), "/");
        assert_eq!(path("/http://b/"), "/http://b/");
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let refused = |head: &str| with_request(head.as_bytes(), |_| ()).err();
        assert_eq!(refused("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), None);
        assert_eq!(refused("GET / HTTP/1.0\r\n\r\n"), None);
        assert_eq!(refused("GET / HTTP/1.1\r\n\r\n"), Some(Refused(400)));
        assert_eq!(refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), Some(Refused(400)));
        assert_eq!(refused("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"), Some(Refused(400)));
        for line in [
            "Content-Length: 4\r\nContent-Length: 4",
            "Content-Length: 4, 4",
            "Content-Length: +4",
            "Content-Length: -1",
            "Content-Length:",
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        ] {
            let head = format!("GET / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n");
            assert_eq!(refused(&head), Some(Refused(400)), "{line}");
        }
        for line in ["Content-Length: 4", "Transfer-Encoding: gzip, Chunked"] {
            assert_eq!(refused(&format!("GET / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n")), None, "{line}");
        }
        assert_eq!(refused("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), Some(Refused(400)));
        for host in ["a b", "a/b", "a@b", "a\tb", "a\"b", "\u{e1}"] {
            assert_eq!(
                refused(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")),
                Some(Refused(400)),
                "{host}"
            );
        }
        for host in ["", "bao.example:8080", "[::1]:80"] {
            assert_eq!(refused(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")), None, "{host}");
        }
        assert!(
            may_begin(b'G') && may_begin(b'\r') && !may_begin(0x16) && !may_begin(b' ') && !may_begin(b'{')
        );
        assert_eq!(refused("PRI * HTTP/2.0\r\n\r\n"), Some(Refused(505)));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(MOST_HEADERS + 1));
        assert_eq!(refused(&many), Some(Refused(431)));
    }
}
