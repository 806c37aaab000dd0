//! What becomes of Markdown: cases.

use super::super::testing::{Heard, read, read_as};
use super::*;

fn at(path: &str, text: &str) -> Heard {
    read_as(&Markdown, path, text, &Options::default())
}

#[test]
fn reads_toml_front_matter() {
    let heard = at(
        "tin/a.md",
        "+++\r\ntitle = \"Một\"\r\ndate = 2024-11-05\r\n[extra]\r\nimage = \"x\"\r\ntitle = \"no\"\r\n[taxonomies]\r\ntags = [\"a\"]\r\n+++\r\n\r\nNội *dung*.\r\n",
    );
    assert_eq!(
        heard.fields(0),
        json!({
            "title": "Một", "date": "2024-11-05", "extra": {"image": "x", "title": "no"}, "image": "x",
            "taxonomies": {"tags": ["a"]}, "tags": ["a"], "content_markdown": "\r\nNội *dung*.\r\n",
        })
    );
    assert_eq!(heard.place(0, None), "tin/a.md:1:1");
    assert_eq!(heard.place(0, Some("title")), "tin/a.md:2:9");
    assert_eq!(heard.place(0, Some("tags")), "tin/a.md:8:8");
    assert_eq!(heard.place(0, Some("content_markdown")), "tin/a.md:11:1");
}

#[test]
fn reads_yaml_front_matter() {
    let heard = read(&Markdown, "---\ntitle: Một\ndate: 2024-11-05 08:30\ntags:\n  - a\n---\nDung\n---\nx\n");
    assert_eq!(
        heard.fields(0),
        json!({"title": "Một", "date": "2024-11-05 08:30", "tags": ["a"], "content_markdown": "Dung\n---\nx\n"})
    );
    assert_eq!(heard.place(0, Some("date")), "t:3:7");
    assert_eq!(heard.place(0, Some("tags")), "t:5:3");
    let heard = read(&Markdown, "\n\n---\ntitle: Một\n---\n");
    assert_eq!(
        (heard.fields(0), heard.place(0, Some("title"))),
        (json!({"title": "Một"}), "t:4:8".to_owned())
    );
    assert_eq!(read(&Markdown, "---\n# none\n---\n# Hai\nx").titles(), ["Hai"]);
    assert_eq!(
        read(&Markdown, "---\ntitle: Một\n...\nx").fields(0),
        json!({"title": "Một", "content_markdown": "x"})
    );
}

#[test]
fn reads_json_front_matter() {
    let heard = read(&Markdown, "{\n  \"title\": \"Một\",\n  \"params\": {\"x\": 1}\n}\nDung\n");
    assert_eq!(
        heard.fields(0),
        json!({"title": "Một", "params": {"x": 1}, "x": 1, "content_markdown": "\nDung\n"})
    );
    assert_eq!(heard.place(0, Some("title")), "t:2:12");
    assert_eq!(read(&Markdown, "---json\n{\"title\": \"Một\"}\n---\n").titles(), ["Một"]);
    assert_eq!(read(&Markdown, "{{< figure >}}\n\n# Một\n").titles(), ["Một"]);
    assert_eq!(
        read(&Markdown, "{\"title\": \"Một\",\n x}\n").complaints(),
        ["t:2:2: front matter: key must be a string, found `x`"]
    );
}

#[test]
fn reads_header_lines() {
    let text = "Title: Một: hai\nDate: 2024-11-05 08:30\nTags: a, b\nMeta Data: x\nSummary: dòng\n    tiếp\n\nDung\n";
    let heard = read(&Markdown, text);
    assert_eq!(
        heard.fields(0),
        json!({
            "title": "Một: hai", "date": "2024-11-05 08:30", "tags": "a, b", "meta_data": "x",
            "summary": "dòng\ntiếp", "content_markdown": "Dung\n",
        })
    );
    assert_eq!(heard.place(0, Some("date")), "t:2:7");
    for text in ["Note: a paragraph\n\nx\n", "Title: x\nand more text\n\ny", "http://x.vn/\n\ny"] {
        assert_eq!(read(&Markdown, text).fields(0), json!({"content_markdown": text}), "{text}");
    }
}

#[test]
fn takes_the_title_from_the_heading() {
    let heard = read(&Markdown, "\n# Giá `vàng` *hôm nay* #\n\nDung\n");
    assert_eq!(heard.fields(0), json!({"title": "Giá vàng hôm nay", "content_markdown": "\nDung\n"}));
    assert_eq!(heard.place(0, Some("title")), "t:2:1");
    assert_eq!(heard.place(0, Some("content_markdown")), "t:4:1");
    let text = "Mở\n\n```\n# no\n```\n\nMột\n===\n\nDung\n";
    assert_eq!(read(&Markdown, text).fields(0), json!({"title": "Một", "content_markdown": text}));
    assert_eq!(read(&Markdown, "---\ntitle: Một\n---\n# Hai\n").titles(), ["Một"]);
}

#[test]
fn says_where_front_matter_breaks() {
    let complaint = |text: &str| read(&Markdown, text).complaints().join("|");
    assert_eq!(
        complaint("---\ntitle: a: b\n---\n"),
        "t:2:9: front matter: mapping values are not allowed in this context"
    );
    assert_eq!(
        complaint("+++\ntitle = \"a\"\ndate = \n+++\n"),
        "t:3:8: front matter: string values must be quoted, expected literal string"
    );
    assert_eq!(complaint("---\ntitle: a\n"), "t:1:1: front matter: no line `---` ends it");
    assert_eq!(complaint("---\n- a\n---\n"), "t:2:1: front matter: expected names and values");
}

#[test]
fn knows_jekyll() {
    let heard =
        at("kinh-te/_posts/2019-07-02-gia-vang.markdown", "---\ntitle: Một\npublished: false\n---\nx");
    assert_eq!(
        heard.fields(0),
        json!({
            "title": "Một", "date": "2019-07-02", "slug": "gia-vang", "draft": true, "categories": ["kinh-te"],
            "content_markdown": "x",
        })
    );
    let heard = at(
        "x/_posts/2019-07-02-a.md",
        "---\ndate: 2020-01-01\ncategory: y\npermalink: /z\npublished: true\n---\n",
    );
    assert_eq!(heard.fields(0), json!({"date": "2020-01-01", "category": "y", "permalink": "/z"}));
    let stated = at("_posts/2019-07-02-a.md", "---\npublished_at: 2020-01-01\n---\n");
    assert_eq!(stated.fields(0), json!({"published_at": "2020-01-01", "slug": "a"}));
    assert_eq!(
        at("_drafts/a.md", "---\ntitle: Một\n---\n").fields(0),
        json!({"title": "Một", "draft": true})
    );
    assert_eq!(at("_posts/a.md", "---\ntitle: Một\n---\n").fields(0), json!({"title": "Một"}));
}

#[test]
fn knows_hugo() {
    assert_eq!(
        at("tin/bai/index.md", "---\ntitle: Một\n---\n").fields(0),
        json!({"title": "Một", "slug": "bai"})
    );
    assert_eq!(
        at("tin/a.ru.md", "---\ntitle: Một\n---\n").fields(0),
        json!({"title": "Một", "language": "ru"})
    );
    assert_eq!(
        at("a.ru.md", "---\ntitle: Một\nlang: vi\n---\n").fields(0),
        json!({"title": "Một", "lang": "vi"})
    );
}

#[test]
fn passes_over_what_is_no_article() {
    for (path, text, reason) in [
        ("tin/_index.md", "---\ntitle: Tin\n---\n", "a section's page"),
        ("tin/_index.vi.md", "", "a section's page"),
        ("index.md", "---\ntitle: Báo\n---\n", "the front page"),
        ("tin/README.md", "# Một\n", "a file about the folder"),
        ("a.md", " \n", "an empty file"),
    ] {
        let heard = at(path, text);
        assert_eq!(heard.skipped, [format!("{path}:1:1: {reason}")]);
        assert_eq!((heard.records.len(), heard.unreadable.len()), (0, 0));
    }
    assert_eq!(at("readme.md", "---\ntitle: Một\n---\n").titles(), ["Một"]);
}
