//! How far reading has come, on a terminal only.

use super::Global;
use crate::gather::{self, Progress};
use crate::plan::Plan;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Sources that are read in no time are not worth a bar.
const WORTH_A_BAR: u64 = 8_000_000;

/// A bar of bytes and records on standard error, where that is a terminal.
pub struct Bar {
    bar: ProgressBar,
    records: AtomicU64,
}

impl Bar {
    pub fn new(plan: &Plan, global: &Global) -> Self {
        let size = gather::size(plan);
        let shown = std::io::stderr().is_terminal() && !global.quiet && size >= WORTH_A_BAR;
        let target =
            if shown { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(size), target);
        let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}  {bytes_per_sec}  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, records: AtomicU64::new(0) }
    }
}

impl Progress for Bar {
    fn advance(&self, bytes: u64, records: u64) {
        if self.bar.is_hidden() {
            return;
        }
        let total = self.records.fetch_add(records, Ordering::Relaxed) + records;
        if bytes > 0 {
            self.bar.inc(bytes);
            let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
            self.bar.set_message(format!("{total} records, {:.0}/s", total as f64 / seconds));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
