use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::command::CommandLine;
use super::run::{Finished, LONGEST_OUTPUT_BYTES, Stopped, finish};
use crate::{BoxError, Environment, SourceError, SourceFingerprint};

/// Variables that say where a program runs, and not as whom: they differ between two terminals of one person, or between two
/// lines of a Makefile.
const OF_A_TERMINAL: [&str; 55] = [
    "_",
    "ALACRITTY_LOG",
    "ALACRITTY_SOCKET",
    "ALACRITTY_WINDOW_ID",
    "COLORFGBG",
    "COLORTERM",
    "COLUMNS",
    "GNOME_TERMINAL_SCREEN",
    "GNOME_TERMINAL_SERVICE",
    "GPG_TTY",
    "ITERM_PROFILE",
    "ITERM_SESSION_ID",
    "KITTY_LISTEN_ON",
    "KITTY_PID",
    "KITTY_WINDOW_ID",
    "KONSOLE_DBUS_SERVICE",
    "KONSOLE_DBUS_SESSION",
    "KONSOLE_DBUS_WINDOW",
    "KONSOLE_VERSION",
    "LC_TERMINAL",
    "LC_TERMINAL_VERSION",
    "LINES",
    "MAKELEVEL",
    "MAKE_TERMERR",
    "MAKE_TERMOUT",
    "OLDPWD",
    "PWD",
    "SHELL_SESSION_ID",
    "SHLVL",
    "SSH_CLIENT",
    "SSH_CONNECTION",
    "SSH_TTY",
    "STY",
    "TERM",
    "TERMINATOR_DBUS_NAME",
    "TERMINATOR_DBUS_PATH",
    "TERMINATOR_UUID",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "TERM_SESSION_ID",
    "TILIX_ID",
    "TMUX",
    "TMUX_PANE",
    "TTY",
    "VTE_VERSION",
    "WEZTERM_EXECUTABLE",
    "WEZTERM_PANE",
    "WEZTERM_UNIX_SOCKET",
    "WINDOW",
    "WINDOWID",
    "WT_PROFILE_ID",
    "WT_SESSION",
    "ZELLIJ",
    "ZELLIJ_PANE_ID",
    "ZELLIJ_SESSION_NAME",
];

/// What a program chooses by, where that was said.
pub(super) struct Choice {
    pub(super) variables: Vec<String>,
    /// Whether the directory that it is started in.
    pub(super) directory: bool,
}

/// A program that a source runs, with the limits that every one of them has.
pub(super) struct Program {
    /// The name of the source, for errors.
    name: String,
    /// The configuration key that the program is from, for errors.
    key: &'static str,
    command: CommandLine,
    environment: Arc<dyn Environment>,
    /// Variables that it does not choose by.
    pub(super) indifferent: Vec<String>,
    /// All that it chooses by, where that is known.
    pub(super) choice: Option<Choice>,
    /// Where it is started; where this process is, if nothing is said.
    pub(super) directory: Option<PathBuf>,
    pub(super) timeout: Duration,
    pub(super) pass_on: Box<dyn Fn(&str) + Send + Sync>,
}

impl Program {
    /// The program that source `name` is given in `key`.
    pub(super) fn new(
        name: impl Into<String>,
        key: &'static str,
        command: Vec<String>,
        environment: Arc<dyn Environment>,
    ) -> Result<Self, SourceError> {
        let name = name.into();
        match CommandLine::new(command) {
            Ok(command) => Ok(Self {
                name,
                key,
                command,
                environment,
                indifferent: Vec::new(),
                choice: None,
                directory: None,
                timeout: super::DEFAULT_TIMEOUT,
                pass_on: Box::new(|_| ()),
            }),
            Err(reason) => Err(SourceError::InvalidConfiguration {
                name,
                key: key.to_owned(),
                reason,
            }),
        }
    }

    /// The program as it was named.
    pub(super) fn shown(&self) -> &str {
        self.command.program()
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What chooses what it prints, as far as that is known without running it.
    pub(super) fn fingerprint(&self) -> SourceFingerprint {
        let mut fingerprint = SourceFingerprint::of("process");
        if self.choice.as_ref().is_none_or(|choice| choice.directory) {
            fingerprint = fingerprint.depending_on_directory();
        }
        for word in self.command.words() {
            fingerprint = fingerprint.with("word", word.as_bytes());
        }
        for name in self.chosen_by() {
            // One that is not set is told apart from one that is empty.
            if let Some(value) = self.environment.get(&name) {
                fingerprint = fingerprint.with(name, value.as_encoded_bytes());
            }
        }
        fingerprint
    }

    /// The names of the variables that it may choose by.
    fn chosen_by(&self) -> Vec<String> {
        let mut names = if let Some(choice) = &self.choice {
            let mut names = choice.variables.clone();
            // It says which program it is.
            names.extend(self.command.is_on_path().then(|| "PATH".to_owned()));
            names
        } else {
            let mut names = self.environment.names();
            names.retain(|name| !OF_A_TERMINAL.contains(&name.as_str()) && !self.indifferent.contains(name));
            names
        };
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Runs it. What it printed counts only where it ended well.
    pub(super) async fn run(&self) -> Result<Finished, SourceError> {
        let finished = self.run_to_its_end().await?;
        if finished.status.success() {
            Ok(finished)
        } else {
            Err(self.failed(&finished))
        }
    }

    async fn run_to_its_end(&self) -> Result<Finished, SourceError> {
        let child = self
            .command
            .build(&*self.environment, self.directory.as_deref())
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => self.invalid(self.command.absent()),
                _ => self.invalid(format!("{} cannot be started: {error}", self.command.program())),
            })?;
        let program = self.command.program();
        let inside_line = AtomicBool::new(false);
        let pass_on = |text: &str| {
            inside_line.store(!text.ends_with('\n'), Ordering::Relaxed);
            (self.pass_on)(text);
        };
        let finished = tokio::time::timeout(self.timeout, finish(child, &pass_on)).await;
        if inside_line.into_inner() {
            // What is written next, an error perhaps, begins on a line of its own.
            (self.pass_on)("\n");
        }
        match finished {
            Ok(Ok(finished)) => Ok(finished),
            Ok(Err(Stopped::TooMuchOutput)) => Err(self.malformed(format!(
                "{program} printed more than {LONGEST_OUTPUT_BYTES} bytes, so it was stopped"
            ))),
            Ok(Err(Stopped::Io(error))) => {
                Err(self.unavailable(format!("{program} could not be listened to"), Some(error.into())))
            }
            Err(_) => Err(self.unavailable(
                format!(
                    "{program} did not end within {} and was stopped",
                    humantime::format_duration(self.timeout)
                ),
                None,
            )),
        }
    }

    fn invalid(&self, reason: String) -> SourceError {
        SourceError::InvalidConfiguration {
            name: self.name.clone(),
            key: self.key.to_owned(),
            reason,
        }
    }

    /// The error for what it printed.
    pub(super) fn malformed(&self, reason: String) -> SourceError {
        SourceError::Malformed {
            name: self.name.clone(),
            reason,
            cause: None,
        }
    }

    fn unavailable(&self, reason: String, cause: Option<BoxError>) -> SourceError {
        SourceError::Unavailable {
            name: self.name.clone(),
            reason,
            cause,
        }
    }

    /// The error for a program that had nothing to print.
    pub(super) fn printed_nothing(&self) -> SourceError {
        SourceError::NotFound {
            name: self.name.clone(),
            reason: format!("{} ended well and printed nothing", self.shown()),
        }
    }

    fn failed(&self, finished: &Finished) -> SourceError {
        let program = self.command.program();
        let said = match finished.last_line.as_str() {
            "" => "it wrote nothing to standard error".to_owned(),
            line => format!("its last line on standard error: {line}"),
        };
        self.unavailable(format!("{program} ended with {}; {said}", finished.status), None)
    }
}
