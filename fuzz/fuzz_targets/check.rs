//! Any bytes, checked as a document of whatever kind they look like: RSS, Atom, OPML, JSON Feed, a page. The findings are in
//! order, the same twice, and can be written in every form.

#![no_main]

use bantin::check::{check, check_folder, check_versions, reports};
use bantin_fuzz::context;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let context = context();
    let report = check(bytes, &context);
    assert!(report.findings.is_sorted_by_key(|finding| (finding.line, finding.column)));
    assert_eq!(report, check(bytes, &context));
    let files = [("a b.xml", &report)];
    for form in [reports::sarif(&files), reports::json(&files)] {
        serde_json::from_str::<serde_json::Value>(&form).expect("a report that is JSON");
    }
    assert!(!reports::text(&files, 5).is_empty());
    assert_eq!(reports::github(&files).lines().count(), report.findings.len());
    check_versions(&report, &report);
    check_folder(&[("a", &report), ("b", &report)]);
});
