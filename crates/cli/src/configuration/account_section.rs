#![allow(
    clippy::doc_markdown,
    reason = "these comments are the descriptions in the JSON Schema"
)]
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::session_shape::{ContextSection, PolicySetting};
use super::values::{Scalar, SourceOrder};

/// `[accounts.NAME]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AccountSection {
    /// The account's id, twelve digits in quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,

    /// The role to assume: its name, its path and name, or its full ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,

    /// The account whose role assumes this one. Without it, the base credentials do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) via: Option<String>,

    /// The source of the base credentials for this account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<SourceOrder>,

    /// The AWS region for this account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,

    /// How long a session in this account lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration: Option<Scalar>,

    /// The external id that the role's trust policy asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<String>,

    /// The session name that CloudTrail shows, with the same placeholders as at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_name: Option<String>,

    /// The MFA device of whom the base credentials belong to, where this account's role asks for MFA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa_serial: Option<String>,

    /// The source identity for sessions in this account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_identity: Option<String>,

    /// How a session in this account reaches the command: "env" or "endpoint".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delivery: Option<String>,

    /// A session policy, which limits sessions in this account: the path of a JSON file, or the policy itself as a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<PolicySetting>,

    /// The ARNs of managed policies that limit the session, at most 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy_arns: Option<Vec<String>>,

    /// The tags of sessions in this account, beside those at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<BTreeMap<String, Scalar>>,

    /// The keys of the tags that the sessions of a chain inherit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transitive_tags: Option<Vec<String>>,

    /// What others whom AWS trusts assert about the user, such as IAM Identity Center.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provided_contexts: Option<Vec<ContextSection>>,
}
