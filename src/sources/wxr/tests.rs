//! Exports, and what becomes of their posts and pictures.

use super::super::feed::Feed;
use super::super::testing::{Heard, read, read_with};
use super::*;
use serde_json::json;

/// An export with those items.
fn export(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>
<rss version=\"2.0\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:wp=\"http://wordpress.org/export/1.2/\">
<channel><title>Báo A</title><link>https://a.example</link><language>vi</language>
<wp:author><wp:author_login>an</wp:author_login><wp:author_email>an@a.example</wp:author_email><wp:author_display_name><![CDATA[Lò Văn An]]></wp:author_display_name></wp:author>
{items}
</channel></rss>"
    )
}

fn item(inside: &str) -> String {
    format!(
        "<item><title>Một</title><link>https://a.example/mot/</link><wp:post_id>7</wp:post_id>{inside}</item>"
    )
}

fn heard(items: &str) -> Heard {
    read(&Wxr, export(items))
}

#[test]
fn reads_a_post() {
    let post = item(
        r#"<guid isPermaLink="false">https://a.example/?p=7</guid><dc:creator><![CDATA[an]]></dc:creator>
<content:encoded><![CDATA[Nhà ngập.

Nước lên.]]></content:encoded><excerpt:encoded><![CDATA[Tóm tắt]]></excerpt:encoded>
<wp:post_date>2026-11-20 17:00:00</wp:post_date><wp:post_date_gmt>2026-11-20 10:00:00</wp:post_date_gmt>
<wp:post_name>mot</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="xa-hoi"><![CDATA[Xã hội]]></category><category domain="post_tag" nicename="mua"><![CDATA[mưa]]></category><category domain="tinh" nicename="son-la"><![CDATA[Sơn La]]></category>
<wp:postmeta><wp:meta_key>sapo</wp:meta_key><wp:meta_value><![CDATA[Lời dẫn]]></wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_content>không</wp:comment_content></wp:comment>"#,
    );
    // A feed of the same extension is told apart.
    for source in [&Wxr as &dyn Source, &Feed] {
        let heard = read(source, export(&post));
        assert_eq!((heard.complaints(), heard.skipped.len()), (vec![], 0));
        assert_eq!(
            heard.fields(0),
            json!({
                "id": "https://a.example/?p=7", "url": "https://a.example/mot/", "title": "Một", "summary": "Tóm tắt",
                "content_html": "<p>Nhà ngập.</p>\n<p>Nước lên.</p>", "date_published": "2026-11-20T17:00:00+07:00",
                "authors": ["Lò Văn An"], "categories": ["Xã hội"], "tags": ["mưa"], "terms": {"tinh": ["Sơn La"]},
                "status": "publish", "slug": "mot", "post_id": "7", "post_type": "post", "language": "vi",
                "meta": {"sapo": "Lời dẫn"},
                "feed": {"title": "Báo A", "url": "https://a.example", "language": "vi"},
            })
        );
        assert_eq!(
            (heard.place(0, None), heard.place(0, Some("date_published"))),
            ("t:5:1".to_owned(), "t:9:1".to_owned())
        );
    }
}

#[test]
fn says_what_it_leaves_out() {
    let typed = |kind: &str| item(&format!("<wp:post_type>{kind}</wp:post_type>"));
    let closed = item("<wp:post_password><![CDATA[bí mật]]></wp:post_password>");
    let all = typed("page") + &typed("attachment") + &closed + &typed("post");
    assert_eq!(heard(&all).records.len(), 1);
    assert_eq!(
        heard(&all).skipped,
        [
            "t:5:1: of type `page`, which `records` does not name",
            "t:5:126: an attachment",
            "t:5:257: a post under a password"
        ]
    );
    let options = Options { records: Some("pages".to_owned()), ..Options::default() };
    let none = read_with(&Wxr, export(&all), &options);
    assert_eq!(none.complaints(), ["t:1:1: `records` names types of which no item is: pages"]);
    let options = Options { records: Some("page, tin".to_owned()), ..Options::default() };
    let pages = read_with(&Wxr, export(&(all + &typed("tin"))), &options);
    assert_eq!(pages.records.iter().map(|post| &post["post_type"]).collect::<Vec<_>>(), ["page", "tin"]);
}

#[test]
fn dates_have_the_offset_of_the_newsroom() {
    let date = |local: &str, greenwich: &str| {
        let dates =
            format!("<wp:post_date>{local}</wp:post_date><wp:post_date_gmt>{greenwich}</wp:post_date_gmt>");
        heard(&item(&dates)).fields(0)["date_published"].clone()
    };
    assert_eq!(date("2026-11-20 17:00:00", "2026-11-20 10:00:00"), "2026-11-20T17:00:00+07:00");
    assert_eq!(date("2026-11-20 17:00:00", "2026-11-20 10:07:00"), "2026-11-20T10:07:00+00:00");
    assert_eq!(date("2026-11-20 17:00:00", "0000-00-00 00:00:00"), "2026-11-20 17:00:00");
    assert_eq!(date("0000-00-00 00:00:00", "0000-00-00 00:00:00"), "0000-00-00 00:00:00");
}

const PICTURE: &str = r#"<item><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type><wp:post_parent>7</wp:post_parent>
<excerpt:encoded><![CDATA[Nước lên]]></excerpt:encoded><wp:attachment_url>https://a.example/a.jpg</wp:attachment_url>
<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>Suối</wp:meta_value></wp:postmeta>
<wp:postmeta><wp:meta_key>_wp_attachment_metadata</wp:meta_key><wp:meta_value><![CDATA[a:5:{s:5:"width";i:640;s:6:"height";i:480;s:4:"file";s:5:"a.jpg";}]]></wp:meta_value></wp:postmeta></item>"#;

#[test]
fn pictures_are_found_before_and_behind_their_posts() {
    let thumbnail = |number: &str| {
        format!(
            "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>{number}</wp:meta_value></wp:postmeta>"
        )
    };
    let post = item(&thumbnail("9"));
    let second = item("<content:encoded>[gallery]</content:encoded>").replace("Một", "Hai");
    let wanted = json!({"url": "https://a.example/a.jpg", "alt": "Suối", "caption": "Nước lên", "width": 640, "height": 480});
    let earlier = PICTURE.replace("<wp:post_id>9<", "<wp:post_id>8<").replace("a.jpg", "b.jpg");
    let earlier = earlier.replace("<wp:post_parent>7<", "<wp:post_parent>70<");
    // Replaced by what comes under the same number.
    let replaced = earlier.replace("<wp:post_id>8<", "<wp:post_id>9<");
    for items in [
        post.clone() + &second + PICTURE,
        PICTURE.to_owned() + &post + &second,
        PICTURE.to_owned() + &earlier + &post + &second,
        replaced.clone() + PICTURE + &post + &second,
        post.clone() + &replaced + &second + PICTURE,
    ] {
        let heard = heard(&items);
        assert_eq!(heard.complaints(), [""; 0]);
        assert_eq!(heard.titles(), ["Một", "Hai"]);
        assert_eq!(heard.fields(0)["image"], wanted);
        assert_eq!(
            heard.fields(1)["content_html"],
            "<figure><img src=\"https://a.example/a.jpg\" alt=\"Suối\" width=\"640\" height=\"480\"><figcaption>Nước lên</figcaption>\n</figure>"
        );
    }
    let lacking = heard(&(post + &item(&thumbnail("10"))));
    assert_eq!(lacking.complaints(), ["t:5:1: 2 posts have pictures that are not in the export"]);
    assert_eq!(lacking.records.len(), 2);
}

#[test]
fn what_is_whole_before_a_cut_is_read() {
    let text = export(&(item("") + &item("")));
    let cut = text.rfind("<wp:post_id>").unwrap();
    let heard = read(&Wxr, &text[..cut]);
    assert_eq!(
        (heard.records.len(), heard.complaints()),
        (1, vec!["t:5:93: the file breaks off in the midst of this entry".to_owned()])
    );
    assert_eq!(
        read(&Wxr, "<html>").complaints(),
        ["t:1:1: the file is no WordPress export: it has no `<rss>`"]
    );
}

#[test]
fn many_pictures_lie_in_a_file() {
    let count = 20_000;
    let pictures: String = (0..count)
        .map(|number| {
            let picture = PICTURE.replace("<wp:post_id>9<", &format!("<wp:post_id>{number}<"));
            picture.replace("a.jpg", &format!("{}{number}.jpg", "x".repeat(100)))
        })
        .collect();
    let of = |number: usize| {
        item(&format!(
            "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>{number}</wp:meta_value></wp:postmeta>"
        ))
    };
    let numbers = [0, 7, 12_345, count - 1];
    let posts: String = numbers.iter().map(|number| of(*number)).collect();
    for items in [pictures.clone() + &posts, posts + &pictures] {
        let heard = heard(&items);
        assert_eq!((heard.records.len(), heard.complaints()), (4, vec![]));
        for (post, number) in heard.records.iter().zip(numbers) {
            let url = post["image"]["url"].as_str().unwrap();
            assert!(url.ends_with(&format!("x{number}.jpg")), "{url}");
        }
    }
}

#[test]
fn many_posts_wait_in_a_file() {
    let long = "x".repeat(200_000);
    let post = item(&format!(
        "<content:encoded>{long}</content:encoded><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
    ));
    let heard = heard(&(post.repeat(100) + PICTURE));
    assert_eq!((heard.records.len(), heard.complaints()), (100, vec![]));
    assert!(heard.records.iter().all(|post| post["image"]["url"] == "https://a.example/a.jpg"));
}
