//! Any text as what a feed carries: HTML, an address, a date, a title. It is written into a document of each format, whose own
//! form is right, so that values are judged and not the document's form.

#![no_main]

use bantin::check::check;
use bantin_fuzz::context;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let escaped: String = text
        .chars()
        .filter(|c| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            c => c.to_string(),
        })
        .collect();
    let json = serde_json::to_string(text).expect("text as JSON");
    let elements = ["title", "link", "description", "author", "category", "comments", "guid", "pubDate", "source"];
    let inside: String = elements.iter().map(|name| format!("<{name}>{escaped}</{name}>")).collect();
    let rss = format!(
        "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">\
<channel>{inside}<language>{escaped}</language><item>{inside}<enclosure url=\"{escaped}\" length=\"{escaped}\" type=\"{escaped}\"/>\
<media:hash algo=\"{escaped}\">{escaped}</media:hash><media:rating scheme=\"{escaped}\">{escaped}</media:rating>\
<itunes:duration>{escaped}</itunes:duration><itunes:category text=\"{escaped}\"/></item></channel></rss>"
    );
    let atom = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"{escaped}\"><id>{escaped}</id><entry xml:lang=\"{escaped}\">\
<title type=\"html\">{escaped}</title><updated>{escaped}</updated><link rel=\"{escaped}\" href=\"{escaped}\"/>\
<content type=\"{escaped}\">{escaped}</content></entry></feed>"
    );
    let feed = format!(
        "{{\"version\": {json}, \"home_page_url\": {json}, \"items\": [{{\"id\": {json}, \"url\": {json}, \"title\": {json}, \
\"content_html\": {json}, \"content_text\": {json}, \"date_published\": {json}, {json}: {json}}}]}}"
    );
    for document in [rss, atom, feed] {
        let report = check(document.as_bytes(), &context());
        let broken = report.findings.iter().find(|finding| ["sax-error", "json-syntax"].contains(&finding.rule.id));
        assert!(broken.is_none(), "{broken:?} in {document}");
    }
});
