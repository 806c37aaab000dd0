//! Dates in the form that nearly all of them have, read and written without the machinery that the others take.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};

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

/// The parts of a moment as they are written; nothing of years or offsets that take more than they usually do.
fn parts(date: &DateTime<FixedOffset>) -> Option<[u32; 6]> {
    let year = u32::try_from(date.year()).ok().filter(|year| *year <= 9999)?;
    let usual = date.offset().local_minus_utc() % 60 == 0 && date.nanosecond() < 1_000_000_000;
    usual.then(|| [year, date.month(), date.day(), date.hour(), date.minute(), date.second()])
}

/// The offset's sign, hours and minutes.
fn offset(date: &DateTime<FixedOffset>) -> (char, u32, u32) {
    let minutes = date.offset().local_minus_utc() / 60;
    (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
}

/// RFC 3339, with `Z` for UTC.
pub(super) fn rfc3339(date: &DateTime<FixedOffset>) -> Option<String> {
    let [year, month, day, hour, minute, second] = parts(date)?;
    let local = format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    Some(match offset(date) {
        ('+', 0, 0) => format!("{local}Z"),
        (sign, hours, minutes) => format!("{local}{sign}{hours:02}:{minutes:02}"),
    })
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// RFC 2822.
pub(super) fn rfc2822(date: &DateTime<FixedOffset>) -> Option<String> {
    let [year, _, day, hour, minute, second] = parts(date)?;
    let weekday = DAYS.get(date.weekday().num_days_from_monday() as usize)?;
    let month = MONTHS.get(date.month0() as usize)?;
    let (sign, hours, minutes) = offset(date);
    Some(format!(
        "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} {sign}{hours:02}{minutes:02}"
    ))
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
