//! One page of the web is fetched: politely, with limits, and again where that may help.
//!
//! HTTP semantics: <https://www.rfc-editor.org/rfc/rfc9110>; conditional requests are its §13, `Retry-After` §10.2.3,
//! redirects §15.4. A request is made again where the server or the network is at fault, after waits that are always the
//! same. Headers of feeds.toml go to the host of feeds.toml alone.

use super::addresses::{PrivateAddress, Public};
use super::authorities::{self, AuthoritiesError};
use super::environment::{Secrets, VariableError};
use super::{Drawer, IntakeError, Sheet};
use crate::plan::Web;
use chrono::DateTime;
use std::io::{self, Read, Write};
use std::thread;
use std::time::{Duration, Instant};
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};
use url::Url;

/// How long is waited for a connection, and for anything at all to come.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);

/// How long is waited before a request is made again.
const BACKOFF: &[Duration] = &[Duration::from_secs(1), Duration::from_secs(3)];

/// The longest wait that a server may ask for.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// How many bytes the headers of an answer may have.
const HEADERS: usize = 64 * 1024;

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
    #[error("no answer came in {} seconds", .0.as_secs())]
    Silence(Duration),
    #[error("it is larger than {0} bytes, which is what `max_size` leaves")]
    TooMuch(u64),
    #[error("the headers of the answer are larger than {HEADERS} bytes")]
    Headers,
    #[error("the answer breaks off")]
    CutOff,
    #[error("the connection cannot be secured: {0}")]
    Insecure(String),
    #[error("{0}")]
    Transport(String),
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
        matches!(self, Self::Silence(_) | Self::CutOff | Self::Transport(_))
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
    /// It is what the validators are of.
    Same,
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
    agent: Agent,
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
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(&web.user_agent)
            .accept("application/json, application/feed+json, application/xml;q=0.9, */*;q=0.8")
            .max_response_header_size(HEADERS)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE))
            .tls_config(TlsConfig::builder().root_certs(trusted(web)?).build())
            .build();
        let resolver = Public { allow_private: web.allow_private };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        #[expect(clippy::disallowed_methods, reason = "how long is waited decides nothing that is published")]
        let begun = Instant::now();
        Ok(Self { agent, web, drawer, secrets, headers, own: Vec::new(), begun, timeout })
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
            WebError::Transport(text) => WebError::Transport(self.secrets.hide(&text)),
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
            let response = self.request(&url, validators)?;
            let status = response.status();
            if status == StatusCode::NOT_MODIFIED
                && (validators.etag.is_some() || validators.last_modified.is_some())
            {
                return Ok(Attempt::Done(Fetched::Same));
            }
            if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                url = target(&url, text(response.headers(), "location").unwrap_or_default())?;
                if met.contains(&url) {
                    return Err(WebError::Circle.into());
                }
                met.push(url.clone());
                if met.len() > REDIRECTS + 1 {
                    return Err(WebError::Redirects.into());
                }
                continue;
            }
            let shown = shown(status);
            return match status.as_u16() {
                200 | 203 => Ok(Attempt::Done(self.page(response, url, limit)?)),
                429 | 500 | 502 | 503 | 504 => {
                    Ok(Attempt::Busy { wait: retry_after(response.headers()), status: shown })
                }
                code => Err(WebError::Status { status: shown, advice: advice(code) }.into()),
            };
        }
    }

    fn request(&self, url: &Url, validators: &Validators) -> Result<Response<Body>, Broken> {
        let mut request = self.agent.get(url.as_str());
        if self.own.contains(&url.origin()) {
            for (name, value) in &self.headers {
                request = request.header(name, value);
            }
        }
        if let Some(etag) = &validators.etag {
            request = request.header("If-None-Match", etag);
        }
        if let Some(moment) = &validators.last_modified {
            request = request.header("If-Modified-Since", moment);
        }
        let request = request.config().timeout_global(Some(self.left()?)).build();
        request.call().map_err(|error| Broken::Web(self.transport(error)))
    }

    fn page(&self, response: Response<Body>, url: Url, limit: u64) -> Result<Fetched, Broken> {
        let (parts, body) = response.into_parts();
        let mut sheet = self.drawer.sheet(limit).map_err(Broken::Keep)?;
        let mut reader = body.into_with_config().limit(u64::MAX).reader();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            // What comes may be small on the way and large when it is here.
            let bytes = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.transport(error.into()).into()),
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
        Ok(Fetched::Page(Box::new(Answer { sheet, headers: parts.headers, url })))
    }

    fn insecure(&self, error: &rustls::Error) -> String {
        authorities::explained(error, "`ca = \"ca.pem\"`", self.web.authorities.as_deref())
    }

    /// What the library says, in the words of this program.
    fn transport(&self, error: ureq::Error) -> WebError {
        match error {
            ureq::Error::Timeout(ureq::Timeout::Global) => WebError::TookTooLong(self.timeout.as_secs()),
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                WebError::Silence(CONNECT)
            }
            ureq::Error::Timeout(_) => WebError::Silence(SILENCE),
            ureq::Error::LargeResponseHeader(..) => WebError::Headers,
            ureq::Error::Rustls(error) => WebError::Insecure(self.insecure(&error)),
            ureq::Error::Tls(error) => WebError::Insecure(error.to_owned()),
            ureq::Error::HostNotFound => WebError::Transport("there is no such host".to_owned()),
            ureq::Error::Other(other) => match other.downcast::<PrivateAddress>() {
                Ok(private) => WebError::Private(*private),
                Err(other) => WebError::Transport(other.to_string()),
            },
            ureq::Error::Io(error) => match error.kind() {
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                    WebError::CutOff
                }
                // What TLS finds wrong comes as data that is wrong.
                io::ErrorKind::InvalidData => WebError::Insecure(match authorities::cause(&error) {
                    Some(cause) => self.insecure(cause),
                    None => error.to_string(),
                }),
                io::ErrorKind::ConnectionRefused => {
                    WebError::Transport("the connection is refused".to_owned())
                }
                _ => WebError::Transport(error.to_string()),
            },
            other => WebError::Transport(other.to_string()),
        }
    }
}

/// The authorities that a source's servers are held against.
fn trusted(web: &Web) -> Result<RootCerts, AuthoritiesError> {
    let Some(path) = &web.authorities else { return Ok(RootCerts::WebPki) };
    let certificates = authorities::read(path)?;
    let certificates = certificates.iter().map(|certificate| Certificate::from_der(certificate).to_owned());
    Ok(RootCerts::from(certificates.collect::<Vec<_>>()))
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
fn shown(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

fn advice(code: u16) -> &'static str {
    match code {
        401 | 403 => "; `headers` can carry what it wants to see",
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
