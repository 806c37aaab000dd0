//! In which sections an article is, and what its tags are.

use super::super::support::page;
use super::super::support::selector::Pick;
use super::fields::{Found, Said};
use super::linked::Graph;
use super::site_name::letters;
use serde_json::Value;

impl<'a> Said<'a> {
    pub fn categories(&self, title: Option<&str>) -> Option<Found<Value>> {
        if !self.select.category.is_empty() {
            return self.all_picked(&self.select.category, "category");
        }
        let trail = self.trail(title);
        let mut stated: Option<(Vec<String>, String)> = None;
        for (kind, graph, node) in &self.linked {
            let sections = node.map(|node| graph.texts(node, "articleSection")).unwrap_or_default();
            if stated.is_none() && !sections.is_empty() {
                stated = Some((sections, format!("{kind} articleSection")));
            }
        }
        if stated.is_none() {
            let sections = self.head.metas("article:section");
            stated = (!sections.is_empty()).then(|| (sections.to_vec(), "article:section".to_owned()));
        }
        if stated.is_none() {
            let sections = self.loose.0.texts(self.loose.1, "articleSection");
            stated = (!sections.is_empty()).then(|| (sections, "itemprop articleSection".to_owned()));
        }
        if stated.is_none() {
            stated =
                self.head.first(SECTIONS).map(|(name, section)| (vec![section.to_owned()], name.to_owned()));
        }
        let stated = stated
            .map(|(sections, from)| {
                (sections.into_iter().filter(|section| !section.trim().is_empty()).collect::<Vec<_>>(), from)
            })
            .filter(|(sections, _)| !sections.is_empty());
        match (stated, trail) {
            // Where the section stands in the trail, so do those above it.
            (Some((sections, from)), Some((trail, by))) => {
                let known: Vec<String> = trail.iter().map(|name| letters(name)).collect();
                match sections.iter().all(|section| known.contains(&letters(section))) {
                    true if trail.len() > sections.len() => Some((trail.into(), format!("{from}, {by}"))),
                    _ => Some((sections.into(), from)),
                }
            }
            (Some((sections, from)), None) => Some((sections.into(), from)),
            (None, Some((trail, by))) => Some((trail.into(), by)),
            (None, None) => None,
        }
    }

    /// The sections that lead to the article, without the front page and the article itself.
    fn trail(&self, title: Option<&str>) -> Option<(Vec<String>, String)> {
        let of_graph = |graph: &Graph<'a>| {
            let list = graph.first("BreadcrumbList")?;
            let mut steps: Vec<(u64, String, Option<String>)> = Vec::new();
            for (number, step) in graph.all(list.get("itemListElement")).into_iter().enumerate().take(20) {
                let step = graph.object(step)?;
                let item = step.get("item").and_then(|item| graph.object(item));
                let name = graph.text(step, "name").or_else(|| graph.text(item?, "name"));
                let url = step.get("item").and_then(|item| graph.address(item)).map(str::to_owned);
                let position = step.get("position").and_then(|position| {
                    position.as_u64().or_else(|| position.as_str()?.trim().parse().ok())
                });
                steps.extend(name.map(|name| (position.unwrap_or(number as u64 + 1), name, url)));
            }
            steps.sort_by_key(|(position, ..)| *position);
            Some(steps.into_iter().map(|(_, name, url)| (name, url)).collect::<Vec<_>>())
        };
        let shown = || {
            let links = Pick::own(".breadcrumb a, .breadcrumbs a, #breadcrumb a, #breadcrumbs a, nav[aria-label=breadcrumb i] a").elements(self.root);
            let steps: Vec<(String, Option<String>)> = links
                .into_iter()
                .take(10)
                .map(|link| (page::text_of(link), link.attr("href").map(str::to_owned)))
                .collect();
            (!steps.is_empty()).then_some(steps)
        };
        let json = of_graph(self.linked[0].1).map(|steps| (steps, "JSON-LD BreadcrumbList"));
        let found =
            json.or_else(|| of_graph(self.linked[1].1).map(|steps| (steps, "microdata BreadcrumbList")));
        let (steps, from) = found.or_else(|| shown().map(|steps| (steps, "breadcrumb on the page")))?;
        let title = title.map(letters).unwrap_or_default();
        let count = steps.len();
        let sections: Vec<String> = steps
            .into_iter()
            .enumerate()
            .filter(|(number, (name, url))| {
                let url = url.as_deref().and_then(|url| self.base.resolve(url));
                let path =
                    url.as_deref().and_then(|url| url::Url::parse(url).ok()).map(|url| url.path().to_owned());
                let plain = letters(name);
                let is_home = *number == 0
                    && (HOMES.iter().any(|home| letters(home) == plain)
                        || self.names.is_exactly(name)
                        || path.as_deref() == Some("/"));
                let is_own = number + 1 == count
                    && ((!title.is_empty()
                        && (plain == title || title.starts_with(&plain) && plain.chars().count() > 20))
                        || (url.is_some() && url.as_deref() == self.url));
                !is_home && !is_own && !plain.is_empty()
            })
            .map(|(_, (name, _))| name)
            .collect();
        (!sections.is_empty()).then(|| (sections, from.to_owned()))
    }

    fn all_picked(&self, picks: &[Pick], name: &str) -> Option<Found<Value>> {
        picks.iter().find_map(|pick| {
            let values: Vec<String> = pick
                .elements(self.root)
                .into_iter()
                .take(100)
                .filter_map(|element| pick.value(element))
                .collect();
            (!values.is_empty()).then(|| (values.into(), format!("select.{name} `{pick}`")))
        })
    }

    pub fn tags(&self) -> Option<Found<Value>> {
        if !self.select.tags.is_empty() {
            return self.all_picked(&self.select.tags, "tags");
        }
        let split = |words: Vec<String>| -> Vec<String> {
            let mut tags: Vec<String> = Vec::new();
            for tag in words.iter().flat_map(|words| words.split([',', ';'])).map(str::trim).take(200) {
                if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
                    tags.push(tag.to_owned());
                }
            }
            tags
        };
        for (kind, graph, node) in &self.linked {
            let tags = split(node.map(|node| graph.texts(node, "keywords")).unwrap_or_default());
            if !tags.is_empty() {
                return Some((tags.into(), format!("{kind} keywords")));
            }
        }
        ["article:tag", "news_keywords", "keywords", "dc.subject", "parsely-tags"].iter().find_map(|name| {
            let tags = split(self.head.metas(name).to_vec());
            (!tags.is_empty()).then(|| (tags.into(), (*name).to_owned()))
        })
    }
}

/// Names under which they state the section.
const SECTIONS: &[&str] = &[
    "section",
    "article.section",
    "og:section",
    "parsely-section",
    "sailthru.section",
    "cxenseparse:recs:category",
    "category",
];

/// What a front page is called in a trail.
const HOMES: &[&str] = &[
    "Trang chủ",
    "Trang nhất",
    "Home",
    "Homepage",
    "Accueil",
    "Startseite",
    "Inicio",
    "Início",
    "Главная",
    "الرئيسية",
    "ホーム",
    "トップ",
    "HOME",
    "TOP",
    "首页",
    "首頁",
    "หน้าแรก",
    "홈",
];
