use super::{CacheError, CachedSession};

/// What happens while a session is looked for. The caller tells the user as much of it as is worth telling.
#[derive(Debug)]
#[non_exhaustive]
pub enum CacheNotice<'a> {
    /// A session was there, put there by this user earlier or by the process that this one waited for.
    Found(&'a CachedSession),
    /// Another process is asking for the same session, and this one has waited for some seconds.
    Waiting,
    /// The other process took too long, so this one asks too.
    WaitedTooLong,
    /// Processes cannot wait for each other here, for instance because the file system has no locks. Each asks by
    /// itself.
    NoLock(&'a std::io::Error),
    /// The session is there and was not kept.
    NotKept(&'a CacheError),
}
