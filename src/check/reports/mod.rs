//! Findings written down: for people ([`text()`]), as JSON ([`json()`]), as SARIF ([`sarif()`]) and as annotations of GitHub's workflows
//! ([`github()`]). Each takes the names of files with their reports, and returns the whole output. Nothing is printed here.

mod github;
mod json;
mod sarif;
mod text;

pub use github::github;
pub use json::json;
pub use sarif::sarif;
pub use text::text;

use super::{Report, Severity};

/// How many findings of each severity there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    pub files: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    /// Findings beyond what is kept of one rule in one file.
    pub omitted: usize,
}

/// Counts the findings of several files.
pub fn summary(files: &[(&str, &Report)]) -> Summary {
    let mut summary = Summary { files: files.len(), ..Summary::default() };
    for (_, report) in files {
        summary.omitted += report.omitted;
        for finding in &report.findings {
            match finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Info => summary.infos += 1,
            }
        }
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Report, check};
    use super::*;

    fn report() -> Report {
        let feed = b"<rss version='2.0'>\n<channel><title>a</title><link>x y</link></channel></rss>";
        check(feed, &Context::default())
    }

    #[test]
    fn people_are_shown_place_rule_value_and_help() {
        let report = report();
        let text = text(&[("feeds/rss.xml", &report)], 5);
        assert!(text.contains("feeds/rss.xml:2:"), "{text}");
        assert!(text.contains("error[invalid-uri-char]"), "{text}");
        assert!(text.contains("`x y`"), "{text}");
        assert!(text.contains("help: "), "{text}");
        assert!(text.trim_end().ends_with("1 file: 2 errors, 1 warning, 0 info"), "{text}");
    }

    #[test]
    fn people_are_shown_some_of_many_and_told_of_the_rest() {
        let feed = format!("<rss version='2.0'><channel>{}</channel></rss>", "<item/>".repeat(40));
        let report = check(feed.as_bytes(), &Context::default());
        let few = text(&[("a.xml", &report)], 5);
        let shown = |text: &str| text.lines().filter(|line| line.contains("[missing-guid] an item")).count();
        assert_eq!(shown(&few), 5, "{few}");
        assert!(few.contains("a.xml: warning[missing-guid] 35 more\n"), "{few}");
        assert_eq!(few.matches("help: add a guid").count(), 1, "{few}");
        assert!(few.trim_end().ends_with("(--verbose shows each)"), "{few}");
        let all = text(&[("a.xml", &report)], usize::MAX);
        assert_eq!(shown(&all), 40);
        assert!(!all.contains(" more"), "{all}");
    }

    #[test]
    fn json_is_json() {
        let report = report();
        let value: serde_json::Value = serde_json::from_str(&json(&[("a", &report)])).unwrap();
        assert_eq!(value["summary"]["errors"], 2);
        let first = &value["files"][0]["findings"][0];
        assert!(
            ["rule", "severity", "line", "column", "path", "message", "help", "links"]
                .iter()
                .all(|key| !first[key].is_null())
        );
    }

    #[test]
    fn sarif_names_rules_and_places() {
        let report = report();
        let value: serde_json::Value = serde_json::from_str(&sarif(&[("a b.xml", &report)])).unwrap();
        assert_eq!(value["version"], "2.1.0");
        let run = &value["runs"][0];
        let result = &run["results"][0];
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b.xml");
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap() >= 1);
    }

    #[test]
    fn annotations_are_escaped() {
        let report = report();
        let text = github(&[("a,b:c.xml", &report)]);
        assert!(text.lines().all(|line| line.starts_with("::error ")
            || line.starts_with("::warning ")
            || line.starts_with("::notice ")));
        assert!(text.contains("file=a%2Cb%3Ac.xml"), "{text}");
    }
}
