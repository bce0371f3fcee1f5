use std::path::PathBuf;

use rolewrap_role::cache::{CacheError, SealingKeyStore, SessionCache};

use super::os_keyring::OsKeyring;
use crate::configuration::cache_folder;
use crate::plan::CacheStore;
use crate::session::World;

/// Where the cache is: its folder, and what keeps its key.
pub(super) struct Place {
    folder: PathBuf,
    store: Box<dyn SealingKeyStore>,
}

impl Place {
    pub(super) fn new(world: &World<'_>, store: CacheStore) -> Result<Self, CacheError> {
        let folder = cache_folder(&*world.system.environment).ok_or(CacheError::NoPlace)?;
        let folder = folder.join("sessions");
        let name = folder.display().to_string();
        let store: Box<dyn SealingKeyStore> = match store {
            #[cfg(target_os = "linux")]
            CacheStore::Kernel => Box::new(rolewrap_role::cache::KernelKeyring::new(&name)),
            _ => Box::new(OsKeyring::new(&name)),
        };
        Ok(Self { folder, store })
    }

    pub(super) fn open(&self) -> Result<SessionCache, CacheError> {
        SessionCache::open(&self.folder, &*self.store)
    }

    pub(super) fn existing(&self) -> Result<Option<SessionCache>, CacheError> {
        SessionCache::existing(&self.folder, &*self.store)
    }

    pub(super) fn clear(&self) -> Result<usize, CacheError> {
        SessionCache::clear(&self.folder, &*self.store)
    }
}
