use std::ops::RangeInclusive;

use crate::InvalidParameter;

/// The seconds that AWS allows for one kind of session.
pub(crate) struct DurationLimits {
    /// What the value is for, as messages call it.
    pub(crate) parameter: &'static str,
    /// The seconds that are allowed.
    pub(crate) seconds: RangeInclusive<u32>,
    /// The same as people write it.
    pub(crate) allowed: &'static str,
}

impl DurationLimits {
    /// The seconds in `3600` (seconds), `1h`, `90m` or `1h 30m`.
    pub(crate) fn parse(&self, value: &str) -> Result<u32, InvalidParameter> {
        let trimmed = value.trim();
        if let Ok(seconds) = trimmed.parse::<u64>() {
            return self.check(seconds, value);
        }
        let duration = humantime::parse_duration(trimmed)
            .map_err(|_| self.violation(value, "is not a duration like 1h, 90m or 1h 30m"))?;
        if duration.subsec_nanos() != 0 {
            return Err(self.violation(value, "has a fraction of a second"));
        }
        self.check(duration.as_secs(), value)
    }

    /// `seconds`, which were written as `given`, if they are allowed.
    pub(crate) fn check(&self, seconds: u64, given: &str) -> Result<u32, InvalidParameter> {
        match u32::try_from(seconds) {
            Ok(seconds) if self.seconds.contains(&seconds) => Ok(seconds),
            _ => Err(self.violation(given, &format!("is {seconds} seconds"))),
        }
    }

    fn violation(&self, value: &str, problem: &str) -> InvalidParameter {
        let (shortest, longest) = (self.seconds.start(), self.seconds.end());
        let requirement = format!(
            "{problem}; allowed are {}, or {shortest} to {longest} for seconds",
            self.allowed
        );
        InvalidParameter::new(self.parameter, value, requirement)
    }
}
