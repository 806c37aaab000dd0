//! The table of rules, one item each, in folders of their kind. Data only: what is looked at when is in `feeds` and `json`.

mod across;
mod advice;
mod atom;
mod document;
mod extensions;
mod html;
mod json_feed;

mod opml;
mod partners;
mod rss;
mod transport;
mod values;

pub(crate) use across::*;
pub(crate) use advice::*;
pub(crate) use atom::*;
pub(crate) use document::*;
pub(crate) use extensions::*;
pub(crate) use html::*;
pub(crate) use json_feed::*;

pub(crate) use opml::*;
pub(crate) use partners::*;
pub(crate) use rss::*;
pub(crate) use transport::*;
pub(crate) use values::*;

use super::rule::Rule;

/// Writes down the rules of a group and lists them.
macro_rules! rules {
    ($group:ident, $list:ident; $($name:ident $id:literal $severity:ident $(for $profile:literal)? $summary:literal;
        why $why:literal; mend $mend:literal; see [$($link:expr),+ $(,)?]; bad $bad:expr; good $good:expr;)+) => {
        $(
            #[doc = $summary]
            pub(crate) static $name: Rule = Rule {
                id: $id,
                severity: crate::check::rule::Severity::$severity,
                group: crate::check::rule::Group::$group,
                summary: $summary,
                why: $why,
                mend: $mend,
                links: &[$($link),+],
                failing: $bad,
                passing: $good,
                profile: rules!(@profile $($profile)?),
            };
        )+
        pub(crate) static $list: &[&Rule] = &[$(&$name),+];
    };
    (@profile) => { None };
    (@profile $profile:literal) => { Some($profile) };
}
pub(crate) use rules;

/// Every rule, group by group.
pub(crate) static ALL: &[&[&Rule]] = &[
    document::DOCUMENT,
    rss::RSS_RULES,
    atom::ATOM_RULES,
    json_feed::JSON_FEED,
    opml::OPML,
    values::VALUES,
    html::HTML,
    extensions::EXTENSIONS,
    advice::ADVICE,
    across::ACROSS,
    partners::PARTNERS,
    transport::TRANSPORT,
];

/// Where the rules were read.
mod links {
    pub(super) const XML: &str = "https://www.w3.org/TR/xml/";
    pub(super) const XML_NAMES: &str = "https://www.w3.org/TR/xml-names/";
    pub(super) const RSS: &str = "https://www.rssboard.org/rss-specification";
    pub(super) const PROFILE: &str = "https://www.rssboard.org/rss-profile";
    pub(super) const RSS_10: &str = "https://web.resource.org/rss/1.0/spec";
    pub(super) const RDF: &str = "https://www.w3.org/TR/rdf-syntax-grammar/";
    pub(super) const ATOM: &str = "https://www.rfc-editor.org/rfc/rfc4287";
    pub(super) const APP: &str = "https://www.rfc-editor.org/rfc/rfc5023";
    pub(super) const HISTORY: &str = "https://www.rfc-editor.org/rfc/rfc5005";
    pub(super) const THREAD: &str = "https://www.rfc-editor.org/rfc/rfc4685";
    pub(super) const JSON_11: &str = "https://www.jsonfeed.org/version/1.1/";
    pub(super) const JSON_10: &str = "https://www.jsonfeed.org/version/1/";
    pub(super) const OPML: &str = "http://opml.org/spec2.opml";
    pub(super) const URI: &str = "https://www.rfc-editor.org/rfc/rfc3986";
    pub(super) const IRI: &str = "https://www.rfc-editor.org/rfc/rfc3987";
    pub(super) const TAG: &str = "https://www.rfc-editor.org/rfc/rfc4151";
    pub(super) const URN: &str = "https://www.rfc-editor.org/rfc/rfc8141";
    pub(super) const UUID: &str = "https://www.rfc-editor.org/rfc/rfc9562";
    pub(super) const DATE_3339: &str = "https://www.rfc-editor.org/rfc/rfc3339";
    pub(super) const DATE_822: &str = "https://www.rssboard.org/rss-profile#data-types-datetime";
    pub(super) const W3CDTF: &str = "https://www.w3.org/TR/NOTE-datetime";
    pub(super) const MAIL: &str = "https://www.rssboard.org/rss-profile#data-types-email";
    pub(super) const LANGUAGE: &str = "https://www.rfc-editor.org/info/bcp47";
    pub(super) const MEDIA_TYPE: &str = "https://www.rfc-editor.org/rfc/rfc6838";
    pub(super) const SANITISING: &str = "https://www.rfc-editor.org/rfc/rfc4287#section-8.1";
    pub(super) const MEDIA: &str = "https://www.rssboard.org/media-rss";
    pub(super) const PODCASTS: &str = "https://help.apple.com/itc/podcasts_connect/#/itcb54353390";
    pub(super) const PODCAST_NAMESPACE: &str = "https://podcasting2.org/docs/podcast-namespace/1.0";
    pub(super) const GEO: &str = "https://www.w3.org/2003/01/geo/";
    pub(super) const GEORSS: &str = "https://www.ogc.org/publications/standard/georss/";
    pub(super) const DUBLIN_CORE: &str = "https://www.dublincore.org/specifications/dublin-core/dces/";
    pub(super) const CONTENT: &str = "https://web.resource.org/rss/1.0/modules/content/";
    pub(super) const SLASH: &str = "https://web.resource.org/rss/1.0/modules/slash/";
    pub(super) const SYNDICATION: &str = "https://web.resource.org/rss/1.0/modules/syndication/";
    pub(super) const ROBOTS: &str = "https://www.robotstxt.org/meta.html";
    pub(super) const HTML: &str = "https://html.spec.whatwg.org/";
    pub(super) const UNICODE: &str = "https://www.unicode.org/reports/tr15/";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::ALL;

    #[test]
    fn names_are_unique_kebab_case_and_documented() {
        let mut names = HashSet::new();
        for rule in ALL.iter().flat_map(|group| group.iter()) {
            assert!(names.insert(rule.id), "{} twice", rule.id);
            assert!(
                rule.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                rule.id
            );
            assert!(!rule.summary.is_empty() && !rule.why.is_empty() && !rule.mend.is_empty(), "{}", rule.id);
            assert!(rule.links.iter().all(|link| link.starts_with("http")), "{}", rule.id);
        }
    }
}
