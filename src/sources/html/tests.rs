//! Pages in the manner of several publishing systems, and what breaks.

use super::super::testing::{Heard, read, read_as, read_with};
use super::super::{Options, Pick, Select};
use super::Html;
use serde_json::{Value, json};

/// WordPress with Yoast: one graph, in which things refer to each other.
const WORDPRESS: &str = r##"<!DOCTYPE html><html lang="vi" prefix="og: https://ogp.me/ns#"><head><meta charset="UTF-8">
<title>Mưa lớn ở Mường La - Báo Thử</title>
<link rel="canonical" href="https://bao.example/xa-hoi/mua-lon/" />
<meta property="og:locale" content="vi_VN" /><meta property="og:type" content="article" />
<meta property="og:title" content="Mưa lớn ở Mường La - Báo Thử" />
<meta property="og:description" content="Nhiều nhà bị ngập &amp;hellip;" />
<meta property="og:site_name" content="Báo Thử" />
<meta property="article:published_time" content="2026-11-20T10:00:00+00:00" />
<meta property="og:image" content="https://bao.example/anh/mua.jpg" /><meta property="og:image:width" content="1200" /><meta property="og:image:height" content="675" />
<meta name="author" content="Lò Văn An" />
<script type="application/ld+json" class="yoast-schema-graph">{"@context":"https://schema.org","@graph":[
{"@type":"Article","@id":"https://bao.example/xa-hoi/mua-lon/#article","isPartOf":{"@id":"https://bao.example/xa-hoi/mua-lon/"},
"author":{"name":"Lò Văn An","@id":"https://bao.example/#/schema/person/1"},"headline":"Mưa lớn ở Mường La","datePublished":"2026-11-20T10:00:00+00:00",
"dateModified":"2026-11-20T11:00:00+00:00","mainEntityOfPage":{"@id":"https://bao.example/xa-hoi/mua-lon/"},
"image":{"@id":"https://bao.example/xa-hoi/mua-lon/#primaryimage"},"keywords":["mưa","lũ"],"articleSection":["Xã hội"],"inLanguage":"vi"},
{"@type":"WebPage","@id":"https://bao.example/xa-hoi/mua-lon/","url":"https://bao.example/xa-hoi/mua-lon/","name":"Mưa lớn ở Mường La - Báo Thử"},
{"@type":"ImageObject","@id":"https://bao.example/xa-hoi/mua-lon/#primaryimage","url":"https://bao.example/anh/mua.jpg","width":1200,"height":675,"caption":"Nước lên"},
{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1,"name":"Trang chủ","item":"https://bao.example/"},
{"@type":"ListItem","position":2,"name":"Tin tức","item":"https://bao.example/tin-tuc/"},{"@type":"ListItem","position":3,"name":"Xã hội","item":"https://bao.example/xa-hoi/"},
{"@type":"ListItem","position":4,"name":"Mưa lớn ở Mường La"}]},
{"@type":"WebSite","@id":"https://bao.example/#website","name":"Báo Thử"},
{"@type":"Person","@id":"https://bao.example/#/schema/person/1","name":"Lò Văn An","url":"https://bao.example/author/an/"}]}</script>
</head><body class="single"><nav><a href="/">Trang chủ</a></nav><article class="post"><header class="entry-header"><h1 class="entry-title">Mưa lớn ở Mường La</h1></header>
<div class="entry-content"><p>Nước lên <b>nhanh</b>.</p><div class="sharedaddy"><a href="#">Chia sẻ</a></div><script>x()</script>
<p>Hết.</p><div class="jp-relatedposts"><a href="/x">Bài khác</a></div></div><footer>chân</footer></article></body></html>"##;

fn first(page: &str) -> Value {
    let heard = read(&Html, page);
    assert_eq!(heard.complaints(), Vec::<String>::new(), "{page}");
    assert_eq!(heard.skipped, Vec::<String>::new(), "{page}");
    let mut fields = heard.fields(0);
    let fields = fields.as_object_mut().unwrap();
    fields.remove("meta");
    fields.remove("jsonld");
    Value::Object(std::mem::take(fields))
}

#[track_caller]
fn has(record: &Value, expected: Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&record[name], value, "{name} of {record:#}");
    }
}

/// An article's head and heading around what is tried.
fn page(head: &str, body: &str) -> String {
    format!(
        "<html lang=vi><meta charset=utf-8><meta property=og:type content=article>{head}<body>{body}</body></html>"
    )
}

#[test]
fn wordpress() {
    let record = first(WORDPRESS);
    has(
        &record,
        json!({
            "title": "Mưa lớn ở Mường La",
            "url": "https://bao.example/xa-hoi/mua-lon/",
            "summary": "Nhiều nhà bị ngập &hellip;",
            "date_published": "2026-11-20T10:00:00+00:00",
            "date_modified": "2026-11-20T11:00:00+00:00",
            "authors": [{"name": "Lò Văn An", "url": "https://bao.example/author/an/"}],
            "categories": ["Tin tức", "Xã hội"],
            "tags": ["mưa", "lũ"],
            "image": {"url": "https://bao.example/anh/mua.jpg", "width": 1200, "height": 675, "caption": "Nước lên"},
            "language": "vi",
            "_from": {
                "title": "JSON-LD headline", "url": "link rel=canonical", "summary": "og:description",
                "date_published": "JSON-LD datePublished", "date_modified": "JSON-LD dateModified",
                "authors": "JSON-LD author", "categories": "JSON-LD articleSection, JSON-LD BreadcrumbList",
                "tags": "JSON-LD keywords", "image": "JSON-LD image", "language": "JSON-LD inLanguage",
                "content_html": "`.entry-content`",
            },
        }),
    );
    let html = record["content_html"].as_str().unwrap();
    assert!(html.starts_with("<p>Nước lên <b>nhanh</b>.</p>") && html.ends_with("<p>Hết.</p>"), "{html}");
}

#[test]
fn drupal() {
    // Dublin Core, RDFa's microdata, no JSON-LD.
    let record = first(
        r#"<html lang="vi" dir="ltr"><head><meta charset="utf-8"/><meta name="Generator" content="Drupal 10"/>
        <link rel="shortlink" href="https://bao.example/node/17"/><link rel="canonical" href="/kinh-te/cho-phien"/>
        <meta name="description" content="Chợ đông."/><meta name="dcterms.title" content="Chợ phiên"/>
        <meta name="dcterms.creator" content="Hà Thị Bình"/><meta name="dcterms.date" content="2026-11-19T08:30+07:00"/>
        <meta name="dcterms.modified" content="2026-11-19T09:00+07:00"/><meta name="dcterms.rights" content="© Báo Thử"/>
        <title>Chợ phiên | Báo Thử</title></head><body><nav class="breadcrumb"><a href="/">Trang nhất</a><a href="/kinh-te">Kinh tế</a></nav>
        <article role="article" class="node node--type-article"><h1><span>Chợ phiên</span></h1>
        <div class="node__submitted">Gửi bởi admin</div><div class="field field--name-body field__item"><p>Từ sớm <img src="/anh/cho.jpg"></p></div></article></body></html>"#,
    );
    has(
        &record,
        json!({
            "title": "Chợ phiên", "url": "/kinh-te/cho-phien", "summary": "Chợ đông.",
            "date_published": "2026-11-19T08:30+07:00", "date_modified": "2026-11-19T09:00+07:00",
            "authors": ["Hà Thị Bình"], "categories": ["Kinh tế"], "rights": "© Báo Thử",
            "content_html": "<p>Từ sớm <img src=\"/anh/cho.jpg\"></p>", "language": "vi",
        }),
    );
}

#[test]
fn ghost() {
    let record = first(&page(
        r#"<link rel=canonical href="https://bao.example/mua/"><meta property="og:title" content="Mưa"><meta property="article:tag" content="Xã hội"><meta property="article:tag" content="Mưa">
        <script type="application/ld+json">{"@context":"https://schema.org","@type":"Article","publisher":{"@type":"Organization","name":"Báo Thử"},
        "author":{"@type":"Person","name":"An","url":"/author/an/","sameAs":[]},"headline":"Mưa","url":"https://bao.example/mua/","datePublished":"2026-11-20T10:00:00.000Z",
        "image":{"@type":"ImageObject","url":"https://bao.example/a.jpg","width":2000,"height":1333},"keywords":"Xã hội, Mưa","description":"Lớn.","mainEntityOfPage":"https://bao.example/mua/"}</script>"#,
        r#"<article class="gh-article"><h1>Mưa</h1><section class="gh-content"><p>Lớn</p><div class="kg-signup-card"><form><input></form></div></section></article>"#,
    ));
    has(
        &record,
        json!({
            "title": "Mưa", "authors": [{"name": "An", "url": "https://bao.example/author/an/"}], "tags": ["Xã hội", "Mưa"],
            "image": {"url": "https://bao.example/a.jpg", "width": 2000, "height": 1333}, "content_html": "<p>Lớn</p>", "summary": "Lớn.",
        }),
    );
}

#[test]
fn a_large_vietnamese_site() {
    // Section in microdata, names of the house as authors, an empty person, a lead above the article.
    let record = first(
        r#"<html itemscope itemtype="http://schema.org/NewsArticle" lang=vi><head><meta charset=utf-8>
        <title>Giá dầu tăng - Báo Thử Kinh doanh</title><meta property="og:site_name" content="bao.example"/>
        <meta property="og:type" content="article"/><meta property="og:url" itemprop="url" content="https://bao.example/gia-dau-17.html"/>
        <meta content="Giá dầu tăng" itemprop="headline" property="og:title"/><meta content="Phân tích" itemprop="articleSection"/>
        <meta content="2026-11-20T00:05:00+07:00" itemprop="datePublished" name="pubdate"/><meta name="author" content="bao.example"/>
        <meta name="twitter:description" value="Dầu lên."/>
        <script type="application/ld+json">{"@type":"NewsArticle","headline":"Giá dầu tăng","author":{"@type":"Person","name":""},"datePublished":"2026-11-20T00:05:00+07:00"}</script>
        <script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"position":2,"item":{"@id":"https://bao.example/phan-tich","name":"Phân tích"}},{"position":1,"item":{"@id":"https://bao.example/kinh-doanh","name":"Kinh doanh"}}]}</script>
        </head><body><h1 class="title-detail">Giá dầu tăng</h1><p class="name" data-role="author">Minh Châu </p>
        <article class="fck_detail "><p class="Normal">Dầu <a href="/x.html">Brent</a>.</p><aside class="tin"><a href="/y">Tin khác nữa</a></aside><aside>Một câu trích dẫn.</aside></article></body></html>"#,
    );
    has(
        &record,
        json!({
            "title": "Giá dầu tăng", "categories": ["Kinh doanh", "Phân tích"], "authors": ["Minh Châu"], "summary": "Dầu lên.",
            "content_html": "<p class=\"Normal\">Dầu <a href=\"/x.html\">Brent</a>.</p><aside>Một câu trích dẫn.</aside>",
        }),
    );
    assert_eq!(record["_from"]["categories"], "microdata articleSection, JSON-LD BreadcrumbList");
}

#[test]
fn a_provincial_site_with_nothing_but_text() {
    for date in [
        "05/11/2024 | 08:30",
        "Thứ ba, 5/11/2024, 08:30 (GMT+7)",
        "Cập nhật lúc: 08:30 05/11/2024",
        "05/11/2024 08:30:00 SA",
    ] {
        let record = first(&format!(
            r#"<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>
            Họp báo thường kỳ - Báo Sơn Thử</title><meta name="keywords" content="họp báo; tỉnh" /></head><body><form id="aspnetForm">
            <div class="menu"><a href="/">Trang chủ</a></div><div class="chitiet"><h1>Họp báo thường kỳ</h1><span class="ngay">{date}</span>
            <div class="sapo">Sáng nay, tỉnh họp báo.</div><div class="ExternalClass12 noi-dung"><p>Nội dung.</p></div></div>
            <ul class="tin-khac"><li><span class="ngay">01/01/2024</span></li></ul></form></body></html>"#
        ));
        let stated = date.strip_prefix("Cập nhật lúc: ").unwrap_or(date);
        has(
            &record,
            json!({"title": "Họp báo thường kỳ", "date_published": stated, "summary": "Sáng nay, tỉnh họp báo.", "tags": ["họp báo", "tỉnh"], "content_html": "<p>Nội dung.</p>"}),
        );
        assert_eq!(record["_from"]["date_published"], "`.ngay`");
    }
}

#[test]
fn amp() {
    let record = first(
        r#"<!doctype html><html ⚡ lang="en"><head><meta charset="utf-8"><link rel="canonical" href="https://paper.example/a.html">
        <script type="application/ld+json">{"@context":"http://schema.org","@type":"NewsArticle","mainEntityOfPage":"https://paper.example/a.html","headline":"Rain","datePublished":"2026-11-20T10:00:00Z","image":["https://paper.example/1x1.jpg","https://paper.example/16x9.jpg"],"author":[{"@type":"Person","name":"Ann"},"Bob"]}</script></head>
        <body><article class="amp-wp-article"><h1>Rain</h1><div class="amp-wp-article-content"><amp-img src="/r.jpg" width="100" height="50" layout="responsive"></amp-img><p>Fell.</p></div></article></body></html>"#,
    );
    has(
        &record,
        json!({"authors": [{"name": "Ann"}, {"name": "Bob"}], "image": {"url": "https://paper.example/1x1.jpg"}, "language": "en"}),
    );
    assert!(record["content_html"].as_str().unwrap().contains(" src=\"/r.jpg\""));
}

#[test]
fn arabic_and_japanese() {
    let record = first(&page(
        "<meta property=og:locale content=ar_AR><meta property=og:title content='أمطار غزيرة | صحيفة'><meta property=og:site_name content='صحيفة'><meta property=article:published_time content='2026-11-20T10:00:00+03:00'>",
        "<article dir=rtl><h1>أمطار غزيرة</h1><p>هطلت.</p></article>",
    ));
    has(&record, json!({"title": "أمطار غزيرة", "content_html": "<p>هطلت.</p>"}));
    let japanese = "<html lang=ja><head><meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'><meta property=og:type content=article>\
                    <title>大雨の被害｜日刊新聞</title><meta name=pubdate content='2026-11-20T10:00:00+09:00'></head><body><article><p>川が増水。</p></article>";
    let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(japanese);
    let heard = read(&Html, bytes);
    has(
        &heard.fields(0),
        json!({"title": "大雨の被害", "content_html": "<p>川が増水。</p>", "date_published": "2026-11-20T10:00:00+09:00"}),
    );
}

#[test]
fn a_live_blog_is_one_article() {
    let record = first(&page(
        r#"<script type="application/ld+json">[{"@type":["LiveBlogPosting","NewsArticle"],"headline":"Bão số 9: tường thuật","datePublished":"2026-11-20",
        "liveBlogUpdate":[{"@type":"BlogPosting","headline":"Gió mạnh lên","datePublished":"2026-11-21"}]}]</script>"#,
        "",
    ));
    has(&record, json!({"title": "Bão số 9: tường thuật", "date_published": "2026-11-20"}));
}

#[test]
fn microdata_alone() {
    let record = first(
        r#"<html><body><div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Mưa &amp; lũ</h1>
        <time itemprop="datePublished" datetime="2026-11-20T17:00">hôm nay</time>
        <span itemprop="author" itemscope itemtype="https://schema.org/Person"><a itemprop="url" href="/an"><span itemprop="name">Lò Văn An</span></a></span>
        <span itemprop="image" itemscope itemtype="https://schema.org/ImageObject"><img itemprop="url" src="/a.jpg"><meta itemprop="width" content="800"><meta itemprop="height" content="450"></span>
        <div itemprop="articleBody"><p>Một.</p></div><div itemprop="articleBody"><p>Hai.</p></div></div></body></html>"#,
    );
    has(
        &record,
        json!({
            "title": "Mưa & lũ", "date_published": "2026-11-20T17:00", "authors": [{"name": "Lò Văn An", "url": "/an"}],
            "image": {"url": "/a.jpg", "width": 800, "height": 450}, "content_html": "<p>Một.</p><p>Hai.</p>",
        }),
    );
}

#[test]
fn titles_are_escaped_where_nothing_is_left_to_decode() {
    has(
        &first(&page("", "<h1>Thẻ &lt;b> &amp;amp; R&amp;D</h1><p>x")),
        json!({"title": "Thẻ &lt;b> &amp;amp; R&amp;D"}),
    );
    has(
        &first(&page("<meta property=og:title content='R&amp;amp;D &amp;quot;x&amp;quot;'>", "")),
        json!({"title": "R&amp;D &quot;x&quot;"}),
    );
    let json = r#"<script type="application/ld+json">{"@type":"Article","headline":"R&amp;amp;D &amp;quot;x&amp;quot;"}</script>"#;
    has(&first(&page(json, "")), json!({"title": "R&amp;D &quot;x&quot;"}));
}

#[test]
fn an_image_is_the_largest_and_has_what_is_said_of_it_elsewhere() {
    let json = r#"<script type="application/ld+json">{"@type":"Article","headline":"x","image":[{"url":"/1.jpg","width":100,"height":100},{"url":"/2.jpg","width":"1200px","height":"675"}]}</script>"#;
    has(&first(&page(json, "")), json!({"image": {"url": "/2.jpg", "width": 1200, "height": 675}}));
    let og = "<meta property=og:image content=/1.jpg><meta property=og:image:alt content='Nước lên'><meta property=og:image:width content=5>";
    let json =
        r#"<script type="application/ld+json">{"@type":"Article","headline":"x","image":"/1.jpg"}</script>"#;
    has(
        &first(&page(&format!("{og}{json}"), "")),
        json!({"image": {"url": "/1.jpg", "alt": "Nước lên", "width": 5}}),
    );
}

fn skipped(page: &str) -> String {
    let heard = read(&Html, page);
    assert_eq!((heard.records.len(), heard.complaints()), (0, vec![]), "{page}");
    heard.skipped.join(";").replace("t:1:1: ", "")
}

#[test]
fn pages_that_are_no_articles_say_so() {
    for (page, reason) in [
        (
            "<meta property=og:type content=website><title>Báo</title><h1>Tin</h1><time datetime=2026-11-20>x</time>",
            "it states that it is website (og:type)",
        ),
        (
            r#"<title>Xã hội</title><script type="application/ld+json">{"@type":"CollectionPage"}</script>"#,
            "it states that it is a CollectionPage (JSON-LD)",
        ),
        (
            "<title>Tìm kiếm</title><meta name=robots content='noindex, follow'>",
            "it states that it is not to be listed (robots)",
        ),
        (
            "<title>404</title><h1>Không tìm thấy trang</h1>",
            "it states neither that it is an article nor when it was published (a list of articles is read with `format = \"html-list\"`)",
        ),
        ("<meta http-equiv=refresh content='0; url=/moi/'><title>x</title>", "it leads to another page"),
        ("<meta property=og:type content=article>", "it states no title"),
        (" \n", "an empty file"),
        (
            r#"<title>Tin</title><script type="application/ld+json">[{"@type":"NewsArticle","headline":"a","url":"/a"},{"@type":"NewsArticle","headline":"b","url":"/b"}]</script>"#,
            "several articles are on it, and it states to be none of them",
        ),
        (
            "<h1>Tin</h1><article><h2>a</h2><time datetime=2026-11-20></time></article><article><h2>b</h2><time datetime=2026-11-20></time></article>",
            "it states neither that it is an article nor when it was published (a list of articles is read with `format = \"html-list\"`)",
        ),
    ] {
        assert_eq!(skipped(page), reason, "{page}");
    }
    // A system that knows one type alone, and a date that says more.
    has(
        &first("<meta property=og:type content=website><meta name=pubdate content='2026-11-20'><h1>Tin</h1>"),
        json!({"title": "Tin"}),
    );
    // A page reloads itself.
    has(
        &first(
            "<meta http-equiv=refresh content='300; url=/a'><meta name=date content='2026-11-20'><h1>Tin</h1>",
        ),
        json!({"title": "Tin"}),
    );
    // Of several articles it is the one of its address.
    let several = r#"<link rel=canonical href="https://b.example/b"><script type="application/ld+json">[{"@type":"NewsArticle","headline":"a","url":"https://b.example/a"},{"@type":"NewsArticle","headline":"b","url":"http://www.b.example/b/"}]</script>"#;
    has(&first(several), json!({"title": "b"}));
}

#[test]
fn selectors_say_what_pages_do_not() {
    let select = Select {
        content: vec![Pick::own("div.bai")],
        title: vec![Pick::own("h2.tit")],
        date: vec![Pick::own(".d@data-x"), Pick::own(".d")],
        category: vec![Pick::own(".c")],
        image: vec![Pick::own("img@data-src")],
        ..Select::default()
    };
    let options =
        Options { select, remove: vec![Pick::own(".box"), Pick::own("p:last-child")], ..Options::default() };
    let text = "<h2 class=tit>Mưa <i>lớn</i></h2><b class=c>Xã hội</b><b class=c>Mưa</b><p class=d>20/11/2026</p><div class=bai><p>Một<div class=box>x</div><img data-src=a.jpg><p>Hết</div>";
    let heard = read_with(&Html, text, &options);
    has(
        &heard.fields(0),
        json!({
            "title": "Mưa lớn", "date_published": "20/11/2026", "categories": ["Xã hội", "Mưa"], "image": {"url": "a.jpg"},
            "content_html": "<p>Một</p><img data-src=\"a.jpg\">",
        }),
    );
    assert_eq!(heard.fields(0)["_from"]["date_published"], "select.date `.d`");
    let heard = read_with(&Html, "<title>Tin</title><p class=d>20/11/2026</p>", &options);
    assert_eq!(heard.skipped, ["t:1:1: `select.content` catches nothing on it"]);
}

#[test]
fn addresses_come_from_the_page_or_its_place() {
    let address = |path: &str, head: &str| {
        let heard = read_as(&Html, path, page(head, "<h1>x</h1>"), &Options::default());
        let fields = heard.fields(0);
        (fields["url"].as_str().map(str::to_owned), fields["_page"].as_str().map(str::to_owned))
    };
    let own = |text: &str| Some(text.to_owned());
    assert_eq!(address("a/b.html", ""), (None, own("a/b.html")));
    assert_eq!(address("a/b/index.html", ""), (None, own("a/b/")));
    // The front page's, as some templates state for every page.
    assert_eq!(address("a.html", "<link rel=canonical href=https://bao.example/>"), (None, own("a.html")));
    assert_eq!(address("a.html", "<link rel=canonical href=https://bao.example><meta property=og:url content=https://bao.example/x>").0, own("https://bao.example/x"));
    assert_eq!(
        address("a.html", "<base href=https://bao.example/y/><link rel=canonical href=x>").0,
        own("https://bao.example/y/x")
    );
    let text = page(
        "<base href=https://cdn.example/y/>",
        "<article><p><a href=z>z</a><img src=/a.jpg srcset='b.jpg 1x, c.jpg 2x'></article>",
    );
    assert_eq!(
        read_as(&Html, "a.html", text.replace("<article>", "<h1>x</h1><article>"), &Options::default())
            .fields(0)["content_html"],
        "<p><a href=\"https://cdn.example/y/z\">z</a><img src=\"https://cdn.example/a.jpg\" srcset=\"https://cdn.example/y/b.jpg 1x, https://cdn.example/y/c.jpg 2x\"></p>"
    );
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let heard = read(
        &Html,
        page("\n<script type='application/ld+json'>\n{\"@type\": \"Article\" \"x\"}</script>", "<h1>x</h1>"),
    );
    assert_eq!(heard.titles(), ["x"]);
    assert!(
        heard.complaints()[0].starts_with("t:3:1: JSON-LD that cannot be read: "),
        "{:?}",
        heard.complaints()
    );
    let heard = read(&Html, b"<meta charset=utf-8><meta property=og:type content=article><h1>caf\xE9</h1>");
    assert_eq!((heard.titles(), heard.complaints().len()), (vec!["caf\u{FFFD}"], 1));
    let heard = read(&Html, b"<h1>caf\xE9</h1>");
    assert!(heard.complaints()[0].starts_with("t:1:8: the page is not UTF-8"), "{:?}", heard.complaints());
    let heard = read(&Html, vec![b' '; (16 << 20) + 1]);
    assert_eq!(heard.complaints(), ["t:1:1: the page is larger than 16 MiB, the most that is read of one"]);
    // Where a date stands that is none.
    let text = page("\n  <meta name=pubdate content='99/99/2026'>", "<h1>x</h1>");
    assert_eq!(read(&Html, text).place(0, Some("date_published")), "t:2:31");
}

#[test]
fn deep_and_long_pages_are_read_in_linear_time() {
    let head =
        "<meta property=og:type content=article><title>Sâu</title><meta name=pubdate content=2026-11-20>";
    let hostile: Vec<(&str, String)> = vec![
        ("div", "<div>".repeat(100_000)),
        ("b", "<b>".repeat(100_000)),
        ("font", (0..50_000).map(|n| format!("<font color={n}>")).collect()),
        ("table", "<table><td>".repeat(50_000)),
        ("itemprop", "<div itemprop=name itemscope>".repeat(900) + &"<p>x".repeat(100_000)),
        ("itemprop text", "<div itemprop=name>".repeat(900) + &"<p>x".repeat(100_000)),
        ("aside", "<aside>".repeat(900) + &"<a>x</a>".repeat(50_000)),
        ("article", "<article>".repeat(900) + &"<p>x".repeat(50_000)),
        ("time", "<article>".to_owned() + &"<time>x</time>".repeat(100_000)),
        ("class", "<p class='date ngay'>x".repeat(50_000)),
        ("h1", "<h1>x</h1>".repeat(100_000)),
        ("meta", "<meta name=a content=b>".repeat(50_000)),
        ("lists", "<ul><li>".repeat(400) + &"<li><time>2026</time>".repeat(20_000)),
        ("json", format!("<script type=application/ld+json>{}</script>", "[".repeat(100_000))),
        (
            "nodes",
            format!(
                "<script type=application/ld+json>[{}1]</script>",
                "{\"@type\":\"Article\",\"@id\":\"a\",\"x\":[]},".repeat(30_000)
            ),
        ),
        ("scripts", "<script type=application/ld+json>{</script>".repeat(20_000)),
    ];
    for (name, body) in hostile {
        let started = std::time::Instant::now();
        let heard: Heard = read(&Html, format!("{head}<body>{body}"));
        assert!(started.elapsed().as_secs() < 30, "{name} took {:?}", started.elapsed());
        assert!(heard.records.len() + heard.skipped.len() == 1, "{name}: {:?}", heard.skipped);
    }
}
