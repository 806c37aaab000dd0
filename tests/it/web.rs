//! Sources of the web: what is fetched and how, and what happens when a server misbehaves. Whatever it does, the old
//! feeds stay.

use crate::site::{HEAD, Run, Site, assert_same, record};
use crate::web_server::{Request, Server, answer, json};
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// A newspaper that fetches an address of the server.
fn of(server: &Server, path: &str, rest: &str) -> Site {
    configured(&format!("url = \"{}\"\nallow_private = true\n{rest}", server.url(path)))
}

fn configured(source: &str) -> Site {
    Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", source))
}

fn records(ids: &[&str]) -> Value {
    Value::Array(ids.iter().zip(1..).map(|(id, minutes)| record(id, minutes)).collect())
}

fn good(_: &Request, stream: &mut TcpStream) {
    json(stream, &records(&["a", "b", "c"]));
}

/// Builds once from a server that is well, then again once it is not. What was published stays; what is said is returned.
#[track_caller]
fn fails(
    bad: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static,
    rest: &str,
    says: &[&str],
) -> Server {
    let server = Server::start(good);
    let site = of(&server, "/api", rest);
    site.run(&["build"]).exits(0).prints(&["3 articles from 1 file"]);
    let before = site.tree();
    server.turns(bad);
    let run = site.run(&["build"]).exits(1);
    let run =
        run.says(&["source 1 failed: cannot fetch http://127.0.0.1:", "/api: ", "what it gave last is used"]);
    run.says(says).prints(&["3 articles from 1 file"]);
    assert_same(&site.tree(), &before);
    // Nothing half-done is left behind either.
    let waiting: Vec<String> =
        site.tree_of(".bantin").into_keys().filter(|file| file.contains("waiting")).collect();
    assert_eq!(waiting, [""; 0]);
    server
}

#[test]
fn an_address_is_read() {
    let server = Server::start(good);
    let site = of(&server, "/api", "");
    site.run(&["build"]).exits(0).prints(&["3 articles from 1 file"]);
    assert!(site.read("public/thoi-su/rss.xml").contains("Tin a"));
    let request = &server.requests()[0];
    assert_eq!(request.target, "/api");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(request.header("user-agent"), format!("bantin/{version} (+https://bao.example/)"));
    assert!(request.header("accept-encoding").contains("gzip"));
}

#[test]
fn several_addresses_are_one_source_and_formats_follow_from_types() {
    let server = Server::start(|request, stream| match request.target.as_str() {
        "/json" => json(stream, &records(&["a"])),
        "/table" => answer(
            stream,
            "200 OK",
            &[("Content-Type", "text/csv; charset=utf-8")],
            b"id,title,url\nx,X,/x\n",
        ),
        _ => answer(stream, "200 OK", &[], b"{\"id\": 1, \"title\": \"L\", \"url\": \"/l\"}\n"),
    });
    let addresses = ["/json", "/table", "/lines.jsonl"].map(|path| format!("\"{}\"", server.url(path)));
    let site = configured(&format!("url = [{}]\nallow_private = true", addresses.join(", ")));
    site.run(&["build"]).exits(0).prints(&["3 articles from 3 files"]);
    server.turns(|request, stream| match request.target.as_str() {
        "/table" => answer(stream, "404 Not Found", &[], b""),
        _ => json(stream, &records(&["new"])),
    });
    // The source is whole or what it was.
    site.run(&["build"]).exits(1).says(&["/table: the server answered 404"]).prints(&["3 articles"]);
}

#[test]
fn a_record_that_cannot_be_read_is_at_its_address() {
    let server =
        Server::start(|_, stream| json(stream, &json!([{"title": "T", "url": "/t"}, {"no": "title"}])));
    let site = of(&server, "/api", "");
    site.run(&["build"]).exits(0).says(&[&format!("{}:1:", server.url("/api"))]);
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let server = Server::start(|request, stream| {
        let headers = [
            ("ETag", "\"v1\""),
            ("Last-Modified", "Fri, 20 Nov 2026 08:00:00 GMT"),
            ("Content-Type", "application/json"),
        ];
        match request.header("if-none-match") == "\"v1\"" {
            true => answer(stream, "304 Not Modified", &headers[..2], b""),
            false => answer(stream, "200 OK", &headers, records(&["a", "b"]).to_string().as_bytes()),
        }
    });
    let site = of(&server, "/api", "");
    site.run(&["build"]).exits(0);
    thread::sleep(Duration::from_millis(1300));
    site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
    let second = server.requests()[1].clone();
    assert_eq!(second.header("if-none-match"), "\"v1\"");
    assert_eq!(second.header("if-modified-since"), "Fri, 20 Nov 2026 08:00:00 GMT");
    let run = site.run(&["build", "-v"]).exits(0);
    run.says(&["nothing has changed"]);
    assert_eq!(server.requests().len(), 3, "a run without changes asks, too");
}

#[test]
fn what_changed_under_the_same_tag_is_taken() {
    let server = Server::start(|request, stream| {
        let ids: &[&str] = if request.before == 0 { &["a"] } else { &["a", "b"] };
        let headers = [("ETag", "\"same\""), ("Content-Type", "application/json")];
        answer(stream, "200 OK", &headers, records(ids).to_string().as_bytes());
    });
    let site = of(&server, "/api", "");
    site.run(&["build"]).exits(0).prints(&["1 article from"]);
    site.run(&["build"]).exits(0).prints(&["2 articles from"]);
}

#[test]
fn pages_are_counted_until_one_is_empty() {
    let server = Server::start(|request, stream| match request.number("trang") {
        Some(1) => json(stream, &records(&["a", "b"])),
        Some(2) => json(stream, &records(&["c"])),
        _ => json(stream, &json!({"items": []})),
    });
    let site = of(&server, "/api?x=1", "paging = { parameter = \"trang\" }");
    site.run(&["build"]).exits(0).prints(&["3 articles from 2 files"]);
    let targets: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["/api?x=1&trang=1", "/api?x=1&trang=2", "/api?x=1&trang=3"]);
}

#[test]
fn an_offset_grows_by_its_step_and_pages_are_limited() {
    let server = Server::start(|request, stream| {
        let id = format!("o{}", request.number("offset").unwrap());
        json(stream, &records(&[&id]));
    });
    let site = of(&server, "/api", "paging = { parameter = \"offset\", first = 0, step = 20, pages = 3 }");
    site.run(&["build"]).exits(0).prints(&["3 articles from 3 files"]);
    let targets: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["/api?offset=0", "/api?offset=20", "/api?offset=40"]);
}

#[test]
fn a_page_leads_to_the_next_in_its_json() {
    let server = Server::start(|request, stream| match request.target.as_str() {
        "/api" => json(stream, &json!({"data": records(&["a"]), "links": {"next": "/api/2"}})),
        "/api/2" => json(stream, &json!({"data": records(&["b"]), "links": {"next": {"href": "/api/3"}}})),
        _ => json(stream, &json!({"data": records(&["c"]), "links": {"next": null}})),
    });
    let site = of(&server, "/api", "paging = { next = \"links.next\" }\nrecords = \"data\"");
    site.run(&["build"]).exits(0).prints(&["3 articles from 3 files"]);
}

#[test]
fn a_word_leads_to_the_next_page() {
    let server = Server::start(|request, stream| match request.target.as_str() {
        "/api" => json(stream, &json!({"data": records(&["a"]), "cursor": "x y"})),
        "/api?after=x+y" => json(stream, &json!({"data": records(&["b"]), "cursor": ""})),
        _ => answer(stream, "404 Not Found", &[], b""),
    });
    let site = of(&server, "/api", "paging = { next = \"cursor\", parameter = \"after\" }");
    site.run(&["build"]).exits(0).prints(&["2 articles from 2 files"]);
}

#[test]
fn a_header_leads_to_the_next_page_also_of_what_did_not_change() {
    let server = Server::start(|request, stream| {
        let page = request.number("page").unwrap_or(1);
        let tag = format!("\"p{page}\"");
        if request.header("if-none-match") == tag {
            return answer(stream, "304 Not Modified", &[], b"");
        }
        let link = "</api?page=2>; rel=\"next\"";
        let mut headers = vec![("ETag", tag.as_str()), ("Content-Type", "application/json")];
        if page == 1 {
            headers.push(("Link", link));
        }
        let body = records(&[&format!("p{page}")]).to_string();
        answer(stream, "200 OK", &headers, body.as_bytes());
    });
    let site = of(&server, "/api", "paging = { link = true }");
    site.run(&["build"]).exits(0).prints(&["2 articles from 2 files"]);
    site.run(&["build"]).exits(0).prints(&["2 articles from 2 files"]);
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn of_counted_pages_only_those_that_changed_are_sent_again() {
    // Every page has its version; the header says how many there are.
    fn pages(versions: &'static [u32], total: &'static str) -> impl Fn(&Request, &mut TcpStream) {
        move |request, stream| {
            let page = request.number("page").unwrap();
            let Some(version) = versions.get(page - 1) else {
                return answer(stream, "400 Bad Request", &[], b"");
            };
            let tag = format!("\"{page}.{version}\"");
            let headers = [("ETag", tag.as_str()), ("X-Pages", total), ("Content-Type", "application/json")];
            if request.header("if-none-match") == tag {
                return answer(stream, "304 Not Modified", &headers[..2], b"");
            }
            let ids = [format!("p{page}"), format!("v{page}-{version}")];
            let body = records(&[&ids[0], &ids[1]]).to_string();
            answer(stream, "200 OK", &headers, body.as_bytes());
        }
    }
    let conditions = |server: &Server| -> Vec<String> {
        server.requests().iter().map(|request| request.header("if-none-match").to_owned()).collect()
    };
    let server = Server::start(pages(&[1, 1, 1], "3"));
    let site = of(&server, "/api", "paging = { parameter = \"page\", total = \"X-Pages\" }");
    site.run(&["build"]).exits(0).prints(&["6 articles from 3 files"]);
    server.turns(pages(&[1, 1, 1], "3"));
    let run = site.run(&["build", "-v"]).exits(0).prints(&["6 articles from 3 files"]);
    run.says(&["gave what it gave last"]);
    assert_eq!(conditions(&server), ["\"1.1\"", "\"2.1\"", "\"3.1\""]);
    // One of them is new, and known the time after.
    for _ in 0..2 {
        server.turns(pages(&[1, 2, 1], "3"));
        site.run(&["build"]).exits(0).prints(&["6 articles from 3 files"]);
    }
    assert_eq!(conditions(&server), ["\"1.1\"", "\"2.2\"", "\"3.1\""]);
    // The last is gone, and one more is there, while the others stay.
    server.turns(pages(&[1, 2], "2"));
    site.run(&["build"]).exits(0).prints(&["4 articles from 2 files"]);
    server.turns(pages(&[1, 2, 1, 1], "4"));
    site.run(&["build"]).exits(0).prints(&["8 articles from 4 files"]);
}

fn post(id: u32) -> Value {
    json!({
        "id": id,
        "date": "2026-11-20T16:00:00",
        "date_gmt": "2026-11-20T09:00:00",
        "modified_gmt": "2026-11-20T09:00:00",
        "guid": {"rendered": format!("https://bao.example/?p={id}")},
        "link": format!("https://bao.example/tin-{id}/"),
        "slug": format!("tin-{id}"),
        "status": "publish",
        "title": {"rendered": format!("Tin &#8220;{id}&#8221;")},
        "content": {"rendered": "<p>Nội dung</p>", "protected": false},
        "excerpt": {"rendered": "<p>Tóm tắt</p>"},
        "author": 7,
        "categories": [3],
        "tags": [9],
        "_embedded": {
            "author": [{"id": 7, "name": "Lò Thị Mai", "url": "", "link": "https://bao.example/author/mai/"}],
            "wp:term": [[{"id": 3, "name": "Thời sự", "taxonomy": "category"}], [{"id": 9, "name": "mưa"}]],
            "wp:featuredmedia": [{
                "id": 4, "link": "https://bao.example/anh/", "title": {"rendered": "anh"}, "caption": {"rendered": "<p>Nước <b>lên</b></p>\n"},
                "alt_text": "Suối", "media_type": "image", "mime_type": "image/jpeg", "source_url": "https://bao.example/anh.jpg",
            }],
        },
    })
}

#[test]
fn wordpress_is_known() {
    let server = Server::start(|request, stream| {
        let page = request.number("page").unwrap_or(1) as u32;
        let body = Value::Array(vec![post(page * 10), post(page * 10 + 1)]).to_string();
        let headers = [("X-WP-TotalPages", "2"), ("Content-Type", "application/json")];
        answer(stream, "200 OK", &headers, body.as_bytes());
    });
    let site = of(&server, "/", "api = \"wordpress\"");
    site.run(&["build"]).exits(0).prints(&["4 articles from 2 files"]);
    let targets: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
    let first = "/wp-json/wp/v2/posts?per_page=100&_embed=author,wp:term,wp:featuredmedia&page=1";
    assert_eq!(targets, [first.to_owned(), first.replace("&page=1", "&page=2")]);
    let feed: Value = serde_json::from_str(&site.read("public/thoi-su/feed.json")).unwrap();
    let item = &feed["items"][0];
    assert_eq!(item["title"], "Tin “10”");
    assert_eq!(item["id"], "https://bao.example/?p=10");
    assert_eq!(item["url"], "https://bao.example/tin-10/");
    assert_eq!(item["date_published"], "2026-11-20T09:00:00Z");
    assert_eq!(item["authors"][0]["name"], "Lò Thị Mai");
    assert_eq!(item["image"], "https://bao.example/anh.jpg");
    let rss = site.read("public/thoi-su/rss.xml");
    assert!(rss.contains("<media:title>Nước lên</media:title>"), "{rss}");
    assert!(item["tags"].as_array().unwrap().contains(&json!("mưa")), "{item}");
}

#[test]
fn ghost_is_known_and_its_key_is_not_told() {
    let server = Server::start(|request, stream| {
        let page = request.number("page").unwrap_or(1);
        let next = if page == 1 { json!(2) } else { Value::Null };
        let post = json!({
            "id": format!("63a{page}"), "uuid": format!("u{page}"), "title": format!("Tin {page}"),
            "html": "<p>Mở đầu.</p>", "custom_excerpt": "Tóm tắt", "feature_image": "https://bao.example/a.jpg",
            "feature_image_alt": "Suối", "feature_image_caption": null, "visibility": "members", "access": false,
            "url": format!("https://bao.example/tin-{page}/"), "published_at": "2026-11-20T09:00:00.000+00:00",
            "tags": [{"name": "#an", "visibility": "internal"}, {"name": "Thời sự"}, {"name": "mưa"}],
            "authors": [{"name": "Lò Thị Mai", "url": "https://bao.example/author/mai/"}],
        });
        json(
            stream,
            &json!({"posts": [post], "meta": {"pagination": {"page": page, "pages": 2, "next": next}}}),
        );
    });
    let site = of(&server, "/?key=${GHOST_KEY}", "api = \"ghost\"");
    let build =
        |site: &Site| Run::of(site.command(&["build", "-vv"]).env("GHOST_KEY", "geheim/7").output().unwrap());
    let run = build(&site).exits(0).prints(&["2 articles from 2 files"]);
    assert!(!run.stderr.contains("geheim"), "{}", run.stderr);
    let requests = server.requests();
    assert!(requests[0].target.starts_with("/ghost/api/content/posts/?key=geheim%2F7&limit=100"));
    assert_eq!(requests[1].number("page"), Some(2));
    assert_eq!(requests[0].header("accept-version"), "v5.0");
    let feed: Value = serde_json::from_str(&site.read("public/thoi-su/feed.json")).unwrap();
    let item = &feed["items"][0];
    assert_eq!((&item["summary"], &item["tags"]), (&json!("Tóm tắt"), &json!(["Thời sự", "mưa"])), "{item}");
    // What the interface gives of an article for members is what everybody may read.
    assert_eq!(item["content_html"], "<p>Mở đầu.</p>");
    server.turns(|_, stream| answer(stream, "401 Unauthorized", &[], b""));
    let run = build(&site).exits(1).says(&["key=${GHOST_KEY}", "401 Unauthorized"]);
    assert!(!run.stderr.contains("geheim"), "{}", run.stderr);
}

#[test]
fn headers_come_from_the_environment() {
    let server = Server::start(|request, stream| match request.header("authorization") {
        "Bearer geheim" => json(stream, &records(&["a"])),
        _ => answer(stream, "403 Forbidden", &[], b""),
    });
    let site = of(&server, "/api", "headers = { Authorization = \"Bearer ${TOKEN}\" }");
    let build = |value: Option<&str>| {
        let mut command = site.command(&["build"]);
        match value {
            Some(value) => command.env("TOKEN", value),
            None => command.env_remove("TOKEN"),
        };
        Run::of(command.output().unwrap())
    };
    build(None).exits(2).says(&["the environment variable TOKEN is not set"]);
    let run = build(Some("falsch")).exits(2).says(&[
        "403 Forbidden; is the key in the address right, or do `headers` lack what it wants to see?",
    ]);
    assert!(!run.stderr.contains("falsch"));
    build(Some("geheim")).exits(0).prints(&["1 article"]);
    build(Some("a\nb")).exits(1).says(&["TOKEN holds what cannot be sent"]);
}

#[test]
fn headers_go_to_their_own_host_alone() {
    let other = Server::start(good);
    let elsewhere = other.url("/api");
    let server =
        Server::start(move |_, stream| answer(stream, "302 Found", &[("Location", &elsewhere)], b""));
    let site = of(&server, "/api", "headers = { X-Key = \"geheim\" }");
    site.run(&["build"]).exits(0);
    assert_eq!(server.requests()[0].header("x-key"), "geheim");
    assert_eq!(other.requests()[0].header("x-key"), "");
}

#[test]
fn a_slow_header_is_not_waited_for() {
    let begun = Instant::now();
    let slow = |_: &Request, stream: &mut TcpStream| {
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " {
            let _ = stream.write_all(&[*byte]);
            thread::sleep(Duration::from_millis(300));
        }
    };
    fails(slow, "timeout = 2", &["it took longer than 2 seconds"]);
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_slow_body_is_not_waited_for() {
    let slow = |_: &Request, stream: &mut TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[");
        for _ in 0..40 {
            thread::sleep(Duration::from_millis(100));
            let _ = stream.write_all(b" ");
        }
    };
    fails(slow, "timeout = 2", &["it took longer than 2 seconds"]);
}

#[test]
fn a_body_without_end_is_not_read_to_it() {
    let endless = |_: &Request, stream: &mut TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[");
        while stream.write_all(&[b' '; 4096]).is_ok() {}
    };
    fails(
        endless,
        "max_size = \"1 MB\"",
        &["it is larger than 1000000 bytes, which is what `max_size` leaves"],
    );
}

#[test]
fn a_bomb_is_not_unpacked() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; 20_000_000]).unwrap();
    let packed = encoder.finish().unwrap();
    assert!(packed.len() < 100_000);
    let bomb = move |_: &Request, stream: &mut TcpStream| {
        answer(
            stream,
            "200 OK",
            &[("Content-Encoding", "gzip"), ("Content-Type", "application/json")],
            &packed,
        );
    };
    fails(bomb, "max_size = \"1 MB\"", &["it is larger than 1000000 bytes"]);
}

#[test]
fn what_is_packed_badly_is_refused() {
    let damaged = |_: &Request, stream: &mut TcpStream| {
        answer(
            stream,
            "200 OK",
            &[("Content-Encoding", "gzip"), ("Content-Type", "application/json")],
            b"[]",
        );
    };
    fails(damaged, "", &["gzip decompression failed"]);
}

#[test]
fn what_is_packed_is_unpacked() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(records(&["a", "b"]).to_string().as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let server = Server::start(move |_, stream| {
        answer(
            stream,
            "200 OK",
            &[("Content-Encoding", "gzip"), ("Content-Type", "application/json")],
            &packed,
        );
    });
    of(&server, "/api", "").run(&["build"]).exits(0).prints(&["2 articles"]);
}

#[test]
fn a_body_that_breaks_off_is_not_taken() {
    let cut = |_: &Request, stream: &mut TcpStream| {
        let body = records(&["x"]).to_string();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len() + 1000);
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(body.as_bytes());
    };
    let server = fails(cut, "", &["the answer breaks off"]);
    assert_eq!(server.requests().len(), 3, "it was asked again");
}

#[test]
fn a_chunk_that_breaks_off_is_not_taken() {
    let cut = |_: &Request, stream: &mut TcpStream| {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n";
        let _ = stream.write_all(format!("{head}2\r\n[]\r\n").as_bytes());
    };
    fails(cut, "", &["the answer breaks off"]);
}

#[test]
fn a_length_that_is_too_small_leaves_no_json() {
    let wrong = |_: &Request, stream: &mut TcpStream| {
        let body = records(&["x"]).to_string();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n";
        let _ = stream.write_all(format!("{head}{body}").as_bytes());
    };
    fails(wrong, "", &["what came (application/json) is no json: ", "EOF while parsing"]);
}

#[test]
fn a_server_that_fails_is_asked_three_times() {
    let server = fails(
        |_, stream| answer(stream, "500 Internal Server Error", &[], b""),
        "",
        &["the server answered 500 Internal Server Error"],
    );
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_server_that_is_busy_is_asked_again_when_it_says() {
    let server = Server::start(|request, stream| match request.before {
        0 => answer(stream, "503 Service Unavailable", &[("Retry-After", "2")], b""),
        _ => good(request, stream),
    });
    let begun = Instant::now();
    of(&server, "/api", "").run(&["build"]).exits(0).prints(&["3 articles"]);
    assert!(begun.elapsed() >= Duration::from_secs(2));
}

#[test]
fn nobody_waits_for_an_hour() {
    let begun = Instant::now();
    let server = fails(
        |_, stream| answer(stream, "429 Too Many Requests", &[("Retry-After", "3600")], b""),
        "",
        &["the server answered 429 Too Many Requests, and asks to wait 3600 seconds"],
    );
    assert_eq!(server.requests().len(), 1);
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn what_is_not_there_is_asked_for_once() {
    let server = fails(
        |_, stream| answer(stream, "404 Not Found", &[], b""),
        "",
        &["the server answered 404 Not Found; is the address right?"],
    );
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn nothing_is_no_page() {
    fails(
        |_, stream| answer(stream, "204 No Content", &[], b""),
        "",
        &["the server answered 204 No Content"],
    );
    fails(
        |_, stream| answer(stream, "200 OK", &[("Content-Type", "application/json")], b""),
        "",
        &["is no json: the file is empty"],
    );
    fails(
        |_, stream| answer(stream, "304 Not Modified", &[], b""),
        "",
        &["the server answered 304 Not Modified"],
    );
}

#[test]
fn redirects_are_followed_a_little() {
    let round = |request: &Request, stream: &mut TcpStream| {
        let to = if request.target == "/api" { "/b" } else { "/api" };
        answer(stream, "302 Found", &[("Location", to)], b"");
    };
    fails(round, "", &["it is redirected in a circle"]);
    let on = |request: &Request, stream: &mut TcpStream| {
        let to = format!("{}x", request.target);
        answer(stream, "301 Moved Permanently", &[("Location", &to)], b"");
    };
    let server = fails(on, "", &["it is redirected more than 5 times"]);
    assert_eq!(server.requests().len(), 6);
    let astray = |_: &Request, stream: &mut TcpStream| {
        answer(stream, "302 Found", &[("Location", "file:///etc/passwd")], b"");
    };
    fails(astray, "", &["it leads to file:///etc/passwd, which is no address that is followed"]);
}

#[test]
fn addresses_of_the_own_network_are_refused() {
    let server = Server::start(good);
    for host in ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"] {
        let site = configured(&format!("url = \"http://{host}:{}/api\"", server.port()));
        let run = site.run(&["build"]).exits(2);
        run.says(&["an address of this machine or network: `allow_private = true` allows it"]);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_page_of_html_in_place_of_json_is_refused() {
    let html = |_: &Request, stream: &mut TcpStream| {
        answer(stream, "200 OK", &[("Content-Type", "text/html")], b"<!DOCTYPE html><title>Log in</title>");
    };
    fails(html, "format = \"json\"", &["what came (text/html) is no json: "]);
    let plain = |_: &Request, stream: &mut TcpStream| {
        answer(stream, "200 OK", &[("Content-Type", "application/json")], b"<html>Log in</html>");
    };
    fails(plain, "", &["what came (application/json) is no json: "]);
}

#[test]
fn a_type_that_says_nothing_is_asked_about() {
    let unknown = |_: &Request, stream: &mut TcpStream| {
        answer(stream, "200 OK", &[("Content-Type", "application/octet-stream")], b"{}");
    };
    fails(unknown, "", &["cannot tell the format of application/octet-stream: say it with `format`"]);
}

#[test]
fn a_page_that_breaks_off_takes_the_others_with_it() {
    let server = Server::start(|request, stream| match request.number("page") {
        Some(1) => json(stream, &records(&["a", "b"])),
        _ => json(stream, &json!([])),
    });
    let site = of(&server, "/api", "paging = { parameter = \"page\" }");
    site.run(&["build"]).exits(0).prints(&["2 articles"]);
    let before = site.tree();
    server.turns(|request, stream| match request.number("page") {
        Some(1) => json(stream, &records(&["new", "a", "b"])),
        _ => answer(stream, "200 OK", &[("Content-Type", "application/json")], b"[{\"id\": 1, \"ti"),
    });
    let run = site.run(&["build"]).exits(1);
    run.says(&["/api?page=2: what came (application/json) is no json: ", "what it gave last is used"]);
    assert_same(&site.tree(), &before);
}

#[test]
fn pages_that_never_end_are_not_read_for_ever() {
    let endless = |request: &Request, stream: &mut TcpStream| {
        json(stream, &records(&[&format!("n{}", request.number("page").unwrap_or(0))]));
    };
    let server = Server::start(endless);
    let site = of(&server, "/api", "paging = { parameter = \"page\" }");
    site.run(&["build"])
        .exits(2)
        .says(&["there are more than 1000 pages; `paging.pages` reads the first ones"]);
    assert_eq!(server.requests().len(), 1000);
    // A server that does not know the parameter gives the same page for ever.
    let same = Server::start(good);
    let site = of(&same, "/api", "paging = { parameter = \"page\" }");
    let run = site.run(&["build"]).exits(2);
    run.says(&["page 2 is the same as the one before: does the server know the parameter `page`?"]);
}

#[test]
fn a_page_that_leads_back_is_told() {
    let server = Server::start(|_, stream| json(stream, &json!({"items": records(&["a"]), "next": "/api"})));
    let site = of(&server, "/api", "paging = { next = \"next\" }");
    site.run(&["build"]).exits(2).says(&["page 1 leads back to http://127.0.0.1"]);
}

#[test]
fn headers_that_are_too_large_are_refused() {
    let huge = |_: &Request, stream: &mut TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(format!("X-Huge: {}\r\n", "x".repeat(1000)).as_bytes()).is_ok() {}
    };
    fails(huge, "timeout = 10", &["the headers of the answer are larger than 65536 bytes"]);
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site =
        configured(&format!("url = \"http://127.0.0.1:{closed}/api\"\nallow_private = true\ntimeout = 5"));
    site.run(&["build"]).exits(2).says(&["the connection is refused"]);
}

#[test]
fn what_is_not_encrypted_is_no_https() {
    let server = Server::start(good);
    let site = configured(&format!(
        "url = \"https://127.0.0.1:{}/api\"\nallow_private = true\ntimeout = 3",
        server.port()
    ));
    // What the server does with the greeting of TLS decides what is said of it.
    let run = site.run(&["build"]).exits(2).says(&["cannot fetch https://127.0.0.1:"]);
    assert!(site.tree().is_empty(), "{}", run.stderr);
}

/// A certificate that nobody vouches for. Skipped where openssl is not installed.
#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &[&str]| {
        let mut command = std::process::Command::new("openssl");
        command.args(arguments).current_dir(folder.path());
        command.stdin(std::process::Stdio::piped());
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command
    };
    let make = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost";
    let made = openssl(&make.split(' ').collect::<Vec<_>>()).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: openssl is not installed");
        return;
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let accept = port.to_string();
    let serve = ["s_server", "-accept", &accept, "-key", "key.pem", "-cert", "cert.pem", "-www"];
    let mut server = openssl(&serve).spawn().unwrap();
    let up = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    let site = configured(&format!(
        "url = \"https://localhost:{port}/api.json\"\nallow_private = true\ntimeout = 10"
    ));
    let run = site.run(&["build"]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(up, "the server did not begin");
    run.exits(2).says(&["the connection cannot be secured: ", "certificate"]);
}

#[test]
fn no_answer_at_all_is_told() {
    fails(|_, _| {}, "timeout = 8", &["the answer breaks off"]);
}
