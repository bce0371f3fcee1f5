use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::error::VaultError;
use crate::Secret;

/// What a server answered.
pub(super) struct Answer {
    /// The server, for messages.
    pub(super) address: String,
    pub(super) status: u16,
    pub(super) body: Zeroizing<Vec<u8>>,
}

/// What is around every answer of the API.
#[derive(Deserialize)]
pub(super) struct Envelope<Data> {
    #[serde(default)]
    pub(super) lease_id: String,
    #[serde(default)]
    pub(super) lease_duration: u64,
    pub(super) data: Option<Data>,
    pub(super) auth: Option<Auth>,
}

/// What a login gives.
#[derive(Deserialize)]
pub(super) struct Auth {
    #[serde(deserialize_with = "secret")]
    pub(super) client_token: Secret,
}

/// What is said where something is wrong.
#[derive(Deserialize, Default)]
struct Complaint {
    errors: Option<Vec<String>>,
    warnings: Option<Vec<String>>,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What the server complains about. Nothing where what answered is not Vault.
    pub(super) fn said(&self) -> Vec<String> {
        let complaint: Complaint = serde_json::from_slice(&self.body).unwrap_or_default();
        let errors = complaint.errors.unwrap_or_default();
        errors
            .into_iter()
            .chain(complaint.warnings.unwrap_or_default())
            .collect()
    }

    /// Whether it has the list of errors, empty or not, with which every server of Vault says no. A gateway or a web
    /// server that answers in its place has not.
    pub(super) fn is_complaint(&self) -> bool {
        serde_json::from_slice(&self.body).is_ok_and(|complaint: Complaint| complaint.errors.is_some())
    }

    /// Whether one of the complaints has these words in it.
    pub(super) fn says(&self, words: &str) -> bool {
        self.said().iter().any(|said| said.contains(words))
    }

    /// The answer as what was expected.
    pub(super) fn parse<Data: DeserializeOwned>(&self) -> Result<Envelope<Data>, VaultError> {
        // A parser's own message could show a value.
        serde_json::from_slice(&self.body).map_err(|error| {
            self.is_not_vault(if self.body.is_empty() {
                "the answer is empty".to_owned()
            } else {
                format!(
                    "the answer is not the JSON of its API (line {}, column {})",
                    error.line(),
                    error.column()
                )
            })
        })
    }

    pub(super) fn is_not_vault(&self, reason: String) -> VaultError {
        VaultError::NotVault {
            address: self.address.clone(),
            reason,
        }
    }

    /// The answer as a refusal that has no name of its own.
    pub(super) fn refused(&self, path: &str) -> VaultError {
        VaultError::Refused {
            path: path.to_owned(),
            status: self.status,
            said: self.said(),
        }
    }
}

pub(super) fn secret<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}
