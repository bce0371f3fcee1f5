use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rolewrap_core::Environment;
#[cfg(unix)]
use serde::{Deserialize, Serialize};

/// How Git is asked about the repository around a directory; `None` where there is none, or no Git.
pub(crate) type AskGit = fn(&Path, &dyn Environment, &[&str]) -> Option<String>;

/// Git, which is asked each question once: what is planned twice in one run comes out the same.
pub(crate) struct Git {
    ask: AskGit,
    answers: Mutex<BTreeMap<Question, Option<String>>>,
}

type Question = (PathBuf, Vec<String>);

/// One answer, for another process that is to get the same.
#[cfg(unix)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GitAnswer {
    directory: PathBuf,
    arguments: Vec<String>,
    answer: Option<String>,
}

impl Git {
    /// Git as `ask` asks it.
    pub(crate) fn new(ask: AskGit) -> Self {
        Self {
            ask,
            answers: Mutex::default(),
        }
    }

    /// What was answered elsewhere, and nothing to everything else.
    #[cfg(unix)]
    pub(crate) fn answered(answers: Vec<GitAnswer>) -> Self {
        let answers = answers
            .into_iter()
            .map(|given| ((given.directory, given.arguments), given.answer));
        Self {
            ask: |_, _, _| None,
            answers: Mutex::new(answers.collect()),
        }
    }

    /// What it answers to `arguments` in `directory`.
    pub(crate) fn ask(
        &self,
        directory: &Path,
        environment: &dyn Environment,
        arguments: &[&str],
    ) -> Option<String> {
        let question = (
            directory.to_owned(),
            arguments.iter().map(ToString::to_string).collect(),
        );
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers
            .entry(question)
            .or_insert_with(|| (self.ask)(directory, environment, arguments))
            .clone()
    }

    /// All that it has answered so far.
    #[cfg(unix)]
    pub(crate) fn answers(&self) -> Vec<GitAnswer> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers
            .iter()
            .map(|((directory, arguments), answer)| GitAnswer {
                directory: directory.clone(),
                arguments: arguments.clone(),
                answer: answer.clone(),
            })
            .collect()
    }
}

impl fmt::Debug for Git {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Git").finish_non_exhaustive()
    }
}
