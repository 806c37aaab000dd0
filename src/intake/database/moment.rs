//! How a column writes moments: found from one of its values, so that other moments can be written in the same way and
//! compared by the database.

use chrono::{DateTime, FixedOffset, Offset, TimeDelta, Utc};
use chrono_tz::Tz;

/// How a column writes a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Unix time, so many to the second.
    Number(i64),
    /// A date alone, of the newspaper's zone.
    Date,
    Text {
        /// Between date and time.
        separator: char,
        zone: Zone,
        /// Whether the database compares moments, not letters.
        typed: bool,
    },
}

/// What the text says of its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// Nothing: it is the newspaper's.
    Site,
    /// Nothing: it is UTC.
    Utc,
    /// `Z`.
    Z,
    /// `+07:00`.
    Offset(FixedOffset),
}

impl Form {
    /// A date-time without zone, of the database's own kind.
    pub(super) const LOCAL: Self = Self::Text { separator: ' ', zone: Zone::Site, typed: true };
    /// A moment of the database's own kind, in UTC, that states it.
    pub(super) const INSTANT: Self = Self::Text { separator: 'T', zone: Zone::Z, typed: true };
    /// A moment of the database's own kind, in UTC, that does not state it.
    pub(super) const UTC: Self = Self::Text { separator: ' ', zone: Zone::Utc, typed: true };

    /// The form of a value; `None` where values of its kind do not sort by time.
    pub(super) fn of(value: &str, is_number: bool) -> Option<Self> {
        if is_number {
            let number: f64 = value.parse().ok()?;
            // As dates are read: seconds up to the year 5138, milliseconds from 1973 on, microseconds beyond.
            return match number.abs() {
                n if n >= 1e14 => Some(Self::Number(1_000_000)),
                n if n >= 1e11 => Some(Self::Number(1_000)),
                n if n >= 1e8 => Some(Self::Number(1)),
                _ => None,
            };
        }
        let bytes = value.as_bytes();
        let is_date = |(at, byte): (usize, &u8)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        if bytes.len() < 10 || !bytes.iter().take(10).enumerate().all(is_date) {
            return None;
        }
        let Some(time) = value.get(10..).filter(|time| !time.is_empty()) else { return Some(Self::Date) };
        let separator = time.chars().next().filter(|c| matches!(c, 'T' | ' '))?;
        let time = time.get(1..)?.trim_end();
        let clock = time.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(time.len());
        let (clock, zone) = time.split_at(clock);
        if clock.len() < 5 {
            return None;
        }
        let zone = match zone.trim() {
            "" => Zone::Site,
            "Z" | "z" => Zone::Z,
            offset => Zone::Offset(offset.parse().ok()?),
        };
        Some(Self::Text { separator, zone, typed: false })
    }

    /// A moment in this form.
    pub(super) fn write(self, moment: DateTime<Utc>, site: Tz) -> String {
        match self {
            Self::Number(unit) => moment.timestamp().saturating_mul(unit).to_string(),
            Self::Date => moment.with_timezone(&site).format("%Y-%m-%d").to_string(),
            Self::Text { separator, zone, .. } => {
                let offset = match zone {
                    Zone::Site => moment.with_timezone(&site).offset().fix(),
                    Zone::Utc | Zone::Z => Utc.fix(),
                    Zone::Offset(offset) => offset,
                };
                let local = moment.with_timezone(&offset);
                let text = format!("{}{separator}{}", local.format("%Y-%m-%d"), local.format("%H:%M:%S"));
                match zone {
                    Zone::Site | Zone::Utc => text,
                    Zone::Z => text + "Z",
                    Zone::Offset(offset) => format!("{text}{offset}"),
                }
            }
        }
    }

    /// A moment that is certainly no later than the given one, whatever the values of the column look like in detail: of
    /// text that the database compares by letters, offsets may differ from row to row.
    pub(super) fn write_no_later(self, moment: DateTime<Utc>, site: Tz) -> String {
        match self {
            Self::Text { typed: false, .. } => {
                let day_before = moment.checked_sub_signed(TimeDelta::days(1)).unwrap_or(moment);
                day_before.format("%Y-%m-%d").to_string()
            }
            Self::Date => {
                let day_before = moment.checked_sub_signed(TimeDelta::days(1)).unwrap_or(moment);
                Self::Date.write(day_before, site)
            }
            _ => self.write(moment, site),
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Number(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_the_column_writes_it() {
        let moment: DateTime<Utc> = "2026-11-20T17:30:05Z".parse().unwrap();
        let site = chrono_tz::Asia::Ho_Chi_Minh;
        for (value, is_number, written) in [
            ("1760000000", true, "1795195805"),
            ("1760000000000", true, "1795195805000"),
            ("1760000000000000", true, "1795195805000000"),
            ("2024-11-05", false, "2026-11-21"),
            ("2024-11-05 08:30", false, "2026-11-21 00:30:05"),
            ("2024-11-05T08:30:00.123", false, "2026-11-21T00:30:05"),
            ("2024-11-05T08:30:00Z", false, "2026-11-20T17:30:05Z"),
            ("2024-11-05T08:30:00+09:00", false, "2026-11-21T02:30:05+09:00"),
        ] {
            let form = Form::of(value, is_number).unwrap_or_else(|| panic!("{value}"));
            assert_eq!(form.write(moment, site), written, "{value}");
        }
        for (value, is_number) in [
            ("5/11/2024", false),
            ("20241105", false),
            ("2024-11-05x", false),
            ("unknown", false),
            ("17", true),
        ] {
            assert_eq!(Form::of(value, is_number), None, "{value}");
        }
    }

    #[test]
    fn a_bound_of_text_holds_for_every_offset() {
        let moment: DateTime<Utc> = "2026-11-20T00:00:00Z".parse().unwrap();
        let form = Form::of("2024-11-05T08:30:00Z", false).unwrap();
        let bound = form.write_no_later(moment, Tz::UTC);
        // The same moment in Honolulu and in Kiritimati.
        assert!(
            bound.as_str() <= "2026-11-19T14:00:00-10:00" && bound.as_str() <= "2026-11-20T14:00:00+14:00"
        );
        assert_eq!(Form::INSTANT.write_no_later(moment, Tz::UTC), "2026-11-20T00:00:00Z");
    }
}
