use std::io::{ErrorKind, Read};
use std::process::{Child, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::{Invocation, Outcome, PATIENCE};

/// A command that runs, and what it has said so far.
#[derive(Debug)]
pub struct Running {
    line: String,
    child: Child,
    stdout: JoinHandle<Vec<u8>>,
    said: Receiver<Vec<u8>>,
    stderr: Vec<u8>,
}

impl Running {
    /// Starts `invocation` with nothing on its standard input.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn start(invocation: Invocation) -> Self {
        let line = invocation.line();
        let mut child = invocation
            .with_default_signals()
            .into_command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("`{line}` cannot be started: {error}"));
        let (mut stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (sender, said) = channel();
        thread::spawn(move || pieces(stderr, |piece| sender.send(piece).is_ok()));
        let stdout = thread::spawn(move || {
            let mut whole = Vec::new();
            pieces(stdout.take(), |piece| {
                whole.extend(piece);
                true
            });
            whole
        });
        Self {
            line,
            child,
            stdout,
            said,
            stderr: Vec::new(),
        }
    }

    /// The process id of the command.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `text` is on standard error.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn says(&mut self, text: &str) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        while !String::from_utf8_lossy(&self.stderr).contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.said.recv_timeout(left) {
                Ok(piece) => self.stderr.extend(piece),
                Err(error) => panic!(
                    "`{}` should say {text:?}: {error}\n{}",
                    self.line,
                    String::from_utf8_lossy(&self.stderr)
                ),
            }
        }
        self
    }

    /// Waits for the end, and until nobody is left who could say anything.
    ///
    /// # Panics
    /// When it cannot be waited for.
    #[track_caller]
    pub fn ends(mut self) -> Outcome {
        let status = self.child.wait().expect("a child can be waited for");
        self.stderr.extend(self.said.iter().flatten());
        let output = Output {
            status,
            stdout: self.stdout.join().expect("reading a pipe does not panic"),
            stderr: self.stderr,
        };
        Outcome::new(self.line, &output)
    }
}

/// Gives what comes out of a pipe to `take`, as it comes, until its end or until nobody wants more.
fn pieces(pipe: Option<impl Read>, mut take: impl FnMut(Vec<u8>) -> bool) {
    let Some(mut pipe) = pipe else { return };
    let mut piece = [0; 4096];
    loop {
        match pipe.read(&mut piece) {
            Ok(count) if count > 0 && take(piece[..count].to_vec()) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            _ => return,
        }
    }
}
