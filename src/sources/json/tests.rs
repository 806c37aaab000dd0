//! What becomes of JSON: cases.

use super::super::testing::{Heard, read, read_with};
use super::*;
use serde_json::json;

fn under(records: &str, text: &str) -> Heard {
    read_with(&Json, text, &Options { records: Some(records.to_owned()), ..Options::default() })
}

#[test]
fn reads_one_record() {
    let heard = read(&Json, " {\"title\": \"Một\", \"tags\": [{\"name\": \"a\"}]}\n");
    assert_eq!(heard.fields(0), json!({"title": "Một", "tags": [{"name": "a"}]}));
    assert_eq!(heard.place(0, None), "t:1:2");
    assert_eq!(heard.complaints(), [""; 0]);
}

#[test]
fn reads_a_list() {
    let heard = read(&Json, "[\n  {\"title\": \"Một\"},\n  {\"ệ\": 1, \"title\": \"Hai\"}, 7,\n null]");
    assert_eq!(heard.titles(), ["Một", "Hai"]);
    assert_eq!(heard.place(0, None), "t:2:3");
    assert_eq!(heard.place(1, None), "t:3:3");
    assert_eq!(heard.place(1, Some("title")), "t:3:21");
    assert_eq!(
        heard.complaints(),
        [
            "t:3:29: expected a record, that is, an object, found a number",
            "t:4:2: expected a record, that is, an object, found null",
        ]
    );
    assert_eq!(read(&Json, "[]").complaints(), [""; 0]);
}

#[test]
fn reads_a_json_feed() {
    let text = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Báo", "language": "vi",
        "authors": [{"name": "Tòa soạn"}],
        "items": [{"title": "Một"}, {"title": "Hai", "language": "en", "author": {"name": "An"}}]}"#;
    let heard = read(&Json, text);
    assert_eq!(heard.fields(0), json!({"title": "Một", "language": "vi", "authors": [{"name": "Tòa soạn"}]}));
    assert_eq!(heard.fields(1), json!({"title": "Hai", "language": "en", "author": {"name": "An"}}));
}

#[test]
fn finds_records_under_a_key() {
    assert_eq!(read(&Json, r#"{"status": "ok", "articles": [{"title": "Một"}]}"#).titles(), ["Một"]);
    assert_eq!(read(&Json, r#"{"n": 1, "tin": [{"title": "Một"}]}"#).titles(), ["Một"]);
    assert_eq!(read(&Json, r#"{"items": []}"#).complaints(), [""; 0]);
    assert_eq!(under("a.b", r#"{"a": {"b": [{"title": "Một"}], "c": [{}]}}"#).titles(), ["Một"]);
    assert_eq!(under("a", r#"{"a": {"title": "Một"}}"#).titles(), ["Một"]);
    assert_eq!(under("a", r#"{"a": {"x": {"title": "Một"}}}"#).titles(), ["Một"]);
    assert_eq!(
        under("a.x", r#"{"a": {"b": 1}}"#).complaints(),
        ["t:1:7: there is no `x` here, where `records = \"a.x\"` looks for it"]
    );
    assert_eq!(under("a.x", r#"{"a": {"b": 1}}"#).unreadable[0].help.as_deref(), Some("what is here: `b`"));
    let heard = read(&Json, r#"{"moi": [{"title": "Một"}], "cu": [{"title": "Hai"}], "x": {}}"#);
    assert_eq!(heard.complaints(), ["t:1:1: records may stand under several keys: `moi`, `cu`"]);
    assert_eq!(under("a", r#"{"a": 1}"#).complaints(), ["t:1:7: `a` is no list of records"]);
}

#[test]
fn reads_an_object_of_objects() {
    let heard = read(&Json, r#"{"17": {"title": "Một"}, "18": {"title": "Hai", "id": "x"}}"#);
    assert_eq!(heard.fields(0), json!({"id": "17", "title": "Một"}));
    assert_eq!(heard.fields(1), json!({"id": "x", "title": "Hai"}));
}

#[test]
fn a_file_that_breaks_off_gives_what_stands_before() {
    let heard = read(&Json, "[{\"title\": \"Một\"},\n {\"title\": \"Hai\"},\n {\"title\": \"B");
    assert_eq!(heard.titles(), ["Một", "Hai"]);
    assert_eq!(heard.complaints(), ["t:3:13: the text ends in the midst of a string"]);
    let heard = read(&Json, "{\"items\": [{\"title\": \"Một\"},\n {\"title\": ệ}, {}]}");
    assert_eq!(heard.titles(), ["Một"]);
    assert_eq!(heard.complaints(), ["t:2:12: expected value, found `ệ`"]);
    let heard = under("items", "{\"items\": [{\"title\": \"Một\"}\n {\"title\": 1}]}");
    assert_eq!(heard.titles(), ["Một"]);
    assert_eq!(heard.complaints(), ["t:2:2: expected `,` or `]`, found `{`"]);
    let heard = read(&Json, "{\"17\": {\"title\": \"Một\"}, \"18\": {\"title\": \"H");
    assert_eq!(heard.titles(), ["Một"]);
    assert_eq!(heard.complaints().len(), 1);
    assert_eq!(read(&Json, "[{},]").complaints(), ["t:1:5: expected value, found `]`"]);
    assert_eq!(read(&Json, "[{}").complaints(), ["t:1:4: expected `,` or `]`, found the end"]);
    assert_eq!(read(&Json, "{\"title\" 1}").complaints(), ["t:1:10: expected `:`, found `1`"]);
    assert_eq!(
        read(&Json, "{title: 1}").complaints(),
        ["t:1:2: expected a name in quotation marks, found `t`"]
    );
    assert_eq!(read(&Json, "{\"title\": \"a\nb\"}").complaints().len(), 1);
}

#[test]
fn a_record_beyond_reading_leaves_the_others() {
    let deep = format!(
        "[{{\"title\": \"Một\"}}, {{\"a\": {}{}}}, {{\"title\": \"Ba\"}}]",
        "[".repeat(500),
        "]".repeat(500)
    );
    let heard = read(&Json, deep);
    assert_eq!(heard.titles(), ["Một", "Ba"]);
    assert_eq!(heard.complaints().len(), 1);
    assert!(heard.complaints()[0].contains("recursion limit"), "{:?}", heard.complaints());
}

#[test]
fn reads_records_behind_one_another() {
    let heard = read(&Json, "{\"title\": \"Một\"}\n{\"title\": \"Hai\"}");
    assert_eq!(heard.titles(), ["Một", "Hai"]);
    assert_eq!(heard.place(1, None), "t:2:1");
    let heard = read(&Json, "{\"title\": \"Một\"}}");
    assert_eq!(heard.titles(), ["Một"]);
    assert_eq!(heard.complaints(), ["t:1:17: expected value, found `}`"]);
}

#[test]
fn refuses_what_is_no_json() {
    let complaint = |text: &str| read(&Json, text).complaints().join("|");
    assert_eq!(
        complaint("window.tin_2026 = {\"a\": 1};"),
        "t:1:1: the file is JavaScript, not JSON: it begins with `window.tin_2026 =`"
    );
    assert_eq!(
        complaint("\ncb({\"a\": 1})"),
        "t:2:1: the file is JavaScript, not JSON: it begins with `cb(`"
    );
    assert_eq!(complaint("const x = 1"), "t:1:1: the file is JavaScript, not JSON: it begins with `const`");
    assert_eq!(complaint("<!DOCTYPE html><p>"), "t:1:1: the file is HTML, not JSON");
    assert_eq!(complaint("<?xml version='1.0'?>"), "t:1:1: the file is XML, not JSON");
    assert_eq!(complaint("// tin\n{}"), "t:1:1: the file begins with a comment: JSON has none");
    assert_eq!(complaint(""), "t:1:1: the file is empty");
    assert_eq!(complaint("  \n"), "t:1:1: the file is empty");
    assert_eq!(complaint("12"), "t:1:1: expected a record, that is, an object, found a number");
    // The others are read, as of JSON Lines.
    let heard = read(&Json, b"[\n{\"title\": \"\xE9\"},\n{\"title\": \"Hai\"}]");
    assert_eq!(heard.complaints(), ["t:2:12: the record is not UTF-8: it has a byte 0xE9 here"]);
    assert_eq!(heard.titles(), ["Hai"]);
}

#[test]
fn lone_surrogates_do_no_harm() {
    let heard = read(&Json, r#"[{"title": "a\ud83d"}]"#);
    assert_eq!(heard.titles(), ["a\u{0}"]);
}
