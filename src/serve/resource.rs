//! One file as it is sent: its bytes in every coding, and the header lines that do not depend on who asks, written out
//! beforehand.

use super::media::{self, Kind};
use super::store::{Body, Store};
use crate::precompress::{ENCODINGS, Effort, Encoding, compress};
use crate::{pages, reader};
use std::fmt::Write as _;
use std::fs::Metadata;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::UNIX_EPOCH;
use url::Url;
use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128};

/// What feeds may load: the style sheet, and pictures of the newspaper. No script, no frame, no form.
const FEED_POLICY: &[u8] = b"Content-Security-Policy: default-src 'none'; style-src 'self'; img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n";

/// What pages of this program may load: the script beside them as well, none that stands within them.
const PAGE_POLICY: &[u8] = b"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n";

/// A file that is served.
#[derive(Debug)]
pub struct Resource {
    /// Below the output folder, with slashes.
    pub path: Arc<str>,
    /// The media type for everybody, with its charset.
    pub media_type: &'static str,
    /// The media type that readers of feeds are told instead, where browsers would show it as bare text.
    pub reader_type: Option<&'static str>,
    /// When the file was last written, in Unix seconds, or when it was seen to be another one.
    pub modified: i64,
    /// When its newest entry was published or changed, of a feed, in Unix seconds.
    pub newest: Option<i64>,
    /// Header lines of 200 and 304 alike.
    pub lasting: Box<[u8]>,
    /// Header lines of 200 alone that are of this file alone.
    once: Box<[u8]>,
    /// The bytes as they are, then in the codings that make them shorter.
    pub variants: Box<[Variant]>,
    /// How the file looked on the disk: as long as it looks so, it need not be read again.
    pub seen: Seen,
    pub counters: Arc<Counters>,
    /// The header line that tells browsers what it may load, or nothing.
    policy: &'static [u8],
    /// Of the terms.
    terms: u64,
}

/// The bytes of a file in one coding.
#[derive(Debug)]
pub struct Variant {
    pub encoding: Option<Encoding>,
    /// Of these bytes.
    hash: u128,
    pub body: Body,
}

/// What a file looks like without being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    length: u64,
    modified: Option<std::time::SystemTime>,
    identity: (u64, i64, i64),
}

impl Seen {
    pub fn of(file: &Metadata) -> Self {
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt;
            (file.ino(), file.ctime(), file.ctime_nsec())
        };
        #[cfg(not(unix))]
        let identity = (0, 0, 0);
        Self { length: file.len(), modified: file.modified().ok(), identity }
    }

    /// The file's time, in Unix seconds.
    fn seconds(&self) -> i64 {
        let since = self.modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
        since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

/// How often a file was sent.
#[derive(Debug, Default)]
pub struct Counters {
    pub sent: AtomicU64,
    pub not_modified: AtomicU64,
    /// Of 200 alone, as sent: heads are not counted.
    pub bytes: AtomicU64,
}

/// What the header lines of a file follow from, beside its content.
#[derive(Debug)]
pub struct Terms {
    /// Where the file is to be had, of a feed: its self link.
    pub address: Url,
    /// For how many seconds an answer may be kept.
    pub max_age: u64,
}

/// What the bytes of a file tell, whatever the terms are, and where they are kept.
///
/// What is made of it stays for long and is small; what it takes to make it is large and goes at once. So this holds
/// next to nothing that was allocated beside what went: otherwise the memory could not be given back.
#[derive(Debug)]
pub struct Content {
    kind: Kind,
    newest: Option<i64>,
    hubs: Vec<String>,
    is_own_page: bool,
    plain: Coded,
    smaller: [Option<Coded>; ENCODINGS.len()],
}

/// Bytes in one coding, and their hash.
#[derive(Debug)]
struct Coded {
    hash: u128,
    body: Body,
}

impl Coded {
    fn new(bytes: Vec<u8>, is_seldom: bool, store: &Arc<Store>) -> io::Result<Self> {
        Ok(Self { hash: xxh3_128(&bytes), body: store.place(bytes, is_seldom)? })
    }
}

impl Content {
    /// Looks at a file's bytes, compresses them and keeps them.
    pub fn of(path: &str, bytes: Vec<u8>, store: &Arc<Store>) -> io::Result<Self> {
        let kind = media::kind(path, &bytes);
        let feed = kind.feed.and_then(|_| reader::read(&bytes).ok());
        let newest = feed.and_then(|feed| {
            let moments = feed.entries.iter().filter_map(|entry| entry.updated_at().or(entry.published_at()));
            moments.map(|moment| moment.timestamp()).max()
        });
        let hubs = kind.feed.map(|_| media::hubs(&bytes)).unwrap_or_default();
        let mut smaller = [const { None }; ENCODINGS.len()];
        if kind.shrinks {
            for (encoding, place) in ENCODINGS.into_iter().zip(&mut smaller) {
                let small = compress(encoding, &bytes, Effort::Quick)?;
                if small.len() < bytes.len() {
                    *place = Some(Coded::new(small, false, store)?);
                }
            }
        }
        let is_own_page = is_own_page(path, &bytes);
        Ok(Self { kind, newest, hubs, is_own_page, plain: Coded::new(bytes, true, store)?, smaller })
    }
}

impl Resource {
    /// Makes a resource of a file's content, at a moment in Unix seconds. `last` is what was served at this path before.
    pub fn new(
        path: &str,
        content: Content,
        seen: Seen,
        terms: Terms,
        now: i64,
        last: Option<&Arc<Self>>,
    ) -> Self {
        let kind = content.kind;
        // Not that of the newest entry, which stays when an older article comes late or one is withdrawn: a client that
        // asks by time alone would never hear of it. The file is touched by what changes it, and by nothing else. One that
        // is put back from elsewhere may be older than what was served, and is another one all the same.
        let after = last.map_or(i64::MIN, |last| {
            last.modified.saturating_add(i64::from(last.hash() != Some(content.plain.hash)))
        });
        // No file is newer than now (RFC 9110, 8.8.2.1).
        let modified = seen.seconds().max(after).min(now);
        let negotiated = kind.reader_type.is_some();
        let mut lasting = format!(
            "Last-Modified: {}\r\nCache-Control: public, max-age={}\r\nVary: {}\r\n",
            http_date(modified),
            terms.max_age,
            if negotiated { "Accept, Accept-Encoding" } else { "Accept-Encoding" },
        );
        let mut once = String::new();
        if kind.feed.is_some() || kind.is_list {
            lasting += "Access-Control-Allow-Origin: *\r\n";
        }
        if kind.feed.is_some() {
            let _ = write!(once, "Link: <{}>; rel=\"self\"\r\n", terms.address);
            for hub in &content.hubs {
                let _ = write!(once, "Link: <{hub}>; rel=\"hub\"\r\n");
            }
        }
        let smaller = ENCODINGS.into_iter().zip(content.smaller);
        let smaller = smaller.filter_map(|(encoding, coded)| Some(Variant::new(Some(encoding), coded?)));
        let variants: Vec<_> = std::iter::once(Variant::new(None, content.plain)).chain(smaller).collect();
        Self {
            path: path.into(),
            media_type: kind.media_type,
            reader_type: kind.reader_type,
            modified,
            newest: content.newest,
            lasting: lasting.into_bytes().into(),
            once: once.into_bytes().into(),
            variants: variants.into(),
            seen,
            counters: last.map(|last| Arc::clone(&last.counters)).unwrap_or_default(),
            policy: match (&kind.feed, content.is_own_page) {
                (Some(_), _) => FEED_POLICY,
                (None, true) => PAGE_POLICY,
                (None, false) => b"",
            },
            terms: terms.fingerprint(),
        }
    }

    /// The hash of the bytes as they are.
    fn hash(&self) -> Option<u128> {
        self.variants.first().map(|plain| plain.hash)
    }

    /// Adds the header lines of a 200 alone, for one of the variants.
    pub fn put_once(&self, media_type: &str, variant: &Variant, head: &mut Vec<u8>) {
        head.extend_from_slice(b"Content-Type: ");
        head.extend_from_slice(media_type.as_bytes());
        head.extend_from_slice(b"\r\nX-Content-Type-Options: nosniff\r\n");
        head.extend_from_slice(&self.once);
        head.extend_from_slice(self.policy);
        if let Some(encoding) = variant.encoding {
            head.extend_from_slice(b"Content-Encoding: ");
            head.extend_from_slice(encoding.name().as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        // Writing to a Vec does not fail.
        let _ = write!(head, "Content-Length: {}\r\n", variant.body.len());
    }

    /// Whether the header lines would be the same under these terms.
    pub fn is_under(&self, terms: &Terms) -> bool {
        self.terms == terms.fingerprint()
    }

    /// Whether it is a feed.
    pub fn is_feed(&self) -> bool {
        self.newest.is_some()
    }
}

impl Variant {
    fn new(encoding: Option<Encoding>, coded: Coded) -> Self {
        Self { encoding, hash: coded.hash, body: coded.body }
    }

    /// The opaque tag: the hash in hexadecimal.
    pub fn tag(&self) -> [u8; 32] {
        let mut tag = [0; 32];
        for (place, digit) in tag.iter_mut().rev().enumerate() {
            let value = (self.hash >> (4 * place)) as u8 & 15;
            *digit = if value < 10 { b'0' + value } else { b'a' + value - 10 };
        }
        tag
    }
}

impl Terms {
    fn fingerprint(&self) -> u64 {
        xxh3_64_with_seed(self.address.as_str().as_bytes(), self.max_age)
    }
}

/// Whether it is a page that this program wrote. Others load what they like.
fn is_own_page(path: &str, bytes: &[u8]) -> bool {
    path.ends_with(".html") && memchr::memmem::find(bytes, pages::GENERATOR.as_bytes()).is_some()
}

/// A moment in Unix seconds as HTTP writes it.
pub fn http_date(seconds: i64) -> String {
    // httpdate writes years of four digits alone.
    let seconds = u64::try_from(seconds).unwrap_or(0).min(253_402_300_799);
    httpdate::fmt_http_date(UNIX_EPOCH + std::time::Duration::from_secs(seconds))
}
