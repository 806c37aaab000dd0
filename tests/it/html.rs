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

const ARTICLE: &str = "<html lang=vi><meta charset=utf-8><meta property=og:type content=article><meta property=og:title content='Mưa'>\
    <meta property=article:section content='Thời sự'><meta property=article:published_time content='2026-11-20T08:00:00+07:00'>\
    <article><h1>Mưa</h1><p>Lớn. <a href=b.html>b</a></article>";

fn pages() -> Site {
    Site::new()
        .config(
            r#"
            [site]
            title = "Báo Thử"
            url = "https://bao.example/tin/"
            language = "vi"
            [[source]]
            path = "trang"
            fields = { tags = "meta.nhan" }
            "#,
        )
        .file("trang/xa-hoi/mua.html", &ARTICLE.replace("<article>", "<meta name=nhan content=lũ><article>"))
        .file("trang/xa-hoi/gio.shtml", &ARTICLE.replace("Mưa", "Gió"))
        .file("trang/index.htm", "<meta property=og:type content=website><title>Báo</title>")
        .file("trang/tim.html", "<title>Tìm</title>")
        .file("trang/hong.html", &ARTICLE.replace("2026-11-20T08", "2026-13-20T08"))
}

#[test]
fn pages_are_read_passed_over_and_left_out() {
    let site = pages();
    let run = site.run(&["build"]).exits(0);
    assert!(run.stderr.contains("trang/hong.html:1:"), "{}", run.stderr);
    assert!(run.stderr.contains("there is no month 13"), "{}", run.stderr);
    let items = items(&site, "tin-moi");
    assert_eq!(items.len(), 2);
    let rain = items.iter().find(|item| item["title"] == "Mưa").unwrap();
    // Without an address of its own a page is where its file lies, and so are those it leads to.
    assert_eq!(rain["url"], "https://bao.example/tin/xa-hoi/mua.html");
    assert_eq!(rain["content_html"], "<p>Lớn. <a href=\"https://bao.example/tin/xa-hoi/b.html\">b</a></p>");
    assert_eq!(rain["tags"], json!(["Thời sự", "lũ"]));
    site.run(&["check"]).exits(0);
}

#[test]
fn it_is_told_where_fields_come_from() {
    let site = pages();
    let run = site.run(&["explain", "https://bao.example/tin/xa-hoi/mua.html"]).exits(0);
    for line in [
        "title: og:title",
        "date_published: article:published_time",
        "tags: meta.nhan",
        "content_html: `article`",
    ] {
        assert!(run.stdout.contains(&format!("from       {line}\n")), "no {line} in\n{}", run.stdout);
    }
    let report = site.run(&["list", "--sources", "--format", "json"]).exits(0).json();
    let source = &report["sources"][0];
    assert_eq!(
        (&source["files"], &source["articles"], &source["left_out"]),
        (&json!(5), &json!(2), &json!(1))
    );
    assert_eq!(
        source["passed_over"],
        json!({"it states that it is website (og:type)": 1, "it states neither that it is an article nor when it was published (a list of articles is read with `format = \"html-list\"`)": 1})
    );
    let title = json!({"field": "title", "from": "og:title", "articles": 2, "example": "Gió"});
    assert!(source["fields"].as_array().unwrap().contains(&title), "{source:#}");
    let table = site.run(&["list", "--sources"]).exits(0).stdout;
    assert!(table.contains("2 articles, 2 passed over, 1 left out"), "{table}");
    assert!(table.contains("passed over 1: it states that it is website (og:type)"), "{table}");
}

const LIST: &str = "<link rel=canonical href=https://bao.example/tin/>\n<div class=moi>\n<div class='bai x'><h3><a href='a.html?x=1&amp;y=2'>A &amp; B</a></h3><i>20/11/2026 08:00</i><img data-src=/a.jpg></div>\n\
    <div class='bai y'><h3><a href=b.html>B</a></h3><i>19/11/2026</i><b>Xã hội</b><b>Mưa</b></div>\n<div class=bai></div></div>";

fn list(select: &str) -> Site {
    let config = format!(
        "[site]\ntitle = \"Báo Thử\"\nurl = \"https://bao.example/\"\nlanguage = \"vi\"\n[[source]]\npath = \"l.html\"\nformat = \"html-list\"\n[source.select]\n{select}\n"
    );
    Site::new().config(&config).file("l.html", LIST)
}

#[test]
fn lists_are_read_by_selectors() {
    let site = list(
        "item = \".bai\"\ndate = \"i\"\ncategory = \"b\"\nimage = [\"img@src\", \"img@data-src\"]\nsummary = \"h3\"\ncontent = \"h3\"",
    );
    site.run(&["build"]).exits(0);
    let items = items(&site, "tin-moi");
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["url"], "https://bao.example/tin/a.html?x=1&y=2");
    assert_eq!(
        (&items[0]["title"], &items[0]["image"]),
        (&json!("A & B"), &json!("https://bao.example/a.jpg"))
    );
    assert_eq!(
        items[0]["content_html"],
        "<a href=\"https://bao.example/tin/a.html?x=1&amp;y=2\">A &amp; B</a>"
    );
    assert_eq!(
        (&items[1]["tags"], &items[1]["date_published"]),
        (&json!(["Xã hội", "Mưa"]), &json!("2026-11-19T00:00:00Z"))
    );
    site.run(&["check"]).exits(0);
    let table = site.run(&["list", "--sources"]).exits(0).stdout;
    for row in [
        "title                  2  select.title `h1, h2, h3, h4, h5, h6`",
        "image                  1  select.image `img@data-src`",
    ] {
        assert!(table.contains(row), "{table}");
    }
    assert!(table.contains("passed over 1: an item with neither a title nor an address"), "{table}");
    let explained = site.run(&["explain", "https://bao.example/tin/b.html"]).exits(0).stdout;
    assert!(
        explained.contains("l.html:4:") && explained.contains("categories: select.category `b`"),
        "{explained}"
    );
}

#[test]
fn selectors_that_catch_nothing_are_errors() {
    for (select, message, help) in [
        (
            "item = \".bao\"",
            "left out: `select.item` catches nothing on the page: `.bao`",
            "did you mean `.bai`? it catches 3 elements",
        ),
        (
            "item = \".bai\"\nurl = \"h2 a@href\"",
            "left out: `select.url` catches nothing in any item: `h2 a@href`",
            "look at the page's source",
        ),
        (
            "item = \".bai\"\nimage = \"img@src\"",
            "dropped: `select.image` catches nothing in any item: `img@src`",
            "`img` catches 1 element, which have data-src",
        ),
        (
            "item = \".bai\"\ndate = \"h3 > i\"",
            "dropped: `select.date` catches nothing in any item: `h3 > i`",
            "`h3` alone catches 2 elements",
        ),
    ] {
        let run = list(select).run(&["list"]).exits(0);
        assert!(run.stderr.contains(&format!("l.html:1:1: {message}\n")), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("help: {help}")), "{}", run.stderr);
    }
}
