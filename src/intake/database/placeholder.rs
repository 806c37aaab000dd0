//! `:since` in a statement: found outside of texts, quoted names and comments, and replaced by what a database understands.

/// The name of the placeholder.
const SINCE: &str = ":since";

/// The parts of a statement between its `:since`.
fn parts(statement: &str) -> Vec<&str> {
    let bytes = statement.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let end_of = |from: usize, end: &str| {
        statement
            .get(from..)
            .and_then(|rest| rest.find(end))
            .map_or(bytes.len(), |found| from + found + end.len())
    };
    let mut parts = Vec::new();
    let (mut index, mut start) = (0, 0);
    while index < bytes.len() {
        index = match at(index) {
            // A doubled quotation mark ends one text and begins the next.
            quote @ (b'\'' | b'"' | b'`') => {
                let end = if quote == b'\'' {
                    "'"
                } else if quote == b'"' {
                    "\""
                } else {
                    "`"
                };
                end_of(index + 1, end)
            }
            b'-' if at(index + 1) == b'-' => end_of(index, "\n"),
            b'/' if at(index + 1) == b'*' => end_of(index + 2, "*/"),
            // PostgreSQL's $tag$ … $tag$.
            b'$' if index == 0 || !is_word(at(index - 1)) => {
                let rest = statement.get(index + 1..).unwrap_or_default();
                match rest.split_once('$') {
                    Some((tag, _))
                        if tag.bytes().all(is_word) && !tag.starts_with(|c: char| c.is_ascii_digit()) =>
                    {
                        let mark = format!("${tag}$");
                        end_of(index + mark.len(), &mark)
                    }
                    _ => index + 1,
                }
            }
            // PostgreSQL's casts have two colons.
            b':' if at(index + 1) == b':' => index + 2,
            b':' if bytes[index..].starts_with(SINCE.as_bytes()) && !is_word(at(index + SINCE.len())) => {
                parts.push(statement.get(start..index).unwrap_or_default());
                start = index + SINCE.len();
                start
            }
            _ => index + 1,
        };
    }
    parts.push(statement.get(start..).unwrap_or_default());
    parts
}

/// Whether `:since` stands in a statement.
pub(super) fn has_since(statement: &str) -> bool {
    parts(statement).len() > 1
}

/// The statement with something else in place of every `:since`.
pub(super) fn with_since(statement: &str, since: &str) -> String {
    parts(statement).join(since)
}

/// A statement without the semicolon at its end, so that it can stand in another one.
pub(super) fn without_end(statement: &str) -> &str {
    statement.trim_end_matches(|c: char| c == ';' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_placeholder_is_replaced() {
        for (statement, replaced) in [
            ("SELECT * FROM a WHERE b > :since", "SELECT * FROM a WHERE b > ?"),
            (":since::text = ':since'", "?::text = ':since'"),
            ("a = 'it''s :since' AND b > :since", "a = 'it''s :since' AND b > ?"),
            ("SELECT \":since\", `:since` -- :since\n, :since", "SELECT \":since\", `:since` -- :since\n, ?"),
            ("/* :since */ :sincere x::since", "/* :since */ :sincere x::since"),
            ("$$ :since $$, $a$ :since $b$ $a$, $1 :since", "$$ :since $$, $a$ :since $b$ $a$, $1 ?"),
            ("' :since", "' :since"),
            ("đ:since", "đ?"),
        ] {
            assert_eq!(with_since(statement, "?"), replaced);
            assert_eq!(has_since(statement), statement != replaced, "{statement}");
        }
        assert_eq!(without_end("SELECT 1 ;\n;  "), "SELECT 1");
    }
}
