//! For people.

use std::fmt::Write as _;

use super::super::Report;
use super::summary;

/// Findings, one block each, and a line that counts them.
pub fn text(files: &[(&str, &Report)]) -> String {
    let mut out = String::new();
    for (name, report) in files {
        for finding in &report.findings {
            // Writing to a String does not fail.
            let _ = write!(
                out,
                "{name}:{}:{}: {}[{}] {}",
                finding.line, finding.column, finding.severity, finding.rule.id, finding.message
            );
            if !finding.value.is_empty() {
                let _ = write!(out, ": `{}`", finding.value);
            }
            out.push('\n');
            if !finding.path.is_empty() {
                let _ = writeln!(out, "    at {}", finding.path);
            }
            if !finding.help.is_empty() {
                let _ = writeln!(out, "    help: {}", finding.help);
            }
        }
        if report.omitted > 0 {
            let _ = writeln!(out, "{name}: {} more findings of the same rules are not shown", report.omitted);
        }
    }
    let summary = summary(files);
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let _ = writeln!(
        out,
        "{}: {}, {}, {} info",
        plural(summary.files, "file"),
        plural(summary.errors, "error"),
        plural(summary.warnings, "warning"),
        summary.infos
    );
    out
}
