//! Waiting for other processes that want the same session. The kernel frees a lock when its process ends, however it
//! ends.

use std::fs::{File, TryLockError};
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout_at};

use super::folder::CacheFolder;

/// How often a lock file may be swept away under our hands before we go on without.
const MOST_TRIES: usize = 16;
/// How often a lock is tried where no thread waits for it.
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
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

impl Lock {
    /// Locks `file`, however long that takes. The kernel says at once when it can be, to a thread that waits and that ends
    /// with the process where this is dropped first. A process that `runs_on` would gather such threads; it tries.
    pub(super) async fn take(self, file: File, runs_on: bool) -> io::Result<File> {
        if runs_on {
            return self.try_until_taken(file).await;
        }
        let locked = spawn_blocking(move || self.wait_until_taken(file)).await;
        locked.unwrap_or_else(|_| Err(io::Error::other("the thread that waited is gone")))
    }

    async fn try_until_taken(self, file: File) -> io::Result<File> {
        loop {
            let tried = match self {
                Self::Shared => file.try_lock_shared(),
                Self::Exclusive => file.try_lock(),
            };
            match tried {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => sleep(BETWEEN_TRIES).await,
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    fn wait_until_taken(self, file: File) -> io::Result<File> {
        loop {
            let locked = match self {
                Self::Shared => file.lock_shared(),
                Self::Exclusive => file.lock(),
            };
            match locked {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map(|()| file),
            }
        }
    }
}

/// Waits for a lock that is being taken, and says so once where that takes long.
pub(super) async fn wait(
    locking: impl Future<Output = io::Result<File>>,
    until: Instant,
    say: &mut impl FnMut(),
) -> Waited {
    let mut locking = pin!(locking);
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
        Ok(file) => Waited::Locked(file),
        Err(error) => Waited::NoLock(error),
    }
}
