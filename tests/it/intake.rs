//! Sources that are no files: programs, what is kept of them, and what happens when they fail.

#![cfg(unix)]

use crate::site::{HEAD, Run, Site, assert_same, record, with};
use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A newspaper whose one source is a script that writes `out.jsonl`.
fn scripted(script: &str) -> Site {
    let site = configured("command = [\"sh\", \"export.sh\"]").articles(0, "");
    write_script(&site, "export.sh", script);
    give(&site, "out.jsonl", &[record("a", 5), record("b", 10), record("c", 15)]);
    site
}

/// A newspaper with that in its source, and one feed of everything.
fn configured(source: &str) -> Site {
    Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", source))
}

fn write_script(site: &Site, name: &str, script: &str) {
    site.write(name, format!("{script}\n").as_bytes());
}

fn give(site: &Site, file: &str, records: &[serde_json::Value]) {
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    site.write(file, lines.join("\n").as_bytes());
}

const CAT: &str = "cat out.jsonl";

/// The files in the spool.
fn spool(site: &Site) -> Vec<String> {
    site.tree_of(".bantin/public.spool").into_keys().collect()
}

#[test]
fn what_a_program_writes_is_published() {
    let site = configured("command = [\"./tool\", \"-n\", \"3\", \"out.jsonl\"]");
    // A link to a program: a script that was written just now may be busy.
    std::os::unix::fs::symlink("/usr/bin/head", site.path("tool")).unwrap();
    give(&site, "out.jsonl", &[record("a", 5), record("b", 10), record("c", 15), record("d", 20)]);
    site.run(&["build"]).exits(0).prints(&["3 articles from 1 file"]);
    assert!(site.read("public/thoi-su/rss.xml").contains("Tin a"));
    // Whatever folder it is started in.
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = site.command(&["build", "--config", site.path("feeds.toml").to_str().unwrap()]);
    assert!(command.current_dir(elsewhere.path()).status().unwrap().success());
}

#[test]
fn its_records_have_places() {
    let site = scripted("cat out.jsonl; echo; echo '{\"title\": 1'");
    site.run(&["build"]).exits(0).says(&["sh export.sh:4:"]);
}

#[test]
fn what_did_not_change_is_not_read_again() {
    let site = scripted(CAT);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    // What was changed within a second of a run is not trusted to be seen changing again.
    std::thread::sleep(Duration::from_millis(1300));
    site.run(&["build"]).exits(0);
    let run = site.run(&["build", "-v"]).exits(0).says(&["nothing has changed"]);
    assert!(run.stdout.contains("3 articles from 1 file"));
    give(&site, "out.jsonl", &[record("a", 5), record("b", 10), record("c", 15), record("d", 1)]);
    site.run(&["build"]).exits(0).prints(&["4 articles"]);
    assert_ne!(site.tree(), before);
}

#[test]
fn a_program_that_fails_leaves_what_it_gave_last() {
    let site = scripted(CAT);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    write_script(&site, "export.sh", "head -n 1 out.jsonl; echo 'no route to the database' >&2; exit 3");
    let run = site.run(&["build"]).exits(1).says(&[
        "source 1 failed: sh export.sh ended with exit status 3; what it gave last is used",
        "no route to the database",
    ]);
    assert!(run.stdout.contains("3 articles"));
    assert_same(&site.tree(), &before);
    let report = site.run(&["build", "--format", "json"]).exits(1).json();
    assert_eq!(report["failed_sources"][0]["source"], "sh export.sh");
    assert_eq!(report["failed_sources"][0]["number"], 1);
    assert_eq!(report["failed_sources"][0]["uses_last"], true);
    // Once it is well again, nothing is said of it.
    write_script(&site, "export.sh", CAT);
    let run = site.run(&["build"]).exits(0);
    assert_eq!(run.stderr, "");
}

#[test]
fn without_an_answer_nothing_is_published() {
    let site = scripted("exit 1");
    site.run(&["build"]).exits(2).says(&["no source could be read", "sh export.sh ended with exit status 1"]);
    assert!(site.tree().is_empty());
    let site = configured("command = [\"./not-there\"]");
    site.run(&["build"]).exits(2).says(&["cannot run ./not-there: there is no such program in "]);
}

#[test]
fn a_signal_is_a_failure() {
    let site = scripted("kill -TERM $$");
    site.run(&["build"]).exits(2).says(&["sh export.sh ended with signal 15"]);
}

#[test]
fn a_program_that_takes_too_long_is_stopped_with_what_it_started() {
    let site = configured("command = [\"sh\", \"export.sh\"]\ntimeout = 1");
    write_script(&site, "export.sh", "sleep 60 & echo $! > started; sleep 60");
    let begun = Instant::now();
    site.run(&["build"]).exits(2).says(&["sh export.sh took longer than 1 seconds and was stopped"]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let started = site.read("started");
    let status = fs::read_to_string(format!("/proc/{}/stat", started.trim())).unwrap_or_default();
    assert!(status.is_empty() || status.contains(") Z "), "{status}");
}

#[test]
fn too_much_is_a_failure() {
    let site = configured("command = [\"sh\", \"export.sh\"]\nmax_size = \"10 KB\"");
    write_script(&site, "export.sh", "while :; do echo '{\"title\": \"x\", \"url\": \"/x\"}'; done");
    site.run(&["build"]).exits(2).says(&["sh export.sh gave more than 10000 bytes, which is its `max_size`"]);
    assert!(spool(&site).iter().all(|file| file == "lock"), "{:?}", spool(&site));
}

#[test]
fn a_required_source_that_fails_stops_everything() {
    let two = "path = \"articles.jsonl\"\n[[source]]\ncommand = [\"sh\", \"export.sh\"]\nrequired = true";
    let site = configured(two).article(record("own", 3));
    write_script(&site, "export.sh", CAT);
    give(&site, "out.jsonl", &[record("a", 5)]);
    site.run(&["build"]).exits(0).prints(&["2 articles"]);
    let before = site.tree();
    write_script(&site, "export.sh", "exit 7");
    site.records(&[record("own", 3), record("more", 2)]);
    site.run(&["build"])
        .exits(2)
        .says(&["the source sh export.sh, which is `required`, failed", "exit status 7"]);
    assert_same(&site.tree(), &before);
}

#[test]
fn while_a_source_is_missing_no_feed_loses_entries() {
    let two = "path = \"articles.jsonl\"\n[[source]]\ncommand = [\"sh\", \"export.sh\"]";
    let site = configured(two).article(with(record("own", 3), "category", "Kinh tế"));
    write_script(&site, "export.sh", CAT);
    give(&site, "out.jsonl", &[record("a", 5)]);
    site.run(&["build"]).exits(0).prints(&["2 articles"]);
    let before = site.tree();
    fs::remove_dir_all(site.path(".bantin/public.spool")).unwrap();
    write_script(&site, "export.sh", "exit 7");
    site.records(&[
        with(record("own", 3), "category", "Kinh tế"),
        with(record("new", 1), "category", "Kinh tế"),
        with(record("new2", 1), "category", "Kinh tế"),
    ]);
    let run = site.run(&["build"]).exits(1);
    let run = run.says(&[
        "nothing of it is there to be used",
        "Tin mới is held back: a source gave nothing, and it would lose entries: 1 of 2",
        "Thời sự is held back",
    ]);
    assert!(run.stdout.contains("Kinh tế"));
    let after = site.tree();
    assert_eq!(after["thoi-su/rss.xml"], before["thoi-su/rss.xml"]);
    assert_eq!(after["tin-moi/rss.xml"], before["tin-moi/rss.xml"]);
    assert!(site.read("public/kinh-te/rss.xml").contains("Tin new"), "what loses nothing is published");
    // As long as that lasts.
    site.run(&["build"]).exits(1).says(&["Tin mới is held back"]);
    write_script(&site, "export.sh", CAT);
    site.run(&["build"]).exits(0).prints(&["4 articles"]);
}

#[test]
fn only_a_build_asks_again() {
    let site = scripted("echo x >> asked; cat out.jsonl");
    let asked = || fs::read_to_string(site.path("asked")).unwrap_or_default().lines().count();
    site.run(&["list"]).exits(0).prints(&["Tin mới"]);
    assert_eq!(asked(), 1);
    site.run(&["list"]).exits(0);
    site.run(&["explain", "a"]).exits(0).prints(&["Tin a"]);
    site.run(&["diff"]).exits(0);
    site.run(&["build", "--dry-run"]).exits(0);
    site.run(&["build", "--offline"]).exits(0).prints(&["3 articles"]);
    assert_eq!(asked(), 1);
    site.run(&["check"]).exits(0);
    assert_eq!(asked(), 1);
    site.run(&["build"]).exits(0);
    assert_eq!(asked(), 2);
}

#[test]
fn offline_asks_nobody() {
    let site = scripted("echo x >> asked; cat out.jsonl");
    site.run(&["build", "--offline"])
        .exits(2)
        .says(&["sh export.sh was never asked, and --offline asks nobody"]);
    assert!(!site.path("asked").exists());
}

#[test]
fn what_no_source_asks_for_goes() {
    let site = scripted(CAT);
    site.run(&["build"]).exits(0);
    assert_eq!(spool(&site).len(), 3);
    let other = site.read("feeds.toml").replace("export.sh", "other.sh");
    write_script(&site, "other.sh", CAT);
    let before = spool(&site);
    let site = site.config(&other.replace("other.sh", "othre.sh"));
    site.run(&["build"]).exits(2);
    assert!(before.iter().all(|file| spool(&site).contains(file)), "a slip of the pen loses nothing");
    let site = site.config(&other);
    site.run(&["build"]).exits(0);
    assert_eq!(spool(&site).len(), 3);
    assert_ne!(spool(&site), before);
}

#[test]
fn the_higher_priority_wins_whatever_the_order() {
    let source =
        |name: &str, rest: &str| format!("[[source]]\ncommand = [\"cat\", \"{name}.jsonl\"]\n{rest}\n");
    let of = |first: &str, second: &str| {
        let head = HEAD.split("[[source]]").next().unwrap();
        let site = Site::new().config(&format!("{head}{}{}", source("one", first), source("two", second)));
        give(&site, "one.jsonl", &[with(record("a", 5), "title", "Của một")]);
        give(&site, "two.jsonl", &[with(record("a", 5), "title", "Của hai")]);
        site.run(&["build"]).exits(0);
        site.read("public/tin-moi/rss.xml").contains("Của một")
    };
    assert!(!of("", ""), "of the same priority, the later");
    assert!(of("priority = 1", ""));
    assert!(of("", "priority = -1"));
    assert!(!of("priority = 1", "priority = 2"));
    assert!(!of("priority = 3", "priority = 3"));
}

#[test]
fn files_have_priorities_too_and_sources_keep_their_numbers() {
    let head = HEAD.split("[[source]]").next().unwrap();
    let site = Site::new()
        .config(&format!(
            "{head}[[source]]\npath = \"articles.jsonl\"\npriority = 5\n[[source]]\ncommand = [\"false\"]\n"
        ))
        .article(record("a", 5));
    site.run(&["build"]).exits(1).says(&["source 2 failed: false ended with exit status 1"]);
}

#[test]
fn a_password_among_the_arguments_is_not_told() {
    let site = configured("command = [\"sh\", \"export.sh\", \"--password\", \"geheim\"]");
    write_script(&site, "export.sh", "exit 1");
    let run = site.run(&["build"]).exits(2).says(&["sh export.sh ended"]);
    assert!(!run.stderr.contains("geheim"));
}

#[test]
fn another_format_is_named() {
    let site = configured("command = [\"printf\", \"id,title,url\\\\n1,Một,/1\\\\n\"]\nformat = \"csv\"");
    site.run(&["build"]).exits(0).prints(&["1 article from 1 file"]);
}

#[test]
fn standard_input_cannot_be_watched() {
    let head = HEAD.replace("\"articles.jsonl\"", "\"-\"\nformat = \"jsonl\"");
    let site = Site::new().config(&head);
    for command in ["build", "serve"] {
        let run = Run::of(site.command(&["-q", command, "--watch"]).stdin(Stdio::null()).output().unwrap());
        run.exits(2).says(&["error: standard input cannot be read again"]);
    }
}

/// Whatever ends a run, nothing is left of what came from standard input; and what cannot be read is told.
#[cfg(target_os = "linux")]
#[test]
fn what_came_from_standard_input_is_not_left_behind() {
    let head = HEAD.replace("\"articles.jsonl\"", "\"-\"\nformat = \"jsonl\"");
    let site = Site::new().config(&head);
    let folder = site.path("temporary");
    fs::create_dir(&folder).unwrap();
    let command = || {
        let mut command = site.command(&["build"]);
        command.env("TMPDIR", &folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut child = command().spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let line = format!("{}\n", record("a", 0));
    // More than a pipe holds: once it is written, some was read.
    input.write_all(line.repeat((1 << 20) / line.len()).as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    let run = Run::of(command().stdin(fs::File::open(&folder).unwrap()).output().unwrap());
    assert_eq!(run.status, Some(2));
    fs::remove_dir(&folder).unwrap();
    let run = Run::of(command().stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap()).exits(2);
    run.says(&["cannot copy standard input to a file in the folder", "temporary"]);
}

/// Of a pipe nothing is known before it is read.
#[test]
fn a_named_pipe_is_read_to_its_end() {
    let site = Site::new();
    let made = std::process::Command::new("mkfifo").arg(site.path("articles.jsonl")).status();
    assert!(made.unwrap().success());
    let lines: Vec<String> = (0..20_000).map(|number| record(&format!("n{number}"), 0).to_string()).collect();
    let path = site.path("articles.jsonl");
    let writer = std::thread::spawn(move || fs::write(path, lines.join("\n")).unwrap());
    site.run(&["build"]).exits(0).prints(&["20000 articles from 1 file"]);
    writer.join().unwrap();
}

/// More new articles are withdrawn than a feed keeps in reserve, so that everything is read a second time; and commands look for
/// single articles once they know what is in the feeds.
#[test]
fn standard_input_is_read_as_a_file_is() {
    let new = |number: usize| record(&format!("n{number}"), 0);
    let withdrawn = |number: usize| serde_json::json!({"id": format!("n{number}"), "deleted": true});
    let old = |number: usize| {
        let category = if number == 7 { "Không tên miền" } else { "Thời sự" };
        let old = with(record(&format!("o{number}"), 0), "date_published", "2025-11-20T08:00:00+07:00");
        with(old, "category", category)
    };
    let records: Vec<_> =
        (0..3000).map(new).chain((0..80).map(old)).chain((0..3000).map(withdrawn)).collect();
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    let feed = "\n[[feed]]\ntitle = \"Thời sự\"\ncategory = \"Thời sự\"\n";
    let of_file = Site::new().config(&format!("{HEAD}{feed}")).file("articles.jsonl", &lines.join("\n"));
    let head = HEAD.replace("\"articles.jsonl\"", "\"-\"\nformat = \"jsonl\"");
    let piped = Site::new().config(&format!("{head}{feed}"));
    let input = || Stdio::from(fs::File::open(of_file.path("articles.jsonl")).unwrap());
    for (arguments, told) in [
        (&["build"][..], "80 articles from 1 file"),
        (&["list", "--categories"], "no feed asks for it"),
        (&["explain", "n2999"], "withdrawn"),
        (&["explain", "o7"], "Không tên miền"),
    ] {
        let expected = of_file.run(arguments).exits(0);
        let run = Run::of(piped.command(arguments).stdin(input()).output().unwrap()).exits(0);
        assert_eq!(run.stdout, expected.stdout.replace("articles.jsonl", "-"), "{arguments:?}");
        assert!(run.stdout.contains(told), "{}", run.stdout);
    }
    assert_same(&piped.tree(), &of_file.tree());
}
