//! Articles in databases, from the file or the server to the feeds. Servers are started here where their programs are
//! installed, each in a folder and on a socket of its own.

#![cfg(unix)]

mod mysql;
mod postgres;
mod server;
mod sqlite;
mod wire;
