//! `bantin serve`: what readers, browsers and caches are answered.

use crate::serve_client::{Server, eventually};
use crate::site::{HEAD, Site, record, with};
use std::fs;

/// A built newspaper with an old path and a path that is gone.
fn built() -> Site {
    let site = Site::new().articles(20, "Thời sự").config(&format!(
        r#"{HEAD}
        [[feed]]
        title = "Tin mới"
        slug = "tin-moi"
        ttl = 10
        aliases = ["rss/home.rss", "cu"]
        [[feed]]
        title = "Thời sự"
        [serve]
        gone = ["bo", "tin/het.xml"]
        max_age = 120
        "#
    ));
    site.run(&["build"]).exits(0);
    site
}

#[test]
fn readers_get_feeds_with_everything_that_belongs_to_them() {
    let site = built();
    let server = Server::of(&site, &[]);
    for (path, media_type) in [
        ("tin-moi/rss.xml", "application/rss+xml; charset=utf-8"),
        ("tin-moi/atom.xml", "application/atom+xml; charset=utf-8"),
        ("tin-moi/feed.json", "application/feed+json; charset=utf-8"),
    ] {
        let answer = server.get(&format!("/feeds/{path}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, media_type));
        assert_eq!(answer.body, fs::read(site.path(&format!("public/{path}"))).unwrap());
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        assert_eq!(answer.header("cache-control"), "public, max-age=600", "the feed's ttl");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.all("link"), [format!("<https://bao.example/feeds/{path}>; rel=\"self\"")]);
        assert!(answer.header("etag").starts_with('"') && answer.header("last-modified").ends_with("GMT"));
        assert!(!answer.header("date").is_empty() && answer.header("set-cookie").is_empty());
        // Behind a server that takes the folder's own path off.
        assert_eq!(server.get(&format!("/{path}?utm=1")).body, answer.body);
    }
    let other = server.get("/feeds/thoi-su/rss.xml");
    assert_eq!(other.header("cache-control"), "public, max-age=120");
}

#[test]
fn browsers_get_a_type_that_they_style() {
    let site = built();
    let server = Server::of(&site, &[]);
    let browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let reader = server.get("/tin-moi/rss.xml");
    let shown = server.ask("GET", "/tin-moi/rss.xml", &[browser]);
    assert_eq!(shown.header("content-type"), "application/xml; charset=utf-8");
    assert_eq!(
        (shown.header("vary"), reader.header("vary")),
        ("Accept, Accept-Encoding", "Accept, Accept-Encoding")
    );
    assert_eq!(shown.body, reader.body);
    assert_ne!(shown.header("etag"), reader.header("etag"), "two representations");
    assert!(!shown.header("content-security-policy").contains("script"), "a feed has none");
    for (tag, status) in [(shown.header("etag"), 304), (reader.header("etag"), 200)] {
        let answer = server.ask("GET", "/tin-moi/rss.xml", &[browser, &format!("If-None-Match: {tag}")]);
        assert_eq!(answer.status, status, "{tag}");
    }
    for path in ["/", "/feeds/", "/feeds/tin-moi/", "/tin-moi/index.html"] {
        let page = server.ask("GET", path, &[browser]);
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert_eq!(page.header("vary"), "Accept-Encoding");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
    }
    assert_eq!(server.get("/assets/style.css").header("content-type"), "text/css; charset=utf-8");
    assert_eq!(server.get("/feeds.opml").header("content-type"), "text/x-opml; charset=utf-8");
}

#[test]
fn what_is_known_is_not_sent_again() {
    let site = built();
    let server = Server::of(&site, &[]);
    let first = server.get("/tin-moi/rss.xml");
    let (tag, date) = (first.header("etag"), first.header("last-modified"));
    let ask = |headers: &[&str]| server.ask("GET", "/tin-moi/rss.xml", headers);
    let known = format!("If-None-Match: {tag}");
    let since = format!("If-Modified-Since: {date}");
    let before = "If-Modified-Since: Thu, 01 Jan 2015 00:00:00 GMT";
    for (headers, status) in [
        (vec![known.as_str()], 304),
        (vec![&format!("If-None-Match: W/{tag}")], 304),
        (vec![&format!("If-None-Match: \"x\", {tag}")], 304),
        (vec!["If-None-Match: \"x\"", &known], 304),
        (vec!["If-None-Match: *"], 304),
        (vec![&since], 304),
        (vec![before], 200),
        (vec!["If-Modified-Since: soon"], 200),
        // What is known goes before what is dated.
        (vec!["If-None-Match: \"x\"", &since], 200),
        (vec![&known, before], 304),
        (vec!["If-Match: \"x\""], 412),
        (vec![&format!("If-Match: {tag}")], 200),
        (vec!["If-Unmodified-Since: Thu, 01 Jan 2015 00:00:00 GMT"], 412),
    ] {
        let answer = ask(&headers);
        assert_eq!(answer.status, status, "{headers:?}");
        if status == 304 {
            assert!(answer.body.is_empty() && answer.header("content-length").is_empty());
            for name in ["etag", "last-modified", "cache-control", "vary", "access-control-allow-origin"] {
                assert_eq!(answer.header(name), first.header(name), "{name}");
            }
        }
    }
    // Of one coding nothing is known by what is known of another.
    assert_eq!(ask(&[&known, "Accept-Encoding: gzip"]).status, 200);
    let head = server.ask("HEAD", "/tin-moi/rss.xml", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["etag", "content-length", "content-type", "last-modified", "cache-control"] {
        assert_eq!(head.header(name), first.header(name), "{name}");
    }
    assert_eq!(server.ask("HEAD", "/tin-moi/rss.xml", &[&known]).status, 304);
}

#[test]
fn the_coding_is_the_one_that_is_wanted_most() {
    let site = built();
    let server = Server::of(&site, &[]);
    let plain = server.get("/tin-moi/feed.json");
    let mut tags = vec![plain.header("etag").to_owned()];
    for (accepted, encoding) in [
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip;q=0.5, br;q=0.4", "gzip"),
        ("gzip;q=0, *", "br"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("*;q=0, zstd", "zstd"),
        ("identity, gzip;q=0.9", ""),
        ("deflate", ""),
        ("", ""),
    ] {
        let answer = server.ask("GET", "/tin-moi/feed.json", &[&format!("Accept-Encoding: {accepted}")]);
        assert_eq!(answer.header("content-encoding"), encoding, "{accepted}");
        assert_eq!(answer.plain(), plain.body, "{accepted}");
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        tags.push(answer.header("etag").to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "a tag for each coding: {tags:?}");
    for accepted in ["identity;q=0", "*;q=0"] {
        let answer = server.ask("GET", "/tin-moi/feed.json", &[&format!("Accept-Encoding: {accepted}")]);
        assert_eq!(answer.status, 406, "{accepted}");
    }
}

#[test]
fn old_paths_lead_to_new_ones_and_gone_ones_say_so() {
    let site = built();
    let server = Server::of(&site, &[]);
    for (old, new) in [
        ("/feeds/rss/home.rss", "/feeds/tin-moi/rss.xml"),
        ("/rss/home.rss", "/tin-moi/rss.xml"),
        ("/feeds/cu/atom.xml", "/feeds/tin-moi/atom.xml"),
        ("/feeds/cu/", "/feeds/tin-moi/"),
        ("/feeds/cu", "/feeds/tin-moi/"),
        ("/feeds/tin-moi", "/feeds/tin-moi/"),
    ] {
        let answer = server.get(old);
        assert_eq!((answer.status, answer.header("location")), (301, new), "{old}");
        assert_eq!(server.get(new).status, 200);
    }
    for gone in ["/feeds/bo", "/feeds/bo/", "/feeds/bo/rss.xml", "/bo/a/b", "/tin/het.xml"] {
        assert_eq!(server.get(gone).status, 410, "{gone}");
    }
    for missing in ["/bo-khac", "/tin/", "/tin/het", "/feeds/none.xml", "/feeds/tin-moi/none/"] {
        assert_eq!(server.get(missing).status, 404, "{missing}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let answer = server.ask(method, "/feeds/tin-moi/rss.xml", &[]);
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
    }
}

#[test]
fn a_new_build_is_served_without_being_asked_to() {
    let site = built();
    let server = Server::of(&site, &[]);
    let first = server.get("/thoi-su/rss.xml");
    let site = site.article(with(record("muon", 1), "title", "Tin muộn"));
    site.run(&["build"]).exits(0);
    eventually("the new build is served", || server.get("/thoi-su/rss.xml").body != first.body);
    let second = server.get("/thoi-su/rss.xml");
    assert_eq!(second.body, fs::read(site.path("public/thoi-su/rss.xml")).unwrap());
    let known = format!("If-None-Match: {}", first.header("etag"));
    assert_eq!(server.ask("GET", "/thoi-su/rss.xml", &[&known]).status, 200);
    // What came from elsewhere is found, and what is removed is found no longer.
    fs::write(site.path("public/robots.txt"), "User-agent: *\n").unwrap();
    eventually("a new file is served", || server.get("/robots.txt").status == 200);
    fs::remove_file(site.path("public/robots.txt")).unwrap();
    eventually("a file that is gone is not", || server.get("/robots.txt").status == 404);
}

#[cfg(unix)]
#[test]
fn a_hangup_reads_the_configuration_again() {
    let site = built();
    let server = Server::of(&site, &[]);
    assert_eq!(server.get("/tin-moi/rss.xml").header("cache-control"), "public, max-age=600");
    let text = site.read("feeds.toml").replace("ttl = 10", "ttl = 20");
    site.write("feeds.toml", text.as_bytes());
    server.signal("HUP");
    eventually("the new ttl counts", || {
        server.get("/tin-moi/rss.xml").header("cache-control") == "public, max-age=1200"
    });
    // A mistake is shown, and what is served stays.
    site.write("feeds.toml", b"[site\n");
    server.signal("HUP");
    eventually("the mistake is shown", || server.said().contains("feeds.toml:1:"));
    assert_eq!(server.get("/tin-moi/rss.xml").status, 200);
    assert!(server.metric("bantin_load_failures_total") >= 1.0);
}

#[test]
fn what_was_served_is_counted_and_logged() {
    let site = built();
    let mut server = Server::of(&site, &["--access-log", "combined"]);
    let first =
        server.ask("GET", "/tin-moi/rss.xml", &["User-Agent: reader \"1\"", "Referer: https://a.example/"]);
    server.ask("GET", "/tin-moi/rss.xml", &[&format!("If-None-Match: {}", first.header("etag"))]);
    server.get("/none");
    let health = server.get("/health");
    assert_eq!(
        (health.status, health.text().as_str(), health.header("cache-control")),
        (200, "ok\n", "no-store")
    );
    for (name, value) in [
        ("bantin_http_requests_total{status=\"304\"}", 1.0),
        ("bantin_http_requests_total{status=\"404\"}", 1.0),
        ("bantin_feed_requests_total{feed=\"tin-moi/rss.xml\",status=\"200\"}", 1.0),
        ("bantin_feed_requests_total{feed=\"tin-moi/rss.xml\",status=\"304\"}", 1.0),
        ("bantin_feed_sent_bytes_total{feed=\"tin-moi/rss.xml\"}", first.body.len() as f64),
        // The newest entry: 2026-11-20T16:59:00+07:00.
        ("bantin_feed_updated_timestamp_seconds{feed=\"tin-moi/rss.xml\"}", 1_795_168_740.0),
    ] {
        assert_eq!(server.metric(name), value, "{name}");
    }
    // The one that asks; the server may still be closing the one before.
    eventually("connections are closed", || server.metric("bantin_http_connections") == 1.0);
    #[cfg(unix)]
    {
        use std::io::Read;
        server.signal("TERM");
        assert_eq!(server.status(), Some(0));
        let mut log = String::new();
        server.child.stdout.take().unwrap().read_to_string(&mut log).unwrap();
        let lines: Vec<&str> = log.lines().collect();
        let sent = first.body.len();
        assert!(
            lines[0].starts_with("127.0.0.1 - - [")
                && lines[0].contains(" +0000] \"GET /tin-moi/rss.xml HTTP/1.1\"")
        );
        assert!(
            lines[0].ends_with(&format!("\" 200 {sent} \"https://a.example/\" \"reader \\\"1\\\"\"")),
            "{log}"
        );
        assert!(
            lines[1].ends_with("HTTP/1.1\" 304 - \"-\" \"-\"") && lines[2].contains("/none HTTP/1.1\" 404"),
            "{log}"
        );
    }
}

#[test]
fn what_cannot_be_served_is_said() {
    let site = Site::new();
    site.run(&["serve", "--listen", "127.0.0.1:0"]).exits(2).says(&[
        "nothing to serve",
        "public",
        "bantin build",
    ]);
    let site = built();
    site.run(&["serve", "--listen", "nonsense"])
        .exits(2)
        .says(&["cannot listen on `nonsense`", "127.0.0.1:8080"]);
    let server = Server::of(&site, &[]);
    let taken = server.address.to_string();
    site.run(&["serve", "--listen", &taken]).exits(2).says(&[
        "cannot listen on",
        &taken,
        "another program listens there",
        "--listen 127.0.0.1:8081",
    ]);
    site.run(&["serve", "--listen", "192.0.2.1:8080"])
        .exits(2)
        .says(&["that address is none of this machine's"]);
    let bare = Site::new();
    fs::remove_file(bare.path("feeds.toml")).unwrap();
    bare.run(&["serve"]).exits(2).says(&["no feeds.toml in", "`bantin init` writes one"]);
    let text = site.read("feeds.toml").replace("max_age = 120", "listen = \"8080\"");
    site.write("feeds.toml", text.as_bytes());
    site.run(&["serve"]).exits(2).says(&["cannot listen on `8080`", "feeds.toml:"]);
}

/// What is served stays while the folder is away, and what comes in its place is found.
#[test]
fn a_folder_may_be_removed_and_come_back() {
    let site = built();
    let server = Server::of(&site, &[]);
    let first = server.get("/tin-moi/rss.xml");
    fs::rename(site.path("public"), site.path("away")).unwrap();
    eventually("it is said", || server.said().contains("what is served stays as it was"));
    assert_eq!(server.get("/tin-moi/rss.xml").body, first.body);
    fs::rename(site.path("away"), site.path("public")).unwrap();
    site.write("public/robots.txt", b"User-agent: *\n");
    eventually("it is found again", || server.get("/robots.txt").status == 200);
    fs::remove_dir_all(site.path("public")).unwrap();
    site.run(&["build"]).exits(0);
    eventually("so is another one", || server.get("/robots.txt").status == 404);
    assert_eq!(server.get("/tin-moi/rss.xml").body, first.body);
    // One in which there is nothing yet is served, and told of.
    let empty = Site::new();
    fs::create_dir(empty.path("public")).unwrap();
    let server = Server::of(&empty, &[]);
    eventually("it is said", || server.said().contains("there is no file in public yet"));
    let filled = empty.article(record("a", 1));
    filled.run(&["build"]).exits(0);
    eventually("what comes is served", || server.get("/tin-moi/rss.xml").status == 200);
}
