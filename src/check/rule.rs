//! What a rule is, and how the rules are asked for by name.
//!
//! One rule is one documented item in a static table (`rules/`). Its text feeds `explain`, the documentation page, SARIF and
//! the tests: each example given here is run.

use std::collections::BTreeMap;
use std::fmt;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice: the document is right, and could be better.
    Info,
    /// A SHOULD of a specification, or a known breakage in readers.
    Warning,
    /// A MUST of a specification is broken.
    Error,
}

impl Severity {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where a rule comes from: what it was read off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Xml,
    Rss,
    Atom,
    JsonFeed,
    Opml,
    Values,
    Html,
    Extensions,
    Advice,
    Across,
    Partners,
    /// Of what comes when a feed is fetched.
    Transport,
}

impl Group {
    /// A heading for the documentation.
    pub fn title(self) -> &'static str {
        match self {
            Group::Xml => "The document",
            Group::Rss => "RSS 2.0 and its predecessors",
            Group::Atom => "Atom 1.0",
            Group::JsonFeed => "JSON Feed",
            Group::Opml => "OPML",
            Group::Values => "Values",
            Group::Html => "Text and HTML",
            Group::Extensions => "Extensions",
            Group::Advice => "Advice",
            Group::Across => "More than one document",
            Group::Partners => "Partners",
            Group::Transport => "How it is served",
        }
    }
}

/// An example of a rule, as much of a document as is needed; [`Example::documents`] completes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// A whole document, byte for byte.
    Document(&'static str),
    /// Bytes that are no text.
    Bytes(&'static [u8]),
    /// Children of an RSS 2.0 `channel` that is otherwise right.
    Channel(&'static str),
    /// Children of an `item` in such a channel.
    Item(&'static str),
    /// Children of an Atom `feed` that is otherwise right.
    Feed(&'static str),
    /// Children of an `entry` in such a feed.
    Entry(&'static str),
    /// Members of a JSON Feed item, in a feed that is otherwise right.
    JsonItem(&'static str),
    /// Members of a JSON Feed document.
    JsonFeed(&'static str),
    /// Another example, and the media type it is served with.
    Served(&'static str, &'static Example),
    /// A whole document, followed by white space up to so many bytes.
    Padded(&'static str, usize),
    /// Two documents: two versions of one feed, or two feeds of one folder.
    Pair(&'static str, &'static str),
    /// What came when a feed was fetched: the transcript of a [`Visit`](super::Visit).
    Fetched(&'static str),
}

impl Example {
    /// The address at which the examples are said to be served.
    pub fn address(&self) -> &'static str {
        match self {
            Example::Feed(_) | Example::Entry(_) => "https://example.vn/atom.xml",
            Example::JsonItem(_) | Example::JsonFeed(_) => "https://example.vn/feed.json",
            Example::Served(_, example) => example.address(),
            _ => "https://example.vn/feed.xml",
        }
    }

    /// The media type the example is served with, where it matters.
    pub fn content_type(&self) -> Option<&'static str> {
        match self {
            Example::Served(kind, _) => Some(kind),
            _ => None,
        }
    }

    /// What is shown of the example.
    pub fn shown(&self) -> String {
        match self {
            Example::Bytes(bytes) => bytes.escape_ascii().to_string(),
            Example::Pair(one, other) => format!("{one}\n{other}"),
            Example::Served(kind, example) => format!("Content-Type: {kind}\n\n{}", example.shown()),
            Example::Padded(text, size) => format!("{text} (… {size} bytes)"),
            Example::Document(text)
            | Example::Channel(text)
            | Example::Item(text)
            | Example::Feed(text)
            | Example::Entry(text)
            | Example::JsonItem(text)
            | Example::JsonFeed(text)
            | Example::Fetched(text) => (*text).to_owned(),
        }
    }

    /// The whole document, or both documents of a pair.
    pub fn documents(&self) -> Vec<Vec<u8>> {
        let rss = |inner: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>\
                 <title>Tin mới</title><link>https://example.vn/</link><description>Tin tức trong ngày</description>\
                 <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"https://example.vn/feed.xml\"/>{inner}</channel></rss>"
            )
        };
        let atom = |inner: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Tin mới</title>\
                 <id>https://example.vn/</id><updated>2026-11-20T17:00:00+07:00</updated><author><name>Báo</name></author>\
                 <link rel=\"self\" href=\"https://example.vn/atom.xml\"/><link href=\"https://example.vn/\"/>{inner}</feed>"
            )
        };
        let json = |inner: &str, item: &str| {
            let comma = |members: &str| if members.is_empty() { "" } else { ", " };
            format!(
                "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Tin mới\", \
                 \"home_page_url\": \"https://example.vn/\", \"feed_url\": \"https://example.vn/feed.json\"{}{inner}, \
                 \"items\": [{{\"id\": \"tag:example.vn,2026:1\", \"content_html\": \"<p>Mưa</p>\"{}{item}}}]}}",
                comma(inner),
                comma(item)
            )
        };
        let text = match self {
            Example::Document(text) => (*text).to_owned(),
            Example::Bytes(bytes) => return vec![bytes.to_vec()],
            Example::Padded(text, size) => format!("{text}{}", " ".repeat(size.saturating_sub(text.len()))),
            Example::Pair(one, other) => return vec![one.as_bytes().to_vec(), other.as_bytes().to_vec()],
            Example::Channel(inner) => rss(inner),
            Example::Item(inner) => {
                rss(&format!("<item><guid isPermaLink=\"false\">tag:example.vn,2026:1</guid>{inner}</item>"))
            }
            Example::Feed(inner) => atom(inner),
            Example::Entry(inner) => atom(&format!(
                "<entry><title>Mưa</title><id>tag:example.vn,2026:1</id><updated>2026-11-20T17:00:00+07:00</updated>\
                 <link href=\"https://example.vn/1\"/><summary>Mưa lớn</summary>{inner}</entry>"
            )),
            Example::JsonItem(item) => json("", item),
            Example::JsonFeed(inner) => json(inner, ""),
            Example::Served(_, example) => return example.documents(),
            Example::Fetched(_) => return Vec::new(),
        };
        vec![text.into_bytes()]
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name: the field's message name in kebab-case where there is one.
    pub id: &'static str,
    pub severity: Severity,
    pub group: Group,
    /// What it says, in one line.
    pub summary: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    /// Where it is specified.
    pub links: &'static [&'static str],
    /// A document with this fault.
    pub failing: Example,
    /// The same without it.
    pub passing: Example,
    /// Which profile must be chosen for the rule to be looked at; `None`: it always is.
    pub profile: Option<&'static str>,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

impl Rule {
    /// Whether the rule is one of the field's validators' or of a specification, rather than advice of this program's own.
    pub fn is_own_advice(&self) -> bool {
        matches!(self.group, Group::Advice | Group::Across | Group::Partners)
    }
}

/// Levels that the user gave rules, over their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    levels: BTreeMap<&'static str, Option<Severity>>,
}

/// A rule name that no rule has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no rule is called `{name}`{}", suggestion.map(|s| format!(", did you mean `{s}`?")).unwrap_or_default())]
pub struct UnknownRule {
    pub name: String,
    /// The rule whose name is nearest, where one is near.
    pub suggestion: Option<&'static str>,
}

impl Overrides {
    /// Reads three lists of rule names: rules to leave out, to lower or raise to a warning, to raise to an error. A name that
    /// is in more than one list takes the last.
    ///
    /// # Errors
    /// The first name that no rule has.
    pub fn new<S: AsRef<str>>(allow: &[S], warn: &[S], deny: &[S]) -> Result<Self, UnknownRule> {
        let mut levels = BTreeMap::new();
        let lists = [(allow, None), (warn, Some(Severity::Warning)), (deny, Some(Severity::Error))];
        for (names, level) in lists {
            for name in names {
                levels.insert(find(name.as_ref())?.id, level);
            }
        }
        Ok(Self { levels })
    }

    /// These levels, and those of others over them.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.levels.extend(others.levels);
        self
    }

    /// The severity a rule has under these levels; `None`: it is not to be reported.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.levels.get(rule.id).copied().unwrap_or(Some(rule.severity))
    }
}

/// The rule of that name; `MissingAtomSelfLink`, `missing_atom_self_link` and `missing-atom-self-link` are one name.
///
/// # Errors
/// No rule is called that; the error carries the nearest name.
pub fn find(name: &str) -> Result<&'static Rule, UnknownRule> {
    let wanted = folded(name);
    if let Some(rule) = super::rules().find(|rule| folded(rule.id) == wanted) {
        return Ok(rule);
    }
    let suggestion = super::rules()
        .map(|rule| (strsim::jaro_winkler(&folded(rule.id), &wanted), rule.id))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id);
    Err(UnknownRule { name: name.to_owned(), suggestion })
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        for name in ["missing-atom-self-link", "MissingAtomSelfLink", "missing_atom_self_link"] {
            assert_eq!(find(name).map(|rule| rule.id), Ok("missing-atom-self-link"));
        }
    }

    #[test]
    fn an_unknown_name_is_an_error_with_a_suggestion() {
        let error = Overrides::new(&["mising-guid"], &[], &[]).unwrap_err();
        assert_eq!(error.to_string(), "no rule is called `mising-guid`, did you mean `missing-guid`?");
        assert_eq!(find("zzzz").unwrap_err().suggestion, None);
    }

    #[test]
    fn the_last_list_wins() {
        let overrides = Overrides::new(&["missing-guid"], &[], &["missing-guid"]).unwrap();
        assert_eq!(overrides.severity(find("missing-guid").unwrap()), Some(Severity::Error));
        let overrides = Overrides::new(&["missing-guid"], &[], &[]).unwrap();
        assert_eq!(overrides.severity(find("missing-guid").unwrap()), None);
    }
}
