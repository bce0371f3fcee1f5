use std::time::{Duration, SystemTime};

/// Down to how much of its life a session of the cache is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// More than half of it is left. For a command that gets a session once and keeps it.
    HalfOfLife,
    /// More than this is left, or more than half where the session is shorter than twice this. For what renews a
    /// session in time.
    Window(Duration),
    /// At least this is left.
    AtLeast(Duration),
}

impl Freshness {
    /// Whether a session that was issued and expires then may be used now. One from the future may not: the clock was
    /// set back, and nothing says how long it still lives.
    pub fn allows(self, issued_at: SystemTime, expires_at: SystemTime, now: SystemTime) -> bool {
        let (Ok(_), Ok(life), Ok(left)) = (
            now.duration_since(issued_at),
            expires_at.duration_since(issued_at),
            expires_at.duration_since(now),
        ) else {
            return false;
        };
        match self {
            Self::HalfOfLife => left > life / 2,
            Self::Window(window) => left > window.min(life / 2),
            Self::AtLeast(least) => !left.is_zero() && left >= least,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn allows(freshness: Freshness, life_minutes: u64, left_minutes: u64) -> bool {
        let minutes = |minutes| Duration::from_mins(minutes);
        let issued_at = UNIX_EPOCH + minutes(1_000_000);
        let expires_at = issued_at + minutes(life_minutes);
        freshness.allows(issued_at, expires_at, expires_at - minutes(left_minutes))
    }

    #[test]
    fn half_of_a_life_is_not_enough_and_more_than_half_is() {
        assert!(allows(Freshness::HalfOfLife, 60, 31));
        assert!(!allows(Freshness::HalfOfLife, 60, 30));
    }

    #[test]
    fn a_window_is_at_most_half_of_a_life() {
        let window = Freshness::Window(Duration::from_mins(16));
        assert!(allows(window, 60, 17));
        assert!(!allows(window, 60, 16));
        assert!(allows(window, 20, 11));
        assert!(!allows(window, 20, 10));
    }

    #[test]
    fn a_session_from_the_future_and_one_that_has_expired_are_never_used() {
        let now = UNIX_EPOCH + Duration::from_hours(10);
        let later = |seconds| now + Duration::from_secs(seconds);
        for freshness in [
            Freshness::HalfOfLife,
            Freshness::Window(Duration::from_mins(16)),
            Freshness::AtLeast(Duration::ZERO),
        ] {
            assert!(!freshness.allows(later(1), later(3600), now), "{freshness:?}");
            assert!(
                !freshness.allows(now - Duration::from_hours(1), now, now),
                "{freshness:?}"
            );
            assert!(freshness.allows(now, later(3600), now), "{freshness:?}");
        }
    }

    #[test]
    fn what_must_be_left_can_be_said() {
        assert!(allows(Freshness::AtLeast(Duration::from_mins(10)), 60, 10));
        assert!(!allows(Freshness::AtLeast(Duration::from_mins(10)), 60, 9));
        assert!(!allows(Freshness::AtLeast(Duration::from_hours(2)), 60, 60));
    }
}
