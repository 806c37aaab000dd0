//! How fast the parts of a build are, one by one: `cargo bench --bench parts`.
//!
//! Speeds are megabytes of input a second (of rendering, of output), of the fastest of many rounds: what else the machine does
//! only ever makes one slower.

#![allow(clippy::disallowed_macros, reason = "a program whose purpose is a table on standard output")]
#![allow(
    clippy::disallowed_methods,
    reason = "nothing is published here: the time taken is what is asked for"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bantin::feed::{Content, Entry, Feed};
use bantin::formats::FORMATS;
use bantin::gather::{Silent, plainly, streamed};
use bantin::glance::{Glancer, Wanted};
use bantin::register::Register;
use bantin::selection::Window;
use bantin::shortlist::{Candidate, Shortlist};
use bantin::{config, date, edition, html, plan::Plan, slug::slugify, text};
use chrono::{DateTime, Utc};

/// How long each thing is measured.
const SPAN: Duration = Duration::from_millis(400);
/// Records in the corpus.
const RECORDS: usize = 5000;

fn row(name: &str, bytes: usize, mut round: impl FnMut()) {
    let start = Instant::now();
    let mut best = Duration::MAX;
    while start.elapsed() < SPAN || best == Duration::MAX {
        let from = Instant::now();
        round();
        best = best.min(from.elapsed());
    }
    let seconds = best.as_secs_f64().max(1e-9);
    println!("{name:<34} {:>9.3} ms {:>9.1} MB/s", seconds * 1e3, bytes as f64 / seconds / 1e6);
}

fn record(number: usize) -> String {
    let (day, section) = (number % 28 + 1, ["Thời sự", "Kinh tế", "Thể thao", "Văn hoá"][number % 4]);
    let words = "mưa lớn trên sông Đà người dân vùng cao được mùa ".repeat(3 + number % 5);
    let words = words.trim();
    format!(
        "{{\"id\":\"bao-{number}\",\"url\":\"https://bao.example/tin/mua-lon-{number}.html\",\"title\":\"Tin số {number}\",\
         \"summary\":\"{words}\",\"content_html\":\"<p><strong>{words}</strong></p>\\n<p>{words} <a href=\\\"/x/{number}\\\">xem</a></p>\",\
         \"date_published\":\"2026-10-{day:02}T08:00:00+07:00\",\"category\":\"{section}\",\"tags\":[\"mưa\",\"lũ\"],\
         \"author\":\"Lò Thị Mai\",\"image\":\"https://img.bao.example/{number}.jpg\"}}"
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let lines: Vec<String> = (0..RECORDS).map(record).collect();
    let all = lines.join("\n");
    std::fs::write(folder.path().join("articles.jsonl"), &all)?;
    let words = "[site]\ntitle = 'Báo'\nurl = 'https://bao.example/'\nlanguage = 'vi'\ntimezone = 'Asia/Ho_Chi_Minh'\n\
                 [[source]]\npath = 'articles.jsonl'\n";
    let words = config::parse(words).map_err(|mistakes| format!("{mistakes:?}"))?;
    let plan = Plan::new(words, folder.path(), None).map_err(|mistakes| format!("{mistakes:?}"))?;
    let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse()?;
    let nobody = Nobody;

    let wanted = Wanted { tags: false, authors: false, language: false };
    let source = plan.sources.first().ok_or("no source")?;
    let mut glancer = Glancer::new(source, &plan.site.tag, wanted).ok_or("no glance at this source")?;
    row("glance", all.len(), || {
        for line in &lines {
            assert!(black_box(glancer.glance(line.as_bytes())).is_ok());
        }
    });
    row("reading, on every core", all.len(), || {
        assert!(streamed(&plan, &nobody, now, &Silent).is_ok());
    });
    row("reading in full", all.len(), || {
        assert!(plainly(&plan, &nobody, now, &Silent).is_ok());
    });
    let gathered = plainly(&plan, &nobody, now, &Silent)?;

    row("register, a row of 16 bytes each", 16 * 100_000, || {
        let mut register = Register::new();
        let rows = (0..100_000_u64).map(|place| (place.wrapping_mul(0x9e37_79b9_7f4a_7c15), place));
        rows.for_each(|(hash, place)| register.add(hash, place, 0));
        black_box(Register::settle(vec![register], None));
    });
    row("shortlist, a row of 24 bytes each", 24 * 100_000, || {
        let mut list = Shortlist::new(Window { limit: 50, hours: 48, max_size: 500_000 });
        for place in 0..100_000_u64 {
            let published = (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 36) as i64;
            list.offer(Candidate { published, place, line: 0 });
        }
        black_box(list.finish(|_| false));
    });

    let rules = date::Rules { zone: chrono_tz::Tz::Asia__Ho_Chi_Minh, day_first: true, formats: &[] };
    for written in
        ["2026-11-20T17:00:00+07:00", "Fri, 20 Nov 2026 17:00:00 +0700", "20/11/2026 17:00", "2026-11-20"]
    {
        row(&format!("date, {written}"), 100 * written.len(), || {
            for _ in 0..100 {
                assert!(black_box(date::parse(written, &rules)).is_ok());
            }
        });
    }
    row("slug", all.len(), || {
        black_box(slugify(&all));
    });
    row("text, clean already", all.len(), || {
        black_box(text::clean(&all));
    });
    let apart = all.replace('ư', "u\u{31B}");
    row("text, to be composed", apart.len(), || {
        black_box(text::clean(&apart));
    });
    let plain =
        "<p><strong>Mưa lớn</strong> trên sông Đà, <a href=\"/x\">người dân</a> được mùa.</p>\n<p>Hết.</p>";
    let lazy = format!("{plain}<p class=x>Ảnh: <img data-src=/a.jpg src=data:,></p>");
    for (name, html) in [("sanitising, plain HTML", plain), ("sanitising, parsed HTML", lazy.as_str())] {
        row(name, 20 * html.len(), || {
            for _ in 0..20 {
                black_box(html::sanitise(html, &plan.site.url));
            }
        });
    }

    row("selection and rendering, all feeds", all.len(), || {
        assert!(edition::make(&plan, &gathered, &nobody, now).is_ok());
    });
    let made = edition::make(&plan, &gathered, &nobody, now)?;
    let feed: &Feed = made.feeds.iter().find_map(|issue| issue.feed.as_ref()).ok_or("no feed")?;
    for format in FORMATS {
        row(&format!("rendering, {}", format.name()), format.render(feed).len(), || {
            black_box(format.render(feed));
        });
    }
    let articles: Vec<_> = gathered.articles.values().take(100).collect();
    row("entries, a hundred", all.len() / RECORDS * articles.len(), || {
        for article in &articles {
            let published = article.published.unwrap_or_default();
            black_box(Arc::new(Entry::new(article, published, None, Content::Full, &plan.site.url, "vi")));
        }
    });
    Ok(())
}

/// Remembers nothing.
struct Nobody;

impl edition::Recall for Nobody {
    fn recall(&self, _: &str) -> Result<Option<bantin::state::Memory>, bantin::state::LedgerError> {
        Ok(None)
    }
}
