//! One request to the web, and what came back, as it came: no redirect is followed, nothing is asked twice.
//!
//! Knows no feeds. Specification: HTTP semantics, <https://www.rfc-editor.org/rfc/rfc9110>.

use std::fmt;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Response;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Agent, Body};

/// How long is waited for a connection, for an answer to begin, and for all of it.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(20);
const WHOLE: Duration = Duration::from_secs(60);

/// The most bytes of a body that are read.
const LARGEST: u64 = 16 << 20;

/// The most bytes of the headers.
const HEADERS: usize = 64 * 1024;

/// An answer, whatever its status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body without the compression of the transfer; at most 16 MB.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    #[error("there is no such host")]
    NoSuchHost,
    #[error("the connection is refused")]
    Refused,
    #[error("no answer came in time")]
    Silence,
    #[error("the answer breaks off")]
    CutOff,
    #[error("the answer is larger than {} MB", LARGEST >> 20)]
    TooLarge,
    #[error("{0}")]
    Other(String),
}

impl From<ureq::Error> for ExchangeError {
    fn from(error: ureq::Error) -> Self {
        use std::io::ErrorKind;
        match error {
            ureq::Error::HostNotFound => Self::NoSuchHost,
            ureq::Error::Timeout(_) => Self::Silence,
            ureq::Error::Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused => Self::Refused,
                ErrorKind::TimedOut | ErrorKind::WouldBlock => Self::Silence,
                ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => Self::CutOff,
                _ => Self::Other(error.to_string()),
            },
            other => Self::Other(other.to_string()),
        }
    }
}

/// Makes requests under one name.
#[derive(Debug)]
pub struct Exchanger {
    agent: Agent,
    /// The bytes with which the latest answer began.
    head: Arc<Mutex<Vec<u8>>>,
}

impl Exchanger {
    /// One that calls itself so in its User-Agent.
    pub fn new(user_agent: &str) -> Self {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(user_agent)
            .max_response_header_size(HEADERS)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_global(Some(WHOLE))
            .build();
        let head = Arc::default();
        let connector = DefaultConnector::default().chain(Tapping(Arc::clone(&head)));
        Self { agent: Agent::with_parts(config, connector, DefaultResolver::default()), head }
    }

    /// Asks for what is at the address.
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, ExchangeError> {
        let mut request = self.agent.get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.forget();
        self.answer(request.call()?)
    }

    /// Sends a form to the address.
    pub fn post(&self, url: &str, fields: &[(&str, &str)]) -> Result<Answer, ExchangeError> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.agent.post(url).header("Content-Type", "application/x-www-form-urlencoded");
        self.forget();
        self.answer(request.send(form)?)
    }

    fn forget(&self) {
        self.head.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn answer(&self, response: Response<Body>) -> Result<Answer, ExchangeError> {
        let (parts, body) = response.into_parts();
        let mut headers: Vec<(String, String)> = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        // The library takes compression off, and with it the header that told of it.
        if parts.headers.get("content-encoding").is_none() {
            let head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
            headers.extend(encoding(&head).map(|encoding| ("content-encoding".to_owned(), encoding)));
        }
        let mut bytes = Vec::new();
        let read = body.into_with_config().limit(u64::MAX).reader().take(LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| ExchangeError::from(ureq::Error::from(error)))?;
        if bytes.len() as u64 > LARGEST {
            return Err(ExchangeError::TooLarge);
        }
        Ok(Answer { status: parts.status.as_u16(), headers, body: bytes })
    }
}

/// The value of Content-Encoding in the head of an answer.
fn encoding(head: &[u8]) -> Option<String> {
    let end = head.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(head.len());
    let text = String::from_utf8_lossy(head.get(..end)?).into_owned();
    let line = text
        .lines()
        .find(|line| line.get(..17).is_some_and(|name| name.eq_ignore_ascii_case("content-encoding:")))?;
    Some(line.get(17..)?.trim().to_owned())
}

/// Has connections keep the head of each answer.
#[derive(Debug)]
struct Tapping(Arc<Mutex<Vec<u8>>>);

impl<In: Transport> Connector<In> for Tapping {
    type Out = Tapped<In>;
    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(|inner| Tapped { inner, head: Arc::clone(&self.0) }))
    }
}

struct Tapped<T> {
    inner: T,
    head: Arc<Mutex<Vec<u8>>>,
}

impl<T> fmt::Debug for Tapped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tapped")
    }
}

impl<T: Transport> Transport for Tapped<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }
    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.inner.transmit_output(amount, timeout)
    }
    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let more = self.inner.await_input(timeout)?;
        // Nothing of a head is taken out of the buffer before it is whole.
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        if !head.windows(4).any(|window| window == b"\r\n\r\n") {
            let input = self.inner.buffers().input();
            head.clear();
            head.extend_from_slice(input.get(..input.len().min(HEADERS)).unwrap_or_default());
        }
        Ok(more)
    }
    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_is_told_by_the_head() {
        let head = b"HTTP/1.1 200 OK\r\nA: b\r\ncontent-Encoding:  gzip \r\n\r\nContent-Encoding: br\r\n";
        assert_eq!(encoding(head).as_deref(), Some("gzip"));
        assert_eq!(encoding(b"HTTP/1.1 200 OK\r\nA: \xff\r\n\r\nContent-Encoding: br\r\n"), None);
        assert_eq!(encoding(b""), None);
    }
}
