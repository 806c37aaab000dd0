//! Names of tags met lately: a document has few, again and again, and mostly in the same order.
//!
//! What follows a tag is guessed to be what followed it the last time. A guess that is right costs one comparison, instead of
//! going over the name, looking up its namespace and what the caller knows of it.

use super::super::names::{Ns, same};
use super::{CLASSES, OTHER, Reader};

/// A name, and what it stood for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'d> {
    pub name: &'d str,
    /// Where it begins.
    pub at: usize,
    pub colon: bool,
    pub local: &'d str,
    pub ns: Ns,
    /// The bindings of namespaces for which `local` and `ns` hold.
    pub era: usize,
    /// The place of the tag that followed it.
    pub next: usize,
}

/// How many names are remembered.
const SLOTS: usize = 32;

/// An era that never is.
const NEVER: usize = usize::MAX;

const NONE: Tag<'static> =
    Tag { name: "", at: 0, colon: false, local: "", ns: Ns::None, era: NEVER, next: 0 };

/// Names by place.
#[derive(Debug)]
pub(super) struct Tags<'d> {
    slots: [Tag<'d>; SLOTS],
    /// The place of the tag met last.
    last: usize,
    /// The place that the next new name takes.
    replaced: usize,
}

impl Default for Tags<'_> {
    fn default() -> Self {
        Self { slots: [NONE; SLOTS], last: 0, replaced: 0 }
    }
}

impl<'d> Tags<'d> {
    /// The tag in a place.
    #[inline]
    pub(super) fn get(&self, slot: usize) -> Tag<'d> {
        self.slots.get(slot).copied().unwrap_or(NONE)
    }

    pub(super) fn set(&mut self, slot: usize, tag: Tag<'d>) {
        if let Some(known) = self.slots.get_mut(slot) {
            *known = tag;
        }
    }
}

impl<'d> Reader<'d> {
    /// The place of the tag whose name begins at an offset, if it is the one that is expected there.
    #[inline]
    pub(super) fn expected(&mut self, from: usize) -> Option<usize> {
        let slot = self.tags.slots.get(self.tags.last)?.next;
        let Tag { name, at, .. } = *self.tags.slots.get(slot)?;
        let after = *self.source.as_bytes().get(from + name.len())?;
        let ends = CLASSES.get(usize::from(after)) == Some(&OTHER);
        if name.is_empty() || !ends || !self.is_same_at(at, from, name.len()) {
            return None;
        }
        self.tags.last = slot;
        Some(slot)
    }

    /// The place of a name that was read at an offset, and whether it is new there.
    pub(super) fn remember(&mut self, name: &'d str, at: usize, colon: bool) -> (usize, bool) {
        let tags = &mut self.tags;
        let known = tags.slots.iter().position(|tag| same(tag.name, name));
        let slot = known.unwrap_or(tags.replaced);
        if let Some(before) = tags.slots.get_mut(tags.last) {
            before.next = slot;
        }
        tags.last = slot;
        if known.is_none() {
            tags.set(slot, Tag { name, at, colon, ..NONE });
            tags.replaced = (slot + 1) % SLOTS;
        }
        (slot, known.is_none())
    }
}
