//! Looking at a folder, and proposing a feeds.toml for the articles that lie in it.
//!
//! What is found is read through the sources and the vocabulary that a build reads it through: what is proposed is what
//! they lack. Nothing is written and nothing printed here.

mod data;
mod draft;
mod folder;
mod generators;
mod names;
mod sample;
mod sqlite;
mod stated;
mod words;

use crate::article::Article;
use crate::config;
use crate::plan::{Plan, SourcePlan};
use crate::selection::{self, Met};
use crate::sources::{self, Source};
use crate::text::Text;
use crate::vocabulary::{self, Reading};
use folder::{Folder, extension};
use generators::{Address, Content, Generator};
use sample::{Record, Sample};
use serde::Serialize;
use stated::Stated;
use std::collections::HashMap;
use std::path::Path;
use words::{Setting, Words};

/// What was seen, and what is proposed.
#[derive(Debug, Serialize)]
pub struct Survey {
    /// The site generator: `Hugo`.
    pub generator: Option<&'static str>,
    /// The file that says so.
    pub generator_config: Option<String>,
    pub sources: Vec<Found>,
    /// How many articles were read, at least.
    pub articles: usize,
    /// Whether there are more than were read.
    pub more: bool,
    /// The feeds that are proposed, by title.
    pub feeds: Vec<String>,
    /// Keys whose values nothing stated: `site.title`.
    pub guessed: Vec<String>,
    /// An article and the address that a build would give it.
    pub example: Option<Example>,
    /// Whether the feeds are to be built before (`true`) or after the generator's own run.
    pub before_generator: Option<bool>,
    /// The text of feeds.toml.
    #[serde(skip)]
    pub text: String,
}

/// Files of articles.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    pub path: String,
    pub format: &'static str,
    pub files: usize,
    /// Articles among the records that were read.
    pub articles: usize,
}

/// An article, by which a person can see whether addresses are right.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    pub title: String,
    pub url: String,
}

/// Files that seem to be articles.
#[derive(Debug)]
struct Candidate {
    /// Of a database its URL.
    glob: String,
    /// The table or view of a database.
    table: Option<String>,
    format: &'static dyn Source,
    files: usize,
    /// The part of the glob that has no wildcard.
    base: String,
    sample: Sample,
    address: Option<Address>,
    category: Option<String>,
}

impl Candidate {
    fn new(glob: String, format: &'static dyn Source, files: usize, sample: Sample) -> Self {
        Self { glob, table: None, format, files, base: String::new(), sample, address: None, category: None }
    }

    /// Whether these are feeds, and no export of a whole site.
    fn is_feed(&self) -> bool {
        let is_entry = |record: &Record| !record.fields.contains_key("post_type");
        self.format.name() == "feed" && self.sample.records.iter().all(is_entry)
    }
}

/// A source that is proposed.
#[derive(Debug)]
struct Proposed {
    glob: String,
    table: Option<String>,
    format: &'static str,
    files: usize,
    words: Words,
    /// Why it cannot be used.
    refused: Option<String>,
    articles: usize,
}

/// Looks at a folder.
pub fn survey(root: &Path) -> Survey {
    let folder = Folder::new(root);
    let generator = generators::detect(&folder);
    let mut candidates = generator.as_ref().map(|generator| contents(&folder, generator)).unwrap_or_default();
    if candidates.is_empty() {
        candidates = data::find(&folder);
    }
    if candidates.is_empty() {
        candidates = sqlite::find(&folder);
    }
    let stated = generator.as_ref().map(|generator| generator.stated.clone().usable()).unwrap_or_default();
    let site = site(&folder, stated, &candidates);
    let mut draft = draft::Draft::new(site, generator.as_ref());
    if let Some(generator) = &generator {
        draft.titles = generators::section_titles(&folder, &generator.contents);
    }
    let mut articles: HashMap<String, Article> = HashMap::new();
    let mut more = false;
    for candidate in &candidates {
        more |= candidate.sample.more;
        let proposed = propose(candidate, &draft, root, &mut articles);
        draft.sources.push(proposed);
    }
    draft.categories = categories(&articles);
    draft.tags = if draft.categories.is_empty() { tags(&articles) } else { Vec::new() };
    let found = |source: &Proposed| Found {
        path: match &source.table {
            Some(table) => format!("{} {table}", source.glob),
            None => source.glob.clone(),
        },
        format: if source.table.is_some() { "sqlite" } else { source.format },
        files: source.files,
        articles: source.articles,
    };
    let newest = articles.values().filter(|article| article.url.is_some() && article.title.is_some());
    let newest = newest.max_by(|a, b| (a.published, &a.id).cmp(&(b.published, &b.id)));
    draft.example = newest.and_then(|article| {
        Some(Example { title: article.title.as_ref()?.to_string(), url: article.url.clone()? })
    });
    Survey {
        text: draft.text(),
        generator: generator.as_ref().map(|generator| generator.name),
        before_generator: generator.as_ref().map(|generator| generator.before),
        sources: draft.sources.iter().filter(|source| source.refused.is_none()).map(found).collect(),
        articles: articles.len(),
        more,
        feeds: draft.feed_titles(),
        guessed: draft.guessed(),
        example: draft.example,
        generator_config: generator.map(|generator| generator.config),
    }
}

/// The files of a generator's articles, of each extension.
fn contents(folder: &Folder<'_>, generator: &Generator) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for content in &generator.contents {
        let files = folder.below(&content.folder, if content.only_here { 0 } else { 8 });
        let inside = |file: &&String| {
            let below = file.strip_prefix(&content.folder).unwrap_or(file).trim_start_matches('/');
            generators::is_markdown(file) && (!content.only_below || below.contains('/'))
        };
        let files: Vec<String> = files.iter().filter(inside).cloned().collect();
        let mut extensions: Vec<String> = files.iter().map(|file| extension(file)).collect();
        extensions.sort();
        extensions.dedup();
        candidates.extend(
            extensions.iter().filter_map(|extension| of_extension(folder, content, &files, extension)),
        );
    }
    candidates
}

fn of_extension(folder: &Folder<'_>, content: &Content, files: &[String], wanted: &str) -> Option<Candidate> {
    let files: Vec<String> = files.iter().filter(|file| extension(file) == wanted).cloned().collect();
    let format = sources::for_extension(wanted)?;
    let sample = sample::read(folder, &files, &content.folder, format, &mut sample::budget());
    if sample.records.is_empty() {
        return None;
    }
    let mut candidate = Candidate::new(content.glob(wanted), format, files.len(), sample);
    candidate.base.clone_from(&content.folder);
    candidate.address = Some(content.address.clone());
    candidate.category.clone_from(&content.category);
    Some(candidate)
}

/// What is known of the site from its generator, from a JSON Feed, from the articles.
fn site(folder: &Folder<'_>, stated: Stated, candidates: &[Candidate]) -> Stated {
    let mut stated = stated;
    for candidate in candidates.iter().filter(|candidate| candidate.format.name() == "json") {
        let Some(record) = candidate.sample.records.first() else { continue };
        stated = stated.or(feed(folder, &record.place.file));
    }
    let domain =
        ["CNAME", "static/CNAME", "public/CNAME", "docs/CNAME"].iter().find_map(|path| folder.text(path));
    let domain = domain.map(|domain| format!("https://{}/", domain.trim()));
    let records = || candidates.iter().flat_map(|candidate| &candidate.sample.records);
    let mut origins: HashMap<String, usize> = HashMap::new();
    for record in records() {
        let found = vocabulary::find(&record.fields, "url").map(|(_, value)| value);
        let found = found.or_else(|| names::search(&record.fields, "url").map(|(_, value)| value));
        let url = found.and_then(|value| value.as_str()).and_then(|url| crate::link::parse_base(url).ok());
        if let Some(url) = url {
            *origins.entry(url.origin().ascii_serialization() + "/").or_default() += 1;
        }
    }
    let origin = origins.into_iter().max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0))).map(|(origin, _)| origin);
    stated = stated.or(of_one_feed(candidates)).or(of_pages(candidates));
    let vietnamese = candidates.iter().any(|candidate| words::is_vietnamese(&candidate.sample.records));
    let seen = Stated {
        url: domain.or(origin).as_deref().and_then(stated::public_address),
        language: vietnamese.then(|| "vi".to_owned()),
        ..Stated::default()
    };
    stated.or(seen)
}

/// What the feed or export says of itself that all records are of.
fn of_one_feed(candidates: &[Candidate]) -> Stated {
    let mut records = candidates.iter().flat_map(|candidate| &candidate.sample.records);
    let first = records.next().and_then(|record| record.fields.get("feed"));
    let Some(feed) = first.filter(|feed| records.all(|record| record.fields.get("feed") == Some(feed)))
    else {
        return Stated::default();
    };
    let said = |name: &str| feed.get(name).and_then(|said| said.as_str()).map(str::to_owned);
    Stated {
        title: said("title"),
        url: said("url"),
        language: said("language"),
        timezone: said("timezone"),
        ..Stated::default()
    }
    .usable()
}

/// The name that most pages say their site has.
fn of_pages(candidates: &[Candidate]) -> Stated {
    let records = candidates.iter().flat_map(|candidate| &candidate.sample.records);
    let mut names: HashMap<&str, usize> = HashMap::new();
    for meta in records.filter_map(|record| record.fields.get("meta")) {
        let name = meta.get("og:site_name").and_then(|name| name.as_str()).map(str::trim);
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            *names.entry(name).or_default() += 1;
        }
    }
    let most = names.into_iter().max_by(|a, b| (a.1, b.0).cmp(&(b.1, a.0)));
    Stated { title: most.map(|(name, _)| name.to_owned()), ..Stated::default() }
}

/// What a JSON Feed says of itself (<https://www.jsonfeed.org/version/1.1/#top-level>).
fn feed(folder: &Folder<'_>, path: &str) -> Stated {
    #[derive(serde::Deserialize)]
    struct Feed {
        version: String,
        title: Option<String>,
        home_page_url: Option<String>,
        description: Option<String>,
        language: Option<String>,
        icon: Option<String>,
        author: Option<serde_json::Value>,
        authors: Option<serde_json::Value>,
    }
    /// The largest file that is looked at for it, in bytes.
    const LARGEST: u64 = 64 << 20;
    let file = std::fs::File::open(folder.path(path)).ok();
    let file = file.filter(|file| file.metadata().is_ok_and(|file| file.len() <= LARGEST));
    let read = file.and_then(|file| serde_json::from_reader::<_, Feed>(std::io::BufReader::new(file)).ok());
    let Some(feed) = read.filter(|feed| feed.version.contains("jsonfeed.org/version")) else {
        return Stated::default();
    };
    let stated = Stated {
        title: feed.title,
        url: feed.home_page_url,
        description: feed.description,
        language: feed.language,
        icon: feed.icon,
        ..Stated::default()
    };
    stated.with_author(feed.authors.or(feed.author).as_ref()).usable()
}

/// Finds the words for a source, and reads its sample with them as a build would.
fn propose(
    candidate: &Candidate,
    draft: &draft::Draft,
    root: &Path,
    articles: &mut HashMap<String, Article>,
) -> Proposed {
    let setting = Setting {
        language: draft.language(),
        zone: draft.zone(),
        address: candidate.address.as_ref(),
        category: candidate.category.as_deref(),
        by_file: candidate.format.name() == "markdown",
    };
    let mut words = words::find(&few(&candidate.sample.records), &setting);
    if let (None, true, Some(url)) = (&candidate.address, setting.by_file, &mut words.url)
        && !candidate.base.is_empty()
    {
        *url = format!("{}/{url}", candidate.base);
    }
    let mut proposed = Proposed {
        glob: candidate.glob.clone(),
        table: candidate.table.clone(),
        format: candidate.format.name(),
        files: candidate.files,
        words,
        refused: None,
        articles: 0,
    };
    let planned = config::parse(&draft.text_of(&proposed)).and_then(|config| Plan::new(config, root, None));
    match planned {
        Ok(plan) => {
            for source in &plan.sources {
                proposed.articles += read(candidate, source, &plan, articles);
            }
        }
        Err(mistakes) => {
            proposed.refused = mistakes.first().map(|mistake| mistake.message.clone());
        }
    }
    proposed
}

/// As many records as it takes to know their fields, from all over the sample.
fn few(records: &[Record]) -> Vec<Record> {
    const FEW: usize = 500;
    records.iter().step_by(records.len().div_ceil(FEW).max(1)).cloned().collect()
}

fn read(
    candidate: &Candidate,
    source: &SourcePlan,
    plan: &Plan,
    articles: &mut HashMap<String, Article>,
) -> usize {
    let mut count = 0;
    for record in &candidate.sample.records {
        let reading = vocabulary::read(record.fields.clone(), record, source, &plan.site);
        if let Ok(Reading::Article(article)) = reading
            && !article.draft
        {
            count += 1;
            articles.insert(article.id.clone(), *article);
        }
    }
    count
}

/// The categories of articles, the most frequent first.
fn categories(articles: &HashMap<String, Article>) -> Vec<Met> {
    let mut met = selection::categories(articles.values());
    met.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.slug.cmp(&b.slug)));
    met
}

/// The tags that several articles have, the most frequent first.
fn tags(articles: &HashMap<String, Article>) -> Vec<(Text, usize)> {
    let mut met: HashMap<&Text, usize> = HashMap::new();
    for tag in articles.values().flat_map(|article| &article.tags) {
        *met.entry(tag).or_default() += 1;
    }
    let mut met: Vec<(Text, usize)> =
        met.into_iter().filter(|(_, count)| *count > 1).map(|(tag, count)| (tag.clone(), count)).collect();
    met.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.as_str().cmp(b.0.as_str())));
    met
}
