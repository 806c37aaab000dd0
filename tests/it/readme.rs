//! README.md and docs/serving.md as somebody follows them: every shell block and every configuration is tried.
//!
//! The shell blocks run one after the other in one shell, which begins in a copy of the repository. What a `console` block
//! shows is compared with what is printed; moments and sizes may differ. `cargo run --release --` is replaced by the
//! program that the tests are built with, and what would build it once more ([`NOT_RUN`]) is passed over. Configurations
//! of web servers and of systemd are tried where the programs are installed; where they are not, the test says so.
#![cfg(unix)]

use regex::Regex;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");
const PROGRAM: &str = env!("CARGO_BIN_EXE_bantin");

/// Commands that would build the program again, run this very test, or not end (tests/it/watch.rs runs that).
const NOT_RUN: [&str; 3] = ["cargo test", "cargo install --path .", "bantin serve --watch"];

/// A fenced block: its language, the number of its first line, and its lines.
pub struct Block {
    language: String,
    line: usize,
    pub text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let text = fs::read_to_string(Path::new(REPOSITORY).join(document)).unwrap();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => block.text += &format!("{line}\n"),
            (None, Some(language)) => {
                open = Some(Block { language: language.to_owned(), line: index + 2, text: String::new() });
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{document}: a block is not closed");
    blocks
}

/// The blocks of that language, of which there is at least one.
pub fn blocks_of(document: &str, language: &str) -> Vec<Block> {
    let blocks: Vec<Block> =
        blocks(document).into_iter().filter(|block| block.language == language).collect();
    assert!(!blocks.is_empty(), "{document} has no {language} block");
    blocks
}

/// A folder that other users' processes may read, with a copy of the repository in `bantin`.
pub fn copy() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let to = folder.path().join("bantin");
    copy_folder(Path::new(REPOSITORY), &to);
    (folder, to)
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with('.') || name == "target" || name == "public" {
            continue;
        }
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &to.join(name)),
            false => drop(fs::copy(entry.path(), to.join(name)).unwrap()),
        }
    }
}

/// A folder with the sample's feeds, as if it were /srv/feeds.
fn built() -> (TempDir, PathBuf) {
    let (folder, root) = copy();
    let status = Command::new(PROGRAM).args(["build", "--quiet"]).current_dir(&root).status().unwrap();
    assert!(status.success());
    fs::write(root.join("public/.bantin-x.tmp"), "unfinished").unwrap();
    (folder, root)
}

/// The command as the test runs it.
fn runnable(command: &str) -> String {
    let word = command.split_whitespace().next();
    match command.strip_prefix("cargo run --release -- ") {
        Some(arguments) => format!("bantin {arguments}"),
        None if NOT_RUN.contains(&command) => ":".to_owned(),
        None if word == Some("cargo") => panic!("`{command}` is no command that this test knows"),
        None => command.to_owned(),
    }
}

/// A piece of the script, and what it is to print where that is shown.
struct Piece {
    place: String,
    script: String,
    shown: Option<String>,
}

fn pieces(document: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for block in blocks(document) {
        let place = |line: usize| format!("{document}:{line}");
        if block.language == "sh" {
            let script: Vec<String> = block.text.lines().map(runnable).collect();
            pieces.push(Piece { place: place(block.line), script: script.join("\n"), shown: None });
        } else if block.language == "console" {
            let first = pieces.len();
            for (index, line) in block.text.lines().enumerate() {
                if let Some(command) = line.strip_prefix("$ ") {
                    let (place, script) = (place(block.line + index), runnable(command));
                    pieces.push(Piece { place, script, shown: Some(String::new()) });
                } else {
                    let piece =
                        pieces[first..].last_mut().unwrap_or_else(|| panic!("{}: no $", place(block.line)));
                    *piece.shown.as_mut().unwrap() += &format!("{line}\n");
                }
            }
        }
    }
    pieces
}

/// Output without what differs from run to run.
fn settled(output: &str) -> String {
    let moments = Regex::new(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}").unwrap();
    let sizes = Regex::new(r" +[0-9]+(\.[0-9])? (B|KB)\b").unwrap();
    let output = moments.replace_all(output, "MOMENT");
    sizes.replace_all(&output, " SIZE").trim_end().to_owned()
}

#[test]
fn every_shell_block_of_the_readme_works() {
    let (folder, root) = copy();
    let pieces = pieces("README.md");
    // A line of its own tells which piece comes next.
    const MARK: &str = "\u{1e}";
    let mut script = "set -e\nexec 2>&1\n".to_owned();
    for piece in &pieces {
        script += &format!("printf '{MARK}'\n{}\n", piece.script);
    }
    let path =
        format!("{}:{}", Path::new(PROGRAM).parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(&root)
        .env("PATH", path)
        .env("HOME", folder.path())
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let printed: Vec<&str> = printed.split(MARK).skip(1).collect();
    let last = &pieces[printed.len().saturating_sub(1)];
    assert!(output.status.success(), "{}: {}\n{}", last.place, output.status, printed.last().unwrap_or(&""));
    assert_eq!(printed.len(), pieces.len());
    for (piece, printed) in pieces.iter().zip(&printed) {
        if let Some(shown) = &piece.shown {
            assert_eq!(settled(printed), settled(shown), "{}: `{}` prints", piece.place, piece.script);
        }
    }
    for path in ["bantin/public/tin-moi/rss.xml", "my-paper/feeds.toml", "my-paper/public/index.html"] {
        assert!(folder.path().join(path).is_file(), "there is no {path}");
    }
}

#[test]
fn the_crontab_builds_feeds() {
    let (_folder, root) = copy();
    let time = Regex::new(r"^(\*|[0-9]+(-[0-9]+)?)(/[0-9]+)?$").unwrap();
    for block in blocks_of("README.md", "crontab") {
        for line in block.text.lines() {
            let mut words = line.split_whitespace();
            let times: Vec<&str> = words.by_ref().take(5).collect();
            assert!(times.len() == 5 && times.iter().all(|word| time.is_match(word)), "{line}");
            let command = words.collect::<Vec<_>>().join(" ").replace("/usr/local/bin/bantin", PROGRAM);
            let command = command.replace("/srv/feeds", root.to_str().unwrap());
            let output = Command::new("sh").args(["-c", &command]).output().unwrap();
            assert!(
                output.status.success() && output.stdout.is_empty() && output.stderr.is_empty(),
                "{line}: {output:?}"
            );
        }
    }
    assert!(root.join("public/index.html").is_file());
}

/// Whether a program is installed; says it aloud if it is not.
pub fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .any(|folder| folder.join(program).is_file());
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

/// A program of /usr/sbin too, which is not on everybody's path.
pub fn command(program: &str) -> Command {
    let sbin = Path::new("/usr/sbin").join(program);
    let mut command = if sbin.is_file() { Command::new(sbin) } else { Command::new(program) };
    command.stdin(Stdio::null());
    command
}

#[test]
fn the_units_are_sound() {
    if !installed("systemd-analyze") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut verify = command("systemd-analyze");
    verify.arg("verify");
    for block in blocks_of("README.md", "ini") {
        let name = if block.text.contains("[Timer]") { "bantin.timer" } else { "bantin.service" };
        let path = folder.path().join(name);
        fs::write(&path, block.text.replace("/usr/local/bin/bantin", PROGRAM)).unwrap();
        verify.arg(path);
    }
    assert_eq!(verify.get_args().count(), 3);
    let output = verify.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("bantin."), "{said}");
}

/// A web server that listens on a socket, until it is dropped.
struct Server {
    child: Child,
    socket: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a web server answers: its status, and its headers with names in lower case.
struct Answer {
    status: String,
    headers: Vec<(String, String)>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(header, _)| header == name).map_or("", |(_, value)| value)
    }
}

impl Server {
    fn start(mut command: Command, socket: PathBuf) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Self { child, socket };
        let begun = Instant::now();
        while UnixStream::connect(&server.socket).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the server does not answer");
            assert_eq!(server.child.try_wait().unwrap(), None, "the server ended");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    fn get(&self, path: &str, etag: Option<&str>) -> Answer {
        let mut stream = UnixStream::connect(&self.socket).unwrap();
        let condition = etag.map(|etag| format!("If-None-Match: {etag}\r\n")).unwrap_or_default();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n{condition}\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let mut lines = answer.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
        let headers = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Answer { status, headers }
    }

    /// Asserts that feeds are served as docs/serving.md says.
    fn serves_feeds(&self) {
        for (path, media_type) in [
            ("", "text/html"),
            ("tin-moi/", "text/html"),
            ("tin-moi/rss.xml", "application/xml"),
            ("tin-moi/atom.xml", "application/xml"),
            ("tin-moi/feed.json", "application/feed+json"),
            ("feeds.opml", "text/x-opml"),
            ("assets/style.css", "text/css"),
            ("assets/page.js", "text/javascript"),
        ] {
            let path = format!("/feeds/{path}");
            let answer = self.get(&path, None);
            let etag = answer.header("etag");
            for (name, value) in [
                ("content-type", format!("{media_type}; charset=utf-8").as_str()),
                ("content-encoding", "gzip"),
                ("vary", "Accept-Encoding"),
                ("cache-control", "public, max-age=300"),
                ("access-control-allow-origin", "*"),
            ] {
                assert_eq!(answer.header(name), value, "{path}: {name}");
            }
            assert_eq!(answer.status, "200", "{path}");
            assert!(!etag.is_empty() && !answer.header("last-modified").is_empty(), "{path}");
            assert_eq!(self.get(&path, Some(etag)).status, "304", "{path}");
        }
        let hidden = self.get("/feeds/.bantin-x.tmp", None).status;
        assert!(["403", "404"].contains(&hidden.as_str()), "{hidden}");
    }
}

/// The one block of that language, as if the copy were /srv/feeds.
pub fn configuration(document: &str, language: &str, root: &Path) -> String {
    let blocks = blocks_of(document, language);
    assert_eq!(blocks.len(), 1, "{document}: {language}");
    blocks[0].text.replace("/srv/feeds", root.to_str().unwrap())
}

#[test]
fn nginx_serves_feeds_as_the_readme_configures_it() {
    if !installed("nginx") {
        return;
    }
    let (folder, root) = built();
    let socket = folder.path().join("socket");
    let at = folder.path().display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {at}/{kind};"))
        .join("\n");
    let text = format!(
        "daemon off; master_process off; pid {at}/pid; error_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\nserver {{\nlisten unix:{};\n{}}}\n}}\n",
        socket.display(),
        configuration("README.md", "nginx", &root),
    );
    fs::write(folder.path().join("nginx.conf"), text).unwrap();
    let mut nginx = command("nginx");
    nginx.args(["-e", "stderr", "-p"]).arg(folder.path()).arg("-c").arg(folder.path().join("nginx.conf"));
    let tested = nginx.arg("-t").output().unwrap();
    let said = String::from_utf8_lossy(&tested.stderr);
    assert!(tested.status.success() && !said.contains("[warn] duplicate"), "{said}");
    let mut nginx = command("nginx");
    nginx.args(["-e", "stderr", "-p"]).arg(folder.path()).arg("-c").arg(folder.path().join("nginx.conf"));
    Server::start(nginx, socket).serves_feeds();
}

#[test]
fn caddy_serves_feeds_as_the_readme_configures_it() {
    if !installed("caddy") {
        return;
    }
    let (folder, root) = built();
    let socket = folder.path().join("socket");
    let text = format!(
        "{{\n\tadmin off\n}}\nhttp://localhost {{\nbind unix/{}\n{}}}\n",
        socket.display(),
        configuration("README.md", "caddy", &root),
    );
    let file = folder.path().join("Caddyfile");
    fs::write(&file, text).unwrap();
    let mut caddy = command("caddy");
    caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(file).env("HOME", folder.path());
    Server::start(caddy, socket).serves_feeds();
}
