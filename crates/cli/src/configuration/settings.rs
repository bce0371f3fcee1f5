use std::collections::BTreeMap;

use serde::Deserialize;

use super::account_section::AccountSection;
use super::mfa::MfaVaultSection;
use super::session_shape::{ContextSection, PolicySetting};
use super::source_section::SourceSection;
use super::tables::{CacheSection, PathRule, StsSection};
use super::values::{Flag, Scalar, SourceOrder};

/// The values of a configuration file, or of all layers. The table of settings says what each key means.
///
/// Values are kept as text here. They become types in the plan, where an error can name the layer of each.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    pub(crate) iam_role: Option<String>,
    pub(crate) web_identity_token_file: Option<String>,
    pub(crate) source: Option<SourceOrder>,
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) duration: Option<Scalar>,
    pub(crate) session_name: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) mfa_serial: Option<String>,
    pub(crate) mfa_command: Option<Vec<String>>,
    pub(crate) mfa_variables: Option<Vec<String>>,
    pub(crate) mfa_vault: Option<MfaVaultSection>,
    pub(crate) mfa_duration: Option<Scalar>,
    pub(crate) delivery: Option<String>,
    pub(crate) hide_profiles: Option<Flag>,
    pub(crate) policy: Option<PolicySetting>,
    pub(crate) policy_arns: Option<Vec<String>>,
    pub(crate) tags: Option<BTreeMap<String, Scalar>>,
    pub(crate) transitive_tags: Option<Vec<String>>,
    pub(crate) provided_contexts: Option<Vec<ContextSection>>,
    pub(crate) terraform: Option<String>,
    pub(crate) cache: CacheSection,
    pub(crate) sts: StsSection,
    pub(crate) sources: BTreeMap<String, SourceSection>,
    pub(crate) accounts: BTreeMap<String, AccountSection>,
    pub(crate) paths: Vec<PathRule>,
}
