use serde::Deserialize;

use super::address::checked_path;
use super::answer::secret;
use super::connection::Connection;
use super::diagnosis::{self, Engine, Place};
use super::endpoints::Call;
use super::error::VaultError;
use super::login::Login;
use super::request::Request;
use super::source::VaultSource;
use crate::{Secret, SourceError};

/// What the TOTP engine answers (Vault's API documentation, "Generate code").
#[derive(Deserialize)]
struct Generated {
    #[serde(deserialize_with = "secret")]
    code: Secret,
}

impl VaultSource {
    /// The code that the TOTP engine at `mount` shows now for `key`, with this source's server and login. A login that
    /// was made for it is revoked at once. It ends within the time of a load.
    ///
    /// # Errors
    /// See [`SourceError`]. Nothing but the engine's own word that it has no such key is a refusal of that key.
    pub async fn totp_code(&self, mount: &str, key: &str) -> Result<Secret, SourceError> {
        let given = self.given().await?;
        let work = async {
            checked_path(mount, "mount")?;
            checked_path(key, "key")?;
            let connection = self.connection()?;
            let login = self.login(&connection, given).await?;
            let code = read(mount, key, &login, &connection).await;
            self.end(&login, &connection).await;
            code
        };
        self.bounded(work).await
    }
}

async fn read(mount: &str, key: &str, login: &Login, connection: &Connection) -> Result<Secret, VaultError> {
    let request = Request::new(&Call::totp_code(mount, key), &login.client_token)?;
    let answer = connection.send(&request).await?;
    if answer.is_success() {
        return match answer.parse::<Generated>()?.data {
            Some(generated) => Ok(generated.code),
            None => Err(answer.is_not_vault("there is no code in the answer".to_owned())),
        };
    }
    let place = Place {
        mount,
        path: &request.path,
        capability: "read",
        engine: Engine::Totp,
    };
    if answer.status == 404
        && let Some(error) = diagnosis::not_found(&answer, &place, login, connection).await?
    {
        return Err(error);
    }
    Err(diagnosis::refused(&answer, &place, login, connection).await?)
}
