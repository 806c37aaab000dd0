//! The program from outside: what it reads, prints, writes and how it ends.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests make files and say what they skip"
)]

mod architecture;
mod build;
mod documents;
mod golden;
mod publishing;
mod readers;
mod readme;
mod site;
mod streamed;
