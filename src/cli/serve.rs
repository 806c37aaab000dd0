//! `bantin serve`.

use super::output::{self, BOLD, paint};
use super::watching::{self, Clock, Ended};
use super::{Color, Exit, Failure, Global, build, configuration, notify};
use crate::config::LogWord;
use crate::parallel;
use crate::plan::Plan;
use crate::serve::{Limits, LogFormat, Options, ServeError, Server, Settings, Snapshot};
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::net::{SocketAddr, ToSocketAddrs};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;

#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The folder that is served, instead of the configured one
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The address and the port to listen on (port 0: any that is free); by default 127.0.0.1:8080
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Print a line for every request to standard output
    #[arg(long, value_enum, value_name = "FORMAT")]
    access_log: Option<LogArgument>,
    /// Build now, and again when articles or feeds.toml change and when an embargo ends
    #[arg(long)]
    watch: bool,
    /// Tell the hubs that feeds.toml names what a build has changed, once it is served
    #[arg(long, requires = "watch")]
    notify: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogArgument {
    Off,
    /// Host, time, request, status, bytes
    Common,
    /// The same, with referrer and user agent
    Combined,
    /// An object a line
    Json,
}

/// How often lines of the access log are written.
const LOG_TIME: Duration = Duration::from_millis(250);

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let runtime = watching::runtime()?;
    let (arguments, global) = (Arc::new(arguments.clone()), Arc::new(global.clone()));
    runtime.block_on(serve(&arguments, &global))
}

async fn serve(arguments: &Arc<Arguments>, global: &Arc<Global>) -> Result<Exit, Failure> {
    let plan = planned(arguments, global)?;
    if arguments.notify {
        notify::needs_hub(&plan)?;
    }
    if arguments.watch {
        watching::can_read_again(&plan)?;
    }
    let mut watcher = watching::watcher()?;
    let mut due = None;
    watching::look(&mut watcher, global, &plan, arguments.watch)?;
    if arguments.watch {
        due = watching::next(&plan, built(arguments, global));
    }
    let loader = Loader::start()?;
    let settings = Settings::of(&plan);
    let snapshot = loader.run(move || Snapshot::load(&settings, super::now(None), None)).await?;
    let snapshot = snapshot
        .map_err(|error| Failure::because("there is nothing to serve", error))
        .map_err(|failure| failure.help("`bantin build` writes it; `bantin serve --watch` does so first"))?;
    let options = options(arguments, &plan)?;
    let (server, door) =
        Server::bind(&options, snapshot, super::now(None), parallel::threads()).map_err(not_started)?;
    let server = Arc::new(server);
    announce(&server, &plan, &options, global);
    let stop = watching::stop()?;
    let serving = Arc::clone(&server);
    tokio::select! {
        () = serving.run(door, stop) => {}
        ended = tend(&server, &loader, &mut watcher, arguments, global, due) => return ended,
        () = tick(&server) => {}
    }
    write_log(&server).await;
    log::info!("every connection has ended");
    Ok(Exit::Done)
}

/// The thread that builds and loads, one thing after another. It is always the same: memory that was taken for a load is
/// at hand for the next one then, where other threads would each take their own.
struct Loader(std::sync::mpsc::Sender<Box<dyn FnOnce() + Send>>);

impl Loader {
    fn start() -> Result<Self, Failure> {
        let (jobs, taken) = std::sync::mpsc::channel::<Box<dyn FnOnce() + Send>>();
        let thread = std::thread::Builder::new().name("load".to_owned());
        // A job that panics has no answer; the next one is done all the same.
        let work = |job: Box<dyn FnOnce() + Send>| drop(catch_unwind(AssertUnwindSafe(job)));
        let started = thread.spawn(move || taken.into_iter().for_each(work));
        started.map_err(|error| Failure::because("cannot start a thread", error))?;
        Ok(Self(jobs))
    }

    /// What comes of that work.
    async fn run<R: Send + 'static>(&self, work: impl FnOnce() -> R + Send + 'static) -> Result<R, Failure> {
        let (tell, told) = tokio::sync::oneshot::channel();
        // Whether it is taken shows in whether it is answered.
        let _ = self.0.send(Box::new(move || drop(tell.send(work()))));
        told.await.map_err(|error| Failure::because("the output could not be looked at", error))
    }
}

/// The plan for what is to be done: the sources matter only if there are builds.
fn planned(arguments: &Arguments, global: &Global) -> Result<Plan, Failure> {
    match arguments.watch {
        true => configuration::plan(global, arguments.output.as_deref()),
        false => configuration::plan_of_output(global, arguments.output.as_deref()),
    }
}

fn options(arguments: &Arguments, plan: &Plan) -> Result<Options, Failure> {
    let log = match arguments.access_log {
        Some(LogArgument::Off) => None,
        Some(LogArgument::Common) => Some(LogFormat::Common),
        Some(LogArgument::Combined) => Some(LogFormat::Combined),
        Some(LogArgument::Json) => Some(LogFormat::Json),
        None => match plan.serve.log {
            LogWord::Off => None,
            LogWord::Common => Some(LogFormat::Common),
            LogWord::Combined => Some(LogFormat::Combined),
            LogWord::Json => Some(LogFormat::Json),
        },
    };
    Ok(Options {
        listen: address(arguments.listen.as_deref().unwrap_or(&plan.serve.listen))?,
        log,
        connections: plan.serve.connections as usize,
        metrics: plan.serve.metrics,
        limits: Limits::default(),
    })
}

fn address(text: &str) -> Result<SocketAddr, Failure> {
    let help = "an address and a port: `127.0.0.1:8080`; `[::]:8080` is open to everybody";
    let mut found = text
        .to_socket_addrs()
        .map_err(|error| Failure::because(format!("cannot listen on `{text}`"), error).help(help))?;
    found.next().ok_or_else(|| Failure::said(format!("`{text}` is no address")).help(help))
}

/// Why the server does not start, and what may be done.
fn not_started(error: ServeError) -> Failure {
    let help = match &error {
        ServeError::Listen { source, .. } => match source.kind() {
            ErrorKind::AddrInUse => Some(
                "another program listens there, perhaps another `bantin serve`; `--listen 127.0.0.1:8081` is another port",
            ),
            ErrorKind::AddrNotAvailable => {
                Some("that address is none of this machine's; `[::]:8080` is every one of them")
            }
            ErrorKind::PermissionDenied => {
                Some("ports below 1024 are the system's; a server in front of it may have them")
            }
            _ => None,
        },
        ServeError::Thread { .. } => None,
    };
    let failure = Failure::because("the server does not start", error);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// Says where it listens. Whoever started it may have asked for any free port.
fn announce(server: &Server, plan: &Plan, options: &Options, global: &Global) {
    if !global.quiet {
        let snapshot = server.snapshot();
        let files = output::count(snapshot.resources.len(), "file");
        output::remark(&format!(
            "serving {} ({files}) at {}",
            plan.output.dir.display(),
            paint(BOLD, format!("http://{}{}", server.address(), plan.output.url.path()))
        ));
    }
    if server.snapshot().resources.is_empty() {
        log::warn!("there is no file in {} yet; what comes is served as it comes", plan.output.dir.display());
    }
    if server.connections() < options.connections {
        log::warn!(
            "the system allows {} connections at a time, not {}: it limits open files",
            server.connections(),
            options.connections
        );
    }
}

/// Looks after what is served: builds, and looks at the folder again, whenever there is a reason.
async fn tend(
    server: &Arc<Server>,
    loader: &Loader,
    watcher: &mut crate::watch::Watcher,
    arguments: &Arc<Arguments>,
    global: &Arc<Global>,
    mut due: Option<i64>,
) -> Result<Exit, Failure> {
    let mut asked = watching::Asked::new()?;
    if arguments.notify {
        let (arguments, global) = (Arc::clone(arguments), Arc::clone(global));
        let told = loader.run(move || Ok(told(&planned(&arguments, &global)?))).await;
        match told.and_then(|told: Result<_, Failure>| told) {
            Ok(again) => due = due.into_iter().chain(again).min(),
            Err(failure) => failure.show(),
        }
    }
    loop {
        tokio::select! {
            () = watcher.changed() => {}
            () = Clock::reaches(due) => {}
            () = asked.again() => {}
        }
        let plan = match planned(arguments, global) {
            Ok(plan) => {
                if let Err(failure) = watching::look(watcher, global, &plan, arguments.watch) {
                    output::error(&failure, None);
                }
                plan
            }
            // Shown already. What is served stays.
            Err(failure) => {
                failure.show();
                server.failed();
                due = None;
                continue;
            }
        };
        let (server, arguments, global) = (Arc::clone(server), Arc::clone(arguments), Arc::clone(global));
        let watches = arguments.watch;
        due = match loader.run(move || again(&server, &arguments, &global)).await {
            Ok(due) => due,
            Err(failure) => {
                failure.show();
                None
            }
        };
        if watches {
            due = watching::next(&plan, due);
        }
    }
}

/// Builds if that is wanted, and serves what lies there then. The moment at which to build again, if one is known.
fn again(server: &Server, arguments: &Arguments, global: &Global) -> Option<i64> {
    let due = if arguments.watch { built(arguments, global) } else { None };
    let loaded = planned(arguments, global).and_then(|plan| {
        let last = server.snapshot();
        let loaded = Snapshot::load(&Settings::of(&plan), next_second(server.loaded()), Some(&last));
        let snapshot = loaded.map_err(|error| Failure::because("what is served stays as it was", error))?;
        Ok((plan, snapshot))
    });
    let plan = match loaded {
        Ok((plan, snapshot)) => {
            let files = snapshot.resources.len();
            server.swap(snapshot, super::now(None));
            log::info!("{} are served from now on", output::count(files, "file"));
            plan
        }
        Err(failure) => {
            failure.show();
            server.failed();
            return due;
        }
    };
    // A hub asks for a feed as soon as it is told of it: by now it gets the new one.
    let again = if arguments.notify { told(&plan) } else { None };
    due.into_iter().chain(again).min()
}

/// The time, once the second has passed in which something was loaded before: what changes twice in a second would have one date,
/// and a reader that asks by dates alone would never hear of the second change. Of a clock that was set back nothing is waited
/// for.
fn next_second(last: i64) -> DateTime<Utc> {
    loop {
        let now = super::now(None);
        if now.timestamp() != last {
            return now;
        }
        std::thread::sleep(Duration::from_millis(1000 - u64::from(now.timestamp_subsec_millis().min(999))));
    }
}

/// Tells the hubs what has changed. The moment at which to try again, where one of them did not take it.
fn told(plan: &Plan) -> Option<i64> {
    if let Err(failure) = notify::needs_hub(plan) {
        failure.show();
        return None;
    }
    (!notify::after_build(plan)).then(watching::tell_again)
}

/// Builds. A build that fails leaves what was published, which goes on being served. The moment at which to build again,
/// if one is known.
fn built(arguments: &Arguments, global: &Global) -> Option<i64> {
    let once = || build::once(&build::Manner::watched(arguments.output.as_deref()), global);
    let built = watching::build_apart(&apart(arguments, global), global);
    match built.and_then(|built| built.map_or_else(once, |(ended, _)| Ok(ended))) {
        Ok(Ended { due, .. }) => due,
        Err(failure) => {
            failure.show();
            None
        }
    }
}

/// The arguments of a `bantin build` of what is served.
fn apart(arguments: &Arguments, global: &Global) -> Vec<OsString> {
    let mut build: Vec<OsString> = vec!["build".into()];
    for (name, path) in [("--config", &global.config), ("--output", &arguments.output)] {
        if let Some(path) = path {
            build.extend([name.into(), path.into()]);
        }
    }
    build.extend(global.quiet.then(|| "--quiet".into()));
    build.extend((0..global.verbose).map(|_| "--verbose".into()));
    match global.color {
        Color::Auto => {}
        Color::Always => build.push("--color=always".into()),
        Color::Never => build.push("--color=never".into()),
    }
    build
}

/// Tells the server the time, and writes its log.
async fn tick(server: &Arc<Server>) {
    let mut lines = tokio::time::interval(LOG_TIME);
    let mut told = super::now(None);
    loop {
        lines.tick().await;
        let now = super::now(None);
        if now != told {
            server.tick(now);
            told = now;
        }
        write_log(server).await;
    }
}

/// Writes what the log holds. Nobody waits for a standard output that takes nothing: lines are dropped then.
async fn write_log(server: &Arc<Server>) {
    let lines = server.lines().filter(|lines| !lines.is_empty());
    if let Some(lines) = lines {
        let _ = spawn_blocking(move || output::report(&lines)).await;
    }
}
