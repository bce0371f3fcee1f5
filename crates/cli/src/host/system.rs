use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::SystemTime;

use rolewrap_core::{Clock, Environment};

use crate::host::git::Git;
use crate::host::outer_session::OuterSession;

/// The world around the program, in one value, so that tests bring their own.
pub(crate) struct System {
    /// The environment variables.
    pub(crate) environment: Arc<dyn Environment>,
    /// The wall clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// The working directory.
    pub(crate) directory: PathBuf,
    /// The machine's name, for session names.
    pub(crate) host_name: String,
    /// How the system knows the user, where no variable names one: the number of the account.
    pub(crate) user_id: Option<u32>,
    /// This process's id, which is also the command's where the process image is replaced.
    pub(crate) process_id: u32,
    /// Whether standard error is a terminal, and so may have colour.
    pub(crate) terminal: bool,
    /// The session of a run around this one. The environment here is that outside of it.
    pub(crate) outer: Option<OuterSession>,
    /// Git, about the repository around a directory.
    pub(crate) git: Git,
}

impl System {
    /// The real one. This and the child module are the only places that touch the process.
    ///
    /// # Errors
    /// When the working directory is gone.
    pub(crate) fn real() -> std::io::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "this is the shim")]
        let directory = std::env::current_dir()?;
        let (environment, outer) = OuterSession::leave(Arc::new(ProcessEnvironment));
        Ok(Self {
            environment,
            outer,
            clock: Arc::new(SystemClock),
            directory,
            host_name: host_name(),
            user_id: user_id(),
            process_id: std::process::id(),
            terminal: std::io::IsTerminal::is_terminal(&std::io::stderr()) && colour_is_wanted(),
            git: Git::new(ask_git),
        })
    }

    /// The same world for a run inside of a session, which sees `environment` beside it and not what it `lacks`.
    pub(crate) fn seen_from_inside(&self, environment: Arc<dyn Environment>, lacks: Vec<String>) -> Self {
        Self {
            environment,
            outer: Some(OuterSession {
                target: String::new(),
                keys: None,
                lacks,
            }),
            clock: self.clock.clone(),
            directory: self.directory.clone(),
            host_name: self.host_name.clone(),
            git: Git::new(|_, _, _| None),
            ..*self
        }
    }
}

impl fmt::Debug for System {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("System")
            .field("directory", &self.directory)
            .finish_non_exhaustive()
    }
}

/// The environment of this process, read when it is asked for and never copied as a whole.
#[derive(Debug)]
struct ProcessEnvironment;

#[expect(clippy::disallowed_methods, reason = "this is the shim")]
impl Environment for ProcessEnvironment {
    fn get(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn names(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect()
    }
}

#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the shim")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Whether a terminal may be written to in colour: <https://no-color.org>, and terminals that know none.
#[expect(clippy::disallowed_methods, reason = "this is the shim")]
fn colour_is_wanted() -> bool {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !no_colour && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

#[cfg(unix)]
fn host_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    // The first label is what people call the machine.
    name.split('.').next().unwrap_or_default().to_owned()
}

#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "this is the shim")]
fn host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "as the other system's")]
fn user_id() -> Option<u32> {
    Some(rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn user_id() -> Option<u32> {
    None
}

/// Git gets only what it needs to find itself and the user's `safe.directory`: no keys are in its environment.
fn ask_git(directory: &Path, environment: &dyn Environment, arguments: &[&str]) -> Option<String> {
    let kept = ["PATH", "HOME", "XDG_CONFIG_HOME", "SYSTEMROOT"];
    let output = Command::new("git")
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(
            kept.iter()
                .filter_map(|name| Some((name, environment.get(name)?))),
        )
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    Some(answer.trim().to_owned()).filter(|answer| output.status.success() && !answer.is_empty())
}
