//! One line for every request: in the common or combined format of web servers, or as JSON. Lines are made here; where
//! they go is decided by whoever takes them.
//!
//! What clients send is escaped, so that no line can be made to look like two. Specification: [Apache's
//! formats](https://httpd.apache.org/docs/2.4/logs.html#accesslog).

use super::request::Request;
use serde_json::json;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `host - - [time] "request" status bytes`.
    Common,
    /// The same, and referrer and user agent.
    Combined,
    /// An object a line.
    Json,
}

/// Bytes of lines that wait for whoever takes them; what comes then is dropped and counted.
const MOST: usize = 4 * 1024 * 1024;

/// Lines that wait to be taken.
#[derive(Debug)]
pub struct AccessLog {
    format: Format,
    waiting: Mutex<String>,
}

/// What a line says of a request; kept until it is answered.
#[derive(Debug)]
pub struct Asked {
    line: String,
    referrer: String,
    agent: String,
    forwarded: String,
}

impl Asked {
    pub fn of(request: &Request<'_>) -> Self {
        let text = |name: &str| {
            request.value(name).map_or_else(String::new, |value| String::from_utf8_lossy(value).into_owned())
        };
        Self {
            line: format!("{} {} HTTP/1.{}", request.method, request.target, request.minor),
            referrer: text("referer"),
            agent: text("user-agent"),
            forwarded: text("x-forwarded-for"),
        }
    }
}

impl AccessLog {
    pub fn new(format: Format) -> Self {
        Self { format, waiting: Mutex::default() }
    }

    /// Adds a line; false where there is no room for it. `bytes` is the length of the body as sent, `moment` the time in
    /// the form that `moment` gives.
    pub fn add(&self, asked: Option<&Asked>, peer: IpAddr, moment: &str, status: u16, bytes: u64) -> bool {
        let line = self.line(asked, peer, moment, status, bytes);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = waiting.len() + line.len() <= MOST;
        if fits {
            waiting.push_str(&line);
        }
        fits
    }

    fn line(&self, asked: Option<&Asked>, peer: IpAddr, moment: &str, status: u16, bytes: u64) -> String {
        let peer = peer.to_canonical();
        let (line, referrer, agent, forwarded) = match asked {
            Some(Asked { line, referrer, agent, forwarded }) => {
                (line.as_str(), referrer.as_str(), agent.as_str(), forwarded.as_str())
            }
            None => ("-", "", "", ""),
        };
        if self.format == Format::Json {
            let mut object = json!({
                "time": moment, "remote": peer.to_string(), "request": line, "status": status, "bytes": bytes,
            });
            for (key, value) in [("referrer", referrer), ("user_agent", agent), ("forwarded_for", forwarded)]
            {
                if !value.is_empty() {
                    object[key] = value.into();
                }
            }
            return format!("{object}\n");
        }
        let mut text = format!("{peer} - - [{moment}] \"{}\" {status} ", escaped(line));
        let _ = match bytes {
            0 => write!(text, "-"),
            bytes => write!(text, "{bytes}"),
        };
        if self.format == Format::Combined {
            let or_dash = |value: &str| if value.is_empty() { "-".to_owned() } else { escaped(value) };
            let _ = write!(text, " \"{}\" \"{}\"", or_dash(referrer), or_dash(agent));
        }
        text.push('\n');
        text
    }

    /// Takes the lines that wait.
    pub fn take(&self) -> String {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A moment as lines have it: RFC 3339 in JSON, `20/Nov/2026:17:00:00 +0000` elsewhere.
    pub fn moment(&self, moment: chrono::DateTime<chrono::Utc>) -> String {
        match self.format {
            Format::Json => moment.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Format::Common | Format::Combined => moment.format("%d/%b/%Y:%H:%M:%S +0000").to_string(),
        }
    }
}

/// Text that cannot end a field or a line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            character if character.is_control() => {
                let _ = write!(escaped, "\\x{:02x}", u32::from(character));
            }
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::request::with_request;

    fn line(format: Format) -> String {
        let head = b"GET /a?\"b HTTP/1.1\r\nHost: a\r\nUser-Agent: x\ty \"z\\\r\nReferer: https://c/\r\n\r\n";
        let asked = with_request(head, Asked::of).unwrap();
        let log = AccessLog::new(format);
        let moment = log.moment(chrono::DateTime::from_timestamp(784_111_777, 0).unwrap());
        assert!(log.add(Some(&asked), "::ffff:192.0.2.1".parse().unwrap(), &moment, 200, 12));
        let taken = log.take();
        assert_eq!(log.take(), "");
        taken
    }

    #[test]
    fn lines_are_what_log_readers_expect() {
        let common = "192.0.2.1 - - [06/Nov/1994:08:49:37 +0000] \"GET /a?\\\"b HTTP/1.1\" 200 12";
        assert_eq!(line(Format::Common), format!("{common}\n"));
        assert_eq!(line(Format::Combined), format!("{common} \"https://c/\" \"x\\x09y \\\"z\\\\\"\n"));
        let json: serde_json::Value = serde_json::from_str(&line(Format::Json)).unwrap();
        assert_eq!(
            json,
            json!({"time": "1994-11-06T08:49:37Z", "remote": "192.0.2.1", "request": "GET /a?\"b HTTP/1.1",
                "status": 200, "bytes": 12, "referrer": "https://c/", "user_agent": "x\ty \"z\\"})
        );
    }

    #[test]
    fn a_full_log_takes_no_more() {
        let log = AccessLog::new(Format::Common);
        let peer = "192.0.2.1".parse().unwrap();
        let taken = (0..MOST).take_while(|_| log.add(None, peer, "now", 404, 0)).count();
        assert!(taken > 1000 && taken * 20 < MOST, "{taken}");
        assert!(log.take().len() <= MOST && log.add(None, peer, "now", 404, 0));
    }
}
