//! What feeds.toml picks out of a page: CSS selectors, each with the attribute that counts.
//!
//! `h3 a` is the text of a link, `h3 a@href` its address, `@data-id` an attribute of the element itself that is looked
//! into. Specification: [Selectors level 4](https://www.w3.org/TR/selectors-4/), without what needs a page in use.

use super::page;
use scraper::error::SelectorErrorKind;
use scraper::{CaseSensitivity, ElementRef, Selector};
use std::collections::BTreeSet;
use std::fmt;

/// A selector, and what counts of the element that it catches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    words: String,
    /// `None`: the element itself that is looked into.
    css: Option<Selector>,
    /// `None`: its text.
    attribute: Option<String>,
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Pick {
    /// Reads a selector; what is wrong with it, where it is none.
    pub fn parse(words: &str) -> Result<Self, String> {
        let words = words.trim();
        let (css, attribute) = match words.rsplit_once('@') {
            Some((css, name)) if is_name(name) => (css.trim(), Some(name.to_ascii_lowercase())),
            _ => (words, None),
        };
        let css = match css {
            "" if attribute.is_some() => None,
            "" => return Err("it is empty".to_owned()),
            css if css.ends_with(['>', '+', '~', ',']) => return Err("it ends too soon".to_owned()),
            css => Some(Selector::parse(css).map_err(|kind| reason(&kind).to_owned())?),
        };
        Ok(Self { words: words.to_owned(), css, attribute })
    }

    /// One of ours, known to be a selector.
    pub(crate) fn own(words: &str) -> Self {
        Self::parse(words).unwrap_or_else(|e| unreachable!("a selector of ours, {words}: {e}"))
    }

    /// The elements that it catches below one, in the order of the page.
    pub(in super::super) fn elements<'a>(&self, below: ElementRef<'a>) -> Vec<ElementRef<'a>> {
        self.css.as_ref().map_or_else(|| vec![below], |css| below.select(css).collect())
    }

    /// The first of what it catches that holds something: the element, and its text or attribute.
    pub(in super::super) fn first<'a>(&self, below: ElementRef<'a>) -> Option<(ElementRef<'a>, String)> {
        let Some(css) = &self.css else { return self.value(below).map(|value| (below, value)) };
        below.select(css).find_map(|element| self.value(element).map(|value| (element, value)))
    }

    /// The text or attribute of an element, where it holds something.
    pub(in super::super) fn value(&self, element: ElementRef<'_>) -> Option<String> {
        let value = match &self.attribute {
            Some(name) => element.attr(name).unwrap_or_default().trim().to_owned(),
            None => page::text_of(element),
        };
        Some(value).filter(|value| !value.is_empty())
    }

    /// Whether it asks for an attribute.
    pub(in super::super) fn names_attribute(&self) -> bool {
        self.attribute.is_some()
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(&b))
}

fn reason(kind: &SelectorErrorKind) -> &'static str {
    match kind {
        SelectorErrorKind::EndOfLine => "it ends too soon",
        SelectorErrorKind::UnexpectedToken => "a sign stands where none may",
        SelectorErrorKind::TooManyNestedBlocks => "it is nested too deep",
        SelectorErrorKind::ExpectedColonOnPseudoElement
        | SelectorErrorKind::ExpectedIdentityOnPseudoElement => "a colon has no name behind it",
        _ => "a part of it is no selector, or one that a page at rest does not have",
    }
}

/// What is picked out of a page, field by field: of several the first that holds something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Select {
    /// The box of one article of a list.
    pub item: Vec<Pick>,
    pub title: Vec<Pick>,
    pub url: Vec<Pick>,
    pub summary: Vec<Pick>,
    pub content: Vec<Pick>,
    pub author: Vec<Pick>,
    pub category: Vec<Pick>,
    pub tags: Vec<Pick>,
    pub date: Vec<Pick>,
    pub image: Vec<Pick>,
}

/// The most names of a page that a misspelt one is compared with, and the longest of them.
const MOST_NAMES: usize = 10_000;
const LONGEST_NAME: usize = 64;

/// For a selector that catches nothing below these elements: one much like it that does, with what it catches.
pub(in super::super) fn nearest(pick: &Pick, below: &[ElementRef<'_>]) -> Option<String> {
    let css = pick
        .words
        .rsplit_once('@')
        .filter(|(_, name)| is_name(name))
        .map_or(pick.words.as_str(), |(css, _)| css);
    let caught = |css: &str| {
        let selector = Selector::parse(css).ok()?;
        let count: usize = below.iter().map(|element| element.select(&selector).count()).sum();
        (count > 0).then_some(count)
    };
    let elements =
        |count: usize| if count == 1 { "1 element".to_owned() } else { format!("{count} elements") };
    if pick.attribute.is_some()
        && let Some(count) = caught(css)
    {
        let names: BTreeSet<&str> = below
            .iter()
            .flat_map(|element| pick.elements(*element))
            .flat_map(|element| element.value().attrs().map(|(name, _)| name))
            .collect();
        let names: Vec<&str> = names.into_iter().take(8).collect();
        let has = if names.is_empty() { "no attribute".to_owned() } else { names.join(", ") };
        return Some(format!("`{}` catches {}, which have {has}", css.trim(), elements(count)));
    }
    // A name misspelt.
    for (at, mark, name) in names_in(css) {
        let known = names_of(below, mark);
        if known.contains(name) {
            continue;
        }
        let length = name.chars().count();
        let close = known
            .iter()
            .map(|known| (strsim::damerau_levenshtein(name, known), known))
            .filter(|(distance, known)| *distance <= 1 + length.min(known.chars().count()) / 3)
            .min_by_key(|(distance, _)| *distance);
        if let Some((_, known)) = close {
            let meant = format!("{}{mark}{known}{}", &css[..at], &css[at + 1 + name.len()..]);
            if let Some(count) = caught(&meant) {
                return Some(format!("did you mean `{}`? it catches {}", meant.trim(), elements(count)));
            }
        }
    }
    // Without its last steps.
    let mut shorter = css;
    while let Some(at) = last_step(shorter) {
        shorter = shorter[..at].trim_end().trim_end_matches(['>', '+', '~', ',']).trim_end();
        if shorter.is_empty() {
            break;
        }
        if let Some(count) = caught(shorter) {
            return Some(format!("`{shorter}` alone catches {}", elements(count)));
        }
    }
    None
}

/// The classes and ids that a selector names: where, its mark, and its name.
fn names_in(css: &str) -> Vec<(usize, char, &str)> {
    let mut names = Vec::new();
    for (at, mark) in css.char_indices().filter(|(_, c)| matches!(c, '.' | '#')) {
        let rest = &css[at + 1..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        if end > 0 {
            names.push((at, mark, &rest[..end]));
        }
    }
    names
}

/// The classes or ids of a part of a page.
fn names_of<'a>(below: &[ElementRef<'a>], mark: char) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for element in below.iter().flat_map(|element| element.descendent_elements()) {
        match mark {
            '.' => names.extend(element.value().classes().filter(|name| name.len() <= LONGEST_NAME)),
            _ => names.extend(element.value().id().filter(|name| name.len() <= LONGEST_NAME)),
        }
        if names.len() >= MOST_NAMES {
            break;
        }
    }
    names
}

/// Where the last step of a selector begins: behind the last blank or combinator that stands in no brackets.
fn last_step(css: &str) -> Option<usize> {
    let (mut depth, mut last) = (0_usize, None);
    let css = css.trim_end();
    for (at, c) in css.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ' ' | '>' | '+' | '~' | ',' if depth == 0 => last = Some(at + 1),
            _ => {}
        }
    }
    last
}

/// Whether an element has one of these words as a class or as its id.
pub(in super::super) fn has_name(element: ElementRef<'_>, names: &[&str]) -> bool {
    let element = element.value();
    let named = |name: &&str| {
        element.has_class(name, CaseSensitivity::AsciiCaseInsensitive)
            || element.id().is_some_and(|id| id.eq_ignore_ascii_case(name))
    };
    (element.attr("class").is_some() || element.id().is_some()) && names.iter().any(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    #[test]
    fn selectors_have_attributes() {
        let html =
            Html::parse_document("<div data-id=7><a href='/x'> Tin  <b>mới</b></a><a href=' '>b</a></div>");
        let root = html.root_element();
        let div = Pick::own("div").elements(root)[0];
        let value = |words: &str| Pick::parse(words).unwrap().first(div).map(|(_, value)| value);
        assert_eq!(value("a").as_deref(), Some("Tin mới"));
        assert_eq!(value("a@href").as_deref(), Some("/x"));
        assert_eq!(value("a:nth-child(2) @href"), None);
        assert_eq!(value("@data-id").as_deref(), Some("7"));
        assert_eq!(value("a[href='a@b']"), None);
        assert_eq!(value("i"), None);
        for (wrong, reason) in [
            ("", "it is empty"),
            ("a >", "it ends too soon"),
            ("a[", "it ends too soon"),
            ("a {", "a part of it is no selector"),
            ("a:", "it ends too soon"),
            ("a:hovers", "a part of it is no selector"),
        ] {
            let error = Pick::parse(wrong).unwrap_err();
            assert!(error.starts_with(reason), "{wrong}: {error}");
        }
    }

    #[test]
    fn the_nearest_is_told() {
        let html = Html::parse_document(
            "<ul class=tin-moi><li class='item first'><h3><a href=x>y</a></h3><li class=item></ul><div id=main>",
        );
        let hint = |words: &str| nearest(&Pick::parse(words).unwrap(), &[html.root_element()]);
        assert_eq!(
            hint("ul.tin-mo li").as_deref(),
            Some("did you mean `ul.tin-moi li`? it catches 2 elements")
        );
        assert_eq!(hint("#mian").as_deref(), Some("did you mean `#main`? it catches 1 element"));
        assert_eq!(
            hint("ul.tin-moi > li > h2 a").as_deref(),
            Some("`ul.tin-moi > li` alone catches 2 elements")
        );
        assert_eq!(hint("h3 a@data-url").as_deref(), Some("`h3 a` catches 1 element, which have href"));
        assert_eq!(hint("section"), None);
        assert_eq!(hint("section.quite-else p"), None);
    }
}
