//! Any texts as the fields of articles: no feed made of them has a fault. Texts are parted by the character U+0001, articles
//! by U+0002.

#![no_main]

use bantin::gather::streamed;
use bantin_fuzz::{Site, context, must_be_right};
use libfuzzer_sys::fuzz_target;

/// The fields that are filled, in this order.
const FIELDS: [&str; 15] = [
    "title",
    "url",
    "content_html",
    "summary",
    "date_published",
    "date_modified",
    "authors",
    "tags",
    "image",
    "id",
    "language",
    "rights",
    "comments_url",
    "attachments",
    "content_markdown",
];

fuzz_target!(|text: &str| {
    let records: Vec<String> = text
        .split('\u{2}')
        .take(4)
        .map(|article| {
            let mut record = serde_json::Map::new();
            for (name, value) in FIELDS.iter().zip(article.split('\u{1}')).filter(|(_, value)| !value.is_empty()) {
                record.insert((*name).to_owned(), value.into());
            }
            serde_json::Value::Object(record).to_string()
        })
        .collect();
    let (_, edition) = Site::new(records.join("\n").as_bytes()).built(streamed);
    for issue in &edition.feeds {
        for (format, document) in &issue.documents {
            let address = format!("https://bao.example/feeds/{}/{}", issue.plan.slug, format.file_name());
            let context = bantin::check::Context { address: Some(address), profiles: Vec::new(), ..context() };
            must_be_right(format.name(), document, &context);
        }
    }
});
