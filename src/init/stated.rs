//! What a site states of itself in its own configuration.

use crate::text::Text;
use crate::{language, link};
use regex::Regex;
use serde_json::Value;

/// The site's own words, as far as they can be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    pub title: Option<String>,
    /// An absolute address with a slash at its end.
    pub url: Option<String>,
    pub description: Option<String>,
    /// A language tag of BCP 47.
    pub language: Option<String>,
    /// An IANA name.
    pub timezone: Option<String>,
    pub author: Option<String>,
    pub email: Option<String>,
    pub copyright: Option<String>,
    pub icon: Option<String>,
}

impl Stated {
    /// The same without what cannot be used: a local address, an unknown zone, a language that is none.
    pub fn usable(self) -> Self {
        let line = |word: Option<String>| {
            word.map(|word| Text::line(&word).to_string()).filter(|word| !word.is_empty())
        };
        Self {
            title: line(self.title),
            url: self.url.as_deref().and_then(public_address),
            description: line(self.description),
            language: self.language.as_deref().and_then(language_tag),
            timezone: self.timezone.filter(|zone| zone.parse::<chrono_tz::Tz>().is_ok()),
            author: line(self.author),
            email: line(self.email).filter(|email| email.contains('@')),
            copyright: line(self.copyright),
            icon: self.icon.filter(|icon| link::parse_base(icon).is_ok()),
        }
    }

    /// With what the other states where this says nothing.
    pub fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            url: self.url.or(other.url),
            description: self.description.or(other.description),
            language: self.language.or(other.language),
            timezone: self.timezone.or(other.timezone),
            email: if self.author.is_none() { self.email.or(other.email) } else { self.email },
            author: self.author.or(other.author),
            copyright: self.copyright.or(other.copyright),
            icon: self.icon.or(other.icon),
        }
    }

    /// Takes the author from a text or an object with name and email.
    pub fn with_author(mut self, author: Option<&Value>) -> Self {
        match author {
            Some(Value::String(name)) => self.author = Some(name.clone()),
            Some(Value::Object(_)) => {
                self.author = author.and_then(|author| word(author, &["name"]));
                self.email = author.and_then(|author| word(author, &["email"]));
            }
            Some(Value::Array(list)) => return self.with_author(list.first()),
            _ => {}
        }
        self
    }
}

/// An address that other people can open, with a slash at its end.
pub fn public_address(raw: &str) -> Option<String> {
    let mut url = link::parse_base(raw).ok()?;
    let host = url.host_str()?;
    if !host.contains('.') || host == "127.0.0.1" || host == "0.0.0.0" {
        return None;
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url.set_query(None);
    url.set_fragment(None);
    Some(url.into())
}

/// `vi_VN.UTF-8` and the like made a tag.
fn language_tag(raw: &str) -> Option<String> {
    language::canonical(&raw.split('.').next()?.replace('_', "-"))
}

/// The value under a path of names, which count in any case, as they do for Hugo.
pub fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| {
        let map = value.as_object()?;
        map.get(*name)
            .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
    })
}

/// The text under a path of names.
pub fn word(value: &Value, path: &[&str]) -> Option<String> {
    at(value, path)?.as_str().map(str::to_owned).filter(|word| !word.trim().is_empty())
}

/// The text that a script gives to a name: `site: 'https://…'`, `SITE_TITLE = "…"`. The script is not run: what it
/// computes is not found.
pub fn script_word(script: &str, name: &str) -> Option<String> {
    let pattern = format!(
        r#"(?m)^[^/#\n]*?\b{}["']?\s*[:=]\s*(?:"([^"\n]+)"|'([^'\n]+)'|`([^`$\n]+)`)"#,
        regex::escape(name)
    );
    let found = Regex::new(&pattern).ok()?.captures(script)?;
    let word = found.get(1).or_else(|| found.get(2)).or_else(|| found.get(3))?;
    Some(word.as_str().to_owned()).filter(|word| !word.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_read_without_being_run() {
        let script = "// site: 'https://no.example'\nexport default {\n  \"site\": \"https://a.example\",\n  base: `/x`,\n  n: 1, title: 'Có \"nháy\"' }\nSITE_TITLE = u'x'";
        assert_eq!(script_word(script, "site").as_deref(), Some("https://a.example"));
        assert_eq!(script_word(script, "base").as_deref(), Some("/x"));
        assert_eq!(script_word(script, "title").as_deref(), Some("Có \"nháy\""));
        assert_eq!(script_word(script, "n"), None);
    }

    #[test]
    fn only_what_can_be_used_counts() {
        let stated = Stated {
            title: Some(" Báo\n".into()),
            url: Some("https://a.example/b".into()),
            language: Some("vi_VN.UTF-8".into()),
            timezone: Some("Hà Nội".into()),
            ..Stated::default()
        };
        let usable = stated.usable();
        assert_eq!(usable.title.as_deref(), Some("Báo"));
        assert_eq!(usable.url.as_deref(), Some("https://a.example/b/"));
        assert_eq!(usable.language.as_deref(), Some("vi-VN"));
        assert_eq!(usable.timezone, None);
        for local in ["http://localhost:1313/", "http://127.0.0.1/", "/", "", "a.example"] {
            assert_eq!(public_address(local), None, "{local}");
        }
    }
}
