//! What the server counts, and how Prometheus reads it. Specification: the text format of
//! [OpenMetrics](https://prometheus.io/docs/instrumenting/exposition_formats/), version 0.0.4.

use super::snapshot::Snapshot;
use std::fmt::{Display, Write as _};
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};

/// The statuses that are counted, each by itself.
const STATUSES: [u16; 13] = [200, 301, 304, 400, 404, 405, 406, 408, 410, 412, 414, 431, 505];

/// Counters of one process, since it began.
#[derive(Debug, Default)]
pub struct Metrics {
    statuses: [AtomicU64; STATUSES.len()],
    /// Bytes of heads and bodies that the system took.
    pub bytes: AtomicU64,
    /// Connections that were accepted.
    pub accepted: AtomicU64,
    /// Connections that are open.
    pub open: AtomicUsize,
    /// Connections that waited longest and had to make room.
    pub evicted: AtomicU64,
    /// Connections that were given up because the client took too long.
    pub timeouts: AtomicU64,
    /// Lines of the access log for which there was no room.
    pub log_dropped: AtomicU64,
    /// When the snapshot was made, in Unix seconds.
    pub loaded: AtomicI64,
    /// How often the folder could not be read, or a build failed.
    pub failures: AtomicU64,
}

impl Metrics {
    pub fn count(&self, status: u16) {
        if let Some(counter) = STATUSES.iter().position(|known| *known == status) {
            self.statuses[counter].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Everything as text.
    pub fn text(&self, snapshot: &Snapshot) -> String {
        let mut page = Page(String::new());
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        page.family("bantin_http_requests_total", "counter", "Requests answered, by status.");
        for (status, counter) in STATUSES.iter().zip(&self.statuses) {
            page.sample("bantin_http_requests_total", &format!("status=\"{status}\""), of(counter));
        }
        page.one(
            "bantin_http_sent_bytes_total",
            "counter",
            "Bytes of heads and bodies sent.",
            of(&self.bytes),
        );
        page.one("bantin_http_connections", "gauge", "Connections open.", self.open.load(Ordering::Relaxed));
        page.one("bantin_http_connections_total", "counter", "Connections accepted.", of(&self.accepted));
        page.one(
            "bantin_http_evicted_total",
            "counter",
            "Waiting connections that made room.",
            of(&self.evicted),
        );
        page.one(
            "bantin_http_timeouts_total",
            "counter",
            "Connections given up as too slow.",
            of(&self.timeouts),
        );
        page.one(
            "bantin_access_log_dropped_total",
            "counter",
            "Lines of the access log that were dropped.",
            of(&self.log_dropped),
        );
        page.one(
            "bantin_loaded_timestamp_seconds",
            "gauge",
            "When the files that are served were last looked at.",
            self.loaded.load(Ordering::Relaxed),
        );
        page.one(
            "bantin_load_failures_total",
            "counter",
            "Builds and looks that failed.",
            of(&self.failures),
        );
        page.one("bantin_memory_bytes", "gauge", "Bytes of bodies kept in memory.", snapshot.in_memory());
        page.one("bantin_bodies_bytes", "gauge", "Bytes of bodies, in every coding.", snapshot.bytes());
        let feeds = || snapshot.resources.values().filter(|resource| resource.is_feed());
        page.family(
            "bantin_feed_requests_total",
            "counter",
            "Requests for a feed that were answered, by status.",
        );
        for feed in feeds() {
            for (status, counter) in [(200, &feed.counters.sent), (304, &feed.counters.not_modified)] {
                let labels = format!("feed=\"{}\",status=\"{status}\"", escaped(&feed.path));
                page.sample("bantin_feed_requests_total", &labels, of(counter));
            }
        }
        page.family("bantin_feed_sent_bytes_total", "counter", "Bytes of bodies of a feed that were sent.");
        for feed in feeds() {
            let labels = format!("feed=\"{}\"", escaped(&feed.path));
            page.sample("bantin_feed_sent_bytes_total", &labels, of(&feed.counters.bytes));
        }
        page.family(
            "bantin_feed_updated_timestamp_seconds",
            "gauge",
            "When the newest entry of a feed was published or changed.",
        );
        for feed in feeds() {
            let labels = format!("feed=\"{}\"", escaped(&feed.path));
            page.sample("bantin_feed_updated_timestamp_seconds", &labels, feed.newest.unwrap_or(0));
        }
        page.0
    }
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name}{{{labels}}} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.family(name, kind, help);
        let _ = writeln!(self.0, "{name} {value}");
    }
}

/// The value of a label.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
