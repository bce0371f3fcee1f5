use std::io;

use thiserror::Error;

/// Why the lab, or a part of it, cannot be had on this machine.
///
/// `Debug` reads like `Display`, because a test that unwraps shows the former.
#[derive(Error)]
#[non_exhaustive]
pub enum LabError {
    /// A program that the lab cannot install by itself is missing.
    #[error("{program} is missing: {purpose}. {remedy}")]
    Missing {
        /// What was looked for.
        program: &'static str,
        /// Why it is needed.
        purpose: &'static str,
        /// How to get it.
        remedy: &'static str,
    },

    /// A program ran and failed.
    #[error("failed to {doing}: `{command}` ended with {status}\n{output}")]
    Failed {
        /// What it was to achieve.
        doing: &'static str,
        /// The command line.
        command: String,
        /// How it ended.
        status: String,
        /// The last lines that it printed.
        output: String,
    },

    /// The operating system refused.
    #[error("failed to {doing}: {cause}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

impl std::fmt::Debug for LabError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, formatter)
    }
}

impl LabError {
    /// Turns an I/O error into one that says what was being done, for `map_err`.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::Io { doing, cause }
    }
}
