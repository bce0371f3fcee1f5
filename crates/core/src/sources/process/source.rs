use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::program::{Choice, Program};
use crate::sources::document;
use crate::{BaseCredentialSource, BaseCredentials, Clock, Environment, SourceError, SourceFingerprint};

/// Base credentials from a program that speaks AWS's `credential_process` contract: 1Password's `op`, `pass`,
/// `aws configure export-credentials --format process`, and every other such program.
///
/// The program is started as it is named, without a shell: a name that is looked up on `PATH`, or a full path.
/// It gets the whole injected environment, as it does from AWS's own SDKs (variables whose names are not UTF-8
/// are left out), the working directory, and an empty standard input, because the real one belongs to the
/// command that runs afterwards. It stays in this process's group, so it can ask for a passphrase on the terminal
/// (`/dev/tty`) and Ctrl-C reaches it.
///
/// Its standard output is the document (64 KiB at most) and is never shown. Its standard error is made safe for
/// a terminal and handed, as it arrives, to what [`with_messages_to`](Self::with_messages_to) names. An exit
/// code of 0 without any output means that there is nothing; any other code is a failure. A document that has
/// expired is refused.
///
/// Loading ends within [`with_timeout`](Self::with_timeout), which is a minute by default. Then, and when the
/// future is dropped, the program is killed together with everything that it started; a daemon that has
/// detached itself, such as an agent that keeps keys, stays.
///
/// Needs a Tokio runtime with input, output and time enabled.
pub struct ProcessSource {
    program: Program,
    clock: Arc<dyn Clock>,
    variables: Vec<String>,
}

impl ProcessSource {
    /// How long the program may take unless another time is set. AWS's SDK for Go waits as long.
    pub const DEFAULT_TIMEOUT: Duration = super::DEFAULT_TIMEOUT;

    /// A source called `name` that runs `command`, a program and its arguments.
    ///
    /// # Errors
    /// [`SourceError::InvalidConfiguration`] where `command` names no program, or a path that is not a full one:
    /// that would be another program in each working directory.
    pub fn new(
        name: impl Into<String>,
        command: Vec<String>,
        environment: Arc<dyn Environment>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SourceError> {
        Ok(Self {
            program: Program::new(name, "command", command, environment)?,
            clock,
            variables: Vec::new(),
        })
    }

    /// The same source, whose program is fed by these variables: a login of its own, such as
    /// `OP_SERVICE_ACCOUNT_TOKEN`. The command that runs afterwards does not get them.
    #[must_use]
    pub fn with_variables(mut self, variables: Vec<String>) -> Self {
        if let Some(choice) = &mut self.program.choice {
            choice.variables.extend(variables.iter().cloned());
        }
        self.variables = variables;
        self
    }

    /// The same source, whose program is taken not to choose the key by these variables, which it gets nevertheless: they say
    /// how the calling program runs, for instance, and differ from run to run. They are no part of the fingerprint, as those
    /// of a terminal (`TERM`, `GPG_TTY`) never are.
    #[must_use]
    pub fn with_indifferent_variables<Name: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = Name>,
    ) -> Self {
        self.program.indifferent = variables.into_iter().map(Into::into).collect();
        self
    }

    /// The same source, whose program chooses the key by these variables and by no others, but for those that
    /// [feed](Self::with_variables) it; and by the directory that it is started in where `directory` says so. Without this, it
    /// is taken to choose by everything that it gets.
    #[must_use]
    pub fn choosing_by(mut self, variables: Vec<String>, directory: bool) -> Self {
        let variables = variables
            .into_iter()
            .chain(self.variables.iter().cloned())
            .collect();
        self.program.choice = Some(Choice { variables, directory });
        self
    }

    /// The same source, whose program is started in `directory`. Without this, it is where this process is.
    #[must_use]
    pub fn with_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.program.directory = Some(directory.into());
        self
    }

    /// The same source with another time for the program to end in. It includes what a person needs to type.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.program.timeout = timeout;
        self
    }

    /// The same source, with what the program writes to standard error handed to `pass_on`: pieces of text as
    /// they arrive, not always whole lines, with everything escaped that a terminal would act on. The last one
    /// ends its line. Without it, only the last line is kept, for the error of a program that fails.
    #[must_use]
    pub fn with_messages_to(mut self, pass_on: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.program.pass_on = Box::new(pass_on);
        self
    }
}

#[async_trait]
impl BaseCredentialSource for ProcessSource {
    fn name(&self) -> &str {
        self.program.name()
    }

    fn environment_variables(&self) -> Vec<&str> {
        self.variables.iter().map(String::as_str).collect()
    }

    /// The program, its arguments, and what it chooses by: where nobody says what that is, everything that it gets but what it is
    /// known not to choose by.
    fn fingerprint(&self) -> Option<SourceFingerprint> {
        Some(self.program.fingerprint())
    }

    fn is_worth_keeping(&self, _credentials: &BaseCredentials) -> bool {
        true
    }

    async fn load(&self) -> Result<BaseCredentials, SourceError> {
        let finished = self.program.run().await?;
        if finished.output.trim_ascii().is_empty() {
            return Err(self.program.printed_nothing());
        }
        document::read(self.name(), &finished.output, self.clock.now()).map_err(|reason| {
            let program = self.program.shown();
            self.program
                .malformed(format!("what {program} printed is of no use: {reason}"))
        })
    }
}

impl fmt::Debug for ProcessSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the arguments nor the environment: both may hold what nobody should see.
        formatter
            .debug_struct("ProcessSource")
            .field("name", &self.name())
            .field("program", &self.program.shown())
            .field("timeout", &self.program.timeout)
            .finish_non_exhaustive()
    }
}
