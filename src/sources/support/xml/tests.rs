//! What is mended, and how.

use super::*;

/// The first element of that name below the root, as HTML, and how its reading ended.
fn read(text: impl AsRef<[u8]>, wanted: &str) -> (Element, Ending) {
    let mut xml = Xml::open(Box::new(text.as_ref()), &Options::default()).unwrap();
    loop {
        match xml.part().unwrap() {
            Part::Start(tag) if tag.name == wanted => {
                return xml.element(tag, &["channel".to_owned()], &|_| true).unwrap();
            }
            Part::Start(tag) => xml.enter(&tag, ""),
            Part::End(_) => {}
            Part::Over => panic!("no {wanted}"),
        }
    }
}

fn html(text: impl AsRef<[u8]>) -> String {
    read(text, "item").0.inner_html()
}

#[test]
fn reads_what_is_well_formed() {
    let (element, ending) = read(
        "<?xml version='1.0'?>\n<rss xmlns:x='http://purl.org/dc/elements/1.1/'>\n <item a='1 &amp; 2'><x:creator><![CDATA[A & <b>]]> &lt;</x:creator><br/></item></rss>",
        "item",
    );
    assert_eq!((element.at, ending), ((3, 2), Ending::Whole));
    assert_eq!(element.attribute("a"), Some("1 & 2"));
    assert_eq!(element.text_of("dc:creator").as_deref(), Some("A & <b> <"));
    assert_eq!(element.child("br").map(|br| br.at), Some((3, 69)));
}

#[test]
fn mends_text() {
    assert_eq!(
        html("<item>a&nbsp;b &mdash; c & d &x; e&#150;f&#0;</item>"),
        "a\u{a0}b — c &amp; d &amp;x; e–f"
    );
    assert_eq!(html("<item>x & y & z</item>"), "x &amp; y &amp; z");
    assert_eq!(html("<item>5 < 6 và <3 </item>"), "5 &lt; 6 và &lt;3 ");
    assert_eq!(html("<item><t>5 < 6</t><u>giá <5</u></item>"), "<t>5 &lt; 6</t><u>giá &lt;5</u>");
    assert_eq!(html("<item><t>a < b <i>c</i></t>d</item>"), "<t>a &lt; b <i>c</i></t>d");
}

#[test]
fn mends_tags() {
    assert_eq!(html("<item><d><p>a<br>b</d><e>c</p></e></item>"), "<d><p>a<br>b</p></d><e>c</e>");
    assert_eq!(html("<rss><channel><item><t>a</t></channel></rss>"), "<t>a</t>");
    assert_eq!(html("<rss><channel><item><t>a</t><item><t>b</t></item></channel></rss>"), "<t>a</t>");
    assert_eq!(html("<item><a href=x&y=1 hidden>b</a></item>"), "<a href=\"x&amp;y=1\" hidden=\"\">b</a>");
    assert_eq!(html("<item>a<!nonsense>b<t>c</t></item>"), "anonsense&gt;b<t>c</t>");
    assert_eq!(html("Warning: x <br> <?xml version='1.0'?><item>a</item>"), "a");
}

#[test]
fn an_end_that_is_missing_is_told() {
    for text in
        ["<item><t>a</t>", "<item><t>a", "<item><t a='", "<item><![CDATA[x", "<item>&am", "<item><!-- "]
    {
        assert_eq!(read(text, "item").1, Ending::Cut, "{text}");
    }
}

#[test]
fn reads_text_in_the_encoding_that_it_is_in() {
    let declared = |label: &str, bytes: &[u8]| {
        let mut text = format!("<?xml version=\"1.0\" encoding=\"{label}\"?><item>").into_bytes();
        text.extend_from_slice(bytes);
        text.extend_from_slice(b"</item>");
        html(text)
    };
    assert_eq!(declared("ISO-8859-1", b"caf\xE9"), "café");
    assert_eq!(declared("ISO-8859-1", "Mưa".as_bytes()), "Mưa");
    assert_eq!(declared("UTF-8", b"caf\xE9"), "café");
    assert_eq!(declared("windows-1258", b"Vi\xEA\xF2t"), "Viê\u{323}t");
    assert_eq!(declared("Shift_JIS", b"\x83\x5C\x83\x5D"), "ソゾ");
    assert_eq!(declared("GB2312", "Mưa".as_bytes()), "Mưa");
    assert_eq!(declared("utf-16", "Mưa".as_bytes()), "Mưa");
    assert_eq!(declared("nonsense", "Mưa".as_bytes()), "Mưa");
    // A character cut in two.
    assert_eq!(declared("UTF-8", b"M\xC6\xB0a l\xE1\xBB\x9Bn \xE1\xBB"), "Mưa lớn ");
    let utf_16: Vec<u8> = "\u{FEFF}<?xml encoding='utf-16'?><item>Mưa</item>"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(html(utf_16), "Mưa");
}

#[test]
fn names_do_not_depend_on_prefixes() {
    let (element, _) = read(
        "<rss><item xmlns:q='https://search.yahoo.com/mrss'><q:content url='u'/><content:encoded>x</content:encoded></item></rss>",
        "item",
    );
    let names: Vec<&str> = element.children().map(|child| child.name.as_str()).collect();
    assert_eq!(names, ["media:content", "content:encoded"]);
}

#[test]
fn depth_has_an_end() {
    let deep = format!("<item>{}x{}</item>", "<b>".repeat(100_000), "</b>".repeat(100_000));
    assert!(html(&deep).contains('x'));
    assert!(html(format!("<item>{}</item>", "< ".repeat(200_000))).starts_with("&lt; &lt; "));
}
