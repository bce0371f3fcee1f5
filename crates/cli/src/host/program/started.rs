use std::env::{join_paths, split_paths};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use rolewrap_core::Environment;

use crate::host::STARTED;

/// The programs that the runs around this one started, outermost first.
pub(crate) struct Started(Vec<PathBuf>);

impl Started {
    /// Those that the runs around this one left in `environment`.
    pub(crate) fn of(environment: &dyn Environment) -> Self {
        Self::read(&environment.get(STARTED).unwrap_or_default())
    }

    /// Those in a list of paths.
    pub(crate) fn read(list: &OsStr) -> Self {
        let paths = split_paths(list).filter(|path| !path.as_os_str().is_empty());
        Self(paths.collect())
    }

    /// How often `program`, a path from `directory` on, was started.
    pub(crate) fn times(&self, program: &Path, directory: &Path) -> usize {
        if self.0.is_empty() {
            return 0;
        }
        let program = place(program, directory);
        self.0.iter().filter(|started| **started == program).count()
    }

    /// The list with `program`, for the runs inside this one. A path that no list can hold is left out.
    pub(crate) fn with(mut self, program: &Path, directory: &Path) -> OsString {
        let before = join_paths(&self.0);
        self.0.push(place(program, directory));
        join_paths(&self.0).or(before).unwrap_or_default()
    }
}

/// Where `program` is, however its folder was written. A link to a program stays what it is: one program may have several
/// names that do not do the same.
fn place(program: &Path, directory: &Path) -> PathBuf {
    let path = directory.join(program);
    match (path.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_counted_however_its_folder_is_written() {
        let list = Started::read(OsStr::new("")).with(Path::new("/usr/bin/env"), Path::new("/"));
        let list = Started::read(&list).with(Path::new("./../usr/bin/env"), Path::new("/usr"));
        let started = Started::read(&list);
        assert_eq!(started.times(Path::new("env"), Path::new("/usr/bin")), 2);
        assert_eq!(started.times(Path::new("/usr/bin/sh"), Path::new("/")), 0);
    }
}
