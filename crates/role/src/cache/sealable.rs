use std::time::SystemTime;

use rolewrap_core::{BaseCredentials, Secret};
use zeroize::Zeroizing;

use super::cached::{nanoseconds, time};
use super::fields::{FieldReader, FieldWriter};
use crate::Session;

/// What a cache can keep: something with secrets in it, that expires.
pub trait Sealable: Clone {
    /// What the names of its files end in.
    const SUFFIX: &'static str;

    /// When it is of no use any more.
    fn expires_at(&self) -> SystemTime;

    /// All of it.
    fn to_bytes(&self) -> Zeroizing<Vec<u8>>;

    /// What [`to_bytes`](Self::to_bytes) made of it; `None` where it is something else.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl Sealable for Session {
    const SUFFIX: &'static str = ".session";

    fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // Whoever adds a field to a session has to say here how it is kept.
        let Self {
            access_key_id,
            secret_access_key,
            session_token,
            expires_at,
            assumed_role_arn,
            account,
            source_identity,
            packed_policy_size,
        } = self;
        let mut fields = FieldWriter::default();
        fields.text(access_key_id);
        fields.text(secret_access_key.expose());
        fields.text(session_token.expose());
        fields.number(nanoseconds(*expires_at));
        fields.text(assumed_role_arn);
        fields.text(account.as_str());
        fields.optional(source_identity.as_deref());
        fields.number(packed_policy_size.map_or(u64::MAX, u64::from));
        fields.into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut fields = FieldReader::new(bytes);
        Some(Self {
            access_key_id: fields.text()?.to_owned(),
            secret_access_key: Secret::new(fields.text()?),
            session_token: Secret::new(fields.text()?),
            expires_at: time(fields.number()?)?,
            assumed_role_arn: fields.text()?.to_owned(),
            account: fields.text()?.parse().ok()?,
            source_identity: fields.optional()?.map(str::to_owned),
            packed_policy_size: u8::try_from(fields.number()?).ok(),
        })
    }
}

/// Those of `GetSessionToken`, which carry what a person confirmed with MFA. What a store lent is not kept.
impl Sealable for BaseCredentials {
    const SUFFIX: &'static str = ".base";

    fn expires_at(&self) -> SystemTime {
        // What does not expire is no session, and nothing to keep in a cache.
        self.expires_at().unwrap_or(SystemTime::UNIX_EPOCH)
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut fields = FieldWriter::default();
        fields.text(self.source_name());
        fields.text(self.access_key_id());
        fields.text(self.secret_access_key().expose());
        fields.text(self.session_token().map_or("", Secret::expose));
        fields.number(nanoseconds(Sealable::expires_at(self)));
        fields.into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut fields = FieldReader::new(bytes);
        let (source, id, secret) = (fields.text()?, fields.text()?, Secret::new(fields.text()?));
        let credentials = Self::new(source, id, &secret).ok()?;
        let credentials = credentials
            .with_session_token(&Secret::new(fields.text()?))
            .ok()?;
        Some(credentials.with_expires_at(time(fields.number()?)?))
    }
}
