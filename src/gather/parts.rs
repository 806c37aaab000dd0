//! How the input is laid out: files cut into parts that threads read, and the places that their records take.

use super::GatherError;
use super::tables::{self, Rows, SMALL};
use crate::file_at::read_at;
use crate::plan::{Plan, SourceFile, SourcePlan};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use xxhash_rust::xxh3::Xxh3;

/// A file of a source.
#[derive(Debug, Clone, Copy)]
pub struct Laid<'a> {
    pub source: &'a SourcePlan,
    /// The source's number among all.
    pub number: usize,
    pub file: &'a SourceFile,
}

impl Laid<'_> {
    /// The hash by which it is known again.
    pub fn name(&self) -> u64 {
        let mut name = Xxh3::new();
        name.update(&self.number.to_le_bytes());
        name.update(self.file.path().as_os_str().as_encoded_bytes());
        name.digest()
    }
}

/// Every file of the plan, in its order, by its number.
#[derive(Debug)]
pub struct Files<'a> {
    sources: &'a [SourcePlan],
    /// Of every source, how many files stand before its own.
    starts: Vec<usize>,
    all: usize,
}

impl<'a> Files<'a> {
    pub fn of(plan: &'a Plan) -> Self {
        let (mut starts, mut all) = (Vec::with_capacity(plan.sources.len()), 0);
        for source in &plan.sources {
            starts.push(all);
            all += source.files.len();
        }
        Self { sources: &plan.sources, starts, all }
    }

    pub fn len(&self) -> usize {
        self.all
    }

    pub fn get(&self, file: usize) -> Option<Laid<'a>> {
        // A source without files begins where the next one does, which comes after it.
        let number = self.starts.partition_point(|start| *start <= file).checked_sub(1)?;
        let source = self.sources.get(number)?;
        let file = source.files.get(file - self.starts.get(number)?)?;
        Some(Laid { source, number, file })
    }

    pub fn iter(&self) -> impl Iterator<Item = Laid<'a>> + use<'a> {
        let of_source = |(number, source): (usize, &'a SourcePlan)| {
            source.files.iter().map(move |file| Laid { source, number, file })
        };
        self.sources.iter().enumerate().flat_map(of_source)
    }
}

/// A part of a file that one thread reads at once.
#[derive(Debug)]
pub struct Part<'a> {
    pub source: &'a SourcePlan,
    pub file: &'a SourceFile,
    /// The number of the file among all.
    pub number: usize,
    /// What makes a place of an offset, added with wrapping.
    pub base: u64,
    pub held: Holds,
    /// How many lines of the file come before it, if that does not follow from the part before.
    pub lines_before: Option<u64>,
}

/// What a part of a file is.
#[derive(Debug)]
pub enum Holds {
    /// The lines of a file of JSON Lines that begin in these bytes.
    Lines(u64, u64),
    Rows(Box<Rows>),
}

impl Part<'_> {
    /// The first place that belongs to it.
    pub fn start(&self) -> u64 {
        self.base.wrapping_add(match &self.held {
            Holds::Lines(start, _) => *start,
            Holds::Rows(rows) => rows.range.0,
        })
    }

    /// The offset at which it ends.
    pub fn end(&self) -> u64 {
        match &self.held {
            Holds::Lines(_, end) => *end,
            Holds::Rows(rows) => rows.range.1,
        }
    }

    /// Whether a place belongs to it.
    pub fn has(&self, place: u64) -> bool {
        self.start() <= place && place < self.base.wrapping_add(self.end())
    }
}

/// Which places belong to which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// The first place.
    pub base: u64,
    /// The place after the last one.
    pub end: u64,
    /// The number of the file among all.
    pub file: usize,
    /// Of a file that is read in parts, the offset of the first place; `None`: places count the file's records.
    pub from: Option<u64>,
}

/// Large enough that little is read twice, small enough for a processor's cache and for many threads.
pub const PART: u64 = 1 << 18;

/// The input as it is to be read.
#[derive(Debug, Default)]
pub struct Layout<'a> {
    /// Of files that are cut, in the order of places. Of the others, which may be very many, there is but the region.
    pub parts: Vec<Part<'a>>,
    /// In the order of places.
    pub regions: Vec<Region>,
    /// How many of the regions were read before.
    pub known: usize,
    /// The first place that is not taken.
    pub next: u64,
}

impl<'a> Layout<'a> {
    /// Adds a file as it is to be read.
    pub fn add(&mut self, number: usize, laid: Laid<'a>, size: u64) -> io::Result<()> {
        if !self.parts_of(number, laid, (0, size), 0)? {
            self.whole(number, size);
        }
        Ok(())
    }

    /// The regions that are to be read: of a file that is cut, by its parts.
    pub fn new_regions(&self) -> &[Region] {
        self.regions.get(self.known..).unwrap_or_default()
    }

    /// Adds a file from one offset, where a record begins, to another, in parts, if it can be cut. So many lines come before.
    pub fn parts_of(
        &mut self,
        number: usize,
        laid: Laid<'a>,
        (from, to): (u64, u64),
        lines_before: u64,
    ) -> io::Result<bool> {
        let part = |base, held, lines_before| Part {
            source: laid.source,
            file: laid.file,
            number,
            base,
            held,
            lines_before,
        };
        if is_plain_lines(laid.source, laid.file)? {
            let base = self.region(number, from, to);
            let mut start = from;
            while start < to {
                // Parts but the first begin at whole multiples, so that each is hashed by itself.
                let end = (start / PART * PART + PART).min(to);
                let before = (start == from).then_some(lines_before);
                self.parts.push(part(base, Holds::Lines(start, end), before));
                start = end;
            }
            return Ok(true);
        }
        if to <= SMALL {
            return Ok(false);
        }
        let Some(rows) = tables::cut(&laid, (from, to), lines_before)? else { return Ok(false) };
        let base = self.region(number, from, to);
        for rows in rows {
            let before = Some(rows.lines_before);
            self.parts.push(part(base, Holds::Rows(Box::new(rows)), before));
        }
        Ok(true)
    }

    /// Makes room for places of a file from one offset to another; what makes a place of an offset.
    fn region(&mut self, number: usize, from: u64, to: u64) -> u64 {
        // Where the file's last lines have the last places, the new ones go on from there.
        match self.regions.last_mut() {
            Some(Region { base, end, file, from: Some(begin) })
                if *file == number && *end == self.next && *begin + (*end - *base) == from + 1 =>
            {
                *end = *base + (to - *begin) + 1;
                self.next = *end;
                base.wrapping_sub(*begin)
            }
            _ => {
                let (base, end) = (self.next, self.next + (to - from) + 1);
                self.regions.push(Region { base, end, file: number, from: Some(from) });
                self.next = end;
                base.wrapping_sub(from)
            }
        }
    }

    /// Adds a file that is read as a whole.
    fn whole(&mut self, number: usize, size: u64) {
        // No record is shorter than a byte, and few things but records take a place.
        let room = 2 * size + (1 << 16);
        let (base, end) = (self.next, self.next + room);
        self.regions.push(Region { base, end, file: number, from: None });
        self.next = end;
    }
}

/// The region that a place belongs to.
pub fn region(regions: &[Region], place: u64) -> Option<&Region> {
    let after = regions.partition_point(|region| region.base <= place);
    regions.get(after.checked_sub(1)?).filter(|region| place < region.end)
}

pub fn fault(file: &SourceFile, source: io::Error) -> GatherError {
    GatherError::Read { path: PathBuf::from(file.name().as_ref()), source }
}

/// Whether a file is one whose lines can be read by themselves: JSON Lines in UTF-8, without a byte-order mark.
pub fn is_plain_lines(source: &SourcePlan, file: &SourceFile) -> io::Result<bool> {
    let is_file = file.path().is_file();
    if file.format.name() != "jsonl" || source.options.encoding.is_some() || !is_file {
        return Ok(false);
    }
    let mut start = [0; 4096];
    let length = read_at(&File::open(file.path())?, &mut start, 0)?;
    let start = &start[..length];
    let marked = start.starts_with(b"\xef\xbb\xbf")
        || start.starts_with(b"\xff\xfe")
        || start.starts_with(b"\xfe\xff");
    // A document over many lines, which the format names as such; and text without zeros is not UTF-16.
    // White space is what the format takes for it.
    let trimmed = |line| std::str::from_utf8(line).map_or(line.trim_ascii(), |line| line.trim().as_bytes());
    let first_line = start.split(|byte| *byte == b'\n').map(trimmed).find(|line| !line.is_empty());
    let document = first_line.is_none_or(|line| line.len() < 3);
    Ok(!marked && !document && !start.contains(&0))
}
