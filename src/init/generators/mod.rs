//! Site generators: how each is recognised, what its configuration states, and what addresses it gives to articles. One
//! file a generator, all in [`GENERATORS`].

mod astro;
mod eleventy;
mod hugo;
mod jekyll;
mod pelican;
mod zola;

use super::folder::{Folder, extension, join};
use super::stated::Stated;
use crate::slug::slugify;
use std::collections::HashMap;

/// A generator that was recognised.
#[derive(Debug, Clone)]
pub struct Generator {
    pub name: &'static str,
    /// The file by which it was recognised.
    pub config: String,
    pub stated: Stated,
    /// Where its articles are.
    pub contents: Vec<Content>,
    /// A folder that the generator does not empty, and what is written there is served under `feeds/`.
    pub output: &'static str,
    /// Whether the feeds are to be built before the site, so that it takes them along.
    pub before: bool,
}

/// A folder of articles.
#[derive(Debug, Clone)]
pub struct Content {
    /// The folder; its files and those below it are articles.
    pub folder: String,
    /// Whether the pages that lie in the folder itself are none.
    pub only_below: bool,
    /// Whether only the files that lie in the folder itself are.
    pub only_here: bool,
    pub address: Address,
    /// The section of articles that state none.
    pub category: Option<String>,
}

impl Content {
    pub fn new(folder: impl Into<String>, address: Address) -> Self {
        Self { folder: folder.into(), only_below: false, only_here: false, address, category: None }
    }

    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// The glob of its files with that extension.
    pub fn glob(&self, extension: &str) -> String {
        let folder = glob::Pattern::escape(&self.folder);
        join(
            &folder,
            &match (self.only_below, self.only_here) {
                (true, _) => format!("*/**/*.{extension}"),
                (_, true) => format!("*.{extension}"),
                _ => format!("**/*.{extension}"),
            },
        )
    }
}

/// How a generator makes the address of an article, below the site's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A template.
    Template(String),
    /// A template, whose `{slug}` is made of the title of articles that state none.
    Titled(String),
    /// What stands before the path of the file, and what behind it; with its date where the file's name begins with one.
    Path { before: String, after: &'static str, dated: bool },
}

/// Every generator, those first that are recognised by a name of their own.
pub const GENERATORS: &[fn(&Folder<'_>) -> Option<Generator>] =
    &[hugo::detect, zola::detect, jekyll::detect, pelican::detect, eleventy::detect, astro::detect];

/// The generator of the site in that folder.
pub fn detect(folder: &Folder<'_>) -> Option<Generator> {
    GENERATORS.iter().find_map(|detect| detect(folder))
}

/// Markdown files in a folder and below it.
fn markdown(folder: &Folder<'_>, path: &str, depth: usize) -> Vec<String> {
    let mut files = folder.below(path, depth);
    files.retain(|file| is_markdown(file));
    files
}

/// Whether a file's name says that it is Markdown.
pub fn is_markdown(file: &str) -> bool {
    crate::sources::for_extension(&extension(file)).is_some_and(|source| source.name() == "markdown")
}

/// The sections of a content folder and its pages: where there are sections, what lies beside them are pages such as
/// `about.md`.
fn sections(folder: &Folder<'_>, path: &str) -> (Vec<String>, usize) {
    let mut sections = folder.folders(path);
    sections.retain(|section| !markdown(folder, &join(path, section), 8).is_empty());
    (sections, markdown(folder, path, 0).len())
}

/// What sections call themselves in the `_index.md` of Hugo and Zola, by the slugs of their folders' names.
pub fn section_titles(folder: &Folder<'_>, contents: &[Content]) -> HashMap<String, String> {
    let mut titles = HashMap::new();
    for file in contents.iter().flat_map(|content| folder.below(&content.folder, 8)) {
        let section = file.strip_suffix("/_index.md").map(|above| above.rsplit('/').next().unwrap_or(above));
        let Some(section) = section else { continue };
        let text = folder.text(&file).unwrap_or_default();
        // A line of YAML or TOML; what is more than a line is no title.
        let lines =
            text.lines().skip(1).take_while(|line| !line.starts_with("---") && !line.starts_with("+++"));
        let values =
            lines.filter_map(|line| line.strip_prefix("title")?.trim_start().strip_prefix([':', '=']));
        let title =
            values.map(|title| title.trim().trim_matches(['"', '\'']).trim()).find(|title| !title.is_empty());
        if let Some(title) = title {
            titles.insert(slugify(section), title.to_owned());
        }
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generator_in_the_folder_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/init/generators");
        let files = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(files - 1, GENERATORS.len());
    }
}
