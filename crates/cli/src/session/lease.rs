//! What base credentials need around STS that a store made or lent for one run.

use std::time::Duration;

use rolewrap_core::{BaseCredentialSource, BaseCredentials};
use rolewrap_role::StsError;
use tokio::time::Instant;

use crate::ui::messages::Messages;

/// How long a key that was just made may be unknown to IAM: it takes seconds, and hardly ever more than ten.
const NEW_KEY_LONGEST: Duration = Duration::from_secs(30);
/// The first pause between two requests with such a key. It doubles.
const NEW_KEY_PAUSE: Duration = Duration::from_millis(500);
/// The longest one.
const NEW_KEY_LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Asks again while IAM does not know a key yet that was made for this run, or not yet what it may do: all of the time for
/// it, and once more when that is over.
pub(crate) async fn while_new<T>(
    base: &BaseCredentials,
    ask: impl AsyncFn() -> Result<T, StsError>,
) -> Result<T, StsError> {
    let deadline = Instant::now() + NEW_KEY_LONGEST;
    let mut pause = NEW_KEY_PAUSE;
    loop {
        let answer = ask().await;
        let left = deadline.saturating_duration_since(Instant::now());
        match answer {
            Err(error) if !left.is_zero() && is_of_a_new_key(base, &error) => {}
            answer => return answer,
        }
        tokio::time::sleep(pause.min(left)).await;
        pause = (pause * 2).min(NEW_KEY_LONGEST_PAUSE);
    }
}

/// Whether it may be for being new that a key is refused. It is known in one place before another: STS says then that it
/// does not know the key, or that the key may do nothing. A code of an MFA device is refused for good.
fn is_of_a_new_key(base: &BaseCredentials, error: &StsError) -> bool {
    let may_pass = match error {
        StsError::UnknownAccessKey { .. } => true,
        StsError::AccessDenied { .. } => !error.is_about_the_mfa_code(),
        _ => false,
    };
    may_pass && base.were_made() && !base.is_temporary()
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use rolewrap_core::{Lease, Secret};
    use rolewrap_role::StsAnswer;

    use super::*;

    fn key() -> BaseCredentials {
        BaseCredentials::new("team", "AKIAIOSFODNN7EXAMPLE", &Secret::new("secret")).unwrap()
    }

    fn made() -> BaseCredentials {
        key().with_lease(Lease::new(Some("aws/creds/ci/1".to_owned()), None))
    }

    fn refused(code: &str, message: &str) -> StsError {
        let answer = Box::new(StsAnswer {
            endpoint: "https://sts.amazonaws.com".to_owned(),
            status: 403,
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            request_id: None,
        });
        let operation = "assume role".to_owned();
        match code {
            "AccessDenied" => StsError::AccessDenied { operation, answer },
            "InvalidClientTokenId" => StsError::UnknownAccessKey {
                operation,
                access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
                answer,
            },
            _ => StsError::RejectedParameters { operation, answer },
        }
    }

    /// When STS was asked, in seconds after the first time, where it always says the same.
    async fn asked_at(base: &BaseCredentials, code: &str, message: &str) -> Vec<f64> {
        let (start, times) = (Instant::now(), RefCell::new(Vec::new()));
        let answer = while_new(base, async || {
            times.borrow_mut().push(start.elapsed().as_secs_f64().round());
            Err::<(), _>(refused(code, message))
        });
        assert!(answer.await.is_err());
        times.into_inner()
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_was_made_is_waited_for_as_long_as_is_promised() {
        for code in ["InvalidClientTokenId", "AccessDenied"] {
            let times = asked_at(&made(), code, "no").await;
            assert_eq!(times.last(), Some(&30.0), "{code}: {times:?}");
            assert!(times.windows(2).all(|pair| pair[1] - pair[0] <= 5.0), "{times:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_is_known_in_the_end_is_used() {
        let (start, made) = (Instant::now(), made());
        let answer = while_new(&made, async || {
            if start.elapsed() < Duration::from_secs(29) {
                Err(refused("AccessDenied", "not yet"))
            } else {
                Ok(())
            }
        });
        assert!(answer.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_else_is_asked_for_twice() {
        let temporary = made().with_session_token(&Secret::new("token")).unwrap();
        let wrong_code = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
        for (base, code, message) in [
            (key(), "InvalidClientTokenId", "no"),
            (key(), "AccessDenied", "no"),
            (temporary, "AccessDenied", "no"),
            (made(), "ValidationError", "no"),
            (made(), "AccessDenied", wrong_code),
        ] {
            assert_eq!(asked_at(&base, code, message).await, [0.0], "{code}: {message}");
        }
    }
}
