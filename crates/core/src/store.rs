use async_trait::async_trait;

use crate::{BaseCredentialSource, BaseCredentials, Held, SourceError};

/// A source that base credentials can also be put into.
///
/// # Contract
/// - What was stored is what the next [`load`](BaseCredentialSource::load) yields.
/// - Storing replaces what was there, in one step: nobody ever reads half a key.
/// - After removing, `load` fails with [`SourceError::NotFound`].
/// - [`held`](Self::held) and the change after it need one login. Secrets for a login may be good for one.
/// - The contract of [`BaseCredentialSource`] about silence, bounds and cancelling holds for these methods too.
#[async_trait]
pub trait BaseCredentialStore: BaseCredentialSource {
    /// Says what is there, so that a person can be asked before it is changed. A login that this needs may be kept for the
    /// change. So [`store`](Self::store), [`remove`](Self::remove) or [`leave`](Self::leave) comes next.
    ///
    /// # Errors
    /// Those of [`load`](BaseCredentialSource::load), but for [`SourceError::NotFound`] and
    /// [`SourceError::Malformed`], which are answers here.
    async fn held(&self) -> Result<Held, SourceError> {
        match self.load().await {
            Ok(present) => {
                // What is not given back ends by itself, later.
                let _ = self.release(&present).await;
                Ok(Held::Key(present.access_key_id().to_owned()))
            }
            Err(SourceError::NotFound { .. }) => Ok(Held::Nothing),
            Err(SourceError::Malformed { .. }) => Ok(Held::Unreadable),
            Err(error) => Err(error),
        }
    }

    /// Gives back what [`held`](Self::held) kept for a change that does not come.
    async fn leave(&self) {}

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
