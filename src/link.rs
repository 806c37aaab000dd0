//! Links as feeds may carry them: absolute, http or https, with nothing in them that RFC 3986 forbids.
//!
//! Boundary: knows URLs alone; which attributes of HTML hold one is [`crate::html`]'s concern.
//!
//! Specifications: [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986), [WHATWG URL](https://url.spec.whatwg.org/) for
//! reading what people write, and resolving it.

use std::cell::OnceCell;
use url::{Position, Url};

/// Schemes other than http and https that a link in an article's HTML may have: what a reader's phone can open.
const HREF_SCHEMES: [&str; 7] = ["mailto", "tel", "ftp", "magnet", "xmpp", "sms", "geo"];

/// Why a text is no link a feed may carry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Nothing but white space.
    #[error("the link is empty")]
    Empty,
    /// A scheme that a feed must not carry, such as `javascript`, or one that readers do not follow.
    #[error("the link has the scheme `{scheme}:`, not http or https")]
    Scheme { scheme: String },
    /// An absolute URL without a host.
    #[error("the URL `{url}` has no host")]
    NoHost { url: String },
    /// No URL, and no reference that could be resolved.
    #[error("cannot read `{url}` as a URL")]
    Invalid { url: String, source: url::ParseError },
}

/// Reads an absolute http or https URL with a host, against which other links are resolved.
pub fn parse_base(raw: &str) -> Result<Url, LinkError> {
    let text = trim(raw)?;
    let url = Url::parse(&text).map_err(|source| invalid(&text, source))?;
    web(url)
}

/// The link as an absolute http or https URL, percent-encoded as RFC 3986 wants, its host in punycode.
///
/// A relative reference is resolved against `base`, `//host` becomes https, line breaks and tabs inside are dropped.
/// `absolute(absolute(x)) == absolute(x)`.
///
/// ```
/// use bantin::link::{absolute, parse_base};
/// let base = parse_base("https://baosonla.vn/").unwrap();
/// assert_eq!(absolute("/tin/mưa lớn.html?id=1", &base).unwrap(), "https://baosonla.vn/tin/m%C6%B0a%20l%E1%BB%9Bn.html?id=1");
/// ```
pub fn absolute(raw: &str, base: &Url) -> Result<String, LinkError> {
    if let Some(link) = plain(raw, base) {
        return Ok(link);
    }
    web(resolve(raw, base)?).map(|url| write(&url))
}

/// Like [`absolute`], for a link in an article's HTML, which may also be `mailto:`, `tel:`, `ftp:`, `magnet:`, `xmpp:`,
/// `sms:` or `geo:`.
pub fn href(raw: &str, base: &Url) -> Result<String, LinkError> {
    if let Some(link) = plain(raw, base) {
        return Ok(link);
    }
    let url = resolve(raw, base)?;
    if HREF_SCHEMES.contains(&url.scheme()) {
        return Ok(write(&url));
    }
    web(url).map(|url| write(&url))
}

fn plain(raw: &str, base: &Url) -> Option<String> {
    let mut link = String::new();
    push_plain(&mut link, raw, origin(base)).then_some(link)
}

/// What a path from the root follows, where that is certain.
fn origin(base: &Url) -> Option<&str> {
    let origin = &base[..Position::BeforePath];
    split_origin(origin).is_some_and(|(_, path)| path.is_empty()).then_some(origin)
}

/// Appends what [`absolute`] and [`href`] make of a link that is certainly in order, as most are: an address of the web, or a
/// path from the root. False: it has to be parsed, and nothing was appended.
fn push_plain(out: &mut String, raw: &str, origin: Option<&str>) -> bool {
    if raw.starts_with('/') {
        let Some(origin) = origin.filter(|_| is_plain_path(raw)) else { return false };
        out.push_str(origin);
        out.push_str(raw);
        return true;
    }
    let address = split_origin(raw).is_some_and(|(_, path)| is_plain_path(path));
    if address {
        out.push_str(raw);
    }
    address
}

/// What the links of an article are resolved against: its page, or else its site. The page is parsed where a link needs that.
#[derive(Debug)]
pub struct Base<'u> {
    page: Option<&'u str>,
    site: &'u Url,
    origin: Option<&'u str>,
    parsed: OnceCell<Option<Url>>,
}

impl<'u> Base<'u> {
    /// The base of an article whose page is `page`; `site` stands in where there is none, or none that can be read.
    pub fn new(page: Option<&'u str>, site: &'u Url) -> Self {
        let origin = match page {
            Some(page) => {
                split_origin(page).filter(|(_, path)| is_plain_path(path)).map(|(origin, _)| origin)
            }
            None => origin(site),
        };
        Self { page, site, origin, parsed: OnceCell::new() }
    }

    /// The address itself.
    pub fn url(&self) -> &Url {
        let page = || self.page.and_then(|page| Url::parse(page).ok());
        self.parsed.get_or_init(page).as_ref().unwrap_or(self.site)
    }

    /// Appends what [`href`] makes of a link, or nothing: then it has to be asked.
    pub(crate) fn push_plain(&self, out: &mut String, raw: &str) -> bool {
        push_plain(out, raw, self.origin)
    }
}

impl<'u> From<&'u Url> for Base<'u> {
    fn from(url: &'u Url) -> Self {
        Self::new(None, url)
    }
}

/// Parts `https://host` from what follows, where it is written as parsers write it: without a port and a password, the host a
/// name in small letters, neither an address in numbers nor in punycode.
fn split_origin(url: &str) -> Option<(&str, &str)> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let bytes = host.as_bytes();
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let length = bytes.iter().position(|byte| !is_letter(*byte) && !matches!(byte, b'-' | b'.'));
    let (host, path) = host.split_at(length.unwrap_or(host.len()));
    let bytes = host.as_bytes();
    // Parts between dots begin and end with a letter or digit; where there are two hyphens, they may be punycode.
    let is_parted = |pair: &[u8; 2]| is_letter(pair[0]) || is_letter(pair[1]);
    let is_host = host.len() <= 63
        && bytes.first().copied().is_some_and(is_letter)
        && bytes.last().copied().is_some_and(is_letter)
        && bytes.array_windows().all(is_parted);
    let last = host.rsplit('.').next()?;
    (is_host && last.starts_with(|c: char| c.is_ascii_lowercase()))
        .then(|| url.split_at(url.len() - path.len()))
}

/// Whether it is a path that parsers leave as it is, perhaps with a query and a fragment: of characters that mean the same
/// everywhere, without `.` and `..`.
fn is_plain_path(path: &str) -> bool {
    let (mut before, mut mark) = (0, b'/');
    for byte in path.bytes() {
        match byte {
            _ if !PLAIN.get(usize::from(byte)).is_some_and(|plain| *plain) => return false,
            b'/' | b'.' if mark == b'/' && before == b'/' => return false,
            b'#' if mark == b'#' => return false,
            // A query begins once, and not in a fragment.
            b'?' if mark == b'/' => mark = byte,
            b'#' => mark = byte,
            _ => {}
        }
        before = byte;
    }
    path.starts_with('/')
}

/// The characters that may stand in a path, a query and a fragment, and are written alike in all of them.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let marks = b"-_~./=+,;:@!*()$&?#";
    let mut at = 0;
    while at < 256 {
        plain[at] = (at as u8).is_ascii_alphanumeric();
        at += 1;
    }
    at = 0;
    while at < marks.len() {
        plain[marks[at] as usize] = true;
        at += 1;
    }
    plain
};

/// Whether the text is an absolute URI: a scheme, and only what RFC 3986 allows after it.
pub fn is_valid_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    is_scheme(scheme) && !rest.is_empty() && encode_forbidden(rest) == rest
}

/// Whether the text has the form of a URI's scheme (RFC 3986, 3.1).
pub(crate) fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// Percent-encodes what RFC 3986 forbids after a scheme's colon, and nothing else: brackets outside a host, a `%` that
/// begins no escape, a second `#`, and every character outside the ASCII ones it lists.
pub(crate) fn encode_forbidden(rest: &str) -> String {
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => {
            let end = after.find(['/', '?', '#']).unwrap_or(after.len());
            rest.split_at(end + 2)
        }
        None => ("", rest),
    };
    let mut encoded = String::with_capacity(rest.len());
    // RFC 3986 has brackets around an IPv6 address only.
    let literal = authority.rsplit_once('@').map_or(authority.get(2..), |(_, host)| Some(host));
    let brackets = literal.is_some_and(is_ip_literal);
    push_encoded(&mut encoded, authority, brackets);
    push_encoded(&mut encoded, path, false);
    encoded
}

/// `[…]` with the characters of an address, and perhaps a port.
fn is_ip_literal(host: &str) -> bool {
    let Some((address, port)) = host.strip_prefix('[').and_then(|host| host.split_once(']')) else {
        return false;
    };
    !address.is_empty()
        && address.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.' | b'v'))
        && (port.is_empty()
            || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit())))
}

fn push_encoded(out: &mut String, part: &str, brackets: bool) {
    let bytes = part.as_bytes();
    let mut fragment = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let kept = match byte {
            b'%' => bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
            b'#' => !std::mem::replace(&mut fragment, true),
            b'[' | b']' => brackets,
            _ => is_uri_byte(byte),
        };
        if kept { out.push(char::from(byte)) } else { push_escape(out, byte) }
    }
}

pub(crate) fn push_escape(out: &mut String, byte: u8) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    out.push('%');
    out.extend(HEX.get(usize::from(byte >> 4)));
    out.extend(HEX.get(usize::from(byte & 15)));
}

/// Unreserved and reserved characters, but brackets, `#` and `%`.
fn is_uri_byte(byte: u8) -> bool {
    is_pchar(byte) || matches!(byte, b'/' | b'?')
}

/// What may stand in a segment of a path (RFC 3986, pchar), without escapes.
pub(crate) fn is_pchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

/// Clean text without white space around it or line breaks and tabs in it.
fn trim(raw: &str) -> Result<String, LinkError> {
    let text = crate::text::clean(raw);
    let text: String = text.trim().chars().filter(|c| !matches!(c, '\n' | '\t')).collect();
    if text.is_empty() { Err(LinkError::Empty) } else { Ok(text) }
}

fn resolve(raw: &str, base: &Url) -> Result<Url, LinkError> {
    let text = trim(raw)?;
    let resolved =
        if text.starts_with("//") { Url::parse(&format!("https:{text}")) } else { base.join(&text) };
    let url = resolved.map_err(|source| invalid(&text, source))?;
    // The WHATWG's parser leaves a `"` or braces in a host, which RFC 3986 does not have.
    let is_host =
        |host: &str| host.bytes().all(|byte| is_uri_byte(byte) || matches!(byte, b'[' | b']' | b'%'));
    match url.host_str().is_none_or(is_host) {
        true => Ok(url),
        false => Err(invalid(&text, url::ParseError::InvalidDomainCharacter)),
    }
}

fn web(url: Url) -> Result<Url, LinkError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(LinkError::Scheme { scheme: url.scheme().to_owned() });
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(LinkError::NoHost { url: url.into() });
    }
    Ok(url)
}

/// The error for a text that is no URL, cut so that a message stays readable.
fn invalid(text: &str, source: url::ParseError) -> LinkError {
    LinkError::Invalid { url: text.chars().take(200).collect(), source }
}

/// The URL as RFC 3986 has it; the WHATWG's parser leaves `|`, `^`, brackets and stray `%` where they are.
fn write(url: &Url) -> String {
    let after = if url.cannot_be_a_base() { Position::AfterScheme } else { Position::BeforePath };
    let rest = &url[after..];
    let (colon, rest) = rest.strip_prefix(':').map_or(("", rest), |rest| (":", rest));
    let mut written = String::from(&url[..after]);
    written.push_str(colon);
    push_encoded(&mut written, rest, false);
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base() -> Url {
        Url::parse("https://baosonla.vn/tin/bai-1.html?x=1").expect("a URL")
    }

    #[test]
    fn hosts_are_those_of_rfc_3986() {
        for raw in ["//\"0", "https://a{b}/", "ftp://a`b/"] {
            assert!(href(raw, &base()).is_err(), "{raw}");
        }
        assert_eq!(absolute("https://[::1]:80/%41", &base()), Ok("https://[::1]:80/%41".to_owned()));
    }

    #[test]
    fn plain_links_are_not_parsed() {
        for raw in
            ["/", "/tin/2.html", "/a?b=c&d#e", "https://a-b.example/x", "http://a.example/?/.", "/x?a#"]
        {
            let link = plain(raw, &base()).unwrap_or_default();
            assert!(link.ends_with(raw), "{raw}");
            assert_eq!(web(resolve(raw, &base()).expect("a link")).map(|url| write(&url)), Ok(link), "{raw}");
        }
        for raw in [
            "",
            "x",
            "//a.example/",
            "/a//b",
            "/.x",
            "/a/../b",
            "/a b",
            "/ă",
            "/a'b",
            "/%41",
            "/a#b#c",
            "/a\\b",
            "/a|b",
            "?x",
            "#x",
            "https://a.example",
            "https://a.example?x",
            "https://A.example/",
            "HTTPS://a.example/",
            "https://1.2/",
            "https://0x7f/",
            "https://a..b/",
            "https://-a.b/",
            "https://a-.b/",
            "https://xn--a.b/",
            "https://a.b:80/",
            "https://u@a.b/",
            "https://a_b/",
            "https:/a.b/",
            "ftp://a.b/",
        ] {
            assert_eq!(plain(raw, &base()), None, "{raw}");
        }
    }

    #[test]
    fn links_become_absolute() {
        for (raw, link) in [
            ("https://example.vn/a?b=c#d", "https://example.vn/a?b=c#d"),
            (" \n/anh/1.jpg\t", "https://baosonla.vn/anh/1.jpg"),
            ("bai-2.html", "https://baosonla.vn/tin/bai-2.html"),
            ("?trang=2", "https://baosonla.vn/tin/bai-1.html?trang=2"),
            ("#cuoi", "https://baosonla.vn/tin/bai-1.html?x=1#cuoi"),
            ("//cdn.example.vn/1.jpg", "https://cdn.example.vn/1.jpg"),
            ("https://example.vn/mưa lớn.jpg", "https://example.vn/m%C6%B0a%20l%E1%BB%9Bn.jpg"),
            ("https://example.vn/mu\u{31B}a", "https://example.vn/m%C6%B0a"),
            (
                "https://example.vn/a|b^c`d{e}\"f<g>[h]",
                "https://example.vn/a%7Cb%5Ec%60d%7Be%7D%22f%3Cg%3E%5Bh%5D",
            ),
            ("https://example.vn/a?b=[1]|{2}^`\\\"", "https://example.vn/a?b=%5B1%5D%7C%7B2%7D%5E%60%5C%22"),
            ("https://example.vn/100%", "https://example.vn/100%25"),
            ("https://example.vn/%zz%41?%#%", "https://example.vn/%25zz%41?%25#%25"),
            ("https://example.vn/#a#b", "https://example.vn/#a%23b"),
            ("https://báosơnla.vn/", "https://xn--bosnla-pta25m.vn/"),
            ("https://[2001:db8::1]:8080/[x]", "https://[2001:db8::1]:8080/%5Bx%5D"),
            ("HTTP://Example.VN:80", "http://example.vn/"),
            ("ht\ntps://example.vn/a\nb", "https://example.vn/ab"),
        ] {
            assert_eq!(absolute(raw, &base()).as_deref(), Ok(link), "{raw}");
        }
    }

    #[test]
    fn what_is_no_web_link_is_refused() {
        assert_eq!(absolute(" \n", &base()), Err(LinkError::Empty));
        for scheme in ["javascript", "data", "blob", "mailto", "file", "c"] {
            let refused = absolute(&format!("{scheme}:x"), &base());
            assert_eq!(refused, Err(LinkError::Scheme { scheme: scheme.to_owned() }));
        }
        assert!(
            matches!(absolute("java\nscript:x", &base()), Err(LinkError::Scheme { scheme }) if scheme == "javascript")
        );
        for raw in ["http://", "https://a b/", "//", "https://%/", "http://a:99999/"] {
            assert!(matches!(absolute(raw, &base()), Err(LinkError::Invalid { .. })), "{raw}");
        }
    }

    #[test]
    fn articles_may_link_to_more() {
        for (raw, link) in [
            ("mailto:toà soạn@example.vn", "mailto:to%C3%A0%20so%E1%BA%A1n@example.vn"),
            ("tel:+84 212 385", "tel:+84%20212%20385"),
            ("geo:21.3,103.9", "geo:21.3,103.9"),
            ("ftp://example.vn/[a]", "ftp://example.vn/%5Ba%5D"),
            ("magnet:?xt=urn:x", "magnet:?xt=urn:x"),
            ("/a", "https://baosonla.vn/a"),
        ] {
            assert_eq!(href(raw, &base()).as_deref(), Ok(link), "{raw}");
        }
        assert!(href("javascript:alert(1)", &base()).is_err());
        assert!(href("data:text/html,x", &base()).is_err());
    }

    #[test]
    fn bases() {
        assert_eq!(
            parse_base(" https://baosonla.vn ").map(String::from).as_deref(),
            Ok("https://baosonla.vn/")
        );
        assert!(matches!(parse_base("baosonla.vn"), Err(LinkError::Invalid { .. })));
        assert!(matches!(parse_base("mailto:a@b.vn"), Err(LinkError::Scheme { .. })));
        assert_eq!(parse_base("").unwrap_err().to_string(), "the link is empty");
    }

    #[test]
    fn valid_uris() {
        for good in ["https://example.vn/a%20b?c=d#e", "tag:example.vn,2005:x", "http://[::1]/", "urn:x:y"] {
            assert!(is_valid_uri(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "1a:b",
            "http://a/ b",
            "http://a/ư",
            "http://a/%",
            "http://a/[b]",
            "http://[a b]/",
            "a:b#c#d",
            "a:",
        ] {
            assert!(!is_valid_uri(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn links_are_valid_and_stay_as_they_are(raw in crate::text::tests::rough()) {
            let hosted = format!("https://example.vn/{raw}");
            for raw in [raw.as_str(), hosted.as_str()] {
                if let Ok(link) = href(raw, &base()) {
                    prop_assert!(is_valid_uri(&link), "{link}");
                    prop_assert_eq!(href(&link, &base()), Ok(link.clone()));
                }
                if let Ok(link) = absolute(raw, &base()) {
                    prop_assert_eq!(absolute(&link, &base()), Ok(link.clone()));
                    prop_assert!(link.starts_with("http://") || link.starts_with("https://"));
                }
            }
        }

        #[test]
        fn what_is_plain_is_what_parsing_comes_to(
            raw in "(https?://[a-z0-9.-]{1,9}|/?|[a-z]:)/[a-zA-Z0-9./?#=&:@%'~!$()*+,;_^|-]{0,12}",
            base in proptest::sample::select(vec![
                "https://baosonla.vn/tin/bai-1.html?x=1", "http://a.example:8080/", "https://u:p@a.example/x", "https://[::1]/",
                "https://xn--bo-jia.example/", "mailto:a@b.example", "https://1.2.3.4/x", "ftp://a.example/",
            ]),
        ) {
            let base = Url::parse(base).expect("a URL");
            let mut by_page = String::new();
            if Base::new(Some(base.as_str()), &Url::parse("https://b.example/").expect("a URL")).push_plain(&mut by_page, &raw) {
                prop_assert_eq!(Ok(by_page), href(&raw, &base));
            }
            if let Some(link) = plain(&raw, &base) {
                let parsed = web(resolve(&raw, &base).expect("a link")).map(|url| write(&url));
                prop_assert_eq!(Ok(link), parsed, "{}", raw);
            }
        }

        #[test]
        fn opaque_links_stay_as_they_are(scheme in proptest::sample::select(HREF_SCHEMES.to_vec()), raw in "[ -~à-ỹ]{0,20}") {
            if let Ok(link) = href(&format!("{scheme}:{raw}"), &base()) {
                prop_assert_eq!(href(&link, &base()), Ok(link.clone()));
                prop_assert!(link.bytes().all(|b| b.is_ascii_graphic()), "{link}");
            }
        }
    }
}
