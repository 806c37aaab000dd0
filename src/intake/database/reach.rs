//! How much feeds need of the rows of a category, as far as a statement can say it. Knows no database.

use super::Request;
use crate::plan::Feeds;
use crate::selection::{Filter, Window};

/// How much is needed of the rows of a category, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Nothing,
    Window {
        limit: usize,
        hours: u32,
        most: usize,
    },
    /// A feed asks for what no statement can, so that any of its rows may be the newest.
    All,
}

impl Reach {
    /// As much as either needs.
    pub(super) fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, reach) | (reach, Self::Nothing) => reach,
            (Self::All, _) | (_, Self::All) => Self::All,
            (
                Self::Window { limit, hours, most },
                Self::Window { limit: limit2, hours: hours2, most: most2 },
            ) => Self::Window { limit: limit.max(limit2), hours: hours.max(hours2), most: most.max(most2) },
        }
    }

    /// As much as a feed needs of a category that it takes. Some rows will be no articles, or articles that stand elsewhere
    /// again: they are made up for.
    fn of(filter: &Filter, window: Window) -> Self {
        let Filter {
            categories: _,
            not_categories: _,
            tags,
            authors,
            language,
            not_tags,
            not_authors,
            not_language,
        } = filter;
        let looks_at_more = !tags.is_empty()
            || !authors.is_empty()
            || !not_tags.is_empty()
            || !not_authors.is_empty()
            || language.is_some()
            || not_language.is_some();
        if looks_at_more {
            return Self::All;
        }
        let reserve = |number: usize| number.saturating_mul(2).saturating_add(64);
        Self::Window {
            limit: reserve(window.limit),
            hours: window.hours,
            most: reserve(window.limit).max(window.most_entries()),
        }
    }

    /// Of a category that no feed takes the newest is read, so that it is known to be there.
    pub(super) fn or_newest(self) -> Self {
        match self {
            Self::Nothing => Self::Window { limit: 1, hours: 0, most: 1 },
            reach => reach,
        }
    }

    /// What feeds of every category need.
    pub(super) fn of_all(request: &Request<'_>) -> Self {
        match request.feeds {
            Feeds::EveryCategory => Self::of(&Filter::default(), request.window),
            Feeds::Listed(feeds) => (feeds.iter())
                .filter(|feed| {
                    let categories = &feed.filter.categories;
                    (categories.is_empty() || categories.iter().any(|slug| slug == "*"))
                        && feed.filter.not_categories.is_empty()
                })
                .fold(Self::Nothing, |reach, feed| reach.with(Self::of(&feed.filter, feed.window))),
        }
    }

    /// What feeds need of articles in these categories, by their slugs. Feeds of every category are looked at by
    /// themselves.
    pub(super) fn of_categories(request: &Request<'_>, slugs: &[String]) -> Self {
        let has = |listed: &[String]| listed.iter().any(|listed| listed == "*" || slugs.contains(listed));
        match request.feeds {
            Feeds::EveryCategory => Self::of(&Filter::default(), request.window),
            Feeds::Listed(feeds) => (feeds.iter())
                .filter(|feed| {
                    let Filter { categories, not_categories, .. } = &feed.filter;
                    (categories.is_empty() && !not_categories.is_empty() || has(categories))
                        && !has(not_categories)
                })
                .fold(Self::Nothing, |reach, feed| reach.with(Self::of(&feed.filter, feed.window))),
        }
    }
}
