use std::process::Stdio;

use rolewrap_lab::{NodePackages, Venv, terraform};

use crate::cargo::{cargo, expect_success};
use crate::{Failure, announce, packages};

/// Sets up what the tests need and runs all of them. The runner's summary comes last.
pub(crate) fn run() -> Result<(), Failure> {
    let terraform = terraform()?;
    packages::installed()?;
    announce("setting up the lab in target/lab; the first time takes a minute …");
    Venv::ready()?;
    NodePackages::ready()?;
    announce(&format!("testing with {}", terraform.display()));

    expect_success(cargo().args(["test", "--workspace", "--doc", "--quiet"]))?;
    let with_nextest = cargo()
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if with_nextest {
        expect_success(cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]))
    } else {
        expect_success(cargo().args(["test", "--workspace", "--all-targets", "--no-fail-fast"]))
    }
}
