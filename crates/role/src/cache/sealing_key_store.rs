use std::fmt;

use rolewrap_core::BoxError;

use super::SealingKey;

/// Where the key of a cache is kept: a place that other users cannot read, and that is no file.
///
/// A store keeps one key for each cache folder; who makes one knows for which. What it holds under its name and is
/// no key of ours counts as absent.
///
/// The methods block the thread for as long as the store takes; an implementation says how long that can be.
pub trait SealingKeyStore: fmt::Debug + Send + Sync {
    /// What it is, for messages: `the kernel's keyring`.
    fn name(&self) -> &'static str;

    /// The key, where there is one.
    ///
    /// # Errors
    /// Where the store is not there or refuses.
    fn load(&self) -> Result<Option<SealingKey>, BoxError>;

    /// Keeps `key` in the place of any other.
    ///
    /// # Errors
    /// Where the store is not there or refuses.
    fn keep(&self, key: &SealingKey) -> Result<(), BoxError>;

    /// Forgets the key. All that was sealed with it is lost. No key is no error.
    ///
    /// # Errors
    /// Where the store is not there or refuses.
    fn forget(&self) -> Result<(), BoxError>;
}
