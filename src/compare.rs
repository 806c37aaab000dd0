//! What a person who subscribes would notice between two versions of a feed: entries that come, go or change.

use crate::reader::{ReadEntry, ReadFeed};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// The differences between two versions of a feed, in the reader's terms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    pub added: Vec<Named>,
    pub removed: Vec<Named>,
    pub changed: Vec<Changed>,
    /// Entries that are in both stand in another order.
    pub reordered: bool,
    /// What changed about the feed itself.
    pub feed: Vec<FieldChange>,
}

/// An entry, by its id and what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    pub id: String,
    pub title: String,
}

/// An entry that is in both versions, and differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    #[serde(flatten)]
    pub entry: Named,
    pub fields: Vec<FieldChange>,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    pub field: &'static str,
    pub from: String,
    pub to: String,
}

impl Changes {
    /// Whether a subscriber would notice nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Changes {
    /// `2 new, 1 changed, 1 gone`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts =
            [(self.added.len(), "new"), (self.changed.len(), "changed"), (self.removed.len(), "gone")];
        let mut parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if self.reordered {
            parts.push("another order".to_owned());
        }
        if !self.feed.is_empty() {
            let fields: Vec<&str> = self.feed.iter().map(|change| change.field).collect();
            parts.push(format!("the feed's {}", fields.join(" and ")));
        }
        f.write_str(&if parts.is_empty() {
            "nothing a reader would notice".to_owned()
        } else {
            parts.join(", ")
        })
    }
}

/// Compares two versions of a feed. Entries are the same when their ids are.
pub fn compare(old: &ReadFeed, new: &ReadFeed) -> Changes {
    let old_by_id: HashMap<&str, &ReadEntry> =
        old.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let new_ids: HashSet<&str> = new.entries.iter().map(|entry| entry.id.as_str()).collect();
    let mut changes = Changes::default();
    for entry in &new.entries {
        match old_by_id.get(entry.id.as_str()) {
            None => changes.added.push(named(entry)),
            Some(before) => {
                let fields = fields(before, entry);
                if !fields.is_empty() {
                    changes.changed.push(Changed { entry: named(entry), fields });
                }
            }
        }
    }
    changes.removed =
        old.entries.iter().filter(|entry| !new_ids.contains(entry.id.as_str())).map(named).collect();
    let kept_before = old.entries.iter().map(|entry| entry.id.as_str()).filter(|id| new_ids.contains(id));
    let kept_now = new.entries.iter().map(|entry| entry.id.as_str()).filter(|id| old_by_id.contains_key(id));
    changes.reordered = !kept_before.eq(kept_now);
    for (field, from, to) in
        [("title", &old.title, &new.title), ("description", &old.description, &new.description)]
    {
        if from != to {
            changes.feed.push(FieldChange { field, from: from.clone(), to: to.clone() });
        }
    }
    changes
}

fn named(entry: &ReadEntry) -> Named {
    Named { id: entry.id.clone(), title: entry.name().to_owned() }
}

fn fields(old: &ReadEntry, new: &ReadEntry) -> Vec<FieldChange> {
    let ReadEntry { id: _, title, link, published, updated, authors, categories, summary, content, media } =
        new;
    let list = |words: &[String]| words.join(", ");
    let pairs = [
        ("title", old.title.clone(), title.clone()),
        ("link", old.link.clone(), link.clone()),
        ("published", old.published.clone(), published.clone()),
        ("updated", old.updated.clone(), updated.clone()),
        ("authors", list(&old.authors), list(authors)),
        ("categories", list(&old.categories), list(categories)),
        ("summary", old.summary.clone(), summary.clone()),
        ("content", old.content.clone(), content.clone()),
        ("media", list(&old.media), list(media)),
    ];
    pairs
        .into_iter()
        .filter(|(_, from, to)| from != to)
        .map(|(field, from, to)| FieldChange { field, from, to })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(entries: &[(&str, &str)]) -> ReadFeed {
        let entry = |(id, title): &(&str, &str)| ReadEntry {
            id: (*id).to_owned(),
            title: (*title).to_owned(),
            ..ReadEntry::default()
        };
        ReadFeed { entries: entries.iter().map(entry).collect(), ..ReadFeed::default() }
    }

    #[test]
    fn what_a_reader_would_notice() {
        let changes = compare(
            &feed(&[("a", "A"), ("b", "B"), ("c", "C")]),
            &feed(&[("d", "D"), ("c", "C"), ("b", "Bê")]),
        );
        assert_eq!(changes.added, [Named { id: "d".into(), title: "D".into() }]);
        assert_eq!(changes.removed, [Named { id: "a".into(), title: "A".into() }]);
        assert_eq!(changes.changed.len(), 1);
        assert_eq!(
            changes.changed[0].fields,
            [FieldChange { field: "title", from: "B".into(), to: "Bê".into() }]
        );
        assert!(changes.reordered);
        assert_eq!(changes.to_string(), "1 new, 1 changed, 1 gone, another order");
    }

    #[test]
    fn the_same_feed_has_no_changes() {
        let feed = feed(&[("a", "A"), ("b", "B")]);
        assert!(compare(&feed, &feed).is_empty());
    }
}
