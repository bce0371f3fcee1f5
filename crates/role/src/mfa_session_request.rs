use rolewrap_core::BaseCredentials;

use crate::{InvalidRequest, MfaCode, MfaSerial, MfaSessionDuration};

/// What is asked of STS's `GetSessionToken`: a session of the user himself in which MFA is present, so that
/// one code carries any number of roles. It can assume roles for at most one hour each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MfaSessionRequest {
    /// The user's MFA device.
    pub serial: MfaSerial,
    /// What it shows.
    pub code: MfaCode,
    /// How long the session lives; STS grants a user twelve hours where nothing is asked.
    pub duration: Option<MfaSessionDuration>,
}

impl MfaSessionRequest {
    /// Checks what AWS would refuse, before anything is sent.
    ///
    /// # Errors
    /// [`InvalidRequest::MfaOfTemporary`]: only a user's own keys can be given an MFA session.
    pub fn validate(&self, base: &BaseCredentials) -> Result<(), InvalidRequest> {
        if base.is_temporary() {
            return Err(InvalidRequest::MfaOfTemporary);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rolewrap_core::Secret;

    use super::*;

    #[test]
    fn temporary_base_credentials_are_given_no_mfa_session() {
        let long_lived =
            BaseCredentials::new("test", "AKIAIOSFODNN7EXAMPLE", &Secret::new("secret")).unwrap();
        let temporary = long_lived
            .clone()
            .with_session_token(&Secret::new("session"))
            .unwrap();
        let request = MfaSessionRequest {
            serial: "GAHT12345678".parse().unwrap(),
            code: "123456".parse().unwrap(),
            duration: None,
        };
        assert_eq!(request.validate(&long_lived), Ok(()));
        assert_eq!(request.validate(&temporary), Err(InvalidRequest::MfaOfTemporary));
    }
}
