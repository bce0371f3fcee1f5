use std::path::PathBuf;

use crate::LabError;

/// The Terraform on this machine's `PATH`.
///
/// # Errors
/// When there is none.
pub fn terraform() -> Result<PathBuf, LabError> {
    which::which("terraform").map_err(|_| LabError::Missing {
        program: "terraform",
        purpose: "the tests and the demo run a real Terraform",
        remedy: "Install 1.10 or newer from https://developer.hashicorp.com/terraform/install and put it on the PATH",
    })
}
