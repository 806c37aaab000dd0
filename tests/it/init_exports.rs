//! `init` in folders of what other systems wrote: pages, exports, databases, feeds. What it drafts is built as it stands.

use crate::site::Site;
use serde_json::Value;

fn folder(files: &[(&str, &str)]) -> Site {
    let site = files.iter().fold(Site::new(), |site, (path, content)| site.file(path, content));
    std::fs::remove_file(site.path("feeds.toml")).unwrap();
    site
}

/// Drafts, finds that in the draft, builds it, and gives the newest article.
#[track_caller]
fn drafted(site: &Site, found: &str, holds: &[&str]) -> Value {
    let run = site.run(&["init"]).exits(0).prints(&[found]);
    assert_eq!(run.stderr, "");
    let draft = site.read("feeds.toml");
    for part in holds {
        assert!(draft.contains(part), "no {part:?} in\n{draft}");
    }
    let run = site.run(&["build", "--now", "2026-12-01T00:00:00Z"]).exits(0);
    assert_eq!(run.stderr, "");
    let feed: Value = serde_json::from_str(&site.read("public/tin-moi/feed.json")).unwrap();
    assert!(site.path("public/xa-hoi/rss.xml").exists());
    feed["items"][0].clone()
}

fn page(number: u32, section: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>Mưa lớn {number} - Báo Bản</title>\
         <link rel=canonical href=https://bao.example/xa-hoi/tin-{number}.html>\
         <meta property=og:type content=article><meta property=og:site_name content='Báo Bản'>\
         <meta property=article:published_time content=2026-11-2{number}T17:00:00+07:00>\
         <meta property=article:section content='{section}'></head>\
         <body><h1>Mưa lớn {number}</h1><article><p>Nước lên nhanh.</p></article></body></html>"
    )
}

#[test]
fn pages() {
    let front = "<!DOCTYPE html><title>Báo Bản</title><h1>Báo Bản</h1><a href=/xa-hoi/tin-1.html>Mưa lớn</a>";
    let site = folder(&[
        ("index.html", front),
        ("xa-hoi/tin-1.html", &page(1, "Xã hội")),
        ("xa-hoi/tin-2.html", &page(2, "Xã hội")),
    ]);
    let item = drafted(
        &site,
        "xa-hoi/*.html (html: 2 articles in 2 files)",
        &[
            "= \"Báo Bản\"",
            "= \"https://bao.example/\"",
            "language      = \"vi\"",
            "path = \"xa-hoi/*.html\"",
        ],
    );
    assert_eq!(item["url"], "https://bao.example/xa-hoi/tin-2.html");
    assert_eq!(item["title"], "Mưa lớn 2");
}

const WXR: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Báo Bản</title><link>https://bao.example</link><language>vi</language>
<item><title>Mưa lớn</title><link>https://bao.example/mua-lon/</link><guid isPermaLink="false">https://bao.example/?p=7</guid>
<content:encoded><![CDATA[Nhà ngập.]]></content:encoded><wp:post_id>7</wp:post_id><wp:post_date>2026-11-20 17:00:00</wp:post_date>
<wp:post_date_gmt>2026-11-20 10:00:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="xa-hoi"><![CDATA[Xã hội]]></category></item></channel></rss>"#;

#[test]
fn an_export_of_wordpress() {
    let holds = ["= \"Báo Bản\"", "= \"https://bao.example/\"", "path = \"bao.xml\""];
    let item = drafted(&folder(&[("bao.xml", WXR)]), "bao.xml (feed: 1 article in 1 file)", &holds);
    assert_eq!(item["id"], "https://bao.example/?p=7");
}

#[test]
fn an_export_of_ghost() {
    let export = r#"{"db": [{"meta": {"version": "5.8.0"}, "data": {
        "posts": [{"id": "1", "title": "Mưa lớn", "slug": "mua-lon", "type": "post", "html": "<p>Nhà ngập.</p>",
          "status": "published", "visibility": "public", "published_at": "2026-11-20T10:00:00.000Z"}],
        "posts_tags": [{"post_id": "1", "tag_id": "a", "sort_order": 0}],
        "tags": [{"id": "a", "name": "Xã hội", "slug": "xa-hoi", "visibility": "public"}],
        "settings": [{"key": "title", "value": "Báo Bản"}, {"key": "timezone", "value": "Asia/Bangkok"}, {"key": "accent_color", "value": null}]}}]}"#;
    let holds = [
        "= \"Báo Bản\"",
        "= \"Asia/Bangkok\"",
        "path = \"bao.json\"",
        "url  = \"https://www.example.org/{slug}/\"",
    ];
    let item = drafted(&folder(&[("bao.json", export)]), "bao.json (json: 1 article in 1 file)", &holds);
    assert_eq!(item["url"], "https://www.example.org/mua-lon/");
}

#[test]
fn a_feed() {
    let feed = "<rss version=\"2.0\"><channel><title>Báo Bản</title><link>https://bao.example/</link><description>Tin</description>\
        <language>vi</language><item><title>Mưa lớn</title><link>https://bao.example/mua.html</link><category>Xã hội</category>\
        <pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item></channel></rss>";
    let holds = ["= \"Báo Bản\"", "= \"https://bao.example/\"", "path = \"rss.xml\""];
    let item = drafted(&folder(&[("rss.xml", feed)]), "rss.xml (feed: 1 article in 1 file)", &holds);
    assert_eq!(item["url"], "https://bao.example/mua.html");
}

#[test]
fn a_database() {
    let site =
        folder(&[("data/khong.db", "no database at all"), ("data/cat.sqlite", "SQLite format 3\0cut")]);
    let database = rusqlite::Connection::open(site.path("data/tin.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE users (id INTEGER, name TEXT); INSERT INTO users VALUES (1, 'Lò Văn An');
             CREATE TABLE \"bài \"\"viết\" (id INTEGER PRIMARY KEY, tieu_de TEXT, noi_dung TEXT, ngay_dang TEXT, chuyen_muc TEXT);
             INSERT INTO \"bài \"\"viết\" VALUES (1, 'Mưa lớn', '<p>Nhà ngập.</p>', '2026-11-20 17:00:00', 'Xã hội'),
               (2, 'Nắng', '<p>Nóng.</p>', '2026-11-19 17:00:00', 'Xã hội');",
        )
        .unwrap();
    drop(database);
    let holds = [
        "url           = \"sqlite:data/tin.db\"",
        "title = \"tieu_de\"",
        "# article_url = \"https://www.example.org/{id}.html\"",
    ];
    let item = drafted(&site, "sqlite:data/tin.db bài \"viết (sqlite: 2 articles in 1 file)", &holds);
    assert_eq!(item["title"], "Mưa lớn");
    assert_eq!(item["date_published"], "2026-11-20T17:00:00+07:00");
}
