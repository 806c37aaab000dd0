//! What becomes of CSV: cases.

use super::super::testing::{read, read_with};
use super::*;
use serde_json::json;

#[test]
fn reads_a_record_a_row() {
    let heard = read(
        &Csv,
        "\u{FEFF}\"title\" , date,Tác giả\r\nMột,5/11/2024,\r\n\r\n\"Hai, \"\"ba\"\"\nbốn\",,An\r\n,,\r\nNăm,, \r\n",
    );
    assert_eq!(heard.complaints(), [""; 0]);
    assert_eq!(heard.fields(0), json!({"title": "Một", "date": "5/11/2024"}));
    assert_eq!(heard.fields(1), json!({"title": "Hai, \"ba\"\nbốn", "Tác giả": "An"}));
    assert_eq!(heard.fields(2), json!({"title": "Năm"}));
    assert_eq!(heard.records.len(), 3);
    assert_eq!(read(&Csv, "").records.len(), 0);
}

#[test]
fn tells_where_a_cell_stands() {
    let heard = read(&Csv, "title,date,ệ\r\nMột,x,1\r\n\r\n\"a, \"\"b\"\"\nđ\",\"y\",2\r\nx\"y,z,3\r\n");
    assert_eq!(heard.place(0, None), "t:2:1");
    assert_eq!(heard.place(0, Some("title")), "t:2:1");
    assert_eq!(heard.place(0, Some("date")), "t:2:5");
    assert_eq!(heard.place(1, None), "t:4:1");
    assert_eq!(heard.place(1, Some("date")), "t:5:4");
    assert_eq!(heard.place(1, Some("ệ")), "t:5:8");
    assert_eq!(heard.place(2, Some("date")), "t:6:5");
    assert_eq!(heard.place(2, Some("tags")), "t:6:1");
}

#[test]
fn finds_the_delimiter() {
    for (text, title) in [
        ("title;date\na, b;1\n", "a, b"),
        ("title\tdate\na;b\t1\n", "a;b"),
        ("title|date\na|1\n", "a"),
        ("title\na;b\n", "a;b"),
        ("\"x;y;z\",title\n1,a\n", "a"),
        ("sep=;\ntitle;x\na;b\n", "a"),
    ] {
        let heard = read(&Csv, text);
        assert_eq!(heard.titles(), [title], "{text}");
    }
    assert_eq!(read(&Tsv, "title\ta,b,c\nx\t1\n").titles(), ["x"]);
    assert_eq!(read(&Tsv, "title,b\nx,1\n").titles(), ["x"]);
    assert_eq!(read(&Csv, "sep=;\ntitle;x\na;b\n").place(0, None), "t:3:1");
    let options = Options {
        delimiter: Some(b'~'),
        quote: Some(b'\''),
        columns: Some(vec!["title".to_owned(), "x".to_owned()]),
        ..Options::default()
    };
    let heard = read_with(&Csv, "a~1\n'b~c'~2\n", &options);
    assert_eq!(heard.titles(), ["a", "b~c"]);
    assert_eq!(heard.place(1, Some("x")), "t:2:7");
}

#[test]
fn leaves_out_rows_of_another_length() {
    let heard = read(&Csv, "title,date\nMột,1\nHai\nBa,2,x\nBốn,3,,\nNăm,\"4\nSáu,5\n");
    assert_eq!(heard.titles(), ["Một", "Bốn", "Năm"]);
    assert_eq!(
        heard.complaints(),
        [
            "t:3:1: the row has 1 cell, and there are 2 columns",
            "t:4:6: the row has 3 cells, and there are 2 columns"
        ]
    );
    let heard = read(&Csv, "title,date\n\"Một,1\nHai,2\nBa,3\n");
    assert_eq!(heard.complaints(), ["t:2:1: the row has 1 cell, and there are 2 columns"]);
    assert!(heard.unreadable[0].help.as_deref().unwrap().contains("not closed"));
}

#[test]
fn leaves_out_rows_that_are_not_utf_8() {
    let heard = read(&Csv, b"title,date\nM\xC3\xB4t,1\nx,caf\xE9\nBa,2\n");
    assert_eq!(heard.titles(), ["Môt", "Ba"]);
    assert_eq!(heard.complaints(), ["t:3:3: the cell is not UTF-8: it has a byte 0xE9 here"]);
    let heard = read(&Csv, b"title,n\xE9\nx,1\n");
    assert_eq!((heard.records.len(), heard.complaints().len()), (0, 1));
    let utf_16: Vec<u8> =
        "\u{FEFF}title\tx\r\nMột\t1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&Csv, utf_16).titles(), ["Một"]);
}

#[test]
fn puts_lists_and_objects_together() {
    let heard = read(
        &Csv,
        "tags/0,tags/1,tags/2,k.1,k.0,m[0],author/name,author/url,authors/0/name,Ngày/tháng,v1.0,big/99999999\n\
         a,,c,x,y,z,An,u,Bình,5,q,w\n",
    );
    assert_eq!(
        heard.fields(0),
        json!({
            "tags": ["a", "c"], "k": ["y", "x"], "m": ["z"], "author": {"name": "An", "url": "u"},
            "author/name": "An", "author/url": "u", "authors": [{"name": "Bình"}], "Ngày/tháng": "5",
            "v1": ["q"], "big/99999999": "w",
        })
    );
    assert_eq!(heard.place(0, Some("tags")), "t:2:1");
    assert_eq!(heard.place(0, Some("author")), "t:2:12");
    let deep = ["a"; 5].join("/");
    assert_eq!(read(&Csv, format!("{deep},b\nx,y\n")).fields(0), json!({deep: "x", "b": "y"}));
    // A column and its parts: what came first stands.
    assert_eq!(read(&Csv, "tags,tags/0\na,b\n").fields(0), json!({"tags": "a"}));
    assert_eq!(read(&Csv, "tags,tags/0\n,b\n").fields(0), json!({"tags": ["b"]}));
    assert_eq!(read(&Csv, ",title\n7,x\n").fields(0), json!({"title": "x"}));
}

#[test]
fn rows_beyond_a_buffer_keep_their_places() {
    let long = "ệ".repeat(20_000);
    let mut text = "title,date\n".to_owned();
    for index in 0..300 {
        text += &format!("\"{}\n\",{index}\r\n", if index % 50 == 0 { &long } else { "x" });
    }
    let heard = read(&Csv, &text);
    assert_eq!(heard.records.len(), 300);
    assert_eq!(heard.place(250, None), format!("t:{}:1", 2 + 250 * 2));
    assert_eq!(heard.place(299, Some("date")), format!("t:{}:3", 3 + 299 * 2));
}
