//! Texts that are wanted again, out of memory: they lie in a temporary file, of which the first megabyte stays in memory,
//! and are taken out by the place at which they were put.

use std::io::{self, Read, Seek, SeekFrom, Write};
use tempfile::SpooledTempFile;

/// Texts lie in memory up to so many bytes, and are written together in as many.
const IN_MEMORY: usize = 1 << 20;
const TOGETHER: usize = 64 << 10;

#[derive(Debug)]
pub struct Shelf {
    file: SpooledTempFile,
    /// How many bytes are in the file, and what goes there next.
    written: u64,
    next: Vec<u8>,
}

impl Shelf {
    pub fn new() -> Self {
        Self { file: tempfile::spooled_tempfile(IN_MEMORY), written: 0, next: Vec::new() }
    }

    /// Puts bytes there, 4 GiB at most, and says where.
    pub fn put(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let length = u32::try_from(bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        let place = self.written + self.next.len() as u64;
        self.next.extend_from_slice(&length.to_le_bytes());
        self.next.extend_from_slice(bytes);
        if self.next.len() >= TOGETHER {
            self.flush()?;
        }
        Ok(place)
    }

    /// What was put at that place.
    pub fn get(&mut self, place: u64) -> io::Result<Vec<u8>> {
        if place >= self.written {
            self.flush()?;
        }
        self.file.seek(SeekFrom::Start(place))?;
        let mut length = [0; 4];
        self.file.read_exact(&mut length)?;
        let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.written))?;
        self.file.write_all(&self.next)?;
        self.written += self.next.len() as u64;
        self.next.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_was_put() {
        let mut shelf = Shelf::new();
        let text = |number: usize| format!("{number} ").repeat(number % 100).into_bytes();
        let places: Vec<u64> = (0..20_000).map(|number| shelf.put(&text(number)).unwrap()).collect();
        assert!(places.last().unwrap() > &(2 * IN_MEMORY as u64));
        for number in (0..20_000).step_by(7).chain([19_999]) {
            assert_eq!(shelf.get(places[number]).unwrap(), text(number));
        }
        let late = shelf.put(b"x").unwrap();
        assert_eq!((shelf.get(late).unwrap(), shelf.get(places[3]).unwrap()), (b"x".to_vec(), text(3)));
    }
}
