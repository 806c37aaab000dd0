//! What the head of a page states: `meta` of every kind, `link`, `title`.
//!
//! Names are met in any case. Specifications: [Open Graph](https://ogp.me/), [Dublin Core in
//! HTML](https://www.dublincore.org/specifications/dublin-core/dcq-html/), [standard metadata
//! names](https://html.spec.whatwg.org/multipage/semantics.html#standard-metadata-names).

use super::super::support::page;
use scraper::Html;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The most values of one name: a list of tags is shorter.
const MOST_VALUES: usize = 200;

/// What a head states.
#[derive(Default)]
pub struct Head {
    metas: HashMap<String, Vec<String>>,
    /// Addresses of `link`, by relation.
    links: HashMap<String, String>,
    /// The text of the first `title`.
    pub title: String,
    pub base: Option<String>,
}

impl Head {
    /// Reads a page: parsers move what stands wrongly in its head into its body.
    pub fn of(html: &Html) -> Self {
        let mut head = Self::default();
        for element in html.root_element().descendent_elements() {
            match element.value().name() {
                "meta" => {
                    let content =
                        element.attr("content").or_else(|| element.attr("value")).unwrap_or_default().trim();
                    if content.is_empty() {
                        continue;
                    }
                    let mut names: Vec<String> = ["property", "name", "http-equiv"]
                        .iter()
                        .filter_map(|name| element.attr(name))
                        .map(|name| name.trim().to_lowercase())
                        .collect();
                    names.dedup();
                    for name in names {
                        let values = head.metas.entry(name).or_default();
                        if values.len() < MOST_VALUES {
                            values.push(content.to_owned());
                        }
                    }
                }
                "link" => {
                    let href = element.attr("href").unwrap_or_default().trim();
                    let alternate = element.attr("hreflang").is_some();
                    if !href.is_empty() && !alternate {
                        for relation in element.attr("rel").unwrap_or_default().split_ascii_whitespace() {
                            head.links.entry(relation.to_lowercase()).or_insert_with(|| href.to_owned());
                        }
                    }
                }
                "base" if head.base.is_none() => head.base = element.attr("href").map(str::to_owned),
                // A drawing has titles too.
                "title" if head.title.is_empty() && element.value().name.ns == html5ever::ns!(html) => {
                    head.title = page::text_of(element);
                }
                _ => {}
            }
        }
        head
    }

    /// The first of these names that is stated: its name and value.
    pub fn first(&self, names: &[&'static str]) -> Option<(&'static str, &str)> {
        names.iter().find_map(|name| Some((*name, self.metas.get(*name)?.first()?.as_str())))
    }

    /// The value of a name.
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.metas.get(name)?.first().map(String::as_str)
    }

    /// Every value of a name.
    pub fn metas(&self, name: &str) -> &[String] {
        self.metas.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The address of the first `link` of that relation.
    pub fn link(&self, relation: &str) -> Option<&str> {
        self.links.get(relation).map(String::as_str)
    }

    /// Whether robots are asked not to list the page.
    pub fn is_unlisted(&self) -> bool {
        let words = |name| self.metas(name).iter().flat_map(|value| value.split([',', ' ']));
        words("robots").any(|word| {
            word.trim().eq_ignore_ascii_case("noindex") || word.trim().eq_ignore_ascii_case("none")
        })
    }

    /// Whether the page at once leads to another.
    pub fn leads_elsewhere(&self) -> bool {
        self.meta("refresh").is_some_and(|refresh| {
            let (seconds, rest) = refresh.split_once([';', ',']).unwrap_or((refresh, ""));
            seconds.trim().parse::<f64>().is_ok_and(|seconds| seconds < 5.0)
                && rest.to_ascii_lowercase().contains("url")
        })
    }

    /// Every `meta` as the page has it, for fields that feeds.toml names: a text, or a list of several.
    pub fn to_value(&self) -> Value {
        let mut names: Vec<&String> = self.metas.keys().collect();
        names.sort_unstable();
        let mut map = Map::new();
        for name in names {
            let value = match self.metas(name) {
                [one] => Value::from(one.as_str()),
                several => several.iter().map(String::as_str).collect(),
            };
            map.insert(name.clone(), value);
        }
        Value::Object(map)
    }
}
