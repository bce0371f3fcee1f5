//! Where a signal that was ignored cannot be told from one that was not, none is taken over: a process stops as the system
//! does it.

use std::future::pending;

/// What happened to this process while it asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "nothing is taken over here")]
pub(crate) enum Change {
    /// It is to stop.
    Stop,
    /// It was stopped without a word, and goes on.
    GoesOn,
}

/// Takes over nothing.
#[derive(Debug)]
pub(crate) struct Stopping;

impl Stopping {
    pub(crate) fn while_asking() -> Self {
        Self
    }

    /// Waits for ever.
    pub(crate) async fn changed(&mut self) -> Change {
        pending().await
    }

    pub(crate) fn is_noticed() {}

    pub(crate) fn stop() {}
}
