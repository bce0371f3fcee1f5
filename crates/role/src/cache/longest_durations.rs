use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{SHA256, digest};

use super::CacheError;
use super::entry_name::EntryName;
use super::folder::CacheFolder;
use crate::{RoleArn, SessionDuration};

/// After this a role is asked again: its maximum may have been raised, which no refusal would tell.
const OLDEST: Duration = Duration::from_hours(30 * 24);

/// How long the sessions of roles can be, as STS's refusals once told. Nothing in it is secret, and nothing is lost with
/// it: a role is asked again then.
#[derive(Debug)]
pub struct LongestDurations(CacheFolder);

impl LongestDurations {
    /// Those in the folder at `path`, which is made where it is not there.
    ///
    /// # Errors
    /// [`CacheError`]. Whoever wants a session can do without.
    pub fn open(path: &Path) -> Result<Self, CacheError> {
        CacheFolder::create(path).map(Self)
    }

    /// What `role` allowed when it was asked at `endpoint`, unless that is long ago.
    pub fn find(&self, endpoint: &str, role: &RoleArn, now: SystemTime) -> Option<SessionDuration> {
        let name = name(endpoint, role);
        if self.is_old(&name, now) {
            return None;
        }
        let content = String::from_utf8(self.0.read(&name)?).ok()?;
        SessionDuration::from_seconds(content.trim().parse().ok()?).ok()
    }

    /// Remembers what `role` allows, and forgets what is old.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn keep(
        &self,
        endpoint: &str,
        role: &RoleArn,
        duration: SessionDuration,
        now: SystemTime,
    ) -> Result<(), CacheError> {
        for name in self.0.names() {
            if is_ours(&name) && self.is_old(&name, now) {
                self.0.remove(&name);
            }
        }
        let content = format!("{}\n", duration.seconds());
        self.0.write(&name(endpoint, role), content.as_bytes())
    }

    /// Forgets what was remembered of `role`.
    pub fn forget(&self, endpoint: &str, role: &RoleArn) {
        self.0.remove(&name(endpoint, role));
    }

    /// Forgets all that was remembered in the folder at `path`, and says of how many roles. Nothing is made.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn clear(path: &Path) -> Result<usize, CacheError> {
        let Some(folder) = CacheFolder::open(path)? else {
            return Ok(0);
        };
        let names = folder.names();
        let ours = names.iter().filter(|name| is_ours(name));
        let is_whole = |name: &str| EntryName::parse(name).is_some();
        Ok(ours.filter(|name| folder.remove(name) && is_whole(name)).count())
    }

    fn is_old(&self, name: &str, now: SystemTime) -> bool {
        let written_at = self.0.written_at(name);
        written_at
            .is_some_and(|written_at| now.duration_since(written_at).is_ok_and(|passed| passed > OLDEST))
    }
}

/// One file for each role, so that two processes never write over what the other one found. A digest has a length that
/// every file system takes.
fn name(endpoint: &str, role: &RoleArn) -> String {
    let digest = digest(&SHA256, format!("{endpoint}\n{role}").as_bytes());
    let mut name = [0; 32];
    name.copy_from_slice(digest.as_ref());
    EntryName(name).to_string()
}

fn is_ours(name: &str) -> bool {
    let begin = name.strip_prefix('.').unwrap_or(name).split('.').next();
    begin.is_some_and(|begin| EntryName::parse(begin).is_some())
}
