use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use rolewrap_core::{PromptError, Secret};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::Signal;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::hidden_typing::HiddenTyping;
use crate::host::wait::Stopping;

/// The terminal of this process, whatever its streams are.
const TERMINAL: &str = "/dev/tty";
/// What is said on the terminal of a job that has a question and is in the background.
const IN_BACKGROUND: &str = "\r\nrolewrap: this job has a question and is in the background; bring it to the front (fg) to answer\r\n";
/// The most bytes that a terminal gives as one line (`MAX_CANON` and Linux's `N_TTY_BUF_SIZE`).
const LONGEST_LINE: usize = 4096;

/// The line that is typed in answer to `question`.
pub(super) async fn ask(question: &str, is_secret: bool, limit: Duration) -> Result<Secret, PromptError> {
    let mut terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(TERMINAL)
        .map_err(|_| PromptError::NotInteractive {
            reason: "there is no terminal".to_owned(),
        })?;
    wait_for_foreground(&terminal)?;
    let mut hidden = is_secret.then(|| HiddenTyping::new(&terminal)).transpose()?;
    terminal.write_all(question.as_bytes())?;
    // A terminal cannot be waited for together with sockets on every system, so a thread does it. It ends when our end
    // of this pair is dropped, with the question.
    let (ours, theirs) = UnixStream::pair()?;
    let (sender, receiver) = oneshot::channel();
    let reading = terminal.try_clone()?;
    thread::Builder::new()
        .name("terminal".to_owned())
        .spawn(move || {
            // Nobody may be waiting any more.
            let _ = sender.send(read_line(&reading, &theirs));
        })?;
    let typed = answered(receiver, limit, &mut hidden, |hidden| {
        ask_again(&terminal, hidden, question)
    })
    .await;
    drop(ours);
    match typed {
        Some(Ok(Some(line))) => {
            if let Some(hidden) = hidden {
                hidden.answered();
            }
            Ok(line)
        }
        Some(Err(error)) => Err(error.into()),
        Some(Ok(None)) => Err(PromptError::Ended),
        None => {
            // What is printed next begins on a line of its own.
            let _ = terminal.write_all(b"\n");
            Err(PromptError::TimedOut { limit })
        }
    }
}

/// Waits for what is typed; `None` where nobody answered in time. Where this process was stopped while typing is `hidden`,
/// the question is put again when it goes on, with as much time as before.
async fn answered(
    mut receiver: oneshot::Receiver<io::Result<Option<Secret>>>,
    limit: Duration,
    hidden: &mut Option<HiddenTyping>,
    ask_again: impl Fn(&HiddenTyping) -> io::Result<()>,
) -> Option<io::Result<Option<Secret>>> {
    loop {
        let typed = tokio::time::timeout(limit, &mut receiver);
        let typed = match hidden {
            None => typed.await,
            Some(hidden) => tokio::select! {
                typed = typed => typed,
                () = hidden.continued() => match ask_again(hidden) {
                    Ok(()) => continue,
                    Err(error) => return Some(Err(error)),
                },
            },
        };
        return typed.ok().map(|typed| typed.unwrap_or(Ok(None)));
    }
}

/// Hides again what is typed, and puts the question again, as soon as this job is in the foreground.
fn ask_again(mut terminal: &File, hidden: &HiddenTyping, question: &str) -> io::Result<()> {
    wait_for_foreground(terminal)?;
    hidden.hide()?;
    Stopping::is_noticed();
    terminal.write_all(question.as_bytes())
}

/// Stops a job in the background as the terminal would stop it as soon as it reads, and says before what for. Goes on where
/// it is in the foreground, or where nobody stops and continues jobs.
fn wait_for_foreground(mut terminal: &File) -> io::Result<()> {
    let foreground = rustix::termios::tcgetpgrp(terminal);
    if foreground.is_ok_and(|foreground| foreground != rustix::process::getpgrp()) {
        terminal.write_all(IN_BACKGROUND.as_bytes())?;
        rustix::process::kill_current_process_group(Signal::TTIN)?;
    }
    Ok(())
}

/// The session of processes whose terminal this is; `None` where there is no terminal.
pub(super) fn session() -> Option<u32> {
    File::open(TERMINAL).ok()?;
    let session = rustix::process::getsid(None).ok()?;
    session.as_raw_nonzero().get().try_into().ok()
}

/// The next line without its end; `None` where the input ended, or the question was taken back.
fn read_line(mut terminal: &File, taken_back: &UnixStream) -> io::Result<Option<Secret>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_LINE));
    let mut piece = Zeroizing::new([0; LONGEST_LINE]);
    while !matches!(line.last(), Some(b'\n' | b'\r')) {
        let mut ready = [
            PollFd::new(terminal, PollFlags::IN),
            PollFd::new(taken_back, PollFlags::IN),
        ];
        match poll(&mut ready, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        if !ready[1].revents().is_empty() {
            return Ok(None);
        }
        let count = terminal.read(piece.as_mut_slice())?;
        if count == 0 {
            return Ok(None);
        }
        if line.len() + count > LONGEST_LINE {
            return Err(io::Error::other("the line is too long"));
        }
        line.extend_from_slice(&piece[..count]);
    }
    let text =
        std::str::from_utf8(&line).map_err(|_| io::Error::other("what was typed is not UTF-8 text"))?;
    Ok(Some(Secret::new(text.trim_end_matches(['\r', '\n']))))
}
