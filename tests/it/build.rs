//! `build`: what becomes of articles.

use crate::site::Site;
use serde_json::json;

#[test]
fn a_section_holds_its_articles() {
    let site = Site::new().articles(2, "Thời sự").article(json!({
        "id": "b", "url": "/b.html", "title": "Ngoài mục", "date": "19/11/2026", "category": "Thể thao",
    }));
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    let entries = |index: usize| report["feeds"][index]["entries"].as_u64().unwrap();
    assert_eq!((entries(0), entries(1)), (3, 2));
    assert_eq!(report["counts"]["homeless"], json!(0));
    let tree = site.tree();
    let paths: Vec<&str> = tree.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "assets/page.js",
            "assets/style.css",
            "feeds.opml",
            "index.html",
            "thoi-su/atom.xml",
            "thoi-su/feed.json",
            "thoi-su/index.html",
            "thoi-su/rss.xml",
            "tin-moi/atom.xml",
            "tin-moi/feed.json",
            "tin-moi/index.html",
            "tin-moi/rss.xml",
        ]
    );
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let record = |number: usize| {
        json!({"id": format!("k{number}"), "url": format!("/{number}"), "title": format!("T{number}"),
               "date": format!("2026-11-{:02}", 1 + number % 3), "category": "Thời sự"})
    };
    let forward = (0..20).fold(Site::new(), |site, number| site.article(record(number)));
    let backward = (0..20).rev().fold(Site::new(), |site, number| site.article(record(number)));
    forward.run(&["build"]).exits(0);
    backward.run(&["build"]).exits(0);
    assert_eq!(forward.tree(), backward.tree());
}

#[test]
fn a_section_that_nobody_writes_for_is_told() {
    let site = Site::new().articles(2, "Thời sự - Chính trị");
    site.run(&["build"]).exits(0).says(&["`Thời sự` has no entry", "`category = \"*\"`"]);
    let site = Site::new().articles(2, "Thời xự");
    site.run(&["build"]).exits(0).says(&["no article is in the section thoi-su; did you mean `Thời xự`?"]);
}
