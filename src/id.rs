//! Identity of an entry: one string for RSS guid, Atom id and JSON Feed id, in every feed and for ever.
//!
//! Boundary: a function of the article's key and the authority alone; knows no title, section, path or clock. The vectors
//! in the tests are frozen: a changed id shows every article again to every subscriber.
//!
//! Specifications: [RFC 4151](https://www.rfc-editor.org/rfc/rfc4151) (tag URIs), [RFC 4287,
//! 4.2.6](https://www.rfc-editor.org/rfc/rfc4287#section-4.2.6), [RFC 9562](https://www.rfc-editor.org/rfc/rfc9562)
//! (UUIDs), [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986).

use crate::link::{encode_forbidden, is_pchar, is_scheme, push_escape};

/// The id of the entry whose key in the newsroom's system is `key`.
///
/// - An absolute URI is its own id (http, https, tag, urn, doi, info, ni, acct, at, did, each in its proper form):
///   what RFC 3986 forbids in it is percent-encoded, and nothing else is touched.
/// - A bare UUID becomes `urn:uuid:` in lower case.
/// - Anything else, `VN:123` and numbers too, becomes `tag:AUTHORITY:KEY`, where every character that a tag URI does not
///   take, and `%` itself, is percent-encoded: different keys have different ids.
///
/// `authority` is a domain and a year in which it was the newsroom's, `baosonla.vn,2005`. White space around the key
/// and characters that XML forbids do not count.
///
/// ```
/// use bantin::id::entry_id;
/// assert_eq!(entry_id("VN:123", "baosonla.vn,2005"), "tag:baosonla.vn,2005:VN:123");
/// assert_eq!(entry_id("https://baosonla.vn/Tin?id=1", "baosonla.vn,2005"), "https://baosonla.vn/Tin?id=1");
/// ```
pub fn entry_id(key: &str, authority: &str) -> String {
    let key = crate::text::clean(key);
    let key = key.trim();
    if let Some((scheme, rest)) = absolute_uri(key) {
        return format!("{scheme}:{}", encode_forbidden(rest));
    }
    if is_uuid(key) {
        return format!("urn:uuid:{}", key.to_ascii_lowercase());
    }
    let mut id = format!("tag:{authority}:");
    for byte in key.bytes() {
        if is_pchar(byte) || matches!(byte, b'/' | b'?') {
            id.push(char::from(byte));
        } else {
            push_escape(&mut id, byte);
        }
    }
    id
}

/// Whether a key is known as it is wherever it is met, a URI or a UUID, and not within one system alone.
///
/// ```
/// assert!(bantin::id::is_universal("tag:baosonla.vn,2005:123"));
/// assert!(!bantin::id::is_universal("123"));
/// ```
pub fn is_universal(key: &str) -> bool {
    let key = key.trim();
    absolute_uri(key).is_some() || is_uuid(key)
}

/// Whether RSS may say `isPermaLink="true"`: the id is an http(s) URL, and the article's.
pub fn is_permalink(id: &str, url: Option<&str>) -> bool {
    let web = absolute_uri(id).is_some_and(|(scheme, _)| is_web(scheme));
    web && url == Some(id)
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// The scheme and the rest of an absolute URI of a kind that identifies things, in its scheme's own form: a newsroom's
/// `tag:xuan` or `info:42` is a key, not a URI.
fn absolute_uri(key: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = key.split_once(':')?;
    if !is_scheme(scheme) {
        return None;
    }
    let proper = match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => rest.strip_prefix("//").is_some_and(is_at_host),
        "at" | "ni" => rest.strip_prefix("//").is_some_and(|rest| !rest.is_empty()),
        "tag" => is_tag(rest),
        // RFC 9562 §4: a UUID has one form; programs that read it as 128 bits fail on any other.
        "urn" => match rest.get(..5) {
            Some(name) if name.eq_ignore_ascii_case("uuid:") => is_uuid(&rest[5..]),
            _ => named(rest, ':', 2),
        },
        "did" => named(rest, ':', 1),
        "info" => named(rest, '/', 1),
        "doi" => rest.starts_with("10.") && rest.contains('/'),
        "acct" => rest.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()),
        _ => false,
    };
    proper.then_some((scheme, rest))
}

/// A host, and behind it perhaps a port, which is a number.
fn is_at_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // The colons of an IPv6 address are between brackets.
    let behind = host.rsplit_once(']').map_or(host, |(_, behind)| behind);
    let port = behind.split_once(':').map_or("", |(_, port)| port);
    !authority.starts_with(':') && !authority.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name of ASCII letters, digits and hyphens, the separator, and something after it.
fn named(rest: &str, separator: char, shortest: usize) -> bool {
    rest.split_once(separator).is_some_and(|(name, specific)| {
        name.len() >= shortest
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !specific.is_empty()
    })
}

/// `domain-or-address,date:specific` (RFC 4151, 2.1).
fn is_tag(rest: &str) -> bool {
    let Some((entity, _)) = rest.split_once(':') else { return false };
    let Some((authority, date)) = entity.split_once(',') else { return false };
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = date.split('-');
    let dated = parts.next().is_some_and(|year| digits(year, 4)) && parts.clone().count() <= 2;
    dated
        && parts.all(|part| digits(part, 2))
        && !authority.is_empty()
        && authority.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@'))
}

/// Eight, four, four, four and twelve hexadecimal digits.
fn is_uuid(key: &str) -> bool {
    key.len() == 36
        && key.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::is_valid_uri;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const AUTHORITY: &str = "baosonla.vn,2005";

    /// Frozen: readers know an article by its id. To change a line here is to show every article again to everybody.
    #[test]
    fn frozen_ids() {
        for (key, id) in [
            ("https://baosonla.vn/Tin/Bai-1.html?id=1", "https://baosonla.vn/Tin/Bai-1.html?id=1"),
            ("HTTP://BaoSonLa.vn:80", "HTTP://BaoSonLa.vn:80"),
            ("https://baosonla.vn/tin/", "https://baosonla.vn/tin/"),
            ("https://baosonla.vn/mưa lớn[1]", "https://baosonla.vn/m%C6%B0a%20l%E1%BB%9Bn%5B1%5D"),
            ("https://baosonla.vn/100%", "https://baosonla.vn/100%25"),
            ("tag:example.vn,2020-11-20:a/b", "tag:example.vn,2020-11-20:a/b"),
            ("urn:isbn:9786040000000", "urn:isbn:9786040000000"),
            (
                "urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
                "urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
            ),
            ("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
            ("at://did:plc:abc/app.feed/1", "at://did:plc:abc/app.feed/1"),
            ("did:plc:abc", "did:plc:abc"),
            ("doi:10.1000/182", "doi:10.1000/182"),
            ("acct:toa-soan@baosonla.vn", "acct:toa-soan@baosonla.vn"),
            ("info:lccn/2002022641", "info:lccn/2002022641"),
            ("123", "tag:baosonla.vn,2005:123"),
            (" 123\n", "tag:baosonla.vn,2005:123"),
            ("VN:123", "tag:baosonla.vn,2005:VN:123"),
            ("/tin?id=1", "tag:baosonla.vn,2005:/tin?id=1"),
            ("tin?id=2#x", "tag:baosonla.vn,2005:tin?id=2%23x"),
            ("mưa lớn", "tag:baosonla.vn,2005:m%C6%B0a%20l%E1%BB%9Bn"),
            ("mu\u{31B}a", "tag:baosonla.vn,2005:m%C6%B0a"),
            ("a%20b", "tag:baosonla.vn,2005:a%2520b"),
            ("info:42", "tag:baosonla.vn,2005:info:42"),
            ("tag:xuan", "tag:baosonla.vn,2005:tag:xuan"),
            ("urn:a", "tag:baosonla.vn,2005:urn:a"),
            ("http:", "tag:baosonla.vn,2005:http:"),
            ("https://", "tag:baosonla.vn,2005:https://"),
            // A port is a number.
            ("https://baosonla.vn:00+07:00", "tag:baosonla.vn,2005:https://baosonla.vn:00+07:00"),
            ("https://a:b@baosonla.vn:443/1:x", "https://a:b@baosonla.vn:443/1:x"),
            ("https://[2001:db8::1]:8080/1", "https://[2001:db8::1]:8080/1"),
            ("javascript:alert(1)", "tag:baosonla.vn,2005:javascript:alert(1)"),
            ("<x>|[y]", "tag:baosonla.vn,2005:%3Cx%3E%7C%5By%5D"),
        ] {
            assert_eq!(entry_id(key, AUTHORITY), id, "{key}");
        }
    }

    #[test]
    fn permalinks() {
        let url = "https://baosonla.vn/tin/1.html";
        assert!(is_permalink(url, Some(url)));
        assert!(!is_permalink(url, None));
        assert!(!is_permalink(url, Some("https://baosonla.vn/tin/2.html")));
        assert!(!is_permalink("tag:baosonla.vn,2005:1", Some("tag:baosonla.vn,2005:1")));
    }

    proptest! {
        #[test]
        fn ids_are_uris_and_their_own_ids(key in crate::text::tests::rough()) {
            if crate::text::clean(&key).trim().is_empty() {
                return Ok(());
            }
            let id = entry_id(&key, AUTHORITY);
            prop_assert!(is_valid_uri(&id), "{id}");
            prop_assert_eq!(entry_id(&id, "example.vn,2020"), id);
        }

        #[test]
        fn different_keys_have_different_ids(keys in proptest::collection::vec("[a-c%2 0-5đ/?#]{0,4}", 1..40)) {
            let mut ids = BTreeMap::new();
            for key in &keys {
                let trimmed = key.trim();
                let same = ids.insert(entry_id(key, AUTHORITY), trimmed);
                prop_assert!(same.is_none_or(|same| same == trimmed));
            }
        }
    }
}
