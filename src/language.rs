//! Language tags as of BCP 47 (RFC 5646): their form, and whether a language of two letters is registered.

/// ISO 639-1, sorted: the two-letter languages that are registered. Codes of countries are none: Vietnamese is `vi`, not `vn`.
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id \
    ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li \
    ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa \
    pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th \
    ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The tag in its usual spelling (`vi`, `en-GB`, `zh-Hant`); `None` where it is no language tag.
pub fn canonical(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let mut parts = Vec::new();
    for (index, part) in tag.split('-').enumerate() {
        let form = part.chars().all(|c| c.is_ascii_alphanumeric()) && (1..=8).contains(&part.len());
        if !form || (index == 0 && !is_language(part)) {
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
    // `x` announces a tag of one's own, and is none.
    let tag = parts.join("-");
    (tag != "x").then_some(tag)
}

/// Whether a tag can begin with it. RFC 5646 §2.2.1 leaves four letters and more without a meaning.
fn is_language(part: &str) -> bool {
    match part.len() {
        1 => part.eq_ignore_ascii_case("x"),
        2 => TWO_LETTERS.split(' ').any(|known| part.eq_ignore_ascii_case(known)),
        3 => part.chars().all(|c| c.is_ascii_alphabetic()),
        _ => false,
    }
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
        for (tag, canonical_tag) in [
            ("VI", "vi"),
            ("en_gb", "en-GB"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("lao", "lao"),
            ("X-Khmuic", "x-khmuic"),
        ] {
            assert_eq!(canonical(tag).as_deref(), Some(canonical_tag));
        }
        for tag in ["", "v", "x", "Tiếng Việt", "vietnamese", "vn", "xx", "en-", "12", "e1"] {
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
