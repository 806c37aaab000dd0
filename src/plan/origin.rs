//! What a source that is no file is asked for, as feeds.toml says it: a program.

use super::{Planner, suggestion};
use crate::config::{self, Mistake};
use crate::sources::{self, SOURCES, Source};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_128;

/// A source whose records are brought to files before they are read.
#[derive(Debug, Clone)]
pub struct Intake {
    pub origin: Origin,
    /// The format of what it gives; `None`: what it says itself.
    pub format: Option<&'static dyn Source>,
    /// Whether nothing may be published without it.
    pub required: bool,
    /// For how long it may take.
    pub timeout: Duration,
    /// How many bytes it may give.
    pub max_size: u64,
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Origin {
    Program(Program),
}

/// A program whose standard output is the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// As it is started: a path, or a name that the system looks up.
    pub program: OsString,
    pub arguments: Vec<String>,
    /// The folder in which it runs.
    pub folder: PathBuf,
    /// As the user would name it.
    pub name: String,
}

impl Intake {
    /// What messages call the source: never with a password.
    pub fn name(&self) -> &str {
        match &self.origin {
            Origin::Program(program) => &program.name,
        }
    }

    /// The name of the folder in which lies what the source gave. It stays for as long as the source is asked for the same.
    pub fn key(&self) -> String {
        let format = self.format.map_or("", |format| format.name());
        let (kind, words) = match &self.origin {
            Origin::Program(Program { program, arguments, .. }) => {
                let program = program.to_string_lossy().into_owned();
                ("command", [vec![program], arguments.clone()].concat())
            }
        };
        let hash = xxh3_128([vec![format.to_owned()], words].concat().join("\0").as_bytes());
        format!("{kind}-{:016x}", hash as u64)
    }
}

/// How long a source may take that feeds.toml says nothing of, in seconds.
const TIMEOUT: u32 = 300;

/// How many bytes it may give.
const MAX_SIZE: u64 = 1_000_000_000;

impl Planner<'_> {
    /// What a source that is no file is asked for; `None` for one that is.
    pub(super) fn intake(&mut self, source: &config::Source) -> Option<Intake> {
        let format = self.format(source.format.as_ref());
        let origin = Origin::Program(self.program(source.command.as_ref()?)?);
        Some(Intake {
            format: match origin {
                Origin::Program(_) => format.or_else(|| sources::named("jsonl")),
            },
            origin,
            required: source.required,
            timeout: Duration::from_secs(
                source.timeout.as_ref().map_or(TIMEOUT, |seconds| *seconds.get_ref()).into(),
            ),
            max_size: source.max_size.as_ref().map_or(MAX_SIZE, |size| size.get_ref().0),
        })
    }

    /// The input format of that name.
    pub(super) fn format(&mut self, name: Option<&toml::Spanned<String>>) -> Option<&'static dyn Source> {
        let name = name?;
        let format = sources::named(name.get_ref());
        if format.is_none() {
            let names: Vec<&str> = SOURCES.iter().map(|source| source.name()).collect();
            let help = suggestion(name.get_ref(), &names);
            self.mistake(name.span(), format!("unknown format `{}`", name.get_ref()), Some(help));
        }
        format
    }

    fn program(&mut self, command: &toml::Spanned<Vec<String>>) -> Option<Program> {
        let help = "the program, then its arguments: command = [\"./export.sh\", \"--all\"]";
        let Some((program, arguments)) =
            command.get_ref().split_first().filter(|(program, _)| !program.is_empty())
        else {
            self.mistake(command.span(), "`command` names no program", Some(help.to_owned()));
            return None;
        };
        if command.get_ref().iter().any(|word| word.contains('\0')) {
            self.mistake(command.span(), "`command` holds a character that no argument can", None);
            return None;
        }
        let root = if self.root.as_os_str().is_empty() { Path::new(".") } else { self.root };
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf());
        // A path is one from the folder of feeds.toml on, whatever folder bantin was started in; a mere name is looked up.
        let is_path = program.contains(std::path::is_separator);
        Some(Program {
            program: if is_path { root.join(program).into() } else { program.into() },
            arguments: arguments.to_vec(),
            folder: root,
            name: called(program, arguments),
        })
    }

    /// Says where keys stand that mean nothing beside the others.
    pub(super) fn kinds(&mut self, source: &config::Source, span: config::Span) {
        let kinds = [
            ("path", source.path.as_ref().map(toml::Spanned::span)),
            ("command", source.command.as_ref().map(toml::Spanned::span)),
        ];
        let mut given = kinds.iter().filter_map(|(name, span)| Some((name, span.clone()?)));
        let Some((first, _)) = given.next() else {
            let help = "add path = \"articles/*.jsonl\", or wherever the articles are; or command = [\"./export.sh\"]";
            self.mistakes.push(Mistake {
                message: "[[source]] lacks the key `path`".to_owned(),
                span,
                help: Some(help.to_owned()),
            });
            return;
        };
        for (second, span) in given {
            let help = "what comes from two places is two sources, each with a [[source]] of its own";
            self.mistake(span, format!("`{second}` beside `{first}`"), Some(help.to_owned()));
        }
        if source.path.is_some() {
            let keys = [
                ("timeout", source.timeout.as_ref().map(toml::Spanned::span)),
                ("max_size", source.max_size.as_ref().map(toml::Spanned::span)),
            ];
            for (name, span) in keys {
                if let Some(span) = span {
                    let help =
                        "files are read however large they are, and for as long as it takes".to_owned();
                    self.mistake(span, format!("`{name}` says nothing of files"), Some(help));
                }
            }
        }
    }
}

/// What a command is called: the program and the words that follow, up to the first option. What follows that may be
/// a password.
fn called(program: &str, arguments: &[String]) -> String {
    let words = arguments.iter().take_while(|word| !word.starts_with('-') && !word.contains('='));
    let words = words.filter(|word| word.chars().count() <= 60 && !word.contains(char::is_control));
    std::iter::once(program).chain(words.map(String::as_str)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_command_is_called_without_what_may_be_a_password() {
        assert_eq!(called("./export.sh", &[]), "./export.sh");
        assert_eq!(called("python3", &words(&["export.py", "--password", "geheim"])), "python3 export.py");
        assert_eq!(called("export", &words(&["PASSWORD=geheim", "all"])), "export");
    }

    #[test]
    fn a_key_is_that_of_what_is_asked() {
        let intake = |arguments: &[&str], timeout| Intake {
            origin: Origin::Program(Program {
                program: "x".into(),
                arguments: words(arguments),
                folder: PathBuf::new(),
                name: String::new(),
            }),
            format: sources::named("jsonl"),
            required: false,
            timeout: Duration::from_secs(timeout),
            max_size: 1,
        };
        assert_eq!(intake(&["a", "b"], 1).key(), intake(&["a", "b"], 2).key());
        assert_ne!(intake(&["a", "b"], 1).key(), intake(&["ab"], 1).key());
        assert_eq!(intake(&["a"], 1).key().len(), "command-".len() + 16);
    }
}
