//! Language tags as of BCP 47 (RFC 5646), as far as their form goes.

/// The tag in its usual spelling (`vi`, `en-GB`, `zh-Hant`); `None` where it is no language tag.
pub fn canonical(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let mut parts = Vec::new();
    for (index, part) in tag.split('-').enumerate() {
        let form = part.chars().all(|c| c.is_ascii_alphanumeric()) && (1..=8).contains(&part.len());
        let primary = index > 0
            || (part.len() >= 2 && part.chars().all(|c| c.is_ascii_alphabetic()))
            || part.eq_ignore_ascii_case("x");
        if !form || !primary {
            return None;
        }
        // RFC 5646 §2.1.1: regions in capitals, scripts with a capital, the rest small.
        parts.push(match (index, part.len()) {
            (1.., 2) => part.to_ascii_uppercase(),
            (1.., 4) if part.chars().all(|c| c.is_ascii_alphabetic()) => {
                let lower = part.to_ascii_lowercase();
                lower[..1].to_ascii_uppercase() + &lower[1..]
            }
            _ => part.to_ascii_lowercase(),
        });
    }
    Some(parts.join("-"))
}

/// Whether something in the language `tag` is wanted where `range` is: `en` takes in `en-GB` (RFC 4647 §3.3.1).
pub fn matches(range: &str, tag: &str) -> bool {
    let (range, tag) = (range.to_ascii_lowercase(), tag.to_ascii_lowercase());
    tag.strip_prefix(&range).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_spelt_as_usual() {
        for (tag, canonical_tag) in
            [("VI", "vi"), ("en_gb", "en-GB"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")]
        {
            assert_eq!(canonical(tag).as_deref(), Some(canonical_tag));
        }
        for tag in ["", "v", "Tiếng Việt", "vietnamese1", "en-", "12"] {
            assert_eq!(canonical(tag), None, "{tag}");
        }
    }

    #[test]
    fn a_language_takes_in_its_variants() {
        assert!(
            matches("en", "en-GB")
                && matches("en-GB", "EN-gb")
                && !matches("en-GB", "en")
                && !matches("e", "en")
        );
    }
}
