//! The metadata at the beginning of a Markdown file, in each of the ways in which site generators write it.

use super::position::Positions;
use super::tree::{At, Data, Tree};
use super::{json, toml_text, yaml_text};
use serde_json::Value;

/// A file taken apart.
#[derive(Debug)]
pub struct FrontMatter {
    /// The metadata; `None` where the file has none, which is not the same as empty.
    pub entries: Option<Vec<(String, Tree)>>,
    /// The byte at which the body begins.
    pub body: usize,
}

/// Why front matter cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub at: At,
    pub message: String,
    pub help: Option<String>,
}

/// Finds and reads the front matter.
pub fn split(text: &str, positions: &Positions<'_>) -> Result<FrontMatter, Fault> {
    // Zola lets blank lines stand before it.
    let start = text.len() - text.trim_start().len();
    match text[start..].lines().next().unwrap_or_default().trim_end() {
        "---" | "---yaml" | "---yml" => fenced(text, start, positions, yaml),
        "+++" | "---toml" => fenced(text, start, positions, toml),
        "---json" | ";;;" => fenced(text, start, positions, json_text),
        _ if is_json(text) => {
            let at = json::skip_space(text, 0);
            let end = json::value(text, at).map_err(|fault| json_fault(fault, positions))?.1;
            Ok(FrontMatter { entries: Some(json_entries(text, at, positions)?), body: end })
        }
        _ => Ok(lines(text)),
    }
}

/// Reads the front matter that stands in `text[from..to]`.
type Reader = fn(text: &str, from: usize, to: usize, positions: &Positions<'_>) -> Result<Data, Fault>;

/// Front matter between two lines of the same three characters; YAML may end in `...` as well.
fn fenced(
    text: &str,
    fence_at: usize,
    positions: &Positions<'_>,
    read: Reader,
) -> Result<FrontMatter, Fault> {
    let fence = text.get(fence_at..fence_at + 3).unwrap_or_default();
    let start = text[fence_at..].find('\n').map_or(text.len(), |newline| fence_at + newline + 1);
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let end = line.trim_end();
        if end == fence || (fence == "---" && end == "...") {
            let entries = match read(text, start, at, positions)? {
                Data::Map(entries) => entries,
                Data::Scalar(Value::Null) => Vec::new(),
                _ => return Err(fault_at(positions, start, "expected names and values".to_owned())),
            };
            return Ok(FrontMatter { entries: Some(entries), body: at + line.len() });
        }
        at += line.len();
    }
    Err(Fault {
        help: Some(format!(
            "end it with a line `{fence}`, and begin a file without front matter with another line"
        )),
        ..fault_at(positions, fence_at, format!("no line `{fence}` ends it"))
    })
}

fn fault_at(positions: &Positions<'_>, offset: usize, message: String) -> Fault {
    let position = positions.at(offset);
    Fault { at: (position.line, position.column), message, help: None }
}

fn yaml(text: &str, from: usize, to: usize, positions: &Positions<'_>) -> Result<Data, Fault> {
    // The lines that its places leave out.
    let before = positions.at(from).line - 1;
    let document = yaml_text::document(&text.as_bytes()[from..to]).map_err(|fault| Fault {
        at: (fault.at.0 + before, fault.at.1),
        message: fault.message,
        help: fault.help.map(str::to_owned),
    })?;
    Ok(document.map_or(Data::Scalar(Value::Null), |tree| moved_down(tree, before).data))
}

fn moved_down(mut tree: Tree, lines: u64) -> Tree {
    tree.at.0 += lines;
    let moved_down = |tree| moved_down(tree, lines);
    tree.data = match tree.data {
        Data::List(items) => Data::List(items.into_iter().map(moved_down).collect()),
        Data::Map(entries) => {
            Data::Map(entries.into_iter().map(|(key, value)| (key, moved_down(value))).collect())
        }
        scalar => scalar,
    };
    tree
}

fn toml(text: &str, from: usize, to: usize, positions: &Positions<'_>) -> Result<Data, Fault> {
    match toml_text::document(&text[from..to], positions, from) {
        Ok(tree) => Ok(tree.data),
        Err(fault) => Err(fault_at(positions, fault.offset, fault.message)),
    }
}

fn json_text(text: &str, from: usize, to: usize, positions: &Positions<'_>) -> Result<Data, Fault> {
    let text = &text[..to];
    json_entries(text, json::skip_space(text, from), positions).map(Data::Map)
}

/// A JSON object, not a template's `{{ … }}` or `{% … %}`.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    text.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))
}

fn json_entries(text: &str, at: usize, positions: &Positions<'_>) -> Result<Vec<(String, Tree)>, Fault> {
    if !text.get(at..).is_some_and(|rest| rest.starts_with('{')) {
        return Err(fault_at(positions, at, "expected a JSON object".to_owned()));
    }
    let (entries, end) = json::entries(text, at);
    end.map_err(|fault| json_fault(fault, positions))?;
    entries
        .into_iter()
        .map(|entry| {
            let value = serde_json::from_str::<Value>(&json::mended(entry.raw));
            let position = positions.at(entry.at);
            let at = (position.line, position.column);
            match value {
                Ok(value) => Ok((entry.key, tree(value, at))),
                Err(error) => Err(Fault { at, message: error.to_string(), help: None }),
            }
        })
        .collect()
}

/// A JSON value, its parts all at the place of the whole.
fn tree(value: Value, at: At) -> Tree {
    let data = match value {
        Value::Object(entries) => {
            Data::Map(entries.into_iter().map(|(key, value)| (key, tree(value, at))).collect())
        }
        Value::Array(items) => Data::List(items.into_iter().map(|item| tree(item, at)).collect()),
        scalar => Data::Scalar(scalar),
    };
    Tree { at, data }
}

fn json_fault(fault: json::Fault, positions: &Positions<'_>) -> Fault {
    fault_at(positions, fault.offset, fault.message)
}

/// Lines of `Key: value` up to a blank line, indented ones going on (<https://docs.getpelican.com/en/latest/content.html>,
/// <https://fletcher.github.io/MultiMarkdown-6/syntax/metadata.html>). A paragraph that begins with a word and a colon is
/// none: there must be a title, or two lines.
fn lines(text: &str) -> FrontMatter {
    let nothing = FrontMatter { entries: None, body: 0 };
    let mut entries: Vec<(String, Tree)> = Vec::new();
    let mut body = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        body += line.len();
        if bare.is_empty() {
            break;
        }
        match (key_and_value(bare), entries.last_mut()) {
            (None, Some((_, Tree { data: Data::Scalar(Value::String(value)), .. })))
                if bare.starts_with([' ', '\t']) =>
            {
                value.push('\n');
                value.push_str(bare.trim_start());
            }
            (Some((key, value)), _) => {
                let column = bare.chars().count() - value.chars().count() + 1;
                let at = (number as u64 + 1, column as u64);
                entries.push((key, Tree { at, data: Data::Scalar(Value::String(value.to_owned())) }));
            }
            (None, _) => return nothing,
        }
    }
    match entries.len() >= 2 || entries.iter().any(|(key, _)| key == "title") {
        true => FrontMatter { entries: Some(entries), body },
        false => nothing,
    }
}

/// The key in lower case, its blanks and hyphens made `_`.
fn key_and_value(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.len() <= 40
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'_' | b'-'));
    let is_value = value.is_empty() || value.starts_with([' ', '\t']);
    (is_key && is_value).then(|| (key.trim_end().to_lowercase().replace([' ', '-'], "_"), value.trim()))
}
