//! `bantin serve` among clients that mean it no good: what was tried on it, and what came of it, compared line by line with
//! the table in docs/serving.md.

use crate::serve_client::{Answer, Server, eventually};
use crate::site::{HEAD, Site, record, with};
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What must never be sent.
const SECRET: &str = "secret";

/// What the file at /large.txt holds: more than the system takes from a server whose client does not read.
const LARGE: usize = 20_000_000;

/// A newspaper with an old path, a folder whose name is an attack, and secrets around what is served.
fn site() -> Site {
    let site = Site::new().articles(20, "Thời sự").config(&format!(
        "{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\naliases = [\"cu\"]\n[serve]\nconnections = 200\n"
    ));
    let site = site.article(with(record("a", 1), "content_html", "<p>Dài dòng.</p>".repeat(100)));
    let text = site.read("feeds.toml").replace("[output]\n", "[output]\nprecompress = [\"gzip\"]\n");
    site.write("feeds.toml", text.as_bytes());
    site.run(&["build"]).exits(0);
    for path in [
        "secret.txt",
        "outside/in.txt",
        "public/.hidden",
        "public/.bantin/public.redb",
        "public/.bantin-x.tmp",
        "public/.git/config",
    ] {
        site.write(path, SECRET.as_bytes());
    }
    fs::write(site.path("public/large.txt"), vec![b'x'; LARGE]).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(site.path("secret.txt"), site.path("public/link.txt")).unwrap();
        symlink(site.path("outside"), site.path("public/linked")).unwrap();
        symlink(site.path("public/.hidden"), site.path("public/shown.txt")).unwrap();
        symlink("no-such-file", site.path("public/dangling.xml")).unwrap();
        symlink("tin-moi/rss.xml", site.path("public/inside.xml")).unwrap();
        site.write("public/a\r\nSet-Cookie: b=c/index.html", b"page");
    }
    site
}

/// What a server sends back until it ends the connection.
fn sent(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = server.connect();
    // It may be refused, and the connection closed, before everything is sent.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    answer
}

/// The one status with which requests for these targets are answered.
fn targets(server: &Server, method: &str, targets: &[&str]) -> String {
    let heads = targets
        .iter()
        .map(|target| format!("{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    statuses(server, &heads.collect::<Vec<_>>(), false)
}

/// The one status with which these messages are answered; and the connection must end by itself where that is `last`.
fn statuses(server: &Server, messages: &[String], last: bool) -> String {
    let mut found: Vec<u16> = Vec::new();
    for message in messages {
        let answer = Answer::of(&sent(server, message.as_bytes()));
        let begin: String = message.chars().take(80).collect();
        assert!(!String::from_utf8_lossy(&answer.body).contains(SECRET), "{begin:?}");
        assert!(!last || answer.header("connection") == "close", "{begin:?}");
        assert!(answer.header("set-cookie").is_empty(), "{begin:?}");
        // One answer, and nothing after it.
        if answer.header("content-encoding").is_empty() && !message.starts_with("HEAD") {
            assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{begin:?}");
        }
        found.push(answer.status);
    }
    let first = found[0];
    assert!(found.iter().all(|status| *status == first), "{found:?} for {messages:.200?}");
    first.to_string()
}

/// Requests for a feed with these header lines.
fn with_lines(server: &Server, lines: &[&str], last: bool) -> String {
    let heads = lines.iter().map(|lines| {
        let close = if last { "" } else { "Connection: close\r\n" };
        format!("GET /tin-moi/rss.xml HTTP/1.1\r\nHost: a\r\n{close}{lines}\r\n\r\n")
    });
    statuses(server, &heads.collect::<Vec<_>>(), last)
}

/// A request within the body of another.
const INNER: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

/// The greeting of a TLS client (RFC 8446, 4.1.2), as far as it matters.
const CLIENT_HELLO: [u8; 11] = [0x16, 3, 1, 0, 0xc4, 1, 0, 0, 0xc0, 3, 3];

/// Paths, and what is made of them.
fn paths(server: &Server) -> Vec<(&'static str, String)> {
    let get = |paths: &[&str]| targets(server, "GET", paths);
    let traversals = [
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
    ];
    let mut rows = vec![
        (
            "`..` in a path, plain and in every encoding: `%2e%2e`, twice encoded, `\\`, overlong UTF-8",
            get(&traversals),
        ),
        (
            "names with a dot, the ledger, unfinished files, feeds.toml",
            get(&[
                "/.hidden",
                "/%2ehidden",
                "/.bantin/public.redb",
                "/.bantin/",
                "/.bantin-x.tmp",
                "/.git/config",
                "/feeds.toml",
            ]),
        ),
        ("a compressed file beside its original", get(&["/tin-moi/rss.xml.gz", "/feeds/tin-moi/rss.xml.gz"])),
        (
            "other spellings of a path: `//`, `/./`, capitals, a slash at the end",
            get(&[
                "/TIN-MOI/RSS.XML",
                "/tin-moi//rss.xml",
                "/tin-moi/./rss.xml",
                "/tin-moi/rss.xml/",
                "//etc/passwd",
            ]),
        ),
        ("`%00` in a path", get(&["/tin-moi/rss.xml%00", "/tin-moi/rss.xml%00.html"])),
        (
            "a whole address as the target: `http://elsewhere/…`, `file:///…`",
            get(&[
                "http://elsewhere.example/etc/passwd",
                "http://127.0.0.1:22/none",
                "file:///etc/passwd",
                "/file:///etc/passwd",
            ]),
        ),
        (
            "a path that begins with a second host: `//elsewhere/tin-moi`",
            get(&["//elsewhere.example/tin-moi", "//cu"]),
        ),
        (
            "a line break in a path, to add a header line: `/feeds/cu%0d%0aSet-Cookie:%20b=c`",
            get(&["/feeds/cu%0d%0aSet-Cookie:%20b=c", "/tin-moi%0aSet-Cookie:%20b=c"]),
        ),
    ];
    #[cfg(unix)]
    {
        rows.push((
            "symbolic links that lead out, to hidden files, or to nothing",
            get(&["/link.txt", "/linked/in.txt", "/shown.txt", "/dangling.xml"]),
        ));
        assert_eq!(server.get("/inside.xml").status, 200, "a link within the folder");
        assert_eq!(server.get("/%74in-moi/rss%2Exml").status, 200, "what need not be encoded");
        let answer = server.get("/a%0d%0aSet-Cookie:%20b=c");
        let to = answer.header("location").to_owned();
        assert!(answer.all("set-cookie").is_empty());
        rows.push((
            "a folder with a line break and a header line in its name",
            format!("{}, `Location: {to}`", answer.status),
        ));
    }
    let answer = server.send("GET /feeds/cu/rss.xml HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n");
    assert!(!answer.header("location").contains("evil"));
    rows.push((
        "a redirect asked for under another `Host`",
        format!("{}, `Location: {}`", answer.status, answer.header("location")),
    ));
    rows
}

/// Messages of which two programs could make two things.
fn messages(server: &Server) -> Vec<(&'static str, String)> {
    let one = |message: String| statuses(server, &[message], true);
    let head = |lines: &str| format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n");
    let framed = |framings: &[&str]| {
        let messages = framings.iter().map(|framing| head(framing) + INNER);
        statuses(server, &messages.collect::<Vec<_>>(), true)
    };
    let long = "a".repeat(20_000);
    vec![
        (
            "`Content-Length` twice, as a list, or no number",
            framed(&[
                "Content-Length: 4\r\nContent-Length: 40",
                "Content-Length: 4, 40",
                "Content-Length: +4",
                "Content-Length: 0x4",
            ]),
        ),
        (
            "`Content-Length` and `Transfer-Encoding`",
            framed(&[
                "Content-Length: 4\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
            ]),
        ),
        ("`Transfer-Encoding` that does not end with `chunked`, or in HTTP/1.0", {
            let old = format!("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n{INNER}");
            let codings = ["xchunked", "chunked, identity", "\u{b}chunked"];
            let new = codings.map(|coding| head(&format!("Transfer-Encoding: {coding}")) + INNER);
            statuses(server, &[new.to_vec(), vec![old]].concat(), true)
        }),
        (
            "a request inside the body of another",
            framed(&["Content-Length: 34", "Transfer-Encoding: chunked"]) + ", once",
        ),
        (
            "`Host` missing, twice, or no host",
            statuses(
                server,
                &[
                    "GET / HTTP/1.1\r\n\r\n".to_owned(),
                    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned(),
                    "GET / HTTP/1.1\r\nHost: a b\r\n\r\n".to_owned(),
                    "GET / HTTP/1.1\r\nHost: a/../b\r\n\r\n".to_owned(),
                ],
                true,
            ),
        ),
        (
            "header lines that go on in the next line (obs-fold), a bare CR, a space before the colon, no colon",
            statuses(server, &["X: y\r\n z", " X: y", "X: y\rZ: a", "Host : b", "no colon"].map(head), true),
        ),
        (
            "NUL and other controls in the first line or a header",
            statuses(
                server,
                &[
                    "GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
                    "GET /\u{1}\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
                    head("X: a\u{0}b"),
                    head("X\u{0}: ab"),
                ],
                true,
            ),
        ),
        ("lines that end with LF alone", {
            let message = "GET /health HTTP/1.1\nHost: a\nConnection: close\n\n".to_owned();
            statuses(server, &[message], true)
        }),
        ("a first line of 20,000 bytes", one(format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"))),
        ("a method of 20,000 letters", one(format!("{long} / HTTP/1.1\r\nHost: a\r\n\r\n"))),
        ("a header of 20,000 bytes", one(head(&format!("X: {long}")))),
        ("10,000 headers", one(head(&"A: b\r\n".repeat(10_000)))),
        ("10,000 empty lines", one("\r\n".repeat(10_000))),
        ("HTTP/0.9", one("GET /\r\n\r\n".to_owned())),
        ("HTTP/2 without being asked to", one("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned())),
        ("TLS", {
            let begun = Instant::now();
            let answer = Answer::of(&sent(server, &CLIENT_HELLO));
            assert!(begun.elapsed() < Duration::from_secs(5), "it is not waited for");
            answer.status.to_string()
        }),
        (
            "anything else, such as the protocols of mail and of Redis",
            statuses(
                server,
                &[
                    "EHLO a.example\r\n\r\n".to_owned(),
                    "*1\r\n$4\r\nPING\r\n\r\n".to_owned(),
                    "{\"a\": 1}\r\n\r\n".to_owned(),
                ],
                true,
            ),
        ),
    ]
}

/// Requests that are sound, and odd.
fn oddities(server: &Server) -> Vec<(&'static str, String)> {
    let methods = ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND", "get", "BREW"];
    let methods = methods
        .map(|method| format!("{method} /tin-moi/rss.xml HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    let others = ["OPTIONS * HTTP/1.1", "CONNECT 127.0.0.1:22 HTTP/1.1"];
    let others = others.map(|line| format!("{line}\r\nHost: a\r\nConnection: close\r\n\r\n"));
    let ranges = format!("Range: bytes={}0-", "0-,".repeat(2000));
    let codings = format!("Accept-Encoding: {}x", "gzip;q=0.001, ".repeat(800));
    let tags = format!("If-None-Match: {}\"x\"", "W/\"a\", ".repeat(1500));
    vec![
        (
            "every other method: `POST`, `PUT`, `TRACE`, `CONNECT`, `OPTIONS *`, `get`",
            statuses(server, &[methods.to_vec(), others.to_vec()].concat(), true),
        ),
        (
            "`Range`: one, 2,000 that overlap, of no unit; `If-Range`",
            with_lines(
                server,
                &["Range: bytes=0-0", &ranges, "Range: chapters=1-", "Range: bytes=0-0\r\nIf-Range: \"x\""],
                false,
            ) + ", the whole file",
        ),
        (
            "800 codings, 1,500 tags, weights that are no numbers, dates that are none",
            with_lines(
                server,
                &[
                    &codings,
                    &tags,
                    "Accept-Encoding: gzip;q=NaN, br;q=-1, *;q=1e9",
                    "If-Modified-Since: Thu, 99 Nov 99999 99:99:99 GMT",
                ],
                false,
            ),
        ),
        (
            "`Upgrade` to WebSocket or h2c; `Expect: 100-continue`",
            with_lines(
                server,
                &[
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAA\r\nConnection: close",
                    "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
                    "Expect: 100-continue",
                ],
                false,
            ) + ", no 1xx",
        ),
    ]
}

/// Clients that take their time, or everybody's.
fn floods(server: &Server) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    // Whoever waits: without a word, and byte by byte.
    let begun = Instant::now();
    let (mut silent, mut slow) = (server.connect(), server.connect());
    let mut dribble = slow.try_clone().unwrap();
    let dribbling = std::thread::spawn(move || {
        for byte in "GET / HTTP/1.1\r\nHost: a\r\n".bytes().chain(std::iter::repeat(b'x')) {
            if begun.elapsed() > Duration::from_secs(30) || dribble.write_all(&[byte]).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    // A flood of requests on one connection, of which every other one is for nothing, beside somebody who wants an answer.
    let pair = ["/tin-moi/rss.xml", "/none"]
        .map(|path| format!("GET {path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"))
        .concat();
    let flood = pair.repeat(5_000) + "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let mut pipeline = server.connect();
    let mut reader = pipeline.try_clone().unwrap();
    let mut answers = Vec::new();
    let slowest = std::thread::scope(|scope| {
        scope.spawn(move || pipeline.write_all(flood.as_bytes()).unwrap());
        let reading = scope.spawn(|| reader.read_to_end(&mut answers).unwrap());
        let mut slowest = Duration::ZERO;
        while !reading.is_finished() {
            let begun = Instant::now();
            assert_eq!(server.get("/health").status, 200);
            slowest = slowest.max(begun.elapsed());
        }
        slowest
    });
    assert!(slowest < Duration::from_secs(5), "others wait {slowest:?}");
    let statuses: Vec<&[u8]> =
        memchr::memmem::find_iter(&answers, b"HTTP/1.1 ").map(|at| &answers[at + 9..at + 12]).collect();
    assert!(statuses[..10_000].chunks(2).all(|pair| pair == [b"200", b"404"]), "in their order");
    rows.push((
        "10,000 requests at once on one connection",
        format!("{} answers in their order; others are answered meanwhile", statuses.len() - 1),
    ));
    // Those who ask for much and read nothing.
    let before = memory(server);
    let stuck: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            stream.read_exact(&mut [0; 15]).unwrap();
            stream
        })
        .collect();
    let taken = memory(server).saturating_sub(before);
    assert_eq!(server.get("/tin-moi/rss.xml").status, 200);
    assert!(taken < 16 << 20, "{taken} bytes for those who do not read");
    rows.push((
        "100 clients that ask for 20 MB each and read nothing",
        "others are answered; less than 16 MB of memory in all".to_owned(),
    ));
    drop(stuck);
    // And those were let go who took their time.
    let mut answer = Vec::new();
    let _ = slow.read_to_end(&mut answer);
    assert_eq!(silent.read(&mut [0]).unwrap(), 0);
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(8) && took < Duration::from_secs(25), "{took:?}");
    rows.push(("a head byte by byte", format!("{} after 10 s", Answer::of(&answer).status)));
    rows.push(("a connection without a word", "the end after 10 s".to_owned()));
    drop((slow, silent));
    dribbling.join().unwrap();
    assert_eq!(server.metric("bantin_http_timeouts_total"), 1.0, "to say nothing is no fault");
    rows
}

/// The memory that a server has, in bytes; nothing where the system does not tell.
fn memory(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024)
}

/// More connections than there is room for.
fn crowd(server: &Server) -> (&'static str, String) {
    // Half of them silent, half in the midst of a head.
    let crowd: Vec<TcpStream> = (0..2000)
        .map(|number| {
            let mut stream = server.connect();
            if number % 2 == 0 {
                // It may have been let go already.
                let _ = stream.write_all(b"GET / HTTP/1.1\r\n");
            }
            stream
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(server.get("/tin-moi/rss.xml").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert!(server.metric("bantin_http_connections") <= 200.0);
    assert!(server.metric("bantin_http_evicted_total") >= 1700.0);
    drop(crowd);
    eventually("the crowd has gone", || server.metric("bantin_http_connections") < 5.0);
    (
        "2,000 connections that wait, where 200 are allowed",
        "those who waited longest are let go; a feed is sent".to_owned(),
    )
}

/// The rows of the page's table.
fn shown() -> Vec<(String, String)> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/serving.md")).unwrap();
    let lines = page.lines().skip_while(|line| !line.starts_with("| what was tried |")).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|')).map(|line| {
        let (tried, answer) = line.trim_matches('|').rsplit_once('|').unwrap();
        (tried.trim().to_owned(), answer.trim().to_owned())
    });
    rows.collect()
}

#[cfg(unix)]
#[test]
fn what_was_tried_is_answered_as_the_page_tells() {
    let site = site();
    let server = Server::of(&site, &[]);
    let mut rows = [paths(&server), messages(&server), oddities(&server), floods(&server)].concat();
    rows.push(crowd(&server));
    // It lives, and serves what it did.
    assert_eq!(server.get("/tin-moi/rss.xml").body, fs::read(site.path("public/tin-moi/rss.xml")).unwrap());
    let shown = shown();
    for ((tried, answer), row) in rows.iter().zip(&shown) {
        assert_eq!((*tried, answer.as_str()), (row.0.as_str(), row.1.as_str()));
    }
    let lines: String = rows.iter().map(|(tried, answer)| format!("| {tried} | {answer} |\n")).collect();
    assert_eq!(rows.len(), shown.len(), "docs/serving.md must have these rows:\n{lines}");
}
