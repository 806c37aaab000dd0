//! Values against their kinds: the same kinds serve elements and attributes.

use std::borrow::Cow;

use super::super::finding::shortened;
use super::super::html::{self, Looks};
use super::super::names::{Ns, same};
use super::super::rule::Rule;
use super::super::rules as r;
use super::super::survey::is_sound;
use super::super::values::dates::{self, Moment, Rfc822};
use super::super::values::mail::{self, Contact};
use super::super::values::tables::{OTHER_IMAGES, has_word};
use super::super::values::{uris, words};
use super::super::xml::Attribute;
use super::frame::Family;
use super::grammar::{Ctx, Row, Value};
use super::walk::Walk;

impl<'d> Walk<'d, '_> {
    /// Attributes of an element that the tables know.
    pub(super) fn attributes(&mut self, row: &'static Row) {
        let attributes = self.reader.take_attributes();
        let ns = self.frames.last().map_or(Ns::None, |frame| frame.ns);
        let core = matches!(ns, Ns::Rss | Ns::Atom | Ns::App);
        for attribute in &attributes {
            match attribute.ns {
                Ns::None => match row.attrs.iter().find(|known| same(known.name, attribute.name)) {
                    Some(known) => self.attribute_value(known.value, attribute),
                    None => {
                        let typed = matches!(row.inside, Ctx::Construct) && attribute.name == "type";
                        let rdf =
                            self.doc.family == Family::Rdf && matches!(attribute.name, "resource" | "about");
                        let opml = self.doc.family == Family::Opml;
                        if core && !typed && !rdf && !opml {
                            let message =
                                format!("`{}` has no attribute `{}`", row.name, shortened(attribute.name));
                            self.report_attribute(&r::UNEXPECTED_ATTRIBUTE, attribute, message);
                        }
                    }
                },
                Ns::Xml => self.xml_attribute(attribute),
                Ns::Thr if ns == Ns::Atom => match attribute.local {
                    "count" => self.attribute_value(Value::Natural, attribute),
                    "updated" => self.attribute_value(Value::Date3339, attribute),
                    "when" => self.report_attribute(
                        &r::NO_THR_WHEN,
                        attribute,
                        "`thr:when`, which became `thr:updated`",
                    ),
                    _ => {}
                },
                _ if ns == Ns::Rss && self.doc.family == Family::Rss && self.doc.feed.extended.is_none() => {
                    let path = self.path(&format!("/@{}", attribute.name));
                    self.doc.feed.extended = Some((attribute.offset, path, attribute.name.to_owned()));
                }
                _ => {}
            }
        }
        for required in row.attrs.iter().filter(|known| known.required) {
            if !attributes.iter().any(|a| a.ns == Ns::None && same(a.name, required.name)) {
                let message = format!("`{}` has no attribute `{}`", row.name, required.name);
                self.report(&r::MISSING_ATTRIBUTE, message, "");
            }
        }
        self.after_attributes(row, &attributes);
        self.reader.put_attributes(attributes);
    }

    /// The attributes of XML's own namespace, on any element.
    pub(super) fn xml_attributes(&mut self) {
        for index in 0..self.reader.attributes().len() {
            let Some(attribute) = self.reader.attributes().get(index).filter(|a| a.ns == Ns::Xml).cloned()
            else {
                continue;
            };
            self.xml_attribute(&attribute);
        }
    }

    fn xml_attribute(&mut self, attribute: &Attribute<'d>) {
        match attribute.local {
            "lang" if !attribute.value.is_empty() => self.attribute_value(Value::Language, attribute),
            "base" => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.based = true;
                }
                self.bases.push((self.frames.len(), attribute.value.to_string()));
                self.attribute_value(Value::Reference, attribute);
            }
            "id" => {
                let new = self.doc.xml_ids.insert(attribute.value.to_string());
                if !new {
                    self.report_attribute(
                        &r::DUPLICATE_IDS,
                        attribute,
                        "an `xml:id` that another element has",
                    );
                }
            }
            _ => {}
        }
    }

    /// One attribute against its kind.
    pub(super) fn attribute_value(&mut self, value: Value, attribute: &Attribute<'d>) {
        let text = attribute.value.as_ref();
        let offset = attribute.offset;
        // What came from references was not in the document as it was looked over.
        if matches!(attribute.value, Cow::Owned(_)) && !is_sound(text) {
            self.sound = false;
        }
        let before = (self.attribute.replace(attribute.name), self.bare);
        // What is as it was written has neither: the one must not be there, and the other would have been replaced.
        self.bare = matches!(attribute.value, Cow::Borrowed(_));
        self.value(value, text, &[], offset);
        (self.attribute, self.bare) = before;
    }

    /// The value of an element that ends.
    pub(super) fn finish_value(&mut self, row: &'static Row, text: &str, neutral: &[usize]) {
        let Some(frame) = self.frames.last() else { return };
        let (offset, holds) = (frame.offset, frame.children > 0);
        match row.value {
            Value::AtomText => self.finish_construct(text, false),
            Value::AtomContent => self.finish_construct(text, true),
            Value::Html => self.html_value(text),
            Value::AtomLink => {
                if !text.trim().is_empty() {
                    self.report(&r::ATOM_LINK_NOT_EMPTY, "text in a link", text);
                }
            }
            Value::Guid => self.guid(text),
            Value::MediaText => self.media_text(text),
            Value::MediaRating | Value::MediaHash | Value::MediaCredit | Value::MediaRestriction => {
                self.media_value(row.value, text.trim());
            }
            Value::PodcastCategory => {}
            // What `rdf:resource` names was looked at when the element began.
            Value::Resource if std::mem::take(&mut self.doc.entry.resource) && text.trim().is_empty() => {}
            Value::MaybeText if holds => {}
            Value::Positive | Value::Natural if text.trim().is_empty() && !matches!(row.name, "total") => {
                self.value(row.value, "", neutral, offset);
                self.report(&r::NOT_BLANK, "an empty value", "");
            }
            value => self.value(value, text, neutral, offset),
        }
        self.remember(row, text);
    }

    fn html_value(&mut self, text: &str) {
        if words::trimmed(text).is_empty() {
            return self.report(&r::NOT_BLANK, "an empty value", "");
        }
        self.damage(text);
        if self.doc.plain {
            return;
        }
        let at = self.frames.last().map_or(0, |frame| frame.content);
        self.scan_html(text, at);
    }

    /// Reports a value at fault, of the attribute under way or of the innermost element.
    pub(super) fn fault(
        &mut self,
        rule: &'static Rule,
        offset: usize,
        text: &str,
        message: impl Into<Cow<'static, str>>,
    ) {
        if self.sink.admits(rule) {
            let path = match self.attribute {
                Some(name) => self.path(&format!("/@{name}")),
                None => self.path(""),
            };
            self.sink.push(rule, offset, path, message.into().into_owned(), text, rule.mend);
        }
    }

    /// Judges an address and reports.
    pub(super) fn address(
        &mut self,
        not_full: &'static Rule,
        offset: usize,
        text: &str,
        full: bool,
        iri: bool,
        what: &str,
    ) {
        use uris::Fault;
        let (rule, message): (&'static Rule, Cow<'static, str>) = match uris::check(text, full, iri) {
            None => return,
            Some(Fault::NotFull) => (not_full, format!("{what} is not an absolute address").into()),
            Some(Fault::Character(c)) => (
                &r::INVALID_URI_CHAR,
                format!("`{}` in {what}, which no address may contain", c.escape_default()).into(),
            ),
            Some(Fault::Malformed) => (&r::INVALID_IRI, format!("{what} is not an address").into()),
            Some(Fault::NotAscii) => (&r::URI_NOT_IRI, format!("letters beyond ASCII in {what}").into()),
            Some(Fault::Tag) => (&r::INVALID_TAG, format!("{what} is not a tag URI").into()),
            Some(Fault::Urn) => (&r::INVALID_URN, format!("{what} is not a URN").into()),
            Some(Fault::Uuid) => (&r::INVALID_UUID, format!("{what} is not a UUID").into()),
            Some(Fault::Scheme) => {
                (&r::SCHEME_NOT_IANA_REGISTERED, format!("{what} has a scheme that is not registered").into())
            }
        };
        self.fault(rule, offset, text, message);
    }

    /// Plain text: nothing that looks like HTML.
    fn plain_text(&mut self, text: &str, neutral: &[usize], offset: usize) {
        let rss = matches!(self.doc.family, Family::Rss) && self.attribute.is_none();
        let looks = if self.bare { None } else { html::looks_like_html(text, neutral, rss) };
        match looks {
            Some(Looks::Html(part)) => self.fault(&r::CONTAINS_HTML, offset, part, "HTML in a plain text"),
            Some(Looks::Bare(c))
                if rss && self.doc.modern && self.frames.last().is_some_and(|f| f.ns == Ns::Rss) =>
            {
                self.fault(
                    &r::CHARACTER_DATA,
                    offset,
                    text,
                    format!("a bare `{c}` that some readers take for markup"),
                );
            }
            _ => {}
        }
        self.damage(text);
    }

    /// One value against its kind. `offset` is where it is reported.
    pub(super) fn value(&mut self, value: Value, text: &str, neutral: &[usize], offset: usize) {
        let trimmed = words::trimmed(text);
        let iri = self.doc.family != Family::Rss;
        match value {
            Value::Text => {
                if trimmed.is_empty() {
                    self.fault(&r::NOT_BLANK, offset, text, "an empty value");
                } else {
                    self.plain_text(text, neutral, offset);
                }
            }
            Value::MaybeText => self.plain_text(text, neutral, offset),
            Value::PersonName => {
                self.plain_text(text, neutral, offset);
                if trimmed.is_empty() {
                    self.fault(&r::NOT_BLANK, offset, text, "an empty name");
                } else if trimmed
                    .split(['<', '>', '(', ')', ' '])
                    .any(|word| word.contains('@') && mail::is_address(word))
                {
                    self.fault(&r::CONTAINS_EMAIL, offset, text, "an address of mail in a name");
                }
            }
            Value::Url => self.address(
                &r::INVALID_FULL_LINK,
                offset,
                trimmed_unless_attribute(self, text),
                true,
                iri,
                "the address",
            ),
            Value::Reference => {
                self.address(
                    &r::INVALID_IRI,
                    offset,
                    trimmed_unless_attribute(self, text),
                    false,
                    true,
                    "the address",
                );
            }
            Value::UrlAttribute => {
                if let Some(fault) = uris::check(text, true, iri) {
                    let rule = match fault {
                        uris::Fault::Scheme => &r::SCHEME_NOT_IANA_REGISTERED,
                        uris::Fault::NotAscii => &r::URI_NOT_IRI,
                        _ => &r::INVALID_URL_ATTRIBUTE,
                    };
                    self.fault(
                        rule,
                        offset,
                        text,
                        "the address is not an absolute address that every reader can follow",
                    );
                }
            }
            Value::ImageUrl => {
                self.address(&r::INVALID_FULL_LINK, offset, trimmed, true, iri, "the address of the image");
                let file = trimmed
                    .split(['?', '#'])
                    .next()
                    .unwrap_or_default()
                    .rsplit('/')
                    .next()
                    .unwrap_or_default();
                // An address that ends otherwise (`.php`) may yield anything.
                let kind = file.rsplit_once('.').map(|(_, kind)| kind.to_ascii_lowercase());
                let other = kind.is_some_and(|kind| has_word(OTHER_IMAGES, &kind));
                if other && trimmed.matches('/').count() > 2 {
                    let message = "an image that is neither GIF, JPEG nor PNG";
                    self.fault(&r::IMAGE_URL_FORMAT, offset, text, message);
                }
            }
            Value::AtomId => self.atom_id(text, offset),
            Value::AtomUri => {
                self.no_white_space(text, offset);
                self.address(&r::INVALID_IRI, offset, trimmed, false, true, "the address");
            }
            Value::Date3339 => {
                self.no_white_space(text, offset);
                self.moment = dates::rfc3339(trimmed);
                match self.moment {
                    Some(moment) => self.plausible(moment, text, offset),
                    None => self.fault(&r::INVALID_RFC3339_DATE, offset, text, "not a date of RFC 3339"),
                }
            }
            Value::W3cDate => {
                self.moment = dates::w3cdtf(trimmed);
                match self.moment {
                    Some(moment) => self.plausible(moment, text, offset),
                    None => self.fault(&r::INVALID_W3CDTF_DATE, offset, text, "not a date of W3C-DTF"),
                }
            }
            Value::Date822 => self.date822(trimmed, offset),
            Value::Language => {
                if !words::is_language(trimmed_unless_attribute(self, text)) {
                    self.fault(&r::INVALID_LANGUAGE, offset, text, "not a language tag");
                }
            }
            Value::Positive => {
                if !words::is_positive(trimmed) {
                    self.fault(&r::INVALID_POSITIVE_INTEGER, offset, text, "not a whole number above zero");
                }
            }
            Value::Natural => {
                if !words::is_natural(trimmed) {
                    self.fault(&r::INVALID_NON_NEGATIVE_INTEGER, offset, text, "not a whole number");
                }
            }
            Value::Length => {
                if text.strip_prefix('-').is_some_and(words::is_natural) {
                    self.fault(&r::USE_ZERO_FOR_UNKNOWN, offset, text, "a length below zero");
                } else if !words::is_natural(text) {
                    self.fault(&r::INVALID_INTEGER_ATTRIBUTE, offset, text, "not a number of bytes");
                }
            }
            Value::Float => {
                if !words::is_float(trimmed) {
                    self.fault(&r::INVALID_FLOAT, offset, text, "not a number");
                }
            }
            Value::Within(most, rule) => {
                if !trimmed.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n)) {
                    self.fault(rule, offset, text, format!("not a whole number from 1 to {most}"));
                }
            }
            Value::Hour => match trimmed.parse::<u32>() {
                Ok(0..=23) => {}
                Ok(24) => self.fault(&r::USE_ZERO_FOR_MIDNIGHT, offset, text, "midnight is hour 0"),
                _ => self.fault(&r::INVALID_HOUR, offset, text, "not an hour from 0 to 23"),
            },
            Value::FormName => {
                let valid = trimmed.starts_with(|c: char| c.is_ascii_alphabetic())
                    && trimmed
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'));
                if !valid {
                    self.fault(
                        &r::INVALID_FORM_COMPONENT_NAME,
                        offset,
                        text,
                        "not the name of a form's field",
                    );
                }
            }
            Value::Contact => {
                self.plain_text(text, neutral, offset);
                match mail::contact(text) {
                    Contact::Good => {}
                    Contact::Nameless if self.frames.last().is_some_and(|f| f.ns == Ns::Rss) => {
                        self.fault(&r::MISSING_REAL_NAME, offset, text, "an address without a name");
                    }
                    Contact::Nameless => {}
                    Contact::OddFormat => {
                        self.fault(
                            &r::EMAIL_FORMAT,
                            offset,
                            text,
                            "an address that is not written `address (name)`",
                        );
                    }
                    Contact::Bad => self.fault(&r::INVALID_CONTACT, offset, text, "no address of mail"),
                }
            }
            Value::Address => {
                if !mail::is_address(trimmed) {
                    self.fault(&r::INVALID_ADDR_SPEC, offset, text, "no address of mail");
                } else if !mail::has_known_host(trimmed) {
                    self.fault(&r::UNKNOWN_HOST, offset, text, "a host that nobody else knows");
                }
            }
            Value::CommaIntegers | Value::ExpansionState => {
                if !trimmed.is_empty() && !trimmed.split(',').all(|part| words::is_natural(part.trim())) {
                    let rule = match value {
                        Value::ExpansionState => &r::INVALID_EXPANSION_STATE,
                        _ => &r::INVALID_COMMA_SEPARATED_INTEGERS,
                    };
                    self.fault(rule, offset, text, "not numbers with commas between");
                }
            }
            Value::Integer => {
                if !words::is_natural(trimmed.strip_prefix('-').unwrap_or(trimmed)) {
                    self.fault(&r::INVALID_INTEGER, offset, text, "not a whole number");
                }
            }
            Value::Port => {
                if !(words::is_natural(text) && text.parse::<u16>().is_ok_and(|port| port > 0)) {
                    let message = "not a number from 1 to 65535";
                    self.fault(&r::INVALID_INTEGER_ATTRIBUTE, offset, text, message);
                }
            }
            Value::Period => {
                if !dates::is_period(trimmed) {
                    let message = "neither a date of W3C-DTF nor a period of two";
                    self.fault(&r::INVALID_W3CDTF_DATE, offset, text, message);
                }
            }
            Value::Resource => self.value(Value::Url, text, neutral, offset),
            Value::Latitude => {
                if words::float(trimmed).is_none_or(|n| n.abs() > 90.0) {
                    self.fault(&r::INVALID_LATITUDE, offset, text, "not a number from -90 to 90");
                }
            }
            Value::Longitude => {
                if words::float(trimmed).is_none_or(|n| n.abs() > 180.0) {
                    self.fault(&r::INVALID_LONGITUDE, offset, text, "not a number from -180 to 180");
                }
            }
            Value::Coordinates(least, exact) => self.coordinates(trimmed, least, exact, false, offset),
            Value::Ring => self.coordinates(trimmed, 4, false, true, offset),
            Value::Positions(least, exact) => self.positions(trimmed, least, exact, offset),
            Value::Circle => {
                let numbers: Vec<Option<f64>> = trimmed
                    .split(|c: char| c.is_whitespace() || c == ',')
                    .filter(|part| !part.is_empty())
                    .take(4)
                    .map(words::float)
                    .collect();
                let fits = matches!(numbers.as_slice(), [Some(latitude), Some(longitude), Some(radius)]
                    if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && *radius >= 0.0);
                if !fits {
                    let message = "not a circle: latitude, longitude and a radius in metres";
                    self.fault(&r::INVALID_COORD_LIST, offset, text, message);
                }
            }
            Value::TrueFalse => {
                if !matches!(trimmed.to_ascii_lowercase().as_str(), "true" | "false") {
                    self.fault(&r::INVALID_TRUE_FALSE, offset, text, "neither `true` nor `false`");
                }
            }
            Value::YesNo => {
                if !matches!(trimmed.to_ascii_lowercase().as_str(), "yes" | "no") {
                    self.fault(&r::INVALID_YES_NO, offset, text, "neither `yes` nor `no`");
                }
            }
            Value::YesNoClean => {
                if !matches!(trimmed.to_ascii_lowercase().as_str(), "yes" | "no" | "clean") {
                    self.fault(&r::INVALID_YES_NO_CLEAN, offset, text, "neither `yes` nor `no`");
                }
            }
            Value::AtMost(most) => {
                if trimmed.chars().count() > most {
                    self.fault(&r::TOO_LONG, offset, text, format!("more than {most} characters"));
                }
                if self.frames.last().is_some_and(|f| f.name == "subtitle") {
                    self.plain_text(text, neutral, offset);
                }
            }
            Value::Keywords => {
                if trimmed.chars().count() > 255 {
                    self.fault(&r::TOO_LONG, offset, text, "more than 255 characters");
                } else if trimmed.split_whitespace().count() > 1 && !trimmed.contains(',') {
                    self.fault(&r::INVALID_KEYWORDS, offset, text, "words without commas between");
                }
            }
            Value::Duration => {
                if !words::is_duration(trimmed) {
                    self.fault(&r::INVALID_DURATION, offset, text, "not a duration");
                }
            }
            Value::Mime => {
                if !trimmed.is_empty() && !words::is_mime(trimmed) {
                    self.fault(&r::INVALID_MIME_TYPE, offset, text, "not a media type");
                }
            }
            Value::MimeAttribute => {
                if !words::is_mime(trimmed) {
                    self.fault(&r::INVALID_MIME_ATTRIBUTE, offset, text, "not a media type");
                }
            }
            Value::OneOf(list, rule) => {
                if !list.contains(&trimmed) {
                    self.fault(rule, offset, text, format!("none of {}", list.join(", ")));
                }
            }
            Value::Boolean => {
                if !matches!(text, "true" | "false") {
                    self.fault(&r::INVALID_BOOLEAN_ATTRIBUTE, offset, text, "neither `true` nor `false`");
                }
            }
            Value::Npt => {
                if !words::is_npt(trimmed_unless_attribute(self, text)) {
                    self.fault(&r::INVALID_NPT_TIME, offset, text, "not a time of play");
                }
            }
            Value::Uuid => {
                if uris::check(&format!("urn:uuid:{trimmed}"), true, false).is_some() {
                    self.fault(&r::INVALID_UUID, offset, text, "not a UUID");
                }
            }
            Value::Free
            | Value::Elements
            | Value::Html
            | Value::AtomText
            | Value::AtomContent
            | Value::AtomLink
            | Value::Guid
            | Value::MediaText
            | Value::MediaRating
            | Value::MediaHash
            | Value::MediaCredit
            | Value::MediaRestriction
            | Value::PodcastCategory => {}
        }
    }

    pub(super) fn no_white_space(&mut self, text: &str, offset: usize) {
        let trimmed = words::trimmed(text);
        if text.len() != trimmed.len() && !trimmed.is_empty() {
            self.fault(&r::UNEXPECTED_WHITESPACE, offset, text, "white space around the value");
        }
    }

    fn date822(&mut self, text: &str, offset: usize) {
        let date = dates::rfc822(text);
        self.moment = match date {
            Rfc822::Good(moment) | Rfc822::Problematical(moment) | Rfc822::WrongDay(moment) => Some(moment),
            Rfc822::Bad => None,
        };
        match date {
            Rfc822::Good(moment) => self.plausible(moment, text, offset),
            Rfc822::Problematical(moment) => {
                self.fault(&r::PROBLEMATICAL_RFC822_DATE, offset, text, "a date that not every reader reads");
                self.plausible(moment, text, offset);
            }
            Rfc822::WrongDay(_) => {
                self.fault(&r::INCORRECT_DOW, offset, text, "the day of the week is not that of the date")
            }
            Rfc822::Bad => self.fault(&r::INVALID_RFC2822_DATE, offset, text, "not a date of RFC 822"),
        }
    }

    /// Dates before the Web, or to come.
    fn plausible(&mut self, moment: Moment, text: &str, offset: usize) {
        if !self.is_plausible(moment) {
            self.fault(&r::IMPLAUSIBLE_DATE, offset, text, "a date that can hardly be meant");
        }
    }

    /// Whether a date is neither before the Web nor to come.
    pub(super) fn is_plausible(&self, moment: Moment) -> bool {
        const OLDEST: Moment = dates::days(1990, 1, 1) * 86_400;
        const LATEST: Moment = dates::days(2100, 1, 1) * 86_400;
        (OLDEST..=self.context.now.map_or(LATEST, |now| now + 2 * 86_400)).contains(&moment)
    }
}

/// White space around the text of an element does no harm; in an attribute it does.
fn trimmed_unless_attribute<'t>(walk: &Walk<'_, '_>, text: &'t str) -> &'t str {
    if walk.attribute.is_some() { text } else { words::trimmed(text) }
}
