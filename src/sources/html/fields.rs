//! The fields of an article, each from the best of what its page says.
//!
//! Every field has an order of sources; the first that holds something counts, and the record remembers which it was.
//! What is said to machines comes before what is written for people: JSON-LD, microdata, Open Graph, Dublin Core, the
//! `meta` of old, then headings and marked times.

use super::super::support::page::{self, Base};
use super::super::support::selector::{Pick, Select, has_name};
use super::linked::{Graph, single_escaped};
use super::meta::Head;
use super::site_name::{Names, letters};
use scraper::ElementRef;
use serde_json::{Map, Value};

pub type Object = Map<String, Value>;

/// A value, and where it was found.
pub type Found<T = String> = (T, String);

/// A page with everything that it says in one place.
pub struct Said<'a> {
    pub root: ElementRef<'a>,
    pub head: &'a Head,
    pub select: &'a Select,
    /// JSON-LD and microdata, each with the node of the article where there is one.
    pub linked: [(&'static str, &'a Graph<'a>, Option<&'a Object>); 2],
    /// Properties of microdata that stand in no item.
    pub loose: (&'a Graph<'a>, &'a Object),
    pub names: Names,
    pub base: &'a Base,
    pub url: Option<&'a str>,
}

/// The first value that a user's selectors pick.
pub fn picked(root: ElementRef<'_>, picks: &[Pick], name: &str) -> Option<Found> {
    picks.iter().find_map(|pick| Some((pick.first(root)?.1, format!("select.{name} `{pick}`"))))
}

/// Text in which nothing is left to be decoded, as it is written where references are decoded.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

const ELLIPSES: &[&str] = &["…", "...", "[…]", "[...]", "&hellip;"];

/// The first of several texts, or a longer one where it was cut short and the other goes on.
fn whole(candidates: Vec<Found>) -> Option<Found> {
    let first = candidates.first()?;
    let stem = ELLIPSES.iter().find_map(|mark| first.0.trim_end().strip_suffix(mark)).map(letters);
    let longer = stem.filter(|stem| stem.chars().count() >= 10).and_then(|stem| {
        candidates
            .iter()
            .skip(1)
            .find(|(text, _)| text.len() > first.0.len() && letters(text).starts_with(&stem))
    });
    longer.or(Some(first)).cloned()
}

impl<'a> Said<'a> {
    /// Every text that linked data has for one of these properties, and from where.
    fn properties(&self, names: &[&'static str]) -> Vec<Found> {
        let mut found = Vec::new();
        for (kind, graph, node) in &self.linked {
            for name in names {
                let text = node.and_then(|node| graph.text(node, name));
                found.extend(text.map(|text| (text, format!("{kind} {name}"))));
            }
        }
        let (graph, node) = self.loose;
        for name in names {
            found.extend(graph.text(node, name).map(|text| (text, format!("itemprop {name}"))));
        }
        found
    }

    fn metas(&self, names: &[&'static str]) -> impl Iterator<Item = Found> {
        names.iter().filter_map(|name| Some((single_escaped(self.head.meta(name)?), (*name).to_owned())))
    }

    /// The heading of the article: of several of the first level the one in an `article`, or that the page's title begins with.
    fn heading(&self) -> Option<ElementRef<'a>> {
        let headings = Pick::own("h1").elements(self.root);
        let says = |heading: &&ElementRef<'a>| {
            let text = page::text_of(**heading);
            !text.is_empty() && !self.names.is_exactly(&text)
        };
        let headings: Vec<ElementRef<'a>> = headings.iter().take(20).filter(says).copied().collect();
        match headings.as_slice() {
            [] => None,
            [only] => Some(*only),
            several => {
                let title = letters(&self.head.title);
                let titled =
                    |heading: &&ElementRef<'a>| title.starts_with(&letters(&page::text_of(**heading)));
                let in_article = |heading: &&ElementRef<'a>| {
                    heading
                        .ancestors()
                        .filter_map(ElementRef::wrap)
                        .any(|above| above.value().name() == "article")
                };
                several
                    .iter()
                    .find(titled)
                    .or_else(|| several.iter().find(in_article))
                    .or(several.first())
                    .copied()
            }
        }
    }

    pub fn title(&self) -> Option<Found> {
        if let Some((text, from)) = picked(self.root, &self.select.title, "title") {
            return Some((escaped(&text), from));
        }
        let mut candidates = self.properties(&["headline"]);
        candidates.extend(self.metas(&["og:title"]));
        candidates.extend(self.properties(&["name"]));
        candidates.extend(self.metas(&["twitter:title", "dc.title", "dcterms.title", "title"]));
        let mut candidates: Vec<Found> = candidates
            .into_iter()
            .map(|(text, from)| (self.names.off(&page::one_line(&text), false).to_owned(), from))
            .filter(|(text, _)| !text.is_empty() && !self.names.is_exactly(text))
            .collect();
        candidates.extend(self.heading().map(|heading| (escaped(&page::text_of(heading)), "h1".to_owned())));
        let title = self.names.off(&self.head.title, true);
        if !title.is_empty() && !self.names.is_exactly(title) {
            candidates.push((escaped(title), "title".to_owned()));
        }
        whole(candidates)
    }

    pub fn summary(&self) -> Option<Found> {
        if let Some((text, from)) = picked(self.root, &self.select.summary, "summary") {
            return Some((escaped(&text), from));
        }
        let mut candidates = self.properties(&["description"]);
        candidates.extend(self.metas(&[
            "og:description",
            "twitter:description",
            "dc.description",
            "dcterms.abstract",
        ]));
        candidates.extend(self.properties(&["abstract"]));
        candidates.extend(self.metas(&["description"]));
        if let Some(lead) = self.named(LEADS) {
            candidates.push((escaped(&page::text_of(lead)), "lead on the page".to_owned()));
        }
        candidates.retain(|(text, _)| !text.trim().is_empty() && !self.names.is_exactly(text));
        whole(candidates).map(|(text, from)| (self.names.off(&text, false).to_owned(), from))
    }

    /// The first element with one of these classes that stands in no list, footer or the like.
    pub fn named(&self, names: &[&str]) -> Option<ElementRef<'a>> {
        let aside = |element: &ElementRef<'a>| {
            element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|above| matches!(above.value().name(), "aside" | "nav" | "footer" | "li"))
        };
        self.root
            .descendent_elements()
            .filter(|element| has_name(*element, names))
            .take(50)
            .find(|element| !aside(element) && !page::text_of(*element).is_empty())
    }

    pub fn published(&self) -> Option<Found> {
        if !self.select.date.is_empty() {
            return picked(self.root, &self.select.date, "date");
        }
        self.stated_date().or_else(|| self.shown_date())
    }

    /// The date that the page states for machines.
    pub fn stated_date(&self) -> Option<Found> {
        let mut dates = self.properties(&["datePublished"]);
        dates.extend(self.metas(PUBLISHED));
        dates.extend(self.properties(&["dateCreated", "uploadDate"]));
        dates.into_iter().find(|(text, _)| is_dated(text))
    }

    /// The date that the page shows beside its article.
    fn shown_date(&self) -> Option<Found> {
        let articles = Pick::own("article").elements(self.root);
        let part = match (super::body::main_article(&articles), articles.is_empty()) {
            (Some(article), _) => article,
            (None, true) => self.root,
            // A list of articles.
            (None, false) => return None,
        };
        // Outside the article the date above it counts too.
        let times = |part| {
            let picks = [Pick::own("time[pubdate]@datetime"), Pick::own("time@datetime"), Pick::own("time")];
            picks.iter().find_map(|pick| {
                let time = pick
                    .elements(part)
                    .into_iter()
                    .filter(|time| !in_list(*time))
                    .find_map(|time| pick.value(time));
                time.filter(|text| is_dated(text)).map(|text| (text, "time".to_owned()))
            })
        };
        let heading = self.heading()?;
        times(part).or_else(|| if part.id() == self.root.id() { None } else { times(self.root) }).or_else(
            || {
                // A date in words, where its class says that it is one, below or just above the heading.
                let near = heading.ancestors().filter_map(ElementRef::wrap).take(6);
                near.flat_map(|above| above.descendent_elements().take(2000))
                    .filter(|element| has_name(*element, DATES) && !in_list(*element))
                    .take(50)
                    .find_map(|element| {
                        let text = page::text_of(element);
                        let dated = element.attr("title").filter(|title| is_dated(title)).map(str::to_owned);
                        dated.or_else(|| date_in(&text)).map(|text| {
                            (
                                text,
                                format!(
                                    "`.{}`",
                                    element
                                        .attr("class")
                                        .unwrap_or_default()
                                        .split_whitespace()
                                        .next()
                                        .unwrap_or_default()
                                ),
                            )
                        })
                    })
            },
        )
    }

    pub fn modified(&self) -> Option<Found> {
        let mut dates = self.properties(&["dateModified"]);
        dates.extend(self.metas(MODIFIED));
        dates.into_iter().find(|(text, _)| is_dated(text))
    }

    pub fn expires(&self) -> Option<Found> {
        let mut dates = self.properties(&["expires"]);
        dates.extend(self.metas(&["article:expiration_time"]));
        dates.into_iter().find(|(text, _)| is_dated(text))
    }

    pub fn language(&self) -> Option<Found> {
        let mut tags = self.properties(&["inLanguage"]);
        let html = ["lang", "xml:lang"].iter().find_map(|name| self.root.attr(name));
        tags.extend(html.map(|tag| (tag.to_owned(), "html lang".to_owned())));
        tags.extend(self.metas(&["content-language", "og:locale", "language", "dc.language"]));
        tags.into_iter().map(|(tag, from)| (tag.trim().replace('_', "-"), from)).find(|(tag, _)| {
            let primary = tag.split('-').next().unwrap_or_default();
            (2..=3).contains(&primary.len())
                && primary.bytes().all(|b| b.is_ascii_alphabetic())
                && tag.len() <= 35
                && !tag.contains([',', ' '])
        })
    }

    pub fn rights(&self) -> Option<Found> {
        let mut texts = self.properties(&["copyrightNotice"]);
        texts.extend(self.metas(&["dc.rights", "dcterms.rights"]));
        texts.into_iter().next()
    }
}

/// Whether a text can hold a date: it has a year, and more digits.
fn is_dated(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let mut run = 0;
    let year = text.bytes().any(|b| {
        run = if b.is_ascii_digit() { run + 1 } else { 0 };
        run == 4
    });
    year && digits >= 5 && text.len() <= 100
}

/// The date in the words of a page: `Thứ ba, 5/11/2024, 08:30 (GMT+7)`, without the label before it.
fn date_in(text: &str) -> Option<String> {
    if !is_dated(text) {
        return None;
    }
    let text = match text.split_once(':') {
        Some((label, rest)) if !label.bytes().any(|b| b.is_ascii_digit()) => rest.trim(),
        _ => text,
    };
    Some(text.to_owned())
}

/// Whether an element stands in a list of other articles, in navigation or at the page's foot.
pub fn in_list(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|above| {
        matches!(above.value().name(), "aside" | "nav" | "footer" | "li")
            || has_name(above, &["related", "related-posts", "sidebar", "comments"])
    })
}

/// Names under which heads state when an article was published.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "datepublished",
    "date.published",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "dcterms.available",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "date",
];

/// Names under which they state when it was changed.
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "article:modified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "revised",
];

/// Classes of the paragraph that leads into an article.
const LEADS: &[&str] = &[
    "sapo",
    "article-sapo",
    "detail-sapo",
    "singular-sapo",
    "chapeau",
    "standfirst",
    "article-lead",
    "lead",
];

/// Classes of a date.
const DATES: &[&str] = &[
    "date",
    "time",
    "datetime",
    "date-time",
    "publish-date",
    "published",
    "published-date",
    "pubdate",
    "post-date",
    "entry-date",
    "article-date",
    "article__date",
    "detail-time",
    "detail-date",
    "time-detail",
    "posted-on",
    "news-date",
    "ngay",
    "ngay-dang",
    "ngaydang",
    "ngay_dang",
    "thoi-gian",
    "thoigian",
    "date-publish",
    "bread-date",
    "created",
    "createdate",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_words() {
        for (text, is) in [
            ("5/11/2024", true),
            ("2024", false),
            ("hôm qua", false),
            ("12:30", false),
            ("05 tháng 11, 2024", true),
        ] {
            assert_eq!(is_dated(text), is, "{text}");
        }
        assert_eq!(date_in("Ngày đăng: 05/11/2024 08:30").as_deref(), Some("05/11/2024 08:30"));
        assert_eq!(date_in("08:30 05/11/2024").as_deref(), Some("08:30 05/11/2024"));
    }

    #[test]
    fn what_was_cut_short_is_taken_whole() {
        let found = |texts: &[&str]| {
            whole(texts.iter().map(|text| ((*text).to_owned(), String::new())).collect())
                .map(|(text, _)| text)
        };
        assert_eq!(
            found(&["Mưa lớn ở Mường La làm…", "Mưa lớn ở Mường La làm ngập nhiều nhà"]).as_deref(),
            Some("Mưa lớn ở Mường La làm ngập nhiều nhà")
        );
        assert_eq!(
            found(&["Mưa lớn ở Mường La làm...", "Tin khác hẳn và dài hơn nhiều lần"]).as_deref(),
            Some("Mưa lớn ở Mường La làm...")
        );
        assert_eq!(found(&[]), None);
    }
}
