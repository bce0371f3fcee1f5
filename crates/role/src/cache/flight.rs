//! Waiting for other processes that want the same session. The kernel frees a lock when its process ends, however it
//! ends.

use std::fs::{File, TryLockError};
use std::io;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use super::folder::CacheFolder;

/// How often a lock file may be swept away under our hands before we go on without.
const MOST_TRIES: usize = 16;
/// How long a person waits without wondering.
const PATIENCE: Duration = Duration::from_secs(2);

/// What came of an attempt to be the one that asks.
pub(super) enum Turn {
    /// It is this process's turn, as long as the file is open.
    Ours(File),
    /// Another process is asking.
    Taken(File),
    /// There are no locks here.
    NoLock(io::Error),
}

/// How a wait ended.
pub(super) enum Waited {
    /// The lock is held, as long as the file is open.
    Locked(File),
    /// The limit was reached.
    TooLong,
    /// There are no locks here.
    NoLock(io::Error),
}

/// Takes the turn if nobody has it.
pub(super) fn take_turn(folder: &CacheFolder, name: &str) -> Turn {
    for _ in 0..MOST_TRIES {
        let file = match folder.lock_file(name) {
            Ok(file) => file,
            Err(error) => return Turn::NoLock(error),
        };
        match file.try_lock() {
            Ok(()) if folder.still_has(name, &file) => return Turn::Ours(file),
            // Swept away in between: a lock on it keeps nobody out.
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Turn::Taken(file),
            Err(TryLockError::Error(error)) => return Turn::NoLock(error),
        }
    }
    Turn::NoLock(io::Error::other("the lock file keeps going away"))
}

/// Whom the lock that is waited for keeps out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// Only who asks: all that wait look at the outcome at once.
    Shared,
    /// Everybody.
    Exclusive,
}

/// Waits until `file` can be locked, and says so once where that takes long.
pub(super) async fn wait(file: File, lock: Lock, until: Instant, say: &mut impl FnMut()) -> Waited {
    // On a thread of its own, which ends with the process where the limit is reached first.
    let mut locking = spawn_blocking(move || {
        loop {
            let locked = match lock {
                Lock::Shared => file.lock_shared(),
                Lock::Exclusive => file.lock(),
            };
            match locked {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map(|()| file),
            }
        }
    });
    let patience = until.min(Instant::now() + PATIENCE);
    let locked = match timeout_at(patience, &mut locking).await {
        Ok(locked) => locked,
        Err(_) if patience == until => return Waited::TooLong,
        Err(_) => {
            say();
            match timeout_at(until, locking).await {
                Ok(locked) => locked,
                Err(_) => return Waited::TooLong,
            }
        }
    };
    match locked {
        Ok(Ok(file)) => Waited::Locked(file),
        Ok(Err(error)) => Waited::NoLock(error),
        Err(_) => Waited::NoLock(io::Error::other("the thread that waited is gone")),
    }
}
