#![allow(
    clippy::doc_markdown,
    reason = "these comments are the descriptions in the JSON Schema"
)]

use serde::{Deserialize, Serialize};

/// What every source of base credentials may say about the MFA device of their owner.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub(crate) struct MfaKeys {
    /// The MFA device of whom the base credentials belong to: its ARN, or the serial number of a hardware token.
    #[serde(rename = "mfa_serial", skip_serializing_if = "Option::is_none")]
    pub(crate) serial: Option<String>,

    /// A program that prints the code of the MFA device, and its arguments. There is no shell.
    #[serde(rename = "mfa_command", skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<Vec<String>>,

    /// Variables that the program of `mfa_command` needs and the command must not have, such as
    /// OP_SERVICE_ACCOUNT_TOKEN.
    #[serde(rename = "mfa_variables", skip_serializing_if = "Option::is_none")]
    pub(crate) variables: Option<Vec<String>>,

    /// The key of a Vault TOTP engine that knows the code of the MFA device.
    #[serde(rename = "mfa_vault", skip_serializing_if = "Option::is_none")]
    pub(crate) vault: Option<MfaVaultSection>,
}

impl MfaKeys {
    /// What a source says that has no section.
    pub(crate) const NONE: Self = Self {
        serial: None,
        command: None,
        variables: None,
        vault: None,
    };
}

/// `mfa_vault`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct MfaVaultSection {
    /// The source of type vault whose server and login are used. Inside such a source, that one by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,

    /// Where the TOTP engine is mounted. "totp" by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mount: Option<String>,

    /// The name of the key in the TOTP engine.
    pub(crate) key: String,
}
