//! Any text as a date: what is read is written as feeds write it, and read back as the same moment.

#![no_main]

use bantin::date::{Rules, parse, rfc2822, rfc3339};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for day_first in [true, false] {
        let rules = Rules { zone: chrono_tz::Asia::Ho_Chi_Minh, day_first, formats: &[] };
        let Ok(Some(date)) = parse(text, &rules) else { continue };
        for written in [rfc3339(&date), rfc2822(&date)] {
            match parse(&written, &rules) {
                Ok(Some(again)) => assert_eq!(again.timestamp(), date.timestamp(), "{text:?} as {written}"),
                // The beginning of Unix time says that there is no date.
                Ok(None) => assert_eq!(date.timestamp(), 0, "{text:?} as {written}"),
                Err(error) => panic!("{text:?} as {written}: {error}"),
            }
        }
    }
});
