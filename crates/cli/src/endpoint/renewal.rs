use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use rolewrap_core::Clock;
use rolewrap_role::Session;

use super::served_session::ServedSession;
use crate::delivery::RENEWAL_WINDOW;

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

/// Renews the session that is served when its time comes, for ever.
///
/// `renew` is asked once for each renewal. Where it fails, it is asked again after pauses that grow, and the session in
/// memory is served meanwhile. A request causes nothing by itself, but for one case: none is left that could be served.
pub(super) async fn keep_fresh(
    served: &ServedSession,
    first: Session,
    clock: &dyn Clock,
    mut renew: impl AsyncFnMut() -> Result<Session, String>,
) -> Infallible {
    let mut due = due(&first, clock.now());
    drop(first);
    let mut failures = 0;
    let mut tried_at = None;
    loop {
        wait_until(due, tried_at, served, clock).await;
        match renew().await {
            Ok(session) => {
                served.replace(&session);
                due = self::due(&session, clock.now());
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
fn due(session: &Session, now: SystemTime) -> SystemTime {
    let lifetime = session.expires_at().duration_since(now).unwrap_or_default();
    let window = window(lifetime);
    let spread = (window / SPREAD).mul_f64(fastrand::f64());
    // AWS gives no session below 15 minutes; whoever gives shorter ones is not to be asked without a pause.
    (session.expires_at() - window - spread).max(now + FIRST_PAUSE / 2)
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
mod tests {
    use std::cell::Cell;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::UNIX_EPOCH;

    use rolewrap_core::Secret;
    use rolewrap_role::SessionParts;
    use tokio::time::{Instant, sleep};

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);
    /// What boto3 wants to be left of a session, the most of all SDKs.
    const BOTO3: Duration = Duration::from_mins(15);

    /// A wall clock that goes with tokio's own, which a test lets run ahead, and that can leap beside it.
    #[derive(Debug)]
    struct RunningClock {
        began: Instant,
        leap_seconds: AtomicU64,
    }

    impl RunningClock {
        fn new() -> Arc<Self> {
            Arc::new(Self {
                began: Instant::now(),
                leap_seconds: AtomicU64::new(0),
            })
        }
    }

    impl Clock for RunningClock {
        fn now(&self) -> SystemTime {
            let leap = Duration::from_secs(self.leap_seconds.load(Ordering::Relaxed));
            UNIX_EPOCH + Duration::from_hours(500_000) + self.began.elapsed() + leap
        }
    }

    fn session(number: u32, expires_at: SystemTime) -> Session {
        SessionParts {
            access_key_id: format!("ASIA{number:016}"),
            secret_access_key: Secret::new("secret"),
            session_token: Secret::new("token"),
            expires_at,
            assumed_role_arn: "arn:aws:sts::123456789012:assumed-role/deploy/test".to_owned(),
            account: "123456789012".parse().unwrap(),
            source_identity: None,
            packed_policy_size: None,
        }
        .into()
    }

    /// How long a client that was answered now may use the answer.
    async fn left(served: &ServedSession, clock: &dyn Clock) -> Result<Duration, String> {
        let answer = served.answer().await?;
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        let expiration = answer["Expiration"].as_str().unwrap();
        assert!(expiration.ends_with('Z'), "{expiration}");
        let expires_at = humantime::parse_rfc3339(expiration).unwrap();
        Ok(expires_at.duration_since(clock.now()).unwrap_or_default())
    }

    #[tokio::test(start_paused = true)]
    async fn for_four_hours_every_client_finds_a_session_that_it_need_not_renew_itself() {
        let clock = RunningClock::new();
        let first = session(0, clock.now() + HOUR);
        let served = ServedSession::new(&first, clock.clone());
        let asked = Cell::new(0);
        let renew = async || {
            asked.set(asked.get() + 1);
            Ok(session(asked.get(), clock.now() + HOUR))
        };
        let client = async {
            let end = clock.now() + 4 * HOUR;
            while clock.now() < end {
                let left = left(&served, &*clock).await.unwrap();
                assert!(left > BOTO3, "only {left:?} left");
                sleep(Duration::from_secs(10)).await;
            }
        };
        tokio::select! {
            () = client => {}
            never = keep_fresh(&served, first, &*clock, renew) => match never {},
        }
        // Every 43 to 44 minutes.
        assert_eq!(asked.get(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn while_aws_is_down_the_session_in_memory_serves_to_its_end_and_then_an_error_says_why() {
        let clock = RunningClock::new();
        let first = session(0, clock.now() + HOUR);
        let served = ServedSession::new(&first, clock.clone());
        let (began, asked) = (clock.now(), Cell::new(0));
        let back_after = Duration::from_mins(90);
        let renew = async || {
            asked.set(asked.get() + 1);
            if clock.now().duration_since(began).unwrap() < back_after {
                return Err("cannot reach STS".to_owned());
            }
            Ok(session(1, clock.now() + HOUR))
        };
        let client = async {
            loop {
                let at = clock.now().duration_since(began).unwrap();
                match left(&served, &*clock).await {
                    Ok(left) => assert!(!left.is_zero() && (at < HOUR || at >= back_after), "{at:?}"),
                    Err(why) => {
                        assert!(
                            at >= Duration::from_secs(3599) && at < back_after + LONGEST_PAUSE,
                            "{at:?}"
                        );
                        assert!(
                            why.contains("cannot reach STS") && why.contains("expired at"),
                            "{why}"
                        );
                    }
                }
                if at > back_after + Duration::from_mins(2) {
                    return;
                }
                sleep(Duration::from_secs(7)).await;
            }
        };
        tokio::select! {
            () = client => {}
            never = keep_fresh(&served, first, &*clock, renew) => match never {},
        }
        // With pauses of half a minute to a minute, and of five seconds while clients get nothing.
        assert!((100..600).contains(&asked.get()), "{}", asked.get());
        assert!(left(&served, &*clock).await.is_ok(), "it recovers by itself");
    }

    #[tokio::test(start_paused = true)]
    async fn a_machine_that_slept_past_the_expiry_gets_a_new_session_at_the_first_request() {
        let clock = RunningClock::new();
        let first = session(0, clock.now() + HOUR);
        let served = ServedSession::new(&first, clock.clone());
        let renew = async || Ok(session(1, clock.now() + HOUR));
        let client = async {
            sleep(Duration::from_secs(5)).await;
            clock.leap_seconds.store(8 * 3600, Ordering::Relaxed);
            let began = Instant::now();
            assert!(left(&served, &*clock).await.unwrap() > BOTO3);
            assert!(began.elapsed() < Duration::from_secs(1));
        };
        tokio::select! {
            () = client => {}
            never = keep_fresh(&served, first, &*clock, renew) => match never {},
        }
    }

    #[tokio::test(start_paused = true)]
    async fn short_sessions_are_renewed_when_half_of_them_is_left_and_not_in_a_rush() {
        let clock = RunningClock::new();
        let lifetime = Duration::from_mins(15);
        let first = session(0, clock.now() + lifetime);
        let served = ServedSession::new(&first, clock.clone());
        let asked = Cell::new(0);
        let renew = async || {
            asked.set(asked.get() + 1);
            // From the second on they are over as soon as they are there.
            let lifetime = if asked.get() == 1 {
                lifetime
            } else {
                Duration::ZERO
            };
            Ok(session(asked.get(), clock.now() + lifetime))
        };
        let watch = async {
            sleep(Duration::from_mins(7)).await;
            assert_eq!(asked.get(), 0);
            sleep(Duration::from_secs(31)).await;
            assert_eq!(asked.get(), 1);
            sleep(Duration::from_secs(450 + 60)).await;
            assert!((100..=250).contains(&asked.get()), "{}", asked.get());
        };
        tokio::select! {
            () = watch => {}
            never = keep_fresh(&served, first, &*clock, renew) => match never {},
        }
    }

    #[test]
    fn pauses_grow_to_a_minute_and_are_never_all_the_same() {
        for (failures, seconds) in [(0, 1), (1, 2), (4, 16), (6, 60), (40, 60)] {
            let whole = Duration::from_secs(seconds);
            for _ in 0..100 {
                let pause = pause(failures);
                assert!(pause >= whole / 2 && pause <= whole, "{failures}: {pause:?}");
            }
        }
    }
}
