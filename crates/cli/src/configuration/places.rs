use std::path::{Path, PathBuf};

use rolewrap_core::Environment;

use super::file::File;
use super::origin::{Layer, Origin};
use super::trust::TrustStore;
use super::{listed, project};
use crate::error::Error;
use crate::host::variable;

/// Where the configuration files are looked for. Whether they exist is another question.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The machine's file.
    pub(crate) system: Option<PathBuf>,
    /// The user's file, where a home directory is known or a file was named.
    pub(crate) user: Option<UserFile>,
    /// The project's file, where one was found.
    pub(crate) project: Option<PathBuf>,
    /// What of a project file is trusted.
    pub(crate) trust: TrustStore,
}

/// The user's file.
#[derive(Debug, Clone)]
pub(crate) struct UserFile {
    pub(crate) path: PathBuf,
    /// What named it, in place of the usual one. It has to exist then.
    named_by: Option<Origin>,
}

impl Places {
    /// The places for this environment. A file that `--config` or `ROLEWRAP_CONFIG` names is relative to
    /// `working`, and a project file belongs to `directory`, the one that the command works in.
    pub(crate) fn new(
        environment: &dyn Environment,
        option: Option<&str>,
        working: &Path,
        directory: &Path,
    ) -> Result<Self, Error> {
        let below = |folder: PathBuf| folder.join("rolewrap").join("config.toml");
        let named = match option {
            Some(path) if path.trim().is_empty() => {
                return Err(listed::empty(&Origin {
                    layer: Layer::Option,
                    place: "--config".to_owned(),
                }));
            }
            Some(path) => Some((path.to_owned(), Layer::Option, "--config")),
            None => variable(environment, "ROLEWRAP_CONFIG")?
                .map(|path| (path, Layer::Variable, "ROLEWRAP_CONFIG")),
        };
        let user = match named {
            Some((path, layer, place)) => {
                let named_by = Some(Origin {
                    layer,
                    place: place.to_owned(),
                });
                Some(UserFile {
                    path: working.join(path),
                    named_by,
                })
            }
            None => user_folder(environment).map(|folder| UserFile {
                path: below(folder),
                named_by: None,
            }),
        };
        Ok(Self {
            system: system_folder(environment).map(below),
            user,
            project: project::find(directory)?,
            trust: TrustStore::new(trust_folder(environment)),
        })
    }
}

impl UserFile {
    pub(super) fn read(&self) -> Result<Option<File>, Error> {
        let file = File::read(Layer::User, &self.path)?;
        match (&self.named_by, file) {
            (Some(origin), None) => Err(Error::new(format!(
                "there is no configuration file {}",
                self.path.display()
            ))
            .from(origin)
            .hint("correct the path, or leave it out to use the file that `rolewrap config path` shows")),
            (_, file) => Ok(file),
        }
    }
}

/// An absolute path from a variable. The XDG base directory specification says that relative ones are ignored.
fn absolute(environment: &dyn Environment, name: &str) -> Option<PathBuf> {
    environment
        .get(name)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

#[cfg(windows)]
fn system_folder(environment: &dyn Environment) -> Option<PathBuf> {
    absolute(environment, "PROGRAMDATA")
}

#[cfg(not(windows))]
#[expect(clippy::unnecessary_wraps, reason = "as the other system's")]
fn system_folder(_environment: &dyn Environment) -> Option<PathBuf> {
    Some(PathBuf::from("/etc"))
}

fn user_folder(environment: &dyn Environment) -> Option<PathBuf> {
    if cfg!(windows) {
        return absolute(environment, "APPDATA");
    }
    let own = if cfg!(target_os = "macos") {
        "Library/Application Support"
    } else {
        ".config"
    };
    absolute(environment, "XDG_CONFIG_HOME").or_else(|| Some(absolute(environment, "HOME")?.join(own)))
}

/// Where rolewrap keeps what can be found out again. `None` where no home directory is known.
pub(crate) fn cache_folder(environment: &dyn Environment) -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        absolute(environment, "LOCALAPPDATA")?
    } else {
        let own = if cfg!(target_os = "macos") {
            "Library/Caches"
        } else {
            ".cache"
        };
        absolute(environment, "XDG_CACHE_HOME").or_else(|| Some(absolute(environment, "HOME")?.join(own)))?
    };
    Some(folder.join("rolewrap"))
}

/// Where rolewrap remembers what this user has trusted. `None` where no home directory is known.
fn trust_folder(environment: &dyn Environment) -> Option<PathBuf> {
    Some(state_folder(environment)?.join("trust"))
}

/// Where rolewrap keeps what it has to remember. `None` where no home directory is known.
pub(crate) fn state_folder(environment: &dyn Environment) -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        absolute(environment, "LOCALAPPDATA")?
    } else {
        let own = if cfg!(target_os = "macos") {
            "Library/Application Support"
        } else {
            ".local/state"
        };
        absolute(environment, "XDG_STATE_HOME").or_else(|| Some(absolute(environment, "HOME")?.join(own)))?
    };
    Some(folder.join("rolewrap"))
}
