//! The files of a source: what a path or a glob matches, and what was probably meant where it matches nothing.

use super::*;
use crate::seen::Seen;

/// One file of a source. There may be very many: their paths are kept once.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Empty for standard input.
    pub path: Box<Path>,
    pub format: &'static dyn Source,
    /// How it was seen when the plan was made; `None` of standard input, and of a file that was gone then.
    pub seen: Option<Seen>,
    names: Names,
}

/// What a file is called.
#[derive(Debug, Clone)]
enum Names {
    /// Something that is no part of its path. Nothing is relative in that.
    Called(Arc<str>),
    /// How many components of the path stand before its name, and before what is relative in it.
    Behind(u16, u16),
}

impl SourceFile {
    fn standard_input(format: &'static dyn Source) -> Self {
        Self { path: Path::new("").into(), format, seen: None, names: Names::Called("-".into()) }
    }

    /// Whether it is standard input, which is brought to a file before it is read.
    pub fn is_standard_input(&self) -> bool {
        self.path.as_os_str().is_empty()
    }

    /// A file that lies where a source that is none was brought to.
    pub fn brought(path: &Path, name: &str, format: &'static dyn Source) -> Self {
        Self { path: path.into(), format, seen: Seen::at(path).ok(), names: Names::Called(name.into()) }
    }

    /// A file that a glob found in the folder of feeds.toml, below its part without a wildcard.
    fn found(
        path: &Path,
        (root, base): (&Path, &Path),
        format: &'static dyn Source,
        seen: Option<Seen>,
    ) -> Self {
        let below = path.strip_prefix(root).unwrap_or(path);
        let relative = below.strip_prefix(base).unwrap_or(below);
        let all = path.components().count();
        let before = |rest: &Path| u16::try_from(all - rest.components().count()).unwrap_or(u16::MAX);
        Self { path: path.into(), format, seen, names: Names::Behind(before(below), before(relative)) }
    }

    /// As the user would name it: relative to feeds.toml, `-` for standard input, what was fetched by its address.
    pub fn name(&self) -> Arc<str> {
        match &self.names {
            Names::Called(name) => Arc::clone(name),
            Names::Behind(name, _) => self.after(*name).to_string_lossy().replace('\\', "/").into(),
        }
    }

    /// Below the part of the glob that has no wildcard.
    pub fn relative(&self) -> &Path {
        match self.names {
            Names::Called(_) => Path::new(""),
            Names::Behind(_, relative) => self.after(relative),
        }
    }

    fn after(&self, components: u16) -> &Path {
        let mut rest = self.path.components();
        for _ in 0..components {
            rest.next();
        }
        rest.as_path()
    }
}

impl Planner<'_> {
    /// The files of a path or glob, in the order of their names, so that a run reads them in the same order anywhere.
    pub(super) fn files(
        &mut self,
        path: &Spanned<String>,
        format: Option<&'static dyn Source>,
    ) -> Option<Vec<SourceFile>> {
        let (word, span) = (path.get_ref().as_str(), path.span());
        if word == "-" {
            let Some(format) = format else {
                let help = "standard input has no extension: add `format = \"jsonl\"`, or another".to_owned();
                self.mistake(span, "which format has standard input?", Some(help));
                return None;
            };
            return Some(vec![SourceFile::standard_input(format)]);
        }
        if word.trim().is_empty() {
            let help = "a file, a folder or a glob: `articles/*.jsonl`".to_owned();
            self.mistake(span, "`path` is empty", Some(help));
            return None;
        }
        let folder = self.root.join(word).is_dir();
        let pattern = if folder { format!("{}/**/*", word.trim_end_matches('/')) } else { word.to_owned() };
        let base = literal_base(&pattern);
        // The folder of feeds.toml may itself hold characters that a glob gives a meaning.
        let root = glob::Pattern::escape(&self.root.to_string_lossy());
        let absolute =
            if Path::new(&pattern).is_absolute() { pattern.clone() } else { join(&root, &pattern) };
        let paths = match glob::glob_with(&absolute, Glob::OPTIONS) {
            Ok(paths) => paths,
            Err(error) => {
                let help = "`*` is any name, `**` any folders; a bracket itself is written `[[]`".to_owned();
                self.mistake(span, format!("not a glob: {}", error.msg), Some(help));
                return None;
            }
        };
        let mut files = Vec::new();
        let mut unknown = None;
        for path in paths {
            let path = match path {
                Ok(path) => path,
                Err(error) => {
                    self.mistake(
                        span.clone(),
                        format!("cannot look into {}: {}", error.path().display(), error.error()),
                        None,
                    );
                    continue;
                }
            };
            // The one look that is taken at each file, where nothing has changed.
            let seen = Seen::at(&path).ok();
            if seen.is_some_and(|seen| !seen.is_file) && path.is_dir() {
                continue;
            }
            let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
            let known = format.or_else(|| extension.as_deref().and_then(sources::for_extension));
            match known {
                Some(format) => files.push(SourceFile::found(&path, (self.root, &base), format, seen)),
                None if folder => {}
                None => unknown = Some(path.strip_prefix(self.root).unwrap_or(&path).to_path_buf()),
            }
        }
        if let Some(unknown) = unknown {
            let names: Vec<&str> = SOURCES.iter().map(|source| source.name()).collect();
            let help = format!("say it with `format`: one of {}", names.join(", "));
            self.mistake(
                span,
                format!("cannot tell the format of {} by its name", unknown.display()),
                Some(help),
            );
            return None;
        }
        if files.is_empty() {
            let help = self.near_path(word);
            self.mistake(span, format!("no file matches `{word}`"), help);
            return None;
        }
        // No path comes twice, and a stable order would take room.
        files.sort_unstable_by(|a: &SourceFile, b: &SourceFile| a.path.cmp(&b.path));
        files.shrink_to_fit();
        Some(files)
    }

    /// For a path that leads nowhere: how far it leads, and what lies there.
    pub(super) fn near_path(&self, word: &str) -> Option<String> {
        let here = if self.root.as_os_str().is_empty() { Path::new(".") } else { self.root };
        let mut folder = if Path::new(word).is_absolute() { PathBuf::from("/") } else { here.to_path_buf() };
        for part in word.split('/').filter(|part| !part.is_empty()) {
            let next = folder.join(part);
            if next.is_dir() {
                folder = next;
                continue;
            }
            let mut names: Vec<String> = std::fs::read_dir(&folder)
                .ok()?
                .flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .filter(|name| !name.starts_with('.'))
                .collect();
            names.sort();
            let shown = folder.strip_prefix(here).unwrap_or(&folder).display().to_string();
            let place = if shown.is_empty() { "this folder" } else { shown.as_str() };
            return Some(match nearest(part, names.iter().map(String::as_str)) {
                Some(name) => format!("did you mean `{name}` in {place}?"),
                None if names.is_empty() => format!("{place} is empty"),
                None => {
                    let more = if names.len() > 8 { ", …" } else { "" };
                    names.truncate(8);
                    format!("in {place} there are: {}{more}", names.join(", "))
                }
            });
        }
        None
    }
}

/// The folders at the head of a glob that hold no wildcard.
pub(super) fn literal_base(pattern: &str) -> PathBuf {
    let wildcard = pattern.find(['*', '?', '[']).unwrap_or(pattern.len());
    PathBuf::from(pattern[..wildcard].rsplit_once('/').map_or("", |(folder, _)| folder))
}

fn join(root: &str, pattern: &str) -> String {
    match root.is_empty() {
        true => pattern.to_owned(),
        false => format!("{}/{pattern}", root.trim_end_matches('/')),
    }
}
