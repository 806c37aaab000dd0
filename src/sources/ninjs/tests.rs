//! Items of every version.

use super::super::testing::{read, read_with};
use super::*;

fn record(item: &Value) -> Value {
    let heard = read(&Ninjs, item.to_string());
    assert_eq!((heard.complaints(), heard.records.len()), (vec![], 1));
    heard.fields(0)
}

#[test]
fn reads_version_1() {
    let item = value!({
        "uri": "tag:agency.example,2026:1", "type": "text", "version": "2", "headline": "Mưa lớn", "slugline": "MUA",
        "byline": "Lò Văn An", "description_text": "Tóm tắt", "body_html": "<p>Nhà ngập</p>", "body_text": "Nhà ngập",
        "firstcreated": "2026-11-20T09:00:00+07:00", "versioncreated": "2026-11-20T10:00:00+07:00", "pubstatus": "usable",
        "language": "vi", "copyrightnotice": "© Hãng", "copyrightholder": "Hãng",
        "subject": [{"code": "medtop:20000139", "name": "thời tiết"}, {"name": "Sơn La", "scheme": "tinh"}],
        "service": [{"code": "s", "name": "Xã hội"}], "keywords": ["mưa"],
        "associations": {
            "editor_0": {"type": "picture", "renditions": {"o": {"href": "https://a.example/2.jpg", "mimetype": "image/jpeg"}}},
            "featuremedia": {
                "type": "picture", "description_text": "Nước lên", "byline": "Bình", "body_text": "Suối",
                "renditions": {
                    "original": {"href": "https://a.example/o.jpg", "mimetype": "image/jpeg", "width": 6000, "height": 4000},
                    "web": {"href": "https://a.example/w.jpg", "mimetype": "image/jpeg", "width": 1200, "height": 800},
                    "thumbnail": {"href": "https://a.example/t.jpg", "mimetype": "image/jpeg", "width": 120, "height": 80},
                },
            },
        },
    });
    assert_eq!(
        record(&item),
        value!({
            "id": "tag:agency.example,2026:1", "type": "text", "version": "2", "title": "Mưa lớn", "slugline": "MUA",
            "authors": ["Lò Văn An"], "summary": "Tóm tắt", "content_html": "<p>Nhà ngập</p>", "language": "vi", "rights": "© Hãng",
            "date_published": "2026-11-20T09:00:00+07:00", "date_modified": "2026-11-20T10:00:00+07:00",
            "categories": ["Xã hội"], "tags": ["mưa", "thời tiết", "Sơn La"],
            "schemes": {"medtop": ["thời tiết"], "tinh": ["Sơn La"]},
            "image": [
                {"url": "https://a.example/w.jpg", "type": "image/jpeg", "width": 1200, "height": 800, "alt": "Suối", "caption": "Nước lên", "credit": "Bình"},
                {"url": "https://a.example/2.jpg", "type": "image/jpeg"},
            ],
        })
    );
}

#[test]
fn reads_version_2() {
    let item = value!({
        "standard": {"name": "ninjs", "version": "2.1"}, "uri": "https://agency.example/1", "by": "An",
        "headlines": [{"role": "short", "value": "Mưa"}, {"role": "main", "value": "Mưa lớn"}],
        "descriptions": [{"role": "summary", "contenttype": "text/plain", "value": "Tóm tắt"}],
        "bodies": [{"role": "main", "contenttype": "text/html", "value": "<p>Nhà ngập</p>"}],
        "contentcreated": "2026-11-20T09:00:00Z",
        "subjects": [{"name": "thời tiết", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000139"}],
        "associations": [{"name": "video", "type": "video", "headline": "Nước lên", "renditions": [{"name": "web", "href": "https://a.example/v.mp4", "contenttype": "video/mp4", "duration": 12, "sizeinbytes": 5}]}],
    });
    assert_eq!(
        record(&item),
        value!({
            "id": "https://agency.example/1", "authors": ["An"], "title": "Mưa lớn", "summary": "Tóm tắt",
            "content_html": "<p>Nhà ngập</p>", "date_published": "2026-11-20T09:00:00Z", "categories": ["thời tiết"],
            "schemes": {"mediatopic": ["thời tiết"]},
            "attachments": [{"url": "https://a.example/v.mp4", "type": "video/mp4", "duration": 12, "length": 5, "title": "Nước lên"}],
        })
    );
}

/// 1.3: sections by `subject`, the article in XHTML, renditions by their names.
#[test]
fn reads_version_1_3() {
    let item = value!({
        "uri": "https://agency.example/13", "type": "composite", "mimetype": "application/json", "version": "1",
        "versioncreated": "2026-11-20T10:00:00Z", "firstcreated": "2026-11-20T09:00:00Z", "headline": "Mưa lớn",
        "subject": [{"name": "Thời tiết", "rel": "about"}], "body_xhtml": "<p>Nhà ngập</p>", "body_text": "Nhà ngập",
        "associations": {"photo": {"type": "picture", "uri": "https://agency.example/p", "renditions": {
            "highres": {"href": "https://a.example/h.jpg", "mimetype": "image/jpeg", "width": 2055, "height": 2064},
            "lowres": {"href": "https://a.example/l.jpg", "mimetype": "image/jpeg", "width": 478, "height": 480, "sizeinbytes": 34},
        }}},
    });
    let record = record(&item);
    assert_eq!(record["content_html"], "<p>Nhà ngập</p>");
    assert_eq!(record["categories"], value!(["Thời tiết"]));
    assert_eq!(record["date_published"], "2026-11-20T09:00:00Z");
    let picture = value!([{"url": "https://a.example/l.jpg", "type": "image/jpeg", "width": 478, "height": 480, "length": 34}]);
    assert_eq!(record["image"], picture);
}

/// 3.x writes every name of several words with capitals, and the article in several forms.
#[test]
fn reads_version_3() {
    let item = value!({
        "standard": {"name": "ninjs", "version": "3.0"}, "uri": "https://agency.example/3", "type": "text",
        "versionCreated": "2026-11-20T10:00:00Z", "firstCreated": "2026-11-20T09:00:00Z", "contentCreated": "2026-11-20T08:00:00Z",
        "pubStatus": "usable", "copyrightNotice": "© Hãng", "copyrightHolder": "Hãng", "edNote": "Xem lại",
        "contributors": [{"name": "Lò Thị Mai", "role": "writer"}, {"name": "Bình"}],
        "headlines": [{"role": "main", "value": "Mưa lớn", "contentType": "text/plain"}],
        "descriptions": [{"role": "summary", "contentType": "text/plain", "value": "Tóm tắt"}],
        "bodies": [
            {"role": "main", "contentType": "text/plain", "value": "Nhà ngập"},
            {"role": "nitf", "contentType": "application/xml", "value": "<nitf/>"},
            {"role": "richtext", "contentType": "application/xhtml+xml", "value": "<p>Nhà ngập</p>"},
        ],
        "associations": [{
            "name": "mainpic", "type": "picture", "altText": "Suối", "by": "Bình", "descriptions": [{"value": "Nước lên"}],
            "renditions": [
                {"name": "preview", "href": "https://a.example/p.jpg", "contentType": "image/jpeg", "width": 1024, "sizeInBytes": 7},
                {"name": "watermark", "href": "https://a.example/m.jpg", "contentType": "image/jpeg", "width": 1024},
            ],
        }],
    });
    let expected = value!({
        "id": "https://agency.example/3", "type": "text", "authors": ["Lò Thị Mai", "Bình"], "title": "Mưa lớn",
        "summary": "Tóm tắt", "content_html": "<p>Nhà ngập</p>", "rights": "© Hãng", "ednote": "Xem lại",
        "date_published": "2026-11-20T09:00:00Z", "date_modified": "2026-11-20T10:00:00Z",
        "image": [{"url": "https://a.example/p.jpg", "type": "image/jpeg", "width": 1024, "length": 7, "alt": "Suối",
            "caption": "Nước lên", "credit": "Bình"}],
    });
    assert_eq!(record(&item), expected);
    let heard = read(&Ninjs, item.to_string());
    assert_ne!(heard.place(0, Some("date_modified")), heard.place(0, None), "the place of `versionCreated`");
    let withdrawn = value!({"uri": "a", "versionCreated": "2026-11-20T10:00:00Z", "pubStatus": "withheld"});
    assert_eq!(self::record(&withdrawn)["deleted"], true);
    let embargo =
        value!({"uri": "a", "versionCreated": "2026-11-20T10:00:00Z", "embargoed": "2026-11-21T10:00:00Z"});
    assert_eq!(self::record(&embargo)["date_published"], "2026-11-21T10:00:00Z");
    let plain = value!({"uri": "a", "bodies": [
        {"role": "nitf", "contentType": "application/xml", "value": "<nitf/>"}, {"role": "text", "value": "Nhà ngập"},
    ]});
    assert_eq!(self::record(&plain)["content_text"], "Nhà ngập");
}

#[test]
fn embargoes_and_withdrawals_are_kept() {
    let date = |created: &str, embargo: &str| {
        record(&value!({"uri": "a", "firstcreated": created, "embargoed": embargo}))["date_published"].clone()
    };
    assert_eq!(date("2026-11-20T09:00:00Z", "2026-11-21T09:00:00Z"), "2026-11-21T09:00:00Z");
    assert_eq!(date("2026-11-20T09:00:00Z", "2026-11-20T09:00:00+07:00"), "2026-11-20T09:00:00Z");
    assert_eq!(date("2026-11-20T09:00:00Z", "tomorrow"), "tomorrow");
    // As Superdesk writes them.
    assert_eq!(date("2026-11-20T09:00:00+0000", "2026-11-20T08:00:00+00:00"), "2026-11-20T09:00:00+0000");
    assert_eq!(date("2026-11-20T09:00:00+0000", "2026-11-21T08:00:00+00:00"), "2026-11-21T08:00:00+00:00");
    for status in ["canceled", "withheld", "stat:canceled", "Cancelled"] {
        assert_eq!(record(&value!({"uri": "a", "pubstatus": status}))["deleted"], true);
    }
    assert_eq!(record(&value!({"uri": "a", "pubstatus": "usable"}))["deleted"], Value::Null);
}

#[test]
fn items_come_alone_in_lists_and_in_lines() {
    let ids = |text: &str| -> Vec<Value> {
        let heard = read(&Ninjs, text);
        assert_eq!(heard.complaints(), [""; 0], "{text}");
        heard.records.iter().map(|item| item["id"].clone()).collect()
    };
    assert_eq!(ids(r#"{"uri": "a"}"#), ["a"]);
    assert_eq!(ids(r#"[{"uri": "a"}, {"uri": "b"}]"#), ["a", "b"]);
    assert_eq!(ids("{\"uri\": \"a\"}\n{\"uri\": \"b\"}\n"), ["a", "b"]);
    assert_eq!(ids(r#"{"_items": [{"uri": "a"}], "_meta": {}}"#), ["a"]);
    assert_eq!(ids(r#"{"total": 1, "item": [{"uri": "a"}]}"#), ["a"]);
    let options = Options { records: Some("news".to_owned()), ..Options::default() };
    assert_eq!(read_with(&Ninjs, r#"{"news": [{"uri": "a"}]}"#, &options).records.len(), 1);
}

/// What agencies send beside articles: the pictures themselves, packages, plans.
#[test]
fn what_is_no_article_is_passed_over() {
    let picture = value!({"uri": "a", "type": "picture", "headline": "Suối", "body_text": "", "renditions": {"o": {"href": "https://a.example/o.jpg"}}});
    let film = value!({"uri": "b", "type": "video", "headline": "Lũ", "body_html": "<p>Nước lên</p>"});
    let cancelled = value!({"uri": "c", "type": "picture", "pubstatus": "canceled"});
    let heard = read(&Ninjs, value!([picture, film, cancelled]).to_string());
    assert_eq!(heard.skipped, ["t:1:2: of type `picture`, without a text"]);
    assert_eq!((heard.records.len(), heard.titles()[0]), (2, "Lũ"));
}

#[test]
fn files_that_go_with_an_item_are_attached() {
    let item = value!({"guid": "a", "body_html": "<p>x</p>", "attachments": [
        {"id": "1", "title": "Bảng giá", "filename": "gia.pdf", "mimetype": "application/pdf", "length": 7, "href": "https://a.example/gia.pdf"},
        {"id": "2", "title": "kín"},
    ]});
    let expected = value!([{"url": "https://a.example/gia.pdf", "type": "application/pdf", "title": "Bảng giá", "length": 7}]);
    assert_eq!(record(&item)["attachments"], expected);
}

#[test]
fn says_where_things_stand_and_break() {
    let heard = read(
        &Ninjs,
        "[{\"uri\": \"a\",\n \"headline\": \"x\",\n \"versioncreated\": \"y\"},\n 5, {\"uri\": ",
    );
    assert_eq!(
        (heard.place(0, Some("title")), heard.place(0, Some("date_published"))),
        ("t:2:14".to_owned(), "t:3:20".to_owned())
    );
    assert_eq!(
        heard.complaints(),
        [
            "t:4:2: expected a record, that is, an object, found a number",
            "t:4:12: the text ends in the midst of a value"
        ]
    );
    assert_eq!(read(&Ninjs, " ").complaints(), ["t:1:1: the file is empty"]);
}
