//! JSON Feed 1.0 and 1.1, demand by demand: what the specification asks of publishers, in its order, and the rule that keeps it.
//! Each row has a document that breaks the demand. What no document can show is listed with the reason.
//!
//! Specifications: <https://www.jsonfeed.org/version/1.1/>, <https://www.jsonfeed.org/version/1/>.

use bantin::check::{Context, Severity, check};

/// How strongly the specification asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Must,
    Should,
    /// It asks for nothing: said here, so that what is allowed stays allowed.
    May,
}
use Asks::{May, Must, Should};

/// Where the members of an example stand.
#[derive(Debug, Clone, Copy)]
enum In {
    /// In the feed, instead of its own of the same name.
    Feed,
    /// In its only item, instead of its own of the same name.
    Item,
    /// The whole document.
    Document,
}
use In::{Document, Feed, Item};

/// Section, demand, how strongly, the rule (`-`: nothing is found), and what breaks it.
type Row = (&'static str, &'static str, Asks, &'static str, In, &'static str);

#[rustfmt::skip]
const DEMANDS: &[Row] = &[
    ("general", "a feed is JSON", Must, "json-syntax", Document, "{'version': "),
    ("general", "the root is an object", Must, "json-not-a-feed", Document, "[]"),
    ("top level", "version is there", Must, "json-missing-member", Document, "{'title': 'Tin', 'items': []}"),
    ("top level", "version is a string", Must, "json-wrong-type", Feed, "'version': 1.1"),
    ("top level", "version is the address of a version", Must, "json-invalid-version", Feed, "'version': '1.1'"),
    ("top level", "version may be 1", May, "-", Feed, "'version': 'https://jsonfeed.org/version/1'"),
    ("top level", "title is there", Must, "json-missing-member", Document, "{'version': 'https://jsonfeed.org/version/1.1', 'items': []}"),
    ("top level", "title is a string", Must, "json-wrong-type", Feed, "'title': ['Tin']"),
    ("top level", "home_page_url is there", Should, "json-missing-home-page", Document,
        "{'version': 'https://jsonfeed.org/version/1.1', 'title': 'Tin', 'feed_url': 'https://bao.example/feed.json', 'items': []}"),
    ("top level", "home_page_url is an address", Must, "invalid-full-link", Feed, "'home_page_url': 'bao'"),
    ("top level", "feed_url is there", Should, "json-missing-feed-url", Document,
        "{'version': 'https://jsonfeed.org/version/1.1', 'title': 'Tin', 'home_page_url': 'https://bao.example/', 'items': []}"),
    ("top level", "feed_url is where the feed is", Should, "self-doesnt-match-location", Feed, "'feed_url': 'https://bao.example/other.json'"),
    ("top level", "feed_url is an address", Must, "invalid-full-link", Feed, "'feed_url': '/feed.json'"),
    ("top level", "description is a string", Must, "json-wrong-type", Feed, "'description': {}"),
    ("top level", "user_comment is a string", Must, "json-wrong-type", Feed, "'user_comment': false"),
    ("top level", "next_url is an address", Must, "invalid-full-link", Feed, "'next_url': '?page=2'"),
    ("top level", "next_url is not feed_url", Must, "json-next-url-is-feed-url", Feed, "'next_url': 'https://bao.example/feed.json'"),
    ("top level", "icon is an address", Must, "invalid-full-link", Feed, "'icon': 'icon.png'"),
    ("top level", "favicon is an address", Must, "invalid-full-link", Feed, "'favicon': 'favicon.png'"),
    ("top level", "authors is an array", Must, "json-wrong-type", Feed, "'authors': {'name': 'Mai'}"),
    ("top level", "an author is an object", Must, "json-wrong-type", Feed, "'authors': ['Mai']"),
    ("top level", "an author has a name, an address or an avatar", Must, "json-empty-author", Feed, "'authors': [{}]"),
    ("top level", "an author's name is a string", Must, "json-wrong-type", Feed, "'authors': [{'name': 7}]"),
    ("top level", "an author's url is an address", Must, "invalid-full-link", Feed, "'authors': [{'url': 'mai'}]"),
    ("top level", "an author may be at an address of mail", May, "-", Feed, "'authors': [{'url': 'mailto:mai@bao.example'}]"),
    ("top level", "an author's avatar is an address", Must, "invalid-full-link", Feed, "'authors': [{'name': 'Mai', 'avatar': 'mai.png'}]"),
    ("top level", "author, of version 1, gave way to authors", Should, "json-deprecated-author", Feed, "'author': {'name': 'Mai'}"),
    ("top level", "author may stand beside authors", May, "-", Feed, "'author': {'name': 'Mai'}, 'authors': [{'name': 'Mai'}]"),
    ("top level", "author is an object", Must, "json-wrong-type", Feed, "'author': 'Mai'"),
    ("top level", "language is a tag of RFC 5646", Must, "invalid-language", Feed, "'language': 'Vietnamese'"),
    ("top level", "expired is a boolean", Must, "json-wrong-type", Feed, "'expired': 'no'"),
    ("top level", "hubs is an array", Must, "json-wrong-type", Feed, "'hubs': {'type': 'WebSub', 'url': 'https://hub.example/'}"),
    ("top level", "a hub is an object", Must, "json-wrong-type", Feed, "'hubs': ['https://hub.example/']"),
    ("top level", "a hub has a type", Must, "json-missing-member", Feed, "'hubs': [{'url': 'https://hub.example/'}]"),
    ("top level", "a hub has an address", Must, "json-missing-member", Feed, "'hubs': [{'type': 'WebSub'}]"),
    ("top level", "items is there", Must, "json-missing-member", Document, "{'version': 'https://jsonfeed.org/version/1.1', 'title': 'Tin'}"),
    ("top level", "items is an array", Must, "json-wrong-type", Feed, "'items': {}"),
    ("items", "an item is an object", Must, "json-wrong-type", Feed, "'items': ['Tin']"),
    ("items", "id is there", Must, "json-missing-member", Feed, "'items': [{'content_text': 'x'}]"),
    ("items", "id is a string", Must, "json-wrong-type", Item, "'id': 7"),
    ("items", "id is not empty", Must, "not-blank", Item, "'id': ''"),
    ("items", "id is an item's own", Must, "duplicate-entries", Feed, "'items': [{'id': 'a', 'content_text': 'x'}, {'id': 'a', 'content_text': 'y'}]"),
    ("items", "url is an address", Must, "invalid-full-link", Item, "'url': '/tin/1'"),
    ("items", "external_url is an address", Must, "invalid-full-link", Item, "'external_url': 'x'"),
    ("items", "title is a string", Must, "json-wrong-type", Item, "'title': null"),
    ("items", "title is plain text", Should, "contains-html", Item, "'title': 'Giá <b>vàng</b>'"),
    ("items", "one of content_html and content_text is there", Must, "json-missing-content", Feed, "'items': [{'id': 'a'}]"),
    ("items", "both of them may be", May, "-", Item, "'content_html': '<p>x</p>'"),
    ("items", "content_html is a string", Must, "json-wrong-type", Item, "'content_html': ['<p>x</p>']"),
    ("items", "content_text is a string", Must, "json-wrong-type", Item, "'content_text': 7"),
    ("items", "content_text is no HTML, and may speak of it", May, "-", Item, "'content_text': 'Thẻ <b> in đậm.'"),
    ("items", "summary is plain text", Should, "contains-html", Item, "'summary': '<p>x</p>'"),
    ("items", "image is an address", Must, "invalid-full-link", Item, "'image': '1.jpg'"),
    ("items", "banner_image is an address", Must, "invalid-full-link", Item, "'banner_image': '1.jpg'"),
    ("items", "date_published is a date of RFC 3339", Must, "invalid-rfc3339-date", Item, "'date_published': '20/11/2026'"),
    ("items", "date_modified is a date of RFC 3339", Must, "invalid-rfc3339-date", Item, "'date_modified': '2026-11-20 17:00'"),
    ("items", "an item's authors are authors", Must, "json-empty-author", Item, "'authors': [{}]"),
    ("items", "tags is an array", Must, "json-wrong-type", Item, "'tags': 'mưa, lũ'"),
    ("items", "a tag is a string", Must, "json-wrong-type", Item, "'tags': [{'name': 'mưa'}]"),
    ("items", "language is a tag of RFC 5646", Must, "invalid-language", Item, "'language': 'tiếng Việt'"),
    ("attachments", "attachments is an array", Must, "json-wrong-type", Item, "'attachments': {'url': 'https://bao.example/1.mp3', 'mime_type': 'audio/mpeg'}"),
    ("attachments", "an attachment is an object", Must, "json-wrong-type", Item, "'attachments': ['https://bao.example/1.mp3']"),
    ("attachments", "url is there", Must, "json-missing-member", Item, "'attachments': [{'mime_type': 'audio/mpeg'}]"),
    ("attachments", "url is an address", Must, "invalid-full-link", Item, "'attachments': [{'url': '1.mp3', 'mime_type': 'audio/mpeg'}]"),
    ("attachments", "mime_type is there", Must, "json-missing-member", Item, "'attachments': [{'url': 'https://bao.example/1.mp3'}]"),
    ("attachments", "mime_type is a media type", Must, "invalid-mime-type", Item, "'attachments': [{'url': 'https://bao.example/1.mp3', 'mime_type': 'mp3'}]"),
    ("attachments", "title is a string", Must, "json-wrong-type", Item, "'attachments': [{'url': 'https://bao.example/1.mp3', 'mime_type': 'audio/mpeg', 'title': 1}]"),
    ("attachments", "two of one title are two forms of one thing", May, "-", Item,
        "'attachments': [{'url': 'https://bao.example/1.mp3', 'mime_type': 'audio/mpeg', 'title': 'x'}, {'url': 'https://bao.example/1.ogg', 'mime_type': 'audio/ogg', 'title': 'x'}]"),
    ("attachments", "size_in_bytes is a number", Must, "json-wrong-type", Item, "'attachments': [{'url': 'https://bao.example/1.mp3', 'mime_type': 'audio/mpeg', 'size_in_bytes': '7 MB'}]"),
    ("attachments", "duration_in_seconds is a number", Must, "json-wrong-type", Item, "'attachments': [{'url': 'https://bao.example/1.mp3', 'mime_type': 'audio/mpeg', 'duration_in_seconds': '1:30'}]"),
    ("extensions", "a custom object's name is `_` and a letter", Must, "json-invalid-extension", Item, "'_1': {}"),
    ("extensions", "a custom object is an object", Must, "json-invalid-extension", Feed, "'_bao': 'x'"),
    ("extensions", "a custom object may stand anywhere", May, "-", Item, "'_bao': {'about': 'https://bao.example/json', 'toa_soan': 7}"),
];

/// What the specification asks and no document shows: the demand, and why.
const UNSEEN: &[(&str, &str)] = &[
    ("next_url is not that of an earlier page", "one document is looked at, and its pages are others"),
    ("icon and favicon are square, and large enough", "images are not fetched"),
    ("an avatar is square", "images are not fetched"),
    ("an id never changes", "seen between two versions: `unstable-id`"),
    ("home_page_url leads to a page for people", "pages are not fetched"),
];

/// The document of an example.
fn document(place: In, example: &str) -> String {
    let example = example.replace('\'', "\"");
    let named =
        |name: &str| example.contains(&format!("\"{name}\":")) && example.starts_with(&format!("\"{name}\""));
    let members = |usual: &[(&str, String)], example: &str| -> String {
        let usual: Vec<String> = usual
            .iter()
            .filter(|(name, _)| example.is_empty() || !named(name))
            .map(|(name, value)| format!("\"{name}\": {value}"))
            .chain((!example.is_empty()).then(|| example.to_owned()))
            .collect();
        format!("{{{}}}", usual.join(", "))
    };
    let text = |text: &str| format!("\"{text}\"");
    let item = |example: &str| {
        let usual = [("id", text("tag:bao.example,2026:1")), ("content_text", text("Mưa lớn."))];
        members(&usual, example)
    };
    let feed = |example: &str, item: String| {
        let usual = [
            ("version", text("https://jsonfeed.org/version/1.1")),
            ("title", text("Tin")),
            ("home_page_url", text("https://bao.example/")),
            ("feed_url", text("https://bao.example/feed.json")),
            ("items", format!("[{item}]")),
        ];
        members(&usual, example)
    };
    match place {
        Document => example,
        Feed => feed(&example, item("")),
        Item => feed("", item(&example)),
    }
}

#[test]
fn every_demand_is_kept_by_a_rule() {
    let context = Context { address: Some("https://bao.example/feed.json".to_owned()), ..Context::default() };
    let mut wrong = Vec::new();
    for (section, demand, asks, rule, place, example) in DEMANDS {
        let document = document(*place, example);
        let findings = check(document.as_bytes(), &context).findings;
        let grave: Vec<_> = findings.iter().filter(|finding| finding.severity != Severity::Info).collect();
        let kept = match asks {
            Must => grave.iter().any(|f| {
                f.rule.id == *rule
                    && (f.severity == Severity::Error || *rule == "not-blank" || *rule == "duplicate-entries")
            }),
            Should => grave.iter().any(|f| f.rule.id == *rule),
            May => *rule == "-" && grave.is_empty(),
        };
        if !kept {
            let found: Vec<_> = findings.iter().map(|f| (f.rule.id, f.severity)).collect();
            wrong.push(format!("{section}: {demand}: {rule}, and found were {found:?}: {document}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_usual_document_has_no_fault() {
    let context = Context { address: Some("https://bao.example/feed.json".to_owned()), ..Context::default() };
    let findings = check(document(Item, "'title': 'Mưa lớn'").as_bytes(), &context).findings;
    let grave: Vec<_> = findings.iter().filter(|finding| finding.severity != Severity::Info).collect();
    assert!(grave.is_empty(), "{grave:?}");
    assert!(UNSEEN.iter().all(|(demand, reason)| !demand.is_empty() && reason.len() > 10));
}

#[test]
fn a_feed_is_served_as_json() {
    let document = document(Feed, "'title': 'Tin'");
    let found = |kind: &str| {
        let context = Context { content_type: Some(kind.to_owned()), ..Context::default() };
        check(document.as_bytes(), &context)
            .findings
            .iter()
            .any(|finding| finding.rule.id == "json-media-type")
    };
    assert!(!found("application/feed+json") && !found("application/json; charset=utf-8"));
    assert!(found("text/plain") && found("application/xml"));
}
