//! Putting a key into Vault, and removing it.

use std::sync::PoisonError;

use async_trait::async_trait;

use super::error::VaultError;
use super::login::Login;
use super::source::VaultSource;
use crate::{BaseCredentialStore, BaseCredentials, Held, Secret, SourceError};

impl VaultSource {
    /// The login for a change: the one that was kept, or a new one.
    async fn login_for_change(&self) -> Result<Login, SourceError> {
        if let Some(login) = self.take_kept() {
            return Ok(login);
        }
        let given = self.given().await?;
        let login = async { self.login(&*self.connection()?, given).await };
        self.bounded(login).await
    }

    fn take_kept(&self) -> Option<Login> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn look(&self, given: Option<Secret>) -> Result<Held, VaultError> {
        let secret = self.secret()?;
        let connection = self.connection()?;
        let login = self.login(&connection, given).await?;
        let held = match secret.read(&self.name, &login, &connection).await {
            Ok(present) => Ok(Held::Key(present.access_key_id().to_owned())),
            Err(error @ VaultError::Denied { .. }) => Ok(Held::Unknown {
                reason: error.to_string(),
            }),
            Err(error) if error.is_absent() => Ok(Held::Nothing),
            Err(error) if error.is_malformed() => Ok(Held::Unreadable),
            Err(error) => Err(error),
        };
        if held.is_err() {
            self.end(&login, &connection).await;
        } else {
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(login);
        }
        held
    }

    async fn write(&self, credentials: &BaseCredentials, login: Login) -> Result<(), VaultError> {
        let secret = self.secret()?;
        let connection = self.connection()?;
        let written = secret.write(credentials, &login, &connection).await;
        self.end(&login, &connection).await;
        written
    }

    async fn delete(&self, login: Login) -> Result<(), VaultError> {
        let secret = self.secret()?;
        let connection = self.connection()?;
        // The servers delete what is not there without a word.
        let read = secret.read(&self.name, &login, &connection).await;
        let deleted = match read {
            Ok(_)
            | Err(
                VaultError::FieldMissing { .. }
                | VaultError::FieldIsNoText { .. }
                | VaultError::MalformedKey { .. }
                | VaultError::Denied { .. },
            ) => secret.delete(&login, &connection).await,
            Err(error) => Err(error),
        };
        self.end(&login, &connection).await;
        deleted
    }
}

#[async_trait]
impl BaseCredentialStore for VaultSource {
    async fn held(&self) -> Result<Held, SourceError> {
        let given = self.given().await?;
        self.bounded(self.look(given)).await
    }

    async fn leave(&self) {
        if let (Some(login), Ok(connection)) = (self.take_kept(), self.connection()) {
            // A login that cannot be ended ends by itself, later.
            let ended = async {
                self.end(&login, &connection).await;
                Ok(())
            };
            let _ = self.bounded(ended).await;
        }
    }

    async fn store(&self, credentials: &BaseCredentials) -> Result<(), SourceError> {
        let login = self.login_for_change().await?;
        self.bounded(self.write(credentials, login)).await
    }

    async fn remove(&self) -> Result<(), SourceError> {
        let login = self.login_for_change().await?;
        self.bounded(self.delete(login)).await
    }
}
