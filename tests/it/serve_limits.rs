//! `bantin serve` among clients that mean it no good, and through its own changes: attacks on paths, requests that are
//! none, clients that take for ever, a new build under load, and the end.

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

#[test]
fn no_path_leads_out_of_the_folder() {
    let site = built();
    fs::write(site.path("secret.txt"), "secret").unwrap();
    fs::write(site.path("public/.hidden"), "secret").unwrap();
    fs::create_dir_all(site.path("public/.bantin")).unwrap();
    fs::write(site.path("public/.bantin/public.redb"), "secret").unwrap();
    fs::write(site.path("public/.bantin-x.tmp"), "secret").unwrap();
    fs::create_dir_all(site.path("outside")).unwrap();
    fs::write(site.path("outside/in.txt"), "secret").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(site.path("secret.txt"), site.path("public/link.txt")).unwrap();
        symlink(site.path("outside"), site.path("public/linked")).unwrap();
        symlink(site.path("public/.hidden"), site.path("public/shown.txt")).unwrap();
        symlink("tin-moi/rss.xml", site.path("public/inside.xml")).unwrap();
        symlink("no-such-file", site.path("public/dangling.xml")).unwrap();
    }
    let server = Server::of(&site, &[]);
    for path in [
        "/../secret.txt",
        "/feeds/../../secret.txt",
        "/tin-moi/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/%252e%252e%252fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/....//secret.txt",
        "/..;/secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/%uff0e%uff0e/secret.txt",
        "/tin-moi/rss.xml%00",
        "/tin-moi/rss.xml%00.html",
        "/tin-moi/rss.xml/",
        "//etc/passwd",
        "/file:///etc/passwd",
        "/.hidden",
        "/%2ehidden",
        "/.bantin/public.redb",
        "/.bantin/",
        "/.bantin-x.tmp",
        "/link.txt",
        "/linked/in.txt",
        "/shown.txt",
        "/dangling.xml",
        "/feeds.toml",
        "/TIN-MOI/RSS.XML",
        "/tin-moi//rss.xml",
        "/tin-moi/./rss.xml",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("secret"), "{path}");
    }
    #[cfg(unix)]
    assert_eq!(server.get("/inside.xml").status, 200, "a link within the folder");
    assert_eq!(server.get("/%74in-moi/rss%2Exml").status, 200);
}

#[test]
fn what_is_no_request_is_refused_and_ends_the_connection() {
    let site = built();
    let server = Server::of(&site, &[]);
    let long = "a".repeat(20_000);
    for (request, status) in [
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n".to_owned(), 400),
        ("GET /\u{0}\u{1} HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 400),
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("\u{16}\u{3}\u{1} TLS\r\n\r\n".to_owned(), 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 505),
        (format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"), 414),
        (format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n"), 431),
        (format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "A: b\r\n".repeat(100)), 431),
    ] {
        let answer = server.send(&request);
        let begin: String = request.chars().take(60).collect();
        assert_eq!((answer.status, answer.header("connection")), (status, "close"), "{begin:?}");
    }
    // Nothing in a body is taken for a request.
    for framing in
        ["Content-Length: 40", "Transfer-Encoding: chunked", "Content-Length: 4\r\nContent-Length: 5"]
    {
        let inner = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
        let answer = server.send(&format!("GET /none HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n{inner}"));
        assert_eq!((answer.status, answer.header("connection")), (404, "close"), "{framing}");
        assert_eq!(answer.text(), "not found\n", "{framing}: one answer");
    }
    assert_eq!(server.get("/health").status, 200);
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

#[test]
fn a_head_that_dribbles_is_not_waited_for() {
    let site = built();
    let server = Server::of(&site, &[]);
    let begun = Instant::now();
    let (mut silent, mut slow) = (server.connect(), server.connect());
    slow.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n").unwrap();
    let mut dribble = slow.try_clone().unwrap();
    let dribbling = std::thread::spawn(move || {
        while begun.elapsed() < Duration::from_secs(30) && dribble.write_all(b"X: y\r\n").is_ok() {
            std::thread::sleep(Duration::from_millis(300));
        }
    });
    let mut bytes = Vec::new();
    let _ = slow.read_to_end(&mut bytes);
    assert_eq!(Answer::of(&bytes).status, 408);
    assert_eq!(silent.read(&mut [0]).unwrap(), 0, "one that asks nothing is let go, too");
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(8) && took < Duration::from_secs(25), "{took:?}");
    drop((slow, silent));
    dribbling.join().unwrap();
    assert!(server.metric("bantin_http_timeouts_total") >= 1.0);
}

#[test]
fn those_who_wait_make_room_for_those_who_ask() {
    let site = built();
    let text = site.read("feeds.toml") + "\n[serve]\nconnections = 10\n";
    site.write("feeds.toml", text.as_bytes());
    let server = Server::of(&site, &[]);
    // Ten times as many as there is room for: half of them silent, half in the midst of a head.
    let mut waiting = Vec::new();
    for number in 0..100 {
        let mut stream = server.connect();
        if number % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
        }
        waiting.push(stream);
    }
    let begun = Instant::now();
    assert_eq!(server.get("/tin-moi/rss.xml").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert!(server.metric("bantin_http_connections") <= 10.0);
    assert!(server.metric("bantin_http_evicted_total") >= 80.0);
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
