//! The readers' side: an HTTP/1.1 server for the output folder, to stand behind a cache or alone.
//!
//! Everything that is served is read once, compressed, and kept as one [`Snapshot`], which a new build replaces at once.
//! Requests are answered out of it by as many threads as there are processors; every thread attends to connections of its
//! own, and nothing is opened, compressed or put together for a request but a head of a few hundred bytes. TLS, HTTP/2
//! and limits by address are the business of whatever stands in front.
//!
//! The clock is handed in ([`Server::tick`]), lines of the access log are taken out ([`Server::lines`]), and when to load
//! or to stop is decided by whoever runs it. Specifications: [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110),
//! [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112).

mod access_log;
mod answer;
mod connection;
mod media;
mod metrics;
mod negotiation;
mod request;
mod resource;
mod snapshot;
mod store;
#[cfg(test)]
mod tests;

pub use access_log::Format as LogFormat;
pub use snapshot::{LoadError, Settings, Snapshot};

use access_log::{AccessLog, Asked};
use answer::{Answer, Context};
use chrono::{DateTime, Utc};
use metrics::Metrics;
use request::{Refused, with_request};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::{self, Handle};
use tokio::sync::{Notify, oneshot};

/// How long clients may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For a head, from its first byte, or from the beginning of the connection, to its end.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// For an answer, whatever its length, ...
    pub answer: Duration,
    /// ... and for how many bytes there is another second.
    pub slowest: usize,
    /// For everything that is on its way when the server stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            answer: Duration::from_secs(30),
            slowest: 4096,
            drain: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// How long a client may take for an answer of so many bytes.
    fn answer_time(&self, length: usize) -> Duration {
        self.answer + Duration::from_secs((length / self.slowest.max(1)) as u64)
    }
}

/// Connections that wait to be accepted; more are turned away by the system.
const BACKLOG: u32 = 1024;

/// Files that the process has open beside connections.
const OTHER_FILES: u64 = 64;

/// What does not change for as long as the server runs.
#[derive(Debug, Clone)]
pub struct Options {
    pub listen: SocketAddr,
    pub log: Option<LogFormat>,
    /// The most connections at a time.
    pub connections: usize,
    /// Whether `/metrics` is answered.
    pub metrics: bool,
    pub limits: Limits,
}

/// Why a server does not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot start a thread of the server")]
    Thread { source: io::Error },
}

/// What changes while the server runs, at once for everybody.
struct Live {
    snapshot: Arc<Snapshot>,
    /// The moment as HTTP writes it.
    date: String,
    /// The moment as the access log writes it.
    logged: Arc<str>,
}

/// What every connection sees.
struct Shared {
    live: RwLock<Live>,
    metrics: Metrics,
    log: Option<AccessLog>,
    shows_metrics: bool,
    limits: Limits,
    closing: AtomicBool,
    /// Told whenever a connection has ended.
    ended: Notify,
}

impl Shared {
    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Answers a head; the answer's is added to `out`. What the log needs is kept where there is one.
    fn answer(&self, head: &[u8], out: &mut Vec<u8>) -> Result<(Answer, Option<Asked>), Refused> {
        with_request(head, |request| {
            let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
            let metrics = || self.metrics.text(&live.snapshot);
            let answer = answer::answer(request, self.context(&live, Some(&metrics)), out);
            (answer, self.log.is_some().then(|| Asked::of(request)))
        })
    }

    fn refusal(&self, status: u16, out: &mut Vec<u8>) -> Answer {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        answer::refusal(status, self.context(&live, None), out)
    }

    fn context<'a>(&self, live: &'a Live, metrics: Option<&'a dyn Fn() -> String>) -> Context<'a> {
        Context {
            snapshot: &live.snapshot,
            date: &live.date,
            metrics: metrics.filter(|_| self.shows_metrics),
            closing: self.is_closing(),
        }
    }

    fn count(&self, answer: &Answer, bytes: u64, body: u64) {
        self.metrics.count(answer.status);
        self.metrics.bytes.fetch_add(bytes, Ordering::Relaxed);
        let Some(counters) = answer.resource.as_ref().map(|resource| &resource.counters) else { return };
        match answer.status {
            304 => counters.not_modified.fetch_add(1, Ordering::Relaxed),
            _ => counters.sent.fetch_add(1, Ordering::Relaxed),
        };
        counters.bytes.fetch_add(body, Ordering::Relaxed);
    }

    fn log(&self, asked: Option<&Asked>, peer: IpAddr, status: u16, body: u64) {
        let Some(log) = &self.log else { return };
        let moment = Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner).logged);
        if !log.add(asked, peer, &moment, status, body) {
            self.metrics.log_dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Counts a connection for as long as it lives.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.metrics.accepted.fetch_add(1, Ordering::Relaxed);
        shared.metrics.open.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(shared))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.metrics.open.fetch_sub(1, Ordering::AcqRel);
        self.0.ended.notify_one();
    }
}

/// A thread that attends to connections.
struct Worker {
    handle: Handle,
    /// Asks the connection that waits longest to go.
    leave: Arc<Notify>,
    /// Ends the thread when it is dropped.
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    fn start(number: usize) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel();
        let thread = std::thread::Builder::new().name(format!("serve-{number}")).spawn(move || {
            let _ = runtime.block_on(ended);
        })?;
        Ok(Self { handle, leave: Arc::new(Notify::new()), end: Some(end), thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A server that listens.
pub struct Server {
    shared: Arc<Shared>,
    workers: Vec<Worker>,
    address: SocketAddr,
    connections: usize,
}

/// The end of a server at which connections come in.
pub struct Door(TcpListener);

impl Server {
    /// Begins to listen. To be called within a runtime of tokio, which accepts connections; threads of their own attend
    /// to them.
    pub fn bind(
        options: &Options,
        snapshot: Snapshot,
        now: DateTime<Utc>,
        threads: usize,
    ) -> Result<(Self, Door), ServeError> {
        let fault = |source| ServeError::Listen { address: options.listen, source };
        let listener = listen(options.listen).map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        let shared = Arc::new(Shared {
            live: RwLock::new(Live {
                snapshot: Arc::new(snapshot),
                date: String::new(),
                logged: Arc::from(""),
            }),
            metrics: Metrics::default(),
            log: options.log.map(AccessLog::new),
            shows_metrics: options.metrics,
            limits: options.limits,
            closing: AtomicBool::new(false),
            ended: Notify::new(),
        });
        shared.metrics.loaded.store(now.timestamp(), Ordering::Relaxed);
        let workers = (0..threads.max(1)).map(Worker::start).collect::<io::Result<Vec<Worker>>>();
        let workers = workers.map_err(|source| ServeError::Thread { source })?;
        let connections = options.connections.min(open_files(options.connections));
        let server = Self { shared, workers, address, connections };
        server.tick(now);
        Ok((server, Door(listener)))
    }

    /// Where it listens: the port that the system chose, if it was asked to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The most connections at a time: as configured, or as many as the system allows.
    pub fn connections(&self) -> usize {
        self.connections
    }

    /// Tells the time, once a second.
    pub fn tick(&self, now: DateTime<Utc>) {
        let date = resource::http_date(now.timestamp());
        let logged = self.shared.log.as_ref().map(|log| Arc::from(log.moment(now)));
        let mut live = self.shared.live.write().unwrap_or_else(PoisonError::into_inner);
        live.date = date;
        if let Some(logged) = logged {
            live.logged = logged;
        }
    }

    /// When that was loaded which is served now, in Unix seconds.
    pub fn loaded(&self) -> i64 {
        self.shared.metrics.loaded.load(Ordering::Relaxed)
    }

    /// What is served now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.live.read().unwrap_or_else(PoisonError::into_inner).snapshot)
    }

    /// Serves that from now on.
    pub fn swap(&self, snapshot: Snapshot, now: DateTime<Utc>) {
        self.shared.metrics.loaded.store(now.timestamp(), Ordering::Relaxed);
        let snapshot = Arc::new(snapshot);
        let old = {
            let mut live = self.shared.live.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut live.snapshot, snapshot)
        };
        // Freed when nobody waits for the lock.
        drop(old);
    }

    /// Counts a build, or a look at the folder, that failed.
    pub fn failed(&self) {
        self.shared.metrics.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// The lines of the access log since they were last taken.
    pub fn lines(&self) -> Option<String> {
        self.shared.log.as_ref().map(AccessLog::take)
    }

    /// Accepts connections until `stop` is done. What is on its way then has [`Limits::drain`] to arrive; connections on
    /// which nothing is on its way end at once.
    pub async fn run(&self, door: Door, stop: impl Future<Output = ()>) {
        let Door(listener) = door;
        tokio::select! {
            () = self.accept(&listener) => {}
            () = stop => {}
        }
        drop(listener);
        self.shared.closing.store(true, Ordering::Relaxed);
        for worker in &self.workers {
            worker.leave.notify_waiters();
        }
        let drained = async {
            while self.open() > 0 {
                self.shared.ended.notified().await;
            }
        };
        let _ = tokio::time::timeout(self.shared.limits.drain, drained).await;
    }

    fn open(&self) -> usize {
        self.shared.metrics.open.load(Ordering::Acquire)
    }

    async fn accept(&self, listener: &TcpListener) {
        let mut turns = self.workers.iter().cycle();
        let mut evicted = self.workers.iter().cycle();
        loop {
            while self.open() >= self.connections {
                // Whoever waits longest without asking makes room; where nobody waits, the next to end does.
                if let Some(worker) = evicted.next() {
                    self.shared.metrics.evicted.fetch_add(1, Ordering::Relaxed);
                    worker.leave.notify_one();
                }
                let _ = tokio::time::timeout(Duration::from_millis(100), self.shared.ended.notified()).await;
            }
            let accepted = listener.accept().await;
            let Some(worker) = turns.next() else { return };
            let Ok((stream, peer)) = accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer.ip())))
            else {
                // No more files, or a client that has gone already.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let (open, leave) = (Open::new(&self.shared), Arc::clone(&worker.leave));
            worker.handle.spawn(async move {
                if let Ok(stream) = TcpStream::from_std(stream) {
                    connection::attend(stream, peer, &open.0, &leave).await;
                }
            });
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that begins again finds connections of the last one in their last moments.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// How many connections the limit of open files allows, which is raised as far as it can be for as many as are wanted.
#[cfg(unix)]
fn open_files(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let needed = wanted as u64 + OTHER_FILES;
    let Some(current) = limit.current.filter(|current| *current < needed) else { return wanted };
    let raised = limit.maximum.map_or(needed, |most| most.min(needed));
    let set = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum });
    let allowed = if set.is_ok() { raised } else { current };
    usize::try_from(allowed.saturating_sub(OTHER_FILES)).unwrap_or(wanted).max(1)
}

#[cfg(not(unix))]
fn open_files(wanted: usize) -> usize {
    wanted
}
