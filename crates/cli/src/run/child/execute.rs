use std::convert::Infallible;
use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use nix::errno::Errno;
use nix::sys::signal::{SigHandler, SigSet, Signal, signal};
use nix::unistd::execve;

use crate::deliver::ChildEnvironment;
use crate::error::{Error, Failure};
use crate::host::program::{Command, FileKind};

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
            match FileKind::of(&command.program) {
                Ok(FileKind::Script) => did_not_start(error),
                Ok(kind) => not_a_program(&command.program, kind),
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
    if refused != Errno::ENOEXEC || FileKind::of(&command.program)? != FileKind::Script {
        return Err(refused.into());
    }
    let script = [vec![SHELL.to_owned()], with_name(program)].concat();
    let Err(refused) = execve(SHELL, &script, &variables);
    Err(refused.into())
}

fn not_a_program(path: &Path, kind: FileKind) -> Error {
    const OTHER_BUILD: &str = "install the build for this machine: `uname -sm` says what it is";
    let (what, hint) = match kind {
        FileKind::Elf => (
            "it is a program for another kind of machine or system",
            OTHER_BUILD,
        ),
        FileKind::MachO => ("it is a program for macOS", OTHER_BUILD),
        FileKind::Windows => ("it is a program for Windows", OTHER_BUILD),
        FileKind::Page => (
            "it is a web page, such as the error that a server sent in its place",
            "look at the file; then install the program again",
        ),
        FileKind::Empty => (
            "the file is empty",
            "its download may have failed; install it again",
        ),
        FileKind::Binary | FileKind::Script => (
            "it is neither a script nor a program of a known kind",
            "its download may be damaged, or it is an archive to unpack; install it again",
        ),
    };
    Error::new(format!(
        "{} is not a program that this system can execute",
        path.display()
    ))
    .cause(what)
    .hint(hint)
    .exits(Failure::NotExecutable)
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
