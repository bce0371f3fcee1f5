use std::time::Duration;

use serde::Deserialize;

use super::answer::{Answer, Envelope, secret};
use super::connection::Connection;
use super::diagnosis::{self, Engine, Place};
use super::endpoints::Call;
use super::engine::AwsEndpoint;
use super::error::VaultError;
use super::login::Login;
use super::request::Request;
use crate::{BaseCredentials, Clock, Secret};

/// A role of the AWS engine.
pub(super) struct AwsRole<'a> {
    pub(super) mount: &'a str,
    pub(super) role: &'a str,
    pub(super) endpoint: AwsEndpoint,
}

/// What the engine makes (Vault's API documentation, "Generate credentials").
#[derive(Deserialize)]
struct Made {
    access_key: String,
    #[serde(deserialize_with = "secret")]
    secret_key: Secret,
    /// What Vault has called the session token since 1.17.
    #[serde(default)]
    session_token: Option<SessionToken>,
    /// What it called it before, and still does beside.
    #[serde(default)]
    security_token: Option<SessionToken>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct SessionToken(#[serde(deserialize_with = "secret")] Secret);

impl AwsRole<'_> {
    /// Has a key made. Its lease's id is the second part, unless the engine gave none.
    pub(super) async fn read(
        &self,
        source_name: &str,
        login: &Login,
        connection: &Connection,
        clock: &dyn Clock,
    ) -> Result<(BaseCredentials, Option<String>), VaultError> {
        let call = Call::aws_credentials(self.mount, self.endpoint.as_str(), self.role);
        let request = Request::new(&call, &login.client_token)?;
        let answer = connection.send(&request).await?;
        if !answer.is_success() {
            let place = Place {
                mount: self.mount,
                path: &request.path,
                capability: "read",
                engine: Engine::Aws,
            };
            if answer.status == 404
                && let Some(error) = diagnosis::not_found(&answer, &place, login, connection).await?
            {
                return Err(error);
            }
            return Err(diagnosis::refused(&answer, &place, login, connection).await?);
        }
        made(&answer, &request.path, source_name, clock)
    }
}

/// The key in an answer, and its lease's id.
pub(super) fn made(
    answer: &Answer,
    path: &str,
    source_name: &str,
    clock: &dyn Clock,
) -> Result<(BaseCredentials, Option<String>), VaultError> {
    let envelope: Envelope<Made> = answer.parse()?;
    let lifetime = Duration::from_secs(envelope.lease_duration);
    let lease_id = Some(envelope.lease_id).filter(|id| !id.is_empty());
    let Some(made) = envelope.data else {
        return Err(answer.is_not_vault("there is no key in the answer".to_owned()));
    };
    let credentials =
        made.credentials(source_name, clock, lifetime)
            .map_err(|reason| VaultError::MalformedKey {
                path: path.to_owned(),
                fields: "access_key and secret_key".to_owned(),
                reason: reason.to_string(),
            })?;
    Ok((credentials, lease_id))
}

/// Longer than STS lets any session live, which is 36 hours.
const LONGEST_LIFETIME: Duration = Duration::from_hours(48);

impl Made {
    fn credentials(
        self,
        source_name: &str,
        clock: &dyn Clock,
        lifetime: Duration,
    ) -> Result<BaseCredentials, crate::MalformedCredentials> {
        let credentials = BaseCredentials::new(source_name, &self.access_key, &self.secret_key)?;
        let session = self.session_token.or(self.security_token);
        let Some(SessionToken(session)) = session.filter(|token| !token.0.expose().is_empty()) else {
            return Ok(credentials);
        };
        let credentials = credentials.with_session_token(&session)?;
        match clock.now().checked_add(lifetime) {
            // A lease for longer than any session lives says nothing about this one.
            Some(expires_at) if !lifetime.is_zero() && lifetime <= LONGEST_LIFETIME => {
                Ok(credentials.with_expires_at(expires_at))
            }
            _ => Ok(credentials),
        }
    }
}
