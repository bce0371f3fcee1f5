use std::path::PathBuf;
use std::process::{Command, Stdio};

use rolewrap_lab::workspace;

use crate::Failure;

/// The cargo that compiled this program, in the workspace, without standard input.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(workspace()).stdin(Stdio::null());
    cargo
}

/// Runs a command to its end, and fails when it does.
pub(crate) fn expect_success(command: &mut Command) -> Result<(), Failure> {
    let status = command
        .status()
        .map_err(|error| format!("{command:?} cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?} ended with {status}").into())
    }
}

/// Builds the rolewrap binary and returns its path.
pub(crate) fn build_rolewrap(profile: &str) -> Result<PathBuf, Failure> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "rolewrap", "--bin", "rolewrap"]);
    build.args(["--profile", profile]);
    // Built there whatever the environment says, because that is where it is looked for.
    build.arg("--target-dir").arg(workspace().join("target"));
    expect_success(&mut build)?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(workspace().join("target").join(folder).join("rolewrap"))
}
