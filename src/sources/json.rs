//! JSON (<https://www.rfc-editor.org/rfc/rfc8259>): one article, a list of them, a JSON Feed
//! (<https://www.jsonfeed.org/version/1.1/>), or records under a key of an object.
//!
//! A list is read in constant memory, files of any size. An object is stored in a temporary file and walked through first,
//! to find its records; in memory are its keys, and one record of 64 MiB at most. A file that breaks off still gives the
//! records before the break.

use super::support::walk::{Entry, Raw, Stop, Walker};
use super::support::{choice, encoding, types};
use super::{Input, Options, Sink, Source, ghost};
use crate::diagnostic::{Diagnostic, Place};
use regex::Regex;
use serde_json::{Map, Value};
use std::io::{self, Cursor, Read};
use std::sync::{Arc, LazyLock};

/// So many bytes at the beginning tell what a file is.
const HEAD: u64 = 4096;

/// The format.
pub struct Json;

impl Source for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn about(&self) -> &'static str {
        "JSON: one article, a list of articles, a JSON Feed, or articles under a key"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let file = Arc::clone(&input.name);
        let mut reader = encoding::open(input.reader, options.encoding)?;
        let mut head = Vec::new();
        reader.by_ref().take(HEAD).read_to_end(&mut head)?;
        let text = String::from_utf8_lossy(&head).into_owned();
        let mut walker = Walker::new(&file, Box::new(Cursor::new(head).chain(reader)));
        // Of an export, `records` names types of posts.
        let of_types = |records: &str| {
            types::named(records).iter().all(|kind| ["post", "page"].contains(&kind.as_str()))
        };
        if options.records.as_deref().is_none_or(of_types) && ghost::is_export(&text) {
            return ghost::read(walker, &file, options, sink);
        }
        let told = match walker.next()? {
            None => Some(Diagnostic::left_out(Place::new(&file, 1, 1), "the file is empty")),
            Some(_) => foreign(text.trim_start_matches([' ', '\t', '\n', '\r']))
                .map(|(message, help)| Diagnostic::left_out(walker.mark().place(&file), message).help(help)),
        };
        let mut document = Document { file: &file, walker, sink };
        if let Some(diagnostic) = told {
            document.sink.unreadable(diagnostic);
            return Ok(());
        }
        if let Err(stop) = document.read(options) {
            let diagnostic = stop.told()?;
            document.sink.unreadable(diagnostic);
        }
        Ok(())
    }
}

/// A file as it is being read.
struct Document<'a> {
    file: &'a Arc<str>,
    walker: Walker<'a>,
    sink: &'a mut dyn Sink,
}

/// Values that a record takes where it has none.
type Defaults = Map<String, Value>;

impl Document<'_> {
    fn read(&mut self, options: &Options) -> Result<(), Stop> {
        // One value as a rule; several behind one another are JSON Lines under another name.
        while let Some(first) = self.walker.next()? {
            match (&options.records, first) {
                (Some(path), _) => self.under(path)?,
                (None, b'[') => self.list(&Defaults::new())?,
                (None, b'{') => self.object()?,
                (None, _) => self.record(&Defaults::new())?,
            }
        }
        Ok(())
    }

    /// The records under the `records` of the source.
    fn under(&mut self, path: &str) -> Result<(), Stop> {
        self.walker.store()?;
        let mut whole = None;
        for key in path.split('.') {
            let here = self.walker.mark();
            let (entries, end) = match self.walker.next()? {
                Some(b'{') => self.walker.entries(),
                _ => (Vec::new(), self.walker.pass(&mut choice::Kind::Other)),
            };
            let keys: Vec<String> = entries.iter().take(8).map(|entry| format!("`{}`", entry.key)).collect();
            let found = entries.into_iter().rev().find(|entry| entry.key == key);
            let behind = self.walker.mark();
            let end = whole.get_or_insert(end.map(|()| behind));
            let Some(entry) = found else {
                // Where the text breaks, the key may have stood behind the break.
                let message = format!("there is no `{key}` here, where `records = \"{path}\"` looks for it");
                return match std::mem::replace(end, Ok(behind)) {
                    Ok(behind) => {
                        let mut diagnostic = Diagnostic::left_out(here.place(self.file), message);
                        diagnostic.help =
                            (!keys.is_empty()).then(|| format!("what is here: {}", keys.join(", ")));
                        self.sink.unreadable(diagnostic);
                        Ok(self.walker.go_to(behind)?)
                    }
                    Err(stop) => Err(stop),
                };
            };
            self.walker.go_to(entry.at)?;
        }
        match self.walker.next()? {
            Some(b'[') => self.list(&Defaults::new())?,
            Some(b'{') => {
                let here = self.walker.mark();
                let (entries, _) = self.walker.entries();
                match entries.iter().all(|entry| entry.kind == choice::Kind::Object) {
                    true => self.keyed(entries)?,
                    false => {
                        self.walker.go_to(here)?;
                        self.record(&Defaults::new())?;
                    }
                }
            }
            _ => {
                let at = self.walker.mark().place(self.file);
                self.sink.unreadable(Diagnostic::left_out(at, format!("`{path}` is no list of records")));
            }
        }
        match whole {
            Some(end) => Ok(self.walker.go_to(end?)?),
            None => Ok(()),
        }
    }

    fn object(&mut self) -> Result<(), Stop> {
        self.walker.store()?;
        let here = self.walker.mark();
        let (entries, end) = self.walker.entries();
        let behind = self.walker.mark();
        let version = self.value(&entries, "version")?;
        let is_feed = version.is_some_and(|v| v.as_str().is_some_and(|v| v.contains("jsonfeed.org/version")));
        let items = entries.iter().rev().find(|entry| entry.key == "items").filter(|_| is_feed);
        if let Some(items) = items {
            let mut defaults = Defaults::new();
            for name in ["language", "authors", "author"] {
                defaults.extend(self.value(&entries, name)?.map(|value| (name.to_owned(), value)));
            }
            self.list_at(items, &defaults)?;
        } else if let Some(lists) = several(&entries) {
            let message = format!("records may stand under several keys: {lists}");
            let help = "`records` in its source names the one";
            self.sink.unreadable(Diagnostic::left_out(here.place(self.file), message).help(help));
        } else {
            match choice::choose(entries.iter().map(|entry| (entry.key.as_str(), entry.kind))) {
                choice::Choice::Under(index) => {
                    if let Some(entry) = entries.get(index) {
                        self.list_at(entry, &Defaults::new())?;
                    }
                }
                choice::Choice::Keyed => self.keyed(entries)?,
                choice::Choice::Record => {
                    end?;
                    self.walker.go_to(here)?;
                    return self.record(&Defaults::new());
                }
            }
        }
        end?;
        Ok(self.walker.go_to(behind)?)
    }

    /// What stands under a key.
    fn value(&mut self, entries: &[Entry], key: &str) -> Result<Option<Value>, Stop> {
        let Some(entry) = entries.iter().rev().find(|entry| entry.key == key) else { return Ok(None) };
        self.walker.go_to(entry.at)?;
        // A value that breaks off is the last one; that it does is told of the whole.
        Ok(match self.walker.value() {
            Ok(raw) => raw.ok().and_then(|raw| raw.parsed()),
            Err(Stop::Broken(_)) => None,
            Err(stop) => return Err(stop),
        })
    }

    fn list_at(&mut self, entry: &Entry, defaults: &Defaults) -> Result<(), Stop> {
        self.walker.go_to(entry.at)?;
        if entry.first == Some(b'[') {
            return self.list(defaults);
        }
        let message = format!("`{}` is no list of records", entry.key);
        self.sink.unreadable(Diagnostic::left_out(entry.at.place(self.file), message));
        Ok(())
    }

    fn list(&mut self, defaults: &Defaults) -> Result<(), Stop> {
        let sink = &mut *self.sink;
        self.walker.elements(|raw| {
            hand_over(raw, defaults, sink);
            Ok(())
        })
    }

    /// An object of objects: their keys are their ids.
    fn keyed(&mut self, entries: Vec<Entry>) -> Result<(), Stop> {
        for entry in entries {
            self.walker.go_to(entry.at)?;
            let id = [("id".to_owned(), Value::String(entry.key))];
            self.record(&id.into_iter().collect())?;
        }
        Ok(())
    }

    /// The record that begins here.
    fn record(&mut self, defaults: &Defaults) -> Result<(), Stop> {
        hand_over(self.walker.value()?, defaults, self.sink);
        Ok(())
    }
}

/// The keys of several lists of objects, beside which nothing stands that makes a record of them all.
fn several(entries: &[Entry]) -> Option<String> {
    let keys = entries.iter().map(|entry| (entry.key.as_str(), entry.kind));
    let lists: Vec<String> = (entries.iter().filter(|entry| entry.kind == choice::Kind::Objects))
        .map(|entry| format!("`{}`", entry.key))
        .collect();
    let has_more = entries.iter().any(|entry| entry.kind == choice::Kind::Other);
    let is_unclear = lists.len() > 1 && !has_more && choice::choose(keys) == choice::Choice::Record;
    is_unclear.then(|| lists.iter().take(8).cloned().collect::<Vec<_>>().join(", "))
}

fn hand_over(raw: Result<Raw<'_>, Diagnostic>, defaults: &Defaults, sink: &mut dyn Sink) {
    match raw.and_then(|raw| Ok((raw.object()?, raw))) {
        Ok((mut fields, raw)) => {
            // `author` is version 1's word for `authors`: an item with either has its own.
            let has_author = fields.contains_key("author") || fields.contains_key("authors");
            for (name, value) in defaults {
                if !(has_author && name.starts_with("author")) {
                    fields.entry(name.as_str()).or_insert_with(|| value.clone());
                }
            }
            sink.record(fields, &raw);
        }
        Err(diagnostic) => sink.unreadable(diagnostic),
    }
}

/// What stands where JSON should: the message, and what to do.
fn foreign(text: &str) -> Option<(String, &'static str)> {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[\p{L}_$][\p{L}\p{N}_$.\[\]'\x22]*\s*(?:=|\()|(?:var|let|const|export|module|import)\b|\(|;)")
            .unwrap_or_else(|e| unreachable!("a pattern of ours: {e}"))
    });
    if text.starts_with('<') {
        let what = if text.starts_with("<?xml") { "XML" } else { "HTML" };
        return Some((
            format!("the file is {what}, not JSON"),
            "a server's error page, perhaps, saved in its place",
        ));
    }
    if text.starts_with("//") || text.starts_with("/*") {
        return Some((
            "the file begins with a comment: JSON has none".to_owned(),
            "take the comments out, whatever writes the file",
        ));
    }
    let script = SCRIPT.find(text)?;
    Some((
        format!("the file is JavaScript, not JSON: it begins with `{}`", script.as_str()),
        "have the value written alone, without the assignment or call around it",
    ))
}

#[cfg(test)]
mod tests;
