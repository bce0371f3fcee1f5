//! Changes of a secret of the key-value engine.

use serde_json::{Map, Value};
use vaultrs::api::{kv1, kv2};

use super::connection::Connection;
use super::diagnosis;
use super::engine::KvVersion;
use super::error::VaultError;
use super::fields::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN};
use super::kv::{Found, KvSecret};
use super::login::Login;
use super::request::Request;
use crate::{BaseCredentials, Secret};

impl KvSecret<'_> {
    /// Refuses to change a secret that holds something else than a key: whoever needs that would lose it. Gives the version
    /// that is there now, 0 where there is none, and nothing where this login may not know.
    async fn refuse_other_fields(
        &self,
        login: &Login,
        connection: &Connection,
    ) -> Result<Option<u64>, VaultError> {
        let Found {
            values,
            path,
            version,
            ..
        } = match self.find(login, connection).await {
            // Who may only write is not told, and has been asked.
            Err(VaultError::Denied { .. }) => return Ok(None),
            Err(VaultError::NoSecret { .. }) => return Ok(Some(0)),
            Err(VaultError::Deleted { version, .. } | VaultError::Destroyed { version, .. }) => {
                return Ok(Some(version));
            }
            other => other?,
        };
        let own = self.fields.names();
        let others: Vec<String> = values.into_keys().filter(|name| !own.contains(name)).collect();
        if others.is_empty() {
            Ok(version)
        } else {
            Err(VaultError::OtherFields { path, others })
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
        let replaced = self.refuse_other_fields(login, connection).await?;
        let put = |replaced| self.put(credentials, replaced, login, connection);
        match (put(replaced).await, replaced) {
            // Where this login may not know what is there, nothing is replaced unseen.
            (Err(VaultError::VersionNeeded { path }), None) => match put(Some(0)).await {
                Err(VaultError::ChangedMeanwhile { .. }) => Err(VaultError::VersionNeeded { path }),
                other => other,
            },
            (other, _) => other,
        }
    }

    /// Puts a key in the place of the version `replaced`, where that is known and the engine has versions.
    async fn put(
        &self,
        credentials: &BaseCredentials,
        replaced: Option<u64>,
        login: &Login,
        connection: &Connection,
    ) -> Result<(), VaultError> {
        let data = self.data(credentials);
        let (mount, path) = (self.mount.to_owned(), self.path.to_owned());
        let request = match self.kv_version {
            KvVersion::V1 => Request::new(
                &kv1::requests::SetSecretRequest {
                    mount,
                    path,
                    data: serde_json::to_vec(&data)
                        .expect("texts by name are JSON, and memory can be written"),
                },
                &login.client_token,
            ),
            KvVersion::V2 => Request::new(
                &kv2::requests::SetSecretRequest {
                    mount,
                    path,
                    data,
                    options: replaced
                        .and_then(|version| u32::try_from(version).ok())
                        .map(|cas| kv2::requests::SetSecretRequestOptions { cas }),
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
            400 if answer.says("check-and-set parameter required") => Err(VaultError::VersionNeeded {
                path: request.path.clone(),
            }),
            400 if answer.says("check-and-set parameter did not match") => {
                Err(VaultError::ChangedMeanwhile {
                    path: request.path.clone(),
                })
            }
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
