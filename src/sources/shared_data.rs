//! Files as newsrooms and projects really have them, where a checkout has them beside it (`../shared`). What is read, left
//! out and why is counted; the counts were explained one by one.

use super::testing::Heard;
use super::{Input, Options, for_extension, read, testing};
use crate::date::{self, Rules};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The files below a folder that some source reads, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension().and_then(|e| e.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if for_extension(extension).is_some() => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// Reads a folder of ../shared/data; `None`, said aloud, where it is not there.
fn heard(folder: &str) -> Option<Heard> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if !folder.is_dir() {
        eprintln!("skipped: there is no {}", folder.display());
        return None;
    }
    let mut heard = Heard::default();
    for path in files(&folder) {
        let extension = path.extension().unwrap().to_str().unwrap();
        let relative = path.strip_prefix(&folder).unwrap().to_owned();
        let input = Input {
            name: relative.to_str().unwrap().into(),
            relative,
            reader: Box::new(BufReader::new(File::open(&path).unwrap())),
        };
        read(for_extension(extension).unwrap(), input, &Options::default(), &mut heard).unwrap();
    }
    Some(heard)
}

/// How often each outcome of reading the dates comes.
fn dates(heard: &Heard, name: &str) -> BTreeMap<String, usize> {
    let rules = Rules { zone: chrono_tz::Asia::Ho_Chi_Minh, day_first: true, formats: &[] };
    let mut counts = BTreeMap::new();
    for fields in &heard.records {
        let outcome = match fields.get(name) {
            None => "absent".to_owned(),
            Some(Value::String(text)) => match date::parse(text, &rules) {
                Ok(Some(_)) => "read".to_owned(),
                Ok(None) => "none".to_owned(),
                Err(error) => error.to_string(),
            },
            Some(other) => format!("no text: {other}"),
        };
        *counts.entry(outcome).or_default() += 1;
    }
    counts
}

fn counts<const N: usize>(rows: [(&str, usize); N]) -> BTreeMap<String, usize> {
    rows.into_iter().map(|(outcome, count)| (outcome.to_owned(), count)).collect()
}

#[test]
fn reads_a_harvest_of_feeds() {
    let Some(heard) = heard("rss-aggregate") else { return };
    assert_eq!((heard.records.len(), heard.complaints(), heard.skipped.len()), (1139, vec![], 1));
    assert_eq!(dates(&heard, "published"), counts([("read", 1139)]));
}

#[test]
fn refuses_a_script() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/rss-aggregate/2026-08-23.js");
    let Ok(bytes) = std::fs::read(&path) else { return eprintln!("skipped: there is no {}", path.display()) };
    let heard = testing::read(&super::json::Json, bytes);
    let expected = "t:1:1: the file is JavaScript, not JSON: it begins with `window.newsData_2026_08_23 =`";
    assert_eq!((heard.records.len(), heard.complaints()), (0, vec![expected.to_owned()]));
}

#[test]
fn reads_a_table_of_articles() {
    let Some(heard) = heard("vnexpress-csv") else { return };
    assert_eq!((heard.records.len(), heard.complaints(), heard.skipped.len()), (1434, vec![], 1));
    // 28 rows have no date, 40 no title, and cells of nothing are fields that are not there.
    assert_eq!(dates(&heard, "pub_date"), counts([("absent", 28), ("read", 1406)]));
    assert_eq!(heard.records.iter().filter(|fields| !fields.contains_key("title")).count(), 40);
}

#[test]
fn reads_posts_of_jekyll() {
    let Some(heard) = heard("jekyll-docs") else { return };
    assert_eq!((heard.records.len(), heard.complaints(), heard.skipped.len()), (102, vec![], 1));
    // The one that Ruby wrote with its year twice; three take theirs from the file's name.
    let twice = "cannot read \"2023-01-29 18:30:22 2023 -0800\" as a date";
    assert_eq!(dates(&heard, "date"), counts([("read", 101), (twice, 1)]));
    assert!(heard.records.iter().all(|fields| fields.contains_key("title") && fields.contains_key("slug")));
}

#[test]
fn reads_news_of_hugo() {
    let Some(heard) = heard("redox-toml") else { return };
    assert_eq!((heard.records.len(), heard.complaints(), heard.skipped.len()), (151, vec![], 1));
    assert_eq!(dates(&heard, "date"), counts([("read", 151)]));
}
