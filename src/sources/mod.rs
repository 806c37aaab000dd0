//! Where articles come from: one file a format, each behind [`Source`], all in [`SOURCES`].
//!
//! A source turns the bytes of one file into records, that is, maps of names to values, and says where each stands. It
//! knows neither the article vocabulary nor the configuration: names, dates and URLs are understood in one place for
//! all sources ([`crate::vocabulary`]).
//!
//! jsonl, csv, tsv, json, feed, wxr, ghost and ninjs are read in constant memory, files of any size; a line of JSON Lines, a
//! record of JSON or an entry of a feed has 64 MiB at most. What has to be looked at more than once is stored in a temporary
//! file. The others are held in memory as a whole: yaml, toml and markdown up to 64 MiB, a page of HTML up to 16 MiB. What
//! is larger is reported, and nothing of it is read.

use crate::diagnostic::{Diagnostic, Place};
use file_name::FileName;
use serde_json::{Map, Value};
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

pub mod csv;
pub mod feed;
pub mod file_name;
pub mod ghost;
pub mod html;
pub mod html_list;
pub mod json;
pub mod jsonl;
pub mod markdown;
pub mod ninjs;
#[cfg(test)]
mod shared_data;
mod support;
#[cfg(test)]
mod testing;
pub mod toml;
pub mod wxr;
pub mod yaml;

pub use csv::{Cutter, Table};
pub use support::selector::{Pick, Select};

/// The fields of one record, as the source has them.
pub type Fields = Map<String, Value>;

/// One file to be read.
pub struct Input<'a> {
    /// The file as the user would name it in an error message; what was fetched from the web by its address.
    pub name: Arc<str>,
    /// The path below the part of the source's glob that has no wildcard: `news/a.md` for `content/**/*.md`.
    pub relative: PathBuf,
    /// The bytes as they lie on disk: a byte-order mark and any encoding are the source's business.
    pub reader: Box<dyn BufRead + 'a>,
}

impl Input<'_> {
    /// The address that it came from: what was fetched from the web is named by it. What of it is kept secret, and so is
    /// not known here, is left out with the rest of the parameters.
    pub fn address(&self) -> Option<Url> {
        let is_web = self.name.starts_with("https://") || self.name.starts_with("http://");
        let mut url = is_web.then(|| Url::parse(&self.name).ok())??;
        url.set_fragment(None);
        match self.name.split_once('?') {
            _ if !self.name.contains("${") => Some(url),
            Some((path, _)) if !path.contains("${") => {
                url.set_query(None);
                Some(url)
            }
            _ => None,
        }
    }
}

/// What feeds.toml says of how a file is to be read. Formats pass over what does not concern them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// `delimiter`: the character between two cells (csv, tsv).
    pub delimiter: Option<u8>,
    /// `quote`: the character around a cell (csv, tsv).
    pub quote: Option<u8>,
    /// `columns`: the names of the columns of a file without a header line (csv, tsv).
    pub columns: Option<Vec<String>>,
    /// `records`: the dotted path of the key under which the records stand (json, yaml, toml), or the types of posts (wxr, ghost).
    pub records: Option<String>,
    /// `encoding`: a WHATWG encoding label such as `windows-1258`, for files that are not UTF-8.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// `select`: what is picked out of a page (html, html-list).
    pub select: Select,
    /// `remove`: what of a page is not the article (html).
    pub remove: Vec<Pick>,
}

/// Takes what a source finds.
pub trait Sink {
    /// A record. `at` tells where it, or one of its fields, stands; it is asked only when there is something to say.
    fn record(&mut self, fields: Fields, at: &dyn Locate);
    /// A record that could not be read as one.
    fn unreadable(&mut self, diagnostic: Diagnostic);
    /// A file, or a part of one, that is no article and need not be one: a section's page, a README. It is counted, and no
    /// error.
    fn skipped(&mut self, place: Place, reason: &str);
}

/// Tells where things stand in the file that is being read.
pub trait Locate {
    /// The place of the value of `field` where that is known, else of the record's beginning.
    fn locate(&self, field: Option<&str>) -> Place;
    /// The byte of what a [`Table`] reads at which the record begins, to be read by itself from there.
    fn offset(&self) -> Option<u64> {
        None
    }
}

/// An input format.
pub trait Source: Sync {
    /// The name in feeds.toml: `jsonl`.
    fn name(&self) -> &'static str;
    /// The file extensions it is recognised by, lower case, without the dot.
    fn extensions(&self) -> &'static [&'static str];
    /// One line for help and documentation.
    fn about(&self) -> &'static str;
    /// Reads one file to its end, handing every record to `sink`. What is wrong with the file or a record goes to the
    /// sink too; an error is only one of the system (the disk failed), never of the content.
    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> std::io::Result<()>;
    /// Of a file that begins so, what is needed to read its rows from anywhere. `None` where a file of the format, or this one,
    /// must be read from its beginning.
    fn table(&self, _start: &[u8], _options: &Options) -> Option<Table> {
        None
    }
}

impl std::fmt::Debug for dyn Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Every input format, in the order in which help shows them.
pub const SOURCES: &[&dyn Source] = &[
    &jsonl::Jsonl,
    &json::Json,
    &csv::Csv,
    &csv::Tsv,
    &yaml::Yaml,
    &toml::Toml,
    &markdown::Markdown,
    &feed::Feed,
    &wxr::Wxr,
    &ghost::Ghost,
    &ninjs::Ninjs,
    &html::Html,
    &html_list::HtmlList,
];

/// The source of that name.
pub fn named(name: &str) -> Option<&'static dyn Source> {
    SOURCES.iter().copied().find(|source| source.name() == name)
}

/// The source for files with that extension (without the dot, any case).
pub fn for_extension(extension: &str) -> Option<&'static dyn Source> {
    let extension = extension.to_lowercase();
    SOURCES.iter().copied().find(|source| source.extensions().contains(&extension.as_str()))
}

/// The field in which [`read`] tells a record what its file is called: an object of texts, `path`, `stem`, `folder`,
/// `folders` and `slug`, see [`FileName`].
pub const FILE_FIELD: &str = "_file";

/// The field in which a page tells at which path of the site it lies, or from which address it came, for pages that state
/// no address.
pub const PAGE_FIELD: &str = "_page";

/// The field in which a source may tell from where it has the values of a record: an object of texts, by field.
pub const FROM_FIELD: &str = "_from";

/// Reads one file to its end with that source, as [`Source::read`] does, and gives every record its [`FILE_FIELD`].
pub fn read(
    source: &dyn Source,
    input: Input<'_>,
    options: &Options,
    sink: &mut dyn Sink,
) -> std::io::Result<()> {
    let file = FileName::of(&input.relative).to_value();
    source.read(input, options, &mut Named { file, sink })
}

/// Reads rows of a table by themselves, as [`Table::read`] does, and gives every record its [`FILE_FIELD`].
pub fn read_rows(table: &Table, input: Input<'_>, sink: &mut dyn Sink) -> std::io::Result<()> {
    let file = FileName::of(&input.relative).to_value();
    table.read(input, &mut Named { file, sink })
}

/// Adds the file's name to every record.
struct Named<'a> {
    file: Value,
    sink: &'a mut dyn Sink,
}

impl Sink for Named<'_> {
    fn record(&mut self, mut fields: Fields, at: &dyn Locate) {
        fields.insert(FILE_FIELD.to_owned(), self.file.clone());
        self.sink.record(fields, at);
    }

    fn unreadable(&mut self, diagnostic: Diagnostic) {
        self.sink.unreadable(diagnostic);
    }

    fn skipped(&mut self, place: Place, reason: &str) {
        self.sink.skipped(place, reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::Heard;
    use proptest::prelude::*;

    #[test]
    fn every_format_in_the_folder_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sources");
        let helpers = ["mod", "file_name", "testing", "shared_data"];
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            if path.extension().is_some_and(|e| e == "rs") && !helpers.contains(&stem) {
                let name = stem.replace('_', "-");
                assert!(named(&name).is_some(), "src/sources/{stem}.rs is not in SOURCES");
            }
        }
    }

    #[test]
    fn names_and_extensions_are_unambiguous() {
        let mut extensions: Vec<_> = SOURCES.iter().flat_map(|source| source.extensions()).collect();
        let count = extensions.len();
        extensions.sort_unstable();
        extensions.dedup();
        assert_eq!(extensions.len(), count);
        assert_eq!(for_extension("NDJSON").map(Source::name), Some("jsonl"));
        assert!(for_extension("exe").is_none());
        for source in SOURCES {
            assert!(named(source.name()).is_some() && !source.about().is_empty());
        }
    }

    #[test]
    fn records_know_their_file() {
        let mut heard = Heard::default();
        let input = Input {
            name: "tin/a.json".into(),
            relative: PathBuf::from("tin/a.json"),
            reader: Box::new(&b"[{\"title\": \"x\"}, 1]"[..]),
        };
        read(&json::Json, input, &Options::default(), &mut heard).unwrap();
        assert_eq!(
            heard.fields(0),
            serde_json::json!({
                "title": "x",
                "_file": {"path": "tin/a", "stem": "a", "folder": "tin", "folders": "tin", "slug": "a", "language": null},
            })
        );
        assert_eq!(heard.complaints().len(), 1);
    }

    /// A little of everything that a format has, to be broken.
    const SAMPLES: &[&str] = &[
        "{\"title\": \"a\\ud83d\", \"tags\": [\"ệ\"]}\n{\"a\": {}}\n",
        "{\"items\": [{\"title\": \"ệ\"}, {\"a\": [1, 2.5e3, null]}], \"x\": {\"y\": true}}",
        "title,tags/0,author/name\r\n\"a \"\"b\"\"\n\",ệ,\r\nx,y,z\n",
        "title\tdate\nx\ty\n",
        "---\na: &x {b: 'ệ', <<: {c: 1}}\nd: [*x, |\n  e]\n---\n- title: x\n",
        "title = \"ệ\"\nd = 2024-11-05\n[[a]]\nb.c = [1, {d = 2}]\n",
        "+++\ntitle = 'x'\n[taxonomies]\ntags = ['a']\n+++\n# ệ\n",
        "---\ntitle: x\npublished: false\n---\n# ệ `a`\n\nx\n",
        "{\"title\": 1}\n\nx",
        "Title: x\nTags: a, ệ\n  b\n\nĐ\n",
        "<!doctype html><html lang=vi><meta charset=utf-8><title>ệ - B</title><link rel=canonical href=/a><script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"headline\": \"ệ\", \"author\": [{\"@id\": \"#a\"}], \"image\": {\"url\": \"a.jpg\", \"width\": \"1\"}, \"datePublished\": \"2024-11-05\",}</script><article><h1>ệ</h1><p>x<b>y</article>",
        "<meta property='og:type' content=article><meta property='article:published_time' content='5/11/2024'><body itemscope itemtype='https://schema.org/Article'><h1 itemprop=headline>ệ</h1><div itemprop=articleBody><p>x<aside><a href=y>z</a></aside></div>",
        "<ul class=a><li><a href=/x><img src=y>ệ</a> <i>5/11/2024</i></li><li><a href=z>z</a></ul>",
        "<?xml version='1.0' encoding='x'?><rss><channel><title>ệ</title><item><guid>1</guid><link>/a</link>\
         <description>&lt;p>a &nbsp; & <b>c</description><media:group><media:content url='/a.jpg' width='9'/></media:group>\
         <enclosure url='/a.mp3'/><itunes:duration>1:02</itunes:duration></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/'><entry><id>a</id><title type='html'>x</title>\
         <link href='b'/><content type='xhtml'><div><a href='c'>ệ</a></div></content><at:deleted-entry ref='x'/></entry></feed>",
        "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><item><wp:post_id>1</wp:post_id><content:encoded>\
         <![CDATA[[caption width=\"1\"]<img src='a'> ệ[/caption]\n\n<ul><li>a</ul>[gallery ids=1]]]></content:encoded>\
         <wp:post_date>2026-11-20 17:00:00</wp:post_date></item></channel></rss>",
        "{\"db\": [{\"data\": {\"posts\": [{\"id\": 1, \"title\": \"ệ\", \"feature_image\": \"a\", \"html\": \"b\"}], \"users\": [{}],\
         \"posts_tags\": [{\"post_id\": 1, \"tag_id\": 2}], \"tags\": [{\"id\": 2, \"name\": \"c\"}]}}]}",
        "[{\"uri\": \"a\", \"headlines\": [{\"value\": \"ệ\"}], \"embargoed\": \"2026-11-20T17:00:00Z\", \"subject\": [{\"code\": \"a:b\"}],\
         \"associations\": {\"m\": {\"renditions\": [{\"href\": \"c\", \"width\": 9}]}}}]",
    ];

    proptest! {
        #[test]
        fn nothing_panics(
            sample in prop::sample::select(SAMPLES),
            cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..6),
            source in 0..SOURCES.len(),
        ) {
            let mut bytes = sample.as_bytes().to_vec();
            for (at, byte, how) in cuts {
                let at = at.index(bytes.len() + 1);
                match how {
                    0 => bytes.truncate(at),
                    1 => bytes.insert(at, byte),
                    2 => bytes.insert(at, b"\"{}[],:\n\\-+=<>&/"[usize::from(byte) % 16]),
                    _ if at < bytes.len() => bytes[at] = byte,
                    _ => {}
                }
            }
            for path in ["t", "x/_posts/2024-11-05-a.md"] {
                testing::read_as(SOURCES[source], path, &bytes, &Options::default());
                let select = Select { item: vec![Pick::own(".a li")], date: vec![Pick::own("i")], ..Select::default() };
                let options = Options { records: Some("a.b".to_owned()), select, ..Options::default() };
                testing::read_as(SOURCES[source], path, &bytes, &options);
            }
        }

        #[test]
        fn json_is_read_as_serde_json_reads_it(titles in prop::collection::vec(any::<String>(), 0..5)) {
            let records: Vec<Value> = titles.iter().map(|title| serde_json::json!({"title": title})).collect();
            let heard = testing::read(&json::Json, serde_json::to_vec_pretty(&records).unwrap());
            prop_assert_eq!(heard.complaints(), Vec::<String>::new());
            prop_assert_eq!(&heard.titles(), &titles);
            let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
            let heard = testing::read(&jsonl::Jsonl, lines);
            prop_assert_eq!(&heard.titles(), &titles);
        }
    }
}
