//! The two streams. Nothing else in the crate writes to them.

use std::io::{self, IsTerminal, Write};

use crate::error::Error;

/// Writes `text` to standard output. A reader that has gone away, as in `rolewrap config show | head`, is no
/// error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    match print_to_a_reader(text) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// As [`print()`], and a reader that has gone away is an error: for what somebody has to have read.
pub(crate) fn print_to_a_reader(text: &str) -> io::Result<()> {
    let mut stream = io::stdout().lock();
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// Whether standard output is a terminal, where a person sees it.
pub(crate) fn is_shown() -> bool {
    io::stdout().is_terminal()
}

/// Writes `text` to standard error. Where that fails there is nobody left to tell.
pub(crate) fn error_text(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes one line to standard error.
pub(crate) fn error_line(line: &str) {
    error_text(&format!("{line}\n"));
}

/// Writes the whole output of one of rolewrap's own commands.
pub(crate) fn print_all(text: &str) -> Result<(), Error> {
    print(text).map_err(|error| not_printed(&error))
}

/// What to say where the output is not complete.
pub(crate) fn not_printed(error: &io::Error) -> Error {
    Error::new("cannot write to standard output, so what was printed is not complete")
        .cause(error)
        .hint("see where it leads: a disk may be full, or a pipe closed; then run it again")
}
