//! `bantin check URL`, on servers that do everything right, and on those that do one thing wrong.

use crate::server::{Answer, Request, Server};
use crate::site::{HEAD, Site, record};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// What a server has: the feed, and the page of the site.
#[derive(Clone)]
struct Served {
    feed: Vec<u8>,
    page: String,
}

/// A server that does everything right but for what `wrong` makes of its answers. The feed is at `/feeds/tin-moi/rss.xml`.
fn served(wrong: impl Fn(&Request, Answer) -> Answer + Send + Sync + 'static) -> Server {
    let content: Arc<OnceLock<Served>> = Arc::default();
    let known = Arc::clone(&content);
    let server = Server::start(move |request| wrong(request, right(request, known.get().unwrap())));
    let head = HEAD
        .replace("https://bao.example/feeds/", &format!("{}/feeds/", server.address))
        .replace("https://bao.example/", &format!("{}/", server.address));
    let config = format!(
        "{head}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n[websub]\nhub = \"{}/hub\"\n",
        server.address
    );
    let mut site = Site::new().config(&config);
    for number in 0..12 {
        site = site.article(record(&format!("a{number}"), number * 300 % 1000));
    }
    site.run(&["build"]).exits(0);
    let feed = site.read("public/tin-moi/rss.xml").into_bytes();
    let page = site.run(&["list", "--head"]).exits(0).stdout;
    assert!(content.set(Served { feed, page: format!("<!DOCTYPE html><head>{page}</head>") }).is_ok());
    server
}

const ETAG: &str = "\"v1\"";
const MODIFIED: &str = "Fri, 20 Nov 2026 10:00:00 GMT";

fn right(request: &Request, served: &Served) -> Answer {
    match request.target.as_str() {
        "/" => Answer::new(200, served.page.as_bytes()).with("content-type", "text/html; charset=utf-8"),
        "/hub" => Answer::new(405, ""),
        "/feeds/tin-moi/rss.xml" => {
            let fresh = request.header("if-none-match") == Some(ETAG)
                || request.header("if-modified-since") == Some(MODIFIED);
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(&served.feed).unwrap();
            let (status, body) = if fresh { (304, Vec::new()) } else { (200, packer.finish().unwrap()) };
            Answer::new(status, body)
                .with("content-type", "application/xml; charset=utf-8")
                .with("content-encoding", "gzip")
                .with("vary", "Accept-Encoding")
                .with("cache-control", "public, max-age=300")
                .with("etag", ETAG)
                .with("last-modified", MODIFIED)
        }
        _ => Answer::new(404, ""),
    }
}

/// The ids of what is found at a path of the server.
fn found(server: &Server, path: &str) -> (Option<i32>, BTreeSet<String>) {
    let site = Site::new();
    let url = format!("{}{path}", server.address);
    // What the articles of a test are like is not looked at here.
    let content = ["--allow", "language-mismatch", "--allow", "short-window"];
    let arguments = ["check", &url, "--format", "json", "--now", "2026-11-21T00:00:00Z"];
    let run = site.run(&[&arguments[..], &content[..]].concat());
    let report = run.json();
    let findings = report["files"][0]["findings"].as_array().unwrap_or_else(|| panic!("{report}"));
    (run.status, findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect())
}

const FEED: &str = "/feeds/tin-moi/rss.xml";

#[test]
fn a_feed_that_is_served_well_has_no_findings() {
    let server = served(|_, answer| answer);
    let (status, found) = found(&server, FEED);
    assert_eq!((status, found), (Some(0), BTreeSet::new()));
    let asked: Vec<String> = server.seen().iter().map(|request| request.target.clone()).collect();
    assert_eq!(asked, [FEED, FEED, FEED, FEED, "/hub", "/"]);
    let encodings: BTreeSet<_> =
        server.seen().iter().map(|r| r.header("accept-encoding").unwrap().to_owned()).collect();
    assert_eq!(encodings.len(), 1);
}

#[test]
fn each_fault_of_a_server_is_found() {
    type Wrong = Box<dyn Fn(&Request, Answer) -> Answer + Send + Sync>;
    fn feed_of(change: impl Fn(&Request, Answer) -> Answer + Send + Sync + 'static) -> Wrong {
        Box::new(move |request, answer| if request.target == FEED { change(request, answer) } else { answer })
    }
    fn feed(change: impl Fn(Answer) -> Answer + Send + Sync + 'static) -> Wrong {
        feed_of(move |_, answer| change(answer))
    }
    fn ignoring(header: &'static str) -> Wrong {
        let whole: OnceLock<Answer> = OnceLock::new();
        feed_of(move |request, answer| match request.header(header) {
            None if answer.status == 200 => whole.get_or_init(|| answer).clone(),
            None => answer,
            Some(_) => whole.get().cloned().unwrap(),
        })
    }
    let counter = AtomicUsize::new(0);
    let etags = AtomicUsize::new(0);
    let cases: Vec<(&str, i32, Wrong)> = vec![
        ("unreachable-feed", 1, feed(|_| Answer::new(404, "no"))),
        ("unreachable-feed", 1, feed(|_| Answer::new(500, ""))),
        ("bot-challenge", 1, feed(|_| Answer::new(403, "<!DOCTYPE html><title>Just a moment...</title>"))),
        ("bot-challenge", 1, feed(|_| Answer::new(503, "<html>").with("cf-mitigated", "challenge"))),
        ("redirect-loop", 1, feed(|_| Answer::new(301, "").with("location", FEED))),
        (
            "unexpected-content-type",
            0,
            feed(|answer| answer.with("content-type", "text/html; charset=utf-8")),
        ),
        ("missing-content-type", 0, feed(|answer| answer.without("content-type"))),
        ("missing-charset", 0, feed(|answer| answer.with("content-type", "application/rss+xml"))),
        ("cookie-set", 0, feed(|answer| answer.with("set-cookie", "session=geheim; Path=/"))),
        ("missing-vary", 0, feed(|answer| answer.without("vary"))),
        ("uncacheable-feed", 0, feed(|answer| answer.with("cache-control", "private, max-age=0"))),
        ("missing-lifetime", 0, feed(|answer| answer.without("cache-control"))),
        ("missing-validators", 0, feed(|answer| answer.without("etag").without("last-modified"))),
        ("etag-ignored", 0, ignoring("if-none-match")),
        ("last-modified-ignored", 0, ignoring("if-modified-since")),
        (
            "hub-unreachable",
            0,
            Box::new(|request, answer| if request.target == "/hub" { Answer::new(502, "") } else { answer }),
        ),
        (
            "missing-autodiscovery",
            0,
            Box::new(
                |request, answer| {
                    if request.target == "/" { Answer::new(200, "<html></html>") } else { answer }
                },
            ),
        ),
        (
            "html-instead-of-feed",
            1,
            feed(|answer| {
                Answer { body: b"<!DOCTYPE html><p>x".to_vec(), ..answer }.without("content-encoding")
            }),
        ),
        ("unstable-feed", 0, {
            feed(move |answer| {
                let body = format!(
                    "<rss version='2.0'><channel><title>{}</title></channel></rss>",
                    counter.fetch_add(1, Ordering::SeqCst)
                );
                Answer { body: body.into_bytes(), ..answer }.without("content-encoding")
            })
        }),
        (
            "changing-etag",
            0,
            feed(move |answer| answer.with("etag", &format!("\"{}\"", etags.fetch_add(1, Ordering::SeqCst)))),
        ),
    ];
    for (rule, status, wrong) in cases {
        let server = served(wrong);
        let (ended, found) = found(&server, FEED);
        assert!(found.contains(rule), "{rule} is not among {found:?}");
        // The unstable feed is broken in other ways, too.
        assert!(ended == Some(status) || rule == "unstable-feed", "{rule}: {ended:?} {found:?}");
    }
}

#[test]
fn redirects_are_followed_and_told() {
    let server = served(|request, answer| match request.target.as_str() {
        "/old" => Answer::new(301, "").with("location", "/older"),
        "/older" => Answer::new(302, "").with("location", FEED),
        "/far" => Answer::new(301, "").with("location", "ftp://a.example/"),
        _ => answer,
    });
    let (status, ids) = found(&server, "/old");
    let expected: BTreeSet<String> = ["permanent-redirect", "temporary-redirect"].map(str::to_owned).into();
    assert_eq!((status, ids), (Some(0), expected));
    let (status, ids) = found(&server, "/far");
    let expected: BTreeSet<String> = ["permanent-redirect", "unreachable-feed"].map(str::to_owned).into();
    assert_eq!((status, ids), (Some(1), expected));
}

#[test]
fn a_reader_is_stood_in_for() {
    let server = served(|request, answer| match request.header("user-agent") {
        Some(agent) if agent.starts_with("newsboat/") => Answer::new(403, "<html>go away"),
        _ => answer,
    });
    let site = Site::new();
    let url = format!("{}{FEED}", server.address);
    site.run(&["check", &url]).exits(0);
    site.run(&["check", &url, "--as", "newsboat"]).exits(1).prints(&["error[bot-challenge]"]);
    site.run(&["check", &url, "--as", "newsbot"])
        .exits(2)
        .says(&["no reader is called `newsbot`", "did you mean `newsboat`?"]);
    site.run(&["check", &url, "--as", "x"]).exits(2).says(&["known here: bantin, feedly"]);
}

#[test]
fn where_nobody_answers_is_said() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let site = Site::new();
    site.run(&["check", &format!("http://{closed}/rss.xml")])
        .exits(1)
        .prints(&["error[unreachable-feed]", "the connection is refused"]);
    site.run(&["check", "https://"]).exits(2).says(&["`https://` is no address"]);
    site.run(&["check", "htp://bao.example/rss.xml"]).exits(2).says(&[
        "cannot read htp://bao.example/rss.xml",
        "the address of a feed begins with https:// or http://",
    ]);
    site.run(&["check", &format!("http://{closed}/a"), "--allow", "unreachable-feed"]).exits(0);
}

/// The address is told once, and that of an answer on the way where it is another.
#[test]
fn the_report_for_people_does_not_repeat_itself() {
    let server = Server::start(|request| match request.target.as_str() {
        "/old.xml" => Answer::new(302, "").with("location", "/new.xml"),
        _ => Answer::new(500, ""),
    });
    let (site, old, new) =
        (Site::new(), format!("{}/old.xml", server.address), format!("{}/new.xml", server.address));
    let text = site.run(&["check", &old]).exits(1).stdout;
    assert_eq!(text.matches(&old).count(), 2, "one for each finding:\n{text}");
    assert!(text.contains(&format!("at {new}\n")), "{text}");
    let json = site.run(&["check", &old, "--format", "json"]).exits(1).json().to_string();
    assert!(json.contains(&format!("\"path\":\"{old}\"")), "programs are told everything: {json}");
}
