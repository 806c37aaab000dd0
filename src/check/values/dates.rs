//! Dates as RFC 3339, RFC 822 and W3C-DTF write them.
//!
//! Specifications: <https://www.rfc-editor.org/rfc/rfc3339>, <https://www.rfc-editor.org/rfc/rfc822#section-5>,
//! <https://www.rssboard.org/rss-profile#data-types-datetime>, <https://www.w3.org/TR/NOTE-datetime>.

/// A moment in seconds since 1970, UTC.
pub(crate) type Moment = i64;

/// What an RFC 822 date is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rfc822 {
    Good(Moment),
    /// Can be read, but not by every reader.
    Problematical(Moment),
    /// Right, but for the day of the week.
    WrongDay(Moment),
    Bad,
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar.
pub(crate) const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn valid_day(year: i64, month: i64, day: i64) -> bool {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=length).contains(&day)
}

/// Takes a number of exactly `width` digits off the front.
fn number(text: &mut &str, width: usize) -> Option<i64> {
    let (digits, rest) = text.split_at_checked(width)?;
    let mut number = 0;
    for b in digits.bytes() {
        if !b.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(b - b'0');
    }
    *text = rest;
    Some(number)
}

fn literal(text: &mut &str, expected: u8) -> Option<()> {
    if text.as_bytes().first() != Some(&expected) {
        return None;
    }
    *text = text.get(1..)?;
    Some(())
}

/// An offset from UTC in seconds: `Z` or `+07:00`.
fn zone(text: &mut &str) -> Option<i64> {
    if let Some(rest) = text.strip_prefix('Z') {
        *text = rest;
        return Some(0);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    *text = text.get(1..)?;
    let hours = number(text, 2)?;
    literal(text, b':')?;
    let minutes = number(text, 2)?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn clock(text: &mut &str, seconds_required: bool) -> Option<i64> {
    let hours = number(text, 2)?;
    literal(text, b':')?;
    let minutes = number(text, 2)?;
    let mut seconds = 0;
    if text.starts_with(':') || seconds_required {
        literal(text, b':')?;
        seconds = number(text, 2)?;
        if let Some(rest) = text.strip_prefix('.') {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            *text = rest.get(end..)?;
        }
    }
    (hours < 24 && minutes < 60 && seconds <= 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

/// A date-time of RFC 3339, with capital `T` and `Z` as RFC 4287 asks.
pub(crate) fn rfc3339(text: &str) -> Option<Moment> {
    if let Some(moment) = usual_3339(text.as_bytes()) {
        return Some(moment);
    }
    let mut text = text;
    let text = &mut text;
    let year = number(text, 4)?;
    literal(text, b'-')?;
    let month = number(text, 2)?;
    literal(text, b'-')?;
    let day = number(text, 2)?;
    literal(text, b'T')?;
    let time = clock(text, true)?;
    let offset = zone(text)?;
    (text.is_empty() && valid_day(year, month, day)).then(|| days(year, month, day) * 86_400 + time - offset)
}

/// The two forms nearly every date has, `2026-11-20T17:00:00+07:00` and `2026-11-20T17:00:00Z`; `None`: it is another, or none.
fn usual_3339(text: &[u8]) -> Option<Moment> {
    let (date, zone) = text.split_first_chunk::<19>()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2] = *date else {
        return None;
    };
    let (year, month, day) = (two(y1, y2)? * 100 + two(y3, y4)?, two(m1, m2)?, two(d1, d2)?);
    let (hours, minutes, seconds) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    let offset = match *zone {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => offset(sign, [h1, h2, m1, m2])?,
        _ => return None,
    };
    let valid = hours < 24 && minutes < 60 && seconds <= 60 && valid_day(year, month, day);
    valid.then(|| days(year, month, day) * 86_400 + hours * 3600 + minutes * 60 + seconds - offset)
}

/// A date of W3C-DTF: a year, a month, a day, or a moment with its zone.
pub(crate) fn w3cdtf(text: &str) -> Option<Moment> {
    let mut text = text;
    let text = &mut text;
    let year = number(text, 4)?;
    if text.is_empty() {
        return Some(days(year, 1, 1) * 86_400);
    }
    literal(text, b'-')?;
    let month = number(text, 2)?;
    if text.is_empty() {
        return valid_day(year, month, 1).then(|| days(year, month, 1) * 86_400);
    }
    literal(text, b'-')?;
    let day = number(text, 2)?;
    if !valid_day(year, month, day) {
        return None;
    }
    if text.is_empty() {
        return Some(days(year, month, day) * 86_400);
    }
    literal(text, b'T')?;
    let time = clock(text, false)?;
    let offset = zone(text)?;
    text.is_empty().then(|| days(year, month, day) * 86_400 + time - offset)
}

/// Whether a text is a date of W3C-DTF or a period of Dublin Core, `start=2026-11-20; end=2026-11-30; scheme=W3C-DTF`. Words
/// that are neither, and do not look as if they were meant to be, say what they like.
///
/// Specification: <https://www.dublincore.org/specifications/dublin-core/dcmi-period/>.
pub(crate) fn is_period(text: &str) -> bool {
    let mut ends = false;
    for (name, value) in text.split(';').filter_map(|part| part.split_once('=')) {
        match name.trim() {
            // Another calendar, which is not read here.
            "scheme" if !value.trim().eq_ignore_ascii_case("W3C-DTF") => return true,
            "start" | "end" => ends = true,
            _ => {}
        }
    }
    if ends {
        let parts = text.split(';').filter_map(|part| part.split_once('='));
        let mut dates = parts.filter(|(name, _)| matches!(name.trim(), "start" | "end"));
        return dates.all(|(_, date)| w3cdtf(date.trim()).is_some());
    }
    let meant = text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b"-:.+TZ".contains(&b));
    !meant || w3cdtf(text).is_some()
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const ZONES: [(&str, i64); 11] = [
    ("UT", 0),
    ("GMT", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("Z", 0),
];

/// The position of a word among names of which the first three letters tell; `exact` is whether it is written as it should be.
fn word(text: &str, names: &[&str]) -> Option<(i64, bool)> {
    let short = text.get(..3)?;
    let index = names.iter().position(|name| name.eq_ignore_ascii_case(short))?;
    let exact = names.get(index).is_some_and(|name| *name == text);
    let letters = text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'.');
    if !letters { None } else { Some((i64::try_from(index).ok()?, exact)) }
}

/// A date of RFC 822 as amended by RFC 1123 and RFC 2822.
pub(crate) fn rfc822(text: &str) -> Rfc822 {
    if let Some(date) = usual_822(text) {
        return date;
    }
    let (text, commented) = without_comments(text.trim());
    parse_822(&text, !commented).unwrap_or(Rfc822::Bad)
}

/// The form nearly every date has, `Fri, 20 Nov 2026 17:00:00 +0700`, read without taking it apart; `None`: it is another form.
fn usual_822(text: &str) -> Option<Rfc822> {
    let (date, zone) = text.as_bytes().split_first_chunk::<26>()?;
    let [w1, w2, w3, b',', b' ', d1, d2, b' ', o1, o2, o3, b' ', y1, y2, y3, y4, b' ', time @ .., b' '] =
        *date
    else {
        return None;
    };
    let [h1, h2, b':', n1, n2, b':', s1, s2] = time else { return None };
    let weekday = match &[w1, w2, w3] {
        b"Mon" => 0,
        b"Tue" => 1,
        b"Wed" => 2,
        b"Thu" => 3,
        b"Fri" => 4,
        b"Sat" => 5,
        b"Sun" => 6,
        _ => return None,
    };
    let month = match &[o1, o2, o3] {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    };
    let (day, year) = (two(d1, d2)?, two(y1, y2)? * 100 + two(y3, y4)?);
    let (hours, minutes, seconds) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    let offset = match *zone {
        [b'G', b'M', b'T'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, m1, m2] => offset(sign, [h1, h2, m1, m2])?,
        _ => return None,
    };
    let valid = hours < 24 && minutes < 60 && seconds <= 60 && valid_day(year, month, day);
    if !valid || offset % 1800 != 0 {
        return None;
    }
    let date = days(year, month, day);
    let moment = date * 86_400 + hours * 3600 + minutes * 60 + seconds - offset;
    let right = weekday == (date + 3).rem_euclid(7);
    Some(if right { Rfc822::Good(moment) } else { Rfc822::WrongDay(moment) })
}

/// The number that two digits write.
fn two(tens: u8, ones: u8) -> Option<i64> {
    let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
    digits.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// The seconds by which a zone of those hours and minutes is ahead of UTC.
fn offset(sign: u8, [h1, h2, m1, m2]: [u8; 4]) -> Option<i64> {
    let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
    let ahead = if sign == b'+' { 1 } else { -1 };
    (hours < 24 && minutes < 60).then_some(ahead * (hours * 3600 + minutes * 60))
}

fn parse_822(text: &str, mut plain: bool) -> Option<Rfc822> {
    let mut rest = text.trim();
    plain &= !text.contains("  ") && !text.contains(['\t', '\n', '\r']);
    let mut weekday = None;
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let end = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '.')?;
        let (name, after) = rest.split_at_checked(end)?;
        let (day, exact) = word(name, &DAYS)?;
        weekday = Some(day);
        plain &= exact && after.starts_with(", ");
        rest = after.trim_start_matches([',', ' ']);
    }
    let mut parts = rest.split([' ', '\t', '\n', '\r', '-']).filter(|part| !part.is_empty());
    // A date written with hyphens, `02-Jan-2006`, is not split off the zone's sign that way.
    let hyphened = rest.split_whitespace().next().is_some_and(|first| first.contains('-'));
    let pieces: Vec<&str> = if hyphened {
        plain = false;
        let mut words = rest.split_whitespace();
        let date: Vec<&str> = words.next()?.split('-').collect();
        date.into_iter().chain(words).collect()
    } else {
        parts.by_ref().take(0).chain(rest.split_whitespace()).collect()
    };
    let day_text = pieces.first()?.trim_end_matches(',');
    let month_text = pieces.get(1)?;
    let year_text = pieces.get(2)?;
    let time_text = pieces.get(3)?;
    plain &= pieces.first().is_some_and(|d| !d.ends_with(','));
    let day: i64 = digits(day_text, 1..=2)?;
    let (month, exact) = word(month_text, &MONTHS)?;
    plain &= exact;
    let mut year = digits(year_text, 2..=4)?;
    if year_text.len() != 4 {
        plain = false;
        year += if year < 50 { 2000 } else { 1900 };
    }
    let mut time = *time_text;
    let clock_pieces: Vec<&str> = time.split(':').collect();
    plain &= clock_pieces.iter().all(|piece| piece.len() == 2);
    let (hours, minutes, seconds) = match clock_pieces.as_slice() {
        [h, m] => (digits(h, 1..=2)?, digits(m, 1..=2)?, 0),
        [h, m, s] => (digits(h, 1..=2)?, digits(m, 1..=2)?, digits(s, 1..=2)?),
        _ => return None,
    };
    time = pieces.get(4).copied().unwrap_or_default();
    let offset = if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == time) {
        hours * 3600
    } else if let Some(offset) = numeric_zone(time) {
        plain &= matches!(offset % 3600 / 60, 0 | 15 | 30 | 45 | -15 | -30 | -45);
        offset
    } else {
        plain = false;
        ZONES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(time))
            .map_or_else(|| loose_zone(time), |z| z.1 * 3600)
    };
    plain &= pieces.len() == 5;
    if !valid_day(year, month + 1, day) || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let date = days(year, month + 1, day);
    let moment = date * 86_400 + hours * 3600 + minutes * 60 + seconds - offset;
    // 1970-01-01 was a Thursday.
    if weekday.is_some_and(|weekday| weekday != (date + 3).rem_euclid(7)) {
        return Some(Rfc822::WrongDay(moment));
    }
    Some(if plain { Rfc822::Good(moment) } else { Rfc822::Problematical(moment) })
}

fn digits(text: &str, width: std::ops::RangeInclusive<usize>) -> Option<i64> {
    (width.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn numeric_zone(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let mut rest = text.get(1..)?;
    let hours = number(&mut rest, 2)?;
    let minutes = number(&mut rest, 2)?;
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// The offset that `GMT+7`, `+07:00` or `+7` means; UTC for what is not known.
fn loose_zone(text: &str) -> i64 {
    let upper = text.to_ascii_uppercase();
    let rest = upper.trim_start_matches("GMT").trim_start_matches("UTC").replace(':', "");
    let (sign, number) = match rest.split_at_checked(1) {
        Some(("+", number)) => (1, number),
        Some(("-", number)) => (-1, number),
        _ => return 0,
    };
    match (number.len(), number.parse::<i64>()) {
        (1 | 2, Ok(hours)) if hours < 24 => sign * hours * 3600,
        (3 | 4, Ok(both)) if both < 2400 => sign * (both / 100 * 3600 + both % 100 * 60),
        _ => 0,
    }
}

/// Takes the comments in parentheses out, as mail allows them; says whether there were any.
fn without_comments(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    let mut any = false;
    for c in text.chars() {
        match c {
            '(' => {
                depth += 1;
                any = true;
            }
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    if any {
        out = out.replace(" ,", ",");
    }
    (out, any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_is_read_strictly() {
        assert_eq!(rfc3339("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(rfc3339("2026-11-20T17:00:00+07:00"), Some(1_795_168_800));
        assert_eq!(rfc3339("2024-02-29T00:00:00.123-05:00"), Some(1_709_182_800));
        for wrong in [
            "2026-11-20",
            "2026-11-20t17:00:00z",
            "2026-11-20 17:00:00Z",
            "2026-11-20T17:00Z",
            "2026-11-20T17:00:00",
            "2026-11-20T17:00:00+0700",
            "2026-02-30T17:00:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T17:00:00.Z",
            "",
        ] {
            assert_eq!(rfc3339(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn w3cdtf_may_be_short() {
        assert!(
            ["2026", "2026-11", "2026-11-20", "2026-11-20T17:00+07:00", "2026-11-20T17:00:00.5Z"]
                .iter()
                .all(|date| w3cdtf(date).is_some())
        );
        assert!(
            ["", "26", "2026-13", "2026-11-31", "2026-11-20T17:00"].iter().all(|date| w3cdtf(date).is_none())
        );
    }

    #[test]
    fn periods_are_of_dates() {
        for period in [
            "2026-11-20",
            "start=2026-11-20;",
            "name=x; start=2026; end=2027-01; scheme=W3C-DTF",
            "start=Cambrian; scheme=Geological timescale",
            "next week",
            "2026 to 2027",
            "",
        ] {
            assert!(is_period(period), "{period}");
        }
        for wrong in
            ["2026-13-20", "20261120", "start=x; end=2026", "start=2026-11-20T17:00", "end=20 Nov 2026"]
        {
            assert!(!is_period(wrong), "{wrong}");
        }
    }

    #[test]
    fn rfc822_is_graded() {
        assert_eq!(rfc822("Fri, 20 Nov 2026 17:00:00 +0700"), Rfc822::Good(1_795_168_800));
        assert_eq!(rfc822("20 Nov 2026 10:00 GMT"), Rfc822::Good(1_795_168_800));
        // RFC 822 has one or two digits for a day, and every reader reads both.
        assert_eq!(rfc822("Thu, 5 Nov 2026 10:00:00 GMT"), Rfc822::Good(1_793_872_800));
        assert_eq!(rfc822("Thu,  5 Nov 2026 10:00:00 GMT"), Rfc822::Problematical(1_793_872_800));
        for odd in [
            "Fri, 20 Nov 2026 17:00:00 GMT+7",
            "Fri, 20 Nov 2026 10:00:00 UTC",
            "fri, 20 nov 2026 10:00:00 gmt",
            "Friday, 20 November 2026 10:00:00 GMT",
            "Fri, 20 Nov 26 10:00:00 GMT",
            "Fri (ngày), 20 Nov 2026 10:00:00 GMT",
            "Fri, 20-Nov-2026 10:00:00 GMT",
            "20 Nov 2026 10:00:00",
        ] {
            assert_eq!(rfc822(odd), Rfc822::Problematical(1_795_168_800), "{odd}");
        }
        assert_eq!(rfc822("Thu, 20 Nov 2026 17:00:00 +0700"), Rfc822::WrongDay(1_795_168_800));
        for wrong in
            ["", "2026-11-20T17:00:00+07:00", "Sat, 31 Jun 2006 23:08:26 +1000", "Thứ sáu, 20/11/2026 17:00"]
        {
            assert_eq!(rfc822(wrong), Rfc822::Bad, "{wrong}");
        }
    }
}
