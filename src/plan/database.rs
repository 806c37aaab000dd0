//! A source in a database, as feeds.toml says it: where it is, and which rows of it.

use super::Planner;
use super::phrase::Phrase;
use crate::config::{self, Words};
use crate::database_url::DatabaseUrl;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// A database, and which rows of it.
#[derive(Debug, Clone)]
pub struct Database {
    /// The URL, with names of the environment in it.
    pub url: Phrase,
    /// Where relative paths in it begin.
    pub folder: PathBuf,
    pub rows: Rows,
    /// What messages call it: without user, password and parameters.
    pub name: String,
    /// `fields` as feeds.toml has them: by them it is decided which rows of a table are asked for.
    pub fields: String,
}

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// Those of a statement.
    Query(String),
    /// Those of a table that feeds can hold.
    Table(String),
}

impl Database {
    /// Whether the whole URL is what a variable of the environment holds.
    pub fn is_one_variable(&self) -> bool {
        let written = self.url.written.trim();
        written.starts_with("${") && written.find('}') == Some(written.len() - 1)
    }
}

impl Planner<'_> {
    /// Whether a source is one in a database.
    pub(super) fn is_database(source: &config::Source) -> bool {
        let urls = source.url.as_ref().map_or(&[][..], |urls| urls.get_ref().0.as_slice());
        source.query.is_some() || source.table.is_some() || urls.iter().any(|url| DatabaseUrl::is_one(url))
    }

    /// A database and its rows.
    pub(super) fn database(&mut self, source: &config::Source, urls: &Spanned<Words>) -> Option<Database> {
        let [written] = urls.get_ref().0.as_slice() else {
            let help = "each database is a [[source]] of its own".to_owned();
            self.mistake(urls.span(), "a database has one `url`", Some(help));
            return None;
        };
        let url = match Phrase::parse(written) {
            Ok(url) => url,
            Err(message) => {
                self.mistake(urls.span(), message, None);
                return None;
            }
        };
        let folder = std::path::absolute(self.root).unwrap_or_else(|_| self.root.to_path_buf());
        let schemes =
            "sqlite:articles.db, postgres://user:${PASSWORD}@host/name or mysql://user:${PASSWORD}@host/name";
        if !written.contains("${") {
            if let Err(error) = DatabaseUrl::parse(written, &folder) {
                self.mistake(urls.span(), error.to_string(), Some(schemes.to_owned()));
                return None;
            }
        } else if !written.trim().starts_with("${") && !DatabaseUrl::is_one(written) {
            self.mistake(urls.span(), "`url` is none of a database", Some(schemes.to_owned()));
            return None;
        }
        let given = |text: &Option<Spanned<String>>| {
            text.as_ref().map(|text| (text.get_ref().trim().to_owned(), text.span()))
        };
        let (text, span, is_query) = match (given(&source.query), given(&source.table)) {
            (Some((query, span)), None) => (query, span, true),
            (None, Some((table, span))) => (table, span, false),
            (Some(_), Some((_, span))) => {
                let help = "a query names its tables itself; of a table bantin writes the query".to_owned();
                self.mistake(span, "`table` beside `query`", Some(help));
                return None;
            }
            (None, None) => {
                let help = "add table = \"articles\", or query = \"SELECT …\"".to_owned();
                self.mistake(urls.span(), "which rows of the database?", Some(help));
                return None;
            }
        };
        if text.is_empty() || text.contains('\0') {
            let key = if is_query { "query" } else { "table" };
            self.mistake(span, format!("`{key}` is empty"), Some("add table = \"articles\"".to_owned()));
            return None;
        }
        let name = match is_query {
            true => called(written, &folder),
            false => format!("{} {text}", called(written, &folder)),
        };
        let rows = if is_query { Rows::Query(text) } else { Rows::Table(text) };
        let fields =
            source.fields.iter().map(|(field, names)| format!("{}={:?}", field.get_ref(), names.get_ref()));
        let fields = fields.collect::<Vec<_>>().join("\n");
        Some(Database { url, folder, rows, name, fields })
    }
}

/// The URL without what may be a secret.
fn called(written: &str, folder: &Path) -> String {
    if let Ok(url) = DatabaseUrl::parse(written, folder)
        && !written.contains("${")
    {
        return url.name().to_owned();
    }
    let written = written.trim();
    let Some((scheme, rest)) = written.split_once("://") else { return written.to_owned() };
    let rest = rest.split('?').next().unwrap_or_default();
    let rest = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_called_without_its_password() {
        for (url, name) in [
            ("postgres://bao:${PASSWORD}@db.example/news?sslmode=require", "postgres://db.example/news"),
            ("postgres://bao:gehe@im@db.example/news", "postgres://db.example/news"),
            ("${DATABASE_URL}", "${DATABASE_URL}"),
            ("sqlite:data/a.db", "sqlite:data/a.db"),
        ] {
            assert_eq!(called(url, Path::new("/")), name);
        }
    }
}
