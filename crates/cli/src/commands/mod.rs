//! rolewrap's own commands. Each gives its output as text; the caller prints it.

mod access_key_file;
mod account;
mod completions;
mod config;
mod source;
mod source_change;
mod table;
mod whoami;

use crate::arguments::{Options, OwnCommand};
use crate::error::Error;
use crate::run::{Run, What};
use crate::system::System;

pub(crate) fn run(options: Options, command: OwnCommand, system: &System) -> Result<String, Error> {
    let run = |verb| Run::new(options, What::Nothing(verb), system);
    match command {
        // `exec` takes the journey of a child, not this way.
        OwnCommand::Exec { command } => Err(Error::new(format!("nothing runs {command:?} here"))),
        OwnCommand::Whoami { json } => whoami::run(&run("whoami")?, json),
        OwnCommand::Config { command } => config::run(&run("config")?, command),
        OwnCommand::Account { command } => account::run(&run("account")?, command),
        OwnCommand::Source { command } => source::run(&run("source")?, command),
        OwnCommand::Completions { shell } => Ok(completions::run(shell)),
    }
}
