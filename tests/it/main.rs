//! The program from outside: what it reads, prints, writes and how it ends.

mod build;
mod documents;
mod publishing;
mod readme;
mod site;
