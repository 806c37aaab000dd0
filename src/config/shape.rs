//! The form of feeds.toml, held against its schema: which keys there are, which are missing, and what kind of value each
//! takes. Asked only when the words could not be read, to tell everything at once and in the words of TOML, not of Rust.

use super::{Mistake, Span, nearest, schema};
use serde_json::Value as Schema;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Everything about the form that is wrong; nothing where the text is not TOML.
pub fn mistakes(text: &str) -> Vec<Mistake> {
    let Ok(document) = DeTable::parse(text) else { return Vec::new() };
    let schema = schema();
    let mut judge = Judge { text, root: &schema, mistakes: Vec::new() };
    judge.table(document.get_ref(), &(0..0), &schema, "");
    judge.mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
    judge.mistakes
}

struct Judge<'a> {
    text: &'a str,
    root: &'a Schema,
    mistakes: Vec<Mistake>,
}

impl<'a> Judge<'a> {
    fn say(&mut self, span: Span, message: String, help: Option<String>) {
        self.mistakes.push(Mistake { message, span, help });
    }

    /// The schema that a schema refers to.
    fn resolved(&self, schema: &'a Schema) -> &'a Schema {
        let named = schema.get("$ref").and_then(Schema::as_str).and_then(|name| name.strip_prefix('#'));
        named.and_then(|name| self.root.pointer(name)).unwrap_or(schema)
    }

    fn table(&mut self, table: &DeTable<'_>, span: &Span, schema: &'a Schema, name: &str) {
        let nothing = serde_json::Map::new();
        let known = schema.get("properties").and_then(Schema::as_object);
        let mut misspelt = Vec::new();
        for (key, value) in table {
            let word = key.get_ref().as_ref();
            match known.and_then(|known| known.get(word)) {
                Some(schema) => self.value(value, self.resolved(schema), word, name),
                None => match schema.get("additionalProperties") {
                    Some(Schema::Bool(false)) => {
                        let known: Vec<&str> =
                            known.into_iter().flat_map(|known| known.keys()).map(String::as_str).collect();
                        misspelt.extend(nearest(word, known.iter().copied()));
                        let help = self.meant(word, &known, name);
                        self.say(key.span(), format!("{} has no key `{word}`", whole(name)), Some(help));
                    }
                    Some(schema) if schema.is_object() => {
                        self.value(value, self.resolved(schema), word, name)
                    }
                    _ => {}
                },
            }
        }
        let required = schema.get("required").and_then(Schema::as_array).into_iter().flatten();
        for missing in required.filter_map(Schema::as_str) {
            if table.iter().any(|(key, _)| key.get_ref() == missing) || misspelt.contains(&missing) {
                continue;
            }
            let known = known.unwrap_or(&nothing).get(missing);
            let is_table = known.is_some_and(|schema| kind_of(self.resolved(schema)) == Some("object"));
            let (message, help) = match is_table {
                true => (
                    format!("there is no table [{missing}]"),
                    "begin it with [site], title = \"…\" and url = \"https://…\", each on a line of its own"
                        .to_owned(),
                ),
                false => (
                    format!("{} lacks the key `{missing}`", whole(name)),
                    format!("add {}", example(missing)),
                ),
            };
            let span = self.head(span);
            self.say(span, message, Some(help));
        }
    }

    /// The key that was probably meant, or the table in which this one stands.
    fn meant(&self, word: &str, known: &[&str], name: &str) -> String {
        if let Some(nearest) = nearest(word, known.iter().copied()) {
            return format!("did you mean `{nearest}`?");
        }
        let definitions = self.root.get("$defs").and_then(Schema::as_object).into_iter().flatten();
        let tables = [
            ("Site", "[site]"),
            ("Output", "[output]"),
            ("Source", "[[source]]"),
            ("Feed", "[[feed]]"),
            ("Check", "[check]"),
            ("Serve", "[serve]"),
            ("Pages", "[pages]"),
            ("WebSub", "[websub]"),
        ];
        let homes: Vec<&str> = definitions
            .filter(|(_, schema)| schema.get("properties").is_some_and(|keys| keys.get(word).is_some()))
            .filter_map(|(definition, _)| tables.iter().find(|(known, _)| known == definition))
            .map(|(_, table)| *table)
            .collect();
        match (homes.is_empty(), name) {
            (false, _) => format!("`{word}` is a key of {}", homes.join(" and of ")),
            (true, "") => {
                "tables are [site], [output], [[source]], [[feed]], [check], [serve], [pages] and [websub]"
                    .to_owned()
            }
            (true, _) => format!("known here: {}", known.join(", ")),
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'a Schema, key: &str, table: &str) {
        let span = value.span();
        let value = value.get_ref();
        let options = schema.get("anyOf").and_then(Schema::as_array);
        if let Some(options) = options {
            self.choice(value, &span, options, key);
            return;
        }
        match (kind_of(schema), value) {
            (Some("object"), DeValue::Table(inner)) => {
                let name = if table.is_empty() { format!("[{key}]") } else { format!("`{key}`") };
                self.table(inner, &span, schema, &name);
            }
            (Some("array"), DeValue::Array(items)) => {
                let Some(of) = schema.get("items").map(|of| self.resolved(of)) else { return };
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::Table(inner) if kind_of(of) == Some("object") => {
                            let name =
                                if table.is_empty() { format!("[[{key}]]") } else { format!("`{key}`") };
                            self.table(inner, &item.span(), of, &name);
                        }
                        _ => self.value(item, of, key, table),
                    }
                }
            }
            (Some("string"), DeValue::String(text)) => {
                let words = schema.get("enum").and_then(Schema::as_array);
                let words: Vec<&str> = words.into_iter().flatten().filter_map(Schema::as_str).collect();
                // What are many names is explained where they are looked up.
                if !words.is_empty() && words.len() < 20 && !words.contains(&text.as_ref()) {
                    let help = match nearest(text, words.iter().copied()) {
                        Some(nearest) => format!("did you mean `{nearest}`?"),
                        None => format!("known here: {}", words.join(", ")),
                    };
                    self.say(span, format!("`{key}` cannot be `{text}`"), Some(help));
                }
            }
            (Some("integer"), DeValue::Integer(number)) => {
                let least = schema.get("minimum").and_then(Schema::as_i64).unwrap_or(i64::MIN);
                let value = i64::from_str_radix(number.as_str(), number.radix()).ok();
                let most = schema.get("maximum").and_then(Schema::as_i64).unwrap_or(i64::MAX);
                if value.is_none_or(|value| value < least || value > most) {
                    let help = match value.is_some_and(|value| value < least) {
                        true => format!("a whole number, {least} or more"),
                        false => format!("a whole number, {most} or less"),
                    };
                    self.say(span, format!("`{key}` cannot be {}", number.as_str()), Some(help));
                }
            }
            (Some("boolean"), DeValue::Boolean(_)) => {}
            (Some(wanted), found) => self.kind(found, span, wanted, schema, key, table),
            (None, _) => {}
        }
    }

    /// A value of the wrong kind.
    fn kind(
        &mut self,
        found: &DeValue<'_>,
        span: Span,
        wanted: &str,
        schema: &Schema,
        key: &str,
        table: &str,
    ) {
        let of_tables = schema.get("items").is_some_and(|of| kind_of(self.resolved(of)) == Some("object"));
        let source =
            self.text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default().trim();
        let help = match (wanted, found) {
            ("array", DeValue::Table(_)) if of_tables && table.is_empty() => {
                Some(format!("write [[{key}]], with two brackets: there may be several"))
            }
            ("array", DeValue::Table(_)) if of_tables => {
                Some(format!("put it between brackets: {key} = [{source}]"))
            }
            ("array", _) if of_tables && table.is_empty() => {
                Some(format!("it is a table of its own: [[{key}]]"))
            }
            ("array", _) => Some(format!("put it between brackets: {key} = [{source}]")),
            (
                "string",
                DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_),
            ) => Some(format!("put it between quotation marks: {key} = \"{source}\"")),
            ("integer", DeValue::String(text)) if text.trim().parse::<u32>().is_ok() => {
                Some(format!("write it without quotation marks: {key} = {}", text.trim()))
            }
            ("integer", _) => Some(format!("a number without quotation marks: {key} = 60")),
            ("object", DeValue::String(_)) if key == "author" => {
                Some(format!("author = {{ name = {source} }}"))
            }
            ("object", _) if table.is_empty() => Some(format!("it is a table of its own: [{key}]")),
            ("object", _) => Some(format!("put it between braces: {key} = {{ … }}")),
            _ => None,
        };
        let wanted = match wanted {
            "array" if of_tables => "a list of tables",
            "array" => "a list",
            "object" => "a table",
            "integer" => "a whole number",
            "boolean" => "true or false",
            _ => "text",
        };
        let span = if matches!(found, DeValue::Table(_)) { self.head(&span) } else { span };
        self.say(span, format!("`{key}` is {wanted}, not {}", called(found)), help);
    }

    /// A word or several, a number of bytes or a size.
    fn choice(&mut self, value: &DeValue<'_>, span: &Span, options: &[Schema], key: &str) {
        let takes = |kind: &str| options.iter().find(|option| kind_of(option) == Some(kind));
        let (wanted, example) = match takes("array") {
            Some(_) => ("text or a list of texts", format!("{key} = [\"…\", \"…\"]")),
            None => ("a size", format!("{key} = \"500 KB\", or a number of bytes")),
        };
        match value {
            DeValue::String(text) if takes("string").is_some() => {
                if takes("integer").is_some() && super::values::parse_size(text).is_none() {
                    self.say(span.clone(), format!("`{key}` is no size: `{text}`"), Some(example));
                }
            }
            DeValue::Integer(number) if takes("integer").is_some() => {
                let bytes = i64::from_str_radix(number.as_str(), number.radix()).ok();
                if bytes.is_none_or(|bytes| bytes < 1) {
                    self.say(span.clone(), format!("`{key}` is no size: {}", number.as_str()), Some(example));
                }
            }
            DeValue::Array(items) if takes("array").is_some() => {
                for item in items.iter() {
                    if !matches!(item.get_ref(), DeValue::String(_)) {
                        let message = format!("`{key}` is {wanted}; in it stands {}", called(item.get_ref()));
                        self.say(item.span(), message, Some(example.clone()));
                    }
                }
            }
            found => {
                self.say(span.clone(), format!("`{key}` is {wanted}, not {}", called(found)), Some(example))
            }
        }
    }

    /// The first line of a table, so that not all of its lines are marked.
    fn head(&self, span: &Span) -> Span {
        let start = span.start.min(self.text.len());
        let line = self.text[start..].find(['\r', '\n']).map_or(self.text.len(), |length| start + length);
        match span.end.clamp(start, line) {
            end if end > start => start..end,
            _ => start..self.text[start..line].chars().next().map_or(start, |c| start + c.len_utf8()),
        }
    }
}

/// The type that a schema states.
fn kind_of(schema: &Schema) -> Option<&str> {
    schema.get("type")?.as_str()
}

fn called(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn whole(name: &str) -> &str {
    if name.is_empty() { "feeds.toml" } else { name }
}

/// How a key that must be there is written.
fn example(key: &str) -> &'static str {
    match key {
        "url" => "url = \"https://www.example.org/\"",
        "path" => "path = \"articles/*.jsonl\", or wherever the articles are",
        "title" => "title = \"…\"",
        "name" => "name = \"…\"",
        "field" => "field = \"title\", or another field of the records",
        "pattern" => "pattern = \"…\", a regular expression",
        _ => "it",
    }
}
