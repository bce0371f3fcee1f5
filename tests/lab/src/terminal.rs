use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Instant;

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::{Invocation, Outcome, PATIENCE};

/// A command on a terminal of its own, with somebody who reads and types there. What is typed is echoed as by every
/// terminal, unless the command tells it not to.
#[derive(Debug)]
pub struct Terminal {
    line: String,
    keyboard: File,
    child: Child,
    shown: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    text: String,
    /// How much of the text has been waited for.
    read: usize,
}

impl Terminal {
    /// Starts `invocation` as the first program of a new session on a new terminal.
    ///
    /// # Panics
    /// When the system refuses.
    #[track_caller]
    pub fn start(invocation: Invocation) -> Self {
        let line = invocation.line();
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
        grantpt(&master).expect("a terminal can be granted");
        unlockpt(&master).expect("a terminal can be unlocked");
        let screen = || {
            let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
            Stdio::from(ioctl_tiocgptpeer(&master, flags).expect("a terminal has two ends"))
        };
        // Of util-linux: to make a terminal the controlling one takes a system call between fork and exec.
        let child = invocation
            .with_default_signals()
            .wrapped("setsid", &["--ctty", "--wait"])
            .into_command()
            .stdin(screen())
            .stdout(screen())
            .stderr(screen())
            .spawn()
            .unwrap_or_else(|error| panic!("`{line}` cannot be started: {error}"));
        let keyboard = File::from(master);
        let mut reading = keyboard.try_clone().expect("a terminal can be read");
        let (sender, shown) = channel();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            loop {
                match reading.read(&mut piece) {
                    Ok(count) if count > 0 && sender.send(piece[..count].to_vec()).is_ok() => {}
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // The last program has closed the terminal.
                    _ => return,
                }
            }
        });
        Self {
            line,
            keyboard,
            child,
            shown,
            bytes: Vec::new(),
            text: String::new(),
            read: 0,
        }
    }

    /// Waits until `text` is shown, after what was waited for before.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        while !self.text[self.read..].contains(text) {
            match self
                .shown
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(piece) => self.add(&piece),
                Err(error) => panic!("`{}` should show {text:?}: {error}\n{}", self.line, self.text),
            }
        }
        let found = self.text[self.read..].find(text).unwrap_or_default();
        self.read += found + text.len();
        self
    }

    /// A piece may end in the middle of a character.
    fn add(&mut self, piece: &[u8]) {
        self.bytes.extend(piece);
        self.text = String::from_utf8_lossy(&self.bytes).into_owned();
    }

    /// Types `text`. A line's end is `\n`, and Ctrl-C is `\x03`.
    ///
    /// # Panics
    /// When the terminal is closed.
    #[track_caller]
    pub fn types(&mut self, text: &str) -> &mut Self {
        self.keyboard
            .write_all(text.as_bytes())
            .expect("the terminal takes what is typed");
        self
    }

    /// Makes the window so large, of which what runs in the foreground is told by SIGWINCH.
    ///
    /// # Panics
    /// When the terminal refuses.
    #[track_caller]
    pub fn resizes(&mut self, rows: u16, columns: u16) -> &mut Self {
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&self.keyboard, size).expect("a terminal has a size");
        self
    }

    /// Whether the terminal shows what is typed.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.keyboard)
            .expect("a terminal has modes")
            .local_modes;
        modes.contains(LocalModes::ECHO)
    }

    /// The process id of what runs here.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the end. Everything that was shown is the standard output.
    ///
    /// # Panics
    /// When it cannot be waited for.
    #[track_caller]
    pub fn ends(mut self) -> Outcome {
        let status = self.child.wait().expect("a child can be waited for");
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self
                .shown
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(piece) => self.add(&piece),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("`{}` left the terminal open\n{}", self.line, self.text)
                }
            }
        }
        Outcome::shown(self.line, status, self.text)
    }
}
