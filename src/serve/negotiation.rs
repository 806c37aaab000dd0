//! What a client takes, and what it has: `Accept-Encoding`, `Accept`, and the conditions under which nothing needs to be
//! sent. Knows no file and no connection.
//!
//! Specification: [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), sections 12.4.2, 12.5.1, 12.5.3 and 13.

use crate::precompress::Encoding;

/// How much a client wants each coding, in thousandths; 0: not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    gzip: Option<u16>,
    brotli: Option<u16>,
    zstd: Option<u16>,
    identity: Option<u16>,
    rest: Option<u16>,
}

impl Wanted {
    /// Reads the lines of `Accept-Encoding`. Without any, nothing is compressed.
    pub fn of<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut wanted = Self { gzip: None, brotli: None, zstd: None, identity: None, rest: None };
        for part in lines.flat_map(|line| line.split(|byte| *byte == b',')) {
            let (name, quality) = weighed(part);
            let slot = match name {
                _ if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => {
                    &mut wanted.gzip
                }
                _ if name.eq_ignore_ascii_case(b"br") => &mut wanted.brotli,
                _ if name.eq_ignore_ascii_case(b"zstd") => &mut wanted.zstd,
                _ if name.eq_ignore_ascii_case(b"identity") => &mut wanted.identity,
                b"*" => &mut wanted.rest,
                _ => continue,
            };
            *slot = Some(quality);
        }
        wanted
    }

    /// How much a coding is wanted; `None` is the bytes as they are. What is not spoken of is taken last, compressed not
    /// at all.
    fn quality(&self, encoding: Option<Encoding>) -> Option<u16> {
        let named = match encoding {
            Some(Encoding::Gzip) => self.gzip,
            Some(Encoding::Brotli) => self.brotli,
            Some(Encoding::Zstd) => self.zstd,
            None => self.identity,
        };
        match (named.or(self.rest), encoding) {
            (Some(0), _) | (None, Some(_)) => None,
            (Some(quality), _) => Some(quality),
            (None, None) => Some(0),
        }
    }

    /// Which of the codings to send, each given with its length: the one wanted most, of these the shortest. `None`:
    /// none of them may be sent.
    pub fn choose(&self, offered: impl Iterator<Item = (Option<Encoding>, usize)>) -> Option<usize> {
        let taken = offered.enumerate().filter_map(|(index, (encoding, length))| {
            Some((std::cmp::Reverse(self.quality(encoding)?), length, index))
        });
        taken.min().map(|(_, _, index)| index)
    }
}

/// A word of a list and its weight in thousandths: `gzip;q=0.5`. What is no weight counts as none given.
fn weighed(part: &[u8]) -> (&[u8], u16) {
    let mut pieces = part.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let name = pieces.next().unwrap_or_default();
    let quality = pieces.find_map(|piece| {
        let (key, value) = piece.split_at_checked(2)?;
        let text = key.eq_ignore_ascii_case(b"q=").then(|| std::str::from_utf8(value).ok())??;
        let number: f32 = text.trim().parse().ok()?;
        (0.0..=1.0).contains(&number).then_some((number * 1000.0).round() as u16)
    });
    (name, quality.unwrap_or(1000))
}

/// Whether `Accept` asks for pages, as browsers do and readers do not.
pub fn is_browser<'a>(mut lines: impl Iterator<Item = &'a [u8]>) -> bool {
    lines.any(|line| {
        line.split(|byte| *byte == b',').map(weighed).any(|(name, quality)| {
            quality > 0
                && (name.eq_ignore_ascii_case(b"text/html")
                    || name.eq_ignore_ascii_case(b"application/xhtml+xml"))
        })
    })
}

/// The conditions that a request makes.
#[derive(Debug)]
pub struct Conditions<'a, N, M>
where
    N: Iterator<Item = &'a [u8]>,
    M: Iterator<Item = &'a [u8]>,
{
    /// The lines of `If-Match`.
    pub matches: N,
    /// The lines of `If-None-Match`.
    pub none_match: M,
    pub unmodified_since: Option<&'a [u8]>,
    pub modified_since: Option<&'a [u8]>,
}

/// What follows of the conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Send,
    /// 304: the client has it.
    NotModified,
    /// 412: it is not what the client thinks it is.
    Failed,
}

impl<'a, N, M> Conditions<'a, N, M>
where
    N: Iterator<Item = &'a [u8]>,
    M: Iterator<Item = &'a [u8]>,
{
    /// Weighs the conditions in the order of RFC 9110, 13.2.2. `is_tag` tells whether an opaque tag, without its
    /// quotation marks, is that of what would be sent; `modified` is when that was changed, in Unix seconds.
    pub fn outcome(self, is_tag: impl Fn(&[u8]) -> bool, modified: i64) -> Outcome {
        let mut matches = self.matches.peekable();
        if matches.peek().is_some() {
            if !matches.any(|line| lists(line, &is_tag, Comparison::Strong)) {
                return Outcome::Failed;
            }
        } else if self.unmodified_since.and_then(moment).is_some_and(|moment| modified > moment) {
            return Outcome::Failed;
        }
        let mut none_match = self.none_match.peekable();
        let is_known = match none_match.peek().is_some() {
            true => none_match.any(|line| lists(line, &is_tag, Comparison::Weak)),
            false => self.modified_since.and_then(moment).is_some_and(|moment| modified <= moment),
        };
        if is_known { Outcome::NotModified } else { Outcome::Send }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

/// Whether a list of entity tags, or `*`, has that tag. A tag may hold commas; what is no tag ends the list.
fn lists(line: &[u8], is_tag: impl Fn(&[u8]) -> bool, comparison: Comparison) -> bool {
    let mut rest = line.trim_ascii();
    if rest == b"*" {
        return true;
    }
    loop {
        while let [b',' | b' ' | b'\t', more @ ..] = rest {
            rest = more;
        }
        let (weak, quoted) = match rest {
            [b'W' | b'w', b'/', quoted @ ..] => (true, quoted),
            quoted => (false, quoted),
        };
        let [b'"', opaque @ ..] = quoted else { return false };
        let Some(end) = memchr::memchr(b'"', opaque) else { return false };
        let (tag, more) = opaque.split_at(end);
        if (!weak || comparison == Comparison::Weak) && is_tag(tag) {
            return true;
        }
        rest = more.get(1..).unwrap_or_default();
    }
}

/// A moment as HTTP writes it, in Unix seconds; `None` for anything else, which is passed over.
fn moment(text: &[u8]) -> Option<i64> {
    let moment = httpdate::parse_http_date(std::str::from_utf8(text).ok()?.trim()).ok()?;
    i64::try_from(moment.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Encoding::{Brotli, Gzip, Zstd};

    /// What is chosen of four codings; Brotli is the shortest, then Zstandard.
    fn chosen(line: &str) -> Option<Option<Encoding>> {
        let offered = [(None, 100), (Some(Gzip), 30), (Some(Brotli), 25), (Some(Zstd), 28)];
        let lines = (line != "-").then_some(line.as_bytes());
        Wanted::of(lines.into_iter()).choose(offered.into_iter()).map(|index| offered[index].0)
    }

    #[test]
    fn codings_are_chosen_by_weight_then_by_length() {
        for (line, encoding) in [
            ("-", Some(None)),
            ("", Some(None)),
            ("gzip", Some(Some(Gzip))),
            ("x-gzip", Some(Some(Gzip))),
            ("gzip, deflate, br, zstd", Some(Some(Brotli))),
            ("gzip, zstd", Some(Some(Zstd))),
            ("GZIP;Q=1, br;q=0.9", Some(Some(Gzip))),
            ("br;q=0.001, gzip;q=0", Some(Some(Brotli))),
            ("br;q=0, *", Some(Some(Zstd))),
            ("*", Some(Some(Brotli))),
            ("*;q=0", None),
            ("*;q=0, gzip", Some(Some(Gzip))),
            ("*;q=0, identity", Some(None)),
            ("identity;q=0", None),
            ("identity;q=0, gzip;q=0.1", Some(Some(Gzip))),
            ("identity;q=0, gzip;q=0", None),
            ("identity, gzip;q=0.5", Some(None)),
            ("identity;q=0.5, gzip;q=0.5", Some(Some(Gzip))),
            ("gzip;q=0", Some(None)),
            ("compress", Some(None)),
            ("gzip;q=nonsense", Some(Some(Gzip))),
            ("gzip ; q=0.2 , br ; q=0.3", Some(Some(Brotli))),
        ] {
            assert_eq!(chosen(line), encoding, "{line}");
        }
    }

    #[test]
    fn browsers_ask_for_pages() {
        let is = |line: &str| is_browser(std::iter::once(line.as_bytes()));
        assert!(is("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        assert!(!is("application/rss+xml, application/atom+xml, */*;q=0.1"));
        assert!(!is("*/*") && !is("text/html;q=0, application/xml"));
        assert!(!is_browser(std::iter::empty()));
    }

    fn outcome(
        matches: Option<&str>,
        none_match: Option<&str>,
        unmodified: Option<&str>,
        since: Option<&str>,
    ) -> Outcome {
        let conditions = Conditions {
            matches: matches.map(str::as_bytes).into_iter(),
            none_match: none_match.map(str::as_bytes).into_iter(),
            unmodified_since: unmodified.map(str::as_bytes),
            modified_since: since.map(str::as_bytes),
        };
        // Sun, 06 Nov 1994 08:49:37 GMT
        conditions.outcome(|tag| tag == b"a,b", 784_111_777)
    }

    #[test]
    fn conditions_are_weighed_in_their_order() {
        use Outcome::{Failed, NotModified, Send};
        let (before, same) = ("Sun, 06 Nov 1994 08:49:36 GMT", "Sunday, 06-Nov-94 08:49:37 GMT");
        for (none_match, since, expected) in [
            (None, None, Send),
            (Some("\"a,b\""), None, NotModified),
            (Some("W/\"a,b\""), None, NotModified),
            (Some("\"x\" , W/\"y\",\"a,b\""), None, NotModified),
            (Some("*"), None, NotModified),
            (Some("\"a\", \"b\""), None, Send),
            (Some("a,b"), None, Send),
            (Some("\"a,b"), None, Send),
            (Some(""), None, Send),
            (None, Some(same), NotModified),
            (None, Some("Sun Nov  6 08:49:37 1994"), NotModified),
            (None, Some(before), Send),
            (None, Some("yesterday"), Send),
            (Some("\"x\""), Some(same), Send),
            (Some("\"a,b\""), Some(before), NotModified),
        ] {
            assert_eq!(outcome(None, none_match, None, since), expected, "{none_match:?} {since:?}");
        }
        assert_eq!(outcome(Some("\"x\""), Some("*"), None, None), Failed);
        assert_eq!(outcome(Some("W/\"a,b\""), None, None, None), Failed);
        assert_eq!(outcome(Some("\"a,b\""), None, Some(before), None), Send);
        assert_eq!(outcome(Some("*"), Some("\"a,b\""), None, None), NotModified);
        assert_eq!(outcome(None, None, Some(before), None), Failed);
        assert_eq!(outcome(None, None, Some(same), None), Send);
    }
}
