//! The attachments of an export, by the numbers under which posts name them.

use super::super::support::pattern;
use super::super::support::xml::{Element, escaped};
use regex::Regex;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// More pictures are no gallery.
const MOST: usize = 500;

/// A longer caption is none.
const LONGEST: usize = 2000;

/// Width and height, as the first of the sizes in what PHP serialised: those of the picture itself.
static SIZE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#""width";i:([0-9]{1,6});s:6:"height";i:([0-9]{1,6});"#));

#[derive(Debug, Default)]
pub(super) struct Pictures {
    by_number: HashMap<String, Picture>,
    /// The numbers of the pictures that were loaded up for a post, by its number.
    of_post: HashMap<String, Vec<String>>,
}

#[derive(Debug)]
struct Picture {
    url: String,
    alt: Option<String>,
    caption: Option<String>,
    size: Option<(u32, u32)>,
}

impl Pictures {
    pub fn take(&mut self, item: &Element, meta: &Map<String, Value>) {
        let short = |text: String| (text.len() <= LONGEST).then_some(text);
        let said = |name: &str| meta.get(name).and_then(Value::as_str);
        let Some(number) = item.text_of("wp:post_id") else { return };
        let Some(url) = item.text_of("wp:attachment_url").or_else(|| item.text_of("guid")) else { return };
        let size = said("_wp_attachment_metadata").and_then(|text| SIZE.captures(text));
        let size = size.and_then(|found| Some((found[1].parse().ok()?, found[2].parse().ok()?)));
        let picture = Picture {
            url,
            alt: said("_wp_attachment_image_alt").map(str::to_owned).and_then(short),
            caption: item.text_of("excerpt:encoded").and_then(short),
            size,
        };
        if let Some(parent) = item.text_of("wp:post_parent").filter(|parent| parent != "0") {
            self.of_post.entry(parent).or_default().push(number.clone());
        }
        self.by_number.insert(number, picture);
    }

    pub fn has(&self, number: &str) -> bool {
        self.by_number.contains_key(number)
    }

    /// The picture as a record has it.
    pub fn image(&self, number: &str) -> Option<Value> {
        let picture = self.by_number.get(number)?;
        let mut image = Map::new();
        image.insert("url".to_owned(), picture.url.as_str().into());
        for (name, text) in [("alt", &picture.alt), ("caption", &picture.caption)] {
            text.as_ref().map(|text| image.insert(name.to_owned(), text.as_str().into()));
        }
        if let Some((width, height)) = picture.size {
            image.insert("width".to_owned(), width.into());
            image.insert("height".to_owned(), height.into());
        }
        Some(Value::Object(image))
    }

    /// A gallery as HTML: the pictures of those numbers, or those that were loaded up for the post.
    pub fn gallery(&self, numbers: Option<&str>, post: &str) -> String {
        let listed: Vec<&str> = match numbers {
            Some(numbers) => numbers.split([',', ' ']).map(str::trim).collect(),
            None => self.of_post.get(post).into_iter().flatten().map(String::as_str).collect(),
        };
        let mut html = String::new();
        for picture in listed.into_iter().filter_map(|number| self.by_number.get(number)).take(MOST) {
            let alt = escaped(picture.alt.as_deref().unwrap_or_default());
            // Writing to a text does not fail.
            let _ = write!(html, "\n<figure><img src=\"{}\" alt=\"{alt}\"", escaped(&picture.url));
            if let Some((width, height)) = picture.size {
                let _ = write!(html, " width=\"{width}\" height=\"{height}\"");
            }
            html.push('>');
            if let Some(caption) = &picture.caption {
                let _ = write!(html, "<figcaption>{caption}</figcaption>");
            }
            html.push_str("</figure>\n");
        }
        html
    }
}
