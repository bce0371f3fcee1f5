use crate::duration_limits::DurationLimits;
use crate::duration_parameter::duration_parameter;

/// STS API Reference, `GetSessionToken`, `DurationSeconds`.
const LIMITS: DurationLimits = DurationLimits {
    parameter: "MFA session duration",
    seconds: 900..=129_600,
    allowed: "15m to 36h",
};

duration_parameter! {
    /// How long one MFA code is to be good for: 900 to 129600 seconds (15 minutes to 36 hours).
    MfaSessionDuration, LIMITS
}

impl MfaSessionDuration {
    /// What STS grants a user when no duration is asked for: twelve hours (STS API Reference, `GetSessionToken`).
    pub const DEFAULT: Self = Self(43_200);
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
