//! What goes with the feeds: readers that the pages offer, and hubs that are told of changes.

use super::Planner;
use crate::config::{self, Words};
use crate::pages::Reader;
use std::path::PathBuf;
use toml::Spanned;

impl Planner<'_> {
    /// The readers of the web that pages offer.
    pub(super) fn readers(&mut self, pages: config::Pages) -> Vec<Reader> {
        let Some(given) = pages.readers else { return Reader::usual() };
        let mut readers = Vec::new();
        for config::PageReader { name, url } in given {
            let reader =
                Reader { name: name.get_ref().trim().to_owned(), url: url.get_ref().trim().to_owned() };
            if reader.name.is_empty() {
                let help = "the name of the reader, as its users know it".to_owned();
                self.mistake(name.span(), "the reader's `name` is empty", Some(help));
            } else if !reader.is_sound() {
                let help = "where the reader subscribes, with {url} for the feed's address: \
                            `https://reader.example/add?feed={url}`";
                let message = format!("no address of a reader: `{}`", url.get_ref());
                self.mistake(url.span(), message, Some(help.to_owned()));
            } else {
                readers.push(reader);
            }
        }
        readers
    }

    /// The file of the authorities that hubs are held against.
    pub(super) fn hub_authorities(&mut self, websub: &config::WebSub) -> Option<PathBuf> {
        if let (Some(ca), None) = (&websub.ca, &websub.hub) {
            let help = "name the hub whose certificate it is for: `hub = \"https://…\"`".to_owned();
            self.mistake(ca.span(), "`websub.ca` says nothing without a hub", Some(help));
        }
        self.authorities(websub.ca.as_ref())
    }

    /// The hubs that are told of changes, each once.
    pub(super) fn hubs(&mut self, hubs: Option<Spanned<Words>>) -> Vec<String> {
        let Some(hubs) = hubs else { return Vec::new() };
        let mut known = Vec::new();
        for hub in &hubs.get_ref().0 {
            match crate::link::parse_base(hub) {
                Ok(url) if !known.contains(&String::from(url.clone())) => known.push(url.into()),
                Ok(_) => {}
                Err(error) => {
                    let help = "the address of a WebSub hub, which begins with https://".to_owned();
                    self.mistake(hubs.span(), format!("`websub.hub` is no address: {error}"), Some(help));
                }
            }
        }
        known
    }
}
