use std::time::SystemTime;

use rolewrap_core::BaseCredentials;

use crate::{StsAnswer, StsError, WebIdentityToken};

/// As whom STS is asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Caller<'a> {
    /// As the owner of these, which sign the request.
    Base(&'a BaseCredentials),
    /// As whom this token is about. Nothing is signed.
    WebIdentity(&'a WebIdentityToken),
}

impl Caller<'_> {
    /// The id of the key that signs. STS does not blame a key where there is none.
    pub(super) fn access_key_id(&self) -> &str {
        match self {
            Self::Base(base) => base.access_key_id(),
            Self::WebIdentity(_) => "",
        }
    }

    /// Whether what the caller has to show is known to have expired.
    pub(super) fn has_expired(&self, now: SystemTime) -> bool {
        match self {
            Self::Base(base) => base.expires_at().is_some_and(|expiry| expiry <= now),
            Self::WebIdentity(token) => token.claims().expires_at <= now,
        }
    }

    /// The error that says so, with STS's answer where it was asked.
    pub(super) fn expired(&self, operation: String, answer: Option<Box<StsAnswer>>) -> StsError {
        match self {
            Self::Base(base) => StsError::ExpiredBaseCredentials {
                operation,
                source_name: base.source_name().to_owned(),
                expired_at: base.expires_at(),
                answer,
            },
            Self::WebIdentity(token) => StsError::ExpiredWebIdentity {
                operation,
                expired_at: token.claims().expires_at,
                answer,
            },
        }
    }
}
