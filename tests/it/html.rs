//! Pages of HTML from outside: the examples of their documentation, and what becomes of pages in feeds.

use crate::documents;
use crate::site::Site;
use serde_json::{Value, json};
use std::path::Path;

/// The newspaper of a page of documentation, whose example it is.
fn example(page: &str) -> Site {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = std::fs::read_to_string(path).unwrap();
    let site = Site::new();
    for (_, path, text) in documents::files(&text) {
        site.write(path, text.as_bytes());
    }
    site
}

fn items(site: &Site, feed: &str) -> Vec<Value> {
    let feed: Value = serde_json::from_str(&site.read(&format!("public/{feed}/feed.json"))).unwrap();
    feed["items"].as_array().unwrap().clone()
}

#[test]
fn the_example_of_pages_is_built() {
    let site = example("docs/sources/html.md");
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert_eq!((&report["diagnostics"], &report["counts"]["articles"]), (&json!([]), &json!(1)));
    let items = items(&site, "xa-hoi");
    assert_eq!(items[0]["title"], "Mưa lớn ở Mường La");
    assert_eq!(items[0]["url"], "https://baosonla.example/xa-hoi/mua-lon-17.html");
    assert_eq!(items[0]["summary"], "Nhiều nhà bị ngập.");
    assert_eq!(items[0]["image"], "https://baosonla.example/anh/mua.jpg");
    assert_eq!(items[0]["authors"][0]["name"], "Lò Văn An");
    assert_eq!(items[0]["content_html"], "<p>Nước lên <b>nhanh</b> trong đêm.</p>");
    site.run(&["check"]).exits(0);
}

#[test]
fn the_example_of_lists_is_built() {
    let site = example("docs/sources/html-list.md");
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert_eq!((&report["diagnostics"], &report["counts"]["articles"]), (&json!([]), &json!(2)));
    let section = items(&site, "xa-hoi");
    assert_eq!(section.len(), 1);
    assert_eq!(section[0]["title"], "Mưa lớn ở Mường La");
    assert_eq!(section[0]["url"], "https://baosonla.example/tin/mua-lon-17.html");
    assert_eq!(section[0]["summary"], "Nhiều nhà bị ngập.");
    site.run(&["check"]).exits(0);
}
