//! bantin publishes a newsroom's articles as web feeds.

pub mod check;
pub mod diagnostic;
pub mod sources;
