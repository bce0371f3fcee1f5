use std::fs;
use std::path::{Path, PathBuf};

use rolewrap_lab::{LabError, Outcome, Sandbox, StsStub};

use super::{folder, windows};
use crate::Failure;

const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";
const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";

/// Runs the program as a person would on Windows.
pub(super) fn try_out(program: &Path) -> Result<(), Failure> {
    let place = folder().join("wine");
    fs::create_dir_all(&place)?;
    let installed = place.join("rolewrap.exe");
    fs::copy(program, &installed)?;
    windows::build_missing_library(&place.join("bcryptprimitives.dll"))?;
    let stub = StsStub::start()?;
    let machine = Machine {
        wine: wine()?,
        program: installed,
        sandbox: Sandbox::new()
            .system_programs()
            .env("WINEPREFIX", place.join("prefix"))
            .env("WINEDEBUG", "-all")
            // Wine would offer to install the last two.
            .env("WINEDLLOVERRIDES", "bcryptprimitives=n;mscoree,mshtml=")
            .env("AWS_ENDPOINT_URL_STS", stub.url())
            .env("AWS_ACCESS_KEY_ID", KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", "a-secret-of-nobody"),
    };
    machine.expect(&["--version"], 0, "rolewrap ")?;
    machine.expect(&["config", "path"], 0, r"C:\ProgramData\rolewrap\config.toml")?;
    machine.expect(&["--iam-role", ROLE, "whoami"], 0, "assumed-role/deploy/")?;
    let exec = ["--iam-role", ROLE, "exec", "--"];
    machine.expect(
        &[&exec[..], &["cmd", "/c", "set AWS_SESSION_TOKEN"]].concat(),
        0,
        StsStub::SECRET_PREFIX,
    )?;
    machine.expect(&[&exec[..], &["cmd", "/c", "exit 42"]].concat(), 42, "")?;
    machine.expect(&[&exec[..], &["no-such-command"]].concat(), 127, "")?;
    machine.expect(&["exec", "--", "cmd", "/c", "exit 42"], 125, "")
}

/// A Windows with rolewrap on it.
struct Machine {
    wine: PathBuf,
    program: PathBuf,
    sandbox: Sandbox,
}

impl Machine {
    fn expect(&self, words: &[&str], code: i32, text: &str) -> Result<(), Failure> {
        let program = self.program.to_string_lossy();
        let words = [&[&*program], words].concat();
        let outcome: Outcome = self.sandbox.run(&self.wine, words);
        if outcome.code() == code && outcome.stdout().contains(text) {
            return Ok(());
        }
        Err(format!("on Windows the exit code should be {code}, and stdout have {text:?}\n{outcome}").into())
    }
}

/// Debian and Ubuntu have it at different places, and only one of them on the `PATH`.
fn wine() -> Result<PathBuf, LabError> {
    let names = ["/usr/lib/wine/wine64", "wine64", "wine"];
    names
        .into_iter()
        .find_map(|name| which::which(name).ok())
        .ok_or(LabError::Missing {
            program: "wine64",
            purpose: "the program for Windows is tried out with it",
            remedy: "On Debian and Ubuntu: apt install wine64",
        })
}

/// Whether there is one.
pub(crate) fn installed() -> Result<(), LabError> {
    wine().map(|_| ())
}
