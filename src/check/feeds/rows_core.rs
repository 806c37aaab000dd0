//! Tables of RSS, Atom, the Atom Publishing Protocol and OPML. Data only.
//!
//! Read off <https://www.rssboard.org/rss-specification>, <https://www.rfc-editor.org/rfc/rfc4287>,
//! <https://www.rfc-editor.org/rfc/rfc5023> and <http://opml.org/spec2.opml>.

use super::super::rules as r;
use super::grammar::{
    Attr, CHANNEL, Ctx, ENTRY, FEED, IMAGE, ITEM, Row, SOURCE, TEXT_INPUT, Value, at, many, may, must, one,
};
use super::rows_extensions::SCENE;

const RSS_PLACE: u64 = at(Ctx::Rss);
const RDF: u64 = at(Ctx::Rdf);
const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const PROTOCOLS: &[&str] = &["xml-rpc", "soap", "http-post"];
const HEAD: u64 = at(Ctx::Head);

/// RSS 0.9 to 2.0; OPML, which has no namespace either, stands here too.
pub(super) static RSS: &[Row] = &[
    many("item", CHANNEL | RDF, Value::Elements).holding(Ctx::Item),
    one("title", CHANNEL | ITEM | IMAGE | TEXT_INPUT, Value::Text),
    one("link", CHANNEL | ITEM | IMAGE | TEXT_INPUT, Value::Url),
    one("description", CHANNEL | IMAGE | TEXT_INPUT, Value::Text),
    one("description", ITEM, Value::Html),
    one("pubDate", CHANNEL | ITEM, Value::Date822),
    one("guid", ITEM, Value::Guid).with(&[may("isPermaLink", Value::Boolean)]),
    many("category", CHANNEL | ITEM, Value::Text).with(&[may("domain", Value::Free)]),
    one("author", ITEM, Value::Contact),
    one("comments", ITEM, Value::Url),
    many("enclosure", ITEM, Value::Elements).with(&[
        must("url", Value::UrlAttribute),
        must("length", Value::Length),
        must("type", Value::MimeAttribute),
    ]),
    one("source", ITEM, Value::Text).with(&[must("url", Value::Url)]),
    one("channel", RSS_PLACE | RDF, Value::Elements).holding(Ctx::Channel),
    one("language", CHANNEL, Value::Language),
    one("copyright", CHANNEL, Value::Text),
    one("managingEditor", CHANNEL, Value::Contact),
    one("webMaster", CHANNEL, Value::Contact),
    one("lastBuildDate", CHANNEL, Value::Date822),
    one("generator", CHANNEL, Value::Text),
    one("docs", CHANNEL, Value::Url),
    one("cloud", CHANNEL, Value::Elements).with(&[
        must("domain", Value::MaybeText),
        must("port", Value::Port),
        must("path", Value::MaybeText),
        must("registerProcedure", Value::MaybeText),
        must("protocol", Value::OneOf(PROTOCOLS, &r::INVALID_CLOUD_PROTOCOL)),
    ]),
    one("ttl", CHANNEL, Value::Positive),
    one("image", CHANNEL | RDF, Value::Elements).holding(Ctx::Image),
    one("rating", CHANNEL, Value::Text),
    one("textInput", CHANNEL, Value::Elements).holding(Ctx::TextInput),
    one("textinput", CHANNEL | RDF, Value::Elements).holding(Ctx::TextInput),
    one("skipHours", CHANNEL, Value::Elements).holding(Ctx::SkipHours),
    one("skipDays", CHANNEL, Value::Elements).holding(Ctx::SkipDays),
    one("items", CHANNEL, Value::Elements).holding(Ctx::RdfItems),
    one("url", IMAGE, Value::ImageUrl),
    one("width", IMAGE, Value::Within(144, &r::INVALID_WIDTH)),
    one("height", IMAGE, Value::Within(400, &r::INVALID_HEIGHT)),
    one("name", TEXT_INPUT, Value::FormName),
    many("hour", at(Ctx::SkipHours), Value::Hour),
    many("day", at(Ctx::SkipDays), Value::OneOf(DAYS, &r::INVALID_DAY)),
    one("head", at(Ctx::Opml), Value::Elements).holding(Ctx::Head),
    one("body", at(Ctx::Opml), Value::Elements).holding(Ctx::Body),
    one("title", HEAD, Value::MaybeText),
    one("dateCreated", HEAD, Value::Date822),
    one("dateModified", HEAD, Value::Date822),
    one("ownerName", HEAD, Value::MaybeText),
    one("ownerEmail", HEAD, Value::Address),
    one("ownerId", HEAD, Value::Url),
    one("docs", HEAD, Value::Url),
    one("expansionState", HEAD, Value::ExpansionState),
    one("vertScrollState", HEAD, Value::Positive),
    one("windowTop", HEAD, Value::Integer),
    one("windowLeft", HEAD, Value::Integer),
    one("windowBottom", HEAD, Value::Integer),
    one("windowRight", HEAD, Value::Integer),
    many("outline", at(Ctx::Body) | at(Ctx::Outline), Value::Elements).holding(Ctx::Outline),
    // The parts of a scene of Media RSS, as its specification writes them.
    one("sceneTitle", SCENE, Value::MaybeText),
    one("sceneDescription", SCENE, Value::Free),
    one("sceneStartTime", SCENE, Value::Npt),
    one("sceneEndTime", SCENE, Value::Npt),
];

const WHOLE: u64 = FEED | SOURCE | CHANNEL;
const APP_TITLED: u64 = at(Ctx::Workspace) | at(Ctx::Collection);

/// Atom 1.0, in Atom and in RSS.
pub(super) static ATOM: &[Row] = &[
    many("entry", FEED, Value::Elements).holding(Ctx::Entry),
    one("title", WHOLE | ENTRY | ITEM | APP_TITLED, Value::AtomText).holding(Ctx::Construct),
    many("link", WHOLE | ENTRY | ITEM | at(Ctx::Deleted), Value::AtomLink).with(&[
        may("href", Value::Free),
        may("rel", Value::Free),
        may("type", Value::Free),
        may("hreflang", Value::Language),
        may("title", Value::Free),
        may("length", Value::Natural),
    ]),
    one("id", WHOLE | ENTRY | ITEM, Value::AtomId),
    one("updated", WHOLE | ENTRY | ITEM, Value::Date3339),
    one("published", ENTRY | ITEM, Value::Date3339),
    one("summary", ENTRY | ITEM, Value::AtomText).holding(Ctx::Construct),
    one("content", ENTRY | ITEM, Value::AtomContent)
        .with(&[may("type", Value::Free), may("src", Value::Free)])
        .holding(Ctx::Construct),
    many("author", WHOLE | ENTRY | ITEM, Value::Elements).holding(Ctx::Person),
    many("contributor", WHOLE | ENTRY | ITEM, Value::Elements).holding(Ctx::Person),
    many("category", WHOLE | ENTRY | ITEM | at(Ctx::Categories), Value::Free).with(&[
        must("term", Value::Text),
        may("scheme", Value::Url),
        may("label", Value::MaybeText),
    ]),
    one("rights", WHOLE | ENTRY | ITEM, Value::AtomText).holding(Ctx::Construct),
    one("subtitle", WHOLE, Value::AtomText).holding(Ctx::Construct),
    one("generator", WHOLE, Value::Text)
        .with(&[may("uri", Value::Reference), may("version", Value::MaybeText)]),
    one("icon", FEED | SOURCE | CHANNEL, Value::AtomUri),
    one("logo", FEED | SOURCE | CHANNEL, Value::AtomUri),
    one("source", ENTRY | ITEM | at(Ctx::Deleted), Value::Elements).holding(Ctx::Source),
    one("name", at(Ctx::Person), Value::PersonName),
    one("uri", at(Ctx::Person), Value::AtomUri),
    one("email", at(Ctx::Person), Value::Address),
    // The parts of a scene of Media RSS, as its specification writes them.
    one("sceneTitle", SCENE, Value::MaybeText),
    one("sceneDescription", SCENE, Value::Free),
    one("sceneStartTime", SCENE, Value::Npt),
    one("sceneEndTime", SCENE, Value::Npt),
];

/// The attributes of a list of categories, which may be a document of its own.
pub(super) const CATEGORIES: &[Attr] =
    &[may("href", Value::Reference), may("fixed", Value::YesNo), may("scheme", Value::Url)];

/// The Atom Publishing Protocol.
pub(super) static APP: &[Row] = &[
    many("workspace", at(Ctx::Service), Value::Elements).holding(Ctx::Workspace),
    many("collection", at(Ctx::Workspace) | FEED | SOURCE, Value::Elements)
        .with(&[must("href", Value::Reference)])
        .holding(Ctx::Collection),
    many("accept", at(Ctx::Collection), Value::Mime),
    many("categories", at(Ctx::Collection), Value::Elements).with(CATEGORIES).holding(Ctx::Categories),
    one("control", ENTRY, Value::Elements).holding(Ctx::Control),
    one("draft", at(Ctx::Control), Value::YesNo),
    one("edited", ENTRY, Value::Date3339),
];
