//! `bantin list --sources`: what every source has, field by field, and from where.

use super::output::{self, BOLD, DIM, YELLOW, paint};
use super::table::{Align, Table};
use super::{Exit, Failure, Global};
use crate::build::BuildError;
use crate::gather::{self, Survey};
use crate::plan::Plan;
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Report<'a> {
    sources: &'a [Survey],
}

pub fn run(plan: &Plan, global: &Global) -> Result<Exit, Failure> {
    let sources = gather::survey(plan).map_err(BuildError::from)?;
    for source in &sources {
        output::diagnostics(&source.diagnostics, global);
    }
    output::report_as(global, &Report { sources: &sources }, || {
        sources.iter().map(text).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Exit::Done)
}

fn text(source: &Survey) -> String {
    let others = match source.files {
        0 | 1 => String::new(),
        files => format!(" and {} more", output::count(files - 1, "file")),
    };
    let mut text = format!("{}{others} {}\n", paint(BOLD, &source.file), paint(DIM, source.format));
    let passed_over: usize = source.passed_over.values().sum();
    let _ = write!(text, "{}", output::count(source.articles, "article"));
    if passed_over > 0 {
        let _ = write!(text, ", {passed_over} passed over");
    }
    if source.left_out > 0 {
        let _ = write!(text, ", {} left out", source.left_out);
    }
    text.push('\n');
    if !source.fields.is_empty() {
        let mut table = Table::default()
            .column("Field", Align::Left)
            .column("Articles", Align::Right)
            .column("From", Align::Left)
            .column("Example", Align::Left);
        for met in &source.fields {
            let example = paint(DIM, &met.example);
            table.row(vec![met.field.to_owned(), met.articles.to_string(), met.from.clone(), example]);
        }
        text += &table.render();
    }
    for (reason, number) in &source.passed_over {
        let _ = writeln!(text, "{} {number}: {reason}", paint(YELLOW, "passed over"));
    }
    text
}
