//! TOML (<https://toml.io/en/v1.1.0>): one article, or an array of tables.

use super::support::{encoding, position::Positions, toml_text, tree};
use super::{Input, Options, Sink, Source};
use crate::diagnostic::Diagnostic;
use std::io;
use std::sync::Arc;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// The format.
pub struct Toml;

impl Source for Toml {
    fn name(&self) -> &'static str {
        "toml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["toml"]
    }

    fn about(&self) -> &'static str {
        "TOML: one article, or an array of tables"
    }

    fn read(&self, input: Input<'_>, options: &Options, sink: &mut dyn Sink) -> io::Result<()> {
        let name = Arc::clone(&input.name);
        let Some(text) = encoding::whole_text(input, options, LARGEST, sink)? else { return Ok(()) };
        let positions = Positions::new(&text);
        match toml_text::document(&text, &positions, 0) {
            Ok(document) => tree::deliver(&name, document, options, sink),
            Err(fault) => {
                let place = positions.at(fault.offset).place(&name);
                sink.unreadable(Diagnostic::left_out(place, fault.message));
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
            &Toml,
            "title = \"Một\"\ndate = 2024-11-05T08:30:00+07:00\nday = 2024-11-05\nlocal = 2024-11-05 08:30:00\nn = 1_000\nh = 0xff\nf = 1.5\ni = inf\n[author]\nname = \"An\"\n[[attachments]]\nurl = \"x\"\n",
        );
        assert_eq!(
            heard.fields(0),
            json!({
                "title": "Một", "date": "2024-11-05T08:30:00+07:00", "day": "2024-11-05",
                "local": "2024-11-05T08:30:00", "n": 1000, "h": 255, "f": 1.5, "i": "inf",
                "author": {"name": "An"}, "attachments": [{"url": "x"}],
            })
        );
        assert_eq!(heard.place(0, None), "t:1:1");
        assert_eq!(heard.place(0, Some("date")), "t:2:8");
    }

    #[test]
    fn reads_arrays_of_tables() {
        let heard = read(&Toml, "[[article]]\ntitle = \"Một\"\n\n[[article]]\n\"ệ\" = 1\ntitle = \"Hai\"\n");
        assert_eq!(heard.titles(), ["Một", "Hai"]);
        assert_eq!(heard.place(1, Some("title")), "t:6:9");
        let options = Options { records: Some("b".to_owned()), ..Options::default() };
        assert_eq!(
            read_with(&Toml, "[[a]]\ntitle = \"x\"\n[[b]]\ntitle = \"Một\"\n", &options).titles(),
            ["Một"]
        );
    }

    #[test]
    fn says_where_it_breaks() {
        let heard = read(&Toml, "title = \"Một\"\nngày = x\n");
        assert_eq!(heard.complaints(), ["t:2:3: invalid unquoted key, expected letters, numbers, `-`, `_`"]);
        assert_eq!(read(&Toml, "a = 1\na = 2\n").complaints(), ["t:2:1: duplicate key"]);
    }
}
