//! Parses the command line, runs the command, says what went wrong, and gives the exit status.

use bantin::cli::{self, Cli};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli::run(&cli).into()
}
