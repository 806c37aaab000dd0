//! YAML (<https://yaml.org/spec/1.2.2/>): an article a document, a list of articles, or articles under a key.

use super::support::{encoding, tree, yaml_text};
use super::{Input, Options, Sink, Source};
use crate::diagnostic::{Diagnostic, Place};
use std::io;
use std::sync::Arc;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// The format.
pub struct Yaml;

impl Source for Yaml {
    fn name(&self) -> &'static str {
        "yaml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["yaml", "yml"]
    }

    fn about(&self) -> &'static str {
        "YAML: one article a document, a list of articles, or articles under a key"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let name = Arc::clone(&input.name);
        let Some(text) = encoding::whole_text(input, options, LARGEST, sink)? else { return Ok(()) };
        for document in yaml_text::documents(&mut text.as_bytes()) {
            match document {
                Ok(document) => tree::deliver(&name, document, options, sink),
                Err(fault) => {
                    let place = Place::new(&name, fault.at.0, fault.at.1);
                    let mut diagnostic = Diagnostic::left_out(place, fault.message);
                    diagnostic.help = fault.help.map(str::to_owned);
                    sink.unreadable(diagnostic);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read, read_with};
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_one_record() {
        let heard = read(
            &Yaml,
            "title: Một\ndate: 2024-11-05 08:30:00\nngay: 2024-11-05\nn: 3\nf: 1.5\nb: true\nno: no\nzip: 00120\nv: 1_0\nx: ~\nbig: 18446744073709551615\ntags: [a, b]\n",
        );
        assert_eq!(heard.complaints(), [""; 0]);
        assert_eq!(
            heard.fields(0),
            json!({
                "title": "Một", "date": "2024-11-05 08:30:00", "ngay": "2024-11-05", "n": 3, "f": 1.5, "b": true,
                "no": "no", "zip": "00120", "v": "1_0", "x": null, "big": 18446744073709551615_u64,
                "tags": ["a", "b"],
            })
        );
        assert_eq!(heard.place(0, None), "t:1:1");
        assert_eq!(heard.place(0, Some("date")), "t:2:7");
    }

    #[test]
    fn reads_documents_lists_and_keys() {
        let heard = read(&Yaml, "---\ntitle: Một\n---\ntitle: Hai\n---\n# nothing\n");
        assert_eq!(heard.titles(), ["Một", "Hai"]);
        assert_eq!(heard.place(1, Some("title")), "t:4:8");
        let heard = read(&Yaml, "- title: Một\n- ệ: x\n  title: Hai\n- 7\n");
        assert_eq!(heard.titles(), ["Một", "Hai"]);
        assert_eq!(heard.place(1, None), "t:2:3");
        assert_eq!(heard.place(1, Some("ệ")), "t:2:6");
        assert_eq!(heard.complaints(), ["t:4:3: expected a record, that is, an object, found a number"]);
        assert_eq!(read(&Yaml, "articles:\n  - title: Một\n").titles(), ["Một"]);
        assert_eq!(read(&Yaml, "17: {title: Một}\n18: {title: Hai}\n").titles(), ["Một", "Hai"]);
        assert_eq!(read(&Yaml, "").records.len(), 0);
        let options = Options { records: Some("a.b".to_owned()), ..Options::default() };
        assert_eq!(read_with(&Yaml, "a:\n  b:\n    - title: Một\n", &options).titles(), ["Một"]);
        assert_eq!(
            read_with(&Yaml, "x: 1\na: 2\n", &options).complaints(),
            ["t:2:4: there is no `b` here, where `records = \"a.b\"` looks for it"]
        );
    }

    #[test]
    fn says_where_it_breaks() {
        let heard = read(&Yaml, "---\ntitle: Một\n---\ntitle: \"Hai\ndate: x\n");
        assert_eq!(heard.titles(), ["Một"]);
        assert_eq!(heard.complaints(), ["t:4:8: unclosed quote"]);
        let heard = read(&Yaml, "title: a: b\n");
        assert_eq!(heard.complaints(), ["t:1:9: mapping values are not allowed in this context"]);
        assert!(heard.unreadable[0].help.as_deref().unwrap().contains("quotation marks"));
    }

    #[test]
    fn repeated_names_and_bombs() {
        assert_eq!(read(&Yaml, "title: a\ntitle: b\n").titles(), ["b"]);
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let alias = format!("*a{}, ", level - 1).repeat(9);
            bomb += &format!("a{level}: &a{level} [{alias}]\n");
        }
        let heard = read(&Yaml, &bomb);
        assert_eq!(heard.complaints(), ["t:6:15: the aliases (`*name`) stand for too much"]);
        let heard = read(&Yaml, "a: &x {title: Một}\nb: {<<: *x, n: 1}\n");
        assert_eq!(heard.titles(), ["Một", "Một"]);
    }
}
