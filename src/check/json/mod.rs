//! JSON Feed 1.0 and 1.1: members, their types and what they must hold, by the tables beside it.
//!
//! Specifications: <https://www.jsonfeed.org/version/1.1/>, <https://www.jsonfeed.org/version/1/>.

mod parse;
mod tables;

use std::collections::HashSet;
use std::fmt;

use super::across::{EntryFacts, Facts, NOTED};
use super::finding::{Sink, shortened};
use super::html::{self, Issue, Looks};
use super::marks::Marks;
use super::names::same;
use super::rule::Rule;
use super::rules as r;
use super::survey::{Syntax, is_sound, survey};
use super::values::{dates, uris, words};
use super::xml::Decoded;
use super::{Context, Kind, Report, advice, partners};
use parse::{Member, Node, Value};
use tables::{ATTACHMENT, AUTHOR, FEED, HUB, ITEM, Known, LONGEST, Type, place};

/// Whether a document is JSON by its look.
pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Where a value is. It is spelt out only for what is reported.
enum Path<'p> {
    Root,
    Member(&'p Path<'p>, &'p str),
    /// An element of an array, from 1.
    Index(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Member(above, name) => write!(f, "{above}/{}", shortened(name)),
            Path::Index(above, index) => write!(f, "{above}[{index}]"),
        }
    }
}

struct Walk<'c, 'n> {
    sink: Sink,
    context: &'c Context,
    /// The version named is 1.0.
    first: bool,
    secure: bool,
    /// No text of the document can be damaged or decomposed.
    sound: bool,
    ids: HashSet<&'n str>,
    facts: Facts,
    language: Option<String>,
}

/// Checks a JSON Feed.
pub(super) fn check(decoded: &Decoded<'_>, sink: Sink, context: &Context) -> Report {
    let text: &str = &decoded.text;
    let facts = Facts::of(text.len());
    let survey = survey(text, Syntax::Json);
    let mut walk = Walk {
        sink,
        context,
        first: false,
        secure: false,
        sound: survey.sound,
        // What an item of summaries takes, roughly.
        ids: HashSet::with_capacity((text.len() / 1024).min(1024)),
        facts,
        language: None,
    };
    if let Some(at) = decoded.broken {
        walk.report(&r::UNICODE_ERROR, at, &Path::Root, "bytes that are not UTF-8", "");
        return walk.finish(text, &survey.marks, Kind::Unknown);
    }
    let root = match parse::parse(text, &survey.marks, context.limits.depth.min(128)) {
        Ok((root, numbered)) => {
            walk.sound &= !numbered;
            root
        }
        Err(stop) => {
            let rule = if stop.limit { &r::VALIDATOR_LIMIT } else { &r::JSON_SYNTAX };
            walk.report(rule, stop.offset, &Path::Root, stop.message, "");
            return walk.finish(text, &survey.marks, Kind::Unknown);
        }
    };
    let Value::Object(members) = &root.value else {
        walk.report(&r::JSON_NOT_A_FEED, root.offset, &Path::Root, "a feed is an object", "");
        return walk.finish(text, &survey.marks, Kind::Unknown);
    };
    let version = find(members, "version");
    if version.is_none() && find(members, "items").is_none() {
        walk.report(&r::JSON_NOT_A_FEED, root.offset, &Path::Root, "neither `version` nor `items`", "");
        return walk.finish(text, &survey.marks, Kind::Unknown);
    }
    walk.feed(&root, members);
    walk.finish(text, &survey.marks, Kind::JsonFeed)
}

fn find<'n, 'd>(members: &'n [Member<'d>], name: &str) -> Option<&'n Node<'d>> {
    members.iter().find(|member| member.name == name).map(|member| &member.node)
}

fn text_of<'n>(members: &'n [Member<'_>], name: &str) -> Option<&'n str> {
    match find(members, name).map(|node| &node.value) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

impl<'n> Walk<'_, 'n> {
    fn report(
        &mut self,
        rule: &'static Rule,
        offset: usize,
        path: &Path<'_>,
        message: impl Into<String>,
        value: &str,
    ) {
        if self.sink.admits(rule) {
            self.sink.push(rule, offset, path.to_string(), message.into(), value, rule.mend);
        }
    }

    fn finish(mut self, text: &str, marks: &Marks, kind: Kind) -> Report {
        if kind == Kind::JsonFeed {
            let language = self.language.take();
            for (rule, offset, message, value) in
                advice::of_entries(kind, &self.facts, language.as_deref(), self.sink.wrong)
            {
                self.report(rule, offset, &Path::Root, message, &value);
            }
            for (rule, offset, path, message, value) in partners::check(kind, &self.facts, self.context) {
                if self.sink.admits(rule) {
                    self.sink.push(rule, offset, path, message, &value, rule.mend);
                }
            }
        }
        let (findings, omitted) = self.sink.finish(text);
        let mut facts = self.facts;
        facts.number_lines(|offset| marks.line(text.as_bytes(), offset));
        Report { kind, findings, omitted, facts }
    }

    fn feed(&mut self, root: &'n Node<'n>, members: &'n [Member<'n>]) {
        self.first = text_of(members, "version")
            .is_some_and(|version| version.trim_end_matches('/').ends_with("/version/1"));
        self.secure = text_of(members, "home_page_url").is_some_and(|url| url.starts_with("https:"));
        self.language = text_of(members, "language").map(str::to_owned);
        self.media_type();
        if find(members, "feed_url").is_none() {
            self.report(
                &r::JSON_MISSING_FEED_URL,
                root.offset,
                &Path::Root,
                "the feed does not say where it is",
                "",
            );
        }
        if find(members, "home_page_url").is_none() {
            self.report(
                &r::JSON_MISSING_HOME_PAGE,
                root.offset,
                &Path::Root,
                "no way from the feed to the site",
                "",
            );
        }
        self.object(root.offset, members, &Path::Root, FEED, "the feed");
        if let (Some(own), Some(address)) = (text_of(members, "feed_url"), self.context.address.clone())
            && own != address
        {
            let offset = find(members, "feed_url").map_or(0, |node| node.offset);
            let message = format!("the feed is at `{}`", shortened(&address));
            self.report(
                &r::SELF_DOESNT_MATCH_LOCATION,
                offset,
                &Path::Member(&Path::Root, "feed_url"),
                message,
                own,
            );
        }
        if let (Some(next), Some(own)) = (text_of(members, "next_url"), text_of(members, "feed_url"))
            && next == own
        {
            let offset = find(members, "next_url").map_or(0, |node| node.offset);
            self.report(
                &r::JSON_NEXT_URL_IS_FEED_URL,
                offset,
                &Path::Member(&Path::Root, "next_url"),
                "the next page is this one",
                next,
            );
        }
    }

    fn media_type(&mut self) {
        let Some(kind) = &self.context.content_type else { return };
        let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !matches!(essence.as_str(), "application/feed+json" | "application/json") {
            self.report(&r::JSON_MEDIA_TYPE, 0, &Path::Root, "served as something else than JSON", &essence);
        }
    }

    /// The members of an object against a table. Returns where the first member of each name in the table is.
    fn object(
        &mut self,
        offset: usize,
        members: &'n [Member<'n>],
        path: &Path<'_>,
        table: &'static [Known],
        what: &str,
    ) -> [Option<usize>; LONGEST] {
        let mut places = [None; LONGEST];
        let mut others: HashSet<&str> = HashSet::new();
        let mut next = 0;
        for (index, member) in members.iter().enumerate() {
            let name: &str = &member.name;
            let path = &Path::Member(path, name);
            // Members come in the table's order, as a rule.
            let (before, behind) = table.split_at_checked(next).unwrap_or((table, &[]));
            let is = |known: &Known| same(known.0, name);
            let known = behind.iter().position(is).map(|at| next + at).or_else(|| before.iter().position(is));
            let first = known.and_then(|at| places.get_mut(at));
            let twice = match first {
                Some(first) => first.replace(first.unwrap_or(index)).is_some(),
                None => !others.insert(name),
            };
            if twice {
                self.report(
                    &r::JSON_DUPLICATE_MEMBER,
                    member.offset,
                    path,
                    format!("`{}` a second time", shortened(name)),
                    "",
                );
            }
            if let Some(extension) = name.strip_prefix('_') {
                let named =
                    extension.starts_with(|c: char| c.is_ascii_alphabetic()) && !extension.contains('.');
                let object = matches!(member.node.value, Value::Object(_));
                if !named || !object {
                    let message = if named {
                        "an extension is an object"
                    } else {
                        "an extension is `_` and a letter, without a dot"
                    };
                    self.report(&r::JSON_INVALID_EXTENSION, member.offset, path, message, name);
                }
                continue;
            }
            next = known.map_or(next, |at| at + 1);
            let Some(known) = known.and_then(|at| table.get(at)) else {
                let message = format!("`{}` is no member of {what}", shortened(name));
                self.report(&r::JSON_UNKNOWN_MEMBER, member.offset, path, message, "");
                continue;
            };
            if known.3 && self.first {
                let message = format!("`{name}` came with version 1.1");
                self.report(&r::JSON_LATER_MEMBER, member.offset, path, message, "");
            }
            if name == "author" && !self.first && find(members, "authors").is_none() {
                self.report(
                    &r::JSON_DEPRECATED_AUTHOR,
                    member.offset,
                    path,
                    "`author` was given up for `authors`",
                    "",
                );
            }
            self.value(known.1, &member.node, path);
        }
        for (known, _) in table.iter().zip(&places).filter(|(known, place)| known.2 && place.is_none()) {
            self.report(&r::JSON_MISSING_MEMBER, offset, path, format!("{what} has no `{}`", known.0), "");
        }
        places
    }

    fn wrong(&mut self, node: &Node<'_>, path: &Path<'_>, wanted: &str) {
        let found = match &node.value {
            Value::Null => "null",
            Value::Bool => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.report(&r::JSON_WRONG_TYPE, node.offset, path, format!("{found} where {wanted} belongs"), "");
    }

    fn value(&mut self, kind: Type, node: &'n Node<'n>, path: &Path<'_>) {
        match (kind, &node.value) {
            (
                Type::Items | Type::Attachments | Type::Hubs | Type::Authors | Type::Texts,
                Value::Array(nodes),
            ) => {
                self.array(kind, node, nodes, path);
            }
            (Type::Items | Type::Attachments | Type::Hubs | Type::Authors | Type::Texts, _) => {
                self.wrong(node, path, "an array");
            }
            (Type::Author, Value::Object(members)) => self.author(node.offset, members, path),
            (Type::Author, _) => self.wrong(node, path, "an object"),
            (Type::Number, Value::Number(number)) => {
                if number.starts_with('-') {
                    self.report(&r::INVALID_NON_NEGATIVE_INTEGER, node.offset, path, "below zero", number);
                }
            }
            (Type::Number, _) => self.wrong(node, path, "a number"),
            (Type::Bool, Value::Bool) => {}
            (Type::Bool, _) => self.wrong(node, path, "true or false"),
            (_, Value::Text(text)) => self.text(kind, text, node.offset, path),
            _ => self.wrong(node, path, "a string"),
        }
    }

    fn array(&mut self, kind: Type, node: &'n Node<'n>, nodes: &'n [Node<'n>], path: &Path<'_>) {
        if kind == Type::Authors && nodes.is_empty() {
            self.report(&r::NOT_BLANK, node.offset, path, "an empty list of authors", "");
        }
        for (index, node) in nodes.iter().enumerate() {
            let path = &Path::Index(path, index + 1);
            match (kind, &node.value) {
                (Type::Items, Value::Object(members)) => self.item(node.offset, members, path),
                (Type::Authors, Value::Object(members)) => self.author(node.offset, members, path),
                (Type::Attachments, Value::Object(members)) => {
                    self.object(node.offset, members, path, ATTACHMENT, "the attachment");
                    let value = |name| text_of(members, name).unwrap_or_default();
                    if let Some(right) = advice::contradicted_type(value("url"), value("mime_type")) {
                        let message =
                            format!("`{}` for a file that is {right}", shortened(value("mime_type")));
                        self.report(&r::ENCLOSURE_TYPE_MISMATCH, node.offset, path, message, value("url"));
                    }
                }
                (Type::Hubs, Value::Object(members)) => {
                    self.object(node.offset, members, path, HUB, "the hub");
                }
                (Type::Texts, Value::Text(text)) => self.text(Type::Text, text, node.offset, path),
                (Type::Texts, _) => self.wrong(node, path, "a string"),
                _ => self.wrong(node, path, "an object"),
            }
        }
    }

    fn author(&mut self, offset: usize, members: &'n [Member<'n>], path: &Path<'_>) {
        let places = self.object(offset, members, path, AUTHOR, "the author");
        if places.iter().all(Option::is_none) {
            self.report(
                &r::JSON_EMPTY_AUTHOR,
                offset,
                path,
                "an author with neither name, url nor avatar",
                "",
            );
        }
    }

    fn item(&mut self, offset: usize, members: &'n [Member<'n>], path: &Path<'_>) {
        const ID: usize = place(ITEM, "id");
        const URL: usize = place(ITEM, "url");
        const TITLE: usize = place(ITEM, "title");
        const HTML: usize = place(ITEM, "content_html");
        const TEXT: usize = place(ITEM, "content_text");
        const PUBLISHED: usize = place(ITEM, "date_published");
        const MODIFIED: usize = place(ITEM, "date_modified");
        let places = self.object(offset, members, path, ITEM, "the item");
        let value = |known: usize| {
            let member = members.get((*places.get(known)?)?)?;
            Some(&member.node.value)
        };
        let text = |known: usize| match value(known) {
            Some(Value::Text(text)) => text.as_ref(),
            _ => "",
        };
        if value(HTML).is_none() && value(TEXT).is_none() {
            self.report(
                &r::JSON_MISSING_CONTENT,
                offset,
                path,
                "neither `content_html` nor `content_text`",
                "",
            );
        }
        let id = match value(ID) {
            Some(Value::Text(text)) => words::trimmed(text),
            Some(Value::Number(number)) => *number,
            _ => "",
        };
        if !id.is_empty() && !self.ids.insert(id) {
            self.report(&r::DUPLICATE_ENTRIES, offset, path, "an id that another item has", id);
        }
        self.facts.count += 1;
        if self.facts.entries.len() < NOTED {
            let (published, updated) = (dates::rfc3339(text(PUBLISHED)), dates::rfc3339(text(MODIFIED)));
            let (above, number) = match path {
                Path::Index(above, number) => (*above, *number),
                other => (other, 0),
            };
            // Items follow one another in one array.
            let known = self.facts.entries.last().filter(|_| number > 1).map(|before| before.path);
            let entry = EntryFacts {
                id: self.facts.keep(id),
                link: self.facts.keep(text(URL)),
                title: self.facts.keep(text(TITLE)),
                path: known.unwrap_or_else(|| self.facts.keep(&above.to_string())),
                number,
                published,
                updated,
                image: None,
                line: 0,
                offset,
            };
            self.facts.entries.push(entry);
        }
    }

    fn text(&mut self, kind: Type, text: &str, offset: usize, path: &Path<'_>) {
        let trimmed = words::trimmed(text);
        if trimmed.is_empty() && !matches!(kind, Type::Html) {
            return self.report(&r::NOT_BLANK, offset, path, "an empty value", "");
        }
        match kind {
            Type::Text => {
                let content = matches!(path, Path::Member(_, "content_text"));
                if !content && let Some(Looks::Html(part)) = html::looks_like_html(text, &[], false) {
                    self.report(&r::CONTAINS_HTML, offset, path, "HTML in a plain text", part);
                }
                self.damage(text, offset, path);
            }
            Type::Html => {
                self.damage(text, offset, path);
                self.html(text, offset, path);
            }
            Type::Url => self.url(text, offset, path),
            Type::Date => match dates::rfc3339(text) {
                None => self.report(&r::INVALID_RFC3339_DATE, offset, path, "not a date of RFC 3339", text),
                Some(moment) => {
                    let latest = self
                        .context
                        .now
                        .map_or_else(|| dates::days(2100, 1, 1) * 86_400, |now| now + 2 * 86_400);
                    if moment < dates::days(1990, 1, 1) * 86_400 || moment > latest {
                        self.report(
                            &r::IMPLAUSIBLE_DATE,
                            offset,
                            path,
                            "a date that can hardly be meant",
                            text,
                        );
                    }
                }
            },
            Type::Language if !words::is_language(text) => {
                self.report(&r::INVALID_LANGUAGE, offset, path, "not a language tag", text);
            }
            Type::Mime if !words::is_mime(text) => {
                self.report(&r::INVALID_MIME_TYPE, offset, path, "not a media type", text);
            }
            Type::Version => {
                let known = [
                    "https://jsonfeed.org/version/1",
                    "https://jsonfeed.org/version/1.1",
                    "http://jsonfeed.org/version/1",
                    "http://jsonfeed.org/version/1.1",
                ];
                if !known.contains(&text) {
                    self.report(
                        &r::JSON_INVALID_VERSION,
                        offset,
                        path,
                        "a version of JSON Feed that there is not",
                        text,
                    );
                }
            }
            Type::Id => {
                self.damage(text, offset, path);
                if words::is_natural(trimmed) && trimmed.len() < 8 {
                    self.report(
                        &r::NOT_SUFFICIENTLY_UNIQUE,
                        offset,
                        path,
                        "a bare number, which other feeds will have too",
                        text,
                    );
                }
            }
            _ => {}
        }
    }

    fn damage(&mut self, text: &str, offset: usize, path: &Path<'_>) {
        // An escape may stand for what was not in the document as it was looked over.
        if self.sound || is_sound(text) {
            return;
        }
        if let Some(part) = html::bad_characters(text) {
            self.report(&r::BAD_CHARACTERS, offset, path, "characters that were damaged on the way", part);
        } else if !text.is_ascii() && !unicode_normalization::is_nfc(text) {
            self.report(&r::NOT_NFC, offset, path, "letters written with combining marks", text);
        }
    }

    fn url(&mut self, text: &str, offset: usize, path: &Path<'_>) {
        use uris::Fault;
        let (rule, message) = match uris::check(text, true, true) {
            None => return,
            Some(Fault::NotFull) => (&r::INVALID_FULL_LINK, "not an absolute address"),
            Some(Fault::Character(_)) => (&r::INVALID_URI_CHAR, "a character that no address may contain"),
            Some(Fault::Malformed | Fault::NotAscii) => (&r::INVALID_IRI, "not an address"),
            Some(Fault::Tag) => (&r::INVALID_TAG, "not a tag URI"),
            Some(Fault::Urn) => (&r::INVALID_URN, "not a URN"),
            Some(Fault::Uuid) => (&r::INVALID_UUID, "not a UUID"),
            Some(Fault::Scheme) => (&r::SCHEME_NOT_IANA_REGISTERED, "a scheme that is not registered"),
        };
        self.report(rule, offset, path, message, text);
    }

    fn html(&mut self, text: &str, offset: usize, path: &Path<'_>) {
        if !self.sound
            && let Some(c) = html::control_character(text)
        {
            let message = format!("no HTML: the control character U+{:04X}", u32::from(c));
            self.report(&r::NOT_HTML, offset, path, message, "");
        }
        let mut issues = Vec::new();
        html::scan(text, html::Places::Unknown, &mut |issue| {
            if issues.len() < 100 {
                issues.push(issue);
            }
        });
        let mut malformed = false;
        for issue in issues {
            match issue {
                Issue::Element(name) => {
                    self.report(&r::SECURITY_RISK, offset, path, "an element that readers take out", &name)
                }
                Issue::Attribute(name) => {
                    self.report(
                        &r::SECURITY_RISK_ATTR,
                        offset,
                        path,
                        "an attribute that runs a script",
                        &name,
                    );
                }
                Issue::Style(style) => {
                    self.report(
                        &r::DANGEROUS_STYLE_ATTR,
                        offset,
                        path,
                        "a style that readers take out",
                        &style,
                    );
                }
                Issue::Relative(address) => {
                    self.report(&r::CONTAINS_REL_REF, offset, path, "a relative address in HTML", &address);
                }
                Issue::Malformed(what) => {
                    if !std::mem::replace(&mut malformed, true) {
                        self.report(&r::NOT_HTML, offset, path, format!("no HTML: {}", shortened(&what)), "");
                    }
                }
                Issue::LazyImage => {
                    self.report(
                        &r::LAZY_IMAGE,
                        offset,
                        path,
                        "an image whose source a script would fill in",
                        "",
                    );
                }
                Issue::Insecure(address) => {
                    if self.secure {
                        self.report(
                            &r::INSECURE_ADDRESS,
                            offset,
                            path,
                            "loaded over http where the site is https",
                            &address,
                        );
                    }
                }
            }
        }
    }
}
