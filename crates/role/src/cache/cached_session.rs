use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rolewrap_core::Secret;
use zeroize::Zeroizing;

use super::fields::{FieldReader, FieldWriter};
use crate::Session;

/// A session in the cache, with what is told about it.
#[derive(Debug, Clone)]
pub struct CachedSession {
    /// The session.
    pub session: Session,
    /// When it came.
    pub issued_at: SystemTime,
    /// What the user calls it, such as the account's name.
    pub label: String,
}

impl CachedSession {
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // Whoever adds a field to a session has to say here how it is kept.
        let Session {
            access_key_id,
            secret_access_key,
            session_token,
            expires_at,
            assumed_role_arn,
            account,
            source_identity,
            packed_policy_size,
        } = &self.session;
        let mut fields = FieldWriter::default();
        fields.text(access_key_id);
        fields.text(secret_access_key.expose());
        fields.text(session_token.expose());
        fields.number(nanoseconds(*expires_at));
        fields.text(assumed_role_arn);
        fields.text(account.as_str());
        fields.optional(source_identity.as_deref());
        fields.number(packed_policy_size.map_or(u64::MAX, u64::from));
        fields.number(nanoseconds(self.issued_at));
        fields.text(&self.label);
        fields.into_bytes()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut fields = FieldReader::new(bytes);
        let session = Session {
            access_key_id: fields.text()?.to_owned(),
            secret_access_key: Secret::new(fields.text()?),
            session_token: Secret::new(fields.text()?),
            expires_at: time(fields.number()?)?,
            assumed_role_arn: fields.text()?.to_owned(),
            account: fields.text()?.parse().ok()?,
            source_identity: fields.optional()?.map(str::to_owned),
            packed_policy_size: u8::try_from(fields.number()?).ok(),
        };
        Some(Self {
            session,
            issued_at: time(fields.number()?)?,
            label: fields.text()?.to_owned(),
        })
    }
}

pub(super) fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

pub(super) fn time(nanoseconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_nanos(nanoseconds))
}
