//! Where bodies are kept: in a temporary file that has no name, and in memory what is asked for, for as long as there is
//! room. Either way they stay as they are, whatever becomes of the output folder meanwhile.
//!
//! Snapshots that follow one another share a store, and with it the room: while a new one is made, the old one is served
//! still, and both together keep to the limit.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The bytes of a body. What it takes of the store it gives back when it is dropped.
#[derive(Debug)]
pub struct Body {
    store: Arc<Store>,
    /// The bytes, once they were asked for and there was room.
    kept: OnceLock<Box<[u8]>>,
    /// Where they lie; nowhere else than in memory if there is no temporary file.
    place: Option<Place>,
    length: usize,
    /// How much of the room may be taken when these bytes are kept.
    most: u64,
}

/// A part of the temporary file.
#[derive(Debug)]
struct Place {
    file: Arc<File>,
    offset: u64,
}

impl Body {
    pub fn len(&self) -> usize {
        self.length
    }

    /// At most so many bytes, from that place on, or all that follow where they are in memory; none at the end.
    pub fn part(&self, from: usize, most: usize) -> io::Result<Cow<'_, [u8]>> {
        if let Some(kept) = self.kept()? {
            return Ok(Cow::Borrowed(kept.get(from..).unwrap_or_default()));
        }
        Ok(Cow::Owned(self.read(from, most)?))
    }

    /// The bytes in memory; they are taken there if there is room.
    fn kept(&self) -> io::Result<Option<&[u8]>> {
        if let Some(kept) = self.kept.get() {
            return Ok(Some(kept));
        }
        if !self.store.take(self.length, self.most) {
            return Ok(None);
        }
        let mine = self.read(0, self.length).map(|bytes| self.kept.set(bytes.into()));
        if !matches!(mine, Ok(Ok(()))) {
            // Another thread was faster, or they cannot be read.
            self.store.give_back(self.length);
        }
        mine?.ok();
        Ok(self.kept.get().map(AsRef::as_ref))
    }

    fn read(&self, from: usize, most: usize) -> io::Result<Vec<u8>> {
        let mut part = vec![0; most.min(self.length.saturating_sub(from))];
        if let Some(place) = &self.place {
            read_at(&place.file, &mut part, place.offset + from as u64)?;
        }
        Ok(part)
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        if self.kept.get().is_some() {
            self.store.give_back(self.length);
        }
        if let Some(place) = &self.place {
            self.store.space().free(place.offset, self.length as u64);
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut into: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !into.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, into, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        into = &mut into[read..];
        offset += read as u64;
    }
    Ok(())
}

/// Takes bodies in.
#[derive(Debug)]
pub struct Store {
    /// Bytes that may be in memory.
    room: u64,
    used: AtomicU64,
    space: Mutex<Space>,
}

impl Store {
    /// Room for so many bytes in memory.
    pub fn new(room: u64) -> Arc<Self> {
        Arc::new(Self { room, used: AtomicU64::new(0), space: Mutex::default() })
    }

    /// How many bytes may be in memory.
    pub fn room(&self) -> u64 {
        self.room
    }

    /// Whether a body is of this store.
    pub fn has(&self, body: &Body) -> bool {
        std::ptr::eq(self, Arc::as_ptr(&body.store))
    }

    /// Takes a body in. What is sent seldom has half of the room at most.
    pub fn place(self: &Arc<Self>, bytes: Vec<u8>, is_seldom: bool) -> io::Result<Body> {
        let mut body = Body {
            store: Arc::clone(self),
            kept: OnceLock::new(),
            place: None,
            length: bytes.len(),
            most: if is_seldom { self.room / 2 } else { self.room },
        };
        match self.write(&bytes) {
            Ok(place) => body.place = Some(place),
            // Where nothing can be written, what fits into memory is served.
            Err(_) if self.take(body.length, self.room) => body.kept = OnceLock::from(Box::from(bytes)),
            Err(error) => return Err(error),
        }
        Ok(body)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<Place> {
        let (file, offset) = {
            let mut space = self.space();
            let file = match &space.file {
                Some(file) => Arc::clone(file),
                None => Arc::clone(space.file.insert(Arc::new(tempfile::tempfile()?))),
            };
            (file, space.take(bytes.len() as u64))
        };
        match write_at(&file, bytes, offset) {
            Ok(()) => Ok(Place { file, offset }),
            Err(error) => {
                self.space().free(offset, bytes.len() as u64);
                Err(error)
            }
        }
    }

    fn space(&self) -> MutexGuard<'_, Space> {
        self.space.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, bytes: usize, room: u64) -> bool {
        let fits = |used: u64| used.checked_add(bytes as u64).filter(|used| *used <= room);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes as u64, Ordering::Relaxed);
    }

    /// Bytes that are in memory.
    pub fn in_memory(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }
}

/// The temporary file, and what of it may be written anew.
#[derive(Debug, Default)]
struct Space {
    file: Option<Arc<File>>,
    end: u64,
    /// Gaps by their offset, no two of which touch, and by their length.
    gaps: BTreeMap<u64, u64>,
    by_length: BTreeSet<(u64, u64)>,
}

impl Space {
    /// The offset of so many bytes: the smallest gap that is large enough, or the end.
    fn take(&mut self, length: u64) -> u64 {
        let Some(&(found, offset)) = self.by_length.range((length, 0)..).next() else {
            let offset = self.end;
            self.end += length;
            return offset;
        };
        self.forget(offset, found);
        if found > length {
            self.add(offset + length, found - length);
        }
        offset
    }

    /// Takes so many bytes back, and makes one gap of those that touch.
    fn free(&mut self, mut offset: u64, mut length: u64) {
        if length == 0 {
            return;
        }
        if let Some((&before, &found)) = self.gaps.range(..offset).next_back()
            && before + found == offset
        {
            self.forget(before, found);
            (offset, length) = (before, found + length);
        }
        if let Some(&found) = self.gaps.get(&(offset + length)) {
            self.forget(offset + length, found);
            length += found;
        }
        match offset + length == self.end {
            true => self.end = offset,
            false => self.add(offset, length),
        }
    }

    fn add(&mut self, offset: u64, length: u64) {
        self.gaps.insert(offset, length);
        self.by_length.insert((length, offset));
    }

    fn forget(&mut self, offset: u64, length: u64) {
        self.gaps.remove(&offset);
        self.by_length.remove(&(length, offset));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_kept_while_there_is_room() {
        let store = Store::new(10);
        let first = store.place(vec![1; 8], false).unwrap();
        let second = store.place((0..100).collect(), false).unwrap();
        assert_eq!(store.in_memory(), 0, "nobody has asked");
        assert_eq!(first.part(0, 3).unwrap().as_ref(), [1; 8], "all that follows, without a copy");
        assert_eq!(second.part(90, 4).unwrap().as_ref(), [90, 91, 92, 93]);
        assert!(second.part(100, 4).unwrap().is_empty() && first.part(8, 4).unwrap().is_empty());
        assert_eq!((first.len(), second.len(), store.in_memory()), (8, 100, 8));
        drop(first);
        assert_eq!(store.in_memory(), 0);
        assert!(store.has(&second) && !Store::new(10).has(&second));
    }

    #[test]
    fn what_is_sent_seldom_leaves_half_of_the_room() {
        let store = Store::new(10);
        let [large, small, other] = [(6, true), (5, true), (5, false)]
            .map(|(length, seldom)| store.place(vec![0; length], seldom).unwrap());
        for (body, used) in [(&large, 0), (&small, 5), (&other, 10)] {
            assert_eq!(body.part(0, 6).unwrap().len(), body.len());
            assert_eq!(store.in_memory(), used);
        }
    }

    #[test]
    fn the_file_does_not_grow_while_bodies_come_and_go() {
        let store = Store::new(0);
        let mut bodies: Vec<_> =
            (0..20_usize).map(|n| store.place(vec![n as u8; 500 + n], false).unwrap()).collect();
        let end = store.space().end;
        for round in 0..50_usize {
            // A body that is dropped in the middle, and another one that takes its place.
            let number = round * 7 % bodies.len();
            let length = bodies.remove(number).len();
            bodies.push(store.place(vec![round as u8; length], false).unwrap());
            assert_eq!(bodies.last().unwrap().part(0, 1000).unwrap().as_ref(), vec![round as u8; length]);
            assert_eq!(store.space().end, end);
        }
        for body in &bodies {
            let bytes = body.part(0, 1000).unwrap();
            assert!(bytes.iter().all(|byte| *byte == bytes[0]), "bodies overlap");
        }
        drop(bodies);
        let space = store.space();
        assert_eq!((space.end, space.gaps.len(), space.by_length.len()), (0, 0, 0));
    }

    #[test]
    fn many_threads_keep_a_body_once() {
        let store = Store::new(1000);
        let body = store.place(vec![7; 600], false).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(body.part(0, 600).unwrap().as_ref(), [7; 600]));
            }
        });
        assert_eq!(store.in_memory(), 600);
    }
}
