//! `bantin init`.

use super::configuration::FILE_NAME;
use super::output::{self, BOLD, CYAN, DIM, YELLOW, paint};
use super::{Exit, Failure, Global};
use crate::init::{self, Survey};
use clap::Args;
use serde::Serialize;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder that holds the articles, and in which feeds.toml is written
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

#[derive(Serialize)]
struct Report<'a> {
    /// The file that was written.
    written: &'a Path,
    #[serde(flatten)]
    survey: &'a Survey,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let (dir, target) = place(arguments, global)?;
    if !dir.is_dir() {
        return Err(Failure::said(format!("{} is no folder", dir.display()))
            .help("`bantin init DIR` looks for articles in DIR, by default in the current folder"));
    }
    // A dangling link counts as well.
    if target.symlink_metadata().is_ok() {
        return Err(exists(&target));
    }
    let survey = init::survey(&dir);
    write(&target, &survey.text)?;
    if !global.quiet || global.format == super::ReportFormat::Json {
        let report = Report { written: &target, survey: &survey };
        output::report_as(global, &report, || text(&target, &survey))?;
    }
    Ok(Exit::Done)
}

/// The folder that is looked into, and the file that is written.
fn place(arguments: &Arguments, global: &Global) -> Result<(PathBuf, PathBuf), Failure> {
    let here = Path::new(".");
    let Some(config) = &global.config else {
        let shown =
            if arguments.dir == here { PathBuf::from(FILE_NAME) } else { arguments.dir.join(FILE_NAME) };
        return Ok((arguments.dir.clone(), shown));
    };
    if arguments.dir != here {
        return Err(Failure::said("both a folder and `--config` were given").help(
            "paths in the configuration are relative to it: `bantin init --config DIR/FILE` looks into DIR",
        ));
    }
    let beside = config.parent().filter(|beside| !beside.as_os_str().is_empty()).unwrap_or(here);
    Ok((beside.to_path_buf(), config.clone()))
}

fn exists(target: &Path) -> Failure {
    Failure::said(format!("{} is there already, and stays as it is", target.display()))
        .help("move it away first, or write another: `bantin init --config other.toml`")
}

/// Writes a new file, whole or not at all.
fn write(target: &Path, text: &str) -> Result<(), Failure> {
    let fault = |error| Failure::because(format!("cannot write {}", target.display()), error);
    let mut file = match OpenOptions::new().write(true).create_new(true).open(target) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(exists(target)),
        Err(error) => return Err(fault(error)),
    };
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // What could not be written is of no use; if it cannot be removed either, the error says enough.
        #[expect(clippy::disallowed_methods, reason = "a new file of this command's, which is no output")]
        let _ = std::fs::remove_file(target);
        return Err(fault(error));
    }
    Ok(())
}

fn text(target: &Path, survey: &Survey) -> String {
    let mut text = String::new();
    let mut line = |head: &str, body: String| {
        let _ = writeln!(text, "{:<7} {body}", head);
    };
    if let (Some(generator), Some(config)) = (survey.generator, &survey.generator_config) {
        line("Found", format!("a site of {generator} ({config})"));
    }
    for (index, source) in survey.sources.iter().enumerate() {
        let head = if index == 0 && survey.generator.is_none() { "Found" } else { "" };
        let more = if survey.more { "at least " } else { "" };
        let counts = format!(
            "{more}{} in {}",
            output::count(source.articles, "article"),
            output::count(source.files, "file")
        );
        line(
            head,
            format!("{} {}", paint(BOLD, &source.path), paint(DIM, format!("({}: {counts})", source.format))),
        );
    }
    if survey.sources.is_empty() {
        line("Found", paint(YELLOW, "no articles"));
    }
    if let Some(example) = &survey.example {
        line("", format!("for example “{}”, {}", example.title, paint(CYAN, &example.url)));
    }
    line(
        "Wrote",
        format!("{}: {}", paint(BOLD, target.display()), output::count(survey.feeds.len(), "feed")),
    );
    for feed in &survey.feeds {
        line("", format!("  {feed}"));
    }
    if !survey.guessed.is_empty() {
        line("Check", format!("{}: nothing here states it", survey.guessed.join(", ")));
    }
    let build = match (survey.sources.is_empty(), survey.before_generator, survey.generator) {
        (true, _, _) => "say in a [[source]] where the articles are, then `bantin build`".to_owned(),
        (false, Some(true), Some(generator)) => format!("`bantin build`, each time before {generator} runs"),
        (false, Some(false), Some(generator)) => format!("`bantin build`, each time after {generator} ran"),
        (false, _, _) => "`bantin build`".to_owned(),
    };
    line("Next", format!("look {} through, then {build}", target.display()));
    text
}
