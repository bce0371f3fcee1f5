use std::time::{Duration, SystemTime};

use super::Freshness;

/// How something is wanted from the cache.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Down to how much of its life it is used.
    pub freshness: Freshness,
    /// Whether what is there is passed over, and replaced.
    pub refresh: bool,
    /// When what the caller has expires. Only what lives longer is of use: another process may have renewed it.
    pub longer_than: Option<SystemTime>,
    /// How long it may live from now on: what is asked for, or AWS's own limit. What lives longer is not kept.
    pub longest: Duration,
    /// What the user calls it, for lists.
    pub label: String,
    /// How it would be asked for, as far as that decides only whether it fails: how often STS is tried, whether there is
    /// a person to ask. No secret.
    pub manner: String,
    /// How long another process that asks for the same is waited for.
    pub wait_at_most: Duration,
    /// Whether this process runs on for long: then no thread of it may be left waiting where the time is over.
    pub runs_on: bool,
}
