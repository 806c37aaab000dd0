//! Any text, read as XML by `check` and by a parser of another make: what the one refuses, the other refuses. Document type
//! declarations are left out, of which the other parser reads less.

#![no_main]

use bantin::check::{Context, check};
use libfuzzer_sys::fuzz_target;

/// What the other parser lets pass although XML forbids it.
const LENIENT: [&str; 7] = [
    "a prefix bound to no namespace",
    "a declaration of a reserved prefix or namespace",
    "white space within the name of a namespace",
    "a processing instruction without a name",
    "is no qualified name",
    // `:a`, which it takes for `a`.
    "`</:",
    "is no character that XML allows",
];

/// What it refuses although Namespaces in XML (section 3) binds that prefix always.
const STRICT: &str = "an unknown namespace prefix 'xml'";

fuzz_target!(|text: &str| {
    // An RSS root, since reading ends early at others; neither sniffing nor encodings are the subject.
    let document = format!("<rss version=\"2.0\">{text}</rss>");
    // A name that is reserved in any case (XML 1.0, 2.6), which the other parser knows in small letters only.
    let is_reserved = |name: &[u8]| name.eq_ignore_ascii_case(b"<?xml");
    if text.contains("<!DOCTYPE") || text.as_bytes().windows(5).any(is_reserved) {
        return;
    }
    let report = check(document.as_bytes(), &Context::default());
    if report.findings.iter().any(|finding| finding.rule.id == "validator-limit") {
        return;
    }
    let refused = report.findings.iter().find(|finding| finding.rule.id == "sax-error");
    let other = roxmltree::Document::parse(&document);
    match (refused, &other) {
        (Some(finding), Ok(_)) if LENIENT.iter().any(|words| finding.message.contains(words)) => {}
        (Some(finding), Ok(_)) => panic!("refused alone: {finding:?} in {document:?}"),
        (None, Err(error)) if error.to_string().starts_with(STRICT) => {}
        (None, Err(error)) => panic!("let pass alone: {error} in {document:?}"),
        _ => {}
    }
});
