//! Any text as feeds.toml: it is understood, or mistakes are named with their places.

#![no_main]

use bantin::config::parse;
use bantin::plan::Plan;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let root = std::path::Path::new("/nonexistent");
    match parse(text) {
        Err(mistakes) => assert!(!mistakes.is_empty()),
        Ok(config) => {
            if let Err(mistakes) = Plan::new(config, root, None) {
                assert!(!mistakes.is_empty());
            }
        }
    }
});
