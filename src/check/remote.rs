//! Judges how a feed is served: what came when it was fetched as readers fetch it.
//!
//! Nothing is fetched here: a [`Visit`] is handed in, or read from its transcript, which is how the rules show their
//! examples. Specifications: HTTP semantics <https://www.rfc-editor.org/rfc/rfc9110>, caching
//! <https://www.rfc-editor.org/rfc/rfc9111>.

use super::finding::{Finding, shortened};
use super::rule::Rule;
use super::rules as r;
use super::{Overrides, looks_like_html};
use std::collections::HashSet;

/// The most redirects that readers follow without complaint.
const REDIRECTS: usize = 3;

/// From how many bytes on compression is worth its while.
const WORTH_COMPRESSING: usize = 1400;

/// What a request was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The feed: each step on the way to it.
    Feed,
    /// The feed once more, a moment later.
    Again,
    /// The feed if it is another than that of the ETag.
    ByEtag,
    /// The feed if it has changed since Last-Modified.
    ByDate,
    /// The page of the site that the feed is of.
    Site,
    /// The hub that the feed names.
    Hub,
}

/// Purposes by the words that stand for them in a transcript.
const PURPOSES: &[(&str, Purpose)] = &[
    ("", Purpose::Feed),
    ("again", Purpose::Again),
    ("if-none-match", Purpose::ByEtag),
    ("if-modified-since", Purpose::ByDate),
    ("site", Purpose::Site),
    ("hub", Purpose::Hub),
];

/// One request, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub purpose: Purpose,
    pub url: String,
    /// The answer, or why none came.
    pub outcome: Result<Response, String>,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Without the compression of the transfer.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> Option<&str> {
        self.header("location").filter(|_| matches!(self.status, 301 | 302 | 303 | 307 | 308))
    }
}

/// Every request that was made for one feed, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    pub steps: Vec<Step>,
}

impl Visit {
    /// The answer that holds the feed, and its address.
    pub fn feed(&self) -> Option<(&str, &Response)> {
        let step = self.steps.iter().rfind(|step| step.purpose == Purpose::Feed)?;
        let response = step.outcome.as_ref().ok().filter(|response| response.status == 200)?;
        Some((&step.url, response))
    }

    fn of(&self, purpose: Purpose) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.purpose == purpose)
    }

    /// Reads a transcript: `GET`, the address and perhaps the purpose, the status or `failed: …`, headers, an empty line,
    /// the body; and so on.
    pub fn parse(transcript: &str) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        let (mut begun, mut in_body) = (false, false);
        for line in transcript.lines() {
            if let Some(request) = line.strip_prefix("GET ") {
                let (url, word) = request.split_once(' ').unwrap_or((request, ""));
                let purpose =
                    PURPOSES.iter().find(|(known, _)| *known == word).map_or(Purpose::Feed, |(_, p)| *p);
                steps.push(Step { purpose, url: url.to_owned(), outcome: Ok(Response::default()) });
                (begun, in_body) = (true, false);
                continue;
            }
            let Some(step) = steps.last_mut() else { continue };
            if let Some(reason) = line.strip_prefix("failed: ").filter(|_| begun) {
                step.outcome = Err(reason.to_owned());
            }
            let Ok(response) = &mut step.outcome else { continue };
            if begun {
                response.status = line.trim().parse().unwrap_or(0);
                begun = false;
            } else if in_body {
                match padding(line) {
                    Some(bytes) => response.body.resize(response.body.len() + bytes, b' '),
                    None => response.body.extend_from_slice(line.as_bytes()),
                }
                response.body.push(b'\n');
            } else if line.is_empty() {
                in_body = true;
            } else if let Some((name, value)) = line.split_once(':') {
                response.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self { steps }
    }
}

/// How many bytes a line of a transcript leaves out: `(… 5000 bytes)`.
fn padding(line: &str) -> Option<usize> {
    let bytes = line.strip_prefix("(… ")?.strip_suffix(" bytes)")?.parse().ok()?;
    (bytes <= 1 << 20).then_some(bytes)
}

/// What is wrong with how a feed is served.
pub fn check_visit(visit: &Visit, overrides: &Overrides) -> Vec<Finding> {
    let mut judge = Judge { findings: Vec::new() };
    judge.way(visit);
    if let Some((url, response)) = visit.feed() {
        judge.headers(url, response);
        judge.caching(visit, url, response);
        judge.neighbours(visit);
    }
    judge.findings.retain_mut(|finding| match overrides.severity(finding.rule) {
        Some(severity) => {
            finding.severity = severity;
            true
        }
        None => false,
    });
    judge.findings
}

struct Judge {
    findings: Vec<Finding>,
}

impl Judge {
    fn say(&mut self, rule: &'static Rule, url: &str, message: impl Into<String>, value: &str) {
        self.findings.push(Finding {
            rule,
            severity: rule.severity,
            line: 1,
            column: 1,
            path: shortened(url),
            message: message.into(),
            value: shortened(value),
            help: rule.mend.to_owned(),
        });
    }

    /// From the address that was given to the feed.
    fn way(&mut self, visit: &Visit) {
        let mut met = HashSet::new();
        let mut redirects = 0;
        let (mut before, mut astray): (Option<&str>, Option<(&str, &str)>) = (None, None);
        for step in visit.of(Purpose::Feed) {
            if before.is_some_and(|before| before.starts_with("https:") && step.url.starts_with("http:")) {
                self.say(&r::INSECURE_REDIRECT, &step.url, "https leads to http", &step.url);
            }
            before = Some(&step.url);
            let response = match &step.outcome {
                Ok(response) => response,
                Err(reason) => {
                    self.say(&r::UNREACHABLE_FEED, &step.url, reason.clone(), "");
                    return;
                }
            };
            let Some(location) = response.location() else {
                astray = None;
                self.arrival(&step.url, response);
                break;
            };
            redirects += 1;
            astray = Some((step.url.as_str(), location));
            if !met.insert(step.url.as_str()) || redirects > 10 {
                self.say(&r::REDIRECT_LOOP, &step.url, "the redirects do not end", location);
                return;
            }
            let (rule, word) = match response.status {
                301 | 308 => (&r::PERMANENT_REDIRECT, "for good"),
                _ => (&r::TEMPORARY_REDIRECT, "for now"),
            };
            self.say(rule, &step.url, format!("moved {word} ({})", response.status), location);
        }
        if let Some((url, location)) = astray {
            self.say(&r::UNREACHABLE_FEED, url, "it leads to what is not followed", location);
        }
        if redirects > REDIRECTS {
            let url = visit.steps.first().map_or("", |step| step.url.as_str());
            self.say(&r::MANY_REDIRECTS, url, format!("{redirects} redirects"), "");
        }
    }

    /// What is there instead of a feed.
    fn arrival(&mut self, url: &str, response: &Response) {
        let body = String::from_utf8_lossy(
            response.body.get(..response.body.len().min(64 * 1024)).unwrap_or_default(),
        );
        let is_page = looks_like_html(&body);
        let challenge = response.header("cf-mitigated").is_some()
            || (is_page
                && (matches!(response.status, 403 | 429 | 503)
                    || CHALLENGES.iter().any(|mark| body.contains(mark))));
        if challenge {
            let message = format!("a page that asks who is there ({})", response.status);
            self.say(&r::BOT_CHALLENGE, url, message, response.header("server").unwrap_or_default());
        } else if response.status != 200 {
            self.say(&r::UNREACHABLE_FEED, url, format!("the server answers {}", response.status), "");
        }
    }

    fn headers(&mut self, url: &str, response: &Response) {
        let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
        if kind.is_empty() {
            self.say(&r::MISSING_CONTENT_TYPE, url, "the answer has no Content-Type", "");
        }
        let is_json = kind.contains("json");
        if !kind.is_empty() && !is_json && !kind.contains("charset=") && !response.body.is_ascii() {
            self.say(&r::MISSING_CHARSET, url, "Content-Type has no charset", &kind);
        }
        let encoding = response.header("content-encoding").filter(|encoding| *encoding != "identity");
        let vary = response.header("vary").unwrap_or_default().to_ascii_lowercase();
        match encoding {
            None if response.body.len() > WORTH_COMPRESSING => {
                let message = format!("{} bytes, not compressed", response.body.len());
                self.say(&r::UNCOMPRESSED_FEED, url, message, "");
            }
            Some(encoding) if !vary.contains("accept-encoding") && vary != "*" => {
                self.say(&r::MISSING_VARY, url, format!("compressed ({encoding}), without Vary"), &vary);
            }
            _ => {}
        }
        if let Some(cookie) = response.header("set-cookie") {
            // What is in a cookie may be a secret.
            let name = cookie.split('=').next().unwrap_or_default();
            self.say(&r::COOKIE_SET, url, "the answer sets a cookie", name);
        }
        if is_json && response.header("access-control-allow-origin").is_none() {
            self.say(&r::MISSING_CORS, url, "no Access-Control-Allow-Origin", "");
        }
    }

    fn caching(&mut self, visit: &Visit, url: &str, response: &Response) {
        let control = response.header("cache-control").unwrap_or_default().to_ascii_lowercase();
        if control.contains("no-store") || control.contains("private") {
            self.say(&r::UNCACHEABLE_FEED, url, "nobody may keep the answer", &control);
        } else if !control.contains("max-age") && response.header("expires").is_none() {
            self.say(&r::MISSING_LIFETIME, url, "neither max-age nor Expires", &control);
        }
        let (etag, modified) = (response.header("etag"), response.header("last-modified"));
        if etag.is_none() && modified.is_none() {
            self.say(&r::MISSING_VALIDATORS, url, "neither ETag nor Last-Modified", "");
        }
        let ok = |purpose| visit.of(purpose).find_map(|step| step.outcome.as_ref().ok());
        let stable = ok(Purpose::Again).is_none_or(|again| again.body == response.body);
        if !stable {
            self.say(&r::UNSTABLE_FEED, url, "two answers a moment apart differ", "");
        }
        if let (Some(again), Some(etag)) = (ok(Purpose::Again).filter(|_| stable), etag)
            && again.header("etag").is_some_and(|other| opaque(other) != opaque(etag))
        {
            let message =
                format!("the same feed has another ETag, {}", again.header("etag").unwrap_or_default());
            self.say(&r::CHANGING_ETAG, url, message, etag);
        }
        // A feed that changed meanwhile is sent again with good reason.
        let ignored =
            |purpose| ok(purpose).is_some_and(|answer| answer.status == 200 && answer.body == response.body);
        if ignored(Purpose::ByEtag) {
            self.say(
                &r::ETAG_IGNORED,
                url,
                "the whole feed again in spite of If-None-Match",
                etag.unwrap_or_default(),
            );
        }
        if ignored(Purpose::ByDate) {
            let value = modified.unwrap_or_default();
            self.say(
                &r::LAST_MODIFIED_IGNORED,
                url,
                "the whole feed again in spite of If-Modified-Since",
                value,
            );
        }
    }

    /// The hub, and the page of the site.
    fn neighbours(&mut self, visit: &Visit) {
        for step in visit.of(Purpose::Hub) {
            match &step.outcome {
                Err(reason) => self.say(&r::HUB_UNREACHABLE, &step.url, reason.clone(), ""),
                Ok(answer) if answer.status >= 500 => {
                    self.say(&r::HUB_UNREACHABLE, &step.url, format!("it answers {}", answer.status), "");
                }
                Ok(_) => {}
            }
        }
        let addresses: HashSet<&str> = visit.of(Purpose::Feed).map(|step| step.url.as_str()).collect();
        for step in visit.of(Purpose::Site) {
            let Some(page) = step.outcome.as_ref().ok().filter(|page| page.status == 200) else { continue };
            let links = alternates(&String::from_utf8_lossy(&page.body), &step.url);
            if !links.iter().any(|link| addresses.contains(link.as_str())) {
                let message = match links.len() {
                    0 => "the site's page names no feed".to_owned(),
                    count => format!("the site's page names {count} feeds, and not this one"),
                };
                self.say(&r::MISSING_AUTODISCOVERY, &step.url, message, "");
            }
        }
    }
}

/// What stands in pages that ask whether a person is there.
const CHALLENGES: &[&str] = &[
    "challenge-platform",
    "cf-chl-",
    "Just a moment...",
    "_Incapsula_Resource",
    "g-recaptcha",
    "h-captcha",
    "ddos-guard",
];

/// An ETag without the mark that it is weak: compression weakens it, and 304 does not care.
fn opaque(etag: &str) -> &str {
    etag.trim_start_matches("W/")
}

/// The addresses of feeds that a page names in `<link rel="alternate">`.
fn alternates(page: &str, base: &str) -> Vec<String> {
    let base = url::Url::parse(base).ok();
    let lower = page.to_ascii_lowercase();
    let mut links = Vec::new();
    for (at, _) in lower.match_indices("<link") {
        let (Some(tag), Some(known)) = (tag(page, at), tag(&lower, at)) else { continue };
        let rel = attribute(known, known, "rel").unwrap_or_default();
        let kind = attribute(known, known, "type").unwrap_or_default();
        let is_feed = ["rss", "atom", "json", "xml"].iter().any(|word| kind.contains(word));
        if !rel.split_ascii_whitespace().any(|word| word == "alternate") || !is_feed {
            continue;
        }
        let href = attribute(tag, known, "href").unwrap_or_default().replace("&amp;", "&");
        let absolute = base.as_ref().and_then(|base| base.join(&href).ok()).map(String::from);
        links.extend(absolute);
    }
    links
}

/// A tag from its beginning up to its end, which is not far.
fn tag(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let near = rest.get(..rest.floor_char_boundary(4096))?;
    near.get(..near.find('>')?)
}

/// The value of an attribute of a tag; its name is looked for in `known`, which is the tag in lower case.
fn attribute<'a>(tag: &'a str, known: &str, name: &str) -> Option<&'a str> {
    for (at, _) in known.match_indices(name) {
        let apart = known.get(..at)?.ends_with(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'');
        let Some(rest) = tag.get(at + name.len()..) else { continue };
        let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| apart) else { continue };
        let value = value.trim_start();
        return match value.chars().next()? {
            quote @ ('"' | '\'') => value.get(1..)?.split(quote).next(),
            _ => value.split(|c: char| c.is_ascii_whitespace() || c == '>').next(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_is_read() {
        let visit = Visit::parse(
            "GET http://a.example/\n301\nLocation: https://a.example/\n\nGET https://a.example/ again\n200\nETag: \"x\"\n\na\nb\n\nGET https://hub.example/ hub\nfailed: no answer",
        );
        assert_eq!(visit.steps.len(), 3);
        assert_eq!(visit.steps[0].outcome.as_ref().unwrap().location(), Some("https://a.example/"));
        let again = visit.steps[1].outcome.as_ref().unwrap();
        assert_eq!(
            (visit.steps[1].purpose, again.header("etag"), again.body.as_slice()),
            (Purpose::Again, Some("\"x\""), b"a\nb\n\n".as_slice())
        );
        assert_eq!(visit.steps[2].outcome, Err("no answer".to_owned()));
        assert_eq!(visit.feed(), None);
        assert!(Visit::parse("").steps.is_empty());
    }

    #[test]
    fn a_page_names_its_feeds() {
        let page = "<LINK REL='alternate' type=application/rss+xml href=/a.xml><link href=\"b.xml?x=1&amp;y=2\" type=\"application/atom+xml\" rel=\"nofollow alternate\"/>\
                    <link rel=stylesheet type=text/css href=/s.css><link rel=alternate hreflang=en href=/en><link rel=alternate type=text/xml";
        assert_eq!(
            alternates(page, "https://a.example/x/"),
            ["https://a.example/a.xml", "https://a.example/x/b.xml?x=1&y=2"]
        );
        assert!(alternates(page, "no address").is_empty());
    }
}
