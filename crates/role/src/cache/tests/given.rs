//! What the tests of the cache share.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rolewrap_core::{BoxError, FixedClock, Secret};
use tempfile::TempDir;

use crate::cache::{
    CacheNotice, FailureReach, FlightError, FlightFailure, Freshness, Recipe, SealingKey, SealingKeyStore,
    SessionCache, Wanted,
};
use crate::{AssumeRoleRequest, Partition, Session, SessionParts, StsSettings};

pub(super) const SECRET: &str = "canary-secret-access-key-of-a-session";
pub(super) const TOKEN: &str = "canary-session-token";

/// A place for a key that is gone with the test.
#[derive(Debug, Default)]
pub(super) struct Memory(pub(super) Mutex<Option<SealingKey>>);

impl SealingKeyStore for Memory {
    fn name(&self) -> &'static str {
        "the test"
    }

    fn load(&self) -> Result<Option<SealingKey>, BoxError> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn keep(&self, key: &SealingKey) -> Result<(), BoxError> {
        *self.0.lock().unwrap() = Some(key.clone());
        Ok(())
    }

    fn forget(&self) -> Result<(), BoxError> {
        *self.0.lock().unwrap() = None;
        Ok(())
    }
}

/// An error that says itself whom it concerns.
impl FlightFailure for String {
    fn reach(&self) -> FailureReach {
        match self.as_str() {
            "mistyped" => FailureReach::Own,
            "no patience" => FailureReach::Alike,
            _ => FailureReach::All,
        }
    }
}

/// A user with a cache.
pub(super) struct User {
    pub(super) home: TempDir,
    pub(super) store: Memory,
}

impl User {
    pub(super) fn new() -> Self {
        Self {
            home: TempDir::new().unwrap(),
            store: Memory::default(),
        }
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.home.path().join("cache/rolewrap/sessions")
    }

    pub(super) fn cache(&self) -> SessionCache {
        SessionCache::open(&self.folder(), &self.store).unwrap()
    }

    /// The one file in the folder whose name ends so.
    pub(super) fn file(&self, suffix: &str) -> PathBuf {
        let files = std::fs::read_dir(self.folder()).unwrap();
        let mut files = files.map(|file| file.unwrap().path());
        files
            .find(|file| file.to_string_lossy().ends_with(suffix))
            .unwrap_or_else(|| panic!("there is a file whose name ends in {suffix}"))
    }
}

pub(super) fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_hours(500_000)
}

pub(super) fn at(time: SystemTime) -> FixedClock {
    FixedClock(time)
}

pub(super) fn recipe(session_name: &str) -> Recipe {
    let mut recipe = Recipe::new(&StsSettings::default(), Partition::Aws);
    recipe.request(&AssumeRoleRequest::new(
        "arn:aws:iam::123456789012:role/deploy".parse().unwrap(),
        session_name.parse().unwrap(),
    ));
    recipe
}

pub(super) fn wanted() -> Wanted {
    Wanted {
        freshness: Freshness::HalfOfLife,
        refresh: false,
        longer_than: None,
        longest: Duration::from_hours(36),
        label: "prod".to_owned(),
        manner: "with patience".to_owned(),
        wait_at_most: Duration::from_mins(1),
        runs_on: false,
    }
}

/// A session with this id, for an hour from noon on.
pub(super) fn session(access_key_id: &str) -> Session {
    SessionParts {
        access_key_id: access_key_id.to_owned(),
        secret_access_key: Secret::new(SECRET),
        session_token: Secret::new(TOKEN),
        expires_at: noon() + Duration::from_hours(1),
        assumed_role_arn: "arn:aws:sts::123456789012:assumed-role/deploy/test".to_owned(),
        account: "123456789012".parse().unwrap(),
        source_identity: Some("alice".to_owned()),
        packed_policy_size: Some(7),
    }
    .into()
}

/// The id of the session that the cache yields at `now`, where STS would give one called `fresh`.
pub(super) async fn id(
    cache: &SessionCache,
    recipe: &Recipe,
    wanted: &Wanted,
    now: SystemTime,
    fresh: &str,
) -> String {
    let obtained = cache
        .obtain(recipe, wanted, &at(now), &|_| (), async || {
            Ok::<_, String>(session(fresh))
        })
        .await;
    obtained.unwrap().access_key_id().to_owned()
}

/// What `id` would, with an error of STS, and what was noticed.
pub(super) async fn failing(
    cache: &SessionCache,
    now: SystemTime,
    notice: &dyn Fn(CacheNotice<'_>),
) -> FlightError<String> {
    let refuse = async || Err::<Session, _>("no".to_owned());
    cache
        .obtain(&recipe("aa"), &wanted(), &at(now), notice, refuse)
        .await
        .unwrap_err()
}
