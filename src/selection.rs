//! Which articles are in which feed: filters, the newest N or the last hours, drafts, embargo and expiry.
//!
//! Knows no file and no clock: the moment of the run is handed in. What a feed leaves out it can name the reason of
//! ([`Verdict`]), for `explain`.

use crate::article::Article;
use crate::language;
use crate::slug::slugify;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};

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

/// What a feed holds of the articles that it could, both newest first; the size of its files is not looked at here.
pub fn select<'a>(
    filter: &Filter,
    window: Window,
    articles: &[Dated<'a>],
    site_language: &str,
) -> Vec<Dated<'a>> {
    let mut selected = Vec::new();
    let mut horizon = None;
    for dated in articles {
        if filter.refusal(dated.article, site_language).is_some() {
            continue;
        }
        let horizon = *horizon
            .get_or_insert_with(|| dated.published.checked_sub_signed(TimeDelta::hours(window.hours.into())));
        // Newest first: the first one that is neither among the newest nor recent ends the feed.
        let too_many = selected.len() >= window.most_entries();
        if too_many
            || selected.len() >= window.limit && horizon.is_some_and(|horizon| dated.published < horizon)
        {
            break;
        }
        selected.push(*dated);
    }
    selected
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
