use std::fmt;
use std::str::FromStr;

use crate::{InvalidParameter, SessionDuration};

/// How people write [`AskedDuration::Longest`].
const LONGEST: &str = "max";

/// How long a session is asked to live: so long, or as long as the role allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AskedDuration {
    /// As long as this. A role with a lower maximum refuses it.
    Exactly(SessionDuration),
    /// As long as the role allows. STS has no word for that: [`longest`](crate::longest()) finds it.
    Longest,
}

impl AskedDuration {
    /// The duration, where it is known before STS is asked.
    pub fn exactly(self) -> Option<SessionDuration> {
        match self {
            Self::Exactly(duration) => Some(duration),
            Self::Longest => None,
        }
    }
}

impl From<SessionDuration> for AskedDuration {
    fn from(duration: SessionDuration) -> Self {
        Self::Exactly(duration)
    }
}

impl fmt::Display for AskedDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(duration) => duration.fmt(formatter),
            Self::Longest => formatter.write_str(LONGEST),
        }
    }
}

impl FromStr for AskedDuration {
    type Err = InvalidParameter;

    /// What [`SessionDuration`] takes, and `max`.
    fn from_str(value: &str) -> Result<Self, Self::Err> {
        if value.trim().eq_ignore_ascii_case(LONGEST) {
            return Ok(Self::Longest);
        }
        value
            .parse()
            .map(Self::Exactly)
            .map_err(|error: InvalidParameter| {
                let requirement = format!("{}, or {LONGEST} for what the role allows", error.requirement);
                InvalidParameter { requirement, ..error }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_is_the_longest_and_everything_else_a_duration() {
        assert_eq!("max".parse::<AskedDuration>().unwrap(), AskedDuration::Longest);
        assert_eq!(" MAX\n".parse::<AskedDuration>().unwrap(), AskedDuration::Longest);
        let hour: AskedDuration = "1h".parse().unwrap();
        assert_eq!(hour, SessionDuration::DEFAULT.into());
        assert_eq!(hour.to_string(), "1h");
        assert_eq!(AskedDuration::Longest.to_string(), "max");
        assert_eq!(
            "maximum".parse::<AskedDuration>().unwrap_err().to_string(),
            "session duration \"maximum\": is not a duration like 1h, 90m or 1h 30m; allowed are 15m to 12h, or 900 \
             to 43200 for seconds, or max for what the role allows"
        );
    }
}
