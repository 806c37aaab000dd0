//! The attachments of an export, by the numbers under which posts name them. What is known of each lies in a temporary file;
//! in memory are two pairs of numbers, 32 bytes, whatever the addresses and captions.

use super::super::support::pattern;
use super::super::support::shelf::Shelf;
use super::super::support::xml::{Element, escaped};
use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::io;
use std::sync::LazyLock;

/// More pictures are no gallery.
const MOST: usize = 500;

/// A longer caption is none, and a longer address.
const LONGEST: usize = 2000;

/// Width and height, as the first of the sizes in what PHP serialised: those of the picture itself.
static SIZE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#""width";i:([0-9]{1,6});s:6:"height";i:([0-9]{1,6});"#));

#[derive(Debug)]
pub(super) struct Pictures {
    /// Of every picture its number, and where in `kept` it stands.
    by_number: Vec<(u64, u64)>,
    /// Whether the numbers have grown so far, as WordPress writes them.
    is_sorted: bool,
    /// The pictures that were loaded up for a post: its number, and theirs.
    of_post: Vec<(u64, u64)>,
    kept: Shelf,
}

#[derive(Debug, Serialize, Deserialize)]
struct Picture {
    url: String,
    alt: Option<String>,
    caption: Option<String>,
    size: Option<(u32, u32)>,
}

impl Pictures {
    pub fn new() -> Self {
        Self { by_number: Vec::new(), is_sorted: true, of_post: Vec::new(), kept: Shelf::new() }
    }

    pub fn take(&mut self, item: &Element, meta: &Map<String, Value>) -> io::Result<()> {
        let short = |text: String| (text.len() <= LONGEST).then_some(text);
        let said = |name: &str| meta.get(name).and_then(Value::as_str);
        let Some(number) = item.text_of("wp:post_id").as_deref().and_then(number) else { return Ok(()) };
        let url = item.text_of("wp:attachment_url").or_else(|| item.text_of("guid")).and_then(short);
        let Some(url) = url else { return Ok(()) };
        let size = said("_wp_attachment_metadata").and_then(|text| SIZE.captures(text));
        let size = size.and_then(|found| Some((found[1].parse().ok()?, found[2].parse().ok()?)));
        let picture = Picture {
            url,
            alt: said("_wp_attachment_image_alt").map(str::to_owned).and_then(short),
            caption: item.text_of("excerpt:encoded").and_then(short),
            size,
        };
        let parent = item.text_of("wp:post_parent").as_deref().and_then(self::number);
        self.of_post.extend(parent.filter(|parent| *parent != 0).map(|parent| (parent, number)));
        self.is_sorted &= self.by_number.last().is_none_or(|(last, _)| *last <= number);
        let place = self.kept.put(&serde_json::to_vec(&picture)?)?;
        self.by_number.push((number, place));
        Ok(())
    }

    /// Whether the picture of that number is known by now. Of numbers that come in no order that is known at the end.
    pub fn has(&self, number: &str) -> bool {
        self.is_sorted && self::number(number).is_some_and(|number| self.place(number).is_some())
    }

    /// No picture comes any more.
    pub fn complete(&mut self) {
        // Both keep the order of the export where numbers are the same: the last picture counts.
        self.by_number.sort_by_key(|(number, _)| *number);
        self.of_post.sort_by_key(|(post, _)| *post);
        self.is_sorted = true;
    }

    fn place(&self, number: u64) -> Option<u64> {
        let behind = self.by_number.partition_point(|(other, _)| *other <= number);
        let (found, place) = self.by_number.get(behind.checked_sub(1)?)?;
        (*found == number).then_some(*place)
    }

    fn picture(&mut self, number: u64) -> io::Result<Option<Picture>> {
        let Some(place) = self.place(number) else { return Ok(None) };
        Ok(Some(serde_json::from_slice(&self.kept.get(place)?)?))
    }

    /// The picture as a record has it.
    pub fn image(&mut self, number: &str) -> io::Result<Option<Value>> {
        let Some(number) = self::number(number) else { return Ok(None) };
        let Some(picture) = self.picture(number)? else { return Ok(None) };
        let mut image = Map::new();
        image.insert("url".to_owned(), picture.url.into());
        for (name, text) in [("alt", picture.alt), ("caption", picture.caption)] {
            image.extend(text.map(|text| (name.to_owned(), text.into())));
        }
        if let Some((width, height)) = picture.size {
            image.insert("width".to_owned(), width.into());
            image.insert("height".to_owned(), height.into());
        }
        Ok(Some(Value::Object(image)))
    }

    /// A gallery as HTML: the pictures of those numbers, or those that were loaded up for the post.
    pub fn gallery(&mut self, numbers: Option<&str>, post: &str) -> io::Result<String> {
        let listed: Vec<u64> = match (numbers, number(post)) {
            (Some(numbers), _) => numbers.split([',', ' ']).filter_map(number).take(MOST).collect(),
            (None, Some(post)) => {
                let first = self.of_post.partition_point(|(other, _)| *other < post);
                let own = self.of_post.iter().skip(first).take_while(|(other, _)| *other == post);
                own.map(|(_, number)| *number).take(MOST).collect()
            }
            (None, None) => Vec::new(),
        };
        let mut html = String::new();
        for number in listed {
            let Some(picture) = self.picture(number)? else { continue };
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
        Ok(html)
    }
}

/// A number of WordPress's.
fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}
