//! The program from outside: what it reads, prints, writes and how it ends.

mod build;
mod config;
mod extras;
mod golden;
mod init;
mod publishing;
mod readers;
mod schema;
mod site;
