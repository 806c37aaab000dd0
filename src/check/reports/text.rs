//! For people.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::super::finding::Finding;
use super::super::{Report, Severity};
use super::summary;

/// Findings, one block each, and a line that counts them. Of one rule in one file no more than `most` are shown, and how to
/// mend it with the first of them; the others are counted.
pub fn text(files: &[(&str, &Report)], most: usize) -> String {
    let mut out = String::new();
    let mut cut = false;
    for (name, report) in files {
        let mut shown: HashMap<&str, usize> = HashMap::new();
        for finding in &report.findings {
            let count = shown.entry(finding.rule.id).or_insert(0);
            *count += 1;
            if *count <= most {
                block(&mut out, name, finding, *count == 1);
            }
        }
        let mut rest: Vec<(Severity, &str, usize)> = Vec::new();
        for finding in &report.findings {
            // Each rule once, where it was met first.
            let more = shown.remove(finding.rule.id).map_or(0, |count| count.saturating_sub(most));
            if more > 0 {
                rest.push((finding.severity, finding.rule.id, more));
            }
        }
        for (severity, rule, more) in rest {
            cut = true;
            // Writing to a String does not fail.
            let _ = writeln!(out, "{name}: {severity}[{rule}] {more} more");
        }
        if report.omitted > 0 {
            let _ = writeln!(out, "{name}: {} more findings of the same rules are not kept", report.omitted);
        }
    }
    let summary = summary(files);
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let _ = writeln!(
        out,
        "{}: {}, {}, {} info{}",
        plural(summary.files, "file"),
        plural(summary.errors, "error"),
        plural(summary.warnings, "warning"),
        summary.infos,
        if cut { " (--verbose shows each)" } else { "" }
    );
    out
}

fn block(out: &mut String, name: &str, finding: &Finding, first: bool) {
    let Finding { rule, severity, line, column, path, message, value, help } = finding;
    let _ = write!(out, "{name}:{line}:{column}: {severity}[{}] {message}", rule.id);
    if !value.is_empty() {
        let _ = write!(out, ": `{value}`");
    }
    out.push('\n');
    if !path.is_empty() {
        let _ = writeln!(out, "    at {path}");
    }
    if first && !help.is_empty() {
        let _ = writeln!(out, "    help: {help}");
    }
}
