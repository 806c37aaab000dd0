//! One line of an access log, in the formats that web servers write by themselves: common and combined (Apache, nginx,
//! with or without a virtual host before and further fields behind), and JSON ([`super::json`]).
//!
//! Specifications: [Apache's log formats](https://httpd.apache.org/docs/2.4/logs.html#accesslog),
//! [nginx's](https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format).

use std::borrow::Cow;
use std::net::IpAddr;

/// A request, as the log has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<'a> {
    /// Who asked: an address. Only hashed, never kept.
    pub address: Cow<'a, str>,
    /// When, in seconds since 1970.
    pub time: i64,
    /// The log's own distance from UTC in seconds, where it states one.
    pub offset: Option<i32>,
    pub method: Cow<'a, str>,
    /// What was asked for: a path, perhaps with a query, or a whole address.
    pub target: Cow<'a, str>,
    pub status: u16,
    /// The bytes that were sent.
    pub bytes: u64,
    /// What the client calls itself; `None` where the format has no place for it.
    pub agent: Option<Cow<'a, str>>,
    /// Whether the client asked for changes alone (`If-None-Match`, `If-Modified-Since`), where the log tells.
    pub conditional: Option<bool>,
}

/// Why a line is none of an access log, as a lower-case fragment.
pub type Fault = &'static str;

/// Reads a line. `None`: a well-formed line of a request that is none, as port scanners send them.
pub fn read(line: &str) -> Result<Option<Hit<'_>>, Fault> {
    match line.starts_with('{') {
        true => super::json::read(line),
        false => plain(line),
    }
}

/// A line of the common or the combined format.
fn plain(line: &str) -> Result<Option<Hit<'_>>, Fault> {
    let (before, rest) = line.split_once(" [").ok_or("no date between brackets")?;
    let (date, rest) = rest.split_once(']').ok_or("no date between brackets")?;
    let (time, offset) = common_date(date).ok_or("no date as 20/Nov/2026:17:00:00 +0700")?;
    let mut names = before.split(' ');
    let mut address =
        names.next().filter(|address| !address.is_empty()).ok_or("no address at its beginning")?;
    // Apache's vhost_combined has the host and its port before everything else.
    if let Some(second) = names.next().filter(|second| second.parse::<IpAddr>().is_ok()) {
        address = second;
    }
    let rest = rest.trim_start().strip_prefix('"').ok_or("no request between quotation marks")?;
    let (request, rest) = quoted(rest).ok_or("the request does not end")?;
    let mut words = rest.split_ascii_whitespace();
    let status = words.next().and_then(|word| word.parse().ok()).ok_or("no status after the request")?;
    let bytes = match words.next() {
        Some("-") | None => 0,
        Some(word) => word.parse().map_err(|_| "no number of bytes after the status")?,
    };
    let mut fields = Quoted(rest);
    let (_referrer, agent, forwarded) = (fields.next(), fields.next(), fields.next());
    let Some((method, target)) = request_line(request) else { return Ok(None) };
    let address = client(address, forwarded.unwrap_or_default());
    Ok(Some(Hit {
        address: Cow::Borrowed(address),
        time,
        offset: Some(offset),
        method: Cow::Borrowed(method),
        target: Cow::Borrowed(target),
        status,
        bytes,
        agent: agent.map(Cow::Borrowed),
        conditional: None,
    }))
}

/// Method and target of `GET /rss.xml HTTP/1.1`.
pub(super) fn request_line(request: &str) -> Option<(&str, &str)> {
    let (method, rest) = request.split_once(' ')?;
    let target = rest.rsplit_once(" HTTP/").map_or(rest, |(target, _)| target);
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_method && !target.is_empty()).then_some((method, target))
}

/// Who asked: behind a proxy of the house, the address that it passes on.
pub(super) fn client<'a>(address: &'a str, forwarded: &'a str) -> &'a str {
    let inner = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        Err(_) => address == "unix:",
    };
    let first = forwarded.split(',').next().unwrap_or_default().trim();
    if inner && first.parse::<IpAddr>().is_ok() { first } else { address }
}

/// Text up to the quotation mark that ends it, and what follows. Marks in it are escaped by a backslash.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
        at += 2;
    }
}

/// The fields of a line that stand between quotation marks.
struct Quoted<'a>(&'a str);

impl<'a> Iterator for Quoted<'a> {
    type Item = &'a str;
    fn next(&mut self) -> Option<&'a str> {
        let start = memchr::memchr(b'"', self.0.as_bytes())?;
        let (field, rest) = quoted(self.0.get(start + 1..)?)?;
        self.0 = rest;
        Some(field)
    }
}

/// `20/Nov/2026:17:00:00 +0700` as seconds since 1970, and the offset in seconds.
pub(super) fn common_date(text: &str) -> Option<(i64, i32)> {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let bytes: &[u8; 26] = text.as_bytes().try_into().ok()?;
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        bytes
            .get(range)?
            .iter()
            .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
    };
    let separators = [(2, b'/'), (6, b'/'), (11, b':'), (14, b':'), (17, b':'), (20, b' ')];
    if separators.iter().any(|(at, separator)| bytes.get(*at) != Some(separator)) {
        return None;
    }
    let month = MONTHS.chunks(3).position(|month| bytes.get(3..6) == Some(month))?;
    let date = chrono::NaiveDate::from_ymd_opt(
        i32::try_from(number(7..11)?).ok()?,
        u32::try_from(month).ok()? + 1,
        number(0..2)?,
    )?;
    // A leap second is the one before it.
    let time = date.and_hms_opt(number(12..14)?, number(15..17)?, number(18..20)?.min(59))?;
    let offset = i32::try_from(number(22..24)? * 3600 + number(24..26)? * 60).ok()?;
    let offset = match bytes.get(21)? {
        b'+' => offset,
        b'-' => -offset,
        _ => return None,
    };
    Some((time.and_utc().timestamp() - i64::from(offset), offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMBINED: &str = "203.0.113.7 - - [20/Nov/2026:17:00:00 +0700] \"GET /feeds/tin-moi/rss.xml?x=1 HTTP/1.1\" 200 12601 \"-\" \"Reeder/5.4 (\\\"x\\\")\"";

    #[test]
    fn a_combined_line_is_read() {
        let hit = read(COMBINED).unwrap().unwrap();
        assert_eq!((hit.address.as_ref(), hit.method.as_ref()), ("203.0.113.7", "GET"));
        assert_eq!(hit.target, "/feeds/tin-moi/rss.xml?x=1");
        assert_eq!((hit.time, hit.offset), (1_795_168_800, Some(25_200)));
        assert_eq!((hit.status, hit.bytes), (200, 12_601));
        assert_eq!(hit.agent.as_deref(), Some("Reeder/5.4 (\\\"x\\\")"));
    }

    #[test]
    fn relatives_of_the_format_are_read() {
        let common = "host.example - lò van [01/Jan/2026:00:00:00 -0130] \"GET / HTTP/1.0\" 304 -";
        let hit = read(common).unwrap().unwrap();
        assert_eq!((hit.status, hit.bytes, hit.agent), (304, 0, None));
        assert_eq!(hit.offset, Some(-5400));
        let vhost = format!("bao.example:443 {COMBINED}");
        assert_eq!(read(&vhost).unwrap().unwrap().address, "203.0.113.7");
        // nginx's `main` has X-Forwarded-For behind; it counts where the house's own proxy asked.
        let behind = COMBINED.replace("203.0.113.7 ", "10.0.0.2 ") + " \"198.51.100.4, 10.0.0.9\"";
        assert_eq!(read(&behind).unwrap().unwrap().address, "198.51.100.4");
        let claimed = format!("{COMBINED} \"198.51.100.4\"");
        assert_eq!(read(&claimed).unwrap().unwrap().address, "203.0.113.7");
    }

    #[test]
    fn what_is_no_request_is_no_fault() {
        for request in ["", "-", "\\x16\\x03\\x01", "get / HTTP/1.1"] {
            let line = format!("1.2.3.4 - - [20/Nov/2026:17:00:00 +0000] \"{request}\" 400 150 \"-\" \"-\"");
            assert_eq!(read(&line), Ok(None), "{request}");
        }
    }

    #[test]
    fn what_is_no_line_of_a_log_is_named() {
        for (line, fault) in [
            ("", "no date between brackets"),
            ("hello", "no date between brackets"),
            ("1.2.3.4 - - [20/Nov/2026] \"GET / HTTP/1.1\" 200 1", "no date as 20/Nov/2026:17:00:00 +0700"),
            (
                "1.2.3.4 - - [31/Feb/2026:17:00:00 +0000] \"GET / HTTP/1.1\" 200 1",
                "no date as 20/Nov/2026:17:00:00 +0700",
            ),
            ("1.2.3.4 - - [20/Nov/2026:17:00:00 +0000] GET / 200 1", "no request between quotation marks"),
            ("1.2.3.4 - - [20/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1 200 1", "the request does not end"),
            ("1.2.3.4 - - [20/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1\\", "the request does not end"),
            (
                "1.2.3.4 - - [20/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1\" OK 1",
                "no status after the request",
            ),
            (
                "1.2.3.4 - - [20/Nov/2026:17:00:00 +0000] \"GET / HTTP/1.1\" 200 x",
                "no number of bytes after the status",
            ),
        ] {
            assert_eq!(read(line), Err(fault), "{line}");
        }
    }
}
