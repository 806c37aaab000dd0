//! As SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, which code hosts and editors read.
//!
//! Beyond the schema it has what GitHub asks of an upload
//! (<https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>):
//! whole regions, descriptions and help of every rule, names of files relative to the folder, and fingerprints, so that an alert
//! stays the same one when entries are put before it.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use super::super::{Finding, Report, Rule, Severity};

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A file's name as a URI: of a file within the folder relative, of another absolute.
fn uri(name: &str) -> String {
    let name = name.replace('\\', "/");
    let mut out = String::with_capacity(name.len());
    let drive = matches!(name.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    let relative = match name.as_str() {
        name if drive => {
            out.push_str("file:///");
            out.push_str(name.get(..2).unwrap_or_default());
            name.get(2..).unwrap_or_default()
        }
        name if name.starts_with('/') => {
            out.push_str("file://");
            name
        }
        name => name.trim_start_matches("./"),
    };
    for b in relative.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// What tells a finding from others of its file, whatever comes before it: the rule, the path without the numbers in it, and the
/// value found.
fn fingerprint(finding: &Finding) -> u64 {
    let mut text = String::from(finding.rule.id);
    for (index, part) in finding.path.split(['[', ']']).enumerate() {
        if index.is_multiple_of(2) {
            text.push('\n');
            text.push_str(part);
        }
    }
    text.push('\n');
    text.push_str(&finding.value);
    xxh3_64(text.as_bytes())
}

fn result(name: &str, finding: &Finding, index: usize, fingerprint: &str) -> Value {
    let mut message = finding.message.clone();
    if !finding.value.is_empty() {
        message.push_str(&format!(": `{}`", finding.value));
    }
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(name) },
            // Where a fault begins is known, not where it ends.
            "region": {
                "startLine": finding.line,
                "startColumn": finding.column,
                "endLine": finding.line,
                "endColumn": finding.column.saturating_add(1),
            }
        }
    });
    if !finding.path.is_empty()
        && let Some(location) = location.as_object_mut()
    {
        location.insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": finding.path }]));
    }
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": { "text": message },
        "locations": [location],
        "partialFingerprints": { "primaryLocationLineHash": fingerprint },
    })
}

fn rule(rule: &Rule) -> Value {
    let help = format!("To mend it: {}", rule.mend);
    let mut markdown = help.clone();
    for link in rule.links {
        markdown.push_str(&format!("\n\n<{link}>"));
    }
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "help": { "text": help, "markdown": markdown },
        "defaultConfiguration": { "level": level(rule.severity) },
    });
    if let (Some(link), Some(descriptor)) = (rule.links.first(), descriptor.as_object_mut()) {
        descriptor.insert("helpUri".to_owned(), json!(link));
    }
    descriptor
}

/// Findings as one SARIF log, with a line break at the end. It describes the rules that were broken.
pub fn sarif(files: &[(&str, &Report)]) -> String {
    let mut broken: BTreeMap<&str, &Rule> = BTreeMap::new();
    for finding in files.iter().flat_map(|(_, report)| &report.findings) {
        broken.insert(finding.rule.id, finding.rule);
    }
    let indices: BTreeMap<&str, usize> = broken.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let rules: Vec<Value> = broken.values().map(|broken| rule(broken)).collect();
    let mut results = Vec::new();
    for (name, report) in files {
        // Findings that are alike are numbered.
        let mut alike: HashMap<u64, usize> = HashMap::new();
        for finding in &report.findings {
            let hash = fingerprint(finding);
            let count = alike.entry(hash).or_default();
            *count += 1;
            let index = indices.get(finding.rule.id).copied().unwrap_or_default();
            results.push(result(name, finding, index, &format!("{hash:016x}:{count}")));
        }
    }
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "bantin", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::{Context, check};
    use super::*;

    #[test]
    fn names_of_files_become_uris() {
        for (name, expected) in [
            ("public/tin mới/rss.xml", "public/tin%20m%E1%BB%9Bi/rss.xml"),
            ("./public/rss.xml", "public/rss.xml"),
            ("../a:b.xml", "../a%3Ab.xml"),
            ("public\\tin\\rss.xml", "public/tin/rss.xml"),
            ("/srv/a#b.xml", "file:///srv/a%23b.xml"),
            ("C:\\feeds\\a b.xml", "file:///C:/feeds/a%20b.xml"),
            ("-", "-"),
        ] {
            assert_eq!(uri(name), expected);
        }
    }

    /// The fingerprint of every finding of a feed of these items, by rule.
    fn fingerprints(items: &str) -> Vec<(String, String)> {
        let feed = format!("<rss version='2.0'><channel>{items}</channel></rss>");
        let report = check(feed.as_bytes(), &Context::default());
        let log: Value = serde_json::from_str(&sarif(&[("a", &report)])).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let results = log["runs"][0]["results"].as_array().unwrap();
        results
            .iter()
            .map(|r| (text(&r["ruleId"]), text(&r["partialFingerprints"]["primaryLocationLineHash"])))
            .collect()
    }

    #[test]
    fn a_new_entry_leaves_the_fingerprints_of_others() {
        let old = "<item><title>a</title><link>x y</link></item>";
        let new = "<item><title>b</title><link>https://bao.example/b</link><guid>https://bao.example/b</guid></item>";
        let before = fingerprints(old);
        let after = fingerprints(&format!("{new}\n{old}"));
        assert!(before.iter().any(|(rule, _)| rule == "invalid-uri-char"));
        assert!(before.iter().all(|one| after.contains(one)), "{before:?} {after:?}");
    }

    #[test]
    fn findings_that_are_alike_are_told_apart() {
        let found = fingerprints(&"<item><title>a</title></item>".repeat(3));
        let mut hashes: Vec<&String> = found.iter().map(|(_, hash)| hash).collect();
        let count = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert!(count > 3);
        assert_eq!(hashes.len(), count);
    }
}
