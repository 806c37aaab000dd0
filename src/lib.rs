//! bantin publishes a newsroom's articles as web feeds.

pub mod article;
pub mod build;
pub mod compare;
pub mod config;
pub mod date;
pub mod diagnostic;
pub mod edition;
pub mod feed;
pub mod formats;
pub mod gather;
pub mod html;
pub mod id;
pub mod language;
pub mod link;
pub mod pages;
pub mod plan;
pub mod publish;
pub mod reader;
pub mod selection;
pub mod slug;
pub mod sources;
pub mod state;
pub mod template;
pub mod text;
pub mod vocabulary;
