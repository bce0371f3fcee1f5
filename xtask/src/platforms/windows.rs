use std::path::{Path, PathBuf};
use std::process::Command;

use super::{CRATES, compiler, files, folder};
use crate::Failure;
use crate::cargo::expect_success;

const TARGET: &str = "x86_64-pc-windows-gnu";
pub(crate) const COMPILER: &str = "x86_64-w64-mingw32-gcc-posix";

/// Builds the program, and returns its path.
pub(super) fn build() -> Result<PathBuf, Failure> {
    let mut build = compiler::cargo_for(TARGET, "build")?;
    build
        .args(CRATES)
        .arg("--all-features")
        .env("CC_x86_64_pc_windows_gnu", COMPILER)
        .env("AR_x86_64_pc_windows_gnu", "x86_64-w64-mingw32-ar")
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", COMPILER);
    expect_success(&mut build)?;
    Ok(folder()
        .join("build")
        .join(TARGET)
        .join("debug")
        .join("rolewrap.exe"))
}

/// Compiles the library that Wine lacks, into `library`.
pub(super) fn build_missing_library(library: &Path) -> Result<(), Failure> {
    let mut compile = Command::new(COMPILER);
    compile.args(["-shared", "-o"]).arg(library);
    compile.arg(files().join("bcryptprimitives.c")).arg("-ladvapi32");
    expect_success(&mut compile)
}
