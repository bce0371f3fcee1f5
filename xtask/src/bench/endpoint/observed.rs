use serde::{Deserialize, Serialize};

use super::pace::Pace;

/// What a command saw of the endpoint that serves it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Observed {
    pub(super) keeping_alive: Pace,
    pub(super) connecting: Pace,
    /// MiB at the highest, from its start on.
    pub(super) peak: f64,
    /// While nobody asked: how often it woke in a second, and the microseconds of processor time that it used in one.
    pub(super) idle_wakeups: f64,
    pub(super) idle_cpu: f64,
    /// How often the session was another one by the end.
    pub(super) renewals: usize,
}
