//! What a refusal means. The servers answer "permission denied" to nearly everything, so they are asked for more.

use serde::Deserialize;

use super::answer::Answer;
use super::connection::Connection;
use super::endpoints::Call;
use super::engine::KvVersion;
use super::error::VaultError;
use super::login::Login;
use super::request::Request;

/// What was asked for.
pub(super) struct Place<'a> {
    pub(super) mount: &'a str,
    /// The API path.
    pub(super) path: &'a str,
    /// What a policy has to allow there.
    pub(super) capability: &'static str,
    /// What is meant to be mounted there.
    pub(super) engine: Engine,
}

/// An engine that is asked.
#[derive(Clone, Copy)]
pub(super) enum Engine {
    Kv(KvVersion),
    Aws,
    Totp,
}

impl Engine {
    /// What messages call it, and what the server does.
    fn names(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Kv(_) => ("key-value", &["kv", "generic"]),
            Self::Aws => ("AWS", &["aws"]),
            Self::Totp => ("TOTP", &["totp"]),
        }
    }
}

/// What the server says of a mount.
#[derive(Deserialize)]
struct Mounted {
    #[serde(rename = "type")]
    kind: String,
    options: Option<MountOptions>,
}

#[derive(Deserialize)]
struct MountOptions {
    version: Option<String>,
}

/// Why the answer is a refusal.
pub(super) async fn refused(
    answer: &Answer,
    place: &Place<'_>,
    login: &Login,
    connection: &Connection,
) -> Result<VaultError, VaultError> {
    if answer.status != 403 {
        return Ok(complaint(answer, place));
    }
    let request = Request::new(&Call::lookup_self(), &login.client_token)?;
    let lookup = connection.send(&request).await?;
    if lookup.status == 403 {
        return Ok(VaultError::TokenRefused {
            from: login.from.clone(),
        });
    }
    if let Some(error) = mounted(place, login, connection).await? {
        return Ok(error);
    }
    Ok(VaultError::Denied {
        path: place.path.to_owned(),
        capability: place.capability,
    })
}

/// Why there is nothing, if it is not that the secret does not exist.
pub(super) async fn not_found(
    answer: &Answer,
    place: &Place<'_>,
    login: &Login,
    connection: &Connection,
) -> Result<Option<VaultError>, VaultError> {
    if answer.says("no handler for route") {
        return Ok(Some(VaultError::NoMount {
            mount: place.mount.to_owned(),
        }));
    }
    if answer.says("namespace not found") {
        return Ok(Some(VaultError::NoNamespace {
            namespace: connection.namespace().unwrap_or_default().to_owned(),
        }));
    }
    // "There is nothing" lets a fallback order go on, so it has to be Vault that says so.
    if !answer.is_complaint() {
        return Err(answer.is_not_vault("status 404 without a list of errors".to_owned()));
    }
    mounted(place, login, connection).await
}

fn complaint(answer: &Answer, place: &Place<'_>) -> VaultError {
    if answer.said().is_empty() {
        answer.is_not_vault(format!("status {}", answer.status))
    } else {
        answer.refused(place.path)
    }
}

/// Whether the mount is something else than was configured. Who may use nothing below it is not told.
async fn mounted(
    place: &Place<'_>,
    login: &Login,
    connection: &Connection,
) -> Result<Option<VaultError>, VaultError> {
    let request = Request::new(&Call::mount(place.mount), &login.client_token)?;
    let answer = connection.send(&request).await?;
    let Some(mounted) = answer.parse::<Mounted>().ok().and_then(|envelope| envelope.data) else {
        return Ok(None);
    };
    let mount = place.mount.to_owned();
    let (configured, kinds) = place.engine.names();
    if !kinds.contains(&mounted.kind.as_str()) {
        return Ok(Some(VaultError::OtherEngine {
            mount,
            configured,
            kind: mounted.kind,
        }));
    }
    let Engine::Kv(configured) = place.engine else {
        return Ok(None);
    };
    let version = mounted.options.and_then(|options| options.version);
    let looks_like = if version.as_deref() == Some("2") { 2 } else { 1 };
    Ok(
        (looks_like != configured.number()).then_some(VaultError::OtherKvVersion {
            mount,
            configured: configured.number(),
            looks_like,
        }),
    )
}
