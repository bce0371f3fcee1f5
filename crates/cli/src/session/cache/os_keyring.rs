use rolewrap_core::{BoxError, KeyringItem};
use rolewrap_role::cache::{SealingKey, SealingKeyStore};

/// The operating system's keyring, as the place for the key of the cache.
#[derive(Debug)]
pub(super) struct OsKeyring(KeyringItem);

impl OsKeyring {
    /// The store for the cache that is called `cache`: the path of its folder.
    pub(super) fn new(cache: &str) -> Self {
        Self(KeyringItem::new(&format!("session cache {cache}")))
    }
}

impl SealingKeyStore for OsKeyring {
    fn name(&self) -> &'static str {
        "the system's keyring"
    }

    fn load(&self) -> Result<Option<SealingKey>, BoxError> {
        let bytes = self.0.load()?;
        Ok(bytes.and_then(|bytes| SealingKey::from_bytes(&bytes)))
    }

    fn keep(&self, key: &SealingKey) -> Result<(), BoxError> {
        self.0.store(key.expose())
    }

    fn forget(&self) -> Result<(), BoxError> {
        self.0.remove()
    }
}
