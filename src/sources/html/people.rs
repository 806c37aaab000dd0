//! Who wrote an article.

use super::super::support::page;
use super::super::support::selector::Pick;
use super::fields::{Found, Object, Said, in_list, picked};
use super::linked::Graph;
use serde_json::{Map, Value, json};

impl<'a> Said<'a> {
    pub fn authors(&self) -> Option<Found<Value>> {
        if let Some((text, from)) = picked(self.root, &self.select.author, "author") {
            return Some((json!(without_by(&text)), from));
        }
        let of_node = |graph: &Graph<'a>, node: &'a Object| -> Vec<Value> {
            ["author", "creator"]
                .iter()
                .map(|name| self.people(graph, node.get(*name)))
                .find(|people| !people.is_empty())
                .unwrap_or_default()
        };
        for (kind, graph, node) in &self.linked {
            let people = node.map(|node| of_node(graph, node)).unwrap_or_default();
            if !people.is_empty() {
                return Some((people.into(), format!("{kind} author")));
            }
        }
        let people = of_node(self.loose.0, self.loose.1);
        if !people.is_empty() {
            return Some((people.into(), "itemprop author".to_owned()));
        }
        let named = |name: &&'static str| {
            let people: Vec<Value> = self
                .head
                .metas(name)
                .iter()
                .map(|text| without_by(text))
                .filter(|text| !text.contains("://") && !text.is_empty() && !self.names.is_site(text))
                .map(Value::from)
                .collect();
            (!people.is_empty()).then(|| (people.into(), (*name).to_owned()))
        };
        let stated = [
            "author",
            "article:author",
            "article:author_name",
            "og:article:author",
            "dc.creator",
            "dcterms.creator",
            "byl",
            "parsely-author",
            "sailthru.author",
        ];
        let shown = || {
            let link =
                Pick::own("a[rel~=author], [data-role=author]").first(self.root).map(|(element, _)| element);
            let element = link.filter(|element| !in_list(*element)).or_else(|| self.named(BYLINES))?;
            let name = without_by(&page::text_of(element));
            (!name.is_empty() && name.chars().count() <= 100)
                .then(|| (json!([name]), "byline on the page".to_owned()))
        };
        // The newspaper itself, where nobody else is named.
        let house = || {
            let name = without_by(self.head.meta("author")?);
            (!name.is_empty() && !name.contains("://")).then(|| (json!([name]), "author".to_owned()))
        };
        stated.iter().find_map(named).or_else(shown).or_else(house)
    }

    /// Persons and organisations, as the vocabulary of records has them.
    fn people(&self, graph: &Graph<'a>, value: Option<&'a Value>) -> Vec<Value> {
        let mut people = Vec::new();
        for value in graph.all(value) {
            let name = graph.text_of(value).map(|name| page::one_line(&name)).unwrap_or_default();
            if name.is_empty() || name.contains("://") {
                continue;
            }
            let object = graph.object(value);
            let names: Vec<String> = match object.and_then(|object| object.get("name")) {
                Some(Value::Array(_)) => object.map(|object| graph.texts(object, "name")).unwrap_or_default(),
                _ => vec![name],
            };
            let url = object
                .and_then(|object| object.get("url"))
                .and_then(|url| graph.address(url))
                .and_then(|url| self.base.resolve(url));
            let email = object
                .and_then(|object| object.get("email"))
                .and_then(Value::as_str)
                .map(|email| email.trim_start_matches("mailto:").trim().to_owned());
            for name in names {
                let mut person = Map::from_iter([("name".to_owned(), Value::from(name))]);
                person.extend(url.clone().map(|url| ("url".to_owned(), url.into())));
                person.extend(email.clone().map(|email| ("email".to_owned(), email.into())));
                people.push(Value::Object(person));
            }
        }
        people
    }
}

/// A byline without what stands before the name.
fn without_by(text: &str) -> String {
    let text = page::one_line(text);
    let lower = text.to_lowercase();
    let label = ["by ", "tác giả:", "tác giả ", "bài, ảnh:", "bài:", "theo ", "von ", "par "]
        .iter()
        .find(|label| lower.starts_with(**label));
    match label {
        Some(label) => text.get(label.len()..).unwrap_or(&text).trim().to_owned(),
        None => text,
    }
}

/// Classes of an author's name.
const BYLINES: &[&str] = &[
    "byline",
    "author-name",
    "article-author",
    "post-author",
    "entry-author",
    "author_name",
    "tac-gia",
    "tacgia",
    "author",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_without_labels() {
        for (text, name) in
            [("Tác giả: Lò Văn An", "Lò Văn An"), ("By  Ann Lee ", "Ann Lee"), ("Byron", "Byron")]
        {
            assert_eq!(without_by(text), name);
        }
    }
}
