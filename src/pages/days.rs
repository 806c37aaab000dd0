//! How many articles a feed holds of each day: a plot as inline SVG, and the same as a table.
//!
//! The days are those from the feed's oldest article to its newest, at the offset that each article carries: the clock has no
//! part in it. A feed holds the newest articles only, so that nothing is known of the days before its oldest, and of that
//! one's day not everything: it is drawn as an outline, and its number is a least one.

use super::words::Words;
use crate::feed::Entry;
use chrono::{Days, NaiveDate};
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most days that are shown: four weeks.
const MOST: u64 = 28;

/// The most days of which the plot need not have the whole width.
const FEW: usize = 9;

/// Days with how many articles each has.
#[derive(Debug, PartialEq, Eq)]
struct Counted {
    days: Vec<(NaiveDate, usize)>,
    /// Whether the first day is that of the oldest article, so that older ones of that day may be missing.
    begins_in_part: bool,
}

/// The days from the oldest article to the newest, at most the last four weeks. Nothing where that would be a single day.
fn counted(entries: &[Arc<Entry>]) -> Option<Counted> {
    let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for entry in entries {
        *days.entry(entry.published.date_naive()).or_default() += 1;
    }
    let ((oldest, _), (newest, _)) = (days.first_key_value()?, days.last_key_value()?);
    let from = newest.checked_sub_days(Days::new(MOST - 1)).unwrap_or(*oldest).max(*oldest);
    let shown: Vec<_> = from
        .iter_days()
        .take_while(|day| day <= newest)
        .map(|day| (day, days.get(&day).copied().unwrap_or(0)))
        .collect();
    (shown.len() > 1).then(|| Counted { days: shown, begins_in_part: from == *oldest })
}

/// The plot and the table, or nothing where there is nothing to compare.
pub(super) fn by_day(words: &Words, entries: &[Arc<Entry>]) -> Markup {
    let Some(Counted { days, begins_in_part }) = counted(entries) else { return html! {} };
    let most = days.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return html! {} };
    // In thousandths of the width, so that no rounding differs between machines.
    let step = 1000 / days.len();
    let is_part = |day: &NaiveDate| begins_in_part && day == first;
    let (first_said, last_said) = ((words.day)(first), (words.day)(last));
    html! {
        section.days.few[days.len() <= FEW] aria-labelledby="days" {
            h2 #days { (words.by_day) }
            svg viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-labelledby="plot plot-text" {
                title #plot { (words.by_day) }
                desc #plot-text { ((words.by_day_text)(&first_said, &last_said, most)) }
                @for (index, (day, count)) in days.iter().enumerate() {
                    // A day without an article is a line on the ground.
                    @let tall = (count * 156 / most.max(1)).max(2);
                    rect class=[is_part(day).then_some("part")] x=(index * step + step / 8) y=(160 - tall) width=(step - step / 4) height=(tall) {
                        @let said = if is_part(day) { words.at_least } else { words.articles };
                        title { ((words.day)(day)) ": " (said(*count)) }
                    }
                }
            }
            p.span { span { (first_said) } " " span { (last_said) } }
            @if begins_in_part { p.hint { ((words.by_day_part)(&first_said)) } }
            details {
                summary { (words.table) }
                table {
                    thead { tr { th scope="col" { (words.date) } th scope="col" { (words.count) } } }
                    tbody {
                        @for (day, count) in days.iter().rev() {
                            tr {
                                th scope="row" { time datetime=(day) { ((words.day)(day)) } }
                                td { @if is_part(day) { "≥ " } (count) }
                            }
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
        let Counted { days, begins_in_part } = counted(&entries).unwrap();
        let counts: Vec<_> = days.into_iter().map(|(day, count)| (day.to_string(), count)).collect();
        let expected = [("2024-11-02", 1), ("2024-11-03", 0), ("2024-11-04", 0), ("2024-11-05", 2)];
        assert_eq!(counts, expected.map(|(day, count)| (day.to_owned(), count)));
        assert!(begins_in_part, "what came before the oldest article is not known");
    }

    #[test]
    fn there_are_four_weeks_at_most_and_two_days_at_least() {
        assert_eq!(counted(&[]), None);
        assert_eq!(counted(&entries(&["2024-11-05T00:30:00+07:00", "2024-11-05T01:30:00+07:00"])), None);
        let Counted { days, begins_in_part } =
            counted(&entries(&["2024-11-05T00:30:00+07:00", "1999-01-01T00:00:00Z"])).unwrap();
        assert_eq!((days.len(), days[0].0.to_string(), days[27].1), (28, "2024-10-09".to_owned(), 1));
        assert!(!begins_in_part, "the feed goes back further, so that nothing of these days is missing");
    }

    /// A feed of fifty that is full with what came in three days says nothing of the days before them, and of the first no
    /// more than it knows.
    #[test]
    fn a_full_feed_does_not_make_up_days() {
        let moments: Vec<String> =
            (0..50).map(|number| format!("2024-11-{:02}T08:00:00+07:00", 5 - (number + 8) / 20)).collect();
        let entries = entries(&moments.iter().map(String::as_str).collect::<Vec<_>>());
        let words = super::super::words::of(&["en"]);
        let page = by_day(words, &entries).into_string();
        assert_eq!(page.matches("<rect").count(), 3, "{page}");
        assert_eq!(page.matches("<rect class=\"part\"").count(), 1);
        for said in [
            "<title>3 November 2024: at least 18 articles</title>",
            "<title>5 November 2024: 12 articles</title>",
            "The feed holds the newest articles only: there may have been more on 3 November 2024.",
            "<td>≥ 18</td>",
            "<td>20</td>",
        ] {
            assert!(page.contains(said), "no {said} in {page}");
        }
        // One that goes back further than the plot knows every day of it.
        let mut longer = entries.clone();
        longer.push(Arc::new(Entry { published: moment("2024-08-01T08:00:00+07:00"), ..entry() }));
        let page = by_day(words, &longer).into_string();
        assert!(!page.contains("part") && !page.contains("at least") && !page.contains('≥'), "{page}");
        assert_eq!(page.matches("<rect").count(), 28);
    }
}
