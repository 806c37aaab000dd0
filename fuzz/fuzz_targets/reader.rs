//! Any bytes as a feed that was written before and is read back.

#![no_main]

use bantin::reader::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(feed) = read(bytes) else { return };
    for entry in &feed.entries {
        entry.name();
        entry.published_at();
        entry.updated_at();
    }
});
