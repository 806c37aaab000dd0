//! bantin publishes a newsroom's articles as web feeds.

pub mod diagnostic;
pub mod html;
pub mod id;
pub mod link;
pub mod slug;
pub mod sources;
pub mod text;
