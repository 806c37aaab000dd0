//! What goes wrong around the program: it is killed, the disk is full, a folder cannot be written, a file is gone.
//! Every file is the old one or the new one, whole, and nothing half-done is left.

use crate::site::{HEAD, Run, Site, Tree, assert_same, record, with};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Names of files that wait beside their targets.
fn waiting(site: &Site) -> Vec<String> {
    site.tree()
        .into_keys()
        .filter(|path| path.rsplit('/').next().is_some_and(|name| name.starts_with('.')))
        .collect()
}

/// Whether a file waits in that folder.
#[cfg(unix)]
fn is_waiting_in(folder: &Path) -> bool {
    let mut names = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().file_name());
    names.any(|name| name.to_string_lossy().starts_with(".bantin-"))
}

/// An export of many sections, each with that many articles, of which every title names the version.
fn export(sections: std::ops::Range<usize>, articles: usize, version: &str) -> Vec<Value> {
    let mut records = Vec::new();
    for section in sections {
        for number in 0..articles {
            let record = record(&format!("s{section}-{number}"), (section + number) as u32);
            let record = with(record, "title", format!("{version} {section} {number}"));
            records.push(with(record, "category", format!("Mục {section}")));
        }
    }
    records
}

/// A generator of the numbers that every run of the test is to see (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// A build that is killed at any moment leaves every file the old one or the new one, whole, and the next run puts all
/// right. The two versions of the input have feeds of their own, too, so that files come and go.
#[cfg(unix)]
#[test]
fn killed_at_any_moment() {
    use std::os::unix::process::ExitStatusExt;
    const KILLS: usize = 100;
    let site = Site::in_memory().config(HEAD);
    // Feeds 0 to 37, and 2 to 39: those that go have as few entries as the guard against broken exports lets go.
    let versions = [export(0..38, 3, "cũ"), export(2..40, 3, "mới")];
    let build = ["build", "-q", "--allow-shrink"];
    let mut trees = Vec::new();
    let mut takes = Duration::ZERO;
    // Twice: once every article was seen to change, its date of modification is that of all runs.
    for version in [0, 1, 0, 1] {
        site.records(&versions[version]);
        let began = Instant::now();
        site.run(&build).exits(0);
        takes = began.elapsed();
        trees.push(site.tree());
    }
    let trees = trees.split_off(2);
    assert!(trees[0].contains_key("muc-0/rss.xml") && !trees[1].contains_key("muc-0/rss.xml"));
    let mut random = Random(0x0062_616e_7469_6e21);
    let (mut killed, mut torn, mut left) = (0, 0, 0);
    // On a machine that does much else many come too late, and more are tried.
    for round in 0..4 * KILLS {
        if round >= KILLS && killed > KILLS / 4 && torn > 0 && left > 0 {
            break;
        }
        let version = round % 2;
        site.records(&versions[version]);
        let mut command = site.command(&build);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // At any moment; and three times of four while files are written and replaced, which is soon done.
        let folder = site.path(&format!("public/muc-{}", 2 + random.below(36)));
        let mut until = |waiting| {
            while child.try_wait().unwrap().is_none() && is_waiting_in(&folder) != waiting {}
        };
        let delay = match random.below(4) {
            0 => random.below(takes.as_micros() as u64),
            1 => {
                until(true);
                random.below(6_000)
            }
            // As soon as one folder is done, others are not.
            _ => {
                until(true);
                until(false);
                random.below(100)
            }
        };
        std::thread::sleep(Duration::from_micros(delay));
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().signal() == Some(9));
        let mut tree = site.tree();
        left += waiting(&site).len();
        tree.retain(|path, _| !path.contains("/.bantin-") && !path.starts_with(".bantin-"));
        for (path, bytes) in &tree {
            let whole = trees.iter().any(|known| known.get(path) == Some(bytes));
            assert!(whole, "round {round}: {path} is neither the old file nor the new one");
        }
        for path in trees[0].keys().filter(|path| trees[1].contains_key(*path)) {
            assert!(tree.contains_key(path), "round {round}: {path} is gone");
        }
        torn += usize::from(trees.iter().all(|known| *known != tree));
        // Now and then the next run is killed as well.
        if random.below(3) > 0 {
            let version = random.below(2) as usize;
            site.records(&versions[version]);
            site.run(&build).exits(0);
            assert_same(&site.tree(), &trees[version]);
        }
    }
    site.records(&versions[0]);
    site.run(&build).exits(0);
    assert_same(&site.tree(), &trees[0]);
    eprintln!(
        "{killed} runs killed, of {KILLS} or more; {torn} between files, {left} files left waiting; a run takes {takes:?}"
    );
    assert!(killed > KILLS / 4, "{killed} runs were killed before their end");
    assert!(torn > 0 && left > 0, "no kill hit the middle: {torn} {left}");
}

/// A build that reads only what was appended, and is killed at any moment: the next one puts all right, and comes to what a
/// build that reads everything comes to.
#[cfg(unix)]
#[test]
fn killed_while_only_what_is_new_is_read() {
    use std::io::Write;
    const KILLS: u32 = 60;
    let site = Site::in_memory().config(HEAD);
    let lines =
        |records: &[Value]| -> String { records.iter().map(|record| format!("{record}\n")).collect() };
    let mut text = lines(&export(0..30, 3, "cũ"));
    site.write("articles.jsonl", text.as_bytes());
    let began = Instant::now();
    site.run(&["build", "-q"]).exits(0);
    let mut takes = began.elapsed();
    let mut random = Random(0x6768_6120_7469_6e21);
    let (mut killed, mut resumed) = (0, 0);
    for round in 0..KILLS {
        for more in 0..2 {
            let new = record(&format!("r{round}-{more}"), round);
            let new = with(new, "category", format!("Mục {}", random.below(32)));
            let line = lines(&[new]);
            let mut file = fs::OpenOptions::new().append(true).open(site.path("articles.jsonl")).unwrap();
            file.write_all(line.as_bytes()).unwrap();
            text.push_str(&line);
        }
        let mut command = site.command(&["build", "-q"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random.below(takes.as_micros() as u64)));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        if random.below(4) > 0 {
            // How long such a run takes at present: a kill after its end would show nothing.
            let began = Instant::now();
            let run = site.run(&["build", "-v"]).exits(0);
            takes = began.elapsed();
            resumed += u32::from(!run.stderr.contains("everything is read"));
            let fresh = Site::in_memory().config(HEAD);
            fresh.write("articles.jsonl", text.as_bytes());
            fresh.run(&["build", "-q"]).exits(0);
            assert_same(&site.tree(), &fresh.tree());
            let state = fs::read_dir(site.path(".bantin")).unwrap();
            let mut names: Vec<String> =
                state.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            let expected = ["public.checkpoint", "public.ids", "public.lock", "public.redb"];
            assert_eq!(names, expected, "round {round}");
        }
    }
    eprintln!("{killed} of {KILLS} runs killed, {resumed} runs after them read only what was new");
    assert!(killed > KILLS / 4 && resumed > KILLS / 4, "{killed} killed, {resumed} resumed");
}

/// A feed of which only a killed run knew is removed by the next run, which knows nothing of it but from the ledger.
#[cfg(unix)]
#[test]
fn what_a_killed_run_began_is_cleared_away() {
    let site = Site::in_memory().config(HEAD);
    let (old, new) = (export(0..1, 2, "a"), export(0..30, 2, "a"));
    site.records(&old);
    site.run(&["build", "-q"]).exits(0);
    let tree = site.tree();
    let mut seen = false;
    for delay in 0..200 {
        site.records(&new);
        let mut child = site.command(&["build", "-q"]).stdout(Stdio::null()).spawn().unwrap();
        // Until the first of the new folders is there.
        let began = Instant::now();
        while !site.path("public/muc-9").exists() && began.elapsed() < Duration::from_secs(5) {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_micros(delay * 100));
        child.kill().unwrap();
        child.wait().unwrap();
        seen = site.path("public/muc-9/rss.xml").exists() && site.path("public/muc-9").exists();
        site.records(&old);
        site.run(&["build", "-q", "--allow-shrink"]).exits(0);
        assert_same(&site.tree(), &tree);
        assert!(!site.path("public/muc-9").exists(), "its folder stays");
        if seen {
            break;
        }
    }
    assert!(seen, "no run was killed after its first new file");
}

/// Runs a build on a file system that is too small, if one can be mounted.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let site = Site::new();
    site.records(&export(0..1, 3, "cũ"));
    fs::create_dir_all(site.path("public")).unwrap();
    let Some(_mount) = Mounted::tmpfs(&site.path("public"), "160k") else { return };
    let site = site.config(HEAD);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    site.records(&export(0..20, 3, "mới"));
    let run = site.run(&["build"]).exits(2).says(&["cannot ", "public/", "No space left on device"]);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    assert_same(&site.tree(), &before);
    let folders =
        fs::read_dir(site.path("public")).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(folders.count(), 3, "folders that were made go again");
    // With room again, all is right.
    site.records(&export(0..1, 3, "mới"));
    site.run(&["build"]).exits(0);
    assert_eq!(site.tree().keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

/// The ledger's own disk is full: nothing is published that the next run would not know of.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_ledger() {
    let site = Site::new();
    site.records(&export(0..1, 3, "cũ"));
    fs::create_dir_all(site.path(".bantin")).unwrap();
    let Some(_mount) = Mounted::tmpfs(&site.path(".bantin"), "128k") else { return };
    let site = site.config(HEAD);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    fs::write(site.path(".bantin/filler"), vec![1; 1 << 20]).unwrap_err();
    site.records(&export(0..40, 30, "mới"));
    site.run(&["build"]).exits(2).says(&["cannot ", ".bantin/public.redb", "No space left on device"]);
    assert_same(&site.tree(), &before);
    assert!(!site.path(".bantin/public.damaged").exists(), "a full disk is no damage");
    fs::remove_file(site.path(".bantin/filler")).unwrap();
    site.records(&export(0..1, 3, "mới"));
    let run = site.run(&["build"]).exits(0);
    assert!(!run.stderr.contains("ledger"), "{}", run.stderr);
}

/// A file may grow to 300 KiB and no further.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow() {
    let site = Site::new();
    site.records(&[record("a", 1)]);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    site.records(
        &export(0..1, 3, "mới")
            .into_iter()
            .map(|it| with(it, "content_html", "dài ".repeat(30_000)))
            .collect::<Vec<_>>(),
    );
    // Less than the feeds take, and more than the ledger does.
    let mut shell = Command::new("sh");
    shell.current_dir(site.root()).env("NO_COLOR", "1").stdin(Stdio::null());
    shell.args(["-c", "trap '' XFSZ; ulimit -f 600; exec \"$0\" build --now 2026-11-20T17:00:00+07:00"]);
    let run = Run::of(shell.arg(env!("CARGO_BIN_EXE_bantin")).output().unwrap());
    let run = run.exits(2).says(&["cannot write public/", "File too large"]);
    assert!(run.stdout.is_empty());
    assert_same(&site.tree(), &before);
}

/// A process may hold some hundred files open, and a newspaper may have more feeds than that.
#[cfg(unix)]
#[test]
fn more_feeds_than_files_may_be_open() {
    let site = Site::in_memory();
    site.records(&export(0..100, 1, "mới"));
    let site = site.config(HEAD);
    let mut shell = Command::new("sh");
    shell.current_dir(site.root()).env("NO_COLOR", "1").stdin(Stdio::null());
    shell.args(["-c", "ulimit -n 100; exec \"$0\" build --now 2026-11-20T17:00:00+07:00"]);
    Run::of(shell.arg(env!("CARGO_BIN_EXE_bantin")).output().unwrap()).exits(0);
    assert!(site.tree().contains_key("muc-99/feed.json"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written() {
    let site = Site::new();
    site.records(&export(0..3, 3, "cũ"));
    let site = site.config(HEAD);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    let Some(mount) = Mounted::read_only(&site.path("public/muc-2")) else { return };
    site.records(&export(0..3, 3, "mới"));
    site.run(&["build"]).exits(2).says(&["cannot write public/muc-2/rss.xml", "Read-only file system"]);
    assert_same(&site.tree(), &before);
    // A folder that cannot be made.
    drop(mount);
    let Some(mount) = Mounted::read_only(&site.path("public")) else { return };
    site.records(&export(0..4, 3, "cũ"));
    site.run(&["build"]).exits(2).says(&["cannot ", "public/", "Read-only file system"]);
    assert_same(&site.tree(), &before);
    drop(mount);
    site.run(&["build"]).exits(0);
    assert!(site.tree().contains_key("muc-3/rss.xml"));
}

/// Somebody who may not write, where the tests are run by root: permissions do not bind root.
#[cfg(unix)]
#[test]
fn permissions_are_respected() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let site = Site::new();
    site.records(&[record("a", 1), record("b", 2)]);
    site.run(&["build"]).exits(0);
    let before = site.tree();
    if chown(site.path("articles.jsonl"), Some(65534), Some(65534)).is_err() {
        eprintln!("SKIPPED: only root can run the program as somebody else");
        return;
    }
    let program = site.path("bantin");
    fs::copy(env!("CARGO_BIN_EXE_bantin"), &program).unwrap();
    fs::set_permissions(site.root(), fs::Permissions::from_mode(0o755)).unwrap();
    let as_nobody = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.current_dir(site.root()).args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
        Run::of(command.uid(65534).gid(65534).output().unwrap())
    };
    site.records(&[record("a", 1), record("b", 2), record("c", 3)]);
    // The lock is another's.
    as_nobody(&["build"]).exits(2).says(&["cannot use the lock", ".bantin/public.lock", "Permission denied"]);
    as_nobody(&["build", "--dry-run"]).exits(0);
    // The lock is not, the ledger is.
    chown(site.path(".bantin"), Some(65534), None).unwrap();
    chown(site.path(".bantin/public.lock"), Some(65534), None).unwrap();
    as_nobody(&["build"]).exits(2).says(&[
        "cannot open the ledger",
        ".bantin/public.redb",
        "Permission denied",
    ]);
    // And then the output.
    chown(site.path(".bantin/public.redb"), Some(65534), None).unwrap();
    as_nobody(&["build"]).exits(2).says(&["cannot write public/", "Permission denied"]);
    assert_same(&site.tree(), &before);
    // A source that may not be read.
    fs::set_permissions(site.path("articles.jsonl"), fs::Permissions::from_mode(0o000)).unwrap();
    as_nobody(&["build"]).exits(2).says(&["cannot read articles.jsonl", "Permission denied"]);
    assert_same(&site.tree(), &before);
}

#[test]
fn an_output_that_is_a_file() {
    let site = Site::new().articles(2, "Thời sự").file("public", "a file");
    site.run(&["build"]).exits(2).says(&["cannot make the folder public"]);
    assert_eq!(site.read("public"), "a file");
}

#[test]
fn something_stands_in_the_place_of_a_file_or_folder() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build"]).exits(0);
    fs::remove_file(site.path("public/thoi-su/feed.json")).unwrap();
    fs::create_dir(site.path("public/thoi-su/feed.json")).unwrap();
    let before = site.tree();
    site.records(&[record("x", 1), record("y", 2)]);
    site.run(&["build"]).exits(2).says(&["cannot write public/thoi-su/feed.json", "directory"]);
    assert_same(&site.tree(), &before);
    let site = Site::new().articles(2, "Thời sự").file("public/thoi-su", "a file where a folder should be");
    site.run(&["build"]).exits(2).says(&["cannot make the folder public/thoi-su"]);
    let paths: Vec<String> = site.tree().into_keys().collect();
    assert_eq!(paths, ["thoi-su"]);
    assert!(!site.path("public/tin-moi").exists());
}

#[test]
fn what_stands_in_the_place_of_a_removed_file_stays() {
    let site = Site::new().articles(2, "Thời sự");
    site.run(&["build"]).exits(0);
    fs::remove_dir_all(site.path("public/thoi-su")).unwrap();
    site.write("public/thoi-su/rss.xml/own.txt", b"a folder by now");
    let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n"));
    site.run(&["build"]).exits(0);
    assert_eq!(site.read("public/thoi-su/rss.xml/own.txt"), "a folder by now");
    fs::remove_dir_all(site.path("public/tin-moi")).unwrap();
    site.write("public/tin-moi", b"a file by now");
    let site = site.config(&format!("{HEAD}\n[[feed]]\ntitle = \"Khác\"\nslug = \"khac\"\n"));
    site.run(&["build"]).exits(0);
    assert_eq!(site.read("public/tin-moi"), "a file by now");
}

#[cfg(unix)]
#[test]
fn a_source_that_vanishes() {
    let site = Site::new();
    site.write("bai/1.jsonl", record("a", 1).to_string().as_bytes());
    let site = site.config(&HEAD.replace("articles.jsonl", "bai/*.jsonl"));
    site.run(&["build"]).exits(0);
    let before = site.tree();
    // The glob sees it, and there is nothing to open.
    std::os::unix::fs::symlink("nowhere", site.path("bai/2.jsonl")).unwrap();
    site.run(&["build"]).exits(2).says(&["cannot read bai/2.jsonl", "No such file"]);
    assert_same(&site.tree(), &before);
}

/// A file system that is mounted while this lives.
#[cfg(target_os = "linux")]
struct Mounted(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl Mounted {
    fn tmpfs(at: &Path, size: &str) -> Option<Self> {
        Self::mount(at, &["-t", "tmpfs", "-o", &format!("size={size}"), "none"])
    }

    fn read_only(at: &Path) -> Option<Self> {
        let place = at.to_str().unwrap();
        Self::mount(at, &["-o", "bind,ro", place])
    }

    fn mount(at: &Path, arguments: &[&str]) -> Option<Self> {
        let mounted = Command::new("mount").args(arguments).arg(at).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(at.to_path_buf()));
        }
        eprintln!("SKIPPED: nothing can be mounted here");
        None
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

/// Trees are compared by path, so that a failure does not print their bytes.
#[test]
#[should_panic(expected = "these files differ: [\"a\"]")]
fn trees_that_differ_are_told_apart() {
    assert_same(&Tree::from([("a".to_owned(), vec![1])]), &Tree::new());
}
