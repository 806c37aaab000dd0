//! One page of the web is fetched: politely, with limits, and again where that may help. A single request is the business
//! of `exchange`; here it is decided which ones are made, and what of their answers counts.
//!
//! HTTP semantics: <https://www.rfc-editor.org/rfc/rfc9110>; conditional requests are its §13, `Retry-After` §10.2.3,
//! redirects §15.4. A request is made again where the server or the network is at fault, after waits that are always the
//! same. Headers of feeds.toml go to the host of feeds.toml alone.

use super::environment::{Secrets, VariableError};
use super::{Drawer, IntakeError, Sheet};
use crate::exchange::{
    AuthoritiesError, ExchangeError, Exchanger, HeaderMap, Manner, Opened, PrivateAddress,
};
use crate::plan::Web;
use chrono::DateTime;
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};
use ureq::http::StatusCode;
use url::Url;

/// How long is waited before a request is made again.
const BACKOFF: &[Duration] = &[Duration::from_secs(1), Duration::from_secs(3)];

/// The longest wait that a server may ask for.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// What is asked for before anything else.
const ACCEPT: &str = "application/json, application/feed+json, application/xml;q=0.9, */*;q=0.8";

/// Why something was not fetched from the web.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error(transparent)]
    Variable(#[from] VariableError),
    #[error("`ca`: {0}")]
    Authorities(#[from] AuthoritiesError),
    #[error("`{0}` is no address")]
    Address(String),
    #[error("the server answered {status}{advice}")]
    Status { status: String, advice: &'static str },
    #[error("the server answered {status}, and asks to wait {seconds} seconds")]
    Wait { status: String, seconds: u64 },
    #[error("it is redirected in a circle")]
    Circle,
    #[error("it is redirected more than {REDIRECTS} times")]
    Redirects,
    #[error("it leads from https to {0}, which is not followed")]
    Downgrade(String),
    #[error("it leads to {0}, which is no address that is followed")]
    Astray(String),
    #[error("{0}: `allow_private = true` allows it")]
    Private(PrivateAddress),
    #[error("it took longer than {0} seconds")]
    TookTooLong(u64),
    #[error("it is larger than {0} bytes, which is what `max_size` leaves")]
    TooMuch(u64),
    #[error(transparent)]
    Exchange(ExchangeError),
    #[error("cannot tell the format of {0}: say it with `format`")]
    Format(String),
    #[error("{0}")]
    Content(String),
    #[error("{0}")]
    Paging(String),
}

impl WebError {
    /// Whether the same request may well be answered in a moment.
    fn may_pass(&self) -> bool {
        use ExchangeError as E;
        matches!(self, Self::Exchange(E::NoSuchHost | E::Refused | E::Silence(_) | E::CutOff | E::Other(_)))
    }
}

/// What a page was when it was fetched last.
#[derive(Debug, Clone, Default)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What came of a request.
pub enum Fetched {
    /// It is what the validators are of; with the headers that were sent all the same.
    Same(Box<HeaderMap>),
    Page(Box<Answer>),
}

/// An answer that was read to its end.
pub struct Answer {
    /// The body, without any encoding of the transfer.
    pub sheet: Sheet,
    pub headers: HeaderMap,
    /// Where it was found, after redirects.
    pub url: Url,
}

/// Fetches the pages of one source.
pub struct Client<'a> {
    exchanger: Exchanger,
    web: &'a Web,
    drawer: &'a Drawer,
    pub secrets: Secrets,
    headers: Vec<(String, String)>,
    /// Hosts that the headers of feeds.toml are sent to.
    own: Vec<url::Origin>,
    begun: Instant,
    timeout: Duration,
}

impl<'a> Client<'a> {
    /// Reads the variables that the headers name.
    pub fn new(web: &'a Web, drawer: &'a Drawer, timeout: Duration) -> Result<Self, WebError> {
        let mut secrets = Secrets::default();
        let mut headers = Vec::new();
        for (name, value) in &web.headers {
            headers.push((name.clone(), secrets.header(value)?));
        }
        let exchanger = Exchanger::with(Manner {
            user_agent: &web.user_agent,
            accept: Some(ACCEPT),
            public_only: !web.allow_private,
            authorities: web.authorities.as_deref(),
            authorities_key: Some("`ca = \"ca.pem\"`"),
        })?;
        #[expect(clippy::disallowed_methods, reason = "how long is waited decides nothing that is published")]
        let begun = Instant::now();
        Ok(Self { exchanger, web, drawer, secrets, headers, own: Vec::new(), begun, timeout })
    }

    /// The addresses of the source.
    pub fn addresses(&mut self) -> Result<Vec<Url>, WebError> {
        let mut addresses = Vec::new();
        for phrase in &self.web.addresses {
            let text = self.secrets.address(phrase)?;
            let url = Url::parse(&text).map_err(|_| WebError::Address(phrase.written.clone()))?;
            self.own.push(url.origin());
            addresses.push(url);
        }
        Ok(addresses)
    }

    fn left(&self) -> Result<Duration, WebError> {
        match self.timeout.checked_sub(self.begun.elapsed()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(WebError::TookTooLong(self.timeout.as_secs())),
        }
    }

    /// Fetches a page of at most so many bytes, unless it is what the validators are of.
    pub fn fetch(&self, url: &Url, validators: &Validators, limit: u64) -> Result<Fetched, IntakeError> {
        let mut backoff = BACKOFF.iter();
        loop {
            let error = match self.attempt(url, validators, limit) {
                Ok(Attempt::Done(fetched)) => return Ok(fetched),
                Ok(Attempt::Busy { status, wait }) => match (wait, backoff.next()) {
                    (Some(wait), _) if wait > PATIENCE || self.left().is_ok_and(|left| wait >= left) => {
                        return Err(self.fault(url, WebError::Wait { status, seconds: wait.as_secs() }));
                    }
                    (wait, Some(backoff)) => {
                        self.wait(wait.unwrap_or(*backoff)).map_err(|error| self.fault(url, error))?;
                        continue;
                    }
                    (_, None) => WebError::Status { status, advice: "" },
                },
                Err(Broken::Web(error)) if error.may_pass() => match backoff.next() {
                    Some(backoff) if self.wait(*backoff).is_ok() => continue,
                    _ => error,
                },
                Err(Broken::Web(error)) => error,
                Err(Broken::Keep(error)) => return Err(error),
            };
            return Err(self.fault(url, error));
        }
    }

    /// Waits, unless that would be in vain.
    fn wait(&self, wait: Duration) -> Result<(), WebError> {
        if self.left()? <= wait {
            return Err(WebError::TookTooLong(self.timeout.as_secs()));
        }
        thread::sleep(wait);
        Ok(())
    }

    /// An error of a page, without anything that is secret.
    pub fn fault(&self, url: &Url, error: WebError) -> IntakeError {
        let error = match error {
            WebError::Exchange(ExchangeError::Other(text)) => {
                WebError::Exchange(ExchangeError::Other(self.secrets.hide(&text)))
            }
            WebError::Downgrade(text) => WebError::Downgrade(self.secrets.hide(&text)),
            WebError::Astray(text) => WebError::Astray(self.secrets.hide(&text)),
            WebError::Content(text) => WebError::Content(self.secrets.hide(&text)),
            WebError::Paging(text) => WebError::Paging(self.secrets.hide(&text)),
            other => other,
        };
        IntakeError::Web { name: self.name(url), source: error }
    }

    /// What messages call a page.
    pub fn name(&self, url: &Url) -> String {
        self.secrets.hide(url.as_str())
    }

    fn attempt(&self, url: &Url, validators: &Validators, limit: u64) -> Result<Attempt, Broken> {
        let mut url = url.clone();
        let mut met = vec![url.clone()];
        loop {
            let answer = self.request(&url, validators)?;
            if answer.status == 304 && (validators.etag.is_some() || validators.last_modified.is_some()) {
                return Ok(Attempt::Done(Fetched::Same(Box::new(answer.headers))));
            }
            if matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                url = target(&url, text(&answer.headers, "location").unwrap_or_default())?;
                if met.contains(&url) {
                    return Err(WebError::Circle.into());
                }
                met.push(url.clone());
                if met.len() > REDIRECTS + 1 {
                    return Err(WebError::Redirects.into());
                }
                continue;
            }
            let shown = shown(answer.status);
            return match answer.status {
                200 | 203 => Ok(Attempt::Done(self.page(answer, url, limit)?)),
                429 | 500 | 502 | 503 | 504 => {
                    Ok(Attempt::Busy { wait: retry_after(&answer.headers), status: shown })
                }
                code => Err(WebError::Status { status: shown, advice: advice(code) }.into()),
            };
        }
    }

    fn request(&self, url: &Url, validators: &Validators) -> Result<Opened<'_>, WebError> {
        let mut headers: Vec<(&str, &str)> = Vec::new();
        if self.own.contains(&url.origin()) {
            headers.extend(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        }
        headers.extend(validators.etag.iter().map(|etag| ("If-None-Match", etag.as_str())));
        headers.extend(validators.last_modified.iter().map(|moment| ("If-Modified-Since", moment.as_str())));
        self.exchanger.open(url.as_str(), &headers, self.left()?).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: ExchangeError) -> WebError {
        match error {
            ExchangeError::TookTooLong => WebError::TookTooLong(self.timeout.as_secs()),
            ExchangeError::Private(private) => WebError::Private(private),
            other => WebError::Exchange(other),
        }
    }

    fn page(&self, mut answer: Opened<'_>, url: Url, limit: u64) -> Result<Fetched, Broken> {
        let mut sheet = self.drawer.sheet(limit).map_err(Broken::Keep)?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            // What comes may be small on the way and large when it is here.
            let bytes = match answer.read(&mut buffer).map_err(|error| self.failed(error))? {
                0 => break,
                bytes => bytes,
            };
            match sheet.write_all(buffer.get(..bytes).unwrap_or_default()) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    return Err(WebError::TooMuch(limit).into());
                }
                Err(error) => return Err(Broken::Keep(self.drawer.fault(error))),
            }
            self.left()?;
        }
        Ok(Fetched::Page(Box::new(Answer { sheet, headers: answer.headers, url })))
    }
}

enum Attempt {
    Done(Fetched),
    /// Later, perhaps; the server may say when.
    Busy {
        status: String,
        wait: Option<Duration>,
    },
}

enum Broken {
    Web(WebError),
    /// What came cannot be kept.
    Keep(IntakeError),
}

impl From<WebError> for Broken {
    fn from(error: WebError) -> Self {
        Self::Web(error)
    }
}

/// Where an address leads on, if that may be followed.
pub fn target(from: &Url, to: &str) -> Result<Url, WebError> {
    let to = from.join(to.trim()).map_err(|_| WebError::Astray(format!("`{to}`")))?;
    let is_web = ["http", "https"].contains(&to.scheme()) && to.host_str().is_some();
    if !is_web || !to.username().is_empty() || to.password().is_some() {
        let mut shown = to;
        let _ = shown.set_password(None);
        return Err(WebError::Astray(shown.to_string()));
    }
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(WebError::Downgrade(to.to_string()));
    }
    Ok(to)
}

/// The text of a header.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
}

/// `404 Not Found`.
fn shown(status: u16) -> String {
    match StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()) {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}

fn advice(code: u16) -> &'static str {
    match code {
        401 | 403 => "; is the key in the address right, or do `headers` lack what it wants to see?",
        404 | 410 => "; is the address right?",
        _ => "",
    }
}

/// How long a server asks to wait: seconds, or a moment, which is held against the server's own clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = text(headers, "retry-after")?;
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| DateTime::parse_from_rfc2822(text).ok();
    let wait = moment(asked)? - moment(text(headers, "date")?)?;
    Some(wait.to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_on_as_far_as_it_may() {
        let leads = |from: &str, to: &str| target(&Url::parse(from).unwrap(), to).map(|url| url.to_string());
        assert_eq!(leads("https://a.example/x/y", "../z").unwrap(), "https://a.example/z");
        assert_eq!(leads("http://a.example/", "https://b.example/").unwrap(), "https://b.example/");
        let refused = |from, to| leads(from, to).unwrap_err().to_string();
        assert!(
            refused("https://a.example/", "http://a.example/").contains("from https to http://a.example/")
        );
        assert!(refused("http://a.example/", "file:///etc/passwd").contains("file:///etc/passwd"));
        assert!(!refused("http://a.example/", "http://user:geheim@b.example/").contains("geheim"));
    }

    #[test]
    fn a_wait_is_seconds_or_a_moment_of_the_server() {
        let wait = |retry: &str, date: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", retry.parse().unwrap());
            headers.insert("date", date.parse().unwrap());
            retry_after(&headers)
        };
        let date = "Fri, 20 Nov 2026 10:00:00 GMT";
        assert_eq!(wait("7", date), Some(Duration::from_secs(7)));
        assert_eq!(wait("Fri, 20 Nov 2026 10:00:09 GMT", date), Some(Duration::from_secs(9)));
        assert_eq!(wait("Fri, 20 Nov 2026 09:00:00 GMT", date), Some(Duration::ZERO));
        assert_eq!(wait("soon", date), None);
    }
}
