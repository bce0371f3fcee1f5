use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rolewrap_core::Clock;
use tokio::time::Instant;

use super::entry_name::EntryName;
use super::failure_record::FailureRecord;
use super::flight::{Lock, Turn, Waited, take_turn, wait};
use super::folder::CacheFolder;
use super::sealed::{self, Sealed};
use super::sweep::{FAILURE, LOCK, SESSION, entry_of, sweep, sweep_all};
use super::{
    CacheError, CacheNotice, CachedSession, FlightError, Recipe, SealingKey, SealingKeyStore, Wanted,
};
use crate::Session;

/// What is locked while a key is made.
const KEY_LOCK: &str = "key.lock";
/// How long a failure may be of interest: to those that waited for it.
const FAILURE_KEPT: Duration = Duration::from_hours(1);

/// Sessions that the processes of one user share.
///
/// An entry that does not open is no entry, for whatever reason: it was cut, it is of another machine, of another
/// version, or its key is gone. It is replaced.
#[derive(Debug)]
pub struct SessionCache {
    folder: CacheFolder,
    key: SealingKey,
}

impl SessionCache {
    /// The cache in the folder at `path`, with its key in `store`. Both are made where they are not there.
    ///
    /// # Errors
    /// [`CacheError`]. Whoever wants a session can do without a cache.
    pub fn open(path: &Path, store: &dyn SealingKeyStore) -> Result<Self, CacheError> {
        let folder = CacheFolder::create(path)?;
        if let Some(key) = load(store)? {
            return Ok(Self { folder, key });
        }
        // One process makes it. Where there are no locks, two may, and the later key is the one that counts.
        let _lock = lock_key(&folder);
        if let Some(key) = load(store)? {
            return Ok(Self { folder, key });
        }
        let key = SealingKey::random().map_err(|error| no_key(store, error.into()))?;
        store.keep(&key).map_err(|cause| no_key(store, cause))?;
        Ok(Self { folder, key })
    }

    /// As [`open`](Self::open), and makes nothing: `None` where there is no cache.
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
    /// Says how many there were.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn clear(path: &Path, store: &dyn SealingKeyStore) -> Result<usize, CacheError> {
        let Some(folder) = CacheFolder::open(path)? else {
            return Ok(0);
        };
        let _lock = lock_key(&folder);
        // The files first: with the key they are worth something.
        let count = sweep_all(&folder);
        store.forget().map_err(|cause| no_key(store, cause))?;
        Ok(count)
    }

    /// All sessions that can be opened and have not expired, the first to expire first.
    pub fn list(&self, now: SystemTime) -> Vec<CachedSession> {
        let names = self.folder.names();
        let entries = names.iter().filter_map(|file| self.find(entry_of(file)?));
        let mut entries: Vec<_> = entries.filter(|entry| entry.session.expires_at() > now).collect();
        entries.sort_by_key(|entry| entry.session.expires_at());
        entries
    }

    /// A session for `recipe`: one of the cache, or the one that another process is asking for, or the one that
    /// `obtain` gets. `notice` is told what happens.
    ///
    /// Of all processes that want the same at the same time, one calls `obtain`. If it ends without a session, because
    /// it died, the next one does; if it failed, its failure is that of all that waited for it.
    ///
    /// # Errors
    /// [`FlightError`]: the error of `obtain`, here or in the process that was waited for.
    pub async fn session<E: fmt::Display>(
        &self,
        recipe: &Recipe,
        wanted: &Wanted,
        clock: &Arc<dyn Clock>,
        notice: &dyn Fn(CacheNotice<'_>),
        obtain: impl AsyncFnOnce() -> Result<Session, E>,
    ) -> Result<Session, FlightError<E>> {
        let search = Search {
            cache: self,
            name: recipe.name(&self.key),
            wanted,
            begun: clock.now(),
            notice,
        };
        if let Some(found) = search.usable(search.begun) {
            return Ok(found);
        }
        let _turn = match search.turn(&**clock).await {
            Ok(turn) => turn,
            Err(Outcome::Session(session)) => return Ok(session),
            Err(Outcome::Failure(text)) => return Err(FlightError::Elsewhere(text)),
        };
        match obtain().await {
            Ok(session) => {
                search.keep(&session, clock.now());
                Ok(session)
            }
            Err(error) => {
                search.keep_failure(error.to_string(), clock.now());
                Err(FlightError::Own(error))
            }
        }
    }

    fn find(&self, name: EntryName) -> Option<CachedSession> {
        let file = self.folder.read(&format!("{name}{SESSION}"))?;
        CachedSession::from_bytes(&sealed::open(&self.key, Sealed::Session, name, &file)?)
    }
}

/// How another process's attempt ended.
enum Outcome {
    Session(Session),
    Failure(String),
}

/// One search for a session.
struct Search<'a> {
    cache: &'a SessionCache,
    name: EntryName,
    wanted: &'a Wanted,
    begun: SystemTime,
    notice: &'a dyn Fn(CacheNotice<'_>),
}

impl Search<'_> {
    /// The session of the cache, where it may be used.
    fn usable(&self, now: SystemTime) -> Option<Session> {
        let entry = self.cache.find(self.name)?;
        let expires_at = entry.session.expires_at();
        // What came after this search began is as fresh as anything that this process could get.
        let is_new = entry.issued_at >= self.begun && entry.issued_at <= now && expires_at > now;
        let is_fresh = self.wanted.freshness.allows(entry.issued_at, expires_at, now);
        if is_new || (is_fresh && !self.wanted.refresh) {
            (self.notice)(CacheNotice::Found(&entry));
            return Some(entry.session);
        }
        None
    }

    /// Waits until it is this process's turn to ask, or until another one has asked.
    async fn turn(&self, clock: &dyn Clock) -> Result<Option<File>, Outcome> {
        let (folder, lock_name) = (&self.cache.folder, format!("{}{LOCK}", self.name));
        let until = Instant::now() + self.wanted.wait_at_most;
        let mut has_said = false;
        let mut say = || {
            if !std::mem::replace(&mut has_said, true) {
                (self.notice)(CacheNotice::Waiting);
            }
        };
        loop {
            let file = match take_turn(folder, &lock_name) {
                Turn::Ours(file) => {
                    // Another one may have come and gone since this process looked.
                    return match self.outcome(clock.now()) {
                        Some(outcome) => Err(outcome),
                        None => Ok(Some(file)),
                    };
                }
                Turn::Taken(file) => file,
                Turn::NoLock(error) => return Ok(self.without_lock(&error)),
            };
            // All that wait look at the outcome at once. If there is none, they queue.
            let mut file = file;
            for lock in [Lock::Shared, Lock::Exclusive] {
                file = match wait(file, lock, until, &mut say).await {
                    Waited::Locked(file) => file,
                    Waited::TooLong => {
                        (self.notice)(CacheNotice::WaitedTooLong);
                        return Ok(None);
                    }
                    Waited::NoLock(error) => return Ok(self.without_lock(&error)),
                };
                if let Some(outcome) = self.outcome(clock.now()) {
                    return Err(outcome);
                }
                // Converting a lock may deadlock where two do it; freeing it first cannot.
                if lock == Lock::Shared {
                    let _ = file.unlock();
                }
            }
            if folder.still_has(&lock_name, &file) {
                return Ok(Some(file));
            }
        }
    }

    fn without_lock(&self, error: &std::io::Error) -> Option<File> {
        (self.notice)(CacheNotice::NoLock(error));
        None
    }

    fn outcome(&self, now: SystemTime) -> Option<Outcome> {
        if let Some(session) = self.usable(now) {
            return Some(Outcome::Session(session));
        }
        let file = self.cache.folder.read(&self.file(FAILURE))?;
        let content = sealed::open(&self.cache.key, Sealed::Failure, self.name, &file)?;
        let failure = FailureRecord::from_bytes(&content)?;
        // Who came later tries again.
        let is_ours = failure.at >= self.begun && failure.at <= now;
        is_ours.then_some(Outcome::Failure(failure.text))
    }

    fn keep(&self, session: &Session, now: SystemTime) {
        let expires_at = session.expires_at();
        let entry = CachedSession {
            session: session.clone(),
            issued_at: now,
            label: self.wanted.label.clone(),
        };
        if let Err(error) = self.write(SESSION, Sealed::Session, expires_at, entry.to_bytes()) {
            (self.notice)(CacheNotice::NotKept(&error));
        }
        self.cache.folder.remove(&self.file(FAILURE));
        sweep(&self.cache.folder, now);
    }

    fn keep_failure(&self, text: String, now: SystemTime) {
        let content = FailureRecord { at: now, text }.to_bytes();
        // Those that wait ask for themselves where they find nothing.
        let _ = self.write(FAILURE, Sealed::Failure, now + FAILURE_KEPT, content);
    }

    fn write(
        &self,
        suffix: &str,
        what: Sealed,
        useless_from: SystemTime,
        content: zeroize::Zeroizing<Vec<u8>>,
    ) -> Result<(), CacheError> {
        let folder = &self.cache.folder;
        let sealed = sealed::seal(&self.cache.key, what, self.name, useless_from, content);
        let sealed = sealed.ok_or_else(|| CacheError::Io {
            folder: folder.path().to_owned(),
            cause: std::io::Error::other("the system gives no random numbers"),
        })?;
        folder.write(&self.file(suffix), &sealed)
    }

    fn file(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.name)
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

/// Nobody waits long here: a key is made in no time.
fn lock_key(folder: &CacheFolder) -> Option<File> {
    let file = folder.lock_file(KEY_LOCK).ok()?;
    file.lock().ok()?;
    Some(file)
}
