//! What was counted, made of a tally: figures for each feed, each client, and all.

use super::agent::Kind;
use super::tally::{DAYS, Tally};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// What the logs say of who reads the feeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The first and the last moment in the logs, RFC 3339; `None` where no line could be read.
    pub from: Option<String>,
    pub until: Option<String>,
    /// The first and the last day that is counted: those of the logs, at most the last 128.
    pub first_day: Option<String>,
    pub last_day: Option<String>,
    /// How many those are.
    pub days: usize,
    pub lines: u64,
    /// Lines that are none of an access log.
    pub malformed: u64,
    /// The first of them.
    pub malformed_lines: Vec<Malformed>,
    /// One in so many clients was followed, for there were too many: what is said of clients is an estimate unless it is 1.
    pub sample: u64,
    /// Whether there were more paths or aggregators than are followed.
    pub incomplete: bool,
    pub total: Reach,
    /// Feeds, those with the most readers first.
    pub feeds: Vec<FeedReport>,
    /// Clients by name, those with the most requests first.
    pub agents: Vec<AgentReport>,
}

/// A line that is none of an access log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Malformed {
    /// File and line.
    pub place: String,
    pub reason: &'static str,
}

/// How many people something reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// Subscribers that aggregators state, and the readers of the median day.
    pub reach: u64,
    /// What aggregators state. Of all feeds together, one that subscribes to several counts as several.
    pub subscribers: u64,
    /// Single readers on the median day, and on the day with the most.
    pub readers_median: u64,
    pub readers_peak: u64,
    /// Single readers on each day, from the first.
    pub readers_by_day: Vec<u64>,
    /// Other clients in all of the time: they are not counted as people.
    pub services: u64,
    pub browsers: u64,
    pub bots: u64,
    pub monitors: u64,
}

/// What is said of a feed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeedReport {
    /// Its slug, or where its address begins.
    pub feed: String,
    pub title: String,
    #[serde(flatten)]
    pub reach: Reach,
    pub aggregators: Vec<Aggregator>,
    #[serde(flatten)]
    pub traffic: Traffic,
    /// Answers that were redirects, and errors.
    pub moved: u64,
    pub failed: u64,
}

/// An aggregator that states for how many it reads a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Aggregator {
    pub name: String,
    pub subscribers: u64,
}

/// What was asked and sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Traffic {
    pub requests: u64,
    pub bytes: u64,
    /// The part of requests that was answered with 304 (not modified), from 0 to 1.
    pub not_modified: f64,
    /// Bytes that were sent to clients which had them, and did not ask for changes alone.
    pub wasted: u64,
}

/// What is said of clients of one name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentReport {
    pub name: String,
    pub kind: Kind,
    /// Clients by address and User-Agent.
    pub clients: u64,
    /// Seconds between two requests of one client for one feed, of the median.
    pub interval: Option<u64>,
    #[serde(flatten)]
    pub traffic: Traffic,
}

/// What is counted of clients while they are gone through.
#[derive(Default)]
struct Counts {
    by_day: Vec<u64>,
    kinds: BTreeMap<Kind, u64>,
    wasted: u64,
}

impl Counts {
    fn add(&mut self, kind: Kind, days: u128, weight: u64) {
        *self.kinds.entry(kind).or_default() += weight;
        if kind == Kind::Reader {
            // From the newest day back.
            for (day, readers) in self.by_day.iter_mut().enumerate() {
                *readers += weight * u64::from(days >> day & 1 == 1);
            }
        }
    }

    fn reach(&self, subscribers: u64) -> Reach {
        let of = |kind| self.kinds.get(&kind).copied().unwrap_or(0);
        let mut sorted = self.by_day.clone();
        sorted.sort_unstable();
        let at = |index: usize| sorted.get(index).copied().unwrap_or(0);
        let median = (at(sorted.len().saturating_sub(1) / 2) + at(sorted.len() / 2)).div_ceil(2);
        Reach {
            reach: subscribers + median,
            subscribers,
            readers_median: median,
            readers_peak: sorted.last().copied().unwrap_or(0),
            readers_by_day: self.by_day.iter().rev().copied().collect(),
            services: of(Kind::Service),
            browsers: of(Kind::Browser),
            bots: of(Kind::Bot),
            monitors: of(Kind::Monitor),
        }
    }
}

impl Tally {
    /// What has been counted.
    pub fn report(&self) -> Report {
        let (oldest_day, newest_day) = self.days.unwrap_or_default();
        let days = match self.days.is_some() {
            true => usize::try_from(newest_day - oldest_day + 1).unwrap_or(DAYS).min(DAYS),
            false => 0,
        };
        let weight = 1 << self.level;
        let counts = || Counts { by_day: vec![0; days], ..Counts::default() };
        let mut of_feeds: Vec<Counts> = self.feeds.iter().map(|_| counts()).collect();
        let mut of_agents = vec![(0, 0); self.agents.len()];
        // A client of several feeds is one client: its days in all of them.
        let mut people: HashMap<u64, (Kind, u128)> = HashMap::new();
        for ((hash, feed), client) in &self.clients {
            let age = u32::try_from(newest_day - client.day).ok();
            let days = age.and_then(|age| client.days.checked_shl(age)).unwrap_or(0);
            let Some(agent) = self.agents.get(client.agent as usize) else { continue };
            if let Some(counts) = of_feeds.get_mut(*feed as usize) {
                counts.add(agent.kind, days, weight);
                counts.wasted += client.wasted * weight;
            }
            let known = people.len();
            people.entry(*hash).or_insert((agent.kind, 0)).1 |= days;
            if let Some((clients, wasted)) = of_agents.get_mut(client.agent as usize) {
                *clients += if people.len() > known { weight } else { 0 };
                *wasted += client.wasted * weight;
            }
        }
        let mut all = counts();
        for (kind, days) in people.into_values() {
            all.add(kind, days, weight);
        }
        let stated = self.stated();
        let feeds = self.feed_reports(&of_feeds, &stated);
        let subscribers = feeds.iter().map(|feed| feed.reach.subscribers).sum();
        let moment = |seconds| chrono::DateTime::from_timestamp(seconds, 0).map(|moment| moment.to_rfc3339());
        let date = |back: usize| {
            let moment = chrono::DateTime::from_timestamp((newest_day - back as i64) * 86_400, 0);
            moment.filter(|_| days > 0).map(|moment| moment.date_naive().to_string())
        };
        Report {
            from: self.span.and_then(|(from, _)| moment(from)),
            until: self.span.and_then(|(_, until)| moment(until)),
            first_day: date(days.saturating_sub(1)),
            last_day: date(0),
            days,
            lines: self.lines,
            malformed: self.malformed,
            malformed_lines: self
                .examples
                .iter()
                .map(|(place, reason)| Malformed { place: place.clone(), reason })
                .collect(),
            sample: weight,
            incomplete: self.full,
            total: all.reach(subscribers),
            feeds,
            agents: self.agent_reports(&of_agents),
        }
    }

    /// Subscribers by feed and aggregator: those of every file and of every number that it knows the feed by.
    fn stated(&self) -> BTreeMap<(u32, u32), u64> {
        let newest = self.span.map_or(0, |(_, newest)| newest);
        let mut sums = BTreeMap::new();
        for ((feed, agent, ..), stated) in &self.stated {
            *sums.entry((*feed, *agent)).or_default() += u64::from(stated.count(newest));
        }
        sums
    }

    fn feed_reports(&self, counts: &[Counts], stated: &BTreeMap<(u32, u32), u64>) -> Vec<FeedReport> {
        let reports = self.feeds.iter().zip(counts).enumerate().map(|(number, (feed, counts))| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let of_feed = stated.range((number, 0)..=(number, u32::MAX));
            let mut aggregators: Vec<Aggregator> = of_feed
                .filter(|(_, count)| **count > 0)
                .filter_map(|((_, agent), count)| {
                    let name = self.agents.get(*agent as usize)?.name.clone();
                    Some(Aggregator { name, subscribers: *count })
                })
                .collect();
            aggregators.sort_by(|a, b| b.subscribers.cmp(&a.subscribers).then_with(|| a.name.cmp(&b.name)));
            FeedReport {
                title: self.map.titles.get(&feed.name).unwrap_or(&feed.name).clone(),
                feed: feed.name.clone(),
                reach: counts.reach(aggregators.iter().map(|aggregator| aggregator.subscribers).sum()),
                aggregators,
                traffic: traffic(feed.requests, feed.bytes, feed.not_modified, counts.wasted),
                moved: feed.moved,
                failed: feed.failed,
            }
        });
        let mut reports: Vec<FeedReport> = reports.collect();
        reports.sort_by(|a, b| b.reach.reach.cmp(&a.reach.reach).then_with(|| a.feed.cmp(&b.feed)));
        reports
    }

    fn agent_reports(&self, counts: &[(u64, u64)]) -> Vec<AgentReport> {
        let reports = self.agents.iter().zip(counts).map(|(agent, (clients, wasted))| AgentReport {
            name: agent.name.clone(),
            kind: agent.kind,
            clients: *clients,
            interval: agent.gaps.median(),
            traffic: traffic(agent.requests, agent.bytes, agent.not_modified, *wasted),
        });
        let mut reports: Vec<AgentReport> = reports.collect();
        reports.sort_by(|a, b| {
            b.traffic
                .requests
                .cmp(&a.traffic.requests)
                .then_with(|| (&a.name, a.kind).cmp(&(&b.name, b.kind)))
        });
        reports
    }
}

fn traffic(requests: u64, bytes: u64, not_modified: u64, wasted: u64) -> Traffic {
    let not_modified = if requests == 0 { 0.0 } else { not_modified as f64 / requests as f64 };
    Traffic { requests, bytes, not_modified, wasted }
}

impl Report {
    /// What was asked and sent of all feeds together.
    pub fn traffic(&self) -> Traffic {
        let sum = |of: fn(&Traffic) -> u64| self.feeds.iter().map(|feed| of(&feed.traffic)).sum::<u64>();
        let not_modified: f64 =
            self.feeds.iter().map(|feed| feed.traffic.not_modified * feed.traffic.requests as f64).sum();
        traffic(
            sum(|traffic| traffic.requests),
            sum(|traffic| traffic.bytes),
            not_modified.round() as u64,
            sum(|traffic| traffic.wasted),
        )
    }
}
