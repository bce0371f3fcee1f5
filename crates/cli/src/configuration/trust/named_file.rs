use std::io;
use std::path::{Path, PathBuf};

use rolewrap_core::RegularFile;
use serde::{Deserialize, Serialize};

use super::Digest;
use crate::error::Error;

/// The most bytes of a file that a project file names: more than a program or a certificate has.
const LONGEST: u64 = 64 * 1024 * 1024;

/// A file of the repository that the trusted part of a project file names, such as a program or a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NamedFile {
    /// Where it is.
    path: PathBuf,
    /// What it was when trust was decided: a digest of its bytes, or where a link leads that leaves the repository.
    pub(super) state: String,
}

impl NamedFile {
    /// The file that `name` means in the `folder` of the project file, where it is one of the repository at `root`.
    pub(super) fn find(name: &str, folder: &Path, root: &Path) -> Result<Option<Self>, Error> {
        // Without the dots of `./key.sh`.
        let path: PathBuf = folder.join(name).components().collect();
        let (Ok(real), Ok(root)) = (path.canonicalize(), root.canonicalize()) else {
            return Ok(None);
        };
        let is_named_within = path
            .parent()
            .and_then(|parent| parent.canonicalize().ok())
            .is_some_and(|parent| parent.starts_with(&root));
        if !real.is_file() || !(is_named_within || real.starts_with(&root)) {
            return Ok(None);
        }
        let state = state(&path, &real, &root).map_err(|error| {
            Error::new(format!(
                "cannot read {}, which the project file names",
                path.display()
            ))
            .cause(error)
        })?;
        Ok(Some(Self { path, state }))
    }

    /// Refuses a file that is no longer what it was when trust was decided.
    pub(super) fn refuse_change(&self, root: &Path) -> Result<(), Error> {
        let now = self
            .path
            .canonicalize()
            .and_then(|real| state(&self.path, &real, &root.canonicalize()?));
        if now.is_ok_and(|now| now == self.state) {
            return Ok(());
        }
        Err(Error::new(format!(
            "{} has changed since its content was found to be trusted",
            self.path.display()
        ))
        .cause("the project file names it, and trust is in its bytes")
        .hint("see who changed it; then run `rolewrap trust` again"))
    }
}

fn state(path: &Path, real: &Path, root: &Path) -> io::Result<String> {
    if real.starts_with(root) {
        let bytes = RegularFile::open(path)?.read(LONGEST)?;
        Ok(Digest::of(&bytes).to_string())
    } else {
        // A file of the machine's own, which no commit can change: the way to it is what a commit can change.
        Ok(format!("link to {}", real.display()))
    }
}
