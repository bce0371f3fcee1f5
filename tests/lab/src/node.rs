use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::LabError;
use crate::installation::expect_success;
use crate::paths::lab_directory;

const PACKAGE: &str = include_str!("../node/package.json");
/// The programs that are put beside the packages.
const PROGRAMS: [(&str, &str); 2] = [
    ("identity.mjs", include_str!("../node/identity.mjs")),
    ("identity_v2.cjs", include_str!("../node/identity_v2.cjs")),
];

/// The Node.js on this machine's `PATH`.
///
/// # Errors
/// When there is none.
pub fn node() -> Result<PathBuf, LabError> {
    which::which("node").map_err(|_| LabError::Missing {
        program: "node",
        purpose: "the AWS SDK for JavaScript is one of the clients that the tests run",
        remedy: "Install Node.js 20.6 or newer with npm and put it on the PATH",
    })
}

/// The AWS SDK for JavaScript, in both of its versions, installed in the lab's directory.
#[derive(Debug, Clone)]
pub struct NodePackages {
    directory: PathBuf,
}

impl NodePackages {
    /// The packages, installed if they are not there yet. Test processes that run at the same time install them once.
    ///
    /// # Errors
    /// When Node.js or npm is missing, or when npm fails.
    pub fn ready() -> Result<Self, LabError> {
        node()?;
        let npm = which::which("npm").map_err(|_| LabError::Missing {
            program: "npm",
            purpose: "the lab installs the AWS SDK for JavaScript with it",
            remedy: "Install Node.js 20.6 or newer with npm and put it on the PATH",
        })?;
        Self::ready_in(&lab_directory(), &npm)
    }

    fn ready_in(lab: &Path, npm: &Path) -> Result<Self, LabError> {
        fs::create_dir_all(lab).map_err(LabError::io("create the lab's directory"))?;
        let lock = File::create(lab.join("node-clients.lock"))
            .map_err(LabError::io("create the lab's lock file"))?;
        lock.lock().map_err(LabError::io("lock the lab's directory"))?;
        let packages = Self {
            directory: lab.join("node-clients"),
        };
        if !packages.is_complete() {
            packages.install(npm)?;
        }
        Ok(packages)
    }

    /// A program for Node.js that prints the ARN that STS takes the caller for.
    pub fn identity(&self) -> PathBuf {
        self.directory.join("identity.mjs")
    }

    /// The same with version 2 of the SDK.
    pub fn identity_v2(&self) -> PathBuf {
        self.directory.join("identity_v2.cjs")
    }

    /// True when the last step of an installation of the same packages was reached.
    fn is_complete(&self) -> bool {
        fs::read_to_string(self.stamp()).is_ok_and(|stamp| stamp == Self::stamped())
    }

    fn stamp(&self) -> PathBuf {
        self.directory.join("installed")
    }

    fn stamped() -> String {
        let programs = PROGRAMS.map(|(_, text)| text).concat();
        format!("{PACKAGE}\n{programs}")
    }

    fn install(&self, npm: &Path) -> Result<(), LabError> {
        if self.directory.exists() {
            fs::remove_dir_all(&self.directory).map_err(LabError::io("remove an unfinished installation"))?;
        }
        fs::create_dir(&self.directory).map_err(LabError::io("create the directory of the packages"))?;
        let write = |name: &str, text: &str| fs::write(self.directory.join(name), text);
        write("package.json", PACKAGE)
            .and_then(|()| PROGRAMS.iter().try_for_each(|(name, text)| write(name, text)))
            .map_err(LabError::io("write what is to be installed"))?;
        let mut install = Command::new(npm);
        install
            .current_dir(&self.directory)
            .args(["install", "--no-audit", "--no-fund", "--no-package-lock"])
            // Nothing that is installed runs while it is.
            .args(["--ignore-scripts", "--no-update-notifier", "--loglevel=error"]);
        expect_success("install the lab's packages for Node.js", &mut install)?;
        fs::write(self.stamp(), Self::stamped()).map_err(LabError::io("mark the packages as complete"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_that_failed_is_said_and_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let lab = directory.path();
        let error = NodePackages::ready_in(lab, Path::new("false"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("failed to install the lab's packages for Node.js: "),
            "{error}"
        );
        NodePackages::ready_in(lab, Path::new("true")).unwrap();
        // What is complete is not installed again.
        NodePackages::ready_in(lab, Path::new("false")).unwrap();
        fs::write(lab.join("node-clients/installed"), "{}").unwrap();
        assert!(NodePackages::ready_in(lab, Path::new("false")).is_err());
    }
}
