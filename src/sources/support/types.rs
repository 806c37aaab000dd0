//! Types of posts, of which a source reads those that `records` names.

use super::super::Options;

/// The types that are read: `post` where nothing is said.
pub fn listed(options: &Options) -> Vec<String> {
    named(options.records.as_deref().unwrap_or("post"))
}

/// The types that are named, with commas or spaces between.
pub fn named(records: &str) -> Vec<String> {
    records.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Why a post is not read.
pub fn unnamed(kind: &str) -> String {
    format!("of type `{kind}`, which `records` does not name")
}
