//! As JSON: stable, documented by its types.

use serde::Serialize;

use super::super::{Kind, Report, Severity};
use super::{Summary, summary};

/// The whole report. Members are only ever added; `version` rises when one changes its meaning.
#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    files: Vec<File<'r>>,
    summary: Summary,
}

#[derive(Serialize)]
struct File<'r> {
    file: &'r str,
    kind: Kind,
    /// Findings in the order of the document.
    findings: Vec<Item<'r>>,
    /// Findings beyond what is kept of one rule.
    omitted: usize,
}

#[derive(Serialize)]
struct Item<'r> {
    rule: &'static str,
    severity: Severity,
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
    path: &'r str,
    message: &'r str,
    /// The value found, shortened; empty where there is none.
    value: &'r str,
    help: &'r str,
    links: &'static [&'static str],
}

/// Findings as one JSON document, with a line break at the end.
pub fn json(files: &[(&str, &Report)]) -> String {
    let document = Document {
        version: 1,
        files: files
            .iter()
            .map(|(name, report)| File {
                file: name,
                kind: report.kind,
                findings: report
                    .findings
                    .iter()
                    .map(|finding| Item {
                        rule: finding.rule.id,
                        severity: finding.severity,
                        line: finding.line,
                        column: finding.column,
                        path: &finding.path,
                        message: &finding.message,
                        value: &finding.value,
                        help: &finding.help,
                        links: finding.rule.links,
                    })
                    .collect(),
                omitted: report.omitted,
            })
            .collect(),
        summary: summary(files),
    };
    // Strings and numbers alone: writing them to memory does not fail.
    let mut out = serde_json::to_string_pretty(&document).unwrap_or_default();
    out.push('\n');
    out
}
