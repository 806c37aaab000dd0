//! The list of every feed that reader applications import at once.
//!
//! Specification: [OPML 2.0](http://opml.org/spec2.opml), "Subscription lists".

use super::{Listed, Site, preferred};
use crate::formats::Format;
use crate::text::Text;
use quick_xml::escape::escape;

/// The list's name in the output folder.
pub const OPML_FILE_NAME: &str = "feeds.opml";

/// The list: one outline a feed, in the format that most readers take. It carries no date of its own, which only a clock
/// could give it.
pub fn opml(site: &Site, feeds: &[Listed], formats: &[&'static dyn Format]) -> String {
    let mut opml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>",
    );
    opml += &escape(Text::line(site.title).as_str());
    opml += "</title>\n    <docs>http://opml.org/spec2.opml</docs>\n  </head>\n  <body>\n";
    if let Some(format) = preferred(formats) {
        for feed in feeds {
            outline(&mut opml, feed, format);
        }
    }
    opml += "  </body>\n</opml>\n";
    opml
}

fn outline(opml: &mut String, feed: &Listed, format: &dyn Format) {
    let Listed { slug: _, title, description, language, address: _, home, updated: _, entries: _, newest: _ } =
        feed;
    let xml_url = feed.file_url(format.file_name());
    *opml += "    <outline";
    for (name, value) in [
        // The specification's one type for feeds of every kind.
        ("type", "rss"),
        ("text", title),
        ("title", title),
        ("description", description),
        ("xmlUrl", &xml_url),
        ("htmlUrl", home),
        ("language", language),
    ] {
        // An attribute is one line: XML turns line breaks in it into spaces anyway.
        let value = Text::line(value);
        if !value.is_empty() {
            *opml += &format!(" {name}=\"{}\"", escape(value.as_str()));
        }
    }
    *opml += "/>\n";
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, ATOM, JSON, RSS};
    use super::*;
    use quick_xml::events::Event;
    use std::collections::BTreeMap;

    /// The outlines' attributes, read back by a parser that refuses what is not well-formed.
    fn outlines(opml: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = quick_xml::Reader::from_str(opml);
        reader.config_mut().check_end_names = true;
        let mut outlines = Vec::new();
        let mut open = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => open.push(tag.name().as_ref().to_vec()),
                Event::End(_) => {
                    open.pop().unwrap();
                }
                Event::Empty(tag) => {
                    assert_eq!(tag.name().as_ref(), b"outline");
                    assert_eq!(open, [b"opml".to_vec(), b"body".to_vec()]);
                    outlines.push(
                        tag.attributes()
                            .map(|attribute| {
                                let attribute = attribute.unwrap();
                                let value = std::str::from_utf8(&attribute.value).unwrap();
                                (
                                    String::from_utf8(attribute.key.as_ref().to_vec()).unwrap(),
                                    quick_xml::escape::unescape(value).unwrap().into_owned(),
                                )
                            })
                            .collect(),
                    );
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert!(open.is_empty());
        outlines
    }

    #[test]
    fn every_feed_is_an_outline() {
        let address = testing::address();
        let opml = opml(&testing::site(&address), &testing::listed(), &[&RSS, &ATOM, &JSON]);
        let outlines = outlines(&opml);
        assert_eq!(outlines.len(), 3);
        let first = &outlines[0];
        assert_eq!(first["type"], "rss");
        assert_eq!(first["text"], "Thời sự <script>alert(1)</script> & \"Chính trị\"");
        assert_eq!(first["title"], first["text"]);
        assert_eq!(first["xmlUrl"], "https://bao.example/feeds/thoi-su/atom.xml");
        assert_eq!(first["htmlUrl"], "https://bao.example/thoi-su?a=1&b=2");
        assert_eq!(first["language"], "vi");
        assert_eq!(outlines[2]["language"], "fr");
    }

    #[test]
    fn the_format_is_the_one_that_most_readers_take() {
        let address = testing::address();
        let site = testing::site(&address);
        let feeds = testing::listed();
        let file = |formats: &[&'static dyn Format]| {
            let outlines = outlines(&opml(&site, &feeds, formats));
            outlines.first().and_then(|outline| outline["xmlUrl"].rsplit('/').next().map(str::to_owned))
        };
        assert_eq!(file(&[&JSON, &RSS, &ATOM]).as_deref(), Some("atom.xml"));
        assert_eq!(file(&[&JSON, &RSS]).as_deref(), Some("rss.xml"));
        assert_eq!(file(&[&JSON]).as_deref(), Some("feed.json"));
        assert_eq!(file(&[]), None);
    }

    #[test]
    fn the_list_carries_no_date_and_no_forbidden_character() {
        let address = testing::address();
        let site = Site { title: "Báo\u{B} &\nthử", ..testing::site(&address) };
        let list = opml(&site, &[], &[&RSS]);
        assert!(list.contains("<title>Báo &amp; thử</title>"), "{list}");
        assert!(!list.contains("date"), "{list}");
        assert!(outlines(&list).is_empty());
    }
}
