//! Feeds and exports of other systems as sources: the examples of docs/sources/, and real files where a checkout has them
//! beside it (`../shared/data`).

use crate::site::Site;
use crate::web_server::{Server, json as json_answer};
use serde_json::{Value, json};
use std::path::Path;

/// The fenced blocks of a page that name a file: path and text.
fn files(page: &str) -> Vec<(&str, String)> {
    let mut files = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some((_, path)) = info.split_once(' ') {
            files.push((path, block.join("\n") + "\n"));
        }
    }
    files
}

/// The newspaper of a page's example, and the report of its build.
fn example(page: &str) -> (Site, Value) {
    let site = Site::new();
    let files = files(page);
    assert!(files.iter().any(|(path, _)| *path == "feeds.toml") && files.len() > 1);
    for (path, text) in &files {
        site.write(path, text.as_bytes());
        if path.ends_with(".sql") {
            let database = rusqlite::Connection::open(site.path(&path.replace(".sql", ".db"))).unwrap();
            database.execute_batch(text).unwrap();
        }
        #[cfg(unix)]
        if path.ends_with(".sh") {
            let may_run = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(site.path(path), may_run).unwrap();
        }
    }
    built(site)
}

/// What is built without a remark and without a fault.
#[track_caller]
fn built(site: Site) -> (Site, Value) {
    let run = ["build", "--format", "json", "--now", "2026-12-01T00:00:00+07:00"];
    let report = site.run(&run).exits(0).json();
    assert_eq!(report["diagnostics"], json!([]));
    site.run(&["check"]).exits(0);
    (site, report)
}

fn items(site: &Site, feed: &str) -> Vec<Value> {
    let feed: Value = serde_json::from_str(&site.read(&format!("public/{feed}/feed.json"))).unwrap();
    feed["items"].as_array().unwrap().clone()
}

#[test]
fn the_example_of_feeds_is_built() {
    let (site, report) = example(include_str!("../../docs/sources/feed.md"));
    assert_eq!((&report["counts"]["records"], &report["counts"]["replaced"]), (&json!(3), &json!(1)));
    let items = items(&site, "tin-moi");
    let ids: Vec<&Value> = items.iter().map(|item| &item["id"]).collect();
    assert_eq!(ids, ["https://b.example/cho-phien.html", "https://a.example/mua-lon.html"]);
    assert_eq!(items[1]["summary"], "Nhiều nhà bị ngập, nước còn lên.");
}

#[test]
#[cfg(unix)]
fn the_example_of_a_program_is_built() {
    let (site, report) = example(include_str!("../../docs/sources/command.md"));
    assert_eq!(report["counts"]["articles"], 1);
    assert_eq!(items(&site, "xa-hoi")[0]["url"], "https://baosonla.example/tin/mua-lon.html");
}

#[test]
fn the_example_of_a_database_is_built() {
    let (site, report) = example(include_str!("../../docs/sources/database.md"));
    assert_eq!(report["counts"]["articles"], 1);
    let item = &items(&site, "xa-hoi")[0];
    assert_eq!(item["date_published"], "2026-11-20T17:00:00+07:00");
    assert_eq!(item["date_modified"], "2026-11-20T18:00:00+07:00");
}

/// The address of the example is that of a server here, which is of the own network.
#[test]
fn the_example_of_the_web_is_built() {
    let files = files(include_str!("../../docs/sources/web.md"));
    let text = |wanted: &str| files.iter().find(|(path, _)| *path == wanted).unwrap().1.clone();
    let answer: Value = serde_json::from_str(&text("api/articles.json")).unwrap();
    let server = Server::start(move |_, stream| json_answer(stream, &answer));
    let there = "url = \"https://baosonla.example/api/articles.json\"";
    let here = format!("url = \"{}\"\nallow_private = true", server.url("/api/articles.json"));
    let config = text("feeds.toml");
    assert!(config.contains(there));
    let (site, report) = built(Site::new().config(&config.replace(there, &here)));
    assert_eq!(report["counts"]["articles"], 1);
    assert_eq!(items(&site, "xa-hoi")[0]["url"], "https://baosonla.example/tin/mua-lon.html");
}

/// Every page on sources has an example that is built: a new one is added here, or in html.rs.
#[test]
fn every_page_has_an_example() {
    let tests = [include_str!("exports.rs"), include_str!("html.rs")].concat();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sources")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let page = std::fs::read_to_string(&path).unwrap();
        assert!(page.contains("\n```toml feeds.toml\n"), "{name} has no example");
        assert!(tests.contains(&format!("docs/sources/{name}\"")), "no test builds the example of {name}");
    }
}

#[test]
fn the_example_of_wordpress_is_built() {
    let (site, report) = example(include_str!("../../docs/sources/wxr.md"));
    assert_eq!((&report["counts"]["records"], &report["counts"]["passed_over"]), (&json!(1), &json!(1)));
    let item = &items(&site, "xa-hoi")[0];
    assert_eq!(item["id"], "https://baosonla.example/?p=17");
    assert_eq!(item["image"], "https://baosonla.example/anh/mua.jpg");
    assert_eq!(
        (&item["summary"], &item["authors"][0]["name"]),
        (&json!("Nước lên nhanh trong đêm."), &json!("Lò Văn An"))
    );
}

#[test]
fn the_example_of_ghost_is_built() {
    let (site, report) = example(include_str!("../../docs/sources/ghost.md"));
    assert_eq!(report["counts"]["articles"], 1);
    let item = &items(&site, "xa-hoi")[0];
    assert_eq!(item["url"], "https://baosonla.example/mua-lon/");
    assert_eq!(item["image"], "https://baosonla.example/content/images/mua.jpg");
    assert_eq!(item["authors"], json!([{"name": "Lò Văn An"}]));
}

#[test]
fn the_example_of_ninjs_is_built() {
    let (site, report) = example(include_str!("../../docs/sources/ninjs.md"));
    assert_eq!((&report["counts"]["articles"], &report["counts"]["withdrawn"]), (&json!(1), &json!(1)));
    let item = &items(&site, "xa-hoi")[0];
    assert_eq!(
        (&item["id"], &item["url"]),
        (&json!("tag:agency.example,2026:17"), &json!("https://baosonla.example/tin/mua-lon.html"))
    );
    assert_eq!(item["image"], "https://agency.example/17.jpg");
    assert_eq!(item["date_modified"], "2026-11-20T18:00:00+07:00");
}

#[test]
fn a_wordpress_as_it_really_was() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/wordpress-export/wordpress.xml");
    if !path.is_file() {
        return println!("skipped: there is no {}", path.display());
    }
    let site = Site::new().config(&format!(
        "[site]\ntitle = \"Blog\"\nurl = \"https://blog.example/\"\nlanguage = \"fr\"\ntimezone = \"Europe/Paris\"\n[[source]]\npath = \"{}\"\n",
        path.display()
    ));
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    let counts = json!({
        "files": 1, "records": 102, "articles": 102, "replaced": 0, "withdrawn": 0, "left_out": 0, "passed_over": 205,
        "homeless": 0,
    });
    assert_eq!((&report["counts"], &report["diagnostics"]), (&counts, &json!([])));
    site.run(&["check", "--deny", "warning"]).exits(0);
}

/// The repair shop: what comes out of a feed that no strict parser reads is right in every way.
#[test]
fn a_bad_feed_is_made_a_good_one() {
    let bad = b"\n<br />Notice: x\n<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>B\xE1o</title>
<link>https://bao.example</link><item><title>M\xC6\xB0a & l\xC5\xA9 &nbsp;\x0B <3</title><link>/tin/1.html?a=1&b=2</link>
<description><p>Nh\xC3\xA0 <b>ng\xE1\xBA\xADp<br>n\xC6\xB0\xE1\xBB\x9Bc l\xC3\xAAn</description><guid>17</guid>
<pubDate>Th\xE1\xBB\xA9 s\xC3\xA1u, 20/11/2026, 10:00 (GMT+7)</pubDate></item>
<item><title>Hai</title><link>https://bao.example/2.html</link><pubDate>20/11/2026 09:00</pubDate></item><item><title>Ba";
    let site = Site::new().config(
        "[site]\ntitle = \"Báo\"\nurl = \"https://bao.example/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n[[source]]\npath = \"bad.rss\"\n",
    );
    site.write("bad.rss", bad);
    site.run(&["build"]).exits(0).says(&[
        "bad.rss:3:",
        "not all text is UTF-8",
        "bad.rss:7:",
        "the file breaks off in the midst of this entry",
    ]);
    site.run(&["check"]).exits(0);
    let items = items(&site, "tin-moi");
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["title"], "Mưa & lũ <3");
    assert_eq!(items[0]["id"], "https://bao.example/tin/1.html?a=1&b=2");
    assert_eq!(items[0]["content_html"], "<p>Nhà <b>ngập<br>nước lên</b></p>");
    assert_eq!(items[0]["date_published"], "2026-11-20T10:00:00+07:00");
}

/// Runs `init` and `build` in a folder of these files alone; gives what was proposed, and the counts.
#[track_caller]
fn proposed(files: &[(&str, String)]) -> (String, Value) {
    let site = Site::new();
    std::fs::remove_file(site.path("feeds.toml")).unwrap();
    for (path, text) in files {
        site.write(path, text.as_bytes());
    }
    site.run(&["init"]).exits(0);
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    let text = site.read("feeds.toml");
    (text.split_whitespace().collect::<Vec<_>>().join(" "), report["counts"].clone())
}

/// The files of a page's example but for its feeds.toml.
fn data(page: &'static str) -> Vec<(&'static str, String)> {
    let mut files = files(page);
    files.retain(|(path, _)| *path != "feeds.toml");
    files
}

#[test]
fn init_knows_exports() {
    let (text, counts) = proposed(&data(include_str!("../../docs/sources/wxr.md")));
    assert!(text.contains("[[source]] path = \"export.xml\"") && !text.contains("format ="), "{text}");
    assert_eq!(counts["articles"], 1);
    let (text, counts) = proposed(&data(include_str!("../../docs/sources/ghost.md")));
    assert!(text.contains("[[source]] path = \"export.json\"") && !text.contains(" format ="), "{text}");
    assert_eq!(counts["articles"], 1);
    let (text, counts) = proposed(&data(include_str!("../../docs/sources/ninjs.md")));
    assert!(text.contains("[[source]] path = \"agency/*.json\" format = \"ninjs\""), "{text}");
    assert_eq!((&counts["articles"], &counts["withdrawn"]), (&json!(1), &json!(1)));
}

#[test]
fn init_takes_a_feed_where_there_is_nothing_else() {
    let feeds = data(include_str!("../../docs/sources/feed.md"));
    let (text, counts) = proposed(&feeds[..1]);
    assert!(text.contains("title = \"Báo A\"") && text.contains("language = \"vi\""), "{text}");
    assert!(
        text.contains("url = \"https://a.example/\"") && text.contains("path = \"feeds/a.xml\""),
        "{text}"
    );
    assert_eq!(counts["articles"], 1);
    let article =
        json!({"url": "https://a.example/1.html", "title": "Một", "date": "2026-11-20", "content": "x"});
    let (text, _) = proposed(&[feeds[0].clone(), ("articles.jsonl", article.to_string())]);
    assert!(text.contains("path = \"articles.jsonl\"") && !text.contains("a.xml"), "{text}");
}
