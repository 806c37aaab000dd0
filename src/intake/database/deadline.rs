//! Until when a database may take: a moment of the system's running clock, which no published byte depends on.

use std::time::{Duration, Instant};

#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    at: Option<Instant>,
    whole: Duration,
}

/// How long connecting may take, whatever the rest may: who answers at all answers by then.
const CONNECTING: Duration = Duration::from_secs(10);

impl Deadline {
    #[expect(clippy::disallowed_methods, reason = "a time-out: it decides whether rows come, not which")]
    pub(super) fn after(whole: Duration) -> Self {
        // None: farther than the clock can count.
        Self { at: Instant::now().checked_add(whole), whole }
    }

    /// What is left; zero once it has passed.
    #[expect(clippy::disallowed_methods, reason = "a time-out: it decides whether rows come, not which")]
    pub(super) fn left(&self) -> Duration {
        self.at.map_or(self.whole, |at| at.saturating_duration_since(Instant::now()))
    }

    pub(super) fn has_passed(&self) -> bool {
        self.left().is_zero()
    }

    /// How long connecting may take; never zero.
    pub(super) fn connecting(&self) -> Duration {
        self.left().min(CONNECTING).max(Duration::from_millis(1))
    }
}
