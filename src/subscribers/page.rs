//! The report as a page that stands alone: no script, nothing loaded, plots as inline SVG with their figures in tables.
//!
//! Specifications: [HTML](https://html.spec.whatwg.org/), [WCAG 2.2](https://www.w3.org/TR/WCAG22/).

use super::Kind;
use super::report::{AgentReport, FeedReport, Reach, Report, Traffic};
use super::words::Words;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The most clients that the page names.
const NAMED: usize = 40;

const STYLE: &str = "\
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1d1f22;--quiet:#5b6068;--line:#dcd8cf;--one:#0b4f9c;--two:#b0560f}
@media (prefers-color-scheme:dark){:root{--paper:#15171a;--ink:#e8e6e1;--quiet:#a5abb3;--line:#363b41;--one:#8fc1ff;--two:#f0a35e}}
body{background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,sans-serif;margin:0 auto;max-width:64rem;padding:1rem}
h1,h2{line-height:1.3}h2{margin:2rem 0 .5rem}p{max-width:46rem}.quiet{color:var(--quiet)}
.figures{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin:0;padding:0}.figures div{display:flex;flex-direction:column-reverse}
.figures dd{font-size:2rem;font-weight:700;line-height:1.2;margin:0}.figures dt{color:var(--quiet)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;white-space:normal}.word{text-align:left!important}
svg{display:block;height:auto;width:100%}.one{fill:var(--one)}.two{fill:var(--two)}svg text{fill:var(--quiet);font-size:12px}
@media (max-width:40rem){svg text{font-size:20px}}.key{margin-right:1rem}
svg .axis{stroke:var(--line)}summary{cursor:pointer;padding:.5rem 0}
.key::before{background:currentColor;border-radius:.15rem;content:'';display:inline-block;height:.7rem;margin-right:.4rem;width:.7rem}
.key.one{color:var(--one)}.key.two{color:var(--two)}";

/// The page.
pub fn page(report: &Report, words: &Words) -> String {
    let total = &report.total;
    html! {
        (DOCTYPE)
        html lang=(words.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (words.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (words.title) }
                    p.quiet { (about(report, words)) }
                    @if report.feeds.is_empty() { p { (words.nothing) } } @else {
                        dl.figures {
                            (figure(words.reach, &words.number(total.reach)))
                            (figure(words.subscribers, &words.number(total.subscribers)))
                            (figure(words.readers, &words.number(total.readers_median)))
                            (figure(words.peak, &words.number(total.readers_peak)))
                        }
                        p.quiet { (words.explanation) }
                        (by_day(report, words))
                        (feeds(report, words))
                        (aggregators(report, words))
                        (agents(report, words))
                    }
                }
            }
        }
    }
    .into_string()
}

/// When the logs are from, and what else is to be known of them.
fn about(report: &Report, words: &Words) -> Markup {
    html! {
        (report.first_day.as_deref().unwrap_or("–")) " – " (report.last_day.as_deref().unwrap_or("–")) ": " ((words.span)(report.days, report.lines))
        @if report.malformed > 0 { ", " ((words.malformed)(report.malformed)) }
        @if report.sample > 1 { "; " ((words.sampled)(report.sample)) }
        "."
        @if report.incomplete { " " (words.incomplete) }
    }
}

fn figure(name: &str, value: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// The days of the report as they are called, from the first.
fn days(report: &Report) -> Vec<String> {
    let newest = report.last_day.as_deref().and_then(|last| last.parse::<chrono::NaiveDate>().ok());
    let count = report.total.readers_by_day.len() as u64;
    (0..count)
        .map(|day| {
            let date = newest.and_then(|newest| newest.checked_sub_days(chrono::Days::new(count - 1 - day)));
            date.map_or_else(|| (day + 1).to_string(), |date| date.to_string())
        })
        .collect()
}

/// Single readers by day: a bar each, and the same as a table.
fn by_day(report: &Report, words: &Words) -> Markup {
    let readers = &report.total.readers_by_day;
    let days = days(report);
    let most = report.total.readers_peak.max(1);
    let (width, height) = (680.0, 160.0);
    let step = width / readers.len().max(1) as f64;
    html! {
        section {
            h2 #by-day { (words.by_day) }
            svg viewBox="0 0 760 200" role="img" aria-labelledby="by-day-title by-day-text" {
                title #by-day-title { (words.by_day) }
                desc #by-day-text {
                    (words.readers) ": " (words.number(report.total.readers_median)) "; "
                    (words.peak) ": " (words.number(report.total.readers_peak))
                }
                line.axis x1="76" x2="756" y1="170.5" y2="170.5" {}
                text x="70" y="24" text-anchor="end" { (words.number(most)) }
                text x="70" y="172" text-anchor="end" { "0" }
                @for (index, (count, day)) in readers.iter().zip(&days).enumerate() {
                    @let tall = *count as f64 / most as f64 * height;
                    rect.one x=(format!("{:.1}", 76.0 + index as f64 * step + step * 0.1))
                        y=(format!("{:.1}", 170.0 - tall)) width=(format!("{:.1}", step * 0.8)) height=(format!("{tall:.1}")) {
                        title { (day) ": " (words.number(*count)) }
                    }
                }
                @if let (Some(first), Some(last)) = (days.first(), days.last()) {
                    text x="76" y="192" { (first) }
                    @if days.len() > 1 { text x="756" y="192" text-anchor="end" { (last) } }
                }
            }
            details {
                summary { (words.figures) }
                table {
                    thead { tr { th scope="col" { (words.day) } th scope="col" { (words.readers) } } }
                    tbody {
                        @for (count, day) in readers.iter().zip(&days) {
                            tr { td { (day) } td { (words.number(*count)) } }
                        }
                    }
                }
            }
        }
    }
}

fn feeds(report: &Report, words: &Words) -> Markup {
    let most = report.feeds.iter().map(|feed| feed.reach.reach).max().unwrap_or(0).max(1);
    html! {
        section {
            h2 { (words.by_feed) }
            p { span.key.one { (words.subscribers) } " " span.key.two { (words.readers) } }
            div.scroll tabindex="0" { table {
                thead { tr {
                    th scope="col" { (words.feed) }
                    td {}
                    @for head in [words.reach, words.subscribers, words.readers, words.peak] { th scope="col" { (head) } }
                    (traffic_heads(words))
                } }
                tbody {
                    @for FeedReport { title, reach, traffic, .. } in &report.feeds {
                        tr {
                            th scope="row" { (title) }
                            td { (bar(reach, most)) }
                            (figures(reach, words))
                            (traffic_cells(traffic, words))
                        }
                    }
                }
                tfoot { tr {
                    th scope="row" { (words.all_feeds) }
                    td {}
                    (figures(&report.total, words))
                    (traffic_cells(&report.traffic(), words))
                } }
            } }
        }
    }
}

/// Subscribers and readers of a feed, one behind the other. The row of the table has the figures.
fn bar(reach: &Reach, most: u64) -> Markup {
    let long = |count: u64| count as f64 / most as f64 * 120.0;
    html! {
        svg viewBox="0 0 120 12" style="width:7.5rem" aria-hidden="true" {
            rect.one x="0" y="1" height="10" width=(format!("{:.1}", long(reach.subscribers))) {}
            rect.two x=(format!("{:.1}", long(reach.subscribers))) y="1" height="10"
                width=(format!("{:.1}", long(reach.readers_median))) {}
        }
    }
}

fn figures(reach: &Reach, words: &Words) -> Markup {
    html! {
        @for count in [reach.reach, reach.subscribers, reach.readers_median, reach.readers_peak] {
            td { (words.number(count)) }
        }
    }
}

fn traffic_heads(words: &Words) -> Markup {
    html! {
        @for head in [words.requests, words.not_modified, words.sent, words.wasted] { th scope="col" { (head) } }
    }
}

fn traffic_cells(traffic: &Traffic, words: &Words) -> Markup {
    html! {
        td { (words.number(traffic.requests)) }
        td { (words.part(traffic.not_modified)) }
        td { (words.bytes(traffic.bytes)) }
        td { (words.bytes(traffic.wasted)) }
    }
}

fn aggregators(report: &Report, words: &Words) -> Markup {
    let rows = || {
        report.feeds.iter().flat_map(|feed| feed.aggregators.iter().map(move |aggregator| (feed, aggregator)))
    };
    html! {
        @if rows().next().is_some() {
            section {
                h2 { (words.subscribers) }
                div.scroll tabindex="0" { table {
                    thead { tr {
                        th scope="col" { (words.feed) }
                        th.word scope="col" { (words.aggregator) }
                        th scope="col" { (words.subscribers) }
                    } }
                    tbody {
                        @for (feed, aggregator) in rows() {
                            tr {
                                td { (feed.title) }
                                td.word { (words.name(&aggregator.name)) }
                                td { (words.number(aggregator.subscribers)) }
                            }
                        }
                    }
                } }
            }
        }
    }
}

fn agents(report: &Report, words: &Words) -> Markup {
    let Reach { services, browsers, bots, monitors, .. } = report.total;
    let apart =
        [(Kind::Service, services), (Kind::Browser, browsers), (Kind::Bot, bots), (Kind::Monitor, monitors)];
    html! {
        section {
            h2 { (words.client) }
            p.quiet {
                (words.apart) ": "
                @for (index, (kind, count)) in apart.into_iter().enumerate() {
                    @if index > 0 { ", " }
                    ((words.kinds)(kind)) " " (words.number(count))
                }
                "."
            }
            div.scroll tabindex="0" { table {
                thead { tr {
                    th scope="col" { (words.client) }
                    th.word scope="col" { (words.kind) }
                    th scope="col" { (words.clients) }
                    th scope="col" { (words.interval) }
                    (traffic_heads(words))
                } }
                tbody {
                    @for AgentReport { name, kind, clients, interval, traffic } in report.agents.iter().take(NAMED) {
                        tr {
                            th scope="row" { (words.name(name)) }
                            td.word { ((words.kinds)(*kind)) }
                            td { (words.number(*clients)) }
                            td { @match interval { Some(interval) => ((words.seconds)(*interval)), None => "–" } }
                            (traffic_cells(traffic, words))
                        }
                    }
                }
            } }
        }
    }
}
