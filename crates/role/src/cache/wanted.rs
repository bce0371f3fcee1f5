use std::time::Duration;

use super::Freshness;

/// How a session is wanted from the cache.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Down to how much of its life it is used.
    pub freshness: Freshness,
    /// Whether what is there is passed over, and replaced.
    pub refresh: bool,
    /// What the user calls it, for lists.
    pub label: String,
    /// How long another process that asks for the same is waited for.
    pub wait_at_most: Duration,
}
