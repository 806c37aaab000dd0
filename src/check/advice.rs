//! Advice that follows from a feed's entries together, for XML and JSON alike. No reading, no reporting.

use super::Kind;
use super::across::Facts;
use super::rule::Rule;
use super::rules as r;

/// A rule, an offset, a message and a value.
pub(crate) type Advice = (&'static Rule, usize, String, String);

/// Looks at a feed's entries together. `wrong`: an error was found in the document.
pub(crate) fn of_entries(kind: Kind, facts: &Facts, language: Option<&str>, wrong: bool) -> Vec<Advice> {
    let mut found = Vec::new();
    if !kind.is_feed() {
        return found;
    }
    if facts.count == 0 {
        // Of a feed that is broken it goes without saying.
        if !wrong {
            found.push((&r::EMPTY_FEED, 0, "no entry at all".to_owned(), String::new()));
        }
        return found;
    }
    let dates: Vec<(i64, usize)> = facts
        .entries
        .iter()
        .filter_map(|entry| Some((entry.published.or(entry.updated)?, entry.offset)))
        .collect();
    let newest = dates.iter().map(|(moment, _)| *moment).max();
    let oldest = dates.iter().map(|(moment, _)| *moment).min();
    if let (Some(newest), Some(oldest)) = (newest, oldest) {
        let offset = dates.first().map_or(0, |(_, offset)| *offset);
        if dates.len() >= 3 && newest == oldest {
            found.push((
                &r::ALL_DATES_EQUAL,
                offset,
                format!("{} entries of one moment", dates.len()),
                String::new(),
            ));
        } else if dates.len() >= 10 && newest - oldest < 86_400 {
            let hours = (newest - oldest) / 3600;
            let message =
                format!("{} entries, and the oldest is {hours} hours older than the newest", dates.len());
            found.push((&r::SHORT_WINDOW, offset, message, String::new()));
        }
        let risen = dates.iter().zip(dates.iter().skip(1)).find(|((before, _), (after, _))| after > before);
        if let Some((_, (_, offset))) = risen {
            found.push((
                &r::NOT_NEWEST_FIRST,
                *offset,
                "an entry newer than the one before it".to_owned(),
                String::new(),
            ));
        }
    }
    if let Some(language) = language
        && let Some(message) = contradicted_language(language, facts)
    {
        found.push((&r::LANGUAGE_MISMATCH, 0, message, language.to_owned()));
    }
    found
}

/// Scripts by the languages that are written in them.
static SCRIPTS: &[(&str, &str, u32, u32)] = &[
    ("ru uk be bg sr mk kk ky mn", "Cyrillic", 0x400, 0x52f),
    ("el", "Greek", 0x370, 0x3ff),
    ("ar fa ur ps ckb", "Arabic", 0x600, 0x6ff),
    ("he yi", "Hebrew", 0x590, 0x5ff),
    ("th", "Thai", 0xe00, 0xe7f),
    ("lo", "Lao", 0xe80, 0xeff),
    ("km", "Khmer", 0x1780, 0x17ff),
    ("my", "Burmese", 0x1000, 0x109f),
    ("ko", "Hangul", 0xac00, 0xd7af),
    ("zh ja", "Chinese characters", 0x3040, 0x9fff),
    ("hi mr ne", "Devanagari", 0x900, 0x97f),
];

/// Why the titles cannot be in `language`, where they cannot.
fn contradicted_language(language: &str, facts: &Facts) -> Option<String> {
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let titles: Vec<&str> =
        facts.entries.iter().take(200).map(|entry| facts.title(entry)).filter(|t| t.len() > 5).collect();
    if titles.len() < 3 {
        return None;
    }
    let vietnamese = |title: &&&str| {
        title.chars().any(|c| matches!(c, 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1ea0}'..='\u{1ef9}'))
    };
    if primary == "vi" {
        return (!titles.iter().any(|title| vietnamese(&title)))
            .then(|| "no title has a letter of Vietnamese".to_owned());
    }
    let count = titles.iter().filter(vietnamese).count();
    if count * 2 > titles.len() {
        return Some("most titles are in Vietnamese".to_owned());
    }
    for (languages, script, first, last) in SCRIPTS {
        let written = |title: &&&str| title.chars().any(|c| (*first..=*last).contains(&u32::from(c)));
        let count = titles.iter().filter(written).count();
        let expected = languages.split(' ').any(|known| known == primary);
        if expected && count == 0 {
            return Some(format!("no title is written in {script}"));
        }
        if !expected
            && matches!(primary.as_str(), "en" | "fr" | "de" | "es" | "it" | "pt")
            && count * 2 > titles.len()
        {
            return Some(format!("most titles are written in {script}"));
        }
    }
    None
}

/// Kinds of files by the ends of their names.
static TYPES: &[(&str, &str)] = &[
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("svg", "image/svg+xml"),
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("ogg", "audio/ogg"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("pdf", "application/pdf"),
];

/// The type a file has by its name, where the type named contradicts it.
pub(crate) fn contradicted_type(address: &str, mime: &str) -> Option<&'static str> {
    let file = address.split(['?', '#']).next()?.rsplit('/').next()?;
    let (_, end) = file.rsplit_once('.')?;
    let end = end.to_ascii_lowercase();
    let (_, right) = TYPES.iter().find(|(known, _)| *known == end)?;
    let mime = mime.split(';').next()?.trim().to_ascii_lowercase();
    let family = |mime: &str| mime.split('/').next().unwrap_or_default().to_owned();
    let wrong = mime == "image/jpg"
        || (mime.contains('/')
            && family(&mime) != family(right)
            && !matches!(mime.as_str(), "application/octet-stream" | "application/ogg" | "audio/mp4")
            && !mime.starts_with("x-"))
        || (family(right) == "image" && mime.starts_with("image/") && mime != *right);
    wrong.then_some(*right)
}
