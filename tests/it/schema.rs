//! `schema`, and the page that documents what it describes.

use crate::config;
use crate::site::Site;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// What a JSON Schema cannot express, by the message that a build has for it.
const INEXPRESSIBLE: &[&str] = &[
    "`command` names no program",
    "`headers` says nothing of a command",
    "`max_size` says nothing of files",
    "`paging` does not say how",
    "`paging` says in two ways",
    "`url` beside `article_url`",
    "`url` is no address",
    "`url` is one text here",
    "`ftp` is not fetched",
    "a password in an address",
    "the address lacks the `key`",
    "the header `host` cannot be set",
    "`output.state` lies inside",
    "a second feed ",
    "cannot tell the format of",
    "cannot tell which format",
    "no date pattern",
    "no file matches",
    "not a glob",
    "not a regular expression",
    "the slug `assets` is not a plain folder name", // made of a title, or given
    "unknown encoding",
    "which format has standard input?",
    "a list of a page has no `select.item`",
    "`select.title` is no CSS selector",
    "`remove` is no CSS selector",
    "no language tag: `vn`",
    "`thoi-su/rss.xml` is no old path",
];

fn schema() -> Value {
    Site::new().run(&["schema"]).exits(0).json()
}

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn json(toml: &str) -> Value {
    toml::from_str(toml).unwrap_or_else(|error| panic!("{error} in\n{toml}"))
}

#[track_caller]
fn accepts(toml: &str) {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&json(toml))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0], "{toml}");
}

/// The blocks of TOML of a page.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while lines.any(|line| line == "```toml") {
        blocks
            .push(lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect());
    }
    blocks
}

#[test]
fn the_example_at_the_root_fits() {
    accepts(&std::fs::read_to_string(root("feeds.toml")).unwrap());
}

#[test]
fn what_init_writes_fits() {
    let site = Site::new().articles(3, "Thời sự");
    std::fs::remove_file(site.path("feeds.toml")).unwrap();
    site.run(&["init"]).exits(0);
    accepts(&site.read("feeds.toml"));
}

#[test]
fn every_configuration_in_the_documentation_fits() {
    let mut pages = vec![root("README.md"), root("ARCHITECTURE.md"), root("CONTRIBUTING.md")];
    for folder in ["docs", "docs/sources"] {
        pages.extend(std::fs::read_dir(root(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    let mut met = 0;
    for page in pages.iter().filter(|page| page.extension().is_some_and(|extension| extension == "md")) {
        for block in blocks(&std::fs::read_to_string(page).unwrap_or_default()) {
            let tables = ["[site]", "[output]", "[[source]]", "[[feed]]", "[check]", "[serve]"];
            let first = block
                .lines()
                .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
                .unwrap_or_default();
            if !tables.contains(&first.trim()) {
                continue;
            }
            met += 1;
            let site = "[site]\ntitle = \"x\"\nurl = \"https://x.example/\"\n";
            accepts(&if block.contains("[site]") { block } else { format!("{site}{block}") });
        }
    }
    assert!(met >= 6, "only {met} configurations met");
}

#[test]
fn it_refuses_what_a_build_refuses() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut excused = BTreeSet::new();
    for case in config::mistakes() {
        let Ok(value) = toml::from_str::<Value>(&case.text) else { panic!("no TOML:\n{}", case.text) };
        let excuse = INEXPRESSIBLE.iter().find(|message| case.message.starts_with(**message));
        match (validator.is_valid(&value), excuse) {
            (false, _) => {}
            (true, Some(excuse)) => {
                excused.insert(*excuse);
            }
            (true, None) => {
                panic!("the schema takes what is refused with {:?}:\n{}", case.message, case.text)
            }
        }
    }
    let unneeded: Vec<_> = INEXPRESSIBLE.iter().filter(|message| !excused.contains(**message)).collect();
    assert!(unneeded.is_empty(), "the schema expresses these: {unneeded:?}");
}

#[test]
fn the_examples_of_the_page_can_be_built() {
    let page = std::fs::read_to_string(root("docs/feeds.toml.md")).unwrap();
    // What stands on the web cannot be fetched here.
    let is_here = |block: &String| !block.starts_with("[[source]]\nurl ");
    let examples: Vec<String> = blocks(&page).into_iter().filter(is_here).collect();
    // The first is a whole configuration; the others are its tables, one after another.
    let table = "ma;tieu_de;duong_dan;ngay_dang\nb1x;Mưa;/mua.html;05/11/2026 08:00\n";
    let site = Site::new()
        .file("feeds.toml", &examples[1..].join("\n"))
        .file("articles/a.jsonl", "{\"url\": \"/a\", \"title\": \"A\"}\n")
        .file("xuat/a.csv", table)
        .file("content/thoi-su/b.md", "---\ntitle: B\ndate: 2026-11-04\n---\nx\n")
        .file("api.json", r#"{"data": {"articles": [{"url": "/c", "title": "C", "date": "2026-11-03"}]}}"#)
        .file("trang/d.html", "<meta property=og:type content=article><h1>D</h1><div class=noi-dung>d</div>")
        .file("tin-moi.html", "<ul class=tin-moi><li><h3><a href=/e>E</a></h3></ul>")
        .file("tests/feeds/none.txt", "");
    site.run(&["list"]).exits(0);
    let explained = site.run(&["list", "--categories", "--format", "json"]).exits(0).json();
    assert_eq!(explained["categories"][0]["label"], "thoi-su");
    site.file("feeds.toml", &examples[0]).run(&["build"]).exits(0);
}

/// The headings of docs/feeds.toml.md, and what the schema calls their tables.
const TABLES: &[(&str, &str)] = &[
    ("## `[site]`", "Site"),
    ("### `author`", "Author"),
    ("## `[output]`", "Output"),
    ("## `[[source]]`", "Source"),
    ("### `paging`", "Paging"),
    ("### `replace`", "Replace"),
    ("### `select`", "Select"),
    ("## `[[feed]]`", "Feed"),
    ("### `exclude`", "Exclude"),
    ("## `[check]`", "Check"),
    ("## `[serve]`", "Serve"),
    ("## `[pages]`", "Pages"),
    ("### `readers`", "PageReader"),
    ("## `[websub]`", "WebSub"),
];

#[test]
fn every_key_has_a_description() {
    let schema = schema();
    let definitions = schema["$defs"].as_object().unwrap();
    let definitions = definitions.iter().map(|(name, table)| (name.as_str(), table));
    let tables = definitions.chain([("feeds.toml", &schema)]);
    let mut met = 0;
    for (name, table) in tables {
        for (key, property) in table["properties"].as_object().into_iter().flatten() {
            let text = property["description"].as_str().unwrap_or_default();
            assert!(text.len() > 10 && text.ends_with('.') | text.ends_with('`'), "{name}.{key}: {text:?}");
            met += 1;
        }
    }
    assert!(met > 50, "only {met} keys met");
    let top: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(top, ["check", "feed", "output", "pages", "serve", "site", "source", "websub"]);
}

#[test]
fn every_key_is_documented_and_no_other() {
    let page = std::fs::read_to_string(root("docs/feeds.toml.md")).unwrap();
    let schema = schema();
    let tables: BTreeSet<&str> = schema["$defs"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, table)| table["properties"].is_object())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(tables, TABLES.iter().map(|(_, name)| *name).collect());
    for (heading, name) in TABLES {
        let section = page.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no {heading}")).1;
        let section: Vec<&str> = section
            .lines()
            .take_while(|line| !line.starts_with("## ") && !line.starts_with("### "))
            .collect();
        let rows = section.iter().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let documented: BTreeSet<&str> =
            rows.map(|(key, _)| key).filter(|key| !key.starts_with('{')).collect();
        let properties = schema["$defs"][name]["properties"].as_object().unwrap();
        assert_eq!(documented, properties.keys().map(String::as_str).collect(), "{heading}");
        let required: BTreeSet<&str> = schema["$defs"][name]["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let said: BTreeSet<&str> = section
            .iter()
            .filter(|line| line.contains("| must be given |"))
            .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0))
            .collect();
        assert_eq!(said, required, "{heading}");
    }
}

#[test]
fn every_key_is_shown_in_an_example() {
    let page = std::fs::read_to_string(root("docs/feeds.toml.md")).unwrap();
    let examples = blocks(&page).join("");
    let schema = schema();
    for (_, name) in TABLES {
        for key in schema["$defs"][name]["properties"].as_object().unwrap().keys() {
            let written = examples.split_whitespace().any(|word| word.trim_start_matches('{') == key);
            assert!(written || ["email", "url"].contains(&key.as_str()), "no example of {name}.{key}");
        }
    }
}
