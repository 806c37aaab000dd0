//! The output folder at one moment, ready to be sent. It does not change: a new build makes another one, which takes the
//! place of this one at once, and answers that are on their way end with the bytes with which they began.
//!
//! Paths are looked up in a table of what was found, and never opened: no path leads out of the folder. Names that begin
//! with a dot, the ledger, links that lead elsewhere and the compressed files beside their originals are not in it.

use super::resource::{Content, Resource, Seen, Terms};
use super::store::Store;
use crate::formats::FORMATS;
use crate::pages::PAGE_FILE_NAME;
use crate::plan::{Feeds, Plan};
use crate::precompress::ENCODINGS;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// What of feeds.toml the server goes by.
#[derive(Debug)]
pub struct Settings {
    /// The folder that is served.
    pub(super) dir: PathBuf,
    /// The folder of the ledger, should it lie in there.
    pub(super) state: PathBuf,
    /// The address of the folder.
    pub(super) address: Url,
    /// Seconds for which answers may be kept.
    pub(super) max_age: u64,
    /// The same by slug, where the feed has a `ttl`.
    pub(super) ttl: HashMap<String, u64>,
    /// Old paths and new ones: files, and folders with a slash at the end.
    pub(super) moved: Vec<(String, String)>,
    /// Paths at which there is nothing any longer: files, and folders without a slash.
    pub(super) gone: Vec<String>,
    /// Bytes that may be kept in memory.
    pub(super) memory: u64,
}

impl Settings {
    pub fn of(plan: &Plan) -> Self {
        let mut moved = Vec::new();
        let mut ttl = HashMap::new();
        if let Feeds::Listed(feeds) = &plan.feeds {
            for feed in feeds {
                let slug = &feed.slug;
                ttl.extend(feed.ttl.map(|minutes| (slug.clone(), u64::from(minutes) * 60)));
                for alias in &feed.aliases {
                    let path = &alias.path;
                    match alias.format {
                        Some(format) => moved.push((path.clone(), format!("{slug}/{}", format.file_name()))),
                        None => {
                            moved.push((path.clone(), format!("{slug}/")));
                            moved.push((format!("{path}/"), format!("{slug}/")));
                            let names = FORMATS.iter().map(|format| format.file_name());
                            moved.extend(
                                names.map(|name| (format!("{path}/{name}"), format!("{slug}/{name}"))),
                            );
                        }
                    }
                }
            }
        }
        Self {
            dir: plan.output.dir.clone(),
            state: plan.output.state.clone(),
            address: plan.output.url.clone(),
            max_age: u64::from(plan.serve.max_age),
            ttl,
            moved,
            gone: plan.serve.gone.clone(),
            memory: plan.serve.memory,
        }
    }

    /// What the header lines of the file at that path follow from.
    fn terms(&self, path: &str) -> Terms {
        let mut address = self.address.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        let slug = path.split_once('/').map_or("", |(slug, _)| slug);
        Terms { address, max_age: self.ttl.get(slug).copied().unwrap_or(self.max_age) }
    }
}

/// What is at a path.
#[derive(Debug)]
pub enum Route {
    File(Arc<Resource>),
    /// It is elsewhere, below the output folder.
    Moved(Box<str>),
}

/// Files that are read before what was found in them is put away. One thread does it: each would take memory of its own
/// that it does not give back, and whoever is being served wants a processor, too.
const FILES_AT_A_TIME: usize = 64;

/// The output folder at one moment.
#[derive(Debug)]
pub struct Snapshot {
    routes: HashMap<Arc<str>, Route>,
    gone: BTreeSet<String>,
    /// The path of the folder's address, with slashes around it.
    mount: String,
    /// Every file, by path.
    pub resources: BTreeMap<Arc<str>, Arc<Resource>>,
    store: Arc<Store>,
}

/// Why the folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot look into the output folder {}", .path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("cannot read {}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot compress {}, or keep it", .path.display())]
    Keep { path: PathBuf, source: io::Error },
}

impl Snapshot {
    /// Reads the folder at that moment. What looks as it did in the last snapshot is taken from there.
    pub fn load(settings: &Settings, now: DateTime<Utc>, last: Option<&Self>) -> Result<Self, LoadError> {
        let root = settings.dir.canonicalize();
        let root = root.map_err(|source| LoadError::Folder { path: settings.dir.clone(), source })?;
        let found = Folder { state: settings.state.canonicalize().ok(), root: &root }.files()?;
        let store = match last.map(|last| &last.store).filter(|store| store.room() == settings.memory) {
            Some(store) => Arc::clone(store),
            None => Store::new(settings.memory),
        };
        let found: Vec<_> = found.into_iter().collect();
        let mut resources = BTreeMap::new();
        for files in found.chunks(FILES_AT_A_TIME) {
            let read = files.iter().map(|(path, file)| {
                let known = last.and_then(|last| last.resources.get(path.as_str()));
                let same = known.filter(|known| known.is_under(&settings.terms(path)));
                Ok((path, known, Read::of(path, file, same, &store)?))
            });
            for (path, known, read) in read.collect::<Result<Vec<_>, LoadError>>()? {
                let resource = match read {
                    Read::Nothing => continue,
                    Read::Same(known) => known,
                    Read::Content(seen, content) => {
                        let moment = now.timestamp();
                        Arc::new(Resource::new(path, *content, seen, settings.terms(path), moment, known))
                    }
                };
                resources.insert(Arc::clone(&resource.path), resource);
            }
        }
        let mut snapshot = Self {
            routes: HashMap::with_capacity(resources.len() * 2),
            gone: settings.gone.iter().cloned().collect(),
            mount: settings.address.path().to_owned(),
            resources,
            store,
        };
        snapshot.lay(&settings.moved);
        Ok(snapshot)
    }

    /// Bytes of all bodies.
    pub fn bytes(&self) -> u64 {
        let bodies = self.resources.values().flat_map(|resource| &resource.variants);
        bodies.map(|variant| variant.body.len() as u64).sum()
    }

    /// Bytes of bodies that are in memory.
    pub fn in_memory(&self) -> u64 {
        self.store.in_memory()
    }

    /// Fills the table of paths.
    fn lay(&mut self, moved: &[(String, String)]) {
        for (path, resource) in &self.resources {
            self.routes.insert(Arc::clone(path), Route::File(Arc::clone(resource)));
        }
        for (path, resource) in &self.resources {
            let folder = match path.rsplit_once('/') {
                None if **path == *PAGE_FILE_NAME => "",
                Some((folder, name)) if name == PAGE_FILE_NAME => folder,
                _ => continue,
            };
            let slashed = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            self.routes.insert(slashed.clone().into(), Route::File(Arc::clone(resource)));
            if !folder.is_empty() {
                self.routes.entry(folder.into()).or_insert(Route::Moved(slashed.into()));
            }
        }
        for (old, new) in moved {
            // Readers that are sent on must find something.
            if matches!(self.routes.get(new.as_str()), Some(Route::File(_))) {
                self.routes.insert(old.as_str().into(), Route::Moved(new.as_str().into()));
            }
        }
    }

    /// What is at a path of a request, decoded, and before which part of an address that is: with or without the path of
    /// the output folder's address before it.
    pub fn find<'a>(&'a self, path: &str) -> Found<'a> {
        if let Some(below) = path.strip_prefix(self.mount.as_str())
            && let found @ (Found::Route(..) | Found::Gone) = self.below(below, &self.mount)
        {
            return found;
        }
        match path.strip_prefix('/') {
            Some(below) => self.below(below, "/"),
            None => Found::Nothing,
        }
    }

    fn below<'a>(&'a self, path: &str, before: &'a str) -> Found<'a> {
        if let Some(route) = self.routes.get(path) {
            return Found::Route(route, before);
        }
        let mut folder = path.trim_end_matches('/');
        loop {
            if self.gone.contains(folder) {
                return Found::Gone;
            }
            match folder.rsplit_once('/') {
                Some((above, _)) => folder = above,
                None => return Found::Nothing,
            }
        }
    }
}

/// What became of a file that was looked at.
enum Read {
    /// It was removed since it was found.
    Nothing,
    /// It looks as it did.
    Same(Arc<Resource>),
    Content(Seen, Box<Content>),
}

impl Read {
    /// Looks at a file, and reads it unless it is known.
    fn of(
        path: &str,
        file: &Path,
        known: Option<&Arc<Resource>>,
        store: &Arc<Store>,
    ) -> Result<Self, LoadError> {
        let fault = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => Ok(Self::Nothing),
            _ => Err(LoadError::Read { path: file.to_path_buf(), source }),
        };
        let seen = match std::fs::metadata(file) {
            Ok(metadata) => Seen::of(&metadata),
            Err(source) => return fault(source),
        };
        let is_same = |known: &&Arc<Resource>| {
            known.seen == seen && known.variants.iter().all(|variant| store.has(&variant.body))
        };
        if let Some(known) = known.filter(is_same) {
            return Ok(Self::Same(Arc::clone(known)));
        }
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(source) => return fault(source),
        };
        match Content::of(path, bytes, store) {
            Ok(content) => Ok(Self::Content(seen, Box::new(content))),
            Err(source) => Err(LoadError::Keep { path: file.to_path_buf(), source }),
        }
    }
}

/// What is found at a path.
#[derive(Debug)]
pub enum Found<'a> {
    /// And the part of the path that stands before it.
    Route(&'a Route, &'a str),
    Gone,
    Nothing,
}

/// A walk through the output folder.
struct Folder<'a> {
    root: &'a Path,
    state: Option<PathBuf>,
}

impl Folder<'_> {
    /// Every file that may be served, by its path with slashes.
    fn files(&self) -> Result<BTreeMap<String, PathBuf>, LoadError> {
        let mut found = BTreeMap::new();
        let mut folders = vec![(self.root.to_path_buf(), String::new())];
        while let Some((folder, above)) = folders.pop() {
            let fault = |source| LoadError::Folder { path: folder.clone(), source };
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                // Removed by a build that is under way.
                Err(error) if error.kind() == io::ErrorKind::NotFound && !above.is_empty() => continue,
                Err(error) => return Err(fault(error)),
            };
            for entry in entries {
                let entry = entry.map_err(fault)?;
                // A name that is no text cannot be asked for.
                let Ok(name) = entry.file_name().into_string() else { continue };
                let Ok(kind) = entry.file_type() else { continue };
                let (file, path) = (entry.path(), format!("{above}{name}"));
                if name.starts_with('.') || self.state.as_ref().is_some_and(|state| file.starts_with(state)) {
                    continue;
                }
                if kind.is_dir() {
                    folders.push((file, format!("{path}/")));
                } else if kind.is_file() {
                    found.insert(path, file);
                } else if kind.is_symlink()
                    && let Some(target) = self.link(&file)
                {
                    found.insert(path, target);
                }
            }
        }
        let is_sibling = |path: &String| {
            ENCODINGS.iter().any(|encoding| {
                path.strip_suffix(encoding.extension()).is_some_and(|original| found.contains_key(original))
            })
        };
        let siblings: Vec<String> = found.keys().filter(|path| is_sibling(path)).cloned().collect();
        siblings.iter().for_each(|sibling| drop(found.remove(sibling)));
        Ok(found)
    }

    /// The file to which a link leads, where that lies in the folder and is not hidden.
    fn link(&self, file: &Path) -> Option<PathBuf> {
        let target = file.canonicalize().ok().filter(|target| target.is_file())?;
        let below = target.strip_prefix(self.root).ok()?;
        let hidden = below.iter().any(|part| part.as_encoded_bytes().starts_with(b"."));
        let ledger = self.state.as_ref().is_some_and(|state| target.starts_with(state));
        (!hidden && !ledger).then_some(target)
    }
}
