//! JSON that came from the web, looked at as it comes out of its file: whether it is whole, and what stands at a path.

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Number};
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};

/// Whether a file is JSON values from its beginning to its end. Of one in UTF-16 its format decides.
pub fn is_whole(file: File) -> io::Result<Result<(), String>> {
    let mut file = BufReader::with_capacity(64 << 10, file);
    if matches!(file.fill_buf()?, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, _, ..] | [_, 0, ..]) {
        return Ok(Ok(()));
    }
    skip_mark(&mut file)?;
    let values = Deserializer::from_reader(file);
    match values.into_iter::<IgnoredAny>().find_map(Result::err) {
        Some(error) if error.is_io() => Err(error.into()),
        Some(error) => Ok(Err(error.to_string())),
        None => Ok(Ok(())),
    }
}

/// The text, number or link that stands at a dotted path of a file's first value; a number in the path counts in a list.
pub fn at_path(file: File, path: &str) -> Result<Option<String>, serde_json::Error> {
    let mut file = BufReader::with_capacity(64 << 10, file);
    skip_mark(&mut file).map_err(serde_json::Error::io)?;
    let path: Vec<&str> = path.split('.').collect();
    At(&path).deserialize(&mut Deserializer::from_reader(file))
}

/// A byte-order mark of UTF-8 is no part of what it stands before.
fn skip_mark(file: &mut BufReader<File>) -> io::Result<()> {
    if file.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        file.consume(3);
    }
    Ok(())
}

/// What stands where the rest of a path leads.
struct At<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = Option<String>;

    fn deserialize<D: serde::Deserializer<'de>>(self, value: D) -> Result<Option<String>, D::Error> {
        value.deserialize_any(self)
    }
}

impl At<'_> {
    fn here(&self, found: impl fmt::Display) -> Option<String> {
        self.0.is_empty().then(|| found.to_string())
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Option<String>, E> {
        Ok(self.here(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Option<String>, E> {
        Ok(self.here(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Option<String>, E> {
        Ok(Number::from_f64(number).and_then(|number| self.here(number)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<String>, E> {
        Ok(self.here(text.trim()).filter(|text| !text.is_empty()))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Option<String>, M::Error> {
        // The links of some interfaces are objects.
        let (key, rest) = self.0.split_first().map_or(("href", self.0), |(key, rest)| (*key, rest));
        let mut found = None;
        while let Some(name) = map.next_key::<String>()? {
            if name == key {
                found = map.next_value_seed(At(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Option<String>, S::Error> {
        let mut found = None;
        if let Some((Ok(index), rest)) = self.0.split_first().map(|(key, rest)| (key.parse::<usize>(), rest))
        {
            for _ in 0..index {
                if list.next_element::<IgnoredAny>()?.is_none() {
                    return Ok(None);
                }
            }
            found = list.next_element_seed(At(rest))?.flatten();
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, Write};

    fn file(text: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        file.rewind().unwrap();
        file
    }

    #[test]
    fn json_is_looked_at_to_its_end() {
        let is_whole = |text: &[u8]| super::is_whole(file(text)).unwrap();
        for whole in [
            &b"\xef\xbb\xbf{\"a\": [1, 2]}"[..],
            b"{}\n{}",
            b"{\"a\": \"\\ud83d\"}",
            b"{\"a\": \"\xE9\"}",
            b"\xff\xfe[\0",
        ] {
            assert_eq!(is_whole(whole), Ok(()), "{whole:?}");
        }
        assert_eq!(
            is_whole(b"[{\"a\": 1}, {\"a\""),
            Err("EOF while parsing an object at line 1 column 15".to_owned())
        );
        assert!(is_whole(b"<html>").is_err());
    }

    #[test]
    fn a_path_leads_to_a_text_a_number_or_a_link() {
        let page = br#"{"meta": {"next": " p2 ", "n": 7, "half": 1.5, "none": null, "empty": " "}, "list": [{"x": "\ud83d"}, {"y": "z"}],
            "_links": {"next": {"title": "x", "href": "/2"}}, "text": {"next": {"next": 1}}}"#;
        let at = |path: &str| at_path(file(page), path).unwrap();
        for (path, found) in [
            ("meta.next", Some("p2")),
            ("meta.n", Some("7")),
            ("meta.half", Some("1.5")),
            ("list.1.y", Some("z")),
            ("_links.next", Some("/2")),
            ("_links.next.href", Some("/2")),
            ("meta.none", None),
            ("meta.empty", None),
            ("meta", None),
            ("list", None),
            ("list.2", None),
            ("meta.n.x", None),
            ("nothing.at.all", None),
        ] {
            assert_eq!(at(path).as_deref(), found, "{path}");
        }
        assert!(at_path(file(b"{\"next\": "), "next").is_err());
        assert!(at_path(file(&b"[".repeat(100_000)), "next").is_err());
    }
}
