//! Zola: <https://www.getzola.org/documentation/getting-started/configuration/>, addresses
//! <https://www.getzola.org/documentation/content/page/#output-paths>.

use super::{Address, Content, Generator, sections};
use crate::init::folder::Folder;
use crate::init::stated::{Stated, at, word};

pub fn detect(folder: &Folder<'_>) -> Option<Generator> {
    let (file, config) = ["zola.toml", "config.toml"]
        .into_iter()
        .filter_map(|file| Some((file, folder.data(file)?)))
        .find(|(_, config)| word(config, &["base_url"]).is_some())?;
    let (sections, pages) = sections(folder, "content");
    let address = Address::Path { before: String::new(), after: "/", dated: false };
    let content = Content::new("content", address).category("{folder}");
    Some(Generator {
        name: "Zola",
        config: file.to_owned(),
        stated: Stated {
            title: word(&config, &["title"]),
            url: word(&config, &["base_url"]),
            description: word(&config, &["description"]),
            language: word(&config, &["default_language"]),
            ..Stated::default()
        }
        .with_author(at(&config, &["author"]).or_else(|| at(&config, &["extra", "author"]))),
        contents: vec![Content { only_below: !sections.is_empty() && pages > 0, ..content }],
        output: "static/feeds",
        before: true,
    })
}
