//! Telling hubs which feeds changed, so that they fetch them and pass them on.
//!
//! What a hub was told is remembered as the hash of each feed file, and only once it has taken the news. A hub that does not
//! answer is asked again after a wait, a few times, and the next run tells it what this one could not. Knows no
//! configuration; who sends and who waits is handed in.
//!
//! Specification: WebSub, <https://www.w3.org/TR/websub/>. How a publisher tells a hub is left open there; every hub
//! takes the form of PubSubHubbub 0.4 (§7.1), `hub.mode=publish&hub.url=…`.

use crate::exchange::{Answer, ExchangeError};
use crate::parallel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long is waited before a hub is asked again.
pub const WAITS: &[Duration] = &[Duration::from_secs(1), Duration::from_secs(4)];

/// How many files a hub is told of at a time, once it has taken the first.
const AT_A_TIME: usize = 4;

/// The longest wait that a hub may ask for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A feed file that is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its address, which is its topic.
    pub url: String,
    pub hash: u128,
}

impl File {
    pub fn new(url: String, bytes: &[u8]) -> Self {
        Self { url, hash: xxhash_rust::xxh3::xxh3_128(bytes) }
    }

    fn print(&self) -> String {
        format!("{:032x}", self.hash)
    }
}

/// What hubs were told: by hub, the hash of each file by its address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told(BTreeMap<String, BTreeMap<String, String>>);

impl Told {
    /// The files that a hub has not been told of as they are now.
    pub fn due<'a>(&self, hub: &str, files: &'a [File]) -> Vec<&'a File> {
        let told = self.0.get(hub);
        files.iter().filter(|file| told.and_then(|told| told.get(&file.url)) != Some(&file.print())).collect()
    }

    /// Forgets hubs and files that are no more.
    fn keep(&mut self, hubs: &[String], files: &[File]) {
        self.0.retain(|hub, _| hubs.contains(hub));
        let urls: std::collections::HashSet<&str> = files.iter().map(|file| file.url.as_str()).collect();
        for told in self.0.values_mut() {
            told.retain(|url, _| urls.contains(url.as_str()));
        }
    }
}

/// What became of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub hubs: Vec<HubReport>,
}

impl Report {
    /// Whether a hub does not know yet what it should.
    pub fn has_failures(&self) -> bool {
        self.hubs.iter().any(|hub| !hub.failed.is_empty())
    }
}

/// What became of one hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HubReport {
    pub hub: String,
    /// Addresses of files that it was told of.
    pub told: Vec<String>,
    pub failed: Vec<Failure>,
}

/// A file of which a hub could not be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub url: String,
    pub reason: String,
}

/// How a hub took the news.
enum Outcome {
    Taken,
    /// It will not take it, however often it is asked.
    Refused(String),
    /// It may take it in a while.
    Busy(String, Option<Duration>),
}

impl From<Result<Answer, ExchangeError>> for Outcome {
    fn from(answer: Result<Answer, ExchangeError>) -> Self {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Self::Busy(error.to_string(), None),
        };
        let wait = answer.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
        // Hubs say what they dislike in a line of text.
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        let line = body.lines().next().unwrap_or_default();
        let line: String = line.chars().filter(|c| !c.is_control()).take(120).collect();
        let reason = match line.trim() {
            "" => format!("it answered {}", answer.status),
            line if line.starts_with('<') => format!("it answered {}", answer.status),
            line => format!("it answered {}: {line}", answer.status),
        };
        match answer.status {
            200..=299 => Self::Taken,
            429 | 500..=599 => Self::Busy(reason, wait.map(Duration::from_secs)),
            _ => Self::Refused(reason),
        }
    }
}

/// Tells every hub of the files that it does not know as they are, each in a request of its own, for not every hub takes
/// several in one. `send` tells a hub of one address; `wait` waits.
pub fn notify(
    hubs: &[String],
    files: &[File],
    told: &mut Told,
    send: impl Fn(&str, &str) -> Result<Answer, ExchangeError> + Sync,
    wait: impl Fn(Duration) + Sync,
) -> Report {
    told.keep(hubs, files);
    let mut report = Report::default();
    for hub in hubs {
        let mut of_hub = HubReport { hub: hub.clone(), told: Vec::new(), failed: Vec::new() };
        let silent = AtomicBool::new(false);
        let tell = |file: &File| {
            if silent.load(Ordering::Relaxed) {
                return Err("not tried: the hub did not answer before".to_owned());
            }
            match attempt(|| send(hub, &file.url), &wait) {
                Outcome::Taken => Ok(()),
                Outcome::Refused(reason) => Err(reason),
                Outcome::Busy(reason, _) => {
                    silent.store(true, Ordering::Relaxed);
                    Err(reason)
                }
            }
        };
        let due = told.due(hub, files);
        // A hub that is down is asked by one alone.
        let (first, rest) = due.split_at(due.len().min(1));
        let mut outcomes: Vec<_> = first.iter().map(|file| tell(file)).collect();
        outcomes.extend(parallel::map_on(AT_A_TIME, rest.to_vec(), tell));
        for (file, outcome) in due.into_iter().zip(outcomes) {
            match outcome {
                Ok(()) => {
                    told.0.entry(hub.clone()).or_default().insert(file.url.clone(), file.print());
                    of_hub.told.push(file.url.clone());
                }
                Err(reason) => of_hub.failed.push(Failure { url: file.url.clone(), reason }),
            }
        }
        report.hubs.push(of_hub);
    }
    report
}

/// Asks until there is an answer that counts, or no more waits are left.
fn attempt(send: impl Fn() -> Result<Answer, ExchangeError>, wait: &impl Fn(Duration)) -> Outcome {
    let mut waits = WAITS.iter();
    loop {
        match (Outcome::from(send()), waits.next()) {
            (Outcome::Busy(_, asked), Some(usual)) if asked.is_none_or(|asked| asked <= PATIENCE) => {
                wait(asked.unwrap_or(*usual).max(*usual));
            }
            (outcome, _) => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    const HUB: &str = "https://hub.example/";

    fn files(versions: &[(&str, &str)]) -> Vec<File> {
        versions.iter().map(|(url, text)| File::new((*url).to_owned(), text.as_bytes())).collect()
    }

    fn answered(status: u16, body: &str) -> Result<Answer, ExchangeError> {
        Ok(Answer { status, headers: Vec::new(), body: body.into() })
    }

    fn run(
        files: &[File],
        told: &mut Told,
        answers: &mut Vec<Result<Answer, ExchangeError>>,
    ) -> (HubReport, Vec<u64>) {
        let (waited, left) = (Mutex::new(Vec::new()), Mutex::new(answers));
        let report = notify(
            &[HUB.to_owned()],
            files,
            told,
            |hub, _| {
                assert_eq!(hub, HUB);
                left.lock().unwrap().remove(0)
            },
            |wait| waited.lock().unwrap().push(wait.as_secs()),
        );
        (report.hubs.into_iter().next().unwrap(), waited.into_inner().unwrap())
    }

    #[test]
    fn a_hub_is_told_once_of_each_version() {
        let mut told = Told::default();
        let first = files(&[("a", "1"), ("b", "1")]);
        let (report, _) = run(&first, &mut told, &mut vec![answered(204, ""), answered(202, "")]);
        assert_eq!((report.told, report.failed), (vec!["a".to_owned(), "b".to_owned()], vec![]));
        let (report, _) = run(&first, &mut told, &mut vec![]);
        assert!(report.told.is_empty());
        let second = files(&[("a", "2"), ("b", "1")]);
        let (report, _) = run(&second, &mut told, &mut vec![answered(204, "")]);
        assert_eq!(report.told, ["a"]);
        // What is gone is forgotten, and remembered text is what it was.
        run(&files(&[("a", "2")]), &mut told, &mut vec![]);
        let kept: Told = serde_json::from_str(&serde_json::to_string(&told).unwrap()).unwrap();
        assert_eq!(kept, told);
        assert_eq!(told.due(HUB, &second).len(), 1);
        assert_eq!(told.due("https://other.example/", &second).len(), 2);
    }

    #[test]
    fn a_hub_that_does_not_answer_is_asked_again_and_then_left_alone() {
        let mut told = Told::default();
        let both = files(&[("a", "1"), ("b", "1")]);
        let (report, waited) = run(
            &both,
            &mut told,
            &mut vec![Err(ExchangeError::Refused), answered(503, ""), answered(204, ""), answered(204, "")],
        );
        assert_eq!((report.told.len(), waited), (2, vec![1, 4]));
        let mut told = Told::default();
        let (report, waited) =
            run(&both, &mut told, &mut vec![answered(500, "<html>"), answered(500, ""), answered(500, "")]);
        assert_eq!(waited, [1, 4]);
        let reasons: Vec<_> = report.failed.iter().map(|failure| failure.reason.as_str()).collect();
        assert_eq!(reasons, ["it answered 500", "not tried: the hub did not answer before"]);
        assert_eq!(told.due(HUB, &both).len(), 2, "the next run tells it");
    }

    #[test]
    fn many_files_are_told_a_few_at_a_time_and_reported_in_their_order() {
        let urls: Vec<String> = (0..50).map(|n| format!("{n:02}")).collect();
        let many = files(&urls.iter().map(|url| (url.as_str(), "1")).collect::<Vec<_>>());
        let (now, most) = (Mutex::new(0_usize), Mutex::new(0));
        let send = |_: &str, url: &str| {
            *now.lock().unwrap() += 1;
            std::thread::sleep(Duration::from_millis(2));
            let mut most = most.lock().unwrap();
            *most = (*now.lock().unwrap()).max(*most);
            *now.lock().unwrap() -= 1;
            answered(if url == "30" { 400 } else { 204 }, "")
        };
        let mut told = Told::default();
        let report = notify(&[HUB.to_owned()], &many, &mut told, send, |_| {});
        let hub = &report.hubs[0];
        assert!(hub.told.is_sorted() && hub.told.len() == 49 && hub.failed.len() == 1, "{hub:?}");
        assert!((2..=AT_A_TIME).contains(&*most.lock().unwrap()));
        assert_eq!(told.due(HUB, &many).len(), 1);
    }

    #[test]
    fn a_refusal_is_final_for_its_file_alone() {
        let mut told = Told::default();
        let both = files(&[("a", "1"), ("b", "1")]);
        let (report, waited) =
            run(&both, &mut told, &mut vec![answered(400, "unknown topic\nmore"), answered(204, "")]);
        assert_eq!((report.told, waited.len()), (vec!["b".to_owned()], 0));
        assert_eq!(report.failed[0].reason, "it answered 400: unknown topic");
    }

    #[test]
    fn waits_are_as_long_as_the_hub_asks_within_reason() {
        let asking = |seconds: &str| {
            Ok(Answer { status: 429, headers: vec![("retry-after".into(), seconds.into())], body: vec![] })
        };
        let one = files(&[("a", "1")]);
        let (report, waited) = run(&one, &mut Told::default(), &mut vec![asking("7"), answered(204, "")]);
        assert_eq!((report.told.len(), waited), (1, vec![7]));
        let (report, waited) = run(&one, &mut Told::default(), &mut vec![asking("3600")]);
        assert_eq!((report.failed.len(), waited.len()), (1, 0));
    }
}
