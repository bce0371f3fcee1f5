use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Output};

/// How a command ended and what it printed. Its assertions show all of it when they fail.
#[derive(Debug, Clone)]
pub struct Outcome {
    line: String,
    code: i32,
    stdout: String,
    stderr: String,
}

impl Outcome {
    pub(crate) fn new(line: String, output: &Output) -> Self {
        Self {
            line,
            code: code(output.status),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The outcome on a terminal, which has one stream.
    pub(crate) fn shown(line: String, status: ExitStatus, text: String) -> Self {
        Self {
            line,
            code: code(status),
            stdout: text,
            stderr: String::new(),
        }
    }

    /// The exit code, or 128+N after signal N, as a shell has it.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// Everything on standard output.
    pub fn stdout(&self) -> &str {
        &self.stdout
    }

    /// Everything on standard error.
    pub fn stderr(&self) -> &str {
        &self.stderr
    }

    /// Asserts that it ended with 0.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn succeeds(&self) -> &Self {
        self.ends_with(0)
    }

    /// Asserts that it ended with `code`.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn ends_with(&self, code: i32) -> &Self {
        assert!(self.code == code, "the exit code should be {code}\n{self}");
        self
    }

    /// Asserts that standard output is `text`, but for white space around it.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn prints(&self, text: &str) -> &Self {
        assert!(
            self.stdout.trim() == text.trim(),
            "stdout should be {text:?}\n{self}"
        );
        self
    }

    /// Asserts that `text` occurs on standard output.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn stdout_has(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "stdout should have {text:?}\n{self}");
        self
    }

    /// Asserts that `text` occurs on standard error.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn stderr_has(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "stderr should have {text:?}\n{self}");
        self
    }

    /// Asserts that `text` occurs neither on standard output nor on standard error.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        let shown = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(!shown, "{text:?} should not be printed\n{self}");
        self
    }
}

fn code(status: ExitStatus) -> i32 {
    let signal = || status.signal().map_or(-1, |signal| 128 + signal);
    status.code().unwrap_or_else(signal)
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            code,
            stdout,
            stderr,
        } = self;
        write!(
            formatter,
            "`{line}` ended with {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---"
        )
    }
}
