//! What threads do with the parts of the input: they read, glance, and keep what can be in a feed.

use super::parts::{Files, Holds, Layout, Part, Region, fault};
use super::worker::{LineFile, Remark, Shared, Whole, Worker};
use super::{Counts, GatherError, sooner};
use crate::article::Article;
use crate::diagnostic::Diagnostic;
use crate::file_at::read_at;
use crate::glance::Glancer;
use crate::parallel;
use crate::plan::{SourceFile, SourcePlan};
use crate::register::Register;
use crate::shortlist::Shortlist;
use std::collections::HashMap;
use std::fs::File;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The longest line that the format reads.
const LONGEST_LINE: usize = 64 << 20;

/// What all threads have read.
#[derive(Debug, Default)]
pub struct Read {
    pub registers: Vec<Register>,
    /// Candidates have their lines in their files.
    pub shortlists: Vec<Shortlist>,
    /// Articles that state no date: place and id.
    pub undated: Vec<(u64, String)>,
    /// In the order of places, with their lines in their files.
    pub remarks: Vec<(u64, Diagnostic)>,
    pub kept: HashMap<u64, Article>,
    pub counts: Counts,
    pub due: Option<i64>,
    /// Of files that are read as a whole: the number of the file, and what was met in it.
    pub whole: Vec<(usize, Whole)>,
    /// What was read of every part of the files that are cut.
    pub parts: Vec<LinesRead>,
    /// Something was met that only the plain way can deal with.
    pub give_up: bool,
}

/// What one thread did: its worker, of every part of lines that it read the number of lines and the hash, and whether it
/// gave up.
type Share<'a> = (Worker<'a>, Vec<(usize, LinesRead)>, bool);

/// What reading a part of a file of lines came to.
#[derive(Debug, Clone, Copy, Default)]
pub struct LinesRead {
    /// How many lines end in it.
    pub newlines: u64,
    /// XXH3 of its bytes, where that is asked for.
    pub hash: u64,
}

/// Reads what is laid out, with the hashes of the bytes of parts where they are asked for.
pub fn read(
    files: &Files<'_>,
    layout: &Layout<'_>,
    shared: &Shared<'_>,
    hashed: bool,
) -> Result<Read, GatherError> {
    let (parts, regions) = (&layout.parts, layout.new_regions());
    let all = parts.len() + regions.len();
    let next = AtomicUsize::new(0);
    let work = |_| -> Result<Share<'_>, GatherError> {
        let mut worker = Worker::new(shared);
        let mut lines = Vec::new();
        let mut room = Room { hashed, ..Room::default() };
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match parts.get(index) {
                Some(part) => {
                    let read = match &part.held {
                        Holds::Lines(start, end) => {
                            read_lines(part, (*start, *end), index, shared, &mut worker, &mut room)?
                        }
                        Holds::Rows(rows) => {
                            worker.rows(part, rows, index)?;
                            LinesRead { newlines: rows.newlines, hash: rows.hash }
                        }
                    };
                    lines.push((index, read));
                }
                None => match regions.get(index - parts.len()) {
                    Some(Region { base, file, from: None, .. }) => {
                        if let Some(laid) = files.get(*file) {
                            worker.file(laid, *file, *base)?;
                        }
                    }
                    Some(_) => {}
                    None => return Ok((worker, lines, room.give_up)),
                },
            }
            if worker.overflow || room.give_up {
                next.store(all, Ordering::Relaxed);
            }
        }
    };
    let threads = parallel::threads().min(all).max(1);
    let mut whole = Read { parts: vec![LinesRead::default(); parts.len()], ..Read::default() };
    let mut remarks = Vec::new();
    for result in parallel::map((0..threads).collect(), work) {
        let (worker, lines, give_up) = result?;
        if let Some(fault) = worker.fault {
            return Err(fault.into());
        }
        whole.give_up |= give_up || worker.overflow;
        for (part, read) in lines {
            whole.parts[part] = read;
        }
        log::debug!(
            "a thread read {} records, {} of them in full",
            worker.counts.records,
            worker.read_in_full
        );
        whole.registers.push(worker.register);
        whole.undated.extend(worker.undated);
        remarks.extend(worker.remarks);
        whole.whole.extend(worker.whole);
        whole.kept.extend(worker.kept);
        whole.due = sooner(whole.due, worker.due);
        whole.counts.records += worker.counts.records;
        whole.counts.left_out += worker.counts.left_out;
        whole.counts.passed_over += worker.counts.passed_over;
        for (feed, list) in worker.shortlists.into_iter().enumerate() {
            match whole.shortlists.get_mut(feed) {
                Some(all) => all.merge(list),
                None => whole.shortlists.push(list),
            }
        }
    }
    whole.whole.sort_unstable_by_key(|(file, _)| *file);
    let lines = first_lines(parts, &whole.parts);
    for candidate in whole.shortlists.iter_mut().flat_map(Shortlist::candidates_mut) {
        let part = parts.partition_point(|part| part.start() <= candidate.place).checked_sub(1);
        let before = part
            .filter(|part| parts[*part].has(candidate.place))
            .and_then(|part| lines.get(part))
            .map_or(0, |lines| u32::try_from(*lines).unwrap_or(u32::MAX));
        candidate.line = candidate.line.saturating_add(before);
    }
    whole.remarks = diagnostics(remarks, &lines);
    Ok(whole)
}

/// A thread's room for reading, and the file it has open.
#[derive(Default)]
struct Room<'a> {
    bytes: Vec<u8>,
    file: Option<(&'a SourceFile, File)>,
    glancer: Option<(&'a SourcePlan, Option<Glancer<'a>>)>,
    hashed: bool,
    give_up: bool,
}

/// Reads the lines that begin in a part of a file.
fn read_lines<'a>(
    part: &Part<'a>,
    (start, end): (u64, u64),
    index: usize,
    shared: &Shared<'a>,
    worker: &mut Worker<'a>,
    room: &mut Room<'a>,
) -> Result<LinesRead, GatherError> {
    let file = match &room.file {
        Some((open, file)) if std::ptr::eq(*open, part.file) => file,
        _ => {
            let file = File::open(part.file.path()).map_err(|error| fault(part.file, error))?;
            &room.file.insert((part.file, file)).1
        }
    };
    // From the byte before, which tells whether a line begins here.
    let before = u64::from(start > 0);
    let wanted = (end - start + before) as usize;
    room.bytes.resize(wanted, 0);
    let mut length =
        read_at(file, &mut room.bytes, start - before).map_err(|error| fault(part.file, error))?;
    let own = &room.bytes[before as usize..length.max(before as usize)];
    let hash = if room.hashed { xxhash_rust::xxh3::xxh3_64(own) } else { 0 };
    let own_end = length;
    let mut newlines = 0;
    let begin = match start {
        0 => 0,
        _ => match memchr::memchr(b'\n', &room.bytes[..length]) {
            // The newline before this part is counted in the part before.
            Some(0) => 1,
            Some(newline) => {
                newlines += 1;
                newline + 1
            }
            None => length,
        },
    };
    if begin >= length {
        return Ok(LinesRead { newlines, hash });
    }
    let mut number = 1 + newlines as u32;
    // The last line goes on to its end, wherever that is.
    let mut searched = length;
    while length == room.bytes.len() && memchr::memrchr(b'\n', &room.bytes[..length]) != Some(length - 1) {
        let more = (room.bytes.len() - wanted).max(16 << 10);
        room.bytes.resize(length + more, 0);
        let got = read_at(file, &mut room.bytes[length..], start - before + length as u64)
            .map_err(|error| fault(part.file, error))?;
        length += got;
        if let Some(newline) = memchr::memchr(b'\n', &room.bytes[searched..length]) {
            length = searched + newline + 1;
            break;
        }
        searched = length;
        if room.bytes.len() > wanted + LONGEST_LINE {
            room.give_up = true;
            return Ok(LinesRead { newlines, hash });
        }
        if got < more {
            break;
        }
    }
    shared.progress.advance(length as u64, 0);
    let bytes = &room.bytes[..length];
    let all_text = simdutf8::basic::from_utf8(&bytes[begin..]).is_ok();
    let glancer = match &mut room.glancer {
        Some((source, glancer)) if std::ptr::eq(*source, part.source) => glancer,
        slot => {
            let made = Glancer::new(part.source, &shared.plan.site.tag, shared.sections.wanted());
            &mut slot.insert((part.source, made)).1
        }
    };
    let lines = LineFile { source: part.source, file: part.file };
    let records = worker.counts.records;
    let mut at = begin;
    while at < length {
        let line_end = memchr::memchr(b'\n', &bytes[at..]).map_or(length, |newline| at + newline);
        let line = bytes[at..line_end].trim_ascii();
        if line_end - at > LONGEST_LINE {
            room.give_up = true;
            return Ok(LinesRead { newlines, hash });
        }
        if !line.is_empty() {
            // The whole line, with the white space at its beginning, so that columns are right.
            let whole = bytes[at..line_end].trim_ascii_end();
            let place = part.base.wrapping_add(start - before + at as u64);
            let text = all_text || std::str::from_utf8(whole).is_ok();
            let glanceable = text && whole.len() == line.len();
            match glanceable {
                true => worker.line(line, place, number, index, &lines, glancer),
                false => worker.line(&bytes[at..line_end], place, number, index, &lines, &mut None),
            }
        }
        number += 1;
        newlines += u64::from(line_end < own_end);
        at = line_end + 1;
    }
    shared.progress.advance(0, (worker.counts.records - records) as u64);
    Ok(LinesRead { newlines, hash })
}

/// How many lines come before every part in its file.
fn first_lines(parts: &[Part<'_>], read: &[LinesRead]) -> Vec<u64> {
    let mut lines = Vec::with_capacity(parts.len());
    let mut before = 0;
    for (part, read) in parts.iter().zip(read) {
        before = part.lines_before.unwrap_or(before);
        lines.push(before);
        before += read.newlines;
    }
    lines
}

fn diagnostics(mut remarks: Vec<Remark>, first_lines: &[u64]) -> Vec<(u64, Diagnostic)> {
    remarks.sort_by_key(|remark| remark.place);
    let diagnostics = remarks.into_iter().map(|remark| {
        let mut diagnostic = remark.diagnostic;
        diagnostic.place.line +=
            remark.part.and_then(|part| first_lines.get(part)).copied().unwrap_or_default();
        (remark.place, diagnostic)
    });
    diagnostics.collect()
}
