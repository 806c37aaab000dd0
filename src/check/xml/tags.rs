//! Names of tags met lately: a document has few, again and again, and mostly in the same order.
//!
//! What follows a tag is guessed to be what followed it the last time. A guess that is right costs one comparison, instead of
//! going over the name, looking up its namespace and what the caller knows of it.

use super::super::names::{Ns, same};
use super::ahead::Head;
use super::text::same_at;
use super::{Attribute, CLASSES, OTHER, Reader};

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
    /// The places of the tags that followed it, the latest first.
    pub next: [usize; 2],
}

/// The names of a tag's attributes as they were the last time.
#[derive(Debug, Clone, Copy)]
struct Usual<'d> {
    name: &'d str,
    /// Where it begins.
    at: usize,
    colon: bool,
}

/// How many names of attributes are remembered of a tag.
const ATTRIBUTES: usize = 6;

/// How many names are remembered.
const SLOTS: usize = 32;

/// An era that never is.
const NEVER: usize = usize::MAX;

const NONE: Tag<'static> =
    Tag { name: "", at: 0, colon: false, local: "", ns: Ns::None, era: NEVER, next: [0; 2] };

/// Names by place.
#[derive(Debug, Default)]
pub(super) struct Tags<'d> {
    slots: Vec<Tag<'d>>,
    attributes: Vec<[Usual<'d>; ATTRIBUTES]>,
    heads: Vec<Head>,
    /// The place of the tag met last.
    last: usize,
    /// The place that the next new name takes, where all are taken.
    replaced: usize,
}

impl<'d> Tags<'d> {
    /// The tag in a place.
    #[inline]
    pub(super) fn get(&self, slot: usize) -> Tag<'d> {
        self.slots.get(slot).copied().unwrap_or(NONE)
    }

    /// The place that a new name takes: an empty one, or that of the one that was there for longest.
    fn place(&mut self) -> usize {
        if self.slots.len() < SLOTS {
            self.slots.push(NONE);
            self.attributes.push([Usual { name: "", at: 0, colon: false }; ATTRIBUTES]);
            self.heads.push(Head::default());
            return self.slots.len() - 1;
        }
        let place = self.replaced;
        self.replaced = (place + 1) % SLOTS;
        place
    }

    pub(super) fn set(&mut self, slot: usize, tag: Tag<'d>) {
        if let Some(known) = self.slots.get_mut(slot) {
            *known = tag;
        }
    }
}

/// Start tags as they came last.
impl Tags<'_> {
    /// The start tag that is expected at a place, white space before it included, if it is there.
    #[inline]
    pub(super) fn expected_head(&self, bytes: &[u8], at: usize) -> Option<(usize, Head)> {
        let Tag { next, .. } = self.slots.get(self.last)?;
        next.iter().find_map(|slot| {
            let head = *self.heads.get(*slot)?;
            (head.length > 0 && same_at(bytes, head.at, at, head.length)).then_some((*slot, head))
        })
    }

    /// The start tag as it came last, of the name in a place.
    pub(super) fn head(&self, slot: usize) -> Head {
        self.heads.get(slot).copied().unwrap_or_default()
    }

    pub(super) fn set_head(&mut self, slot: usize, head: Head) {
        if let Some(known) = self.heads.get_mut(slot) {
            *known = head;
        }
    }

    /// Where an end tag of the name in a place begins; 0: it is not known.
    pub(super) fn tail(&self, slot: usize) -> usize {
        self.heads.get(slot).filter(|head| head.rest == 0).map_or(0, |head| head.tail)
    }

    /// An end tag of the name in a place begins at an offset.
    pub(super) fn set_tail(&mut self, slot: usize, tail: usize) {
        if let Some(head) = self.heads.get_mut(slot) {
            head.tail = tail;
        }
    }

    /// The tag in a place was met.
    #[inline]
    pub(super) fn goto(&mut self, slot: usize) {
        self.last = slot;
    }
}

impl<'d> Reader<'d> {
    /// The place of the tag whose name begins at an offset, if it is the one that is expected there.
    #[inline]
    pub(super) fn expected(&mut self, from: usize) -> Option<usize> {
        let [first, second] = self.tags.slots.get(self.tags.last)?.next;
        let slot = if self.is_tag_at(first, from) {
            first
        } else if self.is_tag_at(second, from) {
            second
        } else {
            return None;
        };
        self.tags.last = slot;
        Some(slot)
    }

    #[inline]
    fn is_tag_at(&self, slot: usize, from: usize) -> bool {
        let Some(Tag { name, at, .. }) = self.tags.slots.get(slot) else { return false };
        let after = self.source.as_bytes().get(from + name.len());
        let ends = after.is_some_and(|b| CLASSES.get(usize::from(*b)) == Some(&OTHER));
        ends && !name.is_empty() && same_at(self.source.as_bytes(), *at, from, name.len())
    }

    /// The name of the attribute that begins at an offset and whether it has a colon, if it is the one that the tag in a place
    /// had the last time.
    #[inline]
    pub(super) fn expected_attribute(&self, slot: usize, from: usize) -> Option<(&'d str, bool)> {
        let Usual { name, at, colon } = *self.tags.attributes.get(slot)?.get(self.attributes.len())?;
        let ends = self.source.as_bytes().get(from + name.len()) == Some(&b'=');
        (ends && !name.is_empty() && same_at(self.source.as_bytes(), at, from, name.len()))
            .then_some((name, colon))
    }

    /// Remembers the names of the attributes that were read last, as those of the tag in a place.
    pub(super) fn remember_attributes(&mut self, slot: usize) {
        let Some(usual) = self.tags.attributes.get_mut(slot) else { return };
        for (index, usual) in usual.iter_mut().enumerate() {
            *usual = match self.attributes.get(index) {
                Some(Attribute { name, offset, .. }) => {
                    Usual { name, at: *offset, colon: name.contains(':') }
                }
                None => Usual { name: "", at: 0, colon: false },
            };
        }
    }

    /// The place of a name that was read at an offset, and whether it is new there.
    pub(super) fn remember(&mut self, name: &'d str, at: usize, colon: bool) -> (usize, bool) {
        let tags = &mut self.tags;
        let known = tags.slots.iter().position(|tag| same(tag.name, name));
        let slot = known.unwrap_or_else(|| tags.place());
        if let Some(before) = tags.slots.get_mut(tags.last) {
            before.next = [slot, before.next[0]];
        }
        tags.last = slot;
        if known.is_none() {
            tags.set(slot, Tag { name, at, colon, ..NONE });
            // What was remembered there was of another name.
            if let Some(head) = tags.heads.get_mut(slot) {
                *head = Head::default();
            }
        }
        (slot, known.is_none())
    }
}
