//! How fast an archive of everything is made: 100,000 whole articles in pages of fifty, each page a feed in all three
//! formats, beside what the two feed crates alone take to write the same content.
//!
//! `cargo bench --bench archive [-- PAGES]`; with `--profile quick` it is sooner built. Articles are made entries (their
//! HTML sanitised, their links absolute), entries feeds, feeds documents, and every document is checked: by the library's
//! own functions, those that a build calls. The yardstick writes RSS and Atom documents that are ready in memory, with
//! nothing done to their content, on one thread. Speeds are megabytes of documents for each second of each thread. Pages are
//! made, measured and forgotten one by one, so that memory does not grow with their number.

#![allow(clippy::disallowed_macros, reason = "a program whose purpose is a table on standard output")]
#![allow(
    clippy::disallowed_methods,
    reason = "nothing is published here: the time taken is what is asked for"
)]

use std::hint::black_box;
use std::ops::AddAssign;
use std::sync::Arc;
use std::time::Duration;

use bantin::article::{Article, Body, Category, Image, Person};
use bantin::check::{Context, Severity, check};
use bantin::diagnostic::Place;
use bantin::feed::{Content, Entry, Feed};
use bantin::formats::FORMATS;
use bantin::parallel;
use bantin::text::Text;
use chrono::{DateTime, FixedOffset};
use url::Url;

/// Articles in a feed.
const PAGE: usize = 50;

const WORDS: [&str; 20] = [
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
    "và",
    "của",
    "kinh tế",
    "cho biết",
];

/// About so many bytes of words, in an order that does not repeat itself and is the same in every run.
fn words(seed: u64, bytes: usize) -> String {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut text = String::with_capacity(bytes + 32);
    while text.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(WORDS[(state >> 40) as usize % WORDS.len()]);
        text.push(' ');
    }
    text.truncate(text.trim_end().len());
    text
}

fn newest() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-20T17:00:00+07:00").expect("a date")
}

/// An article as it is read: 1.2 KB of HTML, with what exports have.
fn article(number: u64) -> Article {
    let url = format!("https://bao.example/thoi-su/tin-trong-ngay-{number}.html");
    let mut body = format!("<p><strong>{}</strong></p>\n", words(number * 8, 250));
    for at in 1..4 {
        let text = words(number * 8 + at, 270);
        body += &format!(
            "<p>{text} <a href=\"/tin/{at}.html\" title=\"Xem thêm\">Xem thêm &amp; bình luận</a></p>\n"
        );
    }
    let published = newest() - chrono::Duration::minutes(7 * i64::try_from(number).unwrap_or_default());
    Article {
        id: format!("tag:bao.example,2005:{number}"),
        key: number.to_string(),
        url: Some(url),
        title: Some(Text::line(&format!(
            "{} <{}> & {}",
            words(number, 40),
            number % 90,
            words(number + 7, 10)
        ))),
        summary: Some(words(number + 5_000_000, 200)),
        body: Some(Body::Html(body)),
        published: Some(published),
        modified: None,
        expires: None,
        authors: vec![Person { name: Text::line("Lò Thị Mai"), email: None, url: None }],
        categories: ["Thời sự"].into_iter().filter_map(Category::new).collect(),
        tags: vec![Text::line("mưa lớn"), Text::line("sông Đà")],
        images: vec![Image {
            url: format!("https://img.bao.example/{number}.jpg"),
            alt: None,
            caption: None,
            credit: None,
            media_type: Some("image/jpeg".to_owned()),
            length: None,
            width: None,
            height: None,
        }],
        attachments: Vec::new(),
        language: None,
        draft: false,
        comments_url: None,
        rights: None,
        place: Place::new(&"articles.jsonl".into(), number, 1),
        remarks: Vec::new(),
    }
}

fn feed(page: u64, entries: Vec<Arc<Entry>>) -> Feed {
    Feed {
        slug: format!("trang-{page}"),
        id: format!("tag:bao.example,2005:feed/trang-{page}"),
        title: Text::line("Lưu trữ"),
        description: Text::line("Mọi tin đã đăng"),
        language: "vi".into(),
        home: "https://bao.example/".into(),
        address: Url::parse(&format!("https://bao.example/feeds/trang-{page}/")).expect("an address"),
        stylesheet: "../assets/style.css".into(),
        site_title: Text::line("Báo"),
        author: None,
        copyright: None,
        icon: None,
        image: None,
        ttl: None,
        hubs: Vec::new(),
        updated: entries.iter().map(|entry| entry.updated()).max().unwrap_or_else(newest),
        entries,
    }
}

/// What was spent on what, and how much came of it.
#[derive(Clone, Copy, Default)]
struct Spent {
    entries: Duration,
    rendering: [Duration; 3],
    checking: [Duration; 3],
    bytes: [usize; 3],
    bare: Duration,
    bare_bytes: usize,
}

impl Spent {
    fn rendered(&self) -> Duration {
        self.rendering.iter().sum()
    }

    fn checked(&self) -> Duration {
        self.checking.iter().sum()
    }

    fn all(&self) -> Duration {
        self.entries + self.rendered() + self.checked()
    }

    fn total_bytes(&self) -> usize {
        self.bytes.iter().sum()
    }
}

impl AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        self.entries += other.entries;
        for at in 0..3 {
            self.rendering[at] += other.rendering[at];
            self.checking[at] += other.checking[at];
            self.bytes[at] += other.bytes[at];
        }
        self.bare += other.bare;
        self.bare_bytes += other.bare_bytes;
    }
}

/// The time that this thread was at work, so that what else the machine does counts little.
#[cfg(unix)]
fn clock() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().unwrap_or_default()
}

/// The time of day, where the system does not tell more.
#[cfg(not(unix))]
fn clock() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

fn timed<T>(span: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = clock();
    let result = black_box(work());
    *span += clock().saturating_sub(start);
    result
}

/// Makes one page, and says what it took.
fn made(page: u64) -> Spent {
    let mut spent = Spent::default();
    let articles: Vec<Article> = (0..PAGE as u64).map(|at| article(page * PAGE as u64 + at)).collect();
    let site = Url::parse("https://bao.example/").expect("an address");
    let entries = timed(&mut spent.entries, || {
        let entry = |article: &Article| {
            let published = article.published.unwrap_or_else(newest);
            Arc::new(Entry::new(article, published, article.modified, Content::Full, &site, "vi"))
        };
        articles.iter().map(entry).collect()
    });
    let feed = feed(page, entries);
    for (at, format) in FORMATS.iter().enumerate() {
        let document = timed(&mut spent.rendering[at], || format.render(&feed));
        let context = Context {
            address: Some(feed.file_url(format.file_name())),
            now: Some(1_795_172_400),
            ..Context::default()
        };
        let report = timed(&mut spent.checking[at], || check(&document, &context));
        assert!(report.worst() != Some(Severity::Error), "{} was rendered with an error", format.name());
        spent.bytes[at] += document.len();
    }
    spent
}

/// Writes one page with the two crates alone, from documents that are ready in memory.
fn bare(page: u64) -> Spent {
    let mut spent = Spent::default();
    let articles: Vec<Article> = (0..PAGE as u64).map(|at| article(page * PAGE as u64 + at)).collect();
    let (channel, feed) = (channel(&articles), atom(&articles));
    let rss = timed(&mut spent.bare, || channel.write_to(Vec::new()).expect("writing to memory"));
    let atom = timed(&mut spent.bare, || feed.write_to(Vec::new()).expect("writing to memory"));
    spent.bare_bytes = rss.len() + atom.len();
    spent
}

fn body(article: &Article) -> String {
    match &article.body {
        Some(Body::Html(html)) => html.clone(),
        _ => String::new(),
    }
}

fn text(text: &Option<Text>) -> String {
    text.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn channel(articles: &[Article]) -> rss::Channel {
    let item = |article: &Article| rss::Item {
        title: Some(text(&article.title)),
        link: article.url.clone(),
        description: article.summary.clone(),
        content: Some(body(article)),
        guid: Some(rss::Guid { value: article.id.clone(), permalink: false }),
        pub_date: article.published.map(|moment| moment.to_rfc2822()),
        categories: (article.categories.iter().map(|category| category.label.to_string()))
            .chain(article.tags.iter().map(ToString::to_string))
            .map(|name| rss::Category { name, domain: None })
            .collect(),
        ..rss::Item::default()
    };
    rss::Channel {
        title: "Lưu trữ".to_owned(),
        link: "https://bao.example/".to_owned(),
        description: "Mọi tin đã đăng".to_owned(),
        items: articles.iter().map(item).collect(),
        ..rss::Channel::default()
    }
}

fn atom(articles: &[Article]) -> atom_syndication::Feed {
    use atom_syndication::{Category, Content, Link, Person, Text};
    let entry = |article: &Article| atom_syndication::Entry {
        title: Text::plain(text(&article.title)),
        id: article.id.clone(),
        updated: article.published.unwrap_or_else(newest),
        published: article.published,
        authors: vec![Person { name: "Lò Thị Mai".to_owned(), ..Person::default() }],
        links: vec![Link { href: article.url.clone().unwrap_or_default(), ..Link::default() }],
        summary: article.summary.clone().map(Text::plain),
        content: Some(Content {
            content_type: Some("html".to_owned()),
            value: Some(body(article)),
            ..Content::default()
        }),
        categories: (article.categories.iter().map(|category| category.label.to_string()))
            .chain(article.tags.iter().map(ToString::to_string))
            .map(|term| Category { term, ..Category::default() })
            .collect(),
        ..atom_syndication::Entry::default()
    };
    atom_syndication::Feed {
        title: "Lưu trữ".into(),
        id: "tag:bao.example,2005:feed".to_owned(),
        updated: newest(),
        entries: articles.iter().map(entry).collect(),
        ..atom_syndication::Feed::default()
    }
}

/// Megabytes a second.
fn speed(bytes: usize, span: Duration) -> f64 {
    bytes as f64 / span.as_secs_f64().max(1e-9) / 1e6
}

fn main() {
    let pages = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(2_000_u64);
    // What is made once is made before anything is measured.
    made(pages);
    bare(pages);
    let mut spent = Spent::default();
    for page in 0..pages {
        // In turns, so that whatever else the machine does falls on both.
        spent += made(page);
        spent += bare(page);
    }
    let bare_speed = speed(spent.bare_bytes, spent.bare);
    let all = spent.all();
    println!("{pages} feeds of {PAGE} articles, one thread");
    println!("{:<28} {:>9} {:>9} {:>9} {:>8}", "", "seconds", "MB", "MB/s", "of bare");
    let row = |name: &str, span: Duration, bytes: usize| {
        let speed = speed(bytes, span);
        println!(
            "{name:<28} {:>9.3} {:>9.1} {speed:>9.1} {:>8.2}",
            span.as_secs_f64(),
            bytes as f64 / 1e6,
            speed / bare_speed
        );
    };
    row("rss and atom, bare", spent.bare, spent.bare_bytes);
    row("entries: sanitised", spent.entries, spent.total_bytes());
    for (at, format) in FORMATS.iter().enumerate() {
        row(&format!("{} rendered", format.name()), spent.rendering[at], spent.bytes[at]);
    }
    for (at, format) in FORMATS.iter().enumerate() {
        row(&format!("{} checked", format.name()), spent.checking[at], spent.bytes[at]);
    }
    row("all but the check", all - spent.checked(), spent.total_bytes());
    row("all", all, spent.total_bytes());

    let threads = parallel::threads();
    let shares = parallel::map((0..pages).collect(), made);
    let mut spent = Spent::default();
    shares.into_iter().for_each(|share| spent += share);
    println!("{threads} threads at a time:");
    row("all, for each thread", spent.all(), spent.total_bytes());
}
