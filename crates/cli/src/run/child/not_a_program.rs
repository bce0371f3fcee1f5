use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::error::{Error, Failure};

/// How many bytes of a file are looked at.
const LOOKED_AT: u64 = 512;

/// A file that the system cannot execute and that is not a script either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotAProgram {
    Empty,
    OtherMachine,
    MacOs,
    Windows,
    Page,
    Binary,
}

impl NotAProgram {
    /// What is at `path`; `None` where it may be a script without a first line that names its interpreter.
    pub(super) fn of(path: &Path) -> io::Result<Option<Self>> {
        let mut start = Vec::new();
        File::open(path)?.take(LOOKED_AT).read_to_end(&mut start)?;
        Ok(Self::in_bytes(&start))
    }

    fn in_bytes(start: &[u8]) -> Option<Self> {
        // The magic numbers of Mach-O, for 32 and 64 bits in both orders of bytes, and of its universal files.
        const MACH_O: [&[u8]; 5] = [
            b"\xfe\xed\xfa\xce",
            b"\xfe\xed\xfa\xcf",
            b"\xce\xfa\xed\xfe",
            b"\xcf\xfa\xed\xfe",
            b"\xca\xfe\xba\xbe",
        ];
        Some(match start {
            [] => Self::Empty,
            _ if start.starts_with(b"\x7fELF") => Self::OtherMachine,
            _ if MACH_O.iter().any(|magic| start.starts_with(magic)) => Self::MacOs,
            _ if start.starts_with(b"MZ") && start.contains(&0) => Self::Windows,
            _ if start.trim_ascii_start().starts_with(b"<") => Self::Page,
            // As bash decides it: no text has a NUL.
            _ if start.contains(&0) => Self::Binary,
            _ => return None,
        })
    }

    /// The error for the file at `path`.
    pub(super) fn error(self, path: &Path) -> Error {
        let (what, hint) = match self {
            Self::Empty => (
                "the file is empty",
                "its download may have failed; install it again",
            ),
            Self::OtherMachine => (
                "it is a program for another kind of machine or system",
                "install the build for this machine: `uname -sm` says what it is",
            ),
            Self::MacOs => (
                "it is a program for macOS",
                "install the build for this machine: `uname -sm` says what it is",
            ),
            Self::Windows => (
                "it is a program for Windows",
                "install the build for this machine: `uname -sm` says what it is",
            ),
            Self::Page => (
                "it is a web page, such as the error that a server sent in its place",
                "look at the file; then install the program again",
            ),
            Self::Binary => (
                "it is neither a script nor a program of a known kind",
                "its download may be damaged, or it is an archive to unpack; install it again",
            ),
        };
        Error::new(format!(
            "{} is not a program that this system can execute",
            path.display()
        ))
        .cause(what)
        .hint(hint)
        .exits(Failure::NotExecutable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_told_from_what_no_shell_should_read() {
        for script in ["echo hello\n", "# <html>\n", "MZ=1\n", "\n", "caf\u{e9}=1\n"] {
            assert_eq!(NotAProgram::in_bytes(script.as_bytes()), None, "{script:?}");
        }
        for (bytes, what) in [
            (&b""[..], NotAProgram::Empty),
            (b"\x7fELF\x02\x01", NotAProgram::OtherMachine),
            (b"\xca\xfe\xba\xbe\0\0\0\x02", NotAProgram::MacOs),
            (b"MZ\x90\0", NotAProgram::Windows),
            (b"  <?xml version=\"1.0\"?>", NotAProgram::Page),
            (b"PK\x03\x04\0\0", NotAProgram::Binary),
        ] {
            assert_eq!(NotAProgram::in_bytes(bytes), Some(what), "{bytes:?}");
        }
    }
}
