use serde::Deserialize;

use super::mfa::MfaKeys;
use super::values::Scalar;
use super::vault::VaultSection;

/// `[sources.NAME]`
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum SourceSection {
    Env {
        #[serde(flatten)]
        mfa: MfaKeys,
    },
    Keyring {
        entry: Option<String>,
        timeout: Option<Scalar>,
        #[serde(flatten)]
        mfa: MfaKeys,
    },
    Process {
        command: Vec<String>,
        variables: Option<Vec<String>>,
        chooses_by: Option<ChoosesBy>,
        timeout: Option<Scalar>,
        #[serde(flatten)]
        mfa: MfaKeys,
    },
    Vault(Box<VaultSection>),
    WebIdentity {
        provider: Option<String>,
        token_file: Option<String>,
        token_variable: Option<String>,
        audience: Option<String>,
    },
}

/// By what the program of a source chooses the key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoosesBy {
    pub(crate) variables: Option<Vec<String>>,
    pub(crate) directory: Option<bool>,
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
