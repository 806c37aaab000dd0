//! A document in memory in which every value knows its place, for formats that are read as a whole (YAML, TOML).

use super::super::{Fields, Locate, Options, Sink};
use super::choice::{Choice, Kind, choose};
use crate::diagnostic::{Diagnostic, Place};
use serde_json::Value;
use std::sync::Arc;

/// Line and column, from 1.
pub type At = (u64, u64);

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    pub at: At,
    pub data: Data,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Scalar(Value),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    pub fn into_value(self) -> Value {
        match self.data {
            Data::Scalar(value) => value,
            Data::List(items) => Value::Array(items.into_iter().map(Self::into_value).collect()),
            Data::Map(entries) => Value::Object(fields(entries)),
        }
    }

    fn kind(&self) -> Kind {
        match &self.data {
            Data::Map(_) => Kind::Object,
            Data::List(items) => match items.first() {
                None => Kind::Empty,
                Some(Self { data: Data::Map(_), .. }) => Kind::Objects,
                Some(_) => Kind::Other,
            },
            Data::Scalar(_) => Kind::Other,
        }
    }

    fn called(&self) -> &'static str {
        match &self.data {
            Data::Map(_) => "an object",
            Data::List(_) => "a list",
            Data::Scalar(Value::String(_)) => "a text",
            Data::Scalar(Value::Number(_)) => "a number",
            Data::Scalar(Value::Bool(_)) => "a truth value",
            Data::Scalar(_) => "nothing",
        }
    }
}

/// The entries as a record's fields. Of a name that comes twice the last counts.
pub fn fields(entries: Vec<(String, Tree)>) -> Fields {
    entries.into_iter().map(|(key, value)| (key, value.into_value())).collect()
}

/// Where a record and its fields stand.
pub struct Places {
    pub file: Arc<str>,
    pub start: At,
    pub fields: Vec<(String, At)>,
}

impl Places {
    /// The places of entries.
    pub fn of(file: &Arc<str>, start: At, entries: &[(String, Tree)]) -> Self {
        let fields = entries.iter().map(|(key, value)| (key.clone(), value.at)).collect();
        Self { file: Arc::clone(file), start, fields }
    }
}

impl Locate for Places {
    fn locate(&self, field: Option<&str>) -> Place {
        let known = field.and_then(|field| self.fields.iter().rev().find(|(name, _)| name == field));
        let (line, column) = known.map_or(self.start, |(_, at)| *at);
        Place::new(&self.file, line, column)
    }
}

/// Finds the records of a document and hands them over.
pub fn deliver(file: &Arc<str>, document: Tree, options: &Options, sink: &mut dyn Sink) {
    let mut delivery = Delivery { file, sink };
    match &options.records {
        Some(path) => delivery.under(document, path),
        None => delivery.top(document),
    }
}

struct Delivery<'a> {
    file: &'a Arc<str>,
    sink: &'a mut dyn Sink,
}

impl Delivery<'_> {
    fn complain(&mut self, at: At, message: String) {
        self.sink.unreadable(Diagnostic::left_out(Place::new(self.file, at.0, at.1), message));
    }

    fn under(&mut self, document: Tree, path: &str) {
        let mut here = document;
        for key in path.split('.') {
            let at = here.at;
            let entries = if let Data::Map(entries) = here.data { entries } else { Vec::new() };
            let Some((_, found)) = entries.into_iter().rfind(|(name, _)| name == key) else {
                let message = format!("there is no `{key}` here, where `records = \"{path}\"` looks for it");
                return self.complain(at, message);
            };
            here = found;
        }
        match &here.data {
            Data::List(_) => self.top(here),
            Data::Map(entries) if entries.iter().any(|(_, value)| value.kind() != Kind::Object) => {
                self.record(here, None);
            }
            Data::Map(_) => self.keyed(here),
            Data::Scalar(_) => self.complain(here.at, format!("`{path}` is no list of records")),
        }
    }

    fn top(&mut self, document: Tree) {
        let choice = match &document.data {
            Data::Map(entries) => choose(entries.iter().map(|(key, value)| (key.as_str(), value.kind()))),
            _ => Choice::Record,
        };
        match (document.data, choice) {
            (Data::List(items), _) => items.into_iter().for_each(|item| self.record(item, None)),
            (Data::Map(entries), Choice::Under(index)) => {
                if let Some((_, list)) = entries.into_iter().nth(index) {
                    self.top(list);
                }
            }
            (data @ Data::Map(_), Choice::Keyed) => self.keyed(Tree { at: document.at, data }),
            (data, _) => self.record(Tree { at: document.at, data }, None),
        }
    }

    fn keyed(&mut self, document: Tree) {
        if let Data::Map(entries) = document.data {
            entries.into_iter().for_each(|(key, value)| self.record(value, Some(key)));
        }
    }

    fn record(&mut self, tree: Tree, id: Option<String>) {
        let kind = tree.called();
        let Data::Map(entries) = tree.data else {
            return self.complain(tree.at, format!("expected a record, that is, an object, found {kind}"));
        };
        let places = Places::of(self.file, tree.at, &entries);
        let mut fields = fields(entries);
        if let Some(id) = id {
            fields.entry("id").or_insert(Value::String(id));
        }
        self.sink.record(fields, &places);
    }
}
