use aws_sdk_sts::config::interceptors::InterceptorContext;
use aws_sdk_sts::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_sts::error::ErrorMetadata;

use super::attempts::Attempts;
use super::failure::{TOO_MANY_REQUESTS, is_throttling};
use super::operation_error::metadata;

/// Ends the attempts at what does not pass by waiting. The SDK has one limit for everything, and that is the one for
/// throttling: whoever is throttled is one of many, and succeeds once the others have.
#[derive(Debug)]
pub(super) struct AttemptLimit {
    pub(super) attempts: Attempts,
    /// How many attempts there are at most where it is no throttling.
    pub(super) most: u32,
}

impl ClassifyRetry for AttemptLimit {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        let status = context.response().map(|response| response.status().as_u16());
        let code = error.as_operation_error().and_then(metadata);
        let code = code.and_then(ErrorMetadata::code);
        let is_throttled = status == Some(TOO_MANY_REQUESTS) || code.is_some_and(is_throttling);
        if is_throttled || self.attempts.count() < self.most {
            RetryAction::NoActionIndicated
        } else {
            RetryAction::RetryForbidden
        }
    }

    fn name(&self) -> &'static str {
        "AttemptLimit"
    }
}
