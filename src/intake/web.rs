//! Pages of the web: an address or several, each a page or a row of pages. Every page is held against its format before it
//! counts, so that what a proxy or a broken interface says in place of articles replaces nothing.

use super::client::{Answer, Client, Fetched, Validators, WebError, target, text};
use super::{Drawer, IntakeError, Kept, Piece, Sheet, json_page};
use crate::diagnostic::{Diagnostic, Place};
use crate::exchange::HeaderMap;
use crate::plan::{Intake, Paging, Web};
use crate::sources::{self, Fields, Input, Locate, Sink, Source};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::io::BufReader;
use std::path::PathBuf;
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

/// More pages than any interface has on purpose.
const PAGES: usize = 1000;

/// What is noted of a page for the next time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    /// The hash of its address, which may hold a key.
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    /// How many records it holds.
    records: u64,
    /// What it says of the next page, without secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many pages it says that there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

/// Fetches every page.
pub fn ask(web: &Web, intake: &Intake, drawer: &Drawer) -> Result<Vec<Piece>, IntakeError> {
    let whole = |error| IntakeError::Web { name: intake.name().to_owned(), source: error };
    let mut client = Client::new(web, drawer, intake.timeout).map_err(whole)?;
    let addresses = client.addresses().map_err(whole)?;
    let last = drawer.last().into_iter().flatten().filter_map(|kept| {
        let note: Note = serde_json::from_value(kept.note.clone()).ok()?;
        Some((note.address.clone(), (kept.clone(), note)))
    });
    let mut reading =
        Reading { client: &client, web, intake, drawer, last: last.collect(), left: intake.max_size };
    let mut pieces = Vec::new();
    for address in addresses {
        reading.row(address, &mut pieces)?;
    }
    Ok(pieces)
}

struct Reading<'a> {
    client: &'a Client<'a>,
    web: &'a Web,
    intake: &'a Intake,
    drawer: &'a Drawer,
    /// What was fetched last, by the hash of its address.
    last: HashMap<String, (Kept, Note)>,
    /// How many bytes may come yet.
    left: u64,
}

/// A page that is there.
struct Page {
    piece: Piece,
    note: Note,
    /// The hash of its content.
    hash: String,
}

impl Reading<'_> {
    /// Fetches the pages that begin at an address.
    fn row(&mut self, address: Url, pieces: &mut Vec<Piece>) -> Result<(), IntakeError> {
        let Some(paging) = &self.web.paging else {
            pieces.push(self.page(&address, None)?.piece);
            return Ok(());
        };
        let counted = paging.parameter.as_ref().filter(|_| paging.next.is_none());
        let mut url = match counted {
            Some(parameter) => with_parameter(&address, parameter, &paging.first.to_string()),
            None => address,
        };
        let mut met = HashSet::from([url.clone()]);
        let mut before = None;
        for number in 1.. {
            let Page { piece, note, hash } = self.page(&url, Some(paging))?;
            let fault = |message: String| Err(self.client.fault(&url, WebError::Paging(message)));
            let is_empty = note.records == 0;
            if counted.is_some() && before.as_ref() == Some(&hash) && !is_empty {
                let parameter = counted.map_or("", String::as_str);
                return fault(format!(
                    "page {number} is the same as the one before: does the server know the parameter `{parameter}`?"
                ));
            }
            // One page at least is kept: what says that there is nothing.
            if !is_empty || number == 1 {
                pieces.push(piece);
            }
            if paging.pages.is_some_and(|pages| number >= pages) {
                return Ok(());
            }
            let next = match counted {
                Some(_) if is_empty || note.total.is_some_and(|total| number as u64 >= total) => None,
                Some(parameter) => {
                    let value = paging.first + number as u64 * paging.step;
                    Some(with_parameter(&url, parameter, &value.to_string()))
                }
                None => match note.next {
                    None => None,
                    Some(next) => {
                        let next = self.client.secrets.reveal(&next);
                        match &paging.parameter {
                            Some(parameter) => Some(with_parameter(&url, parameter, &next)),
                            None => {
                                Some(target(&url, &next).map_err(|error| self.client.fault(&url, error))?)
                            }
                        }
                    }
                },
            };
            let Some(next) = next else { return Ok(()) };
            if met.contains(&next) {
                return fault(format!("page {number} leads back to {}", self.client.name(&next)));
            }
            if number >= PAGES {
                return fault(format!(
                    "there are more than {PAGES} pages; `paging.pages` reads the first ones"
                ));
            }
            before = Some(hash);
            met.insert(next.clone());
            url = next;
        }
        Ok(())
    }

    /// Fetches a page, or finds that it is what it was.
    fn page(&mut self, url: &Url, paging: Option<&Paging>) -> Result<Page, IntakeError> {
        let address = format!("{:032x}", xxh3_128(url.as_str().as_bytes()));
        let last = self.last.get(&address).cloned();
        let validators = last.as_ref().map_or_else(Validators::default, |(_, note)| Validators {
            etag: note.etag.clone(),
            last_modified: note.last_modified.clone(),
        });
        let fetched = self.client.fetch(url, &validators, self.left)?;
        match (fetched, last) {
            (Fetched::Same(headers), Some((mut kept, mut note))) => {
                // A page may stay while there are more or fewer behind it.
                if let Some(total) = paging.and_then(|paging| total(paging, &headers)) {
                    note.total = Some(total);
                    kept.note = serde_json::to_value(&note).unwrap_or_default();
                }
                self.left = self.left.saturating_sub(kept.bytes);
                Ok(Page { hash: kept.hash.clone(), piece: Piece::Same(kept), note })
            }
            (Fetched::Same(_), None) => {
                let status = "304 Not Modified, unasked".to_owned();
                Err(self.client.fault(url, WebError::Status { status, advice: "" }))
            }
            (Fetched::Page(answer), _) => {
                let Answer { mut sheet, headers, url: found } = *answer;
                self.left = self.left.saturating_sub(sheet.bytes());
                let fault = |error| self.client.fault(url, error);
                let media_type = text(&headers, "content-type").unwrap_or_default();
                let format = self.intake.format.or_else(|| format_of(media_type, &found));
                let shown = if media_type.is_empty() { "an answer without a type" } else { media_type };
                let format = format.ok_or_else(|| fault(WebError::Format(shown.to_owned())))?;
                // What has links of its own is read as at the address where it was found.
                let name = match ["html", "html-list", "feed"].contains(&format.name()) && found != *url {
                    true => self.client.name(&without_parameters(found)),
                    false => self.client.name(url),
                };
                let records = self.records(url, &mut sheet, format, shown)?;
                let next = match paging {
                    Some(Paging { link: true, .. }) => {
                        let links = headers.get_all("link").iter().filter_map(|link| link.to_str().ok());
                        links.filter_map(next_link).next().map(str::to_owned)
                    }
                    Some(Paging { next: Some(path), .. }) => self.next(url, &mut sheet, path)?,
                    _ => None,
                };
                let note = Note {
                    address,
                    etag: text(&headers, "etag").map(str::to_owned),
                    last_modified: text(&headers, "last-modified").map(str::to_owned),
                    records,
                    next: next.map(|next| self.client.secrets.hide(&next)),
                    total: paging.and_then(|paging| total(paging, &headers)),
                };
                let hash = sheet.hash();
                let noted = serde_json::to_value(&note).unwrap_or_default();
                let piece = Piece::New { sheet, name, format: format.name(), note: noted };
                Ok(Page { piece, note, hash })
            }
        }
    }

    /// Reads a page as it will be read, and counts its records. What holds none and cannot be read is refused, and so is
    /// JSON that breaks off.
    fn records(
        &self,
        url: &Url,
        sheet: &mut Sheet,
        format: &'static dyn Source,
        shown: &str,
    ) -> Result<u64, IntakeError> {
        let unreadable = |message: String| {
            let message = format!("what came ({shown}) is no {}: {message}", format.name());
            self.client.fault(url, WebError::Content(message))
        };
        if ["json", "ghost", "ninjs"].contains(&format.name()) {
            let whole = sheet.open().and_then(json_page::is_whole);
            whole.map_err(|error| self.drawer.fault(error))?.map_err(unreadable)?;
        }
        let mut counted = Counted::default();
        let file = sheet.open().map_err(|error| self.drawer.fault(error))?;
        let name = self.client.name(url).into();
        let input = Input { name, relative: PathBuf::new(), reader: Box::new(BufReader::new(file)) };
        sources::read(format, input, &self.intake.options, &mut counted)
            .map_err(|error| self.drawer.fault(error))?;
        match counted.first_remark.filter(|_| counted.records == 0) {
            Some(remark) => Err(unreadable(remark)),
            None => Ok(counted.records),
        }
    }

    /// What stands at a path of a page.
    fn next(&self, url: &Url, sheet: &mut Sheet, path: &str) -> Result<Option<String>, IntakeError> {
        let page = sheet.open().map_err(|error| self.drawer.fault(error))?;
        json_page::at_path(page, path).map_err(|error| {
            let message = format!("`paging.next` is a path in JSON, and the page is none: {error}");
            self.client.fault(url, WebError::Paging(message))
        })
    }
}

/// How many pages a header says that there are.
fn total(paging: &Paging, headers: &HeaderMap) -> Option<u64> {
    text(headers, paging.total.as_deref()?)?.parse().ok()
}

/// Counts what a page holds.
#[derive(Default)]
struct Counted {
    records: u64,
    first_remark: Option<String>,
}

impl Sink for Counted {
    fn record(&mut self, _: Fields, _: &dyn Locate) {
        self.records += 1;
    }
    fn unreadable(&mut self, diagnostic: Diagnostic) {
        self.first_remark.get_or_insert(diagnostic.message);
    }
    fn skipped(&mut self, _: Place, _: &str) {}
}

/// The address without what may be a key that was made out for one visit.
fn without_parameters(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// The address with that parameter, once.
fn with_parameter(url: &Url, name: &str, value: &str) -> Url {
    let mut url = url.clone();
    let others: Vec<String> = url
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter(|part| !part.is_empty() && part.split('=').next() != Some(name))
        .map(str::to_owned)
        .collect();
    url.set_query((!others.is_empty()).then(|| others.join("&")).as_deref());
    url.query_pairs_mut().append_pair(name, value);
    url
}

/// The target of `rel="next"` in a header `Link` (RFC 8288 §3).
fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some(open) = rest.find('<') {
        let (target, after) = rest[open + 1..].split_once('>')?;
        let parameters = after.find(",").map_or(after, |_| link_parameters(after));
        let is_next =
            parameters.split(';').filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
                let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
                name.trim().eq_ignore_ascii_case("rel")
                    && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
            });
        if is_next {
            return Some(target.trim());
        }
        rest = after.get(parameters.len()..)?;
    }
    None
}

/// What stands before the comma that ends a link; one in quotation marks does not.
fn link_parameters(text: &str) -> &str {
    let mut is_quoted = false;
    let end = text.char_indices().find(|(_, character)| {
        is_quoted ^= *character == '"';
        *character == ',' && !is_quoted
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// The format that a media type, or else the extension of an address, tells.
fn format_of(media_type: &str, url: &Url) -> Option<&'static dyn Source> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let name = match essence.as_str() {
        "application/json" | "text/json" => Some("json"),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
            Some("jsonl")
        }
        "text/csv" => Some("csv"),
        "text/tab-separated-values" => Some("tsv"),
        "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Some("yaml"),
        "application/toml" => Some("toml"),
        "text/markdown" => Some("markdown"),
        "application/rss+xml"
        | "application/atom+xml"
        | "application/rdf+xml"
        | "application/xml"
        | "text/xml" => Some("feed"),
        "text/html" | "application/xhtml+xml" => Some("html"),
        other => other.ends_with("+json").then_some("json"),
    };
    name.and_then(sources::named).or_else(|| {
        let name = url.path_segments()?.next_back()?;
        sources::for_extension(name.rsplit_once('.')?.1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_found() {
        assert_eq!(next_link("<https://a.example/?page=2>; rel=\"next\""), Some("https://a.example/?page=2"));
        let several = "</1>; rel=\"prev\"; title=\"a, <b>\", </3>; title=x; REL=\"last next\"";
        assert_eq!(next_link(several), Some("/3"));
        assert_eq!(next_link("</1,2>; rel=next"), Some("/1,2"));
        for none in ["", "<", "</1>", "</1>; rel=prev", "</1; rel=next"] {
            assert_eq!(next_link(none), None, "{none}");
        }
    }

    #[test]
    fn a_parameter_stands_once() {
        let url = Url::parse("https://a.example/x?page=7&_embed&q=a%2Cb").unwrap();
        assert_eq!(with_parameter(&url, "page", "2").as_str(), "https://a.example/x?_embed&q=a%2Cb&page=2");
        let url = Url::parse("https://a.example/").unwrap();
        assert_eq!(with_parameter(&url, "cursor", "a b").as_str(), "https://a.example/?cursor=a+b");
    }

    #[test]
    fn the_format_follows_from_the_type_and_else_from_the_extension() {
        let format = |media_type: &str, url: &str| {
            format_of(media_type, &Url::parse(url).unwrap()).map(|format| format.name())
        };
        assert_eq!(format("application/json; charset=utf-8", "https://a.example/"), Some("json"));
        assert_eq!(format("application/feed+json", "https://a.example/"), Some("json"));
        assert_eq!(format("text/plain", "https://a.example/a.csv?x=1.json"), Some("csv"));
        assert_eq!(format("application/octet-stream", "https://a.example/a"), None);
    }
}
