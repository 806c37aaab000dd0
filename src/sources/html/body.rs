//! The article within its page: where it stands, and what in it is not the article.
//!
//! Boundary: HTML in, HTML out, with its own addresses; what a feed may carry of it is decided where all HTML is
//! sanitised.

use super::super::support::page::{self, Base};
use super::super::support::selector::{Pick, has_name};
use ego_tree::NodeId;
use ego_tree::iter::Edge;
use html5ever::serialize::{HtmlSerializer, SerializeOpts, Serializer as _};
use scraper::{ElementRef, Node};
use std::collections::HashSet;

/// Classes and ids in which publishing systems put the article itself, those that say most first.
const BODIES: &[&str] = &[
    "fck_detail",
    "detail-content",
    "detail__content",
    "article__body",
    "article-body",
    "article-content",
    "article__content",
    "articlebody",
    "content-detail",
    "detail-content-body",
    "news-content",
    "cms-body",
    "entry-content",
    "post-content",
    "post__content",
    "post-body",
    "gh-content",
    "td-post-content",
    "amp-wp-article-content",
    "field--name-body",
    "field-name-body",
    "story-body",
    "ExternalClass",
    "noidung",
    "noi-dung",
    "chitietbaiviet",
];

/// Elements that are no part of any article.
const NO_TEXT: &[&str] = &[
    "script", "style", "template", "form", "button", "input", "select", "textarea", "nav", "dialog", "link",
    "meta",
];

/// Classes and ids of what systems put into an article that is not of it.
const JUNK: &[&str] = &[
    // Other articles.
    "related",
    "related-articles",
    "related-news",
    "related-posts",
    "related-content",
    "related-stories",
    "relatednews",
    "jp-relatedposts",
    "yarpp-related",
    "read-more-box",
    "readmore",
    "see-also",
    "recommended",
    "tin-lien-quan",
    "tinlienquan",
    "tin_lien_quan",
    "box-tinlienquanv2",
    "box-tin-lien-quan",
    "tin-khac",
    "tinkhac",
    "bai-lien-quan",
    "box_tinlienquan",
    "list-news-related",
    "VCSortableInPreviewMode-related",
    "RelatedOneNews",
    // Shares, votes, letters.
    "share",
    "shares",
    "share-buttons",
    "share-bar",
    "share-tools",
    "social",
    "social-share",
    "social-sharing",
    "social-links",
    "sharedaddy",
    "sd-sharing",
    "addtoany_share_save_container",
    "addthis_toolbox",
    "a2a_kit",
    "sharethis",
    "sharethis-inline-share-buttons",
    "fb-like",
    "fb-share-button",
    "fb-comments",
    "zalo-share-button",
    "newsletter",
    "newsletter-signup",
    "newsletter-form",
    "subscribe",
    "subscription",
    "kg-signup-card",
    "paywall-cta",
    "comments",
    "comment-list",
    "comment-form",
    "comments-area",
    "binh-luan",
    "disqus_thread",
    "rating",
    "vote",
    "print",
    // Advertisements.
    "ad",
    "ads",
    "adv",
    "advert",
    "advertisement",
    "adsbygoogle",
    "ad-slot",
    "ad-container",
    "banner-ads",
    "quangcao",
    "quang-cao",
    "box_quangcao",
    "sponsor",
    "outbrain",
    "OUTBRAIN",
    "taboola",
    "zone-ads",
    "dable",
    // What belongs to the page.
    "breadcrumb",
    "breadcrumbs",
    "post-tags",
    "tag-list",
    "tags-links",
    "article-tags",
    "detail-tags",
    "author-box",
    "author-bio",
    "post-navigation",
    "nav-links",
    "pagination",
    "sr-only",
    "visually-hidden",
    "screen-reader-text",
    "skip-link",
    "toc",
    "ez-toc-container",
];

/// What stands around the article itself in an `article`.
const AROUND: &[&str] = &[
    "byline",
    "author",
    "author-info",
    "article-meta",
    "entry-meta",
    "post-meta",
    "entry-header",
    "post-header",
    "entry-footer",
    "article-header",
    "article-footer",
    "post-footer",
    "article__header",
    "article__footer",
    "article__meta",
    "post-date",
];

/// More elements `article` than a page of one article has.
const MOST_ARTICLES: usize = 50;

/// The most nodes of a box that is judged by its links.
const MOST_IN_A_BOX: usize = 1000;

/// The article, and where it was found.
pub struct Body {
    pub html: String,
    pub from: String,
}

/// Finds the article of a page. `title` is what the page shows above it.
pub fn body(
    root: ElementRef<'_>,
    content: &[Pick],
    remove: &[Pick],
    title: Option<&str>,
    base: Option<&Base>,
) -> Option<Body> {
    let mut removed: HashSet<NodeId> = HashSet::new();
    for pick in remove {
        removed.extend(pick.elements(root).iter().map(|element| element.id()));
    }
    let written = |elements: &[ElementRef<'_>], whole_page: bool, from: String| {
        let writer = Writer { removed: &removed, title, base, around: whole_page };
        let html: String = elements.iter().map(|element| writer.inner(*element)).collect();
        let html = html.trim();
        let shows = html.contains("<img") || html.contains("<iframe") || html.contains("<video");
        let says = || !page::text_of(scraper::Html::parse_fragment(html).root_element()).is_empty();
        (shows || says()).then(|| Body { html: html.to_owned(), from })
    };
    if !content.is_empty() {
        return content.iter().find_map(|pick| {
            written(&outermost(pick.elements(root)), false, format!("select.content `{pick}`"))
        });
    }
    let of_property = outermost(Pick::own("[itemprop~=articleBody]").elements(root));
    if !of_property.is_empty()
        && let Some(body) = written(&of_property, false, "itemprop articleBody".to_owned())
    {
        return Some(body);
    }
    let mut known: Vec<Option<ElementRef<'_>>> = vec![None; BODIES.len()];
    let mut articles = Vec::new();
    for element in root.descendent_elements() {
        if element.value().name() == "article" {
            articles.push(element);
        }
        if element.attr("class").is_none() && element.value().id().is_none() {
            continue;
        }
        for (name, place) in BODIES.iter().zip(&mut known) {
            if place.is_none()
                && has_name(element, &[*name])
                && !["body", "html", "a", "ul"].contains(&element.value().name())
            {
                *place = Some(element);
            }
        }
    }
    let of_class = BODIES
        .iter()
        .zip(known)
        .find_map(|(name, element)| written(&[element?], false, format!("`.{name}`")));
    of_class.or_else(|| {
        let article = main_article(&articles)?;
        written(&[article], true, "`article`".to_owned())
    })
}

/// Those that stand in no other of them.
fn outermost(elements: Vec<ElementRef<'_>>) -> Vec<ElementRef<'_>> {
    let ids: HashSet<NodeId> = elements.iter().map(|element| element.id()).collect();
    elements
        .into_iter()
        .filter(|element| !element.ancestors().any(|above| ids.contains(&above.id())))
        .collect()
}

/// The `article` that the page is of: the only one, or the only one with a heading of the first level.
pub fn main_article<'a>(articles: &[ElementRef<'a>]) -> Option<ElementRef<'a>> {
    match articles {
        [] => None,
        [only] => Some(*only),
        several if several.len() > MOST_ARTICLES => None,
        several => {
            let heading = Pick::own("h1");
            let mut headed = several.iter().filter(|article| !heading.elements(**article).is_empty());
            match (headed.next(), headed.next()) {
                (Some(one), None) => Some(*one),
                _ => None,
            }
        }
    }
}

struct Writer<'a> {
    removed: &'a HashSet<NodeId>,
    title: Option<&'a str>,
    /// Of a page whose addresses do not start from its own.
    base: Option<&'a Base>,
    /// Whether what stands around the article is in it.
    around: bool,
}

impl Writer<'_> {
    /// The HTML within an element, without what is not the article.
    fn inner(&self, element: ElementRef<'_>) -> String {
        let mut out = Vec::new();
        let mut serializer = HtmlSerializer::new(
            &mut out,
            SerializeOpts {
                scripting_enabled: false,
                create_missing_parent: true,
                ..SerializeOpts::default()
            },
        );
        let mut passing_over: Option<NodeId> = None;
        for edge in element.traverse() {
            let (opens, node) = match edge {
                Edge::Open(node) => (true, node),
                Edge::Close(node) => (false, node),
            };
            if node.id() == element.id() {
                continue;
            }
            if let Some(id) = passing_over {
                if !opens && id == node.id() {
                    passing_over = None;
                }
                continue;
            }
            // Writing to memory does not fail.
            let _ = match node.value() {
                Node::Text(text) if opens => serializer.write_text(text),
                Node::Element(inner) => {
                    let is_junk =
                        opens && ElementRef::wrap(node).is_some_and(|element| self.is_junk(element));
                    if is_junk {
                        passing_over = Some(node.id());
                        continue;
                    }
                    if opens {
                        let attributes: Vec<(_, String)> = inner
                            .attrs
                            .iter()
                            .map(|(name, value)| (name, self.address(&name.local, value)))
                            .collect();
                        serializer.start_elem(
                            inner.name.clone(),
                            attributes.iter().map(|(name, value)| (*name, value.as_str())),
                        )
                    } else {
                        serializer.end_elem(inner.name.clone())
                    }
                }
                _ => Ok(()),
            };
        }
        String::from_utf8(out).unwrap_or_default()
    }

    fn is_junk(&self, element: ElementRef<'_>) -> bool {
        let name = element.value().name();
        if self.removed.contains(&element.id()) || NO_TEXT.contains(&name) || element.attr("hidden").is_some()
        {
            return true;
        }
        if has_name(element, JUNK)
            || matches!(element.attr("role"), Some("navigation" | "search" | "complementary"))
        {
            return true;
        }
        if self.around && (["header", "footer", "h1"].contains(&name) || has_name(element, AROUND)) {
            return true;
        }
        match name {
            "h1" => self.title.is_some_and(|title| title == page::text_of(element)),
            // A box beside the article is of it where it says something; where it only links it is not.
            "aside" => {
                let nodes = element.descendants().take(MOST_IN_A_BOX).filter_map(ElementRef::wrap);
                let links = nodes.filter(|element| element.value().name() == "a");
                let linked: usize = links.map(|link| page::text_of(link).len()).sum();
                2 * linked > page::text_of(element).len()
            }
            _ => false,
        }
    }

    /// An attribute's value, whole where the page's addresses start from elsewhere than from its own.
    fn address(&self, name: &str, value: &str) -> String {
        let resolved = self.base.and_then(|base| match name {
            "href" | "src" | "poster" | "data-src" | "data-original" | "data-lazy-src" => base.resolve(value),
            "srcset" | "data-srcset" => Some(
                value
                    .split(", ")
                    .map(|candidate| {
                        let (url, size) = candidate.trim().split_once(' ').unwrap_or((candidate.trim(), ""));
                        let url = base.resolve(url).unwrap_or_else(|| url.to_owned());
                        format!("{url} {size}").trim().to_owned()
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            _ => None,
        });
        resolved.unwrap_or_else(|| value.to_owned())
    }
}
