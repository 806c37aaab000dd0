//! The program from outside: what it reads, prints, writes and how it ends.

mod build;
mod config;
mod entries;
mod explain;
mod faults;
mod golden;
mod ledger;
mod properties;
mod publishing;
mod readers;
mod real_data;
mod selection;
mod site;
mod streamed;
