//! Text of feeds.toml in which variables of the environment are named: `Bearer ${TOKEN}`. Knows no environment: what
//! stands in for a name is handed in when the text is needed.

/// Text with names in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// As it is written: what messages may show.
    pub written: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Variable(String),
}

impl Phrase {
    /// Reads a text; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (literal, name) = (&rest[..at], &rest[at + 2..]);
            let end = name.find('}').ok_or_else(|| format!("`${{` without `}}` in `{text}`"))?;
            let (name, after) = (&name[..end], &name[end + 1..]);
            let is_name = !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !is_name {
                return Err(format!("`{name}` is no name of an environment variable"));
            }
            parts.push(Part::Literal(literal.to_owned()));
            parts.push(Part::Variable(name.to_owned()));
            rest = after;
        }
        parts.push(Part::Literal(rest.to_owned()));
        Ok(Self { written: text.to_owned(), parts })
    }

    /// The text with what `value` gives for every name.
    pub fn fill<E>(&self, mut value: impl FnMut(&str) -> Result<String, E>) -> Result<String, E> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Variable(name) => text.push_str(&value(name)?),
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn filled(text: &str) -> String {
        let filled = Phrase::parse(text).unwrap().fill(|name| Ok::<_, Infallible>(name.to_lowercase()));
        filled.unwrap_or_else(|never| match never {})
    }

    #[test]
    fn names_are_filled_in() {
        assert_eq!(filled("Bearer ${TOKEN}"), "Bearer token");
        assert_eq!(filled("${A}${B_2} $5 {x} ${C}"), "ab_2 $5 {x} c");
        assert_eq!(filled("nothing"), "nothing");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert_eq!(Phrase::parse("a ${TOKEN").unwrap_err(), "`${` without `}` in `a ${TOKEN`");
        assert_eq!(Phrase::parse("${}").unwrap_err(), "`` is no name of an environment variable");
        assert!(Phrase::parse("${1A}").is_err() && Phrase::parse("${A B}").is_err());
    }
}
