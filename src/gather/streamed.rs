//! The quick way: every core reads, and only what can be in a feed is kept.
//!
//! Files of JSON Lines are read in parts, each from the first line that begins in it; other files as they are, several at
//! a time. Every record gets a place in the order of the input. Threads keep a shortlist for every feed ([`crate::shortlist`])
//! and a register of all ids ([`crate::register`]); once everything is read, the register tells which records later ones
//! replaced. If a shortlist lacks an article for having held such records, reading is done once more, without them.

use super::sections::{self, Class, Sections};
use super::worker::{LineFile, Remark, Shared, Worker};
use super::{GatherError, Gathered, Progress, plainly};
use crate::edition::Recall;
use crate::glance::Glancer;
use crate::parallel;
use crate::plan::{Plan, SourceFile, SourcePlan};
use crate::register::{Outcome, Register};
use crate::shortlist::{Candidate, Shortlist};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Reads every source, and keeps the articles that can be in a feed.
pub fn streamed(
    plan: &Plan,
    recall: &(dyn Recall + Sync),
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> Result<Gathered, GatherError> {
    let parts = parts(plan)?;
    let mut superseded = Vec::new();
    for _ in 0..2 {
        let sections = Sections::new(plan);
        let shared = Shared { plan, recall, now, progress, sections: &sections, superseded: &superseded };
        let read = read(&parts, &shared)?;
        if read.give_up {
            break;
        }
        let outcome = Register::settle(read.registers);
        let replaced = |place: u64| outcome.superseded.binary_search(&place).is_ok();
        let finished: Option<Vec<Vec<Candidate>>> =
            read.shortlists.into_iter().map(|list| list.finish(replaced)).collect();
        let Some(candidates) = finished else {
            superseded = outcome.superseded;
            continue;
        };
        let mut gathered = Gathered { counts: read.counts, due: read.due, ..Gathered::default() };
        gathered.counts.files = plan.sources.iter().map(|source| source.files.len()).sum();
        gathered.undated =
            read.undated.into_iter().filter(|(place, _)| !replaced(*place)).map(|(_, id)| id).collect();
        gathered.undated.sort();
        let lines = first_lines(&parts, &read.newlines);
        gathered.diagnostics = diagnostics(read.remarks, &lines);
        let mut chosen: Vec<Candidate> = candidates.into_iter().flatten().collect();
        chosen.sort_unstable_by_key(|candidate| candidate.place);
        chosen.dedup();
        for article in load(&chosen, &parts, &lines, read.kept, plan)? {
            gathered.articles.insert(article.id.clone(), article);
        }
        count(&mut gathered, &outcome, &sections.into_classes());
        return Ok(gathered);
    }
    plainly(plan, recall, now, progress)
}

/// A part of the input that one thread reads at once.
struct Part<'a> {
    source: &'a SourcePlan,
    file: &'a SourceFile,
    /// The place of the file's first byte.
    base: u64,
    /// Of a file of JSON Lines, the bytes in which the lines begin; `None`: the whole file, in its format.
    lines: Option<(u64, u64)>,
    /// Whether a file begins here.
    first: bool,
}

/// Large enough that little is read twice, small enough for a processor's cache and for many threads.
const PART: u64 = 1 << 20;

/// The longest line that the format reads.
const LONGEST_LINE: usize = 64 << 20;

fn parts(plan: &Plan) -> Result<Vec<Part<'_>>, GatherError> {
    let mut parts = Vec::new();
    let mut base = 0;
    for source in &plan.sources {
        for file in &source.files {
            let size = std::fs::metadata(&file.path).map_or(0, |file| file.len());
            if is_plain_lines(source, file).map_err(|error| fault(file, error))? {
                for start in (0..size).step_by(PART as usize) {
                    let lines = Some((start, (start + PART).min(size)));
                    parts.push(Part { source, file, base, lines, first: start == 0 });
                }
                base += size + 1;
            } else {
                parts.push(Part { source, file, base, lines: None, first: true });
                // No record is shorter than a byte, and few things but records take a place. Of standard input the size is
                // not known.
                base += if file.path.as_os_str().is_empty() { 1 << 40 } else { 2 * size + (1 << 16) };
            }
        }
    }
    Ok(parts)
}

fn fault(file: &SourceFile, source: io::Error) -> GatherError {
    GatherError::Read { path: PathBuf::from(file.name.as_ref()), source }
}

/// Whether a file is one whose lines can be read by themselves: JSON Lines in UTF-8, without a byte-order mark.
fn is_plain_lines(source: &SourcePlan, file: &SourceFile) -> io::Result<bool> {
    let is_file = !file.path.as_os_str().is_empty() && file.path.is_file();
    if file.format.name() != "jsonl" || source.options.encoding.is_some() || !is_file {
        return Ok(false);
    }
    let mut start = [0; 4096];
    let length = read_at(&File::open(&file.path)?, &mut start, 0)?;
    let start = &start[..length];
    let marked = start.starts_with(b"\xef\xbb\xbf")
        || start.starts_with(b"\xff\xfe")
        || start.starts_with(b"\xfe\xff");
    // A document over many lines, which the format names as such; and text without zeros is not UTF-16.
    let first_line = start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    let document = first_line.is_none_or(|line| line.len() < 3);
    Ok(!marked && !document && !start.contains(&0))
}

fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        #[cfg(unix)]
        let bytes = std::os::unix::fs::FileExt::read_at(file, &mut buffer[read..], offset + read as u64);
        #[cfg(windows)]
        let bytes = std::os::windows::fs::FileExt::seek_read(file, &mut buffer[read..], offset + read as u64);
        match bytes {
            Ok(0) => break,
            Ok(bytes) => read += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// What all threads have read.
struct Read {
    registers: Vec<Register>,
    shortlists: Vec<Shortlist>,
    undated: Vec<(u64, String)>,
    remarks: Vec<Remark>,
    kept: HashMap<u64, crate::article::Article>,
    counts: super::Counts,
    due: Option<i64>,
    /// How many lines end in every part.
    newlines: Vec<u64>,
    /// Something was met that only the plain way can deal with.
    give_up: bool,
}

/// What one thread did: its worker, the number of lines of every part that it read, and whether it gave up.
type Share<'a> = (Worker<'a>, Vec<(usize, u64)>, bool);

fn read(parts: &[Part<'_>], shared: &Shared<'_>) -> Result<Read, GatherError> {
    let next = AtomicUsize::new(0);
    let work = |_| -> Result<Share<'_>, GatherError> {
        let mut worker = Worker::new(shared);
        let mut newlines = Vec::new();
        let mut room = Room::default();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(index) else { return Ok((worker, newlines, room.give_up)) };
            match part.lines {
                Some(range) => {
                    newlines.push((index, read_lines(part, range, index, shared, &mut worker, &mut room)?))
                }
                None => worker.file(part.source, part.file, part.base, index)?,
            }
            if worker.overflow || room.give_up {
                next.store(parts.len(), Ordering::Relaxed);
            }
        }
    };
    let threads = parallel::threads().min(parts.len()).max(1);
    let mut whole = Read {
        registers: Vec::new(),
        shortlists: Vec::new(),
        undated: Vec::new(),
        remarks: Vec::new(),
        kept: HashMap::new(),
        counts: super::Counts::default(),
        due: None,
        newlines: vec![0; parts.len()],
        give_up: false,
    };
    for result in parallel::map((0..threads).collect(), work) {
        let (worker, newlines, give_up) = result?;
        if let Some(fault) = worker.fault {
            return Err(fault.into());
        }
        whole.give_up |= give_up || worker.overflow;
        newlines.into_iter().for_each(|(part, number)| whole.newlines[part] = number);
        log::debug!(
            "a thread read {} records, {} of them in full",
            worker.counts.records,
            worker.read_in_full
        );
        whole.registers.push(worker.register);
        whole.undated.extend(worker.undated);
        whole.remarks.extend(worker.remarks);
        whole.kept.extend(worker.kept);
        whole.due = super::sooner(whole.due, worker.due);
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
    Ok(whole)
}

/// A thread's room for reading, and the file it has open.
#[derive(Default)]
struct Room<'a> {
    bytes: Vec<u8>,
    file: Option<(&'a SourceFile, File)>,
    glancer: Option<(&'a SourcePlan, Option<Glancer<'a>>)>,
    give_up: bool,
}

/// Reads the lines that begin in a part of a file; how many lines end in it.
fn read_lines<'a>(
    part: &Part<'a>,
    (start, end): (u64, u64),
    index: usize,
    shared: &Shared<'a>,
    worker: &mut Worker<'a>,
    room: &mut Room<'a>,
) -> Result<u64, GatherError> {
    let file = match &room.file {
        Some((open, file)) if std::ptr::eq(*open, part.file) => file,
        _ => {
            let file = File::open(&part.file.path).map_err(|error| fault(part.file, error))?;
            &room.file.insert((part.file, file)).1
        }
    };
    // From the byte before, which tells whether a line begins here.
    let before = u64::from(!part.first);
    let wanted = (end - start + before) as usize;
    room.bytes.resize(wanted, 0);
    let mut length =
        read_at(file, &mut room.bytes, start - before).map_err(|error| fault(part.file, error))?;
    let newlines =
        memchr::memchr_iter(b'\n', &room.bytes[before as usize..length.max(before as usize)]).count() as u64;
    let mut number = 1;
    let begin = match part.first {
        true => 0,
        false => match memchr::memchr(b'\n', &room.bytes[..length]) {
            // The newline before this part is counted in the part before.
            Some(0) => 1,
            Some(newline) => {
                number += 1;
                newline + 1
            }
            None => length,
        },
    };
    if begin >= length {
        return Ok(newlines);
    }
    // The last line goes on to its end, wherever that is.
    let mut searched = length;
    while length == room.bytes.len() && memchr::memrchr(b'\n', &room.bytes[..length]) != Some(length - 1) {
        let more = (room.bytes.len() - wanted).max(16 << 10);
        room.bytes.resize(length + more, 0);
        let read = read_at(file, &mut room.bytes[length..], start - before + length as u64)
            .map_err(|error| fault(part.file, error))?;
        length += read;
        if let Some(newline) = memchr::memchr(b'\n', &room.bytes[searched..length]) {
            length = searched + newline + 1;
            break;
        }
        searched = length;
        if room.bytes.len() > wanted + LONGEST_LINE {
            room.give_up = true;
            return Ok(newlines);
        }
        if read < more {
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
            return Ok(newlines);
        }
        if !line.is_empty() {
            // The whole line, with the white space at its beginning, so that columns are right.
            let whole = bytes[at..line_end].trim_ascii_end();
            let place = part.base + start - before + at as u64;
            let text = all_text || std::str::from_utf8(whole).is_ok();
            let glanceable = text && whole.len() == line.len();
            match glanceable {
                true => worker.line(line, place, number, index, &lines, glancer),
                false => worker.line(&bytes[at..line_end], place, number, index, &lines, &mut None),
            }
        }
        number += 1;
        at = line_end + 1;
    }
    shared.progress.advance(0, (worker.counts.records - records) as u64);
    Ok(newlines)
}

/// How many lines come before every part in its file.
fn first_lines(parts: &[Part<'_>], newlines: &[u64]) -> Vec<u64> {
    let mut lines = Vec::with_capacity(parts.len());
    let mut before = 0;
    for (part, newlines) in parts.iter().zip(newlines) {
        if part.first {
            before = 0;
        }
        lines.push(before);
        before += newlines;
    }
    lines
}

fn diagnostics(mut remarks: Vec<Remark>, first_lines: &[u64]) -> Vec<crate::diagnostic::Diagnostic> {
    remarks.sort_by_key(|remark| remark.place);
    let diagnostics = remarks.into_iter().map(|remark| {
        let mut diagnostic = remark.diagnostic;
        diagnostic.place.line += first_lines.get(remark.part).copied().unwrap_or(0);
        diagnostic
    });
    diagnostics.collect()
}

/// The articles of the chosen records.
fn load(
    chosen: &[Candidate],
    parts: &[Part<'_>],
    first_lines: &[u64],
    mut kept: HashMap<u64, crate::article::Article>,
    plan: &Plan,
) -> Result<Vec<crate::article::Article>, GatherError> {
    let mut articles = Vec::new();
    let mut by_part: Vec<(usize, Vec<Candidate>)> = Vec::new();
    for candidate in chosen {
        if let Some(article) = kept.remove(&candidate.place) {
            articles.push(article);
            continue;
        }
        let start = |part: &Part<'_>| part.base + part.lines.map_or(0, |(start, _)| start);
        let index = parts.partition_point(|part| start(part) <= candidate.place).saturating_sub(1);
        match by_part.last_mut() {
            Some((last, candidates)) if *last == index => candidates.push(*candidate),
            _ => by_part.push((index, vec![*candidate])),
        }
    }
    for loaded in parallel::map(by_part, |(index, candidates)| {
        load_lines(&parts[index], first_lines[index], &candidates, plan)
    }) {
        articles.extend(loaded?);
    }
    Ok(articles)
}

fn load_lines(
    part: &Part<'_>,
    first_line: u64,
    candidates: &[Candidate],
    plan: &Plan,
) -> Result<Vec<crate::article::Article>, GatherError> {
    let failed = |error| fault(part.file, error);
    let file = File::open(&part.file.path).map_err(failed)?;
    let lines = LineFile { source: part.source, file: part.file };
    let mut articles = Vec::new();
    for candidate in candidates {
        let offset = candidate.place - part.base;
        let mut line = Vec::new();
        let mut room = 4096;
        loop {
            line.resize(room, 0);
            let length = read_at(&file, &mut line, offset).map_err(failed)?;
            if let Some(newline) = memchr::memchr(b'\n', &line[..length]) {
                line.truncate(newline);
                break;
            }
            if length < room {
                line.truncate(length);
                break;
            }
            room *= 4;
        }
        let changed = || io::Error::new(io::ErrorKind::InvalidData, "the file was changed while it was read");
        let mut article = lines.article(&line, plan).ok_or_else(changed).map_err(failed)?;
        let number = first_line + u64::from(candidate.line);
        article.place.line = number;
        article.remarks.iter_mut().for_each(|remark| remark.place.line = number);
        articles.push(article);
    }
    Ok(articles)
}

fn count(gathered: &mut Gathered, outcome: &Outcome, classes: &[Class]) {
    let of = |numbers: &[usize], class: usize| numbers.get(class).copied().unwrap_or(0);
    let mut met = 0;
    for (number, class) in classes.iter().enumerate() {
        let living = of(&outcome.living, number);
        match class {
            Class::Withdrawal => gathered.counts.withdrawn += living,
            Class::Article { feeds, homeless, .. } => {
                super::take(&mut gathered.taken, feeds, living);
                met += of(&outcome.met, number);
                gathered.counts.articles += living;
                gathered.counts.homeless += if *homeless { living } else { 0 };
            }
        }
    }
    gathered.counts.replaced = met - gathered.counts.articles;
    let living = classes.iter().enumerate().map(|(number, class)| (class, of(&outcome.living, number)));
    gathered.categories = sections::categories(living);
}
