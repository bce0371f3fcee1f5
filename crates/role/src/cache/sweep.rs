use std::time::{Duration, SystemTime};

use rolewrap_core::BaseCredentials;

use super::Sealable;
use super::entry_name::EntryName;
use super::folder::CacheFolder;
use super::sealed;
use crate::Session;

/// After this, nothing in the folder is of use: no session of AWS lives longer.
const OLDEST: Duration = Duration::from_hours(48);
/// A file is written in no time. One that is older was left by a process that was killed.
const OLDEST_UNFINISHED: Duration = Duration::from_hours(1);

pub(super) const FAILURE: &str = ".failure";
pub(super) const LOCK: &str = ".lock";
/// Of all that can be kept.
const ENTRIES: [&str; 2] = [Session::SUFFIX, BaseCredentials::SUFFIX];
const UNFINISHED: &str = ".new";

/// Removes what has expired. Only what this cache wrote, by its name, is touched.
pub(super) fn sweep(folder: &CacheFolder, now: SystemTime) {
    for name in folder.names() {
        let is_useless = match Kind::of(&name) {
            Some(Kind::Sealed) => is_useless_entry(folder, &name, now),
            Some(Kind::Unfinished) => is_older(folder, &name, now, OLDEST_UNFINISHED),
            Some(Kind::Lock) => {
                if is_older(folder, &name, now, OLDEST) {
                    remove_lock(folder, &name);
                }
                false
            }
            None => false,
        };
        if is_useless {
            folder.remove(&name);
        }
    }
}

/// Removes everything that this cache wrote, and says how many entries there were.
pub(super) fn sweep_all(folder: &CacheFolder) -> usize {
    let names = folder.names();
    let ours = names.iter().filter(|name| Kind::of(name).is_some());
    let is_entry = |name: &str| ENTRIES.iter().any(|suffix| name.ends_with(suffix));
    ours.filter(|name| folder.remove(name) && is_entry(name)).count()
}

enum Kind {
    Sealed,
    Lock,
    Unfinished,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        let entry = |suffix| EntryName::parse(name.strip_suffix(suffix)?);
        if ENTRIES
            .into_iter()
            .chain([FAILURE])
            .any(|suffix| entry(suffix).is_some())
        {
            return Some(Self::Sealed);
        }
        if entry(LOCK).is_some() {
            return Some(Self::Lock);
        }
        let begin = name
            .strip_prefix('.')?
            .strip_suffix(UNFINISHED)?
            .split('.')
            .next()?;
        EntryName::parse(begin).map(|_| Self::Unfinished)
    }
}

/// An entry says until when it is of use. What cannot be read goes by its age.
fn is_useless_entry(folder: &CacheFolder, name: &str, now: SystemTime) -> bool {
    let content = folder.read(name);
    match content.and_then(|content| sealed::useless_from(&content)) {
        Some(useless_from) => useless_from <= sealed::seconds(now),
        None => is_older(folder, name, now, OLDEST),
    }
}

fn is_older(folder: &CacheFolder, name: &str, now: SystemTime, age: Duration) -> bool {
    let written_at = folder.written_at(name);
    written_at.is_some_and(|written_at| now.duration_since(written_at).is_ok_and(|passed| passed > age))
}

/// A lock file that somebody waits at stays. Who opened it and has not locked it yet notices that it is gone.
fn remove_lock(folder: &CacheFolder, name: &str) {
    if let Ok(file) = folder.lock_file(name)
        && file.try_lock().is_ok()
    {
        folder.remove(name);
    }
}
