use std::error::Error as StdError;

use thiserror::Error;

/// What another library reported, kept as the cause.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Why a source yielded no base credentials.
///
/// Every message reads on after "failed to". No variant may hold a secret, and the cause may not print one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The store answered, and there is nothing in it. The only error after which a
    /// [`FallbackOrder`](crate::FallbackOrder) goes on. The user puts the key where `reason` says, or names
    /// another source.
    #[error("find base credentials in source {name}: {reason}")]
    NotFound {
        /// The source.
        name: String,
        /// Where it looked.
        reason: String,
    },

    /// The source cannot work as it is configured. The user corrects `key`.
    #[error("use source {name}: {key}: {reason}")]
    InvalidConfiguration {
        /// The source.
        name: String,
        /// The configuration key, or the environment variable where a source reads no configuration.
        key: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The store is there and refused. The user obtains the permission or unlocks the store.
    #[error("read base credentials from source {name}: {reason}")]
    Denied {
        /// The source.
        name: String,
        /// What was refused, and what it would need.
        reason: String,
        /// What the store said.
        #[source]
        cause: Option<BoxError>,
    },

    /// The store could not be reached, or did not answer in time. The user tries again, or mends the network,
    /// the address or the service.
    #[error("reach source {name}: {reason}")]
    Unavailable {
        /// The source.
        name: String,
        /// What was tried.
        reason: String,
        /// What the connection reported.
        #[source]
        cause: Option<BoxError>,
    },

    /// There is something, and it is no usable key: half a pair, a field that is missing, a broken document.
    /// The user stores it again.
    #[error("use the base credentials from source {name}: {reason}")]
    Malformed {
        /// The source.
        name: String,
        /// What is wrong, by field name and without values.
        reason: String,
        /// What the parser reported.
        #[source]
        cause: Option<BoxError>,
    },

    /// What the store lent could not be given back. Nothing is lost: it ends by itself, later. The user revokes
    /// it, or allows the source to.
    #[error("revoke {lease} of source {name}: {reason}")]
    NotReleased {
        /// The source.
        name: String,
        /// What is still valid, with its id where it has one.
        lease: String,
        /// Why it is.
        reason: String,
        /// What the store said.
        #[source]
        cause: Option<BoxError>,
    },
}

impl SourceError {
    /// The name of the source that failed.
    pub fn source_name(&self) -> &str {
        match self {
            Self::NotFound { name, .. }
            | Self::InvalidConfiguration { name, .. }
            | Self::Denied { name, .. }
            | Self::Unavailable { name, .. }
            | Self::Malformed { name, .. }
            | Self::NotReleased { name, .. } => name,
        }
    }

    /// What went wrong, without the words around it.
    pub fn reason(&self) -> &str {
        match self {
            Self::NotFound { reason, .. }
            | Self::InvalidConfiguration { reason, .. }
            | Self::Denied { reason, .. }
            | Self::Unavailable { reason, .. }
            | Self::Malformed { reason, .. }
            | Self::NotReleased { reason, .. } => reason,
        }
    }
}
