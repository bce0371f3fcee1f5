#![allow(
    clippy::doc_markdown,
    reason = "these comments are the descriptions in the JSON Schema"
)]
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::account_section::AccountSection;
use super::mfa::MfaVaultSection;
use super::session_shape::{ContextSection, PolicySetting};
use super::source_section::SourceSection;
use super::tables::{CacheSection, PathRule, StsSection};
use super::values::{Scalar, SourceOrder};

// Values are kept as text here. They become types in the plan, where an error can name the layer of each.
/// A configuration file of rolewrap.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// The role, which only variables and options name. A file names accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(skip))]
    pub(crate) iam_role: Option<String>,

    /// The file with a web identity token, which only an option of Terragrunt's names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(skip))]
    pub(crate) web_identity_token_file: Option<String>,

    /// The source of the base credentials, or a list of sources that are tried in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<SourceOrder>,

    /// The account to use where nothing else selects one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,

    /// The AWS region, for STS and for the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,

    /// How long a session lasts: a time like "1h" or "90m", or a number of seconds. 15 minutes to 12 hours. "max" is as
    /// long as the role allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration: Option<Scalar>,

    /// The session name that CloudTrail shows. Placeholders: {user}, {host}, {git_sha}, {git_branch}, {git_ref}, {verb},
    /// {pid}, {ci_job}.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_name: Option<String>,

    /// The external id that the role's trust policy asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<String>,

    /// The source identity that the session and all sessions chained from it carry, with the same placeholders as
    /// session names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_identity: Option<String>,

    /// The MFA device of whom the base credentials belong to: its ARN, or the serial number of a hardware token. A
    /// session is then asked for with its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa_serial: Option<String>,

    /// A program that prints the code of the MFA device, and its arguments. There is no shell. Without it and
    /// `mfa_vault`, the code is asked for on the terminal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa_command: Option<Vec<String>>,

    /// Variables that the program of `mfa_command` needs and the command must not have, such as
    /// OP_SERVICE_ACCOUNT_TOKEN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa_variables: Option<Vec<String>>,

    /// The key of a Vault TOTP engine that knows the code of the MFA device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa_vault: Option<MfaVaultSection>,

    /// How long one code is good for: a time like "12h", or a number of seconds. 15 minutes to 36 hours, and 12 hours
    /// by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa_duration: Option<Scalar>,
    /// How the session reaches the command: "env" puts it into the command's environment, "endpoint" serves it from
    /// this machine's memory and renews it for as long as the command runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delivery: Option<String>,

    /// A session policy, which limits the session: the path of a JSON file, or the policy itself as a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<PolicySetting>,

    /// The ARNs of managed policies that limit the session, at most 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy_arns: Option<Vec<String>>,

    /// The session's tags. Values have the same placeholders as session names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<BTreeMap<String, Scalar>>,

    /// The keys of the tags that the sessions of a chain inherit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transitive_tags: Option<Vec<String>>,

    /// What others whom AWS trusts assert about the user, such as IAM Identity Center.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provided_contexts: Option<Vec<ContextSection>>,

    /// The Terraform or OpenTofu program: a name that is looked up on PATH, or a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) terraform: Option<String>,

    /// Sessions that several runs share.
    pub(crate) cache: CacheSection,

    /// How AWS STS is reached.
    pub(crate) sts: StsSection,

    /// The sources of base credentials, by name.
    pub(crate) sources: BTreeMap<String, SourceSection>,

    /// The accounts that roles are assumed in, by name.
    pub(crate) accounts: BTreeMap<String, AccountSection>,

    /// Which account a directory selects. The first rule that matches wins.
    pub(crate) paths: Vec<PathRule>,
}
