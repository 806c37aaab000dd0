//! How fast feeds are checked, beside the bare reading of their bytes on the same machine in the same run.
//!
//! `cargo bench --bench check`; with `--profile quick` it is sooner built, and nearly as fast. The feeds are rendered by the
//! library itself, about sixty kilobytes each: one of plain summaries, one of whole articles in HTML. Bare reading is every event
//! of quick-xml for RSS and Atom, and serde_json's tree for JSON Feed. Of many rounds the fastest counts: what else the
//! machine does only ever makes one slower.

#![allow(clippy::disallowed_macros, reason = "a program whose purpose is a table on standard output")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bantin::article::{Category, Person};
use bantin::check::{Context, check};
use bantin::feed::{Entry, Feed, Prose};
use bantin::formats::FORMATS;
use bantin::text::Text;
use chrono::{DateTime, FixedOffset};
use quick_xml::events::Event;
use url::Url;

/// How large the feeds are to be, in bytes.
const SIZE: usize = 60_000;
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
fn events(text: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut count = 0;
    loop {
        match reader.read_event().expect("XML that was just rendered") {
            Event::Eof => return count,
            _ => count += 1,
        }
    }
}

const WORDS: [&str; 12] = [
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
];

fn words(from: usize, count: usize) -> String {
    let words: Vec<&str> =
        WORDS.iter().cycle().skip(from % WORDS.len()).step_by(5).take(count).copied().collect();
    words.join(" ")
}

fn entry(number: usize, whole: bool, newest: DateTime<FixedOffset>) -> Entry {
    let age = chrono::Duration::minutes(37 * i64::try_from(number).unwrap_or_default());
    let paragraph = |at: usize| {
        format!(
            "<p>{}, <a href=\"https://bao.example/chu-de/{at}\">{}</a> &amp; <em>{}</em>.</p>\n",
            words(number + at, 30),
            words(at, 3),
            words(number, 2)
        )
    };
    Entry {
        id: format!("tag:bao.example,2005:{number}"),
        url: Some(format!("https://bao.example/thoi-su/tin-trong-ngay-{number}.html")),
        title: Some(Text::line(&words(number, 8))),
        summary: Some(Prose::Text(Text::line(&words(number + 3, 40)))),
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

fn feed(entries: usize, whole: bool) -> Feed {
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
        updated: newest,
        entries: (0..entries).map(|number| Arc::new(entry(number, whole, newest))).collect(),
    }
}

fn main() {
    println!(
        "{:<10} {:<10} {:>6} {:>11} {:>12} {:>6} {:>12}",
        "format", "entries", "KB", "bare MB/s", "check MB/s", "ratio", "ms of 60 KB"
    );
    for (what, whole) in [("summaries", false), ("articles", true)] {
        for format in FORMATS {
            // As many entries as come to the size.
            let few = format.render(&feed(10, whole)).len();
            let document = format.render(&feed(10 * SIZE / few, whole));
            let text = std::str::from_utf8(&document).expect("text that was just rendered");
            let context = Context {
                address: Some(format!("https://bao.example/feeds/thoi-su/{}", format.file_name())),
                now: Some(1_795_172_400),
                ..Context::default()
            };
            let wrong = check(&document, &context).worst() == Some(bantin::check::Severity::Error);
            assert!(!wrong, "{} was rendered with an error", format.name());
            let bare = if text.starts_with('{') {
                fastest(|| {
                    black_box(serde_json::from_str::<serde_json::Value>(black_box(text)).expect("JSON"));
                })
            } else {
                fastest(|| {
                    black_box(events(black_box(text)));
                })
            };
            let checked = fastest(|| {
                black_box(check(black_box(&document), &context));
            });
            let bytes = document.len() as f64;
            println!(
                "{:<10} {what:<10} {:>6.1} {:>11.0} {:>12.0} {:>6.2} {:>12.4}",
                format.name(),
                bytes / 1000.0,
                bytes / bare.as_secs_f64() / 1e6,
                bytes / checked.as_secs_f64() / 1e6,
                checked.as_secs_f64() / bare.as_secs_f64(),
                checked.as_secs_f64() * 1e3 * 60_000.0 / bytes
            );
        }
    }
}
