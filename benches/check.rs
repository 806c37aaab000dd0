//! How fast feeds are checked, beside the bare reading of their bytes on the same machine in the same run.
//!
//! `cargo bench --bench check`; with `--profile quick` it is sooner built, and nearly as fast. The feeds are rendered by the
//! library itself, about sixty kilobytes each: of plain summaries, and of whole articles in HTML; a round goes over as many of
//! them as a site has sections, since a processor learns one by heart. Of many rounds the fastest counts: what else the
//! machine does only ever makes one slower. With `-- atom` it measures that format alone. With `-- site` it measures a whole
//! site instead: 10,000 files on every core.
//!
//! Bare reading of RSS and Atom is every event of quick-xml, with its checks as they are by default (end tags against start
//! tags), of bytes: nothing is decoded, no attribute is looked at, and whether the bytes are UTF-8 is not asked. Used reading
//! is what whoever uses the events has to do besides: the bytes are made text, and texts, references and attributes are decoded.
//! Of JSON Feed, bare reading goes over every value and keeps none (serde_json's `IgnoredAny`); used reading makes its tree.

#![allow(clippy::disallowed_macros, reason = "a program whose purpose is a table on standard output")]

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bantin::article::{Category, Person};
use bantin::check::{Context, Severity, check};
use bantin::feed::{Entry, Feed, Prose};
use bantin::formats::FORMATS;
use bantin::text::Text;
use chrono::{DateTime, FixedOffset};
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use url::Url;

/// How large the feeds are to be, in bytes.
const SIZE: usize = 60_000;
/// How many feeds a round goes over.
const FEEDS: usize = 20;
/// How long each thing is measured.
const SPAN: Duration = Duration::from_millis(700);

/// The time of the fastest round.
#[expect(
    clippy::disallowed_methods,
    reason = "nothing is published here: the time taken is what is asked for"
)]
fn fastest(mut round: impl FnMut()) -> Duration {
    let start = Instant::now();
    let mut best = Duration::MAX;
    while start.elapsed() < SPAN {
        let from = Instant::now();
        round();
        best = best.min(from.elapsed());
    }
    best
}

/// Reads every event, and counts them.
fn bare(document: &[u8]) -> usize {
    if document.first() == Some(&b'{') {
        serde_json::from_slice::<serde::de::IgnoredAny>(document).expect("JSON that was just rendered");
        return 1;
    }
    let mut reader = quick_xml::Reader::from_reader(document);
    let mut count = 0;
    loop {
        match reader.read_event().expect("XML that was just rendered") {
            Event::Eof => return count,
            _ => count += 1,
        }
    }
}

/// Reads every event, and what is in it; adds up the bytes.
fn used(document: &[u8]) -> usize {
    let text = std::str::from_utf8(document).expect("text that was just rendered");
    if text.starts_with('{') {
        return serde_json::from_str::<serde_json::Value>(text)
            .expect("JSON")
            .as_object()
            .map_or(0, |o| o.len());
    }
    let mut reader = quick_xml::Reader::from_str(text);
    let mut bytes = 0;
    loop {
        bytes += match reader.read_event().expect("XML that was just rendered") {
            Event::Eof => return bytes,
            Event::Text(text) => black_box(text.decode().expect("text")).len(),
            Event::CData(text) => black_box(text.decode().expect("text")).len(),
            Event::GeneralRef(name) => black_box(name.decode().expect("a name")).len(),
            Event::Start(tag) | Event::Empty(tag) => tag
                .attributes()
                .map(|attribute| {
                    let value = attribute.expect("an attribute").normalized_value(XmlVersion::Implicit1_0);
                    black_box(value.expect("a value")).len()
                })
                .sum(),
            _ => 0,
        };
    }
}

const WORDS: [&str; 16] = [
    "mưa lớn",
    "trên sông Đà",
    "người dân",
    "vùng cao",
    "được mùa",
    "giá nông sản",
    "đường tỉnh lộ",
    "học sinh",
    "trạm y tế",
    "chợ phiên",
    "nước rút",
    "sáng nay",
    "ở",
    "bốn xã,",
    "thống nhất.",
    "kế hoạch quý tới",
];

/// Words in an order that does not repeat itself, the same in every run, and more or fewer than `count` of them.
fn words(seed: usize, count: usize) -> String {
    let mut state =
        u64::try_from(seed).unwrap_or_default().wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 40).unwrap_or_default()
    };
    let count = count - count / 4 + next() % (count / 2 + 1);
    let words: Vec<&str> = (0..count).map(|_| WORDS[next() % WORDS.len()]).collect();
    words.join(" ")
}

fn entry(number: usize, whole: bool, newest: DateTime<FixedOffset>) -> Entry {
    let age = chrono::Duration::minutes(37 * i64::try_from(number % 1000).unwrap_or_default());
    let paragraph = |at: usize| {
        format!(
            "<p>{}, <a href=\"https://bao.example/chu-de/{at}\">{}</a> &amp; <em>{}</em>.</p>\n",
            words(number * 16 + at, 30),
            words(number * 16 + at, 3),
            words(number, 2)
        )
    };
    Entry {
        id: format!("tag:bao.example,2005:{number}"),
        url: Some(format!("https://bao.example/thoi-su/tin-trong-ngay-{number}.html")),
        title: Some(Text::line(&words(number, 8))),
        summary: Some(Prose::Text(Text::line(&words(number + 7_000_000, 40)))),
        content: whole.then(|| Prose::Html((0..8).map(paragraph).collect())),
        published: newest - age,
        modified: None,
        authors: vec![Person { name: Text::line("Lò Thị Mai"), email: None, url: None }],
        categories: ["Thời sự", "Sơn La"].into_iter().filter_map(Category::new).collect(),
        tags: vec![],
        images: vec![],
        attachments: vec![],
        language: None,
        comments_url: None,
        rights: None,
    }
}

fn feed(section: usize, entries: usize, whole: bool) -> Feed {
    let newest = DateTime::parse_from_rfc3339("2026-11-20T17:00:00+07:00").expect("a date");
    Feed {
        slug: "thoi-su".into(),
        id: "tag:bao.example,2005:feed:thoi-su".into(),
        title: Text::line("Thời sự"),
        description: Text::line("Tin trong tỉnh"),
        language: "vi".into(),
        home: "https://bao.example/thoi-su".into(),
        address: Url::parse("https://bao.example/feeds/thoi-su/").expect("an address"),
        stylesheet: "../assets/style.css".into(),
        site_title: Text::line("Báo"),
        author: None,
        copyright: None,
        icon: None,
        image: None,
        ttl: None,
        hubs: Vec::new(),
        updated: newest,
        entries: (0..entries).map(|number| Arc::new(entry(section * 1000 + number, whole, newest))).collect(),
    }
}

/// How many files a large site has.
const FILES: usize = 10_000;
/// How many of them differ; they are gone over again and again.
const DIFFERENT: usize = 300;

/// The time in which every core together goes over `FILES` documents.
#[expect(
    clippy::disallowed_methods,
    reason = "nothing is published here: the time taken is what is asked for"
)]
fn on_every_core(documents: &[Vec<u8>], each: impl Fn(&[u8]) + Sync) -> Duration {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let from = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= FILES {
                        return;
                    }
                    each(&documents[number % documents.len()]);
                }
            });
        }
    });
    from.elapsed()
}

/// A site of many files, checked and merely read, turn by turn; of several turns the fastest counts.
fn site() {
    println!("{:<12} {:>6} {:>8} {:>8} {:>9} {:>6}", "files", "KB", "bare s", "check s", "MB/s", "ratio");
    for format in FORMATS.iter().filter(|format| format.name() != "json") {
        let mut documents = Vec::with_capacity(DIFFERENT);
        for whole in [false, true] {
            let few = format.render(&feed(0, 10, whole)).len();
            let render = |section| format.render(&feed(section, 10 * SIZE / few, whole));
            documents.extend((0..DIFFERENT / 2).map(render));
        }
        let context = Context {
            address: Some(format!("https://bao.example/feeds/thoi-su/{}", format.file_name())),
            now: Some(1_795_172_400),
            ..Context::default()
        };
        let (mut reading, mut checked) = (Duration::MAX, Duration::MAX);
        for _ in 0..5 {
            reading = reading.min(on_every_core(&documents, |document| {
                black_box(bare(document));
            }));
            checked = checked.min(on_every_core(&documents, |document| {
                black_box(check(document, &context));
            }));
        }
        let size = documents.iter().map(Vec::len).sum::<usize>() as f64 / documents.len() as f64;
        println!(
            "{:<12} {:>6.1} {:>8.3} {:>8.3} {:>9.0} {:>6.2}",
            format!("{FILES} {}", format.name()),
            size / 1000.0,
            reading.as_secs_f64(),
            checked.as_secs_f64(),
            size * FILES as f64 / checked.as_secs_f64() / 1e6,
            checked.as_secs_f64() / reading.as_secs_f64()
        );
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "site") {
        return site();
    }
    let only: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    println!(
        "{:<7} {:<10} {:>5} {:>10} {:>10} {:>10} {:>8} {:>8} {:>12}",
        "format",
        "entries",
        "KB",
        "bare MB/s",
        "used MB/s",
        "check MB/s",
        "of bare",
        "of used",
        "ms of 60 KB"
    );
    for (what, whole) in [("summaries", false), ("articles", true)] {
        for format in FORMATS.iter().filter(|f| only.is_empty() || only.iter().any(|name| name == f.name())) {
            // As many entries as come to the size.
            let few = format.render(&feed(0, 10, whole)).len();
            let render = |section| format.render(&feed(section, 10 * SIZE / few, whole));
            let documents: Vec<Vec<u8>> = (0..FEEDS).map(render).collect();
            let context = Context {
                address: Some(format!("https://bao.example/feeds/thoi-su/{}", format.file_name())),
                now: Some(1_795_172_400),
                ..Context::default()
            };
            for document in &documents {
                let wrong = check(document, &context).worst() == Some(Severity::Error);
                assert!(!wrong, "{} was rendered with an error", format.name());
            }
            let reading = fastest(|| {
                for document in &documents {
                    black_box(bare(document));
                }
            });
            let using = fastest(|| {
                for document in &documents {
                    black_box(used(document));
                }
            });
            let checked = fastest(|| {
                for document in &documents {
                    black_box(check(document, &context));
                }
            });
            let bytes = documents.iter().map(Vec::len).sum::<usize>() as f64;
            let speed = |time: Duration| bytes / time.as_secs_f64() / 1e6;
            println!(
                "{:<7} {what:<10} {:>5.1} {:>10.0} {:>10.0} {:>10.0} {:>8.2} {:>8.2} {:>12.4}",
                format.name(),
                bytes / 1000.0 / FEEDS as f64,
                speed(reading),
                speed(using),
                speed(checked),
                checked.as_secs_f64() / reading.as_secs_f64(),
                checked.as_secs_f64() / using.as_secs_f64(),
                checked.as_secs_f64() * 1e3 * 60_000.0 / bytes
            );
        }
    }
}
