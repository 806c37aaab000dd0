//! From where articles have what their records say: for those who ask, read anew.

use super::parts::{fault, is_plain_lines};
use super::worker::LineFile;
use super::{GatherError, Silent, plain};
use crate::article::Article;
use crate::diagnostic::{Diagnostic, Effect, Place};
use crate::plan::{Plan, SourceFile, SourcePlan};
use crate::sources::{FROM_FIELD, Fields, Locate, Sink};
use crate::vocabulary::{self, Reading};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};

/// From where a field of an article comes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Origin {
    /// The field, by its name in the vocabulary.
    pub field: &'static str,
    /// Where the source found it, in words: `JSON-LD headline`; of other records the name that they have for it.
    pub from: String,
    /// Whether the source told, which otherwise has its fields by their names.
    #[serde(skip)]
    pub told: bool,
}

/// From where the fields of an article come, in the order of the vocabulary. Reads its file once more.
pub fn origins(plan: &Plan, article: &Article) -> Result<Vec<Origin>, GatherError> {
    let mut found = Vec::new();
    for source in &plan.sources {
        for file in source.files.iter().filter(|file| file.name() == article.place.file) {
            let mut of_article = |fields: &Fields, read: &Result<Reading, Diagnostic>| {
                if matches!(read, Ok(Reading::Article(other)) if other.id == article.id) {
                    found = of_record(fields, source).into_iter().map(|(origin, _)| origin).collect();
                }
            };
            let mut desk = Desk { plan, source, record: &mut of_article, rest: &mut |_| {} };
            let line = line_of(source, file, article.place.line).map_err(|error| fault(file, error))?;
            match line {
                Some(line) => LineFile { source, file }.read(&line, &mut desk),
                None => plain::read(source, file, &Silent, &mut desk)?,
            }
        }
    }
    Ok(found)
}

/// A line of a file whose lines can be read by themselves.
fn line_of(source: &SourcePlan, file: &SourceFile, number: u64) -> io::Result<Option<Vec<u8>>> {
    if !is_plain_lines(source, file)? {
        return Ok(None);
    }
    let mut lines = BufReader::with_capacity(256 << 10, File::open(file.path())?);
    for _ in 1..number {
        lines.skip_until(b'\n')?;
    }
    let mut line = Vec::new();
    lines.read_until(b'\n', &mut line)?;
    Ok(Some(line))
}

/// What a source has.
#[derive(Debug, Default, serde::Serialize)]
pub struct Survey {
    /// Its first file, as the user would name it.
    pub file: String,
    pub format: &'static str,
    pub files: usize,
    /// Records that are articles.
    pub articles: usize,
    /// Files, or parts of one, that are no article, by the reason.
    pub passed_over: BTreeMap<String, usize>,
    /// Records that could not be read.
    pub left_out: usize,
    pub fields: Vec<Met>,
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// A field of the articles of a source, from one of its origins.
#[derive(Debug, serde::Serialize)]
pub struct Met {
    pub field: &'static str,
    pub from: String,
    pub articles: usize,
    /// The first value that was met, in one line, and cut short.
    pub example: String,
}

/// Reads every source, and tells what it has and from where.
pub fn survey(plan: &Plan) -> Result<Vec<Survey>, GatherError> {
    plan.sources.iter().map(|source| survey_of(plan, source)).collect()
}

fn survey_of(plan: &Plan, source: &SourcePlan) -> Result<Survey, GatherError> {
    let mut survey = Survey { files: source.files.len(), ..Survey::default() };
    if let Some(file) = source.files.first() {
        survey.file = file.name().to_string();
        survey.format = file.format.name();
    }
    let (mut articles, mut diagnostics) = (0, Vec::new());
    let mut met: BTreeMap<(usize, String), (usize, String)> = BTreeMap::new();
    let mut record = |fields: &Fields, read: &Result<Reading, Diagnostic>| {
        if !matches!(read, Ok(Reading::Article(_))) {
            return;
        }
        articles += 1;
        for (origin, value) in of_record(fields, source) {
            let place =
                vocabulary::FIELDS.iter().position(|field| field.name == origin.field).unwrap_or_default();
            met.entry((place, origin.from)).or_insert_with(|| (0, example(value))).0 += 1;
        }
    };
    for file in &source.files {
        let mut rest = |rest: Rest<'_>| match rest {
            Rest::Unreadable(diagnostic) => diagnostics.push(diagnostic),
            Rest::Skipped(reason) => *survey.passed_over.entry(reason.to_owned()).or_default() += 1,
        };
        let mut desk = Desk { plan, source, record: &mut record, rest: &mut rest };
        plain::read(source, file, &Silent, &mut desk)?;
    }
    survey.articles = articles;
    survey.left_out = diagnostics.iter().filter(|diagnostic| diagnostic.effect == Effect::LeftOut).count();
    survey.diagnostics = diagnostics;
    survey.fields = met
        .into_iter()
        .filter_map(|((place, from), (articles, example))| {
            Some(Met { field: vocabulary::FIELDS.get(place)?.name, from, articles, example })
        })
        .collect();
    // Of one field the usual origin first.
    survey.fields.sort_by_key(|met| {
        let place = vocabulary::FIELDS.iter().position(|field| field.name == met.field);
        (place, usize::MAX - met.articles)
    });
    Ok(survey)
}

/// The fields of a record, each with its origin and value.
fn of_record<'a>(fields: &'a Fields, source: &'a SourcePlan) -> Vec<(Origin, &'a Value)> {
    let told = fields.get(FROM_FIELD).and_then(Value::as_object);
    let origins = vocabulary::origins(fields, &source.names).into_iter().map(|(field, name, value)| {
        let from = told.and_then(|told| told.get(name)).and_then(Value::as_str);
        let told = told.is_some();
        (Origin { field, from: from.unwrap_or(name).to_owned(), told }, value)
    });
    origins.collect()
}

/// The most characters of an example.
const LONGEST: usize = 48;

/// A value in one line.
fn example(value: &Value) -> String {
    let text = words(value);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().take(4 * LONGEST).collect(),
        Value::Array(list) => list.iter().take(8).map(words).collect::<Vec<_>>().join(", "),
        Value::Object(map) => match ["name", "url"].iter().find_map(|name| map.get(*name)?.as_str()) {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        },
        other => other.to_string(),
    }
}

/// What a file holds beside records.
enum Rest<'a> {
    Unreadable(Diagnostic),
    Skipped(&'a str),
}

/// Where the records of a file arrive.
struct Desk<'a> {
    plan: &'a Plan,
    source: &'a SourcePlan,
    record: &'a mut dyn FnMut(&Fields, &Result<Reading, Diagnostic>),
    rest: &'a mut dyn FnMut(Rest<'_>),
}

impl Sink for Desk<'_> {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        let read = vocabulary::read(fields.clone(), at, self.source, &self.plan.site);
        (self.record)(&fields, &read);
        if let Err(diagnostic) = read {
            self.unreadable(diagnostic);
        }
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        (self.rest)(Rest::Unreadable(diagnostic));
    }

    fn skipped(&mut self, _: Place, reason: &str) {
        (self.rest)(Rest::Skipped(reason));
    }
}
