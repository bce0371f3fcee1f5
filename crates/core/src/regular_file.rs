use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::Secret;

/// A file whose path somebody wrote down: in a configuration, an option or a variable.
///
/// It is opened once, and what it is, is asked of what was opened: nobody can put something else in its place in
/// between. A pipe could block for ever, and a device never end, so neither is taken, and opening one waits for nobody.
#[derive(Debug)]
pub struct RegularFile {
    file: File,
    metadata: Metadata,
}

impl RegularFile {
    /// Opens the file at `path`, with links followed.
    ///
    /// # Errors
    /// Those of the system, and another one where it is not a regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;

            use rustix::fs::OFlags;
            let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
            options.custom_flags(flags.bits().cast_signed());
        }
        let file = options.open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_file() {
            Ok(Self { file, metadata })
        } else {
            Err(io::Error::other("it is not a regular file"))
        }
    }

    /// What the system says about the file that is open.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Its content, of `longest` bytes at most.
    ///
    /// # Errors
    /// Those of the system, and another one where it is longer.
    pub fn read(self, longest: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        let room = self.metadata.len().min(longest) + 1;
        // A buffer that grows would leave parts of a secret behind.
        let room = usize::try_from(room).unwrap_or_default();
        let mut content = Zeroizing::new(Vec::with_capacity(room));
        self.file.take(longest + 1).read_to_end(&mut content)?;
        if content.len() as u64 > longest {
            return Err(io::Error::other(format!("it is longer than {}", size(longest))));
        }
        Ok(content)
    }

    /// The same as text.
    ///
    /// # Errors
    /// As [`read`](Self::read), and another one where it is not UTF-8.
    pub fn read_text(self, longest: u64) -> io::Result<Secret> {
        let content = self.read(longest)?;
        let text = str::from_utf8(&content).map_err(|_| io::Error::other("it is not UTF-8 text"))?;
        Ok(Secret::new(text))
    }
}

fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    if bytes.is_multiple_of(MIB) {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{} KiB", bytes / KIB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_not_beyond() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "x".repeat(1024)).unwrap();
        let open = || RegularFile::open(file.path()).unwrap();
        assert_eq!(open().read_text(1024).unwrap().expose().len(), 1024);
        assert_eq!(open().metadata().len(), 1024);
        std::fs::write(file.path(), "x".repeat(1025)).unwrap();
        assert_eq!(
            open().read(1024).unwrap_err().to_string(),
            "it is longer than 1 KiB"
        );
        std::fs::write(file.path(), [0xff]).unwrap();
        assert_eq!(
            open().read_text(1024).unwrap_err().to_string(),
            "it is not UTF-8 text"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_nobody_writes_to_is_refused_at_once_and_so_is_a_device() {
        let folder = tempfile::TempDir::new().unwrap();
        let pipe = folder.path().join("pipe");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        for path in [&*pipe, Path::new("/dev/zero"), folder.path()] {
            let error = RegularFile::open(path).unwrap_err();
            assert_eq!(
                error.to_string(),
                "it is not a regular file",
                "{}",
                path.display()
            );
        }
    }
}
