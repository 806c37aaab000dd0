//! `bantin diff`.

use super::output::{self, BOLD, CYAN, DIM, GREEN, RED, YELLOW, paint};
use super::progress::Bar;
use super::{Exit, Failure, Global, Run, configuration};
use crate::build::{self, FeedReport, FeedStatus, Options};
use crate::compare::Changes;
use clap::Args;
use std::fmt::Write as _;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    run: Run,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let plan = configuration::plan(global, arguments.run.output.as_deref())?;
    let options = Options {
        now: arguments.run.now(),
        only: Vec::new(),
        dry_run: true,
        force: false,
        strict: false,
        allow_shrink: false,
        offline: false,
    };
    let bar = Bar::new(&plan, global);
    let built = build::build(&plan, &options, &bar);
    drop(bar);
    let report = built?;
    output::failed_sources(&report.failed_sources);
    output::diagnostics(&report.diagnostics, global);
    output::report_as(global, &report, || {
        let mut text = String::new();
        for feed in &report.feeds {
            describe(feed, &mut text);
        }
        for file in &report.removed {
            let _ = writeln!(text, "{} {file}", paint(RED, "would be removed:"));
        }
        if text.is_empty() { "a build would change nothing\n".to_owned() } else { text }
    })?;
    Ok(if report.failed_sources.is_empty() { Exit::Done } else { Exit::Found })
}

fn describe(feed: &FeedReport, text: &mut String) {
    let title = paint(BOLD, &feed.title);
    let _ = match (&feed.status, &feed.held, &feed.changes) {
        (FeedStatus::Unchanged | FeedStatus::Empty, _, _) => Ok(()),
        (_, Some(reason), _) => writeln!(text, "{title}: {} {reason}", paint(RED, "would be held back:")),
        (FeedStatus::New, ..) => {
            writeln!(
                text,
                "{title}: {} with {}",
                paint(GREEN, "a new feed"),
                output::count(feed.entries, "entry")
            )
        }
        (_, _, Some(changes)) => writeln!(text, "{title}: {changes}"),
        (_, _, None) => writeln!(text, "{title}: {}", paint(CYAN, "updated")),
    };
    if let Some(changes) = &feed.changes {
        text.push_str(&changes_of(changes));
    }
}

/// The changes line by line, as `diff` and `check --fixtures` show them.
pub fn changes_of(changes: &Changes) -> String {
    let mut text = String::new();
    let fields = |fields: &[crate::compare::FieldChange], text: &mut String| {
        for change in fields {
            let _ = writeln!(text, "      {}: {}", change.field, words_that_differ(&change.from, &change.to));
        }
    };
    if !changes.feed.is_empty() {
        let _ = writeln!(text, "  {} the feed itself", paint(YELLOW, "~"));
        fields(&changes.feed, &mut text);
    }
    for entry in &changes.added {
        let _ = writeln!(text, "  {} {} {}", paint(GREEN, "+"), entry.title, paint(DIM, &entry.id));
    }
    for changed in &changes.changed {
        let _ = writeln!(
            text,
            "  {} {} {}",
            paint(YELLOW, "~"),
            changed.entry.title,
            paint(DIM, &changed.entry.id)
        );
        fields(&changed.fields, &mut text);
    }
    for entry in &changes.removed {
        let _ = writeln!(text, "  {} {} {}", paint(RED, "-"), entry.title, paint(DIM, &entry.id));
    }
    if changes.reordered {
        let _ = writeln!(text, "  {} the entries stand in another order", paint(YELLOW, "~"));
    }
    text
}

/// Values that differ: short ones whole, of long ones what differs with a little around it.
fn words_that_differ(from: &str, to: &str) -> String {
    const SHORT: usize = 120;
    if from.chars().count() <= SHORT && to.chars().count() <= SHORT {
        return format!("{} → {}", quoted(from), quoted(to));
    }
    let common =
        |a: std::str::Chars<'_>, b: std::str::Chars<'_>| a.zip(b).take_while(|(a, b)| a == b).count();
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let joined = |chars: &[char]| chars.iter().collect::<String>();
    let (from_text, to_text) = (joined(&from), joined(&to));
    let head = common(from_text.chars(), to_text.chars());
    let shorter = from.len().min(to.len()) - head;
    let tail = from.iter().rev().zip(to.iter().rev()).take_while(|(a, b)| a == b).count().min(shorter);
    let around = |chars: &[char]| {
        let (start, end) = (head.saturating_sub(20), (chars.len() - tail + 20).min(chars.len()));
        let end = end.min(start + SHORT);
        let before = if start > 0 { "…" } else { "" };
        let after = if end < chars.len() { "…" } else { "" };
        format!("{before}{}{after}", joined(&chars[start..end]))
    };
    format!("{} → {}", quoted(&around(&from)), quoted(&around(&to)))
}

fn quoted(text: &str) -> String {
    if text.is_empty() { paint(DIM, "nothing") } else { format!("“{text}”") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut_to_what_differs() {
        let (from, to) = (
            format!("{}cũ{}", "a".repeat(200), "b".repeat(200)),
            format!("{}mới{}", "a".repeat(200), "b".repeat(200)),
        );
        let shown = words_that_differ(&from, &to);
        assert!(
            shown.contains("aacũbb") && shown.contains("aamớibb") && shown.chars().count() < 120,
            "{shown}"
        );
    }

    #[test]
    fn short_values_are_shown_whole() {
        assert_eq!(words_that_differ("a", "b"), "“a” → “b”");
    }
}
