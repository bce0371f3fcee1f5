//! Whether it compiles for macOS and Windows, on Linux: the former is checked, and the latter built and tried out.

mod compiler;
mod macos;
mod windows;
mod wine;

pub(crate) use compiler::debian_installed as debian_compiler_installed;
pub(crate) use windows::COMPILER as C_COMPILER;
pub(crate) use wine::installed as wine_installed;

use std::path::PathBuf;

use rolewrap_lab::workspace;

use crate::{Failure, announce, packages};

/// The project's own crates.
const CRATES: [&str; 6] = [
    "--package",
    "rolewrap-core",
    "--package",
    "rolewrap-role",
    "--package",
    "rolewrap",
];

pub(crate) fn run() -> Result<(), Failure> {
    packages::installed_for_platforms()?;
    announce("checking for macOS; the first time takes some minutes …");
    macos::check()?;
    announce("building for Windows; the first time takes some minutes …");
    let program = windows::build()?;
    announce("trying it out in Wine");
    wine::try_out(&program)
}

/// Where everything is that this makes.
fn folder() -> PathBuf {
    workspace().join("target").join("platforms")
}

/// The files of this command that are no Rust.
fn files() -> PathBuf {
    workspace().join("xtask").join("platforms")
}
