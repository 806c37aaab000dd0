//! bantin publishes a newsroom's articles as web feeds.

pub mod article;
pub mod diagnostic;
pub mod feed;
pub mod formats;
pub mod html;
pub mod id;
pub mod link;
pub mod pages;
pub mod slug;
pub mod sources;
pub mod text;
