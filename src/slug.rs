//! Slugs: the name of a category or section in paths, and what makes two spellings of a category one.
//!
//! Boundary: a function of the label alone; no clock, no configuration. The vectors in the tests are frozen: a changed
//! slug moves a feed to another address and takes its subscribers' feed away.
//!
//! Specification: [UAX #15](https://unicode.org/reports/tr15/) for NFKD.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest name of a folder in bytes. File systems take 255; temporary names beside it need room.
const LONGEST_NAME: usize = 200;

/// Names that the output itself uses beside the feeds' folders.
const RESERVED: [&str; 3] = ["assets", "index.html", "feeds.opml"];

/// Latin letters that do not decompose, as they are usually written in ASCII.
fn transliterate(c: char) -> Option<&'static str> {
    Some(match c {
        'đ' | 'ð' | 'ɖ' | 'ƌ' => "d",
        'ø' | 'ɔ' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'ł' | 'ƚ' => "l",
        'ı' | 'ɨ' => "i",
        'ȷ' | 'ɉ' => "j",
        'þ' => "th",
        'ħ' => "h",
        'ŋ' | 'ɲ' => "n",
        'ŧ' | 'ƭ' => "t",
        'ĸ' | 'ƙ' => "k",
        'ƀ' | 'ɓ' => "b",
        'ɗ' => "d",
        'ɛ' | 'ǝ' | 'ə' | 'ɇ' => "e",
        'ǥ' | 'ɠ' => "g",
        'ƒ' => "f",
        'ʉ' => "u",
        'ƶ' => "z",
        'ƴ' | 'ɏ' => "y",
        'ɍ' => "r",
        _ => return None,
    })
}

/// What the last character written was: it decides what becomes of the marks that follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Latin,
    OtherLetter,
}

/// The slug of a label: lower case, `a-z0-9` with single hyphens between, accents dropped, đ as d. Two labels name the
/// same category exactly when their slugs are equal.
///
/// Letters of other scripts (`ລາວ`, `中文`) stay as they are, lower case and in NFC, with the vowel signs that belong to
/// them: dropping them would make different labels one. A label with no letter or digit at all (`***`) becomes the
/// code points of what it has (`u2a-2a-2a`); only one that is empty or white space has an empty slug.
/// `slugify(slugify(x)) == slugify(x)`.
///
/// ```
/// use bantin::slug::slugify;
/// assert_eq!(slugify("Văn hoá – Xã hội"), "van-hoa-xa-hoi");
/// assert_eq!(slugify("VĂN HÓA - XÃ HỘI"), "van-hoa-xa-hoi");
/// ```
pub fn slugify(label: &str) -> String {
    let label = crate::text::clean(label);
    let mut slug = String::with_capacity(label.len());
    let mut last = Last::Nothing;
    for c in label.nfkd().flat_map(char::to_lowercase) {
        if is_combining_mark(c) {
            if last == Last::OtherLetter {
                slug.push(c);
            }
        } else if c.is_ascii_alphanumeric() {
            slug.push(c);
            last = Last::Latin;
        } else if let Some(ascii) = transliterate(c) {
            slug.push_str(ascii);
            last = Last::Latin;
        } else if c == 'ς' {
            slug.push('σ');
            last = Last::OtherLetter;
        } else if c.is_alphanumeric() {
            slug.push(c);
            last = Last::OtherLetter;
        } else {
            if last != Last::Nothing {
                slug.push('-');
            }
            last = Last::Nothing;
        }
    }
    if slug.ends_with('-') {
        slug.pop();
    }
    if slug.is_empty() {
        return code_points(label.trim());
    }
    slug.nfc().collect()
}

/// A name for a label of symbols alone: `u` and the code points in hexadecimal.
fn code_points(symbols: &str) -> String {
    let points: Vec<String> = symbols.chars().map(|c| format!("{:x}", u32::from(c))).collect();
    if points.is_empty() { String::new() } else { format!("u{}", points.join("-")) }
}

/// Whether a slug may be the name of a folder in the output, on any system and in any URL; if not, why.
pub fn plain_name(slug: &str) -> Result<(), &'static str> {
    if slug.is_empty() {
        return Err("is empty");
    }
    if slug.contains(['/', '\\']) {
        return Err("contains a path separator");
    }
    if slug == "." || slug == ".." {
        return Err("names a folder above or itself");
    }
    if slug.starts_with('.') {
        return Err("begins with a dot, which hides it");
    }
    if slug.ends_with('.') {
        return Err("ends with a dot, which Windows drops");
    }
    if slug.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("contains white space or a control character");
    }
    if slug.contains(['<', '>', ':', '"', '|', '?', '*']) {
        return Err("contains one of < > : \" | ? *, which some file systems refuse");
    }
    if slug.len() > LONGEST_NAME {
        return Err("is longer than 200 bytes");
    }
    if is_device(slug) {
        return Err("is the name of a device on Windows");
    }
    if RESERVED.iter().any(|name| slug.eq_ignore_ascii_case(name)) {
        return Err("is a name the output uses itself");
    }
    Ok(())
}

/// Windows takes `con`, `con.txt` and `CON` for the console.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    if matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$") {
        return true;
    }
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    numbered.is_some_and(|n| {
        matches!(n, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Frozen: a feed lives at its slug. To change a line here is to move feeds and lose their subscribers.
    #[test]
    fn frozen_slugs() {
        for (label, slug) in [
            ("Văn hoá – Xã hội", "van-hoa-xa-hoi"),
            ("VĂN HÓA - XÃ HỘI", "van-hoa-xa-hoi"),
            ("van-hoa-xa-hoi", "van-hoa-xa-hoi"),
            ("Thời sự - Chính trị", "thoi-su-chinh-tri"),
            ("Tho\u{31B}\u{300}i su\u{323}\u{31B}", "thoi-su"),
            ("Đất & Người Đắk Lắk", "dat-nguoi-dak-lak"),
            ("  Tin   24h!  ", "tin-24h"),
            ("Kinh tế/Thị trường", "kinh-te-thi-truong"),
            ("Ẩm thực", "am-thuc"),
            ("ＴＩＮ ①", "tin-1"),
            (
                "Smørrebrød Æble Œuvre Straße Łódź Isparta Irmakı Þór Ðorđe",
                "smorrebrod-aeble-oeuvre-strasse-lodz-isparta-irmaki-thor-dorde",
            ),
            ("İstanbul", "istanbul"),
            ("ລາວ", "ລາວ"),
            ("ຂ່າວ ປະຈຳວັນ", "ຂ່າວ-ປະຈໍາວັນ"),
            ("中文 新闻", "中文-新闻"),
            ("Новости Йода", "новости-йода"),
            ("العربية", "العربية"),
            ("Ελλάδα ΟΔΟΣ", "ελλάδα-οδοσ"),
            ("हिन्दी", "हिन्दी"),
            ("***", "u2a-2a-2a"),
            ("🌧️", "u1f327-fe0f"),
            ("-", "u2d"),
            ("", ""),
            (" \n", ""),
        ] {
            assert_eq!(slugify(label), slug, "{label}");
        }
    }

    #[test]
    fn plain_names() {
        for good in ["van-hoa-xa-hoi", "ລາວ", "a.b", "console", "com10", "feeds", "a".repeat(200).as_str()]
        {
            assert_eq!(plain_name(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            ".git",
            "a/b",
            "a\\b",
            "a b",
            "a\u{A0}b",
            "a\nb",
            "a\u{85}b",
            "a:b",
            "a?",
            "*",
            "<a>",
            "a|b",
            "a\"b",
            "con",
            "NUL",
            "com1",
            "LPT9.txt",
            "com¹",
            "aux.html",
            "assets",
            "Index.html",
            "feeds.opml",
            "a.",
            "a".repeat(201).as_str(),
        ] {
            assert!(plain_name(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn a_slug_is_its_own_slug(label in crate::text::tests::rough()) {
            let slug = slugify(&label);
            prop_assert_eq!(slugify(&slug), slug.clone());
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"), "{slug:?}");
            prop_assert_eq!(slug.is_empty(), crate::text::clean(&label).trim().is_empty());
        }

        #[test]
        fn a_slug_of_some_label_is_a_plain_name(label in any::<String>()) {
            let slug = slugify(&label);
            prop_assume!(!slug.is_empty() && slug.len() <= LONGEST_NAME && !is_device(&slug) && slug != "assets");
            prop_assert_eq!(plain_name(&slug), Ok(()));
        }

        #[test]
        fn case_and_composition_do_not_count(label in "[a-zđăơưà-ýạ-ỹ0-9 –-]{0,30}") {
            let decomposed: String = label.nfd().collect();
            prop_assert_eq!(slugify(&decomposed), slugify(&label));
            if label.chars().any(char::is_alphanumeric) {
                prop_assert_eq!(slugify(&label.to_uppercase()), slugify(&label));
            }
        }
    }
}
