//! Files that are compressed beforehand, and the web servers of README.md and docs/serving.md that send them: each is
//! started where it is installed, and asked.
#![cfg(unix)]

use crate::readme::{blocks_of, command, configuration, installed};
use crate::serve_client::{Answer, Server, eventually};
use crate::site::{HEAD, Run, Site, assert_same, record};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CODINGS: [(&str, &str); 3] = [("gzip", ".gz"), ("br", ".br"), ("zstd", ".zst")];

fn config(precompress: &str) -> String {
    let head = HEAD.replace("[output]", &format!("[output]\nprecompress = {precompress}"));
    format!(
        "{head}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\naliases = [\"cu.xml\"]\n[[feed]]\ntitle = \"Thời sự\"\n"
    )
}

fn built(precompress: &str) -> Site {
    let site = Site::new().articles(20, "Thời sự").config(&config(precompress));
    // Web servers read as somebody else.
    fs::set_permissions(site.root(), fs::Permissions::from_mode(0o755)).unwrap();
    site.run(&["build"]).exits(0);
    site
}

/// The bytes without the coding that their file's name tells.
fn plain(path: &str, bytes: &[u8]) -> Vec<u8> {
    let coding = CODINGS.iter().find(|(_, extension)| path.ends_with(extension)).unwrap().0;
    let mut head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n").into_bytes();
    head.extend(bytes);
    Answer::of(&head).plain()
}

/// The originals of a tree.
fn originals(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let mut tree = site.tree();
    tree.retain(|path, _| CODINGS.iter().all(|(_, extension)| !path.ends_with(extension)));
    tree
}

/// When and as what each file of the output was written.
fn written(site: &Site) -> BTreeMap<String, (u64, i64, i64)> {
    let of = |path: &String| {
        let file = fs::metadata(site.path("public").join(path)).unwrap();
        (path.clone(), (file.ino(), file.mtime(), file.mtime_nsec()))
    };
    site.tree().keys().map(of).collect()
}

#[test]
fn every_file_is_written_in_every_coding() {
    let site = built(r#"["gzip", "br", "zstd"]"#);
    let (tree, originals) = (site.tree(), originals(&site));
    assert!(originals.contains_key("cu.xml") && originals.contains_key("assets/style.css"));
    assert_eq!(tree.len(), originals.len() * 4);
    for (path, bytes) in &originals {
        for (_, extension) in CODINGS {
            let path = format!("{path}{extension}");
            assert_eq!(plain(&path, &tree[&path]), *bytes, "{path}");
        }
    }
    // Another site of the same articles has the same bytes.
    assert_same(&tree, &built(r#"["gzip", "br", "zstd"]"#).tree());
    // `check` looks at the originals alone, and so does the server.
    site.run(&["check"]).exits(0);
    let server = Server::of(&site, &[]);
    assert_eq!((server.get("/tin-moi/rss.xml").status, server.get("/tin-moi/rss.xml.gz").status), (200, 404));
}

#[test]
fn what_stays_is_not_touched_and_what_goes_goes_with_its_original() {
    let site = built(r#"["gzip", "br"]"#);
    let first = written(&site);
    // Not by a run that finds nothing to do, and not by one that makes every feed anew.
    site.run(&["build"]).exits(0);
    site.write("articles.jsonl", site.read("articles.jsonl").as_bytes());
    site.run(&["build"]).exits(0);
    assert_eq!(first, written(&site));
    // Another article outside of one section: the other's files stay.
    let mut elsewhere = record("khac", 2);
    elsewhere["category"] = "Văn hóa".into();
    let site = site.article(elsewhere);
    site.run(&["build"]).exits(0);
    let second = written(&site);
    let changed = |path: &str| first[path] != second[path];
    for extension in ["", ".gz", ".br"] {
        assert!(changed(&format!("tin-moi/rss.xml{extension}")), "{extension}");
        assert!(!changed(&format!("thoi-su/rss.xml{extension}")), "{extension}");
    }
    // One that was removed is written again, and one that is out of date as well.
    let tree = site.tree();
    fs::remove_file(site.path("public/tin-moi/rss.xml.gz")).unwrap();
    let old = fs::File::options().write(true).open(site.path("public/tin-moi/rss.xml.br")).unwrap();
    old.set_len(0).unwrap();
    old.set_modified(std::time::SystemTime::now() - Duration::from_secs(100)).unwrap();
    site.run(&["build"]).exits(0);
    assert_same(&tree, &site.tree());
    // A feed that is held back keeps its files, and so does its old path.
    let records = site.read("articles.jsonl");
    site.write("articles.jsonl", records.lines().next().unwrap().as_bytes());
    site.run(&["build"]).exits(1);
    let path = "cu.xml.gz";
    assert_eq!(site.tree()[path], tree[path]);
    site.write("articles.jsonl", records.as_bytes());
    // A feed that goes takes them along; so do codings that are not wanted any longer.
    let without = config(r#"["gzip"]"#);
    let site = site.config(without.rsplit_once("[[feed]]").unwrap().0);
    site.run(&["build"]).exits(0);
    let left = site.tree();
    assert!(
        left.keys().all(|path| !path.starts_with("thoi-su/") && !path.ends_with(".br")),
        "{:?}",
        left.keys()
    );
    assert!(left.contains_key("tin-moi/rss.xml.gz"));
    // A lost ledger does not lose them.
    fs::remove_dir_all(site.path(".bantin")).unwrap();
    let site = site.config(&config("[]"));
    site.run(&["build"]).exits(0);
    // An old path is known to the ledger alone.
    let left = site.tree();
    assert!(left.keys().all(|path| path == "cu.xml.gz" || !path.ends_with(".gz")), "{:?}", left.keys());
}

/// A web server, until it is dropped.
struct Running {
    child: Child,
    port: u16,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Running {
    fn new(mut command: Command, port: u16) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut running = Self { child, port };
        eventually("the web server answers", || {
            assert_eq!(running.child.try_wait().unwrap(), None, "the web server ended");
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        running
    }

    fn get(&self, path: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
            .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let mut answer = Answer::of(&bytes);
        if answer.header("transfer-encoding") == "chunked" {
            answer.body = joined(&answer.body);
        }
        answer
    }

    /// Asserts that every file comes as it was compressed beforehand, in those codings, with everything that belongs to
    /// it; and as it is for those who take nothing else.
    fn sends_what_is_compressed(&self, site: &Site, codings: &[&str]) {
        let tree = site.tree();
        for (path, media_type) in [
            ("tin-moi/rss.xml", "application/xml"),
            ("tin-moi/atom.xml", "application/xml"),
            ("tin-moi/feed.json", "application/feed+json"),
            ("tin-moi/index.html", "text/html"),
            ("feeds.opml", "text/x-opml"),
            ("assets/style.css", "text/css"),
        ] {
            let address = format!("/feeds/{path}");
            for (coding, extension) in CODINGS.iter().filter(|(coding, _)| codings.contains(coding)) {
                let answer = self.get(&address, &format!("Accept-Encoding: {coding}\r\n"));
                assert_eq!((answer.status, answer.header("content-encoding")), (200, *coding), "{path}");
                assert!(
                    answer.body == tree[&format!("{path}{extension}")],
                    "{path}{extension} comes as it lies there"
                );
                let tag =
                    format!("Accept-Encoding: {coding}\r\nIf-None-Match: {}\r\n", answer.header("etag"));
                assert_eq!(self.get(&address, &tag).status, 304, "{path} {coding} {}", answer.header("etag"));
                self.belongs(&answer, path, media_type);
            }
            let answer = self.get(&address, "");
            assert_eq!((answer.status, answer.header("content-encoding")), (200, ""), "{path}");
            assert!(answer.body == tree[path], "{path} as it is");
            self.belongs(&answer, path, media_type);
        }
        let page = self.get("/feeds/tin-moi/", "Accept-Encoding: gzip\r\n");
        assert_eq!(page.plain(), tree["tin-moi/index.html"]);
    }

    fn belongs(&self, answer: &Answer, path: &str, media_type: &str) {
        let found = answer.header("content-type").to_lowercase();
        assert_eq!(found.replace("; charset", ";charset"), format!("{media_type};charset=utf-8"), "{path}");
        assert_eq!(answer.header("cache-control"), "public, max-age=300", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("vary"), "Accept-Encoding", "{path}");
        assert!(!answer.header("last-modified").is_empty() && !answer.header("etag").is_empty(), "{path}");
    }
}

/// A body that came in chunks (RFC 9112, 7.1).
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = chunks.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend(&chunks[end + 2..end + 2 + length]);
        chunks = &chunks[end + 2 + length + 2..];
    }
}

/// nginx with that inside of its `server`.
fn nginx(at: &Path, inside: &str) -> Running {
    let port = free_port();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};", at.display()))
        .join("\n");
    let text = format!(
        "daemon off; master_process off; pid {}/pid; error_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\nserver {{\nlisten 127.0.0.1:{port};\n{inside}}}\n}}\n",
        at.display()
    );
    let file = at.join("nginx.conf");
    fs::write(&file, text).unwrap();
    let mut nginx = command("nginx");
    nginx.args(["-e", "stderr", "-p"]).arg(at).arg("-c").arg(file);
    Running::new(nginx, port)
}

const ALL: &str = r#"["gzip", "br", "zstd"]"#;

#[test]
fn nginx_sends_what_is_compressed() {
    if installed("nginx") {
        let site = built(ALL);
        let server = nginx(site.root(), &configuration("README.md", "nginx", site.root()));
        server.sends_what_is_compressed(&site, &["gzip"]);
    }
}

#[test]
fn caddy_sends_what_is_compressed() {
    if !installed("caddy") {
        return;
    }
    let (site, port) = (built(ALL), free_port());
    let text = format!(
        "{{\n\tadmin off\n}}\nhttp://localhost:{port} {{\nbind 127.0.0.1\n{}}}\n",
        configuration("README.md", "caddy", site.root())
    );
    site.write("Caddyfile", text.as_bytes());
    let mut caddy = command("caddy");
    caddy
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(site.path("Caddyfile"))
        .env("HOME", site.root());
    Running::new(caddy, port).sends_what_is_compressed(&site, &["gzip", "br", "zstd"]);
}

#[test]
fn apache_sends_what_is_compressed_and_compresses_what_is_not() {
    let modules = Path::new("/usr/lib/apache2/modules");
    if !installed("apache2") || !modules.is_dir() {
        return;
    }
    for precompress in [ALL, "[]"] {
        let (site, port) = (built(precompress), free_port());
        let at = site.root().display();
        let mut text = format!(
            "ServerRoot {at}\nDefaultRuntimeDir {at}\nMutex file:{at}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {at}/pid\nErrorLog {at}/log\nTypesConfig /dev/null\nUser www-data\nGroup www-data\n"
        );
        for module in
            ["mpm_event", "authz_core", "mime", "dir", "alias", "headers", "filter", "deflate", "rewrite"]
        {
            text += &format!("LoadModule {module}_module {}/mod_{module}.so\n", modules.display());
        }
        // The user's part stands in a virtual host.
        let user = configuration("docs/serving.md", "apache", site.root());
        text += &format!("<VirtualHost 127.0.0.1:{port}>\n{user}</VirtualHost>\n");
        site.write("apache.conf", text.as_bytes());
        site.write("public/.bantin-x.tmp", b"unfinished");
        let tested = command("apache2").arg("-t").arg("-f").arg(site.path("apache.conf")).output().unwrap();
        assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
        let mut apache = command("apache2");
        apache.arg("-X").arg("-f").arg(site.path("apache.conf"));
        let server = Running::new(apache, port);
        if precompress == ALL {
            server.sends_what_is_compressed(&site, &["gzip", "br", "zstd"]);
        }
        let answer = server.get("/feeds/tin-moi/rss.xml", "Accept-Encoding: gzip\r\n");
        assert_eq!((answer.status, answer.header("content-encoding")), (200, "gzip"));
        assert_eq!(answer.plain(), fs::read(site.path("public/tin-moi/rss.xml")).unwrap());
        let known = format!("Accept-Encoding: gzip\r\nIf-None-Match: {}\r\n", answer.header("etag"));
        assert_eq!(server.get("/feeds/tin-moi/rss.xml", &known).status, 304);
        assert!([403, 404].contains(&server.get("/feeds/.bantin-x.tmp", "").status));
    }
}

#[test]
fn nginx_stands_before_the_server() {
    if !installed("nginx") {
        return;
    }
    let site = built("[]");
    let server = Server::of(&site, &[]);
    let inside = configuration("docs/serving.md", "nginx", site.root());
    assert!(inside.contains("127.0.0.1:8080"));
    let front = nginx(site.root(), &inside.replace("127.0.0.1:8080", &server.address.to_string()));
    let direct = server.ask("GET", "/feeds/tin-moi/rss.xml", &["Accept-Encoding: br"]);
    let answer = front.get("/feeds/tin-moi/rss.xml", "Accept-Encoding: br\r\n");
    assert_eq!((answer.status, &answer.body), (200, &direct.body));
    for name in ["etag", "content-type", "content-encoding", "cache-control", "vary", "last-modified", "link"]
    {
        assert_eq!(answer.header(name), direct.header(name), "{name}");
    }
    let known = format!("Accept-Encoding: br\r\nIf-None-Match: {}\r\n", answer.header("etag"));
    assert_eq!(front.get("/feeds/tin-moi/rss.xml", &known).status, 304);
    assert_eq!(front.get("/metrics", "").status, 404, "what is counted is not told to everybody");
}

#[test]
fn the_unit_of_the_server_is_sound() {
    if !installed("systemd-analyze") {
        return;
    }
    let site = Site::new();
    let units = blocks_of("docs/serving.md", "ini");
    assert_eq!(units.len(), 1);
    let text = units[0].text.replace("/usr/local/bin/bantin", env!("CARGO_BIN_EXE_bantin"));
    site.write("bantin-serve.service", text.as_bytes());
    let run = Run::of(
        command("systemd-analyze").arg("verify").arg(site.path("bantin-serve.service")).output().unwrap(),
    );
    assert!(!run.stderr.contains("bantin-serve"), "{}", run.stderr);
}
