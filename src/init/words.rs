//! What has to be said of a source beyond its path, so that its records become articles: found out by looking at them.

use super::generators::Address;
use super::names;
use super::sample::Record;
use crate::date::{self, DateError, Rules};
use crate::slug;
use crate::sources::FILE_FIELD;
use crate::vocabulary;
use serde_json::Value;

/// The keys of a `[[source]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub fields: Vec<(&'static str, Vec<String>)>,
    pub date_formats: Vec<String>,
    pub url: Option<String>,
    pub guess: Guess,
    pub category: Option<String>,
}

/// Whether the address is one that nothing states.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Guess {
    /// It is stated.
    #[default]
    No,
    /// It is stated, but some files' names have letters that the generator spells otherwise in addresses.
    Spelling,
    /// It is guessed, and articles have an id of their own: better none than a wrong one.
    Needless,
    /// It is guessed, and without it articles would have no identity.
    Needed,
}

/// How the site writes dates, and whether a generator says how it makes addresses.
pub struct Setting<'a> {
    pub language: &'a str,
    pub zone: chrono_tz::Tz,
    pub address: Option<&'a Address>,
    pub category: Option<&'a str>,
    /// Whether the files are articles one by one, so that their names may stand for an address.
    pub by_file: bool,
}

/// Patterns of dates that cannot be told without looking at many, or that are not understood without being configured.
const PATTERNS: &[&str] = &[
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%H:%M %d/%m/%Y",
    "%H:%M:%S %d/%m/%Y",
    "%H:%M, %d/%m/%Y",
    "%H:%M | %d/%m/%Y",
    "%d/%m/%Y | %H:%M",
    "%d/%m/%Y - %H:%M",
    "%d/%m/%y %H:%M",
    "%d/%m/%y",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%Y%m%d%H%M",
    "%Y%m%d-%H%M",
    "%Y%m%d_%H%M%S",
    "%Y-%m-%d-%H-%M",
    "%Y-%m-%d %Hh%M",
    "%d/%m/%Y %Hh%M",
    "%Hh%M %d/%m/%Y",
    "%Hh%M, %d/%m/%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d, %Y %H:%M",
    "%d %B %Y %H:%M",
    "%A, %d %B %Y",
    "%A, %B %d, %Y",
];

/// Looks at records and says what a source needs that is to read them.
pub fn find(records: &[Record], setting: &Setting<'_>) -> Words {
    let mut words = Words::default();
    let all = |_: &Value| true;
    let text = |value: &Value| value.is_string() || value.is_object();
    propose(&mut words, records, "title", text);
    propose(&mut words, records, "id", |value| value.is_string() || value.is_number());
    propose(&mut words, records, "url", |value| value.as_str().is_some_and(looks_like_address));
    for field in ["date_published", "date_modified", "expires"] {
        propose(&mut words, records, field, |value| is_date(value, setting));
    }
    for field in ["summary", "content", "authors", "categories", "tags", "image", "rights"] {
        let has_body = |record: &Record| {
            ["content_html", "content_text", "content_markdown"]
                .iter()
                .any(|name| vocabulary::find(&record.fields, name).is_some())
        };
        if field != "content" || !records.iter().any(has_body) {
            propose(&mut words, records, field, all);
        }
    }
    propose(&mut words, records, "language", |value| {
        value.as_str().is_some_and(|tag| crate::language::canonical(tag).is_some())
    });
    words.date_formats = date_formats(records, &words, setting);
    address(&mut words, records, setting);
    let stated = records.iter().filter(|record| value(record, &words, "categories").is_some()).count();
    if stated * 2 < records.len() {
        words.category = setting.category.map(str::to_owned);
    }
    words
}

fn propose(words: &mut Words, records: &[Record], field: &'static str, fits: impl Fn(&Value) -> bool) {
    let names = names::propose(records, field, fits);
    if !names.is_empty() {
        words.fields.push((field, names));
    }
}

/// The value that a record holds for a field, with the names that were found for it.
fn value<'a>(record: &'a Record, words: &Words, field: &str) -> Option<&'a Value> {
    let proposed = words.fields.iter().any(|(name, _)| *name == field);
    let found = proposed.then(|| names::search(&record.fields, field)).flatten().map(|(_, value)| value);
    vocabulary::find(&record.fields, field).map(|(_, value)| value).or(found)
}

fn looks_like_address(text: &str) -> bool {
    text.starts_with("http://")
        || text.starts_with("https://")
        || text.trim_matches('/').contains('/')
        || text.starts_with('/')
}

fn rules<'a>(setting: &Setting<'_>, formats: &'a [String]) -> Rules<'a> {
    Rules { zone: setting.zone, day_first: date::day_first(setting.language), formats }
}

fn is_date(value: &Value, setting: &Setting<'_>) -> bool {
    match value {
        Value::Number(number) => matches!(date::from_number(number, &rules(setting, &[])), Ok(Some(_))),
        Value::String(text) => match date::parse(text, &rules(setting, &[])) {
            Ok(date) => date.is_some(),
            Err(DateError::Unknown { .. }) => PATTERNS.iter().any(|pattern| reads(text, pattern, setting)),
            Err(_) => true,
        },
        _ => false,
    }
}

fn reads(text: &str, pattern: &str, setting: &Setting<'_>) -> bool {
    let formats = [pattern.to_owned()];
    matches!(date::parse(text, &rules(setting, &formats)), Ok(Some(_)))
}

/// Patterns for the dates that are not understood as they are; each that helps, the most helpful first.
fn date_formats(records: &[Record], words: &Words, setting: &Setting<'_>) -> Vec<String> {
    let texts: Vec<&str> = ["date_published", "date_modified", "expires"]
        .into_iter()
        .flat_map(|field| records.iter().filter_map(move |record| value(record, words, field)?.as_str()))
        .collect();
    let mut formats: Vec<String> = Vec::new();
    // More than a few ways of writing dates in one export are mistakes.
    for _ in 0..3 {
        let rules = rules(setting, &formats);
        let failing: Vec<&str> =
            texts.iter().copied().filter(|text| date::parse(text, &rules).is_err()).take(500).collect();
        let counted = PATTERNS
            .iter()
            .map(|pattern| (failing.iter().filter(|text| reads(text, pattern, setting)).count(), *pattern));
        // Of equals the first, which is the longer one.
        let best = counted.fold((0, ""), |best, next| if next.0 > best.0 { next } else { best });
        if best.0 == 0 || best.0 * 10 < failing.len() {
            break;
        }
        formats.push(best.1.to_owned());
    }
    formats
}

/// How addresses are made of articles that state none.
fn address(words: &mut Words, records: &[Record], setting: &Setting<'_>) {
    let own_slug = |record: &Record| {
        let slug =
            record.fields.get("slug").and_then(Value::as_str).map(str::trim).filter(|slug| !slug.is_empty());
        let of_file = record.fields.get(FILE_FIELD).and_then(|file| file.get("slug")).and_then(Value::as_str);
        slug.is_some_and(|slug| Some(slug) != of_file)
    };
    let stated = |record: &Record| {
        let found =
            vocabulary::find(&record.fields, "url").filter(|(name, _)| !name.eq_ignore_ascii_case("slug"));
        found.is_some()
            || words.fields.iter().any(|(name, _)| *name == "url")
                && names::search(&record.fields, "url").is_some()
    };
    if !records.is_empty() && records.iter().all(stated) {
        return;
    }
    let slugs = records.iter().any(own_slug);
    match setting.address {
        Some(Address::Template(template)) => words.url = Some(template.clone()),
        Some(Address::Titled(template)) if slugs => words.url = Some(template.clone()),
        Some(Address::Titled(template)) => words.url = Some(template.replace("{slug}", "{title_slug}")),
        Some(Address::Path { before, after, dated }) => {
            let name = if *dated && !slugs { "{path}" } else { "{folders}/{slug}" };
            words.url = Some(format!("{before}{name}{after}"));
            let spelt = |record: &Record| {
                let path =
                    record.fields.get(FILE_FIELD).and_then(|file| file.get("path")).and_then(Value::as_str);
                path.is_some_and(|path| path.chars().any(|c| c.is_uppercase() || c.is_whitespace()))
            };
            if records.iter().any(spelt) {
                words.guess = Guess::Spelling;
            }
        }
        None => {
            let mostly = |has: &dyn Fn(&Record) -> bool| {
                records.iter().filter(|record| has(record)).count() * 2 > records.len()
            };
            if mostly(&stated) {
                return;
            }
            let has_id = mostly(&|record| value(record, words, "id").is_some());
            let has_slug = mostly(&|record| vocabulary::find(&record.fields, "url").is_some());
            let guess = if setting.by_file {
                "{folders}/{slug}/"
            } else if has_slug {
                "{slug}"
            } else if has_id {
                "{id}.html"
            } else {
                "{title_slug}.html"
            };
            words.url = Some(guess.to_owned());
            words.guess = if has_id { Guess::Needless } else { Guess::Needed };
        }
    }
}

/// Whether the names of records' fields and their values look like those of articles.
pub fn are_articles(records: &[Record], strict: bool) -> bool {
    let is_article = |record: &&Record| {
        let has = |field: &str| names::has(&record.fields, field);
        let body =
            || ["content_html", "content_text", "content_markdown", "content"].iter().any(|name| has(name));
        let dated = has("date_published");
        has("title") && (dated || body() || (!strict && has("url")))
    };
    let articles = records.iter().filter(is_article).count();
    articles > 0 && articles * 2 >= records.len()
}

/// Whether most titles are Vietnamese: letters that no other language of Latin script has.
pub fn is_vietnamese(records: &[Record]) -> bool {
    let titles: Vec<&str> = records
        .iter()
        .filter_map(|record| {
            let found = vocabulary::find(&record.fields, "title").map(|(_, value)| value);
            found.or_else(|| names::search(&record.fields, "title").map(|(_, value)| value))?.as_str()
        })
        .collect();
    let vietnamese = |title: &&&str| {
        title.chars().any(|c| matches!(c, '\u{1EA0}'..='\u{1EF9}' | 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư'))
    };
    titles.iter().filter(vietnamese).count() * 3 > titles.len()
}

/// A slug as a title: `thoi-su` is `Thoi su`.
pub fn spoken(label: &str) -> String {
    if slug::slugify(label) != label {
        return label.to_owned();
    }
    let mut letters = label.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).map(|c| if c == '-' { ' ' } else { c }).collect()
}
