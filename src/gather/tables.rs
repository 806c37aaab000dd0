//! Large tables, cut at rows: one look over the bytes tells where rows begin, so that parts can be read on every core, and
//! rows that were appended by themselves.

use super::parts::{Laid, PART};
use crate::file_at::read_at;
use crate::sources::Table;
use std::fs::File;
use std::io;
use std::sync::Arc;

/// Smaller files, in bytes, are read as a whole: of such a file it is known which articles it held, should it change.
pub const SMALL: u64 = 256 << 10;

/// A heading that is longer is not looked for.
const HEAD: usize = 64 << 10;

/// Rows that follow each other.
#[derive(Debug)]
pub struct Rows {
    pub table: Arc<Table>,
    /// The bytes from the beginning of the first to the end of the last.
    pub range: (u64, u64),
    pub lines_before: u64,
    /// Of the [`PART`] of the file in which they begin: how many lines end there, and the hash of its bytes.
    pub newlines: u64,
    pub hash: u64,
}

/// What the beginning of a file says of its rows, if they can be read by themselves.
pub fn table(laid: &Laid<'_>) -> io::Result<Option<Arc<Table>>> {
    if !laid.file.path().is_file() {
        return Ok(None);
    }
    let mut start = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(File::open(laid.file.path())?, HEAD as u64), &mut start)?;
    Ok(laid.file.format.table(&start, &laid.source.options).map(Arc::new))
}

/// The rows that begin in every part of a file, from one offset, where a row begins or the file does, to another. So many lines
/// come before them. `None`: the file cannot be cut.
pub fn cut(laid: &Laid<'_>, (from, to): (u64, u64), lines_before: u64) -> io::Result<Option<Vec<Rows>>> {
    let Some(table) = table(laid)?.filter(|table| table.head < to) else { return Ok(None) };
    let file = File::open(laid.file.path())?;
    let mut cutter = table.cutter();
    // Of every part its first row, if it has one, with the lines before that; and the lines and the hash of its bytes.
    let mut parts = Vec::new();
    let mut lines = lines_before;
    let mut room = Vec::new();
    let mut start = from;
    while start < to {
        let end = (start / PART * PART + PART).min(to);
        room.resize((end - start) as usize, 0);
        if read_at(&file, &mut room, start)? < room.len() {
            return Ok(None);
        }
        let head = table.head.saturating_sub(start).min(end - start) as usize;
        let at_row = cutter.is_at_row();
        let found = cutter.go_over(&room[head..]).map(|row| head + row);
        let first = if at_row { Some(head) } else { found };
        let newlines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count() as u64;
        let row = first.map(|first| (start + first as u64, lines + newlines(&room[..first])));
        let newlines = newlines(&room);
        parts.push((row, newlines, xxhash_rust::xxh3::xxh3_64(&room)));
        lines += newlines;
        start = end;
    }
    if cutter.is_open() {
        return Ok(None);
    }
    let mut next = (to, lines);
    let mut rows: Vec<Rows> = parts
        .into_iter()
        .rev()
        .map(|(row, newlines, hash)| {
            let end = next.0;
            next = row.unwrap_or(next);
            Rows { table: Arc::clone(&table), range: (next.0, end), lines_before: next.1, newlines, hash }
        })
        .collect();
    rows.reverse();
    Ok(Some(rows))
}
