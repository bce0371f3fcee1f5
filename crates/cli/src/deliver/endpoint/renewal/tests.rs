use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
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
    leap_seconds: AtomicI64,
}

impl RunningClock {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            began: Instant::now(),
            leap_seconds: AtomicI64::new(0),
        })
    }
}

impl Clock for RunningClock {
    fn now(&self) -> SystemTime {
        let leap = self.leap_seconds.load(Ordering::Relaxed);
        let seconds = 500_000_i64 * 3600 + leap;
        UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs()) + self.began.elapsed()
    }
}

fn session(number: u32, expires_at: SystemTime) -> Served {
    let parts = SessionParts {
        access_key_id: format!("ASIA{number:016}"),
        secret_access_key: Secret::new("secret"),
        session_token: Secret::new("token"),
        expires_at,
        assumed_role_arn: "arn:aws:sts::123456789012:assumed-role/deploy/test".to_owned(),
        account: "123456789012".parse().unwrap(),
        source_identity: None,
        packed_policy_size: None,
    };
    Served {
        session: parts.into(),
        is_shared: false,
    }
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
    let served = ServedSession::new(&first.session, clock.clone());
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
    let served = ServedSession::new(&first.session, clock.clone());
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
    let served = ServedSession::new(&first.session, clock.clone());
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
async fn a_clock_that_is_set_back_after_a_failure_delays_no_renewal() {
    let clock = RunningClock::new();
    let first = session(0, clock.now() + HOUR);
    let served = ServedSession::new(&first.session, clock.clone());
    let renew = async || {
        // Nobody takes a request that is signed two hours ahead.
        if clock.leap_seconds.load(Ordering::Relaxed) > 0 {
            return Err("the clock is wrong".to_owned());
        }
        Ok(session(1, clock.now() + HOUR))
    };
    let client = async {
        clock.leap_seconds.store(2 * 3600, Ordering::Relaxed);
        assert!(left(&served, &*clock).await.is_err());
        sleep(Duration::from_secs(20)).await;
        clock.leap_seconds.store(0, Ordering::Relaxed);
        sleep(HOUR).await;
        assert!(left(&served, &*clock).await.unwrap() > BOTO3);
    };
    tokio::select! {
        () = client => {}
        never = keep_fresh(&served, first, &*clock, renew) => match never {},
    }
}

#[test]
fn a_session_that_others_had_before_is_renewed_as_early_as_a_new_one() {
    let now = UNIX_EPOCH + Duration::from_hours(500_000);
    let minutes = |minutes| Duration::from_mins(minutes);
    let mut shared = session(0, now + minutes(20));
    shared.is_shared = true;
    let before = |served: &Served| (now + minutes(20)).duration_since(due(served, now)).unwrap();
    assert!((minutes(16)..=minutes(17)).contains(&before(&shared)));
    shared.is_shared = false;
    assert!((minutes(10)..minutes(11)).contains(&before(&shared)));
}

#[tokio::test(start_paused = true)]
async fn short_sessions_are_renewed_when_half_of_them_is_left_and_not_in_a_rush() {
    let clock = RunningClock::new();
    let lifetime = Duration::from_mins(15);
    let first = session(0, clock.now() + lifetime);
    let served = ServedSession::new(&first.session, clock.clone());
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
