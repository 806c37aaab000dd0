//! `bantin notify`.

use super::output::{self, BOLD, RED, paint};
use super::{Exit, Failure, Global, configuration};
use crate::build;
use crate::exchange::Exchanger;
use crate::notify::{self, File, Report, Told};
use crate::plan::Plan;
use crate::publish::{self, Lock, Page};
use crate::state::Ledger;
use clap::Args;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The output folder, instead of the configured one
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// List the feeds that a hub would be told of, and tell none
    #[arg(long)]
    dry_run: bool,
    /// Tell of every feed, changed or not
    #[arg(long)]
    force: bool,
}

/// How the program calls itself.
const AGENT: &str = concat!("bantin/", env!("CARGO_PKG_VERSION"));

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let plan = configuration::plan_of_output(global, arguments.output.as_deref())?;
    needs_hub(&plan)?;
    let files = published(&plan)?;
    if files.is_empty() {
        return Err(
            Failure::said("nothing was built that a hub could be told of").help("`bantin build` comes first")
        );
    }
    let _lock = if arguments.dry_run { None } else { Some(lock(&plan)?) };
    let told = if arguments.force { Told::default() } else { remembered(&memory(&plan))? };
    if arguments.dry_run {
        let due: Vec<_> = plan
            .hubs
            .iter()
            .map(|hub| notify::HubReport {
                hub: hub.clone(),
                told: told.due(hub, &files).into_iter().map(|file| file.url.clone()).collect(),
                failed: Vec::new(),
            })
            .collect();
        let report = Report { hubs: due };
        output::report_as(global, &report, || text(&report, "would be told of"))?;
        return Ok(Exit::Done);
    }
    let report = send(&plan, &files, told, arguments.force)?;
    for hub in &report.hubs {
        for failure in &hub.failed {
            let hub = paint(BOLD, &hub.hub);
            let error = paint(RED, "error");
            output::remark(&format!("{error}: {hub} was not told of {}: {}", failure.url, failure.reason));
        }
    }
    if !global.quiet || global.format == super::ReportFormat::Json {
        output::report_as(global, &report, || text(&report, "told of"))?;
    }
    Ok(if report.has_failures() { Exit::Found } else { Exit::Done })
}

/// Refuses a plan without a hub.
pub fn needs_hub(plan: &Plan) -> Result<(), Failure> {
    if plan.hubs.is_empty() {
        let failure = Failure::said("feeds.toml names no hub to be told");
        return Err(failure.help("[websub], and below it hub = \"https://…\": docs/websub.md"));
    }
    Ok(())
}

/// Tells the hubs after a build; whether every one knows everything. What fails is said, and undoes nothing: the feeds
/// are in place, and the next run tells what this one could not.
pub fn after_build(plan: &Plan) -> bool {
    let told = || {
        let files = published(plan)?;
        let _lock = lock(plan)?;
        let known = remembered(&memory(plan))?;
        send(plan, &files, known, false)
    };
    let report = match told() {
        Ok(report) => report,
        Err(failure) => {
            log::error!("hubs were not told");
            failure.show();
            return false;
        }
    };
    for hub in &report.hubs {
        if !hub.told.is_empty() {
            log::info!("{} was told of {}", hub.hub, output::count(hub.told.len(), "file"));
        }
        if let Some(first) = hub.failed.first() {
            log::error!(
                "{} was not told of {}, and will be by the next run: {}: {}",
                hub.hub,
                output::count(hub.failed.len(), "file"),
                first.url,
                first.reason
            );
        }
    }
    report.hubs.iter().all(|hub| hub.failed.is_empty())
}

fn memory(plan: &Plan) -> PathBuf {
    build::state_file(plan, "websub.json")
}

/// Two runs at a time would tell hubs twice, and forget half of it.
fn lock(plan: &Plan) -> Result<Lock, Failure> {
    let holder = format!("process {}", std::process::id());
    let lock = Lock::take(&build::state_file(plan, "websub.lock"), &holder);
    Ok(lock.map_err(build::BuildError::from)?)
}

/// Tells the hubs what they do not know yet, and remembers what they took.
fn send(plan: &Plan, files: &[File], mut told: Told, always: bool) -> Result<Report, Failure> {
    let exchanger = Exchanger::new(AGENT);
    let before = told.clone();
    let report = notify::notify(
        &plan.hubs,
        files,
        &mut told,
        |hub, url| exchanger.post(hub, &[("hub.mode", "publish"), ("hub.url", url)]),
        std::thread::sleep,
    );
    if told != before || always {
        remember(&memory(plan), &told)?;
    }
    Ok(report)
}

/// The feed files that were published, by the ledger's account. Copies under old paths are of the same topic.
fn published(plan: &Plan) -> Result<Vec<File>, Failure> {
    let (ledger, _) = Ledger::peek(&build::state_file(plan, "redb")).map_err(build::BuildError::from)?;
    let published = ledger.published().map_err(build::BuildError::from)?;
    let mut files = Vec::new();
    for slug in published.feeds.keys() {
        for format in &plan.output.formats {
            let path = format!("{slug}/{}", format.file_name());
            if !published.files.contains(&path) {
                continue;
            }
            let bytes = std::fs::read(plan.output.dir.join(&path))
                .map_err(|error| Failure::because(format!("cannot read {path} of what was built"), error))?;
            let url = format!("{}{}", crate::edition::address(plan, slug), format.file_name());
            files.push(File::new(url, &bytes));
        }
    }
    Ok(files)
}

/// What hubs were told by earlier runs. What cannot be read any longer is nothing: hubs are told once more.
fn remembered(path: &Path) -> Result<Told, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_else(|_| {
            log::warn!("{} cannot be read: hubs are told of every feed", path.display());
            Told::default()
        })),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Told::default()),
        Err(error) => Err(Failure::because(format!("cannot read {}", path.display()), error)),
    }
}

fn remember(path: &Path, told: &Told) -> Result<(), Failure> {
    let fault = |error| Failure::from(build::BuildError::from(error));
    let bytes = serde_json::to_vec_pretty(told)
        .map_err(|error| Failure::because("cannot write what hubs were told", error))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    publish::put(folder, &Page { path: name, bytes: bytes.into() }).map_err(fault)
}

fn text(report: &Report, verb: &str) -> String {
    let mut text = String::new();
    for hub in &report.hubs {
        // Writing to a String does not fail.
        let _ = match hub.told.len() {
            0 if hub.failed.is_empty() => writeln!(text, "{}: no feed has changed", paint(BOLD, &hub.hub)),
            count => writeln!(text, "{}: {verb} {}", paint(BOLD, &hub.hub), output::count(count, "file")),
        };
        for url in &hub.told {
            let _ = writeln!(text, "  {url}");
        }
    }
    text
}
