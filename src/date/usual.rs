//! Dates in the form that nearly all of them have, read and written without the machinery that the others take.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, Timelike};

/// A moment in the plain form of RFC 3339 with seconds and an offset, of the years in which articles are published; nothing
/// where the text is anything else.
pub(super) fn read(text: &str) -> Option<DateTime<FixedOffset>> {
    let bytes = text.as_bytes();
    let (clock, zone) = bytes.split_first_chunk::<19>()?;
    let shape = |pattern: &[u8], bytes: &[u8]| {
        pattern.len() == bytes.len()
            && pattern.iter().zip(bytes).all(|(pattern, byte)| match pattern {
                b'0' => byte.is_ascii_digit(),
                _ => pattern == byte,
            })
    };
    let zoned = zone == b"Z" || shape(b"+00:00", zone) || (shape(b"-00:00", zone) && zone != b"-00:00");
    let years = b"1971".as_slice()..=b"2099".as_slice();
    // The 60th second, where a leap second stands, is read elsewhere.
    let usual =
        shape(b"0000-00-00T00:00:00", clock) && zoned && years.contains(&&clock[..4]) && clock[17] < b'6';
    usual.then(|| DateTime::parse_from_rfc3339(text).ok()).flatten()
}

/// A moment as its parts are written.
struct Written {
    local: NaiveDateTime,
    year: u32,
    /// The offset's sign, hours and minutes.
    offset: (char, u32, u32),
}

impl Written {
    /// Nothing of years or offsets that take more than they usually do.
    fn of(date: &DateTime<FixedOffset>) -> Option<Self> {
        let local = date.naive_local();
        let year = u32::try_from(local.year()).ok().filter(|year| *year <= 9999)?;
        let seconds = date.offset().local_minus_utc();
        let minutes = seconds / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let offset = (sign, minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
        (seconds % 60 == 0 && local.nanosecond() < 1_000_000_000).then_some(Self { local, year, offset })
    }

    fn year(&self, out: &mut String) {
        two_digits(out, self.year / 100);
        two_digits(out, self.year % 100);
    }

    fn clock(&self, out: &mut String) {
        let (hour, minute, second) = (self.local.hour(), self.local.minute(), self.local.second());
        two_digits(out, hour);
        out.push(':');
        two_digits(out, minute);
        out.push(':');
        two_digits(out, second);
    }
}

fn two_digits(out: &mut String, number: u32) {
    out.extend([number / 10, number % 10].iter().filter_map(|digit| char::from_digit(*digit, 10)));
}

/// RFC 3339, with `Z` for UTC.
pub(super) fn rfc3339(date: &DateTime<FixedOffset>) -> Option<String> {
    let written = Written::of(date)?;
    let mut out = String::with_capacity("2026-11-20T17:00:00+07:00".len());
    written.year(&mut out);
    out.push('-');
    two_digits(&mut out, written.local.month());
    out.push('-');
    two_digits(&mut out, written.local.day());
    out.push('T');
    written.clock(&mut out);
    match written.offset {
        ('+', 0, 0) => out.push('Z'),
        (sign, hours, minutes) => {
            out.push(sign);
            two_digits(&mut out, hours);
            out.push(':');
            two_digits(&mut out, minutes);
        }
    }
    Some(out)
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// RFC 2822.
pub(super) fn rfc2822(date: &DateTime<FixedOffset>) -> Option<String> {
    let written = Written::of(date)?;
    let mut out = String::with_capacity("Fri, 20 Nov 2026 17:00:00 +0700".len());
    out.push_str(DAYS.get(written.local.weekday().num_days_from_monday() as usize)?);
    out.push_str(", ");
    two_digits(&mut out, written.local.day());
    out.push(' ');
    out.push_str(MONTHS.get(written.local.month0() as usize)?);
    out.push(' ');
    written.year(&mut out);
    out.push(' ');
    written.clock(&mut out);
    let (sign, hours, minutes) = written.offset;
    out.push(' ');
    out.push(sign);
    two_digits(&mut out, hours);
    two_digits(&mut out, minutes);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn moments_are_read_as_all_others_are(
            text in "(19[67]|20[029])[0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|[+-][012][0-9]:[0-6][0-9]|[+-]00:00)"
        ) {
            let rules = date::Rules { zone: chrono_tz::Tz::Asia__Ho_Chi_Minh, day_first: true, formats: &[] };
            if let Some(moment) = read(&text) {
                let other = date::by_every_shape(&text, &rules).unwrap().unwrap();
                prop_assert_eq!((moment, moment.offset()), (other, other.offset()));
            }
        }

        #[test]
        fn moments_are_written_as_their_patterns_say(
            seconds in -70_000_000_000i64..300_000_000_000, offset in -86_399i32..86_400, leap in any::<bool>(), whole in any::<bool>(),
        ) {
            let offset = if whole { offset / 60 * 60 } else { offset };
            let nanoseconds = if leap { 1_500_000_000 } else { 5 };
            let Some(moment) = DateTime::from_timestamp(seconds, if seconds.rem_euclid(60) == 59 { nanoseconds } else { 5 }) else {
                return Ok(());
            };
            let moment = moment.with_timezone(&FixedOffset::east_opt(offset).unwrap());
            prop_assert_eq!(date::rfc2822(&moment), moment.format("%a, %d %b %Y %H:%M:%S %z").to_string());
            let zone = if offset == 0 { "Z".to_owned() } else { moment.format("%:z").to_string() };
            prop_assert_eq!(date::rfc3339(&moment), format!("{}{zone}", moment.format("%Y-%m-%dT%H:%M:%S")));
        }
    }

    #[test]
    fn what_is_unusual_is_read_elsewhere() {
        for text in [
            "",
            "2026-11-20",
            "2026-11-20T17:00:00",
            "2026-11-20 17:00:00Z",
            "2026-11-20T17:00:60Z",
            "1970-01-01T00:00:00Z",
            "2026-11-20T17:00:00.5Z",
            "2026-11-20T17:00:00-00:00",
            "2026-02-30T17:00:00Z",
            "2026-11-20T17:00:00+07",
            "2026-11-20t17:00:00z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("2026-11-20T17:00:00+07:00").map(|date| date.timestamp()), Some(1_795_168_800));
    }
}
