//! Which of any number of articles can be in a feed, kept in the room that the feed takes: what is certainly too old for
//! it is forgotten on the way.

use crate::selection::Window;
use serde::{Deserialize, Serialize};

/// An article that may be in a feed, by where its record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The moment of publication, in seconds.
    pub published: i64,
    /// Where the record stands among all that are read: later records replace earlier ones of the same id.
    pub place: u64,
    /// The record's line in its file, or before everything is read, in the part of the file that is read at once.
    pub line: u32,
}

/// A shortlist laid aside, to be gone on with when more is read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    candidates: Vec<Candidate>,
    floor: Option<i64>,
}

/// The candidates for one feed, of which the oldest go.
#[derive(Debug, Clone)]
pub struct Shortlist {
    window: Window,
    candidates: Vec<Candidate>,
    /// Candidates before this moment are not taken.
    cutoff: i64,
    /// The newest moment of what was not taken or was let go.
    floor: Option<i64>,
    /// With so many candidates the oldest are let go.
    full: usize,
}

impl Shortlist {
    pub fn new(window: Window) -> Self {
        let full = room(reserve(window));
        Self { window, candidates: Vec::new(), cutoff: i64::MIN, floor: None, full }
    }

    /// Takes a candidate, unless it is too old already.
    pub fn offer(&mut self, candidate: Candidate) {
        if candidate.published < self.cutoff {
            self.floor = self.floor.max(Some(candidate.published));
            return;
        }
        self.candidates.push(candidate);
        if self.candidates.len() >= self.full {
            self.prune();
        }
    }

    /// Goes on with a list that was laid aside.
    pub fn resume(window: Window, kept: Kept) -> Self {
        let full = (2 * kept.candidates.len()).max(2 * reserve(window) + 1024);
        Self { candidates: kept.candidates, floor: kept.floor, full, ..Self::new(window) }
    }

    /// Takes out candidates that are superseded or gone, and lays aside what the next reading has to go on with.
    pub fn lay_aside(&mut self, gone: impl Fn(u64) -> bool) -> Kept {
        self.candidates.retain(|candidate| !gone(candidate.place));
        if self.candidates.len() > reserve(self.window) {
            self.prune();
        }
        Kept { candidates: self.candidates.clone(), floor: self.floor }
    }

    /// Every candidate, to be put right.
    pub fn candidates_mut(&mut self) -> &mut [Candidate] {
        &mut self.candidates
    }

    /// Where the records of the candidates stand.
    pub fn places(&self) -> impl Iterator<Item = u64> + '_ {
        self.candidates.iter().map(|candidate| candidate.place)
    }

    /// Takes what another thread kept.
    pub fn merge(&mut self, other: Self) {
        self.floor = self.floor.max(other.floor);
        for candidate in other.candidates {
            self.offer(candidate);
        }
    }

    /// Lets go of what is older than a reserve of the newest and than the hours of the window.
    fn prune(&mut self) {
        let Some(newest) = self.candidates.iter().map(|candidate| candidate.published).max() else { return };
        let nth = |candidates: &mut Vec<Candidate>, n: usize| {
            let index = n.min(candidates.len()) - 1;
            candidates
                .select_nth_unstable_by_key(index, |candidate| std::cmp::Reverse(candidate.published))
                .1
                .published
        };
        // A quarter more than the hours of the window: should the newest be withdrawn, they begin earlier.
        let horizon = newest.saturating_sub(i64::from(self.window.hours) * 4500);
        let wanted = nth(&mut self.candidates, reserve(self.window)).min(horizon);
        // More than a file can hold are not needed, however busy the hours. Where there are fewer yet, older ones may still
        // come: from a source that has the newest first, say.
        let most = reserve(self.window).max(self.window.most_entries());
        let cutoff = match self.candidates.len() > most {
            true => wanted.max(nth(&mut self.candidates, most)),
            false => wanted,
        };
        let let_go = self
            .candidates
            .iter()
            .map(|candidate| candidate.published)
            .filter(|moment| *moment < cutoff)
            .max();
        self.floor = self.floor.max(let_go);
        self.candidates.retain(|candidate| candidate.published >= cutoff);
        self.cutoff = self.cutoff.max(cutoff);
        // Ties at the cutoff all stay; room for them keeps pruning from running at every offer.
        self.full = room(self.candidates.len().max(reserve(self.window)));
    }

    /// The candidates that the feed can hold once superseded records are taken out, and any that tie with the last of
    /// them; `None` if one that should be among them was let go for want of knowing what is superseded.
    pub fn finish(mut self, superseded: impl Fn(u64) -> bool) -> Option<Vec<Candidate>> {
        self.candidates.retain(|candidate| !superseded(candidate.place));
        self.candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.published));
        let moment = |index: usize| self.candidates.get(index).map(|candidate| candidate.published);
        let by_number = moment(self.window.limit - 1);
        let horizon = moment(0).map(|newest| newest.saturating_sub(i64::from(self.window.hours) * 3600));
        // None: fewer than that many.
        let wanted = by_number.min(horizon).max(moment(self.window.most_entries() - 1));
        if self.floor.is_some_and(|floor| wanted.is_none_or(|wanted| wanted <= floor)) {
            return None;
        }
        self.candidates.retain(|candidate| wanted.is_none_or(|wanted| candidate.published >= wanted));
        Some(self.candidates)
    }
}

/// How long a list may grow that was of this length. Articles that cannot be read again are kept for as long as they are on a
/// list, so room that is not needed costs memory.
fn room(length: usize) -> usize {
    length + length / 2 + 64
}

/// How many of the newest are kept, so that some may turn out to be superseded.
fn reserve(window: Window) -> usize {
    2 * window.limit + 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn window(limit: usize, hours: u32) -> Window {
        Window { limit, hours, max_size: 500_000 }
    }

    proptest! {
        /// What is kept holds all that a feed can take, whatever turns out to be superseded; or it is said that it does not.
        #[test]
        fn nothing_that_belongs_is_lost(
            moments in proptest::collection::vec(0i64..100_000, 0..6000),
            limit in 1usize..6, hours in 0u32..3, every in 1u64..5, split in 0usize..6000, laid_aside in any::<bool>(),
        ) {
            let window = window(limit, hours);
            let mut lists = [Shortlist::new(window), Shortlist::new(window)];
            for (place, published) in moments.iter().enumerate() {
                let candidate = Candidate { published: *published, place: place as u64, line: 0 };
                lists[usize::from(place >= split)].offer(candidate);
            }
            let superseded = |place: u64| place % every == 1;
            let [mut all, other] = lists;
            if laid_aside {
                let before = |place: u64| superseded(place) && place < split as u64;
                all = Shortlist::resume(window, all.lay_aside(before));
            }
            all.merge(other);
            if laid_aside {
                all.lay_aside(superseded);
            }
            if let Some(kept) = all.finish(superseded) {
                let mut left: Vec<(i64, u64)> = moments.iter().enumerate()
                    .map(|(place, published)| (*published, place as u64))
                    .filter(|(_, place)| !superseded(*place)).collect();
                left.sort_by_key(|(published, _)| std::cmp::Reverse(*published));
                let horizon = left.first().map_or(0, |newest| newest.0 - i64::from(hours) * 3600);
                let last = left.get(limit - 1).map_or(i64::MIN, |last| last.0);
                for (published, place) in left.into_iter().filter(|(published, _)| *published >= last.min(horizon)) {
                    prop_assert!(kept.iter().any(|candidate| candidate.place == place), "{published} at {place}");
                }
            }
        }
    }

    /// Whatever the order, a second reading is not needed.
    #[test]
    fn what_comes_newest_first_is_not_let_go() {
        let window = window(50, 48);
        for minutes in [0..100_000_i64, 0..1000] {
            for is_newest_first in [true, false] {
                let mut list = Shortlist::new(window);
                for minute in minutes.clone() {
                    let published = if is_newest_first { -minute } else { minute } * 60;
                    list.offer(Candidate { published, place: 0, line: 0 });
                }
                assert!(list.candidates.len() < 10_000);
                let kept = list.finish(|_| false).map(|kept| kept.len());
                assert_eq!(
                    kept,
                    Some(minutes.clone().count().min(48 * 60 + 1)),
                    "newest first: {is_newest_first}"
                );
            }
        }
    }

    #[test]
    fn a_list_is_kept_short() {
        let mut list = Shortlist::new(window(50, 0));
        (0..1_000_000).for_each(|number| list.offer(Candidate { published: number, place: 0, line: 0 }));
        assert!(list.candidates.len() < 2000);
        assert_eq!(list.finish(|_| false).map(|kept| kept.len() >= 50), Some(true));
    }
}
