//! Feeds on the web, for `bantin check`: fetched as a reader fetches them, and judged with how they are served.

use super::Failure;
use crate::check::{self, Context, Report};
use crate::config::nearest;
use crate::exchange::{Exchanger, Manner};
use crate::probe::{self, Reader};
use std::path::Path;
use url::Url;

/// The address that an argument is, unless it is a path.
pub fn address(argument: &Path) -> Option<&str> {
    let text = argument.to_str()?;
    let begins =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (begins("https://") || begins("http://")).then_some(text)
}

/// Takes the address out of findings on the very address that was given: people have it before their eyes already.
pub fn shorten(given: &str, report: &mut Report) {
    let Some(url) = address(Path::new(given)).and_then(|given| Url::parse(given).ok()) else { return };
    for finding in report.findings.iter_mut().filter(|finding| finding.path == url.as_str()) {
        finding.path.clear();
    }
}

/// The reader that is stood in for.
pub fn reader(name: Option<&str>) -> Result<&'static Reader, Failure> {
    let Some(name) = name else {
        return probe::READERS.first().ok_or_else(|| Failure::said("no reader is known"));
    };
    probe::reader(name).ok_or_else(|| {
        let known: Vec<&str> = probe::READERS.iter().map(|reader| reader.name).collect();
        let failure = Failure::said(format!("no reader is called `{name}`"));
        match nearest(name, known.iter().copied()) {
            Some(nearest) => failure.help(format!("did you mean `{nearest}`?")),
            None => failure.help(format!("known here: {}", known.join(", "))),
        }
    })
}

/// Makes requests in the name of a reader. `ca`: a file of the authorities that are trusted, in place of those that
/// browsers trust.
pub fn exchanger(reader: &Reader, ca: Option<&Path>) -> Result<Exchanger, Failure> {
    let manner = Manner {
        user_agent: reader.user_agent,
        authorities: ca,
        authorities_key: Some("`--ca FILE`"),
        ..Manner::default()
    };
    Exchanger::with(manner).map_err(|error| Failure::because("`--ca` names no authority", error))
}

/// Checks the feed at an address.
pub fn judged(
    address: &str,
    reader: &Reader,
    exchanger: &Exchanger,
    context: &Context,
) -> Result<Report, Failure> {
    let url =
        Url::parse(address).map_err(|error| Failure::said(format!("`{address}` is no address: {error}")))?;
    let visit = probe::visit(&url, reader, &|url, headers| exchanger.get(url, headers));
    let mut report = match visit.feed() {
        Some((served, response)) => {
            let content_type = response.header("content-type").map(str::to_owned);
            let context = Context { address: Some(served.to_owned()), content_type, ..context.clone() };
            check::check(&response.body, &context)
        }
        None => Report::default(),
    };
    let mut findings = check::check_visit(&visit, &context.overrides);
    findings.append(&mut report.findings);
    report.findings = findings;
    Ok(report)
}
