//! The words of the report, in Vietnamese and in English.

use super::agent::{Kind, NO_NAME, NOT_LOGGED};

/// What the report says in one language. Words are plain text.
#[derive(Debug)]
pub struct Words {
    /// The language's primary subtag.
    pub language: &'static str,
    pub title: &'static str,
    pub feed: &'static str,
    pub reach: &'static str,
    pub subscribers: &'static str,
    pub readers: &'static str,
    pub peak: &'static str,
    pub requests: &'static str,
    /// The part of requests that was answered with 304.
    pub not_modified: &'static str,
    pub sent: &'static str,
    pub wasted: &'static str,
    pub all_feeds: &'static str,
    pub aggregator: &'static str,
    pub client: &'static str,
    pub kind: &'static str,
    pub clients: &'static str,
    pub interval: &'static str,
    pub day: &'static str,
    pub by_day: &'static str,
    /// Opens the figures of the plot.
    pub figures: &'static str,
    pub by_feed: &'static str,
    /// Stands before the numbers of clients that are no people.
    pub apart: &'static str,
    /// What the figures are, for people who have not read the documentation.
    pub explanation: &'static str,
    /// What is in the logs where no feed is.
    pub nothing: &'static str,
    pub incomplete: &'static str,
    /// Stands for the names of clients whose names the log does not have.
    pub not_logged: &'static str,
    /// Stands for those of clients that give none.
    pub no_name: &'static str,
    pub kinds: fn(Kind) -> &'static str,
    /// The days that are counted, and the lines that were read.
    pub span: fn(usize, u64) -> String,
    /// How many lines are none of a log.
    pub malformed: fn(u64) -> String,
    /// One in so many clients was followed.
    pub sampled: fn(u64) -> String,
    /// Seconds, as people say them.
    pub seconds: fn(u64) -> String,
    /// The mark between thousands.
    separator: char,
    /// The mark before parts of one.
    point: &'static str,
}

impl Words {
    /// What a client is called where people read it.
    pub fn name<'a>(&self, name: &'a str) -> &'a str {
        match name {
            NOT_LOGGED => self.not_logged,
            NO_NAME => self.no_name,
            name => name,
        }
    }

    /// The number with its thousands set apart.
    pub fn number(&self, number: u64) -> String {
        grouped(number, self.separator)
    }

    /// `12.5 MB`.
    pub fn bytes(&self, bytes: u64) -> String {
        let scaled =
            |unit: f64, name: &str| format!("{:.1} {name}", bytes as f64 / unit).replace('.', self.point);
        match bytes {
            0..1000 => format!("{bytes} B"),
            1000..1_000_000 => scaled(1e3, "KB"),
            1_000_000..1_000_000_000 => scaled(1e6, "MB"),
            _ => scaled(1e9, "GB"),
        }
    }

    /// `47 %`, of a part of one.
    pub fn part(&self, part: f64) -> String {
        format!("{:.0} %", part * 100.0)
    }
}

const VIETNAMESE: Words = Words {
    language: "vi",
    title: "Độc giả của các kênh tin",
    feed: "Kênh tin",
    reach: "Độc giả",
    subscribers: "Qua dịch vụ",
    readers: "Trực tiếp",
    peak: "Ngày cao nhất",
    requests: "Lượt tải",
    not_modified: "304",
    sent: "Đã gửi",
    wasted: "Gửi thừa",
    all_feeds: "Tất cả",
    aggregator: "Dịch vụ đọc tin",
    client: "Ứng dụng",
    kind: "Loại",
    clients: "Máy khách",
    interval: "Chu kỳ",
    day: "Ngày",
    by_day: "Độc giả trực tiếp theo ngày",
    figures: "Xem bảng số liệu",
    by_feed: "Độc giả của từng kênh",
    apart: "Không tính là độc giả",
    explanation: "Độc giả là số người đăng ký mà các dịch vụ đọc tin báo, cộng với số máy đọc tin trực tiếp trong một ngày bình thường (trung vị). \
                  Một người đăng ký nhiều kênh qua dịch vụ được tính ở mỗi kênh. Mọi con số đều là ước lượng: nhiều người có \
                  thể chung một địa chỉ, một người có thể dùng nhiều máy.",
    nothing: "Không có lượt tải kênh tin nào trong nhật ký.",
    incomplete: "Nhật ký có nhiều đường dẫn hoặc dịch vụ hơn mức theo dõi được: các con số là mức tối thiểu.",
    not_logged: "(nhật ký không ghi tên)",
    no_name: "(không xưng tên)",
    kinds: |kind| match kind {
        Kind::Aggregator => "dịch vụ có báo số người",
        Kind::Service => "dịch vụ không báo số người",
        Kind::Reader => "ứng dụng đọc tin",
        Kind::Browser => "trình duyệt",
        Kind::Bot => "bot",
        Kind::Monitor => "giám sát",
    },
    span: |days, lines| format!("{days} ngày, {} dòng nhật ký", grouped(lines, '.')),
    malformed: |lines| format!("{} dòng không đọc được", grouped(lines, '.')),
    sampled: |one_in| format!("ước lượng từ 1/{one_in} số máy khách"),
    seconds: |seconds| match seconds {
        0..90 => format!("{seconds} giây"),
        90..5400 => format!("{} phút", (seconds + 30) / 60),
        5400..129_600 => format!("{} giờ", (seconds + 1800) / 3600),
        _ => format!("{} ngày", (seconds + 43_200) / 86_400),
    },
    separator: '.',
    point: ",",
};

const ENGLISH: Words = Words {
    language: "en",
    title: "Readers of the feeds",
    feed: "Feed",
    reach: "Reach",
    subscribers: "Subscribers",
    readers: "Readers",
    peak: "Peak",
    requests: "Requests",
    not_modified: "304",
    sent: "Sent",
    wasted: "Wasted",
    all_feeds: "All feeds",
    aggregator: "Aggregator",
    client: "Client",
    kind: "Kind",
    clients: "Clients",
    interval: "Interval",
    day: "Day",
    by_day: "Single readers by day",
    figures: "Show the figures",
    by_feed: "Reach of each feed",
    apart: "Not counted as people",
    explanation: "Reach is the subscribers that aggregators state, and the single readers of the median day. Somebody who \
                  subscribes to several feeds through an aggregator counts in each. All figures are estimates: several \
                  people may share one address, and one person may read on several devices.",
    nothing: "The logs hold no request for a feed.",
    incomplete: "There are more paths or aggregators in the logs than are followed: the figures are the least that there is.",
    not_logged: "(name not logged)",
    no_name: "(gives no name)",
    kinds: |kind| match kind {
        Kind::Aggregator => "aggregator",
        Kind::Service => "service without a number",
        Kind::Reader => "reader",
        Kind::Browser => "browser",
        Kind::Bot => "bot",
        Kind::Monitor => "monitor",
    },
    span: |days, lines| {
        let plural = |number| if number == 1 { "" } else { "s" };
        format!("{days} day{}, {} line{}", plural(days as u64), grouped(lines, ','), plural(lines))
    },
    malformed: |lines| match lines {
        1 => "1 line could not be read".to_owned(),
        _ => format!("{} lines could not be read", grouped(lines, ',')),
    },
    sampled: |one_in| format!("estimated from one client in {one_in}"),
    seconds: |seconds| match seconds {
        0..90 => format!("{seconds} s"),
        90..5400 => format!("{} min", (seconds + 30) / 60),
        5400..129_600 => format!("{} h", (seconds + 1800) / 3600),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    },
    separator: ',',
    point: ".",
};

/// The words of that language (a tag of BCP 47), English ones where there are none.
pub fn words(language: &str) -> &'static Words {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    if primary.eq_ignore_ascii_case(VIETNAMESE.language) { &VIETNAMESE } else { &ENGLISH }
}

fn grouped(number: u64, separator: char) -> String {
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

    #[test]
    fn figures_are_written_as_people_write_them() {
        let (vi, en) = (words("vi-VN"), words("lo"));
        assert_eq!((vi.number(1_234_567), en.number(1_234_567)), ("1.234.567".into(), "1,234,567".into()));
        assert_eq!((vi.bytes(1_250_000), en.bytes(999)), ("1,2 MB".into(), "999 B".into()));
        assert_eq!((vi.seconds)(3600), "60 phút");
        assert_eq!(
            ((en.seconds)(45), (en.seconds)(7200), (en.seconds)(172_800)),
            ("45 s".into(), "2 h".into(), "2 days".into())
        );
        assert_eq!((en.span)(1, 1), "1 day, 1 line");
        assert_eq!(en.part(0.474), "47 %");
    }
}
