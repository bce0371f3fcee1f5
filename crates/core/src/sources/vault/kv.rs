use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
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
use crate::{BaseCredentials, Secret};

/// One secret of the key-value engine.
pub(super) struct KvSecret<'a> {
    pub(super) mount: &'a str,
    pub(super) path: &'a str,
    pub(super) kv_version: KvVersion,
    pub(super) version: Option<u64>,
    pub(super) fields: &'a VaultFields,
}

type Values = BTreeMap<String, FieldValue>;

/// What version 2 of the engine has where version 1 has the fields.
#[derive(Deserialize)]
struct Versioned {
    data: Option<Values>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
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
        let (values, path) = self.values(login, connection).await?;
        self.credentials(source_name, &values, &path)
    }

    /// Refuses to change a secret that holds something else than a key: whoever needs that would lose it.
    pub(super) async fn refuse_other_fields(
        &self,
        login: &Login,
        connection: &Connection,
    ) -> Result<(), VaultError> {
        let (values, path) = match self.values(login, connection).await {
            Err(VaultError::NoSecret { .. } | VaultError::Deleted { .. } | VaultError::Destroyed { .. }) => {
                return Ok(());
            }
            other => other?,
        };
        let own = self.fields.names();
        let others: Vec<String> = values.into_keys().filter(|name| !own.contains(name)).collect();
        if others.is_empty() {
            Ok(())
        } else {
            Err(VaultError::OtherFields { path, others })
        }
    }

    /// The fields of the secret, and the path that they were read from.
    async fn values(&self, login: &Login, connection: &Connection) -> Result<(Values, String), VaultError> {
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
        let values = match (answer.status, self.kv_version) {
            (200, KvVersion::V1) => self.unversioned(&answer)?,
            (200, KvVersion::V2) => self.versioned(&answer)?,
            (404, KvVersion::V1) if answer.says("versioned K/V") => return Err(self.other_version()),
            (404, _) => {
                // A version that is gone is answered with what is left of it.
                if self.kv_version == KvVersion::V2 {
                    gone(&answer, &request.path)?;
                }
                return Err(self.not_found(&answer, login, connection, &request.path).await?);
            }
            _ => {
                let place = self.place(&request.path, "read");
                return Err(diagnosis::refused(&answer, &place, login, connection).await?);
            }
        };
        Ok((values, request.path))
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

    fn versioned(&self, answer: &Answer) -> Result<Values, VaultError> {
        // A secret of version 1 whose path begins with `data/` has other keys than these two.
        let found = answer.parse::<Versioned>();
        let Ok(envelope) = found else {
            answer.parse::<Values>()?;
            return Err(self.other_version());
        };
        envelope
            .data
            .and_then(|versioned| versioned.data)
            .ok_or_else(|| answer.is_not_vault("the answer has no data".to_owned()))
    }

    async fn not_found(
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

    fn place<'a>(&'a self, path: &'a str, capability: &'static str) -> Place<'a> {
        Place {
            mount: self.mount,
            path,
            capability,
            engine: Engine::Kv(self.kv_version),
        }
    }

    fn credentials(
        &self,
        source_name: &str,
        values: &Values,
        path: &str,
    ) -> Result<BaseCredentials, VaultError> {
        let found = FieldsFound { path, values };
        let names = self.fields;
        let (id_field, id) = found.required(names.access_key_id.as_deref(), ACCESS_KEY_ID)?;
        let (secret_field, secret) = found.required(names.secret_access_key.as_deref(), SECRET_ACCESS_KEY)?;
        let session = found.optional(names.session_token.as_deref(), SESSION_TOKEN)?;
        let malformed = |reason: crate::MalformedCredentials| VaultError::MalformedKey {
            path: path.to_owned(),
            fields: format!("{id_field} and {secret_field}"),
            reason: reason.to_string(),
        };
        let credentials = BaseCredentials::new(source_name, id.expose(), secret).map_err(malformed)?;
        match session {
            // An empty field is how a form that has one leaves it out.
            Some((_, value)) if !value.expose().trim().is_empty() => {
                credentials.with_session_token(value).map_err(malformed)
            }
            _ => Ok(credentials),
        }
    }

    /// Puts a key there, as a new version where the engine has versions.
    pub(super) async fn write(
        &self,
        credentials: &BaseCredentials,
        login: &Login,
        connection: &Connection,
    ) -> Result<(), VaultError> {
        if self.version.is_some() {
            return Err(VaultError::invalid(
                "version",
                "a new key becomes the newest version, and the source reads a certain one",
            ));
        }
        self.refuse_other_fields(login, connection).await?;
        let data = self.data(credentials);
        let (mount, path) = (self.mount.to_owned(), self.path.to_owned());
        let request = match self.kv_version {
            KvVersion::V1 => Request::new(
                &kv1::requests::SetSecretRequest {
                    mount,
                    path,
                    data: serde_json::to_vec(&data).unwrap_or_default(),
                },
                &login.client_token,
            ),
            KvVersion::V2 => Request::new(
                &kv2::requests::SetSecretRequest {
                    mount,
                    path,
                    data,
                    options: None,
                },
                &login.client_token,
            ),
        }?;
        self.change(&request, "create and update", login, connection)
            .await
    }

    /// Removes the key; of an engine with versions, the newest one, which can be brought back.
    pub(super) async fn delete(&self, login: &Login, connection: &Connection) -> Result<(), VaultError> {
        self.refuse_other_fields(login, connection).await?;
        let (mount, path) = (self.mount.to_owned(), self.path.to_owned());
        let request = match self.kv_version {
            KvVersion::V1 => Request::new(
                &kv1::requests::DeleteSecretRequest { mount, path },
                &login.client_token,
            ),
            KvVersion::V2 => Request::new(
                &kv2::requests::DeleteLatestSecretVersionRequest { mount, path },
                &login.client_token,
            ),
        }?;
        self.change(&request, "delete", login, connection).await
    }

    async fn change(
        &self,
        request: &Request,
        capability: &'static str,
        login: &Login,
        connection: &Connection,
    ) -> Result<(), VaultError> {
        let answer = connection.send(request).await?;
        let place = self.place(&request.path, capability);
        match answer.status {
            200..=299 => Ok(()),
            404 => Err(self.not_found(&answer, login, connection, &request.path).await?),
            _ => Err(diagnosis::refused(&answer, &place, login, connection).await?),
        }
    }

    fn data(&self, credentials: &BaseCredentials) -> Value {
        let mut data = Map::new();
        let mut put = |name: &Option<String>, default: &str, value: &str| {
            let name = name.as_deref().unwrap_or(default);
            data.insert(name.to_owned(), Value::from(value));
        };
        put(
            &self.fields.access_key_id,
            ACCESS_KEY_ID,
            credentials.access_key_id(),
        );
        let secret = credentials.secret_access_key();
        put(&self.fields.secret_access_key, SECRET_ACCESS_KEY, secret.expose());
        if let Some(session) = credentials.session_token().map(Secret::expose) {
            put(&self.fields.session_token, SESSION_TOKEN, session);
        }
        Value::Object(data)
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
