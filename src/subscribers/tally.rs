//! Counting: what each line adds, in memory that is bounded however long the logs are.
//!
//! Clients are told apart by a hash of address and User-Agent, keyed at random for one run; nothing else of them is kept.
//! Up to [`CLIENTS`] of them are counted exactly. Where there are more, only those are kept whose hash ends with some number
//! of zero bits, and each stands for as many as that leaves out (P. Gibbons, *Distinct sampling*, VLDB 2001): since the choice
//! is by the client's hash, all that is said of clients stays an even sample.

use super::agent::{self, Kind};
use super::feeds::{self, Map};
use super::line::Hit;
use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// The most clients that are kept, each with each of its feeds: some 50 MB.
pub(super) const CLIENTS: usize = 450_000;
/// The most paths that are taken for feeds.
const PATHS: usize = 10_000;
/// The most names of clients; those beyond are one.
const NAMES: usize = 2_000;
/// The most User-Agents whose meaning is remembered; those beyond are read anew each time.
const REMEMBERED: usize = 50_000;
/// The most numbers of subscribers that are followed.
const REPORTED: usize = 50_000;
/// The days that are looked back from the newest line.
pub(super) const DAYS: usize = 128;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// One reader of one feed.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub agent: u32,
    pub requests: u32,
    /// The newest day on which it came, and the days before, a bit each.
    pub day: i64,
    pub days: u128,
    last: i64,
    /// The bytes of the last whole answer.
    size: u64,
    /// Bytes of whole answers that it had already, and had not asked only for changes of.
    pub wasted: u64,
}

/// One feed.
#[derive(Debug, Clone, Default)]
pub(super) struct Feed {
    pub name: String,
    pub requests: u64,
    /// Answered with 304: nothing new.
    pub not_modified: u64,
    /// Answered with a redirect.
    pub moved: u64,
    /// Answered with an error.
    pub failed: u64,
    pub bytes: u64,
}

/// Clients of one name.
#[derive(Debug, Clone)]
pub(super) struct Agent {
    pub name: String,
    pub kind: Kind,
    pub requests: u64,
    pub not_modified: u64,
    pub bytes: u64,
    pub gaps: Gaps,
}

/// How long clients wait between two requests: numbers of waits and their seconds, four classes to a doubling.
#[derive(Debug, Clone, Default)]
pub(super) struct Gaps(Vec<(u64, u64)>);

impl Gaps {
    fn add(&mut self, seconds: u64) {
        let class = ((seconds.max(1) as f64).log2() * 4.0).round() as usize;
        if self.0.len() <= class {
            self.0.resize(class + 1, (0, 0));
        }
        if let Some((count, sum)) = self.0.get_mut(class) {
            *count += 1;
            *sum += seconds;
        }
    }

    /// The wait in seconds that half of all are shorter than: the mean of its class.
    pub fn median(&self) -> Option<u64> {
        let all: u64 = self.0.iter().map(|(count, _)| count).sum();
        let mut seen = 0;
        self.0.iter().find_map(|(count, sum)| {
            seen += count;
            (*count > 0 && seen * 2 >= all).then(|| sum / count)
        })
    }
}

/// The numbers that an aggregator stated of a feed, the largest of each of the last 24 hours in which it came.
#[derive(Debug, Clone, Default)]
pub(super) struct Stated {
    newest: i64,
    hours: [(i64, u32); 24],
}

impl Stated {
    fn add(&mut self, time: i64, count: u32) {
        let hour = time.div_euclid(HOUR);
        self.newest = self.newest.max(time);
        if let Some(slot) =
            usize::try_from(hour.rem_euclid(24)).ok().and_then(|slot| self.hours.get_mut(slot))
        {
            match slot.0.cmp(&hour) {
                std::cmp::Ordering::Less => *slot = (hour, count),
                std::cmp::Ordering::Equal => slot.1 = slot.1.max(count),
                std::cmp::Ordering::Greater => {}
            }
        }
    }

    /// The largest number of its last day, unless it has not come for a week.
    pub fn count(&self, newest: i64) -> u32 {
        if self.newest < newest - 7 * DAY {
            return 0;
        }
        let from = (self.newest - DAY).div_euclid(HOUR);
        self.hours.iter().filter(|(hour, _)| *hour > from).map(|(_, count)| *count).max().unwrap_or(0)
    }
}

/// What a User-Agent was found to mean.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    agent: u32,
    subscribers: Option<u32>,
    /// The hash of the aggregator's own number of the feed.
    feed_id: u64,
}

/// What has been counted so far.
#[derive(Debug)]
pub struct Tally {
    pub(super) map: Map,
    zone: Option<Tz>,
    /// The hour for which the zone's distance from UTC was last asked, and that.
    hour: (i64, i64),
    hasher: RandomState,
    pub(super) feeds: Vec<Feed>,
    feed_numbers: HashMap<String, u32>,
    /// Feed and file, by path.
    paths: HashMap<String, (u32, u32)>,
    pub(super) agents: Vec<Agent>,
    agent_numbers: HashMap<(Kind, String), u32>,
    meanings: HashMap<u64, Meaning>,
    pub(super) clients: HashMap<(u64, u32), Client>,
    /// The numbers of subscribers, by feed, agent, file and the aggregator's number of the feed.
    pub(super) stated: HashMap<(u32, u32, u32, u64), Stated>,
    /// How many zero bits the hash of a client must end with.
    pub(super) level: u32,
    most_clients: usize,
    pub(super) lines: u64,
    pub(super) malformed: u64,
    /// The first lines that are none of a log: where, and why.
    pub(super) examples: Vec<(String, &'static str)>,
    /// Whether something had to be passed over for want of room.
    pub(super) full: bool,
    /// The first and the last moment in the logs.
    pub(super) span: Option<(i64, i64)>,
    /// The first and the last day in the logs, in days since 1970.
    pub(super) days: Option<(i64, i64)>,
}

impl Tally {
    /// An empty tally. Days are those of `zone`, or where there is none, as the log has them.
    pub fn new(map: Map, zone: Option<Tz>) -> Self {
        Self::bounded(map, zone, CLIENTS)
    }

    pub(super) fn bounded(map: Map, zone: Option<Tz>, most_clients: usize) -> Self {
        Self {
            map,
            zone,
            hour: (i64::MIN, 0),
            hasher: RandomState::new(),
            feeds: Vec::new(),
            feed_numbers: HashMap::new(),
            paths: HashMap::new(),
            agents: Vec::new(),
            agent_numbers: HashMap::new(),
            meanings: HashMap::new(),
            clients: HashMap::new(),
            stated: HashMap::new(),
            level: 0,
            most_clients,
            lines: 0,
            malformed: 0,
            examples: Vec::new(),
            full: false,
            span: None,
            days: None,
        }
    }

    /// Counts a request.
    pub(super) fn add(&mut self, hit: &Hit<'_>) {
        let (from, to) = self.span.unwrap_or((hit.time, hit.time));
        self.span = Some((from.min(hit.time), to.max(hit.time)));
        let day = self.day(hit);
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
        if hit.method != "GET" {
            return;
        }
        let served = matches!(hit.status, 200 | 206 | 304);
        let Some((number, file)) = self.feed(feeds::path(&hit.target), served) else { return };
        let Some(feed) = self.feeds.get_mut(number as usize) else { return };
        feed.requests += 1;
        feed.bytes += hit.bytes;
        match hit.status {
            304 => feed.not_modified += 1,
            300..=399 => feed.moved += 1,
            400..=599 => feed.failed += 1,
            _ => {}
        }
        if served {
            self.client(hit, day, number, file);
        }
    }

    fn client(&mut self, hit: &Hit<'_>, day: i64, feed: u32, file: u32) {
        let meaning = self.meaning(hit.agent.as_deref());
        let key = (feed, meaning.agent, file, meaning.feed_id);
        if let Some(count) = meaning.subscribers {
            if self.stated.len() < REPORTED || self.stated.contains_key(&key) {
                self.stated.entry(key).or_default().add(hit.time, count);
            } else {
                self.full = true;
            }
        }
        let Some(agent) = self.agents.get_mut(meaning.agent as usize) else { return };
        agent.requests += 1;
        agent.bytes += hit.bytes;
        agent.not_modified += u64::from(hit.status == 304);
        let hash = self.hasher.hash_one((hit.address.as_ref(), hit.agent.as_deref()));
        if hash.trailing_zeros() < self.level {
            return;
        }
        let client = self.clients.entry((hash, feed)).or_insert(Client {
            agent: meaning.agent,
            requests: 0,
            day,
            days: 1,
            last: hit.time,
            size: 0,
            wasted: 0,
        });
        if client.requests > 0 && hit.time > client.last {
            agent.gaps.add(hit.time.abs_diff(client.last));
        }
        client.last = client.last.max(hit.time);
        client.requests = client.requests.saturating_add(1);
        match day - client.day {
            later @ 1.. => {
                client.days =
                    u32::try_from(later).ok().and_then(|later| client.days.checked_shl(later)).unwrap_or(0)
                        | 1;
                client.day = day;
            }
            // A line out of order, or an older log that is read after a newer one.
            earlier => {
                let bit = u32::try_from(-earlier).ok().and_then(|earlier| 1u128.checked_shl(earlier));
                client.days |= bit.unwrap_or(0);
            }
        }
        if hit.status == 200 {
            if hit.bytes > 0 && client.size == hit.bytes && hit.conditional != Some(true) {
                client.wasted += hit.bytes;
            }
            client.size = hit.bytes;
        }
        while self.clients.len() > self.most_clients && self.level < 60 {
            self.level += 1;
            let level = self.level;
            self.clients.retain(|(hash, _), _| hash.trailing_zeros() >= level);
        }
    }

    /// The numbers of a path's feed and file. Scanners ask for anything: what is not there makes no feed.
    fn feed(&mut self, path: &str, served: bool) -> Option<(u32, u32)> {
        if let Some(known) = self.paths.get(path) {
            return Some(*known);
        }
        let name = self.map.feed(path)?;
        let known = self.feed_numbers.get(&name).copied();
        if known.is_none() && !served {
            return None;
        }
        if self.paths.len() >= PATHS {
            self.full = true;
            return None;
        }
        let feed = match known {
            Some(feed) => feed,
            None => {
                let feed = u32::try_from(self.feeds.len()).ok()?;
                self.feeds.push(Feed { name: name.clone(), ..Feed::default() });
                self.feed_numbers.insert(name, feed);
                feed
            }
        };
        let file = u32::try_from(self.paths.len()).ok()?;
        self.paths.insert(path.to_owned(), (feed, file));
        Some((feed, file))
    }

    fn meaning(&mut self, user_agent: Option<&str>) -> Meaning {
        let hash = self.hasher.hash_one(user_agent);
        if let Some(known) = self.meanings.get(&hash) {
            return *known;
        }
        let agent::Agent { name, kind, subscribers, feed_id } = agent::of(user_agent);
        let feed_id = self.hasher.hash_one(feed_id);
        let meaning = Meaning { agent: self.agent(name, kind), subscribers, feed_id };
        if self.meanings.len() < REMEMBERED {
            self.meanings.insert(hash, meaning);
        }
        meaning
    }

    fn agent(&mut self, name: String, kind: Kind) -> u32 {
        let is_full = self.agents.len() >= NAMES && !self.agent_numbers.contains_key(&(kind, name.clone()));
        let name = if is_full { "(others)".to_owned() } else { name };
        let next = u32::try_from(self.agents.len()).unwrap_or(u32::MAX);
        let number = *self.agent_numbers.entry((kind, name.clone())).or_insert(next);
        if number == next {
            self.agents.push(Agent {
                name,
                kind,
                requests: 0,
                not_modified: 0,
                bytes: 0,
                gaps: Gaps::default(),
            });
        }
        number
    }

    /// The day of a request, in days since 1970.
    fn day(&mut self, hit: &Hit<'_>) -> i64 {
        let offset = match self.zone {
            Some(zone) => {
                let hour = hit.time.div_euclid(HOUR);
                if self.hour.0 != hour {
                    let moment = DateTime::from_timestamp(hit.time, 0).unwrap_or_default();
                    let offset = zone.offset_from_utc_datetime(&moment.naive_utc()).fix();
                    self.hour = (hour, i64::from(offset.local_minus_utc()));
                }
                self.hour.1
            }
            None => hit.offset.map_or(0, i64::from),
        };
        (hit.time + offset).div_euclid(DAY)
    }
}
