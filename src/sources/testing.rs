//! A sink that remembers, for the tests of the formats.

use super::{Fields, Input, Locate, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a source said.
#[derive(Default)]
pub struct Heard {
    pub records: Vec<Fields>,
    places: Vec<BTreeMap<Option<String>, Place>>,
    pub unreadable: Vec<Diagnostic>,
    pub skipped: Vec<String>,
}

/// Fields whose places are remembered though no record has them at its top.
const ASKED: &[&str] = &["title", "date", "tags", "ệ"];

impl Sink for Heard {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        let names = fields.keys().map(String::as_str).chain(ASKED.iter().copied());
        let mut places: BTreeMap<_, _> =
            names.map(|name| (Some(name.to_owned()), at.locate(Some(name)))).collect();
        places.insert(None, at.locate(None));
        self.places.push(places);
        self.records.push(fields);
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        self.unreadable.push(diagnostic);
    }

    fn skipped(&mut self, place: Place, reason: &str) {
        self.skipped.push(format!("{place}: {reason}"));
    }
}

impl Heard {
    /// The titles of all records, `-` where there is none.
    pub fn titles(&self) -> Vec<&str> {
        self.records.iter().map(|fields| fields.get("title").and_then(Value::as_str).unwrap_or("-")).collect()
    }

    /// A record's fields as the source has them.
    pub fn fields(&self, index: usize) -> Value {
        Value::Object(self.records[index].clone())
    }

    pub fn place(&self, index: usize, field: Option<&str>) -> String {
        self.places[index][&field.map(str::to_owned)].to_string()
    }

    pub fn complaints(&self) -> Vec<String> {
        self.unreadable
            .iter()
            .map(|diagnostic| format!("{}: {}", diagnostic.place, diagnostic.message))
            .collect()
    }
}

pub fn read(source: &dyn Source, bytes: impl AsRef<[u8]>) -> Heard {
    read_with(source, bytes, &Options::default())
}

pub fn read_with(source: &dyn Source, bytes: impl AsRef<[u8]>, options: &Options) -> Heard {
    read_as(source, "t", bytes, options)
}

/// Reads bytes as if they were a file of that path.
pub fn read_as(source: &dyn Source, path: &str, bytes: impl AsRef<[u8]>, options: &Options) -> Heard {
    let mut heard = Heard::default();
    let input = Input { name: path.into(), relative: PathBuf::from(path), reader: Box::new(bytes.as_ref()) };
    source.read(input, options, &mut heard).expect("bytes in memory can be read");
    heard
}
