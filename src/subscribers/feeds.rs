//! Which feed a request was for: by the addresses that feeds.toml gives the feeds, or by the look of the path.

use std::borrow::Cow;
use std::collections::HashMap;

/// How feeds are known in a log.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// The path below which the output is served, with slashes at both ends, and the names of the files in it. Without it,
    /// whatever looks like a feed is one.
    pub served: Option<(String, Vec<&'static str>)>,
    /// Old paths below the output: that of a file, or of a folder, and the feed's slug.
    pub aliases: Vec<(String, String)>,
    /// Titles by slug.
    pub titles: HashMap<String, String>,
}

/// File names that feeds have all over the web.
const NAMES: &[&str] = &[
    "rss.xml",
    "atom.xml",
    "feed.json",
    "feed.xml",
    "index.xml",
    "rss",
    "atom",
    "feed",
    "feeds",
    "rdf.xml",
    "index.rdf",
];

impl Map {
    /// The feed of a path: its slug where feeds.toml has it, or what its address begins with.
    pub fn feed(&self, path: &str) -> Option<String> {
        let path = decoded(path);
        let path = path.as_ref();
        match &self.served {
            Some((root, files)) => self.listed(path.strip_prefix(root.as_str())?, files),
            None => guessed(path),
        }
    }

    fn listed(&self, below: &str, files: &[&str]) -> Option<String> {
        for (alias, slug) in &self.aliases {
            let rest = below.strip_prefix(alias.as_str());
            if rest.is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('/').is_some_and(|file| files.contains(&file))
            }) {
                return Some(slug.clone());
            }
        }
        let (slug, file) = below.split_once('/')?;
        files.contains(&file).then(|| slug.to_owned())
    }
}

/// The feed of a path that looks like one's: its folder, where the file's name is common, or else the whole path.
fn guessed(path: &str) -> Option<String> {
    let (folder, name) = path.trim_end_matches('/').rsplit_once('/')?;
    let lower = name.to_ascii_lowercase();
    if NAMES.contains(&lower.as_str()) {
        return Some(if folder.is_empty() { path.to_owned() } else { format!("{folder}/") });
    }
    let (stem, extension) = lower.rsplit_once('.')?;
    let is_feed = match extension {
        "rss" | "atom" | "rdf" => true,
        "xml" => {
            !["sitemap", "browserconfig", "crossdomain", "opensearch", "manifest", "opensearchdescription"]
                .iter()
                .any(|other| stem.contains(other))
        }
        "json" => stem.contains("feed"),
        _ => false,
    };
    is_feed.then(|| path.to_owned())
}

/// The path of a request's target: no host, no query.
pub fn path(target: &str) -> &str {
    let path = match target.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/")
        }
        _ => target,
    };
    path.split(['?', '#']).next().unwrap_or(path)
}

/// The path with its percent-encoding taken off, where that gives text.
fn decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let escaped = behind.get(..2).filter(|_| *byte == b'%').and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
        });
        match escaped {
            Some(escaped) => {
                bytes.push(escaped);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*byte);
                rest = behind;
            }
        }
    }
    // A control character has no place in what is printed.
    String::from_utf8(bytes)
        .ok()
        .filter(|path| !path.contains(char::is_control))
        .map_or(Cow::Borrowed(path), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_the_newspaper_are_known_by_their_addresses() {
        let map = Map {
            served: Some(("/feeds/".to_owned(), vec!["rss.xml", "atom.xml"])),
            aliases: vec![
                ("rss/van-hoa.rss".to_owned(), "van-hoa".to_owned()),
                ("cu".to_owned(), "tin-moi".to_owned()),
            ],
            titles: HashMap::new(),
        };
        for (path, slug) in [
            ("/feeds/tin-moi/rss.xml", Some("tin-moi")),
            ("/feeds/tin%2Dmoi/atom.xml", Some("tin-moi")),
            ("/feeds/v%C4%83n/atom.xml", Some("văn")),
            ("/feeds/rss/van-hoa.rss", Some("van-hoa")),
            ("/feeds/cu/atom.xml", Some("tin-moi")),
            ("/feeds/cu/other.xml", None),
            ("/feeds/tin-moi/index.html", None),
            ("/feeds/a/tin-moi/rss.xml", None),
            ("/tin-moi/rss.xml", None),
        ] {
            assert_eq!(map.feed(path).as_deref(), slug, "{path}");
        }
    }

    #[test]
    fn without_a_list_a_feed_is_known_by_its_look() {
        let map = Map::default();
        for (path, feed) in [
            ("/feeds/tin-moi/rss.xml", Some("/feeds/tin-moi/")),
            ("/feeds/tin-moi/feed.json", Some("/feeds/tin-moi/")),
            ("/thoi-su/feed/", Some("/thoi-su/")),
            ("/rss.xml", Some("/rss.xml")),
            ("/rss/thoi-su.rss", Some("/rss/thoi-su.rss")),
            ("/tin.xml", Some("/tin.xml")),
            ("/sitemap-news.xml", None),
            ("/", None),
            ("/feeds/style.css", None),
            ("/api/data.json", None),
        ] {
            assert_eq!(map.feed(path).as_deref(), feed, "{path}");
        }
    }

    #[test]
    fn a_target_is_cut_to_its_path() {
        assert_eq!(path("/a/rss.xml?utm=1#x"), "/a/rss.xml");
        assert_eq!(path("https://bao.example/a/rss.xml?x"), "/a/rss.xml");
        assert_eq!(path("https://bao.example"), "/");
        assert_eq!(path("*"), "*");
        assert_eq!(decoded("/%zz%4"), "/%zz%4");
        assert_eq!(decoded("/%0a"), "/%0a");
        assert_eq!(decoded("/%ff"), "/%ff");
    }
}
