//! What becomes of a record's fields in the three formats, where readers taught us better than the first thought.

use crate::site::Site;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The files of the feed of everything of one article: RSS, Atom, and the item of JSON Feed.
fn published(mut record: Value) -> (String, String, Value) {
    record["date_published"] = json!("2026-11-20T08:00:00+07:00");
    let site = Site::new().article(record);
    site.run(&["build"]).exits(0);
    let feed: Value = serde_json::from_str(&site.read("public/tin-moi/feed.json")).unwrap();
    (site.read("public/tin-moi/rss.xml"), site.read("public/tin-moi/atom.xml"), feed["items"][0].clone())
}

/// The contents of every element of that name.
fn all<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open).skip(1).filter_map(|rest| rest.split_once(&close)).map(|(inside, _)| inside).collect()
}

#[test]
fn an_article_counts_from_its_publication_not_from_its_draft() {
    let record = json!({"url": "/1", "title": "T", "created_at": "2026-11-01T08:00:00+07:00", "published_at": "2026-11-20T08:00:00+07:00"});
    let draft =
        json!({"url": "/2", "title": "T", "created_at": "2026-11-02T08:00:00+07:00", "published_at": null});
    let site = Site::new().article(record).article(draft);
    site.run(&["build"]).exits(0);
    let feed: Value = serde_json::from_str(&site.read("public/tin-moi/feed.json")).unwrap();
    let dates: Vec<&Value> =
        feed["items"].as_array().unwrap().iter().map(|item| &item["date_published"]).collect();
    assert_eq!(dates, ["2026-11-20T08:00:00+07:00", "2026-11-02T08:00:00+07:00"]);
}

#[test]
fn one_author_with_an_address_is_the_author_of_rss() {
    let (rss, _, _) = published(json!({"url": "/1", "title": "T", "author": "Lò A <a@example.vn>"}));
    assert_eq!(all(&rss, "author"), ["a@example.vn (Lò A)"]);
    assert!(!rss.contains("dc:creator"));
}

#[test]
fn of_several_authors_every_one_is_a_creator() {
    let authors = json!(["Lò A <a@example.vn>", "Cầm B"]);
    let (rss, atom, item) = published(json!({"url": "/1", "title": "T", "authors": authors}));
    assert_eq!(all(&rss, "author"), [""; 0]);
    assert_eq!(all(&rss, "dc:creator"), ["Lò A", "Cầm B"]);
    assert_eq!(all(&atom, "email"), ["a@example.vn"]);
    assert_eq!(item["authors"][0], json!({"name": "Lò A", "url": "mailto:a@example.vn"}));
}

#[test]
fn what_a_picture_shows_is_its_title() {
    let image = json!({"url": "/1.jpg", "caption": "Chú thích", "credit": "Lò A"});
    let (rss, atom, _) = published(json!({"url": "/1", "title": "T", "image": image, "summary": "S"}));
    assert_eq!(all(&rss, "media:title"), ["Chú thích"]);
    assert_eq!(all(&rss, "media:credit"), ["Lò A"]);
    assert!(!rss.contains("media:description") && !atom.contains("media:description"));
    // Of an item without a title readers would take it for that.
    let (rss, _, _) = published(json!({"url": "/1", "content_text": "C", "image": image}));
    assert_eq!(all(&rss, "media:title"), [""; 0]);
    assert_eq!(all(&rss, "media:credit"), ["Lò A"]);
}

#[test]
fn every_picture_is_in_every_format() {
    let images = json!(["/1.jpg", {"url": "/2.png", "alt": "Hai"}, "/khong-loai"]);
    let (rss, atom, item) = published(json!({"url": "/1", "title": "T", "images": images}));
    for number in ["1.jpg", "2.png", "khong-loai"] {
        let url = format!("url=\"https://bao.example/{number}\"");
        assert!(rss.contains(&url) && atom.contains(&url), "{number}");
    }
    assert_eq!(item["image"], "https://bao.example/1.jpg");
    let second = json!([{"url": "https://bao.example/2.png", "mime_type": "image/png", "title": "Hai"}]);
    assert_eq!(item["attachments"], second);
}

#[test]
fn a_length_of_nothing_is_not_known() {
    let file = json!({"url": "/1.mp3", "length": 0, "duration_in_seconds": 0, "size": 7});
    let (rss, atom, item) = published(json!({"url": "/1", "title": "T", "attachments": [file]}));
    assert!(rss.contains("length=\"7\"") && atom.contains("length=\"7\""));
    assert_eq!(item["attachments"][0]["duration_in_seconds"], Value::Null);
    let file = json!({"url": "/1.mp3", "length": 0});
    let (rss, atom, item) = published(json!({"url": "/1", "title": "T", "attachments": [file]}));
    assert!(rss.contains("length=\"0\"") && !atom.contains("length="));
    assert_eq!(item["attachments"][0]["size_in_bytes"], Value::Null);
}

#[test]
fn tags_that_repeat_a_category_are_said_once() {
    let record =
        json!({"url": "/1", "title": "T", "category": "Thời sự", "tags": ["thời sự", "Mưa", "mưa", "lũ"]});
    let (rss, _, item) = published(record);
    assert_eq!(all(&rss, "category"), ["Thời sự", "Mưa", "lũ"]);
    assert_eq!(item["tags"], json!(["Thời sự", "Mưa", "lũ"]));
}

#[test]
fn an_entry_without_a_page_says_something_itself() {
    let (_, atom, _) = published(json!({"id": "1", "title": "Chỉ <tiêu> đề"}));
    assert!(atom.contains(">&lt;p&gt;Chỉ &amp;lt;tiêu&amp;gt; đề&lt;/p&gt;</content>"), "{atom}");
}

#[test]
fn hexadecimal_references_stand_in_titles_alone() {
    let (rss, _, _) = published(json!({"url": "/1?a=1&b=2", "title": "A & B", "category": "C & D"}));
    assert!(rss.contains("<title>A &#x26; B</title>"));
    assert!(rss.contains("<link>https://bao.example/1?a=1&amp;b=2</link>"));
    assert!(rss.contains(">https://bao.example/1?a=1&amp;b=2</guid>"));
}

#[test]
fn a_translation_has_an_address_of_its_own() {
    let site = Site::new()
        .config(
            r#"
            [site]
            title = "Báo Thử"
            url = "https://bao.example/"
            language = "vi"
            [output]
            url = "https://bao.example/feeds/"
            [[source]]
            path = "tin/*.md"
            url = "/tin/{stem}/"
            "#,
        )
        .file("tin/mua.md", "---\ntitle: Mưa\ndate: 2026-11-20\n---\nMưa.")
        .file("tin/mua.en.md", "---\ntitle: Rain\ndate: 2026-11-20\n---\nRain.");
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert_eq!((&report["counts"]["articles"], &report["counts"]["replaced"]), (&json!(2), &json!(0)));
    let rss = site.read("public/tin-moi/rss.xml");
    assert_eq!(all(&rss, "link")[1..], ["https://bao.example/en/tin/mua/", "https://bao.example/tin/mua/"]);
}

/// Readers need something to show: of a picture alone it is the picture, and of nothing there is no entry.
#[test]
fn an_entry_without_words_shows_its_picture() {
    let (rss, atom, item) = published(json!({"url": "/1", "content_html": "<img src=/a.jpg>"}));
    assert_eq!(all(&rss, "description"), ["Báo Thử", "<![CDATA[<img src=\"https://bao.example/a.jpg\">]]>"]);
    assert_eq!(all(&rss, "title"), ["Tin mới"]);
    assert!(atom.contains("<title>https://bao.example/1</title>"), "{atom}");
    assert_eq!(item["content_html"], "<img src=\"https://bao.example/a.jpg\">");
    let nothing = json!({"url": "/2", "content_html": "<b", "date": "2026-11-20"});
    let site = Site::new().article(json!({"url": "/1", "title": "T", "date": "2026-11-20"})).article(nothing);
    let run = site.run(&["build"]);
    run.exits(0).says(&["articles.jsonl:2", "no title, and nothing of the content can be published"]);
    assert_eq!(all(&site.read("public/tin-moi/rss.xml"), "item").len(), 1);
    site.run(&["check", "public"]).exits(0);
}

/// Of tags, sections, authors, pictures and attachments the first of each counts.
#[test]
fn what_a_record_says_twice_is_published_once() {
    let file = |url: &str, title: &str| json!({"url": url, "mime_type": "audio/mpeg", "title": title});
    let (_, _, item) = published(json!({
        "url": "/1",
        "title": "T",
        "tags": ["b", "a", "b", ""],
        "authors": ["An", "Bình", "An"],
        "attachments": [file("/1.mp3", "Một"), file("/2.mp3", "Hai"), file("/1.mp3", "Ba")],
    }));
    assert_eq!(item["tags"], json!(["b", "a"]));
    assert_eq!(item["authors"], json!([{"name": "An"}, {"name": "Bình"}]));
    let titles: Vec<&Value> =
        item["attachments"].as_array().unwrap().iter().map(|file| &file["title"]).collect();
    assert_eq!(titles, ["Một", "Hai"]);
}

/// Ten times as many would take a hundred times as long if each was compared with all.
#[test]
fn very_many_sections_and_tags_of_one_record_are_no_trap() {
    let names: Vec<String> = (0..100_000).map(|number| format!("x{number:06}")).collect();
    let record = |id: &str, field: &str| json!({"id": id, "url": "/1", "title": "T", field: names});
    let site = Site::new().article(record("a", "tags")).article(record("b", "categories"));
    let begin = Instant::now();
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert_eq!(report["counts"]["records"], json!(2));
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
}
