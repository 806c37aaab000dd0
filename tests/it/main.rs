//! The program from outside: what it reads, prints, writes and how it ends.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests make files and say what they skip"
)]

mod architecture;
mod authority;
mod browser;
mod build;
mod check_families;
mod check_fuzz;
mod check_json_feed;
mod check_sarif;
mod checking;
mod config;
mod database;
mod documents;
mod entries;
mod explain;
mod exports;
mod extras;
mod faults;
mod fixtures;
mod golden;
mod html;
mod init;
mod init_exports;
mod intake;
mod ledger;
mod notify;
mod properties;
mod publishing;
mod readers;
mod readme;
mod real_data;
mod remote;
mod resumed;
mod schema;
mod selection;
mod serve;
mod serve_attacks;
mod serve_client;
mod serve_limits;
mod serve_static;
mod server;
mod serving_page;
mod site;
mod standstill;
mod streamed;
mod subscribed;
mod subscribers;
mod watch;
mod web;
mod web_pages;
mod web_server;
mod web_table;
mod web_tls;
