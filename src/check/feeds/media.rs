//! Values of Media RSS and of podcasts that depend on more than their own text.
//!
//! Specifications: <https://www.rssboard.org/media-rss>, <https://help.apple.com/itc/podcasts_connect/#/itcb54353390>.

use super::super::html::{self, Looks};
use super::super::rules as r;
use super::super::values::tables::{
    COUNTRIES, OLD_PODCAST_CATEGORIES, PODCAST_CATEGORIES, has_category, has_word,
};
use super::super::xml::Attribute;
use super::grammar::Value;
use super::walk::Walk;

impl<'d> Walk<'d, '_> {
    pub(super) fn media_text(&mut self, text: &str) {
        let at = self.frames.last().map_or(0, |frame| frame.content);
        let offset = self.frames.last().map_or(0, |frame| frame.offset);
        self.damage(text);
        let html = self.doc.entry.media_html.take();
        match html {
            Some(true) => self.scan_html(text, at),
            Some(false) => {}
            None => {
                if let Some(Looks::Html(part)) = html::looks_like_html(text, &[], false) {
                    self.fault(
                        &r::CONTAINS_UNDECLARED_HTML,
                        offset,
                        part,
                        "HTML in a text that is said to be plain",
                    );
                }
            }
        }
    }

    pub(super) fn media_value(&mut self, value: Value, text: &str) {
        let noted = std::mem::take(&mut self.doc.entry.media);
        let attribute =
            |name: &str| noted.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        match value {
            Value::MediaHash => {
                let length = match attribute("algo") {
                    None | Some("md5") => 32,
                    Some("sha-1") => 40,
                    Some(_) => 0,
                };
                if text.len() != length || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
                    self.report(&r::INVALID_MEDIA_HASH, "not a hash of its algorithm, in hexadecimal", text);
                }
            }
            Value::MediaRating => {
                let valid = match attribute("scheme") {
                    None | Some("urn:simple") => matches!(text, "adult" | "nonadult"),
                    Some("urn:mpaa") => matches!(text, "g" | "m" | "nc-17" | "pg" | "pg-13" | "r" | "x"),
                    Some("urn:v-chip") => matches!(
                        text,
                        "14+"
                            | "18+"
                            | "c"
                            | "c8"
                            | "g"
                            | "pg"
                            | "tv-14"
                            | "tv-g"
                            | "tv-ma"
                            | "tv-pg"
                            | "tv-y"
                            | "tv-y7"
                            | "tv-y7-fv"
                    ),
                    Some("urn:icra") => {
                        text.starts_with("r (")
                            && text.ends_with(')')
                            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '(' | ')'))
                    }
                    Some(scheme) => {
                        let offset = self.frames.last().map_or(0, |frame| frame.offset);
                        self.address(&r::INVALID_FULL_LINK, offset, scheme, true, true, "the scheme");
                        true
                    }
                };
                if !valid {
                    self.report(&r::INVALID_MEDIA_RATING, "not a rating of its scheme", text);
                }
            }
            Value::MediaCredit => {
                // The usual schemes are names such as `urn:ebu`, which are no URNs by the letter.
                if let Some(scheme) = attribute("scheme").filter(|scheme| !scheme.starts_with("urn:")) {
                    let offset = self.frames.last().map_or(0, |frame| frame.offset);
                    self.address(&r::INVALID_FULL_LINK, offset, scheme, true, true, "the scheme");
                }
                let role = attribute("role").unwrap_or_default();
                if role.chars().any(char::is_uppercase) {
                    self.report(&r::INVALID_CREDIT_ROLE, "a role is written in small letters", role);
                }
            }
            Value::MediaRestriction => self.restriction(attribute("relationship"), attribute("type"), text),
            _ => {}
        }
    }

    fn restriction(&mut self, relationship: Option<&str>, kind: Option<&str>, text: &str) {
        let offset = self.frames.last().map_or(0, |frame| frame.offset);
        if let Some(relationship) = relationship.filter(|value| !matches!(*value, "allow" | "deny")) {
            return self.report(
                &r::INVALID_MEDIA_RESTRICTION_REL,
                "neither `allow` nor `deny`",
                relationship,
            );
        }
        match kind {
            None => {
                if relationship.is_some() && !matches!(text, "all" | "none") {
                    self.report(
                        &r::INVALID_MEDIA_RESTRICTION,
                        "without a type, the value is `all` or `none`",
                        text,
                    );
                }
            }
            Some("country") => {
                if !text.split_whitespace().all(|code| has_word(COUNTRIES, &code.to_ascii_lowercase())) {
                    self.report(&r::INVALID_COUNTRY_CODE, "not codes of countries", text);
                }
            }
            Some("uri") => {
                for address in text.split_whitespace().take(20) {
                    self.address(&r::INVALID_FULL_LINK, offset, address, true, true, "the address");
                }
            }
            Some("sharing") => {}
            Some(kind) => self.report(
                &r::INVALID_MEDIA_RESTRICTION_TYPE,
                "neither `country`, `uri` nor `sharing`",
                kind,
            ),
        }
    }

    /// A category of podcasts, from its `text` attribute.
    pub(super) fn podcast_category(&mut self, attribute: &Attribute<'d>, parent: Option<&str>) {
        let name = attribute.value.trim();
        if has_category(PODCAST_CATEGORIES, parent, name) {
            return;
        }
        if has_category(OLD_PODCAST_CATEGORIES, parent, name) {
            self.report_attribute(&r::OBSOLETE_ITUNES_CATEGORY, attribute, "a category that Apple had once");
        } else {
            self.report_attribute(
                &r::INVALID_ITUNES_CATEGORY,
                attribute,
                "a category that Apple does not have",
            );
        }
    }
}
