//! Where reports, remarks and errors go: reports to standard output, everything else to standard error.

use super::{Color, Failure, Global, ReportFormat};
use crate::diagnostic::{Diagnostic, Effect};
use crate::intake::SourceFailure;
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write};

pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const RED: Style = AnsiColor::Red.on_default().bold();
pub const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
pub const GREEN: Style = AnsiColor::Green.on_default();
pub const CYAN: Style = AnsiColor::Cyan.on_default();

/// Text in a style; where colours are not wanted they are taken out on the way to the terminal.
pub fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Sets colours and the log up.
pub fn begin(global: &Global) {
    match global.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let level = match (global.quiet, global.verbose) {
        (true, _) => log::LevelFilter::Error,
        (false, 0) => log::LevelFilter::Warn,
        (false, 1) => log::LevelFilter::Info,
        (false, _) => log::LevelFilter::Trace,
    };
    // A second logger is refused; that only happens where the command line is run twice in one process.
    let _ = log::set_logger(&LOGGER);
    log::set_max_level(level);
}

struct Logger;

static LOGGER: Logger = Logger;

impl log::Log for Logger {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        // What libraries say among themselves helps nobody here.
        metadata.target().starts_with("bantin")
    }
    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let style = match record.level() {
                log::Level::Error => RED,
                log::Level::Warn => YELLOW,
                _ => DIM,
            };
            remark(&format!("{}: {}", paint(style, record.level().as_str().to_lowercase()), record.args()));
        }
    }
    fn flush(&self) {}
}

/// Prints a report to standard output.
pub fn report(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::ClosedPipe),
        Err(error) => Err(Failure::because("cannot write the report", error)),
    }
}

/// Whether both what is reported and what is remarked are shown in colours.
pub fn is_colourful() -> bool {
    let plain = anstream::ColorChoice::Never;
    anstream::AutoStream::choice(&std::io::stdout()) != plain
        && anstream::AutoStream::choice(&std::io::stderr()) != plain
}

/// Prints a report as JSON.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::because("cannot write the report", error))?;
    report(&format!("{text}\n"))
}

/// Prints the report in the form that was asked for.
pub fn report_as(
    global: &Global,
    value: &impl Serialize,
    text: impl FnOnce() -> String,
) -> Result<(), Failure> {
    match global.format {
        ReportFormat::Json => json(value),
        ReportFormat::Text => report(&text()),
        ReportFormat::Sarif | ReportFormat::Github => {
            Err(Failure::said("only `bantin check` reports in that format")
                .help("formats here are text and json"))
        }
    }
}

/// Prints a line to standard error. If nobody listens there is nobody to tell.
pub fn remark(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// Prints an error with its causes.
pub fn error(error: &dyn std::error::Error, hint: Option<&str>) {
    let mut text = format!("{}: {error}", paint(RED, "error"));
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // A transparent error repeats its source.
        let cause_text = cause.to_string();
        if cause_text != said {
            let _ = write!(text, "\n  {}: {cause_text}", paint(DIM, "cause"));
            said = cause_text;
        }
        source = cause.source();
    }
    if let Some(hint) = hint {
        let _ = write!(text, "\n  {}: {hint}", paint(CYAN, "help"));
    }
    remark(&text);
}

/// Prints which sources failed, and what is used in their place.
pub fn failed_sources(failures: &[SourceFailure]) {
    for failure in failures {
        let instead = match failure.uses_last {
            true => "what it gave last is used",
            false => "nothing of it is there to be used",
        };
        let (first, rest) = failure.message.split_once('\n').unwrap_or((&failure.message, ""));
        let rest = if rest.is_empty() { String::new() } else { format!("\n{rest}") };
        let number = failure.number;
        remark(&format!("{}: source {number} failed: {first}; {instead}{rest}", paint(RED, "error")));
    }
}

/// Prints what there is to say of the input.
pub fn diagnostics(diagnostics: &[Diagnostic], global: &Global) {
    if global.quiet {
        return;
    }
    for diagnostic in diagnostics {
        let effect = match diagnostic.effect {
            Effect::LeftOut => paint(RED, "left out"),
            Effect::Dropped => paint(YELLOW, "dropped"),
        };
        let mut text = format!("{}: {effect}: {}", paint(BOLD, &diagnostic.place), diagnostic.message);
        if let Some(help) = &diagnostic.help {
            let _ = write!(text, "\n  {}: {help}", paint(CYAN, "help"));
        }
        remark(&text);
    }
}

/// `12.3 KB`.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// `1 article`, `2 articles`.
pub fn count(number: usize, one: &str) -> String {
    let plural = match one.strip_suffix('y') {
        _ if number == 1 => one.to_owned(),
        Some(stem) => format!("{stem}ies"),
        None => format!("{one}s"),
    };
    format!("{number} {plural}")
}
