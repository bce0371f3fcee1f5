use std::fmt;
use std::str::FromStr;

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
