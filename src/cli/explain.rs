//! `bantin explain`.

use super::output::{self, BOLD, DIM, GREEN, RED, YELLOW, paint};
use super::progress::Bar;
use super::{Exit, Failure, Global, Run, configuration};
use crate::article::Article;
use crate::build::{self, Past};
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::edition::{self, Edition};
use crate::gather::{self, Gathered, Origin};
use crate::intake::{self, Ask, Circumstances};
use crate::plan::Plan;
use crate::selection::{Dated, Refusal, Standing, Verdict};
use crate::state::LedgerError;
use crate::{id, link};
use chrono::{DateTime, FixedOffset};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A rule of `check`, or an article's id or URL
    #[arg(value_name = "RULE|ARTICLE")]
    subject: String,
    #[command(flatten)]
    run: Run,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    if let Ok(rule) = check::find(&arguments.subject) {
        output::report_as(global, &RuleText::of(rule), || check::docs::explain(rule))?;
        return Ok(Exit::Done);
    }
    let plan = configuration::plan(global, arguments.run.output.as_deref())?;
    let now = arguments.run.now();
    let brought = intake::bring(&plan, Ask::Missing, Circumstances { now, anew: false })
        .map_err(build::BuildError::from)?;
    let plan = &*brought.plan;
    let past = Past::open(plan, false).map_err(build::BuildError::from)?;
    let bar = Bar::new(plan, global);
    // What can be in a feed is found at a blink.
    let prepared = build::prepare(plan, &past, now, gather::streamed, &bar);
    drop(bar);
    output::failed_sources(&brought.failures);
    let (mut gathered, edition) = prepared?;
    let subject = Subject::new(arguments.subject.trim(), plan);
    let mut others = Others::new(subject.word, plan);
    if ![subject.word, subject.id.as_str()].iter().any(|id| gathered.articles.contains_key(*id)) {
        let bar = Bar::new(plan, global);
        let take = |key: &str, article: Option<&Article>| others.take(key, article);
        let is_wanted_id = |id: &str| subject.ids().any(|wanted| wanted == id);
        let found = gather::search(plan, &bar, |article| subject.names(article), is_wanted_id, take);
        let found = found.map_err(build::BuildError::from)?;
        (gathered.articles, gathered.withdrawn) = (found.articles, found.withdrawn);
    }
    let Some(mut explanation) = explain(&subject, plan, &gathered, &edition, |article| {
        let published = edition::published(article, plan, &past, now)?;
        Ok(Dated { article, published }.standing(now))
    })
    .map_err(build::BuildError::Ledger)?
    else {
        return Err(match crate::config::nearest(subject.word, check::rules().map(|rule| rule.id)) {
            Some(rule) => Failure::said(format!("no rule and no article is called `{}`", subject.word))
                .help(format!("did you mean `{rule}`?")),
            None => others.unknown(subject.word),
        });
    };
    if let Some(article) = gathered.articles.get(&explanation.id) {
        explanation.from = gather::origins(plan, article).map_err(build::BuildError::from)?;
    }
    output::report_as(global, &explanation, || explanation.text())?;
    Ok(if brought.failures.is_empty() { Exit::Done } else { Exit::Found })
}

/// What is asked for: an article's id, key or address.
struct Subject<'a> {
    word: &'a str,
    id: String,
    url: Option<String>,
}

impl<'a> Subject<'a> {
    fn new(word: &'a str, plan: &Plan) -> Self {
        let url = link::absolute(word, &plan.site.url).ok();
        Self { word, id: id::entry_id(word, &plan.site.tag), url }
    }

    /// The ids that it may mean, the likeliest first.
    fn ids(&self) -> impl Iterator<Item = &str> {
        [Some(self.word), Some(self.id.as_str()), self.url.as_deref()].into_iter().flatten()
    }

    fn names(&self, article: &Article) -> bool {
        article.id == self.word
            || article.id == self.id
            || article.key == self.word
            || (self.url.is_some() && article.url == self.url)
    }
}

/// What else there is, in case that nobody is called what was asked for.
struct Others<'a> {
    lower: String,
    /// What all addresses begin with tells nothing of them.
    site: &'a str,
    short: &'a str,
    /// The first keys, in their order, of articles with the word in their titles.
    titled: BTreeSet<String>,
    nearest: Option<String>,
}

impl<'a> Others<'a> {
    fn new(word: &'a str, plan: &'a Plan) -> Self {
        let site = plan.site.url.as_str();
        let short = word.strip_prefix(site).unwrap_or(word);
        Self { lower: word.to_lowercase(), site, short, titled: BTreeSet::new(), nearest: None }
    }

    fn take(&mut self, key: &str, article: Option<&Article>) {
        let title = article.and_then(|article| article.title.as_ref());
        if title.is_some_and(|title| title.to_lowercase().contains(&self.lower)) {
            self.titled.insert(key.to_owned());
            if self.titled.len() > TITLED {
                self.titled.pop_last();
            }
        }
        for name in [Some(key), article.and_then(|article| article.url.as_deref())].into_iter().flatten() {
            self.compare(name);
        }
    }

    fn compare(&mut self, name: &str) {
        let bare = |name: &'_ str| name.strip_prefix(self.site).unwrap_or(name).to_owned();
        let new = bare(name);
        if new.len().abs_diff(self.short.len()) > 1 + self.short.len() / 4 {
            return;
        }
        let old = self.nearest.as_deref().map(bare);
        // Of names that are as near, always the same one.
        let mut both: Vec<&str> = old.as_deref().into_iter().chain([new.as_str()]).collect();
        both.sort_unstable();
        if crate::config::nearest(self.short, both.into_iter()) == Some(&new) && old.as_ref() != Some(&new) {
            self.nearest = Some(name.to_owned());
        }
    }

    /// Says that no article is called that, and what was probably meant.
    fn unknown(self, word: &str) -> Failure {
        let failure = Failure::said(format!("no article has the id or URL `{word}`"));
        if !self.titled.is_empty() {
            let titled: Vec<&str> = self.titled.iter().map(String::as_str).collect();
            return failure.help(format!("articles with that in their title: {}", titled.join(", ")));
        }
        match self.nearest {
            Some(name) => failure.help(format!("did you mean `{name}`?")),
            None => failure,
        }
    }
}

/// So many articles are told that have the word in their titles.
const TITLED: usize = 5;

/// A rule, for programs.
#[derive(Debug, Serialize)]
struct RuleText {
    rule: &'static str,
    severity: &'static str,
    summary: &'static str,
    why: &'static str,
    mend: &'static str,
    links: &'static [&'static str],
}

impl RuleText {
    fn of(rule: &'static check::Rule) -> Self {
        let check::Rule { id, severity, summary, why, mend, links, .. } = rule;
        Self { rule: id, severity: severity.word(), summary, why, mend, links }
    }
}

/// What is known of an article.
#[derive(Debug, Serialize)]
struct Explanation {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    /// Where its record stands.
    place: String,
    categories: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    /// Whether it may be in a feed at all, and if not why.
    state: String,
    /// From where its fields come.
    from: Vec<Origin>,
    feeds: Vec<Standpoint>,
    /// What was wrong with its record.
    diagnostics: Vec<Diagnostic>,
}

/// How an article stands with a feed.
#[derive(Debug, Serialize)]
struct Standpoint {
    slug: String,
    title: String,
    included: bool,
    reason: String,
}

fn explain(
    subject: &Subject<'_>,
    plan: &Plan,
    gathered: &Gathered,
    edition: &Edition,
    standing: impl Fn(&Article) -> Result<Standing, LedgerError>,
) -> Result<Option<Explanation>, LedgerError> {
    let of_subject = |diagnostic: &&Diagnostic| {
        let article = diagnostic.article.as_deref();
        article.is_some_and(|article| {
            article == subject.word
                || id::entry_id(article, &plan.site.tag) == subject.id
                || (subject.url.is_some() && link::absolute(article, &plan.site.url).ok() == subject.url)
        })
    };
    let diagnostics: Vec<Diagnostic> = gathered.diagnostics.iter().filter(of_subject).cloned().collect();
    // Ids first: an address may be that of several articles, an id is that of one.
    let article =
        gathered.articles.get(subject.word).or_else(|| gathered.articles.get(&subject.id)).or_else(|| {
            let mut named: Vec<&Arc<Article>> =
                gathered.articles.values().filter(|article| subject.names(article)).collect();
            named.sort_by(|a, b| a.id.cmp(&b.id));
            named.first().copied()
        });
    if let Some(article) = article {
        let standing = standing(article)?;
        return Ok(Some(Explanation {
            id: article.id.clone(),
            url: article.url.clone(),
            title: article.title.as_ref().map(ToString::to_string).unwrap_or_default(),
            place: article.place.to_string(),
            categories: article.categories.iter().map(|category| category.label.to_string()).collect(),
            published: article.published.as_ref().map(crate::date::rfc3339),
            state: state(standing, article),
            from: Vec::new(),
            feeds: edition
                .feeds
                .iter()
                .map(|issue| {
                    let verdict = issue.verdict(article, standing, &plan.site.language);
                    Standpoint {
                        slug: issue.plan.slug.clone(),
                        title: issue.plan.title.to_string(),
                        included: matches!(verdict, Verdict::In(_)),
                        reason: reason(&verdict, issue.plan.filter.categories.as_slice(), article),
                    }
                })
                .collect(),
            // Of its record, and of other records by its name.
            diagnostics: article.remarks.iter().cloned().chain(diagnostics).collect(),
        }));
    }
    let withdrawn = subject.ids().find_map(|id| gathered.withdrawn.get_key_value(id)).or_else(|| {
        let is_of_url = |known: &gather::Withdrawn| subject.url.is_some() && known.url == subject.url;
        let of_url = gathered.withdrawn.iter().filter(|(_, known)| is_of_url(known));
        of_url.min_by_key(|(id, _)| *id)
    });
    let state = match withdrawn {
        Some(_) => "withdrawn: its last record says `deleted`".to_owned(),
        None if diagnostics.is_empty() => return Ok(None),
        None => "left out: its record cannot be published".to_owned(),
    };
    let known = withdrawn.map(|(_, known)| known);
    Ok(Some(Explanation {
        id: withdrawn.map_or_else(|| subject.word.to_owned(), |(id, _)| id.clone()),
        url: known.and_then(|known| known.url.clone()),
        title: known.and_then(|known| known.title.clone()).unwrap_or_default(),
        place: diagnostics.first().map(|diagnostic| diagnostic.place.to_string()).unwrap_or_default(),
        categories: Vec::new(),
        published: None,
        state,
        from: Vec::new(),
        feeds: Vec::new(),
        diagnostics,
    }))
}

fn when(moment: &DateTime<FixedOffset>) -> String {
    moment.format("%Y-%m-%d %H:%M %:z").to_string()
}

fn state(standing: Standing, article: &Article) -> String {
    match standing {
        Standing::Public if article.published.is_none() => {
            "public; its record states no date, so that at which it was first seen counts".to_owned()
        }
        Standing::Public => "public".to_owned(),
        Standing::Draft => "a draft".to_owned(),
        Standing::Embargo(until) => format!("under embargo until {}", when(&until)),
        Standing::Expired(at) => format!("expired at {}", when(&at)),
    }
}

fn reason(verdict: &Verdict, wanted: &[String], article: &Article) -> String {
    match verdict {
        Verdict::In(place) => format!("number {place}"),
        Verdict::Draft => "a draft".to_owned(),
        Verdict::Embargo(until) => format!("under embargo until {}", when(until)),
        Verdict::Expired(at) => format!("expired at {}", when(at)),
        Verdict::TooOld { held } => format!("older than the {held} newest that it holds"),
        Verdict::NoRoom { held } => {
            format!("no room: with the {held} newest its files are as large as they may be")
        }
        Verdict::Refused(refusal) => match refusal {
            Refusal::Category => {
                let has: Vec<&str> =
                    article.categories.iter().map(|category| category.slug.as_str()).collect();
                let has = if has.is_empty() { "none".to_owned() } else { has.join(", ") };
                format!("no such section: it takes {}, the article has {has}", wanted.join(", "))
            }
            Refusal::Tags => "it has none of the feed's tags".to_owned(),
            Refusal::Authors => "it is by none of the feed's authors".to_owned(),
            Refusal::Language => "it is in another language".to_owned(),
            Refusal::Excluded => "the feed excludes it".to_owned(),
        },
    }
}

impl Explanation {
    fn text(&self) -> String {
        let mut text =
            format!("{}\n", paint(BOLD, if self.title.is_empty() { &self.id } else { &self.title }));
        let mut line = |name: &str, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(text, "  {} {value}", paint(DIM, format!("{name:<10}")));
            }
        };
        line("id", &self.id);
        line("url", self.url.as_deref().unwrap_or_default());
        line("record", &self.place);
        line("categories", &self.categories.join(", "));
        line("published", self.published.as_deref().unwrap_or_default());
        line("state", &self.state);
        for diagnostic in &self.diagnostics {
            line("remark", &format!("{} {}", diagnostic.message, paint(DIM, &diagnostic.place)));
        }
        // What is told by its own name need not be told.
        for origin in self.from.iter().filter(|origin| origin.told) {
            line("from", &format!("{}: {}", origin.field, origin.from));
        }
        if !self.feeds.is_empty() {
            text.push('\n');
        }
        for feed in &self.feeds {
            let mark = match feed.included {
                true => paint(GREEN, "in "),
                false if self.state.starts_with("public") => paint(YELLOW, "not"),
                false => paint(RED, "not"),
            };
            let _ = writeln!(text, "  {mark} {} {}: {}", feed.title, paint(DIM, &feed.slug), feed.reason);
        }
        text
    }
}
