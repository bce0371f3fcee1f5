use async_trait::async_trait;

use crate::{Prompt, PromptError, Question, Secret};

/// The [`Prompt`] of a program that asks nobody: a service, or a process that has left its terminal.
#[derive(Debug, Clone, Copy)]
pub struct NobodyToAsk;

#[async_trait]
impl Prompt for NobodyToAsk {
    async fn ask(&self, _question: &Question) -> Result<Secret, PromptError> {
        Err(PromptError::NotInteractive {
            reason: "this program runs without a terminal".to_owned(),
        })
    }
}
