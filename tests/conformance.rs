//! The described feeds of ../shared/conformance, judged and scored. Skipped, aloud, where they are absent.
//!
//! The figures are computed as the score of the collection is: expectations met, agreement on the verdict, precision and recall of
//! the sets of rule names. Findings of this program's own advice (`Rule::is_own_advice`) and others that no rule of the field's
//! validators answers to are left out where their severity is info: they say more than the collection knows, and nothing against it.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests make files and say what they skip"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bantin::check::{Context, Severity, check, rules};

/// The address the reference was told each case has, before its name.
const ADDRESS: &str = "http://www.feedvalidator.org/testcases/";

/// A moment after every case was written, and before the dates that are meant to be in the future.
const NOW: i64 = 1_795_000_000;

#[derive(serde::Deserialize)]
struct Case {
    file: String,
    expect: Vec<String>,
    forbid: Vec<String>,
    events: Vec<Event>,
}

#[derive(serde::Deserialize)]
struct Event {
    id: String,
    level: String,
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

fn collection() -> Option<(PathBuf, Vec<Case>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let text = std::fs::read_to_string(folder.join("cases.jsonl")).ok()?;
    let cases = text.lines().map(|line| serde_json::from_str(line).expect("a case that is JSON")).collect();
    Some((folder, cases))
}

/// Names of rules and their severity, as one case is judged.
fn judged(folder: &Path, file: &str) -> BTreeMap<String, Severity> {
    let bytes = std::fs::read(folder.join("cases").join(file)).expect("a case that can be read");
    let context = Context { address: Some(format!("{ADDRESS}{file}")), now: Some(NOW), ..Context::default() };
    let mut found = BTreeMap::new();
    for finding in check(&bytes, &context).findings {
        if finding.severity == Severity::Info && finding.rule.id != "unknown-namespace" {
            continue;
        }
        let severity = found.entry(folded(finding.rule.id)).or_insert(finding.severity);
        *severity = finding.severity;
    }
    found
}

/// Cases that are judged otherwise than the collection has it, with the reason, one a line: `file<TAB>reason`.
fn otherwise() -> BTreeMap<&'static str, &'static str> {
    include_str!("conformance/otherwise.tsv").lines().filter_map(|line| line.split_once('\t')).collect()
}

#[derive(Default)]
struct Score {
    cases: usize,
    expectations: usize,
    met: usize,
    verdict: usize,
    right: usize,
    surplus: usize,
    missing: usize,
}

impl Score {
    fn percent(part: usize, whole: usize) -> f64 {
        100.0 * part as f64 / whole.max(1) as f64
    }
}

fn is_met(case: &Case, got: &BTreeMap<String, Severity>) -> bool {
    let let_through = ["missingself", "selfdoesntmatchlocation"];
    let any = |wanted: &[Severity]| {
        got.iter().any(|(name, severity)| wanted.contains(severity) && !let_through.contains(&name.as_str()))
    };
    let expected = case.expect.is_empty() || case.expect.iter().any(|name| got.contains_key(&folded(name)));
    expected
        && case.forbid.iter().all(|name| match name.as_str() {
            "any error" => !any(&[Severity::Error]),
            "any warning" => !any(&[Severity::Warning]),
            "any message" => !any(&[Severity::Error, Severity::Warning]),
            name => !got.contains_key(&folded(name)),
        })
}

#[test]
fn the_described_feeds_are_judged_as_described() {
    let Some((folder, cases)) = collection() else {
        println!("skipped: ../shared/conformance is not here");
        return;
    };
    let otherwise = otherwise();
    let mut score = Score::default();
    let mut unexplained = Vec::new();
    let mut unused: BTreeSet<&str> = otherwise.keys().copied().collect();
    let mut differences: BTreeMap<String, (usize, usize, String)> = BTreeMap::new();
    for case in &cases {
        let got = judged(&folder, &case.file);
        let want: BTreeMap<String, bool> =
            case.events.iter().map(|event| (folded(&event.id), event.level == "error")).collect();
        let met = is_met(case, &got);
        let verdict =
            want.values().any(|error| *error) == got.values().any(|severity| *severity == Severity::Error);
        score.cases += 1;
        if !case.expect.is_empty() || !case.forbid.is_empty() {
            score.expectations += 1;
            score.met += usize::from(met);
        }
        score.verdict += usize::from(verdict);
        score.right += want.keys().filter(|name| got.contains_key(*name)).count();
        for name in got.keys().filter(|name| !want.contains_key(*name)) {
            score.surplus += 1;
            let entry = differences.entry(name.clone()).or_default();
            entry.0 += 1;
            entry.2.push_str(&format!(" +{}", case.file));
        }
        for name in want.keys().filter(|name| !got.contains_key(*name)) {
            score.missing += 1;
            let entry = differences.entry(name.clone()).or_default();
            entry.1 += 1;
            entry.2.push_str(&format!(" -{}", case.file));
        }
        if !met || !verdict {
            if otherwise.contains_key(case.file.as_str()) {
                unused.remove(case.file.as_str());
            } else {
                unexplained.push(format!("{}: met {met}, verdict {verdict}, got {got:?}", case.file));
            }
        }
    }
    for (name, (surplus, missing, files)) in &differences {
        println!("{name}: {surplus} too many, {missing} missing:{files}");
    }
    for line in &unexplained {
        println!("otherwise: {line}");
    }
    let met = Score::percent(score.met, score.expectations);
    let verdict = Score::percent(score.verdict, score.cases);
    let precision = Score::percent(score.right, score.right + score.surplus);
    let recall = Score::percent(score.right, score.right + score.missing);
    println!(
        "expectations {}/{} {met:.1} %, verdict {}/{} {verdict:.1} %, precision {precision:.1} %, recall {recall:.1} %",
        score.met, score.expectations, score.verdict, score.cases
    );
    assert!(met >= 98.0, "expectations {met:.1} %");
    assert!(verdict >= 98.0, "verdict {verdict:.1} %");
    assert!(precision >= 90.0, "precision {precision:.1} %");
    assert!(recall >= 90.0, "recall {recall:.1} %");
    assert_eq!(unexplained, Vec::<String>::new(), "cases judged otherwise, and not listed in otherwise.tsv");
    assert_eq!(unused, BTreeSet::new(), "listed in otherwise.tsv, and judged as described");
}

#[test]
fn the_list_of_differences_gives_reasons() {
    for (file, reason) in otherwise() {
        assert!(file.ends_with(".xml"), "{file}");
        assert!(reason.len() > 20, "{file}: {reason}");
    }
    assert!(rules().count() > 100);
}
