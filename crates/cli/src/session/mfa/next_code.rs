use std::time::{Duration, SystemTime};

use rolewrap_core::Clock;
use rolewrap_role::MfaCode;

use crate::error::Error;

/// How long a device shows one code (RFC 6238, section 5.2, and what AWS takes).
const STEP: Duration = Duration::from_secs(30);
/// The clock of what makes the codes may be this much behind.
const MARGIN: Duration = Duration::from_secs(1);
/// How many steps are waited for. A program may need a person for each code, so it is not run more often.
const STEPS: u32 = 2;

/// The code that follows `used`, once `read` has it; `None` where it goes on to give the same.
pub(super) async fn next_code(
    used: &MfaCode,
    clock: &dyn Clock,
    read: impl AsyncFn() -> Result<MfaCode, Error>,
) -> Result<Option<MfaCode>, Error> {
    for _ in 0..STEPS {
        tokio::time::sleep(until_next_step(clock.now())).await;
        let code = read().await?;
        if code != *used {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

fn until_next_step(now: SystemTime) -> Duration {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let shown_for = Duration::from_secs(since.as_secs() % STEP.as_secs());
    STEP.saturating_sub(shown_for) + MARGIN
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::time::Instant;

    use super::*;

    /// The machine's clock, which stands at `start` when the time of the test begins.
    #[derive(Debug)]
    struct TestClock {
        start: SystemTime,
        begun: Instant,
    }

    impl Clock for TestClock {
        fn now(&self) -> SystemTime {
            self.start + self.begun.elapsed()
        }
    }

    /// What follows the code that is shown `seconds` after a device began to show it, and after how long. It shows each
    /// code for `period` seconds.
    async fn next_after(seconds: u64, period: u64) -> (Option<String>, u64, u32) {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(3_000_000 + seconds);
        let (begun, reads) = (Instant::now(), Cell::new(0));
        let clock = TestClock { start, begun };
        let shown = |now: SystemTime| {
            let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
            format!("{:06}", seconds / period).parse::<MfaCode>().unwrap()
        };
        let read = async || {
            reads.set(reads.get() + 1);
            Ok(shown(clock.now()))
        };
        let next = next_code(&shown(start), &clock, read).await.unwrap();
        let next = next.map(|code| code.as_str().to_owned());
        (next, begun.elapsed().as_secs(), reads.get())
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_code_is_waited_for_and_no_longer() {
        for seconds in [0, 1, 15, 29] {
            let expected = (Some("100001".to_owned()), 31 - seconds, 1);
            assert_eq!(next_after(seconds, 30).await, expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_device_that_shows_a_code_for_a_minute_is_waited_for_too() {
        assert_eq!(next_after(0, 60).await, (Some("050001".to_owned()), 61, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn what_always_gives_the_same_is_given_up() {
        let (next, _, reads) = next_after(0, 100_000).await;
        assert_eq!((next, reads), (None, 2));
    }
}
