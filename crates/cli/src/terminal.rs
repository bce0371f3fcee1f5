//! Questions to a person. Like `output`, this touches the real streams, and nothing else asks.

use std::io::{self, BufRead, IsTerminal};

use rolewrap_core::Secret;

use crate::error::Error;
use crate::output::error_text;

/// Whether there is a person to ask.
pub(crate) fn is_interactive() -> bool {
    types() && io::stderr().is_terminal()
}

/// Whether what is read from standard input is typed.
fn types() -> bool {
    io::stdin().is_terminal()
}

/// Asks for a line that may be seen.
pub(crate) fn ask(question: &str) -> Result<String, Error> {
    error_text(question);
    next_line(&mut io::stdin().lock()).map(|line| line.expose().to_owned())
}

/// Asks for a line that is not shown while it is typed.
pub(crate) fn ask_secret(question: &str) -> Result<Secret, Error> {
    rpassword::prompt_password(question)
        .map(Secret::new)
        .map_err(|error| Error::new("cannot read from the terminal").cause(error))
}

/// Asks for a yes. Everything else is a no.
pub(crate) fn confirm(question: &str) -> Result<bool, Error> {
    error_text(&format!("{question} [y/N] "));
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Error::new("cannot read from the terminal").cause(error))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// The two lines of standard input, for programs: the access key id and the secret access key.
pub(crate) fn two_lines() -> Result<(String, Secret), Error> {
    if types() {
        return Err(
            Error::new("there is nowhere to ask: standard error is no terminal")
                .hint("leave standard error on the terminal, or give the two lines on standard input"),
        );
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
