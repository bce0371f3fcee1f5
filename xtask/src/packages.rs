use std::os::unix::fs::MetadataExt;
use std::process::Command;

use rolewrap_lab::{LabError, SecretService, Shell, oathtool, strace};

use crate::cargo::expect_success;
use crate::platforms::{self, C_COMPILER};
use crate::{Failure, announce};

/// What brings a keyring of the tests' own.
const KEYRING: [&str; 3] = ["dbus", "gnome-keyring", "libsecret-tools"];

/// The shells that run what rolewrap prints for them.
const SHELLS: [&str; 4] = ["bash", "dash", "zsh", "fish"];

/// What shows the codes of MFA devices.
const OATHTOOL: [&str; 1] = ["oathtool"];

/// What shows what a program asks of the system.
const STRACE: [&str; 1] = ["strace"];

/// What compiles C for Windows, and assembly.
const FOR_WINDOWS: [&str; 2] = ["gcc-mingw-w64-x86-64-posix", "nasm"];

/// What runs programs of Windows.
const WINE: [&str; 1] = ["wine64"];

/// A compiler with the source of its standard library, for targets that Debian has no compiled one for.
const COMPILER: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// Sees to it that the programs of the keyring, the shells, oathtool and strace are installed: by installing them where that is
/// allowed, as in a container of a CI system, and by saying what is missing elsewhere.
pub(crate) fn installed() -> Result<(), Failure> {
    install(&KEYRING, SecretService::installed)?;
    install(&SHELLS, Shell::installed)?;
    install(&OATHTOOL, || oathtool().map(|_| ()))?;
    install(&STRACE, || strace().map(|_| ()))
}

/// The same for what `cargo xtask platforms` needs in any case.
pub(crate) fn installed_for_platforms() -> Result<(), Failure> {
    install(&FOR_WINDOWS, c_compiler)?;
    install(&WINE, platforms::wine_installed)
}

/// The same for what it needs where rustup has not brought the standard libraries.
pub(crate) fn installed_to_compile() -> Result<(), Failure> {
    install(&COMPILER, platforms::debian_compiler_installed)
}

fn c_compiler() -> Result<(), LabError> {
    if [C_COMPILER, "nasm"]
        .iter()
        .all(|program| which::which(program).is_ok())
    {
        return Ok(());
    }
    Err(LabError::Missing {
        program: "a C compiler or an assembler for Windows",
        purpose: "the cryptography in AWS-LC is compiled with them",
        remedy: "On Debian and Ubuntu: apt install gcc-mingw-w64-x86-64-posix nasm",
    })
}

fn install(packages: &[&str], installed: fn() -> Result<(), LabError>) -> Result<(), Failure> {
    let Err(missing) = installed() else {
        return Ok(());
    };
    if !is_root() || which::which("apt-get").is_err() {
        return Err(missing.into());
    }
    announce(&format!("installing {} …", packages.join(", ")));
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command.arg("--quiet=2").env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    expect_success(apt_get().arg("update"))?;
    expect_success(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )?;
    Ok(installed()?)
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tests_need_is_installed_where_nobody_is_root() {
        let workflow = include_str!("../../.github/workflows/ci.yml");
        let installed: Vec<&str> = workflow.split_whitespace().collect();
        let packages = [&KEYRING[..], &SHELLS, &OATHTOOL, &STRACE, &FOR_WINDOWS, &WINE];
        for package in packages.into_iter().flatten() {
            assert!(installed.contains(package), "the workflow installs {package}");
        }
    }
}
