//! feeds.toml as it is written: words with their places, unknown keys refused.
//!
//! What the words mean (time zones, formats, paths) is decided by [`crate::plan`]. The doc comments of these types are the
//! descriptions in the JSON Schema that `bantin schema` prints.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

mod select;
mod shape;
mod values;
mod web;

pub use values::{Size, Words};
pub use web::{ApiWord, Paging};

pub use select::Select;

/// Where in feeds.toml something stands, in bytes.
pub type Span = Range<usize>;

/// feeds.toml: what a newsroom publishes, from what, and where to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "feeds.toml")]
pub struct Config {
    /// The newspaper.
    pub site: Site,
    /// What is written, and where.
    #[serde(default)]
    pub output: Output,
    /// Where articles are read from. Later sources win where two give the same article.
    #[serde(default)]
    #[schemars(with = "Vec<Source>")]
    pub source: Vec<Spanned<Source>>,
    /// The feeds. Without any, every category met becomes one, and one more takes every article.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub feed: Vec<Feed>,
    /// What `bantin check` looks for, and compares with.
    #[serde(default)]
    pub check: Check,
    /// How `bantin serve` serves what was built.
    #[serde(default)]
    pub serve: Serve,
    /// The pages for people.
    #[serde(default)]
    pub pages: Pages,
    /// Who is told of changes.
    #[serde(default)]
    pub websub: WebSub,
    /// The hash of the text that this was read from.
    #[serde(skip)]
    pub text: u128,
}

/// The newspaper.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The name of the newspaper.
    #[schemars(with = "String", regex(pattern = r"\S"))]
    pub title: Spanned<String>,
    /// The address of the site. Relative links of articles are resolved against it.
    #[schemars(with = "String", regex(pattern = BASE))]
    pub url: Spanned<String>,
    /// One sentence on what the newspaper is. Default: the title.
    pub description: Option<String>,
    /// The language that articles are in unless they say otherwise, as a tag of BCP 47. Also decides whether `5/11/2024`
    /// is in November or in May. Default: en.
    #[schemars(with = "Option<String>", regex(pattern = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"))]
    pub language: Option<Spanned<String>>,
    /// The time zone of dates that carry no offset, by its IANA name. Default: UTC.
    #[schemars(with = "Option<String>")]
    pub timezone: Option<Spanned<String>>,
    /// Who stands for articles that name no author.
    pub author: Option<Author>,
    /// Who owns what is published: `© Báo Sơn La`.
    pub copyright: Option<String>,
    /// A square picture for readers' lists: an address, or a path on the site.
    #[schemars(with = "Option<String>", regex(pattern = LINK))]
    pub icon: Option<Spanned<String>>,
    /// The tagging authority of RFC 4151 in the ids of articles that have a key of the newsroom's, `DOMAIN,YEAR`: a domain
    /// that was the newsroom's in that year. Default: the host of `url`, and 2005. Set it before the site moves to another
    /// domain, so that ids stay.
    #[schemars(with = "Option<String>", regex(pattern = r"^[^,\s]+,[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"))]
    pub tag: Option<Spanned<String>>,
}

/// A person, or whoever stands for the site.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// The name as readers show it.
    pub name: String,
    /// The address that RSS asks for beside the name.
    pub email: Option<String>,
    /// The page of the author: an address, or a path on the site.
    #[schemars(with = "Option<String>", regex(pattern = LINK))]
    pub url: Option<Spanned<String>>,
}

/// What is written, and where.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The folder that is written, relative to feeds.toml. Default: public.
    #[schemars(with = "Option<String>", length(min = 1))]
    pub dir: Option<Spanned<String>>,
    /// Where `dir` is served: the feeds' own addresses come from it. Default: the site's address.
    #[schemars(with = "Option<String>", regex(pattern = BASE))]
    pub url: Option<Spanned<String>>,
    /// The formats that are written: rss, atom, json. Default: every format.
    #[schemars(with = "Option<Vec<String>>", length(min = 1))]
    pub formats: Option<Spanned<Vec<Spanned<String>>>>,
    /// A feed holds this many of its newest articles... Default: 50.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub limit: Option<Spanned<u32>>,
    /// ... or all within this many hours of the newest, where those are more... Default: 48.
    pub hours: Option<u32>,
    /// ... but never a file larger than this: bytes, or a number with KB or MB. Default: 500 KB.
    #[schemars(with = "Option<Size>")]
    pub max_size: Option<Spanned<Size>>,
    /// Whether entries carry the article, or its summary alone. Default: full.
    pub content: Option<ContentWord>,
    /// The folder that remembers what was published (first-seen dates, changes), relative to feeds.toml. It must not be
    /// served. Default: `.bantin` beside `dir`.
    #[schemars(with = "Option<String>", length(min = 1))]
    pub state: Option<Spanned<String>>,
    /// The codings in which every file is written a second time, for web servers that send such files as they are: gzip,
    /// br, zstd. Default: none.
    #[serde(default)]
    pub precompress: Vec<CodingWord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CodingWord {
    /// `rss.xml.gz`
    Gzip,
    /// `rss.xml.br`
    Br,
    /// `rss.xml.zst`
    Zstd,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContentWord {
    /// The whole article.
    Full,
    /// Its summary alone.
    Summary,
}

/// Where articles are read from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{"required": ["path"]}, {"required": ["command"]}, {"required": ["url"]}]))]
#[schemars(extend("not" = {"required": ["path", "command"]}))]
pub struct Source {
    /// A file or a glob, relative to feeds.toml (`articles/*.jsonl`, `content/**/*.md`), or `-` for standard input.
    #[schemars(with = "Option<String>", regex(pattern = r"\S"))]
    pub path: Option<Spanned<String>>,
    /// A program and its arguments, run in the folder of feeds.toml: what it writes to standard output is read.
    #[schemars(with = "Option<Vec<String>>", length(min = 1))]
    pub command: Option<Spanned<Vec<String>>>,
    /// An interface whose addresses, pages and fields are known: `wordpress`, `ghost`. `url` is then the site's address.
    #[schemars(with = "Option<ApiWord>")]
    pub api: Option<Spanned<ApiWord>>,
    /// The rows of a database, whose address is `url`: a statement. `:since` in it is the newest moment of the last run.
    #[schemars(with = "Option<String>", regex(pattern = r"\S"))]
    pub query: Option<Spanned<String>>,
    /// The table or view of a database of which the newest rows are asked for.
    #[schemars(with = "Option<String>", regex(pattern = r"\S"))]
    pub table: Option<Spanned<String>>,
    /// Headers that are sent to the web. `${NAME}` is what that variable of the environment holds.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub headers: BTreeMap<Spanned<String>, Spanned<String>>,
    /// How the pages of an answer of the web follow one another. Default: there is one page.
    #[schemars(with = "Option<Paging>")]
    pub paging: Option<Spanned<Paging>>,
    /// Whether addresses of this machine and the local network may be fetched. Default: false.
    #[schemars(with = "Option<bool>")]
    pub allow_private: Option<Spanned<bool>>,
    /// A file of certificates in PEM, relative to feeds.toml: the authorities that servers of the web are held against.
    /// Default: those that browsers trust.
    #[schemars(with = "Option<String>", regex(pattern = r"\S"))]
    pub ca: Option<Spanned<String>>,
    /// The seconds that a command, the web or a database may take. Default: 300.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub timeout: Option<Spanned<u32>>,
    /// The most that a command, the web or a database may give: bytes, or a number with KB, MB or GB. Default: 1 GB, of the
    /// web 100 MB.
    #[schemars(with = "Option<Size>")]
    pub max_size: Option<Spanned<Size>>,
    /// Whether nothing is published without it. Default: false, so that other sources are published without one that fails.
    #[serde(default)]
    pub required: bool,
    /// Where two sources give the same article, that of the higher number counts. Default: 0; of the same number, the later.
    pub priority: Option<i16>,
    /// How the files are to be read. Default: by their extension; jsonl for a command.
    #[schemars(with = "Option<String>")]
    pub format: Option<Spanned<String>>,
    /// Names that the articles' fields have in this source: `title = "headline"`, a dotted path into nested records
    /// (`title = "content.headline"`), or a list of which the first that holds something counts.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Words>")]
    pub fields: BTreeMap<Spanned<String>, Spanned<Words>>,
    /// Date patterns to try before any other, as of strftime: `%d/%m/%Y %H:%M`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub date_formats: Vec<Spanned<String>>,
    /// Artefacts of the export, taken off before anything else is made of a field.
    #[serde(default)]
    pub replace: Vec<Replace>,
    /// Where the source is fetched on the web: an address or several, https or http. Or the database that it is in:
    /// `sqlite:FILE`, `postgres://…`, `mysql://…`. `${NAME}` is what that variable of the
    /// environment holds. Beside a `path` or a `command` it is what `article_url` is.
    #[schemars(with = "Option<Words>", extend("minItems" = 1, "minLength" = 1, "pattern" = TEMPLATE))]
    pub url: Option<Spanned<Words>>,
    /// Builds the address of articles that carry none: `https://example.vn/{id}.html`. Any field of the record may stand in
    /// braces, and {stem}, {path}, {folder} and {folders} of the file, {slug}, {title_slug}, {category}, {categories}, and {year},
    /// {month}, {day} of publication.
    #[schemars(with = "Option<String>", length(min = 1), regex(pattern = TEMPLATE))]
    pub article_url: Option<Spanned<String>>,
    /// The section of articles that state none. May hold {stem}, {folder} or a field in braces, as `url`.
    #[schemars(with = "Option<Words>", extend("pattern" = TEMPLATE))]
    pub category: Option<Spanned<Words>>,
    /// The author of articles that name none.
    pub author: Option<String>,
    /// The language of articles that state none.
    #[schemars(with = "Option<String>", regex(pattern = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"))]
    pub language: Option<Spanned<String>>,
    /// The dotted path of the key under which the records stand (json, yaml, toml). Of exports of WordPress and
    /// Ghost, the types of posts that are read, `post, page`.
    pub records: Option<String>,
    /// The names of the columns, where the file has no header line (csv, tsv).
    #[schemars(length(min = 1))]
    pub columns: Option<Vec<String>>,
    /// The character between two cells (csv). Default: found out from the header line.
    #[schemars(with = "Option<String>", regex(pattern = r"^[\x00-\x7f]$"))]
    pub delimiter: Option<Spanned<String>>,
    /// The character around a cell (csv, tsv). Default: `"`.
    #[schemars(with = "Option<String>", regex(pattern = r"^[\x00-\x7f]$"))]
    pub quote: Option<Spanned<String>>,
    /// The encoding of files that are not UTF-8, by its WHATWG label: `windows-1258`.
    #[schemars(with = "Option<String>", length(min = 1))]
    pub encoding: Option<Spanned<String>>,
    /// What is picked out of a page (html, html-list): CSS selectors, `a@href` for an attribute, or a list of which the
    /// first that holds something counts.
    pub select: Option<Select>,
    /// CSS selectors of what stands in an article but is not of it, such as boxes of other articles (html).
    #[serde(default)]
    #[schemars(with = "Vec<String>", inner(length(min = 1)))]
    pub remove: Vec<Spanned<String>>,
}

/// A pattern that is replaced in a field of every record.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The field, by its name in the source.
    #[schemars(with = "String", length(min = 1))]
    pub field: Spanned<String>,
    /// A regular expression.
    #[schemars(with = "String")]
    pub pattern: Spanned<String>,
    /// What stands in for every match; `$1` is the first group.
    #[serde(default)]
    pub with: String,
}

/// A feed: a section, a selection of articles, or everything.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The name of the feed as readers show it.
    #[schemars(with = "String", regex(pattern = r"\S"))]
    pub title: Spanned<String>,
    /// The name of the feed's folder. Default: the title without accents, in lower case, with hyphens.
    #[schemars(with = "Option<String>", regex(pattern = SLUG))]
    pub slug: Option<Spanned<String>>,
    /// The sections whose articles it takes; `*` is every article. Default: the title, unless a `slug` or another filter is
    /// given.
    #[schemars(with = "Option<Words>", extend("minItems" = 1))]
    pub category: Option<Spanned<Words>>,
    /// Only articles with one of these tags.
    #[schemars(with = "Option<Words>")]
    pub tags: Option<Spanned<Words>>,
    /// Only articles by one of these authors.
    #[schemars(with = "Option<Words>")]
    pub authors: Option<Spanned<Words>>,
    /// No article that any of these takes in.
    pub exclude: Option<Exclude>,
    /// The language of the feed; only articles in it are taken.
    #[schemars(with = "Option<String>", regex(pattern = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"))]
    pub language: Option<Spanned<String>>,
    /// As `output.limit`, for this feed.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub limit: Option<Spanned<u32>>,
    /// As `output.hours`, for this feed.
    pub hours: Option<u32>,
    /// As `output.max_size`, for this feed.
    #[schemars(with = "Option<Size>")]
    pub max_size: Option<Spanned<Size>>,
    /// One sentence on what the feed is of. Default: made of the title, or the site's for a feed of everything.
    pub description: Option<String>,
    /// The page of the newspaper that the feed is of. Default: the site's address.
    #[schemars(with = "Option<String>", regex(pattern = LINK))]
    pub url: Option<Spanned<String>>,
    /// A picture that stands for the feed: an address, or a path on the site.
    #[schemars(with = "Option<String>", regex(pattern = LINK))]
    pub image: Option<Spanned<String>>,
    /// Minutes for which readers need not ask again.
    pub ttl: Option<u32>,
    /// Old paths below the output folder under which the feed's files are written too: `rss/thoi-su.xml`. The extension, or
    /// a file name as this program uses it, says which format.
    #[serde(default)]
    #[schemars(with = "Vec<String>", inner(regex(pattern = ALIAS)))]
    pub aliases: Vec<Spanned<String>>,
}

/// What a feed leaves out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclude {
    /// No article of these sections.
    #[schemars(with = "Option<Words>")]
    pub category: Option<Spanned<Words>>,
    /// No article with one of these tags.
    #[schemars(with = "Option<Words>")]
    pub tags: Option<Spanned<Words>>,
    /// No article by one of these authors.
    #[schemars(with = "Option<Words>")]
    pub authors: Option<Spanned<Words>>,
    /// No article in this language.
    #[schemars(with = "Option<String>", regex(pattern = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"))]
    pub language: Option<Spanned<String>>,
}

/// What `bantin check` looks for, and compares with.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// A folder of expected feeds, relative to feeds.toml.
    #[schemars(with = "Option<String>", length(min = 1))]
    pub fixtures: Option<Spanned<String>>,
    /// Rules whose findings are not reported.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub allow: Vec<Spanned<String>>,
    /// Rules whose findings are warnings.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub warn: Vec<Spanned<String>>,
    /// Rules whose findings are errors: a feed with one is held back.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub deny: Vec<Spanned<String>>,
}

/// How `bantin serve` serves what was built.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    /// The address and the port to listen on. Default: 127.0.0.1:8080.
    #[schemars(with = "Option<String>", regex(pattern = LISTEN))]
    pub listen: Option<Spanned<String>>,
    /// The form of the access log, which goes to standard output. Default: off.
    pub access_log: Option<LogWord>,
    /// Seconds for which answers may be kept, where a feed has no `ttl`. Default: 300.
    pub max_age: Option<u32>,
    /// Paths below the output folder that were published once and never will be again, answered 410: files, or folders
    /// for all that was in them.
    #[serde(default)]
    #[schemars(with = "Vec<String>", inner(regex(pattern = r"[^/\s]")))]
    pub gone: Vec<Spanned<String>>,
    /// The most connections at a time. Default: 4096.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub connections: Option<Spanned<u32>>,
    /// The most that is kept in memory, compressed and not; the rest lies in a temporary file. Default: 16 MB.
    #[schemars(with = "Option<Size>")]
    pub memory: Option<Spanned<Size>>,
    /// Whether `/metrics` tells Prometheus what was served. Default: true.
    pub metrics: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogWord {
    /// No log.
    Off,
    /// Host, time, request, status, bytes.
    Common,
    /// The same, with referrer and user agent.
    Combined,
    /// An object a line.
    Json,
}

/// An address and a port.
const LISTEN: &str = r":[0-9]{1,5}$";

/// The pages for people.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// The readers of the web that the page of a feed offers, in that order; an empty list is none. Default: Feedly,
    /// Inoreader, NewsBlur, The Old Reader and Feedbin.
    pub readers: Option<Vec<PageReader>>,
}

/// A reader of the web.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageReader {
    /// What the reader is called.
    #[schemars(with = "String", regex(pattern = r"\S"))]
    pub name: Spanned<String>,
    /// Where it subscribes to a feed, `{url}` standing for the feed's address: `https://reader.example/add?feed={url}`.
    #[schemars(with = "String", regex(pattern = READER))]
    pub url: Spanned<String>,
}

/// Who is told of changes (WebSub).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebSub {
    /// The address of a hub, or of several. The feeds name it, and `bantin notify` tells it of feeds that changed.
    #[schemars(with = "Option<Words>", extend("pattern" = BASE))]
    pub hub: Option<Spanned<Words>>,
    /// A file of certificates in PEM, relative to feeds.toml: the authorities that hubs are held against. By default those
    /// that browsers trust.
    #[schemars(with = "Option<String>")]
    pub ca: Option<Spanned<String>>,
}

/// An absolute address with a place for another.
const READER: &str = r"^\s*[hH][tT][tT][pP][sS]?://[^/\s]+.*\{url\}";

/// An absolute address.
const BASE: &str = r"^\s*[hH][tT][tT][pP][sS]?://[^/\s]+";

/// An address of the web, or a path on the site: whatever has no other scheme.
const LINK: &str = r"^\s*(?:[hH][tT][tT][pP][sS]?:|(?![A-Za-z][A-Za-z0-9+.-]*:))";

/// Text in which braces stand around names, or are doubled.
const TEMPLATE: &str = r"^(?:[^{}]|\{\{|\}\}|\{\s*[^{}\s][^{}]*\})*$";

/// A path below the output folder, but for those that the output itself has.
const ALIAS: &str = r"^/*(?!(?:index\.html|feeds\.opml|assets/.*)/*$)[^./\\][^/\\]*(?:/[^./\\][^/\\]*)*/*$";

/// A plain folder name that neither the output nor Windows keeps for itself.
const SLUG: &str = r#"^(?![.])(?!(?:assets|index\.html|feeds\.opml)$)(?!(?:[cC][oO][nN]|[pP][rR][nN]|[aA][uU][xX]|[nN][uU][lL]|[cC][oO][mM][0-9]|[lL][pP][tT][0-9])(?:\.|$))[^/\\\s<>:"|?*\x00-\x1f]+$"#;

/// Something in feeds.toml that cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// A lower-case fragment: what is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What was probably meant.
    pub help: Option<String>,
}

/// Reads the words of feeds.toml. What is wrong with their form is all told at once.
pub fn parse(text: &str) -> Result<Config, Vec<Mistake>> {
    let config: Result<Config, _> = toml::from_str(text);
    config.map(|config| Config { text: xxhash_rust::xxh3::xxh3_128(text.as_bytes()), ..config }).map_err(
        |error| {
            let mistakes = shape::mistakes(text);
            if mistakes.is_empty() { vec![unread(text, &error)] } else { mistakes }
        },
    )
}

/// A mistake that the reader of TOML found.
fn unread(text: &str, error: &toml::de::Error) -> Mistake {
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let span = error.span().unwrap_or_default();
    let start = span.start.min(text.len());
    let line_end = text[start..].find(['\r', '\n']).map_or(text.len(), |length| start + length);
    let end = span.end.clamp(start, line_end);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(line_start..line_end).unwrap_or_default();
    let help = if message.starts_with("duplicate key") {
        Some("it stands in this table already; a list of tables is written [[source]], [[feed]]")
    } else if message.contains("string") {
        Some("a text stands between quotation marks, which begin and end on one line: \"…\"")
    } else if !line.contains('=') && line.contains(':') {
        Some("TOML is written `key = \"value\"`, in tables that begin with a line such as [site]")
    } else if message.contains("expected `=`") {
        Some("a key and its value are written `key = \"value\"`")
    } else if message.contains("value") {
        Some("a value is \"text\", a number, true, false, a [list] or a { table }")
    } else {
        None
    };
    // What stops at the end of a line is shown at its last character.
    let span = match text[start..end].is_empty() {
        true => last_character(text, line_start, start),
        false => start..end,
    };
    Mistake { message, span, help: help.map(str::to_owned) }
}

/// The character before `at` in the line that begins at `line_start`, or the one at `at`.
fn last_character(text: &str, line_start: usize, at: usize) -> Span {
    let before = text[line_start..at].char_indices().next_back();
    let here = text[at..].chars().next().filter(|c| !matches!(c, '\r' | '\n'));
    match (here, before) {
        (Some(here), _) => at..at + here.len_utf8(),
        (None, Some((offset, _))) => line_start + offset..at,
        (None, None) => at..at,
    }
}

/// The candidate that a misspelt word was probably meant to be.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1 + candidate.chars().count().min(word.chars().count()) / 4
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The JSON Schema of feeds.toml (draft 2020-12).
pub fn schema() -> serde_json::Value {
    let mut schema = serde_json::to_value(schemars::schema_for!(Config)).unwrap_or_default();
    fitted(&mut schema);
    let zones: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    let formats: Vec<&str> = crate::formats::FORMATS.iter().map(|format| format.name()).collect();
    let sources: Vec<&str> = crate::sources::SOURCES.iter().map(|source| source.name()).collect();
    for (pointer, words) in [
        ("/$defs/Site/properties/timezone", zones),
        ("/$defs/Output/properties/formats/items", formats),
        ("/$defs/Source/properties/format", sources),
    ] {
        if let Some(serde_json::Value::Object(property)) = schema.pointer_mut(pointer) {
            property.insert("enum".into(), words.into());
        }
    }
    schema
}

/// Fits what is derived from Rust's types to TOML. It has no null: a key that may be left out is simply not required.
fn fitted(schema: &mut serde_json::Value) {
    use serde_json::Value;
    match schema {
        Value::Object(map) => {
            if let Some(Value::Array(kinds)) = map.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [kind] = kinds.as_slice() {
                    let kind = kind.clone();
                    map.insert("type".into(), kind);
                }
            }
            if let Some(Value::Array(options)) = map.get_mut("anyOf") {
                options.retain(|option| option.get("type").is_none_or(|kind| kind != "null"));
                if let [Value::Object(only)] = options.as_mut_slice() {
                    let only = std::mem::take(only);
                    map.remove("anyOf");
                    map.extend(only);
                }
            }
            // What `format` says is an annotation, which few tools heed.
            if map.get("format").is_some_and(|format| format == "uint32") {
                map.insert("maximum".into(), u32::MAX.into());
            }
            // Words with a description each.
            if let Some(Value::Array(options)) = map.get("oneOf") {
                let words: Vec<Value> =
                    options.iter().filter_map(|option| option.get("const").cloned()).collect();
                if words.len() == options.len() {
                    map.remove("oneOf");
                    map.insert("type".into(), "string".into());
                    map.insert("enum".into(), words.into());
                }
            }
            // Lines are broken for whoever reads the source.
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            map.values_mut().for_each(fitted);
        }
        Value::Array(items) => items.iter_mut().for_each(fitted),
        _ => {}
    }
}
