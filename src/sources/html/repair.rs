//! JSON as web pages have it in their scripts, made JSON: wrapped in comments or CDATA, with line breaks inside texts,
//! commas before closing brackets, comments, escapes that JSON does not know.
//!
//! Only what could not be read as it stands is repaired. Linear in its length. Specifications:
//! [JSON-LD, embedding in HTML](https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents), [RFC
//! 8259](https://www.rfc-editor.org/rfc/rfc8259).

use serde_json::Value;

/// The values of a script: one, or several after another.
pub fn values(script: &str) -> Result<Vec<Value>, serde_json::Error> {
    if let Ok(value) = serde_json::from_str(script) {
        return Ok(vec![value]);
    }
    let script = unwrapped(script);
    // A text that was escaped as a whole has no quotation mark left.
    let unescaped = (!script.contains('"') && script.contains("&quot;")).then(|| htmlize::unescape(script));
    let repaired = repaired(unescaped.as_deref().unwrap_or(script));
    serde_json::Deserializer::from_str(&repaired).into_iter().collect()
}

/// The script without the comment or CDATA section around it.
fn unwrapped(script: &str) -> &str {
    let mut script = script.trim_start_matches('\u{FEFF}').trim();
    loop {
        let inner = [
            "<!--",
            "//<![CDATA[",
            "// <![CDATA[",
            "/*<![CDATA[*/",
            "/* <![CDATA[ */",
            "<![CDATA[",
            "//-->",
            "//<!--",
        ]
        .iter()
        .find_map(|mark| script.strip_prefix(mark))
        .unwrap_or(script);
        let inner = ["//-->", "// -->", "-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", ";"]
            .iter()
            .find_map(|mark| inner.trim_end().strip_suffix(mark))
            .unwrap_or(inner)
            .trim();
        if inner.len() == script.len() {
            return script;
        }
        script = inner;
    }
}

/// JSON of what nearly is.
fn repaired(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    let mut in_string = false;
    while let Some(c) = rest.next() {
        if in_string {
            match c {
                '"' => {
                    in_string = false;
                    out.push('"');
                }
                '\\' => match rest.next() {
                    Some(known @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                        out.extend(['\\', known])
                    }
                    Some('u') => out.push_str(&unicode_escape(&mut rest)),
                    // `\'` of JavaScript; a line that goes on.
                    Some(quote @ '\'') => out.push(quote),
                    Some('\n' | '\r') => {}
                    Some(other) => {
                        out.push_str("\\\\");
                        push_in_string(&mut out, other);
                    }
                    None => {}
                },
                other => push_in_string(&mut out, other),
            }
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push('"');
            }
            '/' if rest.peek() == Some(&'/') => {
                rest.by_ref().find(|c| *c == '\n');
            }
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                let mut before = ' ';
                rest.by_ref().find(|c| std::mem::replace(&mut before, *c) == '*' && *c == '/');
            }
            '}' | ']' => {
                let end = out.trim_end().len();
                if out[..end].ends_with(',') {
                    out.truncate(end - 1);
                }
                out.push(c);
            }
            // Two commas, where a system left out a value.
            ',' if out.trim_end().ends_with([',', '[', '{']) => {}
            // One blank is enough, and keeps looking back short.
            c if c == ';' || c.is_whitespace() || c.is_control() || c == '\u{FEFF}' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out
}

fn push_in_string(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => {}
        '\t' => out.push_str("\\t"),
        c if u32::from(c) < 0x20 => {}
        c => out.push(c),
    }
}

/// What follows `\u`, as JSON can carry it: a pair of surrogates, a character, or nothing where it is half of a pair.
fn unicode_escape(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let mut unit = || {
        let mut digits = String::new();
        while digits.len() < 4
            && let Some(digit) = rest.next_if(char::is_ascii_hexdigit)
        {
            digits.push(digit);
        }
        (digits.len() == 4).then(|| u16::from_str_radix(&digits, 16).unwrap_or_default())
    };
    let Some(first) = unit() else { return String::new() };
    if !(0xD800..=0xDBFF).contains(&first) {
        return if (0xDC00..=0xDFFF).contains(&first) { String::new() } else { format!("\\u{first:04x}") };
    }
    let mut ahead = rest.clone();
    if ahead.next() != Some('\\') || ahead.next() != Some('u') {
        return String::new();
    }
    let second: String = ahead.take(4).collect();
    match u16::from_str_radix(&second, 16) {
        Ok(second @ 0xDC00..=0xDFFF) => {
            rest.nth(5);
            format!("\\u{first:04x}\\u{second:04x}")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_pages_have_is_read() {
        for (script, value) in [
            ("{\"a\": 1}", json!([{"a": 1}])),
            ("<!-- {\"a\": 1} -->", json!([{"a": 1}])),
            ("//<![CDATA[\n{\"a\": 1}\n//]]>", json!([{"a": 1}])),
            ("/* <![CDATA[ */ {\"a\": 1}; /* ]]> */", json!([{"a": 1}])),
            ("{\"a\": \"một\nhai\r\n\tba\u{b}\"}", json!([{"a": "một\nhai\n\tba"}])),
            ("{\"a\": [1, 2, ], }", json!([{"a": [1, 2]}])),
            ("{\"a\": [,1,,2]}", json!([{"a": [1, 2]}])),
            (
                "{\"a\": \"x, ]\", // b }\n \"c\": \"http://x/\" /* , */}",
                json!([{"a": "x, ]", "c": "http://x/"}]),
            ),
            (r#"{"a": "it\'s \x \d",}"#, json!([{"a": "it's \\x \\d"}])),
            (r#"{"a": "\ud83d\ude00 \ud83d \ude00 \u12 ộ",}"#, json!([{"a": "😀    ộ"}])),
            ("{\"a\": 1}\n{\"b\": 2};", json!([{"a": 1}, {"b": 2}])),
            ("{&quot;a&quot;: &quot;x&quot;}", json!([{"a": "x"}])),
            ("\u{FEFF}[]", json!([[]])),
            ("", json!([])),
        ] {
            assert_eq!(Value::from(values(script).unwrap()), value, "{script}");
        }
        assert!(values("{\"a\": \"x\" y\"}").is_err());
        assert!(values(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn hostile_scripts_are_read_in_linear_time() {
        for unit in ["\\", "\"\\ud83d", "/*", "//", ",", ", ", "]", "\"\\u", "<!--", ";", "-->"] {
            let script = unit.repeat(300_000);
            let started = std::time::Instant::now();
            let _ = values(&script);
            assert!(started.elapsed().as_secs() < 20, "{unit}");
        }
    }
}
