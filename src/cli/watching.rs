//! What `build --watch` and `serve` wait for: changes on the disk, the moment at which an embargo ends, and signals.

use super::{Exit, Failure, Global, configuration, output};
use crate::plan::{Glob, Plan, SourceFile};
use crate::watch::{Interests, Watcher};
use std::ffi::OsString;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How a build ended that others will follow.
pub struct Ended {
    pub exit: Exit,
    /// The moment, in Unix seconds, at which something changes of itself.
    pub due: Option<i64>,
}

/// Behind the report of a build that is one of many: when to build again.
const DUE: &str = "due ";

/// Whether every source can be read at every build.
pub fn can_read_again(plan: &Plan) -> Result<(), Failure> {
    let mut files = plan.sources.iter().flat_map(|source| &source.files);
    match files.any(SourceFile::is_standard_input) {
        true => Err(Failure::said("standard input cannot be read again, so that --watch has no meaning")),
        false => Ok(()),
    }
}

/// The line that tells whoever watches when to build again.
pub fn due_line(due: Option<i64>) -> String {
    due.map_or_else(|| format!("{DUE}-\n"), |due| format!("{DUE}{due}\n"))
}

/// Builds in a process of its own, with these arguments of a `bantin build`: how that ended, and the report that it printed.
/// The memory that a build takes is the system's again when it ends; in a process that goes on, much of it would
/// stay taken, and more with every build. `None` where no process can be started, as after the program was moved.
pub fn build_apart(arguments: &[OsString], global: &Global) -> Result<Option<(Ended, String)>, Failure> {
    let Ok(program) = std::env::current_exe() else { return Ok(None) };
    let mut command = Command::new(program);
    command.args(arguments).arg("--due").stdin(Stdio::null()).stderr(Stdio::inherit());
    // Its report goes through a pipe, in which it would see no reason for colours.
    if global.color == super::Color::Auto && output::is_colourful() {
        command.env("CLICOLOR_FORCE", "1");
    }
    let Ok(output) = command.output() else { return Ok(None) };
    let exit = match output.status.code() {
        Some(0) => Exit::Done,
        Some(1) => Exit::Found,
        // What is wrong it has said itself.
        Some(_) => return Err(Failure::Shown),
        None if was_asked_to_end(output.status) => return Err(Failure::Shown),
        None => return Err(Failure::said(format!("the build broke off: {}", output.status))),
    };
    let printed = String::from_utf8_lossy(&output.stdout);
    let last = printed.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
    let (report, due) = printed.split_at_checked(last).unwrap_or((&printed, ""));
    let due = due.trim_end().strip_prefix(DUE).and_then(|due| due.parse().ok());
    Ok(Some((Ended { exit, due }, report.to_owned())))
}

/// Whether a process was ended by a signal that people and service managers send to all of a group.
#[cfg(unix)]
fn was_asked_to_end(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    use tokio::signal::unix::SignalKind;
    let asked = [SignalKind::interrupt(), SignalKind::terminate()];
    asked.iter().any(|kind| status.signal() == Some(kind.as_raw_value()))
}

#[cfg(not(unix))]
fn was_asked_to_end(_: ExitStatus) -> bool {
    false
}

/// The longest that is slept at a time: a clock may be set, and a machine may sleep meanwhile.
const LONGEST_SLEEP: u64 = 600;

pub fn runtime() -> Result<Runtime, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::because("cannot wait for anything", error))
}

pub fn watcher() -> Result<Watcher, Failure> {
    Watcher::new(Glob::OPTIONS).map_err(|error| Failure::because("cannot watch the disk", error))
}

/// Watches what a plan depends on: feeds.toml, and the sources if they are to be built from, or else the output. Says
/// whether anything else is watched than before.
pub fn look(watcher: &mut Watcher, global: &Global, plan: &Plan, builds: bool) -> Result<bool, Failure> {
    let mut interests = Interests::default();
    interests.file(&configuration::find(global.config.as_deref())?);
    if builds {
        let globs = plan.sources.iter().filter_map(|source| source.glob.as_ref());
        globs.for_each(|glob| interests.glob(&glob.base, &glob.pattern));
        interests.except(&plan.output.dir);
        interests.except(&plan.output.state);
    } else if let Ok(everything) = glob::Pattern::new("**/*") {
        interests.glob(&plan.output.dir, &everything);
        interests.except(&plan.output.state);
    }
    let help = "where the system's limit is reached: `sysctl fs.inotify.max_user_watches` on Linux";
    let watched = watcher.watch(interests);
    watched.map_err(|error| Failure::because("changes would go unnoticed", error).help(help))
}

/// Seconds after which sources are asked again that are no files, for nothing tells when they change, and hubs that failed.
const ASK_AGAIN: i64 = 300;

/// The moment, in Unix seconds, at which to build again if nothing is seen to change until then.
pub fn next(plan: &Plan, due: Option<i64>) -> Option<i64> {
    let asked = plan.sources.iter().any(|source| source.intake.is_some());
    let again = asked.then(|| super::now(None).timestamp() + ASK_AGAIN);
    again.into_iter().chain(due).min()
}

/// The moment, in Unix seconds, at which hubs are told again that did not take it.
pub fn tell_again() -> i64 {
    super::now(None).timestamp() + ASK_AGAIN
}

/// The clock on the wall.
pub struct Clock;

impl Clock {
    /// Waits until that moment, in Unix seconds; for ever where there is none.
    pub async fn reaches(moment: Option<i64>) {
        let Some(moment) = moment else { return std::future::pending().await };
        loop {
            let left = moment.saturating_sub(super::now(None).timestamp());
            match u64::try_from(left) {
                Err(_) | Ok(0) => return,
                Ok(left) => tokio::time::sleep(Duration::from_secs(left.min(LONGEST_SLEEP))).await,
            }
        }
    }
}

/// Waits for the signal to end.
#[cfg(unix)]
pub fn stop() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let fault = |error| Failure::because("cannot wait for signals", error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(fault)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(fault)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
pub fn stop() -> Result<impl Future<Output = ()>, Failure> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// The signal to look again.
pub struct Asked {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl Asked {
    #[cfg(unix)]
    pub fn new() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let signal = signal(SignalKind::hangup());
        Ok(Self { signal: signal.map_err(|error| Failure::because("cannot wait for signals", error))? })
    }

    #[cfg(unix)]
    pub async fn again(&mut self) {
        if self.signal.recv().await.is_none() {
            std::future::pending().await
        }
    }

    #[cfg(not(unix))]
    pub fn new() -> Result<Self, Failure> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    pub async fn again(&mut self) {
        std::future::pending().await
    }
}
