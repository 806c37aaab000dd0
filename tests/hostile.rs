//! Documents that mean harm, or were harmed: a finding each, never a crash, and no work out of proportion to their size.

use bantin::check::{Context, Kind, Limits, Report, check, reports};
use proptest::prelude::*;

fn judged(document: impl AsRef<[u8]>) -> Report {
    check(document.as_ref(), &Context::default())
}

fn names(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn what_is_no_feed_is_named() {
    for (document, rule, kind) in [
        ("", "empty-document", Kind::Unknown),
        (" \n ", "empty-document", Kind::Unknown),
        ("<!doctype html><p>404", "html-instead-of-feed", Kind::Html),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "html-instead-of-feed", Kind::Html),
        ("<note/>", "undefined-element", Kind::Unknown),
        ("404 Not Found", "sax-error", Kind::Unknown),
        ("<rss version='2.0'><channel><title>x", "sax-error", Kind::Rss20),
        ("{\"a\": 1}", "json-not-a-feed", Kind::Unknown),
        ("{\"version\": ", "json-syntax", Kind::Unknown),
        ("[1, 2", "json-syntax", Kind::Unknown),
    ] {
        let report = judged(document);
        assert!(names(&report).contains(&rule), "{document:?}: {:?}", names(&report));
        assert_eq!(report.kind, kind, "{document:?}");
    }
    assert!(names(&judged(b"<rss>\xff</rss>")).contains(&"unicode-error"));
    assert!(names(&judged(b"{\"version\": \"\xff\"}")).contains(&"unicode-error"));
    assert!(names(&judged([0u8; 64])).contains(&"sax-error"));
}

#[test]
fn a_document_that_is_too_large_is_not_read() {
    let limits = Limits { bytes: 1000, ..Limits::default() };
    let context = Context { limits, ..Context::default() };
    let report = check(&vec![b'<'; 2000], &context);
    assert_eq!(names(&report), ["validator-limit"]);
}

#[test]
fn much_of_one_thing_is_read_in_proportion() {
    let count = 30_000;
    let channel = |inner: String| format!("<rss version='2.0'><channel>{inner}</channel></rss>");
    let documents = [
        channel("<item/>".repeat(count)),
        channel(format!("<title>{}</title>", "a".repeat(2_000_000))),
        channel(format!("<title>{}</title>", "&lt;a ".repeat(count * 4))),
        channel(format!("<title>{}</title>", "&amp;".repeat(count * 20))),
        channel(format!(
            "<item><description>&lt;svg&gt;{}</description></item>",
            "&lt;/a&gt;&lt;g&gt;".repeat(count)
        )),
        channel(format!(
            "<item><description>{}</description></item>",
            "&lt;p style='x' onx=y>".repeat(count)
        )),
        channel(format!("<item><description>{}</description></item>", "&lt;a ".repeat(count * 4))),
        channel(format!("<x:a xmlns:x='http://example.org/'>{}</x:a>", "<x:b/>".repeat(count))),
        channel(format!(
            "<skipHours>{}</skipHours>",
            (0..count).map(|n| format!("<hour>{n}</hour>")).collect::<String>()
        )),
        format!("<rss {}/>", (0..count).map(|n| format!("a{n}='1' ")).collect::<String>()),
        format!("<rss {}/>", (0..count).map(|n| format!("xmlns:a{n}='u' ")).collect::<String>()),
        "<a>".repeat(10_000),
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>",
            (0..count).map(|n| format!("<link href='/{n}' type='a/{n}'/>")).collect::<String>()
        ),
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>",
            "<entry xml:base='http://e.x/'><link href=''/></entry>".repeat(count)
        ),
        format!("{{\"version\": \"\", \"items\": [{}]}}", vec!["{}"; count].join(",")),
        "[".repeat(100_000),
    ];
    for document in documents {
        let report = judged(&document);
        let shown = &document[..document.len().min(40)];
        assert!(!report.findings.is_empty(), "{shown}");
        assert!(report.findings.len() < 1000, "{shown}: {} findings", report.findings.len());
    }
}

#[test]
fn entities_are_neither_fetched_nor_blown_up() {
    let external = judged(
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><title>&x;</title></channel></rss>",
    );
    assert!(names(&external).contains(&"external-entity"));
    let mut bomb = String::from("<!DOCTYPE r [<!ENTITY a 'ha'>");
    for (one, other) in ('b'..='k').zip('a'..='j') {
        bomb.push_str(&format!("<!ENTITY {one} '{}'>", format!("&{other};").repeat(10)));
    }
    bomb.push_str("]><rss version='2.0'><channel><title>&k;</title></channel></rss>");
    assert!(names(&judged(bomb)).contains(&"sax-error"));
}

#[test]
fn a_fault_is_reported_once_and_drags_nothing_along() {
    let report = judged("<rss version='2.0'>\n<channel><title>x</title>\n<b>y</c>");
    let errors: Vec<_> = report.findings.iter().filter(|finding| finding.rule.id == "sax-error").collect();
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].line, errors[0].path.as_str()), (3, "/rss/channel/b"));
    // What a document lacks is not told of one that ends too early.
    assert!(!names(&report).contains(&"missing-link"));
}

#[test]
fn places_are_lines_and_columns_in_characters() {
    let report =
        judged("<rss version='2.0'><channel>\n<title>Mưa</title><link>Mưa gió</link></channel></rss>");
    let finding =
        report.findings.iter().find(|finding| finding.rule.id == "invalid-uri-char").expect("the finding");
    assert_eq!((finding.line, finding.column, finding.path.as_str()), (2, 19, "/rss/channel/link"));
    assert_eq!(finding.value, "Mưa gió");
}

const SEEDS: [&str; 4] = [
    "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>Mưa &amp; gió</title><item><guid>x</guid><pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate><description>&lt;p style='color: red'>x&lt;/p></description><media:content url='https://e.x/1.jpg' width='1'/></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://e.x/'><title type='html'>x</title><entry><id>tag:e.x,2026:1</id><updated>2026-11-20T17:00:00+07:00</updated><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x</p></div></content></entry></feed>",
    "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Mưa\", \"items\": [{\"id\": \"1\", \"content_html\": \"<p>x</p>\", \"date_published\": \"2026-11-20T17:00:00+07:00\"}]}",
    "<opml version='2.0'><head><title>x</title></head><body><outline text='x' type='rss' xmlUrl='https://e.x/'/></body></opml>",
];

/// What XML is made of, and what is nearly that. Left out is what the other parser lets pass although XML forbids it: prefixes bound
/// to nothing, references to surrogates, odd names of processing instructions.
const PIECES: [&str; 50] = [
    "<a>",
    "</a>",
    "</a >",
    "<a/>",
    "<b c='1' d=\"2\">",
    "</b>",
    "<a c='1'd='2'/>",
    "<a c='1' c='2'/>",
    "<a c = '<'/>",
    "<a c='&lt;&#x26;'/>",
    "<a c='&'/>",
    "<a c/>",
    "<a c=1/>",
    "<p:a xmlns:p='u'/>",
    "<p:a/>",
    "<a p:c='1'/>",
    "<a xmlns='u'><a xmlns=''/></a>",
    "<a xmlns:p='u' xmlns:q='u' p:c='1' q:c='2'/>",
    "<!-- a -->",
    "<!-- a -- b -->",
    "<!---->",
    "<!--->",
    "<![CDATA[ <a> & ]] > ]]>",
    "<![CDATA[",
    "]]>",
    "]]",
    "<?a b?>",
    "<? a?>",
    "&amp;",
    "&#38;",
    "&#x26;",
    "&#0;",
    "&nope;",
    "& ",
    "<",
    "< a>",
    "<1/>",
    "<a-b.c_d1/>",
    "<đường/>",
    "x",
    " ",
    "\n",
    "đ",
    "\u{1}",
    "\u{fffe}",
    "'",
    "\"",
    ">",
    "/",
    "=",
];

/// What is well-formed is decided as a parser of another make decides it.
#[test]
fn others_agree_on_what_is_well_formed() {
    let mut disputed = Vec::new();
    let mut judge = |inner: String| {
        let document = format!("<rss version='2.0'>{inner}</rss>");
        let report = judged(&document);
        let refused = report.findings.iter().find(|finding| finding.rule.id == "sax-error");
        let other = roxmltree::Document::parse(&document);
        if refused.is_some() != other.is_err() {
            let message = refused.map(|finding| finding.message.clone());
            disputed.push(format!("{document}: {message:?} here, {:?} there", other.err()));
        }
    };
    for one in PIECES {
        judge(one.to_owned());
        for two in PIECES {
            judge([one, two].concat());
            for three in ["", "<a>", "</a>", "x", "]]>", "'", "-->", "&amp;"] {
                judge(["<a>", one, two, three, "</a>"].concat());
            }
        }
    }
    disputed.truncate(20);
    assert!(disputed.is_empty(), "{}", disputed.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let report = judged(&bytes);
        prop_assert!(report.findings.is_sorted_by_key(|finding| (finding.line, finding.column)));
    }

    #[test]
    fn no_harm_done_to_a_feed_makes_it_panic(
        seed in 0..SEEDS.len(),
        harm in proptest::collection::vec((any::<proptest::sample::Index>(), 0..4usize, any::<u8>(), 0..12usize), 1..6),
    ) {
        let mut bytes = SEEDS[seed].as_bytes().to_vec();
        for (place, kind, byte, length) in harm {
            let at = place.index(bytes.len().max(1)).min(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0 => bytes.insert(at, byte),
                1 => { bytes.drain(at..end); }
                2 => { let copy = bytes[at..end].to_vec(); bytes.splice(at..at, copy); }
                _ => bytes.truncate(at.max(1)),
            }
        }
        let report = judged(&bytes);
        prop_assert!(report.findings.is_sorted_by_key(|finding| (finding.line, finding.column)));
        let files = [("a.xml", &report)];
        let sarif: Result<serde_json::Value, _> = serde_json::from_str(&reports::sarif(&files));
        prop_assert!(sarif.is_ok());
        prop_assert!(!reports::text(&files, 5).is_empty());
    }
}
