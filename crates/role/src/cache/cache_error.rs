use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use rolewrap_core::BoxError;
use thiserror::Error;

/// Why sessions cannot be cached. It is never a reason not to run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CacheError {
    /// The folder could be read or replaced by somebody else. The user corrects that, or removes the folder.
    #[error("the folder {} {reason}", .folder.display())]
    Unsafe {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder cannot be made, read or written. The user makes room, or gives the cache another place.
    #[error("the folder {} cannot be used: {cause}", .folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The key of the cache has no safe place.
    #[error("{store} cannot keep the key of the session cache: {cause}")]
    NoKey {
        /// Where it was to be.
        store: &'static str,
        /// Why not.
        #[source]
        cause: BoxError,
    },
    /// Another process keeps the lock under which the key is made and forgotten. The user ends that process.
    #[error(
        "{} keeps the lock {} and does not give it back",
        holder.map_or_else(|| "another process".to_owned(), |id| format!("process {id}")),
        .file.display()
    )]
    Locked {
        /// The file that is locked.
        file: PathBuf,
        /// The id of the process, where the system says it.
        holder: Option<u32>,
    },
    /// What came would outlive what was asked for, so nothing says how long it is good. The user sets the clock, or looks
    /// what answers in STS's place.
    #[error(
        "it expires at {}, and was asked for {} at most: this machine's clock is wrong, or what answered is not AWS STS",
        humantime::format_rfc3339_seconds(*.expires_at),
        humantime::format_duration(*.longest)
    )]
    TooLong {
        /// When it expires, as it says.
        expires_at: SystemTime,
        /// How long it may live.
        longest: Duration,
    },
    /// Nothing says where this user's caches are. The user sets `HOME`.
    #[error("there is no folder for it: neither HOME nor XDG_CACHE_HOME has a full path")]
    NoPlace,
    /// This system's folders cannot be checked for what other users may do there.
    #[error("on this system, nothing is known about who may read a folder")]
    Unsupported,
}
