//! `bantin notify`: a hub and a subscriber, as WebSub has them, and hubs that are not well.

use crate::server::{Answer, Request, Server, ask};
use crate::site::{HEAD, Site, record, with};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A newspaper with two feeds, which names a hub.
fn site(hub: &str, served: &str) -> Site {
    let head = HEAD.replace("https://bao.example/feeds/", &format!("{served}/feeds/"));
    let feeds = "[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n[[feed]]\ntitle = \"Thời sự\"\n";
    let config = format!("{head}\n{feeds}\n[websub]\nhub = \"{hub}\"\n");
    Site::new().config(&config).article(record("a1", 10)).article(with(
        record("a2", 20),
        "category",
        "Văn hoá",
    ))
}

/// A server of a folder, below `/feeds/`.
fn serving(folder: Arc<Mutex<Option<std::path::PathBuf>>>) -> Server {
    Server::start(move |request| {
        let folder = folder.lock().unwrap().clone().unwrap();
        let path = request.target.trim_start_matches("/feeds/");
        match std::fs::read(folder.join(path)) {
            Ok(bytes) => Answer::new(200, bytes),
            Err(_) => Answer::new(404, ""),
        }
    })
}

/// A hub that verifies subscribers, fetches what it is told of, and hands it on.
fn hub() -> Server {
    let subscribed: Mutex<Vec<(String, String)>> = Mutex::default();
    Server::start(move |request: &Request| {
        let field = |name: &str| request.field(name).unwrap_or_default();
        match field("hub.mode").as_str() {
            "subscribe" => {
                let (topic, callback) = (field("hub.topic"), field("hub.callback"));
                let question = format!("{callback}?hub.mode=subscribe&hub.challenge=c4711");
                let (status, body) = ask("GET", &question, "");
                if status != 200 || body != "c4711" {
                    return Answer::new(403, "not verified");
                }
                subscribed.lock().unwrap().push((topic, callback));
                Answer::new(202, "")
            }
            "publish" => {
                let topic = field("hub.url");
                let (status, feed) = ask("GET", &topic, "");
                if status != 200 {
                    return Answer::new(400, "cannot fetch the topic");
                }
                for (_, callback) in subscribed.lock().unwrap().iter().filter(|(known, _)| *known == topic) {
                    ask("POST", callback, &feed);
                }
                Answer::new(204, "")
            }
            _ => Answer::new(400, "what is wanted?"),
        }
    })
}

/// What stands in an attribute `href` of the link of that relation.
fn link(feed: &str, relation: &str) -> String {
    let document = roxmltree::Document::parse(feed).unwrap();
    let links =
        document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "link")));
    let mut links = links.filter(|node| node.attribute("rel") == Some(relation));
    links.next().unwrap().attribute("href").unwrap().to_owned()
}

#[test]
fn subscribers_get_an_article_as_soon_as_it_is_published() {
    let folder = Arc::default();
    let (hub, web) = (hub(), serving(Arc::clone(&folder)));
    let site = site(&hub.address, &web.address);
    *folder.lock().unwrap() = Some(site.path("public"));
    site.run(&["build"]).exits(0);

    // A subscriber finds the hub and the topic in the feed, in each format.
    let (rss, atom) = (site.read("public/thoi-su/rss.xml"), site.read("public/thoi-su/atom.xml"));
    let named = format!("{}/", hub.address);
    assert_eq!((link(&rss, "hub"), link(&atom, "hub")), (named.clone(), named.clone()));
    let json: serde_json::Value = serde_json::from_str(&site.read("public/thoi-su/feed.json")).unwrap();
    assert_eq!(json["hubs"], serde_json::json!([{"type": "WebSub", "url": named}]));
    let topic = link(&rss, "self");
    let received: Arc<Mutex<Vec<String>>> = Arc::default();
    let inbox = Arc::clone(&received);
    let subscriber = Server::start(move |request| match request.method.as_str() {
        "GET" => Answer::new(200, request.field("hub.challenge").unwrap()),
        _ => {
            inbox.lock().unwrap().push(request.body.clone());
            Answer::new(200, "")
        }
    });
    let wish = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", &topic)
        .append_pair("hub.callback", &format!("{}/inbox", subscriber.address))
        .finish();
    assert_eq!(ask("POST", &link(&rss, "hub"), &wish).0, 202);

    // The first run tells of every file, the next one of none.
    let run = site.run(&["notify", "--format", "json"]).exits(0);
    assert_eq!(run.json()["hubs"][0]["told"].as_array().unwrap().len(), 6);
    assert_eq!(received.lock().unwrap().len(), 1);
    site.run(&["notify"]).exits(0).prints(&["no feed has changed"]);

    // Of a new article in one section, the feeds that carry it, and after they are in place.
    let site = site.article(record("a3", 5));
    site.run(&["build"]).exits(0);
    let would = site.run(&["notify", "--dry-run"]).exits(0).prints(&["would be told of 6 files"]);
    assert!(would.stdout.contains(&topic), "{}", would.stdout);
    site.run(&["notify"]).exits(0).prints(&["told of 6 files"]);
    let received = received.lock().unwrap().clone();
    assert!(received.len() == 2 && received[1].contains("Tin a3") && !received[0].contains("Tin a3"));
    let told =
        hub.seen().into_iter().filter(|request| request.field("hub.mode").as_deref() == Some("publish"));
    for request in told {
        assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("bantin/")));
    }
}

#[test]
fn only_feeds_that_changed_are_told_of() {
    let hub = Server::start(|_| Answer::new(204, ""));
    let site = site(&hub.address, "https://bao.example");
    site.run(&["build"]).exits(0);
    site.run(&["notify"]).exits(0).prints(&["told of 6 files"]);
    let site = site.article(with(record("a4", 5), "category", "Văn hoá"));
    site.run(&["build"]).exits(0);
    let run = site.run(&["notify"]).exits(0).prints(&["told of 3 files"]);
    assert!(!run.stdout.contains("/thoi-su/"), "{}", run.stdout);
}

#[test]
fn a_hub_that_does_not_answer_is_told_the_next_time() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&asked);
    // It is down for the first run, which gives it three chances, and well afterwards.
    let hub = Server::start(move |_| match counting.fetch_add(1, Ordering::SeqCst) {
        0..3 => Answer::new(503, "").with("Retry-After", "1"),
        _ => Answer::new(204, ""),
    });
    let site = site(&hub.address, "https://bao.example");
    site.run(&["build"]).exits(0);
    let run = site.run(&["notify"]).exits(1);
    run.says(&["it answered 503", "not tried: the hub did not answer before"]);
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    site.run(&["notify"]).exits(0).prints(&["told of 6 files"]);
    site.write(".bantin/public.websub.json", b"{ damaged");
    site.run(&["notify"])
        .exits(0)
        .says(&["cannot be read: hubs are told of every feed"])
        .prints(&["told of 6 files"]);
}

#[test]
fn a_build_tells_hubs_itself_and_is_not_undone_by_them() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&asked);
    let hub = Server::start(move |_| match counting.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::new(403, "not yet"),
        _ => Answer::new(204, ""),
    });
    let site = site(&hub.address, "https://bao.example");
    // However quiet it is to be.
    site.run(&["--quiet", "build", "--notify"])
        .exits(1)
        .says(&["was not told of 1 file, and will be by the next run", "it answered 403: not yet"]);
    assert_eq!(asked.load(Ordering::SeqCst), 6);
    // Nothing has changed, and what was not taken is told again.
    site.run(&["build", "--notify"]).exits(0);
    assert_eq!(asked.load(Ordering::SeqCst), 7);
    site.run(&["notify"]).exits(0).prints(&["no feed has changed"]);
    site.run(&["build", "--notify", "--dry-run"]).exits(2);
    let without = Site::new().article(record("a1", 10));
    without.run(&["build", "--notify"]).exits(2).says(&["feeds.toml names no hub to be told"]);
}

#[test]
fn what_cannot_be_told_is_said() {
    let site = Site::new();
    site.run(&["notify"]).exits(2).says(&["feeds.toml names no hub to be told", "docs/websub.md"]);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let site = self::site(&format!("http://{closed}/"), "https://bao.example");
    site.run(&["notify"]).exits(2).says(&["nothing was built that a hub could be told of"]);
    site.run(&["build"]).exits(0);
    site.run(&["notify"]).exits(1).says(&["was not told of", "the connection is refused"]);
    let site =
        site.config(&format!("{HEAD}\n[websub]\nhub = [\"https://a.example/\", \"ftp://b.example/\"]\n"));
    site.run(&["notify"]).exits(2).says(&["`websub.hub` is no address"]);
}
