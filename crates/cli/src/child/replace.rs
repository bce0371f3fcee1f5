use std::convert::Infallible;
use std::os::unix::process::CommandExt;

use super::{ChildEnvironment, Command};
use crate::error::Error;

/// Replaces this process by the command. Terminal, job control, signals, standard input and exit code are the
/// command's own then, because nothing is in between.
///
/// # Errors
/// When the system refuses; exit code 126 or 127. On success it does not return.
pub(crate) fn run(command: &Command, environment: &ChildEnvironment) -> Result<Infallible, Error> {
    let error = std::process::Command::new(&command.program)
        .arg0(&command.name)
        .args(&command.arguments)
        .env_clear()
        .envs(environment.variables())
        .exec();
    Err(command.did_not_start(&error))
}
