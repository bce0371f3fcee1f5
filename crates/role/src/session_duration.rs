use crate::InvalidParameter;
use crate::duration_limits::DurationLimits;
use crate::duration_parameter::duration_parameter;

/// STS API Reference, AssumeRole, `DurationSeconds`. The role's own maximum may be lower, and only STS knows it.
const LIMITS: DurationLimits = DurationLimits {
    parameter: "session duration",
    seconds: 900..=43_200,
    allowed: "15m to 12h",
};

duration_parameter! {
    /// How long a session is asked to live: 900 to 43200 seconds (15 minutes to 12 hours).
    SessionDuration, LIMITS
}

impl SessionDuration {
    /// What STS grants when no duration is asked for: one hour (STS API Reference, AssumeRole).
    pub const DEFAULT: Self = Self(3600);

    /// The longest session of a role that is assumed with temporary credentials (IAM User Guide, "Role chaining").
    pub const LONGEST_CHAINED: Self = Self(3600);

    /// The longest that any role can be set to allow (IAM API Reference, `MaxSessionDuration`).
    pub const LONGEST: Self = Self(43_200);

    /// A duration of `seconds`.
    ///
    /// # Errors
    /// [`InvalidParameter`] outside of 900 to 43200.
    pub fn from_seconds(seconds: u32) -> Result<Self, InvalidParameter> {
        LIMITS.check(seconds.into(), &seconds.to_string()).map(Self)
    }

    /// 1 to 12 hours, which no caller of this crate's own goes beyond.
    pub(crate) const fn from_hours(hours: u32) -> Self {
        Self(hours * 3600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_hundred_to_43200_seconds_are_allowed() {
        for (seconds, allowed) in [
            (0, false),
            (899, false),
            (900, true),
            (43_200, true),
            (43_201, false),
        ] {
            assert_eq!(
                SessionDuration::from_seconds(seconds).is_ok(),
                allowed,
                "{seconds}"
            );
            assert_eq!(
                seconds.to_string().parse::<SessionDuration>().is_ok(),
                allowed,
                "{seconds}"
            );
        }
        assert!("99999999999999999999".parse::<SessionDuration>().is_err());
    }

    #[test]
    fn a_bare_number_is_seconds_and_units_are_understood() {
        for (text, seconds) in [
            ("900", 900),
            ("15m", 900),
            ("1h", 3600),
            ("90m", 5400),
            ("1h 30m", 5400),
            ("1h30m", 5400),
            (" 12h ", 43_200),
        ] {
            assert_eq!(
                text.parse::<SessionDuration>().unwrap().seconds(),
                seconds,
                "{text}"
            );
        }
        for bad in ["", "1", "1x", "-1h", "1h 0.5s", "900s 1ms", "1 day"] {
            assert!(bad.parse::<SessionDuration>().is_err(), "{bad}");
        }
    }

    #[test]
    fn it_is_shown_as_people_write_it() {
        assert_eq!(SessionDuration::DEFAULT.to_string(), "1h");
        assert_eq!("5400".parse::<SessionDuration>().unwrap().to_string(), "1h 30m");
    }

    #[test]
    fn the_message_says_how_long_it_was_and_what_is_allowed() {
        assert_eq!(
            "13h".parse::<SessionDuration>().unwrap_err().to_string(),
            "session duration \"13h\": is 46800 seconds; allowed are 15m to 12h, or 900 to 43200 for seconds"
        );
    }
}
