//! Reading on from where an earlier reading stood: lines and rows that were appended, files that are new, and small files that
//! changed or went.
//!
//! What was read before is trusted by its bytes: of a file of JSON Lines, or a large table, whose size or times have
//! changed, every byte that was read is hashed again. Of other files, size, times (one of which no program can set back)
//! and inode tell whether they are as they were. Where the order of records could matter otherwise than in a reading from the start, where too much is
//! new, and where anything does not fit, everything is read.

use super::checkpoint::{Bookmark, Checkpoint, Held, Lines, Mark};
use super::loading::load;
use super::parts::{Files, Layout, PART, Region, region};
use super::reading::{Read, read};
use super::sections::Sections;
use super::streamed::{count, ended, mark, noted, once, places, whole};
use super::worker::{Shared, Whole};
use super::{GatherError, Gathered, Progress, sooner};
use crate::diagnostic::Diagnostic;
use crate::edition::Recall;
use crate::file_at::read_at;
use crate::parallel;
use crate::plan::{Feeds, Plan};
use crate::register::{Entry, Outcome, Register, Stored};
use crate::seen::Written;
use crate::selection::Met;
use crate::shortlist::{Candidate, Shortlist};
use crate::text::Text;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::sync::Arc;

/// Reads what is new since the checkpoint, or everything where there is none that can be gone on from. Feeds that are as they
/// were left (by slug, with their titles) and would hold the same as before are named, and their articles not read.
pub fn resumed(
    plan: &Plan,
    recall: &(dyn Recall + Sync),
    now: DateTime<Utc>,
    progress: &dyn Progress,
    (bookmark, checkpoint, as_left): (&Bookmark, Option<Checkpoint>, &BTreeMap<String, String>),
) -> Result<Gathered, GatherError> {
    let from = checkpoint.filter(|checkpoint| {
        let now = now.timestamp();
        now >= checkpoint.from && checkpoint.due.is_none_or(|due| now < due)
    });
    if let Some(checkpoint) = from
        && let Some(gathered) = (Run { plan, recall, now, progress, bookmark, as_left }).go_on(checkpoint)
    {
        return Ok(gathered);
    }
    log::info!("everything is read");
    whole(plan, recall, now, progress, Some(bookmark))
}

struct Run<'a> {
    plan: &'a Plan,
    recall: &'a (dyn Recall + Sync),
    now: DateTime<Utc>,
    progress: &'a dyn Progress,
    bookmark: &'a Bookmark,
    as_left: &'a BTreeMap<String, String>,
}

/// What has become of the files.
struct Changes<'a> {
    layout: Layout<'a>,
    /// The files as they are; of those that are read now, what they hold is not known yet.
    marks: Vec<Mark>,
    /// Of a file that is longer than before, the bytes that were read before.
    grown: BTreeMap<usize, u64>,
    /// What small files held that have changed, or are gone.
    gone: Vec<Whole>,
}

/// More new bytes than this, and more than a part of all, are read with everything else.
const MUCH: u64 = 4 << 20;
const PART_OF_ALL: u64 = 16;

impl Run<'_> {
    /// `None`: everything must be read. Nothing was done then that matters.
    fn go_on(&self, mut old: Checkpoint) -> Option<Gathered> {
        let plan = self.plan;
        let files = Files::of(plan);
        let Changes { layout, mut marks, grown, gone } = self.compare(&files, &mut old)?;
        let sections = Sections::resume(plan, std::mem::take(&mut old.known))?;
        let shared = Shared {
            plan,
            recall: self.recall,
            now: self.now,
            progress: self.progress,
            sections: &sections,
            superseded: &[],
        };
        let mut read = read(&files, &layout, &shared, false).ok()?;
        if read.give_up {
            return None;
        }
        let replaced = settle(&mut old, &mut read, &layout.regions, &gone, self.bookmark)?;
        complete(&files, &mut marks, &layout, &grown, &mut read)?;
        // Records of files that have changed are nowhere any longer.
        let is_gone = |place: u64| replaced.contains(&place) || region(&layout.regions, place).is_none();
        let mut lists: Vec<Shortlist> = Vec::new();
        for (number, kept) in std::mem::take(&mut old.lists).into_iter().enumerate() {
            lists.push(Shortlist::resume(sections.window(number), kept));
        }
        for (number, list) in read.shortlists.drain(..).enumerate() {
            match lists.get_mut(number) {
                Some(known) => known.merge(list),
                None => lists.push(list),
            }
        }
        let kept = lists.iter_mut().map(|list| list.lay_aside(is_gone)).collect();
        let candidates: Vec<Vec<Candidate>> =
            lists.into_iter().map(|list| list.finish(|_| false)).collect::<Option<_>>()?;
        let chosen: Vec<Vec<u64>> = candidates.iter().map(|list| places(list)).collect();
        let mut gathered = Gathered::default();
        let undated = read.undated.into_iter().filter(|(place, _)| !is_gone(*place));
        gathered.undated = undated.map(|(_, id)| id).collect();
        gathered.undated.sort();
        gathered.due = sooner(old.due, read.due);
        gathered.counts = old.counts;
        gathered.counts.files = files.len();
        for tally in gone.iter().map(Whole::tally) {
            gathered.counts.records -= tally.records as usize;
            gathered.counts.left_out -= tally.left_out as usize;
            gathered.counts.passed_over -= tally.passed_over as usize;
        }
        gathered.counts.records += read.counts.records;
        gathered.counts.left_out += read.counts.left_out;
        gathered.counts.passed_over += read.counts.passed_over;
        let mut remarks = noted(&read.remarks);
        remarks.extend(std::mem::take(&mut old.remarks).into_iter().filter(|(place, _)| !is_gone(*place)));
        remarks.sort_unstable_by_key(|(place, _)| *place);
        gathered.diagnostics = in_order(&remarks, &layout.regions)?;
        let known = sections.known();
        let counts = gathered.counts;
        let outcome = Outcome { met: old.met, living: old.living, superseded: Vec::new() };
        let slugs = sections.slugs();
        count(&mut gathered, &outcome, &sections.into_classes());
        let held = |lists: &[Vec<u64>], number: usize| lists.get(number).cloned().unwrap_or_default();
        let untouched = |number: usize, slug: &String| {
            self.as_left.get(slug).is_some_and(|title| is_called(plan, &gathered, slug, title))
                && held(&old.chosen, number) == held(&chosen, number)
        };
        let untouched: BTreeSet<usize> = slugs
            .iter()
            .enumerate()
            .filter(|(number, slug)| untouched(*number, slug))
            .map(|(number, _)| number)
            .collect();
        let wanted = candidates.into_iter().enumerate().filter(|(number, _)| !untouched.contains(number));
        let wanted = once(wanted.flat_map(|(_, candidates)| candidates));
        for article in load(&wanted, (&files, &layout.regions), read.kept, plan).ok()? {
            gathered.articles.insert(article.id.clone(), Arc::new(article));
        }
        gathered.untouched = untouched.into_iter().filter_map(|number| slugs.get(number).cloned()).collect();
        gathered.checkpoint = Some(Checkpoint {
            from: self.now.timestamp(),
            due: gathered.due,
            files: marks,
            regions: layout.regions,
            next: layout.next,
            counts,
            met: outcome.met,
            living: outcome.living,
            known,
            lists: kept,
            chosen,
            remarks,
            index: old.index,
            entries: old.entries,
            rest: String::new(),
            stored: None,
        });
        Some(gathered)
    }

    /// What has become of the files, and what is to be read. `None` where that cannot be told from a look at them.
    fn compare<'p>(&self, files: &Files<'p>, old: &mut Checkpoint) -> Option<Changes<'p>> {
        let now = Written::at(&self.bookmark.now).ok()?;
        let mut before = Before::new(std::mem::take(&mut old.files));
        let mut layout = Layout { next: old.next, ..Layout::default() };
        let mut marks = Vec::with_capacity(files.len());
        // By the number that a file had, the number that it has.
        let mut numbers: HashMap<usize, usize> = HashMap::new();
        let (mut grown, mut gone) = (BTreeMap::new(), Vec::new());
        // What is to be read, in the order of files: of records of one id the last one is to have the last place.
        let mut to_read: Vec<(usize, u64, Option<Lines>)> = Vec::new();
        let (mut all_bytes, mut new_bytes) = (0, 0);
        for (number, laid) in files.iter().enumerate() {
            let seen = laid.file.seen.filter(|seen| seen.is_file)?;
            let size = seen.size;
            all_bytes += size;
            match before.take(laid.name()) {
                Some((old_number, was)) if was.settled && was.print == seen.print => {
                    numbers.insert(old_number, number);
                    marks.push(was);
                }
                Some((old_number, Mark { held: Held::Lines(lines), .. })) => {
                    new_bytes += size.checked_sub(lines.size)?;
                    numbers.insert(old_number, number);
                    grown.insert(number, lines.size);
                    to_read.push((number, size, Some((*lines).clone())));
                    marks.push(mark(&laid, &seen, now, Held::Lines(lines)));
                }
                was => {
                    if let Some((_, Mark { held: Held::Whole(whole), .. })) = was {
                        gone.push(whole);
                    }
                    new_bytes += size;
                    to_read.push((number, size, None));
                    marks.push(mark(&laid, &seen, now, Held::Lines(Box::default())));
                }
            }
        }
        for left in before.rest() {
            match left.held {
                Held::Whole(whole) => gone.push(whole),
                Held::Lines(_) => return None,
            }
        }
        if new_bytes > MUCH.max(all_bytes / PART_OF_ALL) || !are_as_they_were(files, &to_read) {
            return None;
        }
        layout.regions = std::mem::take(&mut old.regions);
        layout.regions.retain_mut(|region| match numbers.get(&region.file) {
            Some(number) => {
                region.file = *number;
                true
            }
            None => false,
        });
        layout.known = layout.regions.len();
        for (number, size, read_before) in to_read {
            let laid = files.get(number)?;
            match read_before {
                Some(lines) if size > lines.size => {
                    let new = (lines.size, size);
                    layout.parts_of(number, laid, new, lines.newlines).ok()?.then_some(())?;
                }
                Some(_) => {}
                None => layout.add(number, laid, size).ok()?,
            }
        }
        Some(Changes { layout, marks, grown, gone })
    }
}

/// Whether a feed has that title still. Where feeds follow from the categories, it is the spelling met most often.
fn is_called(plan: &Plan, gathered: &Gathered, slug: &str, title: &str) -> bool {
    let is_category = |met: &&Met| met.slug == slug && matches!(plan.feeds, Feeds::EveryCategory);
    gathered.categories.iter().find(is_category).is_none_or(|met| *Text::line(&met.label) == *title)
}

/// The files as they were read, mostly in the order in which they are asked for.
struct Before {
    marks: Vec<Option<Mark>>,
    next: usize,
    /// By name, once the order was left.
    numbers: Option<HashMap<u64, usize>>,
}

impl Before {
    fn new(marks: Vec<Mark>) -> Self {
        Self { marks: marks.into_iter().map(Some).collect(), next: 0, numbers: None }
    }

    /// The file of that name, and the number that it had.
    fn take(&mut self, name: u64) -> Option<(usize, Mark)> {
        let is_next =
            self.marks.get(self.next).is_some_and(|mark| mark.as_ref().is_some_and(|mark| mark.name == name));
        let number = if is_next {
            self.next
        } else {
            let all = self.marks.iter().enumerate();
            let numbers = self.numbers.get_or_insert_with(|| {
                all.filter_map(|(number, mark)| Some((mark.as_ref()?.name, number))).collect()
            });
            *numbers.get(&name)?
        };
        self.next = number + 1;
        Some((number, self.marks.get_mut(number)?.take()?))
    }

    /// Files that nobody asked for.
    fn rest(self) -> impl Iterator<Item = Mark> {
        self.marks.into_iter().flatten()
    }
}

/// Whether of files of lines every byte that was read before is as it was, and what is new begins with a line.
fn are_as_they_were(files: &Files<'_>, to_read: &[(usize, u64, Option<Lines>)]) -> bool {
    let mut blocks = Vec::new();
    for (number, size, lines) in to_read {
        let (Some(lines), Some(laid)) = (lines, files.get(*number)) else { continue };
        let Ok(file) = File::open(laid.file.path()) else { return false };
        if *size > lines.size && !lines.ended {
            let mut end = [0; 2];
            let read = read_at(&file, &mut end, lines.size).unwrap_or(0);
            if !matches!(end.get(..read), Some([b'\n', ..] | [b'\r', b'\n'])) {
                return false;
            }
        }
        let file = Arc::new(file);
        blocks.extend(lines.hashes.iter().enumerate().map(|(block, hash)| {
            let begin = block as u64 * PART;
            (Arc::clone(&file), begin, (begin + PART).min(lines.size), *hash)
        }));
    }
    // In runs, so that room is made seldom.
    let runs: Vec<Vec<_>> = blocks.chunks(64).map(<[_]>::to_vec).collect();
    let same = parallel::map(runs, |run| {
        let mut room = Vec::new();
        run.into_iter().all(|(file, begin, end, hash)| hashed(&file, begin, end, &mut room) == Some(hash))
    });
    same.into_iter().all(|same| same)
}

/// XXH3 of bytes of a file, if they can all be read.
fn hashed(file: &File, begin: u64, end: u64, room: &mut Vec<u8>) -> Option<u64> {
    room.resize(usize::try_from(end - begin).ok()?, 0);
    let read = read_at(file, room, begin).ok()?;
    (read == room.len()).then(|| xxhash_rust::xxh3::xxh3_64(room))
}

/// Enters what was read into what is known of ids and into the counts by class; the places of records that are replaced.
/// `None` where the order of files would decide otherwise.
fn settle(
    old: &mut Checkpoint,
    read: &mut Read,
    regions: &[Region],
    gone: &[Whole],
    bookmark: &Bookmark,
) -> Option<BTreeSet<u64>> {
    let mut entries: HashMap<u64, Entry> = old.entries.drain(..).collect();
    let mut stored = Stored::open(&bookmark.register, &old.index).ok()?;
    for ids in gone.iter().map(Whole::ids) {
        for id in ids? {
            let entry = match entries.get(id) {
                Some(entry) => *entry,
                None => stored.find(*id).ok()??,
            };
            // An earlier record of the same article would count again. And a region that stays is of another file.
            if entry.repeated || region(regions, entry.place).is_some() {
                return None;
            }
            lessen(&mut old.met, entry.class)?;
            lessen(&mut old.living, entry.class)?;
        }
    }
    let mut replaced = BTreeSet::new();
    let rows = Register::into_rows(std::mem::take(&mut read.registers));
    for records in rows.chunk_by(|one, other| one.0 == other.0) {
        let ((id, place, class), earlier) = records.split_last()?;
        for (_, place, class) in earlier {
            replaced.insert(*place);
            more(&mut old.met, *class);
        }
        more(&mut old.met, *class);
        more(&mut old.living, *class);
        let known = match entries.get(id) {
            Some(entry) => Some(*entry),
            None => stored.find(*id).ok()?,
        };
        let known = known.and_then(|entry| Some((entry, region(regions, entry.place)?.file)));
        if let Some((entry, file)) = known {
            if region(regions, *place)?.file < file {
                return None;
            }
            replaced.insert(entry.place);
            lessen(&mut old.living, entry.class)?;
        }
        let repeated = known.is_some() || !earlier.is_empty();
        entries.insert(*id, Entry { place: *place, class: *class, repeated });
    }
    // With many more the file would have to be read again at every run.
    if entries.len() as u64 > (old.index.rows / PART_OF_ALL).max(4096) {
        return None;
    }
    old.entries = entries.into_iter().collect();
    old.entries.sort_unstable_by_key(|(id, _)| *id);
    Some(replaced)
}

fn more(counts: &mut Vec<usize>, class: u16) {
    let class = usize::from(class);
    if counts.len() <= class {
        counts.resize(class + 1, 0);
    }
    counts[class] += 1;
}

fn lessen(counts: &mut [usize], class: u16) -> Option<()> {
    let count = counts.get_mut(usize::from(class))?;
    *count = count.checked_sub(1)?;
    Some(())
}

/// Notes of the files that were read what they hold.
fn complete(
    files: &Files<'_>,
    marks: &mut [Mark],
    layout: &Layout<'_>,
    grown: &BTreeMap<usize, u64>,
    read: &mut Read,
) -> Option<()> {
    let mut lines: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for (part, read) in layout.parts.iter().zip(&read.parts) {
        let (size, sum) = lines.entry(part.number).or_default();
        *size = part.end();
        *sum += read.newlines;
    }
    let mut room = Vec::new();
    for (number, (size, newlines)) in lines {
        let Held::Lines(held) = &mut marks.get_mut(number)?.held else { return None };
        let file = File::open(files.get(number)?.file.path()).ok()?;
        let first = grown.get(&number).copied().unwrap_or(0) / PART;
        held.hashes.truncate(usize::try_from(first).ok()?);
        for begin in (first * PART..size).step_by(PART as usize) {
            held.hashes.push(hashed(&file, begin, (begin + PART).min(size), &mut room)?);
        }
        held.size = size;
        held.newlines += newlines;
        held.ended = ended(&file, size)?;
    }
    for (number, whole) in std::mem::take(&mut read.whole) {
        marks.get_mut(number)?.held = Held::Whole(whole);
    }
    Some(())
}

/// Remarks in the order of files, and of places in them.
fn in_order(remarks: &[(u64, String)], regions: &[Region]) -> Option<Vec<Diagnostic>> {
    let mut sorted = Vec::with_capacity(remarks.len());
    for (place, remark) in remarks {
        let file = region(regions, *place)?.file;
        sorted.push(((file, *place), serde_json::from_str(remark).ok()?));
    }
    sorted.sort_by_key(|(at, _)| *at);
    Some(sorted.into_iter().map(|(_, remark)| remark).collect())
}
