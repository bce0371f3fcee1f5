//! Whom a failure of STS concerns, of the processes that wait for the same session.

use rolewrap_role::StsError;
use rolewrap_role::cache::FailureReach;

/// What STS itself decided, all others would be told as well. What another number of attempts, a longer time or another
/// MFA code may avoid concerns those that would do exactly the same.
pub(crate) fn of(error: &StsError) -> FailureReach {
    match error {
        // Another process may have the token that was issued since.
        StsError::ExpiredWebIdentity { .. } => FailureReach::Own,
        _ if error.is_about_the_mfa_code() => FailureReach::Alike,
        StsError::Throttled { .. }
        | StsError::IdentityProviderUnreachable { .. }
        | StsError::Service { .. } => FailureReach::Alike,
        _ if error.answer().is_some() => FailureReach::All,
        _ => FailureReach::Alike,
    }
}
