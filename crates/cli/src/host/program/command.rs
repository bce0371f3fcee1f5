use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use rolewrap_core::Environment;

use crate::error::{Error, Failure};

/// A command that was found, with its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    /// The name as it was given, which becomes the command's own `argv[0]`.
    #[cfg(unix)]
    pub(crate) name: OsString,
    /// The file to execute.
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
}

impl Command {
    /// Finds `name` as a shell would: a path when it has a slash in it, or else the first executable file of
    /// that name on `PATH`. It is done before anything is asked of anybody.
    ///
    /// # Errors
    /// With exit code 127 when there is no such file, and 126 when there is one that cannot be executed.
    pub(crate) fn find(
        name: &OsStr,
        arguments: Vec<OsString>,
        environment: &dyn Environment,
        directory: &Path,
    ) -> Result<Self, Error> {
        let path = environment.get("PATH").unwrap_or_default();
        match which::which_in(name, Some(&path), directory) {
            Ok(found) => Ok(Self::at(name, found, arguments)),
            Err(_) => Err(not_found(name, &path, directory)),
        }
    }

    /// The command by `name` whose file is `found`.
    pub(super) fn at(name: &OsStr, found: PathBuf, arguments: Vec<OsString>) -> Self {
        Self {
            #[cfg(unix)]
            name: name.to_owned(),
            // A script sees the path that it was started with, so one that was given stays as it was given.
            program: if is_path(name) { PathBuf::from(name) } else { found },
            arguments,
        }
    }

    /// Why the command did not start after all, although its file was found.
    pub(crate) fn did_not_start(&self, error: &io::Error) -> Error {
        let failure = match error.kind() {
            io::ErrorKind::NotFound => Failure::NotFound,
            _ => Failure::NotExecutable,
        };
        let refused = Error::new(format!("cannot start {}", self.program.display()))
            .cause(error)
            .exits(failure);
        match error.kind() {
            io::ErrorKind::NotFound => refused
                .hint("the file is there; if it is a script, the program that its first line names is not"),
            io::ErrorKind::ArgumentListTooLong => {
                refused.hint("arguments and environment together are more than this system allows")
            }
            _ => refused,
        }
    }
}

pub(super) fn not_found(name: &OsStr, path: &OsStr, directory: &Path) -> Error {
    let shown = name.to_string_lossy();
    if is_path(name) && directory.join(name).is_dir() {
        return Error::new(format!("{shown} is a directory"))
            .hint("name a command in it")
            .exits(Failure::NotExecutable);
    }
    if let Some(file) = candidates(name, path, directory).find(|file| file.is_file()) {
        return Error::new(format!("{} cannot be executed", file.display()))
            .cause("the file is there, and you have no permission to execute it")
            .hint("allow it with chmod +x, or name another file")
            .exits(Failure::NotExecutable);
    }
    let error =
        Error::new(format!("there is no command `{shown}`, so nothing was started")).exits(Failure::NotFound);
    if is_path(name) {
        return error.hint("check the path; it is relative to the working directory");
    }
    if path.is_empty() {
        return error
            .cause("the variable PATH is not set, or empty")
            .hint("set PATH, or give the command's path");
    }
    error.cause(format!("no directory of PATH has it: {}", path.display()))
}

/// Where the file could be.
fn candidates(name: &OsStr, path: &OsStr, directory: &Path) -> impl Iterator<Item = PathBuf> {
    let here = is_path(name).then(|| directory.join(name));
    let on_path: Vec<PathBuf> = if here.is_some() {
        Vec::new()
    } else {
        std::env::split_paths(path)
            .map(|folder| directory.join(folder).join(name))
            .collect()
    };
    here.into_iter().chain(on_path)
}

fn is_path(name: &OsStr) -> bool {
    Path::new(name).components().count() > 1 || name.to_string_lossy().contains('/')
}
