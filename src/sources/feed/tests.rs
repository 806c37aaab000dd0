//! Every kind of feed, good and bad.

use super::super::testing::{Heard, read};
use super::*;
use serde_json::json;

fn heard(text: impl AsRef<[u8]>) -> Heard {
    read(&Feed, text)
}

/// The record of an item, or whatever stands in one.
fn item(inside: &str) -> Value {
    let heard =
        heard(format!("<rss><channel><link>https://a.example/</link><item>{inside}</item></channel></rss>"));
    assert_eq!((heard.complaints(), heard.records.len()), (vec![], 1));
    heard.fields(0)
}

/// The record of an entry of Atom.
fn entry(inside: &str) -> Value {
    let heard = heard(format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry>{inside}</entry></feed>"));
    assert_eq!((heard.complaints(), heard.records.len()), (vec![], 1));
    heard.fields(0)
}

#[test]
fn reads_rss() {
    let heard = heard(
        r#"<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Báo A</title><link>https://a.example/</link><language>vi</language><copyright>© A</copyright>
<item>
  <title>Mưa &amp; lũ</title><link>https://a.example/1.html</link><guid isPermaLink="false">tag:a.example,2026:1</guid>
  <pubDate>Fri, 20 Nov 2026 17:00:00 GMT+7</pubDate><dc:creator>An</dc:creator><category domain="x">Xã hội</category>
  <description>Tóm tắt</description><content:encoded><![CDATA[<p>Nhà ngập</p>]]></content:encoded>
  <comments>https://a.example/1.html#c</comments><source url="https://b.example/rss">Báo B</source>
</item>
</channel></rss>"#,
    );
    assert_eq!((heard.complaints(), heard.skipped.len()), (vec![], 0));
    assert_eq!(
        heard.fields(0),
        json!({
            "id": "tag:a.example,2026:1", "url": "https://a.example/1.html", "title": "Mưa & lũ",
            "date_published": "Fri, 20 Nov 2026 17:00:00 GMT+7", "authors": ["An"],
            "categories": [{"label": "Xã hội", "scheme": "x"}], "summary": "Tóm tắt", "content_html": "<p>Nhà ngập</p>",
            "comments_url": "https://a.example/1.html#c", "language": "vi", "rights": "© A",
            "feed": {"title": "Báo A", "url": "https://a.example/"},
            "source": {"title": "Báo B", "url": "https://b.example/rss"},
        })
    );
    assert_eq!(
        (heard.place(0, None), heard.place(0, Some("title"))),
        ("t:4:1".to_owned(), "t:5:3".to_owned())
    );
    assert_eq!(heard.place(0, Some("date_published")), "t:6:3");
}

#[test]
fn reads_atom() {
    let heard = heard(
        r#"<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://a.example/x/">
<a:author><a:name>Tòa soạn</a:name></a:author><a:rights>© A</a:rights>
<a:entry xml:lang="vi"><a:id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</a:id><a:title>a &lt;b&gt; &amp;amp; c</a:title>
<a:link rel="self" href="1.atom"/><a:link href="1.html"/><a:link rel="replies" type="text/html" href="1.html#c"/>
<a:link rel="enclosure" type="audio/mpeg" length="9" href="/1.mp3"/>
<a:updated>2026-11-20T17:00:00+07:00</a:updated><a:category term="xh" label="Xã hội"/>
<a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Nhà <b>ngập</b> &amp; <img src="2.jpg"/></div></a:content></a:entry>
<a:entry><a:id>2</a:id><a:title type="html">&lt;i&gt;Hai&lt;/i&gt;</a:title><a:link rel="alternate" href="/2.html"/>
<a:author><a:name>An</a:name><a:email>an@a.example</a:email></a:author><a:published>2026-11-20T17:00:00+07:00</a:published>
<a:summary>5 &lt; 6</a:summary><a:content>Nhà &lt; ngập</a:content></a:entry>
</a:feed>"#,
    );
    assert_eq!((heard.complaints(), heard.skipped.len()), (vec![], 0));
    assert_eq!(
        heard.fields(0),
        json!({
            "id": "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", "url": "https://a.example/x/1.html",
            "title": "a &lt;b&gt; &amp;amp; c", "date_published": "2026-11-20T17:00:00+07:00",
            "date_modified": "2026-11-20T17:00:00+07:00", "authors": [{"name": "Tòa soạn"}],
            "categories": [{"label": "Xã hội", "term": "xh"}], "language": "vi", "rights": "© A",
            "content_html": "Nhà <b>ngập</b> &amp; <img src=\"https://a.example/x/2.jpg\">",
            "comments_url": "https://a.example/x/1.html#c",
            "attachments": [{"type": "audio/mpeg", "length": "9", "url": "https://a.example/1.mp3"}],
        })
    );
    let second = heard.fields(1);
    // `2` is no id by itself: the link is.
    assert_eq!(second["id"], "https://a.example/2.html");
    assert_eq!(second["title"], "<i>Hai</i>");
    assert_eq!((&second["summary"], &second["content_text"]), (&json!("5 &lt; 6"), &json!("Nhà < ngập")));
    assert_eq!(second["authors"], json!([{"name": "An", "email": "an@a.example"}]));
    assert_eq!(second["language"], "en");
}

#[test]
fn reads_rdf_atom_0_3_and_json() {
    let rdf = heard(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://a.example/rss"><title>A</title><items><rdf:Seq><rdf:li resource="x"/></rdf:Seq></items></channel>
<image rdf:about="i"><title>no</title></image>
<item rdf:about="https://a.example/1"><title>Một</title><dc:date>2026-11-20</dc:date><dc:subject>Xã hội</dc:subject></item></rdf:RDF>"#,
    );
    assert_eq!(rdf.complaints(), [""; 0]);
    let first = rdf.fields(0);
    assert_eq!((&first["id"], &first["url"]), (&json!("https://a.example/1"), &json!("https://a.example/1")));
    assert_eq!((&first["date_published"], &first["categories"]), (&json!("2026-11-20"), &json!(["Xã hội"])));
    let old = heard(
        r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>tag:a.example,2003:1</id><title>Một</title>
<issued>2003-12-13T08:29:29-04:00</issued><content type="text/html" mode="escaped">&lt;p>a</content></entry></feed>"#,
    );
    assert_eq!(old.fields(0)["content_html"], "<p>a");
    assert_eq!(old.fields(0)["date_published"], "2003-12-13T08:29:29-04:00");
    let json = heard(
        r#"{"version": "https://jsonfeed.org/version/1.1", "language": "vi", "items": [{"id": 1, "url": "https://a.example/1", "title": "x"}, {"id": "urn:isbn:1", "url": "https://a.example/2"}]}"#,
    );
    assert_eq!(json.fields(0)["id"], "https://a.example/1");
    assert_eq!(json.fields(0)["language"], "vi");
    assert_eq!(json.fields(1)["id"], "urn:isbn:1");
}

#[test]
fn ids_stand_by_themselves() {
    let id = |inside: &str| item(inside)["id"].clone();
    assert_eq!(
        id("<guid>https://a.example/?p=1</guid><link>https://a.example/1</link>"),
        "https://a.example/?p=1"
    );
    assert_eq!(id("<guid>17</guid><link>https://a.example/1</link>"), "https://a.example/1");
    assert_eq!(id("<guid>17</guid>"), "https://a.example/#17");
    assert_eq!(id("<link>/1</link>"), "https://a.example/1");
    assert_eq!(
        id(
            "<guid isPermaLink='false'>F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6</guid><link>https://a.example/1</link>"
        ),
        "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"
    );
    assert_eq!(id("<enclosure url='https://a.example/1.mp3'/>"), "https://a.example/1.mp3");
    assert_eq!(id("<title>x</title>"), Value::Null);
    // The page of an item without a link.
    assert_eq!(item("<guid>https://a.example/1</guid>")["url"], "https://a.example/1");
    assert_eq!(item("<guid isPermaLink='false'>https://a.example/1</guid>")["url"], Value::Null);
    let burnt = "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://a.example/1</feedburner:origLink>";
    assert_eq!(item(burnt)["url"], "https://a.example/1");
}

#[test]
fn a_description_with_html_is_the_article() {
    let described = item(
        "<description><![CDATA[<a href='/1'><img src=\"/a.jpg?x=1&amp;y=2\"></a></br>Tóm tắt]]></description>",
    );
    assert_eq!(described["content_html"], "<a href='/1'><img src=\"/a.jpg?x=1&amp;y=2\"></a></br>Tóm tắt");
    assert_eq!(described["image"], "https://a.example/a.jpg?x=1&y=2");
    assert_eq!(described["summary"], Value::Null);
    assert_eq!(item("<description>mưa &lt;lớn&gt;</description>")["summary"], "mưa <lớn>");
    assert_eq!(
        item("<description>a <b>unescaped</b> &nbsp;b<br>c</description>")["content_html"],
        "a <b>unescaped</b> \u{a0}b<br>c"
    );
}

#[test]
fn pictures_come_with_their_sizes() {
    let with = |inside: &str| item(&format!("<title>x</title>{inside}"));
    let pictured = with(
        "<enclosure url='/a.jpg' length='5' type='image/jpeg'/><media:content url='https://a.example/a.jpg' medium='image' width='640' height='480'><media:description>Nước lên</media:description><media:credit>An</media:credit></media:content><media:content url='/v.mp4' type='video/mp4' duration='12'/><media:content url='/f.swf' type='application/x-shockwave-flash'/>",
    );
    assert_eq!(
        pictured["image"],
        json!([{"url": "https://a.example/a.jpg", "type": "image/jpeg", "length": "5", "width": "640", "height": "480", "caption": "Nước lên", "credit": "An"}])
    );
    assert_eq!(
        pictured["attachments"],
        json!([{"url": "https://a.example/v.mp4", "type": "video/mp4", "duration": "12"}])
    );
    let grouped = with(
        "<media:group><media:content url='/s.jpg' medium='image' width='100'/><media:content url='/l.jpg' medium='image' width='900'/></media:group>",
    );
    assert_eq!(grouped["image"], json!([{"url": "https://a.example/l.jpg", "width": "900"}]));
    let small = with("<media:thumbnail url='/s.jpg' width='75'/><media:thumbnail url='/l.jpg' width='240'/>");
    assert_eq!(small["image"], json!([{"url": "https://a.example/l.jpg", "width": "240"}]));
    let cast = with(
        "<enclosure url='/a.mp3' type='audio/mpeg'/><itunes:duration>1:02:03</itunes:duration><itunes:image href='/a.png'/><itunes:keywords>a, b</itunes:keywords><itunes:summary>y</itunes:summary>",
    );
    assert_eq!(cast["attachments"][0]["duration"], 3723);
    assert_eq!(cast["image"], json!([{"url": "https://a.example/a.png"}]));
    assert_eq!((&cast["tags"], &cast["summary"]), (&json!("a, b"), &json!("y")));
}

#[test]
fn sources_give_authors_and_rights() {
    let copied = entry(
        "<id>tag:a.example,2026:1</id><title>x</title><source><title>B</title><link href='https://b.example/'/><author><name>Bình</name></author><rights>© B</rights></source><category scheme='http://schemas.google.com/g/2005#kind' term='post'/>",
    );
    assert_eq!(copied["authors"], json!([{"name": "Bình"}]));
    assert_eq!(copied["rights"], "© B");
    assert_eq!(copied["source"], json!({"title": "B", "url": "https://b.example/"}));
    assert_eq!(copied["categories"], Value::Null);
}

#[test]
fn withdrawn_entries_are_told() {
    let heard = heard(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'><at:deleted-entry ref='tag:a.example,2026:1' when='2026-11-20T00:00:00Z'/></feed>",
    );
    assert_eq!(heard.fields(0), json!({"id": "tag:a.example,2026:1", "deleted": true}));
}

#[test]
fn what_is_whole_before_a_cut_is_read() {
    let whole =
        "<rss><channel><item><title>Một</title></item>\n<item><title>Hai</title></item>\n</channel></rss>";
    let at = |end: &str| heard(whole.split(end).next().unwrap());
    let cut = at("</title></item>\n</channel>");
    assert_eq!(cut.titles(), ["Một"]);
    assert_eq!(cut.complaints(), ["t:2:1: the file breaks off in the midst of this entry"]);
    let cut = at("\n</channel>");
    assert_eq!(cut.titles(), ["Một", "Hai"]);
    assert_eq!(
        cut.complaints(),
        ["t:2:32: the file breaks off here: its last tag is missing, and entries with it, perhaps"]
    );
}

#[test]
fn what_is_no_feed_is_refused() {
    let complaint = |text: &str| heard(text).complaints().concat();
    assert_eq!(complaint("<!DOCTYPE html><html><body><p>502"), "t:1:16: the file is HTML, not a feed");
    assert_eq!(complaint("<urlset><url/></urlset>"), "t:1:1: the file is no feed: it begins with `<urlset>`");
    assert_eq!(complaint(" \n"), "t:1:1: the file holds no XML, and so no feed");
    assert_eq!(complaint("<feed xmlns='http://www.w3.org/2005/Atom'/>"), "");
    // Junk before a feed does no harm.
    assert_eq!(heard("\n<br />\n<b>Warning</b>: x\n<?xml version='1.0'?><rss><channel><item><title>a</title></item></channel></rss>").titles(), ["a"]);
}

#[test]
fn text_in_another_encoding_is_named_once() {
    let heard = heard(b"<rss><channel><item><title>caf\xE9</title></item>\n<item><title>\xE0</title></item></channel></rss>");
    assert_eq!(heard.titles(), ["café", "à"]);
    assert_eq!(
        heard.complaints(),
        ["t:1:28: not all text is UTF-8: what is not is read as windows-1252, from here on"]
    );
}
