use serde::Deserialize;
use vaultrs::api::auth::approle::requests::LoginWithApproleRequest;
use vaultrs::api::auth::kubernetes::requests::LoginWithKubernetesRequest;
use vaultrs::api::auth::oidc::requests::JWTLoginRequest;
use vaultrs::api::auth::userpass::requests::LoginRequest as UserPassLoginRequest;
use vaultrs::api::sys::requests::UnwrapRequest;

use super::answer::{Answer, Envelope, secret};
use super::connection::Connection;
use super::endpoints::Call;
use super::error::VaultError;
use super::login_method::VaultLoginMethod;
use super::request::Request;
use super::secret_from::{checked_for_header, read_file};
use super::variables::Variables;
use crate::{Environment, Secret};

/// What one logged in with, or got for it.
pub(super) struct Login {
    pub(super) client_token: Secret,
    /// Where the client token is from, for messages.
    pub(super) from: String,
    /// Whether the client token was made for this load, and is to be revoked after it.
    pub(super) is_ours: bool,
}

#[derive(Deserialize)]
struct WrappedSecretId {
    #[serde(deserialize_with = "secret")]
    secret_id: Secret,
}

impl Login {
    /// Logs in with what was `given` for that, or finds the client token that the user has.
    pub(super) async fn new(
        method: &VaultLoginMethod,
        connection: &Connection,
        environment: &dyn Environment,
        given: Option<Secret>,
    ) -> Result<Self, VaultError> {
        if let VaultLoginMethod::Token { token_file } = method {
            return match token_file {
                Some(path) => {
                    Self::from_file(path, "token_file")?.ok_or_else(|| does_not_exist(path, "token_file"))
                }
                None => Self::from_user(environment),
            };
        }
        let request = login_request(method, &given.unwrap_or_else(|| Secret::new("")), connection).await?;
        let answer = connection.send(&request).await?;
        Self::answered(method, &request.path, &answer)
    }

    /// What the answer to a login gives.
    pub(super) fn answered(
        method: &VaultLoginMethod,
        path: &str,
        answer: &Answer,
    ) -> Result<Self, VaultError> {
        if !answer.is_success() {
            return Err(refused(method, path, answer.said()));
        }
        let envelope: Envelope<serde::de::IgnoredAny> = answer.parse()?;
        match envelope.auth {
            Some(auth) if !auth.client_token.expose().is_empty() => Ok(Self {
                client_token: checked_for_header(auth.client_token, "the client token")
                    .map_err(|reason| answer.is_not_vault(reason))?,
                from: format!("the login by {}", method.name()),
                is_ours: true,
            }),
            _ => Err(refused(
                method,
                path,
                vec!["it gave no client token, as it does where it asks for a second factor".to_owned()],
            )),
        }
    }

    /// Revokes the client token, and with it every lease that was made with it.
    pub(super) async fn revoke(client_token: &Secret, connection: &Connection) -> Result<(), VaultError> {
        let request = Request::new(&Call::revoke_self(), client_token)?;
        let answer = connection.send(&request).await?;
        if answer.is_success() {
            Ok(())
        } else {
            Err(answer.refused(&request.path))
        }
    }

    /// What the servers' own command lines would use.
    fn from_user(environment: &dyn Environment) -> Result<Self, VaultError> {
        let variables = Variables(environment);
        if let Some((client_token, variable)) = variables.secret("TOKEN")? {
            let client_token = checked_for_header(client_token, &variable)
                .map_err(|reason| VaultError::invalid(&variable, reason))?;
            return Ok(Self::of_user(client_token, variable));
        }
        let file = variables.home().map(|home| home.join(".vault-token"));
        let found = file
            .as_deref()
            .map_or(Ok(None), |path| Self::from_file(path, "auth"))?;
        found.ok_or_else(|| VaultError::NoLogin {
            file: file.map_or_else(
                || "the .vault-token of a home directory".to_owned(),
                |file| file.display().to_string(),
            ),
        })
    }

    fn from_file(path: &std::path::Path, key: &str) -> Result<Option<Self>, VaultError> {
        let name = path.display().to_string();
        let found = read_file(path)
            .map_err(|error| VaultError::invalid(key, format!("{name} cannot be read: {error}")))?;
        found
            .map(|secret| match checked_for_header(secret, &name) {
                Ok(client_token) => Ok(Self::of_user(client_token, name)),
                Err(reason) => Err(VaultError::invalid(key, reason)),
            })
            .transpose()
    }

    fn of_user(client_token: Secret, from: String) -> Self {
        Self {
            client_token,
            from,
            is_ours: false,
        }
    }
}

fn does_not_exist(path: &std::path::Path, key: &str) -> VaultError {
    VaultError::invalid(key, format!("{} does not exist", path.display()))
}

fn refused(method: &VaultLoginMethod, path: &str, said: Vec<String>) -> VaultError {
    VaultError::LoginRefused {
        method: method.name(),
        path: path.to_owned(),
        said,
    }
}

async fn login_request(
    method: &VaultLoginMethod,
    given: &Secret,
    connection: &Connection,
) -> Result<Request, VaultError> {
    let given_text = || given.expose().to_owned();
    match method {
        VaultLoginMethod::Token { .. } => Err(VaultError::invalid("auth", "a token needs no login")),
        VaultLoginMethod::AppRole { mount, role_id, .. } => {
            let secret_id = secret_id(method, given, connection).await?;
            Request::anonymous(&LoginWithApproleRequest {
                mount: mount.clone(),
                role_id: role_id.clone(),
                secret_id: secret_id.expose().to_owned(),
            })
        }
        VaultLoginMethod::UserPass { mount, username, .. } => Request::anonymous(&UserPassLoginRequest {
            mount: mount.clone(),
            username: username.clone(),
            password: given_text(),
        }),
        VaultLoginMethod::Ldap { mount, username, .. } => {
            Request::anonymous(&Call::ldap_login(mount, username, given.expose()))
        }
        VaultLoginMethod::Kubernetes { mount, role, .. } => Request::anonymous(&LoginWithKubernetesRequest {
            mount: mount.clone(),
            role: role.clone(),
            jwt: given_text(),
        }),
        VaultLoginMethod::Jwt { mount, role, .. } => Request::anonymous(&JWTLoginRequest {
            mount: mount.clone(),
            jwt: given_text(),
            role: role.clone(),
        }),
        VaultLoginMethod::Cert { .. } if !connection.has_identity() => Err(VaultError::invalid(
            "client_cert",
            "the login by cert needs a client certificate and its key",
        )),
        VaultLoginMethod::Cert { mount, role } => {
            Request::anonymous(&Call::cert_login(mount, role.as_deref()))
        }
    }
}

/// The secret id of an `AppRole`: what is given, or what that unwraps.
async fn secret_id(
    method: &VaultLoginMethod,
    given: &Secret,
    connection: &Connection,
) -> Result<Secret, VaultError> {
    match method {
        VaultLoginMethod::AppRole { wrapped: true, .. } => unwrap(method, given, connection).await,
        _ => Ok(given.clone()),
    }
}

/// The secret id that is wrapped. It comes out once, so a refusal may mean that somebody else has it.
async fn unwrap(
    method: &VaultLoginMethod,
    wrapping: &Secret,
    connection: &Connection,
) -> Result<Secret, VaultError> {
    let wrapping = checked_for_header(wrapping.clone(), "the wrapped secret id")
        .map_err(|reason| VaultError::invalid("secret_id", reason))?;
    // Without a token in the body, the request's own is the one that is unwrapped.
    let request = Request::new(&UnwrapRequest { token: None }, &wrapping)?;
    let answer = connection.send(&request).await?;
    if !answer.is_success() {
        let mut said = answer.said();
        said.push("a wrapped secret id comes out once; if it was not you, somebody else has it".to_owned());
        return Err(refused(method, &request.path, said));
    }
    match answer.parse::<WrappedSecretId>()?.data {
        Some(unwrapped) => Ok(unwrapped.secret_id),
        None => Err(answer.is_not_vault("there is no secret id in what was wrapped".to_owned())),
    }
}
