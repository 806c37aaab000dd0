//! The words of the pages, in the languages that they speak.
//!
//! A language is a [`Words`] in [`LANGUAGES`]; a new field is a compile error in every one of them until it is
//! translated. Language tags are those of BCP 47 (RFC 5646).

use chrono::{DateTime, FixedOffset, NaiveDate};

/// What a page says in one language. Words are plain text; the functions take what stands in the middle of them.
#[derive(Debug)]
pub(super) struct Words {
    /// The language's primary subtag.
    pub language: &'static str,
    /// The first link of a page, for those who do not see it.
    pub skip: &'static str,
    /// What the links at the top of a page are, for those who do not see them.
    pub navigation: &'static str,
    /// The heading of the page of every feed.
    pub feeds: &'static str,
    /// What a feed is, for those who have never heard of one.
    pub explanation: &'static str,
    pub subscribe: &'static str,
    /// Leads from a feed to all of them.
    pub all: &'static str,
    /// How to subscribe, above the address of one feed.
    pub copy: &'static str,
    /// How to subscribe, on the page of every feed.
    pub choose: &'static str,
    /// Opens the addresses of the formats that need not be known.
    pub other_formats: &'static str,
    /// On the button that copies an address.
    pub copy_button: &'static str,
    /// On it when that is done.
    pub copied: &'static str,
    /// Stands before the readers that open the feed.
    pub open_with: &'static str,
    /// Opens the feed in the reader on this device.
    pub application: &'static str,
    /// Heads the plot of articles by day.
    pub by_day: &'static str,
    /// Opens the figures of a plot.
    pub table: &'static str,
    pub date: &'static str,
    /// Heads numbers of articles.
    pub count: &'static str,
    /// Heads the newest articles of a feed.
    pub newest_articles: &'static str,
    /// Stands before the title of a feed's newest article.
    pub newest: &'static str,
    /// Stands before the moment of a feed's newest change.
    pub updated: &'static str,
    /// Stands before the names of an article's authors, for those who do not see that they are names.
    pub authors: &'static str,
    /// Stands before the files that go with an article.
    pub attachments: &'static str,
    pub nothing: &'static str,
    /// What a feed of every article is called.
    pub latest: &'static str,
    /// Leads to the newspaper's page that a feed is of.
    pub home: &'static str,
    /// Leads to the newspaper's front page, from a feed that is of everything.
    pub front: &'static str,
    /// Leads to the list of feeds that reader applications import.
    pub import: &'static str,
    /// What that list is for.
    pub import_explanation: &'static str,
    /// How many articles there are.
    pub articles: fn(usize) -> String,
    /// How many articles the page leaves to the feed.
    pub more: fn(usize) -> String,
    /// A day as people write it.
    pub day: fn(&NaiveDate) -> String,
    /// What a plot of articles by day shows: from the first day to the last, so many on the day with the most.
    pub by_day_text: fn(&str, &str, usize) -> String,
    /// Why the first day of a plot may have had more articles: what is older is not in the feed.
    pub by_day_part: fn(&str) -> String,
    /// How many articles of a day are known, where there may have been more.
    pub at_least: fn(usize) -> String,
    /// A date and time as people write them, at the offset that it carries.
    pub moment: fn(&DateTime<FixedOffset>) -> String,
}

/// Every language that the pages speak.
pub(super) const LANGUAGES: &[&Words] = &[&VIETNAMESE, &ENGLISH];

const VIETNAMESE: Words = Words {
    language: "vi",
    skip: "Đến phần nội dung chính",
    navigation: "Điều hướng",
    feeds: "Kênh tin RSS",
    explanation: "Kênh tin RSS là một địa chỉ mà ứng dụng đọc tin theo dõi giúp bạn: chỉ cần đăng ký một lần, bài mới sẽ tự đến \
                  với bạn, không cần tài khoản, thư điện tử hay mạng xã hội.",
    subscribe: "Đăng ký theo dõi",
    all: "Tất cả các kênh",
    copy: "Sao chép địa chỉ dưới đây, rồi dán vào mục thêm kênh của ứng dụng đọc tin.",
    choose: "Mở kênh bạn quan tâm, sao chép địa chỉ của kênh, rồi dán vào mục thêm kênh của ứng dụng đọc tin.",
    other_formats: "Định dạng khác",
    copy_button: "Sao chép",
    copied: "Đã sao chép",
    open_with: "Hoặc mở ngay bằng:",
    application: "Ứng dụng đọc tin trên máy này",
    by_day: "Số bài trong kênh theo ngày",
    table: "Xem bảng số liệu",
    date: "Ngày",
    count: "Số bài",
    newest_articles: "Bài mới nhất",
    newest: "Mới nhất:",
    updated: "Cập nhật",
    authors: "Tác giả:",
    attachments: "Tệp đính kèm:",
    nothing: "Chưa có bài nào.",
    latest: "Tin mới",
    home: "Xem chuyên mục trên trang báo",
    front: "Đến trang chủ của báo",
    import: "Tải danh sách mọi kênh (OPML)",
    import_explanation: "Ứng dụng đọc tin nhập tệp này để đăng ký tất cả các kênh cùng một lúc.",
    articles: |count| format!("{} bài", grouped(count, '.')),
    more: |count| format!("Còn {} bài nữa trong kênh tin.", grouped(count, '.')),
    day: |day| day.format("%-d/%-m/%Y").to_string(),
    by_day_text: |first, last, most| {
        format!("Từ {first} đến {last}; ngày nhiều nhất có {} bài.", grouped(most, '.'))
    },
    by_day_part: |first| {
        format!("Kênh chỉ giữ những bài mới nhất, nên số bài của ngày {first} có thể chưa đủ.")
    },
    at_least: |count| format!("ít nhất {} bài", grouped(count, '.')),
    moment: |moment| moment.format("%-d/%-m/%Y %H:%M").to_string(),
};

const ENGLISH: Words = Words {
    language: "en",
    skip: "Skip to the main content",
    navigation: "Navigation",
    feeds: "Web feeds",
    explanation: "A feed is an address that a news reader app watches for you: subscribe once, and new articles come to you \
                  by themselves, without an account, e-mail or social media.",
    subscribe: "Subscribe",
    all: "All feeds",
    copy: "Copy this address, and paste it where your news reader app adds a feed.",
    choose: "Open a feed that interests you, copy its address, and paste it where your news reader app adds a feed.",
    other_formats: "Other formats",
    copy_button: "Copy",
    copied: "Copied",
    open_with: "Or open it directly in:",
    application: "The news reader on this device",
    by_day: "Articles in this feed, by day",
    table: "Show the figures",
    date: "Day",
    count: "Articles",
    newest_articles: "Newest articles",
    newest: "Newest:",
    updated: "Updated",
    authors: "By",
    attachments: "Attachments:",
    nothing: "No articles yet.",
    latest: "Latest",
    home: "Read this section on the site",
    front: "Go to the front page",
    import: "Download the list of every feed (OPML)",
    import_explanation: "News reader apps import this file to subscribe to all the feeds at once.",
    articles: |count| {
        if count == 1 { "1 article".into() } else { format!("{} articles", grouped(count, ',')) }
    },
    more: |count| match count {
        1 => "1 more article is in the feed.".into(),
        _ => format!("{} more articles are in the feed.", grouped(count, ',')),
    },
    day: |day| day.format("%-d %B %Y").to_string(),
    by_day_text: |first, last, most| {
        format!("From {first} to {last}; {} on the busiest day.", grouped(most, ','))
    },
    by_day_part: |first| {
        format!("The feed holds the newest articles only: there may have been more on {first}.")
    },
    at_least: |count| format!("at least {}", (ENGLISH.articles)(count)),
    moment: |moment| moment.format("%-d %B %Y, %H:%M").to_string(),
};

/// The words of that language, or none where the pages do not speak it.
pub(super) fn spoken(language: &str) -> Option<&'static Words> {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.iter().find(|words| words.language.eq_ignore_ascii_case(primary)).copied()
}

/// The words of the first of those languages that the pages speak, or else English ones.
pub(super) fn of(languages: &[&str]) -> &'static Words {
    languages.iter().find_map(|language| spoken(language)).unwrap_or(&ENGLISH)
}

/// The number with its thousands set apart.
fn grouped(number: usize, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that a language says. The pattern is exhaustive: a field that is not walked does not compile.
    fn walk(words: &Words, moment: &DateTime<FixedOffset>) -> Vec<(&'static str, String)> {
        let Words {
            language,
            skip,
            navigation,
            feeds,
            explanation,
            subscribe,
            all,
            copy,
            choose,
            other_formats,
            copy_button,
            copied,
            open_with,
            application,
            by_day,
            table,
            date,
            count,
            newest_articles,
            newest,
            updated,
            authors,
            attachments,
            nothing,
            latest,
            home,
            front,
            import,
            import_explanation,
            articles,
            more,
            day,
            by_day_text,
            by_day_part,
            at_least,
            moment: write_moment,
        } = words;
        vec![
            ("language", (*language).into()),
            ("skip", (*skip).into()),
            ("navigation", (*navigation).into()),
            ("feeds", (*feeds).into()),
            ("explanation", (*explanation).into()),
            ("subscribe", (*subscribe).into()),
            ("all", (*all).into()),
            ("copy", (*copy).into()),
            ("choose", (*choose).into()),
            ("other_formats", (*other_formats).into()),
            ("copy_button", (*copy_button).into()),
            ("copied", (*copied).into()),
            ("open_with", (*open_with).into()),
            ("application", (*application).into()),
            ("by_day", (*by_day).into()),
            ("table", (*table).into()),
            ("date", (*date).into()),
            ("count", (*count).into()),
            ("newest_articles", (*newest_articles).into()),
            ("newest", (*newest).into()),
            ("updated", (*updated).into()),
            ("authors", (*authors).into()),
            ("attachments", (*attachments).into()),
            ("nothing", (*nothing).into()),
            ("latest", (*latest).into()),
            ("home", (*home).into()),
            ("front", (*front).into()),
            ("import", (*import).into()),
            ("import_explanation", (*import_explanation).into()),
            ("articles 1", articles(1)),
            ("articles 1234", articles(1234)),
            ("more 1", more(1)),
            ("more 1234", more(1234)),
            ("day", day(&moment.date_naive())),
            ("by_day_text", by_day_text("1", "2", 3)),
            ("by_day_part", by_day_part("1")),
            ("at_least", at_least(1)),
            ("moment", write_moment(moment)),
        ]
    }

    fn moment() -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339("2024-11-05T08:30:00+07:00").unwrap()
    }

    #[test]
    fn every_language_says_everything() {
        for words in LANGUAGES {
            for (name, said) in walk(words, &moment()) {
                assert!(!said.trim().is_empty(), "{} has no {name}", words.language);
                assert_eq!(said, said.trim(), "{name} of {}", words.language);
                assert!(!said.contains("  "), "{name} of {}: {said}", words.language);
                assert!(unicode_normalization::is_nfc(&said), "{name} of {} is not in NFC", words.language);
            }
        }
    }

    #[test]
    fn no_language_borrows_from_another() {
        for (index, words) in LANGUAGES.iter().enumerate() {
            for other in &LANGUAGES[index + 1..] {
                for ((name, said), (_, said_otherwise)) in
                    walk(words, &moment()).into_iter().zip(walk(other, &moment()))
                {
                    assert_ne!(said, said_otherwise, "{name} of {} and {}", words.language, other.language);
                }
            }
        }
    }

    #[test]
    fn moments_are_written_at_the_offset_that_they_carry() {
        assert_eq!((VIETNAMESE.moment)(&moment()), "5/11/2024 08:30");
        assert_eq!((ENGLISH.moment)(&moment()), "5 November 2024, 08:30");
        let west = DateTime::parse_from_rfc3339("2024-11-04T18:30:00-07:00").unwrap();
        assert_eq!((VIETNAMESE.moment)(&west), "4/11/2024 18:30");
    }

    #[test]
    fn counts_read_as_people_say_them() {
        assert_eq!((VIETNAMESE.articles)(12_345), "12.345 bài");
        assert_eq!((ENGLISH.articles)(1), "1 article");
        assert_eq!((ENGLISH.articles)(0), "0 articles");
        assert_eq!((ENGLISH.articles)(1_234_567), "1,234,567 articles");
        assert_eq!((ENGLISH.at_least)(1), "at least 1 article");
        assert_eq!((VIETNAMESE.at_least)(1_000), "ít nhất 1.000 bài");
        assert_eq!((ENGLISH.more)(999), "999 more articles are in the feed.");
    }

    #[test]
    fn languages_are_found_by_their_primary_subtag() {
        assert_eq!(of(&["vi"]).language, "vi");
        assert_eq!(of(&["VI-VN"]).language, "vi");
        assert_eq!(of(&["en-GB", "vi"]).language, "en");
        assert_eq!(of(&["lo", "vi"]).language, "vi");
        assert_eq!(of(&["lo"]).language, "en");
        assert_eq!(of(&["vie"]).language, "en", "a subtag is more than a beginning");
        assert_eq!(of(&[""]).language, "en");
        assert_eq!(of(&[]).language, "en");
    }
}
