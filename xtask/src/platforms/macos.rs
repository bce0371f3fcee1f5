use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use rolewrap_lab::Venv;

use super::{CRATES, compiler, files, folder};
use crate::Failure;
use crate::cargo::expect_success;

const TARGET: &str = "aarch64-apple-darwin";

/// Checks that it compiles. It cannot be linked without Apple's libraries.
pub(super) fn check() -> Result<(), Failure> {
    let zig = Venv::zig()?;
    let sdk = folder().join("no-sdk");
    fs::create_dir_all(&sdk)?;
    let mut check = compiler::cargo_for(TARGET, "check")?;
    check
        .args(CRATES)
        .arg("--all-features")
        .env("CC_aarch64_apple_darwin", files().join("zig-cc"))
        .env("AR_aarch64_apple_darwin", files().join("zig-ar"))
        .env("ZIG_PYTHON", zig.python())
        .env("ZIG_GLOBAL_CACHE_DIR", folder().join("zig-cache"))
        .env("ZIG_LOCAL_CACHE_DIR", folder().join("zig-cache"))
        // For `xcrun`.
        .env("PATH", path_with(files()))
        .env("SDKROOT", sdk);
    expect_success(&mut check)
}

/// The `PATH`, with `folder` in front.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the environment of this command itself"
)]
fn path_with(folder: PathBuf) -> OsString {
    let mut path = OsString::from(folder);
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    path
}
