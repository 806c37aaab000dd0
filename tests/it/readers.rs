//! What readers that are not ours make of the feeds: feed-rs, an XML parser of another make than the one that the feeds
//! are written with, and every reader that tests/readers/readers.py finds installed.

use crate::golden::{built, fixture};
use crate::site::Site;
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::process::Command;

const FIXTURES: [&str; 3] = ["minimal", "maximal", "hostile"];

/// What the titles of the hostile articles must be, written by hand, by id. Where an article has none: nothing.
fn titles() -> BTreeMap<String, Option<String>> {
    let text = std::fs::read_to_string(fixture("hostile").join("titles.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Entries by id, as an XML parser of its own make has them.
fn parsed(xml: &str) -> BTreeMap<String, String> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let entries = document.descendants().filter(|node| matches!(node.tag_name().name(), "item" | "entry"));
    let text = |entry: roxmltree::Node<'_, '_>, names: &[&str]| {
        let plain = |node: &roxmltree::Node<'_, '_>| {
            // Elements of RSS are in no namespace, those of Atom in its own.
            let ours = [None, Some("http://www.w3.org/2005/Atom")].contains(&node.tag_name().namespace());
            ours && names.contains(&node.tag_name().name())
        };
        let mut found = entry.children().filter(plain).map(|node| node.text().unwrap_or_default().to_owned());
        let first = found.next();
        assert_eq!(found.next(), None, "{names:?} twice in {first:?}");
        first
    };
    let pairs = entries
        .map(|entry| (text(entry, &["guid", "id"]).unwrap(), text(entry, &["title"]).unwrap_or_default()));
    pairs.collect()
}

#[test]
fn titles_come_back_letter_for_letter() {
    let tree = built("hostile").tree();
    let text = |name: &str| std::str::from_utf8(&tree[&format!("tin-moi/{name}")]).unwrap();
    let feed: Value = serde_json::from_str(text("feed.json")).unwrap();
    let (rss, atom) = (parsed(text("rss.xml")), parsed(text("atom.xml")));
    let titles = titles();
    assert_eq!(feed["items"].as_array().unwrap().len(), titles.len());
    for item in feed["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let wanted = &titles[id];
        assert_eq!(item["title"].as_str(), wanted.as_deref(), "{id}");
        assert_eq!(rss[id], wanted.as_deref().unwrap_or_default(), "{id}");
        // Atom demands a title.
        let heading = wanted.as_deref().unwrap_or("Không có tiêu đề & gió >10 <lớn>");
        assert_eq!(atom[id], heading, "{id}");
    }
    assert_eq!((rss.len(), atom.len()), (titles.len(), titles.len()));
}

#[test]
fn every_file_is_xml() {
    for name in FIXTURES {
        let tree = built(name).tree();
        let xml =
            tree.iter().filter(|(path, _)| ![".json", ".css", ".js"].iter().any(|end| path.ends_with(end)));
        let mut read = 0;
        for (path, bytes) in xml.filter(|(path, _)| !path.ends_with(".html")) {
            let text = std::str::from_utf8(bytes).unwrap();
            if let Err(error) = roxmltree::Document::parse(text) {
                panic!("{name}/{path}: {error}");
            }
            read += 1;
        }
        assert!(read >= 3, "{name}: {read} files");
    }
}

/// What feed-rs finds must be what feed.json says.
#[test]
fn feed_rs_reads_every_field() {
    for name in FIXTURES {
        let tree = built(name).tree();
        for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with("/feed.json")) {
            let feed: Value = serde_json::from_slice(bytes).unwrap();
            let folder = path.strip_suffix("feed.json").unwrap();
            for file in ["rss.xml", "atom.xml", "feed.json"] {
                let place = format!("{name}/{folder}{file}");
                let Some(bytes) = tree.get(&format!("{folder}{file}")) else { continue };
                let read = catch_unwind(|| feed_rs::parser::parse(bytes.as_slice()));
                let read = read.unwrap_or_else(|_| panic!("{place}: feed-rs panics"));
                let read = read.unwrap_or_else(|error| panic!("{place}: {error}"));
                assert_same(&place, feed["items"].as_array().unwrap(), &read.entries);
            }
        }
    }
}

fn assert_same(place: &str, items: &[Value], entries: &[feed_rs::model::Entry]) {
    let moment = |value: &Value| {
        value.as_str().map(|text| chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    };
    assert_eq!(items.len(), entries.len(), "{place}");
    for (item, entry) in items.iter().zip(entries) {
        let place = format!("{place}: {}", item["id"]);
        assert_eq!(item["id"], entry.id, "{place}");
        if let Some(title) = item["title"].as_str() {
            // feed-rs takes the white space off a title's ends, of which there is none.
            assert_eq!(Some(title), entry.title.as_ref().map(|title| title.content.as_str()), "{place}");
        }
        if let Some(url) = item["url"].as_str() {
            let links: Vec<&str> = entry.links.iter().map(|link| link.href.as_str()).collect();
            assert_eq!(links.first(), Some(&url), "{place}: {links:?}");
        }
        assert_eq!(moment(&item["date_published"]), entry.published, "{place}");
        let list = |name: &str, key: Option<&str>| -> Vec<String> {
            let values = item[name].as_array().map_or(&[][..], Vec::as_slice);
            let text = |value: &Value| key.map_or(value, |key| &value[key]).as_str().unwrap().to_owned();
            values.iter().map(text).collect()
        };
        let terms: Vec<String> = entry.categories.iter().map(|category| category.term.clone()).collect();
        assert_eq!(list("tags", None), terms, "{place}");
        if let Some(html) = item["content_html"].as_str() {
            let body = entry.content.as_ref().and_then(|content| content.body.as_deref());
            assert_eq!(Some(html), body, "{place}");
        }
    }
}

/// Runs tests/readers/readers.py with those options on the output of a newspaper: whether all agree, and its report. `None`,
/// said aloud, where it cannot be run.
fn readers(site: &Site, options: &[&str]) -> Option<(bool, String)> {
    let with_feedparser = Command::new("python3").args(["-c", "import feedparser"]).output();
    if !with_feedparser.is_ok_and(|output| output.status.success()) {
        println!("skipped: no python3 with feedparser");
        return None;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/readers/readers.py");
    let mut command = Command::new("python3");
    command.args([script, "--require", "feedparser"]).args(options).arg(site.path("public"));
    let output = command.output().unwrap();
    let report = [output.stdout, output.stderr].concat();
    let report = String::from_utf8_lossy(&report).into_owned();
    println!("{report}");
    Some((output.status.success(), report))
}

/// Asserts that every reader that is installed finds the same.
#[track_caller]
pub fn readers_agree(site: &Site, options: &[&str]) {
    if let Some((agree, report)) = readers(site, options) {
        assert!(agree && report.contains("feedparser reads rss"), "{report}");
    }
}

/// The comparison itself can fail: of one letter, one id, one date, and one character that is not XML.
#[test]
fn readers_notice_what_is_wrong() {
    for (right, wrong, remark) in [
        ("Chợ phiên</title>", "Chợ phiền</title>", "title"),
        (">tag:du.example,2005:du-3<", ">tag:du.example,2005:du-4<", "ids"),
        ("18 Nov 2026 07:00:00 +0700", "18 Nov 2026 07:00:01 +0700", "published"),
        ("<category>mưa lũ</category>", "", "categories"),
        ("Chợ phiên</title>", "Chợ phiên\u{B}</title>", "refused"),
    ] {
        let site = built("maximal");
        let path = "public/tin-moi/rss.xml";
        let rss = site.read(path);
        assert!(rss.contains(right), "{right}");
        site.write(path, rss.replace(right, wrong).as_bytes());
        let Some((agree, report)) = readers(&site, &["--only", "feedparser"]) else { return };
        assert!(!agree && report.contains(remark), "{right}: {report}");
    }
}

#[test]
fn readers_read_what_is_meant() {
    let titles = fixture("hostile").join("titles.json");
    for name in FIXTURES {
        let options = ["--titles", titles.to_str().unwrap()];
        readers_agree(&built(name), if name == "hostile" { &options } else { &[] });
    }
}
