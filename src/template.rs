//! Words with fields in braces: `https://example.vn/{id}.html`.

use std::fmt;

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Field(String),
}

/// Why a template cannot be used or filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("a brace that is not closed in `{0}`")]
    Unclosed(String),
    #[error("a brace that is not opened in `{0}`")]
    Unopened(String),
    #[error("braces without a field's name in `{0}`")]
    Nameless(String),
    #[error("the template names {{{0}}}, which this record does not have")]
    Missing(String),
}

impl Template {
    /// Whether a field stands in it.
    pub fn names(&self, field: &str) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Field(name) if name == field))
    }

    /// Reads a template; `{{` and `}}` are braces themselves.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let after = &rest[at + 1..];
            if let Some(doubled) = after.strip_prefix(brace) {
                literal.push_str(brace);
                rest = doubled;
            } else if brace == "}" {
                return Err(TemplateError::Unopened(text.to_owned()));
            } else {
                let (name, after) =
                    after.split_once('}').ok_or_else(|| TemplateError::Unclosed(text.to_owned()))?;
                let name = name.trim();
                if name.is_empty() || name.contains('{') {
                    return Err(TemplateError::Nameless(text.to_owned()));
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Field(name.to_owned()));
                rest = after;
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self(pieces))
    }

    /// The text with every field's value in place. With a field that is there but empty goes the slash behind it:
    /// `{categories}/{slug}` of an article without categories is its slug.
    pub fn fill(&self, mut value: impl FnMut(&str) -> Option<String>) -> Result<String, TemplateError> {
        let mut text = String::new();
        let mut after_nothing = false;
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => {
                    text.push_str(literal.strip_prefix('/').filter(|_| after_nothing).unwrap_or(literal));
                    after_nothing = false;
                }
                Piece::Field(name) => {
                    let filled = value(name).ok_or_else(|| TemplateError::Missing(name.clone()))?;
                    after_nothing = filled.is_empty();
                    text.push_str(&filled);
                }
            }
        }
        Ok(text)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => f.write_str(literal)?,
                Piece::Field(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_in() {
        let template = Template::parse("https://a.vn/{year}/{id}.html").unwrap();
        let filled = template.fill(|name| (name != "x").then(|| format!("<{name}>")));
        assert_eq!(filled.unwrap(), "https://a.vn/<year>/<id>.html");
        assert_eq!(template.to_string(), "https://a.vn/{year}/{id}.html");
    }

    #[test]
    fn braces_can_be_written() {
        assert_eq!(Template::parse("a{{b}}c").unwrap().fill(|_| None).unwrap(), "a{b}c");
    }

    #[test]
    fn the_slash_goes_with_an_empty_field() {
        let template = Template::parse("/{categories}/{year}/{slug}/").unwrap();
        let filled = |categories: &str| {
            template
                .fill(|name| Some(if name == "categories" { categories } else { "x" }.to_owned()))
                .unwrap()
        };
        assert_eq!(filled("a/b"), "/a/b/x/x/");
        assert_eq!(filled(""), "/x/x/");
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(Template::parse("a{b"), Err(TemplateError::Unclosed("a{b".into())));
        assert_eq!(Template::parse("a}b"), Err(TemplateError::Unopened("a}b".into())));
        assert_eq!(Template::parse("a{}b"), Err(TemplateError::Nameless("a{}b".into())));
        let missing = Template::parse("{nope}").unwrap().fill(|_| None).unwrap_err();
        assert_eq!(missing.to_string(), "the template names {nope}, which this record does not have");
    }
}
