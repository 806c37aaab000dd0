//! A web server for tests, that behaves as badly as it is told to.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request that came.
#[derive(Debug, Clone)]
pub struct Request {
    /// Path and query.
    pub target: String,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    /// How many requests for this target came before.
    pub before: usize,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// A number among the parameters.
    pub fn number(&self, name: &str) -> Option<usize> {
        let (_, query) = self.target.split_once('?')?;
        let parameter = query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))?;
        parameter.parse().ok()
    }
}

type Behaviour = Arc<dyn Fn(&Request, &mut TcpStream) + Send + Sync>;

/// A server on this machine, for as long as the test takes.
pub struct Server {
    port: u16,
    behaviour: Arc<Mutex<Behaviour>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub fn start(behaviour: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let behaviour: Arc<Mutex<Behaviour>> = Arc::new(Mutex::new(Arc::new(behaviour)));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (current, met) = (Arc::clone(&behaviour), Arc::clone(&requests));
        thread::spawn(move || {
            let counts = Arc::new(Mutex::new(HashMap::<String, usize>::new()));
            for stream in listener.incoming().flatten() {
                let (current, met, counts) = (Arc::clone(&current), Arc::clone(&met), Arc::clone(&counts));
                thread::spawn(move || serve(stream, &current, &met, &counts));
            }
        });
        Self { port, behaviour, requests }
    }

    /// Behaves otherwise from now on.
    pub fn turns(&self, behaviour: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) {
        *self.behaviour.lock().unwrap() = Arc::new(behaviour);
        self.requests.lock().unwrap().clear();
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every request since it last began to behave as it does.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    behaviour: &Mutex<Behaviour>,
    met: &Mutex<Vec<Request>>,
    counts: &Mutex<HashMap<String, usize>>,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
    }
    let before = {
        let mut counts = counts.lock().unwrap();
        let count = counts.entry(target.clone()).or_default();
        *count += 1;
        *count - 1
    };
    let request = Request { target, headers, before };
    met.lock().unwrap().push(request.clone());
    let behaviour = Arc::clone(&behaviour.lock().unwrap());
    behaviour(&request, &mut stream);
    let _ = stream.shutdown(std::net::Shutdown::Both);
}

/// Writes an answer. Whoever asked may have gone.
pub fn answer(stream: &mut TcpStream, status: &str, headers: &[(&str, &str)], body: &[u8]) {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    let _ = stream.write_all(format!("{head}\r\n").as_bytes());
    let _ = stream.write_all(body);
}

/// Answers with JSON.
pub fn json(stream: &mut TcpStream, value: &serde_json::Value) {
    answer(stream, "200 OK", &[("Content-Type", "application/json")], value.to_string().as_bytes());
}
