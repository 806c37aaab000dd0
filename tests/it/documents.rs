//! The pages under docs/ say what is so: their tables are compared with the code, their examples are built.

use crate::site::Site;
use bantin::date::{self, Rules};
use bantin::sources::SOURCES;
use bantin::vocabulary::FIELDS;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

fn document(path: &str) -> String {
    fs::read_to_string(Path::new(REPOSITORY).join(path)).unwrap()
}

/// The part of a page below a heading of the second level.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, rest) =
        page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no section {heading}"));
    rest.split("\n## ").next().unwrap_or(rest)
}

/// The rows of the first table of a text, without its head.
fn rows(text: &str) -> Vec<&str> {
    let table: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .collect();
    table.get(2..).unwrap_or_default().to_vec()
}

#[test]
fn the_table_of_formats_is_that_of_the_registry() {
    let page = document("docs/sources.md");
    let expected: Vec<String> = SOURCES
        .iter()
        .map(|source| {
            let extensions: Vec<String> = source.extensions().iter().map(|e| format!(".{e}")).collect();
            format!("| `{}` | {} | {} |", source.name(), extensions.join(", "), source.about())
        })
        .collect();
    assert_eq!(rows(&page), expected, "docs/sources.md; it should read:\n{}\n", expected.join("\n"));
}

#[test]
fn the_table_of_fields_is_that_of_the_vocabulary() {
    let page = document("docs/sources.md");
    let expected: Vec<String> = FIELDS
        .iter()
        .map(|field| {
            let aliases: Vec<String> = field.aliases.iter().map(|alias| format!("`{alias}`")).collect();
            format!("| `{}` | {} | {} |", field.name, aliases.join(", "), field.about)
        })
        .collect();
    assert_eq!(
        rows(section(&page, "Fields")),
        expected,
        "docs/sources.md; it should read:\n{}\n",
        expected.join("\n")
    );
}

#[test]
fn the_table_of_dates_is_true() {
    let page = document("docs/sources.md");
    let rules = Rules { zone: chrono_tz::Asia::Ho_Chi_Minh, day_first: date::day_first("vi"), formats: &[] };
    let rows = rows(section(&page, "Dates"));
    assert!(rows.len() > 10);
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let written = cells[0].trim_matches('`');
        let read = date::parse(written, &rules).unwrap().map(|date| date::rfc3339(&date));
        assert_eq!(read.as_deref(), Some(cells[1]), "{written}");
    }
}

/// The fenced blocks of a text that name a file: (language, path, text).
pub fn files(text: &str) -> Vec<(&str, &str, String)> {
    let mut files = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some((language, path)) = info.split_once(' ') {
            files.push((language, path, block.join("\n") + "\n"));
        }
    }
    files
}

#[test]
fn the_examples_of_sources_are_read_to_their_end() {
    let page = document("docs/sources.md");
    let mut built = 0;
    for part in page.split("\n## ").skip(1) {
        let heading = part.lines().next().unwrap();
        let files = files(part);
        if files.is_empty() {
            continue;
        }
        let configured =
            files.iter().find(|(_, path, _)| *path == "feeds.toml").map(|(_, _, text)| text.clone());
        let sources = configured.unwrap_or_else(|| format!("[[source]]\npath = \"{}\"\n", files[0].1));
        let site = Site::new().config(&format!(
            "[site]\ntitle = \"Báo Thử\"\nurl = \"https://baosonla.example/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n{sources}"
        ));
        for (_, path, text) in files.iter().filter(|(_, path, _)| *path != "feeds.toml") {
            site.write(path, text.as_bytes());
        }
        let run = ["build", "--format", "json", "--now", "2026-12-01T00:00:00+07:00"];
        let report = site.run(&run).exits(0).json();
        let counts = &report["counts"];
        assert_eq!(report["diagnostics"], serde_json::json!([]), "{heading}");
        let replaced = counts["replaced"].as_u64().unwrap();
        assert_eq!(
            counts["articles"].as_u64().map(|n| n + replaced),
            counts["records"].as_u64(),
            "{heading}"
        );
        assert!(counts["articles"].as_u64() > Some(0), "{heading}: {counts}");
        built += 1;
        // What the section claims of its example.
        let feed: Value = serde_json::from_str(&site.read("public/tin-moi/feed.json")).unwrap();
        let items = feed["items"].as_array().unwrap();
        let last = items.last().unwrap();
        match heading {
            "JSON Lines" => assert_eq!(last["title"], "Mưa lớn ở Mường La, 12 nhà bị ngập"),
            "CSV" => assert_eq!(
                (&last["tags"], &items[0]["title"]),
                (&serde_json::json!(["Xã hội", "mưa", "lũ"]), &"Chợ phiên; cuối năm".into())
            ),
            "Markdown" => {
                assert_eq!(last["url"], "https://baosonla.example/xa-hoi/mua-lon.html");
                assert_eq!(last["date_published"], "2026-11-20T00:00:00+07:00");
                assert_eq!(last["tags"], serde_json::json!(["xa-hoi", "mưa", "lũ"]));
            }
            "Other names: `fields`" => {
                assert_eq!(last["title"], "Mưa lớn ở Mường La");
                assert_eq!(last["date_published"], "2026-11-20T17:30:00+07:00");
            }
            "Artefacts of an export: `replace`" => {
                assert_eq!(last["title"], "Mưa lớn ở Mường La");
                assert_eq!(last["url"], "https://baosonla.example/tin/17.html");
            }
            "Addresses that are not in the records: `url`" => {
                assert_eq!(last["url"], "https://baosonla.example/xa-hoi/2026/11/mua-lon-17.html");
            }
            _ => {}
        }
    }
    assert!(built >= SOURCES.len(), "{built} examples");
}

/// The paths at which a value holds something, lists and the members of their elements together: `feeds[].slug`.
fn paths(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                found.insert(at.clone());
                paths(value, &at, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                paths(item, &format!("{at}[]"), found);
            }
        }
        _ => {}
    }
}

/// The keys that docs/reports.md lists, by section.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let page = document("docs/reports.md");
    page.split("\n## ")
        .skip(1)
        .filter(|part| part.contains("\n| key |"))
        .map(|part| {
            let name = part.lines().next().unwrap().trim_matches('`').to_owned();
            let keys =
                rows(part).into_iter().filter_map(|row| row.split('`').nth(1)).map(str::to_owned).collect();
            (name, keys)
        })
        .collect()
}

/// A newspaper in which everything that a report tells of happens: records left out, a value dropped, an article without a
/// section and without a feed, a feed held back, a source that failed, and articles changed, added and gone.
fn eventful() -> Site {
    let config = |title: &str| {
        format!(
            r#"
            [site]
            title = "{title}"
            url = "https://bao.example/"
            language = "vi"
            timezone = "Asia/Ho_Chi_Minh"
            [output]
            url = "https://bao.example/feeds/"
            [[source]]
            path = "articles.jsonl"
            [[feed]]
            title = "Thời sự"
            [[feed]]
            title = "Thể thao"
            "#
        )
    };
    let log = concat!(
        r#"{"id": "1", "url": "/1.html", "title": "Một", "date": "18/11/2026", "category": "Thời sự"}"#,
        "\n",
        r#"{"id": "2", "url": "/2.html", "title": "Hai", "date": "17/11/2026", "category": "Thời sự", "comments": "javascript:x"}"#,
        "\n",
        r#"{"id": "3", "url": "/3.html", "title": "Ba", "date": "16/11/2026", "category": "Thời sự"}"#,
        "\n",
        r#"{"id": "4", "url": "/4.html", "title": "Bốn", "date": "16/11/2026", "category": "Thể thao"}"#,
        "\n",
        r#"{"id": "5", "url": "/5.html", "title": "Không mục", "date": "16/11/2026"}"#,
        "\n",
        r#"{"id": "6", "title": "Sáu", "date": "hôm qua"}"#,
        "\n",
    );
    let later = concat!(
        r#"{"id": "1", "url": "/1.html", "title": "Một, sửa", "date": "18/11/2026", "category": "Thời sự"}"#,
        "\n",
        r#"{"id": "3", "deleted": true}"#,
        "\n",
        r#"{"id": "4", "deleted": true}"#,
        "\n",
        r#"{"id": "7", "url": "/7.html", "title": "Bảy", "date": "19/11/2026", "category": "Thời sự"}"#,
        "\n",
        r#"{"id": "8", "url": "/8.html", "title": "Tám", "date": "1/12/2026", "category": "Thời sự"}"#,
        "\n",
    );
    let site = Site::new().config(&config("Báo Thử")).file("articles.jsonl", log);
    site.run(&["build"]).exits(0);
    let failing = "[[source]]\ncommand = ['false']\n";
    site.config(&format!("{}{failing}", config("Báo Thử mới")))
        .file("articles.jsonl", &format!("{log}{later}"))
}

#[test]
fn reports_have_the_keys_that_are_documented() {
    let documented = documented();
    let site = eventful();
    let mut missing = Vec::new();
    for (section, arguments) in [
        ("build", &["build", "--dry-run"][..]),
        ("diff", &["diff"]),
        ("list", &["list"]),
        ("list --categories", &["list", "--categories"]),
        ("list --sources", &["list", "--sources"]),
        ("explain", &["explain", "2"]),
    ] {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--format", "json"]);
        let report = site.run(&arguments).json();
        let mut found = BTreeSet::new();
        paths(&report, "", &mut found);
        // `diff` prints the report of a build.
        let section = if section == "diff" { "build" } else { section };
        let keys =
            documented.get(section).unwrap_or_else(|| panic!("docs/reports.md does not describe {section}"));
        let undocumented: Vec<&String> = found.difference(keys).collect();
        assert_eq!(undocumented, [""; 0], "docs/reports.md, {section}");
        // What is there only at times, or what this newspaper does not bring about.
        missing.extend(keys.difference(&found).map(|key| format!("{section}: {key}")));
    }
    assert_eq!(missing, [] as [&str; 0], "docs/reports.md lists keys that no report has");
}

#[test]
fn the_report_of_a_check_has_the_keys_that_are_documented() {
    // An article of a title alone is worth a remark.
    let article = serde_json::json!({"url": "/1.html", "title": "Một", "date": "18/11/2026"});
    let site = Site::new().article(article);
    site.run(&["build"]).exits(0);
    site.run(&["check", "--fixtures", "expected", "--bless"]).exits(0);
    let changed = site.read("expected/tin-moi/rss.xml").replace("Một", "Hai");
    site.write("expected/tin-moi/rss.xml", changed.as_bytes());
    let other_bytes = site.read("expected/tin-moi/atom.xml") + "\n";
    site.write("expected/tin-moi/atom.xml", other_bytes.as_bytes());
    let report = site.run(&["check", "--fixtures", "expected", "--format", "json"]).exits(1).json();
    let mut found = BTreeSet::new();
    paths(&report, "", &mut found);
    // Changes are those of a build.
    found.retain(|key| !key.starts_with("differences[].changes."));
    assert_eq!(Some(&found), documented().get("check"), "docs/reports.md, check");
}

#[test]
fn the_explanation_of_a_rule_has_the_keys_that_are_documented() {
    let report = Site::new().run(&["explain", "missing-guid", "--format", "json"]).exits(0).json();
    let mut found = BTreeSet::new();
    paths(&report, "", &mut found);
    assert_eq!(Some(&found), documented().get("explain`, of a rule"), "docs/reports.md, explain");
}

/// Every page that a reader of the repository comes upon.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for folder in ["", "docs", "docs/sources", "examples/bao-son-la"] {
        for entry in fs::read_dir(Path::new(REPOSITORY).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let mut followed = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        // What stands in examples is no link of the page's.
        let prose: Vec<&str> = text.split("```").step_by(2).collect();
        let text = prose.concat();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains(":") {
                continue;
            }
            let path = page.parent().unwrap().join(file);
            assert!(path.exists(), "{}: there is no {file}", page.display());
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed}");
}
