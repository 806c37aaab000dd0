//! TOML text made trees: documents and front matter alike. TOML's dates become texts as they stand.

use super::position::Positions;
use super::tree::{Data, Tree};
use serde_json::{Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where a text stops to be TOML, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Bytes from the beginning of the text.
    pub offset: usize,
    pub message: String,
}

/// The table that a text is. The places are those in `positions`, in which the text begins at byte `start`.
pub fn document(text: &str, positions: &Positions<'_>, start: usize) -> Result<Tree, Fault> {
    let table = DeTable::parse(text).map_err(|error| Fault {
        offset: start + error.span().map_or(0, |span| span.start),
        message: error.message().trim().replace('\n', ", "),
    })?;
    let place = |offset: usize| {
        let position = positions.at(start + offset);
        (position.line, position.column)
    };
    Ok(Tree { at: place(0), data: map(table.into_inner(), &place) })
}

type PlaceOf<'a> = &'a dyn Fn(usize) -> (u64, u64);

fn map(table: DeTable<'_>, place: PlaceOf<'_>) -> Data {
    Data::Map(
        table.into_iter().map(|(key, value)| (key.into_inner().into_owned(), tree(value, place))).collect(),
    )
}

fn tree(value: Spanned<DeValue<'_>>, place: PlaceOf<'_>) -> Tree {
    let at = place(value.span().start);
    let data = match value.into_inner() {
        DeValue::String(text) => Data::Scalar(Value::String(text.into_owned())),
        DeValue::Boolean(value) => Data::Scalar(Value::Bool(value)),
        DeValue::Datetime(date) => Data::Scalar(Value::String(date.to_string())),
        // What is larger than JSON's numbers stays its digits.
        DeValue::Integer(number) => {
            Data::Scalar(match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => number.into(),
                Err(_) => Value::String(number.as_str().to_owned()),
            })
        }
        DeValue::Float(number) => {
            let text = number.as_str();
            let finite = text.parse().ok().and_then(Number::from_f64);
            Data::Scalar(finite.map_or_else(|| Value::String(text.to_owned()), Value::Number))
        }
        DeValue::Array(items) => Data::List(items.into_iter().map(|item| tree(item, place)).collect()),
        DeValue::Table(table) => map(table, place),
    };
    Tree { at, data }
}
