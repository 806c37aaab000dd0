//! `bantin check`.

use super::{Exit, Failure, Global};
use clap::Args;

#[derive(Debug, Args)]
pub struct Arguments {}

pub fn run(_: &Arguments, _: &Global) -> Result<Exit, Failure> {
    Ok(Exit::Done)
}
