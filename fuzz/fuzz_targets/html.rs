//! Any text as the HTML of an article: sanitised, it is sanitised for good, and a feed that carries it is right.

#![no_main]

use bantin::html::sanitise;
use bantin_fuzz::{context, must_be_right};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let base = Url::parse("https://bao.example/tin/1.html").expect("an address");
    let html = sanitise(text, &base);
    assert_eq!(sanitise(&html, &base), html, "sanitised twice: {text:?}");
    let feed = serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Tin",
        "items": [{ "id": "1", "content_html": format!("<p>{html}</p>") }],
    });
    let context = bantin::check::Context { profiles: Vec::new(), address: None, ..context() };
    must_be_right("sanitised", feed.to_string().as_bytes(), &context);
});
