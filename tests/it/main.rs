//! The program from outside: what it reads, prints, writes and how it ends.

mod build;
mod publishing;
mod golden;
mod readers;
mod site;
