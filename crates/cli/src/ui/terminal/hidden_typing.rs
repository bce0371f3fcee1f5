use std::fs::File;
use std::io;

use crate::host::wait::{Change, Stopping};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// A terminal that does not show what is typed. Dropping this sets it back, also where a question was given up.
pub(super) struct HiddenTyping {
    terminal: File,
    before: Termios,
    hidden: Termios,
    stopping: Stopping,
    answered: bool,
}

impl HiddenTyping {
    pub(super) fn new(terminal: &File) -> io::Result<Self> {
        // First: from now on this process stops after the terminal has been set back.
        let stopping = Stopping::while_asking();
        let before = tcgetattr(terminal)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        // The end of the line is shown, so that what is printed next begins on a line of its own.
        hidden.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON);
        let typing = Self {
            terminal: terminal.try_clone()?,
            before,
            hidden,
            stopping,
            answered: false,
        };
        typing.hide()?;
        Ok(typing)
    }

    /// Waits until this process goes on after a stop. Who stops it has had the terminal back as it was.
    pub(super) async fn continued(&mut self) {
        if self.stopping.changed().await == Change::Stop {
            self.show();
            Stopping::stop();
        }
    }

    /// Hides what is typed, also where somebody else has shown it meanwhile.
    pub(super) fn hide(&self) -> io::Result<()> {
        // What was typed ahead stays, as with every other program.
        Ok(tcsetattr(&self.terminal, OptionalActions::Now, &self.hidden)?)
    }

    /// Sets the terminal back for whoever has it next, and forgets what was typed: half a password must not become the next
    /// program's input.
    pub(super) fn show(&self) {
        // A terminal that is gone needs nothing.
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }

    /// The answer has been read, and nothing of it is left in the terminal.
    pub(super) fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for HiddenTyping {
    fn drop(&mut self) {
        if self.answered {
            let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
        } else {
            self.show();
        }
    }
}
