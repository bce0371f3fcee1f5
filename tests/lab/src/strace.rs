use std::path::PathBuf;

use crate::LabError;

/// The program that shows what another one asks of the system, on this machine's `PATH`.
///
/// # Errors
/// When there is none.
pub fn strace() -> Result<PathBuf, LabError> {
    which::which("strace").map_err(|_| LabError::Missing {
        program: "strace",
        purpose: "the tests look with it for secrets in what rolewrap asks of the system",
        remedy: "On Debian and Ubuntu: apt install strace",
    })
}
