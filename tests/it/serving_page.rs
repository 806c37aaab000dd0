//! docs/serving.md as somebody follows it: the session with curl is typed into a shell, against the running server, and
//! what the page shows is compared with what is printed. `…` in the page stands for any text, and on a line of its own for
//! any lines. Said aloud and passed over where curl is not installed.
#![cfg(unix)]

use crate::readme::{blocks_of, copy, installed};
use crate::serve_client::Server;
use regex::Regex;
use std::path::Path;
use std::process::{Command, Stdio};

const PAGE: &str = "docs/serving.md";

/// Where the page's server listens.
const SHOWN_ADDRESS: &str = "127.0.0.1:8080";

/// A pattern for what the page shows.
fn pattern(shown: &str) -> Regex {
    let line = |line: &str| match line {
        "…" => "(?:.*\n)*?".to_owned(),
        line => line.split('…').map(regex::escape).collect::<Vec<_>>().join(".*") + "\n",
    };
    let lines: String = shown.lines().map(line).collect();
    Regex::new(&format!("^{lines}$")).unwrap()
}

/// The commands of a block, each with what is shown below it.
fn commands(block: &str) -> Vec<(&str, String)> {
    let mut commands: Vec<(&str, String)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, String::new())),
            (None, Some((_, shown))) => *shown += &format!("{line}\n"),
            (None, None) => panic!("{PAGE}: a block that begins with no command: {line}"),
        }
    }
    commands
}

/// What a shell prints that runs those lines in a folder; it must have no fault to report.
fn shell(script: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_bantin")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("set -e\nexec 2>&1\n{script}")])
        .current_dir(folder)
        .env("PATH", format!("{}:{}", program.display(), std::env::var("PATH").unwrap()))
        .env("HOME", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "`{script}`: {}\n{printed}", output.status);
    printed
}

#[test]
fn what_is_shown_is_compared() {
    let shown = "HTTP/1.1 200 OK\n…\nETag: \"…\"\n…\n";
    let is = |printed: &str| pattern(shown).is_match(printed);
    assert!(is("HTTP/1.1 200 OK\nDate: x\nETag: \"y\"\nVary: z\n"));
    assert!(!is("HTTP/1.1 304 OK\nETag: \"y\"\n") && !is("HTTP/1.1 200 OK\nDate: x\n"));
}

#[test]
fn the_session_with_curl_goes_as_it_is_shown() {
    if !installed("curl") {
        return;
    }
    let (_folder, root) = copy();
    let scripts: Vec<_> =
        blocks_of(PAGE, "sh").into_iter().filter(|block| block.text.contains("bantin serve")).collect();
    let [script] = &scripts[..] else { panic!("{PAGE}: one block starts the server") };
    let (before, rest) = script.text.split_once("bantin serve &\n").unwrap();
    shell(before, &root);
    let server = Server::within(&root);
    let address = |text: &str| text.replace(SHOWN_ADDRESS, &server.address.to_string());
    let mut statuses = Vec::new();
    for block in blocks_of(PAGE, "console") {
        for (command, shown) in commands(&block.text).iter().filter(|(command, _)| command.contains("curl")) {
            let printed = shell(&format!("{}{command}", address(rest)), &root).replace('\r', "");
            let printed = format!("{}\n", printed.trim_end());
            assert!(
                pattern(shown).is_match(&printed),
                "{PAGE}: `{command}` prints\n{printed}\nand not\n{shown}"
            );
            statuses.extend(
                printed
                    .lines()
                    .filter_map(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3))
                    .map(str::to_owned),
            );
        }
    }
    statuses.sort();
    statuses.dedup();
    assert_eq!(statuses, ["200", "301", "304", "404", "410"]);
}
