//! Articles that no site generator keeps: data files here or up to two folders down, and trees of Markdown.

use super::Candidate;
use super::folder::{Folder, extension, join};
use super::generators::{Address, Content, is_markdown};
use super::sample::{self, Record, Sample};
use super::words::are_articles;
use crate::sources::{self, FILE_FIELD, Source};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Files of programs, which are no articles whatever they hold.
const PASSED_OVER: &[&str] = &[
    "package.json",
    "package-lock.json",
    "composer.json",
    "composer.lock",
    "deno.json",
    "manifest.json",
    "angular.json",
    "vercel.json",
    "firebase.json",
    "turbo.json",
    "renovate.json",
    "lerna.json",
    "nx.json",
    "feeds.toml",
    "cargo.toml",
    "pyproject.toml",
    "netlify.toml",
    "wrangler.toml",
    "rustfmt.toml",
    "clippy.toml",
    "deny.toml",
    "book.toml",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
    "mkdocs.yml",
    "_config.yml",
    "environment.yml",
    "pubspec.yaml",
    "openapi.yaml",
    "openapi.json",
];

/// How many folders down.
const DEPTH: usize = 2;

/// Files of one folder that are not articles all of them are named one by one, up to so many.
const MOST_NAMED: usize = 20;

/// Finds data files, and Markdown where it is articles.
pub fn find(folder: &Folder<'_>) -> Vec<Candidate> {
    let left = &mut sample::budget();
    let mut candidates = files(folder, left);
    // A feed beside the articles is what was made of them.
    if candidates.iter().any(|candidate| !candidate.is_feed()) {
        candidates.retain(|candidate| !candidate.is_feed());
    }
    candidates.extend(markdown(folder, true, left));
    if candidates.is_empty() {
        // Nothing but headings and text: notes, or documentation. A person may tell.
        candidates = markdown(folder, false, left);
    }
    candidates
}

/// The data files of one folder that have one extension.
struct Group {
    format: &'static dyn Source,
    articles: Vec<String>,
    /// Whether there are others beside them.
    others: bool,
    sample: Sample,
}

fn files(folder: &Folder<'_>, left: &mut u64) -> Vec<Candidate> {
    let mut places: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for file in folder.below("", DEPTH) {
        let (beside, name) = file.rsplit_once('/').unwrap_or(("", &file));
        if is_data(name) {
            places.entry((beside.to_owned(), extension(name))).or_default().push(file);
        }
    }
    let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
    for ((beside, extension), files) in places {
        if let Some(group) = group(folder, &extension, files, left) {
            groups.insert((beside, extension), group);
        }
    }
    let mut candidates = Vec::new();
    let extensions: BTreeSet<String> = groups.keys().map(|(_, extension)| extension.clone()).collect();
    for extension in extensions {
        let here = |groups: &BTreeMap<(String, String), Group>| -> Vec<String> {
            groups.keys().filter(|(_, other)| *other == extension).map(|(beside, _)| beside.clone()).collect()
        };
        // A folder of folders, one a year perhaps, is one source.
        for top in
            here(&groups).into_iter().filter_map(|path| path.split_once('/').map(|(top, _)| top.to_owned()))
        {
            merge(&mut groups, &top, &extension, &mut candidates);
        }
        for beside in here(&groups) {
            let Some(group) = groups.remove(&(beside.clone(), extension.clone())) else { continue };
            if !group.articles.is_empty() {
                candidates.extend(named(&beside, &extension, group));
            }
        }
    }
    candidates
}

fn is_data(name: &str) -> bool {
    let lower = name.to_lowercase();
    let format = sources::for_extension(&extension(name)).filter(|source| source.name() != "markdown");
    let of_a_program = PASSED_OVER.contains(&lower.as_str())
        || (lower.starts_with("tsconfig") || lower.starts_with("jsconfig"))
        || lower.contains(".config.")
        || lower.contains(".schema.")
        || lower.starts_with("hugo.")
        || lower.starts_with("config.");
    format.is_some() && !of_a_program
}

/// Tells the files of articles from others.
fn group(folder: &Folder<'_>, extension: &str, files: Vec<String>, left: &mut u64) -> Option<Group> {
    let mut format = sources::for_extension(extension)?;
    // A table or a log has records; a file that holds one thing may be anything.
    let strict = ["json", "yaml", "toml"].contains(&format.name());
    let mut sample = sample::read(folder, &files, "", format, left);
    let news = sources::named("ninjs").filter(|_| extension == "json" && is_ninjs(&sample.records));
    if let Some(ninjs) = news {
        format = ninjs;
        sample = sample::read(folder, &files, "", format, left);
    }
    let mut records: BTreeMap<&str, Vec<Record>> = BTreeMap::new();
    for record in &sample.records {
        records.entry(&record.place.file).or_default().push(record.clone());
    }
    // An item of news may do nothing but withdraw another.
    let holds = |records: &Vec<Record>| news.is_some() || are_articles(records, strict && records.len() < 3);
    // What was not looked at is like the rest.
    let like_the_rest = sample.more && records.values().any(holds);
    let (articles, others): (Vec<String>, Vec<String>) =
        files.into_iter().partition(|file| records.get(file.as_str()).map_or(like_the_rest, holds));
    let of_articles: HashSet<&str> = articles.iter().map(String::as_str).collect();
    let kept = sample.records.iter().filter(|record| of_articles.contains(&*record.place.file));
    let sample = Sample { records: kept.cloned().collect(), more: sample.more };
    Some(Group { format, others: !others.is_empty(), articles, sample })
}

/// Whether records of JSON are ninjs, which its extension does not tell.
fn is_ninjs(records: &[Record]) -> bool {
    const OF_NINJS: [&str; 8] = [
        "versioncreated",
        "versionCreated",
        "pubstatus",
        "pubStatus",
        "body_xhtml",
        "representationtype",
        "representationType",
        "standard",
    ];
    let is_item = |record: &Record| {
        record.fields.contains_key("uri") && OF_NINJS.iter().any(|name| record.fields.contains_key(*name))
    };
    !records.is_empty() && records.iter().all(is_item)
}

/// Makes one source of the groups below a folder, if there are several, and nothing else among them.
fn merge(
    groups: &mut BTreeMap<(String, String), Group>,
    top: &str,
    extension: &str,
    candidates: &mut Vec<Candidate>,
) {
    let below = |path: &str| path == top || path.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'));
    let keys: Vec<(String, String)> =
        groups.keys().filter(|(path, other)| other == extension && below(path)).cloned().collect();
    if keys.len() < 2
        || keys
            .iter()
            .any(|key| groups.get(key).is_some_and(|group| group.others || group.articles.is_empty()))
    {
        return;
    }
    let mut merged: Option<Candidate> = None;
    for group in keys.iter().filter_map(|key| groups.remove(key)) {
        match &mut merged {
            Some(candidate) => {
                candidate.files += group.articles.len();
                candidate.sample.records.extend(group.sample.records);
                candidate.sample.more |= group.sample.more;
            }
            None => {
                let glob = format!("{}/**/*.{extension}", glob::Pattern::escape(top));
                merged = Some(Candidate::new(glob, group.format, group.articles.len(), group.sample));
            }
        }
    }
    candidates.extend(merged);
}

/// A glob where every file of the folder is of articles, else the files by name.
fn named(beside: &str, extension: &str, group: Group) -> Vec<Candidate> {
    let Group { format, articles, others, sample } = group;
    let count = articles.len();
    if count == 1 || (others && count <= MOST_NAMED) {
        let of = |file: String| {
            let records =
                sample.records.iter().filter(|record| *record.place.file == *file).cloned().collect();
            candidate(glob::Pattern::escape(&file), format, 1, Sample { records, more: sample.more })
        };
        return articles.into_iter().map(of).collect();
    }
    let glob = join(&glob::Pattern::escape(beside), &format!("*.{extension}"));
    vec![candidate(glob, format, count, sample)]
}

fn candidate(glob: String, format: &'static dyn Source, files: usize, sample: Sample) -> Candidate {
    // An export of Ghost has slugs alone; this is where Ghost puts posts unless it is told otherwise.
    let address = is_ghost(&sample.records).then(|| Address::Template("{slug}/".to_owned()));
    Candidate { address, ..Candidate::new(glob, format, files, sample) }
}

/// Whether records are posts of Ghost.
fn is_ghost(records: &[Record]) -> bool {
    const OF_GHOST: [&str; 4] = ["slug", "status", "type", "visibility"];
    let is_post = |record: &Record| OF_GHOST.iter().all(|name| record.fields.contains_key(*name));
    !records.is_empty() && records.iter().all(is_post)
}

/// What a file of Markdown has without anybody having told its metadata.
const OF_ANY_FILE: &[&str] = &["title", "content_markdown", "slug", "language", "categories", FILE_FIELD];

/// Markdown: the files here, and every folder that holds some. With `told`, only where files tell their metadata.
fn markdown(folder: &Folder<'_>, told: bool, left: &mut u64) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let here = Content { only_here: true, ..Content::new("", Address::Template(String::new())) };
    let folders = folder.folders("").into_iter();
    let below = folders.map(|name| Content { only_here: false, folder: name, ..here.clone() });
    for content in std::iter::once(here.clone()).chain(below) {
        let depth = if content.only_here { 0 } else { 8 };
        let mut by_extension: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in folder.below(&content.folder, depth).into_iter().filter(|file| is_markdown(file)) {
            by_extension.entry(extension(&file)).or_default().push(file);
        }
        for (extension, files) in by_extension {
            let Some(format) = sources::for_extension(&extension) else { continue };
            let mut sample = sample::read(folder, &files, &content.folder, format, left);
            let tells =
                |record: &&Record| record.fields.keys().any(|key| !OF_ANY_FILE.contains(&key.as_str()));
            let telling = sample.records.iter().filter(tells).count();
            let read = if sample.more { sample.records.len() } else { files.len() };
            let enough = if told { telling * 3 >= read } else { sample.records.len() * 2 > read };
            if !enough || !are_articles(&sample.records, true) {
                continue;
            }
            sample.records.retain(|record| super::names::has(&record.fields, "title"));
            let mut candidate = Candidate::new(content.glob(&extension), format, files.len(), sample);
            candidate.base.clone_from(&content.folder);
            candidate.category = (!content.only_here).then(|| "{folder}".to_owned());
            candidates.push(candidate);
        }
    }
    candidates
}
