//! The documentation of the rules, written from their table: the page of all, and the text of one.

use std::fmt::Write as _;

use super::rule::{Example, Rule};
use super::{PROFILES, Profile, rules};

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
    page.push_str(
        "\n## Profiles\n\n`check --profile NAME` adds what a partner asks for. Sides of images are in pixels and looked at where the \
         feed states them; an empty field asks for nothing.\n\n\
         | name | partner | documents | entries | titles, characters | images, longer side | size, bytes | dates |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for profile in PROFILES {
        let _ = writeln!(page, "{}", demands(profile));
    }
    let _ = write!(page, "\n{count} rules.\n");
    page
}

/// What a partner asks for, as a row.
fn demands(profile: &Profile) -> String {
    let kinds: Vec<String> = profile.kinds.iter().map(ToString::to_string).collect();
    let range = |least: usize, most: usize| match (least, most) {
        (0, usize::MAX) => String::new(),
        (least, usize::MAX) => format!("{least} or more"),
        (least, most) => format!("{least} to {most}"),
    };
    let (shortest, longest) = profile.title_length;
    let image = match profile.image_sides {
        (0, 0) => String::new(),
        (0, long) => format!("{long} or more"),
        (short, _) => format!("the shorter side {short} or more"),
    };
    let size = if profile.bytes == usize::MAX { String::new() } else { format!("{} at most", profile.bytes) };
    let dates = match (profile.past, profile.days) {
        (false, 0) => String::new(),
        (true, 0) => "past".to_owned(),
        (_, days) => format!("of the last {days} days"),
    };
    let cells = [
        format!("`{}`", profile.name),
        profile.title.to_owned(),
        kinds.join(", "),
        range(profile.least, profile.most),
        range(shortest, longest),
        image,
        size,
        dates,
    ];
    format!("| {} |", cells.join(" | "))
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
