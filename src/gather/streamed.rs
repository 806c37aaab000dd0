//! The quick way: every core reads, and only what can be in a feed is kept.
//!
//! Files of JSON Lines are read in parts, each from the first line that begins in it, large tables likewise by rows; other
//! files as they are, several at a time. Every record gets a place in the order of the input. Threads keep a shortlist for
//! every feed ([`crate::shortlist`]) and a register of all ids ([`crate::register`]); once everything is read, the register
//! tells which records later ones replaced. If a shortlist lacks an article for having held such records, reading is done
//! once more, without them.

use super::checkpoint::{Bookmark, Checkpoint, Held, Lines, Mark};
use super::loading::load;
use super::parts::{Files, Laid, Layout, Part, fault};
use super::reading::{Read, read};
use super::sections::{self, Class, Sections};
use super::worker::Shared;
use super::{GatherError, Gathered, Progress, plainly};
use crate::edition::Recall;
use crate::file_at::read_at;
use crate::plan::Plan;
use crate::register::{Outcome, Register, Writer};
use crate::seen::{Seen, Written};
use crate::shortlist::Candidate;
use chrono::{DateTime, Utc};
use std::fs::File;
use std::sync::Arc;

/// Reads every source, and keeps the articles that can be in a feed.
pub fn streamed(
    plan: &Plan,
    recall: &(dyn Recall + Sync),
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> Result<Gathered, GatherError> {
    whole(plan, recall, now, progress, None)
}

/// Reads every source, and notes where reading stood, where that is asked for and can be told.
pub(super) fn whole(
    plan: &Plan,
    recall: &(dyn Recall + Sync),
    now: DateTime<Utc>,
    progress: &dyn Progress,
    bookmark: Option<&Bookmark>,
) -> Result<Gathered, GatherError> {
    let files = Files::of(plan);
    let mut superseded = Vec::new();
    for _ in 0..2 {
        let layout = lay_out(&files)?;
        let sections = Sections::new(plan);
        let shared = Shared { plan, recall, now, progress, sections: &sections, superseded: &superseded };
        let mut read = read(&files, &layout, &shared, bookmark.is_some())?;
        if read.give_up {
            break;
        }
        let writer = bookmark.and_then(|bookmark| bookmark.wait().ok()).map(Writer::new);
        let outcome = Register::settle(std::mem::take(&mut read.registers), writer.as_ref());
        let replaced = |place: u64| outcome.superseded.binary_search(&place).is_ok();
        let mut checkpoint = bookmark.zip(writer).and_then(|(bookmark, writer)| {
            let marks = marks(&files, &layout.parts, &mut read, bookmark)?;
            let (stored, index) = writer.finish().ok()?;
            let lists = read.shortlists.iter_mut().map(|list| list.lay_aside(replaced)).collect();
            let stored = Some(stored);
            Some(Checkpoint {
                from: now.timestamp(),
                files: marks,
                lists,
                index,
                stored,
                ..Checkpoint::default()
            })
        });
        let finished: Option<Vec<Vec<Candidate>>> =
            read.shortlists.drain(..).map(|list| list.finish(replaced)).collect();
        let Some(candidates) = finished else {
            superseded = outcome.superseded;
            continue;
        };
        let mut gathered = Gathered { counts: read.counts, due: read.due, ..Gathered::default() };
        gathered.counts.files = files.len();
        gathered.undated =
            read.undated.into_iter().filter(|(place, _)| !replaced(*place)).map(|(_, id)| id).collect();
        gathered.undated.sort();
        if let Some(checkpoint) = &mut checkpoint {
            checkpoint.due = read.due;
            checkpoint.counts = gathered.counts;
            checkpoint.chosen = candidates.iter().map(|list| places(list)).collect();
            checkpoint.remarks = noted(&read.remarks);
        }
        gathered.diagnostics = read.remarks.into_iter().map(|(_, diagnostic)| diagnostic).collect();
        let chosen = once(candidates.into_iter().flatten());
        for article in load(&chosen, (&files, &layout.regions), read.kept, plan)? {
            gathered.articles.insert(article.id.clone(), Arc::new(article));
        }
        let known = sections.known();
        count(&mut gathered, &outcome, &sections.into_classes());
        gathered.checkpoint = checkpoint.map(|checkpoint| Checkpoint {
            regions: layout.regions,
            next: layout.next,
            met: outcome.met,
            living: outcome.living,
            known,
            ..checkpoint
        });
        return Ok(gathered);
    }
    plainly(plan, recall, now, progress)
}

fn lay_out<'a>(files: &Files<'a>) -> Result<Layout<'a>, GatherError> {
    let mut layout = Layout { regions: Vec::with_capacity(files.len()), ..Layout::default() };
    for (number, laid) in files.iter().enumerate() {
        // What changes after it was seen is read the next time.
        let size = laid.file.seen.map_or(0, |seen| seen.size);
        layout.add(number, laid, size).map_err(|error| fault(laid.file, error))?;
    }
    Ok(layout)
}

/// What is noted of every file; `None` where one of them cannot be recognised.
fn marks(files: &Files<'_>, parts: &[Part<'_>], read: &mut Read, bookmark: &Bookmark) -> Option<Vec<Mark>> {
    let now = Written::at(&bookmark.now).ok()?;
    let mut whole = std::mem::take(&mut read.whole).into_iter().peekable();
    let mut cut = parts.iter().zip(&read.parts).peekable();
    let mut marks = Vec::with_capacity(files.len());
    for (number, laid) in files.iter().enumerate() {
        let seen = laid.file.seen.filter(|seen| seen.is_file)?;
        let mut lines = Lines { size: seen.size, ..Lines::default() };
        while let Some((_, part)) = cut.next_if(|(part, _)| part.number == number) {
            lines.newlines += part.newlines;
            lines.hashes.push(part.hash);
        }
        let held = match whole.next_if(|(file, _)| *file == number) {
            Some((_, whole)) => Held::Whole(whole),
            None => {
                lines.ended = ended(&File::open(laid.file.path()).ok()?, lines.size)?;
                Held::Lines(Box::new(lines))
            }
        };
        marks.push(mark(&laid, &seen, now, held));
    }
    Some(marks)
}

/// Whether the last of so many bytes ends a line; `None` where that cannot be read.
pub(super) fn ended(file: &File, size: u64) -> Option<bool> {
    let mut last = [0];
    let read = read_at(file, &mut last, size.checked_sub(1)?).ok()?;
    (read == 1).then_some(last == *b"\n")
}

pub(super) fn mark(laid: &Laid<'_>, seen: &Seen, now: Written, held: Held) -> Mark {
    Mark { name: laid.name(), print: seen.print, settled: seen.is_older(now), held }
}

pub(super) fn noted(remarks: &[(u64, crate::diagnostic::Diagnostic)]) -> Vec<(u64, String)> {
    // Texts and numbers can always be written.
    remarks
        .iter()
        .map(|(place, remark)| (*place, serde_json::to_string(remark).unwrap_or_default()))
        .collect()
}

/// Where the records of candidates stand, sorted.
pub(super) fn places(candidates: &[Candidate]) -> Vec<u64> {
    let mut places: Vec<u64> = candidates.iter().map(|candidate| candidate.place).collect();
    places.sort_unstable();
    places
}

/// Candidates in the order of their places, each once.
pub(super) fn once(candidates: impl Iterator<Item = Candidate>) -> Vec<Candidate> {
    let mut chosen: Vec<Candidate> = candidates.collect();
    chosen.sort_unstable_by_key(|candidate| candidate.place);
    chosen.dedup();
    chosen
}

/// Counts articles and categories, from how many records there are of every class.
pub(super) fn count(gathered: &mut Gathered, outcome: &Outcome, classes: &[Class]) {
    let of = |numbers: &[usize], class: usize| numbers.get(class).copied().unwrap_or(0);
    let mut met = 0;
    for (number, class) in classes.iter().enumerate() {
        let living = of(&outcome.living, number);
        match class {
            Class::Withdrawal => gathered.counts.withdrawn += living,
            Class::Article { feeds, homeless, categories } => {
                super::take(&mut gathered.taken, feeds, living);
                gathered.uncategorised += if categories.is_empty() { living } else { 0 };
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
