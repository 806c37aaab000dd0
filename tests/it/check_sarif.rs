//! SARIF as code hosts take it: against the schema of OASIS, and what GitHub asks beyond it.

use crate::site::{Site, record};
use bantin::check::{Context, Report, check, profile, reports, rules};
use serde_json::Value;

fn schema() -> jsonschema::Validator {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas/sarif-2.1.0.json");
    // One pattern has a bracket that JavaScript takes for itself, and other dialects do not.
    let text = std::fs::read_to_string(path).unwrap().replace("{2}]?$", r"{2}\\]?$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn valid(log: &Value) {
    let schema = schema();
    let errors: Vec<String> =
        schema.iter_errors(log).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// What the failing example of every rule breaks, in one log.
#[test]
fn findings_of_every_rule_fit_the_schema() {
    let reports: Vec<(String, Report)> = rules()
        .flat_map(|rule| {
            let context = Context {
                address: Some(rule.failing.address().to_owned()),
                content_type: rule.failing.content_type().map(str::to_owned),
                now: Some(1_795_255_200),
                profiles: rule.profile.into_iter().filter_map(|name| profile(name).ok()).collect(),
                ..Context::default()
            };
            let documents = rule.failing.documents();
            let report = |bytes: &Vec<u8>| (format!("tin mới/{}.xml", rule.id), check(bytes, &context));
            documents.iter().map(report).collect::<Vec<_>>()
        })
        .collect();
    let files: Vec<(&str, &Report)> = reports.iter().map(|(name, report)| (name.as_str(), report)).collect();
    let log: Value = serde_json::from_str(&reports::sarif(&files)).unwrap();
    valid(&log);
    let run = &log["runs"][0];
    let (described, results) = (run["tool"]["driver"]["rules"].as_array(), run["results"].as_array());
    let (described, results) = (described.unwrap(), results.unwrap());
    assert!(described.len() > 190, "{} rules", described.len());
    for rule in described {
        for member in ["id", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration"]
        {
            assert!(!rule[member].is_null(), "{} has no {member}", rule["id"]);
        }
    }
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(described[index]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        let file = location["artifactLocation"]["uri"].as_str().unwrap();
        assert!(file.starts_with("tin%20m%E1%BB%9Bi/"), "{file}");
        let number = |member: &str| location["region"][member].as_u64().unwrap();
        assert!(number("startLine") >= 1 && number("startColumn") >= 1);
        assert_eq!(number("endLine"), number("startLine"));
        assert!(number("endColumn") > number("startColumn"));
        let print = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
        assert!(print.split_once(':').is_some_and(|(hash, _)| hash.len() == 16), "{print}");
    }
}

#[test]
fn what_the_program_prints_fits_the_schema() {
    let site = Site::new();
    site.records(&[record("a", 1)]);
    site.run(&["build"]).exits(0);
    let log = site.run(&["check", "--format", "sarif"]).exits(0);
    valid(&serde_json::from_str(&log.stdout).unwrap());
    site.write("a b.xml", "<rss version='2.0'><channel><title>😀 & </title></channel></rss>".as_bytes());
    let run = site.run(&["check", "./a b.xml", "--format", "sarif"]).exits(1);
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    valid(&log);
    let run = &log["runs"][0];
    // Columns are counted in characters: the emoji is one.
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let location = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "a%20b.xml");
    assert_eq!(location["region"]["startColumn"], 38);
}
