use std::fmt;

use async_trait::async_trait;

use crate::{BaseCredentials, SourceError, SourceFingerprint};

/// A place that base credentials come from: the environment, a keyring, a secret server.
///
/// # Contract
/// An implementation keeps all of these. The `contract` module, behind the feature of that name, checks most of them, and
/// says which and how far.
///
/// - **Fresh.** Each [`load`](Self::load) asks the store again. A key that was rotated is picked up by the next
///   call; nothing is remembered between two calls except connections and the store's own login.
/// - **Absent is not broken.** [`SourceError::NotFound`] means that the store answered and holds nothing.
///   Everything else (no permission, no answer, half a key) is one of the other variants, because a fallback
///   order goes on after "not found" and stops after the rest.
/// - **Whole or not at all.** Credentials are returned when both halves were read in one piece.
/// - **Silent.** Nothing is printed or logged. No secret appears in an error, in its causes or in `Debug`.
/// - **Bounded.** `load` ends within a time that the source documents, also when the store does not answer.
/// - **Cancellable.** Dropping the future at any await point leaves the store and the source usable.
/// - **Injected.** Environment and clock are handed in; no process-wide state is read or changed.
#[async_trait]
pub trait BaseCredentialSource: fmt::Debug + Send + Sync {
    /// The name that the user gave this source, or its kind where no name was given. It never changes.
    fn name(&self) -> &str;

    /// Environment variables that feed this source beyond the standard AWS ones. The command that runs
    /// afterwards does not get them.
    fn environment_variables(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What the user should know before this source is asked, in a sentence each: that it is reached without
    /// encryption, for instance. The program prints them; the source prints nothing.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// What the base credentials are told apart by that this source would load, without asking its store and without
    /// waiting for anybody. A session is found again by it. `None`, which is the default, where that cannot be said,
    /// because it costs too much or because the source would fail: then no session is found.
    fn fingerprint(&self) -> Option<SourceFingerprint> {
        None
    }

    /// Whether `credentials` are worth keeping for somebody who needs base credentials again while nobody looks: because
    /// loading them again may ask a person (to unlock a keyring, for a password, by whatever a program does), or cannot
    /// be done at all, since what the source logged in with was for one time.
    fn is_worth_keeping(&self, credentials: &BaseCredentials) -> bool {
        let _ = credentials;
        false
    }

    /// Reads the base credentials from the store.
    ///
    /// # Errors
    /// See [`SourceError`]: each variant says what it means and what the user does about it.
    async fn load(&self) -> Result<BaseCredentials, SourceError>;

    /// Gives back what the store lent with `credentials`: see [`BaseCredentials::lease`]. It is called as soon as
    /// STS has answered, whatever it said, since a session does not depend on the key that asked for it.
    /// Credentials without a lease need no release, and a source that lends nothing does nothing here.
    ///
    /// # Errors
    /// [`SourceError::NotReleased`], which names the lease. It is no reason not to go on.
    async fn release(&self, credentials: &BaseCredentials) -> Result<(), SourceError> {
        let _ = credentials;
        Ok(())
    }
}
