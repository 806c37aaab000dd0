//! One element in memory, and what is asked of it: its text, its children by name, its content as HTML.

use super::super::tree::At;

/// An element and what it holds.
#[derive(Debug, Default, Clone)]
pub struct Element {
    /// The name by which it is known, see [`super::Tag::name`].
    pub name: String,
    /// Names as they are written, references resolved in the values.
    pub attributes: Vec<(String, String)>,
    pub nodes: Vec<Node>,
    pub at: At,
}

/// What an element holds.
#[derive(Debug, Clone)]
pub enum Node {
    /// References resolved.
    Text(String),
    Element(Element),
}

/// HTML's elements without content and end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

impl Element {
    pub fn push_text(&mut self, text: &str) {
        match self.nodes.last_mut() {
            Some(Node::Text(last)) => last.push_str(text),
            _ => self.nodes.push(Node::Text(text.to_owned())),
        }
    }

    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(child) => Some(child),
            Node::Text(_) => None,
        })
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children().filter(move |child| child.name == name)
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children().find(|child| child.name == name)
    }

    /// An attribute by its name without prefix; white space around the value does not count, and nothing is none.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let local = |key: &str| key.rsplit(':').next() == Some(name);
        let exact = self.attributes.iter().find(|(key, _)| key == name);
        let found = exact.or_else(|| self.attributes.iter().find(|(key, _)| local(key)));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The text, trimmed; where HTML that was not escaped stands in it, that HTML. `None` where there is nothing.
    pub fn text(&self) -> Option<String> {
        let text = match self.children().next() {
            Some(_) => self.inner_html(),
            None => {
                self.nodes.iter().map(|node| if let Node::Text(text) = node { text } else { "" }).collect()
            }
        };
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// The text of a child.
    pub fn text_of(&self, name: &str) -> Option<String> {
        self.all(name).find_map(Element::text)
    }

    /// The content as HTML: text is escaped, elements have no prefix.
    pub fn inner_html(&self) -> String {
        let mut html = String::new();
        self.write_content(&mut html);
        html
    }

    // Elements are at most `DEEPEST` deep.
    fn write_content(&self, html: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(text) => html.push_str(&escaped(text)),
                Node::Element(element) => element.write(html),
            }
        }
    }

    fn write(&self, html: &mut String) {
        let name = self.name.rsplit(':').next().unwrap_or_default();
        html.push('<');
        html.push_str(name);
        for (key, value) in self.attributes.iter().filter(|(key, _)| !key.starts_with("xmlns")) {
            html.push(' ');
            html.push_str(key);
            html.push_str("=\"");
            html.push_str(&escaped(value));
            html.push('"');
        }
        html.push('>');
        self.write_content(html);
        if !VOID.contains(&name.to_ascii_lowercase().as_str()) {
            html.push_str("</");
            html.push_str(name);
            html.push('>');
        }
    }
}

/// Text as it may stand in HTML and in its attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
