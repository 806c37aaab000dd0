//! Bytes made smaller in the ways that HTTP knows: gzip, Brotli and Zstandard.
//!
//! Knows no file, configuration or clock: the same bytes give the same bytes, in any run and on any machine. A gzip
//! stream carries no name and no time.
//!
//! Specifications: [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952), [RFC 7932](https://www.rfc-editor.org/rfc/rfc7932),
//! [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878).

use flate2::{Compression, GzBuilder};
use std::fmt;
use std::io::{self, Write};

/// A content coding of HTTP (RFC 9110, 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    Gzip,
    Brotli,
    Zstd,
}

/// Every coding, in the order in which files are written.
pub const ENCODINGS: [Encoding; 3] = [Encoding::Gzip, Encoding::Brotli, Encoding::Zstd];

impl Encoding {
    /// The name in feeds.toml and in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// What web servers look for behind the name of the original, with its dot: `.gz`.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
            Self::Zstd => ".zst",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much time to spend for how little to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Some milliseconds for a feed: of what is compressed whenever a server starts.
    Quick,
    /// What is read far more often than it is written.
    Thorough,
}

/// The bytes in that coding.
pub fn compress(encoding: Encoding, bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let thorough = effort == Effort::Thorough;
    match encoding {
        Encoding::Gzip => {
            let level = Compression::new(if thorough { 9 } else { 6 });
            // 255: an unknown system; the one that this runs on would make other bytes elsewhere.
            let mut writer = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), level);
            writer.write_all(bytes)?;
            writer.finish()
        }
        Encoding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: if thorough { 8 } else { 6 },
                // A window larger than what is in it costs memory alone. Of 16 bits or less costs more: this encoder has no
                // table of its own for them, and takes one of 32 MB; so it does from quality 9 on.
                lgwin: (usize::BITS - bytes.len().leading_zeros()).clamp(17, 22) as i32,
                size_hint: bytes.len(),
                ..Default::default()
            };
            let mut out = Vec::with_capacity(bytes.len() / 4);
            brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters)?;
            Ok(out)
        }
        Encoding::Zstd => zstd::bulk::compress(bytes, if thorough { 19 } else { 9 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn feed() -> Vec<u8> {
        (0..2000).flat_map(|n| format!("<item><title>Tin số {n}</title></item>\n").into_bytes()).collect()
    }

    fn plain(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        match encoding {
            Encoding::Gzip => drop(flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap()),
            Encoding::Brotli => brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap(),
            Encoding::Zstd => plain = zstd::bulk::decompress(bytes, 10_000_000).unwrap(),
        }
        plain
    }

    #[test]
    fn what_is_compressed_comes_back_and_is_smaller() {
        let feed = feed();
        for encoding in ENCODINGS {
            for effort in [Effort::Quick, Effort::Thorough] {
                let small = compress(encoding, &feed, effort).unwrap();
                assert!(small.len() * 4 < feed.len(), "{encoding}: {}", small.len());
                assert_eq!(plain(encoding, &small), feed, "{encoding}");
                assert_eq!(compress(encoding, &feed, effort).unwrap(), small, "{encoding}: the same twice");
            }
            assert_eq!(plain(encoding, &compress(encoding, b"", Effort::Quick).unwrap()), b"");
        }
    }

    #[test]
    fn gzip_says_neither_when_nor_where() {
        let small = compress(Encoding::Gzip, b"Tin", Effort::Thorough).unwrap();
        // ID1 ID2 CM FLG MTIME(4) XFL OS
        assert_eq!(small[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
    }
}
