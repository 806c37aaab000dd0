//! One file as it is sent: its bytes in every coding, and the header lines that do not depend on who asks, written out
//! beforehand.

use super::media;
use super::store::{Body, Store};
use crate::precompress::{ENCODINGS, Effort, Encoding, compress};
use crate::{pages, reader};
use std::fmt::Write as _;
use std::fs::Metadata;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::UNIX_EPOCH;
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

/// What pages of this program may load: the style sheet, and pictures of the newspaper. No script, no frame, no form.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file that is served.
#[derive(Debug)]
pub struct Resource {
    /// Below the output folder, with slashes.
    pub path: Box<str>,
    /// The media type for everybody, with its charset.
    pub media_type: &'static str,
    /// The media type that readers of feeds are told instead, where browsers would show it as bare text.
    pub reader_type: Option<&'static str>,
    /// When the file was last written, in Unix seconds.
    pub modified: i64,
    /// When its newest entry was published or changed, of a feed, in Unix seconds.
    pub newest: Option<i64>,
    /// Header lines of 200 and 304 alike.
    pub lasting: Box<[u8]>,
    /// Header lines of 200 alone.
    pub once: Box<[u8]>,
    /// The bytes as they are, then in the codings that make them shorter.
    pub variants: Vec<Variant>,
    /// How the file looked on the disk: as long as it looks so, it need not be read again.
    pub seen: Seen,
    pub counters: Arc<Counters>,
    max_age: u64,
    address: Box<str>,
}

/// The bytes of a file in one coding.
#[derive(Debug)]
pub struct Variant {
    pub encoding: Option<Encoding>,
    /// The opaque tag: a hash of these bytes, in hexadecimal.
    pub tag: Box<str>,
    /// The header lines of the coding and the length.
    pub head: Box<[u8]>,
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

/// What the header lines of a file follow from.
#[derive(Debug)]
pub struct Terms<'a> {
    /// Where the file is to be had, of a feed: its self link.
    pub address: &'a Url,
    /// For how many seconds an answer may be kept.
    pub max_age: u64,
    /// No file is newer than this, in Unix seconds (RFC 9110, 8.8.2.1).
    pub now: i64,
    pub counters: Arc<Counters>,
}

impl Resource {
    /// Makes a resource of a file's bytes.
    pub fn new(path: &str, bytes: Vec<u8>, seen: Seen, terms: Terms<'_>, store: &Store) -> io::Result<Self> {
        let kind = media::kind(path, &bytes);
        let feed = kind.feed.and_then(|_| reader::read(&bytes).ok());
        let newest = feed.and_then(|feed| {
            let moments = feed.entries.iter().filter_map(|entry| entry.updated_at().or(entry.published_at()));
            moments.map(|moment| moment.timestamp()).max()
        });
        // Not that of the newest entry, which stays when an older article comes late or one is withdrawn: a client that
        // asks by time alone would never hear of it. The file is touched by what changes it, and by nothing else.
        let modified = seen.seconds().min(terms.now);
        let negotiated = kind.reader_type.is_some();
        let mut lasting = format!(
            "Last-Modified: {}\r\nCache-Control: public, max-age={}\r\nVary: {}\r\n",
            http_date(modified),
            terms.max_age,
            if negotiated { "Accept, Accept-Encoding" } else { "Accept-Encoding" },
        );
        let mut once = "X-Content-Type-Options: nosniff\r\n".to_owned();
        if kind.feed.is_some() || kind.is_list {
            lasting += "Access-Control-Allow-Origin: *\r\n";
        }
        if kind.feed.is_some() {
            let _ = write!(once, "Link: <{}>; rel=\"self\"\r\n", terms.address);
            for hub in media::hubs(&bytes) {
                let _ = write!(once, "Link: <{hub}>; rel=\"hub\"\r\n");
            }
            let _ = write!(once, "Content-Security-Policy: {PAGE_POLICY}\r\n");
        } else if is_own_page(path, &bytes) {
            let _ = write!(once, "Content-Security-Policy: {PAGE_POLICY}\r\n");
        }
        let mut variants = Vec::with_capacity(if kind.shrinks { 4 } else { 1 });
        if kind.shrinks {
            for encoding in ENCODINGS {
                let small = compress(encoding, &bytes, Effort::Quick)?;
                if small.len() < bytes.len() {
                    variants.push(Variant::new(Some(encoding), small, store)?);
                }
            }
        }
        variants.insert(0, Variant::new(None, bytes, store)?);
        Ok(Self {
            path: path.into(),
            media_type: kind.media_type,
            reader_type: kind.reader_type,
            modified,
            newest: kind.feed.and(newest),
            lasting: lasting.into_bytes().into(),
            once: once.into_bytes().into(),
            variants,
            seen,
            counters: terms.counters,
            max_age: terms.max_age,
            address: terms.address.as_str().into(),
        })
    }

    /// Whether the header lines would be the same under these terms.
    pub fn is_under(&self, terms: &Terms<'_>) -> bool {
        self.max_age == terms.max_age && *self.address == *terms.address.as_str()
    }

    /// Whether it is a feed.
    pub fn is_feed(&self) -> bool {
        self.newest.is_some()
    }
}

impl Variant {
    fn new(encoding: Option<Encoding>, bytes: Vec<u8>, store: &Store) -> io::Result<Self> {
        let mut head = match encoding {
            Some(encoding) => format!("Content-Encoding: {encoding}\r\n"),
            None => String::new(),
        };
        let _ = write!(head, "Content-Length: {}\r\n", bytes.len());
        Ok(Self {
            encoding,
            tag: format!("{:032x}", xxh3_128(&bytes)).into(),
            head: head.into_bytes().into(),
            body: store.place(bytes, encoding.is_none())?,
        })
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
