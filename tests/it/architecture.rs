//! The laws of ARCHITECTURE.md: who may name whom, how long a file may be, and that every module says what it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate, from the ground up, and the ones that each may name. What is not here is forbidden.
const MAY_NAME: &[(&str, &str)] = &[
    // Rules of their own, that know nothing of this program.
    // `check` shares no code with what it judges.
    ("check", ""),
    ("database_url", ""),
    ("date", ""),
    ("diagnostic", ""),
    ("exchange", ""),
    ("file_at", ""),
    ("language", ""),
    ("parallel", ""),
    ("precompress", ""),
    ("notify", "exchange parallel"),
    ("probe", "check exchange"),
    ("publish", "parallel"),
    ("reader", ""),
    ("seen", ""),
    ("state", ""),
    ("subscribers", ""),
    ("template", ""),
    ("text", ""),
    ("watch", ""),
    ("link", "text"),
    ("slug", "text"),
    ("id", "link text"),
    ("html", "link text"),
    ("compare", "reader"),
    ("register", "file_at parallel"),
    // What is published.
    ("article", "diagnostic slug text"),
    ("feed", "article html link text"),
    ("formats", "article date feed id text"),
    ("pages", "article feed formats text"),
    ("fixtures", "compare formats reader"),
    // What is read, and meant by feeds.toml.
    ("sources", "diagnostic id"),
    ("selection", "article language slug"),
    ("shortlist", "selection"),
    ("config", "formats sources"),
    (
        "plan",
        "article check config database_url date feed formats language link pages precompress seen selection slug sources template text vocabulary",
    ),
    ("vocabulary", "article date diagnostic id language link plan slug sources template text"),
    ("glance", "plan vocabulary"),
    // What is done.
    ("standstill", "plan seen"),
    (
        "gather",
        "article diagnostic edition file_at glance pages parallel plan register selection seen shortlist slug sources \
         state text vocabulary",
    ),
    ("edition", "article diagnostic feed formats gather id pages parallel plan selection slug state text"),
    (
        "intake",
        "article database_url date diagnostic exchange parallel plan publish selection sources template vocabulary",
    ),
    (
        "init",
        "article config database_url date diagnostic intake language link pages plan selection slug sources text vocabulary",
    ),
    (
        "build",
        "check compare config date diagnostic edition feed formats gather intake pages parallel plan precompress publish reader selection standstill state text",
    ),
    ("serve", "formats pages plan precompress reader"),
    (
        "cli",
        "article build check compare config date diagnostic edition exchange fixtures formats gather id init intake link pages \
         parallel notify plan probe publish selection serve state subscribers vocabulary watch",
    ),
    ("lib", ""),
    ("main", ""),
];

/// Names that go both ways. `plan` looks up the names of fields, `vocabulary` reads by what is planned; `gather` asks
/// `edition` by which moment an article counts, and hands it what it kept.
const BOTH_WAYS: &[(&str, &str)] = &[("plan", "vocabulary"), ("gather", "edition")];

/// The most lines of a file.
const LONGEST: usize = 600;

/// Files that are longer, and why.
const LONGER: &[(&str, &str)] = &[
    ("src/plan.rs", "every key of feeds.toml, one after the other"),
    ("src/text.rs", "half of it tests: frozen vectors of what text may be"),
    ("src/vocabulary.rs", "every field of an article, one after the other"),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            _ if path.is_dir() => files(&path, found),
            Some(extension) if extension == "rs" => found.push(path),
            _ => {}
        }
    }
}

/// Every file of the folder: its path from the repository on, and its text.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join(folder), &mut found);
    let name = |path: &Path| path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    found.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The module of the crate that a file belongs to.
fn module(path: &str) -> &str {
    let name = path.trim_start_matches("src/").split('/').next().unwrap();
    name.trim_end_matches(".rs")
}

/// Whether a file holds tests alone.
fn is_test(path: &str) -> bool {
    ["tests.rs", "testing.rs", "shared_data.rs"].iter().any(|name| path.ends_with(&format!("/{name}")))
}

/// The program's own code, with every comment and the tests blanked out and lines kept.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").or(text.find("#[cfg(test)]\npub mod tests {"));
    let mut code = String::new();
    for line in text[..end.unwrap_or(text.len())].lines() {
        let kept = match line.trim_start().starts_with("//") {
            true => "",
            // A comment behind code; an address in a string is none.
            false => line.split(" // ").next().unwrap_or(line),
        };
        code += kept;
        code.push('\n');
    }
    code
}

/// The modules that code names by `crate::`, each with its line.
fn named(code: &str) -> Vec<(usize, &str)> {
    let word = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + "crate::".len()..];
        if !rest.starts_with('{') {
            names.push((line, &rest[..word(rest)]));
            continue;
        }
        // `crate::{a, b::{c, d}}`: what stands in the outer braces.
        let (mut depth, mut is_name) = (0, true);
        for (index, character) in rest.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => is_name = true,
                _ if depth == 1 && is_name && character.is_alphabetic() => {
                    let name = &rest[index..];
                    names.push((line + rest[..index].matches('\n').count(), &name[..word(name)]));
                    is_name = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

#[test]
fn names_are_found() {
    let code = code(
        "//! [`crate::no`]\nuse crate::a::B;\nuse crate::{\n    c::{self, D},\n    e, f::G,\n};\nlet x = crate::h(); // crate::no\n",
    );
    assert_eq!(named(&code), [(2, "a"), (4, "c"), (5, "e"), (5, "f"), (7, "h")]);
}

#[test]
fn imports_go_one_way() {
    let table: BTreeMap<&str, &str> = MAY_NAME.iter().copied().collect();
    let sources = sources("src");
    let mut broken = Vec::new();
    let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
    let modules: BTreeSet<&str> = sources.keys().map(|path| module(path)).collect();
    for (path, text) in sources.iter().filter(|(path, _)| !is_test(path)) {
        let own = module(path);
        let Some(allowed) = table.get(own) else {
            broken.push(format!("{path}: `{own}` is not in the table of tests/it/architecture.rs"));
            continue;
        };
        for (line, name) in named(&code(text)) {
            // An item of the crate's root is none of a module.
            if name == own || !modules.contains(name) {
                continue;
            }
            match allowed.split_whitespace().find(|other| *other == name) {
                Some(other) => drop(used.insert((own, other))),
                None => broken.push(format!("{path}:{line}: `{own}` may not name `{name}`")),
            }
        }
    }
    for (own, allowed) in MAY_NAME {
        if !modules.contains(own) {
            broken.push(format!("there is no module `{own}`"));
        }
        let idle = allowed.split_whitespace().filter(|name| !used.contains(&(*own, *name)));
        broken.extend(idle.map(|name| format!("`{own}` may name `{name}`, and does not")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The table has its modules from the ground up, so that a name of one further down in it would be one the wrong way.
#[test]
fn the_table_has_no_circles() {
    for (index, (own, allowed)) in MAY_NAME.iter().enumerate() {
        for name in allowed.split_whitespace() {
            let place = MAY_NAME.iter().position(|(module, _)| *module == name);
            let place = place.unwrap_or_else(|| panic!("`{own}` may name `{name}`, which is no module"));
            assert!(place < index || BOTH_WAYS.contains(&(*own, name)), "`{own}` stands above `{name}`");
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    let mut silent: Vec<String> = Vec::new();
    for folder in ["src", "tests"] {
        let sources = sources(folder);
        silent.extend(
            sources.iter().filter(|(_, text)| !text.starts_with("//!")).map(|(path, _)| path.clone()),
        );
    }
    assert!(silent.is_empty(), "no `//!` at the beginning of {}", silent.join(", "));
}

#[test]
fn files_are_short() {
    let sources = sources("src");
    for (path, text) in &sources {
        let lines = text.lines().count();
        let excused = LONGER.iter().any(|(longer, _)| longer == path);
        assert!(lines <= LONGEST || excused, "{path} has {lines} lines: split it, or say why not in LONGER");
        assert!(lines > LONGEST || !excused, "{path} has {lines} lines: take it out of LONGER");
    }
    for (path, _) in LONGER {
        assert!(sources.contains_key(*path), "there is no {path}");
    }
}

#[test]
fn the_map_names_every_module() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let missing: Vec<&str> = MAY_NAME
        .iter()
        .map(|(module, _)| *module)
        .filter(|module| !map.contains(&format!("`{module}`")) && !map.contains(&format!("`{module}.rs`")))
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name {}", missing.join(", "));
}
