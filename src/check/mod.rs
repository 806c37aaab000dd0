//! Checks feeds: RSS, Atom, JSON Feed and OPML against their specifications, the recommendations and readers' known faults.
//!
//! The judge shares nothing with the accused: nothing here uses the code that writes feeds. Nothing is fetched, the clock is not
//! asked, memory is bounded, and no bytes make it panic. Specifications: RSS 2.0 <https://www.rssboard.org/rss-specification>,
//! Atom 1.0 <https://www.rfc-editor.org/rfc/rfc4287>, JSON Feed <https://www.jsonfeed.org/version/1.1/>.
//!
//! ```
//! use bantin::check::{Context, Kind, check};
//!
//! let report = check(b"<rss version='2.0'><channel><title>Tin</title></channel></rss>", &Context::default());
//! assert_eq!(report.kind, Kind::Rss20);
//! assert!(report.findings.iter().any(|finding| finding.rule.id == "missing-link" && finding.line == 1));
//! ```

mod across;
mod advice;
pub mod docs;
mod feeds;
mod finding;
mod html;
mod json;
mod marks;
mod names;
mod partners;
mod remote;
pub mod reports;
mod rule;
mod rules;
mod survey;
mod values;
mod xml;

pub use across::{EntryFacts, Facts, Folder, check_folder, check_versions};
pub use finding::Finding;
pub use partners::{PROFILES, Profile, profile};
pub use remote::{Purpose, Response, Step, Visit, check_visit};
pub use rule::{Example, Group, Overrides, Rule, Severity, UnknownRule, find};

use finding::Sink;
use std::fmt;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Rss20,
    /// RSS before 1.0.
    Rss09,
    /// RSS 1.0, and 0.9 in RDF.
    Rss10,
    AtomFeed,
    AtomEntry,
    AtomService,
    AtomCategories,
    JsonFeed,
    Opml,
    Sitemap,
    Html,
    #[default]
    Unknown,
}

impl Kind {
    /// Whether it is a feed: a document that holds entries.
    pub fn is_feed(self) -> bool {
        matches!(self, Kind::Rss20 | Kind::Rss09 | Kind::Rss10 | Kind::AtomFeed | Kind::JsonFeed)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Rss20 => "RSS 2.0",
            Kind::Rss09 => "RSS 0.9",
            Kind::Rss10 => "RSS 1.0",
            Kind::AtomFeed => "Atom feed",
            Kind::AtomEntry => "Atom entry",
            Kind::AtomService => "Atom service document",
            Kind::AtomCategories => "Atom category document",
            Kind::JsonFeed => "JSON Feed",
            Kind::Opml => "OPML",
            Kind::Sitemap => "sitemap",
            Kind::Html => "HTML",
            Kind::Unknown => "unknown",
        })
    }
}

/// Bounds on what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest document read, in bytes.
    pub bytes: usize,
    /// How deep elements may be nested.
    pub depth: usize,
    /// How many attributes an element may have.
    pub attributes: usize,
    /// How many findings of one rule are kept.
    pub per_rule: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 500, attributes: 1000, per_rule: 100 }
    }
}

/// What is known of a document besides its bytes.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The address at which the feed is served.
    pub address: Option<String>,
    /// The media type it is served with, as in Content-Type.
    pub content_type: Option<String>,
    /// This moment in seconds since 1970, UTC; without it, dates to come are not told.
    pub now: Option<i64>,
    /// Partners whose demands are looked at too.
    pub profiles: Vec<&'static Profile>,
    /// Levels given to rules by the user.
    pub overrides: Overrides,
    pub limits: Limits,
}

/// The result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub kind: Kind,
    /// Faults in the order of the document, each once.
    pub findings: Vec<Finding>,
    /// How many faults were found beyond the limit for a rule.
    pub omitted: usize,
    /// What was noted of the entries, for comparing documents.
    pub facts: Facts,
}

impl Report {
    /// The gravest severity found.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// Every rule there is, in the order of the documentation.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().flat_map(|group| group.iter().copied())
}

/// Checks one document.
pub fn check(document: &[u8], context: &Context) -> Report {
    let mut sink = Sink::new(context.limits.per_rule);
    let mut outcome = if document.len() > context.limits.bytes {
        let message = format!("more than {} bytes, which are the most that are read", context.limits.bytes);
        report_document(&mut sink, &rules::VALIDATOR_LIMIT, message);
        finished(sink, "")
    } else if document.iter().all(u8::is_ascii_whitespace) {
        report_document(&mut sink, &rules::EMPTY_DOCUMENT, "there is nothing in it".to_owned());
        finished(sink, "")
    } else {
        read(document, sink, context)
    };
    outcome.findings.retain_mut(|finding| match context.overrides.severity(finding.rule) {
        Some(severity) => {
            finding.severity = severity;
            true
        }
        None => false,
    });
    outcome
}

fn report_document(sink: &mut Sink, rule: &'static Rule, message: String) {
    if sink.admits(rule) {
        sink.push(rule, 0, String::new(), message, "", rule.mend);
    }
}

fn finished(sink: Sink, text: &str) -> Report {
    let (findings, omitted) = sink.finish(text);
    Report { findings, omitted, ..Report::default() }
}

fn read(document: &[u8], mut sink: Sink, context: &Context) -> Report {
    let charset = context.content_type.as_deref().and_then(charset);
    let decoded = xml::decode(document, charset.as_deref());
    if document.len() > 500 * 1024 {
        report_document(&mut sink, &rules::LARGE_FEED, format!("{} KB", document.len() / 1024));
    }
    if decoded.mark {
        report_document(&mut sink, &rules::BYTE_ORDER_MARK, "the document begins with U+FEFF".to_owned());
    }
    if let Some(name) = &decoded.unknown {
        report_document(
            &mut sink,
            &rules::UNKNOWN_ENCODING,
            format!("the encoding `{}` is not known", finding::shortened(name)),
        );
    }
    if looks_like_html(&decoded.text) {
        report_document(&mut sink, &rules::HTML_INSTEAD_OF_FEED, "a page for people, not a feed".to_owned());
        return Report { kind: Kind::Html, ..finished(sink, "") };
    }
    if json::looks_like_json(&decoded.text) {
        return json::check(&decoded, sink, context);
    }
    if let Some(kind) = context.content_type.as_deref().filter(|kind| !is_xml(kind)) {
        report_document(
            &mut sink,
            &rules::UNEXPECTED_CONTENT_TYPE,
            format!("served as `{}`", finding::shortened(kind)),
        );
    }
    let outcome = feeds::check(&decoded, sink, context);
    Report { kind: outcome.kind, findings: outcome.findings, omitted: outcome.omitted, facts: outcome.facts }
}

/// The character set that a Content-Type names.
fn charset(content_type: &str) -> Option<String> {
    let (_, parameters) = content_type.split_once(';')?;
    let parameter =
        parameters.split(';').map(str::trim).find(|p| p.to_ascii_lowercase().starts_with("charset="))?;
    Some(parameter.get("charset=".len()..)?.trim_matches('"').to_owned())
}

/// Whether a media type is one of XML.
fn is_xml(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "application/xml" | "text/xml") || essence.ends_with("+xml")
}

/// Whether a document is a page, well-formed or not.
fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start();
    let start = start.get(..start.len().min(64)).unwrap_or(start);
    let start = start.get(..start.floor_char_boundary(64)).unwrap_or(start).to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}
