//! Expected feeds: a folder of feeds as they should be, compared with those that were built; first as bytes, then, where
//! they differ, entry by entry in the reader's terms.

use crate::compare::{Changes, compare};
use crate::formats::FORMATS;
use crate::reader;
use serde::Serialize;
use similar::TextDiff;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what} {}", .path.display())]
pub struct FixtureError {
    what: &'static str,
    path: PathBuf,
    source: io::Error,
}

/// A feed file that is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Below the output folder and the fixtures' alike.
    pub path: String,
    #[serde(flatten)]
    pub kind: Kind,
}

/// In what a feed file is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// Expected, and not there.
    Missing,
    /// There, and not expected.
    Surplus,
    /// A reader would notice.
    Changed { changes: Changes },
    /// No reader would notice: the lines that differ, as a unified diff.
    Bytes { diff: String },
}

/// Compares the feed files of two folders.
pub fn differences(expected: &Path, built: &Path) -> Result<Vec<Difference>, FixtureError> {
    let (wanted, found) = (feed_files(expected)?, feed_files(built)?);
    let mut differences = Vec::new();
    for path in wanted.union(&found) {
        let kind = match (wanted.contains(path), found.contains(path)) {
            (true, false) => Some(Kind::Missing),
            (false, _) => Some(Kind::Surplus),
            (true, true) => difference(&read(&expected.join(path))?, &read(&built.join(path))?),
        };
        differences.extend(kind.map(|kind| Difference { path: path.clone(), kind }));
    }
    Ok(differences)
}

/// Makes what was built the expected; tells which files changed by that.
#[expect(clippy::disallowed_methods, reason = "expected feeds are the project's own files, not its output")]
pub fn bless(expected: &Path, built: &Path) -> Result<Vec<String>, FixtureError> {
    fs::create_dir_all(expected).map_err(|source| FixtureError {
        what: "make",
        path: expected.into(),
        source,
    })?;
    let differences = differences(expected, built)?;
    for Difference { path, kind } in &differences {
        let target = expected.join(path);
        let fault = |what| move |source| FixtureError { what, path: expected.join(path), source };
        match kind {
            Kind::Missing => fs::remove_file(&target).map_err(fault("remove"))?,
            _ => {
                if let Some(folder) = target.parent() {
                    fs::create_dir_all(folder).map_err(fault("make the folder of"))?;
                }
                fs::copy(built.join(path), &target).map_err(fault("write"))?;
            }
        }
    }
    Ok(differences.into_iter().map(|difference| difference.path).collect())
}

fn read(path: &Path) -> Result<Vec<u8>, FixtureError> {
    fs::read(path).map_err(|source| FixtureError { what: "read", path: path.into(), source })
}

fn difference(expected: &[u8], built: &[u8]) -> Option<Kind> {
    if expected == built {
        return None;
    }
    if let (Ok(old), Ok(new)) = (reader::read(expected), reader::read(built)) {
        let changes = compare(&old, &new);
        if !changes.is_empty() {
            return Some(Kind::Changed { changes });
        }
    }
    let (expected, built) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(built));
    let diff = TextDiff::from_lines(expected.as_ref(), built.as_ref());
    Some(Kind::Bytes { diff: diff.unified_diff().context_radius(1).header("expected", "built").to_string() })
}

/// The paths of the feed files below a folder: those that are called as this program calls them.
fn feed_files(root: &Path) -> Result<BTreeSet<String>, FixtureError> {
    let mut files = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let folder = root.join(&below);
        let fault = |source| FixtureError { what: "look into", path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let path = below.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if FORMATS.iter().any(|format| entry.file_name() == format.file_name()) {
                files.insert(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            fs::write(folder.path().join(path), text).unwrap();
        }
        folder
    }

    fn json(title: &str) -> String {
        format!(
            r#"{{"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [{{"id": "a", "title": "{title}"}}]}}"#
        )
    }

    #[test]
    fn differences_are_told_in_the_readers_terms() {
        let expected =
            folder(&[("a/feed.json", &json("cũ")), ("b/rss.xml", "<rss/>"), ("c/feed.json", &json("c"))]);
        let spaced = json("c").replace(", \"items\"", ",  \"items\"");
        let built = folder(&[
            ("a/feed.json", &json("mới")),
            ("a/index.html", ""),
            ("c/feed.json", &spaced),
            ("d/atom.xml", ""),
        ]);
        let differences = differences(expected.path(), built.path()).unwrap();
        let kinds: Vec<(&str, &Kind)> =
            differences.iter().map(|difference| (difference.path.as_str(), &difference.kind)).collect();
        assert_eq!(kinds.len(), 4, "{kinds:?}");
        assert!(
            matches!(kinds[0], ("a/feed.json", Kind::Changed { changes }) if changes.changed[0].fields[0].to == "mới")
        );
        assert_eq!(kinds[1], ("b/rss.xml", &Kind::Missing));
        assert!(matches!(kinds[2], ("c/feed.json", Kind::Bytes { diff }) if diff.contains("+{")));
        assert_eq!(kinds[3], ("d/atom.xml", &Kind::Surplus));
    }

    #[test]
    fn blessing_makes_the_built_the_expected() {
        let expected = folder(&[("a/feed.json", &json("cũ")), ("b/rss.xml", "<rss/>")]);
        let built = folder(&[("a/feed.json", &json("mới")), ("c/d/atom.xml", "<feed/>")]);
        assert_eq!(
            bless(expected.path(), built.path()).unwrap(),
            ["a/feed.json", "b/rss.xml", "c/d/atom.xml"]
        );
        assert_eq!(differences(expected.path(), built.path()).unwrap(), []);
    }
}
