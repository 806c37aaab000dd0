//! What is well-formed, and what is not.

use super::super::survey::{Syntax, survey};
use super::*;

fn read(text: &str) -> Result<usize, Box<Stop>> {
    let mut reader = Reader::new(text, Bounds { depth: 50, attributes: 100 }, survey(text, Syntax::Xml));
    let mut count = 0;
    loop {
        match reader.next(false)? {
            Token::Eof => return Ok(count),
            _ => count += 1,
        }
    }
}

#[test]
fn what_a_conforming_parser_refuses_is_refused() {
    for text in [
        "",
        "   ",
        "text",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>text",
        "</a>",
        "<a></a></a>",
        "<a x='1' x='2'/>",
        "<a xmlns:p='u' xmlns:q='u' p:x='1' q:y='1'><p:x:y/></a>",
        "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='1'/>",
        "<a x=1/>",
        "<a x/>",
        "<a x='1'y='2'/>",
        "<a x='<'/>",
        "<a x='&nope;'/>",
        "<a x='a & b'/>",
        "<a>&nope;</a>",
        "<a>&#0;</a>",
        "<a>&#x1F;</a>",
        "<a>&#X26;</a>",
        "<a>&#xFFFE;</a>",
        "<a>&#xD800;</a>",
        "<a>&#99999999999;</a>",
        "<a>a & b</a>",
        "<a>]]></a>",
        "<a>\u{b}</a>",
        "<a>\u{fffe}</a>",
        "<a><![CDATA[\u{1}]]></a>",
        "<a><![CDATA[ </a>",
        "<a><!-- a -- b --></a>",
        "<a><!-- </a>",
        "<p:a/>",
        "<a p:x='1'/>",
        "<a xmlns:p=''/>",
        "<a xmlns:p='http://e.x/ y'/>",
        "<a xmlns:p:q='u'/>",
        "<p:1 xmlns:p='u'/>",
        "<a xmlns:p='u' p:-b='1'/>",
        "<a xmlns:='u'/>",
        "<a xmlns:1='u'/>",
        "<1a/>",
        "< a/>",
        " <?xml version='1.0'?><a/>",
        "<?xml version='1.0' encoding='?'?><a/>",
        "<?xml encoding='utf-8'?><a/>",
        "<?xml version='1.0' standalone='maybe'?><a/>",
        "<a><?xml version='1.0'?></a>",
        "<a/><!DOCTYPE a>",
        "<!DOCTYPE a [<!ENTITY b '&b;'>]><a>&b;</a>",
    ] {
        assert!(read(text).is_err(), "{text:?} was let pass");
    }
}

#[test]
fn what_is_well_formed_is_let_pass() {
    for text in [
        "<a/>",
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<!-- c --><a x = '1' y=\"&lt;>\"/>\n<!-- d -->",
        "<a>&amp;&#38;&#x26;&#x1F600;</a>",
        "<a><![CDATA[<b> ]] > &nope;]]></a >",
        "<a xmlns:p='http://e.x/'><p:b p:c='1' c='1'/></a>",
        "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d '&b;&b;'>]><a>&d;</a>",
        "<đầu mục='1'/>",
        "<a><?go on?></a>",
        "<a xmlns:p='u' xmlns:q='v' p:x='1' q:x='1' x='1'/>",
        "<a xmlns:p='http://search.yahoo.com/mrss/' xmlns:q='http://search.yahoo.com/mrss' p:x='1' q:x='1'/>",
    ] {
        assert!(read(text).is_ok(), "{text:?}: {:?}", read(text));
    }
}

#[test]
fn bombs_are_refused_within_bounds() {
    let mut bomb = String::from("<!DOCTYPE a [<!ENTITY e0 'haha'>");
    for level in 1..12 {
        bomb.push_str(&format!("<!ENTITY e{level} '{}'>", format!("&e{};", level - 1).repeat(10)));
    }
    bomb.push_str("]><a>&e11;</a>");
    assert!(read(&bomb).is_err());
    assert!(read(&"<a>".repeat(10_000)).unwrap_err().limit);
    let attributes: String = (0..200).map(|n| format!(" a{n}='1'")).collect();
    assert!(read(&format!("<a{attributes}/>")).unwrap_err().limit);
}

/// What is seen ahead is what would be read.
#[test]
fn elements_seen_ahead_are_the_ones_that_come() {
    let item = "<i>\n <a>x</a>\n <b k='v'><![CDATA[y ] z]]></b><c>1</c><e k='w' l='m'/>\n</i>\n";
    let seen = |document: &str| -> (Vec<String>, Result<(), Box<Stop>>) {
        let bounds = Bounds { depth: 50, attributes: 100 };
        let mut reader = Reader::new(document, bounds, survey(document, Syntax::Xml));
        let mut texts = Vec::new();
        loop {
            if let Some(ahead) = reader.ahead() {
                assert!(document.get(ahead.offset..).is_some_and(|rest| rest.starts_with('<')), "{document}");
                texts.push(ahead.text.to_owned());
                reader.pass(ahead);
                continue;
            }
            match reader.next(true) {
                Ok(Token::Eof) => return (texts, Ok(())),
                Ok(_) => {}
                Err(stop) => return (texts, Err(stop)),
            }
        }
    };
    let (texts, end) = seen(&format!("<r>{item}{item}{item}</r>"));
    assert_eq!((texts.join("|"), end), ("x|y ] z|1|w|x|y ] z|1|w".to_owned(), Ok(())));
    for other in [
        "<a>x</b>",
        "<a>x</a",
        "<a>x</a >",
        "<a>x</aa>",
        "<a>x]]></a>",
        "<a>x &amp; y</a>",
        "<a>x<d/></a>",
        "<a >x</a>",
        "<a/>",
        "<ab>x</ab>",
        "<b k='w'>x</b>",
        "<b k='v'><![CDATA[y</b>",
        "<b k='v'>y]]></b>",
        "<b k='v'><![CDATA[y]]> </b>",
        "<b k='v'><![CDATA[<]]></b>",
        "<a>\u{1}</a>",
        "<!-- <a>x</a> -->",
        "<e k='x' l='m'",
        "<e k='x",
        "<e k='<' l='m'/>",
        "<e k='&' l='m'/>",
        "<e k='&lt;' l='m'/>",
        "<e k='\t' l='m'/>",
        "<e k='x' l='n'/>",
        "<e k='x' l='m'></e>",
        "<e k='x'l='m'/>",
        "<e l='x' l='m'/>",
    ] {
        let tail = format!("{item}<i>\n {other}\n <b k='v'>z</b></i></r>");
        let (texts, end) = seen(&format!("<r>{item}{tail}"));
        let alone = format!("<r>{tail}").replacen(item, "<i></i>", 1);
        assert_eq!(
            end.map_err(|stop| stop.message),
            read(&alone).map(|_| ()).map_err(|stop| stop.message),
            "{other}"
        );
        assert!(texts.len() <= 5, "{other}: {texts:?}");
    }
}
