use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rolewrap_core::RegularFile;
use serde::{Deserialize, Serialize};

use super::Digest;
use crate::error::Error;

/// The most bytes of a record: more than the largest configuration file has.
const LONGEST: u64 = 8 * 1024 * 1024;

/// What the user of this machine trusts: one file for each digest, and the digests that the command line names.
#[derive(Debug, Clone, Default)]
pub(crate) struct TrustStore {
    /// Where the files are. `None` where no home directory is known.
    folder: Option<PathBuf>,
    given: Vec<Digest>,
}

/// What is remembered of a content that was trusted, for lists and differences. Trust is in the digest alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TrustRecord {
    /// The project file that it was seen in.
    pub(crate) path: PathBuf,
    pub(crate) trusted_at: SystemTime,
    /// The part that needs trust, as it was shown.
    pub(crate) lines: Vec<String>,
}

impl TrustStore {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            given: Vec::new(),
        }
    }

    /// Trusts these as well, for as long as this process lives.
    pub(crate) fn trust_for_this_run(&mut self, digests: Vec<Digest>) {
        self.given.extend(digests);
    }

    /// Whether the content of this digest is trusted.
    ///
    /// # Errors
    /// The store can be written by others.
    pub(crate) fn trusts(&self, digest: &Digest) -> Result<bool, Error> {
        if self.given.contains(digest) {
            return Ok(true);
        }
        let Some(folder) = self.folder.as_deref().filter(|folder| is_there(folder)) else {
            return Ok(false);
        };
        let file = file_of(folder, digest);
        if !is_there(&file) {
            return Ok(false);
        }
        refuse_written_by_others(folder)?;
        refuse_written_by_others(&file)?;
        Ok(true)
    }

    /// Trusts the content of this digest from now on.
    ///
    /// # Errors
    /// There is no place to remember it, or the store can be written by others.
    pub(crate) fn add(&self, digest: &Digest, record: &TrustRecord) -> Result<(), Error> {
        let folder = self.known_folder()?;
        make_private_folder(folder).map_err(|error| not_kept(folder, &error))?;
        refuse_written_by_others(folder)?;
        let write = || {
            let text = serde_json::to_vec(record)?;
            let mut file = new_private_file(folder)?;
            file.1.write_all(&text)?;
            std::fs::rename(&file.0, file_of(folder, digest))
        };
        write().map_err(|error: io::Error| not_kept(folder, &error))
    }

    /// Trusts it no longer. Returns whether it did.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub(crate) fn remove(&self, digest: &Digest) -> Result<bool, Error> {
        let Some(folder) = &self.folder else {
            return Ok(false);
        };
        match std::fs::remove_file(file_of(folder, digest)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(not_kept(folder, &error)),
        }
    }

    /// All that is trusted, the latest first. What cannot be read is left out.
    pub(crate) fn records(&self) -> Vec<(Digest, TrustRecord)> {
        let entries = self
            .folder
            .as_deref()
            .and_then(|folder| std::fs::read_dir(folder).ok());
        let record = |entry: io::Result<std::fs::DirEntry>| {
            let path = entry.ok()?.path();
            let digest = format!("sha256:{}", path.file_stem()?.to_str()?).parse().ok()?;
            let text = RegularFile::open(&path).ok()?.read(LONGEST).ok()?;
            Some((digest, serde_json::from_slice(&text).ok()?))
        };
        let mut records: Vec<(Digest, TrustRecord)> =
            entries.into_iter().flatten().filter_map(record).collect();
        records.sort_by_key(|(_, record)| std::cmp::Reverse(record.trusted_at));
        records
    }

    /// What was trusted last of the project file at `path`.
    pub(crate) fn last_of(&self, path: &Path) -> Option<TrustRecord> {
        let mut records = self.records().into_iter().map(|(_, record)| record);
        records.find(|record| record.path == path)
    }

    fn known_folder(&self) -> Result<&Path, Error> {
        self.folder.as_deref().ok_or_else(|| {
            Error::new("there is no place to remember what is trusted")
                .cause("no home directory is known")
                .hint("set HOME or XDG_STATE_HOME; in a CI job, give the digest with --trust")
        })
    }
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn file_of(folder: &Path, digest: &Digest) -> PathBuf {
    folder.join(format!("{}.json", digest.hex()))
}

fn not_kept(folder: &Path, error: &io::Error) -> Error {
    Error::new(format!("cannot change what is trusted, in {}", folder.display())).cause(error)
}

/// Makes a folder that nobody else can read, and those above it.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file of our own in `folder`, to be given its name once it is whole.
pub(crate) fn new_private_file(folder: &Path) -> io::Result<(PathBuf, std::fs::File)> {
    let path = folder.join(format!(".{:016x}.new", fastrand::u64(..)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    Ok((path, file))
}

/// Whether somebody else could have written what is at `path`.
pub(crate) fn is_written_by_others(path: &Path) -> bool {
    refuse_written_by_others(path).is_err()
}

/// Refuses a store that somebody else could have written: they could have trusted their own file for you.
#[cfg(unix)]
fn refuse_written_by_others(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;

    const WRITABLE_BY_OTHERS: u32 = 0o022;
    let user = rustix::process::geteuid().as_raw();
    let refused = |cause: String| {
        Err(Error::new(format!(
            "{} says what you trust, and others can write it",
            path.display()
        ))
        .cause(cause)
        .hint("see who changed it; then remove it, and run `rolewrap trust` again"))
    };
    match path.symlink_metadata() {
        Err(error) => refused(error.to_string()),
        Ok(metadata) if metadata.is_symlink() => refused("it is a link".to_owned()),
        Ok(metadata) if metadata.uid() != user => refused(format!(
            "its owner is user id {}, and you are {user}",
            metadata.uid()
        )),
        Ok(metadata) if metadata.mode() & WRITABLE_BY_OTHERS != 0 => {
            refused(format!("its mode is {:04o}", metadata.mode() & 0o7777))
        }
        Ok(_) => Ok(()),
    }
}

/// Other systems have no owner that the standard library can read; the folder is in the user's own profile there.
#[cfg(not(unix))]
fn refuse_written_by_others(_path: &Path) -> Result<(), Error> {
    Ok(())
}
