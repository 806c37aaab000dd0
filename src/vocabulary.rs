//! From a record to an article: which names the fields go by, and what their values may be.
//!
//! One vocabulary for every source, that of a JSON Feed item, plus what newsrooms need. A record that cannot become an
//! article is told apart by field and reason; it never takes others with it.

use crate::article::{Article, Attachment, Body, Category, Image, Person};
use crate::date;
use crate::diagnostic::Diagnostic;
use crate::plan::{Site, SourcePlan};
use crate::sources::{FILE_FIELD, Fields, Locate, PAGE_FIELD};
use crate::template::{Template, TemplateError};
use crate::text::Text;
use crate::{id, language, link, slug};
use chrono::{DateTime, Datelike, FixedOffset};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use url::Url;

/// A field of the vocabulary.
pub struct Field {
    pub name: &'static str,
    /// Other names that are understood without being configured, most telling first.
    pub aliases: &'static [&'static str],
    /// For documentation.
    pub about: &'static str,
}

const fn field(name: &'static str, aliases: &'static [&'static str], about: &'static str) -> Field {
    Field { name, aliases, about }
}

/// Every field. Names are met in any case, and with `-`, `_` or a space between their words.
pub const FIELDS: &[Field] = &[
    field("id", &["guid", "uuid"], "stable identity; default: the URL"),
    field("url", &["link", "permalink", "canonical_url", "slug"], "absolute, or relative to site.url"),
    field("title", &["headline", "name"], "text; HTML entities decoded"),
    field("summary", &["description", "excerpt", "sapo", "lead", "abstract"], "text or HTML"),
    field("content_html", &[], "the article"),
    field("content_text", &[], "the article"),
    field("content_markdown", &[], "the article"),
    field("content", &["body"], "the article: HTML, or text where it holds no HTML"),
    field(
        "date_published",
        &["published", "pubDate", "date", "datePublished", "publish_date", "published_at", "created_at"],
        "the moment of publication",
    ),
    field(
        "date_modified",
        &["modified", "updated", "lastmod", "dateModified", "updated_at", "last_modified"],
        "the last edit worth a reader's attention",
    ),
    field("expires", &["expiry_date", "expiryDate"], "leaves the feeds from then on"),
    field("authors", &["author", "byline", "creator"], "text, {name, email, url} or a list"),
    field("categories", &["category", "section", "sections"], "text or a list"),
    field("tags", &["keywords"], "a list, or text with commas"),
    field(
        "image",
        &["images", "thumbnail", "cover", "banner_image"],
        "URL, or {url, alt, caption, type, length, width, height}",
    ),
    field("attachments", &["enclosure", "enclosures"], "JSON Feed attachments"),
    field("language", &["lang"], "a language tag"),
    field("draft", &["status"], "true, or status = \"draft\""),
    field("comments_url", &["comments"], "the page where readers discuss the article"),
    field("rights", &["copyright", "license"], "who owns the article"),
    field("deleted", &["withdrawn"], "true: the article is withdrawn"),
];

/// Which fields a name of a source can give, the lower number before the higher where several names give one.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// By folded name: field and rank.
    vocabulary: HashMap<String, (usize, usize)>,
    /// By the name as it is written, for names that feeds.toml gives.
    own: HashMap<String, Vec<(usize, usize)>>,
    /// Dotted paths that feeds.toml gives.
    paths: Vec<(String, usize, usize)>,
}

/// The rank of a field's first name of the vocabulary. Names that feeds.toml gives come before.
const FIRST_NAME: usize = 1000;

impl Names {
    /// The names of the vocabulary, and before them those given: by the field's name, in their order.
    pub fn new(given: &HashMap<&'static str, Vec<String>>) -> Self {
        let mut names = Self::default();
        for (index, field) in FIELDS.iter().enumerate() {
            for (rank, name) in std::iter::once(&field.name).chain(field.aliases).enumerate() {
                names.vocabulary.entry(fold(name).into_owned()).or_insert((index, FIRST_NAME + rank));
            }
            for (rank, path) in given.get(field.name).into_iter().flatten().enumerate() {
                names.own.entry(path.clone()).or_default().push((index, rank));
                if path.contains('.') {
                    names.paths.push((path.clone(), index, rank));
                }
            }
        }
        names
    }

    /// Whether feeds.toml gives names of that field.
    fn gives(&self, field: &str) -> bool {
        let is_field = |index: &usize| FIELDS.get(*index).is_some_and(|known| known.name == field);
        self.own.values().flatten().any(|(index, _)| is_field(index))
    }

    /// Whether feeds.toml gives paths into nested records.
    pub fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// What a key of a record can give: field and rank.
    pub fn of<'a>(&'a self, key: &str) -> impl Iterator<Item = (usize, usize)> + use<'a> {
        let own = self.own.get(key).into_iter().flatten().copied();
        own.chain(self.vocabulary.get(fold(key).as_ref()).copied())
    }
}

/// The value of every field, and the name under which the record has it.
type Slots<'a> = [Option<(usize, &'a str, &'a Value)>; FIELDS.len()];

fn slots<'a>(fields: &'a Fields, names: &'a Names) -> Slots<'a> {
    let mut slots: Slots<'a> = [None; FIELDS.len()];
    let mut offer = |index: usize, rank: usize, name: &'a str, value: &'a Value| {
        if slots[index].is_none_or(|(best, ..)| rank < best) && holds_something(value) {
            slots[index] = Some((rank, name, value));
        }
    };
    for (key, value) in fields {
        for (index, rank) in names.of(key) {
            offer(index, rank, key, value);
        }
    }
    for (path, index, rank) in &names.paths {
        if let Some(value) = at_path(fields, path) {
            offer(*index, *rank, path, value);
        }
    }
    slots
}

/// The names that a record has, as far as they help who looks for one.
fn listed(fields: &Fields) -> String {
    const MOST: usize = 10;
    let own = fields.keys().filter(|name| !name.starts_with('_') && name.len() <= 40);
    let mut names: Vec<String> = own.take(MOST + 1).map(|name| format!("`{name}`")).collect();
    if names.len() > MOST {
        names.truncate(MOST);
        names.push("…".to_owned());
    }
    if names.is_empty() { String::new() } else { format!("; it has {}", names.join(", ")) }
}

/// What a record says.
#[derive(Debug)]
pub enum Reading {
    Article(Box<Article>),
    /// The article of this id is withdrawn.
    Withdrawn {
        id: String,
        key: String,
    },
}

/// Why a record is left out.
struct Fault {
    /// The field as the source names it.
    field: Option<String>,
    message: String,
    help: Option<String>,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { field: None, message: message.into(), help: None }
    }
    fn at(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(message) }
    }
    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Makes an article of a record.
pub fn read(
    mut fields: Fields,
    at: &dyn Locate,
    source: &SourcePlan,
    site: &Site,
) -> Result<Reading, Diagnostic> {
    replace(&mut fields, source);
    let mut reader = Reader {
        fields: &fields,
        slots: slots(&fields, &source.names),
        source,
        site,
        at,
        dropped: Vec::new(),
    };
    reader.reading().map_err(|fault| {
        let mut diagnostic = Diagnostic::left_out(at.locate(fault.field.as_deref()), fault.message);
        diagnostic.help = fault.help;
        diagnostic.article = reader.name_of_record();
        diagnostic
    })
}

/// Takes the artefacts of an export off its fields.
fn replace(fields: &mut Fields, source: &SourcePlan) {
    for replace in &source.replace {
        if let Some(value) = at_path_mut(fields, &replace.field) {
            replace_in(value, &replace.pattern, &replace.with);
        }
    }
}

fn replace_in(value: &mut Value, pattern: &regex::Regex, with: &str) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(replaced) = pattern.replace_all(text, with) {
                *text = replaced;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|item| replace_in(item, pattern, with)),
        _ => {}
    }
}

struct Reader<'a> {
    fields: &'a Fields,
    slots: Slots<'a>,
    source: &'a SourcePlan,
    site: &'a Site,
    at: &'a dyn Locate,
    /// Values that cannot be published, of an article that can.
    dropped: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn reading(&mut self) -> Result<Reading, Fault> {
        let published = self.date("date_published")?;
        let categories = self.categories()?;
        let (url, fault) = match self.url(published.as_ref(), &categories) {
            Ok(url) => (url, None),
            Err(fault) => (None, Some(fault)),
        };
        let key = self.text("id");
        let (id, key) = match (key, &url) {
            (Some(key), _) => (id::entry_id(&key, &self.site.tag), key),
            (None, Some(url)) => (url.clone(), url.clone()),
            (None, None) => {
                return Err(fault.unwrap_or_else(|| {
                    Fault::new("no URL and no id").help(format!(
                        "name the field that holds it with the source's `fields`, or build it with its `article_url = \"https://…/{{…}}\"`{}",
                        listed(self.fields)
                    ))
                }));
            }
        };
        if self.truth("deleted") {
            return Ok(Reading::Withdrawn { id, key });
        }
        if let Some(fault) = fault {
            self.drop_value(fault);
        }
        let title = self.text("title").map(|title| Text::title(&title)).filter(|title| !title.is_empty());
        let body = self.body();
        if title.is_none() && body.is_none() {
            return Err(Fault::new("no title and no content"));
        }
        let modified = self.date("date_modified")?;
        let expires = self.date("expires")?;
        let comments_url = self.text("comments_url").and_then(|url| self.absolute(&url, "comments_url"));
        let mut article = Article {
            id,
            key,
            title,
            summary: self.text("summary").filter(|summary| !summary.trim().is_empty()),
            body,
            published,
            modified,
            expires,
            authors: self.authors(),
            categories,
            tags: self.tags(),
            images: self.images(),
            attachments: self.attachments(),
            language: self.language(),
            draft: self.draft(),
            comments_url,
            rights: self.text("rights").map(|rights| Text::line(&rights)).filter(|rights| !rights.is_empty()),
            place: self.at.locate(None),
            url,
            remarks: Vec::new(),
        };
        article.remarks.append(&mut self.dropped);
        Ok(Reading::Article(Box::new(article)))
    }

    /// The value of a field and the name under which the record has it.
    fn get(&self, name: &'static str) -> Option<(&'a str, &'a Value)> {
        let index = FIELDS.iter().position(|field| field.name == name)?;
        self.slots[index].map(|(_, name, value)| (name, value))
    }

    fn text(&self, name: &'static str) -> Option<String> {
        self.get(name).and_then(|(_, value)| text_of(value))
    }

    fn truth(&self, name: &'static str) -> bool {
        self.get(name).is_some_and(|(_, value)| is_true(value))
    }

    fn draft(&self) -> bool {
        self.get("draft").is_some_and(|(_, value)| {
            is_true(value)
                || value.as_str().is_some_and(|status| {
                    // What publishing systems call an article that is not public.
                    let status = status.trim().to_lowercase();
                    ["draft", "pending", "private", "trash", "auto-draft", "unpublished", "archived"]
                        .contains(&status.as_str())
                })
        })
    }

    fn date(&self, name: &'static str) -> Result<Option<DateTime<FixedOffset>>, Fault> {
        let Some((field, value)) = self.get(name) else { return Ok(None) };
        let rules = date::Rules {
            zone: self.site.zone,
            day_first: date::day_first(&self.site.language),
            formats: &self.source.date_formats,
        };
        let parsed = match value {
            Value::Number(number) => date::from_number(number, &rules),
            Value::String(text) => date::parse(text, &rules),
            _ => return Err(Fault::at(field, format!("`{field}` is no date but {}", kind(value)))),
        };
        parsed.map_err(|error| Fault {
            help: error.help().map(str::to_owned),
            ..Fault::at(field, format!("`{field}` is no date: {error}"))
        })
    }

    /// The article's page. A template of the source stands in where the record has no address; a bare `slug` is one only
    /// where there is no template.
    fn url(
        &mut self,
        published: Option<&DateTime<FixedOffset>>,
        categories: &[Category],
    ) -> Result<Option<String>, Fault> {
        let found = self.get("url");
        let is_slug = |name: &str| fold(name) == "slug" && !self.source.names.gives("url");
        if let Some((field, value)) = found.filter(|(name, _)| self.source.url.is_none() || !is_slug(name)) {
            let raw = text_of(value).unwrap_or_default();
            return match link::absolute(&raw, &self.site.url) {
                Ok(url) => Ok(Some(url)),
                Err(error) => Err(Fault::at(field, format!("`{field}` is no address: {error}"))),
            };
        }
        let Some(template) = &self.source.url else {
            // A page that states no address is read where it lies.
            let Some(path) = self.fields.get(PAGE_FIELD).and_then(Value::as_str) else { return Ok(None) };
            return link::absolute(path, &self.site.url).map(Some).map_err(|error| {
                Fault::new(format!("the page states no address, and its file's name makes none: {error}"))
            });
        };
        let raw =
            self.fill(template, published, categories).map_err(|error| Fault::new(error.to_string()))?;
        link::absolute(&raw, &self.site.url)
            .map(|url| Some(self.of_translation(template, url)))
            .map_err(|error| Fault::new(format!("the source's url template gives no address: {error}")))
    }

    /// The address of a translation (`post.zh.md` beside `post.md`): below a folder of its language, where Hugo and Zola
    /// serve it, unless the template places the language itself. Without it the two would be one article.
    fn of_translation(&self, template: &Template, url: String) -> String {
        let file = self.fields.get(FILE_FIELD);
        let language = file.and_then(|file| file.get("language")).and_then(Value::as_str);
        match (language, Url::parse(&url)) {
            (Some(language), Ok(mut address))
                if !template.names("language") && !language.eq_ignore_ascii_case(&self.site.language) =>
            {
                address.set_path(&format!("/{language}{}", address.path()));
                address.into()
            }
            _ => url,
        }
    }

    fn fill(
        &self,
        template: &Template,
        published: Option<&DateTime<FixedOffset>>,
        categories: &[Category],
    ) -> Result<String, TemplateError> {
        let file = self.fields.get(FILE_FIELD).and_then(Value::as_object);
        template.fill(|name| {
            let own = || at_path(self.fields, name).and_then(text_of).filter(|text| !text.is_empty());
            let of_file =
                || file.and_then(|file| file.get(name)).and_then(text_of).filter(|text| !text.is_empty());
            match name {
                "year" => published.map(|date| date.year().to_string()),
                "month" => published.map(|date| format!("{:02}", date.month())),
                "day" => published.map(|date| format!("{:02}", date.day())),
                "category" => categories.first().map(|category| category.slug.clone()),
                "categories" => Some(
                    categories.iter().map(|category| category.slug.as_str()).collect::<Vec<_>>().join("/"),
                ),
                "id" => self.text("id"),
                "slug" => {
                    own().or_else(of_file).or_else(|| self.text("title").map(|title| slug::slugify(&title)))
                }
                "stem" | "path" | "folder" => of_file(),
                "folders" => file.and_then(|file| file.get(name)).and_then(text_of),
                "title_slug" => self.text("title").map(|title| slug::slugify(&title)),
                _ => own(),
            }
        })
    }

    fn categories(&self) -> Result<Vec<Category>, Fault> {
        let mut labels = Vec::new();
        if let Some((_, value)) = self.get("categories") {
            labels_of(value, &mut labels);
        }
        if labels.is_empty() {
            for template in &self.source.categories {
                // A file that stands in no folder has no category from it.
                labels.extend(self.fill(template, None, &[]).ok());
            }
        }
        let categories = labels.iter().filter_map(|label| Category::new(label)).collect();
        Ok(first_of_each(categories, |category: &Category| category.slug.as_str()))
    }

    fn tags(&self) -> Vec<Text> {
        let mut labels = Vec::new();
        match self.get("tags") {
            Some((_, Value::String(text))) => labels.extend(text.split([',', ';']).map(str::to_owned)),
            Some((_, value)) => labels_of(value, &mut labels),
            None => {}
        }
        let tags = labels.iter().map(|label| Text::title(label.trim_start_matches('#')));
        first_of_each(tags.filter(|tag| !tag.is_empty()).collect(), |tag: &Text| tag)
    }

    fn authors(&mut self) -> Vec<Person> {
        let mut authors = Vec::new();
        if let Some((field, value)) = self.get("authors") {
            let values = match value {
                Value::Array(list) => list.as_slice(),
                single => std::slice::from_ref(single),
            };
            for value in values {
                let Some(mut person) = person(value) else { continue };
                if let Some(url) = person.url.take() {
                    person.url = self.absolute(&url, field);
                }
                authors.push(person);
            }
        }
        if authors.is_empty() {
            authors.extend(self.source.author.clone());
        }
        first_of_each(authors, |author| author)
    }

    fn language(&mut self) -> Option<String> {
        let Some((field, value)) = self.get("language") else { return self.source.language.clone() };
        let tag = text_of(value).unwrap_or_default();
        let canonical = language::canonical(&tag);
        if canonical.is_none() {
            self.drop_value(Fault::at(field, format!("`{field}` is no language tag: `{tag}`")));
        }
        canonical.or_else(|| self.source.language.clone())
    }

    fn body(&self) -> Option<Body> {
        let said = |name| self.text(name).filter(|text| !text.trim().is_empty());
        said("content_html")
            .map(Body::Html)
            .or_else(|| said("content_markdown").map(Body::Markdown))
            .or_else(|| said("content_text").map(Body::Text))
            .or_else(|| said("content").map(Body::Unknown))
    }

    fn images(&mut self) -> Vec<Image> {
        let Some((field, value)) = self.get("image") else { return Vec::new() };
        let mut images: Vec<Image> = Vec::new();
        for value in list_of(value) {
            let Some(url) = url_of(value).and_then(|url| self.absolute(&url, field)) else { continue };
            let line = |names: &[&str]| {
                let found = names.iter().find_map(|name| text_of(value.get(*name)?));
                found.map(|text| Text::title(&text)).filter(|text| !text.is_empty())
            };
            images.push(Image {
                alt: line(&["alt", "alt_text"]),
                caption: line(&["caption", "description"]),
                credit: line(&["credit"]),
                media_type: media_type(value, &url),
                length: number_in(value, &["length", "size_in_bytes", "size"]),
                width: number_in(value, &["width"]).and_then(|width| u32::try_from(width).ok()),
                height: number_in(value, &["height"]).and_then(|height| u32::try_from(height).ok()),
                url,
            });
        }
        first_of_each(images, |image| image.url.as_str())
    }

    fn attachments(&mut self) -> Vec<Attachment> {
        let Some((field, value)) = self.get("attachments") else { return Vec::new() };
        let mut attachments: Vec<Attachment> = Vec::new();
        for value in list_of(value) {
            let Some(url) = url_of(value).and_then(|url| self.absolute(&url, field)) else { continue };
            attachments.push(Attachment {
                media_type: media_type(value, &url),
                title: string_in(value, &["title"])
                    .map(|title| Text::title(&title))
                    .filter(|title| !title.is_empty()),
                length: number_in(value, &["size_in_bytes", "length", "size"]),
                duration: number_in(value, &["duration_in_seconds", "duration"]),
                url,
            });
        }
        first_of_each(attachments, |attachment| attachment.url.as_str())
    }

    fn absolute(&mut self, url: &str, field: &str) -> Option<String> {
        if url.trim().is_empty() {
            return None;
        }
        match link::absolute(url, &self.site.url) {
            Ok(url) => Some(url),
            Err(error) => {
                self.drop_value(Fault::at(field, format!("`{field}` holds no address: {error}")));
                None
            }
        }
    }

    fn drop_value(&mut self, fault: Fault) {
        let mut diagnostic = Diagnostic::dropped(self.at.locate(fault.field.as_deref()), fault.message);
        diagnostic.help = fault.help;
        diagnostic.article = self.name_of_record();
        self.dropped.push(diagnostic);
    }

    /// By what people would look for a record that could not be read.
    fn name_of_record(&self) -> Option<String> {
        self.text("id").or_else(|| self.text("url")).or_else(|| self.text("title"))
    }
}

/// The fields that a record has: each by its name in the vocabulary, the name that the record has for it, and its value.
pub fn origins<'a>(fields: &'a Fields, names: &'a Names) -> Vec<(&'static str, &'a str, &'a Value)> {
    let found = FIELDS.iter().zip(slots(fields, names));
    found.filter_map(|(field, slot)| slot.map(|(_, name, value)| (field.name, name, value))).collect()
}

/// The value that a record has for a field of the vocabulary without being told its name, and the name that it goes by.
pub fn find<'a>(fields: &'a Fields, name: &str) -> Option<(&'a str, &'a Value)> {
    let field = FIELDS.iter().find(|field| field.name == name)?;
    std::iter::once(&field.name).chain(field.aliases).find_map(|alias| named(fields, alias))
}

/// The value that a record has under a name, however it is spelt.
fn named<'a>(fields: &'a Fields, name: &str) -> Option<(&'a str, &'a Value)> {
    let exact = fields.get_key_value(name).filter(|(_, value)| holds_something(value));
    let spelt = || {
        let folded = fold(name);
        fields.iter().find(|(key, value)| fold(key) == folded && holds_something(value))
    };
    exact.or_else(spelt).map(|(key, value)| (key.as_str(), value))
}

/// `date_published`, `datePublished` and `Date published` are one name.
fn fold(name: &str) -> Cow<'_, str> {
    match name.bytes().all(|byte| byte.is_ascii_lowercase()) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(
            name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect(),
        ),
    }
}

fn at_path<'a>(fields: &'a Fields, path: &str) -> Option<&'a Value> {
    // A name that itself holds a dot comes before the path that it looks like.
    if let Some(value) = fields.get(path) {
        return Some(value);
    }
    let mut parts = path.split('.');
    let mut value = fields.get(parts.next()?)?;
    for part in parts {
        value = match value {
            Value::Array(list) => list.get(part.parse::<usize>().ok()?)?,
            value => value.get(part)?,
        };
    }
    Some(value)
}

fn at_path_mut<'a>(fields: &'a mut Fields, path: &str) -> Option<&'a mut Value> {
    if fields.contains_key(path) {
        return fields.get_mut(path);
    }
    let mut parts = path.split('.');
    let first = fields.get_mut(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get_mut(part))
}

fn holds_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The text of a value. Systems wrap it: WordPress in `rendered`, XML conversions in `#text`.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Object(_) => string_in(value, &["rendered", "#text", "value", "name"]),
        Value::Array(list) => list.iter().find_map(text_of),
        Value::Null => None,
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => ["true", "yes", "1"].contains(&text.trim().to_lowercase().as_str()),
        _ => false,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The first of each kind, in their order; kinds are told apart by a key. There may be very many.
fn first_of_each<T, K: Eq + Hash + ?Sized>(mut values: Vec<T>, key: impl Fn(&T) -> &K) -> Vec<T> {
    if values.len() > 1 {
        let mut known = HashSet::with_capacity(values.len());
        let are_first: Vec<bool> = values.iter().map(|value| known.insert(key(value))).collect();
        let mut are_first = are_first.into_iter();
        values.retain(|_| are_first.next() == Some(true));
    }
    values
}

fn list_of(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        single => std::slice::from_ref(single),
    }
}

fn labels_of(value: &Value, labels: &mut Vec<String>) {
    for value in list_of(value) {
        match value {
            Value::Object(_) => labels.extend(string_in(value, &["name", "label", "title", "term", "slug"])),
            value => labels.extend(text_of(value)),
        }
    }
}

fn string_in(value: &Value, names: &[&str]) -> Option<String> {
    let map = value.as_object()?;
    names.iter().find_map(|name| match map.get(*name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A length, duration, width or height: none is 0, which exports write for one that they do not know.
fn number_in(value: &Value, names: &[&str]) -> Option<u64> {
    let map = value.as_object()?;
    let number = |name: &&str| match map.get(*name)? {
        Value::Number(number) => {
            number.as_u64().or_else(|| number.as_f64().filter(|n| *n >= 0.0 && *n < 1e15).map(|n| n as u64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    names.iter().filter_map(number).find(|number| *number > 0)
}

fn url_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        _ => string_in(value, &["url", "src", "href", "contentUrl", "source_url"]),
    }
}

/// The media type as it is stated, put right where exports get it wrong, or as the URL's extension tells.
fn media_type(value: &Value, url: &str) -> Option<String> {
    let stated = string_in(value, &["mime_type", "type", "media_type"])
        .map(|stated| stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .filter(|stated| {
            stated.split_once('/').is_some_and(|(kind, subtype)| is_type_name(kind) && is_type_name(subtype))
        });
    match stated.as_deref() {
        Some("image/jpg" | "image/pjpeg") => Some("image/jpeg".to_owned()),
        Some("audio/mp3") => Some("audio/mpeg".to_owned()),
        Some(_) => stated,
        None => media_type_of_extension(url).map(str::to_owned),
    }
}

/// A type's or subtype's name (RFC 6838 §4.2).
fn is_type_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
}

fn media_type_of_extension(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next()?;
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "jpe" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" => "audio/ogg",
        "opus" => "audio/opus",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "epub" => "application/epub+zip",
        _ => return None,
    })
}

fn person(value: &Value) -> Option<Person> {
    match value {
        Value::Object(_) => {
            let name = string_in(value, &["name", "display_name", "title"]).unwrap_or_default();
            let email = string_in(value, &["email"]).filter(|email| is_email(email));
            let name = Text::title(&name);
            let name = if name.is_empty() { Text::line(email.as_deref()?) } else { name };
            Some(Person { name, email, url: string_in(value, &["url", "uri", "link"]) })
        }
        value => person_from_text(&text_of(value)?),
    }
}

/// Reads `Tên`, `Tên <a@b.vn>`, `a@b.vn (Tên)` and `a@b.vn`.
pub fn person_from_text(text: &str) -> Option<Person> {
    let text = text.trim();
    let split = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let (inside, after) = rest.rsplit_once(close)?;
        after.trim().is_empty().then(|| (before.trim(), inside.trim()))
    };
    let (name, email) = match (split('<', '>'), split('(', ')')) {
        (Some((name, email)), _) if is_email(email) => (name, Some(email)),
        (_, Some((email, name))) if is_email(email) => (name, Some(email)),
        _ if is_email(text) => (text, Some(text)),
        _ => (text, None),
    };
    let name = Text::title(if name.is_empty() { email.unwrap_or_default() } else { name });
    (!name.is_empty()).then(|| Person { name, email: email.map(str::to_owned), url: None })
}

/// Whether text is an address of RFC 5322's plain form (addr-spec without quotes and comments).
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    !local.is_empty() && local.chars().all(atom) && domain.contains('.') && domain.split('.').all(label)
}
