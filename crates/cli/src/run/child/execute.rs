use std::convert::Infallible;
use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::unix::ffi::OsStrExt;

use nix::errno::Errno;
use nix::sys::signal::{SigHandler, SigSet, Signal, signal};
use nix::unistd::execve;

use super::not_a_program::NotAProgram;
use crate::deliver::ChildEnvironment;
use crate::error::Error;
use crate::host::program::Command;

/// What runs a script that does not name its interpreter (POSIX, `execvp`).
const SHELL: &CStr = c"/bin/sh";

/// Replaces this process by the command. A file that the system cannot execute is given to a shell only if it may be a script:
/// the standard library would have the shell read another machine's program.
///
/// # Errors
/// When the system refuses. On success it does not return.
pub(super) fn execute(command: &Command, environment: &ChildEnvironment) -> Error {
    let did_not_start = |error: io::Error| command.did_not_start(&error);
    match try_to_execute(command, environment) {
        Ok(never) => match never {},
        Err(error) if error.raw_os_error() == Some(Errno::ENOEXEC as i32) => {
            match NotAProgram::of(&command.program) {
                Ok(Some(what)) => what.error(&command.program),
                Ok(None) => did_not_start(error),
                Err(unreadable) => did_not_start(unreadable),
            }
        }
        Err(error) => did_not_start(error),
    }
}

fn try_to_execute(command: &Command, environment: &ChildEnvironment) -> io::Result<Infallible> {
    let program = text(command.program.as_os_str())?;
    let arguments = command.arguments.iter().map(|argument| text(argument));
    let arguments = arguments.collect::<io::Result<Vec<_>>>()?;
    let variables = environment.variables().map(|(name, value)| {
        let pair = [name.as_bytes(), value.as_bytes()].join(&b'=');
        text(OsStr::from_bytes(&pair))
    });
    let variables = variables.collect::<io::Result<Vec<_>>>()?;
    set_signals_back();
    let with_name = |name: CString| [vec![name], arguments.clone()].concat();
    let Err(refused) = execve(&program, &with_name(text(&command.name)?), &variables);
    if refused != Errno::ENOEXEC || NotAProgram::of(&command.program)?.is_some() {
        return Err(refused.into());
    }
    let script = [vec![SHELL.to_owned()], with_name(program)].concat();
    let Err(refused) = execve(SHELL, &script, &variables);
    Err(refused.into())
}

/// What the standard library does before it executes something: the command blocks no signal, and ends where nobody reads what
/// it writes.
fn set_signals_back() {
    // Neither can fail for a signal that exists.
    let _ = SigSet::empty().thread_set_mask();
    #[expect(unsafe_code, reason = "a handler could do anything")]
    // SAFETY: no handler is set, but the default action.
    let _ = unsafe { signal(Signal::SIGPIPE, SigHandler::SigDfl) };
}

fn text(text: &OsStr) -> io::Result<CString> {
    CString::new(text.as_bytes()).map_err(io::Error::from)
}
