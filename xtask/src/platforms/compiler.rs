use std::path::Path;
use std::process::Command;

use rolewrap_lab::LabError;

use super::folder;
use crate::Failure;
use crate::cargo::cargo;
use crate::packages;

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std";

/// A cargo that compiles for `target`, with warnings as errors: the project's own where rustup has brought the target's standard
/// library, and else Debian's, which has the source of its standard library and compiles that too.
pub(super) fn cargo_for(target: &str, command: &str) -> Result<Command, Failure> {
    let mut compile = cargo();
    if !has_standard_library(target) {
        packages::installed_to_compile()?;
        let folder = compile.get_current_dir().map(Path::to_owned);
        compile = Command::new(DEBIAN_CARGO);
        compile.current_dir(folder.unwrap_or_default());
        compile
            .env("RUSTC", DEBIAN_RUSTC)
            .arg("-Zbuild-std=std,panic_unwind");
        // The libraries of the compiler that this was started with.
        compile.env_remove("LD_LIBRARY_PATH");
    }
    // As a flag of the compiler it would have everything compiled anew. The option is only for unstable compilers so far.
    compile
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_BUILD_WARNINGS", "deny");
    // Nobody debugs what comes out.
    compile.env("CARGO_PROFILE_DEV_DEBUG", "0");
    compile.args(["-Zwarnings", command, "--locked", "--target", target]);
    compile.arg("--target-dir").arg(folder().join("build"));
    Ok(compile)
}

fn has_standard_library(target: &str) -> bool {
    let asked = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"))
        .args(["--print", "target-libdir", "--target", target])
        .output();
    asked.is_ok_and(|answer| {
        let folder = String::from_utf8_lossy(&answer.stdout);
        answer.status.success() && Path::new(folder.trim()).is_dir()
    })
}

/// Whether Debian's compiler is there, with the source of its standard library.
pub(crate) fn debian_installed() -> Result<(), LabError> {
    if [DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_SOURCE]
        .iter()
        .all(|path| Path::new(path).exists())
    {
        return Ok(());
    }
    Err(LabError::Missing {
        program: "a standard library of Rust for macOS and Windows",
        purpose: "the code has to compile for both",
        remedy: "With rustup: rustup target add aarch64-apple-darwin x86_64-pc-windows-gnu. On Debian: apt install rustc-web \
                 cargo-web rust-web-src",
    })
}
