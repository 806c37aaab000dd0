//! bantin publishes a newsroom's articles as web feeds.

pub mod article;
pub mod config;
pub mod date;
pub mod diagnostic;
pub mod feed;
pub mod formats;
pub mod html;
pub mod id;
pub mod language;
pub mod link;
pub mod plan;
pub mod selection;
pub mod reader;
pub mod publish;
pub mod state;
pub mod slug;
pub mod sources;
pub mod template;
pub mod text;
pub mod vocabulary;
