//! The files of a source: what a path or a glob matches, and what was probably meant where it matches nothing.

use super::*;

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
            return Some(vec![SourceFile {
                path: PathBuf::new(),
                name: "-".into(),
                relative: PathBuf::new(),
                format,
                seen: None,
            }]);
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
            let below = path.strip_prefix(self.root).unwrap_or(&path).to_path_buf();
            match known {
                Some(format) => files.push(SourceFile {
                    name: below.to_string_lossy().replace('\\', "/").into(),
                    relative: below.strip_prefix(&base).unwrap_or(&below).to_path_buf(),
                    path,
                    format,
                    seen,
                }),
                None if folder => {}
                None => unknown = Some(below),
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
        files.sort_by(|a, b| a.path.cmp(&b.path));
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
