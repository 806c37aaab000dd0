//! `bantin check`.

use super::output::{self, BOLD, GREEN, RED, YELLOW, paint};
use super::{Exit, Failure, Global, ReportFormat, configuration, diff, moment, remote};
use crate::check::{self, Context, Finding, Folder, Overrides, Profile, Report, Severity};
use crate::config::nearest;
use crate::fixtures::{self, Difference, Kind};
use crate::formats::FORMATS;
use crate::plan::Plan;
use chrono::{DateTime, Utc};
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Feed files, folders of them, addresses of feeds (https://…), or `-` for standard input; by default what was built
    paths: Vec<PathBuf>,
    /// Look into this output folder instead of the configured one
    #[arg(short, long, value_name = "DIR", conflicts_with = "paths")]
    output: Option<PathBuf>,
    /// Compare what was built with the expected feeds in this folder
    #[arg(long, value_name = "DIR", conflicts_with = "paths")]
    fixtures: Option<PathBuf>,
    /// Make what was built the expected feeds
    #[arg(long, conflicts_with = "paths")]
    bless: bool,
    /// An earlier version of the one file that is given: what must stay between versions is checked, too
    #[arg(long, value_name = "FILE", requires = "paths")]
    earlier: Option<PathBuf>,
    /// The address at which the one file that is given is served
    #[arg(long, value_name = "URL", requires = "paths")]
    address: Option<String>,
    /// Fetch addresses in the name of this reader: feedly, newsboat, browser, …
    #[arg(long = "as", value_name = "READER", requires = "paths")]
    reader: Option<String>,
    /// Look for what a partner demands, too (may be repeated)
    #[arg(long, value_name = "PARTNER")]
    profile: Vec<String>,
    /// Do not report this rule (may be repeated)
    #[arg(long, value_name = "RULE")]
    allow: Vec<String>,
    /// Report this rule as a warning (may be repeated)
    #[arg(long, value_name = "RULE")]
    warn: Vec<String>,
    /// Report this rule as an error; `warning`: every warning (may be repeated)
    #[arg(long, value_name = "RULE")]
    deny: Vec<String>,
    /// The moment that dates are held against, instead of the clock's
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    now: Option<DateTime<Utc>>,
}

/// How many findings of one rule in one file are printed for people, unless they ask for more.
const SHOWN: usize = 5;

/// A file to be checked, and the address at which it is served where that is known.
struct Subject {
    path: PathBuf,
    name: String,
    address: Option<String>,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let profiles = profiles(&arguments.profile)?;
    let (warnings, deny): (Vec<String>, Vec<String>) =
        arguments.deny.iter().cloned().partition(|name| name == "warning" || name == "warnings");
    let deny_warnings = !warnings.is_empty();
    let given = overrides(&arguments.allow, &arguments.warn, &deny)?;
    let plan = match arguments.paths.is_empty() {
        true => Some(configuration::plan_of_output(global, arguments.output.as_deref())?),
        false => None,
    };
    let reader = remote::reader(arguments.reader.as_deref())?;
    let (addresses, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        arguments.paths.iter().cloned().partition(|path| remote::address(path).is_some());
    let subjects = match &plan {
        Some(plan) => built(plan)?,
        None => named(&paths, arguments.address.as_deref())?,
    };
    // Of all that was built a partner takes what it takes; the rest is not made for it.
    let given = match &plan {
        Some(_) => overrides(&["partner-kind".to_owned()], &[], &[])?.and(given),
        None => given,
    };
    let context = Context {
        now: Some(super::now(arguments.now).timestamp()),
        profiles,
        // What the command line says counts more than what feeds.toml says.
        overrides: plan.as_ref().map_or_else(Overrides::default, |plan| plan.rules.clone()).and(given),
        ..Context::default()
    };
    let mut reports = judged(&subjects, &context)?;
    for address in addresses.iter().filter_map(|address| remote::address(address)) {
        reports.push((address, remote::judged(address, reader, &context)?));
    }
    if let (Some(earlier), [(_, newer)]) = (&arguments.earlier, reports.as_mut_slice()) {
        let old = check::check(&read(earlier)?, &Context::default());
        add(newer, check::check_versions(&old, newer), &context.overrides);
    } else if arguments.earlier.is_some() {
        return Err(Failure::said("an earlier version is compared with one file, not with several"));
    }
    let files: Vec<(&str, &Report)> = reports.iter().map(|(name, report)| (*name, report)).collect();
    let differences = match &plan {
        Some(plan) => compared(plan, arguments)?,
        None => Vec::new(),
    };
    match global.format {
        ReportFormat::Text if global.quiet => {}
        ReportFormat::Text => {
            let most = if global.verbose > 0 { usize::MAX } else { SHOWN };
            output::report(&coloured(&check::reports::text(&files, most)))?;
            output::report(&differences_text(&differences))?;
        }
        ReportFormat::Json => {
            let mut report: serde_json::Value = serde_json::from_str(&check::reports::json(&files))
                .map_err(|error| Failure::because("cannot write the report", error))?;
            report["differences"] = serde_json::to_value(&differences)
                .map_err(|error| Failure::because("cannot write the report", error))?;
            output::json(&report)?;
        }
        ReportFormat::Sarif => output::report(&check::reports::sarif(&files))?,
        ReportFormat::Github => output::report(&check::reports::github(&files))?,
    }
    // These two formats are of findings, and a difference is none; what the status speaks of is said all the same.
    if matches!(global.format, ReportFormat::Sarif | ReportFormat::Github) {
        for difference in &differences {
            output::remark(differences_text(std::slice::from_ref(difference)).trim_end());
        }
    }
    let worst = files.iter().filter_map(|(_, report)| report.worst()).max();
    let refused = match worst {
        Some(Severity::Error) => true,
        Some(Severity::Warning) => deny_warnings,
        Some(Severity::Info) | None => false,
    };
    Ok(if refused || !differences.is_empty() { Exit::Found } else { Exit::Done })
}

fn profiles(names: &[String]) -> Result<Vec<&'static Profile>, Failure> {
    names.iter().map(|name| check::profile(name).map_err(Failure::said)).collect()
}

fn overrides(allow: &[String], warn: &[String], deny: &[String]) -> Result<Overrides, Failure> {
    Overrides::new(allow, warn, deny).map_err(|unknown| {
        let failure = Failure::said(format!("no rule is called `{}`", unknown.name));
        match unknown.suggestion {
            Some(rule) => failure.help(format!("did you mean `{rule}`?")),
            None if nearest(&unknown.name, ["warning"].into_iter()).is_some() => {
                failure.help("`--deny warning` makes every warning an error")
            }
            None => failure.help("docs/rules.md lists every rule"),
        }
    })
}

/// The feed files of the output folder, with their addresses.
fn built(plan: &Plan) -> Result<Vec<Subject>, Failure> {
    let dir = &plan.output.dir;
    if !dir.is_dir() {
        let failure = Failure::said(format!("nothing was built: there is no folder {}", dir.display()));
        return Err(failure.help("`bantin build` makes it"));
    }
    let mut paths = Vec::new();
    feed_files(dir, &mut paths)?;
    Ok(paths
        .into_iter()
        .map(|path| {
            let below = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            // Old paths carry the feed under its present address.
            let own = below.split('/').count() == 2
                && FORMATS.iter().any(|format| below.ends_with(format.file_name()));
            let address = own.then(|| plan.output.url.join(&below).ok()).flatten();
            Subject { name: path.display().to_string(), path, address: address.map(String::from) }
        })
        .collect())
}

/// The files that the command line names.
fn named(paths: &[PathBuf], address: Option<&str>) -> Result<Vec<Subject>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => feed_files(path, &mut files)?,
            false => files.push(path.clone()),
        }
    }
    if address.is_some() && files.len() != 1 {
        return Err(Failure::said("an address is that of one file, not of several"));
    }
    let subject = |path: PathBuf| Subject {
        name: path.display().to_string(),
        path,
        address: address.map(str::to_owned),
    };
    Ok(files.into_iter().map(subject).collect())
}

/// The files below a folder that can be feeds, by their names, in order.
fn feed_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let fault = |error| Failure::because(format!("cannot look into {}", folder.display()), error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fault)? {
        entries.push(entry.map_err(fault)?.path());
    }
    entries.sort();
    for path in entries {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let feed = ["xml", "rss", "atom", "rdf", "opml", "json", "jsonfeed"];
        if hidden {
            continue;
        } else if path.is_dir() {
            feed_files(&path, files)?;
        } else if extension.is_some_and(|extension| feed.contains(&extension.as_str())) {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads a file, or standard input where that is meant: `curl … | bantin check -`.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = match path.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        }
        false => std::fs::read(path),
    };
    bytes.map_err(|error| Failure::because(format!("cannot read {}", path.display()), error))
}

/// Checks every file by itself, and all of them with each other.
fn judged<'a>(subjects: &'a [Subject], context: &Context) -> Result<Vec<(&'a str, Report)>, Failure> {
    let folder = Comparison {
        folder: Mutex::new((Folder::new(subjects.iter().map(|subject| subject.name.as_str()).collect()), 0)),
        waiting: Mutex::default(),
    };
    let alone = subjects.len() == 1;
    let reports = crate::parallel::map(subjects.iter().enumerate().collect(), |(index, subject)| {
        let bytes = read(&subject.path)?;
        let context = Context { address: subject.address.clone(), ..context.clone() };
        let mut report = check::check(&bytes, &context);
        if !alone {
            folder.hand_in(index, report.kind, std::mem::take(&mut report.facts));
        }
        Ok((subject.name.as_str(), report))
    });
    let mut reports = reports.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    let mut across: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for (index, finding) in folder.findings() {
        across.entry(index).or_default().push(finding);
    }
    for (index, findings) in across {
        if let Some((_, report)) = reports.get_mut(index) {
            add(report, findings, &context.overrides);
        }
    }
    Ok(reports)
}

/// What files have to do with each other. Whoever has checked a file hands in what was noted of it, and compares what can be
/// compared by then, in the order of the files, while the others go on checking: nothing is kept of a file but its findings.
struct Comparison<'n> {
    /// The folder, and the file that is to be compared next.
    folder: Mutex<(Folder<'n>, usize)>,
    waiting: Mutex<BTreeMap<usize, (check::Kind, check::Facts)>>,
}

impl Comparison<'_> {
    fn hand_in(&self, index: usize, kind: check::Kind, facts: check::Facts) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(index, (kind, facts));
        if let Ok(mut folder) = self.folder.try_lock() {
            self.compare(&mut folder);
        }
    }

    fn compare(&self, (folder, next): &mut (Folder<'_>, usize)) {
        let ready = |next| self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&next);
        while let Some((kind, facts)) = ready(*next) {
            folder.add(*next, kind, &facts);
            *next += 1;
        }
    }

    fn findings(self) -> Vec<(usize, Finding)> {
        let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        self.compare(&mut folder);
        drop(folder);
        self.folder.into_inner().unwrap_or_else(PoisonError::into_inner).0.findings()
    }
}

/// Adds findings that are of more than one document.
fn add(report: &mut Report, findings: Vec<Finding>, overrides: &Overrides) {
    for mut finding in findings {
        if let Some(severity) = overrides.severity(finding.rule) {
            finding.severity = severity;
            report.findings.push(finding);
        }
    }
    report.findings.sort_by_key(|finding| (finding.line, finding.column));
}

/// Compares with the expected feeds, or makes them.
fn compared(plan: &Plan, arguments: &Arguments) -> Result<Vec<Difference>, Failure> {
    let Some(expected) = arguments.fixtures.as_ref().or(plan.fixtures.as_ref()) else {
        return match arguments.bless {
            true => Err(Failure::said("which expected feeds?").help("name their folder with --fixtures DIR")),
            false => Ok(Vec::new()),
        };
    };
    let fault = |error| Failure::because("cannot compare with the expected feeds", error);
    if arguments.bless {
        for path in fixtures::bless(expected, &plan.output.dir).map_err(fault)? {
            output::remark(&format!("{} {}", paint(GREEN, "blessed"), expected.join(path).display()));
        }
        return Ok(Vec::new());
    }
    fixtures::differences(expected, &plan.output.dir).map_err(fault)
}

fn differences_text(differences: &[Difference]) -> String {
    let mut text = String::new();
    for Difference { path, kind } in differences {
        let path = paint(BOLD, path);
        // Writing to a String does not fail.
        let _ = match kind {
            Kind::Missing => writeln!(text, "{path}: {}", paint(RED, "expected, and not built")),
            Kind::Surplus => writeln!(text, "{path}: {}", paint(RED, "built, and not expected")),
            Kind::Changed { changes } => {
                writeln!(
                    text,
                    "{path}: {} {changes}\n{}",
                    paint(RED, "not as expected:"),
                    diff::changes_of(changes)
                )
            }
            Kind::Bytes { diff } => {
                writeln!(
                    text,
                    "{path}: {}\n{diff}",
                    paint(YELLOW, "not as expected, though no reader would notice:")
                )
            }
        };
    }
    text
}

/// The report with its severities in colour.
fn coloured(report: &str) -> String {
    let mut text = String::with_capacity(report.len());
    for line in report.lines() {
        let styled = [("error[", RED), ("warning[", YELLOW)].into_iter().find_map(|(word, style)| {
            let at = line.find(&format!(": {word}"))? + 2;
            let end = at + line[at..].find(']')? + 1;
            Some(format!("{}{}{}", &line[..at], paint(style, &line[at..end]), &line[end..]))
        });
        text.push_str(styled.as_deref().unwrap_or(line));
        text.push('\n');
    }
    text
}
