//! What a source that is no file is asked for, as feeds.toml says it: a program, the web, or a database.

use super::{Database, Planner, Rows, Web, suggestion, web};
use crate::config::{self, Mistake};
use crate::sources::{self, SOURCES, Source};
use crate::template::Template;
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
    /// How that is to be read.
    pub options: sources::Options,
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
    Web(Web),
    Database(Database),
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
            Origin::Web(web) => web.addresses.first().map_or("", |address| &address.written),
            Origin::Database(database) => &database.name,
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
            Origin::Web(web) => {
                let addresses = web.addresses.iter().map(|address| address.written.clone());
                let headers = web.headers.iter().map(|(name, value)| format!("{name}: {}", value.written));
                let rest = [format!("{:?}", web.paging), format!("{:?}", self.options)];
                ("web", addresses.chain(headers).chain(rest).collect())
            }
            Origin::Database(Database { url, rows, fields, .. }) => {
                let (kind, text) = match rows {
                    Rows::Query(query) => ("query", query),
                    Rows::Table(table) => ("table", table),
                };
                ("database", vec![url.written.clone(), kind.to_owned(), text.clone(), fields.clone()])
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
const MAX_SIZE_OF_WEB: u64 = 100_000_000;

impl Planner<'_> {
    /// What a source that is no file is asked for; `None` for one that is.
    pub(super) fn intake(&mut self, source: &config::Source, options: &sources::Options) -> Option<Intake> {
        let format = source.format.as_ref().and_then(|name| sources::named(name.get_ref()));
        let (origin, format, max_size) = match (&source.path, &source.command, &source.url) {
            (None, Some(command), _) => (
                Origin::Program(self.program(command)?),
                format.or_else(|| sources::named("jsonl")),
                MAX_SIZE,
            ),
            (None, None, Some(urls)) if Self::is_database(source) => {
                (Origin::Database(self.database(source, urls)?), sources::named("jsonl"), MAX_SIZE)
            }
            (None, None, Some(urls)) => {
                let web = self.web(source, urls)?;
                let of_api = || source.api.as_ref().and_then(|api| web::format_of(*api.get_ref()));
                let format = format.or_else(of_api);
                (Origin::Web(web), format, MAX_SIZE_OF_WEB)
            }
            _ => return None,
        };
        let seconds = source.timeout.as_ref().map_or(TIMEOUT, |seconds| *seconds.get_ref());
        Some(Intake {
            origin,
            format,
            options: options.clone(),
            required: source.required,
            timeout: Duration::from_secs(seconds.into()),
            max_size: source.max_size.as_ref().map_or(max_size, |size| size.get_ref().0),
        })
    }

    /// What builds the addresses of articles that carry none.
    pub(super) fn article_url(&mut self, source: &config::Source) -> Option<Template> {
        let is_address = source.path.is_none() && source.command.is_none();
        match (&source.article_url, source.url.as_ref().filter(|_| !is_address)) {
            (Some(url), Some(other)) => {
                let help =
                    "here both build the addresses of articles that carry none; one of the two is enough";
                self.mistake(other.span(), "`url` beside `article_url`", Some(help.to_owned()));
                self.template(url.get_ref(), url.span())
            }
            (Some(url), None) => self.template(url.get_ref(), url.span()),
            (None, Some(url)) => match url.get_ref().0.as_slice() {
                [word] => self.template(word, url.span()),
                _ => {
                    let help =
                        "beside a `path` or a `command` it builds the addresses of articles that carry none";
                    self.mistake(url.span(), "`url` is one text here", Some(help.to_owned()));
                    None
                }
            },
            (None, None) => None,
        }
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
        let url = source
            .url
            .as_ref()
            .map(toml::Spanned::span)
            .filter(|_| kinds.iter().all(|(_, span)| span.is_none()));
        let kinds = [kinds.to_vec(), vec![("url", url)]].concat();
        let mut given = kinds.iter().filter_map(|(name, span)| Some((name, span.clone()?)));
        let Some((first, _)) = given.next() else {
            let help = "add path = \"articles/*.jsonl\", or wherever the articles are; command = [\"./export.sh\"] or url = \"https://…\"";
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
        let of_web = [
            ("api", source.api.as_ref().map(toml::Spanned::span)),
            ("headers", source.headers.keys().next().map(toml::Spanned::span)),
            ("paging", source.paging.as_ref().map(toml::Spanned::span)),
            ("allow_private", source.allow_private.as_ref().map(toml::Spanned::span)),
            ("ca", source.ca.as_ref().map(toml::Spanned::span)),
        ];
        let of_databases = [
            ("query", source.query.as_ref().map(toml::Spanned::span)),
            ("table", source.table.as_ref().map(toml::Spanned::span)),
        ];
        let is_database = Self::is_database(source);
        for (name, span) in of_databases {
            if let Some(span) = span.filter(|_| source.path.is_some() || source.command.is_some()) {
                let help = "it belongs to a source in a database, whose address is its `url`".to_owned();
                self.mistake(span, format!("`{name}` says nothing of files and commands"), Some(help));
            }
        }
        let of_both = [
            ("timeout", source.timeout.as_ref().map(toml::Spanned::span)),
            ("max_size", source.max_size.as_ref().map(toml::Spanned::span)),
        ];
        let (keys, what) = match (&source.path, &source.command) {
            (Some(_), _) => ([of_web.as_slice(), of_both.as_slice()].concat(), "files"),
            (None, Some(_)) => (of_web.to_vec(), "a command"),
            (None, None) if is_database => {
                let format = ("format", source.format.as_ref().map(toml::Spanned::span));
                ([of_web.as_slice(), &[format]].concat(), "a database")
            }
            (None, None) => (Vec::new(), ""),
        };
        for (name, span) in keys {
            if let Some(span) = span {
                let help = "it belongs to a source that is fetched from the web, by its `url`";
                let help = if of_both.iter().any(|(both, _)| *both == name) {
                    "files are read however large they are, and for as long as it takes"
                } else if name == "format" {
                    "rows have none"
                } else if name == "ca" && is_database {
                    "the database's URL names its authority: `?sslmode=verify-full&sslrootcert=ca.pem`, `?ssl-mode=verify_identity&ssl-ca=ca.pem`"
                } else {
                    help
                };
                self.mistake(span, format!("`{name}` says nothing of {what}"), Some(help.to_owned()));
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
            options: sources::Options::default(),
            required: false,
            timeout: Duration::from_secs(timeout),
            max_size: 1,
        };
        assert_eq!(intake(&["a", "b"], 1).key(), intake(&["a", "b"], 2).key());
        assert_ne!(intake(&["a", "b"], 1).key(), intake(&["ab"], 1).key());
        assert_eq!(intake(&["a"], 1).key().len(), "command-".len() + 16);
    }
}
