//! Bytes made text: byte-order marks, UTF-16, legacy encodings that are named, and a guess at those that are not.
//!
//! A byte-order mark decides, then the source's `encoding`, then what JSON's RFC 4627 (section 3) knew of UTF-16
//! without a mark; everything else is UTF-8, and is checked. The encodings are those of
//! <https://encoding.spec.whatwg.org/>.

use super::super::{Input, Options, Sink};
use super::position::Position;
use crate::diagnostic::{Diagnostic, Place};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The reader, giving UTF-8 without a byte-order mark where the file has a mark or another encoding; else the bytes as
/// they are, to be checked by whoever takes them.
pub fn open<'a>(
    mut reader: Box<dyn BufRead + 'a>,
    encoding: Option<&'static Encoding>,
) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut head = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut head)?;
    let (encoding, mark) = match Encoding::for_bom(&head) {
        Some(found) => found,
        None => (encoding.unwrap_or_else(|| bare_utf_16(&head).unwrap_or(UTF_8)), 0),
    };
    let rest = Cursor::new(head.split_off(mark)).chain(reader);
    if encoding == UTF_8 {
        return Ok(Box::new(rest));
    }
    let decoder = encoding.new_decoder_without_bom_handling();
    Ok(Box::new(BufReader::new(Transcoder { inner: rest, decoder, out: Vec::new(), taken: 0, done: false })))
}

/// How many bytes of a byte-order mark stand before text that is UTF-8 as it lies there; `None` of other encodings.
pub fn utf_8_mark(start: &[u8], encoding: Option<&'static Encoding>) -> Option<usize> {
    let (encoding, mark) =
        Encoding::for_bom(start).unwrap_or_else(|| (encoding.or(bare_utf_16(start)).unwrap_or(UTF_8), 0));
    (encoding == UTF_8).then_some(mark)
}

/// UTF-16 without a mark: every other byte of two ASCII characters is zero.
fn bare_utf_16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [1..=255, 0, 1..=255, 0, ..] => Some(UTF_16LE),
        [0, 1..=255, 0, 1..=255, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// Reads UTF-8 out of another encoding.
struct Transcoder<R> {
    inner: R,
    decoder: Decoder,
    out: Vec<u8>,
    taken: usize,
    done: bool,
}

impl<R: BufRead> Read for Transcoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.out.len() && !self.done {
            let bytes = self.inner.fill_buf()?;
            let last = bytes.is_empty();
            self.out.resize(16 * 1024, 0);
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.out, last);
            self.inner.consume(read);
            self.out.truncate(written);
            self.taken = 0;
            self.done = last && result == CoderResult::InputEmpty;
        }
        let count = self.out.get(self.taken..).unwrap_or_default().read(into)?;
        self.taken += count;
        Ok(count)
    }
}

/// The whole text of a file of at most `limit` bytes. `None` where it is none: the sink knows why.
pub fn whole_text(
    input: Input<'_>,
    options: &Options,
    limit: u64,
    sink: &mut dyn Sink,
) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    open(input.reader, options.encoding)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let message = format!("the file is larger than {} MiB, the most that is read at once", limit >> 20);
        let diagnostic = Diagnostic::left_out(Place::new(&input.name, 1, 1), message);
        sink.unreadable(diagnostic.help("write the articles as JSON Lines, which may be of any size"));
        return Ok(None);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => {
            let (bytes, at) = (error.as_bytes(), error.utf8_error().valid_up_to());
            let place = Position::START.advanced(bytes, at).place(&input.name);
            sink.unreadable(not_utf_8("the file", bytes, at, place));
            Ok(None)
        }
    }
}

/// What to say of bytes that are not UTF-8 from `at` on.
pub fn not_utf_8(what: &str, bytes: &[u8], at: usize, place: Place) -> Diagnostic {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let diagnostic =
        Diagnostic::left_out(place, format!("{what} is not UTF-8: it has a byte 0x{byte:02X} here"));
    // What stands around the first such byte tells enough, however long the text is.
    let around = bytes.get(at.saturating_sub(2048)..bytes.len().min(at + 8192)).unwrap_or(bytes);
    diagnostic.help(match likely(around) {
        Likely::Named(label) => {
            format!("it looks like {label}: save it as UTF-8, or set `encoding = \"{label}\"` in its source")
        }
        Likely::Tcvn3 => "it looks like TCVN3 (ABC): convert it to UTF-8 first".to_owned(),
        Likely::Cut => "a character was cut in two: whatever wrote the file broke off here".to_owned(),
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Likely {
    Named(&'static str),
    Tcvn3,
    Cut,
}

/// Which encoding bytes that are not UTF-8 are likely in, told by the letters of Vietnamese: TCVN3 has its own at
/// 0xA8 to 0xB9 where others have signs; windows-1258 writes tones as bytes of their own behind a vowel.
fn likely(bytes: &[u8]) -> Likely {
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let lossy = String::from_utf8_lossy(bytes);
    let (broken, whole) =
        lossy.chars().filter(|c| !c.is_ascii()).fold((0, 0), |(broken, whole), c| match c {
            '\u{FFFD}' => (broken + 1, whole),
            _ => (broken, whole + 1),
        });
    if whole > 4 * broken {
        return Likely::Cut;
    }
    let pairs = || bytes.windows(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    let tcvn3 =
        pairs().filter(|[before, b]| before.is_ascii_alphabetic() && matches!(b, 0xA8..=0xB9)).count();
    let tones = pairs()
        .filter(|[before, b]| {
            let vowel = b"aeiouyAEIOUY\xE2\xEA\xF4\xE3\xF5\xFD\xC2\xCA\xD4\xC3\xD5\xDD".contains(before);
            vowel && matches!(b, 0xCC | 0xD2 | 0xDE | 0xEC | 0xF2)
        })
        .count();
    match () {
        () if tcvn3 * 4 >= high => Likely::Tcvn3,
        () if tones * 5 >= high => Likely::Named("windows-1258"),
        () => Likely::Named("windows-1252"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(bytes: &[u8], encoding: Option<&'static Encoding>) -> Vec<u8> {
        let mut out = Vec::new();
        open(Box::new(bytes), encoding).unwrap().read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn byte_order_marks_decide() {
        let utf_16 = |text: &str, mark: bool| -> Vec<u8> {
            mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        };
        assert_eq!(opened("\u{FEFF}Đà Nẵng".as_bytes(), None), "Đà Nẵng".as_bytes());
        assert_eq!(opened(&utf_16("Đà Nẵng 😀", true), None), "Đà Nẵng 😀".as_bytes());
        assert_eq!(opened(&utf_16("{\"đ\": 1}", false), None), "{\"đ\": 1}".as_bytes());
        let big: Vec<u8> = "\u{FEFF}Đà".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(opened(&big, Some(UTF_8)), "Đà".as_bytes());
        assert_eq!(opened(b"", None), b"");
        assert_eq!(opened(b"a", None), b"a");
        assert_eq!(opened(b"caf\xE9", Some(encoding_rs::WINDOWS_1252)), "café".as_bytes());
        let long = "ệ".repeat(50_000);
        assert_eq!(opened(&utf_16(&long, true), None), long.as_bytes());
    }

    #[test]
    fn guesses_the_encoding() {
        assert_eq!(likely(b"caf\xE9 \xE0 la cr\xE8me \x93oui\x94"), Likely::Named("windows-1252"));
        // `Thời sự` and `Việt`: a vowel, then its tone.
        assert_eq!(likely(b"Th\xF5\xCCi s\xFD\xF2, Vi\xEA\xF2t"), Likely::Named("windows-1258"));
        assert_eq!(likely(b"C\xB7c tin t\xF8c: ho\xB9t \xAE\xE9ng, b\xB8o ch\xDD, th\xA7"), Likely::Tcvn3);
        assert_eq!(
            likely("Thời sự hôm nay và nhiều tin khác nữa, độ".as_bytes().split_last().unwrap().1),
            Likely::Cut
        );
    }
}
