use super::StsError;
use crate::StsAnswer;

impl StsError {
    /// STS's error code, if STS answered with one.
    pub fn code(&self) -> Option<&str> {
        self.answer()?.code.as_deref()
    }

    /// Whether an MFA code was sent and is not the one that the device shows. What kind of error this is does not
    /// depend on it: it only tells whether asking a person for another code is worth a try. STS has one code for
    /// every denial, so its text is all there is to go by.
    pub fn is_about_the_mfa_code(&self) -> bool {
        let is_said = |message: &str| message.starts_with("MultiFactorAuthentication failed");
        matches!(self, Self::AccessDenied { .. }) && self.message().is_some_and(is_said)
    }

    /// STS's message, as it came: it may hold control characters.
    pub fn message(&self) -> Option<&str> {
        self.answer()?.message.as_deref()
    }

    /// The id of the last request, as AWS support asks for it.
    pub fn request_id(&self) -> Option<&str> {
        self.answer()?.request_id.as_deref()
    }

    /// What STS said, if it was reached.
    pub fn answer(&self) -> Option<&StsAnswer> {
        match self {
            Self::InvalidRequest { .. }
            | Self::Unreachable { .. }
            | Self::TlsRefused { .. }
            | Self::TimedOut { .. } => None,
            Self::ExpiredBaseCredentials { answer, .. } | Self::ExpiredWebIdentity { answer, .. } => {
                answer.as_deref()
            }
            Self::WebIdentityRefused { answer, .. }
            | Self::IdentityProviderUnreachable { answer, .. }
            | Self::AccessDenied { answer, .. }
            | Self::UnknownAccessKey { answer, .. }
            | Self::SignatureMismatch { answer, .. }
            | Self::ClockSkew { answer, .. }
            | Self::DurationAboveMaximum { answer, .. }
            | Self::RejectedParameters { answer, .. }
            | Self::RegionDisabled { answer, .. }
            | Self::Throttled { answer, .. }
            | Self::Service { answer, .. }
            | Self::MalformedAnswer { answer, .. } => Some(answer),
        }
    }

    /// The URL that was asked, unless nothing was sent.
    pub fn endpoint(&self) -> Option<&str> {
        match self {
            Self::Unreachable { endpoint, .. }
            | Self::TlsRefused { endpoint, .. }
            | Self::TimedOut { endpoint, .. } => Some(endpoint),
            _ => self.answer().map(|answer| answer.endpoint.as_str()),
        }
    }
}
