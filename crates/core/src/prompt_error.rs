use std::io;
use std::time::Duration;

use thiserror::Error;

/// Why a question has no answer. The messages are sentences without an end, to read on after a colon.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PromptError {
    /// There is nobody to ask, or nobody may be asked. The user runs it on a terminal, or says where the answer is
    /// otherwise.
    #[error("nobody can be asked, since {reason}")]
    NotInteractive {
        /// Why: there is no terminal, or the user said so.
        reason: String,
    },

    /// No answer came. The user is quicker, or says where the answer is otherwise.
    #[error("nobody answered within {} s", .limit.as_secs())]
    TimedOut {
        /// How long it was waited for.
        limit: Duration,
    },

    /// The input ended without an answer.
    #[error("the input ended without an answer")]
    Ended,

    /// The terminal failed.
    #[error("the terminal cannot be asked: {0}")]
    Failed(#[from] io::Error),
}
