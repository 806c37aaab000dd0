//! Putting files in place: what is touched, what is held back, what is removed, and what the flags do to that.

use crate::site::{HEAD, Site, Tree, assert_same, record, with};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

/// Every file's identity on disk: any rewriting changes it.
fn identities(site: &Site) -> BTreeMap<String, (SystemTime, u64)> {
    let identity = |path: &String| {
        let file = fs::metadata(site.path("public").join(path)).unwrap();
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(&file);
        #[cfg(not(unix))]
        let inode = 0;
        (file.modified().unwrap(), inode)
    };
    site.tree().keys().map(|path| (path.clone(), identity(path))).collect()
}

/// What the report says of a feed.
fn feed<'a>(report: &'a Value, slug: &str) -> &'a Value {
    let feeds = report["feeds"].as_array().unwrap();
    feeds.iter().find(|feed| feed["slug"] == slug).unwrap_or_else(|| panic!("no {slug} in {report:#}"))
}

fn entries(site: &Site, slug: &str) -> usize {
    let feed: Value = serde_json::from_str(&site.read(&format!("public/{slug}/feed.json"))).unwrap();
    feed["items"].as_array().unwrap().len()
}

/// Files of a feed's folder.
fn of_feed(tree: &Tree, slug: &str) -> Tree {
    let prefix = format!("{slug}/");
    tree.iter().filter(|(path, _)| path.starts_with(&prefix)).map(|(p, b)| (p.clone(), b.clone())).collect()
}

#[test]
fn unchanged_files_are_not_touched() {
    let site = Site::new().articles(3, "Thời sự");
    site.run(&["build"]).exits(0);
    let (tree, before) = (site.tree(), identities(&site));
    // Another hour changes nothing: the clock is in no file.
    let report =
        site.run(&["build", "--now", "2026-11-21T09:00:00+07:00", "--format", "json"]).exits(0).json();
    assert!(
        report["feeds"].as_array().unwrap().iter().all(|feed| feed["status"] == "unchanged"),
        "{report:#}"
    );
    assert_same(&site.tree(), &tree);
    assert_eq!(identities(&site), before);
}

#[test]
fn only_what_changes_is_replaced() {
    let site = Site::new();
    let sport = with(record("s", 5), "category", "Thể thao");
    site.records(&[record("a", 10), sport.clone()]);
    site.run(&["build"]).exits(0);
    let before = identities(&site);
    site.records(&[record("a", 10), with(sport, "title", "Bóng đá")]);
    site.run(&["build"]).exits(0);
    let after = identities(&site);
    assert_eq!(before["thoi-su/rss.xml"], after["thoi-su/rss.xml"]);
    assert_eq!(before["assets/style.css"], after["assets/style.css"]);
    assert_ne!(
        before["tin-moi/rss.xml"].1, after["tin-moi/rss.xml"].1,
        "replaced by rename, not written over"
    );
}

#[test]
fn force_writes_what_is_unchanged() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build"]).exits(0);
    let (tree, before) = (site.tree(), identities(&site));
    site.run(&["build", "--force"]).exits(0);
    assert_same(&site.tree(), &tree);
    let after = identities(&site);
    assert!(before.iter().all(|(path, identity)| after[path].1 != identity.1), "{before:?} {after:?}");
}

#[cfg(unix)]
#[test]
fn files_may_be_read_by_a_web_server() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new().articles(1, "Thời sự");
    let mut command = std::process::Command::new("sh");
    command.current_dir(site.root()).args(["-c", "umask 022; exec \"$0\" build -q"]);
    let status = command.arg(env!("CARGO_BIN_EXE_bantin")).status().unwrap();
    assert!(status.success());
    for path in site.tree().keys() {
        let mode = fs::metadata(site.path("public").join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{path}");
    }
}

/// One run waits for articles on its standard input; another comes meanwhile.
#[test]
fn two_runs_do_not_mix() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build"]).exits(0);
    let tree = site.tree();
    let config = site.read("feeds.toml");
    let site = site.config(&config.replace("\"articles.jsonl\"", "\"-\"\nformat = \"jsonl\""));
    let begin = || site.command(&["build", "-q"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut first = begin();
    let holder = format!("process {}", first.id());
    let began = Instant::now();
    while !site.read(".bantin/public.lock").contains(&holder) {
        assert!(began.elapsed() < Duration::from_secs(20), "the first run does not begin");
        std::thread::sleep(Duration::from_millis(2));
    }
    site.run(&["build"]).exits(2).says(&["another run holds the output", &holder]);
    assert_same(&site.tree(), &tree);
    // Whatever only reads goes on.
    site.run(&["diff"]).exits(0);
    site.run(&["list"]).exits(0);
    site.run(&["build", "--dry-run"]).exits(1);
    // The first run ends as if nothing had been.
    std::io::Write::write_all(&mut first.stdin.take().unwrap(), record("x", 1).to_string().as_bytes())
        .unwrap();
    assert!(first.wait().unwrap().success());
    assert_eq!(entries(&site, "thoi-su"), 1);
    // One that dies leaves its lock behind, and it is taken over.
    let mut dying = begin();
    let holder = format!("process {}", dying.id());
    while !site.read(".bantin/public.lock").contains(&holder) {
        std::thread::sleep(Duration::from_millis(2));
    }
    dying.kill().unwrap();
    dying.wait().unwrap();
    assert!(site.read(".bantin/public.lock").contains(&holder));
    let site = site.config(&config);
    site.run(&["build"]).exits(0);
    assert_eq!(entries(&site, "thoi-su"), 2);
}

#[test]
fn feeds_that_are_no_longer_configured_are_removed() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build"]).exits(0);
    site.write("public/robots.txt", b"User-agent: *");
    site.write("public/thoi-su/logo.svg", b"<svg/>");
    site.write("public/khac/rss.xml", b"not ours");
    let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n"));
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert_eq!(
        report["removed"],
        json!(["thoi-su/atom.xml", "thoi-su/feed.json", "thoi-su/index.html", "thoi-su/rss.xml"])
    );
    let tree = site.tree();
    let of_folder: Vec<String> = of_feed(&tree, "thoi-su").into_keys().collect();
    assert_eq!(of_folder, ["thoi-su/logo.svg"]);
    assert_eq!(tree["robots.txt"], b"User-agent: *");
    assert_eq!(tree["khac/rss.xml"], b"not ours");
    assert!(!site.read("public/index.html").contains("thoi-su"));
    // The folder goes with its last file.
    fs::remove_file(site.path("public/thoi-su/logo.svg")).unwrap();
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert_eq!(report["removed"], json!([]), "what was removed is forgotten");
}

/// The whole site lies in the same folder, and is written anew now and then.
#[test]
fn pages_of_somebody_else_stay() {
    let site = Site::new().articles(2, "Thời sự");
    site.write("public/index.html", b"<title>The newspaper</title>");
    site.write("public/assets/style.css", b"body { color: red }");
    let run = site.run(&["build"]).exits(0);
    run.says(&["assets/style.css and 1 more in public is not of bantin's making", "--force"]);
    assert_eq!(site.read("public/index.html"), "<title>The newspaper</title>");
    assert_eq!(site.read("public/assets/style.css"), "body { color: red }");
    assert_eq!(entries(&site, "thoi-su"), 2);
    site.write("public/thoi-su/index.html", b"<title>The section</title>");
    site.run(&["build"]).exits(0);
    assert_eq!(site.read("public/thoi-su/index.html"), "<title>The section</title>");
    let config = site.read("feeds.toml");
    let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n"));
    site.run(&["build"]).exits(0);
    let paths: Vec<String> = of_feed(&site.tree(), "thoi-su").into_keys().collect();
    assert_eq!(paths, ["thoi-su/index.html"], "nor is it removed with the feed");
    let site = site.config(&config);
    let run = site.run(&["build", "--force"]).exits(0);
    assert_eq!(run.stderr, "");
    assert!(site.read("public/index.html").contains("thoi-su/"));
    assert!(site.read("public/thoi-su/index.html").contains("Tin số 0"));
}

#[test]
fn a_removed_feed_leaves_no_empty_folder() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build"]).exits(0);
    let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n"));
    site.run(&["build"]).exits(0);
    assert!(!site.path("public/thoi-su").exists());
}

#[test]
fn a_format_that_is_no_longer_wanted_is_removed() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build"]).exits(0);
    let config = site.read("feeds.toml").replace("[output]", "[output]\nformats = [\"rss\"]");
    let site = site.config(&config);
    site.run(&["build"]).exits(0);
    let paths: Vec<String> = of_feed(&site.tree(), "thoi-su").into_keys().collect();
    assert_eq!(paths, ["thoi-su/index.html", "thoi-su/rss.xml"]);
}

#[test]
fn old_paths_are_written_too() {
    let section = "\n[[feed]]\ntitle = \"Thời sự\"\n";
    let aliases = "aliases = [\"rss/thoi-su.xml\", \"cu/thoi-su-atom.xml\", \"/thoi-su-cu/\"]\n";
    let site = Site::new().articles(2, "Thời sự").config(&format!("{HEAD}{section}{aliases}"));
    site.run(&["build"]).exits(0);
    let tree = site.tree();
    assert_eq!(tree["rss/thoi-su.xml"], tree["thoi-su/rss.xml"]);
    assert_eq!(tree["cu/thoi-su-atom.xml"], tree["thoi-su/atom.xml"]);
    for name in ["rss.xml", "atom.xml", "feed.json"] {
        assert_eq!(tree[&format!("thoi-su-cu/{name}")], tree[&format!("thoi-su/{name}")]);
    }
    // A feed that is held back keeps its old paths.
    site.records(&[]);
    site.run(&["build"]).exits(1);
    assert_same(&site.tree(), &tree);
    let site = site.articles(0, "").config(&format!("{HEAD}{section}"));
    let records: Vec<Value> = (0..2).map(|n| record(&format!("b{n}"), n)).collect();
    site.records(&records);
    site.run(&["build"]).exits(0);
    let paths: Vec<String> = site.tree().into_keys().filter(|path| !path.starts_with("thoi-su/")).collect();
    assert_eq!(paths, ["assets/page.js", "assets/style.css", "feeds.opml", "index.html"]);
    assert!(!site.path("public/rss").exists() && !site.path("public/thoi-su-cu").exists());
}

#[test]
fn an_old_path_at_which_something_else_is_written() {
    let sections = |first: &str, second: &str| {
        format!("{HEAD}\n[[feed]]\ntitle = \"Một\"\n{first}\n[[feed]]\ntitle = \"Hai\"\n{second}\n")
    };
    for (first, second, said) in [
        ("aliases = [\"hai/rss.xml\"]", "", "`hai/rss.xml` is no old path"),
        ("", "aliases = [\"mot\"]", "`mot` is no old path"),
        ("aliases = [\"mot\"]", "", "`mot` is no old path"),
        ("aliases = [\"cu\"]", "aliases = [\"Cu/rss.xml\"]", "a second feed at the old path `cu/rss.xml`"),
        ("aliases = [\"cu.xml\"]", "aliases = [\"/cu.xml\"]", "a second feed at the old path `cu.xml`"),
    ] {
        let site = Site::new().config(&sections(first, second));
        site.run(&["build"]).exits(2).says(&[said]);
        assert!(!site.path("public").exists());
    }
    let site = Site::new().config(&sections(
        "aliases = [\"cu\", \"hai.xml\"]",
        "aliases = [\"mot/cu.xml\", \"hai/index.xml\"]",
    ));
    site.records(&[with(record("a", 1), "category", "Một"), with(record("b", 2), "category", "Hai")]);
    site.run(&["build"]).exits(0);
    for path in ["mot/cu.xml", "hai.xml", "hai/index.xml", "cu/rss.xml"] {
        assert!(site.tree().contains_key(path), "{path}");
    }
    let tree = site.tree();
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert!(report["feeds"].as_array().unwrap().iter().all(|feed| feed["status"] == "unchanged"));
    assert_same(&site.tree(), &tree);
}

#[test]
fn a_feed_that_turns_empty_is_held_back() {
    let site = Site::new();
    let sport = |n: u32| with(record(&format!("s{n}"), n), "category", "Thể thao");
    let records: Vec<Value> = (0..3).map(|n| record(&format!("a{n}"), n)).chain((0..3).map(sport)).collect();
    site.records(&records);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    let records: Vec<Value> = (0..4).map(sport).collect();
    site.records(&records);
    let run = site.run(&["build", "--format", "json"]).exits(1);
    let run = run.says(&[
        "Thời sự",
        "held back",
        "would turn empty",
        "3 now, none then",
        "--allow-shrink removes it",
    ]);
    let report = run.json();
    assert_eq!(feed(&report, "thoi-su")["status"], "held");
    assert_eq!(feed(&report, "tin-moi")["status"], "updated");
    let after = site.tree();
    assert_same(&of_feed(&before, "thoi-su"), &of_feed(&after, "thoi-su"));
    assert_eq!(entries(&site, "tin-moi"), 4);
    for list in ["public/index.html", "public/feeds.opml"] {
        assert!(site.read(list).contains("thoi-su/"), "{list}");
    }
    // It is held for as long as it takes.
    site.run(&["build"]).exits(1);
    assert_same(&site.tree(), &after);
    let report = site.run(&["build", "--allow-shrink", "--format", "json"]).exits(0).json();
    assert_eq!(feed(&report, "thoi-su")["status"], "empty");
    assert!(of_feed(&site.tree(), "thoi-su").is_empty());
    assert!(!site.read("public/index.html").contains("thoi-su/"));
}

#[test]
fn a_feed_that_loses_more_than_half_is_held_back() {
    let site = Site::new();
    let records: Vec<Value> = (0..10).map(|n| record(&format!("a{n}"), n)).collect();
    site.records(&records);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    site.records(&records[..4]);
    site.run(&["build"]).exits(1).says(&["lose more than half", "10 now, 4 then"]);
    // The index tells of the entries that are there.
    assert_same(&site.tree(), &before);
    site.run(&["build", "--allow-shrink"]).exits(0);
    assert_eq!(entries(&site, "thoi-su"), 4);
    // Half is not more than half.
    site.records(&records[..2]);
    site.run(&["build"]).exits(0);
    assert_eq!(entries(&site, "thoi-su"), 2);
}

#[test]
fn a_full_feed_has_not_shrunk() {
    let site = Site::new();
    let records: Vec<Value> = (0..12).map(|n| record(&format!("a{n}"), n)).collect();
    site.records(&records);
    site.run(&["build"]).exits(0);
    assert_eq!(entries(&site, "thoi-su"), 12);
    let config = site.read("feeds.toml").replace("[output]", "[output]\nlimit = 3\nhours = 0");
    let site = site.config(&config);
    site.run(&["build"]).exits(0);
    assert_eq!(entries(&site, "thoi-su"), 3);
}

#[test]
fn a_category_that_vanishes_is_held_back() {
    let site = Site::new().config(HEAD);
    let in_category =
        |n: u32, category: &str| with(record(&format!("{category}{n}"), n), "category", category);
    let mut records: Vec<Value> = Vec::new();
    for category in ["Kinh tế", "Thể thao", "Văn hóa"] {
        records.extend((0..3).map(|n| in_category(n, category)));
    }
    site.records(&records);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    // As many articles as before, so that nothing else is held.
    for record in &mut records[3..6] {
        record["category"] = "Kinh tế".into();
    }
    site.records(&records);
    let run =
        site.run(&["build", "--format", "json"]).exits(1).says(&["Thể thao", "held back", "turn empty"]);
    assert_eq!(feed(&run.json(), "the-thao")["status"], "held");
    let after = site.tree();
    assert_same(&of_feed(&before, "the-thao"), &of_feed(&after, "the-thao"));
    assert_eq!(entries(&site, "kinh-te"), 6);
    // The lists name it in its old place.
    for list in ["public/index.html", "public/feeds.opml"] {
        let text = site.read(list);
        let place =
            |slug: &str| text.find(&format!("/{slug}/")).unwrap_or_else(|| panic!("no {slug} in {list}"));
        assert!(place("kinh-te") < place("the-thao") && place("the-thao") < place("van-hoa"), "{list}");
    }
    // And again, and with the ledger lost: what the folder itself tells is enough.
    site.run(&["build"]).exits(1);
    fs::remove_dir_all(site.path(".bantin")).unwrap();
    site.run(&["build"]).exits(1).says(&["Thể thao", "held back"]);
    assert_same(&site.tree(), &after);
    site.run(&["build", "--allow-shrink"]).exits(0);
    assert!(of_feed(&site.tree(), "the-thao").is_empty());
    assert!(!site.read("public/index.html").contains("the-thao"));
}

#[test]
fn a_feed_without_entries_is_not_begun() {
    let site = Site::new();
    site.records(&[with(record("s", 1), "category", "Thể thao")]);
    let run = site.run(&["build"]).exits(0).prints(&["no entry yet"]);
    assert!(run.stdout.lines().any(|line| line.contains("Thời sự") && line.contains("no entry yet")));
    assert!(!site.path("public/thoi-su").exists());
    assert!(!site.read("public/index.html").contains("thoi-su"));
}

/// A list of no feeds is no OPML, so there is none; a site that has no article yet passes its own check.
#[test]
fn a_newspaper_without_articles_is_right() {
    let site = Site::new().file("articles.jsonl", "");
    site.run(&["build"]).exits(0).prints(&["no entry yet"]);
    assert!(!site.path("public/feeds.opml").exists());
    assert!(!site.read("public/index.html").contains("feeds.opml"));
    site.run(&["check"]).exits(0);
    site.records(&[record("a", 1)]);
    site.run(&["build"]).exits(0);
    assert!(site.read("public/index.html").contains("feeds.opml"));
    // What is held back is still listed.
    site.records(&[]);
    site.run(&["build"]).exits(1);
    assert!(site.read("public/feeds.opml").contains("tin-moi"));
}

/// One article's nonsense holds no feed back.
#[test]
fn values_that_no_feed_may_hold() {
    let site = Site::new();
    let records = [
        record("a", 1),
        with(record("b", 2), "lang", "vn"),
        with(record("c", 3), "language", "tiengviet"),
        with(record("d", 4), "id", "urn:uuid:123"),
    ];
    site.records(&records);
    let run = site.run(&["build"]).exits(0);
    run.says(&["`lang` is no language tag: `vn`", "`language` is no language tag: `tiengviet`"]);
    assert_eq!(entries(&site, "thoi-su"), 4);
    assert!(site.read("public/thoi-su/rss.xml").contains(">tag:bao.example,2005:urn:uuid:123</guid>"));
}

#[test]
fn only_one_feed() {
    let site = Site::new();
    site.records(&[record("a", 1), record("b", 2)]);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    site.records(&[record("a", 1), record("b", 2), record("c", 3)]);
    let report = site.run(&["build", "--only", "thoi-su", "--format", "json"]).exits(0).json();
    assert_eq!(report["feeds"].as_array().unwrap().len(), 1, "{report:#}");
    let after = site.tree();
    assert_eq!(entries(&site, "thoi-su"), 3);
    assert_same(&of_feed(&before, "tin-moi"), &of_feed(&after, "tin-moi"));
    assert!(site.read("public/index.html").contains("tin-moi/"));
    assert!(site.read("public/feeds.opml").contains("tin-moi/"));
    site.run(&["build", "--only", "thoi-so"]).exits(2).says(&["thoi-so", "did you mean `thoi-su`?"]);
    // What the other feeds are about to lose is no business of this run, nor what is no longer configured.
    site.run(&["build"]).exits(0);
    site.records(&[record("a", 1)]);
    site.run(&["build", "--only", "tin-moi"]).exits(1);
    site.run(&["build", "--only", "tin-moi", "--allow-shrink"]).exits(0);
    assert_eq!((entries(&site, "tin-moi"), entries(&site, "thoi-su")), (1, 3));
    let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n"));
    let report = site.run(&["build", "--only", "tin-moi", "--format", "json"]).exits(0).json();
    assert_eq!(report["removed"], json!([]));
    assert!(site.path("public/thoi-su/rss.xml").exists());
    let report = site.run(&["build", "--format", "json"]).exits(0).json();
    assert_eq!(report["removed"].as_array().unwrap().len(), 4, "the next whole build removes it");
}

#[test]
fn a_dry_run_writes_nothing_at_all() {
    let site = Site::new().articles(2, "Thời sự");
    let run = site.run(&["build", "--dry-run"]).exits(0).prints(&["new", "nothing was written"]);
    assert!(run.stdout.contains("Thời sự"));
    for command in [&["diff"][..], &["list"], &["explain", "a0"]] {
        site.run(command).exits(0);
    }
    let names: Vec<String> = site.tree_of("").into_keys().collect();
    assert_eq!(names, ["articles.jsonl", "feeds.toml"]);
    assert!(!site.path(".bantin").exists() && !site.path("public").exists());
    // Nor does it touch what is there.
    site.run(&["build"]).exits(0);
    let before = (site.tree_of(""), identities(&site));
    let ledger = fs::metadata(site.path(".bantin/public.redb")).unwrap().modified().unwrap();
    site.records(&[record("a0", 1), record("x", 2), with(record("u", 3), "date_published", Value::Null)]);
    for command in [&["build", "--dry-run"][..], &["diff"], &["list"], &["explain", "x"]] {
        site.run(command).exits(0);
    }
    site.records(&[]);
    site.run(&["build", "--dry-run"]).exits(1).says(&["turn empty"]);
    let mut after = (site.tree_of(""), identities(&site));
    after.0.insert("articles.jsonl".to_owned(), before.0["articles.jsonl"].clone());
    assert_same(&before.0, &after.0);
    assert_eq!(before.1, after.1);
    assert_eq!(fs::metadata(site.path(".bantin/public.redb")).unwrap().modified().unwrap(), ledger);
}

#[test]
fn strict_publishes_nothing_when_a_record_is_left_out() {
    let site = Site::new();
    site.records(&[record("a", 1)]);
    site.run(&["build", "--strict"]).exits(0);
    let before = site.tree();
    site.write("articles.jsonl", format!("{}\n{{\"id\": \"b\", \"title\": }}\n", record("c", 2)).as_bytes());
    let run = site.run(&["build", "--strict"]).exits(1);
    run.says(&["articles.jsonl:2:", "left out", "1 record left out: nothing is published"]);
    assert_same(&site.tree(), &before);
    let run = site.run(&["build"]).exits(0).says(&["articles.jsonl:2:"]);
    assert!(run.stdout.contains("1 record left out"), "{}", run.stdout);
    assert_eq!(entries(&site, "thoi-su"), 1);
    assert!(site.read("public/thoi-su/rss.xml").contains("Tin c"));
}

#[test]
fn another_output_folder() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build", "-o", "khac/ra"]).exits(0);
    assert!(!site.path("public").exists() && !site.path(".bantin").exists());
    assert!(site.path("khac/.bantin/ra.redb").exists());
    let there = site.tree_of("khac/ra");
    site.run(&["build"]).exits(0);
    assert_same(&there, &site.tree());
    // A folder given as `.` keeps its ledger beside it, where it is not served.
    fs::create_dir_all(site.path("o/day")).unwrap();
    let mut command = site.command(&["build", "-o", "."]);
    let status = command.current_dir(site.path("o/day")).output().unwrap().status;
    assert!(status.success());
    assert_same(&site.tree_of("o/day"), &there);
}

#[test]
fn records_that_cannot_be_read_are_named() {
    let site = Site::new();
    let lines = [
        record("a", 1).to_string(),
        "{\"id\": \"b\", \"title\": \"B\", \"date\": \"32/13/2026\"}".to_owned(),
        "not json".to_owned(),
        "{\"id\": \"c\"}".to_owned(),
        "{\"title\": \"no id\"}".to_owned(),
        record("d", 2).to_string(),
    ];
    site.write("articles.jsonl", lines.join("\n").as_bytes());
    let run = site.run(&["build", "--format", "json"]).exits(0);
    let run = run.says(&[
        "articles.jsonl:2:",
        "32/13/2026",
        "articles.jsonl:3:",
        "articles.jsonl:4:",
        "no title and no content",
        "articles.jsonl:5:",
        "no URL and no id",
    ]);
    let report = run.json();
    assert_eq!(report["counts"]["left_out"], 4);
    assert_eq!(report["counts"]["articles"], 2);
    let places: Vec<(u64, &str)> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["place"]["line"].as_u64().unwrap(), it["effect"].as_str().unwrap()))
        .collect();
    assert_eq!(places, [(2, "left-out"), (3, "left-out"), (4, "left-out"), (5, "left-out")]);
    assert!(
        report["diagnostics"].as_array().unwrap().iter().all(|it| it["place"]["column"].as_u64() >= Some(1))
    );
    assert_eq!(entries(&site, "thoi-su"), 2);
}
