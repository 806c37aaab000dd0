//! Every rule's examples are run, and the page of rules is compared with the table it is written from.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests make files and say what they skip"
)]

use bantin::check::{
    Context, Example, Rule, Visit, check, check_folder, check_versions, check_visit, docs, profile, rules,
};

/// A day after the examples' newest date.
const NOW: i64 = 1_795_255_200;

/// Names of the rules that an example breaks.
fn broken(rule: &Rule, example: &Example) -> Vec<&'static str> {
    let context = Context {
        address: Some(example.address().to_owned()),
        content_type: example.content_type().map(str::to_owned),
        now: Some(NOW),
        profiles: rule.profile.into_iter().filter_map(|name| profile(name).ok()).collect(),
        ..Context::default()
    };
    let reports: Vec<_> = example.documents().iter().map(|bytes| check(bytes, &context)).collect();
    let mut names: Vec<&'static str> =
        reports.iter().flat_map(|report| &report.findings).map(|finding| finding.rule.id).collect();
    if let Example::Fetched(transcript) = example {
        let findings = check_visit(&Visit::parse(transcript), &context.overrides);
        names.extend(findings.iter().map(|finding| finding.rule.id));
    }
    if let [one, other] = reports.as_slice() {
        names.extend(check_versions(one, other).iter().map(|finding| finding.rule.id));
        names.extend(check_folder(&[("a", one), ("b", other)]).iter().map(|(_, finding)| finding.rule.id));
    }
    names
}

#[test]
fn failing_examples_fail_and_passing_ones_pass() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let found = broken(rule, &rule.failing);
        if !found.contains(&rule.id) {
            wrong.push(format!("{} is not broken by its failing example, which breaks {found:?}", rule.id));
        }
        if broken(rule, &rule.passing).contains(&rule.id) {
            wrong.push(format!("{} is broken by its passing example", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_of_rules_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        page == docs::page(),
        "docs/rules.md differs from the rules; run `cargo test --test rules -- --ignored`"
    );
}

#[test]
#[ignore = "writes docs/rules.md"]
fn write_the_page_of_rules() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");
    std::fs::create_dir_all(folder).expect("a folder for the page");
    std::fs::write(format!("{folder}/rules.md"), docs::page()).expect("the page written");
    assert!(docs::page().contains("### missing-guid"));
}

#[test]
fn a_rule_is_explained() {
    let rule = bantin::check::find("MissingGuid").expect("a rule of that name");
    let text = docs::explain(rule);
    assert!(
        text.contains("missing-guid (warning)") && text.contains("To mend it") && text.contains("https://"),
        "{text}"
    );
}
