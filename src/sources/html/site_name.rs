//! Titles without the newspaper's name, which pages put before or behind them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands between a title and the newspaper's name.
const SEPARATORS: &[&str] =
    &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " ‹ ", " › ", " ~ ", "｜"];

/// Those of them that stand in no title otherwise.
const TELLING: &[&str] = &[" | ", " :: ", " » ", " « ", " ‹ ", " › ", "｜"];

/// The letters and digits of a text, without case and accents: `Báo Sơn La` and `baosonla` are one.
pub fn letters(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The names by which a newspaper goes.
#[derive(Debug, Default)]
pub struct Names(Vec<String>);

impl Names {
    /// Of its names as pages state them, and of the host of its pages.
    pub fn new<'a>(stated: impl Iterator<Item = &'a str>, host: Option<&'a str>) -> Self {
        // `thethao.bao.com.vn` goes by each of its parts, but for those that every address has.
        let parts = host.into_iter().flat_map(|host| {
            let parts = host
                .split('.')
                .filter(|part| !["www", "amp", "com", "net", "org", "gov", "edu"].contains(part));
            parts.chain(std::iter::once(host))
        });
        let mut names: Vec<String> =
            stated.chain(parts).map(letters).filter(|name| name.chars().count() >= 3).collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// Whether a text names the newspaper, perhaps with a section of it: `Báo VnExpress Kinh doanh`.
    pub fn is_site(&self, text: &str) -> bool {
        let text = letters(text);
        self.0.iter().any(|name| text == *name || (name.chars().count() >= 4 && text.contains(name.as_str())))
    }

    /// Whether a text is one of the names.
    pub fn is_exactly(&self, text: &str) -> bool {
        let text = letters(text);
        self.0.contains(&text)
    }

    /// The title without the newspaper's name behind or before it. Where `sure`, what stands behind a bar is its name.
    pub fn off<'t>(&self, title: &'t str, sure: bool) -> &'t str {
        let mut title = title.trim();
        // Often a section stands between: `Tin | Thời sự | Báo`.
        for _ in 0..3 {
            let last = SEPARATORS
                .iter()
                .filter_map(|mark| Some((title.rfind(mark)?, *mark)))
                .max_by_key(|(at, mark)| (*at, mark.len()));
            let first = SEPARATORS
                .iter()
                .filter_map(|mark| Some((title.find(mark)?, *mark)))
                .min_by_key(|(at, mark)| (*at, usize::MAX - mark.len()));
            let (before, after) = match (last, first) {
                (Some((end, mark)), Some((start, other))) => (
                    (&title[..end], &title[end + mark.len()..], mark),
                    (&title[..start], &title[start + other.len()..]),
                ),
                _ => return title,
            };
            let (head, tail, mark) = before;
            let tail_is_site = self.is_site(tail) && tail.chars().count() <= 60;
            let rest = if !head.trim().is_empty() && (tail_is_site || (sure && TELLING.contains(&mark))) {
                head.trim()
            } else if !after.1.trim().is_empty() && self.is_exactly(after.0) {
                after.1.trim()
            } else {
                return title;
            };
            title = rest;
        }
        title
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newspapers_name_comes_off() {
        let names = Names::new(["Báo Sơn La"].into_iter(), Some("www.baosonla.vn"));
        for (title, plain) in [
            ("Mưa lớn - Báo Sơn La", "Mưa lớn"),
            ("Mưa lớn | Thời sự | BÁO SƠN LA điện tử", "Mưa lớn | Thời sự"),
            ("Báo Sơn La – Mưa lớn", "Mưa lớn"),
            ("Mưa lớn - lũ về", "Mưa lớn - lũ về"),
            ("Báo Sơn La", "Báo Sơn La"),
            (" - Báo Sơn La", "- Báo Sơn La"),
            ("Đến thăm Báo Sơn La - ngày hội", "Đến thăm Báo Sơn La - ngày hội"),
        ] {
            assert_eq!(names.off(title, false), plain, "{title}");
        }
        assert_eq!(names.off("Mưa lớn | Thời sự | Báo Sơn La", true), "Mưa lớn");
        assert_eq!(Names::default().off("Mưa lớn - lũ về | Tin", true), "Mưa lớn - lũ về");
        let host = Names::new(std::iter::empty(), Some("vnexpress.net"));
        assert_eq!(host.off("Giá dầu - Báo VnExpress Kinh doanh", false), "Giá dầu");
        let names = Names::new(["日刊新聞"].into_iter(), None);
        assert_eq!(names.off("大雨の被害｜日刊新聞", false), "大雨の被害");
    }
}
