//! Finding feeds.toml, and showing what is wrong in it where it stands.

use super::{Failure, Global};
use crate::config::{self, Mistake};
use crate::plan::Plan;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::path::{Path, PathBuf};

/// The name of the configuration.
pub const FILE_NAME: &str = "feeds.toml";

/// Reads the configuration that the command line means, and plans by it.
pub fn plan(global: &Global, output: Option<&Path>) -> Result<Plan, Failure> {
    let path = find(global.config.as_deref())?;
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::because(format!("cannot read {}", path.display()), error))?;
    let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let planned = config::parse(&text)
        .map_err(|mistake| vec![mistake])
        .and_then(|config| Plan::new(config, &root, output));
    planned.map_err(|mistakes| {
        for mistake in &mistakes {
            super::output::remark(&drawn(mistake, &path, &text));
        }
        Failure::Shown
    })
}

/// The given file, or feeds.toml here or in the nearest parent folder.
fn find(given: Option<&Path>) -> Result<PathBuf, Failure> {
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
