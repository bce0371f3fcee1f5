use aws_sdk_sts::config::interceptors::InterceptorContext;
use aws_sdk_sts::config::retry::{ClassifyRetry, RetryAction};
use http_body_util::LengthLimitError;

use super::error_chain::find_cause;

/// Stops the SDK from repeating what fails in the same way each time: it takes a refused certificate for a
/// connection that may work the next time, and an answer that is too long for one that broke.
#[derive(Debug)]
pub(super) struct NeverRetry;

impl ClassifyRetry for NeverRetry {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        if find_cause::<rustls::Error>(error).is_some() || find_cause::<LengthLimitError>(error).is_some() {
            return RetryAction::RetryForbidden;
        }
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "NeverRetry"
    }
}
