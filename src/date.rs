//! Dates: every way in which newsrooms write a moment, read into one type, and the two ways in which feeds write it.
//!
//! Nothing is guessed. A text that could be read in two ways is read by the [`Rules`]; one that cannot be read by them
//! is an error that says why. There is no clock here: the same text and rules give the same moment for ever. Moments
//! have whole seconds, because RFC 2822 (<https://www.rfc-editor.org/rfc/rfc2822#section-3.3>) has no smaller ones and
//! an entry must say the same in every format; RFC 3339: <https://www.rfc-editor.org/rfc/rfc3339#section-5.6>.

mod usual;

use chrono::format::{Item, Parsed, StrftimeItems};
use chrono::{DateTime, Duration, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime};
use chrono::{Datelike, Offset, TimeZone, Timelike, Utc};
use regex::{Captures, Regex};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// How dates are read that do not say everything themselves.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The zone of a date that names none.
    pub zone: chrono_tz::Tz,
    /// Whether `5/11/2024` is the 5th of November; see [`day_first`].
    pub day_first: bool,
    /// strftime patterns (those of [`chrono::format::strftime`]) that are tried before anything else.
    pub formats: &'a [String],
}

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// No shape that is known.
    #[error("cannot read {value:?} as a date")]
    Unknown {
        /// The text, shortened.
        value: String,
    },
    /// The shape is known, but the calendar or the clock has no such moment.
    #[error("cannot read {value:?} as a date: {what}")]
    Impossible {
        /// The text, shortened.
        value: String,
        /// What there is not: `there is no 31 February`.
        what: String,
    },
    /// Day and month stand in the other order than [`Rules::day_first`] says.
    #[error("cannot read {value:?} as a date: with the {order} first, {month} would be the month")]
    Order {
        /// The text, shortened.
        value: String,
        /// What was taken to stand first: `day` or `month`.
        order: &'static str,
        /// The number that was taken for the month.
        month: u32,
    },
    /// A year that no feed should carry.
    #[error("cannot read {value:?} as a date: the year {year} lies outside 1000 to 9999")]
    Year {
        /// The text, shortened.
        value: String,
        /// The year that was read.
        year: i64,
    },
}

impl DateError {
    /// What to do about it, where there is something.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Unknown { .. } => Some("name its pattern in the source's `date_formats`: `%d/%m/%Y %H:%M`"),
            Self::Order { .. } => {
                Some("say in which order they stand in the source's `date_formats`: `%m/%d/%Y`")
            }
            Self::Impossible { .. } | Self::Year { .. } => None,
        }
    }
}

/// What is wrong, before it is said of which text.
enum Fault {
    Unknown,
    Impossible(String),
    Order { order: &'static str, month: u32 },
    Year(i64),
}

impl Fault {
    fn of(self, text: &str) -> DateError {
        let text = text.trim();
        let value = match text.char_indices().nth(80) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        };
        match self {
            Self::Unknown => DateError::Unknown { value },
            Self::Impossible(what) => DateError::Impossible { value, what },
            Self::Order { order, month } => DateError::Order { value, order, month },
            Self::Year(year) => DateError::Year { value, year },
        }
    }
}

/// No date is longer; what is, need not be looked at.
const LONGEST: usize = 200;

/// Texts by which programs say that there is no date, in lower case; the last three are PHP's and .NET's year 1.
const NONE: &[&str] = &[
    "",
    "-",
    "--",
    "0",
    "null",
    "nil",
    "none",
    "undefined",
    "n/a",
    "na",
    "nat",
    "nan",
    "false",
    "-0001-11-30 00:00:00",
    "-0001-11-30t00:00:00+00:00",
    "/date(-62135596800000)/",
];

/// Reads a date. `Ok(None)` is a text which says that there is none: an empty one, `null`, MySQL's
/// `0000-00-00 00:00:00`, Go's `0001-01-01T00:00:00Z`, and the beginning of Unix time in UTC, which is what a missing
/// date looks like once it went through a number.
///
/// ```
/// use bantin::date::{Rules, parse, rfc3339};
/// let rules = Rules { zone: chrono_tz::Asia::Ho_Chi_Minh, day_first: true, formats: &[] };
/// let date = parse("Thứ hai, 17/8/2020, 06:10 (GMT+7)", &rules).unwrap().unwrap();
/// assert_eq!(rfc3339(&date), "2020-08-17T06:10:00+07:00");
/// ```
pub fn parse(text: &str, rules: &Rules<'_>) -> Result<Option<DateTime<FixedOffset>>, DateError> {
    match usual::read(text).filter(|_| rules.formats.is_empty()) {
        Some(moment) => Ok(Some(moment)),
        None => by_every_shape(text, rules),
    }
}

fn by_every_shape(text: &str, rules: &Rules<'_>) -> Result<Option<DateTime<FixedOffset>>, DateError> {
    if text.len() > LONGEST {
        return Err(Fault::Unknown.of(text));
    }
    let tidy = text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = tidy.to_lowercase();
    if NONE.contains(&lower.as_str()) {
        return Ok(None);
    }
    let found = match rules.formats.iter().find_map(|pattern| by_pattern(&tidy, pattern)) {
        Some((local, offset)) => moment(local, offset, rules),
        None if lower.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) => {
            digits(&lower, rules).unwrap_or_else(|| by_shape(&lower, rules))
        }
        None => match dot_net(&lower) {
            Some(milliseconds) => unix(milliseconds, 1_000, rules),
            None => by_shape(&lower, rules),
        },
    };
    found.map_err(|fault| fault.of(text))
}

/// Reads a number: seconds, milliseconds or microseconds of Unix time by its magnitude, or a date written as one
/// (`20241105`, `20241105083000`). 0 is no date.
pub fn from_number(
    number: &serde_json::Number,
    rules: &Rules<'_>,
) -> Result<Option<DateTime<FixedOffset>>, DateError> {
    // A float prints without an exponent in Rust, whatever its size.
    let text = match number.as_f64() {
        Some(float) if number.is_f64() => format!("{float}"),
        _ => number.to_string(),
    };
    if text.trim_start_matches('-') == "0" {
        return Ok(None);
    }
    digits(&text, rules).unwrap_or(Err(Fault::Unknown)).map_err(|fault| fault.of(&number.to_string()))
}

/// The date of RFC 2822, which RSS 2.0 asks for: `Fri, 20 Nov 2026 17:00:00 +0700`.
pub fn rfc2822(date: &DateTime<FixedOffset>) -> String {
    usual::rfc2822(date).unwrap_or_else(|| date.format("%a, %d %b %Y %H:%M:%S %z").to_string())
}

/// The date of RFC 3339, which Atom and JSON Feed ask for: `2026-11-20T17:00:00+07:00`, with `Z` for UTC.
pub fn rfc3339(date: &DateTime<FixedOffset>) -> String {
    usual::rfc3339(date).unwrap_or_else(|| {
        let local = date.format("%Y-%m-%dT%H:%M:%S");
        match date.offset().local_minus_utc() {
            0 => format!("{local}Z"),
            _ => format!("{local}{}", date.format("%:z")),
        }
    })
}

/// Whether people who write this language (a BCP 47 tag) put the day before the month in a date of numbers: all do,
/// but for English in the United States and its territories, and the languages of the Philippines (CLDR, `yMd`).
pub fn day_first(language: &str) -> bool {
    let mut parts = language.split(['-', '_']);
    let primary = parts.next().unwrap_or_default().to_lowercase();
    // The region is the part of two letters; a script (`en-Latn-GB`) has four.
    let region = parts.find(|part| part.len() == 2 || part.len() == 3).map(str::to_uppercase);
    let american = matches!(
        region.as_deref(),
        None | Some("US" | "PH" | "PR" | "GU" | "AS" | "VI" | "MP" | "UM" | "MH" | "PW" | "FM")
    );
    match primary.as_str() {
        "fil" | "tl" | "chr" => false,
        "en" => !american,
        _ => true,
    }
}

/// Whether a pattern of [`Rules::formats`] is one. What is not would never fit, and nobody would know.
pub fn is_pattern(pattern: &str) -> bool {
    !pattern.is_empty() && StrftimeItems::new(pattern).all(|item| item != Item::Error)
}

/// A text that a pattern of the user's fits. A pattern with a date alone means midnight.
fn by_pattern(text: &str, pattern: &str) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, StrftimeItems::new(pattern)).ok()?;
    if let Ok(date) = parsed.to_datetime() {
        return Some((date.naive_local(), Some(*date.offset())));
    }
    if let Ok(local) = parsed.to_naive_datetime_with_offset(0) {
        return Some((local, None));
    }
    let _ = parsed.set_minute(0); // `%H giờ`: it is an error only where a minute stands already
    let time = parsed.to_naive_time().unwrap_or(NaiveTime::MIN);
    Some((parsed.to_naive_date().ok()?.and_time(time), None))
}

type Reading = Result<Option<DateTime<FixedOffset>>, Fault>;

/// A text of digits alone, with a sign and a fraction perhaps; `None` where it is none, or no date.
fn digits(text: &str, rules: &Rules<'_>) -> Option<Reading> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let per_second = match whole.len() {
        8 | 14 if unsigned.len() == text.len() => return Some(by_shape(whole, rules)),
        9..=11 => 1,
        12 | 13 => 1_000,
        15 | 16 => 1_000_000,
        _ => return Some(Err(Fault::Unknown)),
    };
    let number: i64 = whole.parse().ok()?;
    let number = if unsigned.len() == text.len() { number } else { -number };
    Some(unix(number, per_second, rules))
}

/// A moment of Unix time.
fn unix(number: i64, per_second: i64, rules: &Rules<'_>) -> Reading {
    match DateTime::<Utc>::from_timestamp(number.div_euclid(per_second), 0) {
        _ if number == 0 => Ok(None),
        Some(utc) => in_years(rounded(utc.with_timezone(&rules.zone).fixed_offset())),
        None => Err(Fault::Unknown),
    }
}

/// The milliseconds of `/Date(1730764800000+0700)/`, as older .NET writes dates into JSON; the offset says nothing of the
/// moment.
fn dot_net(lower: &str) -> Option<i64> {
    let inner = lower.strip_prefix("/date(")?.strip_suffix(")/")?;
    let end = inner.rfind(['+', '-']).filter(|sign| *sign > 0).unwrap_or(inner.len());
    inner[..end].parse().ok()
}

/// A pattern of this file's, compiled once.
macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).unwrap_or_else(|e| unreachable!("a pattern of ours: {e}")));
    };
}

// All of them match text in NFC and lower case, with single blanks.
pattern!(
    COMPACT,
    r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:[t ]?([0-9]{2}):?([0-9]{2}):?([0-9]{2})?([^0-9].*)?)?$"
);
pattern!(
    TIME,
    concat!(
        r"(?:^|[0-9]t|[ ,(|])(?P<all>(?P<h>[0-9]{1,2})",
        r"(?::(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.,][0-9]+)?)?|(?: ?giờ|h|g)(?: ?(?P<hm>[0-9]{2})(?: ?phút)?)?)",
        r"(?: ?(?P<half>(?:am|pm|sa|ch)\b|[ap]\.m\.))?)"
    )
);
pattern!(
    ZONE,
    concat!(
        r"^ ?\(?(?P<name>z|[a-z]{2,5})? ?(?:(?P<sign>[+−-])(?P<h>[0-9]{1,2}):?(?P<m>[0-9]{2})?)?\)?",
        r"(?P<again> ?\([^)]*\)| ?\[[^\]]*\]| \+[0-9]{2}| (?:utc|gmt|ict))?(?:$|[ ,])"
    )
);
pattern!(
    WEEKDAY,
    concat!(
        r"^(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|t[2-7]|cn",
        r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun",
        r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim)\.?(?: ?[,-] ?| )"
    )
);
pattern!(FILLER, r"(?:^|[ ,])(?:ngày|lúc|hồi|vào|at|à|le)(?:$|[ ,])");
pattern!(YEAR_FIRST, r"^([0-9]{4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,2})$");
pattern!(YEAR_FIRST_ZONED, r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) ?(z|[+-][0-9]{2}:[0-9]{2})$");
pattern!(YEAR_LAST, r"^([0-9]{1,2})([-/.]) ?([0-9]{1,2})([-/.]) ?([0-9]{4})$");
pattern!(
    DAY_MONTH_YEAR,
    concat!(
        r"^(?P<d>[0-9]{1,2})(?:st|nd|rd|th|er|\.)?(?: of| de)?[ -]",
        r"(?P<mon>tháng [^0-9,]+?|tháng [0-9]{1,2}|thg [0-9]{1,2}|\p{L}+)[.,]*(?: năm| de)?[ -]?(?P<y>[0-9]{4}|[0-9]{2})$"
    )
);
pattern!(
    MONTH_DAY_YEAR,
    r"^(?P<mon>tháng [^0-9,]+?|tháng [0-9]{1,2}|\p{L}+)\.? (?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<y>[0-9]{4})$"
);

/// The names of months, in English, French and Vietnamese, each with its abbreviations.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "janvier", "janv", "tháng một", "tháng giêng"],
    &["february", "feb", "février", "fevrier", "févr", "fév", "tháng hai"],
    &["march", "mar", "mars", "tháng ba"],
    &["april", "apr", "avril", "avr", "tháng tư", "tháng bốn"],
    &["may", "mai", "tháng năm"],
    &["june", "jun", "juin", "tháng sáu"],
    &["july", "jul", "juillet", "juil", "tháng bảy", "tháng bẩy"],
    &["august", "aug", "août", "aout", "tháng tám"],
    &["september", "sep", "sept", "septembre", "tháng chín"],
    &["october", "oct", "octobre", "tháng mười"],
    &["november", "nov", "novembre", "tháng mười một"],
    &["december", "dec", "décembre", "decembre", "déc", "tháng mười hai", "tháng chạp"],
];

/// Named zones in minutes east of Greenwich: those of RFC 822, and such abbreviations as mean one zone only.
const ZONES: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("cet", 60),
    ("cest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("ict", 420),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
];

/// Takes a text apart: the time is found and cut out together with the zone behind it, what remains must be a date.
fn by_shape(lower: &str, rules: &Rules<'_>) -> Reading {
    let expanded = COMPACT.captures(lower).map(|c| {
        let part = |i| c.get(i).map_or("", |m| m.as_str());
        match c.get(4) {
            Some(_) => {
                let second = if part(6).is_empty() { "00" } else { part(6) };
                let [y, m, d, h, min, rest] = [part(1), part(2), part(3), part(4), part(5), part(7)];
                format!("{y}-{m}-{d} {h}:{min}:{second}{rest}")
            }
            None => format!("{}-{}-{}", part(1), part(2), part(3)),
        }
    });
    let text = expanded.as_deref().unwrap_or(lower);
    let (mut rest, mut clock, mut offset) = (text.to_owned(), Clock::default(), None);
    if let Some(found) = TIME.captures(text)
        && let Some(all) = found.name("all")
    {
        clock = Clock::of(&found).map_err(Fault::Impossible)?;
        let after = &text[all.end()..];
        let (zone, after) = zone(after)?;
        offset = zone;
        // The `T` between date and time.
        let before = &text[..all.start()];
        let before =
            before.strip_suffix('t').filter(|b| b.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(before);
        rest = format!("{} {}", loose(before), loose(after));
    } else if let Some(found) = YEAR_FIRST_ZONED.captures(text) {
        (offset, _) = zone(&found[2])?;
        rest = found[1].to_owned();
    }
    let rest = FILLER.replace_all(&rest, " ");
    let Some(date) = calendar(loose(&rest), rules).transpose()? else { return Ok(None) };
    let local = date.and_time(clock.time) + Duration::seconds(clock.carry);
    moment(local, offset, rules)
}

/// A text without the blanks and punctuation that join it to what stood beside it.
fn loose(text: &str) -> &str {
    text.trim_matches(|c: char| c == ' ' || ",-–—|·;".contains(c))
}

/// A time of day, and the seconds by which it lies beyond the day's last: 24:00, a leap second.
#[derive(Default)]
struct Clock {
    time: NaiveTime,
    carry: i64,
}

impl Clock {
    fn of(found: &Captures<'_>) -> Result<Self, String> {
        // Two digits at most, or absent.
        let number = |name| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
        let written = number("h").unwrap_or(0);
        let minute = number("m").or(number("hm")).unwrap_or(0);
        let second = number("s").unwrap_or(0);
        let hour = match found.name("half").map(|m| m.as_str().starts_with(['p', 'c'])) {
            Some(true) if written < 12 => written + 12,
            Some(false) if written == 12 => 0,
            Some(false) if written > 12 => {
                return Err(format!("there is no {written} o'clock in the morning"));
            }
            _ => written,
        };
        if (hour, minute, second) == (24, 0, 0) {
            return Ok(Self { time: NaiveTime::MIN, carry: 86_400 });
        }
        let (unit, value) = match (hour, minute, second) {
            (24.., ..) => ("hour", hour),
            (_, 60.., _) => ("minute", minute),
            (_, _, 61..) => ("second", second),
            _ => {
                let time = NaiveTime::from_hms_opt(hour, minute, second.min(59)).unwrap_or_default();
                return Ok(Self { time, carry: i64::from(second / 60) });
            }
        };
        Err(format!("there is no {unit} {value}"))
    }
}

/// The zone at the beginning of what follows a time, and what follows the zone.
fn zone(after: &str) -> Result<(Option<FixedOffset>, &str), Fault> {
    let Some(found) = ZONE.captures(after) else { return Ok((None, after)) };
    let rest = found.get(0).map_or(after, |all| &after[all.end()..]);
    let name = found.name("name").map(|m| m.as_str());
    let named = name.map(|name| ZONES.iter().find(|(known, _)| *known == name).map(|(_, minutes)| *minutes));
    let minutes = match (named, found.name("sign")) {
        // A word that is no zone: a month, perhaps.
        (Some(None), _) | (None, None) => return Ok((None, after)),
        (Some(Some(minutes)), None) => minutes,
        // `EST+2` would be anybody's guess.
        (Some(Some(1..) | Some(..=-1)), Some(_)) => return Err(Fault::Unknown),
        (Some(Some(0)) | None, Some(sign)) => {
            let number = |name| found.name(name).and_then(|m| m.as_str().parse::<i32>().ok()).unwrap_or(0);
            let (hours, minutes) = (number("h"), number("m"));
            if hours > 23 || minutes > 59 {
                return Err(Fault::Impossible(format!(
                    "there is no zone {}{hours}:{minutes:02}",
                    sign.as_str()
                )));
            }
            let east = hours * 60 + minutes;
            if sign.as_str() == "+" { east } else { -east }
        }
    };
    Ok((FixedOffset::east_opt(minutes * 60), rest))
}

/// The date of a text that holds nothing else; `None` for one which says that there is none.
fn calendar(text: &str, rules: &Rules<'_>) -> Option<Result<NaiveDate, Fault>> {
    let found = numbers(text, rules).or_else(|| {
        // Only now, for `mar 5, 2024` is March and `mar. 5 nov. 2024` a Tuesday. The date decides, not the weekday.
        let day = WEEKDAY.find(text)?;
        numbers(loose(&text[day.end()..]), rules)
    });
    match found {
        None => Some(Err(Fault::Unknown)),
        Some(Err(fault)) => Some(Err(fault)),
        Some(Ok((0, 0, 0) | (1, 1, 1))) => None,
        Some(Ok((year, month, day))) => Some(existing(year, month, day)),
    }
}

/// Year, month and day, as they are written.
fn numbers(text: &str, rules: &Rules<'_>) -> Option<Result<(i32, u32, u32), Fault>> {
    if let Some(c) = YEAR_FIRST.captures(text).filter(|c| c[2] == c[4]) {
        return Some(Ok((c[1].parse().ok()?, c[3].parse().ok()?, c[5].parse().ok()?)));
    }
    if let Some(c) = YEAR_LAST.captures(text).filter(|c| c[2] == c[4]) {
        let (first, second): (u32, u32) = (c[1].parse().ok()?, c[3].parse().ok()?);
        let (order, day, month) =
            if rules.day_first { ("day", first, second) } else { ("month", second, first) };
        return Some(match month > 12 && day <= 12 {
            true => Err(Fault::Order { order, month }),
            false => Ok((c[5].parse().ok()?, month, day)),
        });
    }
    let c = DAY_MONTH_YEAR.captures(text).or_else(|| MONTH_DAY_YEAR.captures(text))?;
    let year: i32 = match (c["y"].len(), c["y"].parse().ok()?) {
        (2, short @ 0..50) => short + 2000, // RFC 2822, section 4.3
        (2, short) => short + 1900,
        (_, year) => year,
    };
    let written = &c["mon"];
    let month = match written.strip_prefix("tháng ").or(written.strip_prefix("thg ")).map(str::parse) {
        Some(Ok(month)) => month,
        _ => MONTHS.iter().zip(1..).find(|(names, _)| names.contains(&written))?.1,
    };
    Some(Ok((year, month, c["d"].parse().ok()?)))
}

/// The date, if the calendar has it.
fn existing(year: i32, month: u32, day: u32) -> Result<NaiveDate, Fault> {
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    if !(1000..=9999).contains(&year) {
        return Err(Fault::Year(year.into()));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| {
        let name = usize::try_from(month).ok().and_then(|m| ENGLISH.get(m.checked_sub(1)?));
        Fault::Impossible(match name {
            None => format!("there is no month {month}"),
            Some(name) if (month, day) == (2, 29) => format!("there is no 29 {name} {year}"),
            Some(name) => format!("there is no {day} {name}"),
        })
    })
}

/// The moment at which clocks show `local`: those of `offset`, else those of the rules' zone. A time that clocks skip
/// is as much later as they were put forward; of a time that they show twice, the earlier counts.
fn moment(local: NaiveDateTime, offset: Option<FixedOffset>, rules: &Rules<'_>) -> Reading {
    let zone = rules.zone;
    let date = match offset {
        Some(offset) => local.and_local_timezone(offset).single(),
        None => match zone.from_local_datetime(&local) {
            LocalResult::Single(date) | LocalResult::Ambiguous(date, _) => Some(date.fixed_offset()),
            LocalResult::None => [1, 2].into_iter().find_map(|days| {
                let before = zone.from_local_datetime(&(local - Duration::days(days))).earliest()?;
                let utc = local.checked_sub_offset(before.offset().fix())?;
                Some(zone.from_utc_datetime(&utc).fixed_offset())
            }),
        },
    };
    in_years(rounded(date.ok_or(Fault::Unknown)?))
}

/// The date with whole seconds and an offset of whole minutes, which is what feeds can write: the local mean times of
/// before about 1900 have seconds.
fn rounded(date: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    let date = date.with_nanosecond(0).unwrap_or(date);
    let seconds = date.offset().local_minus_utc();
    match FixedOffset::east_opt(seconds - seconds % 60) {
        Some(offset) if seconds % 60 != 0 => {
            date.naive_local().and_local_timezone(offset).single().unwrap_or(date)
        }
        _ => date,
    }
}

fn in_years(date: DateTime<FixedOffset>) -> Reading {
    if date.timestamp() == 0 && date.offset().local_minus_utc() == 0 {
        return Ok(None);
    }
    match date.year() {
        1000..=9999 => Ok(Some(date)),
        year => Err(Fault::Year(year.into())),
    }
}

#[cfg(test)]
mod tests;
