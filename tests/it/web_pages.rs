//! Pages and feeds from the web: what is relative in them is so to the address that they came from.

use crate::site::{HEAD, Site};
use crate::web_server::{Server, answer};
use serde_json::Value;

fn page(head: &str, body: &str) -> Vec<u8> {
    format!(
        "<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>Mưa lớn</title>{head}\
         <meta property=article:published_time content=2026-11-20T17:00:00+07:00>\
         <meta property=og:type content=article><meta property=og:image content=anh/a.jpg></head>\
         <body><h1>Mưa lớn</h1><article><p>Nước lên nhanh. {body}</p></article></body></html>"
    )
    .into_bytes()
}

const BODY: &str = "<a href=tiep.html>Tiếp</a> <a href=/goc.html>Gốc</a> <img src=b.jpg alt=x>";

/// The one article of what the server answers, at that path, fetched as `host`.
fn article(server: &Server, host: &str, path: &str, rest: &str) -> Value {
    let source = format!("url = \"http://{host}:{}{path}\"\nallow_private = true\n{rest}", server.port());
    let site = Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", &source));
    site.run(&["build"]).exits(0).prints(&["1 article from 1 file"]);
    let feed: Value = serde_json::from_str(&site.read("public/tin-moi/feed.json")).unwrap();
    feed["items"][0].clone()
}

fn html(page: Vec<u8>) -> Server {
    Server::start(move |request, stream| match request.target.as_str() {
        "/di" => answer(stream, "302 Found", &[("Location", "/xa-hoi/tin-17.html?phien=geheim")], b""),
        _ => answer(stream, "200 OK", &[("Content-Type", "text/html; charset=utf-8")], &page),
    })
}

#[test]
fn links_are_relative_to_where_the_page_came_from() {
    let server = html(page("", BODY));
    let at = |path: &str| server.url(path);
    for path in ["/xa-hoi/tin-17.html", "/di"] {
        let item = article(&server, "127.0.0.1", path, "");
        // Where it was redirected to, without what a visit is given.
        assert_eq!(item["url"], at("/xa-hoi/tin-17.html"), "{path}");
        assert_eq!(item["image"], at("/xa-hoi/anh/a.jpg"), "{path}");
        let text = item["content_html"].as_str().unwrap();
        for link in ["/xa-hoi/tiep.html", "/goc.html", "/xa-hoi/b.jpg"] {
            assert!(text.contains(&format!("\"{}\"", at(link))), "{path}: {text}");
        }
    }
}

#[test]
fn parameters_are_a_part_of_the_address() {
    let item = article(&html(page("", BODY)), "127.0.0.1", "/tin.php?id=17", "");
    assert!(item["url"].as_str().unwrap().ends_with("/tin.php?id=17"), "{item}");
}

#[test]
fn a_base_and_an_address_of_its_own_hold() {
    let server = html(page("<base href=/khac/><link rel=canonical href=17.html>", BODY));
    let item = article(&server, "127.0.0.1", "/xa-hoi/tin-17.html?utm=x", "");
    assert_eq!(item["url"], server.url("/khac/17.html"));
    assert!(item["content_html"].as_str().unwrap().contains(&server.url("/khac/tiep.html")), "{item}");
    // The same host: links count from where the page was, as in a browser.
    let server = html(page("<link rel=canonical href=/bai/17.html>", BODY));
    let item = article(&server, "127.0.0.1", "/xa-hoi/tin-17.html", "");
    assert_eq!(item["url"], server.url("/bai/17.html"));
    assert!(item["content_html"].as_str().unwrap().contains(&server.url("/xa-hoi/tiep.html")), "{item}");
}

#[test]
fn nothing_leads_behind_the_house() {
    let canonical = "<link rel=canonical href=https://bao.example/xa-hoi/tin-17.html>";
    let item = article(&html(page(canonical, BODY)), "127.0.0.1", "/noi-bo/17.html", "");
    assert_eq!(item["url"], "https://bao.example/xa-hoi/tin-17.html");
    assert_eq!(item["image"], "https://bao.example/xa-hoi/anh/a.jpg");
    let text = item.to_string();
    assert!(text.contains("https://bao.example/xa-hoi/tiep.html") && !text.contains("127.0.0.1"), "{text}");
}

#[test]
fn a_list_is_relative_to_where_it_came_from() {
    let list = "<!DOCTYPE html><ul><li><a href=tin-17.html>Mưa lớn</a><img src=a.jpg></ul>";
    let rest = "format = \"html-list\"\n[source.select]\nitem = \"li\"\ntitle = \"a\"\nurl = \"a@href\"\nimage = \"img@src\"\n";
    let server = html(list.as_bytes().to_vec());
    let item = article(&server, "127.0.0.1", "/xa-hoi/trang-1.html", rest);
    assert_eq!(item["url"], server.url("/xa-hoi/tin-17.html"));
    assert_eq!(item["image"], server.url("/xa-hoi/a.jpg"));
}

#[test]
fn a_feed_without_an_address_has_that_where_it_was_fetched() {
    let feed = "<rss version=\"2.0\"><channel><title>Báo</title><item><title>Mưa</title><link>tin/17.html</link>\
                <pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate></item></channel></rss>";
    let server = Server::start(move |_, stream| {
        answer(stream, "200 OK", &[("Content-Type", "application/rss+xml")], feed.as_bytes());
    });
    let item = article(&server, "127.0.0.1", "/x/rss.xml", "");
    assert_eq!(item["url"], server.url("/x/tin/17.html"));
}
