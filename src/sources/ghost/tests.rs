//! Exports and answers of Ghost.

use super::super::testing::{Heard, read, read_with};
use super::*;

/// An export with those posts.
fn export(posts: &str) -> String {
    format!(
        r##"{{"db": [{{"meta": {{"version": "5.8"}}, "data": {{
"posts": [{posts}],
"posts_authors": [{{"post_id": "p1", "author_id": "u2", "sort_order": 1}}, {{"post_id": "p1", "author_id": "u1", "sort_order": 0}}],
"posts_meta": [{{"post_id": "p1", "feature_image_alt": "Suối", "feature_image_caption": "Nước <b>lên</b>"}}],
"posts_tags": [{{"post_id": "p1", "tag_id": "t2", "sort_order": 1}}, {{"post_id": "p1", "tag_id": "t1", "sort_order": 0}}, {{"post_id": "p1", "tag_id": "t3", "sort_order": 2}}],
"tags": [{{"id": "t1", "name": "Xã hội"}}, {{"id": "t2", "name": "mưa"}}, {{"id": "t3", "name": "#an", "visibility": "internal"}}],
"users": [{{"id": "u1", "name": "An", "email": "an@a.example"}}, {{"id": "u2", "name": "Bình"}}]}}}}]}}"##
    )
}

fn record(heard: &Heard) -> Value {
    assert_eq!((heard.complaints(), heard.records.len()), (vec![], 1));
    heard.fields(0)
}

#[test]
fn reads_an_export() {
    let post = r#"{"id": "p1", "uuid": "x", "title": "Một", "slug": "mot", "html": "<p><img src=\"__GHOST_URL__/a.jpg\"></p>", "status": "published",
"visibility": "public", "type": "post", "custom_excerpt": "Tóm tắt", "feature_image": "__GHOST_URL__/content/b.jpg", "lexical": "{}",
"created_at": "2026-11-01T00:00:00.000Z", "published_at": "2026-11-20T10:00:00.000Z", "updated_at": "2026-11-20T11:00:00.000Z"}"#;
    // Bare JSON is told apart.
    for source in [&Ghost as &dyn Source, &super::super::json::Json] {
        let heard = read(source, export(post));
        assert_eq!(
            record(&heard),
            value!({
                "id": "p1", "title": "Một", "slug": "mot", "content_html": "<p><img src=\"/a.jpg\"></p>", "status": "published",
                "visibility": "public", "type": "post", "summary": "Tóm tắt", "authors": ["An", "Bình"],
                "image": {"url": "/content/b.jpg", "alt": "Suối", "caption": "Nước <b>lên</b>"},
                "categories": ["Xã hội"], "tags": ["mưa"],
                "date_published": "2026-11-20T10:00:00.000Z", "date_modified": "2026-11-20T11:00:00.000Z",
            })
        );
        assert_eq!(
            (heard.place(0, None), heard.place(0, Some("date_published"))),
            ("t:2:11".to_owned(), "t:4:59".to_owned())
        );
    }
}

#[test]
fn reads_an_answer_of_the_api() {
    let heard = read(
        &Ghost,
        r##"{"posts": [{"id": "p1", "title": "Một", "url": "https://a.example/mot/", "canonical_url": null, "html": "<p>x</p>", "excerpt": "x",
"published_at": "2026-11-20T17:00:00.000+07:00", "authors": [{"name": "An", "url": "https://a.example/author/an/"}],
"tags": [{"name": "Xã hội"}, {"name": "#an", "visibility": "internal"}, {"name": "mưa"}], "primary_tag": {"name": "Xã hội"}}], "meta": {}}"##,
    );
    let post = record(&heard);
    assert_eq!((&post["url"], &post["summary"]), (&value!("https://a.example/mot/"), &Value::Null));
    assert_eq!((&post["categories"], &post["tags"]), (&value!(["Xã hội"]), &value!(["mưa"])));
    assert_eq!(post["authors"], value!([{"name": "An", "url": "https://a.example/author/an/"}]));
}

#[test]
fn bare_moments_are_of_utc() {
    let post = r#"{"id": "p", "title": "x", "published_at": "2026-11-20 10:00:00", "updated_at": null, "canonical_url": "https://b.example/x"}"#;
    let post = record(&read(&Ghost, export(post)));
    assert_eq!(
        (&post["date_published"], &post["date_modified"]),
        (&value!("2026-11-20T10:00:00Z"), &Value::Null)
    );
    // Where it was first is not where it is.
    assert_eq!((post.get("url"), &post["canonical"]), (None, &value!("https://b.example/x")));
}

#[test]
fn what_members_read_stays_with_them() {
    let body = |visibility: &str, html: &str| {
        let post = value!({"id": "p", "title": "x", "visibility": visibility, "html": html}).to_string();
        record(&read(&Ghost, export(&post)))["content_html"].clone()
    };
    assert_eq!(body("paid", "<p>bí mật</p>"), Value::Null);
    assert_eq!(body("members", "<p>a</p><!--members-only--><p>bí mật</p>"), "<p>a</p>");
    assert_eq!(body("public", "<p>a</p>"), "<p>a</p>");
    let answer = r#"{"posts": [{"id": "p", "title": "x", "visibility": "paid", "access": false, "html": "<p>a</p>"}]}"#;
    assert_eq!(record(&read(&Ghost, answer))["content_html"], "<p>a</p>");
}

#[test]
fn the_order_of_tables_is_nothing_to_it() {
    let of = |tables: [&str; 3]| {
        format!("{{\"db\": [{{\"data\": {{{}}}, \"meta\": {{}}}}, 1]}}", tables.join(", "))
    };
    let posts = r#""posts": [{"id": "p", "title": "x"}, {"id": "q", "title": "y"}]"#;
    let joined = r#""posts_tags": [{"post_id": "q", "tag_id": "b"}, {"post_id": "p", "tag_id": "b", "sort_order": 1}, {"post_id": "p", "tag_id": "a", "sort_order": 0}]"#;
    let tags = r#""tags": [{"id": "b", "name": "B"}, {"id": "a", "name": "A"}, 5]"#;
    for tables in [[posts, joined, tags], [tags, posts, joined], [joined, tags, posts]] {
        let heard = read(&Ghost, of(tables));
        assert_eq!(heard.complaints(), [""; 0]);
        let labels =
            |index: usize| (heard.fields(index)["categories"].clone(), heard.fields(index)["tags"].clone());
        assert_eq!((labels(0), labels(1)), ((value!(["A"]), value!(["B"])), (value!(["B"]), value!([]))));
    }
}

#[test]
fn an_answer_of_pages_was_asked_for_pages() {
    assert_eq!(read(&Ghost, r#"{"pages": [{"id": "p", "title": "x"}], "meta": {}}"#).titles(), ["x"]);
}

#[test]
fn says_what_it_leaves_out() {
    let posts = r#"{"id": "1", "title": "a", "type": "page"}, {"id": "2", "title": "b", "status": "sent"}, {"id": "3", "title": "c", "page": 1}, {"id": "4", "title": "d"}, 5"#;
    let heard = read(&Ghost, export(posts));
    assert_eq!(heard.titles(), ["d"]);
    assert_eq!(
        heard.skipped,
        [
            "t:2:11: of type `page`, which `records` does not name",
            "t:2:54: a post that was sent by e-mail alone",
            "t:2:99: of type `page`, which `records` does not name"
        ]
    );
    assert_eq!(heard.complaints(), ["t:2:164: expected a record, that is, an object, found a number"]);
    let options = Options { records: Some("post,page".to_owned()), ..Options::default() };
    assert_eq!(read_with(&Ghost, export(posts), &options).titles(), ["a", "c", "d"]);
    assert_eq!(read_with(&super::super::json::Json, export(posts), &options).titles(), ["a", "c", "d"]);
}

#[test]
fn what_is_whole_before_a_break_is_read() {
    let text = export(r#"{"id": "1", "title": "a"}, {"id": "2", "title": "b"}"#);
    let cut = text.find("\"b\"").unwrap();
    let heard = read(&Ghost, &text[..cut]);
    assert_eq!(heard.titles(), ["a"]);
    assert_eq!(heard.complaints().len(), 1);
    assert!(heard.complaints()[0].starts_with("t:2:"), "{:?}", heard.complaints());
    assert_eq!(
        read(&Ghost, "{\"a\": 1}").complaints(),
        ["t:1:1: the file is no export of Ghost: it has no `posts`"]
    );
    assert_eq!(read(&Ghost, "{\"posts\": 1}").complaints(), ["t:1:11: `posts` is no list of posts"]);
    assert_eq!(read(&Ghost, "").complaints().len(), 1);
}
