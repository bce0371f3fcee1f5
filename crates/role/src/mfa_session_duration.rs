use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::InvalidParameter;
use crate::duration_limits::DurationLimits;

/// STS API Reference, `GetSessionToken`, `DurationSeconds`.
const LIMITS: DurationLimits = DurationLimits {
    parameter: "MFA session duration",
    seconds: 900..=129_600,
    allowed: "15m to 36h",
};

/// How long one MFA code is to be good for: 900 to 129600 seconds (15 minutes to 36 hours).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MfaSessionDuration(u32);

impl MfaSessionDuration {
    /// What STS grants a user when no duration is asked for: twelve hours (STS API Reference, `GetSessionToken`).
    pub const DEFAULT: Self = Self(43_200);

    /// The seconds, as they are sent.
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl From<MfaSessionDuration> for Duration {
    fn from(duration: MfaSessionDuration) -> Self {
        Self::from_secs(duration.0.into())
    }
}

impl fmt::Display for MfaSessionDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration((*self).into()).fmt(formatter)
    }
}

impl FromStr for MfaSessionDuration {
    type Err = InvalidParameter;

    /// `3600` (seconds), `1h`, `90m`, `1h 30m`.
    fn from_str(value: &str) -> Result<Self, Self::Err> {
        LIMITS.parse(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_hundred_to_129600_seconds_are_allowed() {
        for (text, allowed) in [
            ("899", false),
            ("15m", true),
            ("36h", true),
            ("129600", true),
            ("129601", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<MfaSessionDuration>().is_ok(), allowed, "{text}");
        }
        assert_eq!(
            "2days".parse::<MfaSessionDuration>().unwrap_err().to_string(),
            "MFA session duration \"2days\": is 172800 seconds; allowed are 15m to 36h, or 900 to 129600 for seconds"
        );
    }

    #[test]
    fn it_is_shown_as_people_write_it() {
        assert_eq!(MfaSessionDuration::DEFAULT.to_string(), "12h");
    }
}
