//! WordPress exports (WXR, "WordPress eXtended RSS",
//! <https://developer.wordpress.org/advanced-administration/wordpress/import/>): posts with their authors, sections,
//! pictures and custom fields.
//!
//! Read in one pass, of any size. In memory are the authors, one item at a time, and 32 bytes of every attachment. What is
//! known of those, and posts whose pictures come further down, lie in temporary files; posts come in their order.
//!
//! `records` names the types of posts that are read: `post` where it says nothing, `post, page` or a type of the
//! newsroom's own.

use super::feed::{complete, cut, identity, plausible_language};
use super::support::tree::{At, Places};
use super::support::types;
use super::support::xml::{Element, Ending, Part, Tag, Xml};
use super::{Fields, Input, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::sync::Arc;

mod content;
mod pictures;

use pictures::Pictures;

/// The format.
pub struct Wxr;

/// Types that are named where none is the wanted one.
const MOST_NAMED: usize = 12;

/// Posts wait in memory up to so many bytes.
const IN_MEMORY: usize = 4 << 20;

impl Source for Wxr {
    fn name(&self) -> &'static str {
        "wxr"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["wxr"]
    }

    fn about(&self) -> &'static str {
        "WordPress export: posts with authors, sections, pictures and custom fields; .xml is told apart from a feed"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let mut xml = Xml::open(input.reader, options)?;
        loop {
            match xml.part()? {
                Part::Start(tag) if tag.name == "rss" => return read(&input.name, xml, tag, options, sink),
                Part::Start(_) | Part::End(_) => {}
                Part::Over => break,
            }
        }
        let message = "the file is no WordPress export: it has no `<rss>`";
        sink.unreadable(Diagnostic::left_out(Place::new(&input.name, 1, 1), message));
        Ok(())
    }
}

/// Whether a feed is the export of a WordPress.
pub(super) fn is_export(root: &Tag) -> bool {
    root.attributes.iter().any(|(key, value)| {
        key.starts_with("xmlns:") && value.trim().starts_with("http://wordpress.org/export/")
    })
}

/// Reads an export behind its first tag.
pub(super) fn read(
    file: &Arc<str>,
    mut xml: Xml<'_>,
    root: Tag,
    options: &Options,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let mut export = Export {
        file,
        types: types::listed(options),
        others: options.records.is_some().then(BTreeSet::new),
        authors: HashMap::new(),
        language: None,
        site: Map::new(),
        pictures: Pictures::new(),
        waiting: None,
        lacking: None,
        sink,
    };
    let own = root.written().to_owned();
    let mut within = vec![own.clone()];
    xml.enter(&root, "");
    let mut closed = false;
    loop {
        match xml.part()? {
            Part::Over => break,
            Part::End(name) => closed |= name == own,
            Part::Start(tag) if tag.name == "channel" => {
                xml.enter(&tag, "");
                within.push(tag.written().to_owned());
            }
            Part::Start(tag) => {
                let is_item = tag.name == "item";
                let (element, ending) = xml.element(tag, &within, &|name| name != "wp:comment")?;
                match ending {
                    Ending::Cut if is_item => closed |= cut(file, &xml, &element, export.sink),
                    _ => export.take(&element)?,
                }
            }
        }
    }
    export.finish()?;
    complete(file, &xml, closed, export.sink);
    Ok(())
}

/// An export as it is being read.
struct Export<'a> {
    file: &'a Arc<str>,
    /// The types of posts that are read.
    types: Vec<String>,
    /// Where `records` names types: those that items have instead, as long as none has one of them.
    others: Option<BTreeSet<String>>,
    /// The names that authors go by, by their logins.
    authors: HashMap<String, String>,
    language: Option<String>,
    /// What the export says of its site: title, address, language.
    site: Map<String, Value>,
    pictures: Pictures,
    /// Posts that wait for their pictures, one a line, and how many.
    waiting: Option<tempfile::SpooledTempFile>,
    /// How many posts lack a picture, and where the first stands.
    lacking: Option<(usize, At)>,
    sink: &'a mut dyn Sink,
}

/// A post, as it waits.
#[derive(Serialize, Deserialize)]
struct Post {
    fields: Fields,
    start: At,
    places: Vec<(String, At)>,
    /// The number of WordPress's own.
    number: String,
    /// The number of the attachment that stands for it.
    picture: Option<String>,
}

impl Export<'_> {
    /// Takes what stands in the channel.
    fn take(&mut self, element: &Element) -> io::Result<()> {
        match element.name.as_str() {
            "title" => self.site.extend(element.text().map(|text| ("title".to_owned(), text.into()))),
            "link" => self.site.extend(element.text().map(|text| ("url".to_owned(), text.into()))),
            "language" => {
                self.language = element.text().as_deref().and_then(plausible_language);
                self.site
                    .extend(self.language.clone().map(|language| ("language".to_owned(), language.into())));
            }
            "wp:author" => {
                let login = element.text_of("wp:author_login");
                let name = element.text_of("wp:author_display_name").or_else(|| login.clone());
                self.authors.extend(login.zip(name));
            }
            "item" => return self.item(element),
            _ => {}
        }
        Ok(())
    }

    fn skip(&mut self, item: &Element, reason: &str) -> io::Result<()> {
        self.sink.skipped(Place::new(self.file, item.at.0, item.at.1), reason);
        Ok(())
    }

    fn item(&mut self, item: &Element) -> io::Result<()> {
        let kind = item.text_of("wp:post_type").unwrap_or_else(|| "post".to_owned());
        if kind == "attachment" {
            self.pictures.take(item, &meta(item))?;
            return self.skip(item, "an attachment");
        }
        if !self.types.contains(&kind) {
            if let Some(others) = self.others.as_mut().filter(|others| others.len() < MOST_NAMED) {
                others.insert(kind.clone());
            }
            return self.skip(item, &types::unnamed(&kind));
        }
        self.others = None;
        if item.text_of("wp:post_password").is_some() {
            return self.skip(item, "a post under a password");
        }
        let mut post = post(item, kind, &self.authors, self.language.as_deref());
        post.fields.insert("feed".to_owned(), Value::Object(self.site.clone()));
        let text = post.fields.get("content_html").and_then(Value::as_str).unwrap_or_default();
        // What waits is handed over in its order, so what comes after waits with it.
        let waits = self.waiting.is_some()
            || post.picture.as_ref().is_some_and(|number| !self.pictures.has(number))
            || content::has_gallery(text);
        if !waits {
            return self.hand_over(post);
        }
        let mut line = serde_json::to_vec(&post)?;
        line.push(b'\n');
        self.waiting.get_or_insert_with(|| tempfile::spooled_tempfile(IN_MEMORY)).write_all(&line)
    }

    fn hand_over(&mut self, mut post: Post) -> io::Result<()> {
        if let Some(Value::String(text)) = post.fields.get_mut("content_html") {
            let mut failure = None;
            *text = content::article(text, &mut |ids| {
                let gallery = self.pictures.gallery(ids, &post.number);
                gallery.unwrap_or_else(|error| {
                    failure = Some(error);
                    String::new()
                })
            });
            failure.map_or(Ok(()), Err)?;
        }
        match post.picture.map(|number| self.pictures.image(&number)).transpose()? {
            Some(Some(image)) => {
                post.fields.insert("image".to_owned(), image);
            }
            Some(None) => self.lacking.get_or_insert((0, post.start)).0 += 1,
            None => {}
        }
        let places = Places { file: Arc::clone(self.file), start: post.start, fields: post.places };
        self.sink.record(post.fields, &places);
        Ok(())
    }

    /// Hands over what waits.
    fn finish(&mut self) -> io::Result<()> {
        self.pictures.complete();
        if let Some(mut waiting) = self.waiting.take() {
            waiting.rewind()?;
            let mut lines = BufReader::new(waiting);
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line)? > 0 {
                self.hand_over(serde_json::from_slice(&line)?)?;
                line.clear();
            }
        }
        if let Some(others) = self.others.take().filter(|others| !others.is_empty()) {
            let place = Place::new(self.file, 1, 1);
            let types = self.types.join(", ");
            let message = format!("`records` names types of which no item is: {types}");
            let others = others.into_iter().collect::<Vec<_>>().join(", ");
            let help = format!("the export has: {others}");
            self.sink.unreadable(Diagnostic::dropped(place, message).help(help));
        }
        if let Some((count, at)) = self.lacking {
            let posts = if count == 1 {
                "1 post has a picture that is".to_owned()
            } else {
                format!("{count} posts have pictures that are")
            };
            let place = Place::new(self.file, at.0, at.1);
            let diagnostic = Diagnostic::dropped(place, format!("{posts} not in the export"));
            self.sink
                .unreadable(diagnostic.help("export \"All content\", which has the attachments as well"));
        }
        Ok(())
    }
}

/// The custom fields of an item; of a name that comes twice the last counts.
fn meta(item: &Element) -> Map<String, Value> {
    let pairs = item.all("wp:postmeta").filter_map(|meta| {
        Some((meta.text_of("wp:meta_key")?, Value::String(meta.text_of("wp:meta_value")?)))
    });
    pairs.collect()
}

fn post(item: &Element, kind: String, authors: &HashMap<String, String>, language: Option<&str>) -> Post {
    let mut fields = Fields::new();
    let mut places = Vec::new();
    let meta = meta(item);
    let mut set = |name: &str, value: Option<Value>, child: &str| {
        let Some(value) = value else { return };
        places.push((name.to_owned(), item.child(child).map_or(item.at, |child| child.at)));
        fields.insert(name.to_owned(), value);
    };
    let text = |child: &str| item.text_of(child).map(Value::String);
    let guid = item.text_of("guid");
    let link = item.text_of("link").or_else(|| guid.clone().filter(|guid| guid.starts_with("http")));
    set("id", identity(guid.as_deref(), link.as_deref(), None).map(Value::String), "guid");
    set("url", link.map(Value::String), "link");
    set("title", text("title"), "title");
    set("summary", text("excerpt:encoded"), "excerpt:encoded");
    set("content_html", text("content:encoded"), "content:encoded");
    set("date_published", dated(item, "wp:post_date"), "wp:post_date");
    set("date_modified", dated(item, "wp:post_modified"), "wp:post_modified");
    let creators = item.all("dc:creator").filter_map(Element::text);
    let creators: Vec<Value> =
        creators.map(|login| authors.get(&login).cloned().unwrap_or(login).into()).collect();
    set("authors", (!creators.is_empty()).then_some(Value::Array(creators)), "dc:creator");
    let mut terms: Map<String, Value> = Map::new();
    for category in item.all("category") {
        let domain = category.attribute("domain").unwrap_or("category");
        let label = category.text().or_else(|| category.attribute("nicename").map(str::to_owned));
        let list = terms.entry(domain).or_insert_with(|| Value::Array(Vec::new()));
        if let (Value::Array(list), Some(label)) = (list, label) {
            list.push(label.into());
        }
    }
    set("categories", terms.remove("category"), "category");
    set("tags", terms.remove("post_tag").or_else(|| terms.remove("tag")), "category");
    set("terms", (!terms.is_empty()).then_some(Value::Object(terms)), "category");
    set("status", text("wp:status"), "wp:status");
    set("slug", text("wp:post_name"), "wp:post_name");
    set("post_id", text("wp:post_id"), "wp:post_id");
    set("post_type", Some(kind.into()), "wp:post_type");
    set("language", language.map(Value::from), "language");
    let picture = meta.get("_thumbnail_id").and_then(Value::as_str).map(str::to_owned);
    set("meta", (!meta.is_empty()).then_some(Value::Object(meta)), "wp:postmeta");
    let number = item.text_of("wp:post_id").unwrap_or_default();
    Post { fields, start: item.at, places, number, picture }
}

/// A date of WordPress: local time, with the offset that its time of Greenwich tells; without that, as it stands.
fn dated(item: &Element, name: &str) -> Option<Value> {
    let moment = |name: &str| {
        let text = item.text_of(name)?;
        chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok()
    };
    let (local, greenwich) = (moment(name), moment(&format!("{name}_gmt")));
    let Some(greenwich) = greenwich else { return item.text_of(name).map(Value::String) };
    let offset = local.map(|local| (local - greenwich).num_minutes()).unwrap_or_default();
    // Offsets of zones are whole quarters of an hour; what is none was edited by hand.
    let offset = if offset % 15 == 0 && offset.abs() <= 14 * 60 { offset } else { 0 };
    let zone = chrono::FixedOffset::east_opt(i32::try_from(offset).unwrap_or_default() * 60)?;
    Some(greenwich.and_utc().with_timezone(&zone).to_rfc3339().into())
}

#[cfg(test)]
mod tests;
