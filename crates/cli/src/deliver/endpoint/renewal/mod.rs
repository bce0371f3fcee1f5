use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use rolewrap_core::Clock;
use rolewrap_role::Session;

use super::served_session::ServedSession;
use crate::plan::delivery::RENEWAL_WINDOW;

/// The first pause after a renewal that failed. It doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How long after a failure a client that gets nothing may cause the next try.
const PAUSE_WHEN_WANTED: Duration = Duration::from_secs(5);
/// How often the wall clock is looked at. A timer does not run while the machine sleeps, and a session expires.
const LOOK_AT_CLOCK: Duration = Duration::from_secs(30);
/// The part of the window by which renewals are spread, so that a fleet that started at once does not renew at once.
const SPREAD: u32 = 16;

/// How much of a session that lives for `lifetime` must be left for it to be worth serving without a renewal: 16
/// minutes, or half of it where that is less.
pub(crate) fn window(lifetime: Duration) -> Duration {
    RENEWAL_WINDOW.min(lifetime / 2)
}

/// A session to serve.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) session: Session,
    /// Whether others had it before, so that it is older than it is here.
    pub(super) is_shared: bool,
}

/// Renews the session that is served when its time comes, for ever.
///
/// `renew` is asked once for each renewal. Where it fails, it is asked again after pauses that grow, and the session in
/// memory is served meanwhile. A request causes nothing by itself, but for one case: none is left that could be served.
pub(super) async fn keep_fresh(
    served: &ServedSession,
    first: Served,
    clock: &dyn Clock,
    mut renew: impl AsyncFnMut() -> Result<Served, String>,
) -> Infallible {
    let mut due = due(&first, clock.now());
    drop(first);
    let mut failures = 0;
    let mut tried_at = None;
    loop {
        wait_until(due, tried_at, served, clock).await;
        match renew().await {
            Ok(next) => {
                served.replace(&next.session);
                due = self::due(&next, clock.now());
                (failures, tried_at) = (0, None);
            }
            Err(trouble) => {
                served.not_renewed(trouble);
                let now = clock.now();
                due = now + pause(failures);
                (failures, tried_at) = (failures + 1, Some(now));
            }
        }
    }
}

/// When to renew a session that was had at `now`.
fn due(served: &Served, now: SystemTime) -> SystemTime {
    let expires_at = served.session.expires_at();
    let left = expires_at.duration_since(now).unwrap_or_default();
    // A session that others had before has lived for a while, so its life is longer than what is left of it.
    let window = if served.is_shared && left > RENEWAL_WINDOW {
        RENEWAL_WINDOW
    } else {
        window(left)
    };
    let spread = (window / SPREAD).mul_f64(fastrand::f64());
    // AWS gives no session below 15 minutes; whoever gives shorter ones is not to be asked without a pause.
    (expires_at - window - spread).max(now + FIRST_PAUSE / 2)
}

/// The pause after this many failures before: doubled each time, and somewhere between its half and its whole.
fn pause(failures: u32) -> Duration {
    let whole = FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(failures))
        .min(LONGEST_PAUSE);
    whole.mul_f64(0.5 + fastrand::f64() / 2.0)
}

/// Waits until `due` by the wall clock, or after a failed try until somebody wants what is not there.
async fn wait_until(
    due: SystemTime,
    tried_at: Option<SystemTime>,
    served: &ServedSession,
    clock: &dyn Clock,
) {
    let mut wanted = false;
    loop {
        let now = clock.now();
        let due = match tried_at {
            // The clock was set back, and what was reckoned from it may be hours away.
            Some(tried_at) if now < tried_at => return,
            Some(tried_at) if wanted => due.min(tried_at + PAUSE_WHEN_WANTED),
            _ => due,
        };
        let Ok(left) = due.duration_since(now) else { return };
        if left.is_zero() {
            return;
        }
        if tokio::time::timeout(left.min(LOOK_AT_CLOCK), served.wanted())
            .await
            .is_ok()
        {
            wanted = true;
        }
    }
}

#[cfg(test)]
mod tests;
