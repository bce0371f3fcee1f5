use std::fs::File;
use std::io;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// A terminal that does not show what is typed. Dropping this sets it back, also where a question was given up.
pub(super) struct HiddenTyping {
    terminal: File,
    before: Termios,
    answered: bool,
}

impl HiddenTyping {
    pub(super) fn new(terminal: &File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        // The end of the line is shown, so that what is printed next begins on a line of its own.
        hidden.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON);
        let typing = Self {
            terminal: terminal.try_clone()?,
            before,
            answered: false,
        };
        // What was typed ahead stays, as with every other program.
        tcsetattr(terminal, OptionalActions::Now, &hidden)?;
        Ok(typing)
    }

    /// The answer has been read, and nothing of it is left in the terminal.
    pub(super) fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for HiddenTyping {
    fn drop(&mut self) {
        // Half a password must not become the next program's input.
        let action = if self.answered {
            OptionalActions::Now
        } else {
            OptionalActions::Flush
        };
        // A terminal that is gone needs nothing.
        let _ = tcsetattr(&self.terminal, action, &self.before);
    }
}
