//! `bantin list`.

use super::output::{self, BOLD, DIM, YELLOW, paint};
use super::progress::Bar;
use super::table::{Align, Table};
use super::{Exit, Failure, Global, Run, configuration};
use crate::article::Article;
use crate::build::{self, Past};
use crate::edition::{self, Edition};
use crate::gather::{self, Found, Gathered};
use crate::intake::{self, Ask, Circumstances, Explained};
use crate::pages::{self, Listed};
use crate::plan::{FeedPlan, Plan};
use crate::selection::{Dated, Filters, Met, Standing};
use clap::Args;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    run: Run,
    /// List every category met in the articles, the feeds that take it, and articles that no feed takes
    #[arg(long, conflicts_with = "head")]
    categories: bool,
    /// Print the links that announce the feeds, for the head of the newspaper's own pages
    #[arg(long)]
    head: bool,
    /// Print the statements that databases are asked with, for the table of a source and for its query
    #[arg(long, conflicts_with_all = ["head", "categories"])]
    explain_query: bool,
    /// Tell for every source which fields its articles have, from where, and what was passed over and why
    #[arg(long, conflicts_with_all = ["head", "categories"])]
    sources: bool,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let plan = configuration::plan(global, arguments.run.output.as_deref())?;
    let circumstances = Circumstances { now: arguments.run.now(), anew: false };
    if arguments.explain_query {
        let explained = intake::explain(&plan, circumstances).map_err(build::BuildError::from)?;
        output::report_as(global, &explained, || statements_text(&explained))?;
        return Ok(Exit::Done);
    }
    let brought = intake::bring(&plan, Ask::Missing, circumstances).map_err(build::BuildError::from)?;
    let plan = &*brought.plan;
    if arguments.sources {
        return super::sources::run(plan, global);
    }
    let past = Past::open(plan, false).map_err(build::BuildError::from)?;
    let now = circumstances.now;
    let bar = Bar::new(plan, global);
    let prepared = build::prepare(plan, &past, now, gather::streamed, &bar);
    drop(bar);
    output::failed_sources(&brought.failures);
    let (gathered, edition) = prepared?;
    output::diagnostics(&gathered.diagnostics, global);
    if arguments.head {
        output::report(&head(plan, &edition))?;
    } else if arguments.categories {
        let filters = Filters::new(edition.feeds.iter().map(|issue| &issue.plan.filter));
        let takers = |article: &Article| filters.taking(article, &plan.site.language);
        let is_homeless = |article: &Article| {
            takers(article).is_empty()
                // What the ledger cannot tell now it could not tell above either.
                && edition::published(article, plan, &past, now)
                    .is_ok_and(|published| Dated { article, published }.standing(now) == Standing::Public)
        };
        // Articles that are named are looked for only if there are such.
        let named = gathered.uncategorised + gathered.counts.homeless > 0;
        let is_named = |article: &Article| article.categories.is_empty() || is_homeless(article);
        let bar = named.then(|| Bar::new(plan, global));
        let found = bar.as_ref().map(|bar| gather::search(plan, bar, is_named, |_| false, |_, _| {}));
        drop(bar);
        let found = found.transpose().map_err(build::BuildError::from)?.unwrap_or_default();
        let categories = Categories::new(plan, &gathered, &edition, &found, (takers, is_homeless));
        output::report_as(global, &categories, || categories.text())?;
    } else {
        let feeds = feeds(plan, &gathered, &edition);
        output::report_as(global, &feeds, || feeds_text(&feeds))?;
    }
    Ok(if brought.failures.is_empty() { Exit::Done } else { Exit::Found })
}

/// Statements as a database's own program takes them.
fn statements_text(explained: &[Explained]) -> String {
    let mut text = String::new();
    for Explained { number, source, remarks, statements } in explained {
        let _ = writeln!(text, "-- source {number}: {source}");
        for remark in remarks {
            let _ = writeln!(text, "-- {remark}");
        }
        for statement in statements {
            let _ = writeln!(text, "{statement};");
        }
    }
    if explained.is_empty() {
        text.push_str("-- no source is in a database\n");
    }
    text
}

fn head(plan: &Plan, edition: &Edition) -> String {
    let feeds: Vec<Listed> =
        edition.feeds.iter().filter_map(|issue| issue.feed.as_ref()).map(Listed::from).collect();
    pages::head_links(&build::site(plan), &feeds, &plan.output.formats)
}

#[derive(Serialize)]
struct FeedRow {
    slug: String,
    title: String,
    address: String,
    /// Articles that its filter takes, drafts and embargoed ones included.
    articles: usize,
    entries: usize,
}

fn feeds(plan: &Plan, gathered: &Gathered, edition: &Edition) -> Vec<FeedRow> {
    let rows = edition.feeds.iter().enumerate().map(|(number, issue)| FeedRow {
        slug: issue.plan.slug.clone(),
        title: issue.plan.title.to_string(),
        address: edition::address(plan, &issue.plan.slug).to_string(),
        articles: gathered.taken_by(plan, number, &issue.plan.slug),
        entries: issue.feed.as_ref().map_or(0, |feed| feed.entries.len()),
    });
    rows.collect()
}

fn feeds_text(feeds: &[FeedRow]) -> String {
    let mut table = Table::default()
        .column("Feed", Align::Left)
        .column("Slug", Align::Left)
        .column("Articles", Align::Right)
        .column("Entries", Align::Right)
        .column("Address", Align::Left);
    for feed in feeds {
        table.row(vec![
            paint(BOLD, &feed.title),
            feed.slug.clone(),
            feed.articles.to_string(),
            feed.entries.to_string(),
            feed.address.clone(),
        ]);
    }
    table.render()
}

#[derive(Serialize)]
struct Categories {
    categories: Vec<CategoryRow>,
    /// Articles that state no category.
    without_category: Vec<ArticleRow>,
    /// Articles that no feed takes.
    without_feed: Vec<ArticleRow>,
}

#[derive(Serialize)]
struct CategoryRow {
    label: String,
    slug: String,
    articles: usize,
    /// The slugs of the feeds that ask for it; feeds of every article do not count.
    feeds: Vec<String>,
    /// Why it is in no feed of its own, for people.
    #[serde(skip)]
    unclaimed: String,
}

#[derive(Serialize)]
struct ArticleRow {
    id: String,
    title: String,
    place: String,
    /// The slugs of the feeds that take it.
    feeds: Vec<String>,
}

impl Categories {
    fn new(
        plan: &Plan,
        gathered: &Gathered,
        edition: &Edition,
        named: &Found,
        (takers, is_homeless): (impl Fn(&Article) -> Vec<usize>, impl Fn(&Article) -> bool),
    ) -> Self {
        // There may be thousands of feeds, and as many categories.
        let mut asked: HashMap<&str, Vec<String>> = HashMap::new();
        for FeedPlan { slug, filter, .. } in edition.feeds.iter().map(|issue| &issue.plan) {
            let categories: BTreeSet<&str> = filter.categories.iter().map(String::as_str).collect();
            categories.into_iter().for_each(|category| asked.entry(category).or_default().push(slug.clone()));
        }
        let categories = gathered.categories.iter().cloned().map(|Met { slug, label, articles }| {
            let feeds = asked.get(slug.as_str()).cloned().unwrap_or_default();
            CategoryRow { unclaimed: edition::unclaimed(plan, &slug), feeds, label, slug, articles }
        });
        let row = |article: &&Article| {
            let takers = takers(article).into_iter().filter_map(|number| edition.feeds.get(number));
            ArticleRow {
                id: article.id.clone(),
                title: article.title.as_ref().map(ToString::to_string).unwrap_or_default(),
                place: article.place.to_string(),
                feeds: takers.map(|issue| issue.plan.slug.clone()).collect(),
            }
        };
        let mut named: Vec<&Article> = named.articles.values().map(Arc::as_ref).collect();
        named.sort_by(|a, b| a.place.cmp(&b.place));
        let without_category =
            named.iter().filter(|article| article.categories.is_empty()).map(row).collect();
        let without_feed = named.iter().filter(|article| is_homeless(article)).map(row).collect();
        Self { categories: categories.collect(), without_category, without_feed }
    }

    fn text(&self) -> String {
        let mut table = Table::default()
            .column("Category", Align::Left)
            .column("Slug", Align::Left)
            .column("Articles", Align::Right)
            .column("Feed", Align::Left);
        for category in &self.categories {
            let feeds = match category.feeds.is_empty() {
                true => paint(YELLOW, &category.unclaimed),
                false => category.feeds.join(", "),
            };
            table.row(vec![
                paint(BOLD, &category.label),
                category.slug.clone(),
                category.articles.to_string(),
                feeds,
            ]);
        }
        let mut text = table.render();
        for (one, more, articles) in [
            ("states no category", "state no category", &self.without_category),
            ("fits no feed", "fit no feed", &self.without_feed),
        ] {
            if articles.is_empty() {
                continue;
            }
            let head = if articles.len() == 1 { one } else { more };
            let _ = writeln!(text, "\n{} {head}:", output::count(articles.len(), "article"));
            for article in articles {
                let feeds = match article.feeds.is_empty() {
                    true => paint(YELLOW, "in no feed"),
                    false => format!("in {}", article.feeds.join(", ")),
                };
                let title = if article.title.is_empty() { &article.id } else { &article.title };
                let _ = writeln!(text, "  {} {} {feeds}", title, paint(DIM, &article.place));
            }
        }
        text
    }
}
