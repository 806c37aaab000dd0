//! `build --watch` and `serve --watch`: what makes them build again, and what does not.

use crate::serve_client::{Server, eventually};
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

#[test]
fn what_cannot_be_watched_is_said() {
    let site = Site::new().config(&format!("{}format = \"jsonl\"\n", HEAD.replace("articles.jsonl", "-")));
    site.run(&["-q", "build", "--watch"]).exits(2).says(&["standard input", "--watch"]);
    site.run(&["build", "--watch"]).exits(2).says(&["--watch", "--now"]);
}
