use std::convert::Infallible;

use crate::deliver::ChildEnvironment;
use crate::deliver::endpoint::PortGuard;
use crate::error::Error;
use crate::host::program::Command;

/// Runs the command and ends with its exit code, where a process image cannot be replaced.
///
/// The command shares the console, so Ctrl-C reaches it directly. Passing it on as well would look to
/// Terraform like a second one, which makes it stop at once and lose its state.
///
/// # Errors
/// When the system refuses to start the command; exit code 126 or 127.
pub(crate) fn run(
    command: &Command,
    environment: &ChildEnvironment,
    _guard: Option<&PortGuard>,
) -> Result<Infallible, Error> {
    // The default would end this process and leave the command running. A handler that does nothing, unlike
    // ignoring, is not inherited by the command.
    if let Err(error) = ctrlc::set_handler(|| {}) {
        return Err(Error::new("cannot prepare for Ctrl-C").cause(error));
    }
    let status = std::process::Command::new(&command.program)
        .args(&command.arguments)
        .env_clear()
        .envs(environment.variables())
        .status();
    match status {
        #[expect(
            clippy::exit,
            clippy::disallowed_methods,
            reason = "the command has ended, and this ends with it"
        )]
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Err(command.did_not_start(&error)),
    }
}
