use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::program::Program;
use crate::{Environment, Secret, SourceError};

/// A program that prints one secret on one line, such as the code of an MFA device. It is run as the program of a
/// [`ProcessSource`](super::ProcessSource) is: without a shell, bounded, killed with everything that it started,
/// its standard output never shown.
pub struct SecretProgram(Program);

impl SecretProgram {
    /// How long the program may take unless another time is set.
    pub const DEFAULT_TIMEOUT: Duration = super::DEFAULT_TIMEOUT;

    /// The program that is configured in `key` of the source called `name`, and its arguments.
    ///
    /// # Errors
    /// [`SourceError::InvalidConfiguration`] where `command` names no program, or a path that is not a full one.
    pub fn new(
        name: impl Into<String>,
        key: &'static str,
        command: Vec<String>,
        environment: Arc<dyn Environment>,
    ) -> Result<Self, SourceError> {
        Program::new(name, key, command, environment).map(Self)
    }

    /// The same program, started in `directory`. Without this, it is where this process is.
    #[must_use]
    pub fn with_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.0.directory = Some(directory.into());
        self
    }

    /// The same program with another time to end in. It includes what a person needs to touch a key.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout = timeout;
        self
    }

    /// The same program, with what it writes to standard error handed to `pass_on`, made safe for a terminal.
    #[must_use]
    pub fn with_messages_to(mut self, pass_on: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.0.pass_on = Box::new(pass_on);
        self
    }

    /// Runs the program, and reads the line that it printed.
    ///
    /// # Errors
    /// [`SourceError::NotFound`] where it printed nothing, `Malformed` where that is not one line of text,
    /// `Unavailable` where it failed or took too long.
    pub async fn read(&self) -> Result<Secret, SourceError> {
        let finished = self.0.run().await?;
        let program = self.0.shown();
        let text = str::from_utf8(finished.output.trim_ascii()).map_err(|_| {
            self.0
                .malformed(format!("what {program} printed is not UTF-8 text"))
        })?;
        match text.lines().count() {
            0 => Err(self.0.printed_nothing()),
            1 => Ok(Secret::new(text)),
            lines => Err(self
                .0
                .malformed(format!("{program} printed {lines} lines, and one is expected"))),
        }
    }
}

impl fmt::Debug for SecretProgram {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SecretProgram")
            .field("name", &self.0.name())
            .field("program", &self.0.shown())
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::FixedEnvironment;

    async fn read(script: &str) -> Result<Secret, SourceError> {
        let environment: FixedEnvironment = [("PATH", "/usr/bin:/bin")].into_iter().collect();
        let command = ["/bin/sh", "-c", script].map(str::to_owned).to_vec();
        SecretProgram::new("laptop", "mfa_command", command, Arc::new(environment))?
            .with_timeout(Duration::from_secs(20))
            .read()
            .await
    }

    #[tokio::test]
    async fn the_line_is_the_secret_without_the_white_space_around_it() {
        assert_eq!(read("echo ' 123456 '; echo").await.unwrap().expose(), "123456");
    }

    #[tokio::test]
    async fn what_is_not_one_line_is_refused_and_never_shown() {
        for (script, said) in [
            ("true", "ended well and printed nothing"),
            ("echo; echo ' '", "ended well and printed nothing"),
            ("echo canary; echo canary", "printed 2 lines, and one is expected"),
            (r"printf 'canary\377'", "is not UTF-8 text"),
            (
                "echo canary; echo broken >&2; exit 3",
                "its last line on standard error: broken",
            ),
        ] {
            let error = read(script).await.unwrap_err();
            assert!(error.to_string().contains(said), "{script}: {error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }

    #[tokio::test]
    async fn a_command_that_names_no_program_is_a_matter_of_its_key() {
        let command = vec!["./code".to_owned()];
        let environment = Arc::new(FixedEnvironment::default());
        let error = SecretProgram::new("laptop", "mfa_command", command, environment).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("use source laptop: mfa_command: `./code`"),
            "{error}"
        );
    }
}
