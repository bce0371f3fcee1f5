#![allow(
    clippy::doc_markdown,
    reason = "these comments are the descriptions in the JSON Schema"
)]
use serde::{Deserialize, Serialize};

use super::mfa::MfaKeys;
use super::values::Scalar;
use super::vault::VaultSection;

/// `[sources.NAME]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum SourceSection {
    /// The standard AWS environment variables.
    Env {
        #[serde(flatten)]
        mfa: MfaKeys,
    },

    /// The operating system's keyring: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
    Keyring {
        /// The user of the item in the keyring, whose service is "rolewrap". "default" where it is left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        entry: Option<String>,

        /// How long the keyring may take, including a person who is asked to unlock it: a time like "30s", or a
        /// number of seconds. One minute by default, an hour at most.
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<Scalar>,

        #[serde(flatten)]
        mfa: MfaKeys,
    },

    /// A program that prints AWS's credential_process document.
    Process {
        /// The program and its arguments. There is no shell. The program is a name that is looked up on PATH, or a
        /// full path.
        command: Vec<String>,

        /// Variables that the program needs and the command must not have, such as OP_SERVICE_ACCOUNT_TOKEN.
        #[serde(skip_serializing_if = "Option::is_none")]
        variables: Option<Vec<String>>,

        /// How long the program may take, including a person whom it asks: a time like "30s", or a number of
        /// seconds. One minute by default, an hour at most.
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<Scalar>,

        #[serde(flatten)]
        mfa: MfaKeys,
    },
    /// HashiCorp Vault or OpenBao.
    Vault(Box<VaultSection>),

    /// A token of an identity provider in the place of a key: a CI job's, a Kubernetes pod's. Without `provider`,
    /// `token_file` and `token_variable`, the common places are looked at.
    WebIdentity {
        /// Whose common place the token is in: "github", "gitlab" or "kubernetes".
        #[serde(skip_serializing_if = "Option::is_none")]
        provider: Option<String>,

        /// The file with the token. It is read each time.
        #[serde(skip_serializing_if = "Option::is_none")]
        token_file: Option<String>,

        /// The variable with the token.
        #[serde(skip_serializing_if = "Option::is_none")]
        token_variable: Option<String>,

        /// Whom a token of GitHub is for. "sts.amazonaws.com" by default.
        #[serde(skip_serializing_if = "Option::is_none")]
        audience: Option<String>,
    },
}

impl SourceSection {
    /// What it says about the MFA device of the key's owner.
    pub(crate) fn mfa(&self) -> &MfaKeys {
        match self {
            Self::Env { mfa } | Self::Keyring { mfa, .. } | Self::Process { mfa, .. } => mfa,
            Self::Vault(section) => &section.mfa,
            // No user shows MFA for it.
            Self::WebIdentity { .. } => &MfaKeys::NONE,
        }
    }
}
