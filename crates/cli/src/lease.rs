//! What base credentials need around STS that a store made or lent for one run.

use std::time::Duration;

use rolewrap_core::{BaseCredentialSource, BaseCredentials};
use rolewrap_role::StsError;
use tokio::time::Instant;

use crate::messages::Messages;

/// How long a key that was just made may be unknown to IAM: it takes seconds, and hardly ever more than ten.
const NEW_KEY_LONGEST: Duration = Duration::from_secs(30);
/// The first pause between two requests with such a key. It doubles.
const NEW_KEY_PAUSE: Duration = Duration::from_millis(500);

/// Asks again while IAM does not know a key yet that was made for this run.
pub(crate) async fn while_new<T>(
    base: &BaseCredentials,
    ask: impl AsyncFn() -> Result<T, StsError>,
) -> Result<T, StsError> {
    let deadline = Instant::now() + NEW_KEY_LONGEST;
    let mut pause = NEW_KEY_PAUSE;
    loop {
        match ask().await {
            Err(StsError::UnknownAccessKey { .. })
                if base.were_made() && !base.is_temporary() && Instant::now() + pause < deadline => {}
            answer => return answer,
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

/// Gives back what the source lent. The command can run without, so it is no more than a warning.
pub(crate) async fn release(source: &dyn BaseCredentialSource, base: &BaseCredentials, messages: Messages) {
    let Some(lease) = base.lease() else { return };
    match source.release(base).await {
        Ok(()) => messages.detail(&match lease.id() {
            Some(id) => format!("revoked the lease {id}"),
            None => format!("ended the login of source {}", base.source_name()),
        }),
        Err(error) => messages.warning(&format!("failed to {error}")),
    }
}
