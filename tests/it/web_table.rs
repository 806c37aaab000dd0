//! The table of docs/sources/web.md: every server that misbehaves as a row says is asked, and what bantin says is compared
//! with what the row says.

use crate::authority;
use crate::site::{HEAD, Site, record};
use crate::web_server::{Request, Server, answer, json};
use regex::Regex;
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn records(ids: &[&str]) -> Value {
    Value::Array(ids.iter().zip(1..).map(|(id, minutes)| record(id, minutes)).collect())
}

/// What a newspaper is told that fetches from there.
fn asked(url: &str, rest: &str) -> String {
    let source = format!("url = \"{url}\"\n{rest}");
    Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", &source)).run(&["build"]).stderr
}

/// What is said of a server that does that with the first request and all others.
fn of(rest: &str, does: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> String {
    asked(&Server::start(does).url("/api"), &format!("allow_private = true\n{rest}"))
}

/// What is said of a server that answers so.
fn answers(status: &'static str, headers: &'static [(&str, &str)], body: &'static [u8]) -> String {
    of("", move |_, stream| answer(stream, status, headers, body))
}

/// What is said of a server that writes this, whatever it is.
fn writes(rest: &str, bytes: impl Into<Vec<u8>>) -> String {
    let bytes = bytes.into();
    of(rest, move |_, stream| {
        let _ = stream.write_all(&bytes);
    })
}

/// What is said the second time, of a server that turns.
fn second(does: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> String {
    let server = Server::start(does);
    let source = format!("url = \"{}\"\nallow_private = true", server.url("/api"));
    let site = Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", &source));
    site.run(&["build"]).exits(0);
    site.run(&["build"]).exits(0).stderr
}

/// What is said of a server that does what a row of the table says.
fn said_of(server: &str) -> String {
    let gzip = &[("Content-Encoding", "gzip"), JSON];
    match server {
        "is not there" => {
            let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            asked(&format!("http://127.0.0.1:{closed}/api"), "allow_private = true\ntimeout = 5")
        }
        "has a name that nobody knows" => asked("http://nirgends.invalid/api", "timeout = 5"),
        "says nothing in time" => of("timeout = 1", |_, _| thread::sleep(Duration::from_secs(4))),
        "hangs up without a word" => of("", |_, _| {}),
        "sends headers or a body slowly" => of("timeout = 2", |_, stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[");
            for _ in 0..40 {
                thread::sleep(Duration::from_millis(100));
                let _ = stream.write_all(b" ");
            }
        }),
        "sends a body without end" => of("max_size = \"1 MB\"", |_, stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[");
            while stream.write_all(&[b' '; 4096]).is_ok() {}
        }),
        "sends little that unpacks to much" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&vec![b' '; 4_000_000]).unwrap();
            let packed = encoder.finish().unwrap();
            of("max_size = \"1 MB\"", move |_, stream| answer(stream, "200 OK", gzip, &packed))
        }
        "packs badly" => answers("200 OK", gzip, b"[]"),
        "sends headers without end" => of("timeout = 10", |_, stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
            while stream.write_all(format!("X-Huge: {}\r\n", "x".repeat(1000)).as_bytes()).is_ok() {}
        }),
        "breaks off, or states too great a length" => {
            writes("", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n[]")
        }
        "states too small a length" => writes(
            "",
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{}",
                records(&["x"])
            ),
        ),
        "does not say what it sends" => {
            answers("200 OK", &[("Content-Type", "application/octet-stream")], b"{}")
        }
        "answers 500, 503" => answers("503 Service Unavailable", &[], b""),
        "answers 429 and wants an hour" => answers("429 Too Many Requests", &[("Retry-After", "3600")], b""),
        "answers 404 or 401" => answers("404 Not Found", &[], b""),
        "answers 204, or 304 unasked" => answers("204 No Content", &[], b""),
        "redirects in a circle" => answers("302 Found", &[("Location", "/api")], b""),
        "redirects on and on" => of("", |request, stream| {
            answer(stream, "301 Moved Permanently", &[("Location", &format!("{}x", request.target))], b"");
        }),
        "redirects from https to http" | "has no certificate that holds" => {
            let behind = Server::start(|_, stream| {
                answer(stream, "302 Found", &[("Location", "http://bao.example/api")], b"");
            });
            let itself = authority::self_signed(&["localhost"]);
            let url = format!("https://localhost:{}/api", authority::in_front_of(behind.port(), &itself));
            let trusts = server == "redirects from https to http";
            let rest = if trusts { "allow_private = true\nca = \"ca.pem\"" } else { "allow_private = true" };
            let config = HEAD.replace("path = \"articles.jsonl\"", &format!("url = \"{url}\"\n{rest}"));
            Site::new().config(&config).file("ca.pem", &itself.certificate).run(&["build"]).stderr
        }
        "redirects to a file" => answers("302 Found", &[("Location", "file:///etc/passwd")], b""),
        "has, or leads to, an address of the own network" => asked("http://localhost:9/api", ""),
        "sends a page for people in place of JSON" => of("format = \"json\"", |_, stream| {
            answer(
                stream,
                "200 OK",
                &[("Content-Type", "text/html")],
                b"<!DOCTYPE html><title>Log in</title>",
            );
        }),
        "sends JSON that breaks off, on whichever page" => {
            of("paging = { parameter = \"page\" }", |request, stream| match request.number("page") {
                Some(1) => json(stream, &records(&["a"])),
                _ => answer(stream, "200 OK", &[JSON], b"[{\"id\": 1, \"ti"),
            })
        }
        "has pages without end" => of("paging = { parameter = \"page\" }", |request, stream| {
            json(stream, &records(&[&format!("n{}", request.number("page").unwrap_or(0))]));
        }),
        "does not know the parameter" => {
            of("paging = { parameter = \"page\" }", |_, stream| json(stream, &records(&["a"])))
        }
        "has a page that leads to itself" => of("paging = { next = \"next\" }", |_, stream| {
            json(stream, &json!({"items": records(&["a"]), "next": "/api"}));
        }),
        "says of something new that it is what it was (a wrong `ETag`, with 304)" => {
            second(|request, stream| {
                let headers = [("ETag", "\"v\""), JSON];
                match request.header("if-none-match") {
                    "" => answer(stream, "200 OK", &headers, records(&["a"]).to_string().as_bytes()),
                    _ => answer(stream, "304 Not Modified", &headers[..1], b""),
                }
            })
        }
        "sends something new under the old `ETag`" => second(|request, stream| {
            let ids: &[&str] = if request.before == 0 { &["a"] } else { &["a", "b"] };
            answer(stream, "200 OK", &[("ETag", "\"v\""), JSON], records(ids).to_string().as_bytes());
        }),
        other => panic!("docs/sources/web.md speaks of a server that {other}, and this test has none"),
    }
}

/// The pattern of a cell: `…` is anything, a number any number; a link within the page, and what stands in brackets at the end,
/// is for the reader.
fn pattern(cell: &str) -> Regex {
    let cell = cell.split(", [").next().unwrap_or(cell);
    let cell = cell.split(" (it was").next().unwrap_or(cell);
    let pattern = regex::escape(cell).replace('…', ".*");
    let pattern = Regex::new("[0-9]+").unwrap().replace_all(&pattern, "[0-9]+").into_owned();
    Regex::new(&pattern).unwrap()
}

#[test]
fn what_is_said_of_servers_is_what_the_table_says() {
    let page = include_str!("../../docs/sources/web.md");
    let (_, table) = page.split_once("| the server … | bantin says |\n| --- | --- |\n").unwrap();
    let rows: Vec<(&str, &str)> = table
        .lines()
        .map_while(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "))
        .collect();
    assert!(rows.len() > 25, "{rows:?}");
    thread::scope(|scope| {
        let asked: Vec<_> =
            rows.iter().map(|(server, says)| (server, says, scope.spawn(|| said_of(server)))).collect();
        for (server, says, asked) in asked {
            let said = asked.join().unwrap();
            match says.starts_with("nothing: ") {
                true => assert!(!said.contains("cannot fetch"), "a server that {server}: {said}"),
                false => {
                    assert!(
                        pattern(says).is_match(&said),
                        "a server that {server}\nsays: {says}\nsaid: {said}"
                    );
                }
            }
        }
    });
}
