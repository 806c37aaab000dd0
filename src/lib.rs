//! bantin publishes a newsroom's articles as web feeds.

pub mod diagnostic;
pub mod sources;
