//! What the walk knows while it goes: the elements that are open, the children that were seen, the document as a whole.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::{Deref, DerefMut};

use super::super::Kind;
use super::super::names::Ns;
use super::grammar::{Ctx, Row};

/// An element that is open.
#[derive(Debug, Default)]
pub(super) struct Frame<'d> {
    pub place: Ctx,
    pub ns: Ns,
    pub name: &'d str,
    pub row: Option<&'static Row>,
    pub offset: usize,
    /// Where the element's content begins.
    pub content: usize,
    /// Where its text begins in the walk's buffer, and its references in the list of neutral ones.
    pub text: usize,
    pub neutral: usize,
    /// Where its children begin in the list of rows seen.
    pub seen: usize,
    /// Which of its kind it is among its siblings, from 1; 0 where there is no counting.
    pub index: u32,
    /// How many repeating children it had so far.
    pub repeating: u32,
    pub children: u32,
    pub stray: bool,
    /// What it is to RDF.
    pub stripe: super::rdf::Stripe,
    pub collects: bool,
    /// `xml:base` is set here or above.
    pub based: bool,
    /// The type of a text construct.
    pub kind: super::content::Type,
}

/// The elements that are open. Those that were closed stay in their memory, so that a new one is written where it belongs, and
/// not made elsewhere and copied.
#[derive(Debug, Default)]
pub(super) struct Frames<'d> {
    all: Vec<Frame<'d>>,
    depth: usize,
}

impl<'d> Frames<'d> {
    /// An element begins.
    #[inline(always)]
    pub(super) fn enter(&mut self, frame: Frame<'d>) {
        if self.depth == self.all.len() {
            self.grow();
        }
        if let Some(place) = self.all.get_mut(self.depth) {
            *place = frame;
            self.depth += 1;
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.all.push(Frame::default());
    }

    /// The innermost element ends.
    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

impl<'d> Deref for Frames<'d> {
    type Target = [Frame<'d>];

    #[inline(always)]
    fn deref(&self) -> &[Frame<'d>] {
        self.all.get(..self.depth).unwrap_or_default()
    }
}

impl<'d> DerefMut for Frames<'d> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [Frame<'d>] {
        self.all.get_mut(..self.depth).unwrap_or_default()
    }
}

/// The first link of an element to what it stands for.
#[derive(Debug)]
pub(super) struct Alternate<'d> {
    /// How deep the element is, and where it begins.
    pub depth: usize,
    pub offset: usize,
    /// The type and the language of the link.
    pub kind: Cow<'d, str>,
    pub language: Cow<'d, str>,
}

/// A child that was seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub ns: Ns,
    pub row: &'static Row,
    pub offset: usize,
}

/// Which family of formats the document belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Family {
    #[default]
    None,
    Rss,
    Rdf,
    Atom,
    App,
    Opml,
}

/// What is known of the document so far.
#[derive(Debug, Default)]
pub(super) struct Doc<'d> {
    pub family: Family,
    pub kind: Kind,
    /// RSS before 0.92, whose texts are plain, and before 2.0, which had no guid.
    pub plain: bool,
    pub modern: bool,
    /// Namespace that stands for Atom's, in a document that got it wrong.
    pub alias: Option<Ns>,
    /// RSS 0.9 in RDF, which had no `rdf:about`.
    pub nameless: bool,
    /// How positions of GML are written.
    pub system: super::places::System,
    pub feed: super::ends::FeedFacts,
    pub entry: super::ends::EntryFacts<'d>,
    pub xml_ids: HashSet<String>,
    /// Ids of entries, each with its place in `first`.
    pub ids: HashMap<Cow<'d, str>, usize>,
    /// The date of the first entry of each id.
    pub first: Vec<Option<Cow<'d, str>>>,
    /// Dates of the entries of each id that came again, by its place.
    pub versions: HashSet<(usize, Cow<'d, str>)>,
    /// Alternates by the offset of what they are of, where there are several.
    pub alternates: HashSet<(usize, String)>,
}
