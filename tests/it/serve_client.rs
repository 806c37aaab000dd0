//! `bantin serve` as a process, and a client that sends bytes and reads what comes back.

use crate::site::Site;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A server, until it is dropped.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    /// What it says on standard error.
    said: Arc<Mutex<String>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Serves what a site has built, on any free port.
    pub fn of(site: &Site, arguments: &[&str]) -> Self {
        let mut command = site.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(arguments);
        Self::start(command)
    }

    /// Serves what was built in a folder, on any free port.
    pub fn within(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bantin"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder).env("NO_COLOR", "1");
        Self::start(command)
    }

    /// Runs a command that serves, and waits until it says where.
    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = Arc::new(Mutex::new(String::new()));
        let address = loop {
            let Some(line) = lines.next() else { panic!("the server ended:\n{}", said.lock().unwrap()) };
            let line = line.unwrap();
            *said.lock().unwrap() += &format!("{line}\n");
            if let Some((_, address)) = line.split_once("http://") {
                break address.split('/').next().unwrap().parse().unwrap();
            }
        };
        let rest = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                *rest.lock().unwrap() += &format!("{line}\n");
            }
        });
        Self { child, address, said }
    }

    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// The answer to a request, head and body as they are sent; the connection ends with it.
    pub fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap_or_else(|error| panic!("{error} after {request:?}"));
        Answer::of(&bytes)
    }

    /// The answer to a request with these header lines.
    pub fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        self.send(&format!("{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n"))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// The number that `/metrics` has for that name and these labels.
    pub fn metric(&self, name: &str) -> f64 {
        let page = self.get("/metrics").text();
        let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in:\n{page}")).parse().unwrap()
    }

    /// Sends a signal by its name.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let status = std::process::Command::new("sh")
            .args(["-c", &format!("kill -{name} {}", self.child.id())])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// The exit status, once the server has ended.
    pub fn status(&mut self) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "the server does not end:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Waits until something is so.
#[track_caller]
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// What a server sent.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no head: {:?}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")).unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        Self {
            status: status[..3].parse().unwrap(),
            headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    /// The value of a header, of which there is one at most.
    pub fn header(&self, name: &str) -> &str {
        let values: Vec<&str> = self.all(name);
        assert!(values.len() <= 1, "{name}: {values:?}");
        values.first().copied().unwrap_or_default()
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(header, _)| header == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The body without its coding.
    pub fn plain(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        match self.header("content-encoding") {
            "" => plain.clone_from(&self.body),
            "gzip" => {
                flate2::read::GzDecoder::new(&self.body[..]).read_to_end(&mut plain).unwrap();
            }
            "br" => brotli::BrotliDecompress(&mut &self.body[..], &mut plain).unwrap(),
            "zstd" => plain = zstd::bulk::decompress(&self.body, 100_000_000).unwrap(),
            other => panic!("{other}"),
        }
        plain
    }
}
