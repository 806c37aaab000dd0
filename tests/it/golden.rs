//! Newspapers whose output is known byte for byte: as little as one can say, everything, and what one would not wish.
//!
//! `BLESS=1 cargo test golden` writes the expected output anew; read the difference before you commit it.

use crate::site::Site;
use std::fs;
use std::path::{Path, PathBuf};

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The newspaper of a fixture, built.
pub fn built(name: &str) -> Site {
    let site = Site::new();
    for file in ["feeds.toml", "articles.jsonl"] {
        site.write(file, &fs::read(fixture(name).join(file)).unwrap());
    }
    site.run(&["build"]).exits(0);
    site
}

/// Compares the whole output but the style sheet and the script, which are files of the source as they are.
#[track_caller]
fn is_as_expected(name: &str) {
    let mut tree = built(name).tree();
    assert!(tree.remove("assets/style.css").is_some() && tree.remove("assets/page.js").is_some());
    let folder = fixture(name).join("expected");
    if std::env::var_os("BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (path, bytes) in &tree {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    let expected = Site::new().tree_of(folder.to_str().unwrap());
    let names = |tree: &std::collections::BTreeMap<String, Vec<u8>>| {
        tree.keys().cloned().collect::<Vec<_>>().join("\n")
    };
    assert_eq!(names(&tree), names(&expected), "the files of {name}");
    for (path, bytes) in &tree {
        let (built, wanted) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&expected[path]));
        let differs =
            built.lines().zip(wanted.lines()).enumerate().find(|(_, (built, wanted))| built != wanted);
        if let Some((line, (built, wanted))) = differs {
            panic!("{name}/{path}:{}:\n built: {built}\nwanted: {wanted}", line + 1);
        }
        assert!(*bytes == expected[path], "{name}/{path}: one goes on where the other ends");
    }
}

#[test]
fn as_little_as_one_can_say() {
    is_as_expected("minimal");
}

#[test]
fn everything_that_one_can_say() {
    is_as_expected("maximal");
}

#[test]
fn what_one_would_not_wish() {
    is_as_expected("hostile");
}
