//! Reading on from where the last run stood comes to the same as reading everything plainly, run after run.

use bantin::build::{Options, Report, build, build_by};
use bantin::gather::{Progress, plainly};
use bantin::{config, plan::Plan};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

const HEAD: &str = r#"
[site]
title = "Báo Thử"
url = "https://bao.example/"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"
[output]
limit = 3
hours = 5
[[source]]
path = "a/*.jsonl"
[[source]]
path = "b/*.md"
[[source]]
path = "c/*.json"
category = "A"
[[source]]
path = "d/*.csv"
"#;

const FEEDS: [&str; 3] = [
    "",
    "[[feed]]\ntitle = 'Tin mới'\nslug = 'tin-moi'\n[[feed]]\ntitle = 'A'\n[[feed]]\ntitle = 'B'\nexclude = { tags = ['x'] }\nslug = 'b'\n",
    "[[feed]]\ntitle = 'A'\nlimit = 2\nhours = 0\n[[feed]]\ntitle = 'X'\ntags = ['x']\naliases = ['cu/rss.xml']\n[[feed]]\ntitle = 'English'\nlanguage = 'en'\n",
];

#[derive(Default)]
struct Read {
    bytes: AtomicU64,
    records: AtomicU64,
}

impl Progress for Read {
    fn advance(&self, bytes: u64, records: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.records.fetch_add(records, Ordering::Relaxed);
    }
}

/// A newspaper that is built twice at every moment: by reading on, and by reading everything.
struct Papers {
    folder: tempfile::TempDir,
    toml: String,
    now: DateTime<Utc>,
}

impl Papers {
    fn new(feeds: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c", "d"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        // A path that no file matches is a mistake.
        for (name, text) in [
            ("a/0.jsonl", ""),
            ("b/_index.md", "---\ntitle: Mục\n---\n"),
            ("c/0.json", "[]"),
            ("d/0.csv", "id"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let now = DateTime::parse_from_rfc3339("2026-11-20T17:00:00+07:00").unwrap().to_utc();
        Self { folder, toml: format!("{HEAD}{feeds}"), now }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn append(&self, name: &str, text: &str) {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(self.path(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn options(&self) -> Options {
        let only = Vec::new();
        Options {
            now: self.now,
            only,
            dry_run: false,
            force: false,
            strict: false,
            allow_shrink: true,
            offline: false,
        }
    }

    fn plan(&self, name: &str) -> Plan {
        let output = self.path(name).join("public");
        Plan::new(config::parse(&self.toml).unwrap(), self.folder.path(), Some(&output)).unwrap()
    }

    /// Builds by reading on; how many records were read.
    fn resume(&self) -> (Report, u64) {
        let read = Read::default();
        let report = build(&self.plan("quick"), &self.options(), &read).unwrap();
        (report, read.records.into_inner())
    }

    /// Builds both ways, and compares files and reports; how many records were read by reading on.
    #[track_caller]
    fn same(&mut self) -> u64 {
        let plain = build_by(plainly, &self.plan("plain"), &self.options(), &Read::default()).unwrap();
        let (quick, records) = self.resume();
        // A record that was replaced before its embargo ended may wake a run, which then does nothing.
        assert!(quick.due.is_some() || plain.due.is_none());
        assert!(plain.due.is_none() || quick.due <= plain.due, "{:?} {:?}", quick.due, plain.due);
        assert_eq!(told(plain), told(quick));
        let (plain, quick) = (files(&self.path("plain")), files(&self.path("quick")));
        assert_eq!(plain.keys().collect::<Vec<_>>(), quick.keys().collect::<Vec<_>>());
        for (path, bytes) in &plain {
            assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&quick[path]), "{path}");
        }
        self.now += chrono::TimeDelta::minutes(1);
        records
    }
}

/// What a report tells, but for the order in which remarks on records and on entries stand.
fn told(report: Report) -> serde_json::Value {
    let mut report = serde_json::to_value(report).unwrap();
    let mut remarks: Vec<String> =
        report["diagnostics"].as_array().unwrap().iter().map(ToString::to_string).collect();
    remarks.sort();
    report["diagnostics"] = remarks.into();
    report["due"] = serde_json::Value::Null;
    report
}

fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.join("public")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(root).unwrap().display().to_string(), fs::read(path).unwrap());
            }
        }
    }
    files
}

fn record(id: u64, minute: u64, category: &str, more: &str) -> String {
    format!(
        "{{\"id\":\"k{id}\",\"url\":\"/{id}\",\"title\":\"T{id}\",\"date_published\":\"2026-11-{:02}T{:02}:{:02}:00+07:00\",\"category\":\"{category}\"{more}}}\n",
        1 + minute / 1440 % 19,
        minute / 60 % 24,
        minute % 60
    )
}

fn page(id: u64, minute: u64, category: &str) -> String {
    let (day, hour, minute) = (1 + minute / 1440 % 19, minute / 60 % 24, minute % 60);
    format!(
        "---\nid: k{id}\ntitle: M{id}\ndate: 2026-11-{day:02}T{hour:02}:{minute:02}:00+07:00\ncategory: {category}\n---\nNội dung {minute}\n"
    )
}

/// What may happen to the sources between two runs.
#[derive(Debug, Clone)]
enum Event {
    Append(usize, Vec<String>),
    /// Without the newline at the end.
    AppendOpen(usize, String),
    Rewrite(usize, Vec<String>),
    /// A byte somewhere becomes another.
    Edit(usize, prop::sample::Index),
    Truncate(usize, prop::sample::Index),
    Page(u64, u64, &'static str),
    RemovePage(u64),
    Json(u64, u64),
    RemoveLines(usize),
    RemoveOutput,
    LoseState,
    Wait,
}

const LINES: [&str; 3] = ["a/1.jsonl", "a/2.jsonl", "a/3.jsonl"];

fn line() -> impl Strategy<Value = String> {
    let more = prop_oneof![
        8 => Just(""),
        1 => Just(",\"deleted\":true"),
        1 => Just(",\"draft\":true"),
        1 => Just(",\"tags\":[\"x\"]"),
        1 => Just(",\"language\":\"en\""),
        1 => Just(",\"image\":\"javascript:x\""),
        1 => Just(",\"expires\":\"2026-11-20T17:03:00+07:00\""),
        1 => Just(",\"date_published\":\"2026-11-20T17:02:30+07:00\""),
        1 => Just(",\"date_published\":null"),
    ];
    let category = prop_oneof![3 => Just("A"), 2 => Just("B"), 1 => Just("b"), 1 => Just("C &amp;amp; D")];
    let record = (0..60u64, 0..30_000u64, category, more)
        .prop_map(|(id, minute, category, more)| record(id, minute, category, more));
    prop_oneof![30 => record, 1 => Just("\n".to_owned()), 1 => Just("{broken\n".to_owned())]
}

fn lines(most: usize) -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(line(), 0..most)
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (0..3usize, lines(5)).prop_map(|(file, lines)| Event::Append(file, lines)),
        1 => (0..3usize, line()).prop_map(|(file, line)| Event::AppendOpen(file, line.trim_end().to_owned())),
        1 => (0..3usize, lines(20)).prop_map(|(file, lines)| Event::Rewrite(file, lines)),
        1 => (0..3usize, any::<prop::sample::Index>()).prop_map(|(file, at)| Event::Edit(file, at)),
        1 => (0..3usize, any::<prop::sample::Index>()).prop_map(|(file, at)| Event::Truncate(file, at)),
        4 => (50..90u64, 0..30_000u64, prop::sample::select(vec!["A", "B", "E"])).prop_map(|(id, minute, category)| Event::Page(id, minute, category)),
        2 => (50..90u64).prop_map(Event::RemovePage),
        2 => (70..100u64, 0..30_000u64).prop_map(|(id, minute)| Event::Json(id, minute)),
        1 => (0..3usize).prop_map(Event::RemoveLines),
        1 => Just(Event::RemoveOutput),
        1 => Just(Event::LoseState),
        2 => Just(Event::Wait),
    ]
}

fn happen(papers: &mut Papers, event: Event) {
    match event {
        Event::Append(file, lines) => papers.append(LINES[file], &lines.concat()),
        Event::AppendOpen(file, line) => papers.append(LINES[file], &line),
        Event::Rewrite(file, lines) => papers.write(LINES[file], &lines.concat()),
        Event::Edit(file, at) => {
            let Ok(mut bytes) = fs::read(papers.path(LINES[file])) else { return };
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = if bytes[at].is_ascii_digit() { b'7' } else { bytes[at] };
                fs::write(papers.path(LINES[file]), bytes).unwrap();
            }
        }
        Event::Truncate(file, at) => {
            let Ok(bytes) = fs::read(papers.path(LINES[file])) else { return };
            fs::write(papers.path(LINES[file]), &bytes[..at.index(bytes.len() + 1)]).unwrap();
        }
        Event::Page(id, minute, category) => {
            papers.write(&format!("b/{}.md", id % 17), &page(id, minute, category));
        }
        Event::RemovePage(id) => drop(fs::remove_file(papers.path(&format!("b/{}.md", id % 17)))),
        Event::Json(id, minute) => {
            let records = [record(id, minute, "A", ""), record(id + 1, minute, "B", "")].join(",");
            papers.write(&format!("c/{}.json", id % 5), &format!("[{records}]"));
        }
        Event::RemoveLines(file) => drop(fs::remove_file(papers.path(LINES[file]))),
        Event::RemoveOutput => {
            for name in ["plain", "quick"] {
                drop(fs::remove_file(papers.path(name).join("public/a/rss.xml")));
            }
        }
        Event::LoseState => drop(fs::remove_file(papers.path("quick/.bantin/public.checkpoint"))),
        Event::Wait => papers.now += chrono::TimeDelta::minutes(1),
    }
}

#[test]
fn run_after_run_comes_to_the_same() {
    let (runs, short) = (AtomicU64::new(0), AtomicU64::new(0));
    let events = proptest::collection::vec(proptest::collection::vec(event(), 0..4), 1..12);
    let strategy = (0..FEEDS.len(), lines(60), events);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
    let outcome = runner.run(&strategy, |(feeds, first, events)| {
        let mut papers = Papers::new(FEEDS[feeds]);
        papers.append(LINES[0], &first.concat());
        let all = papers.same();
        for events in events {
            events.into_iter().for_each(|event| happen(&mut papers, event));
            runs.fetch_add(1, Ordering::Relaxed);
            short.fetch_add(u64::from(papers.same() < all), Ordering::Relaxed);
        }
        Ok(())
    });
    outcome.unwrap();
    let (runs, short) = (runs.into_inner(), short.into_inner());
    assert!(short * 4 > runs, "of {runs} runs only {short} went on from the one before");
}

/// A hundred lines more cost a hundred lines, whatever lies before them.
#[test]
fn what_is_appended_is_all_that_is_read() {
    let mut papers = Papers::new(FEEDS[1]);
    let lines: String = (0..5_000).map(|id| record(id, id, "A", "")).collect();
    papers.append(LINES[0], &lines);
    papers.append(LINES[1], &(5_000..5_100).map(|id| record(id, id, "B", "")).collect::<String>());
    assert_eq!(papers.same(), 5_100);
    // Some that a feed holds, and some of the other file, are replaced.
    let more: String = (4_900..4_950).chain(5_000..5_050).map(|id| record(id, id + 10, "B", "")).collect();
    papers.append(LINES[1], &more);
    assert_eq!(papers.same(), 100);
    // Older than anything that a feed holds, and replaced there and then.
    papers.append(LINES[1], &(record(1, 0, "A", "") + &record(1, 1, "B", "")));
    assert_eq!(papers.same(), 2);
    papers.append(LINES[1], &record(5_099, 0, "A", ",\"deleted\":true"));
    assert_eq!(papers.same(), 1);
    assert_eq!(papers.same(), 0);
    // An article of the second file that the first file has a newer line of: that of the second file counts, as it comes
    // after; only a reading from the start tells.
    papers.append(LINES[0], &record(5_020, 10, "A", ""));
    // Twice, where one thread read most of it and its shortlist was full of lines that others replace.
    assert!(papers.same() > 5_100 + 100 + 2 + 1);
}

/// So do a hundred rows of a large table.
#[test]
fn what_is_appended_to_a_table_is_all_that_is_read() {
    let row = |id: u64, title: &str, category: &str| {
        format!("t{id},{title},/t{id},2026-11-{:02} {:02}:00,{category}\n", id % 19 + 1, id % 24)
    };
    let mut papers = Papers::new(FEEDS[1]);
    let filler = "\"Hai\ndòng, \"\"và\"\" nhiều chữ nữa để bảng đủ lớn\"";
    let rows: String = (0..9_000).map(|id| row(id, filler, "A")).collect();
    papers.append("d/1.csv", &format!("id,title,url,date,category\n{rows}x,y\n"));
    assert_eq!(papers.same(), 9_000);
    assert_eq!(papers.same(), 0);
    let more: String = (8_990..9_090).map(|id| row(id, "Một\"", "B")).collect();
    papers.append("d/1.csv", &more);
    assert_eq!(papers.same(), 100);
    // Without the newline at its end, and one that says too little.
    papers.append("d/1.csv", row(9_090, "Cuối", "A").trim_end());
    assert_eq!(papers.same(), 1);
    papers.append("d/1.csv", &format!("\nz\n{}", row(9_090, "\"Cuối\nnữa\"", "B")));
    let (report, records) = papers.resume();
    assert_eq!((records, report.counts.left_out), (1, 2));
    let places: Vec<String> = report.diagnostics.iter().map(|remark| remark.place.to_string()).collect();
    assert_eq!(places, ["d/1.csv:18002:1", "d/1.csv:18104:1"]);
    papers.same();
    // A cell that is not closed takes in what comes after.
    papers.append("d/1.csv", "t1,\"mở");
    assert!(papers.same() > 9_000);
    papers.append("d/1.csv", &format!("\",/t1,2026-11-20,A\n{}", row(2, "Hai", "A")));
    assert!(papers.same() > 9_000);
    // The heading belongs to every row.
    let text = fs::read_to_string(papers.path("d/1.csv")).unwrap();
    papers.write("d/1.csv", &text.replacen("category", "section!", 1));
    papers.append("d/1.csv", &row(3, "Ba", "A"));
    assert!(papers.same() > 9_000);
}

/// Broken lines are named at every run, by their lines in the file.
#[test]
fn remarks_stay_and_have_their_lines() {
    let mut papers = Papers::new(FEEDS[0]);
    papers.append(LINES[0], &(record(1, 1, "A", "") + "{broken\n" + &record(2, 2, "A", "")));
    papers.same();
    papers
        .append(LINES[0], &("\n\n".to_owned() + &record(3, 3, "A", ",\"image\":\"javascript:x\"") + "[]\n"));
    assert_eq!(papers.same(), 1);
    papers.append(LINES[0], &record(4, 4, "A", ""));
    let (report, records) = papers.resume();
    let places: Vec<String> = report.diagnostics.iter().map(|remark| remark.place.to_string()).collect();
    assert_eq!(places, ["a/1.jsonl:2:2", "a/1.jsonl:7:1", "a/1.jsonl:6:104"], "{:?}", report.diagnostics);
    assert_eq!((records, report.counts.left_out), (1, 2));
}

/// Bytes that were read before and are others now are noticed, whatever the file's size and times say.
#[test]
fn a_line_that_was_edited_in_its_place_is_read() {
    let mut papers = Papers::new(FEEDS[0]);
    papers.append(LINES[0], &(0..100).map(|id| record(id, id, "A", "")).collect::<String>());
    papers.same();
    let path = papers.path(LINES[0]);
    let times = fs::metadata(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap().replace("\"T98\"", "\"X98\"");
    fs::write(&path, text).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(times.modified().unwrap()).unwrap();
    papers.append(LINES[0], &record(100, 0, "A", ""));
    assert_eq!(papers.same(), 101);
    let feed = fs::read_to_string(papers.path("quick/public/a/rss.xml")).unwrap();
    assert!(feed.contains("X98"), "{feed}");
}

/// Of many small files the one that changed is read, and those that a feed that changes holds besides.
#[test]
fn one_file_of_many_costs_one_file() {
    let mut papers = Papers::new(FEEDS[1]);
    for id in 0..300 {
        papers.write(&format!("b/{id:03}.md"), &page(id, id, if id % 2 == 0 { "A" } else { "C" }));
    }
    // By then the files are old enough for their times to tell whether they change again.
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    assert_eq!(papers.same(), 300);
    papers.write("b/299.md", &page(299, 400, "C"));
    assert_eq!(papers.same(), 1);
    fs::remove_file(papers.path("b/100.md")).unwrap();
    papers.write("b/000a.md", &page(300, 401, "A"));
    // Files of the runs before may have been too young then, and are read once more.
    assert!((1..=3).contains(&papers.same()));
    // An article that two files have: which counts, their order tells.
    papers.write("b/zz.md", &page(7, 402, "A"));
    assert!((1..=4).contains(&papers.same()));
    papers.write("b/0000.md", &page(9, 403, "A"));
    assert!(papers.same() >= 302);
}

/// What lies beside the ledger may be lost, damaged or left over from another run.
#[test]
fn damage_costs_a_reading_and_nothing_else() {
    let mut papers = Papers::new(FEEDS[1]);
    papers.append(LINES[0], &(0..2_000).map(|id| record(id, id, "A", "")).collect::<String>());
    papers.same();
    for (number, file) in ["checkpoint", "ids", "checkpoint", "ids"].into_iter().enumerate() {
        let path = papers.path(&format!("quick/.bantin/public.{file}"));
        let mut bytes = fs::read(&path).unwrap();
        match number {
            0 | 1 => bytes.iter_mut().step_by(100).for_each(|byte| *byte ^= 1),
            _ => bytes.truncate(1_000),
        }
        fs::write(&path, bytes).unwrap();
        papers.append(LINES[0], &record(number as u64, 10_000 + number as u64, "A", ""));
        // Of the ids it is noticed once the new line is read.
        assert_eq!(papers.same(), 2_001 + number as u64 + u64::from(file == "ids"), "{file}");
        papers.append(LINES[0], "\n");
        assert_eq!(papers.same(), 0, "{file}");
    }
}
