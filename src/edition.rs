//! What is published of the articles: every feed selected, assembled and rendered. Writes nothing; the moment of the run
//! and what earlier runs remember are handed in.

use crate::article::{Article, Body};
use crate::diagnostic::Diagnostic;
use crate::feed::{Content, Entry, Feed};
use crate::formats::Format;
use crate::gather::{Articles, Gathered};
use crate::pages;
use crate::parallel;
use crate::plan::{FeedPlan, Feeds, Plan};
use crate::selection::{self, Dated, Filter, Filters, Met, Pick, Standing, Verdict};
use crate::state::{LedgerError, Memory, content_hash};
use crate::text::Text;
use crate::{id, slug};
use chrono::{DateTime, FixedOffset, Utc};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use url::Url;

/// Every feed as it is to be published.
#[derive(Debug, Default)]
pub struct Edition {
    pub feeds: Vec<Issue>,
    /// What is to be remembered, by id, of the articles of which something else is remembered than this.
    pub memories: BTreeMap<String, Memory>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Every feed with its entries, before documents are made of them.
#[derive(Debug, Default)]
pub struct Outline {
    pub feeds: Vec<Outlined>,
    /// As of [`Edition`].
    pub memories: BTreeMap<String, Memory>,
    pub diagnostics: Vec<Diagnostic>,
}

/// One feed and its entries.
#[derive(Debug)]
pub struct Outlined {
    pub plan: FeedPlan,
    /// `None`: the feed is what it was at an earlier run, and is not made.
    entries: Option<Vec<Arc<Entry>>>,
    /// Remarks on its entries.
    pub diagnostics: Vec<Diagnostic>,
}

impl Outlined {
    /// Whether it is what it was at an earlier run.
    pub fn is_untouched(&self) -> bool {
        self.entries.is_none()
    }

    /// Whether there are entries to make it of.
    pub fn has_entries(&self) -> bool {
        self.entries.as_ref().is_some_and(|entries| !entries.is_empty())
    }

    /// Makes its documents.
    pub fn issue(self, plan: &Plan) -> Issue {
        let Self { plan: feed, entries, diagnostics } = self;
        match entries {
            Some(entries) => Issue { diagnostics, ..fit(plan, feed, &entries) },
            None => Issue {
                plan: feed,
                feed: None,
                documents: Vec::new(),
                cut: Vec::new(),
                diagnostics,
                untouched: true,
            },
        }
    }
}

/// One feed as it is to be published.
#[derive(Debug)]
pub struct Issue {
    pub plan: FeedPlan,
    /// `None`: no article fits it, or the newest one alone is larger than a file may be.
    pub feed: Option<Feed>,
    /// The feed's files, by format.
    pub documents: Vec<(&'static dyn Format, Arc<Vec<u8>>)>,
    /// The ids of entries that it would hold if files could be of any size.
    pub cut: Vec<String>,
    /// Remarks on its entries.
    pub diagnostics: Vec<Diagnostic>,
    /// It is what it was at an earlier run, and was not made.
    pub untouched: bool,
}

impl Issue {
    /// Where an article that may or may not be public stands with this feed.
    pub fn verdict(&self, article: &Article, standing: Standing, site_language: &str) -> Verdict {
        let entries = self.feed.as_ref().map_or(&[][..], |feed| &feed.entries);
        match standing {
            _ if let Some(refusal) = self.plan.filter.refusal(article, site_language) => {
                Verdict::Refused(refusal)
            }
            Standing::Draft => Verdict::Draft,
            Standing::Embargo(until) => Verdict::Embargo(until),
            Standing::Expired(at) => Verdict::Expired(at),
            Standing::Public => match entries.iter().position(|entry| entry.id == article.id) {
                Some(place) => Verdict::In(place + 1),
                None if self.cut.contains(&article.id) => Verdict::NoRoom { held: entries.len() },
                None => Verdict::TooOld { held: entries.len() },
            },
        }
    }
}

/// What earlier runs remember of an article.
pub trait Recall {
    fn recall(&self, id: &str) -> Result<Option<Memory>, LedgerError>;
}

/// The moment at which an article counts as published: its own, or that at which it was first seen.
pub fn published(
    article: &Article,
    plan: &Plan,
    recall: &dyn Recall,
    now: DateTime<Utc>,
) -> Result<DateTime<FixedOffset>, LedgerError> {
    Ok(match article.published {
        Some(published) => published,
        None => in_zone(recall.recall(&article.id)?.map_or(now, |memory| memory.first_seen), plan),
    })
}

fn in_zone(moment: DateTime<Utc>, plan: &Plan) -> DateTime<FixedOffset> {
    moment.with_timezone(&plan.site.zone).fixed_offset()
}

/// The feeds that are to be made, where none are configured: one of every category, and one of everything.
pub fn feed_plans(plan: &Plan, gathered: &Gathered) -> Vec<FeedPlan> {
    match &plan.feeds {
        Feeds::Listed(feeds) => feeds.clone(),
        Feeds::EveryCategory => {
            let everything = FeedPlan::new(
                &Text::line(pages::latest(&plan.site.language)),
                Filter::default(),
                plan.output.window,
            );
            let mut feeds = vec![everything];
            for Met { slug, label, .. } in &gathered.categories {
                // A section that is called as the feed of everything is in that.
                if slug::plain_name(slug).is_ok() && feeds.first().is_some_and(|feed| feed.slug != *slug) {
                    let filter = Filter { categories: vec![slug.clone()], ..Filter::default() };
                    feeds.push(FeedPlan::new(&Text::line(label), filter, plan.output.window));
                }
            }
            feeds
        }
    }
}

/// Why a category that no feed asks for has none, for people. Where no feeds are configured each has one, but for these.
pub fn unclaimed(plan: &Plan, slug: &str) -> String {
    match (&plan.feeds, slug::plain_name(slug)) {
        (Feeds::Listed(_), _) => "no feed asks for it".to_owned(),
        (Feeds::EveryCategory, Err(reason)) => format!("none: the slug {reason}"),
        (Feeds::EveryCategory, Ok(())) => format!("none: {slug} is the feed of everything"),
    }
}

/// Makes every feed.
pub fn make(
    plan: &Plan,
    gathered: &Gathered,
    recall: &(dyn Recall + Sync),
    now: DateTime<Utc>,
) -> Result<Edition, LedgerError> {
    let articles = gathered.articles.clone();
    let Outline { feeds, memories, diagnostics } = outline(plan, gathered, articles, recall, now)?;
    Ok(Edition { feeds: parallel::map(feeds, |feed| feed.issue(plan)), memories, diagnostics })
}

/// Selects the entries of every feed, and makes them. Articles that nobody else holds go one by one, as their entries come:
/// thousands of feeds take most of the memory of a run.
pub fn outline(
    plan: &Plan,
    gathered: &Gathered,
    articles: Articles,
    recall: &(dyn Recall + Sync),
    now: DateTime<Utc>,
) -> Result<Outline, LedgerError> {
    let mut outline = Outline::default();
    let desk = Desk { plan, recall, now };
    // First-seen dates are kept of every article that needs one, published or not.
    for id in &gathered.undated {
        outline.remember(id, desk.remember(id, |memory| memory)?);
    }
    let plans = feed_plans(plan, gathered);
    // Whether a feed is to be made.
    let made: Vec<bool> = plans.iter().map(|feed| !gathered.untouched.contains(&feed.slug)).collect();
    let (wanted, picked) = picked(plan, plans.iter().zip(&made), &articles, recall, now)?;
    let shares: Vec<Wanted> = wanted.chunks(SHARE).map(<[_]>::to_vec).collect();
    drop((wanted, articles));
    let mut entries = Vec::new();
    let of_shares = parallel::map(shares, |share| {
        share.into_iter().map(|(article, published)| desk.make(&article, published)).collect()
    });
    for share in of_shares {
        let share: Result<Vec<Made>, LedgerError> = share;
        entries.extend(share?);
    }
    for made in &entries {
        outline.diagnostics.extend(made.diagnostics.iter().cloned());
        outline.remember(&made.id, made.memory);
    }
    let feeds = plans.into_iter().zip(made).zip(picked).map(|((plan, made), numbers)| {
        if !made {
            return Outlined { plan, entries: None, diagnostics: Vec::new() };
        }
        let made: Vec<&Made> = numbers.into_iter().filter_map(|number| entries.get(number)).collect();
        let diagnostics = made.iter().flat_map(|made| made.diagnostics.iter().cloned()).collect();
        let entries = made.iter().filter_map(|made| made.entry.clone()).collect();
        Outlined { plan, entries: Some(entries), diagnostics }
    });
    outline.feeds = feeds.collect();
    Ok(outline)
}

/// Articles of which entries are to be made, with the moments of their publication.
type Wanted = Vec<(Arc<Article>, DateTime<FixedOffset>)>;

/// The articles that feeds pick, each once: an entry is made once and is the same in every feed. And of every feed the numbers of
/// its articles among those, in its order.
fn picked<'a>(
    plan: &Plan,
    feeds: impl Iterator<Item = (&'a FeedPlan, &'a bool)> + Clone,
    articles: &Articles,
    recall: &dyn Recall,
    now: DateTime<Utc>,
) -> Result<(Wanted, Vec<Vec<usize>>), LedgerError> {
    let mut dated = Vec::with_capacity(articles.len());
    for article in articles.values() {
        dated.push(Dated { article, published: published(article, plan, recall, now)? });
    }
    let pick = |(feed, made): (&FeedPlan, &bool)| made.then(|| Pick::new(feed.window));
    let mut picks: Vec<Option<Pick<'_>>> = feeds.clone().map(pick).collect();
    let filters = Filters::new(feeds.map(|(feed, _)| &feed.filter));
    for dated in selection::newest_first(dated.into_iter(), now) {
        for feed in filters.taking(dated.article, &plan.site.language) {
            if let Some(Some(pick)) = picks.get_mut(feed) {
                pick.offer(dated);
            }
        }
    }
    let (mut wanted, mut of_feeds) = (Vec::new(), Vec::with_capacity(picks.len()));
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for pick in picks {
        let mut of_feed = Vec::new();
        for Dated { article, published } in pick.into_iter().flat_map(|pick| pick.articles) {
            let number = *numbers.entry(&article.id).or_insert(wanted.len());
            if number == wanted.len() {
                wanted.extend(articles.get(&article.id).map(|article| (Arc::clone(article), published)));
            }
            of_feed.push(number);
        }
        of_feeds.push(of_feed);
    }
    Ok((wanted, of_feeds))
}

/// So many entries are made at a time by one thread.
const SHARE: usize = 16;

impl Outline {
    /// Takes what is to be remembered of an article, where that is something else than before.
    fn remember(&mut self, id: &str, (old, new): (Option<Memory>, Memory)) {
        if old != Some(new) {
            self.memories.insert(id.to_owned(), new);
        }
    }
}

struct Desk<'a> {
    plan: &'a Plan,
    recall: &'a (dyn Recall + Sync),
    now: DateTime<Utc>,
}

/// What was made of an article.
struct Made {
    /// The article's.
    id: String,
    /// `None`: no feed can hold it.
    entry: Option<Arc<Entry>>,
    diagnostics: Vec<Diagnostic>,
    /// What is remembered of it so far, and from now on.
    memory: (Option<Memory>, Memory),
}

impl Desk<'_> {
    /// The entry of an article.
    fn make(&self, article: &Article, published: DateTime<FixedOffset>) -> Result<Made, LedgerError> {
        let mut diagnostics = article.remarks.clone();
        let hash = hash(article);
        let (old, memory) = self.remember(&article.id, |memory| Memory {
            hash: Some(hash),
            // Kept where the record states it, too: an export that leaves it out is no reason to take it back.
            changed: match article.modified {
                Some(modified) => Some(modified.to_utc()),
                None if memory.hash.is_some_and(|old| old != hash) => Some(self.now),
                None => memory.changed,
            },
            ..memory
        })?;
        let modified = article.modified.or_else(|| memory.changed.map(|changed| in_zone(changed, self.plan)));
        let site = &self.plan.site;
        let make = |content| Entry::new(article, published, modified, content, &site.url, &site.language);
        let mut entry = make(self.plan.output.content);
        // Escaped, and with all that stands around it, an article takes more room in a feed than by itself.
        let room = self.plan.output.window.max_size / 2;
        let length = entry.content.as_ref().map_or(0, |content| content.len() as u64);
        if length > room {
            entry = make(Content::Summary);
            let message =
                format!("the article's text is {length} bytes long: its feeds carry the summary alone");
            let help = "feeds hold articles up to half of `output.max_size`".to_owned();
            let diagnostic =
                Diagnostic::dropped(article.place.clone(), message).help(help).article(&article.key);
            diagnostics.push(diagnostic);
        }
        let bare = entry.bare_length() as u64;
        let refused = if bare > room {
            Some(format!("without its text the article is {bare} bytes long: no feed can hold it"))
        } else if entry.title.is_none() && entry.synopsis().is_none() {
            Some("no title, and nothing of the content can be published".to_owned())
        } else {
            None
        };
        let entry = refused.is_none().then(|| Arc::new(entry));
        diagnostics.extend(
            refused.map(|message| Diagnostic::left_out(article.place.clone(), message).article(&article.key)),
        );
        Ok(Made { id: article.id.clone(), entry, diagnostics, memory: (old, memory) })
    }

    /// What is remembered of an article so far, and from now on.
    fn remember(
        &self,
        id: &str,
        update: impl FnOnce(Memory) -> Memory,
    ) -> Result<(Option<Memory>, Memory), LedgerError> {
        let old = self.recall.recall(id)?;
        let first = Memory { first_seen: self.now, hash: None, changed: None };
        Ok((old, update(old.unwrap_or(first))))
    }
}

/// The hash of what a reader sees of an article. Of the text almost as it came, so that a new way to tidy it is no edit;
/// but its characters are made one, for an export that spells `ộ` with other code points is none either.
fn hash(article: &Article) -> u128 {
    let body = match &article.body {
        None => "",
        Some(Body::Html(text) | Body::Text(text) | Body::Markdown(text) | Body::Unknown(text)) => text,
    };
    let title = article.title.as_deref().unwrap_or_default();
    let summary = crate::text::clean(article.summary.as_deref().unwrap_or_default());
    let body = crate::text::clean(body);
    let images = article.images.iter().map(|image| image.url.as_str());
    let attachments = article.attachments.iter().map(|attachment| attachment.url.as_str());
    content_hash([title, &summary, &body].into_iter().chain(images).chain(attachments))
}

/// The feed with as many of the entries as leave every file within the size it may have.
fn fit(plan: &Plan, feed_plan: FeedPlan, entries: &[Arc<Entry>]) -> Issue {
    let selected = entries.len();
    let render = |count: usize| {
        let feed = assemble(plan, &feed_plan, &entries[..count])?;
        let formats = plan.output.formats.iter();
        let documents: Vec<_> = formats
            .map(|format| {
                let mut bytes = format.render(&feed);
                // They wait until they are written.
                bytes.shrink_to_fit();
                (*format, Arc::new(bytes))
            })
            .collect();
        let largest = documents.iter().map(|(_, bytes)| bytes.len() as u64).max().unwrap_or(0);
        (largest <= feed_plan.window.max_size).then_some((feed, documents))
    };
    let mut fitting = render(selected);
    if fitting.is_none() {
        let (mut fits, mut too_many) = (0, selected);
        while too_many - fits > 1 {
            let middle = fits.midpoint(too_many);
            match render(middle) {
                Some(rendered) => {
                    fitting = Some(rendered);
                    fits = middle;
                }
                None => too_many = middle,
            }
        }
    }
    let (feed, documents) = fitting.map_or((None, Vec::new()), |(feed, documents)| (Some(feed), documents));
    let held = feed.as_ref().map_or(0, |feed: &Feed| feed.entries.len());
    let cut = entries[held..].iter().map(|entry| entry.id.clone()).collect();
    Issue { plan: feed_plan, feed, documents, cut, diagnostics: Vec::new(), untouched: false }
}

/// Where the folder of a feed is served.
pub fn address(plan: &Plan, slug: &str) -> Url {
    let mut address = plan.output.url.clone();
    // A slug is a plain folder name: one part of a path. Addresses that have no path are refused by the plan.
    if let Ok(mut path) = address.path_segments_mut() {
        path.pop_if_empty().push(slug).push("");
    }
    address
}

/// What a feed says of itself.
pub fn description(plan: &Plan, feed: &FeedPlan) -> Text {
    feed.description.clone().unwrap_or_else(|| match feed.filter.is_open() {
        true => plan.site.description.clone(),
        false => Text::line(&format!("{} – {}", feed.title, plan.site.title)),
    })
}

/// A feed of those entries; `None` where there are none.
fn assemble(plan: &Plan, feed: &FeedPlan, entries: &[Arc<Entry>]) -> Option<Feed> {
    let site = &plan.site;
    let updated = entries.iter().map(|entry| entry.updated()).max()?;
    let description = description(plan, feed);
    Some(Feed {
        slug: feed.slug.clone(),
        id: id::entry_id(&format!("feed/{}", feed.slug), &site.tag),
        title: feed.title.clone(),
        description,
        language: feed.language.clone().unwrap_or_else(|| site.language.clone()),
        home: feed.home.clone().unwrap_or_else(|| site.url.to_string()),
        address: address(plan, &feed.slug),
        stylesheet: format!("../{}", pages::STYLESHEET_PATH),
        site_title: site.title.clone(),
        author: site.author.clone(),
        copyright: site.copyright.clone(),
        icon: site.icon.clone(),
        image: feed.image.clone(),
        ttl: feed.ttl,
        hubs: plan.hubs.clone(),
        updated,
        entries: entries.to_vec(),
    })
}
