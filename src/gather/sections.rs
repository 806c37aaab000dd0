//! Which feeds an article can be in, by its categories, tags, authors and language; shared by the threads that read.

use crate::article::{Article, Category};
use crate::glance::Wanted;
use crate::pages;
use crate::plan::{Feeds, Plan};
use crate::selection::{Filter, Filters, Met, Window};
use crate::slug;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

/// What the values by which feeds choose come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Numbers of feeds.
    pub feeds: Vec<usize>,
    /// The class of such articles, and of those that are public; `None`: there are too many classes.
    classes: Option<(u16, u16)>,
}

impl Section {
    /// The class of an article of this section.
    pub fn class(&self, public: bool) -> Option<u16> {
        self.classes.map(|(any, of_public)| if public { of_public } else { any })
    }
}

/// What is counted of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Class {
    Withdrawal,
    Article { categories: Vec<Category>, feeds: Vec<usize>, homeless: bool },
}

/// The numbers of feeds and classes that a reading came to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Known {
    slugs: BTreeMap<String, usize>,
    classes: Vec<KnownClass>,
}

/// A class, with the labels of its categories; `None`: a withdrawal.
type KnownClass = Option<(Vec<String>, Vec<usize>, bool)>;

impl From<KnownClass> for Class {
    fn from(known: KnownClass) -> Self {
        match known {
            None => Self::Withdrawal,
            Some((labels, feeds, homeless)) => {
                // A label is a title already: its entities are not to be decoded once more.
                let categories = labels
                    .iter()
                    .map(|label| Category { label: Text::line(label), slug: slug::slugify(label) });
                let categories = categories.collect();
                Self::Article { categories, feeds, homeless }
            }
        }
    }
}

impl From<&Class> for KnownClass {
    fn from(class: &Class) -> Self {
        match class {
            Class::Withdrawal => None,
            Class::Article { categories, feeds, homeless } => {
                let labels = categories.iter().map(|category| category.label.to_string()).collect();
                Some((labels, feeds.clone(), *homeless))
            }
        }
    }
}

/// The feeds, by number, and the classes of records.
pub struct Sections<'a> {
    plan: &'a Plan,
    /// Of the configured feeds.
    filters: Filters<'a>,
    /// Without configured feeds: numbers by slug. The feed of everything is number 0.
    slugs: Mutex<HashMap<String, usize>>,
    classes: Mutex<(HashMap<Class, u16>, Vec<Class>)>,
}

/// More classes of records than are worth counting; the plain way counts any number.
const MOST_CLASSES: usize = 60_000;

impl<'a> Sections<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let everything = slug::slugify(pages::latest(&plan.site.language));
        let filters = match &plan.feeds {
            Feeds::Listed(feeds) => Filters::new(feeds.iter().map(|feed| &feed.filter)),
            Feeds::EveryCategory => Filters::default(),
        };
        let slugs = Mutex::new(HashMap::from([(everything, 0)]));
        Self { plan, filters, slugs, classes: Mutex::default() }
    }

    /// Goes on with the classes and the numbers of feeds that an earlier reading came to; `None` if they would not come to
    /// the same.
    pub fn resume(plan: &'a Plan, known: Known) -> Option<Self> {
        let sections = Self { slugs: Mutex::new(known.slugs.into_iter().collect()), ..Self::new(plan) };
        let mut classes = known.classes.into_iter().zip(0..);
        classes.all(|(class, number)| sections.class(class.into()) == Some(number)).then_some(sections)
    }

    /// What a later reading has to go on with.
    pub fn known(&self) -> Known {
        let slugs = self.slugs.lock().unwrap_or_else(PoisonError::into_inner);
        let classes = self.classes.lock().unwrap_or_else(PoisonError::into_inner);
        Known {
            slugs: slugs.iter().map(|(slug, number)| (slug.clone(), *number)).collect(),
            classes: classes.1.iter().map(KnownClass::from).collect(),
        }
    }

    /// The slugs of the feeds, by number.
    pub fn slugs(&self) -> Vec<String> {
        match &self.plan.feeds {
            Feeds::Listed(feeds) => feeds.iter().map(|feed| feed.slug.clone()).collect(),
            Feeds::EveryCategory => {
                let slugs = self.slugs.lock().unwrap_or_else(PoisonError::into_inner);
                let mut by_number: Vec<(usize, String)> =
                    slugs.iter().map(|(slug, number)| (*number, slug.clone())).collect();
                by_number.sort_unstable();
                by_number.into_iter().map(|(_, slug)| slug).collect()
            }
        }
    }

    /// Which values, beside the category, feeds choose by.
    pub fn wanted(&self) -> Wanted {
        let Feeds::Listed(feeds) = &self.plan.feeds else {
            return Wanted { tags: false, authors: false, language: false };
        };
        let any = |asks: fn(&Filter) -> bool| feeds.iter().any(|feed| asks(&feed.filter));
        Wanted {
            tags: any(|filter| !filter.tags.is_empty() || !filter.not_tags.is_empty()),
            authors: any(|filter| !filter.authors.is_empty() || !filter.not_authors.is_empty()),
            language: any(|filter| filter.language.is_some() || filter.not_language.is_some()),
        }
    }

    /// How much the feed of that number holds.
    pub fn window(&self, feed: usize) -> Window {
        match &self.plan.feeds {
            Feeds::Listed(feeds) => feeds.get(feed).map_or(self.plan.output.window, |feed| feed.window),
            Feeds::EveryCategory => self.plan.output.window,
        }
    }

    /// Where an article belongs. Reads its categories, tags, authors and language.
    pub fn of(&self, article: &Article) -> Section {
        let feeds = match &self.plan.feeds {
            Feeds::Listed(_) => self.filters.taking(article, &self.plan.site.language),
            Feeds::EveryCategory => {
                let mut slugs = self.slugs.lock().unwrap_or_else(PoisonError::into_inner);
                let mut feeds = vec![0];
                for category in &article.categories {
                    let next = slugs.len();
                    feeds.push(*slugs.entry(category.slug.clone()).or_insert(next));
                }
                feeds.sort_unstable();
                feeds.dedup();
                feeds
            }
        };
        let class = |homeless| {
            let (categories, feeds) = (article.categories.clone(), feeds.clone());
            self.class(Class::Article { categories, feeds, homeless })
        };
        let classes =
            class(false).and_then(|any| Some((any, if feeds.is_empty() { class(true)? } else { any })));
        Section { feeds, classes }
    }

    /// The number of a class; `None` where there are too many of them.
    pub fn class(&self, class: Class) -> Option<u16> {
        let mut classes = self.classes.lock().unwrap_or_else(PoisonError::into_inner);
        let (numbers, known) = &mut *classes;
        if let Some(number) = numbers.get(&class) {
            return Some(*number);
        }
        let number = u16::try_from(known.len()).ok().filter(|number| usize::from(*number) < MOST_CLASSES)?;
        known.push(class.clone());
        numbers.insert(class, number);
        Some(number)
    }

    /// The classes by number.
    pub fn into_classes(self) -> Vec<Class> {
        self.classes.into_inner().unwrap_or_else(PoisonError::into_inner).1
    }
}

/// Every category, by slug, from how many articles there are of each class.
pub fn categories<'a>(living: impl Iterator<Item = (&'a Class, usize)>) -> Vec<Met> {
    let mut spellings: BTreeMap<&str, HashMap<&str, usize>> = BTreeMap::new();
    for (class, articles) in living {
        let Class::Article { categories, .. } = class else { continue };
        for category in categories {
            *spellings.entry(&category.slug).or_default().entry(&category.label).or_default() += articles;
        }
    }
    Met::of(spellings)
}
