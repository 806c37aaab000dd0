//! Fetches a feed as a reader would, and everything around it that tells how it is served: the redirects to it, the feed
//! once more, the feed if it has changed, its hub, the page of its site.
//!
//! Judges nothing: `check` does.

mod links;
mod readers;

pub use readers::{READERS, Reader, reader};

use crate::check::{Purpose, Response, Step, Visit};
use crate::exchange::{Answer, ExchangeError};
use url::Url;

/// The most redirects that are followed; readers follow fewer.
const REDIRECTS: usize = 12;

/// Asks for an address with those headers.
pub type Ask<'a> = dyn Fn(&str, &[(&str, &str)]) -> Result<Answer, ExchangeError> + 'a;

/// Makes every request that there is to make for a feed, in the name of that reader.
pub fn visit(address: &Url, reader: &Reader, ask: &Ask<'_>) -> Visit {
    let mut probe = Probe { visit: Visit::default(), reader, ask };
    let Some((url, feed)) = probe.arrive(address) else { return probe.visit };
    probe.step(Purpose::Again, &url, None);
    if let Some(etag) = feed.header("etag") {
        probe.step(Purpose::ByEtag, &url, Some(("If-None-Match", etag)));
    }
    if let Some(modified) = feed.header("last-modified") {
        probe.step(Purpose::ByDate, &url, Some(("If-Modified-Since", modified)));
    }
    let links = links::of(&feed.body);
    let follow = |link: Option<String>| {
        let link = url.join(&link?).ok()?;
        matches!(link.scheme(), "http" | "https").then_some(link)
    };
    if let Some(hub) = follow(links.hub) {
        probe.step(Purpose::Hub, &hub, None);
    }
    if let Some(home) = follow(links.home) {
        probe.step(Purpose::Site, &home, None);
    }
    probe.visit
}

struct Probe<'a> {
    visit: Visit,
    reader: &'a Reader,
    ask: &'a Ask<'a>,
}

impl Probe<'_> {
    /// Makes a request, and notes what came of it.
    fn step(&mut self, purpose: Purpose, url: &Url, condition: Option<(&str, &str)>) -> Option<Response> {
        let mut headers =
            vec![("Accept", self.reader.accept), ("Accept-Encoding", self.reader.accept_encoding)];
        headers.extend(condition);
        let outcome = match (self.ask)(url.as_str(), &headers) {
            Ok(Answer { status, headers, body }) => Ok(Response { status, headers, body }),
            Err(error) => Err(error.to_string()),
        };
        self.visit.steps.push(Step { purpose, url: url.to_string(), outcome: outcome.clone() });
        outcome.ok()
    }

    /// Follows redirects to the feed. `None`: none is there.
    fn arrive(&mut self, address: &Url) -> Option<(Url, Response)> {
        let mut url = address.clone();
        for _ in 0..REDIRECTS {
            let response = self.step(Purpose::Feed, &url, None)?;
            let Some(location) = response.location() else {
                return (response.status == 200).then_some((url, response));
            };
            let next = url.join(location).ok()?;
            // A second time to where it was already: the judge sees it.
            let circle = self.visit.steps.iter().any(|step| step.url == next.as_str());
            if !matches!(next.scheme(), "http" | "https") {
                return None;
            }
            if circle {
                self.step(Purpose::Feed, &next, None);
                return None;
            }
            url = next;
        }
        None
    }
}
