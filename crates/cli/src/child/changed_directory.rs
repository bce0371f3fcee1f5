use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::terraform::changed_directories;
use crate::error::Error;
use crate::text::list;

/// The directory that Terraform's `-chdir` leads to from `directory`. It is the real one: `live/dev/../prod` is a
/// directory of prod, whatever it looks like.
pub(crate) fn changed_directory(arguments: &[OsString], directory: &Path) -> Result<PathBuf, Error> {
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
    directory.join(&change).canonicalize().map_err(|error| {
        Error::new(format!("cannot change to the directory {}", change.display()))
            .cause(error)
            .from("Terraform's option -chdir")
            .hint(format!("correct the path; it starts at {}", directory.display()))
    })
}
