use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rolewrap_core::{BaseCredentials, Clock, Secret};
use rolewrap_lab::{Answer, StsStub};
use rolewrap_role::{AssumeRoleRequest, Partition, Session, StsClient, StsError, StsSettings};

pub(crate) const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET_ACCESS_KEY: &str = "canary-of-the-base-credentials";
pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/team/deploy";

/// A name of this machine for a proxy, and for nobody else.
pub(crate) const NAME: &str = "sts.test";

/// The machine's clock, which the stub's answers are dated by as well.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the clock that is injected is somewhere a real one"
    )]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The answer of an STS whose clock stands at `time`, for clients that have another clock than the machine.
pub(crate) fn by_the_clock_at(time: SystemTime) -> Answer {
    let now = SystemClock.now();
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap();
    Answer::success().with_clock_ahead_seconds(match time.duration_since(now) {
        Ok(ahead) => seconds(ahead),
        Err(behind) => -seconds(behind.duration()),
    })
}

/// `time` as STS writes it.
pub(crate) fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs())
}

pub(crate) fn base() -> BaseCredentials {
    BaseCredentials::new("test", ACCESS_KEY_ID, &Secret::new(SECRET_ACCESS_KEY)).unwrap()
}

pub(crate) fn request() -> AssumeRoleRequest {
    AssumeRoleRequest::new(ROLE.parse().unwrap(), "alice".parse().unwrap())
}

/// Settings for a stub: pauses too short to notice, and times long enough for a busy machine.
pub(crate) fn settings(stub: &StsStub) -> StsSettings {
    StsSettings {
        endpoint_url: Some(stub.url()),
        region: Some("eu-west-1".parse().unwrap()),
        initial_backoff: Duration::from_millis(1),
        ..StsSettings::default()
    }
}

/// The same where the stub is asked by its name, and so through a proxy.
pub(crate) fn by_name(stub: &StsStub) -> StsSettings {
    StsSettings {
        endpoint_url: Some(stub.url().replace("127.0.0.1", NAME)),
        ..settings(stub)
    }
}

pub(crate) fn client(settings: StsSettings) -> StsClient {
    StsClient::new(settings, Partition::Aws, Arc::new(SystemClock)).unwrap()
}

/// Assumes the role at `stub`, with nothing special.
pub(crate) async fn assume(stub: &StsStub) -> Result<Session, StsError> {
    client(settings(stub)).assume_role(&base(), &request()).await
}

/// The error, its causes and what `Debug` shows of them, as one text to search.
pub(crate) fn everything(error: &(dyn Error + 'static)) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, " {error} {error:?}");
        cause = error.source();
    }
    text
}
