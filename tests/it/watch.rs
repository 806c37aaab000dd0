//! `build --watch` and `serve --watch`: what makes them build again, and what does not.

use crate::serve_client::{Server, eventually};
use crate::server as web;
use crate::site::{HEAD, Site, record, with};
use std::fs;
use std::io::Read;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// `bantin build --watch`, until it is dropped.
struct Watch {
    child: Child,
    printed: Arc<Mutex<String>>,
    said: Arc<Mutex<String>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn kept(mut from: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&text);
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            *kept.lock().unwrap() += &String::from_utf8_lossy(&bytes[..read]);
        }
    });
    text
}

impl Watch {
    fn of(site: &Site) -> Self {
        // Not told a moment: the clock must go on.
        let mut command = site.command(&["-v", "build", "--watch"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let printed = kept(child.stdout.take().unwrap());
        let said = kept(child.stderr.take().unwrap());
        let watch = Self { child, printed, said };
        eventually("it waits", || watch.said.lock().unwrap().contains("waiting for changes"));
        watch
    }

    /// How many builds were reported.
    fn builds(&self) -> usize {
        self.printed.lock().unwrap().matches("article").count()
    }

    /// Waits for that many builds, and asserts that no more follow.
    #[track_caller]
    fn builds_are(&self, count: usize) {
        eventually(&format!("{} builds, not {count}:\n{}", self.builds(), self.said.lock().unwrap()), || {
            self.builds() >= count
        });
        std::thread::sleep(Duration::from_millis(600));
        assert_eq!(self.builds(), count, "{}", self.printed.lock().unwrap());
    }
}

/// Records of the past, whatever the clock says.
fn old(id: &str) -> serde_json::Value {
    with(record(id, 1), "date_published", "2025-11-20T10:00:00+07:00")
}

fn site() -> Site {
    let site = Site::new().config(&format!(
        "{}\n[[feed]]\ntitle = \"Thời sự\"\n",
        HEAD.replace("articles.jsonl", "articles/**/*.jsonl")
    ));
    site.write("articles/a.jsonl", old("a").to_string().as_bytes());
    site
}

#[cfg(unix)]
#[test]
fn a_build_follows_every_change_and_only_changes() {
    let site = site();
    let mut watch = Watch::of(&site);
    watch.builds_are(1);
    let feed = || site.read("public/thoi-su/rss.xml");
    // A file is written in place.
    site.write("articles/a.jsonl", format!("{}\n{}", old("a"), old("b")).as_bytes());
    watch.builds_are(2);
    assert!(feed().contains("Tin b"));
    // A file is saved as editors do.
    site.write("articles/.a.jsonl.swp", old("c").to_string().as_bytes());
    fs::rename(site.path("articles/.a.jsonl.swp"), site.path("articles/a.jsonl")).unwrap();
    watch.builds_are(3);
    assert!(feed().contains("Tin c"));
    // A new file, in a new folder.
    site.write("articles/moi/d.jsonl", old("d").to_string().as_bytes());
    watch.builds_are(4);
    assert!(feed().contains("Tin d") && feed().contains("Tin c"));
    // What does not matter.
    site.write("articles/notes.txt", b"x");
    site.write("other.txt", b"x");
    std::thread::sleep(Duration::from_millis(500));
    watch.builds_are(4);
    // feeds.toml, first with a mistake.
    let before = site.tree();
    let text = site.read("feeds.toml");
    site.write("feeds.toml", format!("{text}\nnonsense = 1\n").as_bytes());
    eventually("the mistake is shown", || watch.said.lock().unwrap().contains("has no key `nonsense`"));
    crate::site::assert_same(&before, &site.tree());
    site.write("feeds.toml", text.replace("Thời sự", "Thời sự mới\"\ncategory = \"Thời sự").as_bytes());
    watch.builds_are(5);
    assert!(site.path("public/thoi-su-moi/rss.xml").is_file());
    // The end.
    let ended = std::process::Command::new("sh")
        .args(["-c", &format!("kill -INT {}", watch.child.id())])
        .status()
        .unwrap();
    assert!(ended.success());
    assert_eq!(watch.child.wait().unwrap().code(), Some(0), "{}", watch.said.lock().unwrap());
}

/// By its name alone, and by its whole path.
#[test]
fn a_file_beside_the_configuration_is_watched() {
    let site = Site::new();
    site.records(&[old("a")]);
    let watch = Watch::of(&site);
    watch.builds_are(1);
    site.records(&[old("a"), old("b")]);
    watch.builds_are(2);
    assert!(site.read("public/thoi-su/rss.xml").contains("Tin b"));
    drop(watch);
    let text = site.read("feeds.toml");
    let path = site.path("articles.jsonl");
    site.write("feeds.toml", text.replace("articles.jsonl", path.to_str().unwrap()).as_bytes());
    let watch = Watch::of(&site);
    watch.builds_are(1);
    site.records(&[old("a"), old("b"), old("c")]);
    watch.builds_are(2);
    assert!(site.read("public/thoi-su/rss.xml").contains("Tin c"));
}

#[test]
fn an_article_appears_when_its_embargo_ends() {
    let site = site();
    let watch = Watch::of(&site);
    watch.builds_are(1);
    let due = chrono::Utc::now() + chrono::TimeDelta::seconds(3);
    let late = with(old("muon"), "date_published", due.to_rfc3339());
    site.write("articles/b.jsonl", late.to_string().as_bytes());
    watch.builds_are(2);
    assert!(!site.read("public/thoi-su/rss.xml").contains("Tin muon"), "it is under embargo");
    watch.builds_are(3);
    assert!(site.read("public/thoi-su/rss.xml").contains("Tin muon"));
}

#[test]
fn what_is_watched_is_served() {
    let site = site();
    let server = Server::of(&site, &["--watch"]);
    assert_eq!(server.get("/thoi-su/rss.xml").body, fs::read(site.path("public/thoi-su/rss.xml")).unwrap());
    site.write("articles/e.jsonl", old("e").to_string().as_bytes());
    eventually("the article is served", || server.get("/thoi-su/rss.xml").text().contains("Tin e"));
    // A broken export: an error is shown, and the last good output stays.
    fs::remove_dir_all(site.path("articles")).unwrap();
    eventually("the error is shown", || server.said().contains("no file matches"));
    assert!(server.get("/thoi-su/rss.xml").text().contains("Tin e"));
    site.write("articles/f.jsonl", format!("{}\n{}", old("e"), old("f")).as_bytes());
    eventually("it goes on", || server.get("/thoi-su/rss.xml").text().contains("Tin f"));
}

/// Addresses, and what was got there.
type Fetched = Arc<Mutex<Vec<(String, String)>>>;

/// A hub that fetches what it is told of, as hubs do at once: from the server at `address`, once that is known. What it got,
/// by address.
fn hub(address: &Arc<Mutex<Option<String>>>) -> (web::Server, Fetched) {
    let (address, fetched) = (Arc::clone(address), Fetched::default());
    let noted = Arc::clone(&fetched);
    let hub = web::Server::start(move |request| {
        let topic = request.field("hub.url").unwrap();
        eventually("the server listens", || address.lock().unwrap().is_some());
        let from = address.lock().unwrap().clone().unwrap();
        let (status, feed) = web::ask("GET", &topic.replace("https://bao.example", &from), "");
        assert_eq!(status, 200, "{topic}");
        noted.lock().unwrap().push((topic, feed));
        web::Answer::new(204, "")
    });
    (hub, fetched)
}

#[test]
fn hubs_are_told_when_the_new_feed_is_served() {
    let address = Arc::default();
    let (hub, fetched) = hub(&address);
    let site = site();
    let text = site.read("feeds.toml") + &format!("\n[websub]\nhub = \"{}\"\n", hub.address);
    site.write("feeds.toml", text.as_bytes());
    let server = Server::of(&site, &["--watch", "--notify"]);
    *address.lock().unwrap() = Some(format!("http://{}", server.address));
    eventually("the hub has every file at first", || fetched.lock().unwrap().len() == 3);
    site.write("articles/b.jsonl", old("b").to_string().as_bytes());
    eventually("the hub is told", || fetched.lock().unwrap().len() == 6);
    let topics: std::collections::BTreeSet<String> = fetched.lock().unwrap()[3..]
        .iter()
        .map(|(topic, feed)| {
            assert!(feed.contains("Tin b"), "{topic} was not served yet");
            topic.clone()
        })
        .collect();
    let files = ["atom.xml", "feed.json", "rss.xml"];
    assert_eq!(topics, files.map(|file| format!("https://bao.example/feeds/thoi-su/{file}")).into());
    // What changes no feed tells no hub.
    site.write("articles/a.jsonl", format!("{}\n", old("a")).as_bytes());
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(fetched.lock().unwrap().len(), 6);
    assert!(!server.said().contains("warning"), "{}", server.said());
}

#[test]
fn a_hub_that_fails_does_not_stop_what_is_served() {
    let hub = web::Server::start(|_| web::Answer::new(403, "no"));
    let site = site();
    let text = site.read("feeds.toml") + &format!("\n[websub]\nhub = \"{}\"\n", hub.address);
    site.write("feeds.toml", text.as_bytes());
    let server = Server::of(&site, &["--watch", "--notify"]);
    eventually("it is said", || server.said().contains("was not told of 3 files"));
    site.write("articles/b.jsonl", old("b").to_string().as_bytes());
    eventually("the article is served", || server.get("/thoi-su/rss.xml").text().contains("Tin b"));
    eventually("it is tried again", || server.said().matches("was not told of 3 files").count() == 2);
    // Without a hub, and without builds, there is nothing to tell.
    site.run(&["serve", "--notify"]).exits(2).says(&["--watch"]);
    self::site()
        .run(&["serve", "--watch", "--notify"])
        .exits(2)
        .says(&["feeds.toml names no hub to be told"]);
}

#[test]
fn what_cannot_be_watched_is_said() {
    let site = Site::new().config(&format!("{}format = \"jsonl\"\n", HEAD.replace("articles.jsonl", "-")));
    site.run(&["-q", "build", "--watch"]).exits(2).says(&["standard input", "--watch"]);
    site.run(&["build", "--watch"]).exits(2).says(&["--watch", "--now"]);
}
