use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::Context;

/// A run that may change a state, as it was written down before it started.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RunRecord {
    pub(super) context: Context,
    /// The machine, and the process on it.
    pub(super) host: String,
    pub(super) process_id: u32,
    pub(super) started: SystemTime,
    /// By when it was seen to have ended. It may have ended long before.
    pub(super) ended: Option<SystemTime>,
}

impl RunRecord {
    /// Whether the run may have been at work then.
    pub(super) fn was_at_work(&self, then: SystemTime) -> bool {
        self.started <= then && self.ended.is_none_or(|ended| ended > then)
    }

    /// Whether the run has ended for certain, seen from the machine called `host`.
    pub(super) fn has_ended(&self, host: &str) -> bool {
        self.ended.is_some() || (self.host == host && is_gone(self.process_id))
    }
}

#[cfg(unix)]
fn is_gone(process_id: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    let process = i32::try_from(process_id).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process) == Err(rustix::io::Errno::SRCH))
}

/// Elsewhere that is not known.
#[cfg(not(unix))]
fn is_gone(_process_id: u32) -> bool {
    false
}
