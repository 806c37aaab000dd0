//! One request to the web, and what came back, as it came: no redirect is followed, nothing is asked twice. Everything
//! here that speaks HTTP as a client does it by this module: sources of the web, hubs, feeds that are checked.
//!
//! Knows no feeds, no sources and no environment; no proxy is used. Specification: HTTP semantics,
//! <https://www.rfc-editor.org/rfc/rfc9110>.

mod addresses;
pub mod authorities;
mod head;

pub use addresses::PrivateAddress;
pub use authorities::AuthoritiesError;
pub use ureq::http::HeaderMap;

use addresses::Public;
use head::{Head, Tapping};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Response;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::{Connector, DefaultConnector};
use ureq::{Agent, Body, BodyReader, Timeout};

/// How long is waited for a connection, and for anything at all to come.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);

/// How long a small answer may take in all, and the most bytes of it that are read.
const WHOLE: Duration = Duration::from_secs(60);
const LARGEST: u64 = 16 << 20;

/// The most bytes of the headers.
const HEADERS: usize = 64 * 1024;

/// How requests are made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner<'a> {
    /// What the program calls itself.
    pub user_agent: &'a str,
    /// The header Accept of requests that bring none of their own.
    pub accept: Option<&'a str>,
    /// Whether only addresses of the public internet are reached.
    pub public_only: bool,
    /// A file of the authorities that are trusted; `None`: those that browsers trust.
    pub authorities: Option<&'a Path>,
    /// How authorities are named, for messages; `None`: they cannot be.
    pub authorities_key: Option<&'static str>,
}

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

/// An answer whose head has come, and whose body is read piece by piece.
pub struct Opened<'a> {
    pub status: u16,
    pub headers: HeaderMap,
    exchanger: &'a Exchanger,
    body: BodyReader<'static>,
}

impl Opened<'_> {
    /// Reads on in the body, without the compression of the transfer. 0: it has ended, and is whole.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ExchangeError> {
        loop {
            match self.body.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.exchanger.fault(error.into())),
                Ok(read) => return Ok(read),
            }
        }
    }
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    #[error("there is no such host")]
    NoSuchHost,
    #[error(transparent)]
    Private(PrivateAddress),
    #[error("the connection is refused")]
    Refused,
    #[error("the connection cannot be secured: {0}")]
    Insecure(String),
    #[error("no answer came in {} seconds", .0.as_secs())]
    Silence(Duration),
    #[error("the answer took too long")]
    TookTooLong,
    #[error("the answer breaks off")]
    CutOff,
    #[error("the headers of the answer are larger than {HEADERS} bytes")]
    Headers,
    #[error("the answer is larger than {} MB", LARGEST >> 20)]
    TooLarge,
    #[error("{0}")]
    Other(String),
}

/// Makes requests under one name.
#[derive(Debug)]
pub struct Exchanger {
    agent: Agent,
    head: Head,
    authorities: Option<PathBuf>,
    authorities_key: Option<&'static str>,
}

impl Exchanger {
    /// One that calls itself so in its User-Agent, reaches any address, and trusts whom browsers trust.
    pub fn new(user_agent: &str) -> Self {
        Self::made(Manner { user_agent, ..Manner::default() }, RootCerts::WebPki)
    }

    /// One that makes requests in that manner. Reads the authorities, where it names some.
    pub fn with(manner: Manner<'_>) -> Result<Self, AuthoritiesError> {
        let roots = match manner.authorities {
            None => RootCerts::WebPki,
            Some(path) => {
                let certificates = authorities::read(path)?;
                let owned =
                    certificates.iter().map(|certificate| Certificate::from_der(certificate).to_owned());
                RootCerts::from(owned.collect::<Vec<_>>())
            }
        };
        Ok(Self::made(manner, roots))
    }

    fn made(manner: Manner<'_>, roots: RootCerts) -> Self {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(manner.user_agent)
            .max_response_header_size(HEADERS)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE))
            .tls_config(TlsConfig::builder().root_certs(roots).build());
        let config = match manner.accept {
            Some(accept) => config.accept(accept),
            None => config,
        };
        let head = Head::default();
        let connector = DefaultConnector::default().chain(Tapping(head.clone()));
        let resolver = Public { allow_private: !manner.public_only };
        Self {
            agent: Agent::with_parts(config.build(), connector, resolver),
            head,
            authorities: manner.authorities.map(Path::to_owned),
            authorities_key: manner.authorities_key,
        }
    }

    /// Asks for what is at the address, and reads it.
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, ExchangeError> {
        self.read(self.open(url, headers, WHOLE)?)
    }

    /// Asks for what is at the address. All of it has to come within that time.
    pub fn open(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        within: Duration,
    ) -> Result<Opened<'_>, ExchangeError> {
        let mut request = self.agent.get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.head.forget();
        let request = request.config().timeout_global(Some(within)).build();
        self.opened(request.call())
    }

    /// Sends a form to the address, and reads what it answers.
    pub fn post(&self, url: &str, fields: &[(&str, &str)]) -> Result<Answer, ExchangeError> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.agent.post(url).header("Content-Type", "application/x-www-form-urlencoded");
        self.head.forget();
        let request = request.config().timeout_global(Some(WHOLE)).build();
        self.read(self.opened(request.send(form))?)
    }

    fn opened(&self, response: Result<Response<Body>, ureq::Error>) -> Result<Opened<'_>, ExchangeError> {
        let (parts, body) = response.map_err(|error| self.fault(error))?.into_parts();
        let body = body.into_with_config().limit(u64::MAX).reader();
        Ok(Opened { status: parts.status.as_u16(), headers: parts.headers, exchanger: self, body })
    }

    fn read(&self, mut opened: Opened<'_>) -> Result<Answer, ExchangeError> {
        let mut headers: Vec<(String, String)> = (opened.headers.iter())
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        // The library takes compression off, and with it the header that told of it.
        if opened.headers.get("content-encoding").is_none() {
            headers.extend(self.head.encoding().map(|encoding| ("content-encoding".to_owned(), encoding)));
        }
        let (mut body, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
        loop {
            let read = opened.read(&mut buffer)?;
            body.extend_from_slice(buffer.get(..read).unwrap_or_default());
            match read {
                0 => return Ok(Answer { status: opened.status, headers, body }),
                _ if body.len() as u64 > LARGEST => return Err(ExchangeError::TooLarge),
                _ => {}
            }
        }
    }

    /// What the library says, in the words of this program.
    fn fault(&self, error: ureq::Error) -> ExchangeError {
        use io::ErrorKind;
        match error {
            ureq::Error::HostNotFound => ExchangeError::NoSuchHost,
            ureq::Error::Timeout(Timeout::Global) => ExchangeError::TookTooLong,
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => ExchangeError::Silence(CONNECT),
            ureq::Error::Timeout(_) => ExchangeError::Silence(SILENCE),
            ureq::Error::LargeResponseHeader(..) => ExchangeError::Headers,
            ureq::Error::Rustls(error) => self.insecure(&error),
            ureq::Error::Tls(error) => ExchangeError::Insecure(error.to_owned()),
            ureq::Error::Other(other) => match other.downcast::<PrivateAddress>() {
                Ok(private) => ExchangeError::Private(*private),
                Err(other) => ExchangeError::Other(other.to_string()),
            },
            ureq::Error::Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused => ExchangeError::Refused,
                ErrorKind::TimedOut | ErrorKind::WouldBlock => ExchangeError::Silence(SILENCE),
                ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                    ExchangeError::CutOff
                }
                // What TLS finds wrong comes as data that is wrong.
                ErrorKind::InvalidData => match authorities::cause(&error) {
                    Some(cause) => self.insecure(cause),
                    None => ExchangeError::Insecure(error.to_string()),
                },
                _ if is_no_host(&error) => ExchangeError::NoSuchHost,
                _ => ExchangeError::Other(error.to_string()),
            },
            other => ExchangeError::Other(other.to_string()),
        }
    }

    fn insecure(&self, error: &rustls::Error) -> ExchangeError {
        let said = authorities::explained(error, self.authorities_key, self.authorities.as_deref());
        ExchangeError::Insecure(said)
    }
}

/// Whether the system knows that a name is nobody's; it has no kind of error for it, but words, which differ.
fn is_no_host(error: &io::Error) -> bool {
    const WORDS: [&str; 4] = [
        "Name or service not known",
        "Name does not resolve",
        "No address associated with hostname",
        "nodename nor servname provided",
    ];
    let said = error.to_string();
    WORDS.iter().any(|words| said.contains(words))
}
