use std::fmt;

use async_trait::async_trait;

use crate::{PromptError, Question, Secret};

/// A person who can be asked, for a source that has to: for a password, or for the code of an MFA device. The crate
/// knows no terminal, so the program brings one.
///
/// # Contract
/// - **Bounded.** A question ends within [`Question::timeout`].
/// - **Cancellable.** Dropping the future takes the question back: what was typed goes nowhere, and a terminal is left
///   as it was.
/// - **Not shown.** The answer to a secret question is not seen while it is typed, and no answer is kept or logged.
/// - **Safe.** [`Question::text`] may hold what came from outside; whoever shows it makes it safe to show.
/// - **Honest.** Where nobody can be asked, [`PromptError::NotInteractive`] says so at once.
#[async_trait]
pub trait Prompt: fmt::Debug + Send + Sync {
    /// Asks, and gives the line that was typed, without its end. Also a visible answer is a [`Secret`], because people
    /// paste the wrong thing.
    ///
    /// # Errors
    /// See [`PromptError`]. No variant holds what was typed.
    async fn ask(&self, question: &Question) -> Result<Secret, PromptError>;
}
