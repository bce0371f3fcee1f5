use std::os::unix::fs::MetadataExt;
use std::process::Command;

use rolewrap_lab::SecretService;

use crate::cargo::expect_success;
use crate::{Failure, announce};

/// What brings a keyring of the tests' own.
const PACKAGES: [&str; 3] = ["dbus", "gnome-keyring", "libsecret-tools"];

/// Sees to it that the programs of the keyring are installed: by installing them where that is allowed, as in a
/// container of a CI system, and by saying what is missing elsewhere.
pub(crate) fn keyring() -> Result<(), Failure> {
    let Err(missing) = SecretService::installed() else {
        return Ok(());
    };
    if !is_root() || which::which("apt-get").is_err() {
        return Err(missing.into());
    }
    announce(&format!("installing {} …", PACKAGES.join(", ")));
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command.arg("--quiet=2").env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    expect_success(apt_get().arg("update"))?;
    expect_success(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(PACKAGES),
    )?;
    Ok(SecretService::installed()?)
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
