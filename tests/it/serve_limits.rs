//! `bantin serve` through its own changes: request after request on one connection, a new build under load, and the end.

use crate::serve_client::{Answer, Server, eventually};
use crate::site::{Site, record, with};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn built() -> Site {
    let site = Site::new().articles(20, "Thời sự");
    site.run(&["build"]).exits(0);
    site
}

/// Reads one answer with a length from a connection that stays open.
fn one(stream: &mut TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    let head = Answer::of(&bytes);
    let mut body = vec![0; head.header("content-length").parse().unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    bytes.extend(body);
    Some(Answer::of(&bytes))
}

#[test]
fn a_connection_takes_request_after_request() {
    let site = built();
    let server = Server::of(&site, &[]);
    let feed = fs::read(site.path("public/tin-moi/rss.xml")).unwrap();
    let mut stream = server.connect();
    for _ in 0..3 {
        stream.write_all(b"GET /tin-moi/rss.xml HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert_eq!(one(&mut stream).unwrap().body, feed);
    }
    // Byte by byte, several at once, and with an empty line before them.
    for byte in b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n" {
        stream.write_all(&[*byte]).unwrap();
    }
    assert_eq!(one(&mut stream).unwrap().text(), "ok\n");
    stream.write_all("\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50).as_bytes()).unwrap();
    for _ in 0..50 {
        assert_eq!(one(&mut stream).unwrap().text(), "ok\n");
    }
    // HTTP/1.0 ends with the answer, unless the client asks for more.
    stream.write_all(b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").unwrap();
    assert_eq!(one(&mut stream).unwrap().header("connection"), "keep-alive");
    stream.write_all(b"GET http://bao.example/health HTTP/1.0\r\n\r\n").unwrap();
    assert_eq!(one(&mut stream).unwrap().header("connection"), "close");
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

/// Whether the body is the one that its tag was given to.
fn is_whole(answer: &Answer, known: &[(String, Vec<u8>)]) -> bool {
    known.iter().any(|(tag, body)| tag == answer.header("etag") && *body == answer.plain())
}

#[test]
fn a_new_build_under_load_tears_no_answer() {
    let site = Site::new().articles(50, "Thời sự");
    let long = "Nội dung dài của bài báo. ".repeat(300);
    let version = |number: usize| {
        let records: Vec<_> = (0..50)
            .map(|id| {
                with(
                    with(record(&format!("a{id}"), id), "content_html", format!("<p>{number} {long}</p>")),
                    // What is not stated would be the moment at which the change was seen.
                    "date_modified",
                    "2026-11-20T16:59:30+07:00",
                )
            })
            .collect();
        site.records(&records);
        site.run(&["build"]).exits(0);
    };
    version(0);
    let server = Server::of(&site, &[]);
    let ask =
        |encoding: &str| server.ask("GET", "/thoi-su/feed.json", &[&format!("Accept-Encoding: {encoding}")]);
    let encodings = ["identity", "gzip", "br", "zstd"];
    let mut known: Vec<(String, Vec<u8>)> = Vec::new();
    let mut learn = || {
        let body = fs::read(site.path("public/thoi-su/feed.json")).unwrap();
        eventually("the build is served", || ask("identity").body == body);
        known.extend(encodings.map(|encoding| (ask(encoding).header("etag").to_owned(), body.clone())));
    };
    learn();
    version(1);
    learn();
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let (known, done, asked, server) = (&known, &done, &asked, &server);
        let clients: Vec<_> = encodings
            .iter()
            .map(|encoding| {
                scope.spawn(move || {
                    let mut stream = server.connect();
                    let request = format!(
                        "GET /thoi-su/feed.json HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {encoding}\r\n\r\n"
                    );
                    while !done.load(Ordering::Relaxed) {
                        stream.write_all(request.as_bytes()).unwrap();
                        let answer = one(&mut stream).unwrap();
                        assert!(is_whole(&answer, known), "{} {:?}", answer.status, answer.header("etag"));
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for number in 2..6 {
            version(number % 2);
            let body = fs::read(site.path("public/thoi-su/feed.json")).unwrap();
            eventually("the build is served", || ask("identity").body == body);
        }
        done.store(true, Ordering::Relaxed);
        clients.into_iter().for_each(|client| client.join().unwrap());
    });
    assert!(asked.into_inner() > 20);
}

#[cfg(unix)]
#[test]
fn the_end_waits_for_what_is_on_its_way() {
    let site = Site::new().article(with(record("a", 1), "content_html", "<p>Dài dòng.</p>".repeat(10_000)));
    site.run(&["build"]).exits(0);
    // Larger than what the system takes from a server whose client does not read.
    let page = "x".repeat(20_000_000);
    fs::write(site.path("public/large.txt"), &page).unwrap();
    let mut server = Server::of(&site, &[]);
    let (mut idle, mut busy) = (server.connect(), server.connect());
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_eq!(one(&mut idle).unwrap().status, 200);
    busy.write_all(b"GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut begin = vec![0; 1000];
    busy.read_exact(&mut begin).unwrap();
    server.signal("TERM");
    assert_eq!(idle.read(&mut [0]).unwrap(), 0, "whoever waits is let go");
    eventually("nobody is let in", || TcpStream::connect(server.address).is_err());
    assert_eq!(server.child.try_wait().unwrap(), None, "it waits");
    busy.read_to_end(&mut begin).unwrap();
    assert!(begin.ends_with(page.as_bytes()), "the whole answer arrives");
    assert_eq!(server.status(), Some(0));
}

#[cfg(unix)]
#[test]
fn the_end_does_not_wait_for_ever() {
    let site = built();
    fs::write(site.path("public/large.txt"), "x".repeat(20_000_000)).unwrap();
    let mut server = Server::of(&site, &[]);
    let mut stuck = server.connect();
    stuck.write_all(b"GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    stuck.read_exact(&mut [0; 100]).unwrap();
    let begun = Instant::now();
    server.signal("INT");
    assert_eq!(server.status(), Some(0));
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(8) && took < Duration::from_secs(20), "{took:?}");
}
