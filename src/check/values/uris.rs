//! Addresses: URIs, IRIs, tags and URNs.
//!
//! Specifications: <https://www.rfc-editor.org/rfc/rfc3986>, <https://www.rfc-editor.org/rfc/rfc3987>,
//! <https://www.rfc-editor.org/rfc/rfc4151>, <https://www.rfc-editor.org/rfc/rfc8141>, <https://www.rfc-editor.org/rfc/rfc9562>.

use super::dates;

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Empty, or relative where it must be absolute.
    NotFull,
    /// A character that no address may contain.
    Character(char),
    /// Malformed in another way.
    Malformed,
    /// Letters beyond ASCII where a URI is asked for.
    NotAscii,
    Tag,
    Urn,
    Uuid,
    /// A scheme that is not registered: a warning only.
    Scheme,
}

/// Schemes that are registered and met with in feeds.
static SCHEMES: &[&str] = &[
    "about",
    "acap",
    "acct",
    "afs",
    "cap",
    "cid",
    "coap",
    "coaps",
    "crid",
    "data",
    "dav",
    "dict",
    "dns",
    "fax",
    "file",
    "ftp",
    "geo",
    "go",
    "gopher",
    "h323",
    "http",
    "https",
    "iax",
    "icap",
    "im",
    "imap",
    "info",
    "ipp",
    "iris",
    "iris.beep",
    "jabber",
    "ldap",
    "ldaps",
    "magnet",
    "mailto",
    "mid",
    "modem",
    "msrp",
    "msrps",
    "mtqp",
    "mupdate",
    "news",
    "nfs",
    "ni",
    "nih",
    "nntp",
    "opaquelocktoken",
    "pop",
    "pres",
    "prospero",
    "rtsp",
    "rtspu",
    "service",
    "sftp",
    "shttp",
    "sip",
    "sips",
    "sms",
    "snmp",
    "soap.beep",
    "soap.beeps",
    "stun",
    "tag",
    "tel",
    "telnet",
    "tftp",
    "thismessage",
    "tip",
    "tn3270",
    "turn",
    "tv",
    "urn",
    "vemmi",
    "ws",
    "wss",
    "wais",
    "xmlrpc.beep",
    "xmlrpc.beeps",
    "xmpp",
    "z39.50r",
    "z39.50s",
];

/// The scheme of an absolute address.
pub(crate) fn scheme(text: &str) -> Option<&str> {
    // What ends the letters that a scheme may have must be the colon.
    let end = text.bytes().position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'+' | b'-' | b'.'))?;
    let (scheme, rest) = text.split_at_checked(end)?;
    (rest.starts_with(':') && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(scheme)
}

/// Judges an address. `full`: it must be absolute. `iri`: letters beyond ASCII are allowed.
pub(crate) fn check(text: &str, full: bool, iri: bool) -> Option<Fault> {
    if is_plain(text) || is_usual_tag(text) {
        return None;
    }
    let scheme = scheme(text);
    let is = |known: &str| scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(known));
    if is("tag") {
        return (!is_tag(text)).then_some(Fault::Tag);
    }
    if is("urn") {
        return urn(text);
    }
    // Most addresses are of letters, digits and a few marks, none of them a percent sign: one pass tells.
    if !text.bytes().all(|b| ALLOWED.get(usize::from(b)).is_some_and(|allowed| *allowed) && b != b'%') {
        if let Some(c) = text.chars().find(|c| !may_contain(*c)) {
            return Some(Fault::Character(c));
        }
        if !percents_are_codes(text) {
            return Some(Fault::Character('%'));
        }
    }
    let Some(scheme) = scheme else {
        if full {
            return Some(Fault::NotFull);
        }
        if text.split(['/', '?', '#']).next().is_some_and(|segment| segment.contains(':')) {
            return Some(Fault::Malformed);
        }
        return (!iri && !text.is_ascii()).then_some(Fault::NotAscii);
    };
    if is("https") || is("http") || is("ftp") {
        let rest = text.get(scheme.len() + 1..).unwrap_or_default();
        let Some(rest) = rest.strip_prefix("//") else { return Some(Fault::NotFull) };
        let authority = rest.get(..authority_end(rest)).unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        if host.is_empty() || host.starts_with(':') {
            return Some(Fault::NotFull);
        }
        if !is_authority(host) {
            return Some(Fault::Malformed);
        }
    }
    if !iri && !text.is_ascii() {
        return Some(Fault::NotAscii);
    }
    let known = is("https") || SCHEMES.iter().any(|known| is(known));
    (!known).then_some(Fault::Scheme)
}

/// Whether an address is what most are, and right whatever is asked of it: `https://`, a host, and letters, digits and marks
/// that need no second look.
fn is_plain(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http") else { return false };
    let Some(rest) = rest.strip_prefix("s://").or_else(|| rest.strip_prefix("://")) else { return false };
    let bytes = rest.as_bytes();
    let host = bytes.iter().position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'-'));
    let (host, path) = bytes.split_at_checked(host.unwrap_or(bytes.len())).unwrap_or_default();
    let begins = matches!(path, [] | [b'/' | b'?' | b'#', ..]);
    !host.is_empty() && begins && are_plain(path)
}

/// Whether all of some bytes may stand anywhere behind a host. No branch, so that many are looked at at a time.
fn are_plain(bytes: &[u8]) -> bool {
    let other = |b: u8| {
        (b <= b' ')
            | (b >= 0x7f)
            | (b == b'"')
            | (b == b'%')
            | (b == b'<')
            | (b == b'>')
            | (b == b'\\')
            | (b == b'^')
            | (b == b'`')
            | ((b'{'..=b'}').contains(&b))
    };
    !bytes.iter().fold(false, |any, b| any | other(*b))
}

/// Whether a text is a tag URI as most are written, `tag:`, a host, a year or a day, and letters, digits and marks.
fn is_usual_tag(text: &str) -> bool {
    let Some(rest) = text.as_bytes().strip_prefix(b"tag:") else { return false };
    let mut label = 0;
    let comma = rest.iter().position(|b| {
        let part = b.is_ascii_alphanumeric() || *b == b'-' || (*b == b'.' && label > 0);
        label = if part && *b != b'.' { label + 1 } else { 0 };
        !part
    });
    let Some((host, [b',', y1, y2, y3, y4, b':', specific @ ..])) =
        comma.and_then(|at| rest.split_at_checked(at))
    else {
        return false;
    };
    let year = [y1, y2, y3, y4].iter().all(|b| b.is_ascii_digit());
    let marks = |b: &u8| matches!(b, b'#' | b'[' | b']');
    host.last().is_some_and(|b| *b != b'.') && year && are_plain(specific) && !specific.iter().any(marks)
}

/// The bytes that may stand anywhere behind a host.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut b = 0;
    while b < ALLOWED.len() {
        plain[b] = ALLOWED[b] && b != b'%' as usize;
        b += 1;
    }
    plain
};

/// Where the host, what stands before it and the port end: at the path, the query or the fragment.
fn authority_end(rest: &str) -> usize {
    rest.bytes().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len())
}

/// A host and, perhaps, a port.
fn is_authority(host: &str) -> bool {
    if let Some(rest) = host.strip_prefix('[') {
        let Some((literal, port)) = rest.split_once(']') else { return false };
        return literal.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
            && port.strip_prefix(':').unwrap_or(port).bytes().all(|b| b.is_ascii_digit());
    }
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    !name.contains(['[', ']']) && port.bytes().all(|b| b.is_ascii_digit())
}

/// The characters of ASCII that an address may contain.
static ALLOWED: [bool; 128] = {
    let mut allowed = [false; 128];
    let mut b = 0u8;
    while b < 128 {
        allowed[b as usize] = b.is_ascii_alphanumeric();
        b += 1;
    }
    let marks = b"-._~:/?#[]@!$&'()*+,;=%";
    let mut at = 0;
    while at < marks.len() {
        allowed[marks[at] as usize] = true;
        at += 1;
    }
    allowed
};

fn may_contain(c: char) -> bool {
    usize::try_from(u32::from(c)).is_ok_and(|at| ALLOWED.get(at).is_some_and(|allowed| *allowed))
        || (!c.is_ascii() && !c.is_control() && !c.is_whitespace() && c != char::REPLACEMENT_CHARACTER)
}

fn percents_are_codes(text: &str) -> bool {
    memchr::memchr_iter(b'%', text.as_bytes())
        .all(|at| text.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())))
}

/// RFC 4151: `tag:authority,date:specific`.
fn is_tag(text: &str) -> bool {
    let Some(rest) = text.get(4..) else { return false };
    let Some((authority, rest)) = rest.split_once(',') else { return false };
    let Some((date, specific)) = rest.split_once(':') else { return false };
    let name = |name: &str| {
        !name.is_empty()
            && name.as_bytes().split(|b| *b == b'.').all(|label| {
                !label.is_empty()
                    && label.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_')
            })
    };
    let authority = match authority.split_once('@') {
        Some((mailbox, host)) => {
            !mailbox.is_empty()
                && mailbox.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
                && name(host)
        }
        None => name(authority),
    };
    let date = matches!(date.len(), 4 | 7 | 10) && dates::w3cdtf(date).is_some();
    // One fragment may follow.
    let allowed = |b: u8| PLAIN.get(usize::from(b)).is_some_and(|plain| *plain) && !matches!(b, b'[' | b']');
    let fragments = memchr::memchr_iter(b'#', specific.as_bytes()).count();
    authority
        && date
        && fragments <= 1
        && specific.bytes().all(|b| allowed(b) || b == b'%')
        && percents_are_codes(specific)
}

fn urn(text: &str) -> Option<Fault> {
    let rest = text.get(4..).unwrap_or_default();
    let Some((nid, nss)) = rest.split_once(':') else { return Some(Fault::Urn) };
    if nid.eq_ignore_ascii_case("uuid") {
        return (!is_uuid(nss)).then_some(Fault::Uuid);
    }
    let nid_valid = (2..=32).contains(&nid.len())
        && !nid.starts_with('-')
        && !nid.ends_with('-')
        && !nid.eq_ignore_ascii_case("urn")
        && nid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let allowed = |c: char| c.is_ascii_alphanumeric() || "()+,-.:=@;$_!*'%/?#&~".contains(c);
    let nss_valid = !nss.is_empty() && nss.chars().all(allowed) && percents_are_codes(nss);
    (!nid_valid || !nss_valid).then_some(Fault::Urn)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// Whether an address could be written in a simpler, equivalent way: readers compare identities letter by letter.
pub(crate) fn is_canonical(text: &str) -> bool {
    let Some(scheme) = scheme(text) else { return true };
    if scheme.bytes().any(|b| b.is_ascii_uppercase()) {
        return false;
    }
    let Some(rest) = text.get(scheme.len() + 1..).and_then(|rest| rest.strip_prefix("//")) else {
        return true;
    };
    let (authority, path) = rest.split_at_checked(authority_end(rest)).unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let default = match scheme {
        "http" => ":80",
        "https" => ":443",
        "ftp" => ":21",
        _ => ":0",
    };
    if host.bytes().any(|b| b.is_ascii_uppercase()) || host.ends_with(':') || host.ends_with(default) {
        return false;
    }
    let mut segments = path
        .as_bytes()
        .split(|b| matches!(b, b'?' | b'#'))
        .take(1)
        .flat_map(|path| path.split(|b| *b == b'/'));
    if segments.any(|segment| matches!(segment, b"." | b"..")) {
        return false;
    }
    memchr::memchr_iter(b'%', text.as_bytes()).all(|at| {
        let code = text.get(at + 1..at + 3).unwrap_or_default();
        let unreserved = u8::from_str_radix(code, 16)
            .is_ok_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'));
        !unreserved && !code.bytes().any(|b| b.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged() {
        for (text, full, iri, fault) in [
            ("https://example.vn/a?b=1#c", true, false, None),
            ("http://[FEDC::1]:8080/", true, false, None),
            ("tin-tuc/1", false, false, None),
            ("//cdn.example.vn/a.png", false, false, None),
            ("tin-tuc/1", true, false, Some(Fault::NotFull)),
            ("", true, false, Some(Fault::NotFull)),
            ("http://", true, false, Some(Fault::NotFull)),
            ("http://[", true, false, Some(Fault::Malformed)),
            ("http://example.vn:port/", true, false, Some(Fault::Malformed)),
            ("http://example.vn/a b", true, false, Some(Fault::Character(' '))),
            ("http://example.vn/100%", true, false, Some(Fault::Character('%'))),
            ("http://example.vn/đ", true, false, Some(Fault::NotAscii)),
            ("http://example.vn/đ", true, true, None),
            ("javascript:alert(1)", true, false, Some(Fault::Scheme)),
            ("tag:example.vn,2026:1", true, false, None),
            ("tag:a@example.vn,2026-11-20:x#y", true, false, None),
            ("tag:example.vn,2026-13:1", true, false, Some(Fault::Tag)),
            ("tag:example.vn:1", true, false, Some(Fault::Tag)),
            ("urn:isbn:0451450523", true, false, None),
            ("urn:a.b:1", true, false, Some(Fault::Urn)),
            ("urn:ab-:1", true, false, Some(Fault::Urn)),
            ("urn:urn:1", true, false, Some(Fault::Urn)),
            ("urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", true, false, None),
            ("urn:uuid:60a76c80-d399-11d9-b93c-0003939e0afg", true, false, Some(Fault::Uuid)),
        ] {
            assert_eq!(check(text, full, iri), fault, "{text}");
        }
    }

    #[test]
    fn what_is_plain_is_what_the_table_says() {
        for b in 0..=u8::MAX {
            assert_eq!(super::are_plain(&[b'a', b]), PLAIN[usize::from(b)], "{b:x}");
        }
    }

    #[test]
    fn usual_tags_are_tags() {
        for text in ["tag:e.vn,2026:1", "tag:a-b.c,2005:/x/y?z", "tag:e.vn,2026:"] {
            assert!(is_usual_tag(text) && is_tag(text), "{text}");
        }
        for text in [
            "tag:e.vn,20x6:1",
            "tag:.e,2026:1",
            "tag:e..vn,2026:1",
            "tag:e.,2026:1",
            "tag:,2026:1",
            "tag:e 1,2026:1",
            "tag:e.vn,2026:[",
            "tag:e.vn,2026:a b",
        ] {
            assert!(!is_usual_tag(text) && !is_tag(text), "{text}");
        }
    }

    #[test]
    fn canonical_addresses_are_told() {
        for good in
            ["http://example.vn/%C3%87", "http://example.vn:8080/", "http://example.vn/?#", "tag:x,2026:Y"]
        {
            assert!(is_canonical(good), "{good}");
        }
        for bad in [
            "HTTP://example.vn/",
            "http://Example.vn/",
            "http://example.vn:80/",
            "https://example.vn:443",
            "http://example.vn/./a",
            "http://example.vn/%c3",
            "http://example.vn/%7Ea",
        ] {
            assert!(!is_canonical(bad), "{bad}");
        }
    }
}
