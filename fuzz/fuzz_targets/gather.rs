//! Any bytes as lines of records: reading at a glance on every core comes to the same as reading everything in full.

#![no_main]

use bantin::gather::{plainly, streamed};
use bantin_fuzz::Site;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let site = Site::new(bytes);
    let (full, plain) = site.built(plainly);
    let (glanced, quick) = site.built(streamed);
    assert_eq!(full.counts, glanced.counts);
    assert_eq!(full.diagnostics, glanced.diagnostics);
    assert_eq!(plain.feeds.len(), quick.feeds.len());
    for (one, other) in plain.feeds.iter().zip(&quick.feeds) {
        assert_eq!(one.documents.len(), other.documents.len());
        for ((format, one), (_, other)) in one.documents.iter().zip(&other.documents) {
            assert_eq!(one, other, "{}", format.name());
        }
    }
});
