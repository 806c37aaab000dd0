//! What holds for any articles whatever: every file is read by parsers that are not ours, keeps every field that its format
//! can carry, and depends on nothing but the articles.

use bantin::edition::{self, Edition};
use bantin::feed::{Entry, Prose};
use bantin::gather::{self, Silent};
use bantin::plan::Plan;
use bantin::state::{LedgerError, Memory};
use bantin::{config, reader};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::panic::catch_unwind;

/// Stands for half of a surrogate pair, which only the escapes of JSON can express.
const LONE_SURROGATE: char = '\u{E123}';

const CONFIG: &str = r#"
    [site]
    title = "Báo <Thử> & ]]>"
    url = "https://bao.example/"
    language = "vi"
    timezone = "Asia/Ho_Chi_Minh"
    author = { name = "Toà soạn", email = "toasoan@example.vn" }
    [output]
    url = "https://bao.example/feeds/"
    [[source]]
    path = "articles.jsonl"
    [[feed]]
    title = "Tin mới"
    slug = "tin-moi"
    [[feed]]
    title = "Thời sự"
"#;

/// No earlier run.
struct Nothing;

impl edition::Recall for Nothing {
    fn recall(&self, _: &str) -> Result<Option<Memory>, LedgerError> {
        Ok(None)
    }
}

/// Builds the feeds of records in that order, without writing any.
fn build(records: &[Value]) -> Edition {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let text = lines.join("\n").replace(LONE_SURROGATE, "\\ud83d");
    std::fs::write(folder.path().join("articles.jsonl"), text).unwrap();
    let plan = Plan::new(config::parse(CONFIG).unwrap(), folder.path(), None).unwrap();
    let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let gathered = gather::streamed(&plan, &Nothing, now, &Silent).unwrap();
    edition::make(&plan, &gathered, &Nothing, now).unwrap()
}

/// Text with what JSON, HTML, XML and Unicode trip over.
fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "<b>",
        "</b>",
        "<p class='x>'>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&lt;",
        "&#11;",
        "&#0;",
        "&#xD800;",
        "&nbsp;",
        "&copy",
        "<lớn>",
        "<a href=\"",
        "<a href='/x?a=1&b=2'>",
        "\">",
        "<img src=/1.jpg srcset='/2.jpg 2x'>",
        "<ul><li>",
        "<svg><title>",
        "<iframe src=//x>",
        "\r\n",
        "\u{85}",
        "\u{2028}",
        "\u{FEFF}",
        "\u{E123}",
        "\u{FFFF}",
        "\u{202E}",
        "🌧️",
        "a@example.vn",
        "'",
        "\"",
        "?a=b&c=%zz#d",
    ];
    let piece = prop_oneof![
        any::<String>(),
        "[ -~]{0,12}",
        "[\u{0}-\u{20}\u{7F}-\u{A0}\u{300}-\u{323}a-eđĐươ]{0,8}",
        proptest::sample::select(pieces).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn maybe(value: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    prop_oneof![3 => value, 1 => Just(Value::Null)]
}

fn texts() -> impl Strategy<Value = Value> {
    proptest::collection::vec(text(), 0..3).prop_map(|texts| json!(texts))
}

fn date() -> impl Strategy<Value = Value> {
    prop_oneof![
        // 1990 to 2030, with every offset that there is, sometimes with fractions.
        (631_152_000i64..1_893_456_000, -1439i32..1440, 0u32..1_000_000_000).prop_map(
            |(second, minutes, nano)| {
                let zone = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
                let nano = if nano % 2 == 0 { 0 } else { nano };
                json!(DateTime::from_timestamp(second, nano).unwrap().with_timezone(&zone).to_rfc3339())
            }
        ),
        (0i64..4_000_000_000).prop_map(|second| json!(second)),
        text().prop_map(|text| json!(text)),
    ]
}

fn image() -> impl Strategy<Value = Value> {
    (text(), text(), text(), text(), 0u32..3).prop_map(|(url, alt, caption, kind, size)| {
        let url = format!("/anh/{url}.jpg");
        json!({"url": url, "alt": alt, "caption": caption, "credit": alt, "type": kind, "length": size, "width": size})
    })
}

fn attachment() -> impl Strategy<Value = Value> {
    (text(), text(), 0u64..3).prop_map(
        |(url, title, size)| json!({"url": format!("/tep/{url}"), "title": title, "size_in_bytes": size}),
    )
}

fn author() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(|name| json!(name)),
        (text(), text(), any::<bool>()).prop_map(|(name, url, address)| {
            json!({"name": name, "email": if address { "a@example.vn" } else { &name }, "url": url})
        }),
    ]
}

/// A record. Its key, and so its id, is its own; everything else may be anything.
fn record() -> impl Strategy<Value = Value> {
    let head = (
        maybe(text().prop_map(Value::from)),
        maybe(text().prop_map(Value::from)),
        maybe(date()),
        maybe(date()),
    );
    let body = ("content(_html|_text|_markdown)?", text(), maybe(text().prop_map(Value::from)));
    let lists = (
        proptest::collection::vec(author(), 0..3),
        maybe(texts()),
        maybe(texts()),
        proptest::collection::vec(image(), 0..3),
        proptest::collection::vec(attachment(), 0..3),
    );
    let rest = (maybe(text().prop_map(Value::from)), maybe(text().prop_map(Value::from)), any::<bool>());
    (text(), head, body, lists, rest).prop_map(|(key, head, body, lists, rest)| {
        let (title, url, published, modified) = head;
        let (content, text, summary) = body;
        let (authors, categories, tags, images, attachments) = lists;
        let (rights, language, section) = rest;
        let mut record = json!({
            "id": key, "url": url, "title": title, "date_published": published, "date_modified": modified,
            "summary": summary, "authors": authors, "tags": tags, "images": images, "attachments": attachments,
            "rights": rights, "comments_url": url, "language": language,
            "categories": if section { json!(["Thời sự"]) } else { categories },
        });
        record[content] = json!(text);
        record
    })
}

/// Records of different keys: of two with one key the later one counts, so that their order would matter.
fn records() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(record(), 0..6).prop_map(|mut records| {
        for (number, record) in records.iter_mut().enumerate() {
            record["id"] = json!(format!("{number}/{}", record["id"].as_str().unwrap_or_default()));
        }
        records
    })
}

/// The bytes of every file, by feed and format.
fn files(edition: &Edition) -> Vec<(&str, &str, &[u8])> {
    edition
        .feeds
        .iter()
        .flat_map(|issue| {
            let file = |(format, bytes)| (issue.plan.slug.as_str(), format, bytes);
            issue.documents.iter().map(|(format, bytes)| (format.name(), bytes.as_slice())).map(file)
        })
        .collect()
}

/// What a format says of an entry, against the entry.
fn keeps(format: &str, entry: &Entry, read: &reader::ReadEntry) -> Result<(), TestCaseError> {
    let is_text = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    prop_assert_eq!(&read.id, &entry.id);
    prop_assert_eq!(&read.link, entry.url.as_deref().unwrap_or_default());
    match (&entry.title, format) {
        (None, "atom") => prop_assert_eq!(&read.title, &entry.heading()),
        (title, _) => prop_assert_eq!(&read.title, title.as_deref().unwrap_or_default()),
    }
    let seconds = |date: DateTime<chrono::FixedOffset>| date.timestamp();
    prop_assert_eq!(read.published_at().map(seconds), Some(seconds(entry.published)));
    let updated = if format == "atom" { Some(entry.updated()) } else { entry.modified };
    prop_assert_eq!(read.updated_at().map(seconds), updated.map(seconds));
    let names: Vec<String> = match (format, entry.authors.as_slice()) {
        ("rss", [one]) if one.email.as_deref().is_some_and(|email| email != one.name.as_str()) => {
            vec![format!("{} ({})", one.email.as_deref().unwrap_or_default(), one.name)]
        }
        (_, authors) => authors.iter().map(|author| author.name.to_string()).collect(),
    };
    prop_assert_eq!(&read.authors, &names);
    let labels = entry.categories.iter().map(|category| &category.label).chain(&entry.tags);
    prop_assert_eq!(&read.categories, &labels.map(ToString::to_string).collect::<Vec<_>>());
    if let Some(content) = &entry.content {
        let wanted = match (format, content) {
            ("json", Prose::Text(text)) => text.to_string(),
            _ => content.to_html().into_owned(),
        };
        prop_assert_eq!(read.content.trim(), wanted.trim());
    }
    if let Some(summary) = &entry.summary {
        let wanted = match format {
            "rss" => summary.to_inline_html().into_owned(),
            "json" => summary.to_text().into_owned(),
            _ => match summary {
                Prose::Text(text) => text.to_string(),
                Prose::Html(html) => html.clone(),
            },
        };
        prop_assert_eq!(is_text(&read.summary), is_text(&wanted));
    }
    for image in &entry.images {
        let carried = format != "json" || image.media_type.is_some() || entry.images.first() == Some(image);
        prop_assert!(!carried || read.media.contains(&image.url), "{} in {:?}", image.url, read.media);
    }
    for attachment in &entry.attachments {
        prop_assert!(read.media.contains(&attachment.url), "{} in {:?}", attachment.url, read.media);
    }
    Ok(())
}

/// What feed-rs finds, against the entries. Where it panics, or takes an id for none, the fault is its own.
fn feed_rs_agrees(bytes: &[u8], entries: &[std::sync::Arc<Entry>]) -> Result<(), TestCaseError> {
    let Ok(read) = catch_unwind(|| feed_rs::parser::parse(bytes)) else { return Ok(()) };
    let read = read.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(read.entries.len(), entries.len());
    for (read, entry) in read.entries.iter().zip(entries) {
        prop_assert_eq!(&read.id, &entry.id);
        if let Some(title) = &entry.title {
            prop_assert_eq!(read.title.as_ref().map(|title| title.content.as_str()), Some(title.as_str()));
        }
    }
    Ok(())
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn every_file_is_read_by_others_and_keeps_every_field(records in records()) {
        let edition = build(&records);
        for issue in &edition.feeds {
            let Some(feed) = &issue.feed else { continue };
            prop_assert_eq!(issue.documents.len(), 3);
            for (format, bytes) in &issue.documents {
                let text = std::str::from_utf8(bytes).unwrap();
                if format.name() == "json" {
                    let read: Result<Value, _> = serde_json::from_str(text);
                    prop_assert!(read.is_ok());
                } else if let Err(error) = roxmltree::Document::parse(text) {
                    return Err(TestCaseError::fail(format!("{error} in {text}")));
                }
                let read = reader::read(bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(read.entries.len(), feed.entries.len());
                for (entry, read) in feed.entries.iter().zip(&read.entries) {
                    keeps(format.name(), entry, read)?;
                }
                feed_rs_agrees(bytes, &feed.entries)?;
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn the_order_of_the_input_does_not_matter(records in records()) {
        let backwards: Vec<Value> = records.iter().rev().cloned().collect();
        let (one, other) = (build(&records), build(&backwards));
        prop_assert_eq!(files(&one), files(&other));
    }

    #[test]
    fn ids_depend_on_keys_alone(records in records(), other in record()) {
        let ids = |records: &[Value]| {
            let edition = build(records);
            let entries = edition.feeds.iter().filter_map(|issue| issue.feed.as_ref()).flat_map(|feed| &feed.entries);
            let mut ids: Vec<String> = entries.map(|entry| entry.id.clone()).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        // The same articles with another title, address, text and section, and published on another day.
        let publishable = |record: &Value, day: &str| {
            let mut record = record.clone();
            record["title"] = json!(format!("T {}", record["title"]));
            record["date_published"] = json!(day);
            record["date_modified"] = Value::Null;
            record
        };
        let before: Vec<Value> = records.iter().map(|record| publishable(record, "2026-11-01")).collect();
        let after: Vec<Value> = records.iter().map(|record| {
            let mut changed = publishable(&other, "2026-11-02");
            changed["id"] = record["id"].clone();
            changed
        }).collect();
        let before = ids(&before);
        prop_assert_eq!(before.len(), records.len());
        prop_assert_eq!(before, ids(&after));
    }
}
