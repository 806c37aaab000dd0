//! The program from outside: what it reads, prints, writes and how it ends.

mod build;
mod faults;
mod ledger;
mod publishing;
mod golden;
mod readers;
mod site;
