//! The program from outside: what it reads, prints, writes and how it ends.

mod build;
mod config;
mod golden;
mod publishing;
mod readers;
mod site;
