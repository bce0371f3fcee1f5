use std::ffi::OsString;
use std::io::{self, Read, Write, stdin, stdout};
use std::net::{Shutdown, TcpListener};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use rolewrap_core::BaseCredentials;
use rolewrap_role::Session;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use super::AccessToken;
use super::command_end::CommandEnd;
use super::gate::Gate;
use super::handover::Handover;
use super::isolation::{close_inherited, isolate, release_streams};
use super::renewal::keep_fresh;
use super::served_session::ServedSession;
use super::server::serve;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::git::Git;
use crate::plan::Plan;
use crate::run::Run;
use crate::session::obtain_again;
use crate::sources;
use crate::system::{System, SystemClock};

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

/// This very program, also where its file has been replaced meanwhile.
pub(super) fn own_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        Ok("/proc/self/exe".into())
    } else {
        std::env::current_exe()
    }
}

fn be_endpoint() -> io::Result<()> {
    close_inherited()?;
    isolate()?;
    #[cfg(target_os = "linux")]
    rustix::thread::set_name(SHORT_NAME)?;
    let control = UnixStream::from(stdin().as_fd().try_clone_to_owned()?);
    let listener = TcpListener::from(stdout().as_fd().try_clone_to_owned()?);
    release_streams()?;
    // Where the session was refused there is no handover, and nothing to do.
    let handover = Handover::read(&control)?;
    let end = CommandEnd::of(handover.process_id)?;
    if is_gone(&control)? {
        return Ok(());
    }
    match serve_until(end, listener, handover, &control) {
        Ok(()) => Ok(()),
        Err(trouble) => {
            let _ = (&control).write_all(trouble.in_one_line().as_bytes());
            Err(io::ErrorKind::Other.into())
        }
    }
}

/// Whether the process that becomes the command has ended. As long as it has not, its id is its own.
fn is_gone(control: &UnixStream) -> io::Result<bool> {
    control.set_nonblocking(true)?;
    let nothing_yet = |error: &io::Error| error.kind() == io::ErrorKind::WouldBlock;
    let gone = !matches!((&*control).read(&mut [0]), Err(error) if nothing_yet(&error));
    control.set_nonblocking(false)?;
    Ok(gone)
}

/// Makes the same plan again, says so, and serves the session until the command has ended.
fn serve_until(
    end: CommandEnd,
    listener: TcpListener,
    mut handover: Handover,
    mut control: &UnixStream,
) -> Result<(), Error> {
    let configuration = Configuration::of_layers(std::mem::take(&mut handover.layers))?;
    let system = System {
        environment: Arc::new(std::mem::take(&mut handover.environment)),
        clock: Arc::new(SystemClock),
        directory: std::mem::take(&mut handover.directory),
        host_name: std::mem::take(&mut handover.host_name),
        user_id: handover.user_id,
        process_id: handover.process_id,
        terminal: false,
        git: Git::answered(std::mem::take(&mut handover.git)),
    };
    let run = Run::handed_over(&system, handover.command_directory, handover.verb);
    let plan = Plan::new(&configuration, &handover.selection, &run.facts())?;
    if plan.in_full() != handover.plan {
        return Err(Error::new(
            "the plan came out differently when it was made again for the renewal",
        ));
    }
    let source = sources::build(&configuration, &plan.base.sources, &system, &run.prompt)?;
    let unusable = |error: &dyn std::error::Error| Error::new("the handover is damaged").causes(error);
    let session = Session::try_from(handover.session).map_err(|error| unusable(&error))?;
    let kept = handover.base.map(BaseCredentials::try_from).transpose();
    let mut kept = kept.map_err(|error| unusable(&error))?;
    let served = Arc::new(ServedSession::new(&session, system.clock.clone()));
    let gate = Gate::new(handover.port, AccessToken::given(handover.token));

    let failed = |error: io::Error| Error::new("the network cannot be used").cause(error);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let outcome = runtime.block_on(async {
        outlive_signals().map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
        control.write_all(b"ready").map_err(failed)?;
        control.shutdown(Shutdown::Both).map_err(failed)?;
        let renew = async || {
            // On the heap, because it is large and needed for a moment in an hour.
            let again = Box::pin(obtain_again(&run, &configuration, &plan, &*source, kept.take()));
            match again.await {
                Ok(obtained) => {
                    kept = obtained.kept;
                    Ok(obtained.session)
                }
                Err((error, given)) => {
                    kept = given;
                    Err(error.in_one_line())
                }
            }
        };
        tokio::select! {
            ended = end.wait() => ended.map_err(failed),
            never = serve(listener, gate, served.clone()) => match never {},
            never = keep_fresh(&served, session, &*system.clock, renew) => match never {},
        }
    });
    // A host name that is still being looked up cannot be cancelled, and nobody waits for it any more.
    runtime.shutdown_background();
    outcome
}

/// Takes the signals that ask a program to end, and does nothing: a service that is stopped sends them to all of its
/// processes, and the command needs its session to the last. The endpoint ends with the command.
fn outlive_signals() -> io::Result<()> {
    for kind in [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
        SignalKind::quit(),
    ] {
        // The disposition stays when this is dropped.
        drop(signal(kind)?);
    }
    Ok(())
}
