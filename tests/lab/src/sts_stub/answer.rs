use std::time::{Duration, SystemTime};

use tokio::sync::watch;

/// One answer in the script of an [`StsStub`](crate::StsStub).
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub(super) kind: Kind,
    pub(super) delay: Duration,
    pub(super) held: Option<watch::Receiver<()>>,
    pub(super) clock_ahead_seconds: i64,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Success(Success),
    Error {
        status: u16,
        code: String,
        message: String,
    },
    Raw {
        status: u16,
        content_type: String,
        body: Vec<u8>,
    },
    Dropped,
}

/// Keeps the answers back that were made with it, until it is dropped.
#[derive(Debug)]
pub struct Hold {
    _sender: watch::Sender<()>,
}

impl Default for Kind {
    fn default() -> Self {
        Self::Success(Success::default())
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Success {
    pub(super) lifetime_seconds: Option<i64>,
    pub(super) expires_at: Option<SystemTime>,
    pub(super) account: Option<String>,
}

impl Answer {
    /// What was asked for: the session's name and account from the request, for as long as was asked.
    pub fn success() -> Self {
        Self::default()
    }

    /// STS's XML for an error.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::of(Kind::Error {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
        })
    }

    /// Anything else.
    pub fn raw(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::of(Kind::Raw {
            status,
            content_type: content_type.to_owned(),
            body: body.into(),
        })
    }

    /// None: the connection is closed after the request was read.
    pub fn dropped() -> Self {
        Self::of(Kind::Dropped)
    }

    fn of(kind: Kind) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    /// The same with a session that lives this long, whatever was asked for. Negative: it has expired already.
    #[must_use]
    pub fn lasting_seconds(mut self, seconds: i64) -> Self {
        if let Kind::Success(success) = &mut self.kind {
            success.lifetime_seconds = Some(seconds);
        }
        self
    }

    /// The same with a session that expires at this time, for clients whose clock is not the machine's.
    #[must_use]
    pub fn expiring_at(mut self, time: SystemTime) -> Self {
        if let Kind::Success(success) = &mut self.kind {
            success.expires_at = Some(time);
        }
        self
    }

    /// The same with a session in another account than the role's.
    #[must_use]
    pub fn in_account(mut self, account: &str) -> Self {
        if let Kind::Success(success) = &mut self.kind {
            success.account = Some(account.to_owned());
        }
        self
    }

    /// The same after this time.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same once the other is dropped.
    #[must_use]
    pub fn held(mut self) -> (Self, Hold) {
        let (sender, held) = watch::channel(());
        self.held = Some(held);
        (self, Hold { _sender: sender })
    }

    /// The same by a clock that is this much ahead of the machine's, or behind where it is negative: its `Date`, and when a
    /// session expires.
    #[must_use]
    pub fn with_clock_ahead_seconds(mut self, seconds: i64) -> Self {
        self.clock_ahead_seconds = seconds;
        self
    }
}
