use std::ffi::OsString;
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use super::terraform::{changed_directories, global_options};
use crate::error::Error;
use crate::host::work_directory::WorkDirectory;
use crate::ui::text::list;

/// The directory that Terraform's `-chdir` leads to from `directory`; `None` where there is no such option.
pub(super) fn changed_directory(
    arguments: &[OsString],
    directory: &WorkDirectory,
) -> Result<Option<WorkDirectory>, Error> {
    let bare = global_options(arguments).any(|argument| argument == "-chdir");
    if bare {
        return Err(Error::new("Terraform's option -chdir names no directory")
            .cause("Terraform takes the directory in the same word, behind an equals sign")
            .hint("write: -chdir=DIR"));
    }
    let change = match changed_directories(arguments).as_slice() {
        [] => return Ok(None),
        [change] => change.clone(),
        several => {
            let several = several.iter().map(|change| change.to_string_lossy());
            return Err(Error::new("Terraform's option -chdir is given more than once")
                .cause(format!("the directories are {}", list(several)))
                .hint("keep one of them, since the directory may choose the account"));
        }
    };
    reached(&change, directory, "Terraform's option -chdir").map(Some)
}

/// The directory that `change` leads to from `directory`. `place` is what names it.
pub(super) fn reached(change: &Path, directory: &WorkDirectory, place: &str) -> Result<WorkDirectory, Error> {
    if change.as_os_str().is_empty() {
        return Err(Error::new(format!("{place} names no directory"))
            .cause("it is empty, and the directory may choose the account")
            .hint("name the directory, or leave it out"));
    }
    directory.join(change).map_err(|error| {
        let error: &dyn fmt::Display = match error.kind() {
            ErrorKind::NotADirectory => &"it is not a directory",
            _ => &error,
        };
        Error::new(format!("cannot change to the directory {}", change.display()))
            .cause(error)
            .from(place)
            .hint(format!(
                "correct the path; it starts at {}",
                directory.real.display()
            ))
    })
}
