//! Terraform's program, looked for where rolewrap itself, or a wrapper that calls rolewrap, may stand in its place.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use rolewrap_core::Environment;

use super::Command;
use super::command::not_found;
use super::file_kind::FileKind;
use super::own_program::{is_called_so, is_own};
use super::started::Started;
use crate::error::{Error, Failure};

/// How often the same program is started inside itself. Terraform's own code may run rolewrap, and that run Terraform.
const MOST_TIMES: usize = 3;

impl Command {
    /// Finds Terraform by `name`, as [`find`](Self::find) does. rolewrap itself is passed over, and so is a script that a
    /// run around this one started: it is a wrapper that calls rolewrap, and has Terraform behind itself.
    ///
    /// # Errors
    /// As [`find`](Self::find), and where nothing but rolewrap and its wrappers is there.
    pub(crate) fn find_terraform(
        name: &OsStr,
        arguments: Vec<OsString>,
        environment: &dyn Environment,
        directory: &Path,
    ) -> Result<Self, Error> {
        let path = environment.get("PATH").unwrap_or_default();
        let started = Started::of(environment);
        let (mut own, mut wrapper) = (None, None);
        for file in candidates(name, &path, directory) {
            if is_own(&file) {
                own.get_or_insert(file);
                continue;
            }
            let times = started.times(&file, directory);
            if times == 0 || (times < MOST_TIMES && !is_script(&file)) {
                return Ok(Self::at(name, file, arguments));
            }
            wrapper.get_or_insert((file, times));
        }
        match (wrapper, own) {
            // There is nothing behind it, so it may have found Terraform elsewhere.
            (Some((file, times)), _) if times < MOST_TIMES => Ok(Self::at(name, file, arguments)),
            (Some((file, times)), _) => Err(starts_itself(&file, times)),
            (None, Some(file)) => Err(is_rolewrap(&file)),
            (None, None) => Err(not_found(name, &path, directory)),
        }
    }
}

/// Whether `name` leads back to where this run came from: to rolewrap, or to a script that a run around this one started.
pub(crate) fn leads_back(name: &OsStr, environment: &dyn Environment) -> bool {
    // Terraform's stand-in may be called by a name that is not on this `PATH`.
    if is_called_so(Path::new(name)) {
        return true;
    }
    let path = environment.get("PATH").unwrap_or_default();
    let directory = Path::new(".");
    let first = candidates(name, &path, directory).next();
    first.is_some_and(|file| {
        let times = || Started::of(environment).times(&file, directory);
        is_own(&file) || (times() > 0 && is_script(&file))
    })
}

fn candidates(name: &OsStr, path: &OsStr, directory: &Path) -> impl Iterator<Item = PathBuf> {
    which::which_in_all(name, Some(path), directory.to_owned())
        .into_iter()
        .flatten()
}

/// Whether the system has another program run the file.
fn is_script(file: &Path) -> bool {
    FileKind::of(file).is_ok_and(|kind| !kind.is_program())
}

fn starts_itself(file: &Path, times: usize) -> Error {
    Error::new("no Terraform was found behind its wrapper, so nothing was started")
        .cause(format!(
            "{} calls rolewrap, which has started it {times} times",
            file.display()
        ))
        .hint("put Terraform's own program behind the wrapper on the PATH, or name it: --terraform PATH")
        .exits(Failure::NotFound)
}

fn is_rolewrap(file: &Path) -> Error {
    Error::new("rolewrap cannot stand in its own place for Terraform, so nothing was started")
        .cause(format!("{} is rolewrap itself", file.display()))
        .hint("install Terraform behind it on the PATH, or name its program: --terraform PATH (for OpenTofu: --terraform tofu)")
}
