#![allow(
    clippy::doc_markdown,
    reason = "these comments are the descriptions in the JSON Schema"
)]
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::mfa::{MfaKeys, MfaVaultSection};
use super::vault::VaultSection;

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

    /// The session name that CloudTrail shows. Placeholders: {user}, {host}, {git_sha}, {git_branch}, {verb},
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

/// One source, or several in the order in which they are tried.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a source's name, or a list of names")]
pub(crate) enum SourceOrder {
    /// One source.
    One(String),
    /// Several, first to last.
    Several(Vec<String>),
}

impl SourceOrder {
    pub(crate) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// A number, or text.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a number, or text")]
pub(crate) enum Scalar {
    /// A number.
    Number(u64),
    /// Text.
    Text(String),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// Yes or no.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected true or false")]
pub(crate) enum Flag {
    /// True or false.
    Bool(bool),
    /// The same as text, as a variable gives it.
    Text(String),
}

impl std::fmt::Display for Flag {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(flag) => flag.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// `[cache]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CacheSection {
    /// Whether sessions are cached. True by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) enabled: Option<Flag>,

    /// Where the key is that they are sealed with: "kernel" for the Linux kernel's keyring, "keyring" for the operating
    /// system's, or "auto", the default, for the former on Linux and the latter elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<String>,

    /// How long a cached session must still live to be used: a time like "20m", or a number of seconds. Where it is left
    /// out, more than half of its life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) min_remaining: Option<Scalar>,
}

/// `[sts]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StsSection {
    /// The URL of the STS endpoint, where it is not AWS's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint_url: Option<String>,

    /// A PEM file with the certificate authorities to trust, instead of the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ca_bundle: Option<String>,

    /// Whether to use the FIPS endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) use_fips: Option<Flag>,

    /// Whether to use the dual-stack endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) use_dual_stack: Option<Flag>,

    /// "regional" for the endpoint of the region, "legacy" for the global one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) regional_endpoints: Option<String>,

    /// How often STS is asked at most, where an error may pass by itself. 5 by default, and 12 where STS throttles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_attempts: Option<Scalar>,
}

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

/// A session policy.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected the path of a JSON file, or a table")]
pub(crate) enum PolicySetting {
    /// The path of a JSON file, relative to the file that says so; or the policy itself, as JSON.
    Text(String),
    /// The policy itself, in TOML.
    Table(BTreeMap<String, serde_json::Value>),
}

/// An item of `provided_contexts`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ContextSection {
    /// The ARN of who asserts it, such as "arn:aws:iam::aws:contextProvider/IdentityCenter".
    pub(crate) provider: String,

    /// The file with the assertion. It is read again for each session.
    pub(crate) assertion_file: String,
}

/// `[[paths]]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct PathRule {
    /// Directories, relative to the file that says so: `*` within one name, `**` across several.
    #[serde(rename = "match")]
    pub(crate) pattern: String,

    /// The account that these directories select.
    pub(crate) account: String,
}
