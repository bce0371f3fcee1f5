use std::convert::Infallible;

use super::execute::execute;
use crate::deliver::ChildEnvironment;
use crate::deliver::endpoint::PortGuard;
use crate::error::Error;
use crate::host::core_dumps;
use crate::host::program::Command;

/// Replaces this process by the command. Terminal, job control, signals, standard input and exit code are the
/// command's own then, because nothing is in between. It inherits `guard`, which keeps the port of the endpoint that serves
/// its session.
///
/// # Errors
/// When the system refuses; exit code 126 or 127. On success it does not return.
pub(crate) fn run(
    command: &Command,
    environment: &ChildEnvironment,
    guard: Option<&PortGuard>,
) -> Result<Infallible, Error> {
    if let Some(guard) = guard {
        guard.inherit().map_err(|error| {
            Error::new("cannot keep the port of the credentials endpoint, so the command was not started")
                .cause(error)
                .hint("--delivery env needs no endpoint; its session lasts no longer than its duration")
        })?;
    }
    core_dumps::allow_for_the_command();
    Err(execute(command, environment))
}
