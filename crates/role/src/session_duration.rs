use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::InvalidParameter;

/// STS API Reference, AssumeRole, `DurationSeconds`.
const SHORTEST: u32 = 900;
/// STS API Reference, AssumeRole, `DurationSeconds`. The role's own maximum may be lower, and only STS knows it.
const LONGEST: u32 = 43_200;

/// How long a session is asked to live: 900 to 43200 seconds (15 minutes to 12 hours).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionDuration(u32);

impl SessionDuration {
    /// What STS grants when no duration is asked for: one hour (STS API Reference, AssumeRole).
    pub const DEFAULT: Self = Self(3600);

    /// A duration of `seconds`.
    ///
    /// # Errors
    /// [`InvalidParameter`] outside of 900 to 43200.
    pub fn from_seconds(seconds: u32) -> Result<Self, InvalidParameter> {
        Self::checked(u64::from(seconds), &seconds.to_string())
    }

    /// The seconds, as they are sent.
    pub fn seconds(self) -> u32 {
        self.0
    }

    fn checked(seconds: u64, given: &str) -> Result<Self, InvalidParameter> {
        match u32::try_from(seconds) {
            Ok(seconds) if (SHORTEST..=LONGEST).contains(&seconds) => Ok(Self(seconds)),
            _ => Err(violation(given, &format!("is {seconds} seconds"))),
        }
    }
}

impl From<SessionDuration> for Duration {
    fn from(duration: SessionDuration) -> Self {
        Self::from_secs(duration.0.into())
    }
}

impl fmt::Display for SessionDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration((*self).into()).fmt(formatter)
    }
}

impl FromStr for SessionDuration {
    type Err = InvalidParameter;

    /// `3600` (seconds), `1h`, `90m`, `1h 30m`.
    fn from_str(value: &str) -> Result<Self, Self::Err> {
        let trimmed = value.trim();
        if let Ok(seconds) = trimmed.parse::<u64>() {
            return Self::checked(seconds, value);
        }
        let duration = humantime::parse_duration(trimmed)
            .map_err(|error| violation(value, &format!("is not a duration ({error})")))?;
        if duration.subsec_nanos() != 0 {
            return Err(violation(value, "has a fraction of a second"));
        }
        Self::checked(duration.as_secs(), value)
    }
}

fn violation(value: &str, problem: &str) -> InvalidParameter {
    let requirement = format!("{problem}; allowed are 15m to 12h, or {SHORTEST} to {LONGEST} for seconds");
    InvalidParameter::new("session duration", value, requirement)
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
