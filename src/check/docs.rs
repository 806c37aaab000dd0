//! The documentation of the rules, written from their table: the page of all, and the text of one.

use std::fmt::Write as _;

use super::rule::{Example, Rule};
use super::{PROFILES, rules};

/// The longest example shown, in characters.
const SHOWN: usize = 1200;

/// `docs/rules.md`: every rule, group by group.
pub fn page() -> String {
    let mut page = String::from(
        "# Rules of `bantin check`\n\n\
         This page is written from the table of rules; a test compares it. An *error* breaks a MUST of a specification, a *warning* \
         a SHOULD or something readers are known to stumble over, an *info* is advice. Every failing and every passing example \
         is run as a test.\n",
    );
    let mut group = None;
    let mut count = 0;
    for rule in rules() {
        if group != Some(rule.group) {
            group = Some(rule.group);
            // Writing to a String does not fail.
            let _ = write!(page, "\n## {}\n", rule.group.title());
        }
        count += 1;
        section(&mut page, rule);
    }
    let _ = write!(page, "\n## Profiles\n\n`check --profile NAME` adds what a partner asks for: ");
    for (index, profile) in PROFILES.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        let _ = write!(page, "{comma}`{}` ({})", profile.name, profile.title);
    }
    let _ = write!(page, ".\n\n{count} rules.\n");
    page
}

fn section(page: &mut String, rule: &Rule) {
    let _ = write!(page, "\n### {}\n\n*{}*: {}.", rule.id, rule.severity, rule.summary);
    if let Some(profile) = rule.profile {
        let _ = write!(page, " Looked at with a profile such as `{profile}` only.");
    }
    let _ = write!(page, "\n\n{}\n\nTo mend it: {}.\n", rule.why, rule.mend);
    for (title, example) in [("Fails", rule.failing), ("Passes", rule.passing)] {
        let _ = match shown(example) {
            Some(text) => write!(page, "\n{title}:\n\n```{}\n{text}\n```\n", language(example)),
            None => write!(page, "\n{title}: the same, without the fault.\n"),
        };
    }
    let links: Vec<String> = rule.links.iter().map(|link| format!("<{link}>")).collect();
    let _ = write!(page, "\n{}\n", links.join(", "));
}

/// The text of an example, where there is something to see; what is endless is cut.
fn shown(example: Example) -> Option<String> {
    let text = example.shown();
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if text.chars().count() > SHOWN {
        let start: String = text.chars().take(60).collect();
        return Some(format!("{} … ({} KB)", start.trim_end(), text.len() / 1024));
    }
    Some(text.to_owned())
}

fn language(example: Example) -> &'static str {
    match example {
        Example::JsonItem(_) | Example::JsonFeed(_) => "json",
        Example::Document(text) if text.starts_with('{') => "json",
        Example::Bytes(_) | Example::Served(..) | Example::Fetched(_) => "text",
        _ => "xml",
    }
}

/// The text of one rule, as `explain` prints it.
pub fn explain(rule: &Rule) -> String {
    let mut text = format!(
        "{} ({})\n{}\n\n{}\n\nTo mend it: {}\n",
        rule.id, rule.severity, rule.summary, rule.why, rule.mend
    );
    for (title, example) in [("Fails:", rule.failing), ("Passes:", rule.passing)] {
        if let Some(example) = shown(example) {
            let _ = write!(text, "\n{title}\n");
            for line in example.lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    text.push('\n');
    for link in rule.links {
        let _ = writeln!(text, "{link}");
    }
    text
}
