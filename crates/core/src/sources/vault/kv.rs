use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::Deserialize;
use vaultrs::api::{kv1, kv2};

use super::answer::Answer;
use super::connection::Connection;
use super::diagnosis::{self, Engine, Place};
use super::engine::KvVersion;
use super::error::VaultError;
use super::field_value::FieldValue;
use super::fields::{ACCESS_KEY_ID, FieldsFound, SECRET_ACCESS_KEY, SESSION_TOKEN, VaultFields};
use super::login::Login;
use super::request::Request;
use crate::BaseCredentials;
use crate::sources::utc_time;

/// One secret of the key-value engine.
pub(super) struct KvSecret<'a> {
    pub(super) mount: &'a str,
    pub(super) path: &'a str,
    pub(super) kv_version: KvVersion,
    pub(super) version: Option<u64>,
    pub(super) fields: &'a VaultFields,
}

pub(super) type Values = BTreeMap<String, FieldValue>;

/// What was read.
pub(super) struct Found {
    pub(super) values: Values,
    /// Where from.
    pub(super) path: String,
    /// Since when it is there, which version 1 of the engine does not know.
    stored_at: Option<SystemTime>,
    /// Which version it is, likewise.
    pub(super) version: Option<u64>,
}

/// What version 2 of the engine has where version 1 has the fields.
#[derive(Deserialize)]
struct Versioned {
    data: Option<Values>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    created_time: String,
    #[serde(default)]
    deletion_time: String,
    #[serde(default)]
    destroyed: bool,
    version: u64,
}

impl KvSecret<'_> {
    /// Reads the key.
    pub(super) async fn read(
        &self,
        source_name: &str,
        login: &Login,
        connection: &Connection,
    ) -> Result<BaseCredentials, VaultError> {
        let found = self.find(login, connection).await?;
        self.credentials(source_name, &found)
    }

    /// The fields of the secret.
    pub(super) async fn find(&self, login: &Login, connection: &Connection) -> Result<Found, VaultError> {
        let request = match self.kv_version {
            KvVersion::V1 => Request::new(
                &kv1::requests::GetSecretRequest {
                    mount: self.mount.to_owned(),
                    path: self.path.to_owned(),
                },
                &login.client_token,
            ),
            KvVersion::V2 => Request::new(
                &kv2::requests::ReadSecretRequest {
                    mount: self.mount.to_owned(),
                    path: self.path.to_owned(),
                    version: self.version,
                },
                &login.client_token,
            ),
        }?;
        let answer = connection.send(&request).await?;
        if let Some(found) = self.found(&answer, &request.path)? {
            return Ok(found);
        }
        if answer.status == 404 {
            return Err(self.not_found(&answer, login, connection, &request.path).await?);
        }
        let place = self.place(&request.path, "read");
        Err(diagnosis::refused(&answer, &place, login, connection).await?)
    }

    /// What the answer has; `None` where why it has nothing takes more questions.
    pub(super) fn found(&self, answer: &Answer, path: &str) -> Result<Option<Found>, VaultError> {
        let (values, metadata) = match (answer.status, self.kv_version) {
            (200, KvVersion::V1) => (self.unversioned(answer)?, None),
            (200, KvVersion::V2) => self
                .versioned(answer)
                .map(|(values, metadata)| (values, Some(metadata)))?,
            (404, KvVersion::V1) if answer.says("versioned K/V") => return Err(self.other_version()),
            // A version that is gone is answered with what is left of it.
            (404, KvVersion::V2) => return gone(answer, path).map(|()| None),
            _ => return Ok(None),
        };
        Ok(Some(Found {
            values,
            path: path.to_owned(),
            version: metadata.as_ref().map(|metadata| metadata.version),
            stored_at: metadata.and_then(|metadata| utc_time::parse(&metadata.created_time)),
        }))
    }

    fn unversioned(&self, answer: &Answer) -> Result<Values, VaultError> {
        let values: Values = answer
            .parse()?
            .data
            .ok_or_else(|| answer.is_not_vault("the answer has no data".to_owned()))?;
        let is_other = |name| matches!(values.get(name), Some(FieldValue::Other));
        if values.len() == 2 && is_other("data") && is_other("metadata") {
            return Err(self.other_version());
        }
        Ok(values)
    }

    fn versioned(&self, answer: &Answer) -> Result<(Values, Metadata), VaultError> {
        // A secret of version 1 whose path begins with `data/` has other keys than these two.
        let found = answer.parse::<Versioned>();
        let Ok(envelope) = found else {
            answer.parse::<Values>()?;
            return Err(self.other_version());
        };
        match envelope.data {
            Some(Versioned {
                data: Some(values),
                metadata,
            }) => Ok((values, metadata)),
            _ => Err(answer.is_not_vault("the answer has no data".to_owned())),
        }
    }

    pub(super) async fn not_found(
        &self,
        answer: &Answer,
        login: &Login,
        connection: &Connection,
        path: &str,
    ) -> Result<VaultError, VaultError> {
        let place = self.place(path, "read");
        Ok(diagnosis::not_found(answer, &place, login, connection)
            .await?
            .unwrap_or_else(|| self.no_secret(path)))
    }

    fn no_secret(&self, path: &str) -> VaultError {
        let path = path.to_owned();
        match self.version {
            Some(version) => VaultError::NoVersion { path, version },
            None => VaultError::NoSecret { path },
        }
    }

    fn other_version(&self) -> VaultError {
        let configured = self.kv_version.number();
        VaultError::OtherKvVersion {
            mount: self.mount.to_owned(),
            configured,
            looks_like: 3 - configured,
        }
    }

    pub(super) fn place<'a>(&'a self, path: &'a str, capability: &'static str) -> Place<'a> {
        Place {
            mount: self.mount,
            path,
            capability,
            engine: Engine::Kv(self.kv_version),
        }
    }

    pub(super) fn credentials(
        &self,
        source_name: &str,
        found: &Found,
    ) -> Result<BaseCredentials, VaultError> {
        let Found {
            values,
            path,
            stored_at,
            ..
        } = found;
        let found = FieldsFound { path, values };
        let names = self.fields;
        let (id_field, id) = found.required(names.access_key_id.as_deref(), ACCESS_KEY_ID)?;
        let (secret_field, secret) = found.required(names.secret_access_key.as_deref(), SECRET_ACCESS_KEY)?;
        let session = found.optional(names.session_token.as_deref(), SESSION_TOKEN)?;
        let malformed = |reason: crate::MalformedCredentials| VaultError::MalformedKey {
            path: path.clone(),
            fields: format!("{id_field} and {secret_field}"),
            reason: reason.to_string(),
        };
        let mut credentials = BaseCredentials::new(source_name, id.expose(), secret).map_err(malformed)?;
        if let Some(stored_at) = stored_at {
            credentials = credentials.with_stored_at(*stored_at);
        }
        match session {
            // An empty field is how a form that has one leaves it out.
            Some((_, value)) if !value.expose().trim().is_empty() => {
                credentials.with_session_token(value).map_err(malformed)
            }
            _ => Ok(credentials),
        }
    }
}

/// The error for a version that is gone, if the answer is what is left of one.
fn gone(answer: &Answer, path: &str) -> Result<(), VaultError> {
    let Ok(envelope) = answer.parse::<Versioned>() else {
        return Ok(());
    };
    let path = path.to_owned();
    match envelope.data.map(|versioned| versioned.metadata) {
        Some(Metadata {
            destroyed: true,
            version,
            ..
        }) => Err(VaultError::Destroyed { path, version }),
        Some(Metadata {
            version,
            deletion_time: when,
            ..
        }) => Err(VaultError::Deleted { path, version, when }),
        None => Ok(()),
    }
}
