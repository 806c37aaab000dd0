//! Finding feeds.toml, and showing what is wrong in it where it stands.

use super::{Failure, Global, output};
use crate::config::{self, Config, Mistake};
use crate::plan::Plan;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

/// The name of the configuration.
pub const FILE_NAME: &str = "feeds.toml";

/// Reads the configuration that the command line means, and plans by it.
pub fn plan(global: &Global, output: Option<&Path>) -> Result<Plan, Failure> {
    planned(global, output, |config| config)
}

/// The same for commands that look at the output alone: sources may be missing.
pub fn plan_of_output(global: &Global, output: Option<&Path>) -> Result<Plan, Failure> {
    planned(global, output, |config| Config { source: Vec::new(), ..config })
}

/// The same for commands that can do without: `None` where no feeds.toml is found, and none was named.
pub fn plan_where_there_is_one(global: &Global) -> Result<Option<Plan>, Failure> {
    match global.config.is_none() && find(None).is_err() {
        true => Ok(None),
        false => plan_of_output(global, None).map(Some),
    }
}

fn planned(
    global: &Global,
    output: Option<&Path>,
    part: impl FnOnce(Config) -> Config,
) -> Result<Plan, Failure> {
    let path = find(global.config.as_deref())?;
    let bytes = std::fs::read(&path)
        .map_err(|error| Failure::because(format!("cannot read {}", path.display()), error))?;
    let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let (text, planned) = match String::from_utf8(bytes) {
        Ok(text) => {
            let planned = config::parse(&text).and_then(|config| Plan::new(part(config), &root, output));
            (text, planned)
        }
        Err(error) => not_utf_8(&error),
    };
    planned.map_err(|mistakes| {
        for mistake in mistakes.iter().take(SHOWN) {
            output::remark(&drawn(mistake, &path, &text));
        }
        if let Some(more) = mistakes.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            output::remark(&format!("and {} more", output::count(more, "mistake")));
        }
        Failure::Shown
    })
}

/// So many mistakes are drawn: whoever writes ten thousand feeds by a script makes the same mistake in each.
const SHOWN: usize = 50;

/// The text as far as it can be shown, and what is wrong with it.
fn not_utf_8(error: &FromUtf8Error) -> (String, Result<Plan, Vec<Mistake>>) {
    let bytes = error.as_bytes();
    let utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let start = error.utf8_error().valid_up_to();
    let message = if utf_16 { "the file is UTF-16, not UTF-8" } else { "the file is not UTF-8" };
    let help = Some("save it as UTF-8".to_owned());
    // What is no character is shown as U+FFFD.
    let (text, span) = match utf_16 {
        true => (String::new(), 0..0),
        false => (String::from_utf8_lossy(bytes).into_owned(), start..start + '\u{fffd}'.len_utf8()),
    };
    (text, Err(vec![Mistake { message: message.to_owned(), span, help }]))
}

/// The given file, or feeds.toml here or in the nearest parent folder.
pub fn find(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(path) = given {
        return Ok(path.to_path_buf());
    }
    let here =
        std::env::current_dir().map_err(|error| Failure::because("cannot tell the current folder", error))?;
    let found = here.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file());
    let Some(found) = found else {
        let failure = Failure::said(format!("no {FILE_NAME} in {} or a folder above it", here.display()));
        return Err(failure.help("`bantin init` writes one for the articles that lie here"));
    };
    // Messages name files as a person here would.
    Ok(found.strip_prefix(&here).map(Path::to_path_buf).unwrap_or(found))
}

/// The mistake drawn at its place.
fn drawn(mistake: &Mistake, path: &Path, text: &str) -> String {
    let path = path.to_string_lossy();
    let annotation = AnnotationKind::Primary.span(mistake.span.clone());
    let snippet = Snippet::source(text).path(path.as_ref()).annotation(annotation);
    let mut group = Group::with_title(Level::ERROR.primary_title(mistake.message.as_str())).element(snippet);
    if let Some(help) = &mistake.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::styled().render(&[group]).to_string()
}
