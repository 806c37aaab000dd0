//! A server in this process, with limits that are short.

use super::*;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream as Client;
use std::path::Path;
use std::sync::mpsc;
use std::time::Instant;

fn settings(dir: &Path, memory: u64) -> Settings {
    Settings {
        dir: dir.to_path_buf(),
        state: dir.join("state"),
        address: "https://bao.example/feeds/".parse().unwrap(),
        max_age: 300,
        ttl: HashMap::new(),
        moved: Vec::new(),
        gone: Vec::new(),
        memory,
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(2_000_000_000, 0).unwrap()
}

fn load(dir: &Path, memory: u64, last: Option<&Snapshot>) -> Snapshot {
    Snapshot::load(&settings(dir, memory), now(), last).unwrap()
}

/// A server in threads of its own, until it is dropped.
struct Running {
    server: Arc<Server>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn new(snapshot: Snapshot, limits: Limits) -> Self {
        let (tell, told) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
                let listen = "127.0.0.1:0".parse().unwrap();
                let options = Options { listen, log: None, connections: 100, metrics: true, limits };
                let (server, door) = Server::bind(&options, snapshot, now(), 2).unwrap();
                let server = Arc::new(server);
                tell.send(Arc::clone(&server)).unwrap();
                server.run(door, async { drop(stopped.await) }).await;
            });
        });
        Self { server: told.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    fn connect(&self, request: &str) -> Client {
        let mut client = Client::connect(self.server.address()).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        client.write_all(request.as_bytes()).unwrap();
        client
    }

    fn body(&self, path: &str, accepted: &str) -> Vec<u8> {
        let mut client = self.connect(&format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: {accepted}\r\n\r\n"
        ));
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{path}");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        answer.split_off(end + 4)
    }

    fn timeouts(&self) -> u64 {
        self.server.shared.metrics.timeouts.load(Ordering::Relaxed)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

/// Bytes that are hard to compress, the same every time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let step = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b'a' + (state >> 59) as u8 % 26
    };
    std::iter::repeat_with(step).take(length).collect()
}

#[test]
fn what_does_not_fit_into_memory_is_served_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let large = noise(1_000_000);
    std::fs::write(folder.path().join("large.txt"), &large).unwrap();
    std::fs::write(folder.path().join("small.txt"), "Tin").unwrap();
    std::fs::write(folder.path().join("empty.txt"), "").unwrap();
    let snapshot = load(folder.path(), 1000, None);
    assert!(snapshot.in_memory() == 0 && snapshot.bytes() > 1_000_000);
    let running = Running::new(snapshot, Limits::default());
    assert_eq!(running.body("/large.txt", "identity"), large);
    let mut plain = Vec::new();
    let small = running.body("/large.txt", "gzip");
    flate2::read::GzDecoder::new(&small[..]).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, large);
    assert_eq!(
        (running.body("/small.txt", ""), running.body("/empty.txt", "gzip")),
        (b"Tin".to_vec(), Vec::new())
    );
    // What is served does not change with the disk, only with the next snapshot.
    std::fs::write(folder.path().join("large.txt"), "new").unwrap();
    assert_eq!(running.body("/large.txt", "identity"), large);
    let last = running.server.snapshot();
    running.server.swap(load(folder.path(), 1000, Some(&last)), now());
    assert_eq!(running.body("/large.txt", "identity"), b"new");
}

#[test]
fn what_changes_is_never_older_than_what_was_served() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    let write = |text: &str, seconds: u64| {
        std::fs::write(&path, text).unwrap();
        let time = std::time::UNIX_EPOCH + Duration::from_secs(seconds);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    };
    let modified = |snapshot: &Snapshot| snapshot.resources["a.txt"].modified;
    write("one", 1000);
    let first = load(folder.path(), 0, None);
    write("two", 900);
    let second = load(folder.path(), 0, Some(&first));
    write("two", 800);
    let third = load(folder.path(), 0, Some(&second));
    write("three", 3_000_000_000);
    let fourth = load(folder.path(), 0, Some(&third));
    // Whoever has the first bytes, of the second 1000, hears of the others whenever he asks.
    assert_eq!([&first, &second, &third, &fourth].map(modified), [1000, 1001, 1001, 2_000_000_000]);
}

#[test]
fn what_stays_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.txt", "b.txt"] {
        std::fs::write(folder.path().join(name), noise(1000)).unwrap();
    }
    let first = load(folder.path(), 1_000_000, None);
    std::fs::write(folder.path().join("b.txt"), "other").unwrap();
    let second = load(folder.path(), 1_000_000, Some(&first));
    let same = |path: &str| Arc::ptr_eq(&first.resources[path], &second.resources[path]);
    assert!(same("a.txt") && !same("b.txt"));
    // Other terms, other header lines.
    let terms = Settings { max_age: 10, ..settings(folder.path(), 1_000_000) };
    let third = Snapshot::load(&terms, now(), Some(&second)).unwrap();
    assert!(!Arc::ptr_eq(&second.resources["a.txt"], &third.resources["a.txt"]));
}

#[test]
fn who_does_not_take_the_answer_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("large.txt"), vec![b'x'; 20_000_000]).unwrap();
    let limits = Limits { answer: Duration::from_millis(500), slowest: usize::MAX, ..Limits::default() };
    let running = Running::new(load(folder.path(), 100_000_000, None), limits);
    let begun = Instant::now();
    let stuck = running.connect("GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n");
    while running.timeouts() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is waited for");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(begun.elapsed() >= Duration::from_millis(500));
    drop(stuck);
}

#[test]
fn who_asks_nothing_more_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { idle: Duration::from_millis(300), ..Limits::default() };
    let running = Running::new(load(folder.path(), 1000, None), limits);
    let mut idle = running.connect("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    let begun = Instant::now();
    let mut answer = String::new();
    idle.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("\r\n\r\nok\n") && !answer.contains("Connection: close"), "{answer}");
    assert!(begun.elapsed() >= Duration::from_millis(250) && begun.elapsed() < Duration::from_secs(9));
    assert_eq!(running.timeouts(), 0, "to ask nothing is no fault");
}

#[test]
fn the_time_that_an_answer_may_take_grows_with_it() {
    let limits = Limits::default();
    assert_eq!(limits.answer_time(0), Duration::from_secs(30));
    assert_eq!(limits.answer_time(409_600), Duration::from_secs(130));
}

#[test]
fn empty_lines_do_not_prolong_the_wait() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { head: Duration::from_millis(400), ..Limits::default() };
    let running = Running::new(load(folder.path(), 1000, None), limits);
    let mut client = running.connect("\r\n");
    client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let begun = Instant::now();
    // At an end that the other side has closed, reading gives nothing, or a reset.
    while !matches!(client.read(&mut [0]), Ok(0))
        && !client.write_all(b"\r\n").is_err_and(|error| error.kind() != io::ErrorKind::WouldBlock)
    {
        assert!(begun.elapsed() < Duration::from_secs(10), "it is waited for");
    }
    assert!(begun.elapsed() >= Duration::from_millis(300));
}
