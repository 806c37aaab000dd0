//! How many articles a feed holds of each day: a plot as inline SVG, and the same as a table.
//!
//! The days are those up to the newest article, at the offset that each article carries: the clock has no part in it.

use super::words::Words;
use crate::feed::Entry;
use chrono::{Days, NaiveDate};
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most days that are shown: four weeks.
const MOST: u64 = 28;

/// The days from the oldest article to the newest, at most the last four weeks, with how many articles each has. Nothing
/// where that would be a single day.
fn counted(entries: &[Arc<Entry>]) -> Vec<(NaiveDate, usize)> {
    let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for entry in entries {
        *days.entry(entry.published.date_naive()).or_default() += 1;
    }
    let (Some((oldest, _)), Some((newest, _))) = (days.first_key_value(), days.last_key_value()) else {
        return Vec::new();
    };
    let from = newest.checked_sub_days(Days::new(MOST - 1)).unwrap_or(*oldest).max(*oldest);
    let shown: Vec<_> = from
        .iter_days()
        .take_while(|day| day <= newest)
        .map(|day| (day, days.get(&day).copied().unwrap_or(0)))
        .collect();
    if shown.len() > 1 { shown } else { Vec::new() }
}

/// The plot and the table, or nothing where there is nothing to compare.
pub(super) fn by_day(words: &Words, entries: &[Arc<Entry>]) -> Markup {
    let days = counted(entries);
    let most = days.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return html! {} };
    // In thousandths of the width, so that no rounding differs between machines.
    let step = 1000 / days.len();
    let (first, last) = ((words.day)(first), (words.day)(last));
    html! {
        section.days aria-labelledby="days" {
            h2 #days { (words.by_day) }
            svg viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-labelledby="plot plot-text" {
                title #plot { (words.by_day) }
                desc #plot-text { ((words.by_day_text)(&first, &last, most)) }
                @for (index, (day, count)) in days.iter().enumerate() {
                    // A day without an article is a line on the ground.
                    @let tall = (count * 156 / most.max(1)).max(2);
                    rect x=(index * step + step / 8) y=(160 - tall) width=(step - step / 4) height=(tall) {
                        title { ((words.day)(day)) ": " ((words.articles)(*count)) }
                    }
                }
            }
            p.span { span { (first) } " " span { (last) } }
            details {
                summary { (words.table) }
                table {
                    thead { tr { th scope="col" { (words.date) } th scope="col" { (words.count) } } }
                    tbody {
                        @for (day, count) in days.iter().rev() {
                            tr { th scope="row" { time datetime=(day) { ((words.day)(day)) } } td { (count) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{entry, moment};
    use super::*;

    fn entries(moments: &[&str]) -> Vec<Arc<Entry>> {
        moments.iter().map(|at| Arc::new(Entry { published: moment(at), ..entry() })).collect()
    }

    #[test]
    fn days_without_articles_are_days() {
        let entries =
            entries(&["2024-11-05T00:30:00+07:00", "2024-11-05T23:59:00+07:00", "2024-11-02T08:00:00+07:00"]);
        let counts: Vec<_> =
            counted(&entries).into_iter().map(|(day, count)| (day.to_string(), count)).collect();
        let expected = [("2024-11-02", 1), ("2024-11-03", 0), ("2024-11-04", 0), ("2024-11-05", 2)];
        assert_eq!(counts, expected.map(|(day, count)| (day.to_owned(), count)));
    }

    #[test]
    fn there_are_four_weeks_at_most_and_two_days_at_least() {
        assert!(counted(&[]).is_empty());
        assert!(counted(&entries(&["2024-11-05T00:30:00+07:00", "2024-11-05T01:30:00+07:00"])).is_empty());
        let long = counted(&entries(&["2024-11-05T00:30:00+07:00", "1999-01-01T00:00:00Z"]));
        assert_eq!((long.len(), long[0].0.to_string(), long[27].1), (28, "2024-10-09".to_owned(), 1));
    }
}
