//! A line of an access log in JSON: Caddy's, and those that nginx and others are told to write, by the names that their
//! variables have.
//!
//! Specification: [Caddy's log entries](https://caddyserver.com/docs/caddyfile/directives/log).

use super::line::{Fault, Hit, client, common_date, request_line};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// What a member of the record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Time,
    /// The address behind proxies that are trusted.
    Client,
    Remote,
    /// The address in the log of `bantin serve`, which leaves out headers that were not sent.
    Peer,
    /// Whom proxies asked for.
    Forwarded,
    Method,
    Target,
    /// The whole request line, or the object that holds the request.
    Request,
    Status,
    Bytes,
    Agent,
    /// The headers of the request, an object.
    Headers,
    Condition,
    Other,
}

/// The names that members have, in lower case, hyphens being underscores.
const NAMES: &[(&str, Slot)] = &[
    ("ts", Slot::Time),
    ("time", Slot::Time),
    ("timestamp", Slot::Time),
    ("@timestamp", Slot::Time),
    ("time_iso8601", Slot::Time),
    ("time_local", Slot::Time),
    ("msec", Slot::Time),
    ("date", Slot::Time),
    ("client_ip", Slot::Client),
    ("remote", Slot::Peer),
    ("forwarded_for", Slot::Forwarded),
    ("http_x_forwarded_for", Slot::Forwarded),
    ("x_forwarded_for", Slot::Forwarded),
    ("remote_ip", Slot::Remote),
    ("remote_addr", Slot::Remote),
    ("remote_address", Slot::Remote),
    ("address", Slot::Remote),
    ("client", Slot::Remote),
    ("clientip", Slot::Remote),
    ("ip", Slot::Remote),
    ("method", Slot::Method),
    ("request_method", Slot::Method),
    ("uri", Slot::Target),
    ("request_uri", Slot::Target),
    ("path", Slot::Target),
    ("target", Slot::Target),
    ("url", Slot::Target),
    ("request", Slot::Request),
    ("status", Slot::Status),
    ("status_code", Slot::Status),
    ("size", Slot::Bytes),
    ("bytes", Slot::Bytes),
    ("bytes_sent", Slot::Bytes),
    ("body_bytes_sent", Slot::Bytes),
    ("length", Slot::Bytes),
    ("agent", Slot::Agent),
    ("user_agent", Slot::Agent),
    ("http_user_agent", Slot::Agent),
    ("headers", Slot::Headers),
    ("if_none_match", Slot::Condition),
    ("http_if_none_match", Slot::Condition),
    ("if_modified_since", Slot::Condition),
    ("http_if_modified_since", Slot::Condition),
];

/// The members of a record that say something here, as they are written. Of two with one meaning the first counts.
#[derive(Default)]
struct Record<'a> {
    time: Option<&'a RawValue>,
    client: Option<&'a RawValue>,
    remote: Option<&'a RawValue>,
    forwarded: Option<&'a RawValue>,
    method: Option<&'a RawValue>,
    target: Option<&'a RawValue>,
    request: Option<&'a RawValue>,
    status: Option<&'a RawValue>,
    bytes: Option<&'a RawValue>,
    agent: Option<&'a RawValue>,
    /// Whether a header that is not logged was not sent.
    headers: bool,
    conditional: Option<bool>,
}

impl<'a> Record<'a> {
    fn take(&mut self, slot: Slot, value: &'a RawValue) -> Result<(), serde_json::Error> {
        let place = match slot {
            Slot::Time => &mut self.time,
            Slot::Client => &mut self.client,
            Slot::Remote => &mut self.remote,
            Slot::Peer => {
                self.headers = true;
                &mut self.remote
            }
            Slot::Forwarded => &mut self.forwarded,
            Slot::Method => &mut self.method,
            Slot::Target => &mut self.target,
            Slot::Status => &mut self.status,
            Slot::Bytes => &mut self.bytes,
            Slot::Agent => &mut self.agent,
            Slot::Request if !value.get().starts_with('{') => &mut self.request,
            Slot::Request | Slot::Headers if value.get().starts_with('{') => {
                self.headers |= slot == Slot::Headers;
                return Members(self).deserialize(&mut serde_json::Deserializer::from_str(value.get()));
            }
            Slot::Condition => {
                let stated = text(value).is_some_and(|text| !text.is_empty() && text != "-");
                self.conditional = Some(self.conditional.unwrap_or(false) | stated);
                return Ok(());
            }
            Slot::Request | Slot::Headers | Slot::Other => return Ok(()),
        };
        place.get_or_insert(value);
        Ok(())
    }
}

/// Reads the members of an object into a record.
struct Members<'r, 'a>(&'r mut Record<'a>);

impl<'de> DeserializeSeed<'de> for Members<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(slot) = map.next_key::<Slot>()? {
            if slot == Slot::Other {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value::<&'de RawValue>()?;
            self.0.take(slot, value).map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Slot;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_str<E>(self, name: &str) -> Result<Slot, E> {
                let same = |known: &str| {
                    known.len() == name.len()
                        && known.bytes().zip(name.bytes()).all(|(known, byte)| {
                            known == if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() }
                        })
                };
                Ok(NAMES.iter().find(|(known, _)| same(known)).map_or(Slot::Other, |(_, slot)| *slot))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// Reads a line. `None`: a record of something else, as Caddy writes them among those of requests.
pub fn read(line: &str) -> Result<Option<Hit<'_>>, Fault> {
    let mut record = Record::default();
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let read = Members(&mut record).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    read.map_err(|_| "not a JSON object")?;
    let (Some(status), Some(time)) = (record.status, record.time) else {
        // Other records of a server's log have a time and a message, but no status.
        return if record.time.is_some() { Ok(None) } else { Err("a JSON object without a time") };
    };
    let request = record.request.and_then(text);
    let line = request.as_ref().and_then(|request| request_line(request));
    let method =
        record.method.and_then(text).or_else(|| line.map(|(method, _)| Cow::Owned(method.to_owned())));
    let target =
        record.target.and_then(text).or_else(|| line.map(|(_, target)| Cow::Owned(target.to_owned())));
    let Some(target) = target else { return Ok(None) };
    let (time, offset) = moment(time).ok_or("a time that cannot be read")?;
    let address = match (record.client.and_then(text), record.remote.and_then(text)) {
        (Some(client), _) => client,
        (None, Some(remote)) => {
            let forwarded = record.forwarded.and_then(text).unwrap_or_default();
            Cow::Owned(client(&remote, &forwarded).to_owned())
        }
        (None, None) => return Err("a JSON object without a client's address"),
    };
    let silent = record.headers.then_some(Cow::Borrowed(""));
    Ok(Some(Hit {
        address,
        time,
        offset,
        method: method.unwrap_or(Cow::Borrowed("GET")),
        target,
        status: number(status)
            .and_then(|status| u16::try_from(status as u64).ok())
            .ok_or("a status that is no number")?,
        bytes: record.bytes.and_then(number).unwrap_or(0.0) as u64,
        agent: record.agent.and_then(text).or(silent),
        conditional: record.conditional,
    }))
}

/// The text of a value, or of the first in a list, as the values of headers are.
fn text(value: &RawValue) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    let json = value.get();
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str::<Text<'_>>(json).ok().map(|text| text.0),
        b'[' => serde_json::from_str::<Vec<Text<'_>>>(json).ok()?.into_iter().next().map(|text| text.0),
        _ => None,
    }
}

/// A number, also between quotation marks.
fn number(value: &RawValue) -> Option<f64> {
    value.get().trim_matches('"').parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

/// A moment in seconds since 1970, and the offset that it states: a number of seconds or of parts of them, RFC 3339, or as
/// in the common format.
fn moment(value: &RawValue) -> Option<(i64, Option<i32>)> {
    if let Some(number) = number(value) {
        // Today has ten digits in seconds, thirteen in milliseconds, sixteen in microseconds, nineteen in nanoseconds.
        let seconds = [1e17, 1e14, 1e11].iter().zip([1e9, 1e6, 1e3]).find(|(least, _)| number >= **least);
        return Some((seconds.map_or(number, |(_, parts)| number / parts) as i64, None));
    }
    let text = text(value)?;
    if let Some((time, offset)) = common_date(&text) {
        return Some((time, Some(offset)));
    }
    let moment = chrono::DateTime::parse_from_rfc3339(&text)
        .or_else(|_| chrono::DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    match moment {
        Ok(moment) => Some((moment.timestamp(), Some(moment.offset().local_minus_utc()))),
        // Caddy's `wall` and `wall_milli`, in the server's zone, which they do not name.
        Err(_) => {
            let moment = chrono::NaiveDateTime::parse_from_str(&text, "%Y/%m/%d %H:%M:%S%.f").ok()?;
            Some((moment.and_utc().timestamp(), None))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_caddy_is_read() {
        let line = r#"{"level":"info","ts":1795168800.25,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.1","remote_port":"41342","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"bao.example","uri":"/feeds/tin-moi/atom.xml","headers":{"User-Agent":["Miniflux/2.2 (\"x\")"],"If-None-Match":["\"abc\""]},"tls":{"resumed":false}},"bytes_read":0,"user_id":"","duration":0.001,"size":0,"status":304,"resp_headers":{"Etag":["\"abc\""]}}"#;
        let hit = read(line).unwrap().unwrap();
        assert_eq!((hit.address.as_ref(), hit.time, hit.offset), ("203.0.113.7", 1_795_168_800, None));
        assert_eq!((hit.method.as_ref(), hit.target.as_ref()), ("GET", "/feeds/tin-moi/atom.xml"));
        assert_eq!((hit.status, hit.bytes, hit.conditional), (304, 0, Some(true)));
        assert_eq!(hit.agent.as_deref(), Some("Miniflux/2.2 (\"x\")"));
        let bare = line
            .replace(r#","If-None-Match":["\"abc\""]"#, "")
            .replace(r#""User-Agent":["Miniflux/2.2 (\"x\")"]"#, "");
        let hit = read(&bare).unwrap().unwrap();
        assert_eq!((hit.agent.as_deref(), hit.conditional), (Some(""), None), "headers without it");
    }

    #[test]
    fn a_line_of_nginx_in_json_is_read() {
        let line = r#"{"time_iso8601":"2026-11-20T17:00:00+07:00","remote_addr":"203.0.113.7","request":"GET /rss.xml HTTP/1.1","status":"200","body_bytes_sent":"12601","http_user_agent":"newsboat/2.30","http_if_none_match":"-"}"#;
        let hit = read(line).unwrap().unwrap();
        assert_eq!((hit.time, hit.offset), (1_795_168_800, Some(25_200)));
        assert_eq!((hit.target.as_ref(), hit.status, hit.bytes), ("/rss.xml", 200, 12_601));
        assert_eq!(hit.conditional, Some(false));
    }

    #[test]
    fn a_line_of_this_programs_own_server_is_read() {
        let line = r#"{"time":"2026-11-20T10:00:00Z","remote":"10.0.0.1","request":"GET /rss.xml HTTP/1.1","status":200,"bytes":5,"forwarded_for":"203.0.113.7, 10.0.0.9"}"#;
        let hit = read(line).unwrap().unwrap();
        assert_eq!((hit.address.as_ref(), hit.time, hit.bytes), ("203.0.113.7", 1_795_168_800, 5));
        assert_eq!(hit.agent.as_deref(), Some(""), "it names the agent wherever there is one");
    }

    #[test]
    fn times_are_read_in_every_unit() {
        for written in [
            "1795168800",
            "1795168800.9",
            "1795168800123",
            "1795168800123456",
            "1795168800123456789",
            "\"1795168800\"",
            "\"2026-11-20T17:00:00.5+0700\"",
            "\"20/Nov/2026:17:00:00 +0700\"",
            "\"2026/11/20 10:00:00.123\"",
        ] {
            let line = format!(r#"{{"ts":{written},"ip":"::1","uri":"/","status":200}}"#);
            assert_eq!(read(&line).unwrap().unwrap().time, 1_795_168_800, "{written}");
        }
    }

    #[test]
    fn what_is_no_request_is_passed_over_or_named() {
        assert_eq!(read(r#"{"level":"warn","ts":1.5,"msg":"reloaded"}"#), Ok(None));
        assert_eq!(read(r#"{"a":1}"#), Err("a JSON object without a time"));
        assert_eq!(read(r#"{"ts":1,"#), Err("not a JSON object"));
        assert_eq!(read(r#"{"ts":1} {"#), Err("not a JSON object"));
        assert_eq!(
            read(r#"{"ts":"now","ip":"::1","uri":"/","status":200}"#),
            Err("a time that cannot be read")
        );
        assert_eq!(
            read(r#"{"ts":1,"uri":"/","status":200}"#),
            Err("a JSON object without a client's address")
        );
        assert_eq!(read(r#"{"ts":1,"ip":"::1","uri":"/","status":-4}"#), Err("a status that is no number"));
        assert_eq!(read(r#"{"ts":1,"request":{"headers":5},"status":200}"#), Ok(None));
    }
}
