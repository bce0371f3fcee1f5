use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_lc_rs::rand;
use rustix::fs::{AtFlags, Dir, Mode, OFlags};
use rustix::io::Errno;

use super::CacheError;

/// The most bytes of an entry. A session has some two kilobytes.
const LONGEST: u64 = 64 * 1024;
const PRIVATE_FOLDER: Mode = Mode::RWXU;
const PRIVATE_FILE: Mode = Mode::RUSR.union(Mode::WUSR);

/// The folder of the cache, open. Everything in it is reached through the descriptor, so nobody can put another folder
/// in its place between the check and the use.
#[derive(Debug)]
pub(super) struct CacheFolder {
    folder: OwnedFd,
    path: PathBuf,
}

impl CacheFolder {
    /// Opens the folder at `path`, and makes it and its parent where they are not there.
    pub(super) fn create(path: &Path) -> Result<Self, CacheError> {
        let failed = |cause| io_error(path, cause);
        let (parent, name) = split(path).ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        let (base, parent_name) = split(parent).ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        // Making a folder locks the one above it, also where there is nothing to make: many runs at once would notice.
        let base = match open_base(base) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let made = DirBuilder::new().recursive(true).mode(0o700).create(base);
                made.and_then(|()| open_base(base))
            }
            opened => opened,
        };
        let base = base.map_err(failed)?;
        let ours = open_or_make(&base, parent_name, parent, 0o022)?;
        let folder = open_or_make(&ours, name, path, 0o077)?;
        Ok(Self {
            folder,
            path: path.to_owned(),
        })
    }

    /// Opens the folder at `path`, if there is one.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, CacheError> {
        match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Self::create(path).map(Some),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The content of the file called `name`; `None` where there is none that is ours alone.
    pub(super) fn read(&self, name: &str) -> Option<Vec<u8>> {
        // A pipe would block without NONBLOCK.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = File::from(rustix::fs::openat(&self.folder, name, flags, Mode::empty()).ok()?);
        let metadata = file.metadata().ok()?;
        if !metadata.is_file() || !is_private(&metadata, 0o077) || metadata.len() > LONGEST {
            return None;
        }
        let room = usize::try_from(metadata.len()).ok()? + 1;
        let mut content = Vec::with_capacity(room);
        file.take(LONGEST).read_to_end(&mut content).ok()?;
        Some(content)
    }

    /// Puts a file in the place of the one called `name`. Who reads sees the old one or the new one, whole.
    ///
    /// It is not synchronised to the disk: a file that a crash of the machine cuts does not open, and the key that
    /// would open it is gone with the crash.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> Result<(), CacheError> {
        let mut random = [0; 8];
        rand::fill(&mut random).map_err(|_| io_error(&self.path, io::Error::other("no random numbers")))?;
        let temporary = format!(".{name}.{:016x}.new", u64::from_be_bytes(random));
        let written = self.write_new(&temporary, content).and_then(|()| {
            Ok(rustix::fs::renameat(
                &self.folder,
                &temporary,
                &self.folder,
                name,
            )?)
        });
        written.map_err(|cause| {
            self.remove(&temporary);
            io_error(&self.path, cause)
        })
    }

    fn write_new(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(rustix::fs::openat(&self.folder, name, flags, PRIVATE_FILE)?);
        file.write_all(content)
    }

    /// The file called `name`, to lock it. It is never written.
    pub(super) fn lock_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = File::from(rustix::fs::openat(&self.folder, name, flags, PRIVATE_FILE)?);
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        Ok(file)
    }

    /// Whether `file` is still the one called `name`.
    pub(super) fn still_has(&self, name: &str, file: &File) -> bool {
        let there = rustix::fs::statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW);
        // The type of a device number differs between systems and from that of std, so both come from rustix.
        matches!((there, rustix::fs::fstat(file)), (Ok(there), Ok(ours))
            if (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino))
    }

    /// Removes the file called `name`, if there is one.
    pub(super) fn remove(&self, name: &str) -> bool {
        rustix::fs::unlinkat(&self.folder, name, AtFlags::empty()).is_ok()
    }

    /// The names of all files.
    pub(super) fn names(&self) -> Vec<String> {
        let Ok(folder) = Dir::read_from(&self.folder) else {
            return Vec::new();
        };
        folder
            .filter_map(|entry| entry.ok()?.file_name().to_str().ok().map(str::to_owned))
            .collect()
    }

    /// When the file called `name` was written last.
    pub(super) fn written_at(&self, name: &str) -> Option<SystemTime> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = rustix::fs::openat(&self.folder, name, flags, Mode::empty()).ok()?;
        File::from(file).metadata().ok()?.modified().ok()
    }
}

fn split(path: &Path) -> Option<(&Path, &str)> {
    Some((path.parent()?, path.file_name()?.to_str()?))
}

/// The folder at `path`, whoever it belongs to. A pipe in its place would block whoever opens it.
fn open_base(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    Ok(rustix::fs::open(path, flags, Mode::empty())?)
}

/// As [`open_folder`], and makes it where it is not there.
fn open_or_make(parent: &OwnedFd, name: &str, path: &Path, forbidden: u32) -> Result<OwnedFd, CacheError> {
    match open_folder(parent, name, path, forbidden) {
        Err(CacheError::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {}
        outcome => return outcome,
    }
    match rustix::fs::mkdirat(parent, name, PRIVATE_FOLDER) {
        Err(Errno::EXIST) | Ok(()) => open_folder(parent, name, path, forbidden),
        Err(error) => Err(io_error(path, error.into())),
    }
}

/// Opens a folder that nobody else can change, or even read: `forbidden` are the bits of its mode that nobody may have.
fn open_folder(parent: &OwnedFd, name: &str, path: &Path, forbidden: u32) -> Result<OwnedFd, CacheError> {
    let refused = |reason: String| CacheError::Unsafe {
        folder: path.to_owned(),
        reason,
    };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::openat(parent, name, flags, Mode::empty()).map_err(|error| {
        if path.is_symlink() {
            refused("is a symbolic link, so somebody else may have chosen where it leads".to_owned())
        } else {
            io_error(path, error.into())
        }
    })?;
    let folder = File::from(folder);
    let metadata = folder.metadata().map_err(|error| io_error(path, error))?;
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() != user {
        return Err(refused(format!(
            "belongs to the user with the id {}, and you are {user}",
            metadata.uid()
        )));
    }
    if !is_private(&metadata, forbidden) {
        let what = if metadata.mode() & 0o022 == 0 {
            "read"
        } else {
            "change"
        };
        return Err(refused(format!(
            "has the mode {:o}, so other users can {what} it",
            metadata.mode() & 0o7777
        )));
    }
    Ok(folder.into())
}

/// Whether it is this user's, without the `forbidden` bits in its mode.
fn is_private(metadata: &std::fs::Metadata, forbidden: u32) -> bool {
    metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & forbidden == 0
}

fn io_error(folder: &Path, cause: io::Error) -> CacheError {
    CacheError::Io {
        folder: folder.to_owned(),
        cause,
    }
}
