//! What stands beside the posts of an export, in tables of their own: who wrote them, how they are tagged, what is said of
//! their pictures. Names are kept in memory, and of relations the hashes of the two ids; texts on a [`Shelf`].

use super::super::Fields;
use super::super::support::shelf::Shelf;
use super::super::support::walk::{Stop, Walker};
use super::{is_internal, key, text};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io;
use xxhash_rust::xxh3::xxh3_128;

/// The hash of an id.
type Id = u128;

fn id(text: &str) -> Id {
    xxh3_128(text.as_bytes())
}

/// What is said of a post's picture: alternative text, caption.
const OF_PICTURE: [&str; 2] = ["feature_image_alt", "feature_image_caption"];

pub(super) struct Beside {
    /// The names of users.
    users: HashMap<Id, String>,
    /// The names of tags that are shown.
    tags: HashMap<Id, String>,
    /// By the post, in their order: users, and tags.
    authors: Vec<Relation>,
    labels: Vec<Relation>,
    /// Of posts where something is said of the picture: where on the shelf.
    pictured: Vec<(Id, u64)>,
    shelf: Shelf,
    /// What the export says of its site: title, time zone.
    pub site: Map<String, Value>,
}

impl Default for Beside {
    fn default() -> Self {
        Self {
            users: HashMap::new(),
            tags: HashMap::new(),
            authors: Vec::new(),
            labels: Vec::new(),
            pictured: Vec::new(),
            shelf: Shelf::new(),
            site: Map::new(),
        }
    }
}

/// Something that belongs to a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Relation {
    post: Id,
    order: i64,
    other: Id,
}

impl Beside {
    /// Whether that table is wanted.
    pub fn wants(table: &str) -> bool {
        ["users", "tags", "settings", "posts_authors", "posts_tags", "posts_meta"].contains(&table)
    }

    /// Takes the table that begins there.
    pub fn take(&mut self, walker: &mut Walker<'_>, table: &str) -> Result<(), Stop> {
        walker.elements(|raw| match raw.and_then(|raw| raw.object()) {
            Ok(row) => self.row(table, &row),
            // What is no row says nothing of a post.
            Err(_) => Ok(()),
        })
    }

    fn row(&mut self, table: &str, row: &Fields) -> io::Result<()> {
        let named = || Some((id(&key(row, "id")?), text(row, "name")?));
        match table {
            "users" => self.users.extend(named()),
            "tags" if !is_internal(row) => self.tags.extend(named()),
            "settings" => self.setting(row),
            "posts_authors" => self.authors.extend(relation(row, "author_id")),
            "posts_tags" => self.labels.extend(relation(row, "tag_id")),
            "posts_meta" => {
                let said = OF_PICTURE.map(|name| text(row, name));
                if let (Some(post), true) = (key(row, "post_id"), said.iter().any(Option::is_some)) {
                    self.pictured.push((id(&post), self.shelf.put(&serde_json::to_vec(&said)?)?));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn setting(&mut self, row: &Fields) {
        let name = match text(row, "key").as_deref() {
            Some("title") => "title",
            // Ghost's own, which nobody chose, says nothing.
            Some("timezone") if text(row, "value").as_deref() != Some("Etc/UTC") => "timezone",
            _ => return,
        };
        self.site.extend(text(row, "value").map(|value| (name.to_owned(), value.into())));
    }

    /// No table comes any more.
    pub fn complete(&mut self) {
        // Keeps the order of the export where none is stated.
        self.authors.sort_by_key(|relation| (relation.post, relation.order));
        self.labels.sort_by_key(|relation| (relation.post, relation.order));
        self.pictured.sort_by_key(|(post, _)| *post);
    }

    /// The names of a post's authors.
    pub fn authors(&self, post: &str) -> Vec<&str> {
        related(&self.authors, post, &self.users)
    }

    /// The name of a user.
    pub fn author(&self, user: &str) -> Option<&str> {
        self.users.get(&id(user)).map(String::as_str)
    }

    /// The names of a post's tags that are shown, the primary one first.
    pub fn tags(&self, post: &str) -> Vec<&str> {
        related(&self.labels, post, &self.tags)
    }

    /// The alternative text and the caption of a post's picture.
    pub fn said_of_picture(&mut self, post: &str) -> io::Result<[Option<String>; 2]> {
        let post = id(post);
        let behind = self.pictured.partition_point(|(other, _)| *other <= post);
        match behind.checked_sub(1).and_then(|last| self.pictured.get(last)) {
            Some((other, place)) if *other == post => Ok(serde_json::from_slice(&self.shelf.get(*place)?)?),
            _ => Ok([None, None]),
        }
    }
}

/// A row that joins something to a post.
fn relation(row: &Fields, name: &str) -> Option<Relation> {
    let order = row.get("sort_order").and_then(Value::as_i64).unwrap_or_default();
    Some(Relation { post: id(&key(row, "post_id")?), order, other: id(&key(row, name)?) })
}

/// The names of what is joined to a post.
fn related<'a>(relations: &[Relation], post: &str, names: &'a HashMap<Id, String>) -> Vec<&'a str> {
    let post = id(post);
    let first = relations.partition_point(|relation| relation.post < post);
    let own = relations.iter().skip(first).take_while(|relation| relation.post == post);
    own.filter_map(|relation| names.get(&relation.other).map(String::as_str)).collect()
}
