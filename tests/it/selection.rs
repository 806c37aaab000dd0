//! Which articles are in which feed, and in which order.

use crate::site::{HEAD, NOW, Site, record, with};
use serde_json::{Value, json};
use std::fs;

/// The keys of a feed's entries, in its order; empty where the feed is not written.
fn keys(site: &Site, slug: &str) -> Vec<String> {
    let Ok(text) = fs::read_to_string(site.path(&format!("public/{slug}/feed.json"))) else {
        return Vec::new();
    };
    let feed: Value = serde_json::from_str(&text).unwrap();
    let key = |item: &Value| item["id"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    feed["items"].as_array().unwrap().iter().map(key).collect()
}

/// A newspaper with those feeds.
fn feeds(text: &str) -> Site {
    Site::new().config(&format!("{HEAD}\n{text}"))
}

/// A newspaper with those words under [output], and one feed of everything.
fn output(text: &str) -> Site {
    let head = HEAD.replace("[output]", &format!("[output]\n{text}"));
    Site::new().config(&format!("{head}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n"))
}

#[test]
fn newest_first_and_ties_by_id() {
    let site = Site::new();
    // 10:00 in Hanoi is 03:00 in Greenwich: moments count, not what is written.
    let moment = |id: &str, date: &str| with(record(id, 1), "date_published", date);
    site.records(&[
        moment("c", "2026-11-20T10:00:00+07:00"),
        moment("a", "2026-11-20T03:00:00Z"),
        moment("old", "2026-11-20T09:59:59+07:00"),
        moment("b", "2026-11-20T12:00:00+09:00"),
        moment("new", "2026-11-20T04:00:00Z"),
    ]);
    site.run(&["build"]).exits(0);
    assert_eq!(keys(&site, "tin-moi"), ["new", "a", "b", "c", "old"]);
    for name in ["rss.xml", "atom.xml"] {
        let text = site.read(&format!("public/tin-moi/{name}"));
        let places: Vec<usize> =
            keys(&site, "tin-moi").iter().map(|key| text.find(&format!("2005:{key}<")).unwrap()).collect();
        assert!(places.is_sorted(), "{name}: {places:?}");
    }
}

#[test]
fn the_newest_n() {
    let site = output("limit = 3\nhours = 0");
    site.records(&(0..10).map(|n| record(&format!("a{n}"), n * 10)).collect::<Vec<_>>());
    site.run(&["build"]).exits(0);
    assert_eq!(keys(&site, "tin-moi"), ["a0", "a1", "a2"]);
}

/// A busy section holds more than its limit: all within the hours of its newest entry, not of the clock.
#[test]
fn all_within_the_hours_where_those_are_more() {
    let site = output("limit = 3\nhours = 2");
    let records: Vec<Value> = (0..10).map(|n| record(&format!("a{n}"), n * 20)).collect();
    site.records(&records);
    site.run(&["build"]).exits(0);
    // Exactly two hours old is within them.
    assert_eq!(keys(&site, "tin-moi"), ["a0", "a1", "a2", "a3", "a4", "a5", "a6"]);
    site.run(&["build", "--now", "2027-06-01T00:00:00Z"]).exits(0);
    assert_eq!(keys(&site, "tin-moi").len(), 7);
    // A quiet section holds its limit, however old.
    let day = |n: u32| with(record(&format!("b{n}"), 0), "date_published", format!("2026-0{}-01", n + 1));
    site.records(&(0..9).map(day).collect::<Vec<_>>());
    site.run(&["build", "--allow-shrink"]).exits(0);
    assert_eq!(keys(&site, "tin-moi"), ["b8", "b7", "b6"]);
}

#[test]
fn feeds_have_windows_of_their_own() {
    let site = feeds(
        "[[feed]]\ntitle = \"Mọi tin\"\ncategory = \"*\"\n[[feed]]\ntitle = \"Thời sự\"\nlimit = 2\nhours = 0\n",
    );
    site.records(&(0..5).map(|n| record(&format!("a{n}"), n)).collect::<Vec<_>>());
    site.run(&["build"]).exits(0);
    assert_eq!((keys(&site, "moi-tin").len(), keys(&site, "thoi-su").len()), (5, 2));
}

#[test]
fn no_file_is_larger_than_it_may_be() {
    let site = output("max_size = \"20 KB\"");
    let records: Vec<Value> = (0..40)
        .map(|n| {
            with(
                record(&format!("a{n:02}"), n),
                "content_html",
                format!("<p>{}</p>", "tin & bài ".repeat(60 + n as usize)),
            )
        })
        .collect();
    site.records(&records);
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    let held = keys(&site, "tin-moi");
    assert!(held.len() > 5 && held.len() < 40, "{held:?}");
    assert!(held.iter().enumerate().all(|(n, key)| *key == format!("a{n:02}")), "the newest: {held:?}");
    assert_eq!(report["feeds"][0]["cut"], 40 - held.len());
    let largest = ["rss.xml", "atom.xml", "feed.json"]
        .map(|name| fs::metadata(site.path(&format!("public/tin-moi/{name}"))).unwrap().len())
        .into_iter()
        .max()
        .unwrap();
    // As large as may be: one entry more would not have gone in.
    assert!(largest <= 20_000 && largest > 17_000, "{largest}");
    site.run(&["build"]).exits(0).prints(&["left out for size"]);
}

#[test]
fn an_article_longer_than_half_a_file_appears_with_its_summary() {
    let site = output("max_size = \"20 KB\"");
    let long = with(record("long", 1), "content_html", format!("<p>{}</p>", "dài ".repeat(3000)));
    site.records(&[record("a", 0), with(long, "summary", "Tóm tắt bài dài."), record("b", 2)]);
    site.run(&["build"]).exits(0).says(&[
        "articles.jsonl:2:",
        "dropped",
        "its feeds carry the summary alone",
    ]);
    assert_eq!(keys(&site, "tin-moi"), ["a", "long", "b"]);
    for name in ["rss.xml", "atom.xml", "feed.json"] {
        let text = site.read(&format!("public/tin-moi/{name}"));
        assert!(text.contains("Tóm tắt bài dài.") && !text.contains("dài dài"), "{name}");
        assert!(text.contains("Nội dung của b."), "{name}");
    }
    // Without a summary, the beginning of the text stands in.
    let long = with(record("long", 1), "content_html", format!("<p>Mở đầu {}</p>", "dài ".repeat(3000)));
    site.records(&[record("a", 0), long, record("b", 2)]);
    site.run(&["build"]).exits(0);
    assert!(site.read("public/tin-moi/rss.xml").contains("Mở đầu dài"));
}

#[test]
fn a_newest_entry_that_never_fits() {
    let site = output("max_size = \"2 KB\"");
    let tags: Vec<String> = (0..400).map(|n| format!("thẻ {n}")).collect();
    site.records(&[with(record("a", 0), "tags", json!(tags)), record("b", 1)]);
    site.run(&["build"]).exits(0).says(&["articles.jsonl:1:", "no feed can hold it"]);
    assert_eq!(keys(&site, "tin-moi"), ["b"]);
    // A feed may be given less room than the others.
    let site = feeds("[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\nmax_size = \"2 KB\"");
    site.records(&[with(record("a", 0), "tags", json!(tags)), record("b", 1)]);
    site.run(&["build"]).exits(1).says(&["held back", "larger than 2000 bytes", "max_size"]);
    assert!(!site.path("public/tin-moi").exists());
}

#[test]
fn summaries_alone() {
    let site = output("content = \"summary\"");
    site.records(&[with(record("a", 0), "summary", "Tóm tắt."), record("b", 1)]);
    site.run(&["build"]).exits(0);
    let feed: Value = serde_json::from_str(&site.read("public/tin-moi/feed.json")).unwrap();
    assert_eq!(feed["items"][0]["summary"], "Tóm tắt.");
    assert!(!site.read("public/tin-moi/rss.xml").contains("content:encoded"));
    assert!(
        site.read("public/tin-moi/rss.xml").contains("Nội dung của b."),
        "the text stands in for a summary"
    );
}

#[test]
fn filters() {
    let site = feeds(
        r#"
        [[feed]]
        title = "Thời sự"
        [[feed]]
        title = "Hai mục"
        category = ["Kinh tế", "THE THAO"]
        [[feed]]
        title = "Bóng đá"
        tags = ["bóng đá", "V-League"]
        [[feed]]
        title = "Của Lan"
        authors = "Nguyễn Thị Lan"
        [[feed]]
        title = "English"
        language = "en"
        [[feed]]
        title = "Không thể thao"
        slug = "khong-the-thao"
        exclude = { category = "Thể thao" }
        [[feed]]
        title = "Không quảng cáo"
        category = "*"
        exclude = { tags = "quảng cáo", authors = ["PV"], language = "en" }
        [[feed]]
        title = "Cả hai"
        category = "Thể thao"
        tags = "bóng đá"
        "#,
    );
    let in_category = |id: &str, minutes, category: &str| with(record(id, minutes), "category", category);
    site.records(&[
        in_category("news", 1, "Thời sự"),
        in_category("money", 2, "Kinh tế"),
        with(in_category("ball", 3, "Thể thao"), "tags", json!(["Bóng Đá"])),
        with(in_category("league", 4, "Kinh tế"), "tags", "vleague, v league"),
        with(in_category("lan", 5, "Thời sự"), "author", "NGUYEN THI LAN"),
        with(in_category("english", 6, "News"), "language", "en-GB"),
        with(in_category("ad", 7, "Kinh tế"), "tags", json!(["Quảng cáo"])),
        with(in_category("pv", 8, "Thể thao"), "author", json!({"name": "PV"})),
        with(in_category("two", 9, ""), "category", json!(["Thời sự", "Thể thao"])),
    ]);
    site.run(&["build"]).exits(0);
    assert_eq!(keys(&site, "thoi-su"), ["news", "lan", "two"]);
    assert_eq!(keys(&site, "hai-muc"), ["money", "ball", "league", "ad", "pv", "two"]);
    assert_eq!(keys(&site, "bong-da"), ["ball", "league"]);
    assert_eq!(keys(&site, "cua-lan"), ["lan"]);
    assert_eq!(keys(&site, "english"), ["english"]);
    assert_eq!(keys(&site, "khong-the-thao"), ["news", "money", "league", "lan", "english", "ad"]);
    assert_eq!(keys(&site, "khong-quang-cao"), ["news", "money", "ball", "league", "lan", "two"]);
    assert_eq!(keys(&site, "ca-hai"), ["ball"]);
}

#[test]
fn spellings_of_a_category_are_one() {
    let site = feeds("[[feed]]\ntitle = \"Văn hoá – Xã hội\"\n");
    let spellings = [
        "Văn hoá – Xã hội",
        "VĂN HÓA - XÃ HỘI",
        "van-hoa-xa-hoi",
        "Va\u{306}n hoa\u{301} – Xa\u{303} ho\u{323}\u{302}i",
        "  Văn hóa &ndash; Xã hội ",
        "Văn hóa/Xã hội",
    ];
    let records: Vec<Value> = spellings
        .iter()
        .enumerate()
        .map(|(n, spelling)| with(record(&format!("a{n}"), n as u32), "category", *spelling))
        .collect();
    site.records(&records);
    site.run(&["build"]).exits(0);
    assert_eq!(keys(&site, "van-hoa-xa-hoi"), ["a0", "a1", "a2", "a3", "a4", "a5"]);
    // Without any configured feed they are one feed as well, called as most articles call it.
    let site = Site::new().config(HEAD);
    site.records(&[
        records[1].clone(),
        records[0].clone(),
        records[3].clone(),
        with(record("d", 9), "category", "Đời sống"),
    ]);
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    let feeds: Vec<(&str, u64)> = report["feeds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feed| (feed["slug"].as_str().unwrap(), feed["entries"].as_u64().unwrap()))
        .collect();
    assert_eq!(feeds, [("tin-moi", 4), ("doi-song", 1), ("van-hoa-xa-hoi", 3)]);
    assert_eq!(report["feeds"][2]["title"], "Văn hoá – Xã hội");
}

#[test]
fn an_entry_is_the_same_in_every_feed() {
    let site = Site::new();
    site.records(&[with(record("a", 1), "tags", json!(["x"])), with(record("b", 2), "category", "Khác")]);
    site.run(&["build"]).exits(0);
    let item = |slug: &str| {
        let feed: Value = serde_json::from_str(&site.read(&format!("public/{slug}/feed.json"))).unwrap();
        feed["items"][0].clone()
    };
    assert_eq!(item("tin-moi"), item("thoi-su"));
    let of = |slug: &str, name: &str, from: &str, to: &str| {
        let text = site.read(&format!("public/{slug}/{name}"));
        text.split(from).nth(1).unwrap().split(to).next().unwrap().to_owned()
    };
    assert_eq!(of("tin-moi", "rss.xml", "<item>", "</item>"), of("thoi-su", "rss.xml", "<item>", "</item>"));
    assert_eq!(
        of("tin-moi", "atom.xml", "<entry>", "</entry>"),
        of("thoi-su", "atom.xml", "<entry>", "</entry>")
    );
}

#[test]
fn drafts_are_in_no_feed() {
    let site = Site::new();
    site.records(&[
        record("a", 1),
        with(record("b", 2), "draft", true),
        with(record("c", 3), "status", "pending"),
    ]);
    site.run(&["build"]).exits(0);
    assert_eq!(keys(&site, "tin-moi"), ["a"]);
    assert!(!site.tree().values().any(|bytes| String::from_utf8_lossy(bytes).contains("Tin b")));
}

#[test]
fn articles_that_fit_no_feed_are_counted_and_named() {
    let site = feeds("[[feed]]\ntitle = \"Thời sự\"\n");
    site.records(&[
        record("a", 1),
        with(record("w", 2), "category", "Thời tiết"),
        with(record("none", 3), "category", Value::Null),
        with(with(record("draft", 4), "category", "Thời tiết"), "draft", true),
    ]);
    let run = site.run(&["build"]).exits(0);
    assert!(
        run.stdout.contains("2 articles fit no feed; `bantin list --categories` names them"),
        "{}",
        run.stdout
    );
    let run = site.run(&["list", "--categories"]).exits(0);
    let run = run.prints(&[
        "Thời tiết",
        "no feed asks for it",
        "1 article state",
        "2 articles fit no feed",
        "Tin w",
        "Tin none",
    ]);
    assert!(!run.stdout.contains("Tin draft"), "{}", run.stdout);
    let report = site.run(&["list", "--categories", "--format", "json"]).exits(0).json();
    let categories: Vec<(&str, u64, usize)> = report["categories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["slug"].as_str().unwrap(),
                it["articles"].as_u64().unwrap(),
                it["feeds"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(categories, [("thoi-su", 1, 1), ("thoi-tiet", 2, 0)]);
    assert_eq!(report["without_category"][0]["title"], "Tin none");
    assert_eq!(report["without_feed"].as_array().unwrap().len(), 2);
}

#[test]
fn the_moment_of_the_run_may_be_given_in_any_zone() {
    let site = Site::new();
    site.records(&[record("a", 0)]);
    assert_eq!(NOW, "2026-11-20T17:00:00+07:00");
    site.run(&["build", "--now", "2026-11-20T09:59:59Z"]).exits(0);
    assert!(keys(&site, "tin-moi").is_empty());
    site.run(&["build", "--now", "2026-11-20T10:00:00Z"]).exits(0);
    assert_eq!(keys(&site, "tin-moi"), ["a"]);
    site.run(&["build", "--now", "tomorrow"]).exits(2).says(&["2026-11-20T17:00:00+07:00"]);
}

/// One article that no feed can hold does not stop the feeds that it would be in.
#[test]
fn an_article_too_large_for_any_feed_is_left_out() {
    let site = Site::new().articles(2, "Thời sự").article(json!({
        "id": "big", "url": "/big", "title": "T".repeat(600_000), "date_published": "2026-11-20T16:59:59+07:00",
    }));
    let run = site.run(&["build"]).exits(0).says(&["articles.jsonl:3:1", "no feed can hold it"]);
    assert!(run.stdout.contains("1 record left out"), "{}", run.stdout);
    assert!(site.read("public/tin-moi/rss.xml").contains("Tin số 0"));
    site.run(&["build", "--strict"]).exits(1);
}
