//! Pictures and files of an item: what it is associated with, and the renditions of each.

use super::{Fields, first_text, get, in_role, objects, text};
use serde_json::{Map, Value};

/// Pictures wider than this, in pixels, are made for print: a smaller one is taken where there is one.
const WIDEST: u64 = 2048;

/// What goes with an item.
#[derive(Debug, Default)]
pub(super) struct Media {
    pub images: Vec<Value>,
    pub attachments: Vec<Value>,
}

pub(super) fn of(item: &Fields) -> Media {
    let mut media = Media::default();
    // An item that is a picture or a film itself.
    media.take(item);
    let mut others = objects(item, "associations");
    // The one that stands for the article comes first, whatever the order of names.
    others.sort_by_key(|(name, _)| {
        let name = name.to_lowercase();
        !(name.contains("feature") || name.starts_with("main") || name.contains("teaser"))
    });
    for (_, other) in others {
        let status = text(other, "pubstatus").unwrap_or_default();
        if !matches!(status.as_str(), "withheld" | "canceled" | "cancelled") {
            media.take(other);
        }
    }
    // Files that Superdesk sends with an item.
    for (_, file) in objects(item, "attachments") {
        let mut found = Map::new();
        for (name, names) in [
            ("url", ["href", "url"]),
            ("type", ["mimetype", "contenttype"]),
            ("title", ["title", "filename"]),
        ] {
            found.extend(first_text(file, &names).map(|text| (name.to_owned(), text.into())));
        }
        found.extend(
            get(file, "length")
                .filter(|length| length.is_number())
                .map(|length| ("length".to_owned(), length.clone())),
        );
        if found.contains_key("url") {
            media.attachments.push(Value::Object(found));
        }
    }
    media
}

impl Media {
    fn take(&mut self, item: &Fields) {
        let Some(rendition) = rendition(item) else { return };
        let kind = text(item, "type").unwrap_or_default();
        let mime = first_text(rendition, &["mimetype", "contenttype"]).unwrap_or_default();
        let is_image =
            mime.starts_with("image/") || (mime.is_empty() && matches!(kind.as_str(), "picture" | "graphic"));
        let mut file = Map::new();
        let mut set = |name: &str, found: Option<Value>| {
            found.map(|found| file.insert(name.to_owned(), found));
        };
        set("url", first_text(rendition, &["href", "url"]).map(Value::String));
        set("type", (!mime.is_empty()).then(|| mime.into()));
        set("length", get(rendition, "sizeinbytes").filter(|size| size.is_number()).cloned());
        if is_image {
            set("width", rendition.get("width").filter(|width| width.is_number()).cloned());
            set("height", rendition.get("height").filter(|height| height.is_number()).cloned());
            set("alt", first_text(item, &["alttext", "alt_text", "body_text"]).map(Value::String));
            let caption = first_text(item, &["description_text"]);
            let caption = caption.or_else(|| in_role(item, "descriptions", &["caption", "main"]));
            set("caption", caption.map(Value::String));
            set(
                "credit",
                first_text(item, &["byline", "by", "creditline", "copyrightholder"]).map(Value::String),
            );
            self.images.push(Value::Object(file));
        } else {
            set("duration", rendition.get("duration").filter(|duration| duration.is_number()).cloned());
            set("title", first_text(item, &["headline", "title"]).map(Value::String));
            self.attachments.push(Value::Object(file));
        }
    }
}

/// The form that suits a feed best: the widest that is not made for print.
fn rendition(item: &Fields) -> Option<&Fields> {
    let forms = objects(item, "renditions").into_iter().map(|(_, form)| form);
    let forms = forms.filter(|form| first_text(form, &["href", "url"]).is_some());
    let width = |form: &Fields| form.get("width").and_then(Value::as_u64).unwrap_or(0);
    // Those within the bound by their width, and before any beyond it, of which the narrowest; of equals the first.
    forms.rev().max_by_key(|form| match width(form) {
        width @ 0..=WIDEST => (true, width),
        width => (false, u64::MAX - width),
    })
}
