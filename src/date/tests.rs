//! Frozen vectors: what stands here has been published, and must be read so for ever.

use super::*;
use chrono_tz::Tz;
use proptest::prelude::*;

fn rules(day_first: bool) -> Rules<'static> {
    Rules { zone: chrono_tz::Asia::Ho_Chi_Minh, day_first, formats: &[] }
}

/// The date in RFC 3339, `none`, or the error's message.
fn read_by(text: &str, rules: &Rules<'_>) -> String {
    match parse(text, rules) {
        Ok(Some(date)) => rfc3339(&date),
        Ok(None) => "none".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn table(rows: &[(&str, &str)], rules: &Rules<'_>) {
    for (text, expected) in rows {
        assert_eq!(read_by(text, rules), *expected, "{text:?}");
    }
}

#[test]
fn reads_iso_dates() {
    table(
        &[
            ("2026-11-20", "2026-11-20T00:00:00+07:00"),
            ("2026-11-20T17:00", "2026-11-20T17:00:00+07:00"),
            ("2026-11-20T17:00:05", "2026-11-20T17:00:05+07:00"),
            ("2026-11-20 17:00:05", "2026-11-20T17:00:05+07:00"),
            ("2026-11-20T17:00:05.123456", "2026-11-20T17:00:05+07:00"),
            ("2026-11-20T17:00:05,9", "2026-11-20T17:00:05+07:00"),
            ("2026-11-20T17:00:00Z", "2026-11-20T17:00:00Z"),
            ("2026-11-20t17:00:00z", "2026-11-20T17:00:00Z"),
            ("2026-11-20T17:00:00+00:00", "2026-11-20T17:00:00Z"),
            ("2026-11-20T17:00:00+07:00", "2026-11-20T17:00:00+07:00"),
            ("2026-11-20T17:00:00+0700", "2026-11-20T17:00:00+07:00"),
            ("2026-11-20T17:00:00+07", "2026-11-20T17:00:00+07:00"),
            ("2026-11-20T17:00:00-03:30", "2026-11-20T17:00:00-03:30"),
            ("2026-03-07T08:52:11.000 +07:00", "2026-03-07T08:52:11+07:00"),
            ("2026-08-20T23:21:56.413883+07:00", "2026-08-20T23:21:56+07:00"),
            ("2024-05-29 18:30:22-06:00", "2024-05-29T18:30:22-06:00"),
            ("2023-01-29 18:30:22 -0800", "2023-01-29T18:30:22-08:00"),
            ("2013-05-06 02:12:52 +0200", "2013-05-06T02:12:52+02:00"),
            ("2024-11-05 08:30:00 +0700 +07", "2024-11-05T08:30:00+07:00"),
            ("2024-11-05 08:30:00 +0000 UTC", "2024-11-05T08:30:00Z"),
            ("2024-11-05T08:30:00+07:00[Asia/Ho_Chi_Minh]", "2024-11-05T08:30:00+07:00"),
            ("2020-12-2", "2020-12-02T00:00:00+07:00"),
            ("2024/11/05 08:30", "2024-11-05T08:30:00+07:00"),
            ("2024.11.05", "2024-11-05T00:00:00+07:00"),
            ("2024-11-05+07:00", "2024-11-05T00:00:00+07:00"),
            ("2024-11-05-05:00", "2024-11-05T00:00:00-05:00"),
            ("2024-11-05Z", "2024-11-05T00:00:00Z"),
            ("20261120", "2026-11-20T00:00:00+07:00"),
            ("20261120T170000Z", "2026-11-20T17:00:00Z"),
            ("20261120T1700", "2026-11-20T17:00:00+07:00"),
            ("20261120170005", "2026-11-20T17:00:05+07:00"),
            ("20261120T170000+0700", "2026-11-20T17:00:00+07:00"),
            ("  2026-11-20\u{a0}17:00 ", "2026-11-20T17:00:00+07:00"),
            ("2026-11-20T24:00", "2026-11-21T00:00:00+07:00"),
            ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ],
        &rules(true),
    );
}

#[test]
fn reads_mail_dates() {
    table(
        &[
            ("Fri, 20 Nov 2026 17:00:00 +0700", "2026-11-20T17:00:00+07:00"),
            ("Fri, 20 Nov 2026 17:00:00 GMT+7", "2026-11-20T17:00:00+07:00"),
            ("Fri, 20 Nov 2026 17:00:00 GMT+07:00", "2026-11-20T17:00:00+07:00"),
            ("Fri, 20 Nov 2026 17:00:00 GMT", "2026-11-20T17:00:00Z"),
            ("Fri, 20 Nov 2026 17:00:00 UTC", "2026-11-20T17:00:00Z"),
            ("Fri, 20 Nov 2026 17:00:00 Z", "2026-11-20T17:00:00Z"),
            ("Fri, 20 Nov 2026 17:00:00 EST", "2026-11-20T17:00:00-05:00"),
            ("Fri, 20 Nov 2026 17:00:00 -0000", "2026-11-20T17:00:00Z"),
            ("Fri, 20 Nov 2026 17:00 PDT", "2026-11-20T17:00:00-07:00"),
            ("Fri, 20 Nov 2026 17:00:00 +0700 (Indochina Time)", "2026-11-20T17:00:00+07:00"),
            ("Thu, 5 Nov 2026 8:00:00 +0700", "2026-11-05T08:00:00+07:00"),
            ("5 Nov 26 08:00 +0700", "2026-11-05T08:00:00+07:00"),
            ("20 Nov 97 08:00 GMT", "1997-11-20T08:00:00Z"),
            ("Mon, 20 Nov 2026 17:00:00 +0700", "2026-11-20T17:00:00+07:00"),
            ("Friday, 20-Nov-26 17:00:00 GMT", "2026-11-20T17:00:00Z"),
            ("Tue Nov  5 08:30:00 2024", "2024-11-05T08:30:00+07:00"),
            ("Tue Nov 05 2024 08:30:00 GMT+0700 (Indochina Time)", "2024-11-05T08:30:00+07:00"),
            ("Tue Nov 05 08:30:00 +0000 2024", "2024-11-05T08:30:00Z"),
        ],
        &rules(true),
    );
}

#[test]
fn reads_dates_of_newspapers() {
    table(
        &[
            ("5/11/2024", "2024-11-05T00:00:00+07:00"),
            ("05/11/2024 08:30", "2024-11-05T08:30:00+07:00"),
            ("08:30 5/11/2024", "2024-11-05T08:30:00+07:00"),
            ("08:30 - 05/11/2024", "2024-11-05T08:30:00+07:00"),
            ("08:30 | 05/11/2024", "2024-11-05T08:30:00+07:00"),
            ("Thứ Ba, 05/11/2024 | 08:30 (GMT +7)", "2024-11-05T08:30:00+07:00"),
            ("08:30, 05-11-2024", "2024-11-05T08:30:00+07:00"),
            ("08:30 -05-11-2024", "2024-11-05T08:30:00+07:00"),
            ("5-11-2024", "2024-11-05T00:00:00+07:00"),
            ("5.11.2024", "2024-11-05T00:00:00+07:00"),
            ("17/8/2020 06:10:05 AM", "2020-08-17T06:10:05+07:00"),
            ("17/8/2020 06:10:05 PM", "2020-08-17T18:10:05+07:00"),
            ("17/8/2020 12:00 AM", "2020-08-17T00:00:00+07:00"),
            ("17/8/2020 12:00 CH", "2020-08-17T12:00:00+07:00"),
            ("17/8/2020 18:10 PM", "2020-08-17T18:10:00+07:00"),
            ("Thứ hai, 17/8/2020, 06:10 (GMT+7)", "2020-08-17T06:10:00+07:00"),
            ("Chủ nhật, 16/8/2020, 19:34 (GMT+7)", "2020-08-16T19:34:00+07:00"),
            ("Chủ nhật, 17/8/2020, 19:34 (GMT-3)", "2020-08-17T19:34:00-03:00"),
            ("Thứ Hai, 05/11/2024 - 08:30", "2024-11-05T08:30:00+07:00"),
            ("Thứ năm, ngày 5 tháng 11 năm 2024", "2024-11-05T00:00:00+07:00"),
            ("Thứ 5 ngày 7/11/2024 lúc 8h30", "2024-11-07T08:30:00+07:00"),
            ("Ngày 5 tháng 11 năm 2024", "2024-11-05T00:00:00+07:00"),
            ("5 tháng 11, 2024 08:30", "2024-11-05T08:30:00+07:00"),
            ("5 tháng 11 2024", "2024-11-05T00:00:00+07:00"),
            ("5 Tháng mười một, 2024", "2024-11-05T00:00:00+07:00"),
            ("5 tháng năm năm 2024", "2024-05-05T00:00:00+07:00"),
            ("Tháng Mười Hai 5, 2024", "2024-12-05T00:00:00+07:00"),
            ("5 thg 11, 2024", "2024-11-05T00:00:00+07:00"),
            ("08 giờ 30 phút, ngày 5/11/2024", "2024-11-05T08:30:00+07:00"),
            ("Nov 5, 2024 8:30 PM", "2024-11-05T20:30:00+07:00"),
            ("Nov. 5, 2024, 8:30 p.m.", "2024-11-05T20:30:00+07:00"),
            ("November 5, 2024", "2024-11-05T00:00:00+07:00"),
            ("Tuesday, November 5th, 2024 at 8:30 AM EST", "2024-11-05T08:30:00-05:00"),
            ("5 November 2024", "2024-11-05T00:00:00+07:00"),
            ("5th of November 2024", "2024-11-05T00:00:00+07:00"),
            ("5-Nov-2024", "2024-11-05T00:00:00+07:00"),
            ("mardi 5 novembre 2024", "2024-11-05T00:00:00+07:00"),
            ("le 1er août 2024 à 08h30", "2024-08-01T08:30:00+07:00"),
            ("mar. 5 déc. 2023", "2023-12-05T00:00:00+07:00"),
            ("Mar 5, 2024", "2024-03-05T00:00:00+07:00"),
            ("15 févr. 2024 12:00", "2024-02-15T12:00:00+07:00"),
        ],
        &rules(true),
    );
    let decomposed: String = "Chủ nhật, ngày 5 tháng mười một năm 2024".nfd().collect();
    assert_eq!(read_by(&decomposed, &rules(true)), "2024-11-05T00:00:00+07:00");
}

#[test]
fn reads_numbers() {
    table(
        &[
            ("1730764800", "2024-11-05T07:00:00+07:00"),
            ("1730764800000", "2024-11-05T07:00:00+07:00"),
            ("1730764800000000", "2024-11-05T07:00:00+07:00"),
            ("1730764800.75", "2024-11-05T07:00:00+07:00"),
            ("/Date(1730764800000)/", "2024-11-05T07:00:00+07:00"),
            ("/Date(1730764800000+0700)/", "2024-11-05T07:00:00+07:00"),
            ("/Date(-62135596800000)/", "none"),
            ("/Date()/", "cannot read \"/Date()/\" as a date"),
            ("946684800", "2000-01-01T07:00:00+07:00"),
            ("-100000000", "1966-10-31T22:13:20+08:00"),
            ("0", "none"),
            ("2024", "cannot read \"2024\" as a date"),
            ("12345678901234567890", "cannot read \"12345678901234567890\" as a date"),
        ],
        &rules(true),
    );
    let number = |text: &str| {
        let number = serde_json::from_str(text).unwrap();
        from_number(&number, &rules(true))
            .map(|date| date.map(|date| rfc3339(&date)))
            .map_err(|e| e.to_string())
    };
    let expected = Ok(Some("2024-11-05T07:00:00+07:00".to_owned()));
    for text in ["1730764800", "1730764800000", "1730764800000000", "1730764800.25", "1.7307648e12"] {
        assert_eq!(number(text), expected, "{text}");
    }
    assert_eq!(number("20241105"), Ok(Some("2024-11-05T00:00:00+07:00".to_owned())));
    assert_eq!(number("0"), Ok(None));
    assert_eq!(number("0.0"), Ok(None));
    assert_eq!(number("-0.0"), Ok(None));
    assert_eq!(number("17"), Err("cannot read \"17\" as a date".to_owned()));
    assert_eq!(number("1e300"), Err("cannot read \"1e+300\" as a date".to_owned()));
    assert_eq!(
        number("20240231"),
        Err("cannot read \"20240231\" as a date: there is no 31 February".to_owned())
    );
}

#[test]
fn knows_when_there_is_no_date() {
    let none = [
        "",
        "  ",
        "null",
        "None",
        "N/A",
        "0",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01",
        "1/1/0001 12:00:00 AM",
        "-0001-11-30 00:00:00",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "00/00/0000",
    ];
    for text in none {
        assert_eq!(read_by(text, &rules(true)), "none", "{text:?}");
    }
}

#[test]
fn says_what_is_wrong() {
    let all = rules(true);
    table(
        &[
            ("31/02/2024", "cannot read \"31/02/2024\" as a date: there is no 31 February"),
            ("29/02/2023", "cannot read \"29/02/2023\" as a date: there is no 29 February 2023"),
            ("2024-13-01", "cannot read \"2024-13-01\" as a date: there is no month 13"),
            ("2024-00-01", "cannot read \"2024-00-01\" as a date: there is no month 0"),
            ("2024-01-00", "cannot read \"2024-01-00\" as a date: there is no 0 January"),
            ("2024-01-05T25:00", "cannot read \"2024-01-05T25:00\" as a date: there is no hour 25"),
            ("2024-01-05T24:01", "cannot read \"2024-01-05T24:01\" as a date: there is no hour 24"),
            ("2024-01-05 10:99", "cannot read \"2024-01-05 10:99\" as a date: there is no minute 99"),
            ("2024-01-05 10:10:61", "cannot read \"2024-01-05 10:10:61\" as a date: there is no second 61"),
            (
                "2024-01-05 10:10 +99:00",
                "cannot read \"2024-01-05 10:10 +99:00\" as a date: there is no zone +99:00",
            ),
            (
                "5/11/2024 13:00 AM",
                "cannot read \"5/11/2024 13:00 AM\" as a date: there is no 13 o'clock in the morning",
            ),
            ("11/25/2024", "cannot read \"11/25/2024\" as a date: with the day first, 25 would be the month"),
            ("25/25/2024", "cannot read \"25/25/2024\" as a date: there is no month 25"),
            ("0024-01-05", "cannot read \"0024-01-05\" as a date: the year 24 lies outside 1000 to 9999"),
            (
                "9999-12-31T24:00:00Z",
                "cannot read \"9999-12-31T24:00:00Z\" as a date: the year 10000 lies outside 1000 to 9999",
            ),
            ("hôm qua", "cannot read \"hôm qua\" as a date"),
            ("2023-01-29 18:30:22 2023 -0800", "cannot read \"2023-01-29 18:30:22 2023 -0800\" as a date"),
            ("5/11/24", "cannot read \"5/11/24\" as a date"),
            ("5-11/2024", "cannot read \"5-11/2024\" as a date"),
            ("08:30", "cannot read \"08:30\" as a date"),
            ("5 Foo 2024", "cannot read \"5 Foo 2024\" as a date"),
            ("2024-11-05 08:30 EST+2", "cannot read \"2024-11-05 08:30 EST+2\" as a date"),
            ("2024-11-05 08:30 XYZ", "cannot read \"2024-11-05 08:30 XYZ\" as a date"),
            ("2024-11-05 08:30 09:30", "cannot read \"2024-11-05 08:30 09:30\" as a date"),
        ],
        &all,
    );
    for text in ["hôm qua", "11/25/2024"] {
        assert!(parse(text, &all).unwrap_err().help().unwrap().contains("date_formats"), "{text}");
    }
    assert_eq!(parse("31/02/2024", &all).unwrap_err().help(), None);
    let long = parse(&"ệ".repeat(60), &all).unwrap_err();
    assert!(matches!(long, DateError::Unknown { .. }));
    assert_eq!(parse(&"ệ".repeat(600), &all), Err(DateError::Unknown { value: "ệ".repeat(80) + "…" }));
}

#[test]
fn follows_the_rules() {
    let american = rules(false);
    table(
        &[
            ("11/5/2024", "2024-11-05T00:00:00+07:00"),
            ("11/25/2024 8:30 PM", "2024-11-25T20:30:00+07:00"),
            (
                "25/11/2024",
                "cannot read \"25/11/2024\" as a date: with the month first, 25 would be the month",
            ),
        ],
        &american,
    );
    assert!(is_pattern("%d/%m/%Y %H:%M") && !is_pattern("%d/%J") && !is_pattern("%") && !is_pattern(""));
    let formats =
        ["%m/%d/%Y", "%d.%m.%y lúc %H giờ", "%s|", "%Y-%m-%d @ %H:%M %z", "%", "%d/%m"].map(String::from);
    let own = Rules { formats: &formats, ..rules(true) };
    table(
        &[
            ("11/25/2024", "2024-11-25T00:00:00+07:00"),
            ("5.11.24 lúc 8 giờ", "2024-11-05T08:00:00+07:00"),
            ("1730764800|", "2024-11-05T00:00:00Z"),
            ("2024-11-05 @ 08:30 -0200", "2024-11-05T08:30:00-02:00"),
            ("2024-11-05", "2024-11-05T00:00:00+07:00"),
        ],
        &own,
    );
}

#[test]
fn minds_summer_time() {
    let paris = Rules { zone: Tz::Europe__Paris, ..rules(true) };
    table(
        &[
            ("2024-03-31 02:30", "2024-03-31T03:30:00+02:00"),
            ("2024-10-27 02:30", "2024-10-27T02:30:00+02:00"),
            ("2024-10-27 03:00", "2024-10-27T03:00:00+01:00"),
            ("1800-01-01 00:00", "1800-01-01T00:00:00+00:09"),
        ],
        &Rules { ..paris },
    );
    // Samoa had no 30 December 2011.
    let apia = Rules { zone: Tz::Pacific__Apia, ..rules(true) };
    table(&[("2011-12-30 12:00", "2011-12-31T12:00:00+14:00")], &apia);
}

#[test]
fn knows_who_puts_the_month_first() {
    for language in ["en", "en-US", "EN_us", "fil", "tl", "en-Latn-US", "en-PH"] {
        assert!(!day_first(language), "{language}");
    }
    for language in
        ["vi", "vi-VN", "fr", "en-GB", "en-AU", "en-NZ", "en-IE", "en-ZA", "en-IN", "en-Latn-GB", "", "de"]
    {
        assert!(day_first(language), "{language}");
    }
}

#[test]
fn writes_what_feeds_ask_for() {
    let date = parse("2026-11-20T17:00:00+07:00", &rules(true)).unwrap().unwrap();
    assert_eq!(rfc2822(&date), "Fri, 20 Nov 2026 17:00:00 +0700");
    assert_eq!(rfc3339(&date), "2026-11-20T17:00:00+07:00");
    let utc = parse("2026-11-05T07:00:00Z", &rules(true)).unwrap().unwrap();
    assert_eq!(rfc2822(&utc), "Thu, 05 Nov 2026 07:00:00 +0000");
    assert_eq!(rfc3339(&utc), "2026-11-05T07:00:00Z");
}

proptest! {
    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = parse(&text, &rules(true));
    }

    #[test]
    fn never_panics_on_what_looks_like_a_date(
        text in "(thứ hai|chủ nhật|mon)?[ ,]{0,2}[0-9]{1,5}[-/. :t]{0,2}(tháng |nov|mai)?[0-9]{0,5}[-/. ]{0,2}[0-9]{0,5}[ tT,]{0,2}[0-9]{0,3}[:h]?[0-9]{0,3}(:[0-9]{2})? ?(gmt|z|[a-z]{3})?[-+]?[0-9]{0,4}",
        day_first in any::<bool>(),
    ) {
        let _ = parse(&text, &rules(day_first));
    }

    #[test]
    fn reads_what_it_writes(
        seconds in -30_000_000_000_i64..253_000_000_000,
        minutes in -1439_i32..1440,
        day_first in any::<bool>(),
    ) {
        let date = DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&FixedOffset::east_opt(minutes * 60).unwrap());
        prop_assume!(seconds != 0);
        prop_assert_eq!(parse(&rfc3339(&date), &rules(day_first)), Ok(Some(date)));
        prop_assert_eq!(parse(&rfc2822(&date), &rules(day_first)), Ok(Some(date)));
    }
}
