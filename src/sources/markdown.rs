//! Markdown (<https://spec.commonmark.org/>): one file, one article, its metadata in front matter.
//!
//! Front matter is what sites are made with: YAML between `---` (Jekyll, Hugo, Eleventy, Astro), TOML between `+++`
//! (Hugo, Zola), a JSON object (Hugo), or lines of `Key: value` (Pelican, MultiMarkdown). The body goes into
//! `content_markdown` as it stands. What a file's name and folder tell fills in what front matter does not say; see
//! [`FileName`].

use super::file_name::FileName;
use super::support::encoding;
use super::support::front_matter::{self, FrontMatter};
use super::support::position::Positions;
use super::support::tree::{Data, Places, Tree, fields};
use super::{Fields, Input, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Files for people who look into the folder, when they have no front matter.
const ABOUT_THE_FOLDER: &[&str] =
    &["readme", "changelog", "contributing", "license", "code_of_conduct", "summary"];

/// Tables of Hugo's and Zola's front matter whose entries are as good as its own.
const LIFTED: &[&str] = &["taxonomies", "params", "extra"];

/// Names under which front matter gives the date itself.
const DATES: &[&str] = &[
    "date",
    "date_published",
    "published",
    "pubdate",
    "publishdate",
    "publish_date",
    "datepublished",
    "published_at",
    "created_at",
    "created",
];

/// Names under which it gives the address.
const ADDRESSES: &[&str] = &["url", "link", "permalink", "canonical_url", "slug"];

/// The format.
pub struct Markdown;

impl Source for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown", "mdx"]
    }

    fn about(&self) -> &'static str {
        "Markdown with front matter, as of Hugo, Zola, Jekyll, Pelican, Eleventy or Astro: one article a file"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let (file, relative) = (Arc::clone(&input.name), input.relative.clone());
        let Some(text) = encoding::whole_text(input, options, LARGEST, sink)? else { return Ok(()) };
        let name = FileName::of(&relative);
        let start = Place::new(&file, 1, 1);
        if name.stem == "_index" {
            sink.skipped(start, "a section's page");
            return Ok(());
        }
        if name.is_index && name.path == "index" {
            sink.skipped(start, "the front page");
            return Ok(());
        }
        if text.trim().is_empty() {
            sink.skipped(start, "an empty file");
            return Ok(());
        }
        let positions = Positions::new(&text);
        let front = match front_matter::split(&text, &positions) {
            Ok(front) => front,
            Err(fault) => {
                let place = Place::new(&file, fault.at.0, fault.at.1);
                let mut diagnostic = Diagnostic::left_out(place, format!("front matter: {}", fault.message));
                diagnostic.help = fault.help;
                sink.unreadable(diagnostic);
                return Ok(());
            }
        };
        if front.entries.is_none() && ABOUT_THE_FOLDER.contains(&name.stem.to_lowercase().as_str()) {
            sink.skipped(start, "a file about the folder");
            return Ok(());
        }
        let (mut fields, places) = record(&file, &text, &positions, front);
        named(&mut fields, &name, &relative);
        sink.record(fields, &places);
        Ok(())
    }
}

/// The record of front matter and body.
fn record(file: &Arc<str>, text: &str, positions: &Positions<'_>, front: FrontMatter) -> (Fields, Places) {
    let entries = front.entries.unwrap_or_default();
    let mut places = Places::of(file, (1, 1), &entries);
    let top: HashSet<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    for (name, table) in &entries {
        if let (true, Data::Map(inner)) = (LIFTED.contains(&name.as_str()), &table.data) {
            let lifted = inner.iter().filter(|(key, _)| !top.contains(key.as_str()));
            places.fields.extend(lifted.map(|(key, value): &(String, Tree)| (key.clone(), value.at)));
        }
    }
    let mut fields = fields(entries);
    for table in LIFTED {
        if let Some(Value::Object(inner)) = fields.get(*table).cloned() {
            for (key, value) in inner {
                fields.entry(key).or_insert(value);
            }
        }
    }
    let body = text.get(front.body..).unwrap_or_default();
    let mut rest = body;
    let untitled = fields.get("title").is_none_or(|title| title.is_null() || title == "");
    if untitled && let Some(heading) = first_heading(body) {
        let at = positions.at(front.body + heading.start);
        places.fields.push(("title".to_owned(), (at.line, at.column)));
        fields.insert("title".to_owned(), Value::String(heading.text));
        // At the top it is the title and nothing else: readers would show it twice.
        if body[..heading.start].trim().is_empty() {
            rest = &body[heading.end..];
        }
    }
    if !rest.trim().is_empty() {
        let skipped = body.len() - rest.len() + (rest.len() - rest.trim_start().len());
        let at = positions.at(front.body + skipped);
        places.fields.push(("content_markdown".to_owned(), (at.line, at.column)));
        fields.entry("content_markdown").or_insert_with(|| Value::String(rest.to_owned()));
    }
    (fields, places)
}

/// A heading of the first level: its text, and where it begins and ends.
struct Heading {
    text: String,
    start: usize,
    end: usize,
}

fn first_heading(body: &str) -> Option<Heading> {
    let mut found: Option<Heading> = None;
    for (event, range) in Parser::new(body).into_offset_iter() {
        match (&mut found, event) {
            (None, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })) => {
                found = Some(Heading { text: String::new(), start: range.start, end: range.end });
            }
            (Some(heading), Event::Text(text) | Event::Code(text)) => heading.text.push_str(&text),
            (Some(heading), Event::SoftBreak | Event::HardBreak) => heading.text.push(' '),
            (Some(_), Event::End(TagEnd::Heading(_))) => break,
            _ => {}
        }
    }
    found.filter(|heading| !heading.text.trim().is_empty())
}

/// Fills in what the file's name and folders tell.
fn named(fields: &mut Fields, name: &FileName, relative: &Path) {
    let folders: Vec<_> = relative
        .parent()
        .into_iter()
        .flat_map(Path::components)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    // Jekyll's `published: false`. As a date the word would be none.
    if let Some(Value::Bool(published)) = fields.get("published") {
        if !published {
            fields.insert("draft".to_owned(), Value::Bool(true));
        }
        fields.remove("published");
    }
    if folders.iter().any(|folder| folder == "_drafts") {
        fields.insert("draft".to_owned(), Value::Bool(true));
    }
    let has = |fields: &Fields, names: &[&str]| {
        fields.iter().any(|(key, value)| names.contains(&key.to_lowercase().as_str()) && !value.is_null())
    };
    if let Some(date) = &name.date
        && !has(fields, DATES)
    {
        fields.insert("date".to_owned(), json!(date));
    }
    if (name.date.is_some() || name.is_index) && !has(fields, ADDRESSES) {
        fields.insert("slug".to_owned(), json!(name.slug));
    }
    let posts = folders.iter().position(|folder| folder == "_posts").filter(|posts| *posts > 0);
    if let Some(above) = posts.and_then(|posts| folders.get(..posts))
        && !has(fields, &["category", "categories"])
    {
        fields.insert("categories".to_owned(), json!(above));
    }
    if let Some(language) = &name.language
        && !has(fields, &["language", "lang"])
    {
        fields.insert("language".to_owned(), json!(language));
    }
}

#[cfg(test)]
mod tests;
