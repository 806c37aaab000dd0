//! The program from outside: what it reads, prints, writes and how it ends.

mod build;
mod explain;
mod faults;
mod golden;
mod ledger;
mod publishing;
mod readers;
mod selection;
mod entries;
mod golden;
mod properties;
mod publishing;
mod readers;
mod real_data;
mod site;
mod streamed;
