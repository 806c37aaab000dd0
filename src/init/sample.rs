//! The first records of files, read through the sources that a build would read them through.

use super::folder::Folder;
use crate::diagnostic::{Diagnostic, Place};
use crate::sources::{self, Fields, Input, Locate, Options, Sink, Source};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// What is read of one file, in bytes.
const OF_A_FILE: u64 = 4 << 20;

/// What is read of all files together, in bytes.
pub fn budget() -> u64 {
    256 << 20
}

/// The most records that are kept.
const MOST_RECORDS: usize = 5_000;

/// A record, and where it stands.
#[derive(Debug, Clone)]
pub struct Record {
    pub fields: Fields,
    pub place: Place,
}

impl Locate for Record {
    fn locate(&self, _: Option<&str>) -> Place {
        self.place.clone()
    }
}

/// The records of some files, or as many as it takes to know them.
#[derive(Debug, Default)]
pub struct Sample {
    pub records: Vec<Record>,
    /// Whether there are more than these.
    pub more: bool,
}

impl Sink for Sample {
    fn record(&mut self, fields: Fields, at: &dyn Locate) {
        if self.records.len() < MOST_RECORDS {
            self.records.push(Record { fields, place: at.locate(None) });
        } else {
            self.more = true;
        }
    }
    // A build names what cannot be read; and the last record of a file that is read in part is never whole.
    fn unreadable(&mut self, _: Diagnostic) {}
    fn skipped(&mut self, _: Place, _: &str) {}
}

/// Reads files, whose paths below `base` tell their folders. The last come first: where names hold dates these are the
/// newest. `left` is how many bytes may still be read.
pub fn read(
    folder: &Folder<'_>,
    files: &[String],
    base: &str,
    format: &dyn Source,
    left: &mut u64,
) -> Sample {
    let mut sample = Sample::default();
    for name in files.iter().rev() {
        if *left == 0 || sample.records.len() >= MOST_RECORDS {
            sample.more = true;
            break;
        }
        let Ok(file) = File::open(folder.path(name)) else { continue };
        let size = file.metadata().map_or(0, |file| file.len());
        sample.more |= size > OF_A_FILE;
        *left = left.saturating_sub(size.min(OF_A_FILE));
        let relative =
            Path::new(name).strip_prefix(base).map_or_else(|_| PathBuf::from(name), Path::to_path_buf);
        let reader = Box::new(BufReader::new(file.take(OF_A_FILE)));
        let input = Input { name: name.as_str().into(), relative, reader };
        // A file that cannot be read is named by the build.
        let _ = sources::read(format, input, &Options::default(), &mut sample);
    }
    sample
}
