//! What selection needs to know of a record, found without making an article of it.
//!
//! Of a million articles all but a few thousand are too old for any feed. A glance checks the syntax of the whole record,
//! and reads the id, the dates and what feeds filter by. It claims only what the full reading ([`crate::vocabulary`]) would
//! come to as well; whatever is out of the ordinary is [`Unusual`] and is read in full.

mod json;
mod marks;

pub use json::Unusual;

use crate::plan::SourcePlan;
use crate::vocabulary;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

/// What a glance tells of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// The hash of the id that the article will have, as of [`hash`].
    pub id: u64,
    /// The moment of publication, in seconds.
    pub published: i64,
}

/// The hash by which ids are told apart: XXH3.
pub fn hash(id: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(id.as_bytes())
}

/// Glances at the records of one source. Holds room that is used again for every record.
pub struct Glancer<'a> {
    source: &'a SourcePlan,
    /// `tag:AUTHORITY:`, which makes an id of a plain key.
    prefix: String,
    /// What the names met so far are, in the order in which they were met first.
    names: Vec<(Vec<u8>, Meaning)>,
    slots: Slots,
    /// The values by which feeds choose, as written, with their names: the key to what was found out about them.
    pub criteria: Vec<u8>,
    wanted: Wanted,
    room: Vec<u8>,
    marks: Vec<u32>,
}

/// Which values, beside the category, feeds choose by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub tags: bool,
    pub authors: bool,
    pub language: bool,
}

/// What a name of the source means: which field of the ones below, and how far down among its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Nothing,
    Field(usize, usize),
    /// Several fields, or one in a way that only the full reading can judge.
    Unusual,
}

/// Of every field the rank of its name, and where in the line its value stands.
type Slots = [Option<(usize, usize, usize)>; FIELDS.len()];

/// The fields that a glance looks at.
const FIELDS: [&str; 16] = [
    "id",
    "url",
    "title",
    "date_published",
    "date_modified",
    "expires",
    "draft",
    "deleted",
    "content_html",
    "content_text",
    "content_markdown",
    "content",
    "categories",
    "tags",
    "authors",
    "language",
];
const ID: usize = 0;
const URL: usize = 1;
const TITLE: usize = 2;
const PUBLISHED: usize = 3;
const MODIFIED: usize = 4;
const EXPIRES: usize = 5;
const DRAFT: usize = 6;
const DELETED: usize = 7;
/// The first of the fields that hold the article.
const CONTENT: usize = 8;
/// The first of the fields by which feeds choose.
const CATEGORIES: usize = 12;

impl<'a> Glancer<'a> {
    /// `None` where feeds.toml asks for something of the source that takes the full reading of every record.
    pub fn new(source: &'a SourcePlan, authority: &str, wanted: Wanted) -> Option<Self> {
        let plain = source.replace.is_empty() && !source.names.has_paths() && source.categories.is_empty();
        (plain && source.date_formats.is_empty()).then(|| Self {
            source,
            prefix: format!("tag:{authority}:"),
            names: Vec::new(),
            slots: [None; FIELDS.len()],
            criteria: Vec::new(),
            wanted,
            room: Vec::new(),
            marks: Vec::new(),
        })
    }

    /// Looks at a line that is UTF-8 and has no white space at its ends.
    pub fn glance(&mut self, line: &[u8]) -> Result<Glance, Unusual> {
        let mut slots: Slots = [None; FIELDS.len()];
        let start = line.as_ptr() as usize;
        // Records of a source mostly have their fields in one order.
        let mut guess = 0;
        let mut seen = 0u64;
        let names = &mut self.names;
        let source = self.source;
        json::members(line, &mut self.marks, |name, value| {
            let index = match names.get(guess) {
                Some((known, _)) if same(known, name) => guess,
                _ => match names.iter().position(|(known, _)| known == name) {
                    Some(index) => index,
                    None => {
                        // Names without end are no names of fields but data.
                        if names.len() > 256 {
                            return Err(Unusual);
                        }
                        names.push((name.to_vec(), meaning(source, name)));
                        names.len() - 1
                    }
                },
            };
            guess = index + 1;
            match names[index].1 {
                Meaning::Nothing => {}
                Meaning::Unusual => return Err(Unusual),
                Meaning::Field(field, rank) => {
                    // Of a name that comes twice the last one counts, of names beyond so many nobody keeps count.
                    let bit = 1u64.checked_shl(index as u32).ok_or(Unusual)?;
                    if seen & bit != 0 {
                        return Err(Unusual);
                    }
                    seen |= bit;
                    let at = value.as_ptr() as usize - start;
                    match slots[field] {
                        // What holds nothing leaves its place to another name.
                        _ if is_empty(value) => {}
                        // Two names that come to the same.
                        Some((best, ..)) if best == rank => return Err(Unusual),
                        Some((best, ..)) if best < rank => {}
                        _ => slots[field] = Some((rank, at, at + value.len())),
                    }
                }
            }
            Ok(())
        })?;
        self.slots = slots;
        self.judge(line)
    }

    fn slot<'l>(&self, line: &'l [u8], field: usize) -> Option<&'l [u8]> {
        self.slots[field].and_then(|(_, from, to)| line.get(from..to))
    }

    fn judge(&mut self, line: &[u8]) -> Result<Glance, Unusual> {
        if self.slots[DELETED].is_some() || self.slots[EXPIRES].is_some() {
            return Err(Unusual);
        }
        let public: [&[u8]; 4] = [b"false", b"\"published\"", b"\"publish\"", b"\"public\""];
        if self.slot(line, DRAFT).is_some_and(|draft| !public.contains(&draft)) {
            return Err(Unusual);
        }
        let published = self.slot(line, PUBLISHED).and_then(moment).ok_or(Unusual)?;
        if let Some(modified) = self.slot(line, MODIFIED) {
            moment(modified).ok_or(Unusual)?;
        }
        match self.slot(line, TITLE) {
            Some(title) => is_title(title).then_some(()).ok_or(Unusual)?,
            None => {
                let mut contents = (CONTENT..CATEGORIES).filter_map(|field| self.slot(line, field));
                contents.any(is_title).then_some(()).ok_or(Unusual)?;
            }
        }
        let id = self.id(line)?;
        self.criteria.clear();
        // What a record does not say, its source may.
        self.criteria.extend_from_slice(&std::ptr::from_ref(self.source).addr().to_le_bytes());
        let wanted = [true, self.wanted.tags, self.wanted.authors, self.wanted.language];
        for (field, wanted) in (CATEGORIES..).zip(wanted) {
            if wanted {
                // With the name's rank, since the names' ranks tell which name was read.
                let (rank, from, to) = self.slots[field].unwrap_or_default();
                self.criteria.extend_from_slice(&(rank as u16).to_le_bytes());
                self.criteria.extend_from_slice(&line[from..to]);
                self.criteria.push(0);
            }
        }
        Ok(Glance { id, published })
    }

    /// The hash of the id that [`crate::id::entry_id`] gives to a plain key, or [`crate::link::absolute`] to a plain address.
    fn id(&mut self, line: &[u8]) -> Result<u64, Unusual> {
        if let Some(key) = self.slot(line, ID) {
            let key = string(key).ok_or(Unusual)?;
            let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
            // Keys of that length may be UUIDs, which are written otherwise.
            if key.is_empty() || key.len() == 36 || !key.iter().all(plain) {
                return Err(Unusual);
            }
            self.room.clear();
            self.room.extend_from_slice(self.prefix.as_bytes());
            self.room.extend_from_slice(key);
            return Ok(xxhash_rust::xxh3::xxh3_64(&self.room));
        }
        let url = self.slot(line, URL).and_then(string).filter(|url| is_plain_address(url)).ok_or(Unusual)?;
        Ok(xxhash_rust::xxh3::xxh3_64(url))
    }
}

/// What a name means to a source.
fn meaning(source: &SourcePlan, name: &[u8]) -> Meaning {
    let Ok(name) = std::str::from_utf8(name) else { return Meaning::Unusual };
    let mut meanings = source.names.of(name);
    let Some((index, rank)) = meanings.next() else { return Meaning::Nothing };
    if meanings.next().is_some() {
        return Meaning::Unusual;
    }
    let field = FIELDS
        .iter()
        .position(|field| vocabulary::FIELDS.get(index).is_some_and(|known| known.name == *field));
    // A slug is an address in some cases only.
    match field {
        Some(URL) if name.eq_ignore_ascii_case("slug") => Meaning::Nothing,
        Some(field) => Meaning::Field(field, rank),
        None => Meaning::Nothing,
    }
}

/// Whether a value, of JSON, says nothing.
fn is_empty(value: &[u8]) -> bool {
    match value {
        [b'"', text @ .., _] => text.iter().all(u8::is_ascii_whitespace),
        [b'[' | b'{', inner @ .., _] => inner.iter().all(u8::is_ascii_whitespace),
        // `null`
        [first, ..] => *first == b'n',
        [] => true,
    }
}

/// Whether two names are the same: what the library's comparison says, without a call where names are of the usual length.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        0..=3 => one.iter().eq(other),
        4..=8 => {
            one.first_chunk::<4>() == other.first_chunk::<4>()
                && one.last_chunk::<4>() == other.last_chunk::<4>()
        }
        9..=16 => {
            one.first_chunk::<8>() == other.first_chunk::<8>()
                && one.last_chunk::<8>() == other.last_chunk::<8>()
        }
        _ => one == other,
    }
}

/// The text of a string without escapes.
fn string(value: &[u8]) -> Option<&[u8]> {
    match value {
        [b'"', text @ .., b'"'] if !text.contains(&b'\\') => Some(text),
        _ => None,
    }
}

/// Whether a text certainly leaves something when it is cleaned: it holds a letter or digit of ASCII before anything that
/// could be markup, a reference or an escaped character.
fn is_title(value: &[u8]) -> bool {
    let Some((b'"', text)) = value.split_first() else { return false };
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'<' | b'&' => return false,
            // An escaped quote is none of these; `n` and its like stand for white space.
            b'\\' => match bytes.next() {
                Some(b'"' | b'\\' | b'/' | b'n' | b'r' | b't') => {}
                _ => return false,
            },
            byte if byte.is_ascii_alphanumeric() => return true,
            _ => {}
        }
    }
    false
}

/// The moment that a string names in the plain form of RFC 3339 with seconds and an offset.
fn moment(value: &[u8]) -> Option<i64> {
    let [b'"', text @ .., b'"'] = value else { return None };
    let (clock, zone) = text.split_first_chunk::<19>()?;
    if [clock[4], clock[7], clock[10], clock[13], clock[16]] != *b"--T::" {
        return None;
    }
    let (century, of_century) = (two(clock[0], clock[1])?, two(clock[2], clock[3])?);
    let (month, day) = (two(clock[5], clock[6])?, two(clock[8], clock[9])?);
    let (hour, minute, second) =
        (two(clock[11], clock[12])?, two(clock[14], clock[15])?, two(clock[17], clock[18])?);
    let year = 100 * century + of_century;
    if hour > 23 || minute > 59 || second > 59 || year < 1971 {
        return None;
    }
    let offset = match zone {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
            if hours > 14 || minutes > 59 {
                return None;
            }
            let seconds = hours * 3600 + minutes * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    Some(days(year, month, day)? * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// The number that two digits write.
#[inline]
fn two(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}

/// The days from 1 January 1970 to a day of a later year of the Gregorian calendar, if there is such a day.
#[inline]
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // Years from March on, so that the day that comes every four years is the last one.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469)
}

/// Whether an address is written just as it would be made absolute.
fn is_plain_address(url: &[u8]) -> bool {
    let Some(rest) = url.strip_prefix(b"https://").or_else(|| url.strip_prefix(b"http://")) else {
        return false;
    };
    let Some(slash) = rest.iter().position(|byte| *byte == b'/') else { return false };
    let (host, path) = rest.split_at(slash);
    let label = |label: &[u8]| {
        label.first().is_some_and(u8::is_ascii_lowercase)
            && label.last().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            && label.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
            && !label.windows(2).any(|pair| pair == b"--")
    };
    let segment = |segment: &[u8]| {
        !segment.starts_with(b".")
            && segment.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    host.split(|byte| *byte == b'.').all(label) && path.split(|byte| *byte == b'/').all(segment)
}

/// What was found out about the values by which feeds choose, by those values as they are written.
pub type Findings<T> = HashMap<Box<[u8]>, T, Quick>;

/// Hashes by XXH3, seeded anew in every run: whoever writes records cannot have them fall on one spot.
#[derive(Clone)]
pub struct Quick {
    seed: u64,
}

impl Default for Quick {
    fn default() -> Self {
        Self { seed: std::hash::RandomState::new().hash_one(0) }
    }
}

impl BuildHasher for Quick {
    type Hasher = QuickHasher;

    fn build_hasher(&self) -> QuickHasher {
        QuickHasher(self.seed)
    }
}

/// What was hashed so far is the seed of what comes next.
pub struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxhash_rust::xxh3::xxh3_64_with_seed(bytes, self.0);
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = self.0.rotate_left(29) ^ number as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id, link};
    use proptest::prelude::*;
    use url::Url;

    proptest! {
        #[test]
        fn a_moment_is_what_the_date_reader_reads(
            text in "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|[+-][01][0-9]:[0-6][0-9])"
        ) {
            let rules = crate::date::Rules { zone: chrono_tz::Tz::UTC, day_first: true, formats: &[] };
            if let Some(moment) = moment(format!("\"{text}\"").as_bytes()) {
                prop_assert_eq!(crate::date::parse(&text, &rules).unwrap().unwrap().timestamp(), moment);
            }
        }

        #[test]
        fn a_day_is_there_or_not_as_the_calendar_has_it(year in 1971i64..=9999, month in 0i64..=13, day in 0i64..=32) {
            let date = chrono::NaiveDate::from_ymd_opt(year as i32, month as u32, day as u32);
            let expected = date.map(|date| date.signed_duration_since(chrono::NaiveDate::default()).num_days());
            prop_assert_eq!(days(year, month, day), expected);
        }

        #[test]
        fn a_plain_address_is_its_own_absolute_form(url in r"https?://[a-z0-9.-]{1,12}/[a-zA-Z0-9._/-]{0,12}") {
            if is_plain_address(url.as_bytes()) {
                let base = Url::parse("https://base.example/x/").unwrap();
                prop_assert_eq!(link::absolute(&url, &base).unwrap(), url);
            }
        }

        #[test]
        fn names_are_the_same_if_they_are(one in "[ab]{0,20}", at in 0..20usize, other in "[ab]{0,20}") {
            let mut near = one.clone().into_bytes();
            if let Some(byte) = near.get_mut(at) {
                *byte = b'a';
            }
            prop_assert!(same(one.as_bytes(), &one.clone().into_bytes()));
            prop_assert_eq!(same(one.as_bytes(), &near), one.as_bytes() == near);
            prop_assert_eq!(same(one.as_bytes(), other.as_bytes()), one == other);
        }

        #[test]
        fn a_plain_key_becomes_a_tag(key in "[a-zA-Z0-9._-]{1,35}") {
            prop_assert_eq!(id::entry_id(&key, "a.example,2005"), format!("tag:a.example,2005:{key}"));
        }

        #[test]
        fn a_title_that_is_seen_is_there(text in r#"[ a<>&;/\\b\u{a0}é]{0,12}"#) {
            let raw = serde_json::to_string(&text).unwrap();
            if is_title(raw.as_bytes()) {
                prop_assert!(!crate::text::Text::title(&text).is_empty());
            }
        }
    }
}
