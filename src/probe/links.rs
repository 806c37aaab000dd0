//! The links that a feed itself states: its hub, and the page that it is of.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde::Deserialize;

/// What a feed leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    pub hub: Option<String>,
    pub home: Option<String>,
}

/// Reads the links of a feed; what is no feed has none.
pub fn of(document: &[u8]) -> Links {
    let text = String::from_utf8_lossy(document);
    match text.trim_start().starts_with('{') {
        true => json(&text),
        false => xml(&text),
    }
}

fn json(text: &str) -> Links {
    #[derive(Deserialize)]
    struct Feed {
        home_page_url: Option<String>,
        #[serde(default)]
        hubs: Vec<Hub>,
    }
    #[derive(Deserialize)]
    struct Hub {
        url: Option<String>,
    }
    match serde_json::from_str::<Feed>(text) {
        Ok(feed) => Links { hub: feed.hubs.into_iter().find_map(|hub| hub.url), home: feed.home_page_url },
        Err(_) => Links::default(),
    }
}

/// Links stand before the first entry, or between entries; those of entries are not of the feed.
fn xml(text: &str) -> Links {
    let mut links = Links::default();
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    // How many entries are open, and what has been read of a link of RSS, whose text is the address.
    let (mut entries, mut address) = (0usize, None::<String>);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => match start.local_name().as_ref() {
                b"item" | b"entry" => entries += 1,
                b"link" if entries == 0 && !take(&mut links, &start) => {
                    address = (start.name().as_ref() == b"link").then(String::new);
                }
                _ => {}
            },
            Ok(Event::Empty(start)) if start.local_name().as_ref() == b"link" && entries == 0 => {
                take(&mut links, &start);
            }
            Ok(Event::Text(text)) => {
                if let Some(address) = &mut address {
                    address.push_str(&text.decode().unwrap_or_default());
                }
            }
            // Of the references only this one stands in addresses.
            Ok(Event::GeneralRef(reference)) if *reference == *b"amp" => {
                address.iter_mut().for_each(|address| address.push('&'));
            }
            Ok(Event::End(end)) => {
                let whole = address.take().map(|address| address.trim().to_owned());
                links.home = links.home.take().or(whole.filter(|address| !address.is_empty()));
                if matches!(end.local_name().as_ref(), b"item" | b"entry") {
                    entries = entries.saturating_sub(1);
                }
            }
            Ok(Event::Eof) | Err(_) => return links,
            Ok(_) => {}
        }
    }
}

/// Takes the address out of a link that has it in an attribute; false where it has none.
fn take(links: &mut Links, start: &BytesStart<'_>) -> bool {
    let attribute = |name: &str| {
        let attribute = start.try_get_attribute(name).ok().flatten()?;
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        Some(value.trim().replace("&amp;", "&"))
    };
    let Some(href) = attribute("href") else { return false };
    let kind = attribute("type");
    match attribute("rel").as_deref() {
        Some("hub") => {
            links.hub.get_or_insert(href);
        }
        None | Some("alternate") if kind.as_deref().is_none_or(|kind| kind.contains("html")) => {
            links.home.get_or_insert(href);
        }
        _ => {}
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(hub: Option<&str>, home: Option<&str>) -> Links {
        Links { hub: hub.map(str::to_owned), home: home.map(str::to_owned) }
    }

    #[test]
    fn every_format_states_them() {
        let rss = "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><a:link rel='hub' href='https://h/'/><a:link rel='self' href='https://s/'/><link>https://b/?a=1&amp;b=2</link><item><link>https://no/</link><a:link rel='hub' href='https://no/'/></item></channel></rss>";
        assert_eq!(of(rss.as_bytes()), links(Some("https://h/"), Some("https://b/?a=1&b=2")));
        let atom = "<feed><entry><link href='https://no/'/></entry><link rel='self' href='https://s/'/><link rel='alternate' type='text/html' href='https://b/'></link><link rel='hub' href='https://h/'/></feed>";
        assert_eq!(of(atom.as_bytes()), links(Some("https://h/"), Some("https://b/")));
        let json = r#" {"home_page_url": "https://b/", "hubs": [{"type": "x"}, {"type": "WebSub", "url": "https://h/"}]}"#;
        assert_eq!(of(json.as_bytes()), links(Some("https://h/"), Some("https://b/")));
        for nothing in ["", "{", "<rss><channel><link>", "<a", "\u{0}<link href='x' rel='self'/>"] {
            assert_eq!(of(nothing.as_bytes()), Links::default(), "{nothing}");
        }
    }
}
