use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::terraform::{changed_directories, global_options};
use crate::error::Error;
use crate::text::list;

/// The directory that Terraform's `-chdir` leads to from `directory`. It is the real one: `live/dev/../prod` is a
/// directory of prod, whatever it looks like.
pub(super) fn changed_directory(arguments: &[OsString], directory: &Path) -> Result<PathBuf, Error> {
    let bare = global_options(arguments).any(|argument| argument == "-chdir");
    if bare {
        return Err(Error::new("Terraform's option -chdir names no directory")
            .cause("Terraform takes the directory in the same word, behind an equals sign")
            .hint("write: -chdir=DIR"));
    }
    let change = match changed_directories(arguments).as_slice() {
        [] => return Ok(directory.to_owned()),
        [change] => change.clone(),
        several => {
            let several = several.iter().map(|change| change.to_string_lossy());
            return Err(Error::new("Terraform's option -chdir is given more than once")
                .cause(format!("the directories are {}", list(several)))
                .hint("keep one of them, since the directory may choose the account"));
        }
    };
    reached(&change, directory, "Terraform's option -chdir")
}

/// The real directory that `change` leads to from `directory`. `place` is what names it.
pub(super) fn reached(change: &Path, directory: &Path, place: &str) -> Result<PathBuf, Error> {
    if change.as_os_str().is_empty() {
        return Err(Error::new(format!("{place} names no directory"))
            .cause("it is empty, and the directory may choose the account")
            .hint("name the directory, or leave it out"));
    }
    let refused = |cause: &dyn fmt::Display| {
        Error::new(format!("cannot change to the directory {}", change.display()))
            .cause(cause)
            .from(place)
            .hint(format!("correct the path; it starts at {}", directory.display()))
    };
    let reached = directory.join(change).canonicalize();
    let reached = reached.map_err(|error| refused(&error))?;
    if !reached.is_dir() {
        return Err(refused(&"it is not a directory"));
    }
    Ok(reached)
}
