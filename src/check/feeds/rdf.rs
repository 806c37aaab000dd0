//! The stripes of RDF, which RSS 1.0 is written in: nodes hold properties, and a property holds one node or text.
//!
//! Boundary: looks at what modules put into channels and items; what RSS itself has there is in the tables. Text within a node
//! is let pass, as readers of RSS do that never read RDF. Specifications:
//! <https://www.w3.org/TR/rdf-syntax-grammar/>, <https://web.resource.org/rss/1.0/spec>.

use super::super::finding::shortened;
use super::super::names::Ns;
use super::super::rules as r;
use super::frame::Family;
use super::grammar::Ctx;
use super::walk::Walk;

/// What an element is to RDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stripe {
    /// The document is no RDF, or this is not RDF's: the root, the content of a literal.
    #[default]
    None,
    Node,
    Property,
    /// A property that holds any number of nodes.
    Collection,
}

/// Whether RSS 1.0, and 0.9 in RDF, have the element in that place; all else is the business of modules.
pub(super) fn is_rss_10(place: Ctx, name: &str) -> bool {
    match place {
        Ctx::Rdf => matches!(name, "channel" | "image" | "item" | "textinput"),
        Ctx::Channel => matches!(name, "title" | "link" | "description" | "image" | "items" | "textinput"),
        Ctx::Item => matches!(name, "title" | "link" | "description"),
        Ctx::Image => matches!(name, "title" | "link" | "url"),
        Ctx::TextInput => matches!(name, "title" | "link" | "description" | "name"),
        _ => true,
    }
}

impl<'d> Walk<'d, '_> {
    /// An element of a document in RDF begins: what it is, by what holds it, and whether it may be there.
    pub(super) fn stripe(&mut self, name: &str, parent: Ctx) -> Stripe {
        let (above, earlier) = self.frames.last().map_or((Stripe::None, 0), |f| (f.stripe, f.children));
        let attribute = |name: &str| {
            let attributes = self.reader.attributes();
            attributes.iter().find(|a| a.ns == Ns::Rdf && a.local == name).map(|a| a.value.as_ref())
        };
        let stripe = match above {
            _ if parent == Ctx::Rdf => Stripe::Node,
            Stripe::Node => match attribute("parseType") {
                None => Stripe::Property,
                Some("Collection") => Stripe::Collection,
                // The properties of a node that is not written down.
                Some("Resource") => Stripe::Node,
                Some(_) => Stripe::None,
            },
            Stripe::Property | Stripe::Collection => Stripe::Node,
            Stripe::None => Stripe::None,
        };
        if stripe != Stripe::Node || parent != Ctx::Foreign || above == Stripe::Node {
            return stripe;
        }
        // Children were counted with this one.
        let fault = if above == Stripe::Property && earlier > 1 {
            Some("a second node in one property")
        } else if attribute("resource").is_some() {
            Some("`rdf:resource` on a node: it belongs to a property")
        } else {
            None
        };
        if let Some(fault) = fault {
            let message = format!("`{}`: {fault}", shortened(name));
            self.report_at(&r::INVALID_RDF, self.reader.offset(), message, "");
        }
        stripe
    }

    /// `rdf:li` names the items of RSS 1.0.
    pub(super) fn rdf_item(&mut self, ns: Ns, name: &str) {
        if ns == Ns::Rdf && name == "li" && self.doc.family == Family::Rdf {
            let wrong = self
                .reader
                .attributes()
                .iter()
                .find(|a| {
                    matches!(a.ns, Ns::Rdf | Ns::None)
                        && !matches!(a.local, "resource" | "parseType" | "about" | "ID" | "nodeID")
                })
                .cloned();
            if let Some(attribute) = wrong {
                let message = format!("`rdf:li` has no attribute `{}`", attribute.name);
                self.report_attribute(&r::UNEXPECTED_ATTRIBUTE, &attribute, message);
            }
        }
    }
}
