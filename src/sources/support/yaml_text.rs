//! YAML text made trees: documents and front matter alike.
//!
//! Values that are no JSON stay texts: dates, numbers with a leading zero or an underscore, `yes` and `no` (YAML 1.2's
//! core schema, <https://yaml.org/spec/1.2.2/#103-core-schema>). Aliases are expanded within limits.

use super::tree::{At, Data, Tree};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use serde_saphyr::{DuplicateKeyPolicy, NonFiniteFloatPolicy, Options, Spanned, UserMessageFormatter};
use std::fmt;

/// Where a text stops to be YAML, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub at: At,
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<&'static str>,
}

/// The documents of a text, each read when it is its turn; what follows a syntax error cannot be read.
pub fn documents(text: &mut &[u8]) -> impl Iterator<Item = Result<Tree, Fault>> {
    serde_saphyr::read_with_options(text, options())
        .map(|document: Result<Spanned<Node>, _>| document.map(tree).map_err(|error| fault(&error)))
}

/// The one document of a text, `None` where there is nothing but comments.
pub fn document(mut text: &[u8]) -> Result<Option<Tree>, Fault> {
    documents(&mut text).next().transpose()
}

fn options() -> Options {
    serde_saphyr::options! {
        // Files are bounded before; what they hold is the newsroom's, and may be much.
        budget: serde_saphyr::budget! {
            max_events: 50_000_000,
            max_nodes: 20_000_000,
            max_documents: 1_000_000,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 200_000 },
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    }
}

fn fault(error: &serde_saphyr::Error) -> Fault {
    let at = error.location().map_or((1, 1), |location| (location.line().max(1), location.column().max(1)));
    let text = error.render_with_formatter(&UserMessageFormatter);
    let message = match text.split_once(" at line ") {
        _ if text.contains("replayed") => "the aliases (`*name`) stand for too much".to_owned(),
        Some((message, _)) => message.to_owned(),
        None => text,
    };
    let help = message
        .contains("mapping values")
        .then_some("a text with `: ` in it needs quotation marks around it");
    Fault { at, message, help }
}

fn tree(node: Spanned<Node>) -> Tree {
    let at = (node.referenced.line().max(1), node.referenced.column().max(1));
    let data = match node.value {
        Node::Scalar(value) => Data::Scalar(value),
        Node::List(items) => Data::List(items.into_iter().map(tree).collect()),
        Node::Map(entries) => Data::Map(entries.into_iter().map(|(key, value)| (key, tree(value))).collect()),
    };
    Tree { at, data }
}

/// A value of any type.
enum Node {
    Scalar(Value),
    List(Vec<Spanned<Node>>),
    Map(Vec<(String, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(
            Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number),
        ))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(Value::String(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Scalar(Value::String(value)))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Node::Map(map))
    }
}
