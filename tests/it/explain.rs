//! `explain`, `list` and `diff`: what they say, and of what.

use crate::site::{HEAD, Run, Site, record, with};
use serde_json::{Value, json};

/// A newspaper with an article in every state.
fn newspaper() -> Site {
    let site = Site::new().config(&format!(
        "{}\n{}",
        HEAD.replace("[output]", "[output]\nlimit = 3\nhours = 0"),
        r#"
        [[feed]]
        title = "Tin mới"
        slug = "tin-moi"
        [[feed]]
        title = "Thời sự"
        [[feed]]
        title = "Không ảnh"
        slug = "khong-anh"
        exclude = { tags = "ảnh" }
        "#
    ));
    let lines = [
        record("a", 1),
        with(record("b", 2), "tags", json!(["Ảnh"])),
        with(record("c", 3), "category", "Thể thao"),
        record("d", 4),
        record("old", 60),
        with(record("draft", 5), "draft", true),
        with(record("embargo", 0), "date_published", "2026-11-20T18:30:00+07:00"),
        with(record("expired", 6), "expires", "2026-11-20T16:55:00+07:00"),
        record("gone", 7),
        json!({"id": "gone", "deleted": true}),
        json!({"id": "bad", "url": "/bad.html", "title": "Hỏng", "date": "30/02/2026"}),
        json!({"id": "undated", "title": "Không ngày", "category": "Khác"}),
    ];
    let mut text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    text.push_str("{\"id\": \"torn\", \"title\": \"Đứt\n");
    site.write("articles.jsonl", text.as_bytes());
    site
}

fn explain(site: &Site, subject: &str) -> Run {
    site.run(&["explain", subject])
}

/// What the report says of every feed: its slug, whether the article is in, and why.
fn feeds(report: &Value) -> Vec<(&str, bool, &str)> {
    let feeds = report["feeds"].as_array().unwrap();
    let text =
        |value: &'_ Value| -> &'static str { Box::leak(value.as_str().unwrap().to_owned().into_boxed_str()) };
    feeds
        .iter()
        .map(|feed| (text(&feed["slug"]), feed["included"].as_bool().unwrap(), text(&feed["reason"])))
        .collect()
}

fn report(site: &Site, subject: &str) -> Value {
    site.run(&["explain", subject, "--format", "json"]).exits(0).json()
}

#[test]
fn an_article_by_any_of_its_names() {
    let site = newspaper();
    for name in ["a", "tag:bao.example,2005:a", "https://bao.example/a.html", "/a.html", "a.html", " a "] {
        let run = explain(&site, name).exits(0);
        run.prints(&[
            "Tin a\n",
            "tag:bao.example,2005:a",
            "https://bao.example/a.html",
            "articles.jsonl:1:1",
            "public",
        ]);
    }
}

#[test]
fn in_feeds_and_at_which_place() {
    let site = newspaper();
    let a = report(&site, "a");
    assert_eq!(a["state"], "public");
    assert_eq!(
        feeds(&a),
        [("tin-moi", true, "number 2"), ("thoi-su", true, "number 1"), ("khong-anh", true, "number 2")]
    );
    explain(&site, "d")
        .exits(0)
        .prints(&["in  Thời sự thoi-su: number 3", "not Tin mới tin-moi: older than the 3 newest"]);
}

#[test]
fn not_in_feeds_and_why() {
    let site = newspaper();
    let old = report(&site, "old");
    assert_eq!(old["state"], "public");
    let reasons: Vec<&str> = feeds(&old).iter().map(|feed| feed.2).collect();
    assert_eq!(reasons, ["older than the 3 newest that it holds"; 3]);
    let sport = report(&site, "c");
    assert_eq!(
        feeds(&sport)[1],
        ("thoi-su", false, "no such section: it takes thoi-su, the article has the-thao")
    );
    let picture = report(&site, "b");
    assert_eq!(feeds(&picture)[2], ("khong-anh", false, "the feed excludes it"));
    let draft = report(&site, "draft");
    assert_eq!((draft["state"].as_str(), feeds(&draft)[0]), (Some("a draft"), ("tin-moi", false, "a draft")));
    let embargo = report(&site, "embargo");
    assert_eq!(embargo["state"], "under embargo until 2026-11-20 18:30 +07:00");
    assert!(
        feeds(&embargo).iter().all(|feed| !feed.1 && feed.2 == "under embargo until 2026-11-20 18:30 +07:00")
    );
    let expired = report(&site, "expired");
    assert_eq!(expired["state"], "expired at 2026-11-20 16:55 +07:00");
    let undated = report(&site, "undated");
    assert!(undated["state"].as_str().unwrap().contains("first seen"), "{undated:#}");
    assert_eq!(feeds(&undated)[0], ("tin-moi", true, "number 1"));
}

#[test]
fn withdrawn_articles() {
    let site = newspaper();
    for name in ["gone", "tag:bao.example,2005:gone", "https://bao.example/gone.html", "/gone.html"] {
        let run = explain(&site, name).exits(0).prints(&["withdrawn", "tag:bao.example,2005:gone"]);
        assert!(!run.stdout.contains("in  "), "{}", run.stdout);
    }
    // Of one that came with its URL alone.
    site.records(&[json!({"url": "/x.html", "title": "X"}), json!({"url": "/x.html", "deleted": true})]);
    explain(&site, "x.html").exits(0).prints(&["withdrawn", "https://bao.example/x.html"]);
}

#[test]
fn records_that_cannot_be_read() {
    let site = newspaper();
    for name in ["bad", "tag:bao.example,2005:bad"] {
        explain(&site, name).exits(0).prints(&["left out", "articles.jsonl:11:", "30/02/2026"]);
    }
    let bad = report(&site, "bad");
    assert_eq!(bad["feeds"], json!([]));
    assert_eq!(bad["diagnostics"][0]["effect"], "left-out");
    // A record that was right before: the earlier one counts, and the later one is spoken of.
    site.records(&[record("a", 1), with(record("a", 1), "date_published", "hôm qua")]);
    explain(&site, "a").exits(0).prints(&["number 1", "articles.jsonl:2:", "hôm qua"]);
}

#[test]
fn no_room() {
    let head = HEAD.replace("[output]", "[output]\nmax_size = \"8 KB\"");
    let site = Site::new().config(&format!("{head}\n[[feed]]\ntitle = \"Thời sự\"\n"));
    let long = |n: u32| with(record(&format!("a{n}"), n), "content_html", "<p>bài dài</p>".repeat(100));
    site.records(&(0..9).map(long).collect::<Vec<_>>());
    let held = site.run(&["list", "--format", "json"]).exits(0).json()[0]["entries"].as_u64().unwrap();
    assert!(held > 1 && held < 9, "{held}");
    let reason = format!("no room: with the {held} newest its files are as large as they may be");
    explain(&site, "a8").exits(0).prints(&[&reason]);
}

/// What no feed can hold any longer is looked for in all that there is.
#[test]
fn an_article_of_long_ago() {
    let head = HEAD.replace("[output]", "[output]\nlimit = 3\nhours = 0");
    let mut site =
        Site::new().config(&format!("{head}\n[[feed]]\ntitle = \"Thời sự\"\n")).articles(900, "Thời sự");
    for more in [json!({"id": "a850", "deleted": true}), json!({"id": "a7", "url": "/tin/899.html"})] {
        site = site.article(more);
    }
    for name in ["a899", "/tin/899.html", "https://bao.example/tin/899.html", "tag:bao.example,2005:a899"] {
        explain(&site, name).exits(0).prints(&[
            "Tin số 899",
            "older than the 3 newest",
            "articles.jsonl:900",
        ]);
    }
    explain(&site, "a850").exits(0).prints(&["withdrawn", "Tin số 850"]);
    explain(&site, "a1").exits(0).prints(&["number 2", "articles.jsonl:2:"]);
    assert_eq!(report(&site, "a1")["from"].as_array().unwrap().len(), 6);
    explain(&site, "số 89").exits(2).says(&["with that in their title: a89, a890, a891, a892, a893"]);
    explain(&site, "/tin/8999.html").exits(2).says(&["did you mean `https://bao.example/tin/899.html`?"]);
}

#[test]
fn an_article_that_nobody_knows() {
    let site = newspaper();
    explain(&site, "nothing-like-it").exits(2).says(&["no article has the id or URL `nothing-like-it`"]);
    // By a part of its title, or by a name that is nearly right.
    explain(&site, "Tin a").exits(2).says(&["help: articles with that in their title: a"]);
    explain(&site, "undatd").exits(2).says(&["did you mean `undated`?"]);
    explain(&site, "https://bao.example/embrgo.html")
        .exits(2)
        .says(&["did you mean `https://bao.example/embargo.html`?"]);
    // A rule that is nearly right.
    explain(&site, "missing-atom-self-lnk").exits(2).says(&["did you mean `missing-atom-self-link`?"]);
    let run = site.run(&["explain", "undatd", "--format", "json"]).exits(2);
    assert_eq!(run.stdout, "");
}

#[test]
fn lists_of_feeds() {
    let site = newspaper();
    let run = site.run(&["list"]).exits(0);
    let row: Vec<&str> =
        run.stdout.lines().find(|line| line.starts_with("Thời sự")).unwrap().split_whitespace().collect();
    assert_eq!(row, ["Thời", "sự", "thoi-su", "7", "3", "https://bao.example/feeds/thoi-su/"]);
    let report = site.run(&["list", "--format", "json"]).exits(0).json();
    assert_eq!(
        report[1],
        json!({
            "slug": "thoi-su", "title": "Thời sự", "address": "https://bao.example/feeds/thoi-su/",
            "articles": 7, "entries": 3,
        })
    );
}

/// Without any `[[feed]]` every category becomes a feed, but for those whose name no folder can have.
#[test]
fn categories_that_get_no_feed_of_their_own() {
    let site = Site::new().config(crate::site::HEAD);
    let categories = ["CON", "Assets", "TIN MỚI", "Xã hội"];
    let records = categories.iter().zip(1..);
    let records: Vec<Value> = records
        .map(|(category, number)| with(record(&format!("a{number}"), number), "category", *category))
        .collect();
    site.records(&records);
    let run = site.run(&["list", "--categories"]).exits(0);
    for (category, told) in [
        ("CON", "none: the slug is the name of a device on Windows"),
        ("Assets", "none: the slug is a name the output uses itself"),
        ("TIN MỚI", "none: tin-moi is the feed of everything"),
        ("Xã hội", "xa-hoi"),
    ] {
        let line = run.stdout.lines().find(|line| line.starts_with(category));
        assert!(line.is_some_and(|line| line.ends_with(told)), "{category}:\n{}", run.stdout);
    }
}

#[test]
fn links_for_the_head() {
    let site = newspaper();
    let run = site.run(&["list", "--head"]).exits(0);
    let links: Vec<&str> = run.stdout.lines().filter(|line| line.contains("<link")).collect();
    assert_eq!(links.len(), run.stdout.lines().count());
    for format in ["application/rss+xml", "application/atom+xml", "application/feed+json"] {
        assert!(
            links.iter().any(|link| link.contains(format) && link.contains("rel=\"alternate\"")),
            "{links:?}"
        );
    }
    assert!(run.stdout.contains("https://bao.example/feeds/thoi-su/"));
    site.run(&["list", "--head", "--categories"]).exits(2);
}

#[test]
fn what_a_build_would_change() {
    let site = newspaper();
    let run = site.run(&["diff"]).exits(0);
    run.prints(&["Thời sự: a new feed with 3 entries"]);
    site.run(&["build"]).exits(0);
    let run = site.run(&["diff"]).exits(0);
    assert_eq!(run.stdout, "a build would change nothing\n");
    site.records(&[
        record("n", 0),
        with(record("a", 1), "title", "Tin a, sửa"),
        with(record("b", 2), "tags", json!(["Ảnh"])),
        with(record("c", 3), "category", "Thể thao"),
    ]);
    let run = site.run(&["diff"]).exits(0);
    let run = run.prints(&[
        "Thời sự: 1 new, 1 changed, 1 gone",
        "+ Tin n",
        "~ Tin a, sửa",
        "- Tin d",
        "title: “Tin a” → “Tin a, sửa”",
    ]);
    assert!(!run.stdout.contains("held"), "{}", run.stdout);
    let report = site.run(&["diff", "--format", "json"]).exits(0).json();
    let changes = &report["feeds"][1]["changes"];
    assert_eq!(changes["added"], json!([{"id": "tag:bao.example,2005:n", "title": "Tin n"}]));
    assert_eq!(changes["removed"], json!([{"id": "tag:bao.example,2005:d", "title": "Tin d"}]));
    assert_eq!(changes["changed"][0]["fields"][0]["field"], "title");
    // The same in short.
    site.run(&["build", "--dry-run"]).exits(0).prints(&["updated (1 new, 1 changed, 1 gone)"]);
}

#[test]
fn what_a_build_would_hold_back_or_remove() {
    let site = newspaper();
    site.run(&["build"]).exits(0);
    site.records(&[
        with(record("c", 3), "category", "Thể thao"),
        with(record("e", 4), "category", "Thể thao"),
    ]);
    let run = site.run(&["diff"]).exits(0);
    let run =
        run.prints(&["Thời sự: would be held back: it would turn empty: 3 now, none then", "Tin mới: "]);
    assert!(!run.stdout.contains("Tin mới: would be held"), "{}", run.stdout);
    let report = site.run(&["diff", "--format", "json"]).exits(0).json();
    assert_eq!(report["feeds"][1]["status"], "held");
    let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n"));
    site.run(&["diff"])
        .exits(0)
        .prints(&["would be removed: thoi-su/rss.xml", "would be removed: khong-anh/index.html"]);
}
