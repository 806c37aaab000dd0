//! `check --fixtures`: what is built, held against expected feeds; the sample's are in `tests/fixtures/bao-son-la`.

use crate::site::Site;
use std::fs;
use std::path::Path;

/// The moment at which the expected feeds of the sample were built: that of its article without a date.
const MOMENT: &str = "2024-11-06T08:00:00+07:00";

const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bao-son-la");

/// The sample of the repository in a folder of its own, built.
fn sample() -> Site {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let articles = "examples/bao-son-la/articles.jsonl";
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let site = Site::new().file("feeds.toml", &read("feeds.toml")).file(articles, &read(articles));
    site.run(&["build", "--now", MOMENT]).exits(0);
    site
}

/// The sample is as expected, byte for byte. After a change that is meant, in the root of the repository:
/// `bantin build --now 2024-11-06T08:00:00+07:00 -o target/sample --force`, then
/// `bantin check -o target/sample --fixtures tests/fixtures/bao-son-la --bless`.
#[test]
fn the_sample_is_as_expected() {
    let run = sample().run(&["check", "--fixtures", EXPECTED]).exits(0);
    assert_eq!(run.stdout, "13 files: 0 errors, 0 warnings, 0 info\n");
}

#[test]
fn differences_are_told_entry_by_entry() {
    let site = sample();
    let articles = site.read("examples/bao-son-la/articles.jsonl");
    let mut lines: Vec<String> = articles.lines().map(str::to_owned).collect();
    lines[2] = lines[2].replace("Dân tộc Lào\"", "Dân tộc Lào ở Sơn La\"");
    lines.remove(6);
    site.write("examples/bao-son-la/articles.jsonl", lines.join("\n").as_bytes());
    site.run(&["build", "--now", MOMENT]).exits(0);
    site.run(&["check", "--fixtures", EXPECTED]).exits(1).prints(&[
        "tin-moi/rss.xml: not as expected: 1 changed, 1 gone",
        "title: “Dân tộc Lào” → “Dân tộc Lào ở Sơn La”",
        "- Dân tộc La Ha https://baosonla.example/tin/dan-toc-la-ha.html",
    ]);
    let report = site.run(&["check", "--fixtures", EXPECTED, "--format", "json"]).exits(1).json();
    assert_eq!(report["differences"].as_array().unwrap().len(), 3);
    assert_eq!(report["differences"][0]["kind"], "changed");
}

#[test]
fn what_was_built_can_be_made_the_expected() {
    let site = sample();
    site.run(&["check", "--bless"]).exits(2).says(&["--fixtures DIR"]);
    site.run(&["check", "--fixtures", "expected"]).exits(2).says(&["expected"]);
    site.run(&["check", "--fixtures", "expected", "--bless"])
        .exits(0)
        .says(&["blessed expected/tin-moi/rss.xml"]);
    site.run(&["check", "--fixtures", "expected"]).exits(0);
    assert_eq!(site.tree_of("expected").len(), 12);
    // Named in feeds.toml they are compared at every check.
    let text = format!("{}\n[check]\nfixtures = \"expected\"\n", site.read("feeds.toml"));
    site.write("feeds.toml", text.as_bytes());
    site.run(&["check"]).exits(0);
    fs::remove_file(site.path("expected/tin-moi/atom.xml")).unwrap();
    site.run(&["check"]).exits(1).prints(&["tin-moi/atom.xml: built, and not expected"]);
}
