use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rolewrap_core::{Environment, Secret};

use super::gate::PATH;
use super::handover::{HandedBase, Handover, Variables};
use super::port::Port;
use super::process::NAME;
use super::{AccessToken, PortGuard};
use crate::error::Error;
use crate::host::program::own_program;
use crate::plan::Chosen;
use crate::plan::{Delivery, Facts};
use crate::session::Journey;
use crate::session::Obtained;
use crate::session::World;

/// How long the endpoint may take to say that it serves. It takes a millisecond.
const READY_TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of what it says when it does not.
const LONGEST_ANSWER: u64 = 4096;

/// What the libraries below a source read from the environment of the process itself: D-Bus where it finds the keyring,
/// and TLS the system's certificates. None of it is secret.
const FOR_LIBRARIES: [&str; 6] = [
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_RUNTIME_DIR",
    "HOME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "LD_LIBRARY_PATH",
];

/// An endpoint whose process has been started, and that has no session yet. Dropped, it ends by itself.
#[derive(Debug)]
pub(crate) struct StartingEndpoint {
    control: UnixStream,
    first: Child,
    guard: PortGuard,
    port: u16,
    token: AccessToken,
}

/// An endpoint that serves.
#[derive(Debug)]
pub(crate) struct CredentialsEndpoint {
    port: u16,
    /// What the command has to show there.
    pub(crate) token: Secret,
    /// What the command inherits, so that nobody else can answer at the same address.
    pub(crate) guard: PortGuard,
}

impl CredentialsEndpoint {
    /// Where the command asks.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }
}

impl StartingEndpoint {
    /// Starts one where the session is to be delivered through it.
    ///
    /// # Errors
    /// When the system gives no port or no process.
    pub(crate) fn where_chosen(
        delivery: &Chosen<Delivery>,
        world: &World<'_>,
    ) -> Result<Option<Self>, Error> {
        match delivery.value {
            Delivery::Env => Ok(None),
            Delivery::Endpoint => Self::start(world).map(Some),
        }
    }

    /// Takes a port and starts the process that will serve there. Nothing secret is in it yet.
    fn start(world: &World<'_>) -> Result<Self, Error> {
        let started = Self::spawn(&*world.system.environment, &world.system.directory)
            .map_err(|error| did_not_start().cause(error))?;
        world.messages.detail(&format!(
            "the credentials endpoint 127.0.0.1:{} waits for a session",
            started.port
        ));
        Ok(started)
    }

    fn spawn(environment: &dyn Environment, directory: &Path) -> io::Result<Self> {
        let port = Port::take()?;
        let (control, theirs) = UnixStream::pair()?;
        control.set_read_timeout(Some(READY_TIMEOUT))?;
        control.set_write_timeout(Some(READY_TIMEOUT))?;
        let variables = FOR_LIBRARIES.iter().filter_map(|name| {
            let value = environment.get(name)?;
            Some((
                name,
                if name.starts_with("SSL_CERT_") {
                    absolute(&value, directory)
                } else {
                    value
                },
            ))
        });
        let first = Command::new(own_program()?)
            .arg0(NAME)
            .env_clear()
            .envs(variables)
            // For glibc, which would rather be fast than small: one arena for the few threads, and back to the system with
            // what a renewal needed for a moment (`man mallopt`).
            .env("MALLOC_ARENA_MAX", "1")
            .env("MALLOC_MMAP_THRESHOLD_", "65536")
            .env("MALLOC_TRIM_THRESHOLD_", "65536")
            .env("MALLOC_TOP_PAD_", "16384")
            .current_dir("/")
            .stdin(OwnedFd::from(theirs))
            .stdout(OwnedFd::from(port.listener))
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self {
            control,
            first,
            guard: port.guard,
            port: port.number,
            token: AccessToken::random()?,
        })
    }

    /// Hands over the session and how it is renewed, and waits until it is served.
    ///
    /// # Errors
    /// When the endpoint does not serve; then the command must not start.
    pub(crate) fn serve(
        mut self,
        journey: Journey<'_>,
        facts: &Facts<'_>,
        obtained: &Obtained,
    ) -> Result<CredentialsEndpoint, Error> {
        let handover = self.handover(journey, facts, obtained);
        self.hand_over(&handover)
            .map_err(|error| did_not_start().cause(error))?;
        journey
            .world
            .messages
            .detail(&format!("127.0.0.1:{} serves the session", self.port));
        Ok(CredentialsEndpoint {
            port: self.port,
            token: self.token.secret().clone(),
            guard: self.guard,
        })
    }

    fn handover(&self, journey: Journey<'_>, facts: &Facts<'_>, obtained: &Obtained) -> Handover {
        let Journey {
            world,
            configuration,
            plan,
            replaces: _,
        } = journey;
        let system = world.system;
        Handover {
            process_id: system.process_id,
            token: self.token.secret().clone(),
            port: self.port,
            environment: Variables::of(&*system.environment),
            directory: system.directory.clone(),
            command_directory: facts.directory.to_owned(),
            host_name: system.host_name.clone(),
            user_id: system.user_id,
            verb: facts.verb.to_owned(),
            git: system.git.answers(),
            layers: configuration.layers().to_vec(),
            selection: plan.selection.clone(),
            plan: plan.in_full(),
            session: (&obtained.session).into(),
            session_is_shared: obtained.is_shared,
            base: obtained.kept.as_ref().map(HandedBase::from),
        }
    }

    fn hand_over(&mut self, handover: &Handover) -> io::Result<()> {
        // The first process has started the second one, and is not to be left to the command as a child that it does not
        // know.
        if !self.first.wait()?.success() {
            return Err(io::Error::other("its process could not be started"));
        }
        handover.write(&self.control)?;
        let mut answer = String::new();
        (&self.control).take(LONGEST_ANSWER).read_to_string(&mut answer)?;
        match answer.as_str() {
            "ready" => Ok(()),
            "" => Err(io::Error::other("its process ended without a word")),
            trouble => Err(io::Error::other(trouble.to_owned())),
        }
    }
}

/// The paths of a list, or the one path, from `directory` on: the endpoint works in another one.
fn absolute(paths: &OsStr, directory: &Path) -> OsString {
    let paths: Vec<PathBuf> = std::env::split_paths(paths)
        .map(|path| directory.join(path))
        .collect();
    std::env::join_paths(paths).unwrap_or_default()
}

fn did_not_start() -> Error {
    Error::new("the credentials endpoint did not start, so the command was not started")
        .hint("--delivery env needs no endpoint; its session lasts no longer than its duration")
}
