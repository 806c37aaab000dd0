//! The image that stands for an article.

use super::fields::{Found, Object, Said, picked};
use super::linked::Graph;
use serde_json::{Map, Value, json};

impl<'a> Said<'a> {
    pub fn image(&self) -> Option<Found<Value>> {
        if let Some((url, from)) = picked(self.root, &self.select.image, "image") {
            return Some((json!({"url": self.base.resolve(&url)?}), from));
        }
        let open_graph = self.open_graph_image();
        for (kind, graph, node) in &self.linked {
            for name in ["image", "thumbnailUrl"] {
                let Some(mut image) = node.and_then(|node| self.largest(graph, node.get(name))) else {
                    continue;
                };
                // The same image, told of once more.
                if let Some(Value::Object(other)) =
                    open_graph.as_ref().filter(|other| other.get("url") == image.get("url"))
                {
                    for (key, value) in other {
                        image.entry(key.clone()).or_insert_with(|| value.clone());
                    }
                }
                return Some((Value::Object(image), format!("{kind} {name}")));
            }
        }
        if let Some(image) = open_graph {
            return Some((image, "og:image".to_owned()));
        }
        if let Some(image) = self.largest(self.loose.0, self.loose.1.get("image")) {
            return Some((Value::Object(image), "itemprop image".to_owned()));
        }
        let stated = self.head.first(&["twitter:image", "twitter:image:src", "thumbnail"]);
        let stated = stated.or_else(|| self.head.link("image_src").map(|href| ("image_src", href)));
        stated.and_then(|(name, url)| Some((json!({"url": self.base.resolve(url)?}), name.to_owned())))
    }

    fn open_graph_image(&self) -> Option<Value> {
        let stated = ["og:image:secure_url", "og:image", "og:image:url"]
            .iter()
            .find_map(|name| self.head.meta(name))?;
        let mut image = Map::from_iter([("url".to_owned(), Value::from(self.base.resolve(stated)?))]);
        for (name, key) in [("og:image:width", "width"), ("og:image:height", "height")] {
            image.extend(self.head.meta(name).and_then(pixels).map(|number| (key.to_owned(), number.into())));
        }
        for (name, key) in [("og:image:alt", "alt"), ("og:image:type", "type")] {
            image.extend(self.head.meta(name).map(|text| (key.to_owned(), text.into())));
        }
        Some(Value::Object(image))
    }

    /// Of several images (systems list one in several crops) the largest, the first of those that do not tell.
    fn largest(&self, graph: &Graph<'a>, value: Option<&'a Value>) -> Option<Object> {
        let mut best: Option<(u64, Object)> = None;
        for value in graph.all(value).into_iter().take(50) {
            let Some(url) = graph.address(value).and_then(|url| self.base.resolve(url)) else { continue };
            let mut image = Map::from_iter([("url".to_owned(), Value::from(url))]);
            let object = graph.object(value);
            let side = |name| object.and_then(|object| graph.text(object, name)).as_deref().and_then(pixels);
            let (width, height) = (side("width"), side("height"));
            image.extend(width.map(|width| ("width".to_owned(), width.into())));
            image.extend(height.map(|height| ("height".to_owned(), height.into())));
            if let Some(object) = object {
                let text = |names: &[&str]| names.iter().find_map(|name| graph.text(object, name));
                image.extend(text(&["caption"]).map(|text| ("caption".to_owned(), text.into())));
                image.extend(text(&["creditText"]).map(|text| ("credit".to_owned(), text.into())));
                image.extend(
                    text(&["encodingFormat"])
                        .filter(|kind| kind.contains('/'))
                        .map(|text| ("type".to_owned(), text.into())),
                );
            }
            let size = width.unwrap_or(0) * height.unwrap_or(0);
            if best.as_ref().is_none_or(|(known, _)| size > *known) {
                best = Some((size, image));
            }
        }
        best.map(|(_, image)| image)
    }
}

/// A number of pixels: `1200`, `1200px`, `417.2`.
fn pixels(text: &str) -> Option<u64> {
    let digits = text.trim();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end)?.parse().ok().filter(|number| (1..100_000).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_pixels() {
        for (text, number) in
            [("1200", Some(1200)), ("1200px", Some(1200)), ("417.2", Some(417)), ("auto", None), ("0", None)]
        {
            assert_eq!(pixels(text), number, "{text}");
        }
    }
}
