//! Where bodies are kept: in memory for as long as there is room, then in a temporary file that has no name. Either way
//! they stay as they are, whatever becomes of the output folder meanwhile.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The bytes of a body.
#[derive(Debug, Clone)]
pub enum Body {
    Memory(Arc<[u8]>),
    /// So many bytes from there on.
    Spilled {
        file: Arc<File>,
        offset: u64,
        length: usize,
    },
}

impl Body {
    pub fn len(&self) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len(),
            Self::Spilled { length, .. } => *length,
        }
    }

    /// At most so many bytes, from that place on; none at the end.
    pub fn part(&self, from: usize, most: usize) -> io::Result<Cow<'_, [u8]>> {
        match self {
            Self::Memory(bytes) => Ok(Cow::Borrowed(bytes.get(from..).unwrap_or_default())),
            Self::Spilled { file, offset, length } => {
                let mut part = vec![0; most.min(length.saturating_sub(from))];
                read_at(file, &mut part, offset + from as u64)?;
                Ok(Cow::Owned(part))
            }
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
    spill: Mutex<Spill>,
}

#[derive(Debug, Default)]
struct Spill {
    file: Option<Arc<File>>,
    end: u64,
}

/// What a temporary file may hold in vain before it is begun anew.
const SPARE: u64 = 64 * 1024 * 1024;

impl Store {
    /// Room for so many bytes in memory, of which so many are taken.
    pub fn new(room: u64) -> Self {
        Self { room, used: AtomicU64::new(0), spill: Mutex::default() }
    }

    /// A store for the next snapshot, which goes on in the same file; another file where most of it is no longer needed.
    /// `live` is how much of it is.
    pub fn next(&self, room: u64, live: u64) -> Self {
        let spill = self.spill.lock().unwrap_or_else(PoisonError::into_inner);
        let spill = match spill.end > 2 * live + SPARE {
            true => Spill::default(),
            false => Spill { file: spill.file.clone(), end: spill.end },
        };
        Self { room, used: AtomicU64::new(0), spill: Mutex::new(spill) }
    }

    /// Whether a body of the last snapshot can be taken over as it is.
    pub fn keeps(&self, body: &Body) -> bool {
        match body {
            Body::Memory(bytes) => self.take(bytes.len(), self.room),
            Body::Spilled { file, .. } => {
                let spill = self.spill.lock().unwrap_or_else(PoisonError::into_inner);
                spill.file.as_ref().is_some_and(|own| Arc::ptr_eq(own, file))
            }
        }
    }

    /// Takes a body in. What is sent seldom has half of the room at most.
    pub fn place(&self, bytes: Vec<u8>, is_seldom: bool) -> io::Result<Body> {
        if self.take(bytes.len(), if is_seldom { self.room / 2 } else { self.room }) {
            return Ok(Body::Memory(bytes.into()));
        }
        let mut spill = self.spill.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &spill.file {
            Some(file) => Arc::clone(file),
            None => Arc::clone(spill.file.insert(Arc::new(tempfile::tempfile()?))),
        };
        let offset = spill.end;
        write_at(&file, &bytes, offset)?;
        spill.end += bytes.len() as u64;
        Ok(Body::Spilled { file, offset, length: bytes.len() })
    }

    fn take(&self, bytes: usize, room: u64) -> bool {
        let fits = |used: u64| used.checked_add(bytes as u64).filter(|used| *used <= room);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok()
    }

    /// Bytes that are in memory.
    pub fn in_memory(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_spilled_and_comes_back() {
        let store = Store::new(10);
        let (first, second) =
            (store.place(vec![1; 8], false).unwrap(), store.place(vec![2; 8], false).unwrap());
        let third = store.place((0..100).collect(), false).unwrap();
        assert!(matches!((&first, &second), (Body::Memory(_), Body::Spilled { .. })));
        assert_eq!(second.part(0, 100).unwrap().as_ref(), [2; 8]);
        assert_eq!(third.part(90, 4).unwrap().as_ref(), [90, 91, 92, 93]);
        assert!(third.part(100, 4).unwrap().is_empty() && first.part(8, 4).unwrap().is_empty());
        assert_eq!((first.len(), third.len(), store.in_memory()), (8, 100, 8));
        let next = store.next(10, 108);
        assert!(next.keeps(&first) && next.keeps(&second) && !next.keeps(&Body::Memory([0; 3].into())));
        let fourth = next.place(vec![4; 5], false).unwrap();
        assert_eq!(fourth.part(0, 9).unwrap().as_ref(), [4; 5]);
        assert_eq!(third.part(0, 3).unwrap().as_ref(), [0, 1, 2], "the file goes on");
    }

    #[test]
    fn what_is_sent_seldom_leaves_half_of_the_room() {
        let store = Store::new(10);
        assert!(matches!(store.place(vec![0; 6], true).unwrap(), Body::Spilled { .. }));
        assert!(matches!(store.place(vec![0; 5], true).unwrap(), Body::Memory(_)));
        assert!(matches!(store.place(vec![0; 5], false).unwrap(), Body::Memory(_)));
    }

    #[test]
    fn a_file_that_is_mostly_waste_is_begun_anew() {
        let store = Store::new(0);
        let body = store.place(vec![0; 1000], false).unwrap();
        assert!(store.next(0, 1000).keeps(&body));
        store.place(vec![0; SPARE as usize + 2000], false).unwrap();
        assert!(!store.next(0, 1000).keeps(&body));
    }
}
