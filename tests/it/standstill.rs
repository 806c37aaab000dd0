//! A run in which nothing has changed reads nothing, and none is taken for one.

use crate::site::{Run, Site};
use serde_json::json;
use std::fs::{self, File};
use std::thread;
use std::time::Duration;

/// What a run says that reads nothing.
const STILL: &str = "nothing has changed";

/// A newspaper that was built, long enough after its files were written.
fn built() -> Site {
    let site = Site::new().articles(3, "Thời sự").article(json!({
        "id": "e", "url": "/e", "title": "Sắp đăng", "date_published": "2026-11-20T18:00:00+07:00", "category": "Thời sự",
    }));
    thread::sleep(Duration::from_millis(1200));
    site.run(&["build"]).exits(0);
    site
}

fn verbose(site: &Site, more: &[&str]) -> Run {
    site.run(&[&["build", "-v"], more].concat())
}

#[test]
fn nothing_is_read_where_nothing_has_changed() {
    let site = built();
    let (tree, first) = (site.tree(), site.run(&["build", "--format", "json"]).exits(0).json());
    let second = verbose(&site, &["--format", "json"]).exits(0).says(&[STILL]).json();
    assert_eq!(first, second);
    assert_eq!(second["feeds"][0]["status"], "unchanged");
    assert_eq!(site.tree(), tree);
    assert!(!verbose(&site, &["--force"]).exits(0).stderr.contains(STILL));
    assert!(verbose(&site, &[]).exits(0).stderr.contains(STILL));
}

#[test]
fn what_was_just_written_is_not_trusted() {
    let site = Site::new().articles(3, "Thời sự");
    site.run(&["build"]).exits(0);
    assert!(!verbose(&site, &[]).exits(0).stderr.contains(STILL));
}

#[test]
fn a_change_of_the_same_length_and_time_is_seen() {
    let site = built();
    let path = site.path("articles.jsonl");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let changed = site.read("articles.jsonl").replace("Tin số 1", "Tin số X");
    site.write("articles.jsonl", changed.as_bytes());
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert!(!verbose(&site, &[]).exits(0).stderr.contains(STILL));
    assert!(site.read("public/tin-moi/rss.xml").contains("Tin số X"));
}

#[test]
fn an_embargo_that_ends_is_a_change() {
    let site = built();
    assert!(verbose(&site, &["--now", "2026-11-20T17:59:59+07:00"]).exits(0).stderr.contains(STILL));
    assert!(!verbose(&site, &["--now", "2026-11-20T18:00:00+07:00"]).exits(0).stderr.contains(STILL));
    assert!(site.read("public/tin-moi/rss.xml").contains("Sắp đăng"));
}

#[test]
fn an_article_that_expires_is_a_change() {
    let site = Site::new().articles(3, "Thời sự").article(json!({
        "id": "x", "url": "/x", "title": "Hết hạn", "date_published": "2026-11-20T10:00:00+07:00",
        "expires": "2026-11-20T18:00:00+07:00",
    }));
    thread::sleep(Duration::from_millis(1200));
    site.run(&["build"]).exits(0);
    assert!(site.read("public/tin-moi/rss.xml").contains("Hết hạn"));
    assert!(verbose(&site, &["--now", "2026-11-20T17:59:59+07:00"]).exits(0).stderr.contains(STILL));
    verbose(&site, &["--now", "2026-11-20T18:00:00+07:00"]).exits(0);
    assert!(!site.read("public/tin-moi/rss.xml").contains("Hết hạn"));
}

#[test]
fn files_that_somebody_removed_or_edited_are_written_again() {
    let site = built();
    let tree = site.tree();
    fs::remove_file(site.path("public/tin-moi/atom.xml")).unwrap();
    assert!(!verbose(&site, &[]).exits(0).stderr.contains(STILL));
    assert_eq!(site.tree(), tree);
    fs::write(site.path("public/thoi-su/rss.xml"), "edited").unwrap();
    assert!(!verbose(&site, &[]).exits(0).stderr.contains(STILL));
    assert_eq!(site.tree(), tree);
}

#[test]
fn another_configuration_or_another_file_is_a_change() {
    let site = built();
    let text = site.read("feeds.toml").replace("Báo Thử", "Báo Khác");
    site.write("feeds.toml", text.as_bytes());
    assert!(!verbose(&site, &[]).exits(0).stderr.contains(STILL));
    assert!(site.read("public/index.html").contains("Báo Khác"));
}

#[test]
fn strict_still_refuses_what_was_left_out() {
    let site =
        Site::new().articles(3, "Thời sự").article(json!({"id": "b", "date": "31/02/2026", "title": "x"}));
    thread::sleep(Duration::from_millis(1200));
    site.run(&["build"]).exits(0);
    verbose(&site, &[]).exits(0).says(&[STILL, "31 February"]);
    verbose(&site, &["--strict"]).exits(1);
}
