use std::ffi::OsString;
use std::io::{self, Write, stdin, stdout};
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use super::handover::Handover;
use super::isolation::{close_inherited, isolate, release_streams};
use super::program_code::ProgramCode;
use super::serving::serve_handover;
use crate::host::program::own_program;

/// What the process is called, by which it knows that it is one.
pub(crate) const NAME: &str = "rolewrap-credentials-endpoint";
/// What `top` and `killall` call it; at most fifteen bytes.
#[cfg(target_os = "linux")]
const SHORT_NAME: &std::ffi::CStr = c"rolewrap-endpt";

/// Is the process of an endpoint, from its start to its end.
///
/// Without an argument it takes leave of the terminal and starts itself once more, with the address as the argument, for
/// those who look at the list of processes. That second process is nobody's child, so the command finds none that it does
/// not know, and leads no session, so no terminal can become its own.
pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    let outcome = match arguments {
        [] => detach(),
        [_address] => be_endpoint(),
        _ => Err(io::ErrorKind::InvalidInput.into()),
    };
    // Whoever started it has been told already, or is gone.
    if outcome.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn detach() -> io::Result<()> {
    rustix::process::setsid()?;
    let listener = TcpListener::from(stdout().as_fd().try_clone_to_owned()?);
    let address = listener.local_addr()?.to_string();
    Command::new(own_program()?).arg0(NAME).arg(address).spawn()?;
    Ok(())
}

fn be_endpoint() -> io::Result<()> {
    close_inherited()?;
    isolate()?;
    #[cfg(target_os = "linux")]
    rustix::thread::set_name(SHORT_NAME)?;
    let control = UnixStream::from(stdin().as_fd().try_clone_to_owned()?);
    let listener = TcpListener::from(stdout().as_fd().try_clone_to_owned()?);
    release_streams()?;
    // While there is one thread, and while the other process still asks for the session.
    let code = ProgramCode::mapped_now();
    // Where the session was refused there is no handover, and nothing to do.
    let handover = Handover::read(&control)?;
    let Err(trouble) = serve_handover(handover, listener, &control, &code) else {
        return Ok(());
    };
    // Whoever waits for the endpoint does not start the command then.
    (&control).write_all(trouble.in_one_line().as_bytes())
}
