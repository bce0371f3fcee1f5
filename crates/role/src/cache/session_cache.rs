use std::path::Path;
use std::time::SystemTime;

use rolewrap_core::Clock;

use super::entry_name::EntryName;
use super::folder::CacheFolder;
use super::key_lock::lock_key;
use super::sealed::{self, Sealed};
use super::search::{Outcome, Search};
use super::sweep::sweep_all;
use super::{
    CacheError, CacheNotice, Cached, FlightError, FlightFailure, Recipe, Sealable, SealingKey,
    SealingKeyStore, Wanted,
};

/// Sessions that the processes of one user share.
///
/// An entry that does not open is no entry, for whatever reason: it was cut, it is of another machine, of another
/// version, or its key is gone. It is replaced.
#[derive(Debug)]
pub struct SessionCache {
    pub(super) folder: CacheFolder,
    pub(super) key: SealingKey,
}

impl SessionCache {
    /// The cache in the folder at `path`, with its key in `store`. Both are made where they are not there.
    ///
    /// It blocks the thread: for as long as `store` takes, and up to two seconds for another process that makes or forgets the
    /// key. Within an asynchronous runtime, call it where a thread may block.
    ///
    /// # Errors
    /// [`CacheError`]. Whoever wants a session can do without a cache.
    pub fn open(path: &Path, store: &dyn SealingKeyStore) -> Result<Self, CacheError> {
        let folder = CacheFolder::create(path)?;
        if let Some(key) = load(store)? {
            return Ok(Self { folder, key });
        }
        // One process makes it. Where there are no locks, two may, and the later key is the one that counts.
        let _lock = lock_key(&folder)?;
        if let Some(key) = load(store)? {
            return Ok(Self { folder, key });
        }
        let key = SealingKey::random().map_err(|error| no_key(store, error.into()))?;
        store.keep(&key).map_err(|cause| no_key(store, cause))?;
        Ok(Self { folder, key })
    }

    /// As [`open`](Self::open), and makes nothing: `None` where there is no cache. It blocks the thread for as long as `store`
    /// takes, and waits for no other process.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn existing(path: &Path, store: &dyn SealingKeyStore) -> Result<Option<Self>, CacheError> {
        let Some(folder) = CacheFolder::open(path)? else {
            return Ok(None);
        };
        Ok(load(store)?.map(|key| Self { folder, key }))
    }

    /// Forgets all sessions, and the key: what another process is about to put in is of no use to anybody either.
    /// Says how many there were. It blocks the thread as [`open`](Self::open) does.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn clear(path: &Path, store: &dyn SealingKeyStore) -> Result<usize, CacheError> {
        let Some(folder) = CacheFolder::open(path)? else {
            store.forget().map_err(|cause| no_key(store, cause))?;
            return Ok(0);
        };
        let _lock = lock_key(&folder)?;
        // The files first: with the key they are worth something.
        let count = sweep_all(&folder);
        store.forget().map_err(|cause| no_key(store, cause))?;
        Ok(count)
    }

    /// All of a kind that can be opened and have not expired, the first to expire first.
    pub fn list<T: Sealable>(&self, now: SystemTime) -> Vec<Cached<T>> {
        let names = self.folder.names();
        let names = names
            .iter()
            .filter_map(|file| EntryName::parse(file.strip_suffix(T::SUFFIX)?));
        let entries = names.filter_map(|name| self.find::<T>(name));
        let mut entries: Vec<Cached<T>> = entries.filter(|entry| entry.value.expires_at() > now).collect();
        entries.sort_by_key(|entry| entry.value.expires_at());
        entries
    }

    /// What `recipe` makes, where it is in the cache and may be used at `now`. Nobody is asked or waited for.
    pub fn find_usable<T: Sealable>(
        &self,
        recipe: &Recipe,
        wanted: &Wanted,
        now: SystemTime,
        notice: &dyn Fn(CacheNotice<'_>),
    ) -> Option<T> {
        self.search::<T>(recipe, wanted, now, notice).usable(now)
    }

    /// What `recipe` makes: from the cache, or from another process that is asking for the same, or from `obtain`.
    /// `notice` is told what happens.
    ///
    /// Of all processes that want the same at the same time, one calls `obtain`. If it ends without a result, because
    /// it died, the next one does; if it failed, its failure is that of all that waited for it and whom it
    /// [concerns](FlightFailure::reach), and the next of the others does.
    ///
    /// # Errors
    /// [`FlightError`]: the error of `obtain`, here or in the process that was waited for.
    pub async fn obtain<T: Sealable, E: FlightFailure>(
        &self,
        recipe: &Recipe,
        wanted: &Wanted,
        clock: &dyn Clock,
        notice: &dyn Fn(CacheNotice<'_>),
        obtain: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<T, FlightError<E>> {
        let search = self.search::<T>(recipe, wanted, clock.now(), notice);
        if let Some(found) = search.usable(search.begun) {
            return Ok(found);
        }
        let _turn = match search.turn(clock).await {
            Ok(turn) => turn,
            Err(Outcome::Found(found)) => return Ok(found),
            Err(Outcome::Failed(text)) => return Err(FlightError::Elsewhere(text)),
        };
        match obtain().await {
            Ok(value) => {
                search.keep(&value, clock.now());
                Ok(value)
            }
            Err(error) => {
                search.keep_failure(&error, clock.now());
                Err(FlightError::Own(error))
            }
        }
    }

    fn search<'a, T: Sealable>(
        &'a self,
        recipe: &Recipe,
        wanted: &'a Wanted,
        begun: SystemTime,
        notice: &'a dyn Fn(CacheNotice<'_>),
    ) -> Search<'a> {
        Search {
            cache: self,
            name: recipe.name(&self.key, T::SUFFIX),
            wanted,
            begun,
            notice,
        }
    }

    pub(super) fn find<T: Sealable>(&self, name: EntryName) -> Option<Cached<T>> {
        let file = self.folder.read(&format!("{name}{}", T::SUFFIX))?;
        Cached::from_bytes(&sealed::open(&self.key, Sealed::Entry, name, &file)?)
    }
}

fn load(store: &dyn SealingKeyStore) -> Result<Option<SealingKey>, CacheError> {
    store.load().map_err(|cause| no_key(store, cause))
}

fn no_key(store: &dyn SealingKeyStore, cause: rolewrap_core::BoxError) -> CacheError {
    CacheError::NoKey {
        store: store.name(),
        cause,
    }
}
