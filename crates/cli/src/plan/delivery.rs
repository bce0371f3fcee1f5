use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use rolewrap_role::Session;

use crate::error::Error;

/// How long before its expiry a session is renewed: boto3, the earliest of the SDKs, asks for a new one 15 minutes before
/// (`botocore/credentials.py`, `_advisory_refresh_timeout`), and one more is for the renewal itself.
pub(crate) const RENEWAL_WINDOW: Duration = Duration::from_mins(16);

/// The least that is left of a session that is given away and not renewed. Whoever gets it asks AWS a moment later, and AWS
/// has a clock of its own; the Rust SDK and Terraform use what has expired as if it had not.
pub(crate) const MARGIN: Duration = Duration::from_mins(1);

/// Refuses a session that has expired, or does so in a moment, before it is given away.
pub(crate) fn refuse_ending(session: &Session, now: SystemTime) -> Result<(), Error> {
    if session.expires_at() >= now + MARGIN {
        return Ok(());
    }
    let expiry = humantime::format_rfc3339_seconds(session.expires_at());
    Err(Error::new("the session expires too soon to be given away")
        .cause(format!(
            "it expires at {expiry}, and here it is {}",
            humantime::format_rfc3339_seconds(now)
        ))
        .hint("run it again, with --refresh for one that is not from the cache, or set the clock of this machine if it is wrong"))
}

/// How the session reaches the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// In the command's environment. It lasts as long as the session does.
    Env,
    /// From an endpoint on this machine, which renews it.
    Endpoint,
}

impl Delivery {
    const ALL: [(&str, Self); 2] = [("env", Self::Env), ("endpoint", Self::Endpoint)];
}

impl FromStr for Delivery {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let named = Self::ALL.into_iter().find(|(name, _)| *name == text);
        named.map(|(_, delivery)| delivery).ok_or(())
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Env => "env",
            Self::Endpoint => "endpoint",
        })
    }
}
