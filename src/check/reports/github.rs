//! As annotations of GitHub's workflows,
//! <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>.

use std::fmt::Write as _;

use super::super::{Report, Severity};

/// Findings, one command a line.
pub fn github(files: &[(&str, &Report)]) -> String {
    let mut out = String::new();
    for (name, report) in files {
        for finding in &report.findings {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let mut message = finding.message.clone();
            if !finding.value.is_empty() {
                message.push_str(&format!(": `{}`", finding.value));
            }
            if !finding.path.is_empty() {
                message.push_str(&format!(" at {}", finding.path));
            }
            message.push_str(&format!("\nhelp: {}", finding.help));
            // Writing to a String does not fail.
            let _ = writeln!(
                out,
                "::{command} file={},line={},col={},title={}::{}",
                property(name),
                finding.line,
                finding.column,
                property(finding.rule.id),
                data(&message)
            );
        }
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
