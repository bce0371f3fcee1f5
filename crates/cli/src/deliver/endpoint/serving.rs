use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::SystemTime;

use rolewrap_core::BaseCredentials;
use rolewrap_role::Session;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use super::AccessToken;
use super::command_end::CommandEnd;
use super::gate::Gate;
use super::handover::Handover;
use super::program_code::ProgramCode;
use super::renewal::{Served, keep_fresh};
use super::served_session::ServedSession;
use super::server::serve;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::host::git::Git;
use crate::host::system::{System, SystemClock};
use crate::plan::{Facts, Plan};
use crate::session::Journey;
use crate::session::World;
use crate::session::obtain_again;
use crate::session::sources::{self, Source};

/// Makes the same plan again, says so through `control`, and serves the session until the command has ended. Meanwhile it
/// lets go of the program's `code`.
///
/// # Errors
/// What keeps it from serving. The other side is told by the caller, and does not start the command.
pub(super) fn serve_handover(
    mut handover: Handover,
    listener: TcpListener,
    control: &UnixStream,
    code: &ProgramCode,
) -> Result<(), Error> {
    let end = CommandEnd::of(handover.process_id)
        .map_err(|error| Error::new("this system does not tell when a process ends").cause(error))?;
    if is_gone(control).map_err(unusable)? {
        return Ok(());
    }
    let configuration = Configuration::of_layers(std::mem::take(&mut handover.layers))?;
    let system = system(&mut handover);
    let world = World::without_a_person(&system);
    let facts = Facts {
        system: &system,
        directory: &handover.command_directory,
        verb: &handover.verb,
        mfa_code: None,
        delivery: None,
    };
    let plan = Plan::new(&configuration, handover.selection, &facts)?;
    if plan.in_full() != handover.plan {
        return Err(Error::new(
            "the plan came out differently when it was made again for the renewal",
        ));
    }
    let source = sources::build(&configuration, &plan.base.sources, &system, &world.prompt)?;
    let first = Served {
        session: Session::try_from(handover.session).map_err(unusable)?,
        is_shared: handover.session_is_shared,
    };
    let kept = handover.base.map(BaseCredentials::try_from).transpose();
    let mut renewals = Renewals {
        journey: Journey::new(&world, &configuration, &plan),
        source: &source,
        code,
        kept: kept.map_err(unusable)?,
        expires_at: first.session.expires_at(),
    };
    let served = Arc::new(ServedSession::new(&first.session, system.clock.clone()));
    let gate = Gate::new(handover.port, AccessToken::given(handover.token));

    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(unusable)?;
    let outcome = runtime.block_on(async {
        let listener = ready(listener, control).map_err(unusable)?;
        code.release();
        tokio::select! {
            ended = end.wait() => ended.map_err(unusable),
            never = serve(listener, gate, served.clone()) => match never {},
            never = keep_fresh(&served, first, &*system.clock, async || renewals.next().await) => match never {},
        }
    });
    // A host name that is still being looked up cannot be cancelled, and nobody waits for it any more.
    runtime.shutdown_background();
    outcome
}

fn unusable(error: impl std::error::Error) -> Error {
    Error::new("the credentials endpoint cannot serve").causes(&error)
}

/// Whether the process that becomes the command has ended. As long as it has not, its id is its own.
fn is_gone(control: &UnixStream) -> io::Result<bool> {
    control.set_nonblocking(true)?;
    let nothing_yet = |error: &io::Error| error.kind() == io::ErrorKind::WouldBlock;
    let gone = !matches!((&*control).read(&mut [0]), Err(error) if nothing_yet(&error));
    control.set_nonblocking(false)?;
    Ok(gone)
}

/// The world of the process that becomes the command.
fn system(handover: &mut Handover) -> System {
    System {
        environment: Arc::new(std::mem::take(&mut handover.environment)),
        clock: Arc::new(SystemClock),
        directory: std::mem::take(&mut handover.directory),
        host_name: std::mem::take(&mut handover.host_name),
        user_id: handover.user_id,
        process_id: handover.process_id,
        terminal: false,
        outer: None,
        git: Git::answered(std::mem::take(&mut handover.git)),
    }
}

/// Prepares to serve, and says so.
fn ready(listener: TcpListener, mut control: &UnixStream) -> io::Result<tokio::net::TcpListener> {
    outlive_signals()?;
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    control.write_all(b"ready")?;
    control.shutdown(Shutdown::Both)?;
    Ok(listener)
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

/// What every renewal is made from.
struct Renewals<'a> {
    journey: Journey<'a>,
    source: &'a Source,
    code: &'a ProgramCode,
    /// What signs, where a person would be needed for it again.
    kept: Option<BaseCredentials>,
    /// When the session that is served expires.
    expires_at: SystemTime,
}

impl Renewals<'_> {
    /// The next session, or why there is none.
    async fn next(&mut self) -> Result<Served, String> {
        // What served requests makes room for what renews.
        self.code.release();
        // On the heap, because it is large and needed for a moment in an hour.
        let again = Box::pin(obtain_again(
            self.journey,
            self.source,
            &mut self.kept,
            self.expires_at,
        ));
        let outcome = again.await;
        self.code.release();
        let (session, is_shared) = outcome.map_err(|error| error.in_one_line())?;
        self.expires_at = session.expires_at();
        Ok(Served { session, is_shared })
    }
}
