use std::fmt;
use std::time::{Duration, SystemTime};

/// From this difference on AWS refuses a signature (AWS General Reference, "Signature Version 4": within five
/// minutes).
pub(crate) const TOLERATED: Duration = Duration::from_mins(5);

/// Two clocks that disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    /// The time here.
    pub ours: SystemTime,
    /// The time in the answer's `Date` header.
    pub theirs: SystemTime,
}

impl ClockSkew {
    /// By how much they disagree.
    pub fn difference(&self) -> Duration {
        self.ours
            .duration_since(self.theirs)
            .unwrap_or_else(|error| error.duration())
    }

    /// Whether the clock here is ahead, and not behind.
    pub fn is_ahead(&self) -> bool {
        self.ours > self.theirs
    }
}

impl fmt::Display for ClockSkew {
    /// `1h 2m 3s ahead of` or `… behind`, to be followed by whose clock.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole_seconds = Duration::from_secs(self.difference().as_secs());
        let way = if self.is_ahead() { "ahead of" } else { "behind" };
        write!(formatter, "{} {way}", humantime::format_duration(whole_seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_by_how_much_and_which_way() {
        let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let later = noon + Duration::from_millis(3_723_400);
        let ahead = ClockSkew {
            ours: later,
            theirs: noon,
        };
        let behind = ClockSkew {
            ours: noon,
            theirs: later,
        };
        assert_eq!(ahead.to_string(), "1h 2m 3s ahead of");
        assert_eq!(behind.to_string(), "1h 2m 3s behind");
        assert_eq!(ahead.difference(), behind.difference());
    }
}
