//! bantin publishes a newsroom's articles as web feeds.

pub mod date;
pub mod diagnostic;
pub mod sources;
