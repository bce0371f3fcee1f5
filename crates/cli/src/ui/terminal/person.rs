use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use rolewrap_core::{Environment, Prompt, PromptError, Question, Secret, visible};

use super::typed_line;
use crate::error::Error;
use crate::host::truth;

/// Whoever sits at the terminal, unless the user said that nobody is to be asked.
///
/// Questions go to the terminal itself and not to standard error, and answers come from there: the two streams may be
/// the command's.
#[derive(Debug)]
pub(crate) struct Person {
    /// Why nobody is to be asked.
    silenced_by: Option<&'static str>,
    /// Whether a question was put.
    was_asked: AtomicBool,
}

impl Person {
    /// The person, whom `--non-interactive` or else the variable `ROLEWRAP_NON_INTERACTIVE` (true) leaves alone.
    pub(crate) fn new(non_interactive: bool, environment: &dyn Environment) -> Result<Self, Error> {
        let silenced_by = if non_interactive {
            Some("--non-interactive was given")
        } else if truth(environment, "ROLEWRAP_NON_INTERACTIVE")? == Some(true) {
            Some("ROLEWRAP_NON_INTERACTIVE is set")
        } else {
            None
        };
        Ok(Self {
            silenced_by,
            was_asked: AtomicBool::new(false),
        })
    }

    /// Whether a question was put, so that what came of it is this person's.
    pub(crate) fn was_asked(&self) -> bool {
        self.was_asked.load(Ordering::Relaxed)
    }

    /// The session of the terminal that questions go to, by its number; `None` where nobody can be asked.
    pub(crate) fn terminal(&self) -> Option<u32> {
        self.silenced_by.is_none().then(typed_line::session)?
    }

    /// Whether a question may be put.
    pub(crate) fn may_be_asked(&self) -> bool {
        self.silenced_by.is_none()
    }
}

#[async_trait]
impl Prompt for Person {
    async fn ask(&self, question: &Question) -> Result<Secret, PromptError> {
        if let Some(reason) = self.silenced_by {
            return Err(PromptError::NotInteractive {
                reason: reason.to_owned(),
            });
        }
        let text = visible(question.text());
        let answer = typed_line::ask(&text, question.is_secret(), question.timeout()).await;
        if !matches!(answer, Err(PromptError::NotInteractive { .. })) {
            self.was_asked.store(true, Ordering::Relaxed);
        }
        answer
    }
}
