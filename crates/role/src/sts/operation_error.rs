use aws_sdk_sts::error::{ErrorMetadata, ProvideErrorMetadata};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;
use aws_sdk_sts::operation::get_session_token::GetSessionTokenError;
use aws_smithy_runtime_api::client::interceptors::context::Error;

/// What STS said, in the error of whichever operation it is. The SDK hides the operation from what watches attempts.
pub(super) fn metadata(error: &Error) -> Option<&ErrorMetadata> {
    of::<AssumeRoleError>(error)
        .or_else(|| of::<AssumeRoleWithWebIdentityError>(error))
        .or_else(|| of::<GetSessionTokenError>(error))
        .or_else(|| of::<GetCallerIdentityError>(error))
}

fn of<E>(error: &Error) -> Option<&ErrorMetadata>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    error.downcast_ref::<E>().map(ProvideErrorMetadata::meta)
}
