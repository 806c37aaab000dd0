//! What partners ask of a feed, as tables of data; looked at only where the profile was chosen.
//!
//! Boundary: knows what was noted of the entries, not the document.

use super::across::Facts;
use super::rule::Rule;
use super::rules as r;
use super::{Context, Kind};

/// A partner's demands.
#[derive(Debug)]
pub struct Profile {
    /// The name it is chosen by.
    pub name: &'static str,
    /// Whose demands they are.
    pub title: &'static str,
    /// The fewest entries taken.
    pub least: usize,
    /// The most entries taken.
    pub most: usize,
    /// The shortest and the longest title, in characters.
    pub title_length: (usize, usize),
    /// The least that the shorter and the longer side of an image must have, in pixels.
    pub image_sides: (u32, u32),
    /// The largest document, in bytes.
    pub bytes: usize,
    /// How many days old an entry may be; 0: any age.
    pub days: i64,
    /// Whether every entry needs a date that is past.
    pub past: bool,
    /// The kinds of documents taken.
    pub kinds: &'static [Kind],
    demands: &'static Demands,
}

#[derive(Debug)]
struct Demands {
    count: &'static Rule,
    title: &'static Rule,
    image: &'static Rule,
    size: &'static Rule,
    date: &'static Rule,
    kind: &'static Rule,
}

const ANY: (usize, usize) = (0, usize::MAX);
const FEEDS: &[Kind] = &[Kind::Rss20, Kind::AtomFeed];

static DEMANDS: Demands = Demands {
    count: &r::PARTNER_ENTRY_COUNT,
    title: &r::PARTNER_TITLE_LENGTH,
    image: &r::PARTNER_IMAGE_SIZE,
    size: &r::PARTNER_SIZE,
    date: &r::PARTNER_DATE,
    kind: &r::PARTNER_KIND,
};

/// The profiles there are.
pub static PROFILES: &[Profile] = &[
    Profile {
        name: "flipboard",
        title: "Flipboard",
        least: 20,
        most: 30,
        title_length: ANY,
        image_sides: (0, 400),
        bytes: usize::MAX,
        days: 0,
        past: false,
        kinds: &[Kind::Rss20],
        demands: &DEMANDS,
    },
    Profile {
        name: "msn",
        title: "MSN",
        least: 1,
        most: usize::MAX,
        title_length: (20, 150),
        image_sides: (0, 720),
        bytes: usize::MAX,
        days: 0,
        past: true,
        kinds: FEEDS,
        demands: &DEMANDS,
    },
    Profile {
        name: "smartnews",
        title: "SmartNews",
        least: 1,
        most: usize::MAX,
        title_length: ANY,
        image_sides: (0, 0),
        bytes: 1_000_000,
        days: 0,
        past: false,
        kinds: &[Kind::Rss20],
        demands: &DEMANDS,
    },
    Profile {
        name: "apple-podcasts",
        title: "Apple Podcasts",
        least: 1,
        most: usize::MAX,
        title_length: (1, usize::MAX),
        image_sides: (0, 0),
        bytes: usize::MAX,
        days: 0,
        past: true,
        kinds: &[Kind::Rss20],
        demands: &DEMANDS,
    },
    Profile {
        name: "google-news",
        title: "Google News",
        least: 1,
        most: 1000,
        title_length: (1, usize::MAX),
        image_sides: (0, 0),
        bytes: usize::MAX,
        days: 2,
        past: true,
        kinds: &[Kind::Rss20, Kind::AtomFeed, Kind::Sitemap],
        demands: &DEMANDS,
    },
];

/// The profile of that name.
///
/// # Errors
/// There is none; the error lists those there are.
pub fn profile(name: &str) -> Result<&'static Profile, String> {
    PROFILES.iter().find(|profile| profile.name == name).ok_or_else(|| {
        let known: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
        format!("no profile is called `{name}`, there are {}", known.join(", "))
    })
}

type Fault = (&'static Rule, usize, String, String, String);

/// Looks at a document with the eyes of the partners that were chosen.
pub(crate) fn check(kind: Kind, facts: &Facts, context: &Context) -> Vec<Fault> {
    let mut found = Vec::new();
    for profile in &context.profiles {
        let rules = profile.demands;
        let who = profile.title;
        if !profile.kinds.contains(&kind) {
            found.push((
                rules.kind,
                0,
                String::new(),
                format!("{who} takes no document of this kind"),
                String::new(),
            ));
            continue;
        }
        if facts.count < profile.least && kind != Kind::Sitemap {
            let message =
                format!("{who} wants {} entries or more, and here are {}", profile.least, facts.count);
            found.push((rules.count, 0, String::new(), message, String::new()));
        }
        if facts.count > profile.most {
            let message = format!("{who} takes {} entries, and here are {}", profile.most, facts.count);
            found.push((rules.count, 0, String::new(), message, String::new()));
        }
        if facts.size > profile.bytes {
            let message = format!("{who} takes {} bytes, and here are {}", profile.bytes, facts.size);
            found.push((rules.size, 0, String::new(), message, String::new()));
        }
        let (shortest, longest) = profile.title_length;
        for entry in &facts.entries {
            let length = facts.title(entry).chars().count();
            if length < shortest || length > longest {
                let message = format!(
                    "{who} wants titles of {shortest} to {longest} characters, and this one has {length}"
                );
                found.push((
                    rules.title,
                    entry.offset,
                    facts.path(entry),
                    message,
                    facts.title(entry).to_owned(),
                ));
            }
            let (short, long) = profile.image_sides;
            if let Some((width, height)) = entry.image
                && (width.min(height) < short || width.max(height) < long)
            {
                let message = match (short, long) {
                    (0, long) => format!("{who} wants images whose longer side has {long} pixels or more"),
                    (short, _) => format!("{who} wants images whose shorter side has {short} pixels or more"),
                };
                found.push((
                    rules.image,
                    entry.offset,
                    facts.path(entry),
                    message,
                    format!("{width}×{height}"),
                ));
            }
            let Some(now) = context.now else { continue };
            let moment = entry.published.or(entry.updated);
            if profile.past && moment.is_none_or(|moment| moment > now) {
                let message = format!("{who} wants a date that is past");
                found.push((rules.date, entry.offset, facts.path(entry), message, String::new()));
            } else if profile.days > 0 && moment.is_some_and(|moment| moment < now - profile.days * 86_400) {
                let message = format!("{who} takes articles of the last {} days", profile.days);
                found.push((rules.date, entry.offset, facts.path(entry), message, String::new()));
            }
        }
    }
    found
}
