//! From words to things: names looked up in the registries, paths resolved, globs expanded, and for whatever cannot be
//! carried out a mistake that says what was probably meant.

use crate::article::Person;
use crate::config::{self, Mistake, Span, Words, nearest};
use crate::feed::Content;
use crate::formats::{FORMATS, Format};
use crate::precompress::Encoding;
use crate::selection::{Filter, Window};
use crate::sources::{self, Pick, SOURCES, Select, Source};
use crate::template::Template;
use crate::text::Text;
use crate::vocabulary::Names;
use crate::{check, date, language, link, slug, vocabulary};
use chrono_tz::Tz;
use files::literal_base;
use regex::Regex;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use url::Url;

mod beside;
mod database;
mod files;
mod origin;
mod phrase;
mod select;
mod serving;
mod web;

pub use database::{Database, Rows};
pub use files::SourceFile;
pub use origin::{Intake, Origin, Program};
pub use phrase::Phrase;
pub use web::{Paging, Web};

/// A run, decided but for the articles and the clock.
#[derive(Debug, Clone)]
pub struct Plan {
    pub site: Site,
    pub output: Output,
    pub sources: Vec<SourcePlan>,
    pub feeds: Feeds,
    /// The levels that rules of `check` are given.
    pub rules: check::Overrides,
    /// A folder of expected feeds.
    pub fixtures: Option<PathBuf>,
    pub serve: Serve,
    /// The readers of the web that pages offer.
    pub readers: Vec<crate::pages::Reader>,
    /// The hubs that are told of changes.
    pub hubs: Vec<String>,
    /// The hash of feeds.toml as it is written.
    pub words: u128,
}

/// The newspaper.
#[derive(Debug, Clone)]
pub struct Site {
    pub title: Text,
    pub url: Url,
    pub description: Text,
    /// A language tag of BCP 47.
    pub language: String,
    pub zone: Tz,
    pub author: Option<Person>,
    pub copyright: Option<Text>,
    pub icon: Option<String>,
    /// The tagging authority of ids (RFC 4151): `baosonla.vn,2005`.
    pub tag: String,
}

/// What is written, and where to.
#[derive(Debug, Clone)]
pub struct Output {
    pub dir: PathBuf,
    /// Where `dir` is served, with a slash at its end.
    pub url: Url,
    pub formats: Vec<&'static dyn Format>,
    pub window: Window,
    pub content: Content,
    /// The folder of the ledger and the lock.
    pub state: PathBuf,
    /// The codings in which every file is written a second time.
    pub precompress: Vec<Encoding>,
}

/// How what was built is served.
#[derive(Debug, Clone)]
pub struct Serve {
    /// Where to listen, as `address:port`.
    pub listen: String,
    pub log: config::LogWord,
    /// Seconds for which answers may be kept.
    pub max_age: u32,
    /// Paths below the output folder at which there will be nothing again.
    pub gone: Vec<String>,
    /// The most connections at a time.
    pub connections: u32,
    /// The most bytes that are kept in memory.
    pub memory: u64,
    /// Whether what was served is told to whoever asks.
    pub metrics: bool,
}

impl Output {
    /// A file or folder that is kept for this output in the folder of the ledger, by its extension.
    pub fn state_file(&self, extension: &str) -> PathBuf {
        let absolute = std::path::absolute(&self.dir).unwrap_or_else(|_| self.dir.clone());
        let name = absolute.file_name().map(|name| name.to_string_lossy().into_owned());
        self.state.join(format!("{}.{extension}", name.as_deref().unwrap_or("output")))
    }
}

/// Files of articles, and how to understand them.
#[derive(Debug, Clone)]
pub struct SourcePlan {
    /// Its number among those of feeds.toml, from 1: they stand here in the order in which they are read.
    pub number: usize,
    /// Of one that is brought, none before that was done.
    pub files: Vec<SourceFile>,
    /// What is asked for its records, where it is no file.
    pub intake: Option<Intake>,
    /// Where two sources give the same article, that of the higher one counts.
    pub priority: i16,
    /// What files come from; `None` of standard input.
    pub glob: Option<Glob>,
    /// Which names of the source are which fields.
    pub names: Names,
    pub date_formats: Vec<String>,
    pub replace: Vec<Replace>,
    pub url: Option<Template>,
    pub categories: Vec<Template>,
    pub author: Option<Person>,
    pub language: Option<String>,
    pub options: sources::Options,
}

/// What files of a source come from.
#[derive(Debug, Clone)]
pub struct Glob {
    /// The part without a wildcard.
    pub base: PathBuf,
    /// The rest, by which paths below it are chosen.
    pub pattern: glob::Pattern,
}

impl Glob {
    /// How names are compared: `*` is within one folder, and passes hidden files over.
    pub const OPTIONS: glob::MatchOptions = glob::MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };

    /// Of a path or glob of feeds.toml, which stands in the folder `root`.
    fn of(word: &str, root: &Path) -> Option<Self> {
        let folder = root.join(word).is_dir();
        let pattern = if folder { format!("{}/**/*", word.trim_end_matches('/')) } else { word.to_owned() };
        let base = literal_base(&pattern);
        let rest = Path::new(&pattern).strip_prefix(&base).ok()?.to_str()?.to_owned();
        Some(Self { base: root.join(base), pattern: glob::Pattern::new(&rest).ok()? })
    }
}

/// A pattern that is replaced in a field of every record.
#[derive(Debug, Clone)]
pub struct Replace {
    pub field: String,
    pub pattern: Regex,
    pub with: String,
}

/// The feeds to be made.
#[derive(Debug, Clone)]
pub enum Feeds {
    Listed(Vec<FeedPlan>),
    /// One of every category met, and one of everything.
    EveryCategory,
}

/// One feed to be made.
#[derive(Debug, Clone)]
pub struct FeedPlan {
    pub slug: String,
    pub title: Text,
    pub filter: Filter,
    pub window: Window,
    pub description: Option<Text>,
    pub language: Option<String>,
    pub home: Option<String>,
    pub image: Option<String>,
    pub ttl: Option<u32>,
    pub aliases: Vec<Alias>,
}

impl FeedPlan {
    /// A feed that is not configured.
    pub fn new(title: &Text, filter: Filter, window: Window) -> Self {
        Self {
            slug: slug::slugify(title),
            title: title.clone(),
            filter,
            window,
            description: None,
            language: None,
            home: None,
            image: None,
            ttl: None,
            aliases: Vec::new(),
        }
    }
}

/// An old path below the output folder.
#[derive(Debug, Clone)]
pub struct Alias {
    pub path: String,
    /// `None`: a folder, for every file of the feed.
    pub format: Option<&'static dyn Format>,
}

impl Plan {
    /// Decides what the words of feeds.toml, which stands in the folder `root`, mean. With `output`, that folder is
    /// written instead of the one it names.
    pub fn new(config: config::Config, root: &Path, output: Option<&Path>) -> Result<Self, Vec<Mistake>> {
        let mut planner = Planner { root, site: String::new(), mistakes: Vec::new() };
        // Where a word means nothing something stands in for it, so that the rest is looked at as well.
        let plan = planner.plan(config, output);
        if planner.mistakes.is_empty() {
            return Ok(plan);
        }
        // In the order in which a person goes through the file.
        planner.mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
        planner.mistakes.dedup();
        Err(planner.mistakes)
    }
}

fn encoding(word: config::CodingWord) -> Encoding {
    match word {
        config::CodingWord::Gzip => Encoding::Gzip,
        config::CodingWord::Br => Encoding::Brotli,
        config::CodingWord::Zstd => Encoding::Zstd,
    }
}

struct Planner<'a> {
    root: &'a Path,
    /// The address of the site, once it is known.
    site: String,
    mistakes: Vec<Mistake>,
}

impl Planner<'_> {
    fn mistake(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        self.mistakes.push(Mistake { message: message.into(), span, help });
    }

    fn plan(&mut self, config: config::Config, output: Option<&Path>) -> Plan {
        let site = self.site(config.site);
        let output = self.output(config.output, output, &site.url);
        self.site = site.url.to_string();
        let sources = self.sources(config.source);
        let feeds = match config.feed.is_empty() {
            true => Feeds::EveryCategory,
            false => Feeds::Listed(self.feeds(config.feed, &site, &output)),
        };
        let rules = self.rules(&config.check);
        let fixtures = config.check.fixtures.map(|dir| self.root.join(dir.into_inner()));
        let serve = self.serve(config.serve);
        let readers = self.readers(config.pages);
        let hubs = self.hubs(config.websub.hub);
        Plan { site, output, sources, feeds, rules, fixtures, serve, readers, hubs, words: config.text }
    }

    fn site(&mut self, site: config::Site) -> Site {
        let url = self.base_url(&site.url, "site.url", None);
        if site.title.get_ref().trim().is_empty() {
            let help = "the name of the newspaper, as readers show it".to_owned();
            self.mistake(site.title.span(), "`site.title` is empty", Some(help));
        }
        let zone = site.timezone.as_ref().and_then(|name| self.zone(name)).unwrap_or(Tz::UTC);
        let language = site.language.and_then(|tag| self.language(&tag)).unwrap_or_else(|| "en".to_owned());
        let tag = site.tag.and_then(|tag| self.tag(&tag)).unwrap_or_else(|| {
            format!("{},{TAG_YEAR}", url.host_str().unwrap_or_default().trim_start_matches("www."))
        });
        let title = Text::line(site.title.get_ref());
        Site {
            description: site.description.as_deref().map_or_else(|| title.clone(), Text::line),
            title,
            language,
            zone,
            author: site.author.map(|author| self.author(author, &url)),
            copyright: site.copyright.as_deref().map(Text::line),
            icon: site.icon.and_then(|icon| self.link(&icon, &url, "site.icon")),
            tag,
            url,
        }
    }

    fn output(&mut self, output: config::Output, dir: Option<&Path>, site: &Url) -> Output {
        let configured = output.dir.as_ref();
        if let Some(empty) = configured.filter(|dir| dir.get_ref().trim().is_empty()) {
            let help = "the folder that is written: `public`".to_owned();
            self.mistake(empty.span(), "`output.dir` is empty", Some(help));
        }
        let named = configured.map_or("public", |dir| dir.get_ref().as_str());
        let folder = dir.map_or_else(|| self.root.join(named), Path::to_path_buf);
        let state = match (&output.state, dir) {
            (Some(state), _) => self.root.join(state.get_ref()),
            (None, _) => beside(&folder).join(".bantin"),
        };
        if let Some(span) = output.state.as_ref().filter(|_| state.starts_with(&folder)).map(Spanned::span) {
            let help = "a folder beside it, so that it is not served".to_owned();
            self.mistake(span, "`output.state` lies inside `output.dir`", Some(help));
        }
        let url = match &output.url {
            Some(url) => self.base_url(url, "output.url", Some(site)),
            None => site.clone(),
        };
        let formats = match &output.formats {
            None => FORMATS.to_vec(),
            Some(names) => self.formats(names),
        };
        let window = Window {
            limit: self.limit(output.limit.as_ref()).unwrap_or(50),
            hours: output.hours.unwrap_or(48),
            max_size: output.max_size.map_or(500_000, |size| size.get_ref().0),
        };
        let content = match output.content {
            Some(config::ContentWord::Summary) => Content::Summary,
            Some(config::ContentWord::Full) | None => Content::Full,
        };
        let mut precompress: Vec<Encoding> = output.precompress.iter().map(|word| encoding(*word)).collect();
        precompress.sort();
        precompress.dedup();
        Output { dir: folder, url, formats, window, content, state, precompress }
    }

    fn formats(&mut self, names: &Spanned<Vec<Spanned<String>>>) -> Vec<&'static dyn Format> {
        if names.get_ref().is_empty() {
            self.mistake(
                names.span(),
                "`output.formats` is empty",
                Some(format!("known: {}", format_names().join(", "))),
            );
        }
        let mut formats: Vec<&'static dyn Format> = Vec::new();
        for format in FORMATS {
            if names.get_ref().iter().any(|name| name.get_ref() == format.name()) {
                formats.push(*format);
            }
        }
        for name in names.get_ref() {
            if FORMATS.iter().all(|format| format.name() != name.get_ref()) {
                let help = suggestion(name.get_ref(), &format_names());
                self.mistake(name.span(), format!("unknown format `{}`", name.get_ref()), Some(help));
            }
        }
        formats
    }

    /// The sources in the order in which they are read: where two give the same article, the later one counts.
    fn sources(&mut self, sources: Vec<Spanned<config::Source>>) -> Vec<SourcePlan> {
        let numbered = sources.into_iter().enumerate();
        let mut planned: Vec<SourcePlan> =
            numbered.filter_map(|(index, source)| self.source(index + 1, source)).collect();
        planned.sort_by_key(|source| source.priority);
        planned
    }

    fn source(&mut self, number: usize, source: Spanned<config::Source>) -> Option<SourcePlan> {
        let span = source.span();
        let source = source.into_inner();
        self.kinds(&source, span);
        let format = self.format(source.format.as_ref());
        if source.format.is_some() && format.is_none() {
            return None;
        }
        let api = source.api.as_ref().map(|api| *api.get_ref());
        let fields = web::with_fields_of(api, self.fields(&source.fields));
        let own = source.replace.iter().filter_map(|replace| self.replace(replace));
        let mut replace: Vec<Replace> = own.collect();
        replace.splice(0..0, api.into_iter().flat_map(web::replace_of));
        let url = self.article_url(&source);
        let categories = source.category.as_ref().map_or_else(Vec::new, |words| {
            words.get_ref().0.iter().filter_map(|word| self.template(word, words.span())).collect()
        });
        for pattern in &source.date_formats {
            if !date::is_pattern(pattern.get_ref()) {
                let help = "patterns are those of strftime: `%d/%m/%Y %H:%M`".to_owned();
                self.mistake(pattern.span(), format!("no date pattern: `{}`", pattern.get_ref()), Some(help));
            }
        }
        let selects_items = source.select.as_ref().is_some_and(|select| select.item.is_some());
        let options = sources::Options {
            delimiter: self.byte(source.delimiter.as_ref(), "delimiter"),
            quote: self.byte(source.quote.as_ref(), "quote"),
            columns: source.columns.clone(),
            records: source.records.clone(),
            encoding: source.encoding.as_ref().and_then(|label| self.encoding(label)),
            select: source.select.as_ref().map_or_else(Select::default, |select| self.select(select)),
            remove: source
                .remove
                .iter()
                .filter_map(|word| self.pick("remove", word.get_ref(), word.span()))
                .collect(),
        };
        if let (Some(name), true) = (&source.format, options.select.item.is_empty())
            && name.get_ref() == "html-list"
            && !selects_items
        {
            let help = "name the box of one article: select = { item = \"ul.news li\" }".to_owned();
            self.mistake(name.span(), "a list of a page has no `select.item`", Some(help));
        }
        let intake = self.intake(&source, &options);
        let files = match &source.path {
            Some(path) => self.files(path, format)?,
            None => Vec::new(),
        };
        let word = source.path.as_ref().map(|path| path.get_ref().as_str());
        Some(SourcePlan {
            number,
            files,
            intake,
            priority: source.priority.unwrap_or(0),
            glob: word.filter(|word| *word != "-").and_then(|word| Glob::of(word, self.root)),
            names: Names::new(&fields),
            date_formats: source.date_formats.into_iter().map(Spanned::into_inner).collect(),
            replace,
            url,
            categories,
            author: source.author.as_deref().and_then(vocabulary::person_from_text),
            language: source.language.and_then(|tag| self.language(&tag)),
            options,
        })
    }

    fn fields(
        &mut self,
        fields: &BTreeMap<Spanned<String>, Spanned<Words>>,
    ) -> HashMap<&'static str, Vec<String>> {
        let mut known = HashMap::new();
        for (name, paths) in fields {
            match vocabulary::FIELDS.iter().find(|field| field.name == name.get_ref()) {
                Some(field) => {
                    known.insert(field.name, paths.get_ref().0.clone());
                }
                None => {
                    let names: Vec<&str> = vocabulary::FIELDS.iter().map(|field| field.name).collect();
                    let help = suggestion(name.get_ref(), &names);
                    self.mistake(
                        name.span(),
                        format!("articles have no field `{}`", name.get_ref()),
                        Some(help),
                    );
                }
            }
        }
        known
    }

    fn replace(&mut self, replace: &config::Replace) -> Option<Replace> {
        match Regex::new(replace.pattern.get_ref()) {
            Ok(pattern) => {
                Some(Replace { field: replace.field.get_ref().clone(), pattern, with: replace.with.clone() })
            }
            Err(error) => {
                let reason = error.to_string();
                let reason =
                    reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                let help =
                    "a text that is meant letter by letter: `\\` before each of . + * ? ( ) [ ] { } ^ $ | \\";
                let message = format!("not a regular expression: {reason}");
                self.mistake(replace.pattern.span(), message, Some(help.to_owned()));
                None
            }
        }
    }

    fn feeds(&mut self, feeds: Vec<config::Feed>, site: &Site, output: &Output) -> Vec<FeedPlan> {
        let mut slugs: HashMap<String, String> = HashMap::new();
        let mut planned = Vec::new();
        let mut aliases: Vec<(Span, String, String)> = Vec::new();
        for feed in feeds {
            for alias in &feed.aliases {
                let path = alias.get_ref().trim_matches('/').to_lowercase();
                aliases.push((alias.span(), path, feed.title.get_ref().clone()));
            }
            let span = feed.slug.as_ref().map_or_else(|| feed.title.span(), Spanned::span);
            let Some(feed) = self.feed(feed, site, output) else { continue };
            // Names that differ in case alone are one folder on the file systems of macOS and Windows.
            if let Some(other) = slugs.insert(feed.slug.to_lowercase(), feed.title.to_string()) {
                let help = format!("`{other}` has it; give one of the two another `slug`");
                self.mistake(span, format!("a second feed with the slug `{}`", feed.slug), Some(help));
            }
            planned.push(feed);
        }
        self.aliases(aliases, &planned);
        planned
    }

    /// Finds old paths at which two things would be written: they would replace each other at every build.
    fn aliases(&mut self, aliases: Vec<(Span, String, String)>, feeds: &[FeedPlan]) {
        let mut taken: HashMap<String, String> = HashMap::new();
        for feed in feeds {
            let (slug, title) = (feed.slug.to_lowercase(), feed.title.to_string());
            let files = FORMATS.iter().map(|format| format.file_name()).chain(["index.html"]);
            taken.extend(files.map(|name| (format!("{slug}/{name}"), title.clone())));
            taken.insert(slug, title);
        }
        let mut old: HashMap<String, String> = HashMap::new();
        let known: Vec<&Alias> = feeds.iter().flat_map(|feed| &feed.aliases).collect();
        for (span, path, feed) in aliases {
            let Some(alias) = known.iter().find(|alias| alias.path.to_lowercase() == path) else { continue };
            let written: Vec<String> = match alias.format {
                Some(_) => vec![path.clone()],
                None => FORMATS.iter().map(|format| format!("{path}/{}", format.file_name())).collect(),
            };
            if let Some(other) = written.iter().find_map(|written| taken.get(written)) {
                let help = format!("the feed `{other}` is in that folder");
                self.mistake(span, format!("`{path}` is no old path"), Some(help));
                continue;
            }
            if let Some(other) = written.iter().find_map(|written| old.get(written)) {
                let help = format!("`{other}` has it as well; one of the two is to be had there");
                self.mistake(span, format!("a second feed at the old path `{path}`"), Some(help));
            }
            old.extend(written.into_iter().map(|written| (written, feed.clone())));
        }
    }

    fn feed(&mut self, feed: config::Feed, site: &Site, output: &Output) -> Option<FeedPlan> {
        let title = Text::line(feed.title.get_ref());
        if title.is_empty() {
            let help = "the name of the section, as readers show it".to_owned();
            self.mistake(feed.title.span(), "the feed's title is empty", Some(help));
            return None;
        }
        let slug_given = feed.slug.is_some();
        let (slug, span) = match feed.slug {
            Some(slug) => (slug.get_ref().clone(), slug.span()),
            None => (slug::slugify(&title), feed.title.span()),
        };
        if let Err(reason) = slug::plain_name(&slug) {
            let help = match slug::slugify(&slug) {
                plain if slug_given && slug::plain_name(&plain).is_ok() => format!("did you mean `{plain}`?"),
                _ => "give the feed a `slug` that is a plain folder name".to_owned(),
            };
            self.mistake(span, format!("the slug `{slug}` is not a plain folder name: {reason}"), Some(help));
            return None;
        }
        let language = feed.language.as_ref().and_then(|tag| self.language(tag));
        let exclude = feed.exclude.unwrap_or_default();
        let filter = Filter {
            categories: match &feed.category {
                Some(words) => categories(words),
                None => Vec::new(),
            },
            tags: slugs(feed.tags.as_ref()),
            authors: slugs(feed.authors.as_ref()),
            language: language.clone(),
            not_categories: exclude.category.as_ref().map(categories).unwrap_or_default(),
            not_tags: slugs(exclude.tags.as_ref()),
            not_authors: slugs(exclude.authors.as_ref()),
            not_language: exclude.language.as_ref().and_then(|tag| self.language(tag)),
        };
        if let Some(words) = feed.category.as_ref().filter(|words| words.get_ref().0.is_empty()) {
            let help = "`*` is every article".to_owned();
            self.mistake(words.span(), "`category` is empty: no article would fit", Some(help));
        }
        // A feed that says nothing but its title is of the section of that name.
        let section = !slug_given && feed.category.is_none() && filter.is_open();
        let filter = match section {
            true => Filter { categories: vec![slug::slugify(&title)], ..filter },
            false => filter,
        };
        let window = Window {
            limit: self.limit(feed.limit.as_ref()).unwrap_or(output.window.limit),
            hours: feed.hours.unwrap_or(output.window.hours),
            max_size: feed.max_size.map_or(output.window.max_size, |size| size.get_ref().0),
        };
        Some(FeedPlan {
            slug,
            title,
            filter,
            window,
            description: feed.description.as_deref().map(Text::line),
            language,
            home: feed.url.and_then(|url| self.link(&url, &site.url, "url")),
            image: feed.image.and_then(|image| self.link(&image, &site.url, "image")),
            ttl: feed.ttl,
            aliases: feed.aliases.iter().filter_map(|alias| self.alias(alias)).collect(),
        })
    }

    fn alias(&mut self, alias: &Spanned<String>) -> Option<Alias> {
        let path = alias.get_ref().trim_matches('/');
        let own = ["index.html", "feeds.opml"].contains(&path) || path.starts_with("assets/");
        let escapes = path.is_empty()
            || path.split('/').any(|part| part.is_empty() || part.starts_with('.') || part.contains('\\'));
        if own || escapes || path.chars().any(char::is_control) {
            let help = "a path below the output folder, such as `rss/thoi-su.xml`".to_owned();
            self.mistake(
                alias.span(),
                format!("no path for old addresses: `{}`", alias.get_ref()),
                Some(help),
            );
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let format = FORMATS
            .iter()
            .copied()
            .find(|format| name == format.file_name())
            .or_else(|| FORMATS.iter().copied().find(|format| name.contains(format.name())))
            .or_else(|| {
                FORMATS.iter().copied().find(|format| {
                    let extension =
                        |name: &str| name.rsplit_once('.').map(|(_, extension)| extension.to_owned());
                    extension(&name).is_some() && extension(&name) == extension(format.file_name())
                })
            });
        if format.is_none() && name.contains('.') {
            let help = format!(
                "a name that ends in .xml or .json, or a folder; formats are {}",
                format_names().join(", ")
            );
            self.mistake(alias.span(), format!("cannot tell which format `{path}` is to have"), Some(help));
            return None;
        }
        Some(Alias { path: path.to_owned(), format })
    }

    fn rules(&mut self, check: &config::Check) -> check::Overrides {
        let mut known = |names: &[Spanned<String>]| {
            let mut rules = Vec::new();
            for name in names {
                match check::find(name.get_ref()) {
                    Ok(rule) => rules.push(rule.id),
                    Err(unknown) => {
                        let help = unknown.suggestion.map(|rule| format!("did you mean `{rule}`?"));
                        self.mistake(name.span(), format!("no rule is called `{}`", name.get_ref()), help);
                    }
                }
            }
            rules
        };
        let (allow, warn, deny) = (known(&check.allow), known(&check.warn), known(&check.deny));
        // Unknown names are told above.
        check::Overrides::new(&allow, &warn, &deny).unwrap_or_default()
    }

    fn limit(&mut self, limit: Option<&Spanned<u32>>) -> Option<usize> {
        let limit = limit?;
        if *limit.get_ref() == 0 {
            self.mistake(limit.span(), "a feed of no entries", Some("`limit` is 1 or more".to_owned()));
        }
        Some(*limit.get_ref() as usize)
    }

    /// The address with a slash at its end; one on the site where a path stands that was probably meant to be.
    fn base_url(&mut self, word: &Spanned<String>, name: &str, site: Option<&Url>) -> Url {
        match link::parse_base(word.get_ref()) {
            Ok(url) => with_slash(url),
            Err(error) => {
                let text = word.get_ref();
                let on_site = site.filter(|_| text.starts_with('/') && !text.starts_with("//"));
                let help = match on_site.and_then(|site| link::absolute(text, site).ok()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None if text.contains(':') || !text.contains('.') => {
                        "an absolute address that begins with https://".to_owned()
                    }
                    None => format!("did you mean `https://{}`?", text.trim().trim_start_matches('/')),
                };
                self.mistake(word.span(), format!("`{name}` is no address: {error}"), Some(help));
                Url::parse("https://site.invalid/").unwrap_or_else(|e| unreachable!("a URL of ours: {e}"))
            }
        }
    }

    fn link(&mut self, word: &Spanned<String>, base: &Url, name: &str) -> Option<String> {
        match link::absolute(word.get_ref(), base) {
            Ok(link) => Some(link),
            Err(error) => {
                let help = "an address that begins with https://, or a path on the site".to_owned();
                self.mistake(word.span(), format!("`{name}` is no address: {error}"), Some(help));
                None
            }
        }
    }

    fn author(&mut self, author: config::Author, base: &Url) -> Person {
        Person {
            name: Text::line(&author.name),
            email: author.email,
            url: author.url.and_then(|url| self.link(&url, base, "author.url")),
        }
    }

    fn zone(&mut self, name: &Spanned<String>) -> Option<Tz> {
        match name.get_ref().parse::<Tz>() {
            Ok(zone) => Some(zone),
            Err(_) => {
                let names: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
                let word = name.get_ref().replace(' ', "_");
                let city = |name: &str| name.rsplit('/').next().unwrap_or(name).to_lowercase();
                let usual =
                    USUAL_NAMES.iter().find(|(usual, _)| *usual == city(&word)).map(|(_, zone)| *zone);
                let same_city = names.iter().copied().find(|name| city(name) == city(&word));
                let help = match usual.or(same_city).or_else(|| nearest(&word, names.iter().copied())) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "zones have names such as `Asia/Ho_Chi_Minh`".to_owned(),
                };
                self.mistake(name.span(), format!("unknown time zone `{}`", name.get_ref()), Some(help));
                None
            }
        }
    }

    fn language(&mut self, tag: &Spanned<String>) -> Option<String> {
        let language = language::canonical(tag.get_ref());
        if language.is_none() {
            let help = match tag.get_ref().to_ascii_lowercase().split(['-', '_']).any(|part| part == "vn") {
                true => "Vietnamese is `vi`; `vn` is the country".to_owned(),
                false => "tags are those of BCP 47: `vi`, `en-GB`".to_owned(),
            };
            self.mistake(tag.span(), format!("no language tag: `{}`", tag.get_ref()), Some(help));
        }
        language
    }

    fn tag(&mut self, tag: &Spanned<String>) -> Option<String> {
        let valid = tag.get_ref().split_once(',').is_some_and(|(domain, date)| {
            let domain_is_plain =
                !domain.is_empty() && domain.chars().all(|c| c.is_ascii_alphanumeric() || "-._@".contains(c));
            let date_is_plain =
                matches!(date.len(), 4 | 7 | 10) && date.chars().all(|c| c.is_ascii_digit() || c == '-');
            domain_is_plain && date_is_plain
        });
        if !valid {
            let help = "a domain and the year in which it was yours: `baosonla.vn,2005`".to_owned();
            self.mistake(tag.span(), format!("no tagging authority: `{}`", tag.get_ref()), Some(help));
            return None;
        }
        Some(tag.get_ref().clone())
    }

    fn template(&mut self, word: &str, span: Span) -> Option<Template> {
        match Template::parse(word) {
            Ok(template) => Some(template),
            Err(error) => {
                let help =
                    "a field stands in braces: `https://example.vn/{id}.html`; braces themselves are doubled";
                self.mistake(span, error.to_string(), Some(help.to_owned()));
                None
            }
        }
    }

    fn byte(&mut self, word: Option<&Spanned<String>>, name: &str) -> Option<u8> {
        let word = word?;
        match word.get_ref().as_bytes() {
            [byte] => Some(*byte),
            _ => {
                let help = format!("one character between quotation marks: {name} = \";\"");
                self.mistake(word.span(), format!("`{name}` is one ASCII character"), Some(help));
                None
            }
        }
    }

    fn encoding(&mut self, label: &Spanned<String>) -> Option<&'static encoding_rs::Encoding> {
        let encoding = encoding_rs::Encoding::for_label(label.get_ref().as_bytes());
        if encoding.is_none() {
            let labels = [
                "utf-8",
                "utf-16le",
                "utf-16be",
                "windows-1258",
                "windows-1252",
                "windows-1251",
                "gb18030",
                "shift_jis",
            ];
            self.mistake(
                label.span(),
                format!("unknown encoding `{}`", label.get_ref()),
                Some(suggestion(label.get_ref(), &labels)),
            );
        }
        encoding
    }
}

/// The year in tag URIs where feeds.toml gives none: that of RFC 4151. It takes part in every id, so it never changes.
const TAG_YEAR: &str = "2005";

/// What people write for a time zone that has another name.
const USUAL_NAMES: &[(&str, &str)] = &[
    ("hanoi", "Asia/Ho_Chi_Minh"),
    ("ha_noi", "Asia/Ho_Chi_Minh"),
    ("hà_nội", "Asia/Ho_Chi_Minh"),
    ("hồ_chí_minh", "Asia/Ho_Chi_Minh"),
    ("da_nang", "Asia/Ho_Chi_Minh"),
    ("vietnam", "Asia/Ho_Chi_Minh"),
    ("ict", "Asia/Ho_Chi_Minh"),
    ("+07", "Asia/Ho_Chi_Minh"),
    ("+07:00", "Asia/Ho_Chi_Minh"),
    ("gmt+7", "Asia/Ho_Chi_Minh"),
    ("utc+7", "Asia/Ho_Chi_Minh"),
    ("vientiane", "Asia/Vientiane"),
    ("beijing", "Asia/Shanghai"),
];

fn categories(words: &Spanned<Words>) -> Vec<String> {
    words
        .get_ref()
        .0
        .iter()
        .map(|word| if word.trim() == "*" { "*".to_owned() } else { slug::slugify(word) })
        .collect()
}

fn slugs(words: Option<&Spanned<Words>>) -> Vec<String> {
    words.map_or_else(Vec::new, |words| words.get_ref().0.iter().map(|word| slug::slugify(word)).collect())
}

fn format_names() -> Vec<&'static str> {
    FORMATS.iter().map(|format| format.name()).collect()
}

fn suggestion(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

fn with_slash(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

/// The folder that a folder stands in, also where it is named by `.` or `..` alone.
fn beside(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    match folder.file_name() {
        Some(_) => folder.parent().map_or_else(PathBuf::new, Path::to_path_buf),
        None => absolute.parent().map_or(absolute.clone(), Path::to_path_buf),
    }
}
