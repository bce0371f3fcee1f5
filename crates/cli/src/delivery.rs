use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How long before its expiry a session is renewed: boto3, the earliest of the SDKs, asks for a new one 15 minutes before
/// (`botocore/credentials.py`, `_advisory_refresh_timeout`), and one more is for the renewal itself.
pub(crate) const RENEWAL_WINDOW: Duration = Duration::from_mins(16);

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
