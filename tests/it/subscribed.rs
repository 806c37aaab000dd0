//! Readers that others wrote, subscribed to the running server while the newspaper goes on: newsboat, and feedparser as a
//! program uses it. What each fetches, has and is spared in every round is compared with the table in docs/serving.md.
//!
//! Said aloud and passed over where they are not installed.
#![cfg(unix)]

use crate::readme::installed;
use crate::serve_client::{Server, eventually};
use crate::site::{Site, record, with};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::process::Command;

const FEED: &str = "/feeds/tin-moi/rss.xml";

/// A subscriber of the feed.
trait Subscriber {
    /// How it calls itself, in the access log.
    fn agent(&self) -> &'static str;
    fn fetch(&self, site: &Site, url: &str);
    /// The titles that it has, by id. It has no two entries of one id, or fails.
    fn has(&self, site: &Site) -> BTreeMap<String, String>;
}

struct Newsboat;

impl Subscriber for Newsboat {
    fn agent(&self) -> &'static str {
        "newsboat/"
    }

    fn fetch(&self, site: &Site, url: &str) {
        site.write("newsboat/urls", url.as_bytes());
        site.write("newsboat/config", b"");
        let at = |name: &str| site.path("newsboat").join(name);
        let mut command = Command::new("newsboat");
        command.arg("-u").arg(at("urls")).arg("-c").arg(at("cache.db")).arg("-C").arg(at("config"));
        let output = command.args(["-x", "reload"]).env("HOME", site.root()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn has(&self, site: &Site) -> BTreeMap<String, String> {
        let database = rusqlite::Connection::open(site.path("newsboat/cache.db")).unwrap();
        let mut rows = database.prepare("SELECT guid, title FROM rss_item").unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let rows: Vec<(String, String)> = rows.collect::<Result<_, _>>().unwrap();
        let titles: BTreeMap<_, _> = rows.iter().cloned().collect();
        assert_eq!(titles.len(), rows.len(), "an entry twice: {rows:?}");
        titles
    }
}

struct Feedparser;

impl Feedparser {
    fn state(site: &Site) -> Value {
        serde_json::from_str(&site.read("feedparser.json")).unwrap()
    }
}

impl Subscriber for Feedparser {
    fn agent(&self) -> &'static str {
        "feedparser/"
    }

    fn fetch(&self, site: &Site, url: &str) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/readers/subscriber.py");
        let mut command = Command::new("python3");
        let output = command.args([script, url]).arg(site.path("feedparser.json")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn has(&self, site: &Site) -> BTreeMap<String, String> {
        let state = Self::state(site);
        // What was new in each fetch comes to what it has: no entry came under another id.
        let fetches = state["fetches"].as_array().unwrap();
        let new: u64 = fetches.iter().map(|fetch| fetch["new"].as_u64().unwrap()).sum();
        let titles: BTreeMap<String, String> = serde_json::from_value(state["titles"].clone()).unwrap();
        assert_eq!(new, titles.len() as u64);
        titles
    }
}

/// The articles of a round: so many, and which of them were edited.
fn records(count: usize, edited: &[usize]) -> Vec<Value> {
    let article = |number: usize| {
        let article = record(&format!("a{number}"), 600 - number as u32);
        match edited.contains(&number) {
            false => article,
            true => with(
                with(article, "title", format!("Tin a{number} (cập nhật)")),
                "date_modified",
                "2026-11-20T16:30:00+07:00",
            ),
        }
    };
    (0..count).map(article).collect()
}

/// What was sent: status and bytes of each request of that agent, by the access log.
fn sent(log: &str, agent: &str) -> Vec<(u16, u64)> {
    let lines = log.lines().filter(|line| line.contains(&format!("\"{agent}")) && line.contains(FEED));
    let numbers = lines.map(|line| {
        let rest = line.split_once(" HTTP/1.1\" ").unwrap().1;
        let mut words = rest.split(' ');
        let status = words.next().unwrap().parse().unwrap();
        (status, words.next().unwrap().parse().unwrap_or(0))
    });
    numbers.collect()
}

/// The cells of the page's table of rounds.
fn shown() -> Vec<Vec<String>> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/serving.md")).unwrap();
    let lines = page.lines().skip_while(|line| !line.starts_with("| round |")).skip(2);
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    lines.take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// `200, 1142 B` as a status and bytes.
fn fetched(cell: &str) -> (u16, u64) {
    let (status, bytes) = cell.split_once(", ").unwrap_or((cell, "0 B"));
    (status.parse().unwrap(), bytes.strip_suffix(" B").unwrap().parse().unwrap())
}

#[test]
fn subscribers_see_each_entry_once_and_are_spared_what_they_have() {
    let with_feedparser = Command::new("python3").args(["-c", "import feedparser"]).output();
    let mut subscribers: Vec<(usize, Box<dyn Subscriber>)> = Vec::new();
    if installed("newsboat") {
        subscribers.push((2, Box::new(Newsboat)));
    }
    match with_feedparser.is_ok_and(|output| output.status.success()) {
        true => subscribers.push((4, Box::new(Feedparser))),
        false => println!("skipped: no python3 with feedparser"),
    }
    let site = Site::new();
    site.records(&records(20, &[]));
    site.run(&["build"]).exits(0);
    let mut server = Server::of(&site, &["--access-log", "combined"]);
    let url = format!("http://{}{FEED}", server.address);
    // Articles come and one is edited, twice; after each change everybody asks twice.
    let mut held = Vec::new();
    for (count, edited) in [(20, &[][..]), (23, &[7]), (24, &[7, 12])] {
        let records = records(count, edited);
        site.records(&records);
        site.run(&["build"]).exits(0);
        let built = std::fs::read(site.path("public/tin-moi/rss.xml")).unwrap();
        eventually("the build is served", || server.get(FEED).body == built);
        let titles: BTreeMap<String, String> = records
            .iter()
            .map(|record| {
                let text = |name: &str| record[name].as_str().unwrap();
                (format!("tag:bao.example,2005:{}", text("id")), text("title").to_owned())
            })
            .collect();
        for _ in 0..2 {
            for (_, subscriber) in &subscribers {
                subscriber.fetch(&site, &url);
                assert_eq!(subscriber.has(&site), titles, "{}", subscriber.agent());
            }
            held.push(titles.len());
        }
    }
    server.signal("TERM");
    assert_eq!(server.status(), Some(0));
    let mut log = String::new();
    server.child.stdout.take().unwrap().read_to_string(&mut log).unwrap();
    let shown = shown();
    for (column, subscriber) in &subscribers {
        let sent = sent(&log, subscriber.agent());
        println!("{} {sent:?}", subscriber.agent());
        assert_eq!(sent.len(), held.len(), "{log}");
        let shown: Vec<_> =
            shown.iter().map(|row| (fetched(&row[*column]), row[column + 1].parse().unwrap())).collect();
        for (round, ((status, bytes), (shown, entries))) in sent.iter().zip(&shown).enumerate() {
            assert_eq!((*status, held[round]), (shown.0, *entries), "{} {}", subscriber.agent(), round + 1);
            assert!(bytes.abs_diff(shown.1) <= shown.1 / 5, "{}: {bytes} bytes, not {}", round + 1, shown.1);
        }
        assert_eq!(shown.len(), held.len());
    }
}
