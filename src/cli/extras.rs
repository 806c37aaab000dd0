//! `bantin completions`, `bantin man` and `bantin schema`: what packagers install beside the program.

use super::{Cli, Exit, Failure, output};
use crate::vocabulary;
use clap::{Args, CommandFactory};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Completions {
    shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct Man {
    /// The command to print the page of: `build`; by default that of bantin itself
    #[arg(conflicts_with = "dir")]
    command: Option<String>,
    /// Write the pages of every command to this folder instead
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub fn completions(arguments: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "bantin", &mut script);
    output::report(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

pub fn man(arguments: &Man) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    // Flags that every command understands stand in every page once the command is built.
    command.build();
    if let Some(dir) = &arguments.dir {
        let fault = |error| Failure::because(format!("cannot write man pages to {}", dir.display()), error);
        std::fs::create_dir_all(dir).map_err(fault)?;
        clap_mangen::generate_to(command, dir).map_err(fault)?;
        return Ok(Exit::Done);
    }
    let page = match &arguments.command {
        None => command,
        Some(name) => {
            let names: Vec<String> =
                command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
            let Some(found) = command.find_subcommand(name) else {
                let help = match crate::config::nearest(name, names.iter().map(String::as_str)) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("commands are: {}", names.join(", ")),
                };
                return Err(Failure::said(format!("no command is called `{name}`")).help(help));
            };
            found.clone()
        }
    };
    let mut text = Vec::new();
    let written = clap_mangen::Man::new(page).render(&mut text);
    written.map_err(|error| Failure::because("cannot write the man page", error))?;
    output::report(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}

pub fn schema() -> Result<Exit, Failure> {
    let mut schema = crate::config::schema();
    // Which fields articles have is the vocabulary's to say.
    let fields: Vec<&str> = vocabulary::FIELDS.iter().map(|field| field.name).collect();
    if let Some(Value::Object(property)) = schema.pointer_mut("/$defs/Source/properties/fields") {
        property.insert("propertyNames".to_owned(), json!({ "enum": fields }));
    }
    output::json(&schema)?;
    Ok(Exit::Done)
}
