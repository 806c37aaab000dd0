//! A newspaper, its feeds and a reader of pages, for the tests of the pages.

use super::{Listed, Reader, Site};
use crate::article::{Attachment, Category, Image, Person};
use crate::feed::{Entry, Feed, Prose};
use crate::formats::Format;
use crate::text::Text;
use chrono::{DateTime, FixedOffset};
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use std::sync::Arc;
use url::Url;

/// A format of which pages need only the name.
pub struct Named {
    name: &'static str,
    title: &'static str,
    file_name: &'static str,
    media_type: &'static str,
}

pub static RSS: Named =
    Named { name: "rss", title: "RSS 2.0", file_name: "rss.xml", media_type: "application/rss+xml" };
pub static ATOM: Named =
    Named { name: "atom", title: "Atom 1.0", file_name: "atom.xml", media_type: "application/atom+xml" };
pub static JSON: Named = Named {
    name: "json",
    title: "JSON Feed 1.1",
    file_name: "feed.json",
    media_type: "application/feed+json",
};

impl Format for Named {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn file_name(&self) -> &'static str {
        self.file_name
    }

    fn media_type(&self) -> &'static str {
        self.media_type
    }

    fn render(&self, _: &Feed) -> Vec<u8> {
        unreachable!("pages render no feed")
    }
}

static READERS: std::sync::OnceLock<Vec<Reader>> = std::sync::OnceLock::new();

pub fn address() -> Url {
    Url::parse("https://bao.example/feeds/").unwrap()
}

pub fn site(address: &Url) -> Site<'_> {
    Site {
        title: "Báo Thử",
        url: "https://bao.example/",
        description: "Tin tức & chuyện <thử>",
        language: "vi",
        icon: Some("https://bao.example/icon.png"),
        copyright: Some("© Báo Thử"),
        readers: READERS.get_or_init(Reader::usual),
        address,
    }
}

pub fn moment(rfc3339: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(rfc3339).unwrap()
}

/// An article with everything that a page may show.
pub fn entry() -> Entry {
    Entry {
        id: "tag:bao.example,2024:1".into(),
        url: Some("https://bao.example/tin?id=1&a=%22b".into()),
        title: Some(Text::line("Gió >10 & mưa <script>alert(\"1\")</script> 🌧️")),
        summary: Some(Prose::Html("<p>Tóm <b>tắt</b> &amp; mưa.</p>".into())),
        content: None,
        published: moment("2024-11-05T08:30:00+07:00"),
        modified: Some(moment("2024-11-05T09:00:00+07:00")),
        authors: vec![
            Person {
                name: Text::line("Lò Văn <Thử>"),
                email: None,
                url: Some("https://bao.example/tg/lo".into()),
            },
            Person { name: Text::line("Hà"), email: None, url: Some("javascript:alert(1)".into()) },
        ],
        categories: vec![
            Category { label: Text::line("Thời sự"), slug: "thoi-su".into() },
            Category { label: Text::line("Giao thông"), slug: "giao-thong".into() },
        ],
        tags: vec![],
        images: vec![Image {
            url: "https://bao.example/anh%201.jpg".into(),
            alt: Some(Text::line("Cầu \"mới\"")),
            caption: None,
            credit: None,
            media_type: Some("image/jpeg".into()),
            length: None,
            width: Some(1200),
            height: Some(800),
        }],
        attachments: vec![Attachment {
            url: "https://bao.example/nghe/so-1.mp3?x=/y".into(),
            media_type: Some("audio/mpeg".into()),
            title: None,
            length: Some(1),
            duration: None,
        }],
        language: None,
        comments_url: None,
        rights: None,
    }
}

/// An article of which next to nothing is known.
pub fn bare(id: &str) -> Entry {
    Entry {
        id: id.into(),
        url: None,
        title: None,
        summary: None,
        authors: vec![],
        categories: vec![],
        images: vec![],
        attachments: vec![],
        ..entry()
    }
}

pub fn feed(entries: Vec<Entry>) -> Feed {
    Feed {
        slug: "thoi-su".into(),
        id: "tag:bao.example,2024:feed:thoi-su".into(),
        title: Text::line("Thời sự <script>alert(1)</script> & \"Chính trị\""),
        description: Text::line("Chuyện trong tỉnh"),
        language: "vi".into(),
        home: "https://bao.example/thoi-su?a=1&b=2".into(),
        address: address().join("thoi-su/").unwrap(),
        stylesheet: "https://bao.example/feeds/assets/style.css".into(),
        site_title: Text::line("Báo Thử"),
        author: None,
        copyright: None,
        icon: None,
        image: Some("https://bao.example/thoi-su.png".into()),
        ttl: None,
        hubs: vec![],
        updated: moment("2024-11-05T09:00:00+07:00"),
        entries: entries.into_iter().map(Arc::new).collect(),
    }
}

/// Three feeds: a Vietnamese one, an empty one, and one in a language that the pages do not speak.
pub fn listed() -> Vec<Listed> {
    let feed = Listed::from(&feed(vec![entry()]));
    vec![
        feed.clone(),
        Listed {
            slug: "van-hoa".into(),
            title: Text::line("Văn hóa"),
            description: Text::line(""),
            address: address().join("van-hoa/").unwrap(),
            entries: 0,
            newest: None,
            ..feed.clone()
        },
        Listed {
            slug: "francais".into(),
            title: Text::line("Actualités"),
            language: "fr".into(),
            address: address().join("francais/").unwrap(),
            ..feed
        },
    ]
}

/// An element of a page: its name, its attributes, the text in it, and the language that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub language: String,
}

impl Element {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The page's elements in document order, as a browser's parser sees them. Panics where that parser finds an error.
pub fn elements(page: &str) -> Vec<Element> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    assert!(dom.errors.borrow().is_empty(), "{:?}", dom.errors.borrow());
    let mut elements = Vec::new();
    collect(&dom.document, "", &mut elements);
    elements
}

fn collect(node: &Handle, language: &str, elements: &mut Vec<Element>) {
    let mut language = language.to_owned();
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes: Vec<(String, String)> =
            attrs.borrow().iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
        if let Some((_, own)) = attributes.iter().find(|(key, _)| key == "lang") {
            language.clone_from(own);
        }
        let mut text = String::new();
        gather(node, &mut text);
        let language = language.clone();
        elements.push(Element { name: name.local.to_string(), attributes, text, language });
    }
    for child in node.children.borrow().iter() {
        collect(child, &language, elements);
    }
}

fn gather(node: &Handle, text: &mut String) {
    if let NodeData::Text { contents } = &node.data {
        text.push_str(&contents.borrow());
    }
    for child in node.children.borrow().iter() {
        gather(child, text);
    }
}
