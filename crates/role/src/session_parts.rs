use std::time::SystemTime;

use rolewrap_core::Secret;

use crate::{AccountId, Session};

/// What a session consists of, for whoever hands one over to another process. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct SessionParts {
    /// See [`Session::access_key_id`].
    pub access_key_id: String,
    /// See [`Session::secret_access_key`].
    pub secret_access_key: Secret,
    /// See [`Session::session_token`].
    pub session_token: Secret,
    /// See [`Session::expires_at`].
    pub expires_at: SystemTime,
    /// See [`Session::assumed_role_arn`].
    pub assumed_role_arn: String,
    /// See [`Session::account`].
    pub account: AccountId,
    /// See [`Session::source_identity`].
    pub source_identity: Option<String>,
    /// See [`Session::packed_policy_size`].
    pub packed_policy_size: Option<u8>,
}

impl From<Session> for SessionParts {
    fn from(session: Session) -> Self {
        Self {
            access_key_id: session.access_key_id,
            secret_access_key: session.secret_access_key,
            session_token: session.session_token,
            expires_at: session.expires_at,
            assumed_role_arn: session.assumed_role_arn,
            account: session.account,
            source_identity: session.source_identity,
            packed_policy_size: session.packed_policy_size,
        }
    }
}

impl From<SessionParts> for Session {
    /// A session that STS gave earlier. Nothing is checked: the parts must come from where nobody else can write.
    fn from(parts: SessionParts) -> Self {
        Self {
            access_key_id: parts.access_key_id,
            secret_access_key: parts.secret_access_key,
            session_token: parts.session_token,
            expires_at: parts.expires_at,
            assumed_role_arn: parts.assumed_role_arn,
            account: parts.account,
            source_identity: parts.source_identity,
            packed_policy_size: parts.packed_policy_size,
        }
    }
}
