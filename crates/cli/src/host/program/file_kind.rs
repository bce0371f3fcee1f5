use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// How many bytes of a file are looked at.
const LOOKED_AT: u64 = 512;

/// The magic numbers of Mach-O, for 32 and 64 bits in both orders of bytes, and of its universal files.
const MACH_O: [&[u8]; 5] = [
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
];

/// What a file that should be executed is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// A program for Linux, on whatever machine.
    Elf,
    /// A program for macOS.
    MachO,
    /// A program for Windows.
    Windows,
    /// A web page, such as the error that a server sent in the place of a program.
    Page,
    Empty,
    /// Neither text nor a program of a known kind.
    Binary,
    /// Text that a shell or the interpreter of its first line may read.
    Script,
}

impl FileKind {
    /// That of the file at `path`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut start = Vec::new();
        File::open(path)?.take(LOOKED_AT).read_to_end(&mut start)?;
        Ok(Self::in_bytes(&start))
    }

    /// Whether it is a program of some system, and not text.
    pub(crate) fn is_program(self) -> bool {
        matches!(self, Self::Elf | Self::MachO | Self::Windows)
    }

    fn in_bytes(start: &[u8]) -> Self {
        match start {
            [] => Self::Empty,
            _ if start.starts_with(b"\x7fELF") => Self::Elf,
            _ if MACH_O.iter().any(|magic| start.starts_with(magic)) => Self::MachO,
            _ if start.starts_with(b"MZ") && start.contains(&0) => Self::Windows,
            _ if start.trim_ascii_start().starts_with(b"<") => Self::Page,
            // As bash decides it: no text has a NUL.
            _ if start.contains(&0) => Self::Binary,
            _ => Self::Script,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_told_from_what_no_shell_should_read() {
        for (bytes, kind) in [
            (&b"echo hello\n"[..], FileKind::Script),
            (b"# <html>\n", FileKind::Script),
            (b"MZ=1\n", FileKind::Script),
            (b"\n", FileKind::Script),
            (b"", FileKind::Empty),
            (b"\x7fELF\x02\x01", FileKind::Elf),
            (b"\xca\xfe\xba\xbe\0\0\0\x02", FileKind::MachO),
            (b"MZ\x90\0", FileKind::Windows),
            (b"  <?xml version=\"1.0\"?>", FileKind::Page),
            (b"PK\x03\x04\0\0", FileKind::Binary),
        ] {
            assert_eq!(FileKind::in_bytes(bytes), kind, "{bytes:?}");
        }
    }
}
