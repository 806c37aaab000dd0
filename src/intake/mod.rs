//! Sources that are no files, brought to files: what they give is put into a spool folder beside the ledger, and read from
//! there like any other file. Standard input is copied to a temporary file.
//!
//! A source is brought whole or not at all: what it gave last stays until something newer is complete, and a file whose
//! content stays is not touched, so that a run in which nothing changed is seen to be one. Messages name what was asked,
//! never the file in the spool. What is made of the records is nothing to this module.
//!
//! A kind of source is a member of [`Origin`] and a file here that asks it: it writes what it is given to [`Sheet`]s, and
//! hands those back as [`Piece`]s in the order in which they are to be read.

mod client;
mod command;
pub mod database;
mod environment;
mod json_page;
mod rows;
mod spool;
mod web;

pub use client::WebError;
pub use rows::RowsError;
pub use spool::{Drawer, Kept, Piece, Sheet};

use crate::parallel;
use crate::plan::{Intake, Origin, Plan, SourceFile, SourcePlan};
use crate::publish::{Lock, PublishError};
use crate::sources;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::{error, io};
use tempfile::{NamedTempFile, TempPath};

/// Whom to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Every source.
    All,
    /// Those that have never given anything.
    Missing,
    /// Nobody: what was given last is used.
    Nobody,
}

/// What a run decides on how its sources are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// The moment of the run.
    pub now: DateTime<Utc>,
    /// Whether a source that tells what is new is asked for everything.
    pub anew: bool,
}

/// A plan in which every source has its files, as far as they could be had.
#[derive(Debug)]
pub struct Brought<'a> {
    pub plan: Cow<'a, Plan>,
    /// Sources that failed, in the order of feeds.toml.
    pub failures: Vec<SourceFailure>,
    /// What came from standard input, for as long as it may be read.
    _standard_input: Option<Copied>,
}

impl Brought<'_> {
    /// Whether a source is missing from the plan altogether: articles that it gave before are not among those that will be
    /// read.
    pub fn lacks_a_source(&self) -> bool {
        self.failures.iter().any(|failure| !failure.uses_last)
    }
}

/// A source that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFailure {
    /// Its number among the sources of feeds.toml, from 1.
    pub number: usize,
    /// What was asked.
    pub source: String,
    /// What was wrong, with its causes.
    pub message: String,
    /// Whether what it gave last is used in its place.
    pub uses_last: bool,
}

/// Why a source could not be brought.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error("cannot run {name}")]
    Run { name: String, source: io::Error },
    #[error("cannot run {name}: there is no such program {}", .place.as_ref().map_or_else(|| "where the system looks for programs (`PATH`)".to_owned(), |folder| format!("in {}", folder.display())))]
    NoProgram { name: String, place: Option<PathBuf> },
    #[error("cannot read what {name} writes")]
    Read { name: String, source: io::Error },
    #[error("{name} ended with {status}{said}")]
    Ended { name: String, status: String, said: String },
    #[error("{name} took longer than {seconds} seconds and was stopped{said}")]
    TookTooLong { name: String, seconds: u64, said: String },
    #[error("{name} gave more than {limit} bytes, which is its `max_size`")]
    TooMuch { name: String, limit: u64 },
    #[error("cannot copy standard input to a file in the folder {}", .folder.display())]
    StandardInput { folder: PathBuf, source: io::Error },
    #[error("cannot fetch {name}")]
    Web { name: String, source: WebError },
    #[error("cannot ask {name}")]
    Rows { name: String, source: RowsError },
    #[error("{name} was never asked, and --offline asks nobody")]
    NeverAsked { name: String },
    #[error("cannot keep what {name} gave in {}", .path.display())]
    Keep { name: String, path: PathBuf, source: io::Error },
    #[error("cannot use the folder of what the sources gave")]
    Lock(#[source] PublishError),
    #[error("the source {name}, which is `required`, failed")]
    Required { name: String, source: Box<IntakeError> },
    #[error("no source could be read{}", listed(.failures))]
    Nothing { failures: Vec<SourceFailure> },
}

/// The folder in which lies what the sources of a plan gave.
pub fn folder(plan: &Plan) -> PathBuf {
    plan.output.state_file("spool")
}

/// Asks the sources that are no files, and gives the plan the files in which their answers lie. Without such a source,
/// nothing is done. The other sources are not looked at.
pub fn bring(plan: &Plan, ask: Ask, circumstances: Circumstances) -> Result<Brought<'_>, IntakeError> {
    let mut brought = answered(plan, ask, circumstances)?;
    if plan.sources.iter().flat_map(|source| &source.files).any(SourceFile::is_standard_input) {
        let folder = std::env::temp_dir();
        let file = copied(&folder)
            .map_err(|source| IntakeError::StandardInput { folder: folder.clone(), source })?;
        let files = brought.plan.to_mut().sources.iter_mut().flat_map(|source| &mut source.files);
        for source in files.filter(|file| file.is_standard_input()) {
            *source = SourceFile::brought(&file.path, &source.name(), source.format);
        }
        brought._standard_input = Some(file);
    }
    Ok(brought)
}

/// A file of what came from standard input; it is gone when this is.
#[derive(Debug)]
struct Copied {
    path: PathBuf,
    /// Held open, since it may have no name.
    _file: File,
    _name: Option<TempPath>,
}

/// Copies standard input, which can be read once only, to a file: sources are read by several threads, and some more than once.
fn copied(folder: &Path) -> io::Result<Copied> {
    let (mut file, name) = NamedTempFile::with_prefix_in("bantin-", folder)?.into_parts();
    let (path, name) = match without_name(&file) {
        Some(path) => {
            name.close()?;
            (path, None)
        }
        None => (name.to_path_buf(), Some(name)),
    };
    io::copy(&mut io::stdin().lock(), &mut file)?;
    Ok(Copied { path, _file: file, _name: name })
}

/// Where an open file is found that has no name any longer, so that nothing is left of it whatever kills the process.
#[cfg(target_os = "linux")]
fn without_name(file: &File) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    path.is_file().then_some(path)
}

/// Elsewhere what is open is not opened anew by its number, with a cursor of its own.
#[cfg(not(target_os = "linux"))]
fn without_name(_: &File) -> Option<PathBuf> {
    None
}

/// The plan with the answers of sources that are no files.
fn answered(plan: &Plan, ask: Ask, circumstances: Circumstances) -> Result<Brought<'_>, IntakeError> {
    if plan.sources.iter().all(|source| source.intake.is_none()) {
        return Ok(Brought { plan: Cow::Borrowed(plan), failures: Vec::new(), _standard_input: None });
    }
    let folder = folder(plan);
    // Two sources that ask for the same are asked once.
    let mut drawers: BTreeMap<String, (Asked<'_>, Drawer)> = BTreeMap::new();
    for (source, intake) in plan.sources.iter().filter_map(|source| Some((source, source.intake.as_ref()?))) {
        let key = intake.key();
        let drawer = Drawer::open(&folder, &key, intake.name());
        drawers.entry(key).or_insert(((source, intake), drawer));
    }
    let is_asked = |drawer: &Drawer| match ask {
        Ask::All => true,
        Ask::Missing => drawer.last().is_none(),
        Ask::Nobody => false,
    };
    let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
    let (asked, rest): (Vec<_>, Vec<_>) = drawers.into_iter().partition(|(_, (_, drawer))| is_asked(drawer));
    for (key, ((_, intake), drawer)) in rest {
        let error =
            drawer.last().is_none().then(|| IntakeError::NeverAsked { name: intake.name().to_owned() });
        answers.insert(key, Answer { kept: drawer.into_last(), error });
    }
    if !asked.is_empty() {
        let holder = format!("process {}", std::process::id());
        let _lock = Lock::take(&folder.join("lock"), &holder).map_err(IntakeError::Lock)?;
        answers.extend(parallel::map_on(AT_A_TIME, asked, |(key, (asked, mut drawer))| {
            let error = answer(asked, &mut drawer, plan, circumstances).err();
            (key, Answer { kept: drawer.into_last(), error })
        }));
        // Where something is wrong it may be an address, and what the right one gave is wanted again.
        if ask == Ask::All && answers.values().all(|answer| answer.error.is_none()) {
            spool::tidy(&folder, answers.keys().map(String::as_str));
        }
    }
    supplied(plan, &folder, answers)
}

/// How many sources are waited for at a time.
const AT_A_TIME: usize = 8;

/// What a source gave, now or last, and what was wrong now.
struct Answer {
    kept: Option<Vec<Kept>>,
    error: Option<IntakeError>,
}

/// A source, and what it is asked for.
type Asked<'a> = (&'a SourcePlan, &'a Intake);

/// Asks a source, and keeps what it gives.
fn answer(
    (source, intake): Asked<'_>,
    drawer: &mut Drawer,
    plan: &Plan,
    circumstances: Circumstances,
) -> Result<(), IntakeError> {
    drawer.sweep();
    let pieces = match &intake.origin {
        Origin::Program(program) => command::ask(program, intake, drawer)?,
        Origin::Web(web) => web::ask(web, intake, drawer)?,
        Origin::Database(database) => rows::ask(database, intake, drawer, source, plan, circumstances)?,
    };
    let before = drawer.last().map(<[Kept]>::to_vec);
    drawer.keep(pieces)?;
    let kept = drawer.last().unwrap_or_default();
    let content = |kept: &[Kept]| kept.iter().map(|kept| kept.hash.clone()).collect::<Vec<_>>();
    match before.is_some_and(|before| content(&before) == content(kept)) {
        true => log::info!("{} gave what it gave last", intake.name()),
        false => {
            let bytes: u64 = kept.iter().map(|kept| kept.bytes).sum();
            log::info!("{} gave {bytes} bytes", intake.name());
        }
    }
    Ok(())
}

/// What a database is asked for the rows of a table: what is printed for whoever wants to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Its number among the sources of feeds.toml, from 1.
    pub number: usize,
    pub source: String,
    pub remarks: Vec<String>,
    pub statements: Vec<String>,
}

/// The statements that every source in a database is asked with. The databases are asked what the statements depend on.
pub fn explain(plan: &Plan, circumstances: Circumstances) -> Result<Vec<Explained>, IntakeError> {
    let mut explained = Vec::new();
    for source in &plan.sources {
        let Some(intake) = &source.intake else { continue };
        let Origin::Database(asked) = &intake.origin else { continue };
        let fault = |source: RowsError| IntakeError::Rows { name: intake.name().to_owned(), source };
        let url = rows::url(asked).map_err(fault)?;
        let request = rows::request(asked, &url, intake, source, plan, circumstances);
        let (remarks, statements) = database::statements(&request).map_err(|error| fault(error.into()))?;
        explained.push(Explained {
            number: source.number,
            source: intake.name().to_owned(),
            remarks,
            statements,
        });
    }
    explained.sort_by_key(|explained| explained.number);
    Ok(explained)
}

/// The plan with the files of the answers.
fn supplied<'a>(
    plan: &'a Plan,
    folder: &Path,
    mut answers: BTreeMap<String, Answer>,
) -> Result<Brought<'a>, IntakeError> {
    let mut supplied = plan.clone();
    let mut failures = Vec::new();
    let mut fatal = None;
    let mut by_number: Vec<usize> = (0..supplied.sources.len()).collect();
    by_number.sort_by_key(|index| supplied.sources[*index].number);
    for index in by_number {
        let source = &mut supplied.sources[index];
        let Some(intake) = &source.intake else { continue };
        let key = intake.key();
        let Some(answer) = answers.get_mut(&key) else { continue };
        let name = intake.name().to_owned();
        if let Some(error) = &answer.error {
            let message = with_causes(error);
            failures.push(SourceFailure {
                number: source.number,
                source: name.clone(),
                message,
                uses_last: answer.kept.is_some(),
            });
        }
        for kept in answer.kept.iter().flatten() {
            let Some(format) = sources::named(&kept.format) else { continue };
            let path = folder.join(&key).join(&kept.file);
            source.files.push(SourceFile::brought(&path, &kept.name, format));
        }
        if intake.required && answer.error.is_some() && fatal.is_none() {
            fatal =
                answer.error.take().map(|source| IntakeError::Required { name, source: Box::new(source) });
        }
    }
    if let Some(error) = fatal {
        return Err(error);
    }
    if !failures.is_empty() && supplied.sources.iter().all(|source| source.files.is_empty()) {
        return Err(IntakeError::Nothing { failures });
    }
    Ok(Brought { plan: Cow::Owned(supplied), failures, _standard_input: None })
}

/// Every failure on a line of its own.
fn listed(failures: &[SourceFailure]) -> String {
    let lines = failures.iter().map(|failure| format!("\n  source {}: {}", failure.number, failure.message));
    lines.collect()
}

/// What an error says, and what its causes say, in one text.
fn with_causes(error: &IntakeError) -> String {
    let mut text = error.to_string();
    let mut cause = error::Error::source(error);
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
