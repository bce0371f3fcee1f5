use std::path::PathBuf;

use crate::LabError;

/// A shell of the system that takes what `rolewrap export` prints.
///
/// There is no PowerShell among them, and no cmd.exe: no registry of packages that the tests use has one for Linux.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// bash
    Bash,
    /// dash, which is `sh` on Debian.
    Dash,
    /// zsh
    Zsh,
    /// fish
    Fish,
}

impl Shell {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Bash, Self::Dash, Self::Zsh, Self::Fish];

    /// Its name, which is also that of its package on Debian.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Dash => "dash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        }
    }

    /// The option that keeps it from reading files of the user or the system first.
    pub fn without_files(self) -> &'static [&'static str] {
        match self {
            Self::Bash => &["--noprofile", "--norc"],
            Self::Dash => &[],
            Self::Zsh => &["-f"],
            Self::Fish => &["--no-config"],
        }
    }

    /// Where it is.
    ///
    /// # Errors
    /// When the system has none.
    pub fn path(self) -> Result<PathBuf, LabError> {
        which::which(self.name()).map_err(|_| LabError::Missing {
            program: self.name(),
            purpose: "the tests let real shells run what rolewrap prints for them",
            remedy: "On Debian and Ubuntu: apt install bash dash zsh fish",
        })
    }

    /// Asks for all of them.
    ///
    /// # Errors
    /// When the system lacks one.
    pub fn installed() -> Result<(), LabError> {
        Self::ALL.into_iter().try_for_each(|shell| shell.path().map(drop))
    }
}
