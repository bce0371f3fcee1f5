use std::path::PathBuf;

use crate::LabError;

/// The Node.js on this machine's `PATH`.
///
/// # Errors
/// When there is none.
pub fn node() -> Result<PathBuf, LabError> {
    which::which("node").map_err(|_| LabError::Missing {
        program: "node",
        purpose: "the tests let a reader of env files read what rolewrap prints",
        remedy: "Install Node.js 20.6 or newer and put it on the PATH",
    })
}
