//! What stands in variables of the environment, for the addresses and headers that name them: keys and passwords that do not
//! belong in a file. Nothing else in the program reads the environment. What was read is taken out of every message.

use crate::plan::Phrase;

/// A variable that an address or a header names, and that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VariableError {
    #[error("the environment variable {0} is not set")]
    Missing(String),
    #[error("the environment variable {0} holds what cannot be sent")]
    Unfit(String),
}

/// Values that were read: what must not be told.
#[derive(Debug, Clone, Default)]
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// The text as it is sent in a header.
    pub fn header(&mut self, phrase: &Phrase) -> Result<String, VariableError> {
        phrase.fill(|name| self.value(name))
    }

    /// The text as it is sent in an address: values are escaped, so that none can be more than the part that it stands in.
    pub fn address(&mut self, phrase: &Phrase) -> Result<String, VariableError> {
        phrase.fill(|name| Ok(escaped(&self.value(name)?)))
    }

    fn value(&mut self, name: &str) -> Result<String, VariableError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "feeds.toml names the variable, and only for what is sent"
        )]
        let value = std::env::var(name).map_err(|error| match error {
            std::env::VarError::NotPresent => VariableError::Missing(name.to_owned()),
            std::env::VarError::NotUnicode(_) => VariableError::Unfit(name.to_owned()),
        })?;
        let value = value.trim().to_owned();
        if value.is_empty() {
            return Err(VariableError::Missing(name.to_owned()));
        }
        if value.contains(char::is_control) {
            return Err(VariableError::Unfit(name.to_owned()));
        }
        if self.0.iter().all(|(known, _)| known != name) {
            self.0.push((name.to_owned(), value.clone()));
            // What holds another is taken out before it.
            self.0.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        }
        Ok(value)
    }

    /// The text with `${NAME}` in place of what the variable holds.
    pub fn hide(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.0 {
            for spelt in [value.clone(), escaped(value)] {
                text = text.replace(&spelt, &format!("${{{name}}}"));
            }
        }
        text
    }

    /// The address that [`Secrets::hide`] was given.
    pub fn reveal(&self, hidden: &str) -> String {
        self.0.iter().fold(hidden.to_owned(), |text, (name, value)| {
            text.replace(&format!("${{{name}}}"), &escaped(value))
        })
    }
}

/// Text as a part of an address (RFC 3986 §2.1): everything but the unreserved characters is escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_hidden() {
        let secrets = Secrets(vec![("LONG".into(), "a/b c".into()), ("KEY".into(), "a/b".into())]);
        assert_eq!(secrets.hide("x?k=a%2Fb&l=a/b c"), "x?k=${KEY}&l=${LONG}");
        assert_eq!(secrets.reveal("x?k=${KEY}"), "x?k=a%2Fb");
    }

    #[test]
    fn what_is_not_set_is_named() {
        let phrase = Phrase::parse("Bearer ${BANTIN_NEVER_SET}").unwrap();
        let missing = VariableError::Missing("BANTIN_NEVER_SET".to_owned());
        assert_eq!(Secrets::default().header(&phrase), Err(missing));
    }
}
