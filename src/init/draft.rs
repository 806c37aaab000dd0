//! The text of a feeds.toml, with comments for whoever goes on with it.

use super::folder::extension;
use super::generators::Generator;
use super::stated::Stated;
use super::words::{Guess, spoken};
use super::{Example, Proposed};
use crate::selection::Met;
use crate::sources::{self, Source};
use crate::text::Text;
use crate::{pages, slug};
use std::collections::HashMap;
use std::fmt::Write as _;

/// The most sections that become feeds; the rest are listed in comments.
const MOST_FEEDS: usize = 12;

/// What the configuration is made of.
pub struct Draft {
    site: Stated,
    generator: Option<(&'static str, String)>,
    output: &'static str,
    pub sources: Vec<Proposed>,
    pub categories: Vec<Met>,
    pub tags: Vec<(Text, usize)>,
    pub example: Option<Example>,
    /// What sections call themselves, by slug.
    pub titles: HashMap<String, String>,
}

/// The key that builds addresses of articles: in a database `url` is where it is.
fn address_key(source: &Proposed) -> &'static str {
    if source.table.is_some() { "article_url" } else { "url" }
}

impl Draft {
    pub fn new(site: Stated, generator: Option<&Generator>) -> Self {
        Self {
            site,
            output: generator.map_or("public", |generator| generator.output),
            generator: generator.map(|generator| (generator.name, generator.config.clone())),
            sources: Vec::new(),
            categories: Vec::new(),
            tags: Vec::new(),
            example: None,
            titles: HashMap::new(),
        }
    }

    pub fn language(&self) -> &str {
        self.site.language.as_deref().unwrap_or("en")
    }

    pub fn zone(&self) -> chrono_tz::Tz {
        self.zone_name().parse().unwrap_or(chrono_tz::UTC)
    }

    /// Vietnam has one time zone.
    fn zone_name(&self) -> &str {
        let usual = if self.primary_language() == "vi" { "Asia/Ho_Chi_Minh" } else { "UTC" };
        self.site.timezone.as_deref().unwrap_or(usual)
    }

    fn primary_language(&self) -> &str {
        self.language().split('-').next().unwrap_or_default()
    }

    fn url(&self) -> &str {
        self.site.url.as_deref().unwrap_or("https://www.example.org/")
    }

    /// The keys that nothing stated.
    pub fn guessed(&self) -> Vec<String> {
        let mut guessed = Vec::new();
        for (key, stated) in [
            ("site.title", &self.site.title),
            ("site.url", &self.site.url),
            ("site.language", &self.site.language),
            ("site.timezone", &self.site.timezone),
        ] {
            if stated.is_none() {
                guessed.push(key.to_owned());
            }
        }
        let mut unsure = self.sources.iter().filter(|source| source.words.guess != Guess::No);
        if let Some(source) = unsure.next() {
            guessed.push(format!("source.{}", address_key(source)));
        }
        guessed
    }

    /// A configuration with one source and no feed, by which the source's articles can be read.
    pub fn text_of(&self, source: &Proposed) -> String {
        let mut text = String::new();
        self.site(&mut text);
        self.source(&mut text, source);
        text
    }

    pub fn text(&self) -> String {
        let mut text = String::from(
            "# What is published, from which articles, and where to. `bantin schema` describes every key.\n",
        );
        text.push_str(
            "# `bantin list --categories` shows what falls where, and `bantin build` writes the feeds.\n\n",
        );
        self.site(&mut text);
        self.output(&mut text);
        for source in &self.sources {
            self.source(&mut text, source);
        }
        if self.sources.is_empty() {
            text.push_str(NO_SOURCE);
        }
        self.feeds(&mut text);
        text
    }

    fn site(&self, text: &mut String) {
        let site = &self.site;
        let lines = &mut Lines::default();
        match &site.title {
            Some(title) => lines.key("title", quoted(title), ""),
            None => lines.key("title", quoted("News"), "change this: the name of the newspaper"),
        }
        let about = "relative links of articles are resolved against it";
        match &site.url {
            Some(url) => lines.key("url", quoted(url), about),
            None => lines.key("url", quoted(self.url()), "change this: the address of the site"),
        }
        match &site.description {
            Some(description) => lines.key("description", quoted(description), ""),
            None => lines.comment("description", quoted("What the newspaper is, in one sentence"), ""),
        }
        let order = match crate::date::day_first(self.language()) {
            true => "also says that 5/11/2024 is in November",
            false => "also says that 5/11/2024 is in May",
        };
        let about = if site.language.is_some() { order.to_owned() } else { format!("change this; {order}") };
        lines.key("language", quoted(self.language()), &about);
        let about = "of dates that carry no offset";
        let about = if site.timezone.is_some() { about.to_owned() } else { format!("check this: {about}") };
        lines.key("timezone", quoted(self.zone_name()), &about);
        match (&site.author, &site.email) {
            (Some(name), Some(email)) => {
                lines.key("author", format!("{{ name = {}, email = {} }}", quoted(name), quoted(email)), "")
            }
            (Some(name), None) => lines.key("author", format!("{{ name = {} }}", quoted(name)), ""),
            (None, _) => lines.comment(
                "author",
                "{ name = \"Newsroom\", email = \"newsroom@example.org\" }".to_owned(),
                "of articles that name none",
            ),
        }
        match &site.copyright {
            Some(copyright) => lines.key("copyright", quoted(copyright), ""),
            None => lines.comment("copyright", quoted("© The newspaper"), ""),
        }
        match &site.icon {
            Some(icon) => lines.key("icon", quoted(icon), ""),
            None => lines.comment("icon", quoted(&format!("{}favicon.png", self.url())), "a square picture"),
        }
        text.push_str("[site]\n");
        lines.write(text);
    }

    fn output(&self, text: &mut String) {
        let lines = &mut Lines::default();
        let about = match &self.generator {
            Some((name, _)) => format!("{name} leaves it, or takes it along, as feeds/"),
            None => "the folder that is written".to_owned(),
        };
        lines.key("dir", quoted(self.output), &about);
        lines.key("url", quoted(&format!("{}feeds/", self.url())), "where dir is served");
        if self.output.contains('/') {
            lines.key("state", quoted(".bantin"), "what was published before; it must not be served");
        }
        lines.comment("formats", "[\"rss\", \"atom\", \"json\"]".to_owned(), "");
        lines.comment("limit", "50".to_owned(), "the newest articles of a section, ...");
        lines.comment(
            "hours",
            "48".to_owned(),
            "... or all within 48 hours of the newest where those are more, ...",
        );
        lines.comment("max_size", quoted("500 KB"), "... but never a larger file");
        lines.comment("content", quoted("summary"), "the summary alone, not the article");
        text.push_str("\n[output]\n");
        lines.write(text);
    }

    fn source(&self, text: &mut String, source: &Proposed) {
        let words = &source.words;
        let lines = &mut Lines::default();
        let key = address_key(source);
        match &source.table {
            Some(table) => {
                lines.key("url", quoted(&source.glob), "");
                lines.key("table", quoted(table), "the newest rows of every category");
                lines.comment(
                    "query",
                    quoted("SELECT …"),
                    "in place of `table`, where sections or authors stand in tables of their own",
                );
            }
            None => {
                lines.key("path", quoted(&source.glob), "");
                let by_extension = sources::for_extension(&extension(&source.glob)).map(Source::name);
                if by_extension != Some(source.format) {
                    lines.key("format", quoted(source.format), "");
                }
            }
        }
        if !words.fields.is_empty() {
            let fields: Vec<String> =
                words.fields.iter().map(|(field, names)| format!("{field} = {}", list(names))).collect();
            lines.key("fields", format!("{{ {} }}", fields.join(", ")), "");
        }
        if !words.date_formats.is_empty() {
            let formats: Vec<String> = words.date_formats.iter().map(|format| quoted(format)).collect();
            lines.key("date_formats", format!("[{}]", formats.join(", ")), "");
        }
        match (&words.url, words.guess) {
            (Some(url), Guess::No) => {
                let whose = self.generator.as_ref().map_or("the site", |(name, _)| name);
                let slugs = "of articles that state none: as ".to_owned() + whose + " makes them";
                lines.key(key, quoted(&self.address(url)), &slugs);
            }
            (Some(url), Guess::Spelling) => {
                lines.key(key, quoted(&self.address(url)), "check this: capitals and spaces in files' names");
            }
            (Some(url), Guess::Needed) => {
                lines.key(key, quoted(&self.address(url)), "change this: how the site makes addresses");
            }
            (Some(url), Guess::Needless) => {
                lines.comment(
                    key,
                    quoted(&self.address(url)),
                    "articles state no address: how does the site make it?",
                );
            }
            (None, _) => {}
        }
        if let Some(category) = &words.category {
            lines.key("category", quoted(category), "of articles that state none");
        }
        let mut block = String::from("\n[[source]]\n");
        lines.write(&mut block);
        match &source.refused {
            None => text.push_str(&block),
            Some(reason) => {
                let _ = writeln!(text, "\n# This source cannot be used: {reason}");
                for line in block.trim_start().lines() {
                    let _ = writeln!(text, "# {line}");
                }
            }
        }
    }

    /// The template below the site's address.
    fn address(&self, template: &str) -> String {
        let url: String = self
            .url()
            .chars()
            .flat_map(|c| match c {
                '{' => vec!['{', '{'],
                '}' => vec!['}', '}'],
                c => vec![c],
            })
            .collect();
        format!("{url}{}", template.trim_start_matches('/'))
    }

    /// The feed of everything: its title and slug.
    fn everything(&self) -> (&'static str, String) {
        let title = pages::latest(self.language());
        (title, slug::slugify(title))
    }

    /// The titles of the feeds.
    pub fn feed_titles(&self) -> Vec<String> {
        let sections = self.categories.iter().take(MOST_FEEDS).map(|met| self.title_of(met));
        std::iter::once(self.everything().0.to_owned()).chain(sections).collect()
    }

    fn title_of(&self, met: &Met) -> String {
        let stated = self.titles.get(&met.slug).filter(|_| slug::slugify(&met.label) == met.label);
        stated.cloned().unwrap_or_else(|| spoken(&met.label))
    }

    fn feeds(&self, text: &mut String) {
        let (title, latest) = self.everything();
        text.push_str("\n[[feed]]\n");
        let lines = &mut Lines::default();
        lines.key("title", quoted(title), "");
        lines.key("slug", quoted(&latest), "a slug and no category: every article");
        lines.write(text);
        for (index, met) in self.categories.iter().enumerate() {
            let lines = &mut Lines::default();
            let title = self.title_of(met);
            let count =
                if met.articles == 1 { "1 article".to_owned() } else { format!("{} articles", met.articles) };
            lines.key("title", quoted(&title), &count);
            let taken = met.slug == latest;
            let own = slug::slugify(&title) == met.slug;
            if taken || slug::plain_name(&met.slug).is_err() {
                lines.key(
                    "slug",
                    quoted(&format!("section-{}", index + 1)),
                    "change this: the name of the feed's folder",
                );
            }
            if taken || !own || slug::plain_name(&met.slug).is_err() {
                lines.key("category", quoted(&met.label), "");
            }
            let mut block = String::from("[[feed]]\n");
            lines.write(&mut block);
            text.push('\n');
            if index < MOST_FEEDS {
                text.push_str(&block);
                continue;
            }
            if index == MOST_FEEDS {
                text.push_str("# More sections, each a feed as soon as its lines are no comments.\n\n");
            }
            commented(text, &block);
        }
        if self.categories.is_empty() && !self.sources.is_empty() {
            text.push_str("\n# The articles state no section. A feed can be of tags or authors, too:\n");
            let example = [(Text::line("weather"), 0)];
            let tags = if self.tags.is_empty() { &example[..] } else { &self.tags };
            for (tag, _) in tags.iter().take(MOST_FEEDS) {
                let block = format!("[[feed]]\ntitle = {}\ntags = [{}]\n", quoted(tag), quoted(tag));
                text.push_str("#\n");
                commented(text, &block);
            }
        }
        if self.sources.is_empty() {
            text.push_str(NO_FEED);
        }
    }
}

const NO_SOURCE: &str = "
# No articles were found here. Say where they are, and take the # away:
#
# [[source]]
# path = \"articles/*.jsonl\"         # a file, a folder or a glob; the format follows from the extension:
#                                   # jsonl, json (JSON Feed too), csv, tsv, yaml, toml, Markdown with front matter,
#                                   # feeds, exports of WordPress
# fields = { title = \"headline\" }   # what the articles call a field that is not understood by itself
# date_formats = [\"%d/%m/%Y %H:%M\"]
# url = \"https://www.example.org/{id}.html\"   # how the site makes addresses, where articles state none
";

const NO_FEED: &str = "
# A section: its title is its category, and its slug is made of it.
#
# [[feed]]
# title = \"Sport\"
";

fn commented(text: &mut String, block: &str) {
    for line in block.lines() {
        let _ = writeln!(text, "# {line}");
    }
}

/// Keys with their values and comments, in columns.
#[derive(Default)]
struct Lines(Vec<(String, String, String)>);

/// Longer values push their comments over the edge of a screen.
const WIDEST: usize = 44;

impl Lines {
    fn key(&mut self, key: &str, value: String, about: &str) {
        self.0.push((key.to_owned(), value, about.to_owned()));
    }

    /// A key that is not set, shown for whoever wants to.
    fn comment(&mut self, key: &str, value: String, about: &str) {
        self.key(&format!("# {key}"), value, about);
    }

    fn write(&self, text: &mut String) {
        let keys = self.0.iter().map(|(key, _, _)| key.chars().count()).max().unwrap_or(0);
        let widths = self
            .0
            .iter()
            .filter(|(_, _, about)| !about.is_empty())
            .map(|(_, value, _)| value.chars().count());
        let values = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
        for (key, value, about) in &self.0 {
            let pad = |word: &str, width: usize| " ".repeat(width.saturating_sub(word.chars().count()));
            if !about.is_empty() && value.chars().count() > WIDEST {
                let _ = writeln!(text, "# {about}");
            }
            let _ = write!(text, "{key}{} = {value}", pad(key, keys));
            if !about.is_empty() && value.chars().count() <= WIDEST {
                let _ = write!(text, "{}  # {about}", pad(value, values));
            }
            text.push('\n');
        }
    }
}

/// A basic string of TOML: it has JSON's escapes, and one character more to be escaped.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

fn list(names: &[String]) -> String {
    match names {
        [name] => quoted(name),
        names => format!("[{}]", names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")),
    }
}
