//! Reading on every core comes to the same as reading everything plainly: feeds, counts and remarks.

use bantin::build::{Gather, Options, Past, build_by, prepare};
use bantin::gather::{Silent, plainly, streamed};
use bantin::{config, plan::Plan};
use chrono::DateTime;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const HEAD: &str = r#"
[site]
title = "Báo Thử"
url = "https://bao.example/"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"
[output]
limit = 3
hours = 5
"#;

const FEEDS: [&str; 3] = [
    "",
    "[[feed]]\ntitle = 'Tin mới'\nslug = 'tin-moi'\n[[feed]]\ntitle = 'A'\n[[feed]]\ntitle = 'B'\nexclude = { tags = ['x'] }\nslug = 'b'\n",
    "[[feed]]\ntitle = 'A'\nlimit = 2\nhours = 0\n[[feed]]\ntitle = 'X'\ntags = ['x']\n[[feed]]\ntitle = 'English'\nlanguage = 'en'\n",
];

/// Builds by one way into a folder of its own; the report with what else was counted, and every file.
fn built(
    gather: Gather,
    root: &Path,
    toml: &str,
    name: &str,
) -> (serde_json::Value, BTreeMap<String, Vec<u8>>) {
    let output = root.join(name).join("public");
    let plan = Plan::new(config::parse(toml).unwrap(), root, Some(&output)).unwrap();
    let now = DateTime::parse_from_rfc3339("2026-11-20T17:00:00+07:00").unwrap().to_utc();
    let options = Options {
        now,
        only: Vec::new(),
        dry_run: false,
        force: false,
        strict: false,
        allow_shrink: false,
        offline: false,
    };
    let report = build_by(gather, &plan, &options, &Silent).unwrap();
    let mut files = BTreeMap::new();
    let mut folders = vec![output.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(
                    path.strip_prefix(&output).unwrap().display().to_string(),
                    fs::read(path).unwrap(),
                );
            }
        }
    }
    let past = Past::open(&plan, false).unwrap();
    let (gathered, edition) = prepare(&plan, &past, now, gather, &Silent).unwrap();
    let taken: Vec<usize> = (edition.feeds.iter().enumerate())
        .map(|(number, issue)| gathered.taken_by(&plan, number, &issue.plan.slug))
        .collect();
    let mut report = serde_json::to_value(report).unwrap();
    // A record that is replaced before its embargo ends may count here by one of the ways: a run then does nothing.
    report["due"] = serde_json::Value::Null;
    report["more"] = serde_json::json!({
        "taken": taken, "undated": gathered.undated, "categories": format!("{:?}", gathered.categories),
    });
    (report, files)
}

#[track_caller]
fn same(files: &[(&str, &[u8])], feeds: &str, source: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut toml = HEAD.to_owned();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
        toml.push_str(&format!("[[source]]\npath = '{name}'\n{source}\n"));
    }
    toml.push_str(feeds);
    let plain = built(plainly, folder.path(), &toml, "plain");
    let quick = built(streamed, folder.path(), &toml, "quick");
    assert_eq!(plain.0, quick.0);
    assert_eq!(plain.1.keys().collect::<Vec<_>>(), quick.1.keys().collect::<Vec<_>>());
    for (path, bytes) in &plain.1 {
        assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&quick.1[path]), "{path}");
    }
}

/// A line of an export: mostly a record, with all that exports hold.
fn line() -> impl Strategy<Value = String> {
    let id = prop_oneof![
        8 => (0..40u32).prop_map(|n| format!("\"id\":\"k{n}\",")),
        1 => (0..9u32).prop_map(|n| format!("\"id\":{n},")),
        1 => Just("\"id\":\"a b/é\",".to_owned()),
        1 => Just("\"guid\":\"https://bao.example/x?id=1\",".to_owned()),
        1 => Just("\"id\":\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\",".to_owned()),
        1 => Just(String::new()),
        1 => Just("\"id\":\"k1\",\"id\":\"k2\",".to_owned()),
        1 => Just("\"id\":\"\",\"guid\":\"k3\",".to_owned()),
    ];
    let date = prop_oneof![
        8 => (0..30u32, 0..24u32).prop_map(|(d, h)| format!("\"date_published\":\"2026-11-{:02}T{h:02}:00:00+07:00\",", d % 22 + 1)),
        1 => (1..30u32).prop_map(|d| format!("\"date\":\"{d}/11/2026\",")),
        1 => Just("\"date\":\"31/02/2026\",".to_owned()),
        1 => Just("\"date\":1763600000,".to_owned()),
        1 => Just("\"date_published\":null,\"date\":\"2026-11-02T08:00:00Z\",".to_owned()),
        1 => Just(String::new()),
        1 => Just("\"date_publi\\u0073hed\":\"2026-11-02T08:00:00Z\",".to_owned()),
    ];
    let category = prop_oneof![
        4 => Just("\"category\":\"A\","),
        2 => Just("\"category\":\"B\","),
        1 => Just("\"categ\\u006fry\":\"A\","),
        1 => Just("\"categories\":[\"A\",\"Bê\"],"),
        1 => Just("\"section\":\"a\",\"category\":\"B\","),
        1 => Just(""),
        1 => Just("\"category\":\"\\u0041\","),
    ];
    let rest = prop_oneof![
        6 => Just("\"title\":\"Tin\""),
        1 => Just("\"title\":\"<b></b>\""),
        1 => Just("\"title\":\"&nbsp;\",\"content_text\":\"x\""),
        1 => Just("\"headline\":\"Tin\",\"draft\":true"),
        1 => Just("\"title\":\"Tin\",\"status\":\"published\",\"tags\":[\"x\",\"y\"],\"language\":\"en\""),
        1 => Just("\"title\":\"Tin\",\"status\":\"draft\""),
        1 => Just("\"title\":\"Tin\",\"deleted\":true"),
        1 => Just("\"title\":\"Tin\",\"expires\":\"2026-11-19T00:00:00+07:00\""),
        1 => Just("\"title\":\"Tin\",\"expires\":\"2027-11-19T00:00:00+07:00\",\"nested\":{\"date_published\":\"x\",\"a\":[1.5e3,{}]}"),
        1 => Just("\"title\":\"Tin \\ud83d\",\"image\":\"javascript:x\""),
        1 => Just("\"title\":\"Tin\",\"date_modified\":\"2026-13-01\""),
        1 => Just("\"summary\":\"no title\""),
    ];
    let url = prop_oneof![
        3 => (0..40u32).prop_map(|n| format!("\"url\":\"/tin/{n}.html\",")),
        2 => (0..40u32).prop_map(|n| format!("\"url\":\"https://bao.example/tin/{n}.html\",")),
        1 => Just("\"link\":\"https://bao.example/a b|c\",".to_owned()),
        1 => Just("\"url\":\"javascript:x\",".to_owned()),
        1 => Just(String::new()),
    ];
    let record = (id, date, category, url, rest)
        .prop_map(|(id, date, category, url, rest)| format!("{{{id}{date}{category}{url}{rest}}}"));
    prop_oneof![
        30 => record,
        1 => Just(String::new()),
        1 => Just("  ".to_owned()),
        1 => Just("{".to_owned()),
        1 => Just("{\"id\":1,}".to_owned()),
        1 => Just("[1]".to_owned()),
        1 => Just("\u{feff}{\"id\":\"k1\",\"title\":\"BOM\"}".to_owned()),
        1 => Just(" {\"id\":\"k5\", \"title\" : \"Cách\", \"date\":\"2026-11-20\"}\t".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn streams_come_to_the_same(
        files in proptest::collection::vec(proptest::collection::vec(line(), 0..120), 1..3),
        feeds in 0..FEEDS.len(),
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        closed in any::<bool>(),
        broken in proptest::option::of(0..60usize),
    ) {
        let names = ["a.jsonl", "b.jsonl"];
        let files: Vec<Vec<u8>> = files.iter().map(|lines| {
            let mut bytes = lines.join(ending).into_bytes();
            if closed {
                bytes.extend_from_slice(ending.as_bytes());
            }
            // Invalid UTF-8 somewhere in the middle.
            if let Some(byte) = broken.and_then(|at| bytes.get_mut(at * 7)).filter(|byte| **byte != b'\n') {
                *byte = 0xff;
            }
            bytes
        }).collect();
        let files: Vec<(&str, &[u8])> = names.into_iter().zip(files.iter().map(Vec::as_slice)).collect();
        same(&files, FEEDS[feeds], "");
    }
}

/// More lines than one thread reads at once, so that parts meet in the middle of lines.
#[test]
fn parts_of_files_meet_in_the_middle_of_lines() {
    let mut text = String::new();
    for number in 0..12_000_u64 {
        let (day, hour) = (number * 7919 % 28 + 1, number * 31 % 24);
        let filler = "nội dung dài ".repeat((number % 29) as usize);
        text.push_str(&format!(
            "{{\"id\":\"k{}\",\"url\":\"/{number}\",\"title\":\"Tin {number}\",\"summary\":\"{filler}\",\"date_published\":\"2026-{:02}-{day:02}T{hour:02}:00:00+07:00\",\"category\":\"{}\"}}\n",
            number % 11_000, number % 11 + 1, if number % 3 == 0 { "A" } else { "B" },
        ));
        if number % 1500 == 0 {
            text.push_str("{\"id\":\"broken\"\n\n");
        }
    }
    text.push_str(&format!("{{\"id\":\"large\",\"title\":\"Lớn\",\"url\":\"/l\",\"date\":\"20/11/2026\",\"content_text\":\"{}\"}}", "chữ ".repeat(900_000)));
    assert!(text.len() > 6 << 20);
    same(&[("a.jsonl", text.as_bytes())], FEEDS[1], "");
}

/// Newer versions that leave the section, or withdraw what the feed would hold, let older articles back in.
#[test]
fn superseded_records_make_room() {
    let record = |id: u64, minute: u64, category: &str, more: &str| {
        format!(
            "{{\"id\":\"k{id}\",\"url\":\"/{id}\",\"title\":\"T{id}\",\"date_published\":\"2026-11-{:02}T{:02}:{:02}:00+07:00\",\"category\":\"{category}\"{more}}}\n",
            1 + minute / 1440,
            minute / 60 % 24,
            minute % 60
        )
    };
    let mut text: String = (0..9_000).map(|id| record(id, id, "A", "")).collect();
    // All of the newest are moved or withdrawn.
    text.extend((5_000..9_000).map(|id| match id % 2 {
        0 => record(id, id, "B", ""),
        _ => record(id, id, "A", ",\"deleted\":true"),
    }));
    same(&[("a.jsonl", text.as_bytes())], FEEDS[1], "");
    same(&[("a.jsonl", text.as_bytes())], FEEDS[2], "");
}

/// What a record does not say, its source may: the same values in two sources can belong to different feeds.
#[test]
fn sources_differ_in_what_they_add() {
    let lines = |from: u32| -> String {
        let line = |id| {
            format!(
                "{{\"id\":\"k{id}\",\"url\":\"/{id}\",\"title\":\"T\",\"date_published\":\"2026-11-02T08:00:00Z\"}}\n"
            )
        };
        (from..from + 3).map(line).collect()
    };
    let folder = tempfile::tempdir().unwrap();
    let mut toml = HEAD.to_owned();
    for (name, from, language) in [("a.jsonl", 0, "en"), ("b.jsonl", 3, "fr")] {
        fs::write(folder.path().join(name), lines(from)).unwrap();
        toml.push_str(&format!(
            "[[source]]\npath = '{name}'\nlanguage = '{language}'\nauthor = '{language}'\n"
        ));
    }
    toml.push_str(
        "[[feed]]\ntitle = 'English'\nlanguage = 'en'\n[[feed]]\ntitle = 'Par'\nauthors = ['fr']\n",
    );
    let (plain, quick) =
        (built(plainly, folder.path(), &toml, "plain"), built(streamed, folder.path(), &toml, "quick"));
    assert_eq!(plain, quick);
    assert_eq!(plain.0["more"]["taken"], serde_json::json!([3, 3]));
}

/// A tree of many small files: their records have places, too.
#[test]
fn many_files_come_to_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..5_000_u32 {
        let record = format!(
            "{{\"id\":\"k{}\",\"title\":\"T{number}\",\"url\":\"/{number}\",\"date\":\"2026-{:02}-{:02}\",\"category\":\"{}\"}}",
            number % 4_000,
            number % 10 + 1,
            number % 28 + 1,
            if number % 3 == 0 { "A" } else { "B" },
        );
        fs::write(folder.path().join(format!("{number:05}.json")), record).unwrap();
    }
    let toml = format!("{HEAD}[[source]]\npath = '*.json'\n{}", FEEDS[1]);
    let (plain, quick) =
        (built(plainly, folder.path(), &toml, "plain"), built(streamed, folder.path(), &toml, "quick"));
    assert_eq!(plain.0, quick.0);
    assert_eq!(plain.1, quick.1);
    assert_eq!(plain.0["counts"]["replaced"], 1_000);
}

#[test]
fn other_formats_come_to_the_same() {
    let csv = "id,title,date,category,url\n1,Một,5/11/2024,A,/1\n2,Hai,31/02/2024,A,/2\n1,Một mới,6/11/2024,B,/1\n3,Ba,,A,/3\n";
    let json = r#"[{"id": 1, "title": "Từ JSON", "url": "/j", "date": "7/11/2024", "category": "A"}, 5]"#;
    let lines = "{\"id\":\"9\",\"title\":\"x\",\"ngay\":\"2024-11-08\",\"url\":\"/9\"}\n";
    for feeds in FEEDS {
        same(
            &[("a.csv", csv.as_bytes()), ("b.json", json.as_bytes()), ("c.jsonl", lines.as_bytes())],
            feeds,
            "",
        );
        same(&[("c.jsonl", lines.as_bytes())], feeds, "fields = { date_published = 'ngay' }");
        same(
            &[("c.jsonl", lines.as_bytes())],
            feeds,
            "replace = [{ field = 'title', pattern = 'x', with = '' }]",
        );
        same(&[("c.jsonl", lines.as_bytes())], feeds, "category = 'A'");
    }
}

/// A row of a table, with all that tables hold.
fn row() -> impl Strategy<Value = String> {
    let title = prop_oneof![
        6 => Just("Tin"),
        2 => Just("\"Tin, với \"\"ngoặc\"\"\""),
        2 => Just("\"Hai\ndòng\""),
        1 => Just("\"Hai\r\n\r\ndòng\""),
        1 => Just("Mười \"ngoặc\" giữa"),
        1 => Just("\"đóng\"rồi\"còn"),
        1 => Just("\u{feff}Dấu"),
        1 => Just(""),
        1 => Just("một,thừa"),
        1 => Just("\"\""),
    ];
    let id =
        prop_oneof![8 => (0..5_000u32).prop_map(|n| format!("k{n}")), 1 => Just("\u{feff}k7".to_owned())];
    let date = prop_oneof![6 => (1..20u32).prop_map(|day| format!("{day}/11/2026")), 1 => Just("31/02/2026".to_owned()), 1 => Just(String::new())];
    let rest = prop_oneof![4 => Just("A,"), 2 => Just("B,"), 1 => Just("A,true"), 1 => Just("\"B\",\"\n\"")];
    let row = (id, title, date, rest)
        .prop_map(|(id, title, date, rest)| format!("{id},{title},/{id},{date},{rest}"));
    prop_oneof![30 => row, 1 => Just(String::new()), 1 => Just(",,,,,".to_owned()), 1 => Just("sep=;".to_owned())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Tables that are large enough to be cut, with parts that meet anywhere.
    #[test]
    fn large_tables_come_to_the_same(
        rows in proptest::collection::vec(row(), 1..300),
        ending in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        mark in any::<bool>(),
        open in any::<bool>(),
        broken in proptest::option::of(0..100_000usize),
        feeds in 0..FEEDS.len(),
    ) {
        let filler = "nội dung dài ".repeat(60);
        let mut lines = vec!["id,title,url,date,category,deleted".to_owned()];
        for (number, row) in rows.iter().cycle().take(3_000).enumerate() {
            lines.push(match number % 2 {
                0 => row.clone(),
                _ => format!("f{number},\"{filler}\n\",/{number},{}/10/2026,A,", number % 28 + 1),
            });
        }
        let mut bytes = if mark { b"\xef\xbb\xbf".to_vec() } else { Vec::new() };
        bytes.extend_from_slice(lines.join(ending).as_bytes());
        if let Some(byte) = broken.and_then(|at| bytes.get_mut(at * 13)) {
            *byte = if *byte < 0x80 { b'"' } else { 0xff };
        }
        bytes.extend_from_slice(if open { b"\nk1,\"mo,/,1/1/2026,A," } else { b"\n" });
        prop_assert!(bytes.len() > 1 << 20);
        same(&[("a.csv", &bytes)], FEEDS[feeds], "");
    }
}

/// A first line of a brace and white space of any kind is that of one document, which is one remark for all of it.
#[test]
fn a_document_over_many_lines_is_one_whatever_its_white_space() {
    for space in ["", "\t\u{b} ", "\u{a0}\u{2003}", "\u{c}"] {
        let document = format!("{{{space}\n\"title\": \"Một\"\n}}\n");
        same(&[("a.jsonl", document.as_bytes())], FEEDS[1], "");
    }
}
