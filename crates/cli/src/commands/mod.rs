//! rolewrap's own commands. Each gives its output as text, which is printed here; `export` prints secrets, and does it
//! by itself.

mod access_key_file;
mod account;
mod cache;
mod completions;
mod config;
mod export;
mod source;
mod source_change;
mod table;
mod trust;
mod whoami;

use crate::arguments::{Options, OwnCommand};
use crate::deliver::export::Format;
use crate::error::Error;
use crate::host::system::System;
use crate::run::{Run, What};

pub(crate) fn run(options: Options, command: OwnCommand, system: &System) -> Result<(), Error> {
    let run = |verb| Run::new(options, What::Nothing(verb), system);
    let text = match command {
        OwnCommand::Export { format } => return export::run(&run("export")?, format),
        OwnCommand::CredentialProcess => return export::run(&run("credential-process")?, Format::Process),
        OwnCommand::Whoami { json } => whoami::run(&run("whoami")?, json)?,
        OwnCommand::Config { command } => config::run(&run("config")?, command)?,
        OwnCommand::Account { command } => account::run(&run("account")?, command)?,
        OwnCommand::Source { command } => source::run(&run("source")?, command)?,
        OwnCommand::Cache { command } => cache::run(&run("cache")?, command)?,
        OwnCommand::Trust { command, yes } => trust::run(&run("trust")?, command, yes)?,
        OwnCommand::Untrust { digest } => trust::untrust(&run("untrust")?, digest.as_deref())?,
        OwnCommand::Completions { shell } => completions::run(shell),
    };
    crate::ui::output::print_all(&text)
}
