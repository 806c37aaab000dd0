//! As SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, which code hosts and editors read.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::{Finding, Report, Severity};

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A file's name as a relative reference.
fn uri(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for b in name.replace('\\', "/").bytes() {
        if b.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

fn result(name: &str, finding: &Finding, index: usize) -> Value {
    let mut message = finding.message.clone();
    if !finding.value.is_empty() {
        message.push_str(&format!(": `{}`", finding.value));
    }
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(name) },
            "region": { "startLine": finding.line, "startColumn": finding.column }
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
    })
}

/// Findings as one SARIF log, with a line break at the end. It describes the rules that were broken.
pub fn sarif(files: &[(&str, &Report)]) -> String {
    let mut broken: BTreeMap<&str, &super::super::Rule> = BTreeMap::new();
    for finding in files.iter().flat_map(|(_, report)| &report.findings) {
        broken.insert(finding.rule.id, finding.rule);
    }
    let indices: BTreeMap<&str, usize> = broken.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let rules: Vec<Value> = broken
        .values()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.summary },
                "fullDescription": { "text": rule.why },
                "help": { "text": format!("To mend it: {}", rule.mend) },
                "helpUri": rule.links.first().copied().unwrap_or_default(),
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = files
        .iter()
        .flat_map(|(name, report)| report.findings.iter().map(move |finding| (name, finding)))
        .map(|(name, finding)| {
            result(name, finding, indices.get(finding.rule.id).copied().unwrap_or_default())
        })
        .collect();
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
