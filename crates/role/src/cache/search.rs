use std::fs::File;
use std::io;
use std::time::{Duration, SystemTime};

use rolewrap_core::Clock;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::entry_name::EntryName;
use super::failure_record::FailureRecord;
use super::flight::{Lock, Turn, Waited, take_turn, wait};
use super::sealed::{self, Sealed};
use super::sweep::{FAILURE, LOCK, sweep};
use super::{CacheError, CacheNotice, Cached, FailureReach, FlightFailure, Sealable, SessionCache, Wanted};

/// How long a failure may be of interest: to those that waited for it.
const FAILURE_KEPT: Duration = Duration::from_hours(1);

/// How wrong a clock may be: AWS takes signatures that are five minutes off.
const TOLERANCE: Duration = Duration::from_mins(5);

/// How another process's attempt ended.
pub(super) enum Outcome<T> {
    Found(T),
    Failed(String),
}

/// One search for something that several processes may want.
pub(super) struct Search<'a> {
    pub(super) cache: &'a SessionCache,
    pub(super) name: EntryName,
    pub(super) wanted: &'a Wanted,
    pub(super) begun: SystemTime,
    pub(super) notice: &'a dyn Fn(CacheNotice<'_>),
}

impl Search<'_> {
    /// What is in the cache, where it may be used.
    pub(super) fn usable<T: Sealable>(&self, now: SystemTime) -> Option<T> {
        let entry: Cached<T> = self.cache.find(self.name)?;
        let (issued_at, expires_at) = (entry.issued_at, entry.value.expires_at());
        if self.wanted.longer_than.is_some_and(|known| expires_at <= known) {
            return None;
        }
        // What came after this search began is as fresh as anything that this process could get.
        let is_new = issued_at >= self.begun && issued_at <= now && expires_at > now;
        let is_fresh = self.wanted.freshness.allows(issued_at, expires_at, now);
        if is_new || (is_fresh && !self.wanted.refresh) {
            (self.notice)(CacheNotice::Found {
                issued_at,
                expires_at,
            });
            return Some(entry.value);
        }
        None
    }

    /// Waits until it is this process's turn to ask, or until another one has asked.
    pub(super) async fn turn<T: Sealable>(&self, clock: &dyn Clock) -> Result<Option<File>, Outcome<T>> {
        let (folder, lock_name) = (&self.cache.folder, self.file(LOCK));
        let until = Instant::now() + self.wanted.wait_at_most;
        let mut has_said = false;
        let mut say = || {
            if !std::mem::replace(&mut has_said, true) {
                (self.notice)(CacheNotice::Waiting);
            }
        };
        loop {
            let mut file = match take_turn(folder, &lock_name) {
                // Another one may have come and gone since this process looked.
                Turn::Ours(file) => return self.outcome(clock.now()).map_or(Ok(Some(file)), Err),
                Turn::Taken(file) => file,
                Turn::NoLock(error) => return Ok(self.without_lock(&error)),
            };
            // All that wait look at the outcome at once. If there is none, they queue.
            for lock in [Lock::Shared, Lock::Exclusive] {
                let locking = lock.take(file, self.wanted.runs_on);
                file = match wait(locking, until, &mut say).await {
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

    fn without_lock(&self, error: &io::Error) -> Option<File> {
        (self.notice)(CacheNotice::NoLock(error));
        None
    }

    fn outcome<T: Sealable>(&self, now: SystemTime) -> Option<Outcome<T>> {
        if let Some(found) = self.usable(now) {
            return Some(Outcome::Found(found));
        }
        let file = self.cache.folder.read(&self.file(FAILURE))?;
        let content = sealed::open(&self.cache.key, Sealed::Failure, self.name, &file)?;
        let failure = FailureRecord::from_bytes(&content)?;
        // Who came later tries again.
        let is_recent = failure.at >= self.begun && failure.at <= now;
        let is_ours = failure.manner.is_none_or(|manner| manner == self.wanted.manner);
        (is_recent && is_ours).then_some(Outcome::Failed(failure.text))
    }

    pub(super) fn keep<T: Sealable>(&self, value: &T, now: SystemTime) {
        let expires_at = value.expires_at();
        let entry = Cached {
            value: value.clone(),
            issued_at: now,
            label: self.wanted.label.clone(),
        };
        let kept = self
            .check_life(expires_at, now)
            .and_then(|()| self.write(T::SUFFIX, Sealed::Entry, expires_at, entry.to_bytes()));
        if let Err(error) = kept {
            (self.notice)(CacheNotice::NotKept(&error));
        }
        self.cache.folder.remove(&self.file(FAILURE));
        sweep(&self.cache.folder, now);
    }

    /// Refuses what would be taken for good long after it is not.
    fn check_life(&self, expires_at: SystemTime, now: SystemTime) -> Result<(), CacheError> {
        let longest = self.wanted.longest;
        match expires_at.duration_since(now) {
            Ok(life) if life > longest + TOLERANCE => Err(CacheError::TooLong { expires_at, longest }),
            _ => Ok(()),
        }
    }

    /// Leaves the failure behind for those whom it concerns.
    pub(super) fn keep_failure(&self, failure: &impl FlightFailure, now: SystemTime) {
        let manner = match failure.reach() {
            FailureReach::All => None,
            FailureReach::Alike => Some(self.wanted.manner.clone()),
            FailureReach::Own => return,
        };
        let record = FailureRecord {
            at: now,
            text: failure.to_string(),
            manner,
        };
        let content = record.to_bytes();
        // Those that wait ask for themselves where they find nothing.
        let _ = self.write(FAILURE, Sealed::Failure, now + FAILURE_KEPT, content);
    }

    fn write(
        &self,
        suffix: &str,
        what: Sealed,
        useless_from: SystemTime,
        content: Zeroizing<Vec<u8>>,
    ) -> Result<(), CacheError> {
        let folder = &self.cache.folder;
        let sealed = sealed::seal(&self.cache.key, what, self.name, useless_from, content);
        let sealed = sealed.ok_or_else(|| CacheError::Io {
            folder: folder.path().to_owned(),
            cause: io::Error::other("the system gives no random numbers"),
        })?;
        folder.write(&self.file(suffix), &sealed)
    }

    fn file(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.name)
    }
}
