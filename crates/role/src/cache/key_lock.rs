//! The lock under which the key of a cache is made and forgotten.

use std::fs::{File, TryLockError};
use std::time::{Duration, Instant};

use super::CacheError;
use super::folder::CacheFolder;

const FILE: &str = "key.lock";
/// A key is made in no time, unless a person has to unlock the store of it.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock; `None` where there are no locks.
///
/// # Errors
/// [`CacheError::Locked`] where somebody keeps it. It is not waited for in the kernel: a signal would not end that.
pub(super) fn lock_key(folder: &CacheFolder) -> Result<Option<File>, CacheError> {
    let Ok(file) = folder.lock_file(FILE) else {
        return Ok(None);
    };
    let until = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                return Err(CacheError::Locked {
                    file: folder.path().join(FILE),
                    holder: holder(&file),
                });
            }
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
}

/// The process that has locked `file`, as Linux lists it.
#[cfg(target_os = "linux")]
fn holder(file: &File) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata().ok()?;
    let (major, minor) = (
        rustix::fs::major(metadata.dev()),
        rustix::fs::minor(metadata.dev()),
    );
    let wanted = format!("{major:02x}:{minor:02x}:{}", metadata.ino());
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    // 1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[_, "FLOCK", _, "WRITE", process, place, ..] = words.as_slice() else {
            return None;
        };
        (place == wanted).then(|| process.parse().ok())?
    })
}

#[cfg(not(target_os = "linux"))]
fn holder(_file: &File) -> Option<u32> {
    None
}
