//! Linked data of a page: the nodes of its JSON-LD, and its microdata in the same form.
//!
//! Boundary: knows what things are and what they are called ([schema.org](https://schema.org/Article)), not which value
//! of a page is the best. Specifications: [JSON-LD 1.1](https://www.w3.org/TR/json-ld11/),
//! [microdata](https://html.spec.whatwg.org/multipage/microdata.html).

use super::super::support::page;
use scraper::ElementRef;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What schema.org calls the page of an article.
const ARTICLES: &[&str] = &[
    "Article",
    "NewsArticle",
    "AdvertiserContentArticle",
    "AnalysisNewsArticle",
    "AskPublicNewsArticle",
    "BackgroundNewsArticle",
    "BlogPosting",
    "LiveBlogPosting",
    "MedicalScholarlyArticle",
    "OpinionNewsArticle",
    "Report",
    "ReportageNewsArticle",
    "ReviewNewsArticle",
    "SatiricalArticle",
    "ScholarlyArticle",
    "SocialMediaPosting",
    "TechArticle",
];

/// What it calls pages that hold no article of their own.
const OTHER_PAGES: &[&str] = &[
    "AboutPage",
    "CheckoutPage",
    "CollectionPage",
    "ContactPage",
    "FAQPage",
    "ProfilePage",
    "SearchResultsPage",
    "Blog",
    "ImageGallery",
    "VideoGallery",
];

/// The properties in which a page says what it is about.
const SUBJECT: &[&str] = &["mainEntity", "mainEntityOfPage", "about"];

/// The most nodes that are looked at.
const MOST_NODES: usize = 20_000;

/// The linked data of a page.
pub struct Graph<'a> {
    /// Those that are about the page, not about something in it.
    nodes: Vec<&'a Map<String, Value>>,
    by_id: HashMap<&'a str, &'a Map<String, Value>>,
}

impl<'a> Graph<'a> {
    pub fn new(values: &'a [Value]) -> Self {
        let mut graph = Self { nodes: Vec::new(), by_id: HashMap::new() };
        // Each with whether it stands at the top.
        let mut waiting: Vec<(&Value, bool)> = values.iter().rev().map(|value| (value, true)).collect();
        let mut met = 0;
        while let Some((value, top)) = waiting.pop() {
            met += 1;
            if met > MOST_NODES {
                break;
            }
            match value {
                Value::Array(list) => waiting.extend(list.iter().rev().map(|value| (value, top))),
                Value::Object(map) => {
                    if let Some(Value::String(id)) = map.get("@id").filter(|_| map.len() > 1) {
                        let known = graph.by_id.entry(id).or_insert(map);
                        // A node may be said in parts; what says more is the better.
                        if known.len() < map.len() {
                            *known = map;
                        }
                    }
                    if top && (map.contains_key("@type") || !map.contains_key("@graph")) {
                        graph.nodes.push(map);
                    }
                    waiting.extend(map.iter().rev().filter(|(_, value)| !value.is_string()).map(
                        |(name, value)| {
                            (value, top && (name == "@graph" || SUBJECT.contains(&name.as_str())))
                        },
                    ));
                }
                _ => {}
            }
        }
        graph
    }

    /// The nodes that are articles, or their pages' subject.
    pub fn articles(&self) -> Vec<&'a Map<String, Value>> {
        self.nodes.iter().copied().filter(|node| is_any(node, ARTICLES)).collect()
    }

    /// What the page says that it is, where that is no article.
    pub fn other_page(&self) -> Option<&'static str> {
        OTHER_PAGES.iter().copied().find(|other| self.nodes.iter().any(|node| is_any(node, &[*other])))
    }

    /// The first node of that kind.
    pub fn first(&self, kind: &str) -> Option<&'a Map<String, Value>> {
        self.nodes.iter().copied().find(|node| is_any(node, &[kind]))
    }

    /// The objects that a value is or refers to by their `@id`; texts stay what they are.
    pub fn all(&self, value: Option<&'a Value>) -> Vec<&'a Value> {
        match value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list.iter().filter(|value| !value.is_null()).collect(),
            Some(Value::Object(map)) if map.contains_key("@list") => self.all(map.get("@list")),
            Some(value) => vec![value],
        }
    }

    /// The object that is meant where only its `@id` is given.
    pub fn object(&self, value: &'a Value) -> Option<&'a Map<String, Value>> {
        let map = value.as_object()?;
        let reference = map.get("@id").and_then(Value::as_str).and_then(|id| self.by_id.get(id).copied());
        // What is said here counts, unless it is next to nothing.
        reference.filter(|known| map.len() <= 2 && known.len() > map.len()).or(Some(map))
    }

    /// The text of a property: of a list the first, of a typed value its `@value`, of a thing its name.
    pub fn text(&self, node: &'a Map<String, Value>, name: &str) -> Option<String> {
        self.all(node.get(name)).into_iter().find_map(|value| self.text_of(value))
    }

    /// Every text of a property.
    pub fn texts(&self, node: &'a Map<String, Value>, name: &str) -> Vec<String> {
        self.all(node.get(name)).into_iter().filter_map(|value| self.text_of(value)).collect()
    }

    /// The text of a value.
    pub fn text_of(&self, value: &'a Value) -> Option<String> {
        match value {
            Value::String(text) => Some(single_escaped(text.trim())).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Object(_) => {
                let map = self.object(value)?;
                ["@value", "name", "headline", "url"].iter().find_map(|name| match map.get(*name) {
                    Some(Value::Array(list)) => list.iter().find_map(plain),
                    Some(value) => plain(value),
                    None => None,
                })
            }
            _ => None,
        }
    }

    /// The address that a value is or has.
    pub fn address(&self, value: &'a Value) -> Option<&'a str> {
        match value {
            Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Value::Object(map) => {
                let of = |map: &'a Map<String, Value>| {
                    ["url", "contentUrl", "@id"].iter().find_map(|name| match map.get(*name)? {
                        Value::Array(list) => list.first()?.as_str(),
                        Value::Object(inner) => inner.get("@id")?.as_str(),
                        value => value.as_str(),
                    })
                };
                self.object(value)
                    .and_then(of)
                    .or_else(|| of(map))
                    .map(str::trim)
                    .filter(|url| !url.is_empty())
            }
            Value::Array(list) => list.iter().find_map(|value| match value {
                Value::Array(_) => None,
                value => self.address(value),
            }),
            _ => None,
        }
    }
}

fn plain(value: &Value) -> Option<String> {
    value.as_str().map(|text| single_escaped(text.trim())).filter(|text| !text.is_empty())
}

/// Text whose references were escaped twice, `&amp;quot;`, with one escape less: the other is undone where all text is
/// read.
pub fn single_escaped(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("&amp;") {
        out.push_str(before);
        let name = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(after.len());
        let reference = (2..=12).contains(&name) && after[name..].starts_with(';');
        out.push_str(if reference { "&" } else { "&amp;" });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether a node is one of these kinds, however its type is written.
pub fn is_any(node: &Map<String, Value>, kinds: &[&str]) -> bool {
    let kind = |value: &Value| {
        value.as_str().is_some_and(|text| {
            let name = text.rsplit(['/', ':', '#']).next().unwrap_or(text);
            kinds.contains(&name)
        })
    };
    match node.get("@type") {
        Some(Value::Array(list)) => list.iter().any(kind),
        Some(value) => kind(value),
        None => false,
    }
}

/// The deepest items of microdata within each other.
const DEEPEST_ITEM: usize = 8;

/// The items of microdata that stand in no other, in the form of JSON-LD; properties that stand in none are put together
/// in one more, without a type, which is the last.
pub fn microdata(root: ElementRef<'_>) -> Vec<Value> {
    let mut items = Vec::new();
    let mut loose = Map::new();
    if root.attr("itemscope").is_some() {
        // A page that is one item as a whole.
        items.push(Value::Object(item(root, 0)));
    } else {
        gather(root, &mut loose, Some(&mut items), 0);
    }
    items.push(Value::Object(loose));
    items
}

fn item(element: ElementRef<'_>, depth: usize) -> Map<String, Value> {
    let mut node = Map::new();
    let kinds: Vec<&str> = element.attr("itemtype").unwrap_or_default().split_ascii_whitespace().collect();
    node.insert("@type".to_owned(), kinds.into());
    if let Some(id) = element.attr("itemid") {
        node.insert("@id".to_owned(), id.into());
    }
    gather(element, &mut node, None, depth);
    node
}

/// Adds the properties below an element to a node, and items that are no property's value to the list.
fn gather(
    element: ElementRef<'_>,
    node: &mut Map<String, Value>,
    mut items: Option<&mut Vec<Value>>,
    depth: usize,
) {
    let mut waiting: Vec<ElementRef<'_>> = element.child_elements().collect();
    waiting.reverse();
    while let Some(element) = waiting.pop() {
        let is_item = element.attr("itemscope").is_some();
        let names = element.attr("itemprop").unwrap_or_default();
        let value = match is_item {
            true if depth < DEEPEST_ITEM => Some(Value::Object(item(element, depth + 1))),
            true => None,
            false if names.is_empty() => None,
            false => value_of(element).map(Value::String),
        };
        match value {
            Some(value) if !names.is_empty() => {
                for name in names.split_ascii_whitespace() {
                    add(node, name, value.clone());
                }
            }
            // An item in a page whose properties stand loosely, or one within another that says nothing of it.
            Some(value) => match items.as_deref_mut() {
                Some(items) => items.push(value),
                None => add(node, "@graph", value),
            },
            None => {}
        }
        if !is_item {
            let mut below: Vec<ElementRef<'_>> = element.child_elements().collect();
            below.reverse();
            waiting.extend(below);
        }
    }
}

fn add(node: &mut Map<String, Value>, name: &str, value: Value) {
    match node.get_mut(name) {
        None => {
            node.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn value_of(element: ElementRef<'_>) -> Option<String> {
    let attribute =
        |name| element.attr(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
    let by_name = match element.value().name() {
        "a" | "area" | "link" => attribute("href"),
        "img" | "audio" | "video" | "source" | "iframe" | "embed" | "track" | "amp-img" => attribute("src"),
        "object" => attribute("data"),
        "time" => attribute("datetime"),
        "data" | "meter" => attribute("value"),
        _ => None,
    };
    let named_link =
        element.value().name() == "a" && element.attr("itemprop").is_some_and(is_name_of_something);
    // The article itself is read as what it is, HTML.
    let is_body = element.attr("itemprop").is_some_and(|names| names.contains("articleBody"));
    let text = || Some(page::text_of(element)).filter(|text| !is_body && !text.is_empty());
    match named_link {
        // `<a itemprop="author" href="…">Name</a>`: people mean the name.
        true => attribute("content").or_else(text),
        false => attribute("content").or(by_name).or_else(text),
    }
}

fn is_name_of_something(names: &str) -> bool {
    names
        .split_ascii_whitespace()
        .any(|name| ["author", "name", "articleSection", "keywords", "headline"].contains(&name))
}
