//! Feeds in XML: RSS, Atom, the Atom Publishing Protocol's documents, OPML, and their extensions.
//!
//! One walk over the events of the document serves all rules. What may stand where, and what kind of value it holds, is a table
//! ([`grammar`]); what follows from several elements together is in [`ends`].

mod advice;
mod atom;
mod content;
mod ends;
mod frame;
mod grammar;
mod history;
mod ids;
mod markup;
mod media;
mod opml;
mod paths;
mod places;
mod quick;
mod rdf;
mod roots;
mod rows_core;
mod rows_extensions;
mod values;
mod walk;

pub(crate) use walk::check;
