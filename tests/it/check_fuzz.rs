//! The fuzz targets, as far as they can be looked at without a fuzzer: each is declared, says what it is, and has seeds; and the
//! seeds of `check` are what they are named for.

use bantin::check::{Context, Kind, check};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The names in a folder, without their extensions.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(fuzz().join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_target_is_declared_and_has_seeds() {
    let manifest: toml::Table =
        fs::read_to_string(fuzz().join("Cargo.toml")).unwrap().parse().expect("a manifest that is TOML");
    assert!(manifest.contains_key("workspace"), "fuzz/ must be a workspace of its own");
    let declared: BTreeSet<String> = manifest["bin"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bin| {
            let name = bin["name"].as_str().unwrap().to_owned();
            assert_eq!(bin["path"].as_str().unwrap(), format!("fuzz_targets/{name}.rs"));
            name
        })
        .collect();
    assert_eq!(declared, names("fuzz_targets"));
    for target in &declared {
        let text = fs::read_to_string(fuzz().join(format!("fuzz_targets/{target}.rs"))).unwrap();
        assert!(text.starts_with("//! "), "{target} does not say what it is");
        assert!(!names(&format!("corpus/{target}")).is_empty(), "{target} has no seed");
    }
}

#[test]
fn seeds_are_what_they_are_named_for() {
    for (name, kind) in [
        ("rss", Kind::Rss20),
        ("atom", Kind::AtomFeed),
        ("json", Kind::JsonFeed),
        ("opml", Kind::Opml),
        ("rdf", Kind::Rss10),
        ("doctype", Kind::Rss20),
        ("utf16", Kind::Rss20),
    ] {
        let document = fs::read(fuzz().join("corpus/check").join(name)).unwrap();
        assert_eq!(check(&document, &Context::default()).kind, kind, "{name}");
    }
}
