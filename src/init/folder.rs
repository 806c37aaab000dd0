//! A folder that is looked into: what lies there, and small files read. Hidden folders, and those that programs write or
//! keep their libraries in, are passed over; nothing is followed out of the folder.

use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest configuration that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The most files of one folder that are looked at.
const MOST_FILES: usize = 50_000;

/// Folders in which nobody keeps articles.
const PASSED_OVER: &[&str] = &[
    "node_modules",
    "target",
    "public",
    "_site",
    "dist",
    "build",
    "vendor",
    "static",
    "output",
    "venv",
    "themes",
    "layouts",
    "templates",
    "resources",
    "coverage",
    "_includes",
    "_layouts",
    "__pycache__",
];

/// A folder; paths in it are relative to it and have `/` between their parts.
#[derive(Debug, Clone, Copy)]
pub struct Folder<'a> {
    root: &'a Path,
}

impl<'a> Folder<'a> {
    pub fn new(root: &'a Path) -> Self {
        Self { root }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.to_path_buf() } else { self.root.join(path) }
    }

    pub fn has(&self, path: &str) -> bool {
        self.path(path).is_file()
    }

    pub fn has_folder(&self, path: &str) -> bool {
        self.path(path).is_dir()
    }

    /// The first of these files that is there.
    pub fn first(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find(|path| self.has(path)).map(|path| (*path).to_owned())
    }

    /// A small text file; what is not UTF-8 in it is replaced.
    pub fn text(&self, path: &str) -> Option<String> {
        let mut bytes = Vec::new();
        File::open(self.path(path)).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }

    /// A small TOML, YAML or JSON file.
    pub fn data(&self, path: &str) -> Option<Value> {
        let text = self.text(path)?;
        match path.rsplit_once('.')?.1 {
            "toml" => toml::from_str(&text).ok(),
            "yaml" | "yml" => serde_saphyr::from_str(&text).ok(),
            "json" => serde_json::from_str(&text).ok(),
            _ => None,
        }
    }

    /// The files of a folder that are not hidden, by name.
    pub fn files(&self, path: &str) -> Vec<String> {
        self.names(path, |path| path.is_file())
    }

    /// The folders of a folder in which articles may be, by name.
    pub fn folders(&self, path: &str) -> Vec<String> {
        // A link to a folder may lead anywhere, and back.
        let mut names = self.names(path, |path| path.is_dir() && !path.is_symlink());
        names.retain(|name| !PASSED_OVER.contains(&name.as_str()));
        names
    }

    fn names(&self, path: &str, wanted: impl Fn(&Path) -> bool) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(path)).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter(|entry| wanted(&entry.path()))
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    }

    /// The files in a folder and so many levels of folders below it, by path.
    pub fn below(&self, path: &str, depth: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![(path.to_owned(), depth)];
        while let Some((folder, depth)) = folders.pop() {
            found.extend(self.files(&folder).into_iter().map(|name| join(&folder, &name)));
            if found.len() >= MOST_FILES {
                break;
            }
            if let Some(depth) = depth.checked_sub(1) {
                folders.extend(self.folders(&folder).into_iter().map(|name| (join(&folder, &name), depth)));
            }
        }
        found.sort();
        found
    }
}

/// Two parts of a path, of which the first may be the folder itself.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The part of a name behind its last dot, as it is written.
pub fn extension(path: &str) -> String {
    Path::new(path).extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default()
}
