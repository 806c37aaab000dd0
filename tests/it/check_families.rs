//! Every member of a family is treated as the others: each element that holds a date, an address, a number, each attribute that
//! must be there. tests/conformance/families.tsv has one fragment a line: where it stands, the rule it breaks (`-`: none), itself.

use bantin::check::{Context, Severity, check};

const NAMESPACES: &str = "xmlns:media='http://search.yahoo.com/mrss/' \
xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:georss='http://www.georss.org/georss' \
xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:dcterms='http://purl.org/dc/terms/' \
xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' xmlns:slash='http://purl.org/rss/1.0/modules/slash/' \
xmlns:wfw='http://wellformedweb.org/CommentAPI/' xmlns:thr='http://purl.org/syndication/thread/1.0' \
xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#' \
xmlns:fh='http://purl.org/syndication/history/1.0' xmlns:cc='http://web.resource.org/cc/' \
xmlns:creativeCommons='http://backend.userland.com/creativeCommonsRssModule' \
xmlns:trackback='http://madskills.com/public/xml/rss/module/trackback/' xmlns:admin='http://webns.net/mvcb/' \
xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0' xmlns:at='http://purl.org/atompub/tombstones/1.0' \
xmlns:app='http://www.w3.org/2007/app' xmlns:gml='http://www.opengis.net/gml' \
xmlns:ev='http://purl.org/rss/1.0/modules/event/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
xmlns:opensearch='http://a9.com/-/spec/opensearch/1.1/' \
xmlns:blogChannel='http://backend.userland.com/blogChannelModule'";

const ADDRESS: &str = "http://bao.example/feeds/rss.xml";

/// The document that a fragment makes.
fn document(place: &str, fragment: &str) -> String {
    let link = format!("link rel='self' href='{ADDRESS}'/>");
    match place {
        "channel" => format!(
            "<rss version='2.0' {NAMESPACES} xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Tin</title>\
             <link>http://bao.example/</link><description>Tin</description><atom:{link}{fragment}</channel></rss>"
        ),
        "item" => document(
            "channel",
            &format!(
                "<item><title>Tin</title><link>http://bao.example/1</link><guid>http://bao.example/1</guid>{fragment}</item>"
            ),
        ),
        "feed" => format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' {NAMESPACES}><title>Tin</title><id>http://bao.example/f</id>\
             <updated>2024-01-01T00:00:00Z</updated><{link}<author><name>Mai</name></author>{fragment}</feed>"
        ),
        "entry" => document(
            "feed",
            &format!(
                "<entry><title>Tin</title><id>http://bao.example/1</id><updated>2024-01-01T00:00:00Z</updated>\
                 <summary>Tin</summary><link href='http://bao.example/1'/>{fragment}</entry>"
            ),
        ),
        _ => fragment.to_owned(),
    }
}

#[test]
fn families_are_treated_alike() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("../conformance/families.tsv").lines() {
        let mut parts = line.splitn(3, '\t');
        let (Some(place), Some(rule), Some(fragment)) = (parts.next(), parts.next(), parts.next()) else {
            panic!("not three columns: {line}");
        };
        count += 1;
        let address = if fragment.starts_with('{') { "https://bao.example/feed.json" } else { ADDRESS };
        let context = Context { address: Some(address.to_owned()), ..Context::default() };
        let findings = check(document(place, fragment).as_bytes(), &context).findings;
        let met = match rule {
            "-" => findings.iter().all(|finding| {
                finding.severity == Severity::Info || finding.rule.id == "not-sufficiently-unique"
            }),
            rule => findings.iter().any(|finding| finding.rule.id == rule),
        };
        if !met {
            let ids: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
            wrong.push(format!("{place}: {rule}, and found were {ids:?}: {fragment}"));
        }
    }
    assert!(count > 300, "{count} fragments");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
