//! Where the records are in a document that is not a list of them.

/// What stands under a key of the top object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A list whose first element is an object.
    Objects,
    /// An empty list.
    Empty,
    Object,
    Other,
}

/// What a top object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// One record.
    Record,
    /// Records stand in the list under the key with this index.
    Under(usize),
    /// Every value is a record, its key its id.
    Keyed,
}

/// Keys that only an article has.
const OF_AN_ARTICLE: &[&str] = &["headline", "permalink", "canonical_url", "content", "content_html", "body"];

/// Keys that an article has, and a document about articles may have as well.
const OF_EITHER: &[&str] = &["title", "name", "url", "link", "id", "slug"];

/// Keys under which records stand, the most telling first.
const OF_RECORDS: &[&str] =
    &["items", "articles", "posts", "entries", "records", "results", "news", "docs", "rows", "data"];

/// Finds the records of an object by its keys.
pub fn choose<'a>(keys: impl Iterator<Item = (&'a str, Kind)> + Clone) -> Choice {
    let lower = |key: &str| key.to_lowercase();
    let has = |names: &[&str]| keys.clone().any(|(key, _)| names.contains(&lower(key).as_str()));
    if has(OF_AN_ARTICLE) {
        return Choice::Record;
    }
    let indexed = keys.clone().enumerate();
    let lists = |known: &str| {
        let mut indexed = indexed.clone();
        indexed.find(|(_, (key, kind))| lower(key) == known && matches!(kind, Kind::Objects | Kind::Empty))
    };
    if let Some((index, _)) = OF_RECORDS.iter().find_map(|known| lists(known)) {
        return Choice::Under(index);
    }
    if has(OF_EITHER) {
        return Choice::Record;
    }
    let mut lists = indexed.clone().filter(|(_, (_, kind))| *kind == Kind::Objects);
    match (lists.next(), lists.next()) {
        (Some((index, _)), None) => return Choice::Under(index),
        (Some(_), Some(_)) => return Choice::Record,
        (None, _) => {}
    }
    let mut kinds = keys.map(|(_, kind)| kind).peekable();
    match kinds.peek().is_some() && kinds.all(|kind| kind == Kind::Object) {
        true => Choice::Keyed,
        false => Choice::Record,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_records() {
        use Kind::{Empty, Object, Objects, Other};
        let of = |keys: &[(&'static str, Kind)]| choose(keys.iter().copied());
        assert_eq!(of(&[("title", Other), ("tags", Objects)]), Choice::Record);
        assert_eq!(of(&[("title", Other), ("items", Objects)]), Choice::Under(1));
        assert_eq!(of(&[("body", Other), ("items", Objects)]), Choice::Record);
        assert_eq!(of(&[("meta", Object), ("data", Objects)]), Choice::Under(1));
        assert_eq!(of(&[("authors", Objects), ("Articles", Objects)]), Choice::Under(1));
        assert_eq!(of(&[("status", Other), ("tin", Objects)]), Choice::Under(1));
        assert_eq!(of(&[("a", Objects), ("b", Objects)]), Choice::Record);
        assert_eq!(of(&[("results", Empty), ("count", Other)]), Choice::Under(0));
        assert_eq!(of(&[("17", Object), ("18", Object)]), Choice::Keyed);
        assert_eq!(of(&[("17", Object), ("n", Other)]), Choice::Record);
        assert_eq!(of(&[]), Choice::Record);
    }
}
