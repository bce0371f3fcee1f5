use serde::Deserialize;

/// What every source of base credentials may say about the MFA device of their owner.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MfaKeys {
    #[serde(rename = "mfa_serial")]
    pub(crate) serial: Option<String>,
    #[serde(rename = "mfa_command")]
    pub(crate) command: Option<Vec<String>>,
    #[serde(rename = "mfa_variables")]
    pub(crate) variables: Option<Vec<String>>,
    #[serde(rename = "mfa_vault")]
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
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MfaVaultSection {
    pub(crate) source: Option<String>,
    pub(crate) mount: Option<String>,
    pub(crate) key: String,
}
