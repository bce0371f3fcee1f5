//! A source of one's own: a key that an orchestrator mounts as two files, `access-key-id` and
//! `secret-access-key`, into a folder of the container.
//!
//! ```text
//! cargo run --example mounted_secret -- /run/secrets/aws
//! ```

use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use rolewrap_core::{BaseCredentialSource, BaseCredentials, FallbackOrder, Secret, SourceError};

/// Base credentials from two files.
///
/// Files are read at each load, so a key that the orchestrator rotates is picked up. Reading two small files of
/// a local file system needs no time limit.
#[derive(Debug)]
pub(crate) struct MountedSecret {
    name: String,
    folder: PathBuf,
}

impl MountedSecret {
    /// A source called `name` that reads `access-key-id` and `secret-access-key` in `folder`.
    pub(crate) fn new(name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            folder: folder.into(),
        }
    }

    /// The content of a file, or `None` where there is no such file.
    fn read(&self, file: &str) -> Result<Option<Secret>, SourceError> {
        let path = self.folder.join(file);
        let name = self.name.clone();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(SourceError::Denied {
                name,
                reason: format!("{} may not be read", path.display()),
                cause: Some(error.into()),
            }),
            Err(error) if error.kind() == ErrorKind::InvalidData => Err(SourceError::Malformed {
                name,
                reason: format!("{} is not UTF-8 text", path.display()),
                cause: None,
            }),
            Err(error) => Err(SourceError::Unavailable {
                name,
                reason: format!("{} could not be read", path.display()),
                cause: Some(error.into()),
            }),
        }
    }

    fn malformed(&self, reason: impl Into<String>) -> SourceError {
        SourceError::Malformed {
            name: self.name.clone(),
            reason: reason.into(),
            cause: None,
        }
    }
}

#[async_trait::async_trait]
impl BaseCredentialSource for MountedSecret {
    fn name(&self) -> &str {
        &self.name
    }

    async fn load(&self) -> Result<BaseCredentials, SourceError> {
        match (self.read("access-key-id")?, self.read("secret-access-key")?) {
            (Some(id), Some(secret)) => BaseCredentials::new(&self.name, id.expose(), &secret)
                .map_err(|error| self.malformed(error.to_string())),
            // Only this lets a fallback order go on. Half a key is broken, and not absent.
            (None, None) => Err(SourceError::NotFound {
                name: self.name.clone(),
                reason: format!("{} has no file with a key", self.folder.display()),
            }),
            (None, Some(_)) => Err(self.malformed("access-key-id is missing")),
            (Some(_), None) => Err(self.malformed("secret-access-key is missing")),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a program may print")]
#[cfg_attr(test, allow(dead_code, reason = "the test uses the source itself"))]
async fn main() -> Result<(), Box<dyn Error>> {
    let folders = std::env::args_os().skip(1);
    // The first folder with a key is used, as in `source = ["one", "two"]`.
    let sources = folders
        .map(|folder| Box::new(MountedSecret::new(folder.to_string_lossy(), &folder)) as Box<_>)
        .collect();
    let credentials = FallbackOrder::new(sources).load().await?;
    println!(
        "{} from {}",
        credentials.access_key_id(),
        credentials.source_name()
    );
    Ok(())
}
