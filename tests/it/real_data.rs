//! Articles as newsrooms and projects really keep them, where a checkout has them beside it (`../shared/data`): the
//! configurations of docs/examples.md, and the counts that stand there. Every count was arrived at a second time by other
//! means than this program.

use crate::readers::readers_agree;
use crate::site::{Run, Site};
use serde_json::{Value, json};
use std::path::Path;

/// Those that are quick: they read some sixty files here.
const READERS: [&str; 4] = ["--only", "feedparser", "--only", "expat"];

/// The newspaper of the example that names these files, built from a folder of real ones; `None` where that is absent.
fn built(folder: &str, path: &str) -> Option<(Site, Value)> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if !data.is_dir() {
        println!("skipped: there is no {}", data.display());
        return None;
    }
    let examples = include_str!("../../docs/examples.md");
    let blocks = examples.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let config = blocks.into_iter().find(|block| block.contains(&format!("\"data/{path}\""))).unwrap();
    let data = data.display().to_string().replace('\\', "/");
    let site = Site::new().file("feeds.toml", &config.replace("\"data/", &format!("\"{data}/")));
    let run: Run = site.run(&["build", "--format", "json"]).exits(0);
    let report = run.json();
    Some((site, report))
}

/// Every record is accounted for: it is an article, was replaced by another, or was left out (a file that could not be read
/// has no records).
#[track_caller]
fn counts(report: &Value, files: u64, records: u64, replaced: u64, left_out: u64, articles: u64) {
    let counts = json!({
        "files": files, "records": records, "articles": articles, "replaced": replaced, "withdrawn": 0,
        "left_out": left_out, "passed_over": 0, "homeless": 0,
    });
    assert_eq!(report["counts"], counts);
    assert_eq!(report["diagnostics"].as_array().unwrap().len() as u64, left_out);
}

#[track_caller]
fn entries(report: &Value, wanted: &[(&str, u64)]) {
    let feeds = report["feeds"].as_array().unwrap().iter();
    let mut feeds: Vec<_> =
        feeds.map(|feed| (feed["slug"].as_str().unwrap(), feed["entries"].as_u64().unwrap())).collect();
    let mut wanted = wanted.to_vec();
    feeds.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(feeds, wanted);
}

#[test]
fn a_harvest_of_headlines() {
    let Some((site, report)) = built("rss-aggregate", "2026-*.js*") else { return };
    counts(&report, 3, 1139, 133, 1, 1006);
    assert!(report["diagnostics"][0]["place"]["file"].as_str().unwrap().ends_with("2026-08-23.js"));
    let small = [("the-thao", 50), ("the-gioi", 50), ("kinh-doanh", 49), ("cong-nghe", 38)];
    let large = report["feeds"].as_array().unwrap().iter().filter_map(|feed| {
        let (entries, cut) = (feed["entries"].as_u64().unwrap(), feed["cut"].as_u64().unwrap());
        let sizes = feed["files"].as_array().unwrap().iter().map(|file| file["size"].as_u64().unwrap());
        // As many as there is room for, so that none of the files is much smaller than it may be.
        let largest = sizes.max().unwrap();
        (cut > 0).then(|| {
            assert!((490_000..=500_000).contains(&largest), "{feed}");
            (feed["slug"].as_str().unwrap(), entries + cut, entries)
        })
    });
    let large: Vec<_> = large.collect();
    let wanted: Vec<_> = large.iter().map(|(slug, all, _)| (*slug, *all)).collect();
    assert_eq!(wanted, [("tin-moi", 891), ("tong-hop", 759)]);
    let held = large.iter().map(|(slug, _, held)| (*slug, *held));
    entries(&report, &small.into_iter().chain(held).collect::<Vec<_>>());
    readers_agree(&site, &READERS);
}

#[test]
fn a_spreadsheet() {
    let Some((site, report)) = built("vnexpress-csv", "*.csv") else { return };
    counts(&report, 1, 1434, 0, 40, 1394);
    for diagnostic in report["diagnostics"].as_array().unwrap() {
        assert_eq!(diagnostic["message"], "no title and no content");
    }
    let full = ["tin-moi", "doi-song", "du-lich", "giai-tri", "giao-duc", "suc-khoe", "the-gioi", "xe"];
    let rest = [
        ("thoi-su", 36),
        ("kinh-doanh", 29),
        ("phap-luat", 20),
        ("y-kien", 18),
        ("hai", 11),
        ("so-hoa", 11),
        ("khoa-hoc", 2),
        ("the-thao", 1),
    ];
    entries(&report, &full.map(|slug| (slug, 50)).into_iter().chain(rest).collect::<Vec<_>>());
    readers_agree(&site, &READERS);
}

#[test]
fn a_jekyll_site() {
    let Some((site, report)) = built("jekyll-docs", "docs/_posts/*.m*") else { return };
    counts(&report, 102, 102, 0, 0, 102);
    let sections = [("community", 9), ("team", 3), ("meetup", 1), ("partners", 1)];
    entries(&report, &[("latest", 50), ("release", 50)].into_iter().chain(sections).collect::<Vec<_>>());
    readers_agree(&site, &READERS);
}

#[test]
fn a_hugo_site() {
    let Some((site, report)) = built("redox-toml", "content/news/*.md") else { return };
    counts(&report, 151, 151, 0, 0, 151);
    entries(&report, &[("latest", 50)]);
    readers_agree(&site, &READERS);
}

/// The report of a plain source, where its data is at hand.
fn plain(path: &str) -> Option<Value> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.is_dir() {
        println!("skipped: there is no {}", data.display());
        return None;
    }
    let path = data.join(path).display().to_string().replace('\\', "/");
    let site = Site::new().config(&format!(
        "[site]\ntitle = \"B\"\nurl = \"https://bao.example/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n[[source]]\npath = \"{path}\"\n"
    ));
    Some(site.run(&["build", "--format", "json"]).exits(0).json())
}

#[test]
fn the_table_of_real_data_is_true() {
    let page = include_str!("../../docs/sources.md");
    let (_, table) = page.split_once("| data | records | articles |").unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("| ")?.strip_suffix('|'))
        .map(|row| row.split('|').map(str::trim).collect())
        .collect();
    let reports = [
        built("rss-aggregate", "2026-*.js*").map(|(_, report)| report),
        built("vnexpress-csv", "*.csv").map(|(_, report)| report),
        built("jekyll-docs", "docs/_posts/*.m*").map(|(_, report)| report),
        built("redox-toml", "content/news/*.md").map(|(_, report)| report),
        plain("wordpress-export/wordpress.xml"),
        plain("article-pages/*.html"),
    ];
    assert_eq!(rows.len(), reports.len());
    for (row, report) in rows.iter().zip(reports) {
        let Some(report) = report else { continue };
        let names = ["records", "articles", "replaced", "left_out", "passed_over"];
        let counts = names.map(|name| report["counts"][name].to_string());
        println!("{}: {names:?} {counts:?}", row[0]);
        assert_eq!(row[1..6], counts, "{}", row[0]);
    }
}
