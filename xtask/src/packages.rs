use std::os::unix::fs::MetadataExt;
use std::process::Command;

use rolewrap_lab::{LabError, SecretService, Shell, oathtool, strace};

use crate::cargo::expect_success;
use crate::{Failure, announce};

/// What brings a keyring of the tests' own.
const KEYRING: [&str; 3] = ["dbus", "gnome-keyring", "libsecret-tools"];

/// The shells that run what rolewrap prints for them.
const SHELLS: [&str; 4] = ["bash", "dash", "zsh", "fish"];

/// What shows the codes of MFA devices.
const OATHTOOL: [&str; 1] = ["oathtool"];

/// What shows what a program asks of the system.
const STRACE: [&str; 1] = ["strace"];

/// Sees to it that the programs of the keyring, the shells, oathtool and strace are installed: by installing them where that is
/// allowed, as in a container of a CI system, and by saying what is missing elsewhere.
pub(crate) fn installed() -> Result<(), Failure> {
    install(&KEYRING, SecretService::installed)?;
    install(&SHELLS, Shell::installed)?;
    install(&OATHTOOL, || oathtool().map(|_| ()))?;
    install(&STRACE, || strace().map(|_| ()))
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
        for package in KEYRING.iter().chain(&SHELLS).chain(&OATHTOOL).chain(&STRACE) {
            assert!(installed.contains(package), "the workflow installs {package}");
        }
    }
}
