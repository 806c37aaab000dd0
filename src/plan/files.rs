//! The files of a source: what a path or a glob matches, and what was probably meant where it matches nothing.

use super::*;
use crate::seen::Seen;
use std::cmp::Ordering;
use std::path::Component;

/// One file of a source. There may be very many: what those of one folder have in common is kept once.
#[derive(Debug, Clone)]
pub struct SourceFile {
    folder: Arc<Folder>,
    /// The last part of its path. Empty for standard input.
    last: Box<Path>,
    pub format: &'static dyn Source,
    /// How it was seen when the plan was made; `None` of standard input, and of a file that was gone then.
    pub seen: Option<Seen>,
}

/// A folder of files.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    names: Naming,
}

/// What the files of a folder are called.
#[derive(Debug)]
enum Naming {
    /// The only one: something that is no part of its path. Nothing is relative in that.
    Called(Arc<str>),
    /// After that, and what is relative in it after the other.
    Behind(PathBuf, PathBuf),
}

impl SourceFile {
    fn standard_input(format: &'static dyn Source) -> Self {
        let folder = Folder { path: PathBuf::new(), names: Naming::Called("-".into()) };
        Self { folder: Arc::new(folder), last: Path::new("").into(), format, seen: None }
    }

    /// Whether it is standard input, which is brought to a file before it is read.
    pub fn is_standard_input(&self) -> bool {
        self.last.as_os_str().is_empty()
    }

    /// A file that lies where a source that is none was brought to.
    pub fn brought(path: &Path, name: &str, format: &'static dyn Source) -> Self {
        let (folder, last) = split(path);
        let folder = Folder { path: folder.into(), names: Naming::Called(name.into()) };
        Self { folder: Arc::new(folder), last: last.into(), format, seen: Seen::at(path).ok() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path.join(&self.last)
    }

    /// As the user would name it: relative to feeds.toml, `-` for standard input, what was fetched by its address.
    pub fn name(&self) -> Arc<str> {
        match &self.folder.names {
            Naming::Called(name) => Arc::clone(name),
            Naming::Behind(name, _) => name.join(&self.last).to_string_lossy().replace('\\', "/").into(),
        }
    }

    /// Below the part of the glob that has no wildcard.
    pub fn relative(&self) -> PathBuf {
        match &self.folder.names {
            Naming::Called(_) => PathBuf::new(),
            Naming::Behind(_, relative) => relative.join(&self.last),
        }
    }

    /// As paths are compared: part by part.
    fn compared(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.folder, &other.folder) {
            return self.last.cmp(&other.last);
        }
        self.parts().cmp(other.parts())
    }

    fn parts(&self) -> impl Iterator<Item = Component<'_>> {
        self.folder.path.components().chain(self.last.components())
    }
}

/// The folder of a path, and its last part.
fn split(path: &Path) -> (&Path, &Path) {
    let nothing = Path::new("");
    (path.parent().unwrap_or(nothing), path.file_name().map_or(nothing, Path::new))
}

/// Files as a glob finds them, those of one folder one after the other.
struct Finds<'a> {
    /// The folder of feeds.toml, and below it the part of the glob without a wildcard.
    root: &'a Path,
    base: PathBuf,
    folder: Option<Arc<Folder>>,
}

impl Finds<'_> {
    fn file(&mut self, path: &Path, format: &'static dyn Source, seen: Option<Seen>) -> SourceFile {
        let (above, last) = split(path);
        let folder = match self.folder.take().filter(|folder| folder.path.as_os_str() == above.as_os_str()) {
            Some(folder) => folder,
            None => {
                let below = path.strip_prefix(self.root).unwrap_or(path);
                let relative = below.strip_prefix(&self.base).unwrap_or(below);
                let names = Naming::Behind(split(below).0.into(), split(relative).0.into());
                Arc::new(Folder { path: above.into(), names })
            }
        };
        self.folder = Some(Arc::clone(&folder));
        SourceFile { folder, last: last.into(), format, seen }
    }
}

/// Files of a source that room is first made for.
const ROOM: usize = 1 << 13;

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
        let mut finds = Finds { root: self.root, base: literal_base(&pattern), folder: None };
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
        // Room that the system gives as it is used, and can enlarge where it lies: copies of a long list would leave holes.
        let mut files = Vec::with_capacity(ROOM);
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
                Some(format) => files.push(finds.file(&path, format, seen)),
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
        files.sort_unstable_by(SourceFile::compared);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_by_where_they_lie() {
        let format = sources::named("markdown").unwrap();
        let (root, base) = (Path::new("/bao"), PathBuf::from("content"));
        let mut finds = Finds { root, base, folder: None };
        let paths =
            ["/bao/content/a/2.md", "/bao/content/b/1.md", "/bao/content/a/10.md", "/bao/content/a.md"];
        let mut files: Vec<SourceFile> =
            paths.iter().map(|path| finds.file(Path::new(path), format, None)).collect();
        files.sort_by(SourceFile::compared);
        let mut sorted = paths.map(PathBuf::from);
        sorted.sort();
        assert_eq!(files.iter().map(SourceFile::path).collect::<Vec<_>>(), sorted);
        assert_eq!(*files[0].name(), *"content/a/10.md");
        assert_eq!(files[0].relative(), Path::new("a/10.md"));
        let brought = SourceFile::brought(Path::new("/bao/.bantin/spool/1"), "https://bao.vn/api", format);
        assert_eq!((&*brought.name(), brought.relative()), ("https://bao.vn/api", PathBuf::new()));
        assert_eq!(brought.path(), Path::new("/bao/.bantin/spool/1"));
        // There may be a million of them.
        assert!(size_of::<SourceFile>() <= 72);
    }
}
