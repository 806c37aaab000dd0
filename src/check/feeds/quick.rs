//! The short way for most elements: those that hold a text alone, in which nothing can be wrong.
//!
//! An element whose start tag came before, byte for byte, in the same place, was judged then; what is left is its text. If that is
//! certainly right, what has to be noted of it is noted here, and the element is passed over. Whatever is not certain goes the
//! long way, so that this module reports nothing, and holds no rule that is not elsewhere.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use super::super::names::Ns;
use super::super::values::dates::{self, Moment, Rfc822};
use super::super::values::{uris, words};
use super::super::xml::Attribute;
use super::content::Type;
use super::frame::{Alternate, Family, Seen};
use super::grammar::{Ctx, Row, Value};
use super::walk::Walk;

/// What is noted of an element's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role<'d> {
    Title,
    Link,
    Id,
    Published,
    Updated,
    /// The term of a category, in an attribute.
    Term,
    /// The address of an article, in a link of this type.
    Alternate(&'d str),
    /// The address of a file or picture, in a link.
    Enclosure,
    /// Nothing.
    Other,
}

/// An element whose start tag was judged, and may come again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'d> {
    row: &'static Row,
    ns: Ns,
    /// The place that it stands in.
    parent: Ctx,
    role: Role<'d>,
    /// The type of a text construct.
    kind: Type,
    /// Whether a guid is an address.
    permalink: bool,
}

/// How many start tags are known: as many as the reader remembers.
pub(super) const PLACES: usize = 64;

/// What is noted of an element, `None` where that is not as simple as here.
fn role(parent: Ctx, ns: Ns, name: &str) -> Option<Role<'static>> {
    Some(match (parent, ns, name) {
        (Ctx::Person, Ns::Atom, _) => Role::Other,
        (Ctx::Item, Ns::Rss, "title") | (Ctx::Entry, Ns::Atom, "title") => Role::Title,
        (Ctx::Item, Ns::Rss, "link") => Role::Link,
        (Ctx::Item, Ns::Rss, "guid") | (Ctx::Entry, Ns::Atom, "id") => Role::Id,
        (Ctx::Item, Ns::Rss, "pubDate") | (Ctx::Entry, Ns::Atom, "published") => Role::Published,
        (Ctx::Entry, Ns::Atom, "updated") => Role::Updated,
        (Ctx::Item | Ctx::Entry, Ns::Dc, "date") | (Ctx::Item | Ctx::Entry, Ns::Dcterms, "modified") => {
            return None;
        }
        (Ctx::Item, Ns::Rss | Ns::Dc | Ns::Dcterms, _) | (Ctx::Entry, Ns::Atom | Ns::Dc | Ns::Dcterms, _) => {
            Role::Other
        }
        _ => return None,
    })
}

/// What a link of an entry is, if nothing can be wrong with it but its address, which is its first attribute.
fn linked<'d>(attributes: &[Attribute<'d>]) -> Option<Role<'d>> {
    let (first, others) = attributes.split_first()?;
    let (mut kind, mut enclosure) = ("", false);
    for attribute in others {
        match (attribute.name, attribute.value.as_ref()) {
            ("rel", "alternate") => {}
            ("rel", "enclosure") => enclosure = true,
            ("type", value) if words::is_mime(value) => match &attribute.value {
                Cow::Borrowed(value) => kind = value,
                Cow::Owned(_) => return None,
            },
            _ => return None,
        }
    }
    (first.name == "href").then_some(if enclosure { Role::Enclosure } else { Role::Alternate(kind) })
}

impl<'d> Walk<'d, '_> {
    /// The innermost element began, and its start tag, remembered in a place, was judged: notes what it is, where the same tag
    /// would mean the same again.
    pub(super) fn know(&mut self, place: usize, row: &'static Row, simple: bool) {
        let parent = self.parent_place();
        let Some(frame) = self.frames.last() else { return };
        let attributes = self.reader.attributes();
        let ns = frame.ns;
        let only = |name: &str| matches!(attributes, [only] if only.ns == Ns::None && only.name == name);
        let role = match row.value {
            _ if simple && frame.collects => role(parent, ns, row.name),
            Value::Guid if attributes.is_empty() => role(parent, ns, row.name),
            Value::Guid if only("isPermaLink") => {
                let said = attributes.first().is_some_and(|a| matches!(a.value.as_ref(), "true" | "false"));
                role(parent, ns, row.name).filter(|_| said)
            }
            Value::AtomText if only("type") => {
                role(parent, ns, row.name).filter(|_| matches!(frame.kind, Type::Text | Type::Html))
            }
            Value::AtomLink if parent == Ctx::Entry => linked(attributes),
            Value::Free if parent == Ctx::Entry && ns == Ns::Atom && row.name == "category" => {
                only("term").then_some(Role::Term)
            }
            _ => None,
        };
        let (kind, permalink) = (frame.kind, self.doc.entry.permalink);
        if let (Some(role), Some(known)) = (role, self.known.get_mut(place))
            && matches!(self.doc.family, Family::Rss | Family::Atom)
        {
            *known = Some(Known { row, ns, parent, role, kind, permalink });
        }
    }

    /// Passes over the element that comes next, if it is one of those that are known and nothing can be wrong with it. False:
    /// nothing was done.
    pub(super) fn pass(&mut self) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        if !matches!(frame.place, Ctx::Item | Ctx::Entry | Ctx::Person) {
            return false;
        }
        let (place, offset, from) = (frame.place, frame.offset, frame.seen);
        let Some(ahead) = self.reader.ahead() else { return false };
        let Some(&Some(known)) = self.known.get(ahead.place) else { return false };
        let Known { row, ns, parent, role, kind, permalink } = known;
        let seen = self.seen.get(from..).unwrap_or_default();
        let again = seen.iter().any(|seen| std::ptr::eq(seen.row, row) && seen.ns == ns);
        let attribute = matches!(role, Role::Term | Role::Alternate(_) | Role::Enclosure);
        if parent != place || (again && row.once) || !self.sound || ahead.empty != attribute {
            return false;
        }
        let text = words::trimmed(ahead.text);
        let moment = match role {
            Role::Term if !text.is_empty() => None,
            Role::Term => return false,
            // An address within the document depends on its base.
            Role::Alternate(_) | Role::Enclosure if ahead.text.starts_with('#') || ahead.text.is_empty() => {
                return false;
            }
            Role::Alternate(_) | Role::Enclosure if uris::check(ahead.text, false, true).is_none() => None,
            Role::Alternate(_) | Role::Enclosure => return false,
            _ => match self.judged(row.value, ahead.text, text, kind, permalink) {
                Some(moment) => moment,
                None => return false,
            },
        };
        match role {
            Role::Other | Role::Term | Role::Enclosure => {}
            Role::Title => self.doc.entry.noted.title = self.facts.keep(text),
            Role::Link => {
                if self.doc.feed.secure && text.starts_with("http://") {
                    return false;
                }
                self.doc.entry.noted.link = self.facts.keep(text);
            }
            Role::Id => {
                let place = self.doc.first.len();
                let Entry::Vacant(vacant) = self.doc.ids.entry(Cow::Borrowed(text)) else { return false };
                vacant.insert(place);
                self.doc.first.push(None);
                self.doc.entry.id.get_or_insert((place, false));
                self.doc.entry.noted.id = self.facts.keep(text);
            }
            Role::Published => self.doc.entry.noted.published = moment,
            Role::Updated => {
                self.doc.entry.updated.get_or_insert(Cow::Borrowed(text));
                self.doc.entry.noted.updated = moment;
            }
            Role::Alternate(kind) => {
                let depth = self.frames.len().saturating_sub(1);
                self.forget_alternates(depth, offset);
                if self.alternates.last().is_some_and(|known| known.offset == offset) {
                    return false;
                }
                let (kind, language) = (Cow::Borrowed(kind), Cow::Borrowed(""));
                self.alternates.push(Alternate { depth, offset, kind, language });
                self.doc.entry.alternate = true;
                self.note_link(ahead.text);
            }
        }
        if !again {
            self.seen.push(Seen { ns, row, offset: ahead.offset });
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.children += 1;
        }
        self.reader.pass(ahead);
        true
    }

    /// The moment that a text writes, or `Some(None)`, if the text is certainly right; `None` if it has to be looked at. The text
    /// is sound, and has neither `<` nor `&` in it; `text` is `written` without the white space around it.
    #[inline]
    fn judged(
        &self,
        value: Value,
        written: &str,
        text: &str,
        kind: Type,
        permalink: bool,
    ) -> Option<Option<Moment>> {
        let bare = written.len() == text.len();
        let right = match value {
            Value::MaybeText => true,
            Value::Text | Value::Html => !text.is_empty(),
            Value::AtomText => matches!(kind, Type::Text | Type::Html) && !text.is_empty(),
            Value::PersonName => !text.is_empty() && !text.bytes().any(|b| b == b'@'),
            Value::Url => uris::check(text, true, self.doc.family != Family::Rss).is_none(),
            Value::AtomUri => bare && uris::check(text, false, true).is_none(),
            Value::AtomId => bare && uris::check(text, true, true).is_none() && uris::is_canonical(text),
            Value::Guid if permalink => {
                matches!(uris::scheme(text), Some("http" | "https"))
                    && uris::check(text, true, false).is_none()
                    && uris::is_canonical(text)
            }
            Value::Guid => !text.is_empty() && (text.len() >= 8 || !words::is_natural(text)),
            Value::Language => words::is_language(text),
            Value::Date822 => {
                let Rfc822::Good(moment) = dates::rfc822(text) else { return None };
                return self.is_plausible(moment).then_some(Some(moment));
            }
            Value::Date3339 | Value::W3cDate => {
                let moment = match value {
                    Value::W3cDate => dates::w3cdtf(text)?,
                    _ if bare => dates::rfc3339(text)?,
                    _ => return None,
                };
                return self.is_plausible(moment).then_some(Some(moment));
            }
            _ => false,
        };
        right.then_some(None)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Context, check};

    /// The rules broken in a feed of entries.
    fn broken(head: &str, entries: &[String], tail: &str) -> Vec<String> {
        let document = format!("{head}{}{tail}", entries.concat());
        let report = check(document.as_bytes(), &Context::default());
        // What is said of the whole depends on the order.
        let findings = report.findings.iter().filter(|finding| !finding.path.is_empty());
        findings.map(|finding| format!("{} {}", finding.rule.id, finding.path)).collect()
    }

    /// What is found in an entry does not depend on whether entries like it went before it.
    #[test]
    fn an_entry_that_follows_its_like_is_judged_as_if_it_came_first() {
        let rss = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>t</title>\
            <link>https://e.x/</link><description>d</description>";
        let item = "<item>\n <title>Mưa</title>\n <link>https://e.x/N</link>\n <description><![CDATA[x ] y]]></description>\n \
            <category>a</category>\n <category>b</category>\n <guid isPermaLink='false'>tag:e.x,2026:N</guid>\n \
            <pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate>\n <dc:creator>c</dc:creator>\n</item>\n";
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><id>tag:e.x,2026:f</id>\
            <updated>2026-11-20T17:00:00Z</updated><link rel='self' href='https://e.x/f'/>";
        let entry = "<entry>\n <title type='html'>Mưa</title>\n <id>tag:e.x,2026:N</id>\n \
            <updated>2026-11-20T17:00:00Z</updated>\n <author>\n  <name>c</name>\n  <uri>https://e.x/c</uri>\n </author>\n \
            <category term='k'/>\n <link href='https://e.x/N' type='text/html'/>\n \
            <link href='https://e.x/N.jpg' rel='enclosure' type='image/jpeg'/>\n <summary>s</summary>\n</entry>\n";
        let formats = [(rss, item, "</channel></rss>"), (atom, entry, "</feed>")];
        let faults = [
            ("Mưa", ""),
            ("Mưa", " \u{a0} "),
            ("Mưa", "e\u{301}"),
            ("Mưa", "&#60;b>x&#60;/b>"),
            ("Mưa", "a]]b"),
            ("Mưa", "<b/>"),
            ("<title", "<title x='1'"),
            ("https://e.x/N", "e.x"),
            ("https://e.x/N", "http://e.x/N"),
            ("x ] y", "<p onclick='x()'>"),
            ("x ] y", " "),
            ("<category>a</category>", "<title>again</title>"),
            ("<category>a</category>", "<category/>"),
            ("tag:e.x,2026:N", "7"),
            ("tag:e.x,2026:N", ""),
            ("tag:e.x,2026:N", "tag:e.x,2026:N "),
            ("tag:e.x,2026:N", "HTTP://e.x/N"),
            ("isPermaLink='false'", ""),
            ("isPermaLink='false'", "isPermaLink='true'"),
            ("isPermaLink='false'", "isPermaLink='no'"),
            ("type='html'", "type='text/plain'"),
            ("type='html'", "type='xhtml'"),
            ("Fri, 20", "Sat, 20"),
            ("Fri, 20 Nov 2026", "Fri, 20 Nov 1926"),
            ("2026-11-20T17:00:00Z", "2226-11-20T17:00:00Z"),
            ("2026-11-20T17:00:00Z", " 2026-11-20T17:00:00Z"),
            ("2026-11-20T17:00:00Z", "2026-11-20"),
            ("<name>c</name>", "<name>c@e.x</name>"),
            ("<name>c</name>", "<name>c</name><name>d</name>"),
            ("<name>c</name>", ""),
            ("https://e.x/c", "x y"),
            ("href='https://e.x/N'", "href='/N M'"),
            ("href='https://e.x/N'", "href=''"),
            ("href='https://e.x/N'", "href='&lt;'"),
            ("href='https://e.x/N'", "xml:base='/x' href='#N'"),
            ("type='text/html'", "type='text'"),
            ("type='text/html'", "rel='next'"),
            ("type='text/html'/>", "type='text/html'/>\n <link href='https://e.x/M' type='text/html'/>"),
            ("https://e.x/N.jpg", "/N M.jpg"),
            ("https://e.x/N.jpg", ""),
            ("https://e.x/N.jpg", "&lt;"),
            ("rel='enclosure'", ""),
            ("rel='enclosure'", "rel='nothing'"),
            ("rel='enclosure'", "rel='alternate'"),
            ("rel='enclosure'", "rel='enclosure' length='x'"),
            ("image/jpeg", "image"),
            ("image/jpeg'/>", "image/jpeg'>x</link>"),
            ("<category term='k'/>", "<category term=''/>"),
            ("<category term='k'/>", "<category term='&lt;b>'/>"),
            ("<category term='k'/>", "<category label='k'/>"),
            ("<category term='k'/>", "<category term='k' scheme='x'/>"),
            ("<category term='k'/>", "<category term='k'>x</category>"),
            ("<dc:creator>c</dc:creator>", "<dc:creator xmlns:dc='http://e.x/dc'>c</dc:creator>"),
            ("<dc:creator>c</dc:creator>", "<dc:nothing>c</dc:nothing>"),
        ];
        let mut met = 0;
        for (head, entry, tail) in formats {
            for (right, wrong) in faults {
                let plain: Vec<String> = (1..4).map(|n| entry.replace('N', &n.to_string())).collect();
                let expected = broken(head, &plain, tail);
                let at = |number: usize| {
                    let mut entries = plain.clone();
                    let damaged = entry.replacen(right, wrong, 1).replace('N', &(number + 1).to_string());
                    entries.splice(number..=number, [damaged]);
                    let found =
                        broken(head, &entries, tail).into_iter().filter(|found| !expected.contains(found));
                    found
                        .map(|found| found.replace(&format!("[{}]", number + 1), ""))
                        .collect::<Vec<String>>()
                };
                met += usize::from(!at(0).is_empty());
                assert_eq!(at(2), at(0), "{wrong} for {right}");
            }
        }
        assert!(met > 40, "only {met} of the faults were found");
    }
}
