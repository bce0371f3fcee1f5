use std::time::SystemTime;

use super::CacheError;

/// What happens while something is looked for in the cache. The caller tells the user as much of it as is worth
/// telling.
#[derive(Debug)]
#[non_exhaustive]
pub enum CacheNotice<'a> {
    /// It was there: from an earlier process, or from the one that this one waited for.
    Found {
        /// When it came.
        issued_at: SystemTime,
        /// When it expires.
        expires_at: SystemTime,
    },
    /// Another process is asking for the same, and this one has waited for some seconds.
    Waiting,
    /// The other process took too long, so this one asks too.
    WaitedTooLong,
    /// Processes cannot wait for each other here, for instance because the file system has no locks. Each asks by
    /// itself.
    NoLock(&'a std::io::Error),
    /// It came, and was not kept.
    NotKept(&'a CacheError),
}
