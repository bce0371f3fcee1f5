use aws_sdk_sts::config::interceptors::InterceptorContext;
use aws_sdk_sts::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;
use aws_sdk_sts::operation::get_session_token::GetSessionTokenError;
use aws_smithy_runtime_api::client::interceptors::context::Error;

use super::attempt_count::AttemptCount;
use super::failure::{TOO_MANY_REQUESTS, is_throttling};

/// Ends the attempts at what does not pass by waiting. The SDK has one limit for everything, and that is the one for
/// throttling: whoever is throttled is one of many, and succeeds once the others have.
#[derive(Debug)]
pub(super) struct AttemptLimit {
    pub(super) count: AttemptCount,
    /// How many attempts there are at most where it is no throttling.
    pub(super) most: u32,
}

impl ClassifyRetry for AttemptLimit {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        let status = context.response().map(|response| response.status().as_u16());
        let is_throttled =
            status == Some(TOO_MANY_REQUESTS) || error.as_operation_error().is_some_and(has_throttling_code);
        if is_throttled || self.count.get() < self.most {
            RetryAction::NoActionIndicated
        } else {
            RetryAction::RetryForbidden
        }
    }

    fn name(&self) -> &'static str {
        "AttemptLimit"
    }
}

fn has_throttling_code(error: &Error) -> bool {
    let code = (error
        .downcast_ref::<AssumeRoleError>()
        .map(ProvideErrorMetadata::code))
    .or_else(|| {
        error
            .downcast_ref::<AssumeRoleWithWebIdentityError>()
            .map(ProvideErrorMetadata::code)
    })
    .or_else(|| {
        error
            .downcast_ref::<GetSessionTokenError>()
            .map(ProvideErrorMetadata::code)
    })
    .or_else(|| {
        error
            .downcast_ref::<GetCallerIdentityError>()
            .map(ProvideErrorMetadata::code)
    });
    code.flatten().is_some_and(is_throttling)
}
