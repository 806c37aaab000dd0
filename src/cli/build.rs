//! `bantin build`.

use super::output::{self, BOLD, CYAN, DIM, GREEN, RED, YELLOW, paint};
use super::progress::Bar;
use super::table::{Align, Table};
use super::watching::{self, Ended};
use super::{Exit, Failure, Global, Run, configuration, notify};
use crate::build::{self, FeedReport, FeedStatus, Options, Report};
use crate::formats::FORMATS;
use chrono::DateTime;
use clap::Args;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    run: Run,
    /// Publish this feed only, by its slug (may be repeated)
    #[arg(long, value_name = "FEED")]
    only: Vec<String>,
    /// Tell what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Write files even where their bytes stay the same
    #[arg(long)]
    force: bool,
    /// Publish nothing if a record is left out
    #[arg(long)]
    strict: bool,
    /// Publish feeds that turn empty or lose more than half of their entries
    #[arg(long)]
    allow_shrink: bool,
    /// Ask neither programs nor the web: use what they gave last
    #[arg(long)]
    offline: bool,
    /// Tell the hubs that feeds.toml names what has changed, once it is in place; `bantin notify` does it by itself
    #[arg(long, conflicts_with = "dry_run")]
    notify: bool,
    /// Go on: build again when articles or feeds.toml change, and when an embargo ends
    #[arg(long, conflicts_with_all = ["now", "dry_run"])]
    watch: bool,
    /// Print behind the report when to build again, for a process that watches
    #[arg(long, hide = true, conflicts_with = "watch")]
    due: bool,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let manner = Manner {
        output: arguments.run.output.as_deref(),
        options: Options {
            now: arguments.run.now(),
            only: arguments.only.clone(),
            dry_run: arguments.dry_run,
            force: arguments.force,
            strict: arguments.strict,
            allow_shrink: arguments.allow_shrink,
            offline: arguments.offline,
        },
        reports: true,
        notifies: arguments.notify,
    };
    match arguments.watch {
        true => watch(&manner, global),
        false => {
            let Ended { exit, due } = once(&manner, global)?;
            if arguments.due {
                output::report(&watching::due_line(due))?;
            }
            Ok(exit)
        }
    }
}

/// How to build.
#[derive(Debug, Clone)]
pub struct Manner<'a> {
    output: Option<&'a Path>,
    options: Options,
    /// Whether the report is printed, beside what is wrong.
    reports: bool,
    /// Whether hubs are told afterwards.
    notifies: bool,
}

impl<'a> Manner<'a> {
    /// As a build that is repeated whenever something changes, now, by a program that prints something else.
    pub fn watched(output: Option<&'a Path>) -> Self {
        let options = Options {
            now: super::now(None),
            only: Vec::new(),
            dry_run: false,
            force: false,
            strict: false,
            allow_shrink: false,
            offline: false,
        };
        Self { output, options, reports: false, notifies: false }
    }
}

/// The arguments of one of the builds of `build --watch`: its own, but for that it goes on.
fn apart() -> Vec<OsString> {
    std::env::args_os().skip(1).filter(|argument| argument != "--watch").collect()
}

/// Builds again and again, until it is told to end.
fn watch(manner: &Manner<'_>, global: &Global) -> Result<Exit, Failure> {
    watching::runtime()?.block_on(async {
        let mut stop = std::pin::pin!(watching::stop()?);
        let mut watcher = watching::watcher()?;
        let plan = configuration::plan(global, manner.output)?;
        watching::can_read_again(&plan)?;
        watching::look(&mut watcher, global, &plan, true)?;
        let again = || match watching::build_apart(&apart(), global)? {
            Some((ended, report)) => output::report(&report).map(|()| ended),
            // In this process, then.
            None => {
                let options = Options { now: super::now(None), ..manner.options.clone() };
                once(&Manner { options, ..*manner }, global)
            }
        };
        let mut due = watching::next(&plan, again()?.due);
        output::remark(&paint(DIM, "waiting for changes; Ctrl-C ends"));
        loop {
            tokio::select! {
                () = &mut stop => return Ok(Exit::Done),
                () = watcher.changed() => {}
                () = watching::Clock::reaches(due) => {}
            }
            let built = configuration::plan(global, manner.output).and_then(|plan| {
                watching::look(&mut watcher, global, &plan, true)?;
                // A source that does not answer now may do so the next time.
                due = watching::next(&plan, None);
                due = watching::next(&plan, again()?.due);
                Ok(())
            });
            match built {
                Ok(()) => {}
                Err(Failure::ClosedPipe) => return Ok(Exit::Done),
                // What was published stays, and the next change may mend it.
                Err(failure) => {
                    failure.show();
                    due = due.filter(|due| *due > super::now(None).timestamp());
                }
            }
        }
    })
}

/// Builds, and prints the report.
pub fn once(manner: &Manner<'_>, global: &Global) -> Result<Ended, Failure> {
    let plan = configuration::plan(global, manner.output)?;
    if manner.notifies {
        notify::needs_hub(&plan)?;
    }
    let options = manner.options.clone();
    let bar = Bar::new(&plan, global);
    let built = build::build(&plan, &options, &bar);
    drop(bar);
    let report = built?;
    output::failed_sources(&report.failed_sources);
    output::diagnostics(&report.diagnostics, global);
    for notice in &report.notices {
        log::warn!("{notice}");
    }
    for feed in &report.feeds {
        if let Some(reason) = &feed.held {
            output::remark(&format!(
                "{}: {} is held back: {reason}",
                paint(RED, "error"),
                paint(BOLD, &feed.title)
            ));
        }
    }
    if report.refused {
        let records = output::count(report.counts.left_out, "record");
        output::remark(&format!(
            "{}: {records} left out: nothing is published, as --strict asks",
            paint(RED, "error")
        ));
    }
    if manner.reports && (!global.quiet || global.format == super::ReportFormat::Json) {
        output::report_as(global, &report, || text(&report, &plan))?;
    }
    let are_told = !manner.notifies || notify::after_build(&plan);
    let due = report.due.as_deref().and_then(|due| DateTime::parse_from_rfc3339(due).ok());
    let again = (!are_told).then(watching::tell_again);
    let due = due.map(|due| due.timestamp()).into_iter().chain(again).min();
    let is_clean = !report.has_refusals() && report.failed_sources.is_empty() && are_told;
    Ok(Ended { exit: if is_clean { Exit::Done } else { Exit::Found }, due })
}

fn text(report: &Report, plan: &crate::plan::Plan) -> String {
    let mut table = Table::default()
        .column("Feed", Align::Left)
        .column("Entries", Align::Right)
        .column("Newest", Align::Left);
    for format in &plan.output.formats {
        table = table.column(format.file_name(), Align::Right);
    }
    table = table.column("Status", Align::Left);
    for feed in &report.feeds {
        let newest = feed.newest.as_deref().and_then(|newest| DateTime::parse_from_rfc3339(newest).ok());
        let newest =
            newest.map(|newest| newest.with_timezone(&plan.site.zone).format("%Y-%m-%d %H:%M").to_string());
        let mut row = vec![
            paint(BOLD, &feed.title),
            feed.entries.to_string(),
            newest.unwrap_or_else(|| "–".to_owned()),
        ];
        for format in FORMATS
            .iter()
            .filter(|format| plan.output.formats.iter().any(|wanted| wanted.name() == format.name()))
        {
            let file = feed.files.iter().find(|file| file.format == format.name());
            row.push(file.map_or_else(|| "–".to_owned(), |file| output::size(file.size)));
        }
        row.push(status(feed));
        table.row(row);
    }
    let mut text = table.render();
    let _ = writeln!(text, "\n{}", summary(report));
    if report.counts.homeless > 0 {
        let articles = output::count(report.counts.homeless, "article");
        let fit = if report.counts.homeless == 1 { "fits" } else { "fit" };
        let _ = writeln!(text, "{articles} {fit} no feed; `bantin list --categories` names them");
    }
    text
}

fn status(feed: &FeedReport) -> String {
    let mut status = match feed.status {
        FeedStatus::New => paint(GREEN, "new"),
        FeedStatus::Updated => paint(CYAN, "updated"),
        FeedStatus::Unchanged => paint(DIM, "unchanged"),
        FeedStatus::Held => paint(RED, "held back"),
        FeedStatus::Empty => paint(YELLOW, "no entry yet"),
    };
    if let Some(changes) = &feed.changes {
        let _ = write!(status, " {}", paint(DIM, format!("({changes})")));
    }
    if feed.cut > 0 && feed.entries > 0 {
        let _ = write!(status, " {}", paint(DIM, format!("{} left out for size", feed.cut)));
    }
    if feed.warnings > 0 {
        let _ = write!(status, " {}", paint(YELLOW, output::count(feed.warnings, "warning")));
    }
    status
}

/// `7 articles from 1 file: 1 replaced, 2 left out. Nothing was written (--dry-run).`
fn summary(report: &Report) -> String {
    let counts = &report.counts;
    let mut line =
        format!("{} from {}", output::count(counts.articles, "article"), output::count(counts.files, "file"));
    let rest = [
        (counts.replaced, "record", "replaced by later ones"),
        (counts.withdrawn, "article", "withdrawn"),
        (counts.left_out, "record", "left out"),
        (report.removed.len(), "file", if report.dry_run { "to be removed" } else { "removed" }),
    ];
    for (number, what, became) in rest {
        if number > 0 {
            let _ = write!(line, ", {} {became}", output::count(number, what));
        }
    }
    if counts.passed_over > 0 {
        let _ = write!(line, ", {} passed over", counts.passed_over);
    }
    if report.dry_run {
        line.push_str(" (nothing was written: --dry-run)");
    }
    if counts.passed_over > 0 && counts.articles == 0 {
        line.push_str("\nNothing was taken for an article: `bantin list --sources` says why");
    }
    line
}
