//! `check` as it is called: what it is told to look for, and what it says of it in every format.

use crate::site::{Run, Site, record};
use std::process::Stdio;

#[test]
fn rules_that_there_are_not() {
    let site = Site::new();
    site.records(&[record("a", 1)]);
    site.run(&["build"]).exits(0);
    for flag in ["--allow", "--warn", "--deny"] {
        let run = site.run(&["check", flag, "missing-gid"]).exits(2);
        run.says(&["no rule is called `missing-gid`", "did you mean `missing-guid`?"]);
    }
    site.run(&["check", "--deny", "warning"]).exits(0);
    // A word that only begins like `warning` would otherwise deny nothing, in silence.
    for word in ["warnin", "warning-s"] {
        let run = site.run(&["check", "--deny", word]).exits(2);
        run.says(&[&format!("no rule is called `{word}`"), "`--deny warning` makes every warning an error"]);
    }
}

/// A status of 1 is explained in every format: annotations and SARIF have no place for a difference.
#[test]
fn a_fixture_that_differs_is_told_in_every_format() {
    let site = Site::new();
    site.records(&[record("a", 1)]);
    site.run(&["build"]).exits(0);
    site.run(&["check", "--fixtures", "expected", "--bless"]).exits(0);
    let changed = site.read("expected/tin-moi/rss.xml").replace("Tin a", "Tin khác");
    site.write("expected/tin-moi/rss.xml", changed.as_bytes());
    for format in ["sarif", "github"] {
        let run = site.run(&["check", "--fixtures", "expected", "--format", format]).exits(1);
        assert!(!run.stdout.contains("Tin khác"), "{}", run.stdout);
        run.says(&["tin-moi/rss.xml: not as expected", "title: “Tin khác” → “Tin a”"]);
    }
}

#[test]
fn standard_input() {
    let site = Site::new();
    site.write("broken.xml", b"<rss version=\"2.0\"><channel></channel></rss>");
    let mut command = site.command(&["check", "-"]);
    command.stdin(Stdio::from(std::fs::File::open(site.path("broken.xml")).unwrap()));
    Run::of(command.output().unwrap()).exits(1).prints(&["-:1:", "error[missing-title]", "1 file: "]);
    site.run(&["check", "-"]).exits(1).prints(&["error[empty-document]"]);
}

/// What was built can be checked where its sources are not.
#[test]
fn sources_are_not_needed() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build"]).exits(0);
    std::fs::remove_file(site.path("articles.jsonl")).unwrap();
    site.run(&["check"]).exits(0);
    site.run(&["build"]).exits(2);
}

/// A partner that takes RSS is not offered the rest of what was built.
#[test]
fn a_partner_takes_some_of_what_was_built() {
    let site = Site::new().articles(25, "Thời sự");
    site.run(&["build"]).exits(0);
    let report = site.run(&["check", "--profile", "flipboard", "--format", "json"]).json().to_string();
    assert!(!report.contains("partner-kind"), "{report}");
    let named = site.run(&["check", "public/feeds.opml", "--profile", "flipboard", "--format", "json"]);
    assert!(named.json().to_string().contains("partner-kind"));
}

/// The report in docs/reports.md is what the program says of the feed that stands before it.
#[test]
fn the_report_for_people_is_as_documented() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reports.md")).unwrap();
    let (_, section) = page.split_once("### For people").unwrap();
    let block = |language: &str| {
        let (_, rest) = section.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let site = Site::new();
    site.write("rss.xml", block("xml").as_bytes());
    let run = site.run(&["check", "rss.xml"]).exits(1);
    assert_eq!(run.stdout, block("text"));
}

/// A fault that every entry has fills no screen, unless all is asked for.
#[test]
fn a_fault_of_every_entry_is_shown_some_times_and_counted() {
    let site = Site::new();
    let feed = format!(
        "<rss version=\"2.0\"><channel>{}</channel></rss>",
        "<item><title>x</title></item>".repeat(30)
    );
    site.write("rss.xml", feed.as_bytes());
    let lines = |run: &Run| run.stdout.lines().filter(|line| line.contains("[missing-guid] an item")).count();
    let few = site.run(&["check", "rss.xml"]).exits(1);
    assert_eq!(lines(&few), 5, "{}", few.stdout);
    few.prints(&["rss.xml: warning[missing-guid] 25 more", "(--verbose shows each)"]);
    assert_eq!(lines(&site.run(&["check", "--verbose", "rss.xml"]).exits(1)), 30);
}

/// Of a file beyond all measure only so much is read as shows that.
#[test]
fn a_file_that_is_too_large() {
    let site = Site::new();
    site.write("large.xml", b"<rss>");
    let file = std::fs::File::options().write(true).open(site.path("large.xml")).unwrap();
    // The file has a hole, and takes no room on the disk.
    file.set_len(64 << 30).unwrap();
    site.run(&["check", "large.xml"])
        .exits(1)
        .prints(&["error[validator-limit]", "more than 67108864 bytes, which are the most that are read"]);
}

/// Files of a folder are compared in their order, whichever is checked first.
#[test]
fn files_of_a_folder_are_compared_in_order() {
    let site = Site::new();
    let feed = |id: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>Tin</title><link>https://bao.example/</link><description>Tin</description>\
             <item><title>Mưa</title><link>https://bao.example/1</link><guid isPermaLink=\"false\">{id}</guid></item>\
             </channel></rss>"
        )
    };
    for number in 0..40 {
        site.write(
            &format!("feeds/{number:02}.xml"),
            feed(if number < 39 { "tag:1" } else { "tag:2" }).as_bytes(),
        );
    }
    let run = site.run(&["check", "feeds", "--warn", "id-differs-across-feeds"]);
    let told: Vec<&str> =
        run.stdout.lines().filter(|line| line.contains("id-differs-across-feeds")).collect();
    let [line] = told.as_slice() else { panic!("{told:?}") };
    assert!(line.starts_with("feeds/39.xml:"), "{line}");
    assert!(line.contains("the same article is `tag:1` in feeds/00.xml"), "{line}");
}
