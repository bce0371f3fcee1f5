use async_trait::async_trait;

use crate::{BaseCredentialSource, BaseCredentials, SourceError};

/// A source that base credentials can also be put into, so that `rolewrap source add` can bring them there.
///
/// # Contract
/// - What was stored is what the next [`load`](BaseCredentialSource::load) yields.
/// - Storing replaces what was there, in one step: nobody ever reads half a key.
/// - After removing, `load` fails with [`SourceError::NotFound`].
/// - The contract of [`BaseCredentialSource`] about silence, bounds and cancelling holds for these methods too.
#[async_trait]
pub trait BaseCredentialStore: BaseCredentialSource {
    /// Puts `credentials` into the store.
    ///
    /// # Errors
    /// [`SourceError::Denied`] where the store does not let itself be written to, [`SourceError::Unavailable`]
    /// where it cannot be reached, [`SourceError::InvalidConfiguration`] where it has no place for them.
    async fn store(&self, credentials: &BaseCredentials) -> Result<(), SourceError>;

    /// Removes what is stored.
    ///
    /// # Errors
    /// [`SourceError::NotFound`] where there is nothing, and those of [`store`](Self::store).
    async fn remove(&self) -> Result<(), SourceError>;
}
