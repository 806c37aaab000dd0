//! The command line: one file a subcommand. The only code that prints, and that asks for the time.

mod build;
mod check;
mod configuration;
mod diff;
mod explain;
mod extras;
mod init;
mod list;
mod notify;
mod output;
mod progress;
mod remote;
mod serve;
mod sources;
mod subscribers;
mod table;
mod watching;

use crate::build::BuildError;
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Publishes a newsroom's articles as checked RSS 2.0, Atom 1.0 and JSON Feed files, one set for every section.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The configuration; by default feeds.toml here or in the nearest parent folder
    #[arg(short, long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// How reports are printed
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true, value_name = "FORMAT")]
    format: ReportFormat,
    /// Print errors only
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Print more; twice: everything
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    verbose: u8,
    /// Whether reports are coloured
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, value_name = "WHEN")]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Text,
    Json,
    /// SARIF 2.1.0, of `check`
    Sarif,
    /// Workflow annotations of GitHub, of `check`
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented feeds.toml for the articles found in a folder
    Init(init::Arguments),
    /// Read the articles and write the feeds that changed
    Build(build::Arguments),
    /// Check what was built, or any feed files and folders
    Check(Box<check::Arguments>),
    /// Tell what a rule of check means, or in which feeds an article is and why
    Explain(explain::Arguments),
    /// List the feeds, or the categories met in the articles
    List(list::Arguments),
    /// Tell what a build would change now
    Diff(diff::Arguments),
    /// Serve what was built over HTTP
    Serve(serve::Arguments),
    /// Tell WebSub hubs which feeds changed since they were last told
    Notify(notify::Arguments),
    /// Count from access logs how many people each feed reaches
    Subscribers(subscribers::Arguments),
    /// Print shell completions
    Completions(extras::Completions),
    /// Print a man page, or write all of them to a folder
    Man(extras::Man),
    /// Print the JSON Schema of feeds.toml
    Schema,
}

/// The moment of a run, and the folder that is written.
#[derive(Debug, Args)]
struct Run {
    /// The output folder, instead of the configured one
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The moment that decides on embargo and expiry, instead of the clock's
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    now: Option<DateTime<Utc>>,
}

impl Run {
    /// The moment of the run.
    fn now(&self) -> DateTime<Utc> {
        now(self.now)
    }
}

/// The given moment or this one, in whole seconds, as dates in feeds are.
#[expect(clippy::disallowed_methods, reason = "the one place that asks for the time")]
fn now(given: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let now = given.unwrap_or_else(Utc::now);
    DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(moment) => Ok(moment.to_utc()),
        Err(error) => Err(format!("{error}; a moment is written as 2026-11-20T17:00:00+07:00")),
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// It was done, but something was refused or found.
    Found,
    /// It was not done.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Found => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// What is wrong was shown already, where it stands in feeds.toml.
    #[error("feeds.toml cannot be carried out")]
    Shown,
    #[error("{message}")]
    Said {
        message: String,
        help: Option<String>,
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Whoever reads the report has read enough.
    #[error("the report was cut off")]
    ClosedPipe,
}

impl Failure {
    fn said(message: impl Into<String>) -> Self {
        Self::Said { message: message.into(), help: None, source: None }
    }

    fn because(message: impl Into<String>, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Said { message: message.into(), help: None, source: Some(Box::new(source)) }
    }

    fn help(mut self, text: impl Into<String>) -> Self {
        if let Self::Said { help, .. } = &mut self {
            *help = Some(text.into());
        }
        self
    }

    /// Prints it, unless that has been done where it was found.
    fn show(&self) {
        if !matches!(self, Self::Shown) {
            output::error(self, self.hint().as_deref());
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Said { help, .. } => help.clone(),
            Self::Build(BuildError::NoSuchFeed { slug, known }) => {
                Some(match crate::config::nearest(slug, known.iter().map(String::as_str)) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("feeds are: {}", known.join(", ")),
                })
            }
            _ => None,
        }
    }
}

/// Carries out a command line, and says what goes wrong.
pub fn run(cli: &Cli) -> Exit {
    output::begin(&cli.global);
    let global = &cli.global;
    let result = match &cli.command {
        Command::Init(arguments) => init::run(arguments, global),
        Command::Build(arguments) => build::run(arguments, global),
        Command::Check(arguments) => check::run(arguments, global),
        Command::Explain(arguments) => explain::run(arguments, global),
        Command::List(arguments) => list::run(arguments, global),
        Command::Diff(arguments) => diff::run(arguments, global),
        Command::Serve(arguments) => serve::run(arguments, global),
        Command::Notify(arguments) => notify::run(arguments, global),
        Command::Subscribers(arguments) => subscribers::run(arguments, global),
        Command::Completions(arguments) => extras::completions(arguments),
        Command::Man(arguments) => extras::man(arguments),
        Command::Schema => extras::schema(),
    };
    match result {
        Ok(exit) => exit,
        Err(Failure::ClosedPipe) => Exit::Done,
        Err(failure) => {
            failure.show();
            Exit::Failed
        }
    }
}
