//! What happens on the disk: tells when something has changed that matters, once the change has come to rest.
//!
//! The system tells (inotify, FSEvents, …); nothing is polled. Folders are watched, not files, for editors and exports
//! put a new file in the place of the old one. A burst of changes is one. What changes while nobody waits is told to
//! whoever waits next.

use glob::{MatchOptions, Pattern};
use notify::event::{CreateKind, ModifyKind, RemoveKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::{Instant, timeout};

/// How long nothing must happen for a change to have come to rest, ...
const REST: Duration = Duration::from_millis(150);

/// ... and how long it is waited for.
const LONGEST: Duration = Duration::from_secs(2);

/// Why nothing can be told of the disk.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    #[error("cannot ask the system for changes on the disk")]
    System { source: notify::Error },
    #[error("cannot watch {}", .path.display())]
    Folder { path: PathBuf, source: notify::Error },
}

/// What matters.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Interests {
    /// Files, each by itself.
    files: Vec<PathBuf>,
    /// Folders, with the paths below them that matter.
    globs: Vec<(PathBuf, Pattern)>,
    /// Folders in which nothing matters, whatever else is said: what the program itself writes.
    except: Vec<PathBuf>,
}

impl Interests {
    /// A file that may be replaced, or may not yet be there.
    pub fn file(&mut self, path: &Path) {
        self.files.push(real(path));
    }

    /// The files below a folder whose paths from there on match.
    pub fn glob(&mut self, base: &Path, pattern: &Pattern) {
        self.globs.push((real(base), pattern.clone()));
    }

    /// Nothing below that folder.
    pub fn except(&mut self, path: &Path) {
        self.except.push(real(path));
    }

    /// The folders that must be watched, and whether with all that is below them.
    fn folders(&self) -> BTreeMap<PathBuf, bool> {
        let mut folders = BTreeMap::new();
        let mut add = |path: &Path, deep: bool| *folders.entry(path.to_path_buf()).or_insert(false) |= deep;
        for file in &self.files {
            file.parent().into_iter().for_each(|folder| add(folder, false));
        }
        for (base, pattern) in &self.globs {
            add(base, pattern.as_str().contains('/'));
            // The folder itself may be replaced.
            base.parent().into_iter().for_each(|folder| add(folder, false));
        }
        folders
    }

    /// Whether a change there matters. `is_folder`: whether it may be one of a folder and of all that is in it.
    fn concern(&self, path: &Path, is_folder: bool, options: MatchOptions) -> bool {
        if self.except.iter().any(|except| path.starts_with(except)) {
            return false;
        }
        let of_glob = |(base, pattern): &(PathBuf, Pattern)| match path.strip_prefix(base) {
            Ok(below) if below.as_os_str().is_empty() => is_folder,
            Ok(below) => {
                pattern.matches_path_with(below, options) || (is_folder && pattern.as_str().contains('/'))
            }
            Err(_) => false,
        };
        self.files.iter().any(|file| file == path) || self.globs.iter().any(of_glob)
    }
}

/// The path as the system tells of it, though it may not be there yet.
fn real(path: &Path) -> PathBuf {
    // The folder in which one is, as it is called before a name in it.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    absolute.canonicalize().unwrap_or_else(|_| match (absolute.parent(), absolute.file_name()) {
        (Some(folder), Some(name)) => real(folder).join(name),
        _ => absolute,
    })
}

/// Watches folders until it is dropped.
pub struct Watcher {
    watcher: RecommendedWatcher,
    interests: Arc<RwLock<Interests>>,
    /// Holds one word at most: that something has changed.
    changes: Receiver<()>,
}

impl Watcher {
    /// A watcher of nothing yet. Names are compared as `options` say.
    pub fn new(options: MatchOptions) -> Result<Self, WatchError> {
        let (tell, changes) = mpsc::channel(1);
        let interests = Arc::new(RwLock::new(Interests::default()));
        let seen = Arc::clone(&interests);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let matters = match event {
                // Something was missed: whatever matters may have changed.
                Err(_) => true,
                Ok(event) if event.need_rescan() => true,
                Ok(event) => {
                    let interests = seen.read().unwrap_or_else(PoisonError::into_inner);
                    matters(&event, &interests, options)
                }
            };
            if matters {
                // Full: it is known already.
                let _ = tell.try_send(());
            }
        });
        let watcher = watcher.map_err(|source| WatchError::System { source })?;
        Ok(Self { watcher, interests, changes })
    }

    /// Watches for these from now on, and says whether they are others than before. Asked again with the same, it finds
    /// folders that were replaced.
    pub fn watch(&mut self, interests: Interests) -> Result<bool, WatchError> {
        for (path, deep) in interests.folders() {
            let mode = if deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            match self.watcher.watch(&path, mode) {
                Ok(()) => {}
                // Its parent is watched, and tells when it is there.
                Err(_) if !path.exists() => {}
                Err(source) => return Err(WatchError::Folder { path, source }),
            }
        }
        let mut known = self.interests.write().unwrap_or_else(PoisonError::into_inner);
        let others = *known != interests;
        *known = interests;
        Ok(others)
    }

    /// Waits until something that matters has changed, and has come to rest.
    pub async fn changed(&mut self) {
        if self.changes.recv().await.is_none() {
            return std::future::pending().await;
        }
        let latest = Instant::now() + LONGEST;
        while Instant::now() < latest && timeout(REST, self.changes.recv()).await.is_ok() {}
    }
}

fn matters(event: &Event, interests: &Interests, options: MatchOptions) -> bool {
    let is_folder = |path: &Path| match event.kind {
        EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder) => true,
        EventKind::Modify(ModifyKind::Name(_)) | EventKind::Remove(_) | EventKind::Any => {
            path.is_dir() || !path.exists()
        }
        EventKind::Create(_) => path.is_dir(),
        _ => false,
    };
    // To read is no change.
    !matches!(event.kind, EventKind::Access(_))
        && event.paths.iter().any(|path| interests.concern(path, is_folder(path), options))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::future::Future;

    const OPTIONS: MatchOptions = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    /// Whether a change is told of within a second.
    async fn told(watcher: &mut Watcher) -> bool {
        timeout(Duration::from_secs(1), watcher.changed()).await.is_ok()
    }

    #[test]
    fn what_matters_is_told_once_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("content/a")).unwrap();
        fs::create_dir_all(at("content/public")).unwrap();
        fs::write(at("feeds.toml"), "").unwrap();
        let mut interests = Interests::default();
        interests.file(&at("feeds.toml"));
        interests.glob(&at("content"), &Pattern::new("**/*.md").unwrap());
        interests.except(&at("content/public"));
        run(async {
            let mut watcher = Watcher::new(OPTIONS).unwrap();
            assert!(watcher.watch(interests.clone()).unwrap() && !watcher.watch(interests).unwrap());
            // Written and renamed, as editors do.
            fs::write(at(".feeds.toml.new"), "x").unwrap();
            assert!(!told(&mut watcher).await, "a file that nobody asked for");
            fs::rename(at(".feeds.toml.new"), at("feeds.toml")).unwrap();
            assert!(told(&mut watcher).await && !told(&mut watcher).await, "one change is told once");
            for number in 0..20 {
                fs::write(at(&format!("content/a/{number}.md")), "x").unwrap();
            }
            assert!(told(&mut watcher).await && !told(&mut watcher).await, "a burst is one change");
            fs::read(at("content/a/1.md")).unwrap();
            fs::write(at("content/a/1.txt"), "x").unwrap();
            fs::write(at("content/public/1.md"), "x").unwrap();
            fs::write(at("content/a/.1.md"), "x").unwrap();
            assert!(!told(&mut watcher).await, "nothing that matters");
            fs::create_dir(at("later")).unwrap();
            fs::write(at("later/x.md"), "x").unwrap();
            fs::rename(at("later"), at("content/b")).unwrap();
            assert!(told(&mut watcher).await, "a folder is moved in");
            fs::write(at("content/b/y.md"), "x").unwrap();
            assert!(told(&mut watcher).await, "and watched");
            fs::remove_file(at("content/b/y.md")).unwrap();
            assert!(told(&mut watcher).await, "a file is removed");
        });
    }

    #[test]
    fn paths_are_as_the_system_tells_of_them() {
        let here = std::env::current_dir().unwrap().canonicalize().unwrap();
        for (path, is) in [("", here.clone()), (".", here.clone()), ("none/x", here.join("none/x"))] {
            assert_eq!(real(Path::new(path)), is, "{path:?}");
        }
        let mut interests = Interests::default();
        interests.glob(Path::new(""), &Pattern::new("articles.jsonl").unwrap());
        assert!(interests.folders().contains_key(&here));
        assert!(interests.concern(&here.join("articles.jsonl"), false, OPTIONS));
    }

    #[test]
    fn a_folder_that_is_replaced_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir(at("export")).unwrap();
        let mut interests = Interests::default();
        interests.glob(&at("export"), &Pattern::new("*.json").unwrap());
        run(async {
            let mut watcher = Watcher::new(OPTIONS).unwrap();
            watcher.watch(interests.clone()).unwrap();
            fs::create_dir(at("export.new")).unwrap();
            fs::rename(at("export"), at("export.old")).unwrap();
            fs::rename(at("export.new"), at("export")).unwrap();
            assert!(told(&mut watcher).await, "it is another folder");
            watcher.watch(interests).unwrap();
            fs::write(at("export/a.json"), "x").unwrap();
            assert!(told(&mut watcher).await, "which is watched now");
        });
    }
}
