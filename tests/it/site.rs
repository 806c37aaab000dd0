//! A newspaper in a folder of its own, on which the program is run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The moment of every run that is not told otherwise.
pub const NOW: &str = "2026-11-20T17:00:00+07:00";

/// A newspaper that is configured with one feed of everything and one section, and reads `articles.jsonl`.
pub struct Site {
    folder: TempDir,
    articles: Vec<String>,
}

/// What a run of the program did.
pub struct Run {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Site {
    pub fn new() -> Self {
        Self::within(&std::env::temp_dir())
    }

    /// A newspaper in memory, where the system has such a folder: a run that waits for no disk takes as long every time.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::within(memory) } else { Self::new() }
    }

    fn within(folder: &Path) -> Self {
        let site = Self { folder: tempfile::tempdir_in(folder).unwrap(), articles: Vec::new() };
        site.config(
            r#"
            [site]
            title = "Báo Thử"
            url = "https://bao.example/"
            language = "vi"
            timezone = "Asia/Ho_Chi_Minh"
            [output]
            url = "https://bao.example/feeds/"
            [[source]]
            path = "articles.jsonl"
            [[feed]]
            title = "Tin mới"
            slug = "tin-moi"
            [[feed]]
            title = "Thời sự"
            "#,
        )
    }

    /// Replaces feeds.toml.
    pub fn config(self, text: &str) -> Self {
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        self.file("feeds.toml", &lines.join("\n"))
    }

    pub fn file(self, path: &str, content: &str) -> Self {
        self.write(path, content.as_bytes());
        self
    }

    pub fn write(&self, path: &str, content: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Adds a record to `articles.jsonl`.
    pub fn article(mut self, record: serde_json::Value) -> Self {
        self.articles.push(record.to_string());
        let text = self.articles.join("\n");
        self.file("articles.jsonl", &text)
    }

    /// Replaces `articles.jsonl`.
    pub fn records(&self, records: &[serde_json::Value]) {
        let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
        self.write("articles.jsonl", lines.join("\n").as_bytes());
    }

    /// Adds records of one day, newest first: ids a0, a1, ...
    pub fn articles(mut self, count: usize, category: &str) -> Self {
        for number in 0..count {
            let minute = 59 - number % 60;
            let hour = 16 - number / 60;
            self = self.article(serde_json::json!({
                "id": format!("a{number}"),
                "url": format!("/tin/{number}.html"),
                "title": format!("Tin số {number}"),
                "summary": format!("Tóm tắt của tin số {number}."),
                "date_published": format!("2026-11-20T{hour:02}:{minute:02}:00+07:00"),
                "category": category,
            }));
        }
        self
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn read(&self, path: &str) -> String {
        let path = self.path(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The program, to be run in the newspaper's folder. `build` and its like are told the moment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bantin"));
        command.current_dir(self.root()).args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
        let timed = ["build", "diff", "list", "explain"];
        if arguments.first().is_some_and(|name| timed.contains(name)) && !arguments.contains(&"--now") {
            command.args(["--now", NOW]);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    /// Every file of the output with its bytes, by path.
    pub fn tree(&self) -> Tree {
        self.tree_of("public")
    }

    pub fn tree_of(&self, folder: &str) -> Tree {
        let mut tree = BTreeMap::new();
        let root = self.path(folder);
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                    tree.insert(name, fs::read(&path).unwrap());
                }
            }
        }
        tree
    }
}

/// Files with their bytes, by path.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// Asserts that two trees are the same, naming the paths that are not.
#[track_caller]
pub fn assert_same(left: &Tree, right: &Tree) {
    let paths: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let differing: Vec<&String> =
        paths.into_iter().filter(|path| left.get(*path) != right.get(*path)).collect();
    assert!(differing.is_empty(), "these files differ: {differing:?}");
}

/// A record of the section `Thời sự`, published that many minutes before [`NOW`].
pub fn record(id: &str, minutes: u32) -> serde_json::Value {
    assert!(minutes < 17 * 60, "a record of the day");
    let (hour, minute) = ((17 * 60 - minutes) / 60, (17 * 60 - minutes) % 60);
    serde_json::json!({
        "id": id,
        "url": format!("/{id}.html"),
        "title": format!("Tin {id}"),
        "content_html": format!("<p>Nội dung của {id}.</p>"),
        "date_published": format!("2026-11-20T{hour:02}:{minute:02}:00+07:00"),
        "category": "Thời sự",
    })
}

/// The record with that field as well, or with another value for it.
pub fn with(
    mut record: serde_json::Value,
    field: &str,
    value: impl Into<serde_json::Value>,
) -> serde_json::Value {
    record[field] = value.into();
    record
}

/// What feeds.toml says of the newspaper, its output and its one source, without any feed.
pub const HEAD: &str = r#"
    [site]
    title = "Báo Thử"
    url = "https://bao.example/"
    language = "vi"
    timezone = "Asia/Ho_Chi_Minh"
    [output]
    url = "https://bao.example/feeds/"
    [[source]]
    path = "articles.jsonl"
"#;

impl Run {
    pub fn of(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts the exit status, showing everything if it is another.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that standard error holds every one of these.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in:\n{}", self.stderr);
        }
        self
    }

    /// Asserts that standard output holds every one of these.
    #[track_caller]
    pub fn prints(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.stdout.contains(part), "no {part:?} in:\n{}", self.stdout);
        }
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{}", self.stdout))
    }
}
