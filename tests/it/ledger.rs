//! What one run remembers for the next: first-seen dates, changes, and what is lost with the ledger.

use crate::site::{HEAD, Site, assert_same, record, with};
use serde_json::{Value, json};
use std::fs;

/// A moment of the 20th and 21st of November 2026, in the newspaper's zone.
fn at(hour: u32) -> String {
    format!("2026-11-{}T{:02}:00:00+07:00", 20 + hour / 24, hour % 24)
}

fn build(site: &Site, hour: u32) -> crate::site::Run {
    site.run(&["build", "--now", &at(hour)])
}

/// An entry of the section's JSON Feed, by the newsroom's key.
fn item(site: &Site, key: &str) -> Value {
    let feed: Value = serde_json::from_str(&site.read("public/thoi-su/feed.json")).unwrap();
    let id = format!("tag:bao.example,2005:{key}");
    let items = feed["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == *id).cloned().unwrap_or(Value::Null)
}

/// An article that states no date.
fn undated(id: &str) -> Value {
    json!({"id": id, "url": format!("/{id}.html"), "title": format!("Tin {id}"), "category": "Thời sự"})
}

#[test]
fn an_article_without_a_date_keeps_that_at_which_it_was_first_seen() {
    let site = Site::new();
    site.records(&[undated("u")]);
    build(&site, 9).exits(0);
    assert_eq!(item(&site, "u")["date_published"], at(9));
    let tree = site.tree();
    build(&site, 10).exits(0);
    assert_same(&site.tree(), &tree);
    site.records(&[undated("u"), undated("v")]);
    build(&site, 11).exits(0);
    assert_eq!(
        (&item(&site, "u")["date_published"], &item(&site, "v")["date_published"]),
        (&json!(at(9)), &json!(at(11)))
    );
    // Not even while it is a draft, out of every feed, or out of the export.
    site.records(&[with(undated("u"), "draft", true), undated("v")]);
    build(&site, 12).exits(0);
    site.records(&[undated("v")]);
    build(&site, 13).exits(0);
    site.records(&[undated("u"), undated("v")]);
    build(&site, 14).exits(0);
    assert_eq!(item(&site, "u")["date_published"], at(9));
    assert!(item(&site, "u").get("date_modified").is_none());
}

#[test]
fn a_draft_without_a_date_is_published_when_it_was_first_seen() {
    let site = Site::new();
    site.records(&[undated("v"), with(undated("u"), "category", "Khác")]);
    build(&site, 9).exits(0);
    site.records(&[undated("v"), undated("u")]);
    build(&site, 12).exits(0);
    assert_eq!(item(&site, "u")["date_published"], at(9), "seen, though no feed of a section took it");
}

#[test]
fn a_failed_run_has_seen_it_already() {
    let site = Site::new().file("public", "in the way");
    site.records(&[undated("u")]);
    build(&site, 9).exits(2);
    fs::remove_file(site.path("public")).unwrap();
    build(&site, 12).exits(0);
    assert_eq!(item(&site, "u")["date_published"], at(9));
}

#[test]
fn an_article_whose_content_changes_is_updated_then() {
    let site = Site::new();
    let (a, b) = (record("a", 600), record("b", 601));
    site.records(&[a.clone(), b.clone()]);
    build(&site, 17).exits(0);
    for name in ["rss.xml", "atom.xml", "feed.json"] {
        let text = site.read(&format!("public/thoi-su/{name}"));
        assert!(!text.contains("modified"), "{name}");
    }
    for (hour, field, value) in [
        (18, "title", "Tin a, sửa"),
        (19, "content_html", "<p>Nội dung sửa.</p>"),
        (20, "summary", "Tóm tắt sửa"),
        (21, "image", "/sua.jpg"),
    ] {
        site.records(&[with(a.clone(), field, value), b.clone()]);
        build(&site, hour).exits(0);
        assert_eq!(item(&site, "a")["date_modified"], at(hour), "{field}");
        assert!(item(&site, "b").get("date_modified").is_none());
    }
    assert!(site.read("public/thoi-su/atom.xml").contains(&format!("<updated>{}</updated>", at(21))));
    assert!(
        site.read("public/thoi-su/rss.xml")
            .contains(&format!("<dcterms:modified>{}</dcterms:modified>", at(21)))
    );
    // It stays so; and the date of publication is the article's.
    let tree = site.tree();
    build(&site, 30).exits(0);
    assert_same(&site.tree(), &tree);
    assert_eq!(item(&site, "a")["date_published"], "2026-11-20T07:00:00+07:00");
}

#[test]
fn an_export_made_again_is_no_change() {
    let site = Site::new();
    let a = with(record("a", 600), "tags", json!(["một", "hai"]));
    site.records(std::slice::from_ref(&a));
    build(&site, 17).exits(0);
    let tree = site.tree();
    // Other white space, another order of keys, another spelling of the same characters, fields that nobody reads.
    let fields: Vec<String> =
        a.as_object().unwrap().iter().rev().map(|(key, value)| format!("{key:?} :\t{value}")).collect();
    let line = format!("{{  {},  \"exported_at\": \"18:00\" }}\r\n", fields.join(" , "));
    let decomposed = line.replace('\u{1ed9}', "\\u006f\\u0323\\u0302").replace("Tin", "\\u0054in");
    assert_ne!(decomposed, line);
    site.write("articles.jsonl", decomposed.as_bytes());
    build(&site, 18).exits(0);
    assert_same(&site.tree(), &tree);
}

#[test]
fn the_sources_own_date_of_modification_counts() {
    let site = Site::new();
    let a = record("a", 600);
    site.records(&[with(a.clone(), "date_modified", at(12))]);
    build(&site, 17).exits(0);
    assert_eq!(item(&site, "a")["date_modified"], at(12));
    // Edited, and the source says when.
    site.records(&[with(with(a.clone(), "title", "Sửa"), "date_modified", at(13))]);
    build(&site, 18).exits(0);
    assert_eq!(item(&site, "a")["date_modified"], at(13));
    // The next export leaves the date out: nothing happened to the article.
    let tree = site.tree();
    site.records(&[with(a.clone(), "title", "Sửa")]);
    build(&site, 19).exits(0);
    assert_same(&site.tree(), &tree);
    site.records(&[with(a, "title", "Sửa nữa")]);
    build(&site, 20).exits(0);
    assert_eq!(item(&site, "a")["date_modified"], at(20));
}

/// Breaks the ledger in every way, after a history that only it knows of.
#[test]
fn a_lost_ledger_costs_nothing_that_the_feeds_still_tell() {
    type Harm = (&'static str, fn(&Site), &'static str);
    let harms: [Harm; 6] = [
        ("lost", |site| fs::remove_dir_all(site.path(".bantin")).unwrap(), "the ledger is missing"),
        ("empty", |site| site.write(".bantin/public.redb", b""), "the ledger is missing"),
        ("garbage", |site| site.write(".bantin/public.redb", b"no ledger at all"), "the ledger was damaged"),
        (
            "cut in the middle",
            |site| {
                let bytes = fs::read(site.path(".bantin/public.redb")).unwrap();
                site.write(".bantin/public.redb", &bytes[..bytes.len() / 2]);
            },
            "the ledger was damaged",
        ),
        (
            "overwritten in the middle",
            |site| {
                let mut bytes = fs::read(site.path(".bantin/public.redb")).unwrap();
                let end = bytes.len().min(40_960);
                bytes[4096..end].fill(0x5a);
                site.write(".bantin/public.redb", &bytes);
            },
            "the ledger was damaged",
        ),
        (
            "a folder",
            |site| {
                fs::remove_file(site.path(".bantin/public.redb")).unwrap();
                fs::create_dir(site.path(".bantin/public.redb")).unwrap();
            },
            "the ledger was damaged",
        ),
    ];
    for (name, harm, notice) in harms {
        let site = Site::new();
        site.records(&[undated("u"), record("a", 600), record("b", 601)]);
        build(&site, 17).exits(0);
        let records = [undated("u"), with(record("a", 600), "title", "Sửa"), record("b", 601)];
        site.records(&records);
        build(&site, 18).exits(0);
        let tree = site.tree();
        harm(&site);
        // Whatever only looks says so as well, and mends nothing.
        site.run(&["build", "--dry-run"]).exits(0).says(&[notice]);
        let run = build(&site, 20).exits(0).says(&[notice]);
        assert_eq!(run.stderr.lines().count(), 1, "{name}: {}", run.stderr);
        assert_same(&site.tree(), &tree);
        let run = build(&site, 21).exits(0);
        assert_eq!(run.stderr, "", "{name}: the new ledger is sound");
        assert_same(&site.tree(), &tree);
        // Changes are noticed again, and files that are no longer wanted are known.
        site.records(&[undated("u"), with(record("a", 600), "title", "Sửa nữa"), record("b", 601)]);
        let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Thời sự\"\n"));
        build(&site, 22).exits(0);
        assert_eq!(item(&site, "a")["date_modified"], at(22), "{name}");
        assert_eq!(item(&site, "u")["date_published"], at(17), "{name}");
        assert!(!site.path("public/tin-moi").exists(), "{name}");
    }
}

/// The pages are somebody else's, so that the feeds alone bear the program's mark.
#[test]
fn a_ledger_lost_beside_the_pages_of_somebody_else() {
    let site = Site::new();
    site.write("public/index.html", b"<title>The newspaper</title>");
    site.write("public/thoi-su/index.html", b"<title>The section</title>");
    site.write("public/lien-he/index.html", b"<title>Contact</title>");
    site.records(&[undated("u")]);
    build(&site, 9).exits(0);
    fs::remove_dir_all(site.path(".bantin")).unwrap();
    build(&site, 12).exits(0).says(&["the ledger is missing"]);
    assert_eq!(item(&site, "u")["date_published"], at(9));
    fs::remove_dir_all(site.path(".bantin")).unwrap();
    let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n"));
    build(&site, 13).exits(0);
    let paths: Vec<String> = site.tree().into_keys().filter(|path| !path.starts_with("tin-moi/")).collect();
    assert_eq!(
        paths,
        [
            "assets/page.js",
            "assets/style.css",
            "feeds.opml",
            "index.html",
            "lien-he/index.html",
            "thoi-su/index.html"
        ]
    );
}

/// The ledger is lost, and the run that begins it anew comes to no end: what the feeds tell is read again.
#[test]
fn a_ledger_that_was_only_begun() {
    let site = Site::new();
    site.records(&[undated("u"), undated("v")]);
    build(&site, 9).exits(0);
    fs::remove_dir_all(site.path(".bantin")).unwrap();
    site.write("articles.jsonl", format!("{}\nno record", undated("u")).as_bytes());
    site.run(&["build", "--strict", "--now", &at(12)]).exits(1);
    site.records(&[undated("u"), undated("v")]);
    build(&site, 13).exits(0);
    assert_eq!(item(&site, "u")["date_published"], at(9));
    assert_eq!(item(&site, "v")["date_published"], at(9));
}

#[test]
fn another_tagging_authority_is_spoken_of() {
    let site = Site::new();
    site.records(&[record("a", 1)]);
    site.run(&["build"]).exits(0);
    let config = site.read("feeds.toml").replace("[output]", "tag = \"moi.example,2020\"\n[output]");
    let site = site.config(&config);
    let run = site.run(&["build", "--dry-run"]).exits(0);
    run.says(&["tag:bao.example,2005:", "tag:moi.example,2020:", "show these articles again"]);
}

#[test]
fn an_embargo_ends_by_itself() {
    let site = Site::new();
    site.records(&[record("a", 600), with(record("e", 0), "date_published", at(20))]);
    build(&site, 19).exits(0);
    let tree = site.tree();
    assert_eq!(item(&site, "e"), Value::Null);
    site.run(&["build", "--now", "2026-11-20T19:59:59+07:00"]).exits(0);
    assert_same(&site.tree(), &tree);
    build(&site, 20).exits(0);
    assert_eq!(item(&site, "e")["date_published"], at(20));
    assert!(item(&site, "e").get("date_modified").is_none());
}

#[test]
fn an_expired_article_leaves() {
    let site = Site::new();
    site.records(&[record("a", 600), record("b", 601), with(record("x", 602), "expires", at(20))]);
    site.run(&["build", "--now", "2026-11-20T19:59:59+07:00"]).exits(0);
    assert_ne!(item(&site, "x"), Value::Null);
    build(&site, 20).exits(0);
    assert_eq!(item(&site, "x"), Value::Null);
    assert_ne!(item(&site, "a"), Value::Null);
}

#[test]
fn a_withdrawn_article_leaves_and_may_come_back() {
    let site = Site::new();
    let (a, b, c) = (record("a", 600), record("b", 601), undated("c"));
    site.records(&[a.clone(), b.clone(), c.clone()]);
    build(&site, 17).exits(0);
    let gone = |id: &str| json!({"id": id, "deleted": true});
    site.records(&[a.clone(), b.clone(), c.clone(), gone("c")]);
    let run = build(&site, 18).exits(0);
    assert!(run.stdout.contains("1 article withdrawn"), "{}", run.stdout);
    assert_eq!(item(&site, "c"), Value::Null);
    // A withdrawal before the article, and one of an article that never was.
    site.records(&[gone("a"), a.clone(), gone("never"), b.clone(), c.clone(), gone("c"), c.clone()]);
    build(&site, 19).exits(0);
    assert_ne!(item(&site, "a"), Value::Null);
    assert_eq!(item(&site, "c")["date_published"], at(17), "it was seen before");
    assert!(item(&site, "c").get("date_modified").is_none());
}

#[test]
fn the_last_record_wins_across_files() {
    let site = Site::new();
    let site = site.config(&HEAD.replace("articles.jsonl", "bai/*.jsonl"));
    let write = |name: &str, records: &[Value]| {
        let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
        site.write(&format!("bai/{name}"), lines.join("\n").as_bytes());
    };
    write("1.jsonl", &[record("a", 600), record("b", 601), with(record("a", 600), "title", "Lần hai")]);
    write("2.jsonl", &[with(record("a", 600), "title", "Lần ba"), json!({"id": "b", "deleted": true})]);
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert_eq!(report["counts"]["replaced"], 3, "two of a, and that of b by its withdrawal");
    assert_eq!(report["counts"]["withdrawn"], 1);
    assert_eq!(report["counts"]["articles"], 1);
    assert_eq!(item(&site, "a")["title"], "Lần ba");
    assert_eq!(item(&site, "b"), Value::Null);
    write("3.jsonl", &[record("b", 601)]);
    site.run(&["build"]).exits(0);
    assert_eq!(item(&site, "b")["title"], "Tin b");
}
