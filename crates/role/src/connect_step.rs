use std::fmt;

/// How far the way to STS was passable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectStep {
    /// The host name was not resolved.
    Dns,
    /// No connection was made.
    Connect,
    /// A proxy is in the way, and it or the way through it failed.
    Proxy,
    /// The connection broke before there was an answer.
    Exchange,
}

impl fmt::Display for ConnectStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Dns => "its host name could not be resolved",
            Self::Connect => "no connection could be made",
            Self::Proxy => "the proxy could not be passed",
            Self::Exchange => "the connection broke before there was an answer",
        })
    }
}
