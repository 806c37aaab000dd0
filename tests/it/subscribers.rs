//! `bantin subscribers`: logs in, figures out, as a newsroom runs it.

use crate::site::Site;
use std::io::Write as _;
use std::process::Stdio;

fn log() -> String {
    let line = |address: &str, day: u32, target: &str, status: u16, agent: &str| {
        format!(
            "{address} - - [{day:02}/Nov/2026:06:00:00 +0700] \"GET {target} HTTP/1.1\" {status} 1000 \"-\" \"{agent}\"\n"
        )
    };
    let mut log = String::new();
    for day in 1..=3 {
        let feedly =
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 120 subscribers; like FeedFetcher-Google)";
        log += &line("192.0.2.1", day, "/feeds/thoi-su/rss.xml", 200, feedly);
        log += &line("192.0.2.2", day, "/feeds/thoi-su/atom.xml", 304, "Reeder/5.4");
        log += &line("192.0.2.2", day, "/feeds/tin-moi/atom.xml", 304, "Reeder/5.4");
        log += &line("192.0.2.3", day, "/feeds/thoi-su/atom.xml", 200, "newsboat/2.30");
        log += &line("192.0.2.4", day, "/feeds/thoi-su/index.html", 200, "Mozilla/5.0 Firefox/120.0");
    }
    log
}

#[test]
fn a_log_tells_how_many_people_a_feed_reaches() {
    let site = Site::new().file("access.log", &log());
    let run = site.run(&["subscribers", "access.log"]).exits(0);
    assert_eq!(run.stderr, "");
    let first: Vec<&str> = run.stdout.lines().take(3).collect();
    assert!(first[0].starts_with("Kênh tin") && first[0].contains("Độc giả"), "{}", run.stdout);
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(first[1])[..6], ["Thời", "sự", "122", "120", "2", "2"], "{}", run.stdout);
    assert_eq!(words(first[2])[..6], ["Tin", "mới", "1", "0", "1", "1"], "{}", run.stdout);
    run.prints(&["Thời sự: Feedly 120", "3 ngày, 15 dòng nhật ký"]);
}

#[test]
fn it_needs_no_configuration() {
    let site = Site::new().file("access.log", &log());
    std::fs::remove_file(site.path("feeds.toml")).unwrap();
    let run =
        site.run(&["subscribers", "access.log"]).exits(0).prints(&["Feed ", "/feeds/thoi-su/", "All feeds"]);
    assert_eq!(run.stderr, "");
    site.run(&["subscribers", "access.log", "--config", "other.toml"])
        .exits(2)
        .says(&["cannot read other.toml"]);
}

#[test]
fn standard_input_packed_logs_and_several_are_read() {
    let site = Site::new().file("one.log", &log());
    let json = |arguments: &[&str], input: &[u8]| {
        let mut command = site.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(log().as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let plain = json(&["subscribers", "one.log", "--format", "json"], b"");
    let piped = json(&["subscribers", "-", "--format", "json"], &packed);
    assert_eq!(plain, piped);
    let both = json(&["subscribers", "one.log", "-", "--format", "json"], &packed);
    assert_eq!((&both["lines"], &both["total"]["reach"]), (&30.into(), &plain["total"]["reach"]));
}

#[test]
fn the_report_for_programs_is_documented() {
    let site = Site::new().file("access.log", &(log() + "no line\n"));
    let report = site.run(&["subscribers", "access.log", "--format", "json"]).exits(0).json();
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/subscribers.md")).unwrap();
    let mut keys = Vec::new();
    keys_of(&report, &mut keys);
    assert!(keys.len() > 30, "{keys:?}");
    let missing: Vec<&String> = keys.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "docs/subscribers.md lacks {missing:?}");
}

fn keys_of(value: &serde_json::Value, keys: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                keys.push(key.clone());
                keys_of(value, keys);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys_of(item, keys)),
        _ => {}
    }
}

#[test]
fn a_page_with_plots_is_written_whole() {
    let site = Site::new().file("access.log", &log());
    site.run(&["subscribers", "access.log", "--html", "bao-cao/readers.html"]).exits(0);
    let page = site.read("bao-cao/readers.html");
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"vi\">") && page.contains("<svg"), "{page}");
    assert!(!page.contains("192.0.2."), "no address is kept");
    site.run(&["subscribers", "access.log", "--html", "."]).exits(2).says(&["cannot write ."]);
}

#[test]
fn what_is_no_log_is_said() {
    let site = Site::new().file("a.log", "hello\nworld\n").file("empty.log", "");
    site.run(&["subscribers", "a.log"])
        .exits(1)
        .says(&["a.log:1: passed over: no date between brackets", "a.log:2"])
        .prints(&["Không có lượt tải kênh tin nào trong nhật ký."]);
    site.run(&["subscribers", "empty.log"]).exits(0);
    site.run(&["subscribers", "missing.log"])
        .exits(2)
        .says(&["cannot read the log missing.log", "No such file"]);
    site.run(&["subscribers"]).exits(2).says(&["<LOG>..."]);
    site.write("torn.gz", &[0x1f, 0x8b, 8, 0, 1]);
    site.run(&["subscribers", "torn.gz"]).exits(2).says(&["cannot read the log torn.gz"]);
    site.run(&["subscribers", "a.log", "--format", "sarif"]).exits(2);
}

/// A log of another's making, and another's count of it: every number must be the same.
#[test]
fn a_plain_count_comes_to_the_same() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/readers/access_log.py");
    let python = |arguments: &[&str]| {
        let output = std::process::Command::new("python3").arg(script).args(arguments).output().ok()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(output.stdout)
    };
    let Some(log) = python(&["generate", "20000"]) else {
        println!("skipped: no python3");
        return;
    };
    let site = Site::new();
    site.write("access.log", &log);
    let plain = python(&["count", site.path("access.log").to_str().unwrap()]).unwrap();
    let plain: serde_json::Value = serde_json::from_slice(&plain).unwrap();
    let ours = site.run(&["subscribers", "access.log", "--format", "json"]).exits(0).json();
    for name in ["lines", "malformed"] {
        assert_eq!(ours[name], plain[name], "{name}");
    }
    assert!(plain["malformed"].as_u64().unwrap() > 50 && ours["sample"] == 1);
    for name in ["readers_by_day", "readers_peak", "readers_median"] {
        assert_eq!(ours["total"][name], plain["total"][name], "{name}");
    }
    let feeds = ours["feeds"].as_array().unwrap();
    assert_eq!(feeds.len(), plain["feeds"].as_object().unwrap().len());
    for feed in feeds {
        let theirs = &plain["feeds"][feed["feed"].as_str().unwrap()];
        for name in ["requests", "bytes", "subscribers", "readers_by_day"] {
            assert_eq!(feed[name], theirs[name], "{name} of {}", feed["feed"]);
        }
        let known = theirs["not_modified"].as_f64().unwrap() / theirs["requests"].as_f64().unwrap();
        assert!((feed["not_modified"].as_f64().unwrap() - known).abs() < 1e-3, "{}", feed["feed"]);
    }
}
