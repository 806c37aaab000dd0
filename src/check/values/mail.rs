//! Addresses of mail, as Atom and RSS write them.
//!
//! Specifications: <https://www.rfc-editor.org/rfc/rfc2822#section-3.4.1>,
//! <https://www.rssboard.org/rss-profile#data-types-email>.

/// What an address is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contact {
    /// `name@host.tld (Real Name)`.
    Good,
    /// An address without a name.
    Nameless,
    /// An address, but not in the form recommended.
    OddFormat,
    /// No address.
    Bad,
}

/// Whether `text` is an address: a dot-atom, `@`, a host name or a literal.
pub(crate) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |part: &str| {
        !part.is_empty()
            && part.split('.').all(|atom| {
                !atom.is_empty()
                    && atom.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
            })
    };
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let literal = domain.starts_with('[') && domain.ends_with(']');
    (atom(local) || quoted) && (literal || (!domain.is_empty() && domain.split('.').all(label)))
}

/// Whether the host of an address can be known to the world: it has a dot.
pub(crate) fn has_known_host(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, host)| host.contains('.') || host.starts_with('['))
}

/// Judges what RSS writes where an address of mail is wanted.
pub(crate) fn contact(text: &str) -> Contact {
    let text = text.trim();
    if is_address(text) {
        return Contact::Nameless;
    }
    if let Some((address, name)) = text.split_once('(') {
        let address = address.trim_end();
        return match name.strip_suffix(')') {
            Some(name) if is_address(address) && !name.trim().is_empty() => Contact::Good,
            _ => Contact::Bad,
        };
    }
    if let Some(rest) = text.strip_prefix("mailto:") {
        let decoded = percent_decoded(rest.split('?').next().unwrap_or_default());
        return if is_address(&decoded) || bracketed(&decoded) { Contact::OddFormat } else { Contact::Bad };
    }
    if bracketed(text) { Contact::OddFormat } else { Contact::Bad }
}

/// `Name <address>`.
fn bracketed(text: &str) -> bool {
    text.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).is_some_and(is_address)
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (b, code) {
            (b'%', Some(code)) => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(*b);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_graded() {
        for (text, grade) in [
            ("toasoan@example.vn (Tòa soạn)", Contact::Good),
            ("a+b@example.vn (X)", Contact::Good),
            ("toasoan@example.vn", Contact::Nameless),
            ("Tòa soạn <toasoan@example.vn>", Contact::OddFormat),
            ("mailto:X%20%3Cx%40example.org%3E?subject=y", Contact::OddFormat),
            ("Tòa soạn", Contact::Bad),
            ("Me (me@example.com)", Contact::Bad),
            ("me@example.com (", Contact::Bad),
            ("me at example.com", Contact::Bad),
            ("", Contact::Bad),
        ] {
            assert_eq!(contact(text), grade, "{text}");
        }
        assert!(!is_address("me@"));
        assert!(!has_known_host("me@localhost"));
    }
}
