use std::io::{self, BufRead, BufReader, Write};
use std::thread;
use std::time::Duration;

use rolewrap_core::{PromptError, Secret};
use tokio::sync::oneshot;

/// The line that is typed in answer to `question`. A console cannot be waited for, so a thread that nobody needs any
/// more stays behind, and ends with the process.
pub(super) async fn ask(question: &str, is_secret: bool, limit: Duration) -> Result<Secret, PromptError> {
    let (sender, receiver) = oneshot::channel();
    let question = question.to_owned();
    thread::Builder::new()
        .name("terminal".to_owned())
        .spawn(move || {
            let typed = if is_secret {
                rpassword::prompt_password(question).map(Secret::new)
            } else {
                read_line(&question)
            };
            let _ = sender.send(typed);
        })?;
    match tokio::time::timeout(limit, receiver).await {
        Ok(Ok(Ok(line))) => Ok(line),
        Ok(Ok(Err(error))) if error.kind() == io::ErrorKind::UnexpectedEof => Err(PromptError::Ended),
        Ok(Ok(Err(error))) if error.kind() == io::ErrorKind::NotFound => Err(PromptError::NotInteractive {
            reason: "there is no terminal".to_owned(),
        }),
        Ok(Ok(Err(error))) => Err(error.into()),
        Ok(Err(_)) => Err(PromptError::Ended),
        Err(_) => Err(PromptError::TimedOut { limit }),
    }
}

/// Nothing is shared here that it would matter for.
pub(super) fn session() -> Option<u32> {
    None
}

/// The console of this process, whatever its streams are.
fn read_line(question: &str) -> io::Result<Secret> {
    let mut output = std::fs::OpenOptions::new().write(true).open("CONOUT$")?;
    output.write_all(question.as_bytes())?;
    let mut line = String::with_capacity(4096);
    let console = std::fs::File::open("CONIN$")?;
    if BufReader::new(console).read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let line = Secret::new(line);
    Ok(Secret::new(line.expose().trim_end_matches(['\r', '\n'])))
}
