//! The program from outside: what it reads, prints, writes and how it ends.

mod build;
mod entries;
mod golden;
mod properties;
mod publishing;
mod readers;
mod real_data;
mod site;
mod streamed;
