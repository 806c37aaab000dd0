//! bantin publishes a newsroom's articles as web feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1 files, one set for every
//! section, from the metadata that the newsroom keeps in files.
//!
//! The program is [`cli`], and everything in it can be called from here. What a build does, in the order in which it does
//! it:
//!
//! 1. [`config`] reads feeds.toml as words with places; [`plan`] makes things of them: paths, patterns, time zones, feeds.
//! 2. [`gather`] reads every source. [`sources`] make records of files, [`vocabulary`] makes an [`article`] of a record;
//!    what cannot be read is a [`diagnostic`], and takes nothing else with it.
//! 3. [`edition`] decides what is published: [`selection`] says which articles stand in which feed, [`state`] remembers
//!    when an undated one was first seen and when a text changed; a [`feed`] is what all [`formats`] and [`pages`] write.
//! 4. [`build`] compares that with what lies in the output folder (read back by [`reader`]), holds back what looks like
//!    a broken export, and has [`publish`] put the rest in place.
//!
//! Text, links, HTML, dates, ids and slugs have one rule each, in [`text`], [`link`], [`html`], [`mod@date`], [`id`] and
//! [`slug`]. The clock is an argument everywhere; only [`cli`] asks for the time, and only it prints.
//!
//! ```
//! use bantin::{build, config, gather, plan};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! std::fs::write(
//!     folder.path().join("articles.jsonl"),
//!     r#"{"title": "Mưa lớn ở Mường La", "url": "/tin/17.html", "date": "20/11/2026 17:00", "category": "Xã hội"}"#,
//! )?;
//! let words = config::parse(
//!     r#"
//!     [site]
//!     title    = "Báo Thử"
//!     url      = "https://bao.example/"
//!     language = "vi"
//!     timezone = "Asia/Ho_Chi_Minh"
//!     [[source]]
//!     path = "*.jsonl"
//!     "#,
//! )
//! .map_err(|mistakes| format!("{mistakes:?}"))?;
//! let plan = plan::Plan::new(words, folder.path(), None).map_err(|mistakes| format!("{mistakes:?}"))?;
//! let options = build::Options {
//!     now: "2026-11-21T00:00:00Z".parse()?,
//!     only: Vec::new(),
//!     dry_run: false,
//!     force: false,
//!     strict: false,
//!     allow_shrink: false,
//!     offline: false,
//! };
//! let report = build::build(&plan, &options, &gather::Silent)?;
//! let slugs: Vec<&str> = report.feeds.iter().map(|feed| feed.slug.as_str()).collect();
//! assert_eq!(slugs, ["tin-moi", "xa-hoi"]);
//! let rss = std::fs::read_to_string(folder.path().join("public/xa-hoi/rss.xml"))?;
//! assert!(rss.contains("<title>Mưa lớn ở Mường La</title>"));
//! assert!(rss.contains("<pubDate>Fri, 20 Nov 2026 17:00:00 +0700</pubDate>"));
//! # Ok(())
//! # }
//! ```

#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_macros))]

pub mod article;
pub mod build;
pub mod check;
pub mod cli;
pub mod compare;
pub mod config;
pub mod date;
pub mod diagnostic;
pub mod edition;
pub mod feed;
pub mod file_at;
pub mod fixtures;
pub mod formats;
pub mod gather;
pub mod glance;
pub mod html;
pub mod id;
pub mod init;
pub mod intake;
pub mod language;
pub mod link;
pub mod pages;
pub mod parallel;
pub mod plan;
pub mod precompress;
pub mod publish;
pub mod reader;
pub mod register;
pub mod selection;
pub mod serve;
pub mod shortlist;
pub mod slug;
pub mod sources;
pub mod standstill;
pub mod state;
pub mod subscribers;
pub mod template;
pub mod text;
pub mod vocabulary;
pub mod watch;
