//! Who reads the feeds, told from access logs: subscribers that aggregators state, and single readers by address and name.
//!
//! Knows no configuration and no clock, and prints nothing. Logs are read as they stream by, in memory that is bounded; of
//! addresses nothing is kept but hashes under a key that is random and lives as long as the run.

mod agent;
mod feeds;
mod json;
mod line;
mod page;
mod read;
mod report;
mod tally;
#[cfg(test)]
mod tests;
mod words;

pub use agent::Kind;
pub use feeds::Map;
pub use page::page;
pub use report::{AgentReport, Aggregator, FeedReport, Malformed, Reach, Report, Traffic};
pub use tally::Tally;
pub use words::{Words, words};
