//! Questions to a person. Like `output`, this touches the real terminal and the real streams, and nothing else asks.

#[cfg(unix)]
mod hidden_typing;
mod person;
#[cfg_attr(unix, path = "typed_line_unix.rs")]
#[cfg_attr(not(unix), path = "typed_line_other.rs")]
mod typed_line;

use std::io::{self, BufRead, IsTerminal};

use rolewrap_core::{Prompt, PromptError, Question, Secret};

use crate::error::Error;

pub(crate) use person::Person;

/// Whether standard input and standard error are a person's. What comes from a pipe is not asked for.
pub(crate) fn is_interactive() -> bool {
    types() && io::stderr().is_terminal()
}

/// Whether what is read from standard input is typed.
fn types() -> bool {
    io::stdin().is_terminal()
}

/// Asks for a line that may be seen.
pub(crate) async fn ask(prompt: &dyn Prompt, question: &str) -> Result<String, Error> {
    let answer = prompt.ask(&Question::visible(question)).await;
    Ok(answer
        .map_err(|error| unanswered(question, &error))?
        .expose()
        .to_owned())
}

/// Asks for a line that is not shown while it is typed.
pub(crate) async fn ask_secret(prompt: &dyn Prompt, question: &str) -> Result<Secret, Error> {
    let answer = prompt.ask(&Question::secret(question)).await;
    answer.map_err(|error| unanswered(question, &error))
}

/// Asks for a yes. Everything else is a no.
pub(crate) async fn confirm(prompt: &dyn Prompt, question: &str) -> Result<bool, Error> {
    let answer = ask(prompt, &format!("{question} [y/N] ")).await?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn unanswered(question: &str, error: &PromptError) -> Error {
    let question = question.trim_end_matches([' ', ':']);
    Error::new("a question has no answer")
        .cause(error)
        .with("question", question)
        .hint("run it again and answer on the terminal; --help says what answers instead")
}

/// The two lines of standard input, for programs: the access key id and the secret access key.
pub(crate) fn two_lines() -> Result<(String, Secret), Error> {
    if types() {
        return Err(Error::new("there is nobody to ask for the key")
            .cause("standard input is a terminal, and standard error is none or nothing may be asked")
            .hint("leave standard error on the terminal and ROLEWRAP_NON_INTERACTIVE unset, or give the two lines on standard input"));
    }
    let mut input = io::stdin().lock();
    let id = next_line(&mut input)?;
    let secret = next_line(&mut input)?;
    Ok((id.expose().to_owned(), secret))
}

/// The next line without its end. It is a secret, because whoever pipes may pipe the wrong thing first.
fn next_line(input: &mut impl BufRead) -> Result<Secret, Error> {
    // More than a key has, and a line that is put into a buffer of this size is never copied on the way.
    let mut line = String::with_capacity(4096);
    match input.read_line(&mut line) {
        Ok(0) => Err(Error::new("standard input ended too early")
            .hint("give two lines: the access key id, then the secret access key")),
        Ok(_) => {
            let line = Secret::new(line);
            Ok(Secret::new(line.expose().trim_end_matches(['\r', '\n'])))
        }
        Err(error) => Err(Error::new("cannot read from standard input").cause(error)),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use rolewrap_core::NobodyToAsk;

    use super::*;

    #[tokio::test]
    async fn a_question_without_an_answer_is_repeated() {
        let error = ask_secret(&NobodyToAsk, "Secret access key: ").await.unwrap_err();
        assert_snapshot!(error, @"
        error: a question has no answer
        hint: run it again and answer on the terminal; --help says what answers instead
          cause: nobody can be asked, since this program runs without a terminal
          question: Secret access key
        ");
    }
}
