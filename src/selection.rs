//! Which articles are in which feed: filters, the newest N or the last hours, drafts, embargo and expiry.
//!
//! Knows no file and no clock: the moment of the run is handed in. What a feed leaves out it can name the reason of
//! ([`Verdict`]), for `explain`.

use crate::article::{Article, Category};
use crate::language;
use crate::slug::slugify;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which articles a feed takes: those that pass every list that is not empty, and none of the `not_` lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Slugs of categories; `*` is every article.
    pub categories: Vec<String>,
    /// Slugs of tags.
    pub tags: Vec<String>,
    /// Slugs of authors' names.
    pub authors: Vec<String>,
    /// A language range (RFC 4647): `en` takes in `en-GB`.
    pub language: Option<String>,
    pub not_categories: Vec<String>,
    pub not_tags: Vec<String>,
    pub not_authors: Vec<String>,
    pub not_language: Option<String>,
}

/// How much of what it takes a feed holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The newest N articles, ...
    pub limit: usize,
    /// ... or all within these hours of the newest where those are more, ...
    pub hours: u32,
    /// ... as far as no file grows larger than this many bytes.
    pub max_size: u64,
}

impl Window {
    /// More entries than any file of that size can hold: each takes its id, dates and markup.
    pub fn most_entries(self) -> usize {
        usize::try_from(self.max_size / 64).unwrap_or(usize::MAX).max(self.limit)
    }
}

/// Why a filter does not let an article through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Category,
    Tags,
    Authors,
    Language,
    Excluded,
}

impl Filter {
    /// Whether it lets every article through.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Tests an article, whose language is `site_language` where it states none.
    pub fn refusal(&self, article: &Article, site_language: &str) -> Option<Refusal> {
        let has_category = |slugs: &[String]| {
            slugs
                .iter()
                .any(|slug| slug == "*" || article.categories.iter().any(|category| category.slug == *slug))
        };
        // Slugs of tags and names are computed only where a filter asks for them.
        let has_tag = |slugs: &[String]| {
            !slugs.is_empty() && article.tags.iter().any(|tag| slugs.contains(&slugify(tag)))
        };
        let has_author = |slugs: &[String]| {
            !slugs.is_empty() && article.authors.iter().any(|author| slugs.contains(&slugify(&author.name)))
        };
        let language = article.language.as_deref().unwrap_or(site_language);
        let in_language =
            |range: &Option<String>| range.as_deref().is_some_and(|range| language::matches(range, language));
        if !self.categories.is_empty() && !has_category(&self.categories) {
            Some(Refusal::Category)
        } else if !self.tags.is_empty() && !has_tag(&self.tags) {
            Some(Refusal::Tags)
        } else if !self.authors.is_empty() && !has_author(&self.authors) {
            Some(Refusal::Authors)
        } else if self.language.is_some() && !in_language(&self.language) {
            Some(Refusal::Language)
        } else if has_category(&self.not_categories)
            || has_tag(&self.not_tags)
            || has_author(&self.not_authors)
            || in_language(&self.not_language)
        {
            Some(Refusal::Excluded)
        } else {
            None
        }
    }
}

/// An article and the moment of its publication: its own, or that at which it was first seen.
#[derive(Debug, Clone, Copy)]
pub struct Dated<'a> {
    pub article: &'a Article,
    pub published: DateTime<FixedOffset>,
}

/// Whether an article may be in a feed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Public,
    Draft,
    /// Published in the future: under embargo until then.
    Embargo(DateTime<FixedOffset>),
    Expired(DateTime<FixedOffset>),
}

impl Dated<'_> {
    /// What the article may do at the moment `now`.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        match self.article.expires {
            _ if self.article.draft => Standing::Draft,
            Some(expires) if expires <= now => Standing::Expired(expires),
            _ if self.published > now => Standing::Embargo(self.published),
            _ => Standing::Public,
        }
    }
}

impl Standing {
    /// The moment, in seconds, at which an article of that standing stands otherwise.
    pub fn until(self, article: &Article, now: DateTime<Utc>) -> Option<i64> {
        let expires =
            article.expires.map(|expires| expires.timestamp()).filter(|expires| *expires > now.timestamp());
        match self {
            Self::Embargo(until) => {
                Some(expires.map_or(until.timestamp(), |expires| expires.min(until.timestamp())))
            }
            Self::Public => expires,
            Self::Draft | Self::Expired(_) => None,
        }
    }
}

/// Every article that a feed could take, newest first; ties by id, so that the order of the input does not matter.
pub fn newest_first<'a>(articles: impl Iterator<Item = Dated<'a>>, now: DateTime<Utc>) -> Vec<Dated<'a>> {
    let mut articles: Vec<Dated<'a>> =
        articles.filter(|dated| dated.standing(now) == Standing::Public).collect();
    articles.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| a.article.id.cmp(&b.article.id)));
    articles
}

/// What a feed holds of the articles that its filter lets through; the size of its files is not looked at here.
#[derive(Debug)]
pub struct Pick<'a> {
    window: Window,
    /// Newest first.
    pub articles: Vec<Dated<'a>>,
    /// What was published before this moment is not recent. None before the first article, or where there is no such moment.
    horizon: Option<DateTime<FixedOffset>>,
    is_full: bool,
}

impl<'a> Pick<'a> {
    pub fn new(window: Window) -> Self {
        Self { window, articles: Vec::new(), horizon: None, is_full: false }
    }

    /// Takes an article if the feed is to hold it. They come newest first: one that is neither among the newest nor recent
    /// ends the feed.
    pub fn offer(&mut self, dated: Dated<'a>) {
        if self.articles.is_empty() {
            self.horizon = dated.published.checked_sub_signed(TimeDelta::hours(self.window.hours.into()));
        }
        let held = self.articles.len();
        let is_old = self.horizon.is_some_and(|horizon| dated.published < horizon);
        self.is_full |= held >= self.window.most_entries() || held >= self.window.limit && is_old;
        if !self.is_full {
            self.articles.push(dated);
        }
    }
}

/// Filters, by what they ask for: of thousands an article is put to those alone that may let it through.
#[derive(Debug, Default)]
pub struct Filters<'f> {
    all: Vec<&'f Filter>,
    /// The numbers of those that ask for a category, by its slug; of the others by tag; of the others by author.
    by_category: HashMap<&'f str, Vec<usize>>,
    by_tag: HashMap<&'f str, Vec<usize>>,
    by_author: HashMap<&'f str, Vec<usize>>,
    /// The rest.
    others: Vec<usize>,
}

impl<'f> Filters<'f> {
    pub fn new(filters: impl Iterator<Item = &'f Filter>) -> Self {
        let mut known = Self::default();
        for (number, filter) in filters.enumerate() {
            known.all.push(filter);
            let takes_any_category =
                filter.categories.is_empty() || filter.categories.iter().any(|slug| slug == "*");
            let (slugs, by_slug) =
                match (takes_any_category, filter.tags.is_empty(), filter.authors.is_empty()) {
                    (false, ..) => (&filter.categories, &mut known.by_category),
                    (true, false, _) => (&filter.tags, &mut known.by_tag),
                    (true, true, false) => (&filter.authors, &mut known.by_author),
                    (true, true, true) => {
                        known.others.push(number);
                        continue;
                    }
                };
            for slug in slugs {
                by_slug.entry(slug.as_str()).or_default().push(number);
            }
        }
        known
    }

    /// The numbers of those that let an article through, in their order.
    pub fn taking(&self, article: &Article, site_language: &str) -> Vec<usize> {
        let mut numbers = self.others.clone();
        let of_category = |category: &Category| self.by_category.get(category.slug.as_str());
        numbers.extend(article.categories.iter().filter_map(of_category).flatten());
        // Slugs of tags and names are computed only where a filter asks for them, and looked for once: an article may spell one
        // tag in very many ways.
        let mut add = |by_slug: &HashMap<&str, Vec<usize>>, slugs: &mut dyn Iterator<Item = String>| {
            let slugs: BTreeSet<String> = slugs.filter(|slug| by_slug.contains_key(slug.as_str())).collect();
            numbers.extend(slugs.iter().filter_map(|slug| by_slug.get(slug.as_str())).flatten());
        };
        if !self.by_tag.is_empty() {
            add(&self.by_tag, &mut article.tags.iter().map(|tag| slugify(tag)));
        }
        if !self.by_author.is_empty() {
            add(&self.by_author, &mut article.authors.iter().map(|author| slugify(&author.name)));
        }
        numbers.sort_unstable();
        numbers.dedup();
        let takes = |filter: &&Filter| filter.refusal(article, site_language).is_none();
        numbers.retain(|number| self.all.get(*number).is_some_and(takes));
        numbers
    }
}

/// A category met in the articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    pub slug: String,
    /// The spelling met most often; of several the first in order of letters.
    pub label: String,
    pub articles: usize,
}

impl Met {
    /// Categories by slug, from how often each of their spellings was met.
    pub fn of(spellings: BTreeMap<&str, HashMap<&str, usize>>) -> Vec<Self> {
        let mut met = Vec::new();
        for (slug, labels) in spellings {
            let articles = labels.values().sum();
            let most = labels.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
            if let Some((label, _)) = most.filter(|_| articles > 0) {
                met.push(Self { slug: slug.to_owned(), label: (*label).to_owned(), articles });
            }
        }
        met
    }
}

/// Every category of the articles, by slug.
pub fn categories<'a>(articles: impl Iterator<Item = &'a Article>) -> Vec<Met> {
    let mut spellings: BTreeMap<&str, HashMap<&str, usize>> = BTreeMap::new();
    for category in articles.flat_map(|article| &article.categories) {
        *spellings.entry(&category.slug).or_default().entry(&category.label).or_default() += 1;
    }
    Met::of(spellings)
}

/// Where an article stands with a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// In the feed, at this place from 1.
    In(usize),
    Refused(Refusal),
    Draft,
    Embargo(DateTime<FixedOffset>),
    Expired(DateTime<FixedOffset>),
    /// Older than the newest N, and than the hours counted back from the newest of them.
    TooOld {
        held: usize,
    },
    /// There was no room within `max_size`.
    NoRoom {
        held: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Person;
    use crate::diagnostic::Place;
    use crate::text::Text;
    use proptest::prelude::*;

    fn article(
        (categories, tags, authors, language): (Vec<&str>, Vec<&str>, Vec<&str>, Option<&str>),
    ) -> Article {
        Article {
            id: "a".into(),
            key: "a".into(),
            url: None,
            title: None,
            summary: None,
            body: None,
            published: None,
            modified: None,
            expires: None,
            authors: authors
                .iter()
                .map(|name| Person { name: Text::line(name), email: None, url: None })
                .collect(),
            categories: categories.into_iter().filter_map(Category::new).collect(),
            tags: tags.into_iter().map(Text::line).collect(),
            images: Vec::new(),
            attachments: Vec::new(),
            language: language.map(str::to_owned),
            draft: false,
            comments_url: None,
            rights: None,
            place: Place::new(&"a.jsonl".into(), 1, 1),
            remarks: Vec::new(),
        }
    }

    fn words() -> impl Strategy<Value = Vec<&'static str>> {
        proptest::sample::subsequence(vec!["Xã hội", "Thể thao", "a"], 0..3)
    }

    fn slugs() -> impl Strategy<Value = Vec<String>> {
        let slugs = vec!["xa-hoi", "the-thao", "a", "*"];
        proptest::sample::subsequence(slugs, 0..3)
            .prop_map(|slugs| slugs.into_iter().map(str::to_owned).collect())
    }

    fn filter() -> impl Strategy<Value = Filter> {
        let language = proptest::option::weighted(0.2, Just("vi".to_owned()));
        (slugs(), slugs(), slugs(), language, slugs(), proptest::bool::weighted(0.8)).prop_map(
            |(categories, tags, authors, language, not, takes_all)| Filter {
                categories,
                tags,
                authors,
                language,
                not_categories: if takes_all { Vec::new() } else { not },
                ..Filter::default()
            },
        )
    }

    proptest! {
        #[test]
        fn an_article_is_put_to_every_filter_that_lets_it_through(
            filters in proptest::collection::vec(filter(), 0..12),
            fields in (words(), words(), words(), proptest::option::of(Just("en"))),
        ) {
            let article = article(fields);
            let taking = Filters::new(filters.iter()).taking(&article, "vi");
            let takes = |(_, filter): &(usize, &Filter)| filter.refusal(&article, "vi").is_none();
            let expected: Vec<usize> = filters.iter().enumerate().filter(takes).map(|(number, _)| number).collect();
            prop_assert_eq!(taking, expected);
        }
    }
}
