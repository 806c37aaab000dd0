//! Any bytes as a file of every input format. The first byte tells which.

#![no_main]

use bantin::diagnostic::{Diagnostic, Place};
use bantin::sources::{Fields, Input, Locate, Options, SOURCES, Sink, read};
use libfuzzer_sys::fuzz_target;

/// Asks for the place of everything.
struct Asking;

impl Sink for Asking {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        at.locate(None);
        for name in fields.keys() {
            at.locate(Some(name));
        }
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        assert!(!format!("{diagnostic:?}").is_empty());
    }

    fn skipped(&mut self, _: Place, reason: &str) {
        assert!(!reason.is_empty());
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let source = SOURCES[usize::from(*first) % SOURCES.len()];
    let input = Input {
        name: "a.txt".into(),
        relative: "news/2026-11-20-a.txt".into(),
        reader: Box::new(std::io::Cursor::new(file)),
    };
    read(source, input, &Options::default(), &mut Asking).expect("memory does not fail");
});
