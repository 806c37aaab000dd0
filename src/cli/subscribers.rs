//! `bantin subscribers`.

use super::output::{self, BOLD, CYAN, DIM, YELLOW, paint};
use super::table::{Align, Table};
use super::{Exit, Failure, Global, configuration};
use crate::plan::{Feeds, Plan};
use crate::publish::{self, Page};
use crate::subscribers::{self, Kind, Map, Reach, Report, Tally, Traffic, Words};
use clap::Args;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Access logs, packed by gzip or not, or `-` for standard input
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// Write the report as a page with plots, too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// The most clients that the text names.
const NAMED: usize = 15;

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let plan = configuration::plan_where_there_is_one(global)?;
    let (map, zone) = plan.as_ref().map_or_else(Default::default, |plan| (map(plan), Some(plan.site.zone)));
    let words = subscribers::words(plan.as_ref().map_or("en", |plan| &plan.site.language));
    let mut tally = Tally::new(map, zone);
    for path in &arguments.logs {
        let fault = |error| Failure::because(format!("cannot read the log {}", path.display()), error);
        let name = path.display().to_string();
        match path.as_os_str() == "-" {
            true => tally.read(&name, std::io::stdin().lock()).map_err(fault)?,
            false => tally.read(&name, File::open(path).map_err(fault)?).map_err(fault)?,
        }
    }
    let report = tally.report();
    if !global.quiet {
        for line in &report.malformed_lines {
            output::remark(&format!(
                "{}: {}: {}",
                paint(BOLD, &line.place),
                paint(YELLOW, "passed over"),
                line.reason
            ));
        }
        let named = report.malformed_lines.len() as u64;
        if report.malformed > named {
            output::remark(&format!(
                "… and {} more lines that are none of an access log",
                report.malformed - named
            ));
        }
    }
    if let Some(path) = &arguments.html {
        write(path, subscribers::page(&report, words).into_bytes())?;
    }
    output::report_as(global, &report, || text(&report, words))?;
    // Lines of another kind are in many logs; where there is nothing else, the file is none.
    let nothing = report.lines > 0 && report.malformed == report.lines;
    Ok(if nothing { Exit::Found } else { Exit::Done })
}

/// How the feeds of a plan are known in a log.
fn map(plan: &Plan) -> Map {
    let listed: &[_] = match &plan.feeds {
        Feeds::Listed(feeds) => feeds,
        Feeds::EveryCategory => &[],
    };
    let files = crate::formats::FORMATS.iter().map(|format| format.file_name()).collect();
    Map {
        served: Some((plan.output.url.path().to_owned(), files)),
        aliases: listed
            .iter()
            .flat_map(|feed| feed.aliases.iter().map(|alias| (alias.path.clone(), feed.slug.clone())))
            .collect(),
        titles: listed.iter().map(|feed| (feed.slug.clone(), feed.title.to_string())).collect(),
    }
}

fn write(path: &Path, bytes: Vec<u8>) -> Result<(), Failure> {
    let fault = |error| Failure::because(format!("cannot write {}", path.display()), error);
    let Some(name) = path.file_name() else {
        return Err(Failure::said(format!("cannot write {}: it is no file's name", path.display())));
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let page = Page { path: name.to_string_lossy().into_owned(), bytes: bytes.into() };
    publish::put(folder, &page).map_err(fault)
}

fn text(report: &Report, words: &Words) -> String {
    if report.feeds.is_empty() {
        return format!("{}\n", words.nothing);
    }
    let mut text = feeds(report, words).render();
    let aggregators = aggregators(report, words);
    if !aggregators.is_empty() {
        let _ = write!(text, "\n{aggregators}");
    }
    let _ = write!(text, "\n{}", agents(report, words).render());
    let Reach { services, browsers, bots, monitors, .. } = report.total;
    let apart =
        [(Kind::Service, services), (Kind::Browser, browsers), (Kind::Bot, bots), (Kind::Monitor, monitors)]
            .map(|(kind, count)| format!("{} {}", (words.kinds)(kind), words.number(count)));
    let _ = write!(text, "\n{}: {}\n", words.apart, apart.join(", "));
    let mut line = (words.span)(report.days, report.lines);
    if report.malformed > 0 {
        let _ = write!(line, ", {}", (words.malformed)(report.malformed));
    }
    if report.sample > 1 {
        let _ = write!(line, "; {}", (words.sampled)(report.sample));
    }
    let _ = writeln!(text, "{line}");
    if report.incomplete {
        let _ = writeln!(text, "{}", paint(YELLOW, words.incomplete));
    }
    text
}

fn with_traffic(table: Table, words: &Words) -> Table {
    [words.requests, words.not_modified, words.sent, words.wasted]
        .into_iter()
        .fold(table, |table, head| table.column(head, Align::Right))
}

fn traffic(traffic: &Traffic, words: &Words) -> [String; 4] {
    let wasted = words.bytes(traffic.wasted);
    // A third of everything for nothing is worth a look.
    let much = traffic.wasted * 3 > traffic.bytes;
    [
        words.number(traffic.requests),
        words.part(traffic.not_modified),
        words.bytes(traffic.bytes),
        if much && traffic.wasted > 0 { paint(YELLOW, wasted) } else { wasted },
    ]
}

fn feeds(report: &Report, words: &Words) -> Table {
    let mut table = Table::default().column(words.feed, Align::Left);
    for head in [words.reach, words.subscribers, words.readers, words.peak] {
        table = table.column(head, Align::Right);
    }
    table = with_traffic(table, words);
    let figures = |reach: &Reach| {
        [reach.subscribers, reach.readers_median, reach.readers_peak].map(|count| words.number(count))
    };
    let total = report.traffic();
    let all = (report.feeds.len() > 1).then_some((words.all_feeds, &report.total, &total));
    let rows = report.feeds.iter().map(|feed| (feed.title.as_str(), &feed.reach, &feed.traffic));
    for (title, reach, sent) in rows.chain(all) {
        let mut row = vec![paint(BOLD, title), paint(CYAN, words.number(reach.reach))];
        row.extend(figures(reach));
        row.extend(traffic(sent, words));
        table.row(row);
    }
    table
}

/// What the aggregators state, a line for each feed.
fn aggregators(report: &Report, words: &Words) -> String {
    let mut text = String::new();
    for feed in report.feeds.iter().filter(|feed| !feed.aggregators.is_empty()) {
        let said: Vec<String> = feed
            .aggregators
            .iter()
            .map(|aggregator| {
                format!("{} {}", words.name(&aggregator.name), words.number(aggregator.subscribers))
            })
            .collect();
        let _ = writeln!(text, "{}: {}", paint(BOLD, &feed.title), said.join(", "));
    }
    text
}

fn agents(report: &Report, words: &Words) -> Table {
    let mut table = Table::default()
        .column(words.client, Align::Left)
        .column(words.kind, Align::Left)
        .column(words.clients, Align::Right)
        .column(words.interval, Align::Right);
    table = with_traffic(table, words);
    for agent in report.agents.iter().take(NAMED) {
        let mut row = vec![
            words.name(&agent.name).to_owned(),
            paint(DIM, (words.kinds)(agent.kind)),
            words.number(agent.clients),
            agent.interval.map_or_else(|| "–".to_owned(), words.seconds),
        ];
        row.extend(traffic(&agent.traffic, words));
        table.row(row);
    }
    table
}
