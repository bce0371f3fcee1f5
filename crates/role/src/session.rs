use std::fmt;
use std::time::SystemTime;

use rolewrap_core::{BaseCredentials, MalformedCredentials, Secret};

use crate::AccountId;

/// What STS gave: the short-lived credentials of a role. `Debug` shows no secret.
#[derive(Clone)]
#[expect(
    clippy::struct_field_names,
    reason = "AWS calls it the session token everywhere"
)]
pub struct Session {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Secret,
    pub(crate) expires_at: SystemTime,
    pub(crate) assumed_role_arn: String,
    pub(crate) account: AccountId,
    pub(crate) source_identity: Option<String>,
    pub(crate) packed_policy_size: Option<u8>,
}

impl Session {
    /// The access key id. It is not a secret.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The secret access key.
    pub fn secret_access_key(&self) -> &Secret {
        &self.secret_access_key
    }

    /// The session token.
    pub fn session_token(&self) -> &Secret {
        &self.session_token
    }

    /// When AWS stops accepting them.
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION_NAME`, as STS said it.
    pub fn assumed_role_arn(&self) -> &str {
        &self.assumed_role_arn
    }

    /// The account that the session acts in, read from STS's answer.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The source identity that is set for the session, by this request or by an earlier one of the chain.
    pub fn source_identity(&self) -> Option<&str> {
        self.source_identity.as_deref()
    }

    /// How much of the space for policies and tags is used, in percent. STS says it when there are any.
    pub fn packed_policy_size(&self) -> Option<u8> {
        self.packed_policy_size
    }

    /// The session as what signs the next request of a chain. Messages call it `name`.
    ///
    /// # Errors
    /// [`MalformedCredentials`] when nothing can be signed with what STS gave.
    pub fn to_base_credentials(&self, name: &str) -> Result<BaseCredentials, MalformedCredentials> {
        let credentials = BaseCredentials::new(name, &self.access_key_id, &self.secret_access_key)?
            .with_session_token(&self.session_token)?;
        Ok(credentials.with_expires_at(self.expires_at))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("access_key_id", &self.access_key_id)
            .field("expires_at", &self.expires_at)
            .field("assumed_role_arn", &self.assumed_role_arn)
            .finish_non_exhaustive()
    }
}
