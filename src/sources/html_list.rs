//! Lists of articles on a page, picked by CSS selectors: for sites that have nothing but a box of their newest.
//!
//! feeds.toml says in `select` what the box of one article is, and where in it each field stands. A selector that
//! catches nothing on a page is an error, for nothing is as silent as a page that was rebuilt. Specification:
//! [Selectors level 4](https://www.w3.org/TR/selectors-4/).

use super::support::page::{self, Base, Page};
use super::support::position::Positions;
use super::support::selector::{Pick, nearest};
use super::{FROM_FIELD, Fields, Input, Locate, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use scraper::ElementRef;
use serde_json::{Map, Value};
use std::io;
use std::sync::LazyLock;

/// The format.
pub struct HtmlList;

/// What stands for fields that feeds.toml does not select.
static TITLES: LazyLock<Vec<Pick>> =
    LazyLock::new(|| ["h1, h2, h3, h4, h5, h6", "a", "@title"].into_iter().map(Pick::own).collect());
static ADDRESSES: LazyLock<Vec<Pick>> =
    LazyLock::new(|| ["a@href", "@href"].into_iter().map(Pick::own).collect());

impl Source for HtmlList {
    fn name(&self) -> &'static str {
        "html-list"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn about(&self) -> &'static str {
        "A list of articles on a page, by CSS selectors; `select` says where each field stands"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let (relative, came) = (input.relative.clone(), input.address());
        let Some(page) = page::read(input, options, sink)? else { return Ok(()) };
        let root = page.dom.root_element();
        let attribute = |words| Pick::own(words).first(root).map(|(_, value)| value);
        let own =
            attribute("link[rel~=canonical]@href").or_else(|| attribute("meta[property='og:url']@content"));
        let base = Base::of(came.as_ref(), own.as_deref(), &relative, attribute("base@href").as_deref());
        let list = List { page: &page, options, base };
        list.read(root, sink);
        Ok(())
    }
}

struct List<'a> {
    page: &'a Page,
    options: &'a Options,
    base: Base,
}

/// A field of the items: its name in feeds.toml, what picks it, and how many items have it.
struct Column<'a> {
    name: &'static str,
    picks: &'a [Pick],
    /// Whether feeds.toml selects it.
    own: bool,
    caught: usize,
}

impl List<'_> {
    fn read(&self, root: ElementRef<'_>, sink: &mut dyn Sink) {
        let select = &self.options.select;
        let start = Place::new(&self.page.file, 1, 1);
        if self.page.cut {
            let message = "the page opens more elements within each other than any page for people: it is read up to there";
            sink.unreadable(Diagnostic::dropped(start.clone(), message));
        }
        let items = select.item.iter().map(|pick| pick.elements(root)).find(|items| !items.is_empty());
        let Some(items) = items else {
            let Some(pick) = select.item.first() else { return };
            sink.unreadable(nothing(start, "item", pick, "on the page", &[root]));
            return;
        };
        let column =
            |name, picks: &'static LazyLock<Vec<Pick>>, own: &'_ [Pick]| (name, picks, own.is_empty());
        let mut columns: Vec<Column<'_>> = Vec::new();
        for (name, picks, is_default) in
            [column("title", &TITLES, &select.title), column("url", &ADDRESSES, &select.url)]
        {
            let own = if name == "title" { &select.title } else { &select.url };
            let picks = if is_default { picks.as_slice() } else { own.as_slice() };
            columns.push(Column { name, picks, own: !is_default, caught: 0 });
        }
        for (name, picks) in [
            ("summary", &select.summary),
            ("content", &select.content),
            ("author", &select.author),
            ("category", &select.category),
            ("tags", &select.tags),
            ("date", &select.date),
            ("image", &select.image),
        ] {
            columns.push(Column { name, picks, own: true, caught: 0 });
        }
        let records: Vec<Fields> = items.iter().map(|item| self.record(*item, &mut columns)).collect();
        let mut readable = true;
        for column in columns.iter().filter(|column| column.own && column.caught == 0) {
            let Some(pick) = column.picks.first() else { continue };
            let mut diagnostic = nothing(start.clone(), column.name, pick, "in any item", &items);
            if ["title", "url"].contains(&column.name) {
                readable = false;
            } else {
                // The articles are published without it.
                diagnostic = Diagnostic { effect: crate::diagnostic::Effect::Dropped, ..diagnostic };
            }
            sink.unreadable(diagnostic);
        }
        if !readable {
            return;
        }
        let mut finder = Finder::new(self.page);
        for (item, fields) in items.iter().zip(records) {
            let at = finder.place(*item);
            match fields.contains_key("title") || fields.contains_key("url") {
                true => sink.record(fields, &at),
                false => sink.skipped(at.place, "an item with neither a title nor an address"),
            }
        }
    }

    fn record(&self, item: ElementRef<'_>, columns: &mut [Column<'_>]) -> Fields {
        let mut fields = Fields::new();
        let mut from = Map::new();
        for column in columns {
            let several = ["category", "tags"].contains(&column.name);
            let found = column.picks.iter().find_map(|pick| {
                let value = match (several, column.name) {
                    (true, _) => {
                        let values: Vec<Value> = pick
                            .elements(item)
                            .into_iter()
                            .take(50)
                            .filter_map(|element| pick.value(element))
                            .map(Value::from)
                            .collect();
                        (!values.is_empty()).then_some(Value::Array(values))
                    }
                    (_, "content") if !pick.names_attribute() => {
                        pick.first(item).map(|(element, _)| element.inner_html().trim().to_owned().into())
                    }
                    (_, "url" | "image") => {
                        pick.first(item).and_then(|(_, value)| self.base.resolve(&value)).map(Value::from)
                    }
                    // Nothing in it is left to be decoded.
                    (_, "title" | "summary") => pick
                        .first(item)
                        .map(|(_, value)| value.replace('&', "&amp;").replace('<', "&lt;").into()),
                    _ => pick.first(item).map(|(_, value)| Value::from(value)),
                };
                value.map(|value| (value, pick))
            });
            let Some((value, pick)) = found else { continue };
            column.caught += 1;
            let name = match column.name {
                "content" => "content_html",
                "author" => "authors",
                "category" => "categories",
                "date" => "date_published",
                name => name,
            };
            fields.insert(name.to_owned(), value);
            from.insert(name.to_owned(), format!("select.{} `{pick}`", column.name).into());
        }
        fields.insert(FROM_FIELD.to_owned(), Value::Object(from));
        fields
    }
}

/// What to say of a selector that catches nothing.
fn nothing(start: Place, name: &str, pick: &Pick, on: &str, below: &[ElementRef<'_>]) -> Diagnostic {
    let diagnostic = Diagnostic::left_out(start, format!("`select.{name}` catches nothing {on}: `{pick}`"));
    match nearest(pick, below) {
        Some(hint) => diagnostic.help(hint),
        None => diagnostic.help("look at the page's source: what scripts put on it later is not in it"),
    }
}

/// Finds items in the page's text, one after the other.
struct Finder<'a> {
    page: &'a Page,
    positions: Positions<'a>,
    at: usize,
    missed: usize,
}

/// Items that are looked for in vain, before the others are taken to be written otherwise too.
const MOST_MISSES: usize = 20;

impl<'a> Finder<'a> {
    fn new(page: &'a Page) -> Self {
        Self { page, positions: Positions::new(&page.text), at: 0, missed: 0 }
    }

    /// Where an item stands: where the address of its first link does.
    fn place(&mut self, item: ElementRef<'_>) -> Here {
        let links = item.descendants().filter_map(ElementRef::wrap).take(200);
        let href = links.filter_map(|element| element.attr("href")).find(|href| href.len() > 1);
        // What is escaped in the text ends the part that is looked for.
        let written = href.unwrap_or_default().split(['&', '"', '\'']).next().unwrap_or_default();
        if !written.is_empty() && self.missed < MOST_MISSES {
            match self.page.text.get(self.at..).and_then(|rest| rest.find(written)) {
                Some(offset) => self.at += offset,
                None => self.missed += 1,
            }
        }
        let place = self.positions.at(self.at).place(&self.page.file);
        // The next item stands behind this one, even where it leads to the same page.
        self.at = self.page.text.ceil_char_boundary((self.at + 1).min(self.page.text.len()));
        Here { place }
    }
}

/// An item's place.
struct Here {
    place: Place,
}

impl Locate for Here {
    fn locate(&self, _: Option<&str>) -> Place {
        self.place.clone()
    }
}
