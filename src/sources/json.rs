//! JSON (<https://www.rfc-editor.org/rfc/rfc8259>): one article, a list of them, a JSON Feed
//! (<https://www.jsonfeed.org/version/1.1/>), or records under a key of an object.
//!
//! The text is held in memory, its records one at a time. A file that breaks off still gives the records before the
//! break.

use super::support::{choice, encoding, json, position::Positions};
use super::{Input, Options, Sink, Source, ghost};
use crate::diagnostic::Diagnostic;
use regex::Regex;
use serde_json::{Map, Value};
use std::io;
use std::sync::{Arc, LazyLock};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 30;

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
        let name = Arc::clone(&input.name);
        if let Some(text) = encoding::whole_text(input, options, LARGEST, sink)? {
            if options.records.is_none() && ghost::is_export(&text) {
                ghost::read(&name, &text, options, sink);
                return Ok(());
            }
            Document { name: &name, text: &text, positions: Positions::new(&text), sink }.read(options);
        }
        Ok(())
    }
}

/// A file as it is being read.
struct Document<'a> {
    name: &'a Arc<str>,
    text: &'a str,
    positions: Positions<'a>,
    sink: &'a mut dyn Sink,
}

/// Values that a record takes where it has none.
type Defaults = Map<String, Value>;

impl<'a> Document<'a> {
    fn complain(&mut self, at: usize, message: impl Into<String>, help: Option<&str>) {
        let mut diagnostic = Diagnostic::left_out(self.positions.at(at).place(self.name), message);
        diagnostic.help = help.map(str::to_owned);
        self.sink.unreadable(diagnostic);
    }

    fn read(mut self, options: &Options) {
        let mut at = json::skip_space(self.text, 0);
        if at == self.text.len() {
            return self.complain(0, "the file is empty", None);
        }
        if let Some((message, help)) = foreign(&self.text[at..]) {
            return self.complain(at, message, Some(help));
        }
        // One value as a rule; several behind one another are JSON Lines under another name.
        while at < self.text.len() {
            match self.top(at, options) {
                Ok(end) => at = json::skip_space(self.text, end),
                Err(fault) => return self.complain(fault.offset, fault.message, None),
            }
        }
    }

    /// Reads the value at `at`, and says where it ends.
    fn top(&mut self, at: usize, options: &Options) -> Result<usize, json::Fault> {
        match (&options.records, self.text.as_bytes().get(at)) {
            (Some(path), _) => self.under(at, path),
            (None, Some(b'[')) => self.list(at, &Defaults::new()),
            (None, Some(b'{')) => {
                let (entries, end) = json::entries(self.text, at);
                self.object(at, &entries, end)
            }
            (None, _) => {
                let (raw, end) = json::value(self.text, at)?;
                self.record(at, raw, &Defaults::new());
                Ok(end)
            }
        }
    }

    /// The records under the `records` of the source.
    fn under(&mut self, top: usize, path: &str) -> Result<usize, json::Fault> {
        let (mut at, mut ends) = (top, None);
        for key in path.split('.') {
            let (entries, end) = match self.text.as_bytes().get(at) {
                Some(b'{') => json::entries(self.text, at),
                _ => (Vec::new(), json::value(self.text, at).map(|(_, end)| end)),
            };
            let found = entries.into_iter().rev().find(|entry| entry.key == key);
            let end = ends.get_or_insert(end);
            let Some(entry) = found else {
                // Where the text breaks, the key may have stood behind the break.
                let end = end.clone()?;
                self.complain(
                    at,
                    format!("there is no `{key}` here, where `records = \"{path}\"` looks for it"),
                    None,
                );
                return Ok(end);
            };
            at = entry.at;
        }
        match self.text.as_bytes().get(at) {
            Some(b'[') => {
                self.list(at, &Defaults::new())?;
            }
            Some(b'{') => {
                let (entries, _) = json::entries(self.text, at);
                match entries.iter().all(|entry| entry.kind() == choice::Kind::Object) {
                    true => self.keyed(&entries),
                    false => self.record(at, json::value(self.text, at)?.0, &Defaults::new()),
                }
            }
            _ => self.complain(at, format!("`{path}` is no list of records"), None),
        }
        ends.unwrap_or(Ok(self.text.len()))
    }

    fn object(
        &mut self,
        at: usize,
        entries: &[json::Entry<'a>],
        end: Result<usize, json::Fault>,
    ) -> Result<usize, json::Fault> {
        let keys = entries.iter().map(|entry| (entry.key.as_str(), entry.kind()));
        let value = |name: &str| entries.iter().rev().find(|entry| entry.key == name);
        let version = value("version").and_then(|entry| json::parsed(entry.raw));
        let is_feed = version.is_some_and(|v| v.as_str().is_some_and(|v| v.contains("jsonfeed.org/version")));
        if let Some(items) = value("items").filter(|_| is_feed) {
            let inherited = ["language", "authors", "author"];
            let defaults = inherited
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), json::parsed(value(name)?.raw)?)))
                .collect();
            self.list_or_record(items, &defaults)?;
            return end;
        }
        match choice::choose(keys) {
            choice::Choice::Under(index) => match entries.get(index) {
                Some(entry) => self.list_or_record(entry, &Defaults::new())?,
                None => at,
            },
            choice::Choice::Keyed => {
                self.keyed(entries);
                at
            }
            choice::Choice::Record => {
                let end = end?;
                self.record(at, &self.text[at..end], &Defaults::new());
                return Ok(end);
            }
        };
        end
    }

    fn list_or_record(&mut self, entry: &json::Entry<'_>, defaults: &Defaults) -> Result<usize, json::Fault> {
        match self.text.as_bytes().get(entry.at) {
            Some(b'[') => self.list(entry.at, defaults),
            _ => {
                self.complain(entry.at, format!("`{}` is no list of records", entry.key), None);
                Ok(entry.at)
            }
        }
    }

    fn list(&mut self, at: usize, defaults: &Defaults) -> Result<usize, json::Fault> {
        json::elements(self.text, at, |at, raw| self.record(at, raw, defaults))
    }

    /// An object of objects: their keys are their ids.
    fn keyed(&mut self, entries: &[json::Entry<'_>]) {
        for entry in entries {
            // The last entry before a break is no whole one; the break is reported.
            if json::value(entry.raw, 0).is_ok() {
                let id = [("id".to_owned(), Value::String(entry.key.clone()))];
                self.record(entry.at, entry.raw, &id.into_iter().collect());
            }
        }
    }

    fn record(&mut self, at: usize, raw: &str, defaults: &Defaults) {
        match json::object(raw) {
            Ok(mut fields) => {
                // `author` is version 1's word for `authors`: an item with either has its own.
                let has_author = fields.contains_key("author") || fields.contains_key("authors");
                for (name, value) in defaults {
                    if !(has_author && name.starts_with("author")) {
                        fields.entry(name.as_str()).or_insert_with(|| value.clone());
                    }
                }
                let place = json::RecordAt { file: self.name, positions: &self.positions, at, raw };
                self.sink.record(fields, &place);
            }
            Err(fault) => self.complain(at + fault.offset, fault.message, None),
        }
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
