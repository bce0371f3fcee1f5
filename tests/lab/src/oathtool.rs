use std::path::PathBuf;

use crate::LabError;

/// The program that shows the codes of MFA devices, on this machine's `PATH`.
///
/// # Errors
/// When there is none.
pub fn oathtool() -> Result<PathBuf, LabError> {
    which::which("oathtool").map_err(|_| LabError::Missing {
        program: "oathtool",
        purpose: "the tests have it show the code of an MFA device",
        remedy: "On Debian and Ubuntu: apt install oathtool",
    })
}
