use std::collections::BTreeMap;

use serde::Deserialize;

use super::session_shape::{ContextSection, PolicySetting};
use super::values::{Flag, Scalar, SourceOrder};

/// `[accounts.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AccountSection {
    pub(crate) id: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) via: Option<String>,
    pub(crate) source: Option<SourceOrder>,
    pub(crate) region: Option<String>,
    pub(crate) duration: Option<Scalar>,
    pub(crate) external_id: Option<String>,
    pub(crate) session_name: Option<String>,
    pub(crate) mfa_serial: Option<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) delivery: Option<String>,
    pub(crate) hide_profiles: Option<Flag>,
    pub(crate) policy: Option<PolicySetting>,
    pub(crate) policy_arns: Option<Vec<String>>,
    pub(crate) tags: Option<BTreeMap<String, Scalar>>,
    pub(crate) transitive_tags: Option<Vec<String>>,
    pub(crate) provided_contexts: Option<Vec<ContextSection>>,
}
